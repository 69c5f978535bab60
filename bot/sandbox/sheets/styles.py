"""What cells look like and accept: a format plus a validation rule, each distinct pair kept once.

Thousands of cells share a handful of styles, so cells hold a reference and the disk holds a number.
"""

from __future__ import annotations

from dataclasses import dataclass

import orjson

from bot.sandbox.sheets.wire import Json


@dataclass(frozen=True, slots=True, eq=False)
class Style:
    """A userEnteredFormat and a dataValidation, either of which may be empty."""

    number: int
    format: Json
    validation: Json

    @property
    def pattern(self) -> str:
        """The number pattern, empty for the automatic one."""
        return str(self.format.get("numberFormat", {}).get("pattern", ""))

    @property
    def number_type(self) -> str:
        return str(self.format.get("numberFormat", {}).get("type", ""))


class StyleBook:
    """All styles ever used; `unsaved` are those the disk does not have yet."""

    def __init__(self) -> None:
        self._by_number: dict[int, Style] = {}
        self._by_body: dict[bytes, Style] = {}
        self.unsaved: list[Style] = []

    def load(self, number: int, body: bytes) -> None:
        """Puts back what the disk had."""
        look, validation = orjson.loads(body)
        style = Style(number, look, validation)
        self._by_number[number] = style
        self._by_body[body] = style

    def numbered(self, number: int) -> Style:
        return self._by_number[number]

    def of(self, look: Json, validation: Json) -> Style | None:
        """The style with this content; None for plain cells."""
        if not look and not validation:
            return None
        body = self.body(look, validation)
        style = self._by_body.get(body)
        if style is None:
            style = Style(len(self._by_number) + 1, look, validation)
            self._by_number[style.number] = style
            self._by_body[body] = style
            self.unsaved.append(style)
        return style

    @staticmethod
    def body(look: Json, validation: Json) -> bytes:
        """The bytes under which a style is kept."""
        return orjson.dumps([look, validation], option=orjson.OPT_SORT_KEYS)

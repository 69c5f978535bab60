"""The parts of a project as they are filled: fixed ones, and those with a row's values in them.

Filling walks only where there is something to fill; a fixed part is the same object in every payload.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, Protocol

from bot.domain import wording
from bot.domain.contract import FieldType
from bot.domain.templates.placeholders import Path
from bot.domain.templates.proven import PartlyProven, ProvenDict, ProvenText
from bot.domain.templates.spellings import Spelling, has_long_number

Values = Mapping[str, str]


class DoesNotFitError(Exception):
    """A value cannot stand where the template wants it."""

    def __init__(self, name: str, words: Callable[[str], str]) -> None:
        super().__init__(name)
        self.name = name
        self.words = words
        """Says so, for the column of this name."""


class Node(Protocol):
    """A part of a project."""

    def fill(self, values: Values) -> Any:
        """The part with these values; raises DoesNotFitError."""
        ...

    def names(self, path: Path, values: Values) -> frozenset[str]:
        """Whose values made what stands at this path of the filled part."""
        ...


@dataclass(frozen=True, slots=True)
class Fixed:
    """Nothing to fill."""

    value: Any

    def fill(self, values: Values) -> Any:  # noqa: ARG002 - as every node
        return self.value

    def names(self, path: Path, values: Values) -> frozenset[str]:  # noqa: ARG002 - as every node
        return frozenset()


@dataclass(frozen=True, slots=True)
class Typed:
    """A whole value: numbers and boxes are no texts there."""

    name: str
    type: FieldType | None

    def fill(self, values: Values) -> Any:
        value = values[self.name]
        if self.type is FieldType.NUMBER and value:
            return float(value) if "." in value else int(value)
        if self.type is FieldType.BOOL:
            return value == "TRUE"
        return value

    def names(self, path: Path, values: Values) -> frozenset[str]:  # noqa: ARG002 - as every node
        return frozenset({self.name})


@dataclass(frozen=True, slots=True)
class Slot:
    """One placeholder in a text: whose value, and how it is spelled there."""

    name: str
    spelling: Spelling

    def filled(self, values: Values) -> str:
        """The value, or DoesNotFitError."""
        text = self.spelling.spell(values[self.name])
        if text is None:
            raise DoesNotFitError(self.name, self.spelling.refusal)
        return text


@dataclass(frozen=True, slots=True)
class Text:
    """A text with placeholders."""

    pieces: tuple[str | Slot, ...]

    def fill(self, values: Values) -> str:
        text = "".join(self._filled(values))
        if "{{" in text:
            # The service expands inline payloads too: braces of two values side by side must not meet.
            raise DoesNotFitError(self._guilty(values, "{"), wording.placeholder_inside)
        return text

    def _filled(self, values: Values) -> list[str]:
        return [one if isinstance(one, str) else one.filled(values) for one in self.pieces]

    def _guilty(self, values: Values, signs: str) -> str:
        """Whose value has most of these signs."""
        names = [one.name for one in self.pieces if isinstance(one, Slot)]
        return max(names, key=lambda name: sum(sign in signs for sign in values[name]))

    def names(self, path: Path, values: Values) -> frozenset[str]:  # noqa: ARG002 - as every node
        return frozenset(one.name for one in self.pieces if isinstance(one, Slot))


@dataclass(frozen=True, slots=True)
class Markup(Text):
    """A drawing or a formatted text; all its values are spelled for their spots."""

    is_drawing: bool = False
    seams: tuple[str | None, ...] = field(init=False, compare=False, repr=False)
    """What stands beside the values: nothing else can make a long number with them."""

    def __post_init__(self) -> None:
        cut = (
            f"{one[:7]} {one[-7:]}" if isinstance(one, str) and len(one) > 14 else one for one in self.pieces
        )
        object.__setattr__(self, "seams", tuple(one if isinstance(one, str) else None for one in cut))

    def fill(self, values: Values) -> str:
        filled = self._filled(values)
        if self.is_drawing:
            pairs = zip(self.seams, filled, strict=True)
            if has_long_number("".join([value if seam is None else seam for seam, value in pairs])):
                raise DoesNotFitError(self._guilty(values, "0123456789"), wording.long_number)
        return ProvenText("".join(filled))


@dataclass(frozen=True, slots=True)
class Group:
    """An object."""

    fixed: ProvenDict
    parts: tuple[tuple[str, Node], ...]
    """Those with something to fill."""

    def fill(self, values: Values) -> dict[str, Any]:
        return PartlyProven(self.fixed, {key: part.fill(values) for key, part in self.parts})

    def names(self, path: Path, values: Values) -> frozenset[str]:
        inner = [part for key, part in self.parts if not path or key == path[0]]
        return frozenset().union(*(part.names(path[1:], values) for part in inner))


@dataclass(frozen=True, slots=True)
class Series:
    """A list; what its `condition` says no to is left out (Zvid docs, dynamic-content)."""

    parts: tuple[tuple[Node | None, Node], ...]
    """(condition, item)."""

    def fill(self, values: Values) -> list[Any]:
        return [part.fill(values) for part in self._wanted(values)]

    def _wanted(self, values: Values) -> Iterator[Node]:
        return (part for condition, part in self.parts if condition is None or condition.fill(values))

    def names(self, path: Path, values: Values) -> frozenset[str]:
        inner = [part for at, part in enumerate(self._wanted(values)) if not path or at == path[0]]
        return frozenset().union(*(part.names(path[1:], values) for part in inner))

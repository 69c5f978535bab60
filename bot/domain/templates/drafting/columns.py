"""A column for each placeholder: its name, its type, its limit and its fallback, guessed."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from bot.domain.cells import fold, graphemes
from bot.domain.contract import Field, FieldType
from bot.domain.records import problem_in
from bot.domain.templates.drafting.spots import Spot, Types

_WORDS = re.compile(r"[A-Z]+(?![a-z])|[A-Z]?[a-z]+|[0-9]+")
_CAPITALS = {"cta": "CTA", "url": "URL", "id": "ID", "faq": "FAQ", "sku": "SKU", "vat": "VAT", "usp": "USP"}
_HEX = re.compile(r"#([0-9a-fA-F]{3}|[0-9a-fA-F]{6})")
_COLOUR_NAMES = re.compile(r"colou?r|accent|tint|brand", re.IGNORECASE)
_A_FONT = "Poppins"
"""What the service draws in when it is not told (Zvid docs, elements/text)."""

_LONGEST_TITLE = 40


@dataclass(frozen=True, slots=True)
class Drafted:
    """One column, where its placeholder stands, and what a person must look at."""

    field: Field
    places: tuple[str, ...]
    remarks: tuple[str, ...] = ()


def column(name: str, spots: Sequence[Spot], default: Any, taken: set[str]) -> Drafted:
    """The column of one placeholder; its title is put among those taken."""
    title = _title(name, taken)
    taken.add(fold(title))
    asked = [types for spot in spots if (types := spot.types())]
    remarks = []
    kind = _agreed(name, asked, default)
    if any(kind not in types for types in asked):
        listed = " and ".join(sorted({types[0] for types in asked}))
        remarks.append(f"stands where {listed} must stand: give it two names, or choose")
    text = _spelled(kind, default)
    made = Field(
        name,
        title,
        kind,
        required=not text and kind is not FieldType.BOOL,
        max_chars=_roomy(graphemes(text)) if text and kind is FieldType.TEXT else None,
        fallback=text,
        choices=(text or _A_FONT,) if kind is FieldType.CHOICE else (),
    )
    if text and (problem := problem_in(made, text, "")) is not None:
        remarks.append(f"its default in the project does not do: {problem.text}")
        made = Field(name, title, kind, required=True)
    if isinstance(default, (list, dict)):
        remarks.append("its default in the project is a list or an object, which no cell can hold")
    if kind is FieldType.CHOICE:
        remarks.append("list the fonts people may choose from in choices")
    return Drafted(made, tuple(dict.fromkeys(spot.path for spot in spots)), tuple(remarks))


def _agreed(name: str, asked: Sequence[Types], default: Any) -> FieldType:
    """What does for every place, or at least for the first; where several would, its default or its name tells."""
    if not asked:
        return _by_default(default)
    shared = [kind for kind in asked[0] if all(kind in types for types in asked)] or asked[0][:1]
    if len(shared) == 1:
        return shared[0]
    if default is None:
        return FieldType.COLOR if _COLOUR_NAMES.search(name) else FieldType.NUMBER
    return FieldType.COLOR if _by_default(default) is FieldType.COLOR else FieldType.NUMBER


def _by_default(default: Any) -> FieldType:
    """A place that takes anything takes what its default is."""
    if isinstance(default, bool):
        return FieldType.BOOL
    if isinstance(default, (int, float)):
        return FieldType.NUMBER
    text = default.strip() if isinstance(default, str) else ""
    if _HEX.fullmatch(text):
        return FieldType.COLOR
    return FieldType.URL if text.lower().startswith(("http://", "https://")) else FieldType.TEXT


def _spelled(kind: FieldType, default: Any) -> str:
    """The default as somebody would type it into a cell; a box has none."""
    if kind is FieldType.BOOL or isinstance(default, bool) or not isinstance(default, (str, int, float)):
        return ""
    text = str(default).strip()
    found = _HEX.fullmatch(text)
    if kind is FieldType.COLOR and found is not None and len(found[1]) == 3:
        return "#" + "".join(sign * 2 for sign in found[1])
    return text


def _roomy(length: int) -> int:
    """A quarter more than the default, and at least five signs, in steps of five."""
    return -(-max(length * 5 // 4, length + 5) // 5) * 5


def _title(name: str, taken: set[str]) -> str:
    """`productImageUrl` becomes "Product image URL"; no two columns alike, and none with a meaning of its own."""
    words = [_CAPITALS.get(word.lower(), word.lower()) for word in _WORDS.findall(name)]
    plain = " ".join(words)[:_LONGEST_TITLE].strip()
    plain = plain[0].upper() + plain[1:]
    for ending in ("", " text", *(f" {number}" for number in range(2, 1000))):
        if fold(plain + ending) not in taken:
            return plain + ending
    return name

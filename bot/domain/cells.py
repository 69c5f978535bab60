"""Cells: what one may hold, and how its content is read.

Values arrive unformatted, as the Sheets API names it: real booleans and numbers, text as text.
"""

from __future__ import annotations

import hashlib
import math
import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal
from functools import lru_cache

import regex

LOADING_WORDS = frozenset({"Loading...", "Loading…", "Wird geladen...", "Chargement..."})
"""How a formula that waits for something looks in a values read."""

ERROR_WORDS = frozenset(
    {
        *("#REF!", "#N/A", "#VALUE!", "#NAME?", "#DIV/0!", "#NUM!", "#NULL!", "#ERROR!", "#SPILL!", "#CALC!"),
        *(
            "#BEZUG!",
            "#NV",
            "#WERT!",
            "#ZAHL!",
            "#FEHLER!",
            "#VALEUR!",
            "#NOM?",
            "#NOMBRE!",
            "#VALOR!",
            "#N/D",
        ),
        *LOADING_WORDS,
    }
)
"""How a broken or unfinished formula looks in a values read."""


@dataclass(frozen=True, slots=True)
class Formula:
    """A formula the robot composed itself; never made of foreign text."""

    text: str


Cell = str | int | float | bool | None
"""A cell as read; None is an empty one."""

Written = Cell | Formula
"""A cell as written; None empties it."""

_FIRST_DAY, _LAST_DAY = 36_526, 1_000_000
"""2000-01-01, and a day in the year 4637: what a serial must lie between to be a date somebody meant."""

LONGEST_NUMBER = 1e15
"""A sheet keeps fifteen digits of a number."""

_SURROGATE = re.compile("[\ud800-\udfff]")
"""Half a character: no file and no request can hold it, so it is read as another one nobody can draw."""

_GRAPHEME = regex.compile(r"\X")
_UNDRAWABLE = regex.compile(r"[\p{Cc}\p{Cs}\p{Cn}--[\n\t]]", regex.VERSION1)


def cell_text(cell: Cell) -> str:
    """The cell's content as one normal text: NFC, outer blanks cut, line ends as newlines, numbers as shown."""
    if cell is None:
        return ""
    if isinstance(cell, bool):
        return "TRUE" if cell else "FALSE"
    if not isinstance(cell, str):
        return _number_text(cell)
    if cell.isascii() and cell.isalnum():
        # Ids and single words are normal as they are.
        return cell
    # Plain ASCII is composed and whole as it is, and most cells are.
    text = cell if cell.isascii() else unicodedata.normalize("NFC", _SURROGATE.sub("\ufffe", cell))
    return text.replace("\r\n", "\n").replace("\r", "\n").strip("\n\t \u00a0\u200b\ufeff\u3000\u2007\u202f")


def _number_text(number: float) -> str:
    """As a spreadsheet shows it, with at most fifteen digits; one with more before the point lost some already."""
    if abs(number) < LONGEST_NUMBER:
        return format(Decimal(f"{number:.15g}"), "f")
    return f"{number:.14e}" if math.isfinite(number) else str(number)


def as_serial(moment: datetime) -> float:
    """A local time as a spreadsheet counts it: days since the end of 1899 (Sheets API, date and time serials)."""
    return round((moment.replace(tzinfo=None) - datetime(1899, 12, 30)).total_seconds() / 86_400, 8)  # noqa: DTZ001 - sheets know no zones


def from_serial(cell: Cell) -> datetime | None:
    """The local time a date cell holds, to the second; None for text, boxes, and numbers no calendar day has.

    A read shows a date as a plain number. One before the year 2000 is a time without its day, or a slip.
    """
    is_number = isinstance(cell, (int, float)) and not isinstance(cell, bool)
    if not is_number or not _FIRST_DAY <= float(cell or 0) < _LAST_DAY:
        return None
    exact = datetime(1899, 12, 30) + timedelta(days=float(cell or 0))  # noqa: DTZ001 - sheets know no zones
    return (exact + timedelta(microseconds=500_000)).replace(microsecond=0)


def cells_mark(*rows: Sequence[Cell]) -> bytes:
    """Stands for these cells where they are compared but need not be kept: equal only for the very same cells.

    Spelled first, since True, 1 and 1.0 are equal and yet different content.
    """
    mark = hashlib.blake2b(digest_size=16)
    for row in rows:
        mark.update(repr(row).encode("utf-8", "backslashreplace"))
    return mark.digest()


def is_ticked(cell: Cell) -> bool:
    """Whether a checkbox cell is ticked; also when its tick arrived as text or as a number."""
    if isinstance(cell, str):
        return cell.strip().casefold() == "true"
    return cell is True or cell == 1


def is_error(cell: Cell) -> bool:
    """Whether the cell shows a formula error or is still loading."""
    return isinstance(cell, str) and cell.strip() in ERROR_WORDS


def is_loading(cell: Cell) -> bool:
    """Whether the cell shows a formula that still waits for something."""
    return isinstance(cell, str) and cell.strip() in LOADING_WORDS


def graphemes(text: str) -> int:
    """Length as people count: what the eye takes for one character counts one."""
    if text.isascii() and "\r" not in text:
        return len(text)
    return sum(1 for _ in _GRAPHEME.finditer(text))


def clipped(text: str, longest: int) -> str:
    """Bounded text; what the eye takes for one character is only cut in two when it alone is longer."""
    if len(text) <= longest:
        return text
    ends = (found.end() for found in _GRAPHEME.finditer(text[:longest]))
    fit = max((end for end in ends if end < longest), default=longest - 1)
    return text[:fit] + "…"


def undrawable(text: str) -> str | None:
    """The first character nobody can see or draw (control, lone surrogate, unassigned), or None."""
    if text.isascii() and text.isprintable():
        return None
    found = _UNDRAWABLE.search(text)
    return found.group() if found else None


@lru_cache(maxsize=1024)  # the same few words on every read
def fold(header: str) -> str:
    """A header without the differences people do not see: case, blanks, punctuation."""
    text = unicodedata.normalize("NFKC", header).casefold()
    return "".join(sign for sign in text if sign.isalnum())


def column_letters(position: int) -> str:
    """`A` for 0, `AA` for 26."""
    letters = ""
    rest = position + 1
    while rest:
        rest, sign = divmod(rest - 1, 26)
        letters = chr(ord("A") + sign) + letters
    return letters

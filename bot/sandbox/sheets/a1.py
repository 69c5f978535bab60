"""A1 notation: reading what clients send and writing the canonical form the service echoes.

Pure text and numbers; knows no workbook. Indices are zero-based and half-open everywhere.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

_CORNER = re.compile(r"\$?([A-Za-z]{1,3})?\$?([1-9][0-9]*)?")
_SIMPLE_TITLE = re.compile(r"[^\W\d]\w*")
_R1C1 = re.compile(r"[Rr]([1-9][0-9]*)[Cc]([1-9][0-9]*)(?::[Rr]([1-9][0-9]*)[Cc]([1-9][0-9]*))?")
_ADDRESS_LIKE = re.compile(r"[A-Za-z]{1,3}[0-9]+|[Rr][0-9]*[Cc][0-9]*")


@dataclass(frozen=True, slots=True)
class Rect:
    """A block of cells."""

    top: int
    left: int
    bottom: int
    right: int

    @property
    def height(self) -> int:
        return self.bottom - self.top

    @property
    def width(self) -> int:
        return self.right - self.left

    def meets(self, other: Rect) -> bool:
        """Whether the two blocks share a cell."""
        return (
            self.top < other.bottom
            and other.top < self.bottom
            and self.left < other.right
            and other.left < self.right
        )


@dataclass(frozen=True, slots=True)
class OpenRect:
    """A block whose ends may be left out, as in `A2:A` or `3:5`; `single` when one corner was written."""

    top: int = 0
    left: int = 0
    bottom: int | None = None
    right: int | None = None
    single: bool = False


def column_name(index: int) -> str:
    """0 -> A, 25 -> Z, 26 -> AA."""
    name = ""
    number = index + 1
    while number:
        number, rest = divmod(number - 1, 26)
        name = chr(65 + rest) + name
    return name


def column_index(name: str) -> int:
    """A -> 0."""
    number = 0
    for letter in name.upper():
        number = number * 26 + ord(letter) - 64
    return number - 1


def quoted(title: str) -> str:
    """The tab's title as it stands before the `!`: quoted unless it is simple and unlike an address."""
    if _SIMPLE_TITLE.fullmatch(title) and not _ADDRESS_LIKE.fullmatch(title):
        return title
    return "'" + title.replace("'", "''") + "'"


def unquoted(text: str) -> str | None:
    """The title inside quotes; None when the text is not a quoted title."""
    if len(text) > 2 and text[0] == text[-1] == "'":
        return text[1:-1].replace("''", "'")
    return None


def split_sheet(text: str) -> tuple[str | None, str]:
    """(title, rest) at the last `!`; the title is None when there is none."""
    sheet, mark, rest = text.rpartition("!")
    if not mark:
        return None, text
    return unquoted(sheet) or sheet, rest


def parse_cells(text: str) -> OpenRect | None:
    """The part after the `!`; None when it is no A1 or R1C1 notation. Corners may be given in any order."""
    numbered = _R1C1.fullmatch(text)
    if numbered is not None:
        ends = [int(number) - 1 for number in numbered.groups() if number]
        top, bottom = _span(ends[0], ends[-2])
        left, right = _span(ends[1], ends[-1])
        return OpenRect(top, left, bottom, right, single=len(ends) == 2)
    first, colon, last = text.partition(":")
    start = _corner(first)
    if start is None:
        return None
    if not colon:
        row, column = start
        if row is None or column is None:
            return None
        return OpenRect(row, column, row + 1, column + 1, single=True)
    end = _corner(last)
    if end is None:
        return None
    top, bottom = _span(start[0], end[0])
    left, right = _span(start[1], end[1])
    return OpenRect(top, left, bottom, right)


def _corner(text: str) -> tuple[int | None, int | None] | None:
    match = _CORNER.fullmatch(text)
    if match is None or not any(match.groups()):
        return None
    letters, digits = match.groups()
    return (int(digits) - 1 if digits else None, column_index(letters) if letters else None)


def _span(one: int | None, other: int | None) -> tuple[int, int | None]:
    """Half-open span of two corner coordinates; an end left out stays open."""
    if one is None and other is None:
        return 0, None
    if one is None or other is None:
        return (one if one is not None else other) or 0, None
    return min(one, other), max(one, other) + 1


def address(rect: Rect) -> str:
    """`A1` for one cell, else `A1:B2`."""
    first = f"{column_name(rect.left)}{rect.top + 1}"
    if rect.height == 1 and rect.width == 1:
        return first
    return f"{first}:{column_name(rect.right - 1)}{rect.bottom}"


def canonical(title: str, rect: Rect) -> str:
    """The range as the service echoes it, e.g. `Sheet1!A1:Z1000`."""
    return f"{quoted(title)}!{address(rect)}"

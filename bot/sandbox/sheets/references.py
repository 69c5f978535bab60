"""References inside formula texts: finding them, and moving them when rows, columns or tabs move.

The formula engine evaluates but writes formulas back in its own spelling, so the text a person typed is
kept and only the references in it are rewritten here.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Protocol

from bot.sandbox.sheets.a1 import column_index, column_name, quoted, unquoted

_REFERENCE = re.compile(
    r"""
    (?P<text>"(?:[^"]|"")*")
    | (?<![\w.$!'])
      (?P<sheet>(?:'(?:[^']|'')+'|[^\W\d][\w.]*)!)?
      (?P<first>\$?[A-Za-z]{1,3}\$?[1-9]\d*|\$?[A-Za-z]{1,3}(?=:)|\$?[1-9]\d*(?=:))
      (?: : (?P<last>\$?[A-Za-z]{1,3}\$?[1-9]\d*|\$?[A-Za-z]{1,3}|\$?[1-9]\d*))?
      (?![\w(.!])
    """,
    re.VERBOSE,
)
_CORNER = re.compile(r"(\$?)([A-Za-z]{1,3})?(\$?)([1-9]\d*)?")


class Shift(Protocol):
    """Where rows or columns went: `index` for one (None: gone), `span` for a half-open run of them."""

    def index(self, old: int) -> int | None: ...

    def span(self, start: int, end: int) -> tuple[int, int] | None: ...


@dataclass(frozen=True, slots=True)
class Corner:
    """One end of a reference; a part left out is None."""

    column: int | None
    row: int | None
    fixed_column: bool = False
    fixed_row: bool = False

    def __str__(self) -> str:
        letters = "" if self.column is None else ("$" * self.fixed_column) + column_name(self.column)
        digits = "" if self.row is None else ("$" * self.fixed_row) + str(self.row + 1)
        return letters + digits


@dataclass(frozen=True, slots=True)
class Reference:
    """A cell or a range, with the tab it names, if it names one."""

    sheet: str | None
    first: Corner
    last: Corner | None

    def __str__(self) -> str:
        prefix = "" if self.sheet is None else quoted(self.sheet) + "!"
        return prefix + str(self.first) + ("" if self.last is None else f":{self.last}")


def _corner(text: str) -> Corner:
    match = _CORNER.fullmatch(text)
    if match is None:
        raise ValueError(text)
    dollar, letters, second, digits = match.groups()
    if letters is None:
        return Corner(None, int(digits) - 1, fixed_row=bool(dollar or second))
    row = int(digits) - 1 if digits else None
    return Corner(column_index(letters), row, bool(dollar), bool(second))


def _read(match: re.Match[str]) -> Reference:
    sheet, last = match["sheet"], match["last"]
    title = None if sheet is None else unquoted(sheet[:-1]) or sheet[:-1]
    return Reference(title, _corner(match["first"]), _corner(last) if last else None)


def references(formula: str) -> list[Reference]:
    """Every reference in the formula."""
    return [_read(match) for match in _REFERENCE.finditer(formula) if match["text"] is None]


def rewritten(formula: str, change: Callable[[Reference], str]) -> str:
    """The formula with every reference replaced by what `change` says; string literals stay."""
    return _REFERENCE.sub(
        lambda match: match["text"] if match["text"] is not None else change(_read(match)), formula
    )


def renamed(formula: str, old: str, new: str) -> str:
    """References to a tab follow its new title."""
    return rewritten(
        formula, lambda ref: str(replace(ref, sheet=new) if (ref.sheet or "").lower() == old.lower() else ref)
    )


def copied(formula: str, rows: int, columns: int) -> str:
    """What a copy placed so many rows and columns away says: relative parts move along."""

    def moved(corner: Corner) -> Corner | None:
        row, column = corner.row, corner.column
        if row is not None and not corner.fixed_row:
            row += rows
        if column is not None and not corner.fixed_column:
            column += columns
        if (row is not None and row < 0) or (column is not None and column < 0):
            return None
        return replace(corner, row=row, column=column)

    def change(ref: Reference) -> str:
        first = moved(ref.first)
        last = moved(ref.last) if ref.last else None
        if first is None or (ref.last is not None and last is None):
            return "#REF!"
        return str(Reference(ref.sheet, first, last))

    return rewritten(formula, change)


def shifted(
    formula: str, *, home: str, target: str, rows: bool, shift: Shift, band: tuple[int, int] | None = None
) -> str:
    """The formula, standing on tab `home`, after rows (or columns) of tab `target` were moved about.

    With a band, only cells of these columns (or rows) moved: what reaches out of it stays.
    """

    def change(ref: Reference) -> str:
        if (ref.sheet or home).lower() != target.lower():
            return str(ref)
        if band is not None and not _in_band(ref, band, rows=rows):
            return str(ref)
        moved = _shifted_rows(ref, shift) if rows else _shifted_columns(ref, shift)
        return "#REF!" if moved is None else str(moved)

    return rewritten(formula, change)


def _in_band(ref: Reference, band: tuple[int, int], *, rows: bool) -> bool:
    last = ref.last or ref.first
    ends = (ref.first.column, last.column) if rows else (ref.first.row, last.row)
    return None not in ends and band[0] <= min(map(int, ends)) and max(map(int, ends)) < band[1]  # type: ignore[arg-type]


def _shifted_rows(ref: Reference, shift: Shift) -> Reference | None:
    if ref.first.row is None:
        return ref
    if ref.last is None or ref.last.row is None:
        row = shift.index(ref.first.row)
        return None if row is None else replace(ref, first=replace(ref.first, row=row))
    span = shift.span(ref.first.row, ref.last.row + 1)
    if span is None:
        return None
    return replace(ref, first=replace(ref.first, row=span[0]), last=replace(ref.last, row=span[1] - 1))


def _shifted_columns(ref: Reference, shift: Shift) -> Reference | None:
    if ref.first.column is None:
        return ref
    if ref.last is None or ref.last.column is None:
        column = shift.index(ref.first.column)
        return None if column is None else replace(ref, first=replace(ref.first, column=column))
    span = shift.span(ref.first.column, ref.last.column + 1)
    if span is None:
        return None
    return replace(ref, first=replace(ref.first, column=span[0]), last=replace(ref.last, column=span[1] - 1))

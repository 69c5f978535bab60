"""Rows: lines of the sheet as read; a row's number is a place, not an identity."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from bot.domain.cells import Cell


@dataclass(frozen=True, slots=True)
class Row:
    """One line as read; `number` counts from 1 as people see it, cells beyond the end are empty."""

    number: int
    cells: Sequence[Cell]

    def at(self, position: int) -> Cell:
        """The cell at a zero-based position; reads leave trailing empty cells out."""
        if position >= len(self.cells):
            return None
        cell = self.cells[position]
        return None if cell == "" else cell

    def among(self, positions: Sequence[int]) -> list[Cell]:
        """The cells at these positions, in one go: thousands of rows are compared on every read."""
        cells, end = self.cells, len(self.cells)
        return [None if at >= end or cells[at] == "" else cells[at] for at in positions]


@dataclass(frozen=True, slots=True)
class Table:
    """One tab as read: its header line and the rows below."""

    header: Sequence[Cell]
    rows: tuple[Row, ...]

    @classmethod
    def of(cls, values: Sequence[Sequence[Cell]]) -> Table:
        """Splits the values of a tab; the first line is the header."""
        if not values:
            return cls((), ())
        return cls(values[0], tuple(Row(number, cells) for number, cells in enumerate(values[1:], start=2)))

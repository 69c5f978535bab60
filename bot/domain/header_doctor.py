"""The header doctor: what is odd about a header row, told by name before anything is added to it."""

from __future__ import annotations

import difflib
import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from bot.domain.cells import Cell, cell_text, column_letters, fold
from bot.domain.contract import Contract, PeopleColumn, RobotColumn

_NEAR = 0.75
_ROWS_OF_NOTES = 10
_LEAST_MATCHES = 2

_SURE_SIGNS = (
    RobotColumn.ROW_ID,
    RobotColumn.JOB_ID,
    RobotColumn.TEMPLATE_VERSION,
    RobotColumn.APPROVED_AS,
    RobotColumn.PROBLEM_CODE,
)
"""Columns nobody has who was not given them."""

_GHOSTS = {
    "\u00a0": "non-breaking blank",
    "\u200b": "zero-width blank",
    "\ufeff": "byte-order mark",
    "\u2007": "figure blank",
    "\u202f": "narrow blank",
    "\u3000": "wide blank",
    "\n": "line break",
    "\t": "tab",
}


@dataclass(frozen=True, slots=True)
class NearMiss:
    """A header that may have been meant for a column that is missing."""

    place: int
    shown: str
    meant: str

    @property
    def text(self) -> str:
        """The question."""
        return f'Column {column_letters(self.place)} is called "{self.shown}". Is "{self.meant}" meant?'


@dataclass(frozen=True, slots=True)
class Diagnosis:
    """What is odd; the first four keep anything from being added."""

    near_misses: tuple[NearMiss, ...] = ()
    twice: tuple[str, ...] = ()
    header_row: int | None = None
    """Where the header seems to be, when that is not where it should be."""

    taken: tuple[str, ...] = ()
    """Columns of people's that are called like the robot's, which would write over what they hold."""

    ghosts: tuple[str, ...] = ()
    """Harmless, since headers are matched without them; but whoever searches for a name wonders."""


def examine(rows: Sequence[Sequence[Cell]], contract: Contract, first_row: int = 1) -> Diagnosis:
    """Looks at the rows of a tab from the one on that should be its header."""
    header = rows[0] if rows else ()
    wanted = wanted_columns(contract)
    below = _header_below(rows, wanted)
    if below is not None:
        return Diagnosis(header_row=first_row + below)
    return Diagnosis(
        tuple(_near_misses(header, wanted)),
        tuple(_twice(header, wanted)),
        None,
        tuple(_taken(header, rows[1:])),
        tuple(_ghosts(header)),
    )


def wanted_columns(contract: Contract) -> list[str]:
    """Every column a tab should have, in the order in which they are added."""
    data = [one.column for one in contract.fields]
    return [
        PeopleColumn.APPROVE,
        *data,
        *(one for one in PeopleColumn if one != PeopleColumn.APPROVE),
        *RobotColumn,
    ]


def _near_misses(header: Sequence[Cell], wanted: Sequence[str]) -> Iterator[NearMiss]:
    there = {fold(cell_text(cell)) for cell in header}
    known = {fold(name) for name in wanted}
    left = {fold(name): name for name in wanted if fold(name) not in there}
    for place, cell in enumerate(header):
        folded = fold(cell_text(cell))
        if not folded or folded in known:
            continue
        close = difflib.get_close_matches(folded, left, 1, _NEAR)
        if close:
            yield NearMiss(place, cell_text(cell), left.pop(close[0]))


def _twice(header: Sequence[Cell], wanted: Sequence[str]) -> Iterator[str]:
    for name in wanted:
        places = [place for place, cell in enumerate(header) if fold(cell_text(cell)) == fold(name)]
        if len(places) > 1:
            where = " and ".join(column_letters(place) for place in places)
            yield f'"{name}" is there twice, in {where}. Rename or delete one.'


def _taken(header: Sequence[Cell], below: Sequence[Sequence[Cell]]) -> Iterator[str]:
    names = [fold(cell_text(cell)) for cell in header]
    if any(fold(name) in names for name in _SURE_SIGNS):
        return
    for name in RobotColumn:
        if fold(name) not in names:
            continue
        place = names.index(fold(name))
        if any(cell_text(row[place]) for row in below if len(row) > place):
            yield (
                f'Column {column_letters(place)}, "{name}", holds something of yours, and the robot would write its own '
                f'"{name}" over it. Give yours another name.'
            )


def _ghosts(header: Sequence[Cell]) -> Iterator[str]:
    for place, cell in enumerate(header):
        if not isinstance(cell, str):
            continue
        found = [what for sign, what in _GHOSTS.items() if sign in cell]
        found += ["blank at its end"] if cell != cell.rstrip(" ") else []
        found += ["blank in front"] if cell != cell.lstrip(" ") else []
        found += ["letter in another spelling"] if not unicodedata.is_normalized("NFC", cell) else []
        if found:
            yield f'Column {column_letters(place)}, "{cell_text(cell)}", holds a hidden {" and a ".join(found)}.'


def _header_below(rows: Sequence[Sequence[Cell]], wanted: Sequence[str]) -> int | None:
    """How far below the first row one looks much more like the header."""
    known = {fold(name) for name in wanted}
    matches = [len({fold(cell_text(cell)) for cell in row} & known) for row in rows[:_ROWS_OF_NOTES]]
    best = max(matches, default=0)
    if not matches or best < _LEAST_MATCHES or matches[0] * 2 > best:
        return None
    return matches.index(best)

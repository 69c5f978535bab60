"""What a write did that met other rows or columns than it was meant for, and how people get their cells back.

Between a read and the write that follows it people may sort, insert, delete or move: the write then lands in
cells of theirs. Its answer tells that something moved; the next read, beside the one before, tells what held
what. Boxes are the exception: a tick is never set again, so one that got lost is told of instead. They are
cleared together with all else, in the write that directly follows its read: a second request for them alone
would cost a write of the quota each time and leave the same gap, only shorter.

A formula that was overwritten comes back as the value it showed: reads do not tell formulas.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from bot.domain.cells import Cell, Formula, Written, cell_text, fold, is_ticked
from bot.domain.contract import PeopleColumn, RobotColumn
from bot.domain.ids import RecordId
from bot.planner.actions import CellEdit

Values = Sequence[Sequence[Cell]]

_ROBOTS = {fold(name) for name in RobotColumn}
_ROW_ID = fold(RobotColumn.ROW_ID)
_PREVIEW = fold(RobotColumn.PREVIEW)
_APPROVE = fold(PeopleColumn.APPROVE)
_BOXES = {_APPROVE, fold(PeopleColumn.RETRY)}
_MOST_ALIKE = 20
"""Rows alike in all that was not written; among more of them none is looked for."""

_HEADER_SOUGHT_IN = 50
"""How far down a header is looked for that is not in its line any more."""


@dataclass(frozen=True, slots=True)
class Landing:
    """A write nobody knows to have landed where it was meant to: the tab as read before it, and what it wrote."""

    values: Values
    edits: tuple[CellEdit, ...]


@dataclass(frozen=True, slots=True)
class Mending:
    """What is to be put back, and what cannot be."""

    edits: tuple[CellEdit, ...] = ()
    lost_ticks: frozenset[RecordId] = frozenset()
    """Rows whose `Approve` was cleared in another row's stead."""

    beyond_help: tuple[tuple[int, int], ...] = ()
    """(row number, column) of cells of which nobody can tell what they held."""


def mend(landing: Landing, values: Values) -> Mending:
    """Compares what a write was meant for with what stands there now; nothing to do where all is in place."""
    return Mending() if _is_as_meant(landing, values) else _Survey(landing, values).mending()


def _is_as_meant(landing: Landing, values: Values) -> bool:
    """Whether every row written to reads as it did before, but for what was written: so it is nearly always."""
    numbers = {1, *(edit.row_number for edit in landing.edits)}
    if max(numbers) > len(landing.values):
        return False
    meant = patched(landing.values, landing.edits)
    return all(
        _same(_at(meant, number, column), _at(values, number, column))
        for number in numbers
        for column in range(
            max(len(meant[number - 1]), len(values[number - 1]) if number <= len(values) else 0)
        )
    )


def patched(values: Values, edits: Iterable[CellEdit]) -> list[Sequence[Cell]]:
    """The tab as it reads once these edits are in it."""
    lines: list[Sequence[Cell]] = list(values)
    for edit in edits:
        line = list(lines[edit.row_number - 1])
        line.extend([None] * (edit.column + 1 - len(line)))
        line[edit.column] = _reads_as(edit.value)
        lines[edit.row_number - 1] = line
    return lines


class _Survey:
    """One write, the tab before it and the tab after it."""

    def __init__(self, landing: Landing, values: Values) -> None:
        self._before = landing.values
        reach = max(edit.row_number for edit in landing.edits) - len(landing.values)
        self._meant = patched([*landing.values, *([] for _ in range(reach))], landing.edits)
        self._after = values
        self._edits = landing.edits
        self._head = _header_line(_folded(self._before[:1]), values)
        self._names = _folded(self._before[:1])
        now = _folded(values[self._head : self._head + 1])
        self._columns = _columns_before(self._names, now, width=max(map(len, values), default=0))
        self._written = {(edit.column, edit.value) for edit in self._edits}
        now_at = {before: column for column, before in self._columns.items()}
        struck = [
            (edit, column)
            for edit in self._edits
            # Where it was aimed at, or where that column has moved since.
            for column in {edit.column, now_at.get(edit.column, edit.column)}
            if _same(_at(values, edit.row_number, column), _reads_as(edit.value))
        ]
        self._struck = {(edit.row_number, column) for edit, column in struck}
        self._landed = {edit.row_number for edit, _ in struck if _reads_as(edit.value) is not None}
        """Rows that hold something of this write."""

        self._rows = self._rows_before()

    def mending(self) -> Mending:
        restored: list[CellEdit] = []
        ticks: set[RecordId] = set()
        unknown: list[tuple[int, int]] = []
        for number, edit in self._met():
            place = number, edit.column
            column, row = self._columns.get(edit.column), self._rows.get(number)
            if (column, row) == (edit.column, edit.row_number):
                continue
            name = self._name(column) if row != 1 else ""
            # A picture reads as an empty cell: only what was written beside it proves that it is there.
            shows_picture = isinstance(edit.value, Formula) and edit.row_number in self._landed
            if name in _ROBOTS and name != _ROW_ID and not (shows_picture and name != _PREVIEW):
                continue  # ours: put right like any other
            if column is not None and row is None and not self._is_new(number):
                if name != _ROW_ID:
                    unknown.append(place)
                continue
            held = _at(self._meant, row, column) if row is not None and column is not None else None
            record = self._record(row)
            if name in _BOXES:
                if name == _APPROVE and is_ticked(held):
                    ticks |= record
                held = False
            if shows_picture or not _same(held, _reads_as(edit.value)):
                restored.append(CellEdit(*place, held, next(iter(record), None)))
        return Mending(tuple(restored), frozenset(ticks), tuple(unknown))

    def _met(self) -> Iterator[tuple[int, CellEdit]]:
        """The rows that hold what was written: where that was aimed at, or where the row that stood there is now."""
        now = {row: number for number, row in self._rows.items()}
        for edit in self._edits:
            for number in sorted({edit.row_number, now.get(edit.row_number, edit.row_number)}):
                if _same(_at(self._after, number, edit.column), _reads_as(edit.value)):
                    yield number, edit

    def _name(self, column: int | None) -> str:
        return self._names[column] if column is not None and column < len(self._names) else ""

    def _record(self, row: int | None) -> set[RecordId]:
        """Whose row it was, as its id cell said; nobody's for the header."""
        if row is None or row == 1 or _ROW_ID not in self._names:
            return set()
        text = cell_text(_at(self._before, row, self._names.index(_ROW_ID)))
        return {RecordId(text)} if text else set()

    def _is_new(self, number: int) -> bool:
        """Whether the row holds nothing but what was just written: somebody inserted it."""
        line = self._after[number - 1] if number <= len(self._after) else ()
        return all(
            (number, column) in self._struck or _at(self._after, number, column) in (None, False)
            for column in range(len(line))
        )

    # -- rows -----------------------------------------------------------------

    def _rows_before(self) -> dict[int, int]:
        """Where each row written to stood before, by everything the write left as it was."""
        touched = {edit.column for edit in self._edits}
        untouched = sorted(
            column
            for column, before in self._columns.items()
            if column not in touched and self._name(before) != _ROW_ID
        )
        known: dict[tuple[Cell, ...], list[int]] = {}
        for row in range(1, len(self._before) + 1):
            said = tuple(_at(self._before, row, self._columns[column]) for column in untouched)
            known.setdefault(said, []).append(row)
        ids = self._rows_by_id()
        found: dict[int, int] = {self._head + 1: 1}
        for number in range(self._head + 2, len(self._after) + 1):
            by_id = ids.get(self._id_now(number))
            alike = known.get(tuple(_at(self._after, number, column) for column in untouched), [])
            if by_id is not None and (by_id in alike or not alike):
                found[number] = by_id
            elif len(alike) <= _MOST_ALIKE and not self._is_new(number):
                # Ids are swapped and copied by people; what a row says is stronger where it is unique.
                same = alike if len(alike) == 1 else [row for row in alike if self._agree(number, row)]
                if len(same) == 1:
                    found[number] = same[0]
        if any(number != row for number, row in found.items()):
            return found
        # Nothing says that rows moved: those that cannot be told apart stayed as well.
        return {number: number for number in range(1, len(self._before) + 1)}

    def _agree(self, number: int, row: int) -> bool:
        """Whether a row holds what that one held, the cells just written left aside."""
        return all(
            (number, column) in self._struck
            or _same(_at(self._after, number, column), _at(self._before, row, before))
            for column, before in self._columns.items()
        )

    def _rows_by_id(self) -> dict[str, int]:
        if _ROW_ID not in self._names:
            return {}
        place = self._names.index(_ROW_ID)
        rows: dict[str, int] = {}
        twice: set[str] = {""}
        for number in range(2, len(self._before) + 1):
            text = cell_text(_at(self._before, number, place))
            if text in rows:
                twice.add(text)
            rows[text] = number
        return {text: number for text, number in rows.items() if text not in twice}

    def _id_now(self, number: int) -> str:
        """What its id cell says, unless that was written just now."""
        for column, before in self._columns.items():
            if self._name(before) == _ROW_ID:
                text = cell_text(_at(self._after, number, column))
                return "" if (before, text) in self._written else text
        return ""


def _header_line(names: Sequence[str], values: Values) -> int:
    """The position of the line that is the header now: somebody may have put a row above it."""
    wanted = {name for name in names if name}
    best, most = 0, 0
    for position, line in enumerate(values[:_HEADER_SOUGHT_IN]):
        alike = len(wanted & {fold(cell_text(cell)) for cell in line})
        if alike > most:
            best, most = position, alike
    return best


def _columns_before(names: Sequence[str], now: Sequence[str], *, width: int) -> Mapping[int, int]:
    """Where each column stood before; those of no name or a new one by their neighbours."""
    once = {name: place for place, name in enumerate(names) if name and names.count(name) == 1}
    found = {place: once[name] for place, name in enumerate(now) if name in once and now.count(name) == 1}
    left = (-1, -1)
    for place, before in (*sorted(found.items()), (max(width, len(now)), None)):
        gap = place - left[0]
        if before is None or before - left[1] == gap:
            for step in range(1, gap):
                found[left[0] + step] = left[1] + step
        left = (place, before if before is not None else 0)
    return found


def _folded(lines: Values) -> list[str]:
    return [fold(cell_text(cell)) for cell in lines[0]] if lines else []


def _at(values: Values, number: int, column: int) -> Cell:
    line = values[number - 1] if number <= len(values) else ()
    cell = line[column] if column < len(line) else None
    return None if cell == "" else cell


def _reads_as(value: Written) -> Cell:
    return None if isinstance(value, Formula) or value == "" else value


def _same(one: Cell, other: Cell) -> bool:
    return isinstance(one, bool) is isinstance(other, bool) and one == other

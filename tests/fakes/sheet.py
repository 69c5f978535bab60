"""A tab of a spreadsheet with people's hands in it."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, tzinfo

from bot.domain.cells import Cell, Formula, Written, cell_text, fold, is_ticked
from bot.domain.contract import PeopleColumn, RobotColumn
from bot.domain.control import BoardColumn, Label, Place, blank_control, read_control
from bot.domain.failures import Failure, FailureClass, ProblemCode
from bot.domain.ids import TabKey
from bot.planner.actions import CellEdit
from bot.ports import NOTHING_BESIDE, Beside, Reading, Receipt, Refused, Target

_BOXES = {PeopleColumn.APPROVE, PeopleColumn.RETRY}

OUT_OF_REACH = Failure(FailureClass.TRANSIENT, ProblemCode.NET, "no connection (ConnectionError)")


@dataclass(frozen=True, slots=True)
class WrittenCell:
    """One cell the robot wrote: in which column, and what the cell held before and after."""

    column: str
    before: Cell
    after: Cell
    given: Cell = None
    """What people last put there."""


@dataclass(slots=True)
class Box:
    """One cell, wherever people move it: what it holds, and what people last put there."""

    value: Cell = None
    given: Cell = None
    copied_from: Cell = None
    """What people had put where they copied it from; both are theirs."""


def _box(cell: Cell | Box) -> Box:
    return cell if isinstance(cell, Box) else Box(cell, cell)


class FakeSheet:
    """A table of typed cells; row 1 is the header, rows count from 1 as people see them."""

    def __init__(self, header: Sequence[str], tab: int = 0, zone: tzinfo = UTC) -> None:
        self._zone = zone
        self.locale_name = "en_US"
        self._table: list[list[Box]] = [[_box(name) for name in header]]
        self._tab = tab
        self.title = "Videos"
        self.spreadsheet = "spreadsheet"
        self.control: list[list[Cell]] | None = blank_control([(self.title, tab)])
        """The Control tab; None where somebody deleted it."""

        self.diary: list[list[Written]] = []
        """The Log below its header."""

        self.reads = 0
        self.writes = 0
        """Requests that asked for a write, heartbeats included."""

        self.grid_rows = 1000
        """How far down cells exist, as in a new tab; what is written below the table stands there."""

        self.log: list[WrittenCell] = []
        """What the robot wrote while nobody got in between."""

        self.before_write: list[Callable[[], None]] = []
        """Hands that get in between a read and the write that follows it; each is used once."""

        self.failing_reads: list[Failure] = []
        self.failing_writes: list[Failure] = []
        """Writes that do nothing and say so."""

        self.protected: set[str] = set()
        """Columns the robot may not write."""

        self.lost_writes = 0
        """Writes that are carried out, but whose answer is lost."""

    # -- the port -------------------------------------------------------------

    @property
    def key(self) -> TabKey:
        return TabKey(self.spreadsheet, self._tab)

    @property
    def zone(self) -> tzinfo:
        return self._zone

    @property
    def locale(self) -> str:
        return self.locale_name

    def read(self) -> Reading | Failure:
        self.reads += 1
        if self.failing_reads:
            return self.failing_reads.pop(0)
        control = self.control
        return Reading(
            self.title,
            [_without_trailing_blanks([cell.value for cell in row]) for row in self._table],
            [_without_trailing_blanks(row) for row in control] if control is not None else None,
        )

    def write(
        self, edits: Sequence[CellEdit], target: Target, beside: Beside = NOTHING_BESIDE
    ) -> Receipt | Failure:
        had_hands = bool(self.before_write)
        if had_hands:
            self.before_write.pop(0)()
        self.writes += 1
        if self.failing_writes:
            return self.failing_writes.pop(0)
        if any(edit.row_number > self.grid_rows for edit in edits):
            return Failure(FailureClass.REJECTED, ProblemCode.HEADER, "Google answered 400: beyond the grid")
        barred = {self.header[edit.column] for edit in edits} & self.protected if self.protected else set()
        edits = [edit for edit in edits if self.header[edit.column] not in barred] if barred else edits
        astray = self._is_astray(edits, target)
        for edit in edits:
            self._put(edit, is_logged=not (astray or had_hands))
        while self._table and all(cell.value is None for cell in self._table[-1]):
            self._table.pop()
        for change in beside.board:
            self._put_on_control(change.place, change.value)
        if beside.log is not None:
            self.diary = [list(line) for line in beside.log]
        if self.lost_writes:
            self.lost_writes -= 1
            return OUT_OF_REACH
        return (
            Receipt((), frozenset(), columns_moved=True) if astray else self._receipt(edits, target, barred)
        )

    def _is_astray(self, edits: Sequence[CellEdit], target: Target) -> bool:
        """Whether another header stands over the cells than the robot read."""
        places = {target.row_id, *target.boxes, *(edit.column for edit in edits)} if edits else set()
        return any(
            fold(cell_text(target.header[place])) != fold(cell_text(self._at(1, place)))
            for place in places
            if place < len(target.header)
        )

    # -- the Control tab ------------------------------------------------------

    def said(self, name: Label | BoardColumn) -> Cell:
        """A cell of Control, by its label or by its column on this tab's line."""
        control = read_control(self.control or (), self._tab)
        place = control.labels.get(name) if isinstance(name, Label) else control.board.get(name)
        return control.said(place)

    def say(self, name: Label | BoardColumn, value: Cell) -> None:
        """Somebody types or ticks on Control."""
        control = read_control(self.control or (), self._tab)
        self._put_on_control(control.labels[name] if isinstance(name, Label) else control.board[name], value)

    def _put_on_control(self, place: Place, value: Written) -> None:
        if self.control is not None:
            row = self.control[place.row - 1]
            row.extend([None] * (place.column + 1 - len(row)))
            row[place.column] = "" if isinstance(value, Formula) else value

    def _put(self, edit: CellEdit, *, is_logged: bool) -> None:
        cell = self._reach(edit.row_number, edit.column)
        # What a picture formula shows is a picture: as a value it is empty text.
        value: Cell = "" if isinstance(edit.value, Formula) else edit.value
        if is_logged:
            self.log.append(WrittenCell(cell_text(self._at(1, edit.column)), cell.value, value, cell.given))
        cell.value = value

    def _reach(self, number: int, place: int) -> Box:
        """The cell there; the table grows as far."""
        self._table.extend([] for _ in range(number - len(self._table)))
        row = self._table[number - 1]
        row.extend(Box() for _ in range(place + 1 - len(row)))
        return row[place]

    def _receipt(self, edits: Sequence[CellEdit], target: Target, barred: set[str]) -> Receipt:
        meant = {edit.row_number: edit.record for edit in edits if edit.record is not None}
        right = {
            number: record
            for number, record in meant.items()
            if cell_text(self._at(number, target.row_id)) == record
        }
        emptied = {
            (record, column)
            for column in target.boxes
            for number, record in right.items()
            if not is_ticked(self._at(number, column))
        }
        misplaced = tuple(record for number, record in meant.items() if number not in right)
        refused = tuple(Refused(f'"{self.title}" {name}', "protected") for name in sorted(barred))
        return Receipt(misplaced, frozenset(emptied), refused=refused)

    def _at(self, number: int, position: int) -> Cell:
        row = self._table[number - 1] if number <= len(self._table) else []
        return row[position].value if position < len(row) else None

    # -- people's hands -------------------------------------------------------

    @property
    def numbers(self) -> range:
        """The numbers of all rows below the header."""
        return range(2, len(self._table) + 1)

    @property
    def header(self) -> list[str]:
        """The names of all columns, empty for those without one."""
        return [cell_text(cell.value) for cell in self._table[0]] if self._table else []

    def column(self, name: str) -> int:
        for place, cell in enumerate(self._table[0]):
            # Text is looked at first: most headers are, and a story asks for columns all the time.
            if cell.value == name or cell_text(cell.value) == name:
                return place
        raise ValueError(f"There is no column {name}.")

    def cell(self, number: int, name: str) -> Cell:
        """What somebody sees in a cell."""
        return self._at(number, self.column(name))

    def row(self, number: int) -> dict[str, Cell]:
        """A row by the names of its columns."""
        return {name: self._at(number, place) for place, name in enumerate(self.header)}

    def spoiled(self) -> list[tuple[int, str, Cell, Cell]]:
        """Cells outside the robot's columns that hold something else than people put there, cleared ticks aside:
        (row, column, what people put there, what stands there).
        """
        header = self.header
        return [
            (number, name, cell.given, cell.value)
            for number, row in enumerate(self._table, start=1)
            for name, cell in zip([*header, *[""] * (len(row) - len(header))], row, strict=False)
            if (number == 1 or name not in set(RobotColumn))
            and _shown(cell) not in (cell.given or None, cell.copied_from or None)
            and not (name in _BOXES and number > 1 and not cell.value and is_ticked(cell.given))
        ]

    def find(self, name: str, value: Cell) -> int:
        """The number of the one row that shows this value."""
        [found] = [number for number in self.numbers if self.cell(number, name) == value]
        return found

    def type(self, number: int, name: str, value: Cell) -> None:
        cell = self._reach(number, self.column(name))
        cell.value = cell.given = value

    def tick(self, number: int, name: str = "Approve") -> None:
        self.type(number, name, value=True)

    def untick(self, number: int, name: str = "Approve") -> None:
        self.type(number, name, value=False)

    def add(self, cells: Mapping[str, Cell]) -> int:
        """A new row at the end; its number."""
        self.insert(len(self._table) + 1, cells)
        return len(self._table)

    def insert(self, number: int, cells: Mapping[str, Cell] | None = None) -> None:
        """A new row at this number; the rows from there on move down."""
        self._table.insert(number - 1, [])
        for name, value in (cells or {}).items():
            self.type(number, name, value)

    def delete(self, number: int) -> list[Box]:
        """The row and everything in it is gone; what was in it is handed back for an undo."""
        return self._table.pop(number - 1)

    def put_back(self, number: int, cells: Sequence[Cell | Box]) -> None:
        """Undo of a deletion, or a paste."""
        self._table.insert(number - 1, [_box(cell) for cell in cells])

    def copy(self, number: int, to: int) -> None:
        """The whole row, robot columns too, inserted at another place."""
        self._table.insert(
            to - 1, [Box(cell.value, cell.value, cell.given) for cell in self._table[number - 1]]
        )

    def sort(self, name: str, *, reverse: bool = False) -> None:
        """Sorts whole rows by one column, stably."""
        filled = [number for number in self.numbers if self.cell(number, name) is not None]
        blank = [number for number in self.numbers if self.cell(number, name) is None]
        filled.sort(key=lambda number: cell_text(self.cell(number, name)), reverse=reverse)
        # Blank cells go to the end in either order.
        self._table[1:] = [self._table[number - 1] for number in (*filled, *blank)]

    def sort_only(self, names: Sequence[str], by: str) -> None:
        """Sorts a selection of columns and leaves the others where they are."""
        ordered = sorted(self.numbers, key=lambda number: cell_text(self.cell(number, by)))
        for name in names:
            place = self.column(name)
            lifted = [self._reach(number, place) for number in ordered]
            for number, cell in zip(self.numbers, lifted, strict=True):
                self._table[number - 1][place] = cell

    def cut(self, number: int, to: int, names: Sequence[str]) -> None:
        """Cells of these columns are cut and pasted into another row."""
        for name in names:
            place = self.column(name)
            self._reach(to, place)
            self._table[to - 1][place] = self._reach(number, place)
            self._table[number - 1][place] = Box()

    def rename(self, title: str) -> None:
        self.title = title

    def rename_column(self, name: str, to: str) -> None:
        self.type(1, name, to)

    def move_column(self, name: str, to: int) -> None:
        """A whole column to another place."""
        self.put_column_back(to, self.delete_column(name))

    def insert_column(self, at: int, name: str = "") -> None:
        """A new column; those from there on move to the right."""
        self.put_column_back(at, [_box(name or None), *(Box() for _ in self._table[1:])])

    def delete_column(self, name: str) -> list[Box]:
        """The column and everything in it is gone; what was in it is handed back for an undo."""
        place = self.column(name)
        self._square()
        return [row.pop(place) for row in self._table]

    def put_column_back(self, at: int, cells: Sequence[Box]) -> None:
        """Undo of a deletion: what was below the table's end meanwhile is as it was."""
        self._square()
        for number, row in enumerate(self._table):
            row.insert(at, cells[number] if number < len(cells) else Box())

    def _square(self) -> None:
        """All rows as long as the longest."""
        width = max(map(len, self._table), default=0)
        for row in self._table:
            row.extend(Box() for _ in range(width - len(row)))


def _without_trailing_blanks(row: Sequence[Cell]) -> list[Cell]:
    """As the Sheets API hands rows out: inner blanks are empty text, trailing ones are left out."""
    cells: list[Cell] = ["" if cell is None else cell for cell in row]
    while cells and cells[-1] == "":
        cells.pop()
    return cells


def _shown(cell: Box) -> Cell:
    """What stands there; a picture is empty text, and not nothing."""
    return cell.value if isinstance(cell.value, str) else cell.value or None

"""One tab in memory: a typed grid of cells, and what happens to it when rows and columns move.

Rows keep a key for life, whatever their number; the disk and the live page know rows by it. A row's
`values` are what formulas came to or what was entered, ready for JSON; everything rarer is sparse.
Every change notes what must be saved and what the page must be told.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import TypeAlias

from bot.sandbox.sheets.a1 import Rect
from bot.sandbox.sheets.followers import refiltered, shifted_groups, shifted_merges
from bot.sandbox.sheets.marks import followed, no_marks, resorted, shifted_marks
from bot.sandbox.sheets.references import shifted
from bot.sandbox.sheets.shifts import AnyShift, Deleted, Inserted, Moved, remapped
from bot.sandbox.sheets.styles import Style
from bot.sandbox.sheets.wire import Json

Scalar: TypeAlias = str | int | float | bool | None


class ErrorValue(str):
    """The text of an error a formula came to, e.g. `#REF!`; a plain text that looks like it is a str."""

    __slots__ = ()


@dataclass(slots=True)
class Formula:
    """A formula as typed, and what else it came to besides its value."""

    text: str
    # What the formula engine said, before it was made presentable.
    raw: str | float | bool | None = None
    shown: str | None = None
    image: str | None = None
    link: str | None = None


@dataclass(slots=True)
class Cell:
    """Everything a cell holds, taken out of its row to be put elsewhere."""

    value: Scalar = None
    formula: Formula | None = None
    style: Style | None = None
    note: str | None = None
    runs: Json | None = None


@dataclass(slots=True)
class Row:
    """One row; `values` may be shorter than the grid is wide."""

    key: int
    values: list[Scalar] = field(default_factory=list)
    formulas: dict[int, Formula] = field(default_factory=dict)
    styles: dict[int, Style] = field(default_factory=dict)
    notes: dict[int, str] = field(default_factory=dict)
    # textFormatRuns and chipRuns, as written.
    runs: dict[int, Json] = field(default_factory=dict)

    @property
    def is_blank(self) -> bool:
        return not (self.formulas or self.styles or self.notes) and all(v is None for v in self.values)

    def value(self, column: int) -> Scalar:
        return self.values[column] if column < len(self.values) else None

    def set(self, column: int, value: Scalar, formula: str | None = None) -> None:
        """Puts a value, or a formula whose value is not known yet; a text loses its former runs."""
        self.runs.pop(column, None)
        if formula is None:
            self.formulas.pop(column, None)
        else:
            self.formulas[column] = Formula(formula)
        if column >= len(self.values):
            if value is None:
                return
            self.values.extend([None] * (column + 1 - len(self.values)))
        self.values[column] = value

    def set_style(self, column: int, style: Style | None) -> None:
        if style is None:
            self.styles.pop(column, None)
        else:
            self.styles[column] = style

    def set_note(self, column: int, note: str | None) -> None:
        if note:
            self.notes[column] = note
        else:
            self.notes.pop(column, None)

    def cell(self, column: int) -> Cell:
        return Cell(
            self.value(column),
            self.formulas.get(column),
            self.styles.get(column),
            self.notes.get(column),
            self.runs.get(column),
        )

    def put(self, column: int, cell: Cell) -> None:
        """Makes a cell equal to one taken from elsewhere."""
        self.set(column, cell.value, cell.formula.text if cell.formula else None)
        self.set_style(column, cell.style)
        self.set_note(column, cell.note)
        if cell.runs:
            self.runs[column] = cell.runs

    def shift(self, shift: AnyShift, width: int) -> None:
        """Follows inserted, deleted or moved columns."""
        old = dict(enumerate(self.values))
        moved = remapped(old, shift)
        last = max(moved, default=-1)
        self.values = [moved.get(column) for column in range(min(last + 1, width))]
        self.formulas = remapped(self.formulas, shift)
        self.styles = remapped(self.styles, shift)
        self.notes = remapped(self.notes, shift)
        self.runs = remapped(self.runs, shift)

    def cut(self, width: int) -> None:
        """Forgets everything from this column on."""
        del self.values[width:]
        for sparse in (self.formulas, self.styles, self.notes, self.runs):
            for column in [column for column in sparse if column >= width]:
                del sparse[column]


@dataclass(slots=True)
class Changes:
    """What happened to a tab since the last commit."""

    rows: dict[int, Row] = field(default_factory=dict)
    dropped: set[int] = field(default_factory=set)
    order: bool = False
    properties: bool = False
    # The page must read the whole tab again.
    structure: bool = False

    def __bool__(self) -> bool:
        return bool(self.rows or self.dropped or self.order or self.properties or self.structure)


class Tab:
    """A tab: rows in order, columns by number, and the tab-level settings as JSON."""

    def __init__(self, sheet_id: int, title: str, row_count: int = 1000, column_count: int = 26) -> None:
        self.sheet_id = sheet_id
        # SheetProperties without sheetId, index and the two counts, which the grid itself knows.
        self.properties: Json = {"title": title, "sheetType": "GRID", "gridProperties": {}}
        self.column_count = column_count
        self.next_key = 1
        self.rows: list[Row] = []
        # DimensionProperties that differ from the default, by position.
        self.row_settings: dict[int, Json] = {}
        self.column_settings: dict[int, Json] = {}
        self.conditional_formats: list[Json] = []
        self.filter_views: list[Json] = []
        self.row_groups: list[Json] = []
        self.column_groups: list[Json] = []
        self.merges: list[Rect] = []
        self.marks = no_marks()
        self.changes = Changes()
        self.add_rows(row_count)
        self.changes.properties = True

    @property
    def title(self) -> str:
        return str(self.properties["title"])

    @property
    def row_count(self) -> int:
        return len(self.rows)

    @property
    def whole(self) -> Rect:
        return Rect(0, 0, self.row_count, self.column_count)

    @property
    def frozen_rows(self) -> int:
        return int(self.properties["gridProperties"].get("frozenRowCount", 0))

    @property
    def frozen_columns(self) -> int:
        return int(self.properties["gridProperties"].get("frozenColumnCount", 0))

    def covered(self, index: int, column: int) -> bool:
        """Whether the cell lies under a merged block and is not the one that shows."""
        return any(
            block.top <= index < block.bottom
            and block.left <= column < block.right
            and (index, column) != (block.top, block.left)
            for block in self.merges
        )

    def touched(self, index: int) -> Row:
        """The row, noted as changed."""
        row = self.rows[index]
        self.changes.rows[row.key] = row
        return row

    def last_data_row(self) -> int:
        """Number of rows up to the last one that holds a value."""
        for index in range(len(self.rows) - 1, -1, -1):
            row = self.rows[index]
            if row.formulas or any(value is not None for value in row.values):
                return index + 1
        return 0

    def used_width(self) -> int:
        """Number of columns up to the last one that holds anything."""
        width = 0
        for row in self.rows:
            sparse = max((*row.formulas, *row.styles, *row.notes), default=-1) + 1
            width = max(width, len(row.values), sparse)
        return width

    def add_rows(self, count: int) -> None:
        """Blank rows at the end."""
        self._insert(len(self.rows), count)

    def _insert(self, at: int, count: int) -> None:
        fresh = [Row(self.next_key + offset) for offset in range(count)]
        self.next_key += count
        self.rows[at:at] = fresh
        self.changes.order = self.changes.properties = self.changes.structure = True

    def remove_tail(self, count: int) -> None:
        """Cuts the grid down to so many rows."""
        self._drop(count, len(self.rows))

    def _drop(self, start: int, end: int) -> None:
        for row in self.rows[start:end]:
            self.changes.dropped.add(row.key)
            self.changes.rows.pop(row.key, None)
        del self.rows[start:end]
        self.changes.order = self.changes.properties = self.changes.structure = True

    def resize_columns(self, count: int) -> None:
        if count < self.column_count:
            for index, row in enumerate(self.rows):
                if len(row.values) > count or row.formulas or row.styles or row.notes:
                    self.touched(index).cut(count)
            self.column_settings = {at: item for at, item in self.column_settings.items() if at < count}
        self.column_count = count
        self.changes.properties = self.changes.structure = True

    def shift_rows(self, shift: AnyShift) -> None:
        """Inserts, deletes or moves rows with everything that stands on them."""
        match shift:
            case Inserted(at, count):
                self._insert(at, count)
            case Deleted(start, end):
                self._drop(start, end)
            case Moved(start, end, to):
                block = self.rows[start:end]
                del self.rows[start:end]
                at = to if to <= start else to - (end - start)
                self.rows[at:at] = block
                self.changes.order = True
        self.row_settings = remapped(self.row_settings, shift)
        self._shift_ranges(shift, self.row_count, rows=True)
        self.row_groups = shifted_groups(self.row_groups, shift)
        self.merges = shifted_merges(self.merges, shift, rows=True)
        self.changes.properties = self.changes.structure = True

    def shift_columns(self, shift: AnyShift) -> None:
        """Inserts, deletes or moves columns with everything that stands in them."""
        match shift:
            case Inserted(_, count):
                self.column_count += count
            case Deleted(start, end):
                self.column_count -= end - start
            case Moved():
                pass
        for index, row in enumerate(self.rows):
            if not row.is_blank:
                self.touched(index).shift(shift, self.column_count)
        self.column_settings = remapped(self.column_settings, shift)
        self._shift_ranges(shift, self.column_count, rows=False)
        self.column_groups = shifted_groups(self.column_groups, shift)
        self.merges = shifted_merges(self.merges, shift, rows=False)
        self.filter_views = [refiltered(view, shift) for view in self.filter_views]
        self.changes.properties = self.changes.structure = True

    def shift_formulas(self, target: Tab, shift: AnyShift, *, rows: bool) -> None:
        """Lets this tab's formulas follow what was moved on `target`."""
        for index, row in enumerate(self.rows):
            for formula in row.formulas.values():
                text = shifted(formula.text, home=self.title, target=target.title, rows=rows, shift=shift)
                if text != formula.text:
                    formula.text = text
                    self.touched(index)

    def _shift_ranges(self, shift: AnyShift, count: int, *, rows: bool) -> None:
        """Conditional formats, filter views and marks follow their cells; those left without cells go."""

        def follow(spot: Json) -> Json | None:
            return followed(spot, shift, rows=rows, count=count)

        self.marks = shifted_marks(self.marks, shift, rows=rows, count=count)
        kept_rules = []
        for rule in self.conditional_formats:
            ranges = [moved for spot in rule.get("ranges", []) if (moved := follow(spot))]
            if ranges:
                kept_rules.append({**rule, "ranges": ranges})
        self.conditional_formats = kept_rules
        kept_views = []
        for view in self.filter_views:
            moved = follow(view.get("range", {}))
            if moved is not None:
                kept_views.append({**view, "range": moved})
        self.filter_views = kept_views

    def reorder(self, area: Rect, order: Iterable[int], *, metadata_too: bool = False) -> None:
        """Puts the cells of `area`, row by row, in the given order of old row numbers.

        Where the area covers all that is used, the rows themselves change places and keep their keys;
        heights and hidden marks stay where they are, as they do in the real sheet (inferred).
        """
        old_rows = list(order)
        if metadata_too:
            found = self.marks["developerMetadata"]
            self.marks["developerMetadata"] = resorted(found, area.top, old_rows)
            self.changes.properties = True
        if area.left == 0 and area.right >= self.used_width():
            self.rows[area.top : area.bottom] = [self.rows[index] for index in old_rows]
            self.changes.order = self.changes.structure = True
            return
        cells = [
            [self.rows[index].cell(column) for column in range(area.left, area.right)] for index in old_rows
        ]
        for index, line in zip(range(area.top, area.bottom), cells, strict=True):
            row = self.touched(index)
            for column, cell in enumerate(line, start=area.left):
                row.put(column, cell)
        self.changes.structure = True

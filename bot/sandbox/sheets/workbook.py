"""One spreadsheet in memory: its tabs, its properties, and the ranges clients name in them."""

from __future__ import annotations

from typing import Any

from bot.sandbox.sheets import sharing
from bot.sandbox.sheets.a1 import OpenRect, Rect, canonical, parse_cells, split_sheet, unquoted
from bot.sandbox.sheets.calculator import Calculator
from bot.sandbox.sheets.celldata import Look
from bot.sandbox.sheets.dialects import boolean_words
from bot.sandbox.sheets.entry import Entry
from bot.sandbox.sheets.grid import Scalar, Tab
from bot.sandbox.sheets.habits import Habits
from bot.sandbox.sheets.references import renamed
from bot.sandbox.sheets.shifts import AnyShift
from bot.sandbox.sheets.styles import StyleBook
from bot.sandbox.sheets.wire import ApiError, Json, invalid

# As recorded traffic shows a spreadsheet made today.
_WHITE: Json = {"red": 1, "green": 1, "blue": 1}
DEFAULT_FORMAT: Json = {
    "backgroundColor": _WHITE,
    "padding": {"top": 2, "right": 3, "bottom": 2, "left": 3},
    "verticalAlignment": "BOTTOM",
    "wrapStrategy": "OVERFLOW_CELL",
    "textFormat": {
        "foregroundColor": {},
        "fontFamily": "arial,sans,sans-serif",
        "fontSize": 10,
        "bold": False,
        "italic": False,
        "strikethrough": False,
        "underline": False,
        "foregroundColorStyle": {"rgbColor": {}},
    },
    "backgroundColorStyle": {"rgbColor": _WHITE},
}
MAX_CELLS = 10_000_000


def default_properties(title: str, locale: str = "en_US", time_zone: str = "Etc/UTC") -> Json:
    """SpreadsheetProperties of a new file."""
    return {"title": title, "locale": locale, "autoRecalc": "ON_CHANGE", "timeZone": time_zone}


class Workbook:
    """A spreadsheet. `revision` counts its committed changes; `times` are Drive's created and modified."""

    def __init__(
        self,
        spreadsheet_id: str,
        properties: Json,
        styles: StyleBook,
        times: tuple[str, str],
        habits: Habits | None = None,
    ) -> None:
        self.habits = habits or Habits()
        self.id = spreadsheet_id
        self.properties = properties
        self.styles = styles
        self.created, self.modified = times
        self.tabs: list[Tab] = []
        # Developer metadata of the spreadsheet itself.
        self.metadata: list[Json] = []
        # Whom the file is shared with, as Drive tells it, and on whose behalf it is read or changed just now.
        self.permissions: list[Json] = sharing.new_permissions()
        self.caller = sharing.ANYBODY
        self.revision = 0
        self.properties_changed = True
        self.order_changed = True
        self.gone_tabs: set[int] = set()
        self._calculator = self._new_calculator()

    @property
    def title(self) -> str:
        return str(self.properties["title"])

    @property
    def locale(self) -> str:
        return str(self.properties.get("locale", "en_US"))

    @property
    def look(self) -> Look:
        return Look(self.locale, DEFAULT_FORMAT, self.booleans)

    @property
    def booleans(self) -> tuple[str, str]:
        """How TRUE and FALSE read."""
        return boolean_words(self.locale if self.habits.booleans_speak_locale else "en_US")

    @property
    def has_volatile(self) -> bool:
        """Whether time alone changes what the sheet shows."""
        return self._calculator.has_volatile

    def _new_calculator(self) -> Calculator:
        zone = str(self.properties.get("timeZone", "Etc/UTC"))
        return Calculator(zone, self.habits.image_reads_as, self.locale)

    def set_properties(self, properties: Json) -> None:
        self.properties = properties
        self.properties_changed = True
        self._calculator = self._new_calculator()

    def calculate(self, changed: dict[int, list[int]]) -> None:
        """Brings formula results up to date after the given rows (sheet id -> row numbers) changed."""
        if any(tab.changes.order or tab.changes.structure for tab in self.tabs) or self.order_changed:
            self._calculator.forget()
        self._calculator.update(self.tabs, changed)

    # ------------------------------------------------------------ tabs

    def tab(self, sheet_id: int) -> Tab:
        """Raises ApiError (400) when there is no such tab."""
        for tab in self.tabs:
            if tab.sheet_id == sheet_id:
                return tab
        raise invalid(f"No grid with id: {sheet_id}")

    def tab_titled(self, title: str) -> Tab | None:
        """Titles are told apart without regard to case, as in the real service."""
        exact = [tab for tab in self.tabs if tab.title == title]
        loose = [tab for tab in self.tabs if tab.title.lower() == title.lower()]
        return next(iter(exact or loose), None)

    def add_tab(self, tab: Tab, index: int | None = None) -> None:
        self.check_size(tab.row_count * tab.column_count)
        self.tabs.insert(len(self.tabs) if index is None else index, tab)
        self.order_changed = True

    def remove_tab(self, tab: Tab) -> None:
        self.tabs.remove(tab)
        self.gone_tabs.add(tab.sheet_id)
        self.order_changed = True
        self.recalculate_all()

    def recalculate_all(self) -> None:
        """Formulas anywhere may mean something else now."""
        self._calculator.forget()

    def rename_tab(self, tab: Tab, title: str) -> None:
        """Formulas in every tab follow the new title."""
        old = tab.title
        tab.properties = {**tab.properties, "title": title}
        for other in self.tabs:
            for index, row in enumerate(other.rows):
                for formula in row.formulas.values():
                    text = renamed(formula.text, old, title)
                    if text != formula.text:
                        formula.text = text
                        other.touched(index)
        self.recalculate_all()

    def shift(self, tab: Tab, shift: AnyShift, *, rows: bool) -> None:
        """Moves rows or columns of a tab; formulas in every tab follow."""
        if rows:
            tab.shift_rows(shift)
        else:
            tab.shift_columns(shift)
        for other in self.tabs:
            other.shift_formulas(tab, shift, rows=rows)

    def check_width(self) -> None:
        """Raises ApiError when a tab has outgrown the columns there are names for."""
        most = self.habits.most_columns
        if most and any(tab.column_count > most for tab in self.tabs):
            raise invalid(
                f"This action would increase the number of columns above the limit of {most} columns."
            )

    def check_size(self, more_cells: int) -> None:
        """Raises ApiError when the workbook would outgrow Google's limit."""
        if sum(tab.row_count * tab.column_count for tab in self.tabs) + more_cells > MAX_CELLS:
            raise invalid(
                f"This action would increase the number of cells in the workbook above the limit of "
                f"{MAX_CELLS} cells."
            )

    # ------------------------------------------------------------ ranges

    def locate(self, text: str) -> tuple[Tab, OpenRect]:
        """The tab and the cells an A1 text names, ends left open as written.

        Raises ApiError (400) when it names nothing.
        """
        title, rest = split_sheet(text)
        if title is not None:
            tab = self.tab_titled(title)
            cells = parse_cells(rest)
            if tab is not None and cells is not None:
                return tab, cells
            named = self._named(rest)
            # gspread's named_range puts the first tab's title before any name.
            if tab is None or named is None:
                raise _unreadable(text)
            return named
        alone = unquoted(text)
        cells = None if alone else parse_cells(text)
        if cells is not None:
            return self.tabs[0], cells
        tab = self.tab_titled(alone or text)
        if tab is not None:
            return tab, OpenRect()
        named = self._named(text)
        if named is None:
            raise _unreadable(text)
        return named

    def _named(self, name: str) -> tuple[Tab, OpenRect] | None:
        """The cells of a named range; names are told apart without regard to case."""
        for tab in self.tabs:
            for mark in tab.marks["namedRanges"]:
                if mark["name"].lower() == name.lower() and "range" in mark:
                    area = self.grid_range(mark["range"])[1]
                    single = area.height == area.width == 1
                    return tab, OpenRect(area.top, area.left, area.bottom, area.right, single=single)
        return None

    def area(self, text: str) -> tuple[Tab, Rect]:
        """The cells an A1 text names, closed at the grid's ends. Raises ApiError when it starts outside."""
        tab, cells = self.locate(text)
        return tab, closed(tab, cells)

    def grid_range(self, spot: Json) -> tuple[Tab, Rect]:
        """The cells of a GridRange, which must lie on the grid."""
        tab = self.tab(int(spot.get("sheetId", 0)))
        bottom = spot.get("endRowIndex")
        right = spot.get("endColumnIndex")
        rect = Rect(
            int(spot.get("startRowIndex", 0)),
            int(spot.get("startColumnIndex", 0)),
            tab.row_count if bottom is None else int(bottom),
            tab.column_count if right is None else int(right),
        )
        if min(rect.top, rect.left) < 0 or rect.bottom > tab.row_count or rect.right > tab.column_count:
            raise invalid(
                f"GridRange is outside the grid. Max rows: {tab.row_count}, max columns: {tab.column_count}"
            )
        if rect.height <= 0 or rect.width <= 0:
            raise invalid("GridRange is empty: its end must come after its start.")
        return tab, rect

    # ------------------------------------------------------------ cells

    def guard(self, tab: Tab, area: Rect | None = None) -> None:
        """Raises ApiError (400) where the caller may not edit all of the area (or of the tab)."""
        sharing.refuse_closed(self._closed(tab), area or tab.whole)

    def guard_between(self, tab: Tab, at: int, *, rows: bool) -> None:
        """The same for new rows or columns: they may not part a closed block, nor come to a tab that is closed.

        A block that is open to the grid's end grows, as a protected column does with every new row.
        """
        for block, holes in self._closed(tab):
            start, end = (block.top, block.bottom) if rows else (block.left, block.right)
            size = tab.row_count if rows else tab.column_count
            if block == tab.whole or (start < at < end < size):
                sharing.refuse_closed([(block, holes)], block)

    def guard_tab(self, tab: Tab) -> None:
        """The same for what a whole tab is: its title, its place, whether it shows."""
        for block, _ in self._closed(tab):
            if block == tab.whole:
                sharing.refuse_closed([(block, [])], block)

    def _closed(self, tab: Tab) -> list[sharing.Closed]:
        size = (tab.row_count, tab.column_count)
        return sharing.closed(tab.marks["protectedRanges"], size, self.permissions, self.caller)

    def enter(self, tab: Tab, index: int, column: int, entry: Entry) -> None:
        """Puts an entry into a cell; a format typing implies is taken unless the cell has one.

        What is written under a merged block is lost (inferred; the worst case for a client).
        """
        self.guard(tab, Rect(index, column, index + 1, column + 1))
        if tab.covered(index, column):
            return
        row = tab.touched(index)
        style = row.styles.get(column)
        if self.habits.strict_validation and style is not None:
            check_strict(style.validation, entry.value)
        row.set(column, entry.value, entry.formula)
        if entry.number_format and not (style and style.format.get("numberFormat")):
            look: dict[str, Any] = {**(style.format if style else {}), "numberFormat": entry.number_format}
            row.set_style(column, self.styles.of(look, style.validation if style else {}))


def closed(tab: Tab, cells: OpenRect) -> Rect:
    """An open block closed at the grid's ends. Raises ApiError (400) when it starts outside the grid."""
    bottom = tab.row_count if cells.bottom is None else min(cells.bottom, tab.row_count)
    right = tab.column_count if cells.right is None else min(cells.right, tab.column_count)
    if cells.top >= tab.row_count or cells.left >= tab.column_count:
        raise beyond_grid(tab, cells)
    return Rect(cells.top, cells.left, bottom, right)


def beyond_grid(tab: Tab, cells: OpenRect | Rect) -> ApiError:
    """The refusal of a range that lies outside the grid."""
    bottom = cells.top + 1 if cells.bottom is None else cells.bottom
    right = cells.left + 1 if cells.right is None else cells.right
    shown = canonical(tab.title, Rect(cells.top, cells.left, bottom, right))
    return invalid(
        f"Range ({shown}) exceeds grid limits. Max rows: {tab.row_count}, max columns: {tab.column_count}"
    )


def _unreadable(text: str) -> ApiError:
    return invalid(f"Unable to parse range: {text}")


def check_strict(rule: Json, value: Scalar) -> None:
    """Raises ApiError (400) for a value that a strict checkbox or dropdown rule does not list."""
    condition = rule.get("condition", {})
    if value is None or not rule.get("strict") or condition.get("type") not in {"BOOLEAN", "ONE_OF_LIST"}:
        return
    listed = [item.get("userEnteredValue") for item in condition.get("values", [])]
    is_box = condition["type"] == "BOOLEAN" and not listed
    if not (isinstance(value, bool) if is_box else str(value) in listed):
        raise invalid("The data you entered violates the data validation rules set on this cell.")

"""Sub-requests of spreadsheets.batchUpdate that let cells make room for others, or close up.

Only the cells of the band in which things move go along: the columns of the range where cells move up or down, its
rows where they move left or right. What refers to cells of the band alone (formulas, names, protections,
conditional formats, merged blocks) follows them.
"""

from __future__ import annotations

from collections.abc import Callable

from bot.sandbox.sheets.a1 import Rect
from bot.sandbox.sheets.batch_cells import needed
from bot.sandbox.sheets.batch_paste import taken
from bot.sandbox.sheets.batch_rows import is_rows
from bot.sandbox.sheets.followers import shifted_merges
from bot.sandbox.sheets.grid import Cell, Tab
from bot.sandbox.sheets.marks import followed
from bot.sandbox.sheets.references import shifted
from bot.sandbox.sheets.shifts import Deleted, Inserted
from bot.sandbox.sheets.wire import Json, invalid
from bot.sandbox.sheets.workbook import Workbook

_RANGED = ("namedRanges", "protectedRanges", "bandedRanges", "basicFilter")


def insert_range(workbook: Workbook, body: Json) -> Json:
    """New blank cells; those that stood there move down or right. The grid grows rather than lose cells."""
    tab, area = workbook.grid_range(needed(body, "range"))
    rows = is_rows(body.get("shiftDimension"))
    band = _band(tab, area, rows=rows)
    workbook.guard(tab, band)
    if rows:
        used = _last_used(tab, band, rows=True)
        more = max(0, used + area.height - tab.row_count) if used > area.top else 0
        workbook.check_size(more * tab.column_count)
        tab.add_rows(more)
    else:
        used = _last_used(tab, band, rows=False)
        more = max(0, used + area.width - tab.column_count) if used > area.left else 0
        workbook.check_size(more * tab.row_count)
        if more:
            tab.resize_columns(tab.column_count + more)
    band = _band(tab, area, rows=rows)
    cells = taken(tab, band)
    if rows:
        _lay(tab, Rect(area.bottom, area.left, tab.row_count, area.right), cells)
    else:
        _lay(tab, Rect(area.top, area.right, area.bottom, tab.column_count), cells)
    _lay(tab, area, [])
    shift = Inserted(area.top, area.height) if rows else Inserted(area.left, area.width)
    _follow(workbook, tab, area, shift, rows=rows)
    return {}


def delete_range(workbook: Workbook, body: Json) -> Json:
    """The cells are gone; those below or to the right of them close up. The grid keeps its size."""
    tab, area = workbook.grid_range(needed(body, "range"))
    rows = is_rows(body.get("shiftDimension"))
    band = _band(tab, area, rows=rows)
    workbook.guard(tab, band)
    cells = taken(tab, band)
    kept = cells[area.height :] if rows else [line[area.width :] for line in cells]
    _lay(tab, band, kept)
    shift = Deleted(area.top, area.bottom) if rows else Deleted(area.left, area.right)
    _follow(workbook, tab, area, shift, rows=rows)
    return {}


def _band(tab: Tab, area: Rect, *, rows: bool) -> Rect:
    """All cells that move, from the area on. Raises ApiError (400) where that would tear a merged block."""
    right, bottom = (area.right, tab.row_count) if rows else (tab.column_count, area.bottom)
    band = Rect(area.top, area.left, bottom, right)
    for block in tab.merges:
        inside = (
            band.left <= block.left and block.right <= band.right
            if rows
            else band.top <= block.top and block.bottom <= band.bottom
        )
        if block.meets(band) and not inside:
            raise invalid("You must select all cells in a merged range to move them.")
    return band


def _last_used(tab: Tab, band: Rect, *, rows: bool) -> int:
    """Up to where the band holds anything."""
    found = [
        (index if rows else column) + 1
        for index, line in enumerate(taken(tab, band), start=band.top)
        for column, cell in enumerate(line, start=band.left)
        if cell != Cell()
    ]
    return max(found, default=0)


def _lay(tab: Tab, area: Rect, cells: list[list[Cell]]) -> None:
    """Cells put into an area, from its upper left; what they do not reach is blank."""
    for down in range(area.height):
        line = cells[down] if down < len(cells) else []
        row = tab.rows[area.top + down]
        for across in range(area.width):
            cell = line[across] if across < len(line) else Cell()
            column = area.left + across
            if row.cell(column) != cell:
                tab.touched(area.top + down).put(column, cell)


def _follow(workbook: Workbook, tab: Tab, area: Rect, shift: Inserted | Deleted, *, rows: bool) -> None:
    """Whatever speaks of cells of the band alone."""
    band = (area.left, area.right) if rows else (area.top, area.bottom)
    for home in workbook.tabs:
        for index, row in enumerate(home.rows):
            for formula in row.formulas.values():
                text = shifted(
                    formula.text, home=home.title, target=tab.title, rows=rows, shift=shift, band=band
                )
                if text != formula.text:
                    formula.text = text
                    home.touched(index)
    removed = shift.end - shift.start if isinstance(shift, Deleted) else -shift.count
    count = (tab.row_count if rows else tab.column_count) - removed

    def follow(spot: Json) -> Json | None:
        start, end = ("startColumnIndex", "endColumnIndex") if rows else ("startRowIndex", "endRowIndex")
        is_open = ("endRowIndex" if rows else "endColumnIndex") not in spot
        size = tab.column_count if rows else tab.row_count
        inside = band[0] <= spot.get(start, 0) and spot.get(end, size) <= band[1]
        return followed(spot, shift, rows=rows, count=count) if inside and not is_open else spot

    for kind in _RANGED:
        tab.marks[kind] = [_after(kind, mark, follow) for mark in tab.marks[kind]]
        tab.marks[kind] = [mark for mark in tab.marks[kind] if mark]
    tab.filter_views = [view for old in tab.filter_views if (view := _after("filterViews", old, follow))]
    rules = [
        (rule, [moved for spot in rule["ranges"] if (moved := follow(spot))])
        for rule in tab.conditional_formats
    ]
    tab.conditional_formats = [{**rule, "ranges": spots} for rule, spots in rules if spots]
    moving = [block for block in tab.merges if _in_band(block, band, rows=rows)]
    still = [block for block in tab.merges if block not in moving]
    tab.merges = [*still, *shifted_merges(moving, shift, rows=rows)]
    tab.changes.properties = tab.changes.structure = True


def _after(kind: str, mark: Json, follow: Callable[[Json], Json | None]) -> Json:
    """A mark after its cells moved; empty when it has none left, but a name stays taken."""
    if "range" not in mark:
        return mark
    spot = follow(mark["range"])
    if spot is not None:
        return {**mark, "range": spot}
    return {name: value for name, value in mark.items() if name != "range"} if kind == "namedRanges" else {}


def _in_band(block: Rect, band: tuple[int, int], *, rows: bool) -> bool:
    start, end = (block.left, block.right) if rows else (block.top, block.bottom)
    return band[0] <= start and end <= band[1]

"""The Spreadsheet resource: what GET spreadsheet answers, with or without grid data."""

from __future__ import annotations

from collections.abc import Sequence

from bot.sandbox.sheets.a1 import Rect
from bot.sandbox.sheets.celldata import Look, Wish, cell_data
from bot.sandbox.sheets.grid import Row, Tab
from bot.sandbox.sheets.masks import Mask
from bot.sandbox.sheets.sharing import told_protection
from bot.sandbox.sheets.wire import Json
from bot.sandbox.sheets.workbook import DEFAULT_FORMAT, Workbook

ROW_HEIGHT = 21
COLUMN_WIDTH = 100


def spreadsheet(
    workbook: Workbook, mask: Mask, areas: Sequence[tuple[Tab, Rect]] | None, *, grid: bool
) -> Json:
    """The resource cut down to the mask; with areas, only their tabs (and cells) are told."""
    answer: Json = {
        "spreadsheetId": workbook.id,
        "properties": {**workbook.properties, "defaultFormat": DEFAULT_FORMAT},
        "spreadsheetUrl": f"https://docs.google.com/spreadsheets/d/{workbook.id}/edit",
    }
    named_ranges = [mark for tab in workbook.tabs for mark in tab.marks["namedRanges"] if "range" in mark]
    if named_ranges:
        answer["namedRanges"] = named_ranges
    if workbook.metadata:
        answer["developerMetadata"] = workbook.metadata
    if mask.wants("sheets"):
        tabs = workbook.tabs
        if areas is not None:
            named = {tab.sheet_id for tab, _ in areas}
            tabs = [tab for tab in tabs if tab.sheet_id in named]
        answer["sheets"] = [_sheet(workbook, tab, mask.below("sheets"), areas, grid=grid) for tab in tabs]
    return mask.pick(answer)  # type: ignore[no-any-return]


def _sheet(
    workbook: Workbook, tab: Tab, mask: Mask, areas: Sequence[tuple[Tab, Rect]] | None, *, grid: bool
) -> Json:
    answer: Json = {"properties": sheet_properties(workbook, tab)}
    if grid:
        rects = [tab.whole] if areas is None else [rect for other, rect in areas if other is tab]
        answer["data"] = [_grid_data(tab, rect, mask.below("data"), workbook.look) for rect in rects]
    lists: dict[str, list[Json]] = {
        "merges": [grid_range_of(tab, block) for block in tab.merges],
        "conditionalFormats": tab.conditional_formats,
        "filterViews": tab.filter_views,
        "protectedRanges": [
            told_protection(mark, workbook.permissions, workbook.caller)
            for mark in tab.marks["protectedRanges"]
        ],
        "bandedRanges": tab.marks["bandedRanges"],
        "developerMetadata": [
            mark for mark in tab.marks["developerMetadata"] if "sheetId" in mark["location"]
        ],
        "rowGroups": tab.row_groups,
        "columnGroups": tab.column_groups,
    }
    answer |= {name: found for name, found in lists.items() if found}
    if tab.marks["basicFilter"]:
        answer["basicFilter"] = tab.marks["basicFilter"][0]
    return answer


def grid_range_of(tab: Tab, block: Rect) -> Json:
    """A block of cells as GridRange."""
    return {
        "sheetId": tab.sheet_id,
        "startRowIndex": block.top,
        "endRowIndex": block.bottom,
        "startColumnIndex": block.left,
        "endColumnIndex": block.right,
    }


def sheet_properties(workbook: Workbook, tab: Tab) -> Json:
    """SheetProperties; `sheetId` and `index` are told even when they are 0 (recorded traffic)."""
    grid = {
        "rowCount": tab.row_count,
        "columnCount": tab.column_count,
        **tab.properties["gridProperties"],
    }
    index = workbook.tabs.index(tab)
    return {"sheetId": tab.sheet_id, "index": index, **tab.properties, "gridProperties": grid}


def _grid_data(tab: Tab, rect: Rect, mask: Mask, look: Look) -> Json:
    data: Json = {}
    if rect.top:
        data["startRow"] = rect.top
    if rect.left:
        data["startColumn"] = rect.left
    if mask.wants("rowData"):
        cells = Wish.of(mask.below("rowData", "values"))
        lines = [
            row_cells(row, cells, look, rect.left, rect.right) for row in tab.rows[rect.top : rect.bottom]
        ]
        while lines and not lines[-1]:
            lines.pop()
        if lines:
            data["rowData"] = [{"values": line} if line else {} for line in lines]
    if mask.wants("rowMetadata"):
        data["rowMetadata"] = [
            {"pixelSize": ROW_HEIGHT, **tab.row_settings.get(at, {}), **_tags(tab, "ROWS", at)}
            for at in range(rect.top, rect.bottom)
        ]
    if mask.wants("columnMetadata"):
        data["columnMetadata"] = [
            {"pixelSize": COLUMN_WIDTH, **tab.column_settings.get(at, {}), **_tags(tab, "COLUMNS", at)}
            for at in range(rect.left, rect.right)
        ]
    return data


def _tags(tab: Tab, dimension: str, at: int) -> Json:
    """Developer metadata of one row or column."""
    found = []
    for mark in tab.marks["developerMetadata"]:
        spot = mark["location"].get("dimensionRange")
        if spot is not None and (spot["dimension"], spot["startIndex"]) == (dimension, at):
            found.append(mark)
    return {"developerMetadata": found} if found else {}


def row_cells(row: Row, wish: Wish, look: Look, left: int, right: int) -> list[Json]:
    """The row's cells as CellData, trailing empty ones left out."""
    last = max((len(row.values) - 1, *row.formulas, *row.styles, *row.notes, *row.runs))
    cells = [cell_data(row, column, wish, look) for column in range(left, min(right, last + 1))]
    while cells and not cells[-1]:
        cells.pop()
    return cells

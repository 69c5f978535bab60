"""Copies of whole tabs, within a spreadsheet or into another one, and of whole spreadsheets."""

from __future__ import annotations

from copy import deepcopy

from bot.sandbox.sheets.batch_tabs import check_title, free_id
from bot.sandbox.sheets.grid import Tab
from bot.sandbox.sheets.resources import sheet_properties
from bot.sandbox.sheets.wire import Json, invalid
from bot.sandbox.sheets.workbook import Workbook


def duplicate_sheet(workbook: Workbook, body: Json) -> Json:
    """Right before `insertSheetIndex`; a wished id that exists is refused."""
    source = workbook.tab(int(body.get("sourceSheetId", 0)))
    taken = {tab.sheet_id for tab in workbook.tabs}
    wished = body.get("newSheetId")
    if wished in taken:
        raise invalid(f"Sheet with ID {wished} already exists. Please use a different ID.")
    title = body.get("newSheetName") or _copy_title(workbook, source.title)
    check_title(workbook, title, None)
    copy = copied_tab(source, free_id(taken) if wished is None else int(wished), title)
    _take_metadata(workbook, source, copy)
    workbook.add_tab(copy, int(body.get("insertSheetIndex", 0)))
    return {"duplicateSheet": {"properties": sheet_properties(workbook, copy)}}


def copy_into(source: Tab, other: Workbook) -> Json:
    """A tab put last into another spreadsheet; the answer is its properties."""
    number = free_id({tab.sheet_id for tab in other.tabs})
    copy = copied_tab(source, number, _copy_title(other, source.title))
    _take_metadata(other, source, copy)
    other.add_tab(copy)
    return sheet_properties(other, copy)


def _take_metadata(workbook: Workbook, source: Tab, copy: Tab) -> None:
    """Developer metadata goes along under ids of its own, where that is the service's habit."""
    if not workbook.habits.copies_take_metadata:
        return
    found = deepcopy(source.marks["developerMetadata"])
    taken = {mark["metadataId"] for tab in workbook.tabs for mark in tab.marks["developerMetadata"]}
    for mark in found:
        mark["metadataId"] = free_id({0, *taken})
        spot = mark["location"].get("dimensionRange", mark["location"])
        spot["sheetId"] = copy.sheet_id
    copy.marks["developerMetadata"] = found


def copied_tab(source: Tab, sheet_id: int, title: str) -> Tab:
    """All that belongs to a tab. Names stay with the original (not documented)."""
    copy = Tab(sheet_id, title, 0, source.column_count)
    copy.properties = {**deepcopy(source.properties), "title": title}
    copy.next_key = source.next_key
    # Styles are shared and never changed in place.
    copy.rows = [
        type(row)(
            row.key,
            list(row.values),
            deepcopy(row.formulas),
            dict(row.styles),
            dict(row.notes),
            deepcopy(row.runs),
        )
        for row in source.rows
    ]
    copy.row_settings, copy.column_settings = deepcopy(source.row_settings), deepcopy(source.column_settings)
    copy.merges = list(source.merges)
    for name in ("conditional_formats", "filter_views", "row_groups", "column_groups"):
        setattr(copy, name, _readdressed(getattr(source, name), sheet_id))
    for kind in ("protectedRanges", "bandedRanges", "basicFilter"):
        copy.marks[kind] = _readdressed(source.marks[kind], sheet_id)
    copy.changes.rows = {row.key: row for row in copy.rows if not row.is_blank}
    copy.changes.order = copy.changes.properties = copy.changes.structure = True
    return copy


def _copy_title(workbook: Workbook, title: str) -> str:
    """`Copy of …`, with a number where that is taken."""
    wished, number = f"Copy of {title}", 2
    while workbook.tab_titled(wished):
        wished, number = f"Copy of {title} {number}", number + 1
    return wished


def _readdressed(found: list[Json], sheet_id: int) -> list[Json]:
    """The same on another tab, with ids of their own."""
    copies = deepcopy(found)
    for one in copies:
        for spot in (one.get("range"), *one.get("ranges", [])):
            if spot is not None:
                spot["sheetId"] = sheet_id
        for name in ("filterViewId", "protectedRangeId", "bandedRangeId"):
            if name in one:
                one[name] = free_id(set())
    return copies

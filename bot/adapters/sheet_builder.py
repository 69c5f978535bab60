"""Makes a tab ready: robot columns at the right edge, checkboxes, dropdowns, notes, colours, a Control tab.

Everything goes in one atomic request, so a half-built sheet cannot arise; what is there already is left
as it is, so building twice changes nothing.
"""

from __future__ import annotations

import difflib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from bot.adapters.cell_requests import typed_cells
from bot.adapters.column_builder import ColumnBuilder, Request
from bot.adapters.control_builder import control_building, free_id, log_requests
from bot.adapters.google_account import GoogleSheets, SheetUnavailableError
from bot.adapters.google_sheet import CONTROL_TAB, LOG_TAB, Workbook, values_of
from bot.domain.cells import Cell
from bot.domain.control import Place
from bot.domain.failures import Failure, FailureClass
from bot.domain.header_doctor import Diagnosis, NearMiss, examine
from bot.domain.templates.template import Template

_ROWS_LOOKED_AT = 10
"""The header, and below it rules, another header under notes, and what people keep in columns of their own."""

_NEW_TAB: Request = {"properties": {"gridProperties": {"rowCount": 1000, "columnCount": 26}}}


@dataclass(frozen=True, slots=True)
class Building:
    """What would be added, in words, and the one request that adds it."""

    additions: tuple[str, ...]
    requests: tuple[Request, ...]
    diagnosis: Diagnosis = field(default_factory=Diagnosis)
    remarks: tuple[str, ...] = ()
    """What is not added, and why."""


def survey(
    sheets: GoogleSheets, workbook: Workbook, tab: str, template: Template, renames: Sequence[NearMiss] = ()
) -> Building:
    """Looks at a tab and lists what it lacks; headers that were only misspelled are put right on request.

    Raises SheetUnavailableError when it cannot be read.
    """
    place = workbook.tabs.get(tab, free_id(workbook, 760_001))
    sheet = _look(sheets, workbook, tab) if tab in workbook.tabs else _new_tab(workbook, tab)
    rows = [_values(row) for row in sheet.get("data", [{}])[0].get("rowData") or []]
    diagnosis = examine(rows, template.contract, workbook.header_row)
    header = list(rows[0]) if rows else []
    for one in renames:
        header[one.place] = one.meant
    added, requests = ColumnBuilder(place, header, sheet, template, workbook.header_row).building()
    if renames:
        added.insert(0, "the names " + ", ".join(f'"{one.meant}" for "{one.shown}"' for one in renames))
        requests[:0] = [
            typed_cells(place, Place(workbook.header_row, one.place), [[one.meant]]) for one in renames
        ]
    if sheet is _NEW_TAB:
        added.insert(0, f'the tab "{tab}"')
        requests.insert(
            0, {"addSheet": {"properties": {"sheetId": place, "title": tab, **_NEW_TAB["properties"]}}}
        )
    control = values_of(sheets, workbook, CONTROL_TAB)
    of_control, board = control_building(workbook, control, [(tab, place)])
    added += of_control
    requests += board
    if LOG_TAB not in workbook.tabs:
        added.append(f'the tab "{LOG_TAB}"')
        requests += log_requests(workbook)
    return Building(tuple(added), tuple(requests), diagnosis, tuple(_remarks(workbook)))


def _remarks(workbook: Workbook) -> Iterator[str]:
    if LOG_TAB in workbook.tabs and workbook.own_log is None:
        yield (
            f'The tab "{LOG_TAB}" is yours: the robot leaves it alone, and keeps no log in this spreadsheet. '
            "To have one, give yours another name and run rowreel init again."
        )


def _new_tab(workbook: Workbook, tab: str) -> Request:
    near = difflib.get_close_matches(tab, workbook.tabs, 1, 0.7)
    if near:
        raise SheetUnavailableError(f'"{workbook.title}" has no tab "{tab}". Did you mean "{near[0]}"?')
    return _NEW_TAB


def _look(sheets: GoogleSheets, workbook: Workbook, tab: str) -> Request:
    fields = (
        "sheets(properties(sheetId,gridProperties(rowCount,columnCount)),"
        "filterViews(filterViewId,title,filterSpecs(columnIndex)),"
        "conditionalFormats(ranges,booleanRule(condition(values))),"
        "data.rowData.values(effectiveValue,note,dataValidation(condition(type))))"
    )
    quoted = tab.replace("'", "''")
    first = workbook.header_row
    params = {"fields": fields, "ranges": f"'{quoted}'!{first}:{first + _ROWS_LOOKED_AT - 1}"}
    said = sheets.request("get", workbook.spreadsheet, params, None)
    if isinstance(said, Failure):
        raise SheetUnavailableError(f"The tab cannot be read: {said.detail}", said)
    found: Request = said["sheets"][0]
    return found


def _values(row: Request) -> list[Cell]:
    return [next(iter(cell.get("effectiveValue", {}).values()), None) for cell in row.get("values", [])]


def build(sheets: GoogleSheets, workbook: Workbook, building: Building) -> None:
    """Adds everything in one atomic request. Raises SheetUnavailableError when it is refused."""
    if not building.requests:
        return
    body = {"requests": list(building.requests)}
    said = sheets.request("post", f"{workbook.spreadsheet}:batchUpdate", {"fields": "spreadsheetId"}, body)
    who = sheets.address or "the robot's account"
    if isinstance(said, Failure) and "protected" in said.detail:
        raise SheetUnavailableError(
            f'A part of "{workbook.title}" is protected, so nothing was added. Let {who} edit it: Data, Protect sheets '
            "and ranges. Then run rowreel init again.",
            said,
        )
    if isinstance(said, Failure) and said.kind is FailureClass.DENIED:
        # It could be read a moment ago.
        raise SheetUnavailableError(
            f'"{workbook.title}" is shared, but only to look at. Share it with {who} as editor.', said
        )
    if isinstance(said, Failure):
        raise SheetUnavailableError(f"The sheet could not be prepared: {said.detail}")

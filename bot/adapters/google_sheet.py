"""One tab of a Google spreadsheet.

Reads address the tab by its numeric id, so a rename is harmless. Writes are one atomic batchUpdate with
typed values, which Google never parses, and bring back the ids beside the written cells.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import tzinfo
from itertools import groupby
from typing import Any
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from bot.adapters.google_account import GoogleSheets, SheetUnavailableError
from bot.domain.cells import Cell, Formula, Written, cell_text, column_letters, fold, is_ticked
from bot.domain.control import Place
from bot.domain.failures import Failure, FailureClass, ProblemCode
from bot.domain.ids import TabKey
from bot.planner.actions import CellEdit
from bot.ports import NOTHING_BESIDE, Beside, Reading, Receipt, Target

_IN_URL = re.compile(r"/spreadsheets/d/([a-zA-Z0-9_-]+)")
_EDITS_A_REQUEST = 6000
"""About 0.9 MB of JSON."""

CONTROL_TAB = "Control"
LOG_TAB = "Log"
_ANSWER_MASK = "updatedSpreadsheet.sheets(properties.sheetId,data(startRow,rowData.values.effectiveValue))"
_NO_RECEIPT = Receipt((), frozenset())


def spreadsheet_id(address: str) -> str:
    """The id inside a spreadsheet's address, or the address itself when it already is an id."""
    found = _IN_URL.search(address)
    return found[1] if found else address.strip()


@dataclass(frozen=True, slots=True)
class Workbook:
    """What a spreadsheet says of itself."""

    spreadsheet: str
    title: str
    zone: tzinfo
    tabs: Mapping[str, int]
    """Numeric ids by tab title."""


def look_at(sheets: GoogleSheets, address: str) -> Workbook:
    """Titles, ids and time zone. Raises SheetUnavailableError, with the fix, when it cannot be opened."""
    key = spreadsheet_id(address)
    fields = "properties(title,timeZone),sheets.properties(sheetId,title)"
    said = sheets.request("get", key, {"fields": fields}, None)
    if isinstance(said, Failure):
        raise SheetUnavailableError(_advice(said, key, sheets.address))
    properties = said.get("properties", {})
    try:
        zone: tzinfo = ZoneInfo(properties.get("timeZone", "Etc/UTC"))
    except (ZoneInfoNotFoundError, ValueError):
        zone = ZoneInfo("Etc/UTC")
    tabs = {one["properties"]["title"]: one["properties"]["sheetId"] for one in said.get("sheets", [])}
    return Workbook(key, properties.get("title", ""), zone, tabs)


def values_of(sheets: GoogleSheets, workbook: Workbook, title: str) -> list[list[Cell]] | None:
    """All values of a tab by title; None when there is none. Raises SheetUnavailableError when it cannot be read."""
    if title not in workbook.tabs:
        return None
    reading = GoogleTab(sheets, workbook, title).read()
    if isinstance(reading, Failure):
        raise SheetUnavailableError(f"The tab cannot be read: {reading.detail}")
    return [list(line) for line in reading.values]


def _advice(failure: Failure, key: str, address: str | None) -> str:
    match failure.kind, failure.code:
        case FailureClass.DENIED, _ if address:
            return f"The spreadsheet is not shared with the robot. Share it, as editor, with {address}."
        case FailureClass.DENIED, _:
            return f"The spreadsheet {key} refuses access. Share it with the robot's account as editor."
        case FailureClass.REJECTED, _:
            return f"There is no spreadsheet {key}. Check the address in [[sheets]] spreadsheet."
        case _:
            return (
                f"The spreadsheet cannot be reached: {failure.detail}. Check the network and google.base_url."
            )


class GoogleTab:
    """One tab, as the core sees it."""

    def __init__(self, sheets: GoogleSheets, workbook: Workbook, tab: str) -> None:
        """Raises SheetUnavailableError when the spreadsheet has no such tab."""
        if tab not in workbook.tabs:
            listed = ", ".join(f'"{title}"' for title in workbook.tabs)
            raise SheetUnavailableError(f'"{workbook.title}" has no tab "{tab}". Its tabs: {listed}.')
        self._sheets = sheets
        self._workbook = workbook
        self._title = tab
        self._control = workbook.tabs.get(CONTROL_TAB)
        self._log = workbook.tabs.get(LOG_TAB)
        self._key = TabKey(workbook.spreadsheet, workbook.tabs[tab])

    @property
    def key(self) -> TabKey:
        return self._key

    @property
    def zone(self) -> tzinfo:
        return self._workbook.zone

    def read(self) -> Reading | Failure:
        wanted = [self._key.tab, *([self._control] if self._control is not None else [])]
        body = {
            "dataFilters": [{"gridRange": {"sheetId": tab}} for tab in wanted],
            "majorDimension": "ROWS",
            "valueRenderOption": "UNFORMATTED_VALUE",
            "dateTimeRenderOption": "SERIAL_NUMBER",
        }
        said = self._sheets.request(
            "post", f"{self._key.spreadsheet}/values:batchGetByDataFilter", None, body
        )
        if isinstance(said, Failure):
            return self._surveyed(said)
        try:
            found = {_grid_of(one): one["valueRange"] for one in said["valueRanges"]}
            mine = found[self._key.tab]
            self._title = _title_in(mine["range"])
            control = found.get(self._control) if self._control is not None else None
            return Reading(
                self._title,
                mine.get("values", []),
                control.get("values", []) if control is not None else None,
            )
        except (KeyError, IndexError, TypeError, AttributeError) as error:
            return Failure(FailureClass.MALFORMED, ProblemCode.NET, f"values without a range: {error!r}")

    def _surveyed(self, failure: Failure) -> Failure:
        """After a refused request: which of our tabs are still there? A deleted Control must not stop the rows."""
        if failure.kind is not FailureClass.REJECTED:
            return failure
        try:
            tabs = look_at(self._sheets, self._key.spreadsheet).tabs
        except SheetUnavailableError as error:
            return replace(failure, detail=str(error))
        self._control, self._log = tabs.get(CONTROL_TAB), tabs.get(LOG_TAB)
        if self._key.tab not in tabs.values():
            detail = f'the tab "{self._title}" was deleted; undo that, or take it out of bot.toml'
            return Failure(FailureClass.REJECTED, ProblemCode.HEADER, detail)
        return failure

    def write(
        self, edits: Sequence[CellEdit], target: Target, beside: Beside = NOTHING_BESIDE
    ) -> Receipt | Failure:
        """One request, but for a first look at thousands of rows: Google advises bodies below two megabytes."""
        receipt = _NO_RECEIPT
        parts = _parts(sorted(edits, key=lambda edit: (edit.row_number, edit.column)))
        for number, part in enumerate(parts):
            is_last = number == len(parts) - 1
            said = self._write_part(part, target, beside if is_last else NOTHING_BESIDE)
            if isinstance(said, Failure):
                return self._surveyed(said)
            receipt = Receipt(
                receipt.misplaced + said.misplaced, receipt.emptied | said.emptied, said.columns_moved
            )
            if receipt.columns_moved:
                break
        return receipt

    def _write_part(self, edits: Sequence[CellEdit], target: Target, beside: Beside) -> Receipt | Failure:
        changes = [_update(self._key.tab, run) for run in _runs(edits)]
        if self._control is not None:
            changes += [typed_cells(self._control, edit.place, [[edit.value]]) for edit in beside.board]
        if self._log is not None and beside.log is not None:
            changes.append(typed_cells(self._log, Place(2, 0), beside.log))
        if not changes:
            return _NO_RECEIPT
        body: dict[str, Any] = {"requests": changes}
        fields = "spreadsheetId"
        if edits:
            first, last = edits[0].row_number, edits[-1].row_number
            body["includeSpreadsheetInResponse"] = True
            body["responseRanges"] = [
                *(self._range(column, first, last) for column in (target.row_id, *target.boxes)),
                f"{self._quoted}!1:1",
            ]
            fields = _ANSWER_MASK
        said = self._sheets.request("post", f"{self._key.spreadsheet}:batchUpdate", {"fields": fields}, body)
        if isinstance(said, Failure):
            return said
        return _receipt(said, edits, target) if edits else _NO_RECEIPT

    def _range(self, column: int, first: int, last: int) -> str:
        letters = column_letters(column)
        return f"{self._quoted}!{letters}{first}:{letters}{last}"

    @property
    def _quoted(self) -> str:
        doubled = self._title.replace("'", "''")
        return f"'{doubled}'"


def _parts(ordered: Sequence[CellEdit]) -> list[Sequence[CellEdit]]:
    """Cuts very many edits between rows; at least one part, so that a lone heartbeat goes out too."""
    parts: list[Sequence[CellEdit]] = []
    start = 0
    while len(ordered) - start > _EDITS_A_REQUEST:
        end = start + _EDITS_A_REQUEST
        while end < len(ordered) and ordered[end].row_number == ordered[end - 1].row_number:
            end += 1
        parts.append(ordered[start:end])
        start = end
    parts.append(ordered[start:])
    return parts


def _runs(ordered: Iterable[CellEdit]) -> Iterator[list[CellEdit]]:
    """Edits of neighbouring cells, row by row: fewer and smaller requests."""
    for _, row in groupby(ordered, key=lambda edit: edit.row_number):
        run: list[CellEdit] = []
        for edit in row:
            if run and edit.column != run[-1].column + 1:
                yield run
                run = []
            run.append(edit)
        yield run


def _update(tab: int, run: Sequence[CellEdit]) -> dict[str, Any]:
    return typed_cells(tab, Place(run[0].row_number, run[0].column), [[edit.value for edit in run]])


def _grid_of(matched: Mapping[str, Any]) -> int:
    """Which of the asked grids an answer is; the id 0 may be left out (proto3 JSON)."""
    return int(matched["dataFilters"][0].get("gridRange", {}).get("sheetId", 0))


def typed_cells(tab: int, corner: Place, lines: Iterable[Iterable[Written]]) -> dict[str, Any]:
    """The request that writes these lines from a corner on, each value with its own type."""
    return {
        "updateCells": {
            "start": {"sheetId": tab, "rowIndex": corner.row - 1, "columnIndex": corner.column},
            "rows": [{"values": [_typed(value) for value in line]} for line in lines],
            "fields": "userEnteredValue",
        }
    }


def rgb(colour: str) -> dict[str, float]:
    """`#RRGGBB` as the API spells colours."""
    red, green, blue = (int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5))
    return {"red": red, "green": green, "blue": blue}


def _typed(value: Written) -> dict[str, Any]:
    """CellData with an explicit type: Google parses nothing of it (Sheets API, ExtendedValue)."""
    match value:
        case None:
            return {}
        case Formula(text):
            return {"userEnteredValue": {"formulaValue": text}}
        case bool():
            return {"userEnteredValue": {"boolValue": value}}
        case int() | float():
            return {"userEnteredValue": {"numberValue": value}}
        case str():
            return {"userEnteredValue": {"stringValue": value}}


def _receipt(said: Mapping[str, Any], edits: Sequence[CellEdit], target: Target) -> Receipt:
    """Compares the ids and the header the answer shows with those the edits were meant for."""
    found = {
        sheet["properties"]["sheetId"]: sheet.get("data", [])
        for sheet in said.get("updatedSpreadsheet", {}).get("sheets", [])
    }
    blocks: list[dict[str, Any]] = next((data for data in found.values() if data), [])
    if len(blocks) != 2 + len(target.boxes):
        return _NO_RECEIPT
    ids, *boxes = [_column(block) for block in blocks[:-1]]
    if not _is_below(target, _first_line(blocks[-1]), edits):
        return Receipt((), frozenset(), columns_moved=True)
    meant = {edit.row_number: edit.record for edit in edits if edit.record is not None}
    right = {number: record for number, record in meant.items() if cell_text(ids.get(number)) == record}
    emptied = frozenset(
        (record, column)
        for column, cells in zip(target.boxes, boxes, strict=True)
        for number, record in right.items()
        if not is_ticked(cells.get(number))
    )
    misplaced = tuple(record for number, record in meant.items() if number not in right)
    return Receipt(misplaced, emptied)


def _first_line(block: Mapping[str, Any]) -> list[str]:
    cells = (block.get("rowData") or [{}])[0].get("values", [])
    return [fold(cell_text(next(iter(cell.get("effectiveValue", {}).values()), None))) for cell in cells]


def _is_below(target: Target, header: Sequence[str], edits: Iterable[CellEdit]) -> bool:
    """Whether the cells written and compared stand below the headers they were meant for."""
    places = {target.row_id, *target.boxes, *(edit.column for edit in edits)}
    meant = [fold(cell_text(cell)) for cell in target.header]
    return all(
        place >= len(meant) or meant[place] == (header[place] if place < len(header) else "")
        for place in places
    )


def _column(block: Mapping[str, Any]) -> dict[int, Cell]:
    start = int(block.get("startRow", 0)) + 1
    cells: dict[int, Cell] = {}
    for number, row in enumerate(block.get("rowData", []), start=start):
        value = (row.get("values") or [{}])[0].get("effectiveValue", {})
        cells[number] = next(iter(value.values()), None)
    return cells


def _title_in(found: str) -> str:
    """The tab's title in a canonical range such as `'My tab'!A1:Z1000`."""
    title = found.rpartition("!")[0] or found
    if title.startswith("'") and title.endswith("'"):
        return title[1:-1].replace("''", "'")
    return title

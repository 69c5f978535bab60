"""The v4 methods: what each path and verb does, apart from the wire.

A Call is a request with its path already taken apart; a method answers JSON or raises ApiError.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import TypeAlias
from urllib.parse import unquote

from bot.sandbox.sheets import api_filters, batch, values
from bot.sandbox.sheets.a1 import Rect
from bot.sandbox.sheets.batch_cells import write_cell
from bot.sandbox.sheets.batch_copies import copy_into
from bot.sandbox.sheets.batch_tabs import new_tab
from bot.sandbox.sheets.calls import Call
from bot.sandbox.sheets.celldata import WRITABLE
from bot.sandbox.sheets.grid import Tab
from bot.sandbox.sheets.masks import Mask, parse
from bot.sandbox.sheets.resources import spreadsheet
from bot.sandbox.sheets.sharing import let_in
from bot.sandbox.sheets.styles import StyleBook
from bot.sandbox.sheets.values import InsertOption, Reading, choice
from bot.sandbox.sheets.wire import Json, invalid, not_found, without_nulls
from bot.sandbox.sheets.workbook import Workbook, default_properties


@dataclass(frozen=True, slots=True)
class Method:
    """A method of the service, its name in the discovery document, and which quota it is charged to."""

    name: str
    answer: Callable[[Call], Json]
    writes: bool = False
    # Whether it changes the spreadsheet that its path names.
    edits: bool = True


Route: TypeAlias = tuple[str, str]


def create(call: Call) -> Json:
    """A spreadsheet from a body that may name properties, tabs and cells."""
    body = without_nulls(call.body)
    properties = {**default_properties("Untitled spreadsheet"), **body.get("properties", {})}
    properties.pop("defaultFormat", None)
    draft = Workbook("", properties, StyleBook(), ("", ""))
    sheets: list[Json] = body.get("sheets") or [{"properties": {"sheetId": 0, "title": "Sheet1"}}]
    for sheet in sheets:
        draft.add_tab(new_tab(draft, sheet.get("properties", {})))
    with call.library.lock:
        workbook = call.library.create(properties, draft.tabs, caller=call.caller)
        with call.library.change(workbook.id):
            for tab, sheet in zip(workbook.tabs, sheets, strict=True):
                for data in sheet.get("data", []):
                    _fill(workbook, tab, data)
        return spreadsheet(workbook, Mask(), None, grid=False)


def _fill(workbook: Workbook, tab: Tab, data: Json) -> None:
    everything = Mask({name: Mask() for name in WRITABLE})
    top, left = data.get("startRow", 0), data.get("startColumn", 0)
    for index, line in enumerate(data.get("rowData", []), start=top):
        for column, cell in enumerate(line.get("values", []), start=left):
            if index >= tab.row_count or column >= tab.column_count:
                raise invalid("Cell data lies outside the grid.")
            write_cell(workbook, tab, index, column, cell, everything)


def get(call: Call) -> Json:
    with call.library.lock:
        workbook = call.library.open(call.spreadsheet_id)
        fields = call.get("fields")
        # With a mask, the mask alone decides about grid data.
        mask = parse(fields)
        grid = mask.wants("sheets", "data") if fields else call.says("includeGridData")
        return spreadsheet(workbook, mask, _areas(workbook, call.all("ranges")), grid=grid)


def _areas(workbook: Workbook, texts: list[str]) -> list[tuple[Tab, Rect]] | None:
    return [workbook.area(text) for text in texts] if texts else None


def batch_update(call: Call) -> Json:
    body = without_nulls(call.body)
    fields = call.get("fields")
    mask = parse(fields)
    with call.library.lock:
        with call.library.change(call.spreadsheet_id) as workbook:
            replies = batch.apply(workbook, _flat(body.get("requests") or []))
        answer: Json = {"spreadsheetId": workbook.id, "replies": replies}
        if body.get("includeSpreadsheetInResponse"):
            below = mask.below("updatedSpreadsheet") if fields else mask
            grid = bool(body.get("responseIncludeGridData"))
            if fields:
                grid = mask.wants("updatedSpreadsheet", "sheets", "data")
            areas = _areas(workbook, body.get("responseRanges") or [])
            if mask.wants("updatedSpreadsheet"):
                answer["updatedSpreadsheet"] = spreadsheet(workbook, below, areas, grid=grid)
    return answer


def _flat(requests: list[Json | list[Json]]) -> list[Json]:
    """A list within the list counts as its items: pygsheets sends such, and it works (inferred)."""
    return [one for request in requests for one in (request if isinstance(request, list) else [request])]


# ---------------------------------------------------------------- values


def values_get(call: Call) -> Json:
    with call.library.lock:
        workbook = call.library.open(call.spreadsheet_id)
        return values.read(workbook, call.range, Reading.of(call.get))


def values_batch_get(call: Call) -> Json:
    with call.library.lock:
        workbook = call.library.open(call.spreadsheet_id)
        how = Reading.of(call.get)
        read = [values.read(workbook, text, how) for text in call.all("ranges")]
        return {"spreadsheetId": workbook.id, "valueRanges": read}


def values_update(call: Call) -> Json:
    option = values.input_option(call.get("valueInputOption"))
    rows = values.rows_of(call.body, "data")
    reading = Reading.of(call.get, "response") if call.says("includeValuesInResponse") else None
    with call.library.lock:
        with call.library.change(call.spreadsheet_id) as workbook:
            _check_same_range(workbook, call)
            written = values.write(workbook, call.range, rows, option)
        return written.answer(workbook, reading)


def _check_same_range(workbook: Workbook, call: Call) -> None:
    named = call.body.get("range")
    if named and workbook.locate(str(named)) != workbook.locate(call.range):
        raise invalid(
            f"Requested writing within range [{call.range}], but the body names the range [{named}]."
        )


def values_batch_update(call: Call) -> Json:
    option = values.input_option(call.from_body("valueInputOption"))
    reading = None
    if call.body.get("includeValuesInResponse"):
        reading = Reading.of(call.from_body, "response")
    with call.library.lock:
        with call.library.change(call.spreadsheet_id) as workbook:
            written = [
                values.write(
                    workbook, str(data.get("range") or ""), values.rows_of(data, f"data[{at}]"), option
                )
                for at, data in enumerate(call.body.get("data") or [])
            ]
        answers = [each.answer(workbook, reading) for each in written]
    counts = {
        "totalUpdatedRows": sum(each.rows for each in written),
        "totalUpdatedColumns": sum(each.columns for each in written),
        "totalUpdatedCells": sum(each.cells for each in written),
        "totalUpdatedSheets": len({each.tab.sheet_id for each in written}),
    }
    shown = {name: count for name, count in counts.items() if count}
    return {"spreadsheetId": workbook.id, **shown, "responses": answers}


def values_append(call: Call) -> Json:
    option = values.input_option(call.get("valueInputOption"))
    insert = choice(InsertOption, "insert_data_option", call.get("insertDataOption"), InsertOption.OVERWRITE)
    rows = values.rows_of(call.body, "data")
    reading = Reading.of(call.get, "response") if call.says("includeValuesInResponse") else None
    with call.library.lock:
        with call.library.change(call.spreadsheet_id) as workbook:
            appended = values.append(workbook, call.range, rows, option, insert)
        return appended.answer(workbook, reading)


def values_clear(call: Call) -> Json:
    with call.library.change(call.spreadsheet_id) as workbook:
        return {"spreadsheetId": workbook.id, "clearedRange": values.clear(workbook, call.range)}


def values_batch_clear(call: Call) -> Json:
    with call.library.change(call.spreadsheet_id) as workbook:
        cleared = [values.clear(workbook, str(text)) for text in call.body.get("ranges") or []]
        return {"spreadsheetId": workbook.id, "clearedRanges": cleared}


def copy_to(call: Call) -> Json:
    """A tab copied into another spreadsheet, or into its own."""
    with call.library.lock:
        source = call.library.open(call.spreadsheet_id)
        found = [tab for tab in source.tabs if str(tab.sheet_id) == call.part]
        if not found:
            raise not_found()
        destination = str(call.body.get("destinationSpreadsheetId") or "")
        let_in(call.library.open(destination).permissions, call.caller, writes=True)
        with call.library.change(destination) as other:
            return copy_into(found[0], other)


# (verb, what follows the id): a range is written as {range}.
METHODS: Mapping[Route, Method] = {
    ("POST", ""): Method("spreadsheets.create", create, writes=True),
    ("GET", "{id}"): Method("spreadsheets.get", get),
    ("POST", "{id}:batchUpdate"): Method("spreadsheets.batchUpdate", batch_update, writes=True),
    ("GET", "{id}/values/{range}"): Method("spreadsheets.values.get", values_get),
    ("PUT", "{id}/values/{range}"): Method("spreadsheets.values.update", values_update, writes=True),
    ("POST", "{id}/values/{range}:append"): Method("spreadsheets.values.append", values_append, writes=True),
    ("POST", "{id}/values/{range}:clear"): Method("spreadsheets.values.clear", values_clear, writes=True),
    ("GET", "{id}/values:batchGet"): Method("spreadsheets.values.batchGet", values_batch_get),
    ("POST", "{id}/values:batchUpdate"): Method(
        "spreadsheets.values.batchUpdate", values_batch_update, writes=True
    ),
    ("POST", "{id}/values:batchClear"): Method(
        "spreadsheets.values.batchClear", values_batch_clear, writes=True
    ),
    # A POST that reads; that it is charged as a read is assumed, not documented.
    ("POST", "{id}/values:batchGetByDataFilter"): Method(
        "spreadsheets.values.batchGetByDataFilter", api_filters.values_batch_get
    ),
    ("POST", "{id}:getByDataFilter"): Method("spreadsheets.getByDataFilter", api_filters.get_by_data_filter),
    ("POST", "{id}/values:batchUpdateByDataFilter"): Method(
        "spreadsheets.values.batchUpdateByDataFilter", api_filters.values_batch_update, writes=True
    ),
    ("POST", "{id}/values:batchClearByDataFilter"): Method(
        "spreadsheets.values.batchClearByDataFilter", api_filters.values_batch_clear, writes=True
    ),
    ("GET", "{id}/developerMetadata/{part}"): Method(
        "spreadsheets.developerMetadata.get", api_filters.metadata_get
    ),
    ("POST", "{id}/developerMetadata:search"): Method(
        "spreadsheets.developerMetadata.search", api_filters.metadata_search
    ),
    ("POST", "{id}/sheets/{part}:copyTo"): Method(
        "spreadsheets.sheets.copyTo", copy_to, writes=True, edits=False
    ),
}


@dataclass(frozen=True, slots=True)
class Found:
    """A path taken apart: the method, the spreadsheet, and the range or other part it names."""

    method: Method
    spreadsheet_id: str = ""
    range: str = ""
    part: str = ""


def find(verb: str, raw_path: str) -> Found | None:
    """What follows `/v4/spreadsheets`, still percent-encoded; None where there is no such method."""
    parts: list[str] = []
    for part in raw_path.strip("/").split("/"):
        text = unquote(part)
        if text.startswith(":") and parts:
            # google-spreadsheet puts a slash before a custom verb: `ID/:batchUpdate`.
            parts[-1] += text
        elif text:
            parts.append(text)
    if not parts:
        method = METHODS.get((verb, ""))
        return Found(method) if method else None
    spreadsheet_id, _, custom = parts[0].partition(":")
    shape = "{id}" + (f":{custom}" if custom else "")
    cells = part = ""
    if len(parts) > 1:
        shape += "/" + parts[1]
    if len(parts) == 3 and parts[1] == "values":
        cells, shape = _custom_of(parts[2], shape)
    elif len(parts) == 3:
        part, _, custom = parts[2].partition(":")
        shape += "/{part}" + (f":{custom}" if custom else "")
    elif len(parts) > 2:
        return None
    method = METHODS.get((verb, shape))
    return Found(method, spreadsheet_id, cells, part) if method else None


def _custom_of(text: str, shape: str) -> tuple[str, str]:
    """The range, and the shape with the custom verb that may follow it."""
    for custom in (":append", ":clear"):
        if text.endswith(custom):
            return text.removesuffix(custom), shape + "/{range}" + custom
    return text, shape + "/{range}"

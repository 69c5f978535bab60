"""The v4 methods that name cells by data filters, and those about developer metadata."""

from __future__ import annotations

from bot.sandbox.sheets import metadata, values
from bot.sandbox.sheets.a1 import Rect, canonical
from bot.sandbox.sheets.calls import Call
from bot.sandbox.sheets.grid import Scalar, Tab
from bot.sandbox.sheets.masks import parse
from bot.sandbox.sheets.resources import spreadsheet
from bot.sandbox.sheets.values import Reading
from bot.sandbox.sheets.wire import Json, invalid, without_nulls
from bot.sandbox.sheets.workbook import Workbook


def get_by_data_filter(call: Call) -> Json:
    body = without_nulls(call.body)
    with call.library.lock:
        workbook = call.library.open(call.spreadsheet_id)
        fields = call.get("fields")
        mask = parse(fields)
        grid = mask.wants("sheets", "data") if fields else bool(body.get("includeGridData"))
        filters = body.get("dataFilters") or []
        found = [area for one in filters for area in metadata.areas(workbook, one)]
        return spreadsheet(workbook, mask, found if filters else None, grid=grid)


def values_batch_get(call: Call) -> Json:
    with call.library.lock:
        workbook = call.library.open(call.spreadsheet_id)
        how = Reading.of(call.from_body)
        matched: dict[tuple[int, Rect], Json] = {}
        for data_filter in without_nulls(call.body.get("dataFilters") or []):
            for tab, rect in metadata.areas(workbook, data_filter):
                read = {"valueRange": values.read_area(workbook, tab, rect, how), "dataFilters": []}
                matched.setdefault((tab.sheet_id, rect), read)["dataFilters"].append(data_filter)
        answer: Json = {"spreadsheetId": workbook.id}
        return {**answer, "valueRanges": list(matched.values())} if matched else answer


def values_batch_update(call: Call) -> Json:
    """Written to every range a filter matches; one that matches nothing writes nothing (not documented)."""
    option = values.input_option(call.from_body("valueInputOption"))
    shown = call.body.get("includeValuesInResponse")
    reading = Reading.of(call.from_body, "response") if shown else None
    with call.library.lock:
        with call.library.change(call.spreadsheet_id) as workbook:
            written = []
            for at, data in enumerate(call.body.get("data") or []):
                rows = values.rows_of(data, f"data[{at}]")
                data_filter = without_nulls(data.get("dataFilter") or {})
                for tab, rect in _matched(workbook, data_filter):
                    _check_fits(rows, rect, tab)
                    text = canonical(tab.title, rect)
                    written.append((data_filter, values.write(workbook, text, rows, option)))
        told = []
        for data_filter, one in written:
            answer = {**one.answer(workbook, reading), "dataFilter": data_filter}
            del answer["spreadsheetId"]
            told.append(answer)
    counts = {
        "totalUpdatedRows": sum(one.rows for _, one in written),
        "totalUpdatedColumns": sum(one.columns for _, one in written),
        "totalUpdatedCells": sum(one.cells for _, one in written),
        "totalUpdatedSheets": len({one.tab.sheet_id for _, one in written}),
    }
    kept = {name: count for name, count in counts.items() if count}
    return {"spreadsheetId": workbook.id, **kept, **({"responses": told} if told else {})}


def _matched(workbook: Workbook, data_filter: Json) -> list[tuple[Tab, Rect]]:
    found = metadata.areas(workbook, data_filter)
    if not found and workbook.habits.empty_filter_is_an_error:
        raise invalid("The data filter matches nothing.")
    return found


def _check_fits(rows: list[list[Scalar]], rect: Rect, tab: Tab) -> None:
    width = max((len(row) for row in rows), default=0)
    if len(rows) > rect.height or width > rect.width:
        raise invalid(
            f"Requested writing within range [{canonical(tab.title, rect)}], but tried writing more."
        )


def values_batch_clear(call: Call) -> Json:
    with call.library.change(call.spreadsheet_id) as workbook:
        found = [
            canonical(tab.title, rect)
            for one in without_nulls(call.body.get("dataFilters") or [])
            for tab, rect in metadata.areas(workbook, one)
        ]
        cleared = [values.clear(workbook, text) for text in found]
        return {"spreadsheetId": workbook.id, **({"clearedRanges": cleared} if cleared else {})}


def metadata_get(call: Call) -> Json:
    with call.library.lock:
        return metadata.by_id(call.library.open(call.spreadsheet_id), call.part)


def metadata_search(call: Call) -> Json:
    with call.library.lock:
        workbook = call.library.open(call.spreadsheet_id)
        return metadata.search(workbook, without_nulls(call.body.get("dataFilters") or []))

"""What the live page needs beyond the v4 methods: a plain grid read and a stream of changes.

Rows carry a key they keep for life, so the page can update the row it shows wherever it went.
"""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable

import orjson

from bot.sandbox.sheets.celldata import Look, Wish
from bot.sandbox.sheets.changes import TabChange
from bot.sandbox.sheets.grid import Row, Tab
from bot.sandbox.sheets.library import Library
from bot.sandbox.sheets.masks import parse
from bot.sandbox.sheets.resources import row_cells, sheet_properties
from bot.sandbox.sheets.wire import ApiError, Json
from bot.sandbox.sheets.workbook import Workbook

# The effective format is left out: it repeats the default format in every cell.
_SHOWN = Wish.of(
    parse("userEnteredValue,effectiveValue,formattedValue,userEnteredFormat,hyperlink,note,dataValidation")
)
KEEP_ALIVE_SECONDS = 15.0


def line(tab: Tab, index: int, row: Row, look: Look) -> Json:
    """One row for the page: where it stands, its key, and its cells as CellData (plus `image`)."""
    cells = row_cells(row, _SHOWN, look, 0, tab.column_count)
    for column, formula in row.formulas.items():
        if formula.image and column < len(cells):
            cells[column]["image"] = formula.image
    return {"index": index, "key": f"k{row.key}", "values": cells}


def grid(workbook: Workbook, sheet_id: int, start: int = 0, end: int | None = None) -> Json:
    """A tab (or its rows from `start` to `end`) for the page, with the revision it shows."""
    tab = workbook.tab(sheet_id)
    look = workbook.look
    return {
        "revision": workbook.revision,
        "spreadsheetId": workbook.id,
        "properties": sheet_properties(workbook, tab),
        "conditionalFormats": tab.conditional_formats,
        "filterViews": tab.filter_views,
        "rowGroups": tab.row_groups,
        "columnGroups": tab.column_groups,
        "rowSettings": {str(at): item for at, item in tab.row_settings.items()},
        "columnSettings": {str(at): item for at, item in tab.column_settings.items()},
        "rows": [line(tab, index, row, look) for index, row in enumerate(tab.rows[start:end], start=start)],
    }


def told(workbook: Workbook, changes: dict[int, TabChange] | None) -> Json:
    """One event's data: the rows as they are now."""
    if changes is None:
        return {"revision": workbook.revision, "reload": True}
    return {
        "revision": workbook.revision,
        "sheets": [
            _tab_told(workbook, tab, changes[tab.sheet_id])
            for tab in workbook.tabs
            if tab.sheet_id in changes
        ]
        + [
            {"sheetId": sheet_id, "rows": [], "structure": True}
            for sheet_id in changes
            if all(tab.sheet_id != sheet_id for tab in workbook.tabs)
        ],
    }


def _tab_told(workbook: Workbook, tab: Tab, change: TabChange) -> Json:
    # Where the whole tab is to be read again, single rows would only be told twice.
    rows = (
        []
        if change.structure
        else [
            line(tab, index, row, workbook.look)
            for index, row in enumerate(tab.rows)
            if row.key in change.keys
        ]
    )
    return {"sheetId": tab.sheet_id, "rows": rows, "structure": change.structure}


async def events(
    library: Library, spreadsheet_id: str, last_seen: int | None, is_over: Callable[[], bool]
) -> AsyncIterator[bytes]:
    """The stream: changes after `last_seen` (or from now on), folded where they come faster than read."""
    log = library.log(spreadsheet_id)
    waiter = log.join()
    try:
        seen = library.open(spreadsheet_id).revision if last_seen is None else last_seen
        # Something at once, so that the client knows that it listens.
        yield b"retry: 1000\n: listening\n\n"
        while not is_over():
            with library.lock:
                workbook = library.open(spreadsheet_id)
                changes = log.since(seen, workbook.revision)
                message = None if changes == {} else told(workbook, changes)
                seen = workbook.revision
            if message is not None:
                yield b"id: %d\ndata: %s\n\n" % (seen, orjson.dumps(message))
            elif not await waiter.sleep(KEEP_ALIVE_SECONDS):
                yield b": still here\n\n"
    except ApiError:
        # The workbook was deleted: the stream ends.
        return
    finally:
        log.leave(waiter)

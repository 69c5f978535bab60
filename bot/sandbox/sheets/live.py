"""What the live page needs beyond the v4 methods: a plain grid read and a stream of changes.

Rows carry a key they keep for life, so the page can update the row it shows wherever it went. What cells look
like and accept is told once for all cells alike: a cell names its style by number, the message says what it is.
"""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable

import orjson

from bot.sandbox.sheets.celldata import Look, Wish
from bot.sandbox.sheets.changes import TabChange
from bot.sandbox.sheets.grid import Row, Tab
from bot.sandbox.sheets.library import Library
from bot.sandbox.sheets.masks import parse
from bot.sandbox.sheets.resources import grid_range_of, row_cells, sheet_properties
from bot.sandbox.sheets.wire import ApiError, Json
from bot.sandbox.sheets.workbook import Workbook

# The effective format is left out: it repeats the default format in every cell.
_SHOWN = Wish.of(parse("userEnteredValue,effectiveValue,formattedValue,hyperlink,note"))
KEEP_ALIVE_SECONDS = 15.0


def line(tab: Tab, index: int, row: Row, look: Look, styles: Json) -> Json:
    """One row for the page: where it stands, its key, and its cells as lean CellData.

    A cell has its `style` by number, noted in `styles`, and `image` where it shows one. An effective or formatted
    value that says nothing new is left out.
    """
    cells = row_cells(row, _SHOWN, look, 0, tab.column_count)
    for cell in cells:
        entered = cell.get("userEnteredValue")
        if entered is not None and cell.get("effectiveValue") == entered:
            del cell["effectiveValue"]
            if cell["formattedValue"] == entered.get("stringValue"):
                del cell["formattedValue"]
    for column, style in row.styles.items():
        if column < tab.column_count:
            cells.extend({} for _ in range(column + 1 - len(cells)))
            cells[column]["style"] = style.number
            styles[str(style.number)] = {
                "userEnteredFormat": style.format,
                "dataValidation": style.validation,
            }
    for column, formula in row.formulas.items():
        if formula.image and column < len(cells):
            cells[column]["image"] = formula.image
    return {"index": index, "key": f"k{row.key}", "values": cells}


def settings(workbook: Workbook, tab: Tab) -> Json:
    """All there is to know of a tab besides its rows."""
    return {
        "properties": sheet_properties(workbook, tab),
        "conditionalFormats": tab.conditional_formats,
        "filterViews": tab.filter_views,
        "merges": [grid_range_of(tab, block) for block in tab.merges],
        "rowGroups": tab.row_groups,
        "columnGroups": tab.column_groups,
        "rowSettings": {str(at): item for at, item in tab.row_settings.items()},
        "columnSettings": {str(at): item for at, item in tab.column_settings.items()},
    }


def grid(workbook: Workbook, sheet_id: int, start: int = 0, end: int | None = None) -> Json:
    """A tab for the page, with the revision it shows; or its rows from `start` to `end`, and the order of all."""
    tab = workbook.tab(sheet_id)
    look = workbook.look
    styles: Json = {}
    order: Json = {} if end is None else {"order": _order(tab)}
    return {
        "revision": workbook.revision,
        "spreadsheetId": workbook.id,
        **settings(workbook, tab),
        **order,
        "rows": [
            line(tab, index, row, look, styles) for index, row in enumerate(tab.rows[start:end], start=start)
        ],
        "styles": styles,
    }


def told(workbook: Workbook, changes: dict[int, TabChange] | None) -> Json:
    """One event's data: every tab's id in order, and the rows that changed as they are now."""
    if changes is None:
        return {"revision": workbook.revision, "reload": True}
    styles: Json = {}
    changed = [tab for tab in workbook.tabs if tab.sheet_id in changes]
    return {
        "revision": workbook.revision,
        "title": workbook.title,
        "tabs": [tab.sheet_id for tab in workbook.tabs],
        "sheets": [_tab_told(workbook, tab, changes[tab.sheet_id], styles) for tab in changed],
        "styles": styles,
    }


def _tab_told(workbook: Workbook, tab: Tab, change: TabChange, styles: Json) -> Json:
    rows = [
        line(tab, index, row, workbook.look, styles)
        for index, row in enumerate(tab.rows)
        if row.key in change.keys
    ]
    if not change.structure:
        return {"sheetId": tab.sheet_id, "rows": rows}
    # Rows that only went elsewhere are told by the order of all; one that is new and blank has no cells to tell.
    return {"sheetId": tab.sheet_id, "rows": rows, "order": _order(tab), **settings(workbook, tab)}


def _order(tab: Tab) -> list[str]:
    return [f"k{row.key}" for row in tab.rows]


async def events(
    library: Library, spreadsheet_id: str, last_seen: int | None, is_over: Callable[[], bool]
) -> AsyncIterator[bytes]:
    """The stream: changes after `last_seen` (or from now on), folded where they come faster than read."""
    log = library.log(spreadsheet_id)
    waiter = log.join()
    try:
        seen = library.open(spreadsheet_id).revision if last_seen is None else last_seen
        # Something at once, so that the client knows that it listens, and from where on when it comes back.
        yield b"retry: 1000\nid: %d\n: listening\n\n" % seen
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

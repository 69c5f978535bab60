"""Makes the Control and the Log tab, or adds a tab's line to a Control that is there."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import count
from typing import Any

from bot.adapters.cell_requests import rgb, typed_cells
from bot.adapters.google_sheet import CONTROL_TAB, LOG_TAB, Workbook
from bot.domain import wording
from bot.domain.cells import Cell, Formula, column_letters
from bot.domain.control import (
    BoardColumn,
    Label,
    Place,
    blank_control,
    board_line,
    head_of_board,
    read_control,
)

Request = dict[str, Any]

_WIDTHS = (170, 150, 540, 70, 90, 56, 56, 60, 66, 120, 150, 70)
"""Pixels, so that a laptop's window shows everything a person looks at."""

_BOXES = (Label.RUN, Label.CHECK_ONLY)
_COUNTS = (Label.WINDOW, Label.DAY_CAP)
_ROBOTS = (Label.SAYS, Label.LOOKED_AT, Label.WORKER, Label.INSTALLATION)
_LOG_WIDTHS = (180, 64, 260, 420, 88, 84)
_DATE_TIME = {"type": "DATE_TIME", "pattern": "yyyy-mm-dd hh:mm:ss"}
_BAR = 12
"""How many blocks a finished bar has."""


def control_requests(
    workbook: Workbook, values: Sequence[Sequence[Cell]] | None, tabs: Sequence[tuple[str, int]]
) -> list[Request]:
    """What makes the Control tab ready for these tabs; nothing when it is. None as values: there is no such tab."""
    if values is None:
        return list(_new_tab(workbook, tabs))
    control = workbook.tabs[CONTROL_TAB]
    lacking = [(title, tab) for title, tab in tabs if not read_control(values, tab).board]
    head = head_of_board(values)
    if not lacking:
        return []
    if head is None:
        # People rebuilt it beyond recognition: a fresh block below whatever they have.
        top = len(values) + 2
        return list(_filled(control, top, blank_control(lacking)[2:]))
    below = (number for number in count(head[0] + 1) if number > len(values) or not any(values[number - 1]))
    return [
        request
        for number, (title, tab) in zip(below, lacking, strict=False)
        for request in _line(control, number, title, tab)
    ]


def _new_tab(workbook: Workbook, tabs: Sequence[tuple[str, int]]) -> Iterator[Request]:
    tab = free_id(workbook, 770_001)
    grid = {"rowCount": 100, "columnCount": len(BoardColumn)}
    yield {"addSheet": {"properties": {"sheetId": tab, "title": CONTROL_TAB, "gridProperties": grid}}}
    yield from _widths(tab, _WIDTHS)
    # Or NOW() would stand still, and a dead robot's line with it (Sheets API, RecalculationInterval).
    yield {"updateSpreadsheetProperties": {"properties": {"autoRecalc": "MINUTE"}, "fields": "autoRecalc"}}
    values = blank_control([])
    yield from _filled(tab, 1, values)
    yield from _first_line(tab, values)
    head = head_of_board(values)
    assert head is not None  # a blank one has a table
    for number, (title, own) in enumerate(tabs, start=head[0] + 1):
        yield from _line(tab, number, title, own)


def log_requests(workbook: Workbook) -> Iterator[Request]:
    """What makes the Log tab: a header, and room for every line."""
    tab = free_id(workbook, 780_001)
    grid = {"rowCount": wording.LOG_LINES + 1, "columnCount": len(wording.LOG_HEADER), "frozenRowCount": 1}
    yield {"addSheet": {"properties": {"sheetId": tab, "title": LOG_TAB, "gridProperties": grid}}}
    yield from _widths(tab, _LOG_WIDTHS)
    yield typed_cells(tab, Place(1, 0), [wording.LOG_HEADER])
    yield _look(tab, Place(1, 0), {"textFormat": {"bold": True}}, len(wording.LOG_HEADER))
    whole = {"sheetId": tab, "startRowIndex": 1, "startColumnIndex": 0, "endColumnIndex": 1}
    yield {
        "repeatCell": {
            "range": whole,
            "cell": {"userEnteredFormat": {"numberFormat": _DATE_TIME}},
            "fields": "userEnteredFormat.numberFormat",
        }
    }


def free_id(workbook: Workbook, start: int) -> int:
    """A number for a new tab that no tab of the spreadsheet has."""
    taken = set(workbook.tabs.values())
    return next(number for number in range(start, start + 1000) if number not in taken)


def _widths(tab: int, sizes: Sequence[int]) -> Iterator[Request]:
    for column, size in enumerate(sizes):
        span = {"sheetId": tab, "dimension": "COLUMNS", "startIndex": column, "endIndex": column + 1}
        yield {
            "updateDimensionProperties": {
                "range": span,
                "properties": {"pixelSize": size},
                "fields": "pixelSize",
            }
        }


def _filled(control: int, top: int, lines: Sequence[Sequence[Cell]]) -> Iterator[Request]:
    yield typed_cells(control, Place(top, 0), lines)
    found = read_control([*([[]] * (top - 1)), *lines], 0)
    for label in _BOXES:
        yield _rule(control, found.labels[label], {"type": "BOOLEAN"})
    least = {"type": "NUMBER_GREATER_THAN_EQ", "values": [{"userEnteredValue": "0"}]}
    for label in _COUNTS:
        yield _rule(control, found.labels[label], least)
    yield _look(
        control,
        found.labels[Label.LOOKED_AT],
        {"numberFormat": _DATE_TIME},
    )
    for label in (Label.WINDOW, Label.DAY_CAP, *_ROBOTS):
        yield _look(control, found.labels[label], {"horizontalAlignment": "LEFT"})
    head = head_of_board(lines)
    assert head is not None  # a blank one has a table
    yield _look(control, Place(top + head[0] - 1, 0), {"textFormat": {"bold": True}}, len(BoardColumn))


def _first_line(control: int, values: Sequence[Sequence[Cell]]) -> Iterator[Request]:
    """The one line everybody reads; a dead robot cannot report its own death, so a formula does.

    Its arguments are divided by semicolons: those Google understands in every locale, commas only where they
    are no decimal mark (googleapis/google-api-nodejs-client#1994).
    """
    labels = read_control(values, 0).labels
    says, looked = (_address(labels[label]) for label in (Label.SAYS, Label.LOOKED_AT))
    text = (
        f'=IF({looked}="";"Robot: not started yet";IF(NOW()-{looked}>5/1440;'
        f'"Robot has not looked since "&TEXT({looked};"yyyy-mm-dd hh:mm")&". Rows are safe. Tell an admin.";'
        f'"Robot: "&{says}&" · last looked "&TEXT({looked};"hh:mm:ss")))'
    )
    yield typed_cells(control, Place(1, 0), [[Formula(text)]])
    yield _look(control, Place(1, 0), {"textFormat": {"bold": True, "fontSize": 12}})
    rule = {
        "ranges": [_range(control, Place(1, 0), 1)],
        "booleanRule": {
            "condition": {
                "type": "TEXT_STARTS_WITH",
                "values": [{"userEnteredValue": "Robot has not looked"}],
            },
            "format": {
                "backgroundColorStyle": {"rgbColor": rgb("#FCE8E6")},
                "textFormat": {"foregroundColorStyle": {"rgbColor": rgb("#C5221F")}},
            },
        },
    }
    yield {"addConditionalFormatRule": {"index": 0, "rule": rule}}


def _line(control: int, number: int, title: str, tab: int) -> Iterator[Request]:
    places = {column: Place(number, at) for at, column in enumerate(BoardColumn)}
    yield typed_cells(control, Place(number, 0), [board_line(title, tab)])
    yield _rule(control, places[BoardColumn.GO_AHEAD], {"type": "BOOLEAN"})
    waiting, rendering, done = (
        _address(places[column]) for column in (BoardColumn.WAITING, BoardColumn.RENDERING, BoardColumn.DONE)
    )
    blocks = f"ROUND({_BAR}*{done}/MAX(1;{waiting}+{rendering}+{done});0)"
    bar = f'=IF({waiting}+{rendering}+{done}=0;"";REPT("█";{blocks})&REPT("░";{_BAR}-{blocks}))'
    yield typed_cells(control, places[BoardColumn.PROGRESS], [[Formula(bar)]])
    green = {"textFormat": {"foregroundColorStyle": {"rgbColor": rgb("#137333")}}}
    yield _look(control, places[BoardColumn.PROGRESS], green)


def _address(place: Place) -> str:
    return f"{column_letters(place.column)}{place.row}"


def _range(control: int, place: Place, width: int) -> Request:
    return {
        "sheetId": control,
        "startRowIndex": place.row - 1,
        "endRowIndex": place.row,
        "startColumnIndex": place.column,
        "endColumnIndex": place.column + width,
    }


def _rule(control: int, place: Place, condition: Request) -> Request:
    rule = {"condition": condition, "strict": True, "showCustomUi": True}
    return {"setDataValidation": {"range": _range(control, place, 1), "rule": rule}}


def _look(control: int, place: Place, look: Request, width: int = 1) -> Request:
    return {
        "repeatCell": {
            "range": _range(control, place, width),
            "cell": {"userEnteredFormat": look},
            "fields": f"userEnteredFormat({','.join(look)})",
        }
    }

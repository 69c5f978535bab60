"""Makes the Control and the Log tab, or adds a tab's line to a Control that is there."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from itertools import count
from typing import Any

from bot.adapters.cell_requests import rgb, typed_cells
from bot.adapters.google_sheet import CONTROL_TAB, LOG_NUMBERS, LOG_TAB, Workbook
from bot.domain import wording
from bot.domain.cells import Cell, Formula, cell_text, column_letters, is_error
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

_WIDTHS = (185, 140, 580, 125, 78, 98, 62, 64, 68, 74, 130, 70)
"""Pixels, so that a laptop's window shows everything a person looks at."""

_BOXES = (Label.RUN, Label.CHECK_ONLY)
_COUNTS = (Label.WINDOW, Label.DAY_CAP)
_LOG_WIDTHS = (180, 64, 260, 420, 88, 84)
_DATE_TIME = {"type": "DATE_TIME", "pattern": "yyyy-mm-dd hh:mm:ss"}
_BAR = 10
"""How many blocks a finished bar has."""


def control_building(
    workbook: Workbook, values: Sequence[Sequence[Cell]] | None, tabs: Sequence[tuple[str, int]]
) -> tuple[list[str], list[Request]]:
    """What makes the Control tab ready for these tabs, in words and as requests; nothing when it is.

    None as values: there is no such tab.
    """
    if values is None:
        return [f'the tab "{CONTROL_TAB}"'], list(_new_tab(workbook, tabs))
    control, head = workbook.tabs[CONTROL_TAB], head_of_board(values)
    if head is None:
        # People rebuilt it beyond recognition: a fresh block below whatever they have.
        requests = list(_filled(control, len(values) + 2, blank_control(tabs)[2:]))
        return [f'the switches and the table of "{CONTROL_TAB}"'], requests
    below = (number for number in count(head[0] + 1) if number > len(values) or not any(values[number - 1]))
    lacking = [(title, tab) for title, tab in tabs if not read_control(values, tab).board]
    placed = list(zip(below, lacking, strict=False))
    added = [f'a line for it in "{CONTROL_TAB}"'] if placed else []
    requests = [one for number, (title, tab) in placed for one in _line(control, number, title, tab)]
    more, repairs = _repairs(control, values, max(len(values), *(number for number, _ in placed), 0) + 1)
    return [*added, *more], [*requests, *repairs]


def _repairs(control: int, values: Sequence[Sequence[Cell]], free: int) -> tuple[list[str], list[Request]]:
    """Switches and cells of the robot's that somebody deleted, from a free row on, and the line that watches it."""
    known = dict(read_control(values, 0).labels)
    lost = [line for line in blank_control([]) if line and line[0] in set(Label) - set(known)]
    added: list[str] = []
    requests: list[Request] = []
    if lost:
        added.append(f'"{CONTROL_TAB}": ' + ", ".join(f'"{line[0]}"' for line in lost))
        requests.append(typed_cells(control, Place(free, 0), lost))
        new = {Label(str(line[0])): Place(number, 1) for number, line in enumerate(lost, start=free)}
        requests.extend(_dressed(control, new))
        known |= new
    first = values[0][0] if values and values[0] else None
    if not cell_text(first) or is_error(first):
        added.append(f'the first line of "{CONTROL_TAB}"')
        requests.extend(_first_line(control, known))
    return added, requests


def _new_tab(workbook: Workbook, tabs: Sequence[tuple[str, int]]) -> Iterator[Request]:
    tab = free_id(workbook, 770_001)
    grid = {"rowCount": 100, "columnCount": len(BoardColumn)}
    yield {"addSheet": {"properties": {"sheetId": tab, "title": CONTROL_TAB, "gridProperties": grid}}}
    yield from _widths(tab, _WIDTHS)
    # Or NOW() would stand still, and a dead robot's line with it (Sheets API, RecalculationInterval).
    yield {"updateSpreadsheetProperties": {"properties": {"autoRecalc": "MINUTE"}, "fields": "autoRecalc"}}
    values = blank_control([])
    yield from _filled(tab, 1, values)
    yield from _first_line(tab, read_control(values, 0).labels)
    head = head_of_board(values)
    assert head is not None  # a blank one has a table
    for number, (title, own) in enumerate(tabs, start=head[0] + 1):
        yield from _line(tab, number, title, own)


def log_requests(workbook: Workbook) -> Iterator[Request]:
    """What makes the Log tab: a header, and room for every line."""
    tab = free_id(workbook, LOG_NUMBERS.start)
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
    yield from _dressed(control, read_control([*([[]] * (top - 1)), *lines], 0).labels)
    head = head_of_board(lines)
    assert head is not None  # a blank one has a table
    yield _look(control, Place(top + head[0] - 1, 0), {"textFormat": {"bold": True}}, len(BoardColumn))


def _dressed(control: int, labels: Mapping[Label, Place]) -> Iterator[Request]:
    """Boxes, limits and looks of the cells beside these labels."""
    least = {"type": "NUMBER_GREATER_THAN_EQ", "values": [{"userEnteredValue": "0"}]}
    for label, place in labels.items():
        if label in _BOXES:
            yield _rule(control, place, {"type": "BOOLEAN"})
            continue
        if label in _COUNTS:
            yield _rule(control, place, least)
        if label is Label.LOOKED_AT:
            yield _look(control, place, {"numberFormat": _DATE_TIME})
        yield _look(control, place, {"horizontalAlignment": "LEFT"})


def _first_line(control: int, labels: Mapping[Label, Place]) -> Iterator[Request]:
    """The one line everybody reads; a dead robot cannot report its own death, so a formula does.

    Its arguments are divided by semicolons: those Google understands in every locale, commas only where they
    are no decimal mark (googleapis/google-api-nodejs-client#1994).
    """
    says, looked = (_address(labels[label]) for label in (Label.SAYS, Label.LOOKED_AT))
    text = (
        f'=IF({looked}="";"{wording.ROBOT_NOT_STARTED}";IF(NOW()-{looked}>5/1440;'
        f'"{wording.ROBOT_SILENT}"&TEXT({looked};"yyyy-mm-dd hh:mm")&"{wording.ROBOT_SILENT_ADVICE}";'
        f'"{wording.ROBOT_SAYS}"&{says}&"{wording.ROBOT_LOOKED}"&TEXT({looked};"hh:mm:ss")))'
    )
    yield typed_cells(control, Place(1, 0), [[Formula(text)]])
    yield _look(control, Place(1, 0), {"textFormat": {"bold": True, "fontSize": 12}})
    rule = {
        "ranges": [_range(control, Place(1, 0), 1)],
        "booleanRule": {
            "condition": {
                "type": "TEXT_STARTS_WITH",
                "values": [{"userEnteredValue": wording.ROBOT_SILENT.strip()}],
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

"""autoFill: goes on with what stands in a block, the way dragging its corner does.

Two or more numbers (or dates) go on as a straight line, one number is repeated, one date counts days, a text with a
number at its end counts on, formulas move along, all else repeats. The alternate series does the other of the two:
one number counts up, a line repeats.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

from bot.sandbox.sheets.a1 import Rect
from bot.sandbox.sheets.batch_cells import missing
from bot.sandbox.sheets.batch_paste import taken
from bot.sandbox.sheets.batch_rows import is_rows
from bot.sandbox.sheets.calculator import plain_number
from bot.sandbox.sheets.celldata import is_moment
from bot.sandbox.sheets.grid import Cell, Formula, Tab
from bot.sandbox.sheets.references import copied
from bot.sandbox.sheets.wire import Json, invalid
from bot.sandbox.sheets.workbook import Workbook, beyond_grid

_COUNTED = re.compile(r"(?P<text>.*?)(?P<number>\d+)", re.DOTALL)
_NAMES = tuple(
    names.split()
    for names in (
        "January February March April May June July August September October November December",
        "Jan Feb Mar Apr May Jun Jul Aug Sep Oct Nov Dec",
        "Monday Tuesday Wednesday Thursday Friday Saturday Sunday",
        "Mon Tue Wed Thu Fri Sat Sun",
    )
)


def auto_fill(workbook: Workbook, body: Json) -> Json:
    other = bool(body.get("useAlternateSeries"))
    if "sourceAndDestination" in body:
        wished = body["sourceAndDestination"]
        tab, source = workbook.grid_range(wished.get("source") or {})
        _extend(
            workbook, tab, source, int(wished.get("fillLength", 0)), is_rows(wished.get("dimension")), other
        )
        return {}
    if "range" not in body:
        raise missing("range or sourceAndDestination")
    tab, area = workbook.grid_range(body["range"])
    source = _filled(tab, area)
    for rows, length in (
        (True, area.bottom - source.bottom),
        (True, area.top - source.top),
        (False, area.right - source.right),
        (False, area.left - source.left),
    ):
        if length:
            _extend(workbook, tab, source, length, rows, other)
            top, bottom = (
                (source.top, source.bottom)
                if not rows
                else (min(source.top, source.top + min(length, 0)), source.bottom + max(length, 0))
            )
            left, right = (
                (source.left, source.right)
                if rows
                else (source.left + min(length, 0), source.right + max(length, 0))
            )
            source = Rect(top, left, bottom, right)
    return {}


def _filled(tab: Tab, area: Rect) -> Rect:
    """The part of the area that holds something. Raises ApiError (400) when none does."""
    places = [
        (index, column)
        for index, line in enumerate(taken(tab, area), start=area.top)
        for column, cell in enumerate(line, start=area.left)
        if cell.value is not None or cell.formula is not None
    ]
    if not places:
        raise invalid("There is no data in the range to fill from.")
    rows, columns = zip(*places, strict=True)
    return Rect(min(rows), min(columns), max(rows) + 1, max(columns) + 1)


def _extend(workbook: Workbook, tab: Tab, source: Rect, length: int, rows: bool, other: bool) -> None:
    if not length:
        raise invalid("fillLength must not be 0.")
    end = (source.bottom if rows else source.right) if length > 0 else (source.top if rows else source.left)
    reached = end + length
    if not 0 <= reached <= (tab.row_count if rows else tab.column_count):
        raise beyond_grid(tab, Rect(source.top, source.left, max(source.bottom, reached), source.right))
    first, last = min(end, reached), max(end, reached)
    workbook.guard(
        tab,
        Rect(first, source.left, last, source.right)
        if rows
        else Rect(source.top, first, source.bottom, last),
    )
    cells = taken(tab, source)
    lines = [list(line) for line in zip(*cells, strict=True)] if rows else cells
    steps = range(abs(length))
    for beside, line in enumerate(lines):
        for step in steps:
            # Counted in the source's own cells: the first after the last is len(line), the one before is -1.
            at = len(line) + step if length > 0 else -1 - step
            cell = _at(line, at, rows=rows, other=other)
            index, column = (
                (source.top + at, source.left + beside) if rows else (source.top + beside, source.left + at)
            )
            tab.touched(index).put(column, cell)


def _at(line: Sequence[Cell], at: int, *, rows: bool, other: bool) -> Cell:
    """The cell at a place of the series, which `line` holds from 0 on."""
    model = line[at % len(line)]
    if model.formula is not None:
        moved = at - at % len(line)
        text = copied(model.formula.text, moved if rows else 0, 0 if rows else moved)
        return replace(model, formula=Formula(text), note=None)
    values = [cell.value for cell in line]
    numbers = [value for value in values if isinstance(value, int | float) and not isinstance(value, bool)]
    value = model.value
    if len(numbers) == len(values) and not any(cell.formula for cell in line):
        value = _number(numbers, at, counts=_counts(line, other=other))
    elif all(isinstance(one, str) for one in values):
        value = _text([str(one) for one in values], at)
    return replace(model, value=value, note=None)


def _counts(line: Sequence[Cell], *, other: bool) -> bool:
    """Whether numbers go on, rather than repeat."""
    goes_on = len(line) > 1 or is_moment(line[0].value, line[0].style, None)
    return goes_on is not other


def _number(numbers: Sequence[float], at: int, *, counts: bool) -> float:
    if not counts:
        return numbers[at % len(numbers)]
    if len(numbers) == 1:
        return numbers[0] + at
    size = len(numbers)
    middle = (size - 1) / 2
    mean = sum(numbers) / size
    spread = sum((place - middle) ** 2 for place in range(size))
    slope = sum((place - middle) * (number - mean) for place, number in enumerate(numbers)) / spread
    return plain_number(round(mean + slope * (at - middle), 12))


def _text(texts: Sequence[str], at: int) -> str:
    """Names of days and months go on, texts with a number count on, all others repeat."""
    for names in _NAMES:
        if all(text in names for text in texts):
            place = _number([names.index(text) for text in texts], at, counts=True)
            return names[int(place) % len(names)]
    counted = [_COUNTED.fullmatch(text) for text in texts]
    words = {found["text"] if found else None for found in counted}
    if len(words) != 1 or None in words:
        found = counted[at % len(texts)]
        return (
            texts[at % len(texts)]
            if found is None
            else _counted(found["text"], found["number"], at // len(texts))
        )
    first = next(found for found in counted if found)
    place = _number([int(found["number"]) for found in counted if found], at, counts=True)
    return _counted(str(first["text"]), first["number"], int(place) - int(first["number"]))


def _counted(text: str, digits: str, more: int) -> str:
    return text + str(abs(int(digits) + more)).zfill(len(digits))

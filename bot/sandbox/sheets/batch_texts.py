"""Sub-requests of spreadsheets.batchUpdate that take texts apart, tidy them, and drop or shuffle rows of a range."""

from __future__ import annotations

import csv
import io
import random
import re
from html.parser import HTMLParser

from bot.sandbox.sheets.batch_cells import missing, needed
from bot.sandbox.sheets.batch_paste import taken
from bot.sandbox.sheets.batch_rows import Span, move_formulas, refuse_vertical_merges
from bot.sandbox.sheets.celldata import shown
from bot.sandbox.sheets.entry import Entry, typed
from bot.sandbox.sheets.grid import Tab
from bot.sandbox.sheets.wire import Json, invalid
from bot.sandbox.sheets.workbook import Workbook

_DELIMITERS = {"COMMA": ",", "SEMICOLON": ";", "PERIOD": ".", "SPACE": " "}
_VALUES = {"PASTE_NORMAL", "PASTE_VALUES", "PASTE_NO_BORDERS", "PASTE_FORMULA"}


def paste_data(workbook: Workbook, body: Json) -> Json:
    """A text (or an HTML table) pasted as a person would; the grid grows where it must."""
    place = needed(body, "coordinate")
    tab = workbook.tab(int(place.get("sheetId", 0)))
    top, left = int(place.get("rowIndex", 0)), int(place.get("columnIndex", 0))
    if not (0 <= top < tab.row_count and 0 <= left < tab.column_count):
        raise invalid("coordinate lies outside the grid.")
    data = str(body.get("data", ""))
    lines = _table(data) if body.get("html") else _lines(data, str(body.get("delimiter") or ""))
    if body.get("type", "PASTE_NORMAL") not in _VALUES:
        return {}
    _grow(workbook, tab, top + len(lines), left + max(map(len, lines), default=0))
    _enter(workbook, tab, top, left, lines)
    return {}


def _lines(data: str, delimiter: str) -> list[list[str]]:
    if not delimiter:
        raise missing("delimiter or html")
    if len(delimiter) > 1:
        return [line.split(delimiter) for line in data.splitlines()]
    return list(csv.reader(io.StringIO(data, newline=""), delimiter=delimiter))


class _Table(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.lines: list[list[str]] = []
        self._cell: list[str] | None = None

    def handle_starttag(self, tag: str, _attrs: list[tuple[str, str | None]]) -> None:
        if tag == "tr":
            self.lines.append([])
        elif tag in {"td", "th"}:
            self._cell = []
        elif tag == "br" and self._cell is not None:
            self._cell.append("\n")

    def handle_data(self, data: str) -> None:
        if self._cell is not None:
            self._cell.append(data)

    def handle_endtag(self, tag: str) -> None:
        if tag in {"td", "th"} and self._cell is not None:
            if not self.lines:
                self.lines.append([])
            self.lines[-1].append("".join(self._cell).strip())
            self._cell = None


def _table(html: str) -> list[list[str]]:
    """The cells of the tables; a page without one is one cell with its text."""
    parser = _Table()
    parser.feed(html)
    parser.close()
    if parser.lines:
        return parser.lines
    return [[re.sub(r"\s+", " ", re.sub(r"<[^>]*>", " ", html)).strip()]]


def _grow(workbook: Workbook, tab: Tab, bottom: int, right: int) -> None:
    rows, columns = max(0, bottom - tab.row_count), max(0, right - tab.column_count)
    workbook.check_size(
        (tab.row_count + rows) * (tab.column_count + columns) - tab.row_count * tab.column_count
    )
    if rows:
        tab.add_rows(rows)
    if columns:
        tab.resize_columns(tab.column_count + columns)


def _enter(workbook: Workbook, tab: Tab, top: int, left: int, lines: list[list[str]]) -> None:
    for index, line in enumerate(lines, start=top):
        for column, text in enumerate(line, start=left):
            style = tab.rows[index].styles.get(column)
            workbook.enter(tab, index, column, typed(text, workbook.locale, style))


def text_to_columns(workbook: Workbook, body: Json) -> Json:
    """Each text of one column taken apart; the parts go into it and the columns right of it."""
    tab, source = workbook.grid_range(needed(body, "source"))
    if source.width != 1:
        raise invalid("source must span exactly one column.")
    texts = [_shown(workbook, tab, index, source.left) for index in range(source.top, source.bottom)]
    kind = body.get("delimiterType", "AUTODETECT")
    if kind == "CUSTOM":
        delimiter = str(body.get("delimiter", ""))
        if not delimiter:
            raise invalid("delimiter is required where delimiterType is CUSTOM.")
    elif kind == "AUTODETECT":
        delimiter = max(",;\t| .", key=lambda sign: sum(sign in text for text in texts))
    elif kind in _DELIMITERS:
        delimiter = _DELIMITERS[kind]
    else:
        raise invalid("delimiterType is required.")
    parts = [text.split(delimiter) for text in texts]
    _grow(workbook, tab, 0, source.left + max(map(len, parts)))
    for index, line in enumerate(parts, start=source.top):
        if len(line) > 1:
            _enter(workbook, tab, index, source.left, [[part.strip() for part in line]])
    return {}


def _shown(workbook: Workbook, tab: Tab, index: int, column: int) -> str:
    row = tab.rows[index]
    return shown(row.value(column), row.styles.get(column), row.formulas.get(column), workbook.locale)


def trim_whitespace(workbook: Workbook, body: Json) -> Json:
    """No white space at the ends of texts, one space within; what results stays a text whatever it looks like."""
    tab, area = workbook.grid_range(needed(body, "range"))
    count = 0
    for index in range(area.top, area.bottom):
        row = tab.rows[index]
        for column in range(area.left, min(area.right, len(row.values))):
            value = row.values[column]
            if not isinstance(value, str) or column in row.formulas:
                continue
            text = re.sub(r"\s+", " ", value).strip()
            if text != value:
                workbook.enter(tab, index, column, Entry(text or None))
                count += 1
    return {"trimWhitespace": {"cellsChangedCount": count} if count else {}}


def delete_duplicates(workbook: Workbook, body: Json) -> Json:
    """The first of rows that show the same (capitals aside) is kept; within the range the others close up."""
    tab, area = workbook.grid_range(needed(body, "range"))
    workbook.guard(tab, area)
    columns: list[int] = []
    for spot in body.get("comparisonColumns") or []:
        span = Span.of(workbook, spot)
        if span.tab is not tab or span.rows or not area.left <= span.start < span.end <= area.right:
            raise invalid("comparisonColumns must be columns of the range.")
        columns += range(span.start, span.end)
    seen: set[tuple[str, ...]] = set()
    kept: list[int] = []
    doubled: list[int] = []
    for index in range(area.top, area.bottom):
        told = tuple(
            _shown(workbook, tab, index, column).casefold()
            for column in columns or range(area.left, area.right)
        )
        (doubled if told in seen else kept).append(index)
        seen.add(told)
    if not doubled:
        return {"deleteDuplicates": {}}
    order = [*kept, *doubled]
    cells = taken(tab, area)
    for index, old in enumerate(order, start=area.top):
        if index != old:
            for column, cell in enumerate(cells[old - area.top], start=area.left):
                tab.touched(index).put(column, cell)
    move_formulas(tab, area, order)
    for index in range(area.bottom - len(doubled), area.bottom):
        for column in range(area.left, area.right):
            workbook.enter(tab, index, column, Entry())
    return {"deleteDuplicates": {"duplicatesRemovedCount": len(doubled)}}


def randomize_range(workbook: Workbook, body: Json) -> Json:
    """The rows of the range in any order."""
    tab, area = workbook.grid_range(needed(body, "range"))
    refuse_vertical_merges(tab, area)
    workbook.guard(tab, area)
    order = list(range(area.top, area.bottom))
    random.shuffle(order)
    tab.reorder(area, order, metadata_too=workbook.habits.sort_moves_metadata)
    move_formulas(tab, area, order)
    return {}

"""Makes a tab's columns ready: headers, boxes, dropdowns, notes, widths.

What is there already is left as it is.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from bot.adapters.status_looks import NEEDS_ME, colour_requests, view_requests
from bot.domain import wording
from bot.domain.cells import Cell, cell_text, fold
from bot.domain.contract import VISIBLE_ROBOT_COLUMNS, FieldType, PeopleColumn, RobotColumn
from bot.domain.templates.template import Template
from bot.domain.wishes import PRIORITY_WORDS

Request = dict[str, Any]

_GREY = {"red": 0.372, "green": 0.388, "blue": 0.408}
_WIDTHS = {
    RobotColumn.STATUS: 170,
    RobotColumn.WHAT_TO_DO: 320,
    RobotColumn.VIDEO: 200,
    RobotColumn.PREVIEW: 90,
    RobotColumn.CREDITS: 70,
}


class ColumnBuilder:
    """Compares one header with the contract and writes down what is missing."""

    def __init__(
        self, tab: int, header: Sequence[Cell], sheet: Request, template: Template, header_row: int
    ) -> None:
        """`sheet` shows the tab from its header on."""
        self._tab = tab
        self._header_row = header_row
        self._template = template
        self._grid: dict[str, int] = sheet["properties"]["gridProperties"]
        self._views: list[Request] = sheet.get("filterViews", [])
        self._rules: list[Request] = sheet.get("conditionalFormats", [])
        self._names = [cell_text(cell) for cell in header]
        rows = [row.get("values", []) for row in sheet.get("data", [{}])[0].get("rowData") or []]
        self._noted = {place for place, cell in enumerate(rows[0]) if cell.get("note")} if rows else set()
        below = rows[1] if len(rows) > 1 else []
        self._ruled = {place for place, cell in enumerate(below) if cell.get("dataValidation")}
        self._added: list[str] = []

    def building(self) -> tuple[list[str], list[Request]]:
        """What is missing, in words, and the requests that add it."""
        self._added = [name for name in self._wanted() if not self._has(name)]
        additions: list[str] = []
        requests: list[Request] = []
        if self._added:
            additions.append("columns " + ", ".join(f'"{name}"' for name in self._added))
            requests.extend(self._column_requests())
        if rules := list(self._rule_requests()):
            additions.append("boxes and dropdowns")
            requests.extend(rules)
        if notes := list(self._note_requests()):
            additions.append("header notes")
            requests.extend(notes)
        status = self._place(RobotColumn.STATUS)
        if colours := list(colour_requests(self._below(RobotColumn.STATUS), self._rules)):
            additions.append("state colours")
            requests.extend(colours)
        if view := list(view_requests(self._area, status, self._views)):
            additions.append(f'the filter view "{NEEDS_ME}"')
            requests.extend(view)
        return additions, requests

    @property
    def _area(self) -> Request:
        """The header and all below it."""
        return {"sheetId": self._tab, "startRowIndex": self._header_row - 1, "startColumnIndex": 0}

    @property
    def _is_first(self) -> bool:
        """Whether the tab was never prepared before."""
        return set(RobotColumn) <= set(self._added)

    def _wanted(self) -> list[str]:
        data = [one.column for one in self._template.contract.fields]
        # A sheet that people have laid out gets no columns it can do without, beyond these two.
        wishes = [PeopleColumn.RENDER_AT, PeopleColumn.PRIORITY, PeopleColumn.MAX_CREDITS]
        more = [] if any(self._names) else wishes
        return [PeopleColumn.APPROVE, *data, PeopleColumn.FORMAT, *more, PeopleColumn.RETRY, *RobotColumn]

    def _has(self, name: str) -> bool:
        return any(fold(known) == fold(name) for known in self._names)

    def _place(self, name: str) -> int:
        columns = [*self._names, *self._added]
        return next(position for position, known in enumerate(columns) if fold(known) == fold(name))

    def _column_requests(self) -> Iterator[Request]:
        first, width = len(self._names), len(self._names) + len(self._added)
        if width > self._grid["columnCount"]:
            yield {
                "appendDimension": {
                    "sheetId": self._tab,
                    "dimension": "COLUMNS",
                    "length": width - self._grid["columnCount"],
                }
            }
        yield self._header_cells(first)
        # All of it once; of a header people have had since, only what is new.
        bold_from = 0 if self._is_first else first
        yield _format(self._header_range(bold_from, width), {"textFormat": {"bold": True}}, "textFormat.bold")
        robot = [self._place(name) for name in RobotColumn if name in self._added]
        if robot:
            look = {
                "textFormat": {"bold": False, "italic": True, "foregroundColorStyle": {"rgbColor": _GREY}}
            }
            where = self._header_range(min(robot), max(robot) + 1)
            yield _format(where, look, "textFormat(bold,italic,foregroundColorStyle)")
        yield {
            "updateSheetProperties": {
                "properties": {"sheetId": self._tab, "gridProperties": {"frozenRowCount": self._header_row}},
                "fields": "gridProperties.frozenRowCount",
            }
        }
        yield from self._format_requests()
        yield from self._width_requests()
        yield from self._group_requests()

    def _header_cells(self, first: int) -> Request:
        cells = [
            {"userEnteredValue": {"stringValue": name}, "note": self._note(name)} for name in self._added
        ]
        return {
            "updateCells": {
                "start": {"sheetId": self._tab, "rowIndex": self._header_row - 1, "columnIndex": first},
                "rows": [{"values": cells}],
                "fields": "userEnteredValue,note",
            }
        }

    def _note(self, name: str) -> str:
        field = next((one for one in self._template.contract.fields if one.column == name), None)
        return (wording.field_note(field) if field is not None else wording.header_note(name)) or ""

    def _rule_requests(self) -> Iterator[Request]:
        """Boxes and dropdowns also on columns people made themselves; they change no value."""
        contract = self._template.contract
        for box in (PeopleColumn.APPROVE, PeopleColumn.RETRY):
            yield from self._validation(box, {"type": "BOOLEAN"}, strict=True)
        yield from self._validation(
            PeopleColumn.FORMAT, _one_of([name.title() for name in contract.formats]), strict=False
        )
        for one in contract.fields:
            if one.type is FieldType.CHOICE:
                yield from self._validation(one.column, _one_of(one.choices), strict=False)
            if one.type is FieldType.BOOL:
                yield from self._validation(one.column, {"type": "BOOLEAN"}, strict=True)
            if one.type is FieldType.DATE:
                yield from self._validation(one.column, {"type": "DATE_IS_VALID"}, strict=False)
        yield from self._validation(PeopleColumn.PRIORITY, _one_of(PRIORITY_WORDS), strict=False)
        yield from self._validation(PeopleColumn.RENDER_AT, {"type": "DATE_IS_VALID"}, strict=False)
        least = {"type": "NUMBER_GREATER_THAN_EQ", "values": [{"userEnteredValue": "0"}]}
        yield from self._validation(PeopleColumn.MAX_CREDITS, least, strict=False)

    def _note_requests(self) -> Iterator[Request]:
        """On columns people made themselves; what they noted there stays."""
        for name in (*self._wanted(), *PeopleColumn):
            if self._has(name) and self._place(name) not in self._noted:
                self._noted.add(self._place(name))
                where = {
                    "sheetId": self._tab,
                    "rowIndex": self._header_row - 1,
                    "columnIndex": self._place(name),
                }
                rows = [{"values": [{"note": self._note(name)}]}]
                yield {"updateCells": {"start": where, "rows": rows, "fields": "note"}}

    def _format_requests(self) -> Iterator[Request]:
        contract = self._template.contract
        plain = {"numberFormat": {"type": "TEXT", "pattern": "@"}}
        # What people type into a text column stays what they typed: 007 keeps its zeros, 1/2 becomes no date.
        for one in contract.fields:
            if one.type is FieldType.TEXT:
                yield _format(self._below(one.column), plain, "numberFormat")
        yield _format(self._below(RobotColumn.ROW_ID), plain, "numberFormat")
        if self._has(PeopleColumn.RENDER_AT) or PeopleColumn.RENDER_AT in self._added:
            look = {"numberFormat": {"type": "DATE_TIME", "pattern": "yyyy-mm-dd hh:mm"}}
            yield _format(self._below(PeopleColumn.RENDER_AT), look, "numberFormat")

    def _validation(self, name: str, condition: Request, *, strict: bool) -> Iterator[Request]:
        """Where the column has none yet; a rule people made instead stays."""
        is_there = self._has(name) or name in self._added
        if is_there and self._place(name) not in self._ruled:
            rule = {"condition": condition, "strict": strict, "showCustomUi": True}
            yield {"setDataValidation": {"range": self._below(name), "rule": rule}}

    def _width_requests(self) -> Iterator[Request]:
        for name, size in _WIDTHS.items():
            if name in self._added:
                yield self._dimension(
                    self._place(name), self._place(name) + 1, {"pixelSize": size}, "pixelSize"
                )

    def _group_requests(self) -> Iterator[Request]:
        """The technical columns are one collapsed group; one that was made anew is only hidden."""
        names = [name for name in RobotColumn if name not in VISIBLE_ROBOT_COLUMNS and name in self._added]
        technical = [self._place(name) for name in names]
        if not self._is_first:
            for place in technical:
                yield self._dimension(place, place + 1, {"hiddenByUser": True}, "hiddenByUser")
            return
        span = {
            "sheetId": self._tab,
            "dimension": "COLUMNS",
            "startIndex": min(technical),
            "endIndex": max(technical) + 1,
        }
        yield {"addDimensionGroup": {"range": span}}
        yield {
            "updateDimensionGroup": {
                "dimensionGroup": {"range": span, "depth": 1, "collapsed": True},
                "fields": "collapsed",
            }
        }
        yield self._dimension(min(technical), max(technical) + 1, {"hiddenByUser": True}, "hiddenByUser")

    def _dimension(self, start: int, end: int, properties: Request, fields: str) -> Request:
        span = {"sheetId": self._tab, "dimension": "COLUMNS", "startIndex": start, "endIndex": end}
        return {"updateDimensionProperties": {"range": span, "properties": properties, "fields": fields}}

    def _below(self, name: str) -> Request:
        place = self._place(name)
        return {
            "sheetId": self._tab,
            "startRowIndex": self._header_row,
            "startColumnIndex": place,
            "endColumnIndex": place + 1,
        }

    def _header_range(self, left: int, right: int) -> Request:
        return {
            "sheetId": self._tab,
            "startRowIndex": self._header_row - 1,
            "endRowIndex": self._header_row,
            "startColumnIndex": left,
            "endColumnIndex": right,
        }


def _one_of(words: Sequence[str]) -> Request:
    return {"type": "ONE_OF_LIST", "values": [{"userEnteredValue": word} for word in words]}


def _format(where: Request, look: Request, fields: str) -> Request:
    return {
        "repeatCell": {
            "range": where,
            "cell": {"userEnteredFormat": look},
            "fields": f"userEnteredFormat({fields})",
        }
    }

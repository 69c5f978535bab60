"""The values collection: reading and writing plain values by A1 range.

What comes back is trimmed as the service trims it: trailing empty cells and rows are cut, blank rows in
between are `[]`, and an empty block has no `values` at all.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum
from itertools import zip_longest
from typing import Any, TypeVar

import orjson

from bot.sandbox.sheets.a1 import Rect, canonical, column_name
from bot.sandbox.sheets.celldata import is_moment, shown
from bot.sandbox.sheets.entry import Entry, raw, typed
from bot.sandbox.sheets.grid import Row, Scalar, Tab
from bot.sandbox.sheets.shifts import Inserted
from bot.sandbox.sheets.tables import last_table
from bot.sandbox.sheets.wire import Json, bad_field, invalid
from bot.sandbox.sheets.workbook import Workbook, beyond_grid, closed

Choice = TypeVar("Choice", bound=StrEnum)


class Render(StrEnum):
    """ValueRenderOption."""

    FORMATTED_VALUE = "FORMATTED_VALUE"
    UNFORMATTED_VALUE = "UNFORMATTED_VALUE"
    FORMULA = "FORMULA"


class DateRender(StrEnum):
    """DateTimeRenderOption; without effect on formatted values."""

    SERIAL_NUMBER = "SERIAL_NUMBER"
    FORMATTED_STRING = "FORMATTED_STRING"


class Major(StrEnum):
    """Dimension: whether the outer list holds rows or columns."""

    ROWS = "ROWS"
    COLUMNS = "COLUMNS"


class InputOption(StrEnum):
    """ValueInputOption."""

    RAW = "RAW"
    USER_ENTERED = "USER_ENTERED"


class InsertOption(StrEnum):
    """InsertDataOption of an append."""

    OVERWRITE = "OVERWRITE"
    INSERT_ROWS = "INSERT_ROWS"


def choice(options: type[Choice], name: str, text: str | None, default: Choice) -> Choice:
    """An enum of the query or the body; missing and *_UNSPECIFIED mean the default."""
    if not text or text.endswith("_UNSPECIFIED"):
        return default
    try:
        return options(text)
    except ValueError:
        raise bad_field(
            name, f"type.googleapis.com/google.apps.sheets.v4.{options.__name__}", f'"{text}"'
        ) from None


@dataclass(frozen=True, slots=True)
class Reading:
    """How values are to be told."""

    render: Render = Render.FORMATTED_VALUE
    dates: DateRender = DateRender.SERIAL_NUMBER
    major: Major = Major.ROWS

    @staticmethod
    def of(get: Callable[[str], str | None], prefix: str = "") -> Reading:
        """From query parameters or body fields; `prefix` as in responseValueRenderOption."""

        def named(name: str) -> str:
            return prefix + name[0].upper() + name[1:] if prefix else name

        return Reading(
            choice(Render, "value_render_option", get(named("valueRenderOption")), Render.FORMATTED_VALUE),
            choice(
                DateRender,
                "date_time_render_option",
                get(named("dateTimeRenderOption")),
                DateRender.SERIAL_NUMBER,
            ),
            choice(Major, "major_dimension", get("majorDimension"), Major.ROWS),
        )


# ---------------------------------------------------------------- reading


def read(workbook: Workbook, text: str, how: Reading) -> Json:
    """The ValueRange of an A1 range."""
    tab, rect = workbook.area(text)
    return read_area(workbook, tab, rect, how)


def read_area(workbook: Workbook, tab: Tab, rect: Rect, how: Reading) -> Json:
    """The ValueRange of a block."""
    line = _line_reader(how, workbook.locale, workbook.booleans)
    lines = [_trimmed(line(row, rect.left, rect.right)) for row in tab.rows[rect.top : rect.bottom]]
    if how.major is Major.COLUMNS:
        lines = [_trimmed(list(column)) for column in zip_longest(*lines, fillvalue="")]
    while lines and not lines[-1]:
        lines.pop()
    answer: Json = {"range": canonical(tab.title, rect), "majorDimension": how.major}
    if lines:
        answer["values"] = lines
    return answer


def _trimmed(line: list[Scalar]) -> list[Scalar]:
    while line and (line[-1] is None or line[-1] == ""):
        line.pop()
    return ["" if value is None else value for value in line]


def _line_reader(
    how: Reading, locale: str, booleans: tuple[str, str]
) -> Callable[[Row, int, int], list[Scalar]]:
    """How one row is read, decided once for the whole block."""

    def formatted(row: Row, left: int, right: int) -> list[Scalar]:
        return [
            value
            if value is None or isinstance(value, str)
            else shown(value, row.styles.get(column), row.formulas.get(column), locale, booleans)
            for column, value in enumerate(row.values[left:right], start=left)
        ]

    def plain(row: Row, left: int, right: int) -> list[Scalar]:
        return row.values[left:right]

    def with_dates(row: Row, left: int, right: int) -> list[Scalar]:
        return [
            shown(value, row.styles.get(column), row.formulas.get(column), locale)
            if is_moment(value, row.styles.get(column), row.formulas.get(column))
            else value
            for column, value in enumerate(row.values[left:right], start=left)
        ]

    def with_formulas(row: Row, left: int, right: int) -> list[Scalar]:
        line = row.values[left:right]
        for column, formula in row.formulas.items():
            if left <= column < right:
                line.extend([None] * (column - left + 1 - len(line)))
                line[column - left] = formula.text
        return line

    match how.render, how.dates:
        case Render.FORMATTED_VALUE, _:
            return formatted
        case Render.UNFORMATTED_VALUE, DateRender.FORMATTED_STRING:
            return with_dates
        case Render.UNFORMATTED_VALUE, _:
            return plain
        case _:
            return with_formulas


# ---------------------------------------------------------------- writing


def input_option(text: str | None) -> InputOption:
    """Raises ApiError (400) when it is missing, as the service does."""
    if not text or text.endswith("_UNSPECIFIED"):
        raise invalid("'valueInputOption' is required but not specified")
    return choice(InputOption, "value_input_option", text, InputOption.RAW)


def rows_of(body: Json, field: str) -> list[list[Scalar]]:
    """The values of a ValueRange as rows, whatever its major dimension. JSON null stays None: untouched."""
    values = body.get("values")
    if values is None:
        return []
    kind = "type.googleapis.com/google.protobuf.ListValue"
    if not isinstance(values, list):
        raise bad_field(f"{field}.values", kind, orjson.dumps(values).decode())
    for line in values:
        if not isinstance(line, list):
            raise bad_field(f"{field}.values", kind, orjson.dumps(line).decode())
    for at, line in enumerate(values):
        for place, value in enumerate(line):
            _check_scalar(value, f"{field}.values[{at}][{place}]")
    if choice(Major, "major_dimension", body.get("majorDimension"), Major.ROWS) is Major.COLUMNS:
        return [list(row) for row in zip_longest(*values)]
    return values


def _check_scalar(value: Any, where: str) -> None:
    if isinstance(value, dict | list):
        kind = "struct_value" if isinstance(value, dict) else "list_value"
        raise invalid(f"Invalid {where}: {kind} {orjson.dumps(value).decode()}")


@dataclass(frozen=True, slots=True)
class Written:
    """What one write touched, and the range it was asked for."""

    tab: Tab
    rect: Rect
    asked: Rect
    rows: int
    columns: int
    cells: int

    def answer(self, workbook: Workbook, reading: Reading | None) -> Json:
        """UpdateValuesResponse; zero counts are left out. With a reading, the values as they are now."""
        answer: Json = {
            "spreadsheetId": workbook.id,
            "updatedRange": canonical(self.tab.title, self.rect),
        }
        counts = {"updatedRows": self.rows, "updatedColumns": self.columns, "updatedCells": self.cells}
        answer.update({name: count for name, count in counts.items() if count})
        if reading is not None:
            answer["updatedData"] = read_area(workbook, self.tab, self.asked, reading)
        return answer


def write(workbook: Workbook, text: str, rows: list[list[Scalar]], option: InputOption) -> Written:
    """Writes rows into an A1 range. Raises ApiError when they do not fit the range or the grid."""
    tab, cells = workbook.locate(text)
    area = closed(tab, cells)
    width = max((len(row) for row in rows), default=0)
    if not cells.single:
        _check_fits(tab, area, len(rows), width)
        if (cells.bottom or 0) > tab.row_count or (cells.right or 0) > tab.column_count:
            raise beyond_grid(tab, cells)
    target = Rect(area.top, area.left, area.top + len(rows), area.left + width)
    if target.bottom > tab.row_count or target.right > tab.column_count:
        raise beyond_grid(tab, target)
    if not rows or not width:
        return Written(tab, area, area, 0, 0, 0)
    asked = target if cells.single else area
    return write_block(workbook, tab, target, rows, option, asked)


def _check_fits(tab: Tab, area: Rect, height: int, width: int) -> None:
    where = canonical(tab.title, area)
    if height > area.height:
        raise invalid(
            f"Requested writing within range [{where}], but tried writing to row [{area.bottom + 1}]"
        )
    if width > area.width:
        raise invalid(
            f"Requested writing within range [{where}], but tried writing to column "
            f"[{column_name(area.right)}]"
        )


def write_block(
    workbook: Workbook,
    tab: Tab,
    target: Rect,
    rows: list[list[Scalar]],
    option: InputOption,
    asked: Rect | None = None,
) -> Written:
    """Writes rows from the block's upper left corner; None leaves a cell as it is."""
    cells = 0
    touched_rows: set[int] = set()
    touched_columns: set[int] = set()
    for index, line in enumerate(rows, start=target.top):
        row = tab.rows[index]
        for column, value in enumerate(line, start=target.left):
            if value is None:
                continue
            workbook.enter(tab, index, column, _entry(workbook, value, option, row, column))
            cells += 1
            touched_rows.add(index)
            touched_columns.add(column)
    return Written(tab, target, asked or target, len(touched_rows), len(touched_columns), cells)


def _entry(workbook: Workbook, value: Scalar, option: InputOption, row: Row, column: int) -> Entry:
    style, habits = row.styles.get(column), workbook.habits
    if option is InputOption.USER_ENTERED:
        return typed(value, workbook.locale, style, signs=habits.signs_start_formulas)
    is_number = isinstance(value, int | float) and not isinstance(value, bool)
    if is_number and habits.text_cells_keep_text and style is not None and style.number_type == "TEXT":
        return raw(str(value))
    return raw(value)


@dataclass(frozen=True, slots=True)
class Appended:
    """What an append found and wrote."""

    table: Rect | None
    written: Written

    def answer(self, workbook: Workbook, reading: Reading | None) -> Json:
        answer: Json = {"spreadsheetId": workbook.id}
        if self.table is not None:
            answer["tableRange"] = canonical(self.written.tab.title, self.table)
        answer["updates"] = self.written.answer(workbook, reading)
        return answer


def append(
    workbook: Workbook, text: str, rows: list[list[Scalar]], option: InputOption, insert: InsertOption
) -> Appended:
    """Writes below the last table found in the range; the grid grows where it must."""
    tab, cells = workbook.locate(text)
    area = closed(tab, cells)
    table = last_table(tab, area)
    top, left = (table.bottom, table.left) if table else (area.top, area.left)
    width = max((len(row) for row in rows), default=0)
    if left + width > tab.column_count:
        missing = left + width - tab.column_count
        workbook.check_size(missing * tab.row_count)
        tab.resize_columns(left + width)
    if insert is InsertOption.INSERT_ROWS and table is not None and rows and top < tab.row_count:
        workbook.check_size(len(rows) * tab.column_count)
        workbook.guard_between(tab, top, rows=True)
        workbook.shift(tab, Inserted(top, len(rows)), rows=True)
    elif top + len(rows) > tab.row_count:
        missing = top + len(rows) - tab.row_count
        workbook.check_size(missing * tab.column_count)
        tab.add_rows(missing)
    target = Rect(top, left, top + max(len(rows), 1), left + max(width, 1))
    return Appended(table, write_block(workbook, tab, target, rows, option))


def clear(workbook: Workbook, text: str) -> str:
    """Empties the cells of a range, formats and rules kept; the canonical range."""
    tab, rect = workbook.area(text)
    workbook.guard(tab, rect)
    for index in range(rect.top, rect.bottom):
        row = tab.rows[index]
        filled = [c for c in range(rect.left, min(rect.right, len(row.values))) if row.values[c] is not None]
        for column in {*filled, *(c for c in row.formulas if rect.left <= c < rect.right)}:
            tab.touched(index).set(column, None)
    return canonical(tab.title, rect)

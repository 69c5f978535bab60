"""Rows out of a CSV file, as a spreadsheet that imported it would hold them."""

from __future__ import annotations

import csv
import io
from datetime import datetime
from pathlib import Path

from bot.domain.cells import Cell, as_serial, cell_text, fold
from bot.domain.contract import Contract, FieldType, PeopleColumn

_DELIMITERS = ",;\t"
_LARGEST = 200_000_000


class CsvError(RuntimeError):
    """A file that cannot be read as rows; the message says what to do."""


def read_csv(path: Path, contract: Contract) -> list[list[Cell]]:
    """The header and every line below it. Raises CsvError."""
    try:
        if path.stat().st_size > _LARGEST:
            raise CsvError(f"{path} is too large: more than {_LARGEST // 1_000_000} MB.")
        text = path.read_text(encoding="utf-8-sig")
    except UnicodeDecodeError:
        raise CsvError(f'{path} is no UTF-8 text. Save it as "CSV UTF-8".') from None
    except OSError as error:
        raise CsvError(f"{path} cannot be read: {error.strerror}.") from error
    try:
        lines = list(csv.reader(io.StringIO(text, newline=""), delimiter=_delimiter(text)))
    except csv.Error as error:
        raise CsvError(f"{path} cannot be read as CSV: {error}.") from error
    if not lines:
        raise CsvError(f"{path} is empty: the first line must name the columns.")
    dated = {fold(one.column) for one in contract.fields if one.type is FieldType.DATE}
    dated.add(fold(PeopleColumn.RENDER_AT))
    header, *rows = lines
    is_dated = [fold(cell_text(name)) in dated for name in header]
    read = [
        [_cell(text, is_date=at < len(is_dated) and is_dated[at]) for at, text in enumerate(row)]
        for row in rows
    ]
    return [list(header), *read]


def _delimiter(text: str) -> str:
    """The one that stands most often in the header: spreadsheets of many countries write semicolons."""
    header = text.partition("\n")[0]
    return max(_DELIMITERS, key=header.count)


def _cell(text: str, *, is_date: bool) -> Cell:
    """Boxes and dates become what a sheet makes of them; numbers are read as the text they are."""
    if text in {"TRUE", "FALSE"}:
        return text == "TRUE"
    if is_date:
        try:
            return as_serial(datetime.fromisoformat(text.strip()))
        except ValueError:
            return text
    return text or None

"""What only somebody who looks a sheet over asks it; nothing here changes a cell."""

from __future__ import annotations

from typing import Any

from bot.adapters.google_account import GoogleSheets, SheetUnavailableError
from bot.adapters.google_sheet import Workbook
from bot.domain.cells import Cell
from bot.domain.failures import Failure

_ROWS_LOOKED_AT = 10
_NO_END = 1 << 30


def first_rows(sheets: GoogleSheets, workbook: Workbook, tab: str) -> list[list[Cell]]:
    """The header, and what may stand below or above it. Raises SheetUnavailableError when it cannot be read."""
    body = {
        "dataFilters": [
            {
                "gridRange": {
                    "sheetId": workbook.tabs[tab],
                    "startRowIndex": workbook.header_row - 1,
                    "endRowIndex": workbook.header_row - 1 + _ROWS_LOOKED_AT,
                }
            }
        ],
        "valueRenderOption": "UNFORMATTED_VALUE",
    }
    said = sheets.request("post", f"{workbook.spreadsheet}/values:batchGetByDataFilter", None, body)
    if isinstance(said, Failure):
        raise SheetUnavailableError(f"The tab cannot be read: {said.detail}", said)
    [found] = said["valueRanges"]
    rows: list[list[Cell]] = found["valueRange"].get("values", [])
    return rows


def closed_columns(sheets: GoogleSheets, workbook: Workbook, tab: str) -> list[range]:
    """Columns below the header of a tab that somebody protected, and left this account out of."""
    fields = "sheets(properties.sheetId,protectedRanges(range,warningOnly,requestingUserCanEdit))"
    said = sheets.request("get", workbook.spreadsheet, {"fields": fields}, None)
    if isinstance(said, Failure):
        raise SheetUnavailableError(f"The tab cannot be read: {said.detail}", said)
    found: list[range] = []
    for sheet in said.get("sheets", []):
        if sheet.get("properties", {}).get("sheetId", 0) != workbook.tabs[tab]:
            continue
        for one in sheet.get("protectedRanges", []):
            span = one.get("range", {})
            is_above = span.get("endRowIndex", _NO_END) <= workbook.header_row
            if not (one.get("warningOnly") or one.get("requestingUserCanEdit") or is_above):
                found.append(range(span.get("startColumnIndex", 0), span.get("endColumnIndex", _NO_END)))
    return found


def refusal_to_write(sheets: GoogleSheets, workbook: Workbook) -> Failure | None:
    """Whether the account may change the spreadsheet, tried with a write of nothing.

    A null among values leaves its cell as it is (Sheets API, ValueRange.values), but asking for that needs the
    same right as any other write.
    """
    doubled = next(iter(workbook.tabs)).replace("'", "''")
    body: dict[str, Any] = {
        "valueInputOption": "RAW",
        "data": [{"range": f"'{doubled}'!A1", "values": [[None]]}],
    }
    said = sheets.request("post", f"{workbook.spreadsheet}/values:batchUpdate", None, body)
    return said if isinstance(said, Failure) else None

"""Writes what a feed changes into a tab: values of a type, never parsed, in bounded requests.

Cells of rows that are there are written like the robot's own, and the answer tells whether the rows still stood where
they were read. New rows are inserted and filled in one atomic request, so they can never lie over anybody's.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from bot.adapters.cell_requests import typed_cells
from bot.adapters.google_account import GoogleSheets, SheetUnavailableError
from bot.adapters.google_sheet import GoogleTab, Workbook
from bot.domain.cells import Cell
from bot.domain.contract import FieldType
from bot.domain.control import Place
from bot.domain.failures import Failure, FailureClass
from bot.domain.feeds import Matched, Update
from bot.domain.ids import RecordId
from bot.domain.rows import Table
from bot.planner.actions import CellEdit
from bot.ports import Reading, Receipt, Target

AT_ONCE = 1000
"""Rows of one request: far below the two megabytes Google advises."""

_TRIES = 5
_PAUSE = 2.0

Request = dict[str, Any]


class FeedWriter:
    """One tab, for as long as a feed is written into it."""

    def __init__(
        self, sheets: GoogleSheets, workbook: Workbook, tab: str, wait: Callable[[float], object]
    ) -> None:
        """`wait` is how the command lets time pass where Google's quota asks for it."""
        self._sheets = sheets
        self._tab = GoogleTab(sheets, workbook, tab)
        self._wait = wait
        self._top = workbook.header_row + 1
        """The first row below the header: notes may stand above it."""

    def read(self) -> Table:
        """The tab as it is now. Raises SheetUnavailableError."""
        reading: Reading = self._patiently(self._tab.read)
        return Table.of(reading.values)

    def update(self, updates: Sequence[Update], found: Matched, table: Table) -> list[Update]:
        """Writes cells of rows that are there; those that met another row. Raises SheetUnavailableError."""
        edits = [CellEdit(one.row_number, one.pair.target, one.after, RecordId(one.key)) for one in updates]
        target = Target(found.key.target, (), table.header)
        receipt: Receipt = self._patiently(lambda: self._tab.write(edits, target))
        if receipt.columns_moved:
            raise SheetUnavailableError(
                "Columns were moved while cells were written. Look at the sheet, then run the same command again."
            )
        if receipt.refused:
            where = "; ".join(f"{one.where} ({one.detail})" for one in receipt.refused[:3])
            raise SheetUnavailableError(f"Google does not let the robot's account write to {where}.")
        if receipt.rest_in is not None:
            self._wait(receipt.rest_in)
        misplaced = set(receipt.misplaced)
        return [one for one in updates if one.key in misplaced]

    def add(self, rows: Sequence[Mapping[int, Cell]], first: int, found: Matched) -> None:
        """Inserts rows and fills them, all in one, never above the header. Raises SheetUnavailableError."""
        tab, first = self._tab.key.tab, max(first, self._top)
        span = {
            "sheetId": tab,
            "dimension": "ROWS",
            "startIndex": first - 1,
            "endIndex": first - 1 + len(rows),
        }
        # Like the row above: its boxes, lists and formats; never the header's.
        requests: list[Request] = [
            {"insertDimension": {"range": span, "inheritFromBefore": first > self._top}}
        ]
        left = min(min(row) for row in rows)
        right = max(max(row) for row in rows)
        lines = [[row.get(column) for column in range(left, right + 1)] for row in rows]
        requests.append(typed_cells(tab, Place(first, left), lines))
        requests += [
            _dated(tab, first, len(rows), one.target) for one in found.pairs if one.type is FieldType.DATE
        ]
        path = f"{self._tab.key.spreadsheet}:batchUpdate"
        self._patiently(
            lambda: self._sheets.request("post", path, {"fields": "spreadsheetId"}, {"requests": requests})
        )

    def _patiently(self, ask: Callable[[], Any]) -> Any:
        """Waits where Google says when; what else goes wrong is told: nothing is sent twice blindly."""
        said = ask()
        for _ in range(_TRIES):
            if not isinstance(said, Failure) or said.kind is not FailureClass.THROTTLED:
                break
            self._wait(said.retry_after or _PAUSE)
            said = ask()
        if not isinstance(said, Failure):
            return said
        raise SheetUnavailableError(
            f"The sheet could not be read or written to its end: {said.detail}. The same command goes on from there.",
            said,
        )


def _dated(tab: int, first: int, count: int, column: int) -> Request:
    """A date is a number unless its cell says otherwise."""
    where = {
        "sheetId": tab,
        "startRowIndex": first - 1,
        "endRowIndex": first - 1 + count,
        "startColumnIndex": column,
        "endColumnIndex": column + 1,
    }
    look = {"numberFormat": {"type": "DATE_TIME", "pattern": "yyyy-mm-dd hh:mm"}}
    return {
        "repeatCell": {
            "range": where,
            "cell": {"userEnteredFormat": look},
            "fields": "userEnteredFormat(numberFormat)",
        }
    }

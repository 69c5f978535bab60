"""One tab of a Google spreadsheet.

Reads address the tab by its numeric id, so a rename is harmless. Writes are one atomic batchUpdate with
typed values, which Google never parses, and bring back the ids beside the written cells.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import tzinfo
from typing import Any
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from bot.adapters.cell_requests import NO_RECEIPT, in_parts, receipt_of, typed_cells, whole_page
from bot.adapters.google_account import GoogleSheets, SheetUnavailableError
from bot.adapters.google_words import NO_SUCH_SHEET
from bot.adapters.refused_cells import REFUSALS, Refusals, Sieve, pieces
from bot.domain import wording
from bot.domain.cells import Cell, column_letters
from bot.domain.control import Place
from bot.domain.failures import Failure, FailureClass, ProblemCode
from bot.domain.ids import TabKey, spreadsheet_id
from bot.planner.actions import CellEdit
from bot.ports import NOTHING_BESIDE, Beside, Reading, Receipt, Target

CONTROL_TAB = "Control"
LOG_TAB = "Log"
LOG_NUMBERS = range(780_001, 781_001)
"""Our own Log has one of these; a tab of people's that only has the same title is left alone."""

_ANSWER_MASK = "updatedSpreadsheet.sheets(properties.sheetId,data(startRow,rowData.values.effectiveValue))"


@dataclass(frozen=True, slots=True)
class Workbook:
    """What a spreadsheet says of itself."""

    spreadsheet: str
    title: str
    zone: tzinfo
    locale: str
    tabs: Mapping[str, int]
    """Numeric ids by tab title."""

    header_row: int = 1
    """The row in which the tab it was asked for has its header."""

    @property
    def own_log(self) -> int | None:
        """The number of the robot's own Log, if there is one."""
        return _own_log(self.tabs)


def _own_log(tabs: Mapping[str, int]) -> int | None:
    found = tabs.get(LOG_TAB)
    return found if found in LOG_NUMBERS else None


def look_at(sheets: GoogleSheets, address: str, header_row: int = 1) -> Workbook:
    """Titles, ids, time zone and locale. Raises SheetUnavailableError, with the fix, when it cannot be opened."""
    key = spreadsheet_id(address)
    fields = "properties(title,timeZone,locale),sheets.properties(sheetId,title)"
    said = sheets.request("get", key, {"fields": fields}, None)
    if isinstance(said, Failure):
        raise SheetUnavailableError(_advice(said, key), said)
    properties = said.get("properties", {})
    try:
        zone: tzinfo = ZoneInfo(properties.get("timeZone", "Etc/UTC"))
    except (ZoneInfoNotFoundError, ValueError):
        zone = ZoneInfo("Etc/UTC")
    tabs = {one["properties"]["title"]: one["properties"]["sheetId"] for one in said.get("sheets", [])}
    locale = properties.get("locale", "en_US")
    return Workbook(key, properties.get("title", ""), zone, locale, tabs, header_row)


def values_of(sheets: GoogleSheets, workbook: Workbook, title: str) -> list[list[Cell]] | None:
    """All values of a tab by title; None when there is none. Raises SheetUnavailableError when it cannot be read."""
    if title not in workbook.tabs:
        return None
    reading = GoogleTab(sheets, replace(workbook, header_row=1), title).read()
    if isinstance(reading, Failure):
        raise SheetUnavailableError(f"The tab cannot be read: {reading.detail}")
    return [list(line) for line in reading.values]


def _advice(failure: Failure, key: str) -> str:
    match failure.kind:
        case FailureClass.DENIED:
            return failure.detail
        case FailureClass.REJECTED:
            named = failure.detail.replace(NO_SUCH_SHEET, f"There is no spreadsheet {key}", 1)
            return f"{named.rstrip('.')}. Look at [[sheets]] spreadsheet."
        case _:
            return (
                f"The spreadsheet cannot be reached: {failure.detail}. Check the network and google.base_url."
            )


class GoogleTab:
    """One tab, as the core sees it."""

    def __init__(self, sheets: GoogleSheets, workbook: Workbook, tab: str) -> None:
        """Raises SheetUnavailableError when the spreadsheet has no such tab."""
        if tab not in workbook.tabs:
            listed = ", ".join(f'"{title}"' for title in workbook.tabs)
            raise SheetUnavailableError(f'"{workbook.title}" has no tab "{tab}". Its tabs: {listed}.')
        self._sheets = sheets
        self._workbook = workbook
        self._title = tab
        self._control = workbook.tabs.get(CONTROL_TAB)
        self._log = workbook.own_log
        self._key = TabKey(workbook.spreadsheet, workbook.tabs[tab])
        self._refusals = Refusals()
        self._was_refused = False

    @property
    def key(self) -> TabKey:
        return self._key

    @property
    def zone(self) -> tzinfo:
        return self._workbook.zone

    @property
    def locale(self) -> str:
        return self._workbook.locale

    def read(self) -> Reading | Failure:
        wanted = [self._key.tab, *([self._control] if self._control is not None else [])]
        body = {
            "dataFilters": [{"gridRange": {"sheetId": tab}} for tab in wanted],
            "majorDimension": "ROWS",
            "valueRenderOption": "UNFORMATTED_VALUE",
            "dateTimeRenderOption": "SERIAL_NUMBER",
        }
        said = self._sheets.request(
            "post", f"{self._key.spreadsheet}/values:batchGetByDataFilter", None, body
        )
        if isinstance(said, Failure):
            return self._surveyed(said)
        try:
            found = {_grid_of(one): one["valueRange"] for one in said["valueRanges"]}
            mine = found[self._key.tab]
            self._title = _title_in(mine["range"])
            control = found.get(self._control) if self._control is not None else None
            return Reading(
                self._title,
                _from_header(mine.get("values", []), self._workbook.header_row),
                control.get("values", []) if control is not None else None,
            )
        except (KeyError, IndexError, TypeError, AttributeError) as error:
            return Failure(FailureClass.MALFORMED, ProblemCode.NET, f"values without a range: {error!r}")

    def _surveyed(self, failure: Failure) -> Failure:
        """After a refused request: which of our tabs are still there? A deleted Control must not stop the rows."""
        if failure.kind is not FailureClass.REJECTED:
            return failure
        try:
            tabs = look_at(self._sheets, self._key.spreadsheet).tabs
        except SheetUnavailableError as error:
            # A look that is only kept back for now says nothing of why Google refused.
            is_told = error.failure.kind in REFUSALS
            return replace(failure, detail=str(error)) if is_told else failure
        self._control, self._log = tabs.get(CONTROL_TAB), _own_log(tabs)
        if self._key.tab not in tabs.values():
            detail = f'the tab "{self._title}" was deleted; undo that, or take it out of bot.toml'
            return Failure(FailureClass.REJECTED, ProblemCode.HEADER, detail)
        return failure

    def write(
        self, edits: Sequence[CellEdit], target: Target, beside: Beside = NOTHING_BESIDE
    ) -> Receipt | Failure:
        """One request, but for a first look at thousands of rows.

        A refusal is told, so that the sheet is read again first: it may have become smaller. Only when the
        next write is refused as well, what stands in its way is looked for and left out.
        """
        edits = _to_header(edits, self._workbook.header_row)
        allowed, beside = self._refusals.without_refused(edits, beside, self._sheets.monotonic())
        answer = self._written(allowed, target, beside)
        if not isinstance(answer, Failure):
            self._was_refused = False
        elif answer.kind in REFUSALS:
            said = self._surveyed(answer)
            # Of a tab that is gone no part can be written; what it was refused for is known.
            is_known = said is not answer
            answer = (
                self._sifted(allowed, target, beside, said) if self._was_refused and not is_known else said
            )
            self._was_refused = True
        if isinstance(answer, Failure):
            return answer
        return replace(answer, refused=self._refusals.told(self._title))

    def _written(self, edits: Sequence[CellEdit], target: Target, beside: Beside) -> Receipt | Failure:
        """Part by part; what goes beside the rows comes with the last one."""
        receipt, number = NO_RECEIPT, 0
        parts = in_parts(self._key.tab, edits)
        part = next(parts, None)
        while part is not None:
            # One part at a time: a first look at a large tab writes many of them.
            (requests, carried), part = part, next(parts, None)
            said = self._write_part(requests, carried, target, NOTHING_BESIDE if part else beside)
            number += 1
            if isinstance(said, Failure):
                # What was written is written; the next tick compares and goes on from there.
                is_begun = number > 1 and said.kind is FailureClass.THROTTLED
                return replace(receipt, rest_in=said.retry_after) if is_begun else said
            receipt = _both(receipt, said)
            if receipt.columns_moved:
                break
        return receipt

    def _sifted(
        self, edits: Sequence[CellEdit], target: Target, beside: Beside, failure: Failure
    ) -> Receipt | Failure:
        """Writes what can be written, piece by piece, and remembers what cannot."""
        sieve = Sieve(
            lambda piece: self._written(piece.edits, target, piece.beside),
            self._refusals,
            self._sheets.monotonic(),
        )
        for piece in pieces(edits, beside):
            sieve.sift(piece)
        if not sieve.taken:
            if sieve.stopped is not None:
                return sieve.stopped
            if failure.kind is FailureClass.DENIED:
                self._refusals.forget()
                return failure
        receipt = NO_RECEIPT
        for one in sieve.taken:
            receipt = _both(receipt, one)
        return replace(receipt, rest_in=sieve.stopped.retry_after or 0.0) if sieve.stopped else receipt

    def _write_part(
        self, changes: list[dict[str, Any]], edits: Sequence[CellEdit], target: Target, beside: Beside
    ) -> Receipt | Failure:
        changes = list(changes)
        if self._control is not None:
            changes += [typed_cells(self._control, edit.place, [[edit.value]]) for edit in beside.board]
        if self._log is not None and beside.log is not None:
            changes.append(whole_page(self._log, Place(2, 0), beside.log, len(wording.LOG_HEADER)))
        if not changes:
            return NO_RECEIPT
        body: dict[str, Any] = {"requests": changes}
        fields = "spreadsheetId"
        if edits:
            first, last = edits[0].row_number, edits[-1].row_number
            body["includeSpreadsheetInResponse"] = True
            body["responseRanges"] = [
                *(self._range(column, first, last) for column in (target.row_id, *target.boxes)),
                f"{self._quoted}!{self._workbook.header_row}:{self._workbook.header_row}",
            ]
            fields = _ANSWER_MASK
        said = self._sheets.request("post", f"{self._key.spreadsheet}:batchUpdate", {"fields": fields}, body)
        if isinstance(said, Failure):
            return said
        return receipt_of(said, edits, target) if edits else NO_RECEIPT

    def _range(self, column: int, first: int, last: int) -> str:
        letters = column_letters(column)
        return f"{self._quoted}!{letters}{first}:{letters}{last}"

    @property
    def _quoted(self) -> str:
        doubled = self._title.replace("'", "''")
        return f"'{doubled}'"


def _from_header(values: list[list[Cell]], header_row: int) -> list[list[Cell]]:
    """The header as the first line; what stands above it reads as blank rows below, so that all others keep their
    numbers.
    """
    above = header_row - 1
    if len(values) <= above:
        return []
    return [values[above], *([] for _ in range(above)), *values[header_row:]] if above else values


def _to_header(edits: Sequence[CellEdit], header_row: int) -> Sequence[CellEdit]:
    """The other way round; nothing is ever written above the header."""
    if header_row == 1:
        return edits
    below = [edit for edit in edits if edit.row_number == 1 or edit.row_number > header_row]
    return [replace(edit, row_number=header_row) if edit.row_number == 1 else edit for edit in below]


def _both(first: Receipt, second: Receipt) -> Receipt:
    return Receipt(
        first.misplaced + second.misplaced,
        first.emptied | second.emptied,
        columns_moved=first.columns_moved or second.columns_moved,
        rest_in=second.rest_in if second.rest_in is not None else first.rest_in,
    )


def _grid_of(matched: Mapping[str, Any]) -> int:
    """Which of the asked grids an answer is; the id 0 may be left out (proto3 JSON)."""
    return int(matched["dataFilters"][0].get("gridRange", {}).get("sheetId", 0))


def _title_in(found: str) -> str:
    """The tab's title in a canonical range such as `'My tab'!A1:Z1000`."""
    title = found.rpartition("!")[0] or found
    if title.startswith("'") and title.endswith("'"):
        return title[1:-1].replace("''", "'")
    return title

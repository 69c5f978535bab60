"""Cells as the Sheets API wants them written, and what its answer says about the rows beside them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import groupby
from json.encoder import encode_basestring_ascii
from typing import Any

from bot.domain.cells import Cell, Formula, Written, cell_text, fold, is_ticked
from bot.domain.control import Place
from bot.planner.actions import CellEdit
from bot.ports import Receipt, Target

_BYTES_A_REQUEST = 1_500_000
"""Google advises bodies below two megabytes (Sheets API, usage limits)."""

_BYTES_AROUND = 160
_BYTES_A_LINE = 16
_BYTES_A_CELL = 45
"""What stands around a block, around a line of it and around each value."""

NO_RECEIPT = Receipt((), frozenset())


def in_parts(
    tab: int, edits: Iterable[CellEdit], most: int = _BYTES_A_REQUEST
) -> Iterator[tuple[list[dict[str, Any]], list[CellEdit]]]:
    """The requests cut between rows into bodies of a bounded size; at least one, so that a lone heartbeat goes out."""
    body = _Body()
    for _, row in groupby(sorted(edits, key=_place), key=lambda edit: edit.row_number):
        runs = list(_runs(row))
        more = body.bytes_for(runs)
        if body.edits and body.size + more > most:
            yield body.requests(tab), body.edits
            body = _Body()
            more = body.bytes_for(runs)
        body.take(runs, more)
    yield body.requests(tab), body.edits


class _Body:
    """What one request to Google carries. Neighbouring cells are written together, those of the rows below too."""

    def __init__(self) -> None:
        self.edits: list[CellEdit] = []
        """Row by row."""

        self.size = 0
        self._blocks: list[list[list[CellEdit]]] = []
        self._lowest: dict[tuple[int, int], list[list[CellEdit]]] = {}
        """The block that goes on below, by its column and width."""

    def bytes_for(self, row: Iterable[Sequence[CellEdit]]) -> int:
        """By how much the cells of one row make it larger."""
        size = 0
        for run in row:
            size += _BYTES_A_LINE + sum(_BYTES_A_CELL + _length(edit.value) for edit in run)
            size += _BYTES_AROUND if self._above(run) is None else 0
        return size

    def take(self, row: Iterable[list[CellEdit]], size: int) -> None:
        """Carries the cells of one row, which make it so much larger."""
        self.size += size
        for run in row:
            self.edits += run
            block = self._above(run)
            if block is None:
                block = self._lowest[run[0].column, len(run)] = []
                self._blocks.append(block)
            block.append(run)

    def requests(self, tab: int) -> list[dict[str, Any]]:
        """One for each block."""
        return [
            typed_cells(
                tab,
                Place(block[0][0].row_number, block[0][0].column),
                [[edit.value for edit in run] for run in block],
            )
            for block in self._blocks
        ]

    def _above(self, run: Sequence[CellEdit]) -> list[list[CellEdit]] | None:
        """The block these cells lie right below, as wide as they are."""
        block = self._lowest.get((run[0].column, len(run)))
        return block if block and block[-1][0].row_number + 1 == run[0].row_number else None


def _runs(row: Iterable[CellEdit]) -> Iterator[list[CellEdit]]:
    """Neighbouring cells of one row."""
    run: list[CellEdit] = []
    for edit in row:
        if run and edit.column != run[-1].column + 1:
            yield run
            run = []
        run.append(edit)
    yield run


def _length(value: Written) -> int:
    """How many bytes it takes as JSON."""
    text = value.text if isinstance(value, Formula) else value
    return len(encode_basestring_ascii(text)) if isinstance(text, str) else len(str(text))


def _place(edit: CellEdit) -> int:
    """Row by row, and from the left; a tab has 18,278 columns at most."""
    return edit.row_number << 16 | edit.column


def typed_cells(tab: int, corner: Place, lines: Iterable[Iterable[Written]]) -> dict[str, Any]:
    """The request that writes these lines from a corner on, each value with its own type."""
    return {
        "updateCells": {
            "start": {"sheetId": tab, "rowIndex": corner.row - 1, "columnIndex": corner.column},
            "rows": [{"values": [_typed(value) for value in line]} for line in lines],
            "fields": "userEnteredValue",
        }
    }


def whole_page(tab: int, corner: Place, lines: Sequence[Sequence[Written]], width: int) -> dict[str, Any]:
    """The request that makes these lines all that stands from a corner on, so many columns wide and to the end."""
    request = typed_cells(tab, corner, lines)
    request["updateCells"].pop("start")
    # What the rows do not reach is cleared (Sheets API, UpdateCellsRequest).
    request["updateCells"]["range"] = {
        "sheetId": tab,
        "startRowIndex": corner.row - 1,
        "startColumnIndex": corner.column,
        "endColumnIndex": corner.column + width,
    }
    return request


def rgb(colour: str) -> dict[str, float]:
    """`#RRGGBB` as the API spells colours."""
    red, green, blue = (int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5))
    return {"red": red, "green": green, "blue": blue}


def _typed(value: Written) -> dict[str, Any]:
    """CellData with an explicit type: Google parses nothing of it (Sheets API, ExtendedValue)."""
    match value:
        case None:
            return {}
        case Formula(text):
            return {"userEnteredValue": {"formulaValue": text}}
        case bool():
            return {"userEnteredValue": {"boolValue": value}}
        case int() | float():
            return {"userEnteredValue": {"numberValue": value}}
        case str():
            return {"userEnteredValue": {"stringValue": value}}


def receipt_of(said: Mapping[str, Any], edits: Sequence[CellEdit], target: Target) -> Receipt:
    """Compares the ids and the header the answer shows with those the edits were meant for."""
    found = {
        sheet["properties"]["sheetId"]: sheet.get("data", [])
        for sheet in said.get("updatedSpreadsheet", {}).get("sheets", [])
    }
    blocks: list[dict[str, Any]] = next((data for data in found.values() if data), [])
    if len(blocks) != 2 + len(target.boxes):
        return NO_RECEIPT
    if not _is_below(target, _first_line(blocks[-1]), edits):
        return Receipt((), frozenset(), columns_moved=True)
    meant = {edit.row_number: edit.record for edit in edits if edit.record is not None}
    # The answer shows all rows from the first one written to the last, mostly many more than were written.
    ids, *boxes = [_column(block, meant) for block in blocks[:-1]]
    right = {number: record for number, record in meant.items() if cell_text(ids.get(number)) == record}
    emptied = frozenset(
        (record, column)
        for column, cells in zip(target.boxes, boxes, strict=True)
        for number, record in right.items()
        if not is_ticked(cells.get(number))
    )
    misplaced = tuple(record for number, record in meant.items() if number not in right)
    return Receipt(misplaced, emptied)


def _first_line(block: Mapping[str, Any]) -> list[str]:
    cells = (block.get("rowData") or [{}])[0].get("values", [])
    return [fold(cell_text(next(iter(cell.get("effectiveValue", {}).values()), None))) for cell in cells]


def _is_below(target: Target, header: Sequence[str], edits: Iterable[CellEdit]) -> bool:
    """Whether the cells written and compared stand below the headers they were meant for."""
    places = {target.row_id, *target.boxes, *(edit.column for edit in edits)}
    meant = [fold(cell_text(cell)) for cell in target.header]
    return all(
        place >= len(meant) or meant[place] == (header[place] if place < len(header) else "")
        for place in places
    )


def _column(block: Mapping[str, Any], numbers: Iterable[int]) -> dict[int, Cell]:
    """What stands in these rows; rows the answer does not reach are left out."""
    start, rows = int(block.get("startRow", 0)) + 1, block.get("rowData", [])
    cells: dict[int, Cell] = {}
    for number in numbers:
        if 0 <= number - start < len(rows):
            value = (rows[number - start].get("values") or [{}])[0].get("effectiveValue", {})
            cells[number] = next(iter(value.values()), None)
    return cells

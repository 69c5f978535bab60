"""Sub-requests of spreadsheets.batchUpdate that merge cells and part them again."""

from __future__ import annotations

from bot.sandbox.sheets.a1 import Rect
from bot.sandbox.sheets.batch_cells import missing
from bot.sandbox.sheets.grid import Tab
from bot.sandbox.sheets.wire import Json, invalid
from bot.sandbox.sheets.workbook import Workbook


def merge_cells(workbook: Workbook, body: Json) -> Json:
    """Of each block only its first cell keeps what it holds."""
    tab, area = _area(workbook, body)
    for block in _pieces(area, body.get("mergeType", "MERGE_ALL")):
        if block.height * block.width == 1:
            continue
        for index in range(block.top, block.bottom):
            for column in range(block.left, block.right):
                if (index, column) != (block.top, block.left) and tab.rows[index].value(column) is not None:
                    tab.touched(index).set(column, None)
        tab.merges.append(block)
    tab.changes.properties = tab.changes.structure = True
    return {}


def unmerge_cells(workbook: Workbook, body: Json) -> Json:
    tab, _ = _area(workbook, body)
    tab.changes.properties = tab.changes.structure = True
    return {}


def _area(workbook: Workbook, body: Json) -> tuple[Tab, Rect]:
    """The range; blocks within it are parted. Raises ApiError (400) where it cuts through one."""
    if "range" not in body:
        raise missing("range")
    tab, area = workbook.grid_range(body["range"])
    workbook.guard(tab, area)
    met = [block for block in tab.merges if block.meets(area)]
    if any(_joined(block, area) != area for block in met):
        raise invalid("You must select all cells in a merged range to merge or unmerge them.")
    tab.merges = [block for block in tab.merges if block not in met]
    return tab, area


def _joined(one: Rect, other: Rect) -> Rect:
    return Rect(
        min(one.top, other.top),
        min(one.left, other.left),
        max(one.bottom, other.bottom),
        max(one.right, other.right),
    )


def _pieces(area: Rect, kind: str) -> list[Rect]:
    match kind:
        case "MERGE_ALL":
            return [area]
        case "MERGE_COLUMNS":
            return [Rect(area.top, at, area.bottom, at + 1) for at in range(area.left, area.right)]
        case "MERGE_ROWS":
            return [Rect(at, area.left, at + 1, area.right) for at in range(area.top, area.bottom)]
        case _:
            raise invalid(f"mergeType {kind} is unknown.")

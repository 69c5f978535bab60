"""Finding "tables" the way an append does: islands of filled cells.

After a row `["x", "", "z"]` the islands are A1 and C1; an append to the whole tab goes below the last of
them, one to A1 below the first (recorded traffic of gspread's tests).
"""

from __future__ import annotations

from bot.sandbox.sheets.a1 import Rect
from bot.sandbox.sheets.grid import Row, Tab


def last_table(tab: Tab, area: Rect) -> Rect | None:
    """The last island that touches the area: the lowest, then the rightmost; None when it is all empty."""
    touching = [rect for rect in _islands(tab) if rect.meets(area)]
    return max(touching, key=lambda rect: (rect.bottom, rect.right), default=None)


def _islands(tab: Tab) -> list[Rect]:
    """Bounding boxes of filled cells that touch each other, also at corners."""
    done: list[Rect] = []
    growing: list[Rect] = []
    for index, row in enumerate(tab.rows):
        grown: list[Rect] = []
        for left, right in _runs(row):
            box = Rect(index, left, index + 1, right)
            apart = []
            for other in (*growing, *grown):
                near = other.left <= box.right and box.left <= other.right
                if near:
                    box = _joined(box, other)
                else:
                    apart.append(other)
            grown = [other for other in apart if other in grown]
            growing = [other for other in apart if other not in grown]
            grown.append(box)
        done.extend(growing)
        growing = grown
    return done + growing


def _joined(one: Rect, other: Rect) -> Rect:
    return Rect(
        min(one.top, other.top),
        min(one.left, other.left),
        max(one.bottom, other.bottom),
        max(one.right, other.right),
    )


def _runs(row: Row) -> list[tuple[int, int]]:
    """Half-open runs of filled cells."""
    runs: list[tuple[int, int]] = []
    start: int | None = None
    for column, value in enumerate(row.values):
        # A formula counts as data even where it shows nothing.
        filled = value is not None or column in row.formulas
        if filled and start is None:
            start = column
        elif not filled and start is not None:
            runs.append((start, column))
            start = None
    if start is not None:
        runs.append((start, len(row.values)))
    return runs

"""What lies on ranges of a tab beside cells: names, protections, bandings, the basic filter, developer metadata.

Kept as the service tells it, each with its GridRange; they follow rows and columns that are inserted, deleted or
moved, and stay where they are when cells are sorted (not documented for developer metadata: a switch).
"""

from __future__ import annotations

from collections.abc import Iterable
from copy import deepcopy
from typing import Any

from bot.sandbox.sheets.shifts import AnyShift, Deleted
from bot.sandbox.sheets.wire import Json

KINDS = ("namedRanges", "protectedRanges", "bandedRanges", "basicFilter", "developerMetadata")
Marks = dict[str, list[Json]]


def no_marks() -> Marks:
    return {kind: [] for kind in KINDS}


def followed(spot: Json, shift: AnyShift, *, rows: bool, count: int) -> Json | None:
    """A GridRange after the shift; None when no cell of it is left."""
    start, end = ("startRowIndex", "endRowIndex") if rows else ("startColumnIndex", "endColumnIndex")
    # The grid has its new size already; an open end means the end it had before.
    size = count + (shift.end - shift.start if isinstance(shift, Deleted) else 0)
    span = shift.span(spot.get(start, 0), spot.get(end, size))
    if span is None:
        return None
    moved = dict(spot)
    if start in spot or span[0]:
        moved[start] = span[0]
    if end in spot:
        moved[end] = span[1]
    return moved


def shifted_marks(marks: Marks, shift: AnyShift, *, rows: bool, count: int) -> Marks:
    """All marks of a tab after the shift; those without cells go, but a name stays taken."""
    kept: Marks = {}
    for kind in KINDS[:-1]:
        kept[kind] = []
        for mark in marks[kind]:
            spot = followed(mark.get("range", {}), shift, rows=rows, count=count)
            if spot is not None:
                kept[kind].append({**mark, "range": spot})
            elif kind == "namedRanges":
                kept[kind].append({name: value for name, value in mark.items() if name != "range"})
    kept["developerMetadata"] = list(_shifted_metadata(marks["developerMetadata"], shift, rows=rows))
    return kept


def _shifted_metadata(found: Iterable[Json], shift: AnyShift, *, rows: bool) -> Iterable[Json]:
    for mark in found:
        spot = mark["location"].get("dimensionRange")
        if spot is None or (spot["dimension"] == "ROWS") is not rows:
            yield mark
            continue
        at = shift.index(spot["startIndex"])
        if at is not None:
            yield _at(mark, at)


def resorted(found: list[Json], top: int, order: list[int]) -> list[Json]:
    """Metadata of rows that goes along with a sort; `order` are the old row numbers from `top` on."""
    places = {old: top + step for step, old in enumerate(order)}
    moved = []
    for mark in found:
        spot = mark["location"].get("dimensionRange")
        is_row = spot is not None and spot["dimension"] == "ROWS"
        moved.append(_at(mark, places.get(spot["startIndex"], spot["startIndex"])) if is_row else mark)
    return moved


def _at(mark: Json, index: int) -> Json:
    moved: Any = deepcopy(mark)
    moved["location"]["dimensionRange"].update(startIndex=index, endIndex=index + 1)
    return dict(moved)

"""What hangs on rows and columns of a tab and follows them: groups, filter views, merged blocks."""

from __future__ import annotations

from bot.sandbox.sheets.a1 import Rect
from bot.sandbox.sheets.shifts import AnyShift
from bot.sandbox.sheets.wire import Json


def shifted_groups(groups: list[Json], shift: AnyShift) -> list[Json]:
    """Groups grow, shrink and go with what they hold together."""
    kept = []
    for group in groups:
        span = shift.span(group["range"]["startIndex"], group["range"]["endIndex"])
        if span is not None:
            moved = {**group["range"], "startIndex": span[0], "endIndex": span[1]}
            kept.append({**group, "range": moved})
    return kept


def refiltered(view: Json, shift: AnyShift) -> Json:
    """What a view filters by follows its columns; a filter by one that is gone is gone."""
    specs = [
        {**spec, "columnIndex": shift.index(spec.get("columnIndex", 0))}
        for spec in view.get("filterSpecs", [])
    ]
    return {**view, "filterSpecs": [spec for spec in specs if spec["columnIndex"] is not None]}


def shifted_merges(merges: list[Rect], shift: AnyShift, *, rows: bool) -> list[Rect]:
    """Merged blocks grow, shrink and go with their cells; one cell alone is no block."""
    kept = []
    for block in merges:
        span = shift.span(block.top, block.bottom) if rows else shift.span(block.left, block.right)
        if span is None:
            continue
        moved = (
            Rect(span[0], block.left, span[1], block.right)
            if rows
            else Rect(block.top, span[0], block.bottom, span[1])
        )
        if moved.height * moved.width > 1:
            kept.append(moved)
    return kept

"""updateBorders: lines around a range and within it, kept as the format of the cells they run along."""

from __future__ import annotations

from bot.sandbox.sheets.batch_cells import needed
from bot.sandbox.sheets.celldata import tidy_format
from bot.sandbox.sheets.wire import Json, invalid
from bot.sandbox.sheets.workbook import Workbook

_WIDTHS = {"DOTTED": 1, "DASHED": 1, "SOLID": 1, "SOLID_MEDIUM": 2, "SOLID_THICK": 3, "DOUBLE": 3}


def update_borders(workbook: Workbook, body: Json) -> Json:
    """A side that is not named stays as it is; one with style NONE is taken away."""
    tab, area = workbook.grid_range(needed(body, "range"))
    workbook.guard(tab, area)
    sides = ("top", "bottom", "left", "right", "innerHorizontal", "innerVertical")
    wished = {side: _line(body[side]) for side in sides if side in body}
    for index in range(area.top, area.bottom):
        for column in range(area.left, area.right):
            here = {
                "top": "top" if index == area.top else "innerHorizontal",
                "bottom": "bottom" if index == area.bottom - 1 else "innerHorizontal",
                "left": "left" if column == area.left else "innerVertical",
                "right": "right" if column == area.right - 1 else "innerVertical",
            }
            lines = {side: wished[name] for side, name in here.items() if name in wished}
            if not lines:
                continue
            row = tab.touched(index)
            style = row.styles.get(column)
            look = style.format if style else {}
            borders = {**look.get("borders", {}), **lines}
            kept = {side: line for side, line in borders.items() if line}
            plain = {name: value for name, value in look.items() if name != "borders"}
            whole = {**plain, **({"borders": kept} if kept else {})}
            row.set_style(column, workbook.styles.of(whole, style.validation if style else {}))
    return {}


def _line(border: Json) -> Json:
    """A border as the service keeps it, its width given by its style; empty for none."""
    style = border.get("style") or ("SOLID" if border.get("width") else "NONE")
    if style in {"NONE", "STYLE_UNSPECIFIED"}:
        return {}
    if style not in _WIDTHS:
        raise invalid(f"Border style {style} is unknown.")
    lines = border if {"color", "colorStyle"} & border.keys() else {**border, "color": {}}
    return dict(tidy_format({**lines, "style": style, "width": _WIDTHS[style]}))

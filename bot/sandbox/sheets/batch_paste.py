"""Sub-requests of spreadsheets.batchUpdate that copy blocks of cells and move them elsewhere."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import TypeAlias

from bot.sandbox.sheets.a1 import Rect
from bot.sandbox.sheets.batch_cells import needed, write_cell
from bot.sandbox.sheets.celldata import WRITABLE
from bot.sandbox.sheets.grid import Cell, Formula, Row, Tab
from bot.sandbox.sheets.masks import Mask
from bot.sandbox.sheets.references import Corner, Reference, copied, rewritten
from bot.sandbox.sheets.resources import grid_range_of
from bot.sandbox.sheets.styles import Style
from bot.sandbox.sheets.wire import Json, invalid
from bot.sandbox.sheets.workbook import Workbook, beyond_grid

Block: TypeAlias = list[list[Cell]]
_EVERYTHING = Mask({name: Mask() for name in WRITABLE})
_WITH_RULES = {"PASTE_NORMAL", "PASTE_NO_BORDERS", "PASTE_CONDITIONAL_FORMATTING"}


def taken(tab: Tab, area: Rect) -> Block:
    """The cells of an area, row by row."""
    columns = range(area.left, area.right)
    return [[row.cell(column) for column in columns] for row in tab.rows[area.top : area.bottom]]


def copy_paste(workbook: Workbook, body: Json) -> Json:
    """Copies a block, repeated where the destination is a multiple of it."""
    source_tab, source = workbook.grid_range(needed(body, "source"))
    tab, target = workbook.grid_range(needed(body, "destination"))
    turned = body.get("pasteOrientation", "NORMAL") == "TRANSPOSE"
    paste = _paste(workbook, body.get("pasteType", "PASTE_NORMAL"))
    cells = taken(source_tab, source)
    if turned:
        cells = [list(line) for line in zip(*cells, strict=True)]
    tall, wide = len(cells), len(cells[0])
    height = target.height if target.height % tall == 0 else tall
    width = target.width if target.width % wide == 0 else wide
    reached = Rect(target.top, target.left, target.top + height, target.left + width)
    if reached.bottom > tab.row_count or reached.right > tab.column_count:
        raise beyond_grid(tab, reached)
    workbook.guard(tab, reached)
    for down in range(height):
        row = tab.touched(target.top + down)
        for across in range(width):
            at, beside = down % tall, across % wide
            cell = cells[at][beside]
            here = (target.top + down, target.left + across)
            if cell.formula is not None:
                there = (
                    (source.top + beside, source.left + at)
                    if turned
                    else (source.top + at, source.left + beside)
                )
                text = _carried(cell.formula.text, there, here, turned=turned)
                cell = replace(cell, formula=Formula(text))
            paste(row, here[1], cell)
    if body.get("pasteType", "PASTE_NORMAL") in _WITH_RULES:
        _extend_rules((source_tab, source), (tab, reached))
    return {}


def _carried(formula: str, there: tuple[int, int], here: tuple[int, int], *, turned: bool) -> str:
    """What a formula says in another place; turned, what lay below it then lies beside it."""
    if not turned:
        return copied(formula, here[0] - there[0], here[1] - there[1])

    def moved(corner: Corner) -> Corner | None:
        row, column = corner.row, corner.column
        if row is None or column is None:
            return corner
        new_row = row if corner.fixed_row else here[0] + column - there[1]
        new_column = column if corner.fixed_column else here[1] + row - there[0]
        return None if min(new_row, new_column) < 0 else replace(corner, row=new_row, column=new_column)

    def change(ref: Reference) -> str:
        first, last = moved(ref.first), moved(ref.last) if ref.last else None
        return (
            "#REF!" if first is None or (ref.last and not last) else str(replace(ref, first=first, last=last))
        )

    return rewritten(formula, change)


def _paste(workbook: Workbook, kind: str) -> Callable[[Row, int, Cell], None]:
    """How one cell is put down."""

    def look(row: Row, column: int, cell: Cell) -> None:
        row.set_style(column, _style(workbook, cell.style, row.styles.get(column)))

    def rule(row: Row, column: int, cell: Cell) -> None:
        row.set_style(column, _style(workbook, row.styles.get(column), cell.style))

    def without_borders(row: Row, column: int, cell: Cell) -> None:
        own = row.styles.get(column)
        borders = own.format.get("borders") if own else None
        plain = dict(cell.style.format) if cell.style else {}
        plain.pop("borders", None)
        row.put(column, cell)
        whole = {**plain, **({"borders": borders} if borders else {})}
        row.set_style(column, workbook.styles.of(whole, cell.style.validation if cell.style else {}))

    pastes: dict[str, Callable[[Row, int, Cell], None]] = {
        "PASTE_NORMAL": lambda row, column, cell: row.put(column, cell),
        "PASTE_NO_BORDERS": without_borders,
        "PASTE_VALUES": lambda row, column, cell: row.set(column, cell.value),
        "PASTE_FORMULA": lambda row, column, cell: row.set(
            column, cell.value, cell.formula.text if cell.formula else None
        ),
        "PASTE_FORMAT": look,
        "PASTE_DATA_VALIDATION": rule,
        "PASTE_CONDITIONAL_FORMATTING": lambda _row, _column, _cell: None,
    }
    if kind not in pastes:
        raise invalid(f"pasteType {kind} is unknown.")
    return pastes[kind]


def _style(workbook: Workbook, look: Style | None, rule: Style | None) -> Style | None:
    return workbook.styles.of(look.format if look else {}, rule.validation if rule else {})


def _extend_rules(source: tuple[Tab, Rect], target: tuple[Tab, Rect]) -> None:
    """Conditional formats of the copied cells hold where they were pasted too (on the same tab)."""
    (tab, area), (other, reached) = source, target
    if tab is not other:
        return
    changed = []
    for rule in tab.conditional_formats:
        spots = [_rect(tab, spot) for spot in rule["ranges"]]
        is_new = any(spot.meets(area) for spot in spots) and not any(_holds(spot, reached) for spot in spots)
        changed.append({**rule, "ranges": [*rule["ranges"], grid_range_of(tab, reached)]} if is_new else rule)
    if changed != tab.conditional_formats:
        tab.conditional_formats = changed
        tab.changes.properties = tab.changes.structure = True


def _rect(tab: Tab, spot: Json) -> Rect:
    return Rect(
        spot.get("startRowIndex", 0),
        spot.get("startColumnIndex", 0),
        spot.get("endRowIndex", tab.row_count),
        spot.get("endColumnIndex", tab.column_count),
    )


def _holds(outer: Rect, inner: Rect) -> bool:
    rows = outer.top <= inner.top and inner.bottom <= outer.bottom
    return rows and outer.left <= inner.left and inner.right <= outer.right


def cut_paste(workbook: Workbook, body: Json) -> Json:
    """Moves a block: all of it is cut, whatever is pasted, and formulas elsewhere follow it."""
    source_tab, source = workbook.grid_range(needed(body, "source"))
    place = needed(body, "destination")
    tab = workbook.tab(int(place.get("sheetId", 0)))
    top, left = int(place.get("rowIndex", 0)), int(place.get("columnIndex", 0))
    paste = _paste(workbook, body.get("pasteType", "PASTE_NORMAL"))
    target = Rect(top, left, top + source.height, left + source.width)
    if target.bottom > tab.row_count or target.right > tab.column_count:
        raise beyond_grid(tab, target)
    workbook.guard(tab, target)
    cells = taken(source_tab, source)
    for index in range(source.top, source.bottom):
        for column in range(source.left, source.right):
            write_cell(workbook, source_tab, index, column, {}, _EVERYTHING)
    for index, line in enumerate(cells, start=top):
        row = tab.touched(index)
        for column, cell in enumerate(line, start=left):
            paste(row, column, cell)
    _follow(workbook, (source_tab, source), (tab, target))
    return {}


def _follow(workbook: Workbook, source: tuple[Tab, Rect], target: tuple[Tab, Rect]) -> None:
    """References to cells that were cut speak of where they are now."""
    (tab, area), (other, reached) = source, target
    down, right = reached.top - area.top, reached.left - area.left

    def moved(corner: Corner) -> Corner:
        row, column = corner.row or 0, corner.column or 0
        return replace(corner, row=row + down, column=column + right)

    for home in workbook.tabs:

        def change(ref: Reference, home: Tab = home) -> str:
            last = ref.last or ref.first
            is_other = (ref.sheet or home.title).lower() != tab.title.lower()
            if is_other or None in {ref.first.row, ref.first.column, last.row, last.column}:
                return str(ref)
            spot = Rect(
                ref.first.row or 0, ref.first.column or 0, (last.row or 0) + 1, (last.column or 0) + 1
            )
            if not _holds(area, spot):
                return str(ref)
            named = ref.sheet if tab is other else None if home is other else other.title
            return str(Reference(named, moved(ref.first), moved(ref.last) if ref.last else None))

        for index, row in enumerate(home.rows):
            for formula in row.formulas.values():
                text = rewritten(formula.text, change)
                if text != formula.text:
                    formula.text = text
                    home.touched(index)

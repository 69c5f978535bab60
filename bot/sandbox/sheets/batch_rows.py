"""Sub-requests of spreadsheets.batchUpdate that move, add, remove, sort or describe rows and columns."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from bot.sandbox.sheets.a1 import Rect
from bot.sandbox.sheets.batch_cells import missing
from bot.sandbox.sheets.grid import ErrorValue, Scalar, Tab
from bot.sandbox.sheets.masks import parse
from bot.sandbox.sheets.references import copied
from bot.sandbox.sheets.shifts import Deleted, Inserted, Moved
from bot.sandbox.sheets.wire import Json, invalid, not_built
from bot.sandbox.sheets.workbook import Workbook


@dataclass(frozen=True, slots=True)
class Span:
    """Some rows or columns of a tab."""

    tab: Tab
    rows: bool
    start: int
    end: int

    @property
    def count(self) -> int:
        return self.tab.row_count if self.rows else self.tab.column_count

    @property
    def word(self) -> str:
        return "row" if self.rows else "column"

    @property
    def cells(self) -> Rect:
        whole = self.tab.whole
        if self.rows:
            return Rect(self.start, 0, self.end, whole.right)
        return Rect(0, self.start, whole.bottom, self.end)

    @staticmethod
    def of(workbook: Workbook, spot: Json | None) -> Span:
        """From a DimensionRange; an end left out means the end of the grid."""
        if spot is None:
            raise missing("range")
        tab = workbook.tab(int(spot.get("sheetId", 0)))
        rows = is_rows(spot.get("dimension"))
        count = tab.row_count if rows else tab.column_count
        end = spot.get("endIndex")
        span = Span(tab, rows, int(spot.get("startIndex", 0)), count if end is None else int(end))
        if span.start < 0 or span.end <= span.start:
            raise invalid(f"range must not be empty: {span.start} to {span.end}.")
        return span


def is_rows(dimension: str | None) -> bool:
    if dimension not in {"ROWS", "COLUMNS"}:
        raise invalid(f"dimension must be ROWS or COLUMNS, not {dimension}.")
    return dimension == "ROWS"


def insert_dimension(workbook: Workbook, body: Json) -> Json:
    """New rows or columns before `startIndex`, looking like the one before or after them."""
    span = Span.of(workbook, body.get("range"))
    inherit = bool(body.get("inheritFromBefore"))
    if span.start > span.count or (inherit and span.start == 0):
        raise invalid(f"range.startIndex {span.start} is not a place to insert a {span.word}.")
    added = span.end - span.start
    other = span.tab.column_count if span.rows else span.tab.row_count
    workbook.check_size(added * other)
    workbook.guard_between(span.tab, span.start, rows=span.rows)
    workbook.shift(span.tab, Inserted(span.start, added), rows=span.rows)
    _inherit_styles(span, span.start - 1 if inherit else span.end)
    return {}


def _inherit_styles(span: Span, model: int) -> None:
    """Inserted ones take the formats and validation rules of their neighbour."""
    if span.rows:
        if model < span.tab.row_count:
            styles = span.tab.rows[model].styles
            for index in range(span.start, span.end):
                span.tab.touched(index).styles = dict(styles)
        return
    for index, row in enumerate(span.tab.rows):
        style = row.styles.get(model)
        if style is not None:
            for column in range(span.start, span.end):
                span.tab.touched(index).set_style(column, style)


def delete_dimension(workbook: Workbook, body: Json) -> Json:
    span = Span.of(workbook, body.get("range"))
    if span.end > span.count:
        beyond = max(span.start, span.count)
        raise invalid(
            f"Cannot delete a {span.word} that doesn't exist. Tried to delete {span.word} index {beyond} "
            f"but there are only {span.count} {span.word}s."
        )
    frozen = span.tab.frozen_rows if span.rows else span.tab.frozen_columns
    left = [index for index in range(frozen, span.count) if not span.start <= index < span.end]
    if not left:
        if frozen:
            raise invalid(f"Sorry, it is not possible to delete all non-frozen {span.word}s.")
        raise invalid(f"You can't delete all the {span.word}s on the sheet.")
    workbook.guard(span.tab, span.cells)
    workbook.shift(span.tab, Deleted(span.start, span.end), rows=span.rows)
    lost = max(0, min(span.end, frozen) - span.start)
    if lost:
        name = "frozenRowCount" if span.rows else "frozenColumnCount"
        grid = {**span.tab.properties["gridProperties"], name: frozen - lost}
        span.tab.properties = {**span.tab.properties, "gridProperties": grid}
    return {}


def append_dimension(workbook: Workbook, body: Json) -> Json:
    tab = workbook.tab(int(body.get("sheetId", 0)))
    length = int(body.get("length", 0))
    if length < 1:
        raise invalid("length must be positive.")
    if is_rows(body.get("dimension")):
        workbook.check_size(length * tab.column_count)
        tab.add_rows(length)
    else:
        workbook.check_size(length * tab.row_count)
        tab.resize_columns(tab.column_count + length)
    return {}


def move_dimension(workbook: Workbook, body: Json) -> Json:
    """`destinationIndex` counts before the move; a place inside the moved ones is refused."""
    span = Span.of(workbook, body.get("source"))
    to = int(body.get("destinationIndex", 0))
    if span.end > span.count:
        raise invalid(f"source lies outside the grid: there are only {span.count} {span.word}s.")
    if not 0 <= to <= span.count or span.start < to < span.end:
        raise invalid(f"destinationIndex {to} is not a place to move to.")
    frozen = span.tab.frozen_rows if span.rows else span.tab.frozen_columns
    if span.start < frozen < span.end:
        raise invalid(f"You can't move frozen and unfrozen {span.word}s together.")
    workbook.guard(span.tab, span.cells)
    if to not in {span.start, span.end}:
        workbook.shift(span.tab, Moved(span.start, span.end, to), rows=span.rows)
    return {}


def update_dimension_properties(workbook: Workbook, body: Json) -> Json:
    """Size and hidden mark; false and missing are the defaults and not kept."""
    if "dataSourceSheetRange" in body:
        raise not_built("updateDimensionProperties.dataSourceSheetRange")
    span = Span.of(workbook, body.get("range"))
    if span.end > span.count:
        raise invalid(f"range lies outside the grid: there are only {span.count} {span.word}s.")
    if not body.get("fields"):
        raise invalid("At least one field must be listed in 'fields'. (Use '*' to indicate all fields.)")
    mask = parse(body["fields"])
    settings = span.tab.row_settings if span.rows else span.tab.column_settings
    for index in range(span.start, span.end):
        merged = mask.merge(settings.get(index, {}), body.get("properties", {}))
        kept = {name: value for name, value in merged.items() if value}
        if kept:
            settings[index] = kept
        else:
            settings.pop(index, None)
    span.tab.changes.properties = span.tab.changes.structure = True
    return {}


# ---------------------------------------------------------------- groups


def add_dimension_group(workbook: Workbook, body: Json) -> Json:
    """A group around rows or columns; one around others lies a level higher."""
    span = Span.of(workbook, body.get("range"))
    groups = _groups(span)
    depth = 1 + sum(_start(group) <= span.start and span.end <= _end(group) for group in groups)
    if any(_start(group) == span.start and _end(group) == span.end for group in groups):
        raise invalid("A group with this range exists already.")
    for group in groups:
        if span.start <= _start(group) and _end(group) <= span.end:
            group["depth"] += 1
    where = {
        "sheetId": span.tab.sheet_id,
        "dimension": "ROWS" if span.rows else "COLUMNS",
        "startIndex": span.start,
        "endIndex": span.end,
    }
    groups = sorted(
        [*groups, {"range": where, "depth": depth}], key=lambda group: (_start(group), -_end(group))
    )
    _keep_groups(span, groups)
    return {"addDimensionGroup": {"dimensionGroups": groups}}


def update_dimension_group(workbook: Workbook, body: Json) -> Json:
    """Collapsing a group hides what is in it."""
    wished = body.get("dimensionGroup") or {}
    span = Span.of(workbook, wished.get("range"))
    if not parse(body.get("fields")).wants("collapsed"):
        raise invalid("Only the field collapsed can be updated.")
    groups = _groups(span)
    for group in groups:
        if _start(group) == span.start and _end(group) == span.end and group["depth"] == wished.get("depth"):
            break
    else:
        raise invalid("There is no group with this range and depth.")
    settings = span.tab.row_settings if span.rows else span.tab.column_settings
    collapsed = bool(wished.get("collapsed"))
    group.pop("collapsed", None)
    if collapsed:
        group["collapsed"] = True
    for index in range(span.start, span.end):
        kept = {name: value for name, value in settings.get(index, {}).items() if name != "hiddenByUser"}
        if collapsed:
            kept["hiddenByUser"] = True
        settings[index] = kept
        if not kept:
            del settings[index]
    _keep_groups(span, groups)
    return {}


def delete_dimension_group(workbook: Workbook, body: Json) -> Json:
    """The innermost group around these goes; groups within it come a level lower."""
    span = Span.of(workbook, body.get("range"))
    groups = _groups(span)
    around = [group for group in groups if _start(group) <= span.start and span.end <= _end(group)]
    if not around:
        raise invalid("There is no group around this range.")
    gone = max(around, key=lambda group: int(group["depth"]))
    kept = [group for group in groups if group is not gone]
    for group in kept:
        if _start(gone) <= _start(group) and _end(group) <= _end(gone):
            group["depth"] -= 1
    _keep_groups(span, kept)
    return {"deleteDimensionGroup": {"dimensionGroups": kept} if kept else {}}


def auto_resize_dimensions(workbook: Workbook, body: Json) -> Json:
    """Columns get the width of their longest text, roughly; rows go back to their own height."""
    span = Span.of(workbook, body.get("dimensions"))
    settings = span.tab.row_settings if span.rows else span.tab.column_settings
    for index in range(span.start, min(span.end, span.count)):
        kept = {name: value for name, value in settings.get(index, {}).items() if name != "pixelSize"}
        if not span.rows:
            longest = max((len(str(row.value(index) or "")) for row in span.tab.rows), default=0)
            kept["pixelSize"] = max(21, 7 * longest + 10)
        settings[index] = kept
    span.tab.changes.properties = span.tab.changes.structure = True
    return {}


def _groups(span: Span) -> list[Json]:
    return [dict(group) for group in (span.tab.row_groups if span.rows else span.tab.column_groups)]


def _keep_groups(span: Span, groups: list[Json]) -> None:
    if span.rows:
        span.tab.row_groups = groups
    else:
        span.tab.column_groups = groups
    span.tab.changes.properties = span.tab.changes.structure = True


def _start(group: Json) -> int:
    return int(group["range"]["startIndex"])


def _end(group: Json) -> int:
    return int(group["range"]["endIndex"])


# ---------------------------------------------------------------- sorting


def sort_range(workbook: Workbook, body: Json) -> Json:
    """Really re-orders the cells: numbers, texts, booleans, errors, and blanks last either way."""
    tab, area = workbook.grid_range(body.get("range") or {})
    workbook.guard(tab, area)
    specs = body.get("sortSpecs") or []
    if not specs:
        raise missing("sortSpecs")
    refuse_vertical_merges(tab, area)
    order = list(range(area.top, area.bottom))
    for spec in reversed(specs):
        column = int(spec.get("dimensionIndex", 0))
        if not area.left <= column < area.right:
            raise invalid(f"sortSpecs.dimensionIndex {column} is outside the range.")
        descending = spec.get("sortOrder", "ASCENDING") == "DESCENDING"
        found = ((index, _rank(tab.rows[index].value(column))) for index in order)
        ranks = {index: rank for index, rank in found if rank is not None}
        filled = [index for index in order if index in ranks]
        blank = [index for index in order if index not in ranks]
        filled.sort(key=ranks.__getitem__, reverse=descending)
        order = filled + blank
    tab.reorder(area, order, metadata_too=workbook.habits.sort_moves_metadata)
    move_formulas(tab, area, order)
    return {}


def refuse_vertical_merges(tab: Tab, area: Rect) -> None:
    """Raises ApiError (400) where a merged block would be torn by rows that change places."""
    if any(block.height > 1 and block.meets(area) for block in tab.merges):
        raise invalid("You can't sort a range with vertical merges. Please separate merged cells first.")


def _rank(value: Scalar) -> tuple[int, Any] | None:
    """What sorts before what; None for a blank, which comes last either way."""
    if value is None or value == "":
        return None
    if isinstance(value, bool):
        return 2, value
    if isinstance(value, ErrorValue):
        return 3, str(value)
    if isinstance(value, str):
        return 1, (value.casefold(), value)
    return 0, value


def move_formulas(tab: Tab, area: Rect, order: list[int]) -> None:
    """A formula carried to another row speaks of that row, as when it is copied."""
    for index, old in enumerate(order, start=area.top):
        if index == old:
            continue
        for column, formula in tab.rows[index].formulas.items():
            if area.left <= column < area.right:
                formula.text = copied(formula.text, index - old, 0)
                tab.touched(index)

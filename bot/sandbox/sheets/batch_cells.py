"""Sub-requests of spreadsheets.batchUpdate that write cells where they stand."""

from __future__ import annotations

import re

from bot.sandbox.sheets.a1 import Rect
from bot.sandbox.sheets.celldata import RUNS, entry_of, refuse_unbuilt, tidy_format, writable_mask
from bot.sandbox.sheets.entry import Entry, raw, typed
from bot.sandbox.sheets.grid import Tab
from bot.sandbox.sheets.masks import Mask, parse
from bot.sandbox.sheets.references import copied
from bot.sandbox.sheets.wire import ApiError, Json, invalid, not_built
from bot.sandbox.sheets.workbook import Workbook, beyond_grid


def update_cells(workbook: Workbook, body: Json) -> Json:
    """Cells of `range` that `rows` does not reach are cleared in the masked fields."""
    mask = _cell_mask(body)
    lines = [row.get("values", []) for row in body.get("rows", [])]
    if "start" in body:
        start = body["start"]
        tab = workbook.tab(int(start.get("sheetId", 0)))
        top, left = int(start.get("rowIndex", 0)), int(start.get("columnIndex", 0))
        width = max((len(line) for line in lines), default=0)
        rect = Rect(top, left, top + len(lines), left + width)
        if rect.bottom > tab.row_count or rect.right > tab.column_count:
            raise beyond_grid(tab, rect)
        for index, line in enumerate(lines, start=top):
            for column, cell in enumerate(line, start=left):
                write_cell(workbook, tab, index, column, cell, mask)
        return {}
    if "range" not in body:
        raise invalid("area is required: specify either start or range.")
    tab, rect = workbook.grid_range(body["range"])
    if len(lines) > rect.height or any(len(line) > rect.width for line in lines):
        raise invalid("rows do not fit the range.")
    for index in range(rect.top, rect.bottom):
        line = lines[index - rect.top] if index - rect.top < len(lines) else []
        for column in range(rect.left, rect.right):
            cell = line[column - rect.left] if column - rect.left < len(line) else {}
            write_cell(workbook, tab, index, column, cell, mask)
    return {}


def repeat_cell(workbook: Workbook, body: Json) -> Json:
    """The same cell all over the range; a formula's relative references move along."""
    mask = _cell_mask(body)
    tab, rect = workbook.grid_range(needed(body, "range"))
    cell = body.get("cell", {})
    formula = cell.get("userEnteredValue", {}).get("formulaValue")
    for index in range(rect.top, rect.bottom):
        for column in range(rect.left, rect.right):
            here = cell
            if formula:
                text = copied(formula, index - rect.top, column - rect.left)
                here = {**cell, "userEnteredValue": {"formulaValue": text}}
            write_cell(workbook, tab, index, column, here, mask)
    return {}


def set_data_validation(workbook: Workbook, body: Json) -> Json:
    """A rule for the range's cells; without a rule, theirs are removed."""
    tab, rect = workbook.grid_range(needed(body, "range"))
    workbook.guard(tab, rect)
    rule = body.get("rule", {})
    if rule and not rule.get("condition", {}).get("type"):
        raise invalid("BooleanCondition.type is required.")
    for index in range(rect.top, rect.bottom):
        row = tab.touched(index)
        for column in range(rect.left, rect.right):
            style = row.styles.get(column)
            row.set_style(column, workbook.styles.of(style.format if style else {}, rule))
    return {}


def append_cells(workbook: Workbook, body: Json) -> Json:
    """Below the last row with data, from column A; the grid grows where it must."""
    if "tableId" in body:
        raise not_built("appendCells.tableId")
    mask = _cell_mask(body)
    tab = workbook.tab(int(body.get("sheetId", 0)))
    lines = [row.get("values", []) for row in body.get("rows", [])]
    top = tab.last_data_row()
    if top + len(lines) > tab.row_count:
        missing = top + len(lines) - tab.row_count
        workbook.check_size(missing * tab.column_count)
        tab.add_rows(missing)
    width = max((len(line) for line in lines), default=0)
    if width > tab.column_count:
        tab.resize_columns(width)
    for index, line in enumerate(lines, start=top):
        for column, cell in enumerate(line):
            write_cell(workbook, tab, index, column, cell, mask)
    return {}


def find_replace(workbook: Workbook, body: Json) -> Json:
    """Replaces text in cells; the reply counts what was hit, zero counts left out."""
    pattern = _pattern(body)
    replacement = body.get("replacement", "")
    counts = {"occurrencesChanged": 0, "valuesChanged": 0, "formulasChanged": 0, "rowsChanged": 0}
    sheets = 0
    for tab, rect in _search_areas(workbook, body):
        rows_hit = 0
        for index in range(rect.top, rect.bottom):
            hit = False
            for column in range(rect.left, min(rect.right, len(tab.rows[index].values))):
                found = _replace_in(workbook, tab, index, column, pattern, replacement, body)
                if found:
                    hit = True
                    counts["occurrencesChanged"] += found
                    kind = "formulasChanged" if column in tab.rows[index].formulas else "valuesChanged"
                    counts[kind] += 1
            rows_hit += hit
        counts["rowsChanged"] += rows_hit
        sheets += bool(rows_hit)
    answer = {name: count for name, count in {**counts, "sheetsChanged": sheets}.items() if count}
    return {"findReplace": answer}


def _pattern(body: Json) -> re.Pattern[str]:
    text = body.get("find", "")
    if not text:
        raise invalid("find must not be empty.")
    flags = 0 if body.get("matchCase") else re.IGNORECASE
    if not body.get("searchByRegex"):
        text = re.escape(text)
    if body.get("matchEntireCell"):
        text = rf"\A(?:{text})\Z"
    try:
        return re.compile(text, flags)
    except re.error as error:
        raise invalid(f"find is not a valid regular expression: {error}") from error


def _search_areas(workbook: Workbook, body: Json) -> list[tuple[Tab, Rect]]:
    if body.get("allSheets"):
        return [(tab, tab.whole) for tab in workbook.tabs]
    if "sheetId" in body:
        tab = workbook.tab(int(body["sheetId"]))
        return [(tab, tab.whole)]
    return [workbook.grid_range(needed(body, "range"))]


def _replace_in(  # noqa: PLR0913, PLR0917 - one cell's address and the search
    workbook: Workbook,
    tab: Tab,
    index: int,
    column: int,
    pattern: re.Pattern[str],
    replacement: str,
    body: Json,
) -> int:
    row = tab.rows[index]
    formula = row.formulas.get(column)
    if formula is not None:
        if not body.get("includeFormulas"):
            return 0
        text, count = _substituted(pattern, replacement, formula.text, body)
        if count:
            workbook.enter(tab, index, column, Entry(formula=text) if text.startswith("=") else Entry(text))
        return count
    value = row.value(column)
    if value is None:
        return 0
    if not isinstance(value, str):
        value = str(value).upper() if isinstance(value, bool) else str(value)
    text, count = _substituted(pattern, replacement, value, body)
    if count:
        is_typed = workbook.habits.find_replace_parses
        entry = typed(text, workbook.locale, row.styles.get(column)) if is_typed else raw(text)
        workbook.enter(tab, index, column, entry)
    return count


def _substituted(pattern: re.Pattern[str], replacement: str, text: str, body: Json) -> tuple[str, int]:
    if body.get("searchByRegex"):
        # $1 is the service's way to name a group, \1 is Python's.
        python_form = re.sub(r"\$(\d)", r"\\\1", replacement.replace("\\", "\\\\"))
        return pattern.subn(python_form, text)
    return pattern.subn(lambda _match: replacement, text)


def write_cell(workbook: Workbook, tab: Tab, index: int, column: int, cell: Json, mask: Mask) -> None:
    """Writes the masked fields of a CellData."""
    workbook.guard(tab, Rect(index, column, index + 1, column + 1))
    refuse_unbuilt(cell)
    row = tab.touched(index)
    if "userEnteredValue" in mask.children:
        entry = entry_of(cell.get("userEnteredValue"))
        workbook.enter(tab, index, column, entry)
    if "note" in mask.children:
        row.set_note(column, cell.get("note"))
    if RUNS & mask.children.keys():
        _write_runs(workbook, tab, index, column, cell, mask)
    if "userEnteredFormat" in mask.children or "dataValidation" in mask.children:
        style = row.styles.get(column)
        look = style.format if style else {}
        rule = style.validation if style else {}
        if "userEnteredFormat" in mask.children:
            wished = tidy_format(cell.get("userEnteredFormat", {}))
            look = _twinned(mask.children["userEnteredFormat"]).merge(look, wished)
        if "dataValidation" in mask.children:
            rule = mask.children["dataValidation"].merge(rule, cell.get("dataValidation", {}))
        row.set_style(column, workbook.styles.of(look, rule))


def _write_runs(workbook: Workbook, tab: Tab, index: int, column: int, cell: Json, mask: Mask) -> None:
    """Runs of a text. Where a chip stands the writer put `@`; what is read there is the chip's own text."""
    row = tab.rows[index]
    runs = {name: cell[name] for name in RUNS & mask.children.keys() if cell.get(name)}
    text = row.value(column)
    if not runs:
        row.runs.pop(column, None)
        return
    if not isinstance(text, str) or column in row.formulas:
        raise invalid("Runs need a text.")
    for run in sorted(runs.get("chipRuns", []), key=lambda run: -int(run.get("startIndex", 0))):
        at = int(run.get("startIndex", 0))
        if run.get("chip"):
            if text[at : at + 1] != "@":
                raise invalid(f"chipRuns: there is no @ at {at}.")
            text = text[:at] + _chip_text(run["chip"]) + text[at + 1 :]
    workbook.enter(tab, index, column, raw(text))
    row.runs[column] = runs


def _chip_text(chip: Json) -> str:
    """What a reader sees of a chip."""
    match chip:
        case {"personProperties": {"email": str(shown)}} | {"richLinkProperties": {"uri": str(shown)}}:
            return shown
        case _:
            raise invalid("A chip is a person with an email or a link with a uri.")


def _twinned(mask: Mask) -> Mask:
    """A mask that names a colour names its *Style twin as well."""
    if mask.is_all:
        return mask
    children = {name: _twinned(child) for name, child in mask.children.items()}
    for name in tuple(children):
        if name.endswith("Color"):
            children.setdefault(name + "Style", Mask())
        elif name.endswith("ColorStyle"):
            children.setdefault(name.removesuffix("Style"), Mask())
    return Mask(children)


def _cell_mask(body: Json) -> Mask:
    if not body.get("fields"):
        raise invalid("At least one field must be listed in 'fields'. (Use '*' to indicate all fields.)")
    return writable_mask(parse(body["fields"]))


def needed(body: Json, name: str) -> Json:
    """A field that a sub-request cannot do without."""
    if name not in body:
        raise missing(name)
    value: Json = body[name]
    return value


def missing(name: str) -> ApiError:
    """A sub-request without a field it cannot do without."""
    return invalid(f"{name} is required.")

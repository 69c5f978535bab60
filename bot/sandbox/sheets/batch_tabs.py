"""Sub-requests of spreadsheets.batchUpdate about tabs, the spreadsheet itself, and rules of a whole tab."""

from __future__ import annotations

import secrets
from copy import deepcopy

from bot.sandbox.sheets.a1 import Rect
from bot.sandbox.sheets.batch_cells import missing
from bot.sandbox.sheets.celldata import tidy_format
from bot.sandbox.sheets.grid import Tab
from bot.sandbox.sheets.masks import Mask, parse
from bot.sandbox.sheets.resources import sheet_properties
from bot.sandbox.sheets.wire import Json, invalid, not_built
from bot.sandbox.sheets.workbook import Workbook

_COUNTED = {"rowCount", "columnCount"}
_SPREADSHEET_FIELDS = {"title", "locale", "timeZone", "autoRecalc", "iterativeCalculationSettings"}


def add_sheet(workbook: Workbook, body: Json) -> Json:
    """A new tab; a wished sheetId that exists is refused, which makes it detectably idempotent."""
    wished = body.get("properties", {})
    tab = new_tab(workbook, wished)
    index = wished.get("index")
    workbook.add_tab(tab, None if index is None else int(index))
    return {"addSheet": {"properties": sheet_properties(workbook, tab)}}


def new_tab(workbook: Workbook, wished: Json) -> Tab:
    """A tab from SheetProperties, not yet added. Raises ApiError when its id or title is taken."""
    if wished.get("sheetType", "GRID") != "GRID":
        raise not_built(f"sheetType {wished['sheetType']}")
    taken = {tab.sheet_id for tab in workbook.tabs}
    sheet_id = wished.get("sheetId")
    if sheet_id is None:
        sheet_id = free_id(taken)
    elif sheet_id in taken:
        raise invalid(f"Sheet with ID {sheet_id} already exists. Please use a different ID.")
    title = wished.get("title") or _free_title(workbook)
    check_title(workbook, title, None)
    grid = wished.get("gridProperties", {})
    rows, columns = int(grid.get("rowCount", 1000)), int(grid.get("columnCount", 26))
    if rows < 1 or columns < 1:
        raise invalid("A sheet must have at least one row and one column.")
    workbook.check_size(rows * columns)
    tab = Tab(int(sheet_id), title, rows, columns)
    extra = {name: value for name, value in wished.items() if name not in {"sheetId", "index", "sheetType"}}
    kept = {name: value for name, value in grid.items() if name not in _COUNTED and value}
    tab.properties = {**tab.properties, **_shown(extra), "title": title, "gridProperties": kept}
    _check_freeze(tab)
    return tab


def free_id(taken: set[int]) -> int:
    while True:
        number = secrets.randbelow(2**31 - 1)
        if number not in taken:
            return number


def _free_title(workbook: Workbook) -> str:
    number = len(workbook.tabs) + 1
    while workbook.tab_titled(f"Sheet{number}"):
        number += 1
    return f"Sheet{number}"


def check_title(workbook: Workbook, title: str, own: Tab | None) -> None:
    other = workbook.tab_titled(title)
    if other is not None and other is not own:
        raise invalid(f'A sheet with the name "{title}" already exists. Please enter another name.')
    if not title or len(title) > 100:
        raise invalid("A sheet name must have between 1 and 100 characters.")


def _shown(properties: Json) -> Json:
    """Properties as they are told: tidy colours, false left out."""
    tidy = tidy_format(properties)
    return {name: value for name, value in tidy.items() if value is not False}


def delete_sheet(workbook: Workbook, body: Json) -> Json:
    tab = workbook.tab(int(body.get("sheetId", 0)))
    if all(other is tab or other.properties.get("hidden") for other in workbook.tabs):
        raise invalid("You can't remove all the visible sheets in a document.")
    workbook.guard(tab)
    workbook.remove_tab(tab)
    return {}


def update_sheet_properties(workbook: Workbook, body: Json) -> Json:
    """Title, place, hidden, colours, frozen rows and columns, and the size of the grid."""
    wished = body.get("properties", {})
    tab = workbook.tab(int(wished.get("sheetId", 0)))
    mask = _mask(body)
    workbook.guard_tab(tab)
    if mask.is_all:
        mask = Mask(
            {name: Mask() for name in ("title", "index", "hidden", "tabColorStyle", "gridProperties")}
        )
    if mask.wants("sheetId") and "sheetId" in mask.children:
        raise invalid("sheetId cannot be changed.")
    if "title" in mask.children:
        title = wished.get("title", "")
        check_title(workbook, title, tab)
        workbook.rename_tab(tab, title)
    if "gridProperties" in mask.children:
        _update_grid(workbook, tab, wished.get("gridProperties", {}), mask.children["gridProperties"])
    rest = Mask({name: child for name, child in mask.children.items() if name not in _HANDLED})
    for name in ("tabColor", "tabColorStyle"):
        if name in rest.children:
            rest.add(["tabColor"])
            rest.add(["tabColorStyle"])
            break
    if rest.children:
        tab.properties = _shown(rest.merge(tab.properties, tidy_format(wished)))
    if all(other.properties.get("hidden") for other in workbook.tabs):
        raise invalid("You can't hide all the sheets in a document.")
    if "index" in mask.children:
        _move_tab(workbook, tab, int(wished.get("index", 0)))
    tab.changes.properties = tab.changes.structure = True
    return {}


_HANDLED = {"sheetId", "title", "index", "gridProperties", "sheetType"}


def _move_tab(workbook: Workbook, tab: Tab, index: int) -> None:
    """The index counts the tabs as they were before the move, as the service documents it."""
    if not 0 <= index <= len(workbook.tabs):
        raise invalid(f"index {index} is out of range.")
    old = workbook.tabs.index(tab)
    workbook.tabs.remove(tab)
    workbook.tabs.insert(index - 1 if index > old else index, tab)
    workbook.order_changed = True


def _update_grid(workbook: Workbook, tab: Tab, wished: Json, mask: Mask) -> None:
    if mask.wants("rowCount"):
        rows = int(wished.get("rowCount", 1000 if mask.is_all else 0))
        if rows < 1:
            raise invalid("gridProperties.rowCount must be positive.")
        if rows > tab.row_count:
            workbook.check_size((rows - tab.row_count) * tab.column_count)
            tab.add_rows(rows - tab.row_count)
        elif rows < tab.row_count:
            workbook.guard(tab, Rect(rows, 0, tab.row_count, tab.column_count))
            tab.remove_tail(rows)
    if mask.wants("columnCount"):
        columns = int(wished.get("columnCount", 26 if mask.is_all else 0))
        if columns < 1:
            raise invalid("gridProperties.columnCount must be positive.")
        if columns < tab.column_count:
            workbook.guard(tab, Rect(0, columns, tab.row_count, tab.column_count))
        workbook.check_size((columns - tab.column_count) * tab.row_count)
        tab.resize_columns(columns)
    merged = mask.merge(tab.properties["gridProperties"], wished)
    kept = {name: value for name, value in merged.items() if name not in _COUNTED and value}
    tab.properties = {**tab.properties, "gridProperties": kept}
    _check_freeze(tab)


def _check_freeze(tab: Tab) -> None:
    if tab.frozen_rows >= tab.row_count:
        raise invalid("You can't freeze all visible rows on the sheet.")
    if tab.frozen_columns >= tab.column_count:
        raise invalid("You can't freeze all visible columns on the sheet.")


def update_spreadsheet_properties(workbook: Workbook, body: Json) -> Json:
    mask = _mask(body)
    wished = body.get("properties", {})
    if mask.is_all:
        mask = Mask({name: Mask() for name in _SPREADSHEET_FIELDS if name in wished})
    for name in mask.children:
        if name not in _SPREADSHEET_FIELDS:
            raise not_built(f"SpreadsheetProperties.{name}")
    workbook.set_properties(mask.merge(workbook.properties, wished))
    return {}


# ---------------------------------------------------------------- rules of a tab


def add_conditional_format_rule(workbook: Workbook, body: Json) -> Json:
    """Rules have no ids; they are a list, and the new one takes the given place in it."""
    rule = body.get("rule") or {}
    ranges = rule.get("ranges") or []
    if not ranges or not ("booleanRule" in rule or "gradientRule" in rule):
        raise missing("rule with ranges and a booleanRule or gradientRule")
    tab, _ = workbook.grid_range(ranges[0])
    for spot in ranges:
        if workbook.grid_range(spot)[0] is not tab:
            raise invalid("All ranges of a rule must be on the same sheet.")
    index = int(body.get("index", 0))
    if not 0 <= index <= len(tab.conditional_formats):
        raise invalid(f"No conditional format on sheet: {tab.sheet_id} at index: {index}")
    kept = [tidy_format(rule), *tab.conditional_formats[index:]]
    tab.conditional_formats = [*tab.conditional_formats[:index], *kept]
    tab.changes.properties = tab.changes.structure = True
    return {}


def delete_conditional_format_rule(workbook: Workbook, body: Json) -> Json:
    tab = workbook.tab(int(body.get("sheetId", 0)))
    index = int(body.get("index", 0))
    if not 0 <= index < len(tab.conditional_formats):
        raise invalid(f"No conditional format on sheet: {tab.sheet_id} at index: {index}")
    rule = tab.conditional_formats[index]
    tab.conditional_formats = [*tab.conditional_formats[:index], *tab.conditional_formats[index + 1 :]]
    tab.changes.properties = tab.changes.structure = True
    return {"deleteConditionalFormatRule": {"rule": rule}}


def update_conditional_format_rule(workbook: Workbook, body: Json) -> Json:
    """A new rule in the old one's place, or the old one in another place."""
    index = int(body.get("index", 0))
    rule = body.get("rule")
    spot = rule["ranges"][0] if rule else {"sheetId": body.get("sheetId", 0)}
    tab = workbook.tab(int(spot.get("sheetId", 0)))
    if not 0 <= index < len(tab.conditional_formats):
        raise invalid(f"No conditional format on sheet: {tab.sheet_id} at index: {index}")
    rules = list(tab.conditional_formats)
    old = rules.pop(index)
    at = index if rule else int(body.get("newIndex", 0))
    new = tidy_format(rule) if rule else old
    rules.insert(at, new)
    tab.conditional_formats = rules
    tab.changes.properties = tab.changes.structure = True
    answer: Json = {"newRule": new, "newIndex": at}
    answer |= {"oldRule": old} if rule else {"oldIndex": index}
    return {"updateConditionalFormatRule": answer}


def add_filter_view(workbook: Workbook, body: Json) -> Json:
    view = dict(body.get("filter") or {})
    tab, _ = workbook.grid_range(view.get("range") or {})
    taken = {other["filterViewId"] for each in workbook.tabs for other in each.filter_views}
    if view.get("filterViewId") in taken:
        raise invalid(f"Filter view with ID {view['filterViewId']} already exists.")
    view.setdefault("filterViewId", free_id(taken))
    view.setdefault("title", f"Filter {len(tab.filter_views) + 1}")
    tab.filter_views = [*tab.filter_views, view]
    tab.changes.properties = tab.changes.structure = True
    return {"addFilterView": {"filter": view}}


def update_filter_view(workbook: Workbook, body: Json) -> Json:
    """The masked fields of a view, which keeps its id."""
    wished = body.get("filter") or {}
    mask = _mask(body)
    for tab in workbook.tabs:
        for at, view in enumerate(tab.filter_views):
            if view["filterViewId"] == wished.get("filterViewId"):
                changed = {**mask.merge(view, wished), "filterViewId": view["filterViewId"]}
                workbook.grid_range(changed.get("range") or {})
                tab.filter_views = [*tab.filter_views[:at], changed, *tab.filter_views[at + 1 :]]
                tab.changes.properties = tab.changes.structure = True
                return {}
    raise invalid(f"No filter view with id: {wished.get('filterViewId')}")


def duplicate_filter_view(workbook: Workbook, body: Json) -> Json:
    """The same view again under an id and a title of its own."""
    wanted = body.get("filterId")
    for tab in workbook.tabs:
        for view in tab.filter_views:
            if view["filterViewId"] == wanted:
                taken = {other["filterViewId"] for each in workbook.tabs for other in each.filter_views}
                copy = {**deepcopy(view), "filterViewId": free_id(taken), "title": f"Copy of {view['title']}"}
                tab.filter_views = [*tab.filter_views, copy]
                tab.changes.properties = tab.changes.structure = True
                return {"duplicateFilterView": {"filter": copy}}
    raise invalid(f"No filter view with id: {wanted}")


def delete_filter_view(workbook: Workbook, body: Json) -> Json:
    wanted = body.get("filterId")
    for tab in workbook.tabs:
        kept = [view for view in tab.filter_views if view["filterViewId"] != wanted]
        if len(kept) < len(tab.filter_views):
            tab.filter_views = kept
            tab.changes.properties = tab.changes.structure = True
            return {}
    raise invalid(f"No filter view with id: {wanted}")


def _mask(body: Json) -> Mask:
    if not body.get("fields"):
        raise invalid("At least one field must be listed in 'fields'. (Use '*' to indicate all fields.)")
    return parse(body["fields"])

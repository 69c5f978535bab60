"""Developer metadata: tags on rows, columns, tabs and the file, and the data filters that find them.

Ids are unique in the spreadsheet; keys may repeat. Tags of rows follow insertions, deletions and moves, and are
deleted with their row (Google Sheets API, developer metadata guide).
"""

from __future__ import annotations

import secrets
from collections.abc import Iterator
from typing import Any

from bot.sandbox.sheets.a1 import Rect
from bot.sandbox.sheets.batch_rows import is_rows
from bot.sandbox.sheets.grid import Tab
from bot.sandbox.sheets.masks import parse
from bot.sandbox.sheets.wire import Json, invalid, not_found
from bot.sandbox.sheets.workbook import Workbook


def everything(workbook: Workbook) -> Iterator[Json]:
    yield from workbook.metadata
    for tab in workbook.tabs:
        yield from tab.marks["developerMetadata"]


def create(workbook: Workbook, body: Json) -> Json:
    mark = dict(body.get("developerMetadata") or {})
    if not mark.get("metadataKey"):
        raise invalid("developerMetadata.metadataKey is required.")
    if mark.get("visibility") not in {"DOCUMENT", "PROJECT"}:
        raise invalid("developerMetadata.visibility is required.")
    taken = {other["metadataId"] for other in everything(workbook)}
    if "metadataId" not in mark:
        mark["metadataId"] = secrets.randbelow(2**31 - 2) + 1
    elif mark["metadataId"] in taken:
        raise invalid(f"Developer metadata with ID {mark['metadataId']} already exists.")
    _attach(workbook, {**mark, "location": _location(workbook, mark.get("location") or {})})
    made = next(other for other in everything(workbook) if other["metadataId"] == mark["metadataId"])
    return {"createDeveloperMetadata": {"developerMetadata": made}}


def update(workbook: Workbook, body: Json) -> Json:
    if not body.get("fields"):
        raise invalid("At least one field must be listed in 'fields'. (Use '*' to indicate all fields.)")
    mask, wished = parse(body["fields"]), body.get("developerMetadata") or {}
    changed = []
    for mark in _of_filters(workbook, body.get("dataFilters") or []):
        new = {**mask.merge(mark, wished), "metadataId": mark["metadataId"]}
        if new["location"] is not mark["location"]:
            new["location"] = _location(workbook, new["location"])
        _detach(workbook, mark)
        _attach(workbook, new)
        changed.append(new)
    return {"updateDeveloperMetadata": {"developerMetadata": changed}}


def delete(workbook: Workbook, body: Json) -> Json:
    found = _of_filters(workbook, [body.get("dataFilter") or {}])
    for mark in found:
        _detach(workbook, mark)
    return {"deleteDeveloperMetadata": {"deletedDeveloperMetadata": found}}


def by_id(workbook: Workbook, metadata_id: str) -> Json:
    for mark in everything(workbook):
        if str(mark["metadataId"]) == metadata_id:
            return mark
    raise not_found()


def search(workbook: Workbook, data_filters: list[Json]) -> Json:
    """Each matching tag once, with every filter it matches."""
    matched = []
    for mark in everything(workbook):
        hits = [one for one in data_filters if mark in matching(workbook, one)]
        if hits:
            matched.append({"developerMetadata": mark, "dataFilters": hits})
    return {"matchedDeveloperMetadata": matched} if matched else {}


def matching(workbook: Workbook, data_filter: Json) -> list[Json]:
    """The tags a DataFilter finds: by lookup, or all that lie on a range of cells."""
    if "developerMetadataLookup" in data_filter:
        lookup = data_filter["developerMetadataLookup"]
        return [mark for mark in everything(workbook) if _is_found(workbook, mark, lookup)]
    if "a1Range" in data_filter:
        tab, area = workbook.area(str(data_filter["a1Range"]))
    elif "gridRange" in data_filter:
        tab, area = workbook.grid_range(data_filter["gridRange"])
    else:
        raise invalid("Must specify exactly one of: a1Range, gridRange, developerMetadataLookup.")
    return [mark for mark in tab.marks["developerMetadata"] if (at := _cells(tab, mark)) and at.meets(area)]


def areas(workbook: Workbook, data_filter: Json) -> list[tuple[Tab, Rect]]:
    """The blocks of cells a DataFilter names; tags of the file itself name none."""
    if "a1Range" in data_filter:
        return [workbook.area(str(data_filter["a1Range"]))]
    if "gridRange" in data_filter:
        return [workbook.grid_range(data_filter["gridRange"])]
    found = []
    for mark in matching(workbook, data_filter):
        location = mark["location"]
        if "spreadsheet" in location:
            continue
        tab = workbook.tab(location.get("sheetId", location.get("dimensionRange", {}).get("sheetId", 0)))
        found.append((tab, _cells(tab, mark) or tab.whole))
    return found


def _cells(tab: Tab, mark: Json) -> Rect | None:
    spot = mark["location"].get("dimensionRange")
    if spot is None:
        return None
    if spot["dimension"] == "ROWS":
        return Rect(spot["startIndex"], 0, spot["endIndex"], tab.column_count)
    return Rect(0, spot["startIndex"], tab.row_count, spot["endIndex"])


def _is_found(workbook: Workbook, mark: Json, lookup: Json) -> bool:
    """All that the lookup names must hold."""
    for name in ("metadataId", "metadataKey", "metadataValue", "visibility"):
        if name in lookup and mark.get(name) != lookup[name]:
            return False
    if lookup.get("locationType") not in {None, mark["location"]["locationType"]}:
        return False
    if "metadataLocation" not in lookup:
        return True
    wanted, here = _location(workbook, lookup["metadataLocation"]), mark["location"]
    if lookup.get("locationMatchingStrategy") != "INTERSECTING_LOCATION":
        return bool(wanted == here)
    return _tab_id(wanted) in {None, _tab_id(here)} or _tab_id(here) is None


def _tab_id(location: Json) -> Any:
    return location.get("sheetId", location.get("dimensionRange", {}).get("sheetId"))


def _location(workbook: Workbook, wished: Json) -> Json:
    """Where a tag is attached, as it is told. `locationType` is output only."""
    named = [name for name in ("spreadsheet", "sheetId", "dimensionRange") if name in wished]
    if "locationType" in wished and len(wished) == 1 + len(named) and named:
        raise invalid("developerMetadata.location.locationType is output only.")
    if len(named) != 1:
        raise invalid("Must specify exactly one of: spreadsheet, sheetId, dimensionRange.")
    if "spreadsheet" in wished:
        return {"locationType": "SPREADSHEET", "spreadsheet": True}
    if "sheetId" in wished:
        return {"locationType": "SHEET", "sheetId": workbook.tab(int(wished["sheetId"])).sheet_id}
    spot = wished["dimensionRange"]
    tab = workbook.tab(int(spot.get("sheetId", 0)))
    rows = is_rows(spot.get("dimension"))
    start = int(spot.get("startIndex", 0))
    if int(spot.get("endIndex", start)) != start + 1:
        raise invalid("Developer metadata can only be attached to a single row or column.")
    if not 0 <= start < (tab.row_count if rows else tab.column_count):
        raise invalid("The location of developer metadata lies outside the grid.")
    told = {
        "sheetId": tab.sheet_id,
        "dimension": spot["dimension"],
        "startIndex": start,
        "endIndex": start + 1,
    }
    return {"locationType": "ROW" if rows else "COLUMN", "dimensionRange": told}


def _of_filters(workbook: Workbook, data_filters: list[Json]) -> list[Json]:
    found: list[Json] = []
    for one in data_filters:
        found += [mark for mark in matching(workbook, one) if mark not in found]
    return found


def _attach(workbook: Workbook, mark: Json) -> None:
    at = _tab_id(mark["location"])
    kept = workbook.metadata if at is None else workbook.tab(at).marks["developerMetadata"]
    size = sum(len(one["metadataKey"]) + len(one.get("metadataValue", "")) for one in (*kept, mark))
    most = workbook.habits.most_metadata
    if most and size > most:
        raise invalid(f"Developer metadata exceeds the limit of {most} characters.")
    _keep(workbook, at, [*kept, mark])


def _detach(workbook: Workbook, mark: Json) -> None:
    at = _tab_id(mark["location"])
    kept = workbook.metadata if at is None else workbook.tab(at).marks["developerMetadata"]
    _keep(workbook, at, [other for other in kept if other["metadataId"] != mark["metadataId"]])


def _keep(workbook: Workbook, at: Any, marks: list[Json]) -> None:
    if at is None:
        workbook.metadata = marks
        workbook.properties_changed = True
        return
    tab = workbook.tab(at)
    tab.marks["developerMetadata"] = marks
    tab.changes.properties = tab.changes.structure = True

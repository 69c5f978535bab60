"""Sub-requests of spreadsheets.batchUpdate about named and protected ranges, bandings and the basic filter.

A wished id that exists is refused, which makes every one of them detectably idempotent.
"""

from __future__ import annotations

import re
import secrets
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

from bot.sandbox.sheets.a1 import Rect, parse_cells
from bot.sandbox.sheets.celldata import tidy_format
from bot.sandbox.sheets.grid import Tab
from bot.sandbox.sheets.masks import parse
from bot.sandbox.sheets.sharing import EVERYBODY, told_protection, with_editors
from bot.sandbox.sheets.wire import Json, invalid
from bot.sandbox.sheets.workbook import Workbook

_NAME = re.compile(r"[A-Za-z_][A-Za-z0-9_.]{0,249}")


@dataclass(frozen=True, slots=True)
class Sort:
    """One kind of mark: where it is kept, how it is called, and what must hold for a new or changed one."""

    kept: str
    field: str
    id_field: str
    word: str
    check: Callable[[Workbook, Json], None]
    text_id: bool = False

    def all(self, workbook: Workbook) -> Iterator[tuple[Tab, Json]]:
        for tab in workbook.tabs:
            for mark in tab.marks[self.kept]:
                yield tab, mark

    def add(self, workbook: Workbook, body: Json) -> Json:
        mark = dict(body.get(self.field) or {})
        taken = {other[self.id_field] for _, other in self.all(workbook)}
        if self.id_field not in mark:
            number = secrets.randbelow(2**31 - 1)
            mark[self.id_field] = f"{number:x}" if self.text_id else number
        elif mark[self.id_field] in taken:
            raise invalid(f"A {self.word} with ID {mark[self.id_field]} already exists.")
        self.check(workbook, mark)
        tab = _tab_of(workbook, mark)
        tab.marks[self.kept] = [*tab.marks[self.kept], mark]
        _changed(tab)
        return {f"add{self.field[0].upper()}{self.field[1:]}": {self.field: mark}}

    def update(self, workbook: Workbook, body: Json) -> Json:
        wished = body.get(self.field) or {}
        if not body.get("fields"):
            raise invalid("At least one field must be listed in 'fields'. (Use '*' to indicate all fields.)")
        tab, mark = self.found(workbook, wished.get(self.id_field))
        changed = {**parse(body["fields"]).merge(mark, wished), self.id_field: mark[self.id_field]}
        self._drop(tab, mark)
        self.check(workbook, changed)
        other = _tab_of(workbook, changed)
        other.marks[self.kept] = [*other.marks[self.kept], changed]
        _changed(other)
        return {}

    def delete(self, workbook: Workbook, body: Json) -> Json:
        self._drop(*self.found(workbook, body.get(self.id_field)))
        return {}

    def found(self, workbook: Workbook, wanted: Any) -> tuple[Tab, Json]:
        for tab, mark in self.all(workbook):
            if mark[self.id_field] == wanted:
                return tab, mark
        raise invalid(f"No {self.word} with id: {wanted}")

    def _drop(self, tab: Tab, mark: Json) -> None:
        tab.marks[self.kept] = [other for other in tab.marks[self.kept] if other is not mark]
        _changed(tab)


def _tab_of(workbook: Workbook, mark: Json) -> Tab:
    if "range" not in mark:
        raise invalid("A range is required.")
    return workbook.grid_range(mark["range"])[0]


def _changed(tab: Tab) -> None:
    tab.changes.properties = tab.changes.structure = True


def _check_name(workbook: Workbook, mark: Json) -> None:
    name = str(mark.get("name", ""))
    if not _NAME.fullmatch(name) or parse_cells(name) is not None or name.lower() in {"true", "false"}:
        raise invalid(f"The name {name!r} is not a valid name of a range.")
    # A name whose cells were deleted is told no more, and taken all the same (gspread issue 1530).
    if any(str(other.get("name", "")).lower() == name.lower() for _, other in NAMED.all(workbook)):
        raise invalid(f"A named range with name {name} already exists.")


def _check_protection(workbook: Workbook, mark: Json) -> None:
    named = mark.pop("namedRangeId", None)
    if named is not None and "range" not in mark:
        mark["range"] = NAMED.found(workbook, named)[1]["range"]
    if "unprotectedRanges" in mark and any(name.startswith(("start", "end")) for name in mark["range"]):
        raise invalid("unprotectedRanges are only allowed where a whole sheet is protected.")


def _check_banding(workbook: Workbook, mark: Json) -> None:
    if not (mark.get("rowProperties") or mark.get("columnProperties")):
        raise invalid("rowProperties or columnProperties are required.")
    for name in ("rowProperties", "columnProperties"):
        if name in mark:
            mark[name] = tidy_format(mark[name])
    tab, area = workbook.grid_range(mark.get("range") or {})
    for other in () if workbook.habits.bandings_may_overlap else tab.marks["bandedRanges"]:
        if workbook.grid_range(other["range"])[1].meets(area):
            raise invalid("You cannot add alternating background colors to a range that already has them.")


NAMED = Sort("namedRanges", "namedRange", "namedRangeId", "named range", _check_name, text_id=True)
PROTECTED = Sort(
    "protectedRanges", "protectedRange", "protectedRangeId", "protected range", _check_protection
)
BANDED = Sort("bandedRanges", "bandedRange", "bandedRangeId", "banded range", _check_banding)


def add_protected_range(workbook: Workbook, body: Json) -> Json:
    """Without editors, everybody who may edit the file is put in: it protects nothing."""
    given = dict(body.get("protectedRange") or {})
    if given.get("warningOnly"):
        given.pop("editors", None)
    mark = with_editors(given, given, workbook.permissions, workbook.caller)
    workbook.guard(*_cells_of(workbook, mark))
    made = PROTECTED.add(workbook, {"protectedRange": mark})["addProtectedRange"]["protectedRange"]
    told = told_protection(made, workbook.permissions, workbook.caller)
    # The reply lists only those who were named (recorded traffic); a later read lists all.
    return {"addProtectedRange": {"protectedRange": {**told, "editors": given.get("editors", {})}}}


def update_protected_range(workbook: Workbook, body: Json) -> Json:
    """Only who may edit the cells may change their protection."""
    wished, mask = body.get("protectedRange") or {}, parse(body.get("fields"))
    tab, mark = PROTECTED.found(workbook, wished.get("protectedRangeId"))
    workbook.guard(tab, workbook.grid_range(mark["range"])[1])
    given = {} if wished.get("warningOnly", mark.get("warningOnly")) else wished
    if mask.wants("editors") or (mask.wants("warningOnly") and mark.get("warningOnly")):
        editors = given if mask.wants("editors") else {}
        body = {
            "protectedRange": with_editors(wished, editors, workbook.permissions, workbook.caller),
            "fields": f"{body.get('fields')},editors,{EVERYBODY}",
        }
    return PROTECTED.update(workbook, body)


def delete_protected_range(workbook: Workbook, body: Json) -> Json:
    tab, mark = PROTECTED.found(workbook, body.get("protectedRangeId"))
    workbook.guard(tab, workbook.grid_range(mark["range"])[1])
    return PROTECTED.delete(workbook, body)


def _cells_of(workbook: Workbook, mark: Json) -> tuple[Tab, Rect]:
    spot = mark.get("range")
    if spot is None and "namedRangeId" in mark:
        spot = NAMED.found(workbook, mark["namedRangeId"])[1]["range"]
    return workbook.grid_range(spot or {})


def add_banding(workbook: Workbook, body: Json) -> Json:
    return {"addBanding": BANDED.add(workbook, body)["addBandedRange"]}


def set_basic_filter(workbook: Workbook, body: Json) -> Json:
    wished = dict(body.get("filter") or {})
    tab = workbook.grid_range(wished.get("range") or {})[0]
    tab.marks["basicFilter"] = [wished]
    _changed(tab)
    return {}


def clear_basic_filter(workbook: Workbook, body: Json) -> Json:
    tab = workbook.tab(int(body.get("sheetId", 0)))
    tab.marks["basicFilter"] = []
    _changed(tab)
    return {}

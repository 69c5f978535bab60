"""Somebody's hands in the sheet: sorts it, inserts a row, deletes one, as a person would by the menu."""

from __future__ import annotations

from dataclasses import dataclass

from bot.sandbox.sheets import batch
from bot.sandbox.sheets.grid import Tab
from bot.sandbox.sheets.library import Library
from bot.sandbox.sheets.wire import Json

_UNDER_WAY = ("Sending", "Checking", "Rendering", "Retrying", "Waiting", "Scheduled")
# Sorting by these would change nothing, or is nothing a person does.
_NO_KEYS = {"Approve", "Retry", "Format", "Status"}
_NAMES = ("Headline", "Title", "Product", "Name")


@dataclass(frozen=True, slots=True)
class Place:
    """A tab the robot works in."""

    spreadsheet_id: str
    tab: Tab
    columns: dict[str, int]
    """Header text -> column."""

    def text(self, index: int, header: str) -> str:
        column = self.columns.get(header)
        value = None if column is None else self.tab.rows[index].value(column)
        return "" if value is None else str(value)

    def title(self, index: int) -> str:
        """What a person would call the row."""
        named = (self.text(index, header) for header in _NAMES)
        texts = (value for value in self.tab.rows[index].values if isinstance(value, str) and value)
        return next(filter(None, named), None) or next(texts, "")

    def filled(self) -> list[int]:
        """Rows below the header that hold anything but boxes."""
        return [
            index
            for index, row in enumerate(self.tab.rows[1:], start=1)
            if any(value not in (None, "") and not isinstance(value, bool) for value in row.values)
        ]


def places(library: Library) -> list[Place]:
    """Every tab whose header has the robot's columns; the library's lock is the caller's to hold."""
    found = []
    for spreadsheet_id in library.ids():
        for tab in library.open(spreadsheet_id).tabs:
            header = tab.rows[0].values if tab.rows else []
            columns = {text: column for column, text in enumerate(header) if isinstance(text, str)}
            if {"Row ID", "Status"} <= columns.keys():
                found.append(Place(spreadsheet_id, tab, columns))
    return found


def sorting(place: Place) -> list[Json]:
    """Sorts all rows by the first column that tells them apart, in the order they are not in."""
    rows = place.filled()
    for header, column in sorted(place.columns.items(), key=lambda item: item[1]):
        texts = [place.text(index, header).lower() for index in rows]
        if header in _NO_KEYS or len({text for text in texts if text}) < 2:
            continue
        order = "DESCENDING" if texts == sorted(texts, key=lambda text: (text == "", text)) else "ASCENDING"
        area = {"sheetId": place.tab.sheet_id, "startRowIndex": 1, "endRowIndex": rows[-1] + 1}
        return [{"sortRange": {"range": area, "sortSpecs": [{"dimensionIndex": column, "sortOrder": order}]}}]
    return []


def inserting(place: Place) -> list[Json]:
    """A blank row right below the header."""
    return [{"insertDimension": {"range": _rows(place, 1), "inheritFromBefore": False}}]


def deleting(place: Place) -> list[Json]:
    """Deletes the first row under way, else the last filled one."""
    rows = place.filled()
    under_way = [index for index in rows if place.text(index, "Status").startswith(_UNDER_WAY)]
    chosen = (under_way or rows[-1:])[:1]
    return [{"deleteDimension": {"range": _rows(place, index)}} for index in chosen]


def carry_out(library: Library, place: Place, requests: list[Json]) -> None:
    with library.change(place.spreadsheet_id) as workbook:
        batch.apply(workbook, requests)


def _rows(place: Place, index: int) -> Json:
    return {
        "sheetId": place.tab.sheet_id,
        "dimension": "ROWS",
        "startIndex": index,
        "endIndex": index + 1,
    }

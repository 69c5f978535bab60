"""The people of the soak: they tick, edit, sort, insert, delete, copy and drag rows, and do what the sheet asks for.

Whatever they wish for is noted before it is typed, so that the books of the service can be held against it.
"""

from __future__ import annotations

import random
import re
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from soak_stage import TAB, Stage, data, film

from bot.domain.control import BoardColumn, read_control

_APPROVABLE = ("Ready to approve", "Out of date", "Changed", "Cancelled")
_FILM = re.compile(r"Film (\d{5}) v(\d+)\.")


def root(text: object) -> str:
    """Which film a headline speaks of, whatever its version; blank for none."""
    found = _FILM.search(str(text))
    return found[1] if found else ""


def headline_in(text: str) -> str:
    """The headline somewhere in a payload; blank for none."""
    found = _FILM.search(text)
    return found[0] if found else ""


@dataclass(slots=True)
class Wishes:
    """What people ever asked for."""

    ticked: set[str] = field(default_factory=set)
    """Headlines that ever stood in a row with `Approve` ticked."""

    retries: Counter[str] = field(default_factory=Counter)
    """How often `Retry` was ticked beside a headline."""

    deeds: Counter[str] = field(default_factory=Counter)


@dataclass(frozen=True, slots=True)
class Row:
    """A row of the sheet as a person sees it; `place` counts from 0 below the header."""

    place: int
    said: dict[str, Any]

    def __getitem__(self, column: str) -> Any:
        return self.said.get(column, "")


class People:
    """Everybody before the sheet; one deed at a time."""

    def __init__(self, stage: Stage, rows: int, chance: random.Random) -> None:
        self.wishes = Wishes()
        self._stage = stage
        self._chance = chance
        self._next_root = rows
        self._columns: dict[str, int] = {}
        self._deeds: tuple[tuple[Callable[[list[Row]], None], int], ...] = (
            (self._sort, 4),
            (self.edit, 6),
            (self._untick, 2),
            (self._insert, 2),
            (self._copy, 2),
            (self._delete, 4),
            (self._drag, 2),
            (self._overtype, 2),
            (self._empty_id, 1),
            (self._retry_one, 1),
            (self.sort_in_between, 2),
        )

    # -- looking --------------------------------------------------------------

    def look(self) -> list[Row]:
        """Reads the sheet, and notes which ticks stand beside which headline."""
        values = self._stage.values(TAB)
        header, *lines = values
        self._columns = {name: place for place, name in enumerate(header)}
        rows = [Row(place, dict(zip(header, line, strict=False))) for place, line in enumerate(lines)]
        self.wishes.ticked |= {str(row["Headline"]) for row in rows if row["Approve"] is True}
        return [row for row in rows if row["Headline"]]

    # -- deeds ----------------------------------------------------------------

    def do_something(self, rows: list[Row]) -> None:
        """One deed, drawn by chance."""
        deeds, weights = zip(*self._deeds, strict=True)
        [deed] = self._chance.choices(deeds, weights)
        self.wishes.deeds[deed.__name__.strip("_")] += 1
        deed(rows)

    def approve(self, rows: list[Row], most: int) -> int:
        """Fills the tick down over some rows that may be approved; says how many."""
        able = [row for row in rows if row["Status"] in _APPROVABLE and row["Approve"] is not True]
        if not able:
            return 0
        first = self._chance.choice(able[: max(1, len(able) - most // 2)]).place
        chosen = {row.place: row for row in able if first <= row.place < first + most}
        self.wishes.ticked |= {str(row["Headline"]) for row in chosen.values()}
        for start, end in _runs(sorted(chosen)):
            self._put("Approve", [[True]] * (end - start), start)
        self.look()
        return len(chosen)

    def _sort(self, rows: list[Row]) -> None:
        self._stage.change(self._sorting(rows))

    def _sorting(self, rows: list[Row]) -> dict[str, Any]:
        by = self._chance.choice(["Headline", "Status", "Row ID", "Approve"])
        return {
            "sortRange": {
                "range": self._block(0, max(row.place for row in rows) + 1),
                "sortSpecs": [
                    {
                        "dimensionIndex": self._columns[by],
                        "sortOrder": self._chance.choice(["ASCENDING", "DESCENDING"]),
                    }
                ],
            }
        }

    def move_rows(self, rows: list[Row]) -> None:
        """Sorts, inserts, deletes, copies or drags."""
        self._chance.choice([self._sort, self._insert, self._delete, self._copy, self._drag])(rows)

    def sort_in_between(self, rows: list[Row]) -> None:
        """Somebody sorts exactly between the robot's read and its write."""
        self._stage.google(hands=[{"sheet_id": 0, "requests": [self._sorting(rows)]}])

    def edit(self, rows: list[Row]) -> None:
        """Rewrites a headline."""
        row = self._chance.choice(rows)
        found = _FILM.fullmatch(str(row["Headline"]))
        if found:
            self._put("Headline", [[film(int(found[1]), int(found[2]) + 1)]], row.place)

    def _untick(self, rows: list[Row]) -> None:
        waiting = [row for row in rows if row["Status"] in {"Waiting", "On hold"}]
        if waiting:
            self._put("Approve", [[False]], self._chance.choice(waiting).place)

    def _insert(self, rows: list[Row]) -> None:
        place = self._chance.randrange(len(rows))
        self._stage.change(self._room(place))
        self._stage.write(f"{TAB}!A{place + 2}:I{place + 2}", [data(self._new_film())])

    def _copy(self, rows: list[Row]) -> None:
        """Copies a row with all its cells beneath it, and rewrites the copy's headline."""
        row = self._chance.choice(rows)
        self._stage.change(
            self._room(row.place + 1),
            {
                "copyPaste": {
                    "source": self._block(row.place, row.place + 1),
                    "destination": self._block(row.place + 1, row.place + 2),
                    "pasteType": "PASTE_NORMAL",
                }
            },
        )
        self._put("Headline", [[self._new_film()]], row.place + 1)

    def _delete(self, rows: list[Row]) -> None:
        place = self._chance.choice(rows).place
        self._stage.change({"deleteDimension": {"range": self._lines(place)}})

    def _drag(self, rows: list[Row]) -> None:
        source, target = self._chance.sample(rows, 2)
        self._stage.change(
            {"moveDimension": {"source": self._lines(source.place), "destinationIndex": target.place + 1}}
        )

    def _overtype(self, rows: list[Row]) -> None:
        column = self._chance.choice(["Status", "Video", "What to do", "Job ID", "Preview", "Approved as"])
        self._put(column, [["hello"]], self._chance.choice(rows).place)

    def _empty_id(self, rows: list[Row]) -> None:
        self._put("Row ID", [[""]], self._chance.choice(rows).place)

    def _retry_one(self, rows: list[Row]) -> None:
        done = [row for row in rows if row["Status"] == "Done"]
        if done:
            self._retry([self._chance.choice(done)])

    # -- what the sheet asks for ----------------------------------------------

    def do_as_asked(self, rows: list[Row]) -> None:
        """Says Go ahead where Control asks for it, decides what nobody can tell, and tells copies apart."""
        if any(row["Status"] == "On hold" for row in rows):
            self._say_go_ahead()
        self._retry(
            [
                row
                for row in rows
                if row["Status"] in {"Needs a decision", "Failed"} and row["Retry"] is not True
            ]
        )
        seen: set[str] = set()
        for row in rows:
            if row["Approve"] is True and "Untick Approve and tick" in str(row["What to do"]):
                self.wishes.deeds["unticked as asked"] += 1
                self._put("Approve", [[False]], row.place)
            if row["Headline"] in seen:
                self._put("Headline", [[self._new_film()]], row.place)
            seen.add(row["Headline"])

    def finish(self, rows: list[Row]) -> None:
        """Wants every row done: ticks whatever may be approved, anew where a tick did not count."""
        for row in rows:
            if row["Status"] in _APPROVABLE and row["Approve"] is True:
                self._put("Approve", [[False]], row.place)
        while self.approve(rows, 100_000):
            rows = self.look()

    def _retry(self, rows: list[Row]) -> None:
        for row in rows:
            self.wishes.deeds["retry ticked"] += 1
            if row["Approve"] is not True:
                self.wishes.ticked.add(str(row["Headline"]))
                self._put("Approve", [[True]], row.place)
            self.wishes.retries[str(row["Headline"])] += 1
            self._put("Retry", [[True]], row.place)
        if rows:
            # Somebody may have sorted meanwhile: the tick then stands beside another headline.
            meant = {row["Headline"] for row in rows}
            for row in self.look():
                if row["Retry"] is True and row["Headline"] not in meant:
                    self.wishes.retries[str(row["Headline"])] += 1

    def _say_go_ahead(self) -> None:
        control = read_control(self._stage.values("Control"), 0)
        box = control.board[BoardColumn.GO_AHEAD]
        asks = "Tick Go ahead" in str(control.said(control.board[BoardColumn.GOING_ON]))
        if asks and control.said(box) is not True:
            self.wishes.deeds["go ahead"] += 1
            self._stage.write(f"Control!{_letter(box.column)}{box.row}", [[True]])

    # -- places ---------------------------------------------------------------

    def _new_film(self) -> str:
        self._next_root += 1
        return film(self._next_root)

    def _put(self, column: str, values: list[list[Any]], place: int) -> None:
        letter, first = _letter(self._columns[column]), place + 2
        self._stage.write(f"{TAB}!{letter}{first}:{letter}{first + len(values) - 1}", values)

    def _room(self, place: int) -> dict[str, Any]:
        return {"insertDimension": {"range": self._lines(place), "inheritFromBefore": True}}

    def _lines(self, place: int) -> dict[str, Any]:
        return {"sheetId": 0, "dimension": "ROWS", "startIndex": place + 1, "endIndex": place + 2}

    def _block(self, start: int, end: int) -> dict[str, Any]:
        return {
            "sheetId": 0,
            "startRowIndex": start + 1,
            "endRowIndex": end + 1,
            "startColumnIndex": 0,
            "endColumnIndex": len(self._columns),
        }


def _runs(places: list[int]) -> list[tuple[int, int]]:
    """Places side by side as (first, behind the last)."""
    runs: list[tuple[int, int]] = []
    for place in places:
        if runs and runs[-1][1] == place:
            runs[-1] = (runs[-1][0], place + 1)
        else:
            runs.append((place, place + 1))
    return runs


def _letter(place: int) -> str:
    first, last = divmod(place, 26)
    return (chr(64 + first) if first else "") + chr(65 + last)

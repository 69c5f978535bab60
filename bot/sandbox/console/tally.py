"""What the robot's doings came to, counted in the stand-ins' own books and not in what the robot says.

*Paid twice* are charges beyond the first of one job, and jobs that repeat an earlier one (same name, same drawing)
although nobody ticked `Approve` or `Retry` on that row in between. *Wrong links* are links in the sheet that lead
to no video of the service, or to the video of a job that carries another row's id in its name.
"""

from __future__ import annotations

import time
from collections import Counter, defaultdict, deque
from collections.abc import Iterable
from dataclasses import dataclass
from itertools import pairwise
from pathlib import PurePosixPath
from urllib.parse import urlsplit

from bot.sandbox.console.hands import Place, places
from bot.sandbox.sheets.changes import TabChange
from bot.sandbox.sheets.library import Library
from bot.sandbox.sheets.wire import Json
from bot.sandbox.sheets.workbook import Workbook
from bot.sandbox.zvid.job import Job
from bot.sandbox.zvid.service import ZvidStandIn

_BOXES = ("Approve", "Retry")
# How many rows the page shows beside the switches.
_SHOWN = 40
_TICKS_REMEMBERED = 100_000


@dataclass(frozen=True, slots=True)
class Line:
    """A row as the sheet shows it."""

    number: int
    name: str
    status: str
    advice: str
    row_id: str
    job_id: str
    video: str


class Tally:
    """Counts when asked; keeps only when which row was ticked."""

    def __init__(self, zvid: ZvidStandIn) -> None:
        self._zvid = zvid
        self._began_ms = _now_ms()
        # Row id and when one of its boxes was ticked.
        self._ticks: deque[tuple[str, int]] = deque(maxlen=_TICKS_REMEMBERED)
        # Spreadsheet and tab -> the boxes ticked there: a row's key and the box.
        self._ticked: dict[tuple[str, int], set[tuple[int, str]]] = defaultdict(set)

    def count(self, library: Library) -> Json:
        with library.lock:
            rows = [_line(place, index) for place in places(library) for index in place.filled()]
        jobs = self._zvid.jobs()
        charges, refunds = self._zvid.charges(), self._zvid.refunds()
        return {
            "jobs": len(jobs),
            "credits": -sum(entry.amount for entry in (*charges, *refunds)),
            "balance": self._zvid.balance(),
            "done": sum(row.status == "Done" for row in rows),
            "rows": len(rows),
            "paidTwice": self._charged_again(entry.job_id for entry in charges) + self._made_again(jobs),
            "wrongLinks": wrong_links(rows, jobs),
            "lines": [
                {"row": row.number, "name": row.name, "status": row.status, "advice": row.advice}
                for row in rows[:_SHOWN]
            ],
        }

    def look(self, workbook: Workbook, changes: dict[int, TabChange]) -> None:
        """Notes the boxes that were ticked just now; called with every change, under the library's lock."""
        for sheet_id, change in changes.items():
            tab = next((one for one in workbook.tabs if one.sheet_id == sheet_id), None)
            if tab is None or not tab.rows or not change.keys:
                continue
            header = tab.rows[0].values
            columns = {text: at for at, text in enumerate(header) if text in (*_BOXES, "Row ID")}
            place = Place(workbook.id, tab, columns)
            for index, row in enumerate(tab.rows):
                if row.key in change.keys:
                    self._look_at(place, index, row.key)
            if change.structure:
                there = {row.key for row in tab.rows}
                ticked = self._ticked[workbook.id, sheet_id]
                ticked -= {box for box in ticked if box[0] not in there}

    def _look_at(self, place: Place, index: int, key: int) -> None:
        ticked = self._ticked[place.spreadsheet_id, place.tab.sheet_id]
        for box in _BOXES:
            if place.text(index, box) != "True":
                ticked.discard((key, box))
            elif (key, box) not in ticked:
                ticked.add((key, box))
                self._ticks.append((place.text(index, "Row ID"), _now_ms()))

    def _charged_again(self, charged: Iterable[str | None]) -> int:
        refunded = {entry.job_id for entry in self._zvid.refunds()}
        return sum(
            times - 1 for job_id, times in Counter(charged).items() if times > 1 and job_id not in refunded
        )

    def _made_again(self, jobs: Iterable[Job]) -> int:
        named: dict[str, list[Job]] = defaultdict(list)
        for job in jobs:
            if not job.is_lost:
                named[job.name].append(job)
        again = 0
        for name, same in named.items():
            for earlier, later in pairwise(same):
                again += (
                    later.created_ms >= self._began_ms
                    and self._zvid.project(earlier.id) == self._zvid.project(later.id) != {}
                    and not self._was_ticked(name, earlier.created_ms, later.created_ms)
                )
        return again

    def _was_ticked(self, name: str, after_ms: int, until_ms: int) -> bool:
        return any(
            after_ms < at <= until_ms and bool(row_id) and row_id in name for row_id, at in self._ticks
        )


def wrong_links(rows: Iterable[Line], jobs: Iterable[Job]) -> int:
    """How many rows link elsewhere than to a job of their own."""
    by_file = {job.video: job for job in jobs if job.video}
    linked = [(row, by_file.get(PurePosixPath(urlsplit(row.video).path).name)) for row in rows if row.video]
    return sum(job is None or not _carries(job, row) for row, job in linked)


def _carries(job: Job, row: Line) -> bool:
    """The name of a job has the row's id in it, unless the template names jobs otherwise."""
    return bool(row.row_id) and (f"-{row.row_id}-" in f"-{job.name}-" or job.id == row.job_id)


def _line(place: Place, index: int) -> Line:
    return Line(
        index + 1,
        place.title(index),
        *(place.text(index, header) for header in ("Status", "What to do", "Row ID", "Job ID", "Video")),
    )


def _now_ms() -> int:
    return int(time.time() * 1000)

"""An hour of work with 2,000 rows, faults on and people at it: python tests/benchmarks/soak.py

The real `rowreel run` and the stand-ins are processes of their own. People tick, edit, sort, insert, delete, copy and
drag rows and edit the template once; both services break down, lose answers, refuse and are slow; the robot is killed
now and then until half time and then lives on, so that its memory can be watched. It ends with 1 unless every video was
paid for once and asked for, every row has its own link, and memory stays flat.

`--minutes 5 --rows 400` is a taste, too short to judge memory by.
"""

from __future__ import annotations

import argparse
import contextlib
import http.client
import json
import random
import signal
import sqlite3
import statistics
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Iterator
from dataclasses import asdict
from pathlib import Path
from typing import Any

from soak_books import Books, Verdict
from soak_people import People, Row
from soak_stage import Sizes, Stage

ALWAYS = 10_000_000
ZVID = (
    {"route": "submit", "answer": "close", "after_work": True, "share": 0.03},
    {"route": "submit", "answer": 429, "retry_after": "3", "share": 0.004},
    {"route": "submit", "answer": "hang", "share": 0.003},
    {"answer": 500, "share": 0.03},
    {"answer": 500, "after_work": True, "share": 0.02},
    {"answer": "half", "share": 0.005},
    {"answer": "reset", "share": 0.01},
)
GOOGLE = (
    {"calls": "read", "answer": 503},
    {"calls": "read", "answer": "close"},
    {"calls": "write", "answer": 500},
    {"calls": "write", "answer": "close", "after_work": True},
    {"calls": "write", "answer": "reset"},
    {"calls": "write", "answer": "half"},
)
BUSY_GOOGLE = {"answer": 429}
# Of the time: people work so long, kills happen so long, and memory counts from then on.
WORK, KILLS, WARM = 0.75, 0.35, 0.45
LOOK_SECONDS = 2.0
DEED_SECONDS = 5.0
GROWTH_ALLOWED = 0.20
"""Memory may rise by so much of itself an hour, by the line through what was measured: some kilobytes are kept of each
video of a row that is still there, and hundreds are made meanwhile."""

SETTLED_SECONDS = 300.0
"""A process fills its caches for so long."""

TELLING_SECONDS = 900.0
"""In less, what videos leave behind looks like a leak: they come hundreds a minute. Only correctness is judged then."""

WRONG_FOR_SECONDS = 120.0
"""A done row may link elsewhere for so long at most: robots are killed right after somebody sorted, and a Google that
refuses for its quota is left alone for more than a minute, however many rows people copy meanwhile."""


class Soak:
    """One run; `play` goes from the first tick to the last link."""

    def __init__(self, stage: Stage, rows: int, minutes: float, seed: int) -> None:
        self.stage = stage
        self.people = People(stage, rows, random.Random(seed))
        self.books = Books(stage.home)
        self.sizes: list[tuple[float, int, Sizes]] = []
        self.exits: Counter[int] = Counter()
        self.mishaps: Counter[str] = Counter()
        self.wrong_for = 0.0
        self._wrong: dict[str, float] = {}
        self._chance = random.Random(seed + 1)
        self._rows = rows
        self._seconds = minutes * 60
        self._batch = 40
        self._began = time.monotonic()
        self._due: dict[str, float] = {}

    @property
    def at(self) -> float:
        """Seconds since the first tick of the clock."""
        return time.monotonic() - self._began

    def play(self) -> Verdict:
        """Everybody works, then everything comes to its end."""
        self.stage.start()
        while not any(row["Status"] == "Ready to approve" for row in self._look()):
            time.sleep(LOOK_SECONDS)
        self._began = time.monotonic()
        self.stage.zvid(
            mishaps=[{"times": ALWAYS, **one} for one in ZVID],
            slow_seconds=0.05,
            visibility_delay_seconds=1.5,
        )
        self.stage.google(slow_seconds=0.03)
        while self.at < self._seconds * WORK:
            self._work()
        self.stage.end(signal.SIGKILL)
        self.stage.zvid(mishaps=[], slow_seconds=0, visibility_delay_seconds=0, fail_renders=0)
        self.stage.google(mishaps=[], hands=[], slow_seconds=0)
        return self._finish()

    # -- people's hour --------------------------------------------------------

    def _work(self) -> None:
        with self._whatever_breaks():
            rows = self._look()
            if self._is_due("asked", 5):
                self.people.do_as_asked(rows)
            # So that most rows are through before people go home.
            if self._is_due("batch", self._seconds * WORK * 0.7 * self._batch / self._rows):
                self.people.approve(rows, self._batch)
            elif self._is_due("finish", self._seconds / 4):
                self.people.approve(rows, self._rows // 8)
            elif self._is_due("deed", DEED_SECONDS):
                self.people.do_something(rows)
            self._trouble()
        if self._due.get("template") is None and self.at > self._seconds * WORK / 2:
            self._due["template"] = self.at
            self.stage.edit_template()
        time.sleep(LOOK_SECONDS * self._chance.uniform(0.3, 1.2))

    def _trouble(self) -> None:
        if self._is_due("google", 20):
            mishap = self._chance.choice(GOOGLE)
            self.mishaps[f"google {mishap['calls']} {mishap['answer']}"] += 1
            self.stage.google(mishaps=[mishap])
        if self._is_due("busy", 240):
            self.mishaps["google 429"] += 1
            self.stage.google(mishaps=[BUSY_GOOGLE])
        if self._is_due("failure", 45):
            self.mishaps["a render fails"] += 1
            self.stage.zvid(fail_renders=1)
        if self.at < self._seconds * KILLS and self._is_due("kill", max(40.0, self._seconds / 30)):
            self.mishaps["kill -9"] += 1
            self.stage.end(signal.SIGKILL)

    def _is_due(self, name: str, every: float) -> bool:
        """Every so many seconds on average."""
        if self.at < self._due.setdefault(name, self.at + every * self._chance.uniform(0.2, 1)):
            return False
        self._due[name] = self.at + every * self._chance.uniform(0.6, 1.4)
        return True

    @contextlib.contextmanager
    def _whatever_breaks(self) -> Iterator[None]:
        """A person whose page says that something went wrong looks again."""
        try:
            yield
        except (OSError, http.client.HTTPException, ValueError, sqlite3.Error) as error:
            self.mishaps[f"people met {type(error).__name__}"] += 1

    # -- the end --------------------------------------------------------------

    def _finish(self) -> Verdict:
        rows: list[Row] = []
        quiet = 0
        while self.at < self._seconds:
            with self._whatever_breaks():
                rows = self._look()
                quiet = quiet + 1 if all(row["Status"] == "Done" for row in rows) else 0
                if quiet > 3:
                    break
                if self._is_due("asked", 5):
                    self.people.do_as_asked(rows)
                if self._is_due("finish", 12):
                    self.people.finish(rows)
            time.sleep(LOOK_SECONDS)
        code = self.stage.end(signal.SIGTERM)
        if code:
            self.exits[code] += 1
        return self.books.verdict(rows, self.people.wishes)

    # -- looking on -----------------------------------------------------------

    def _look(self) -> list[Row]:
        """Keeps the robot running as its service manager would, measures it, and reads the sheet."""
        if not self.stage.runs:
            code = self.stage.end(signal.SIGKILL)
            if code not in (None, -signal.SIGKILL):
                self.exits[code or 0] += 1
            self.stage.start()
        rows = self.people.look()
        self._watch_links(rows)
        if self._is_due("sizes", 10) and (sizes := self.stage.sizes()):
            self.sizes.append((self.at, self.stage.kills, sizes))
        if self._is_due("word", 30):
            self._say(rows)
        return rows

    def _watch_links(self, rows: list[Row]) -> None:
        wrong = set(self.books.strangers(rows, self.books.videos()))
        self._wrong = {one: self._wrong.get(one, self.at) for one in wrong}
        self.wrong_for = max([self.wrong_for, *(self.at - since for since in self._wrong.values())])

    def _say(self, rows: list[Row]) -> None:
        counts = Counter(str(row["Status"]) for row in rows)
        sizes = self.sizes[-1][2] if self.sizes else None
        memory = f"{sizes.memory:.0f} MB, {sizes.handles} handles" if sizes else ""
        print(
            f"{self.at:6.0f} s  {memory}  kills {self.stage.kills}  {dict(counts.most_common())}", flush=True
        )

    # -- what is left of the figures ------------------------------------------

    def growth(self) -> tuple[float, float | None]:
        """The robot's memory in its long life: the middle, and megabytes an hour by the line through it; None where
        that life was too short to tell.
        """
        kills = [life for at, life, _ in self.sizes if self._seconds * WARM <= at <= self._seconds * WORK]
        life = statistics.mode(kills) if kills else 0
        settled = min(at for at, which, _ in self.sizes if which == life) + SETTLED_SECONDS
        points = [
            (at / 3600, sizes.memory)
            for at, which, sizes in self.sizes
            if which == life and max(settled, self._seconds * WARM) <= at <= self._seconds * WORK
        ]
        hours, memory = zip(*points, strict=True) if points else ((0.0,), (0.0,))
        is_telling = (hours[-1] - hours[0]) * 3600 >= TELLING_SECONDS
        slope = statistics.linear_regression(hours, memory).slope if is_telling else None
        return statistics.median(memory), slope


def report(soak: Soak, verdict: Verdict) -> int:
    """All figures in words; 1 unless everything is as it should be."""
    memory, slope = soak.growth()
    last = soak.sizes[-1][2]
    most = {name: max(asdict(one)[name] for _, _, one in soak.sizes) for name in asdict(last)}
    complaints = verdict.complaints
    if soak.wrong_for > WRONG_FOR_SECONDS:
        complaints.append(f"a done row linked elsewhere for {soak.wrong_for:.0f} s")
    if slope is not None and slope > memory * GROWTH_ALLOWED:
        complaints.append(f"memory rises by {slope:.1f} MB an hour")
    if soak.exits:
        complaints.append(f"the robot ended by itself: {dict(soak.exits)}")
    print(f"\n{verdict.rows} rows, {verdict.done} done with their own link after {soak.at / 60:.1f} minutes")
    print(
        f"videos at the service {verdict.jobs}, promised in the journal {verdict.promised}, paid {verdict.charges}; "
        f"paid twice {len(verdict.paid_twice)}, unasked {len(verdict.unasked)}, unpromised {len(verdict.unpromised)}; "
        f"wrong links at the end {len(verdict.wrong_links)}, longest ever {soak.wrong_for:.0f} s"
    )
    print(f"people: {dict(soak.people.wishes.deeds.most_common())}")
    print(f"trouble: {dict(soak.mishaps.most_common())}; robot started {soak.stage.kills + 1} times")
    held = (
        f"{memory:.0f} MB in its long life, {slope:+.1f} MB an hour"
        if slope is not None
        else "lived too briefly to tell"
    )
    print(
        f"robot: {held}, {most['memory']:.0f} MB at most; "
        f"handles {last.handles} (at most {most['handles']}), threads {last.threads} (at most {most['threads']})"
    )
    print(
        f"files: journal {last.journal:.1f} MB, WAL {last.wal:.1f} MB (at most {most['wal']:.1f}), log {last.log:.1f} MB; "
        f"stand-ins {last.stand_ins:.0f} MB"
    )
    for line in complaints:
        print(f"NOT AS IT SHOULD BE: {line}")
    print("All as it should be." if not complaints else "", flush=True)
    return 1 if complaints else 0


def main(rows: int, minutes: float, seed: int, keep: Path | None) -> int:
    """One run in a folder of its own."""
    with tempfile.TemporaryDirectory(prefix="rowreel-soak-") as made:
        stage = Stage(keep or Path(made), rows)
        try:
            soak = Soak(stage, rows, minutes, seed)
            verdict = soak.play()
            if keep:
                facts: dict[str, Any] = {
                    "verdict": asdict(verdict),
                    "sizes": [(at, life, asdict(one)) for at, life, one in soak.sizes],
                }
                (keep / "soak.json").write_text(json.dumps(facts, indent=1))
            return report(soak, verdict)
        finally:
            stage.close()


if __name__ == "__main__":
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--rows", type=int, default=2000)
    parser.add_argument("--minutes", type=float, default=60)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--keep", type=Path, help="An empty folder to leave everything in.")
    wanted = parser.parse_args()
    sys.exit(main(wanted.rows, wanted.minutes, wanted.seed, wanted.keep))

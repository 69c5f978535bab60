"""Measures what must hold on every machine: money, links, histories; and what an installation takes."""

from __future__ import annotations

import multiprocessing
import os
import random
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path

from soak_books import Books
from soak_people import People
from soak_stage import Stage
from thousand_rows import STORIES, tell_story

ROOT = Path(__file__).parents[2]
STRICT = ("one-lost-answer", "lost-answers", "kills", "storm", "refused", "sorted")
"""Stories after which nothing but the rows themselves may have been paid."""


@dataclass(frozen=True, slots=True)
class Paid:
    """What stories with faults came to."""

    stories: int
    rows: int
    beyond: int
    wrong_links: int
    kills: int


def paid_beyond(rows: int) -> Paid:
    """Ticks so many rows in each story, and counts what the service made and charged beyond one for each."""
    ended = [tell_story(STORIES[name], rows, lambda _: None) for name in STRICT]
    return Paid(
        len(ended),
        rows,
        sum(max(one.jobs, one.charges) - rows for one in ended),
        sum(one.wrong_links for one in ended),
        sum(one.restarts for one in ended),
    )


@dataclass(frozen=True, slots=True)
class Played:
    """Simulated histories."""

    played: int
    broken: int
    a_second: float


def seeds_played(count: int) -> Played:
    """The first so many seeds, on every core."""
    players = os.cpu_count() or 1
    started = time.monotonic()
    with (
        tempfile.TemporaryDirectory() as folder,
        ProcessPoolExecutor(players, multiprocessing.get_context("spawn")) as pool,
    ):
        parts = [pool.submit(_broken, range(n, count, players), f"{folder}/{n}") for n in range(players)]
        broken = sum(part.result() for part in parts)
    return Played(count, broken, count / (time.monotonic() - started))


def _broken(seeds: Sequence[int], folder: str) -> int:
    """How many of these histories broke an invariant."""
    import logging

    import structlog

    sys.path.insert(0, str(ROOT / "tests" / "faults"))
    from simulation import SimulationError, simulate

    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(logging.CRITICAL))
    Path(folder).mkdir()
    found = 0
    for seed in seeds:
        try:
            simulate(seed, Path(folder))
        except SimulationError:
            found += 1
    return found


@dataclass(frozen=True, slots=True)
class Links:
    """Links after people moved rows about."""

    rows: int
    deeds: int
    between: int
    wrong: int


def wrong_links(deeds: int) -> Links:
    """Moves finished rows about, lets the robot take one tick after each deed, and looks whose video every link is."""
    from measures import unhurried

    from bot.logs import set_up_logs
    from bot.settings import load_settings
    from bot.wiring import robot

    set_up_logs("json", "error")
    rows, wrong, between = 60, 0, 0
    with (
        _stage(rows, ROWREEL_QUEUE__UNDO_SECONDS="0") as stage,
        robot(load_settings(stage.home / "bot.toml"), unhurried()) as built,
    ):
        people, books = People(stage, rows, random.Random(3)), Books(stage.home)
        reconciler = built.desks[0].reconciler._reconciler
        reconciler.tick()
        people.finish(people.look())
        while not all(row["Status"] == "Done" for row in people.look()):
            reconciler.tick()
        for number in range(deeds):
            if number % 4 == 3:
                # An edit, so that the robot has something to write while somebody sorts.
                between += 1
                people.edit(people.look())
                people.sort_in_between(people.look())
                reconciler.tick()
                stage.google(hands=[])
            else:
                people.move_rows(people.look())
            reconciler.tick()
            wrong += len(books.strangers(people.look(), books.videos()))
    return Links(rows, deeds, between, wrong)


@dataclass(frozen=True, slots=True)
class Answered:
    """How long ticks waited for `Sending`."""

    rows: int
    undo: float
    interval: float
    longest: float


def until_sending() -> Answered:
    """Ticks rows one by one, at any moment between two looks of the real robot, and watches their status."""
    rows = 12
    with _stage(rows) as stage:
        people = People(stage, rows, random.Random(5))
        stage.start()
        while not all(row["Status"] == "Ready to approve" for row in people.look()):
            time.sleep(0.2)
        ticked: dict[int, float] = {}
        took: dict[int, float] = {}
        began = time.monotonic()
        while len(took) < rows and time.monotonic() - began < 120:
            if len(ticked) < rows and time.monotonic() - began > 0.7 * len(ticked):
                stage.write(f"Videos!A{len(ticked) + 2}", [[True]])
                ticked[len(ticked)] = time.monotonic()
            for row in people.look():
                if str(row["Status"]).startswith(("Sending", "Rendering", "Done")) and row.place in ticked:
                    took.setdefault(row.place, time.monotonic() - ticked[row.place])
            time.sleep(0.05)
        stage.end(signal.SIGTERM)
    longest = max(took.values()) if len(took) == rows else float("inf")
    return Answered(rows, undo=5, interval=2, longest=longest)


@contextmanager
def _stage(rows: int, **environment: str) -> Iterator[Stage]:
    before = dict(os.environ)
    # Nobody says Go ahead here.
    os.environ.update(environment, ROWREEL_QUEUE__SAMPLE_SIZE="0", ROWREEL_QUEUE__ASK_ABOVE_ROWS="0")
    with (
        tempfile.TemporaryDirectory(prefix="rowreel-promises-") as home,
        closing(Stage(Path(home), rows, is_calm=True)) as stage,
    ):
        yield stage
    os.environ.clear()
    os.environ.update(before)


def installed(extra: str) -> float:
    """Megabytes of a fresh environment with this program in it, with this extra."""
    with tempfile.TemporaryDirectory(prefix="rowreel-install-") as home:
        subprocess.run([sys.executable, "-m", "venv", home], check=True)
        what = f"{ROOT}[{extra}]" if extra else str(ROOT)
        command = [
            f"{home}/bin/python",
            "-m",
            "pip",
            "install",
            "--quiet",
            "--disable-pip-version-check",
            what,
        ]
        subprocess.run(command, check=True)
        site = f"{home}/lib/python{sys.version_info.major}.{sys.version_info.minor}/site-packages"
        return sum(path.stat().st_size for path in Path(site).rglob("*") if path.is_file()) / 1e6

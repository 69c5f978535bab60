"""Hundreds of seeded histories, and proof that they would notice: each invariant has a bug it must catch.

`SEEDS=20000` plays more of them, `SEED=17` plays one and prints its log.
"""

from __future__ import annotations

import gc
import logging
import multiprocessing
import os
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path

import pytest
import structlog
from simulation import SimulationError, simulate

SEEDS = int(os.environ.get("SEEDS", "500"))
KEPT: dict[int, str] = {}
"""Seeds that once failed, beyond those of every run, each with a word why."""

_MEMORY = Path("/dev/shm")  # noqa: S108 - a folder in memory, where there is one


@pytest.fixture(scope="module")
def desk() -> Iterator[Path]:
    """A folder for thousands of short-lived journals, in memory where that is possible."""
    with tempfile.TemporaryDirectory(
        prefix="rowreel-simulations-", dir=_MEMORY if _MEMORY.is_dir() else None
    ) as made:
        yield Path(made)


@pytest.fixture(scope="module", autouse=True)
def _seldom_collect() -> Iterator[None]:
    """Looking through everything pytest holds again and again would take a third of the time."""
    thresholds = gc.get_threshold()
    gc.freeze()
    gc.set_threshold(50_000, 20, 50)
    yield
    gc.set_threshold(*thresholds)
    gc.unfreeze()


def _seeds() -> list[int]:
    if "SEED" in os.environ:
        return [int(os.environ["SEED"])]
    return [*range(SEEDS), *(seed for seed in KEPT if seed >= SEEDS)]


def _play_quietly() -> None:
    """Every player is a process of its own: it says nothing, and tidies up seldom."""
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(logging.CRITICAL))
    gc.freeze()
    gc.set_threshold(50_000, 20, 50)


def _first_broken(seeds: Sequence[int], folder: Path) -> str | None:
    """What the first of these histories broke, with its log."""
    folder.mkdir()
    for seed in seeds:
        try:
            log = simulate(seed, folder)
        except SimulationError as error:
            return str(error)
        if "SEED" in os.environ:
            print("", *log, sep="\n", flush=True)  # noqa: T201 - a person asked for it
    return None


def test_f_P01_no_history_breaks_an_invariant(desk: Path, capfd: pytest.CaptureFixture[str]):
    """People, deaths, lost answers and outages in any order: nothing is paid twice, lost, or shown wrongly."""
    seeds, players = _seeds(), os.cpu_count() or 1
    with (
        capfd.disabled(),
        ProcessPoolExecutor(players, multiprocessing.get_context("spawn"), _play_quietly) as pool,
    ):
        played = [
            pool.submit(_first_broken, seeds[first::players], desk / f"player-{first}")
            for first in range(players)
        ]
        broken = [words for one in played if (words := one.result()) is not None]

    assert not broken, broken[0]


def test_a_seed_tells_the_same_story_in_another_process(desk: Path):
    """Nothing but the seed decides: not the clock, not the process, not the order of a set."""
    here = "\n".join(line for seed in range(5) for line in simulate(seed, desk))
    program = (
        "import sys, logging, structlog, pathlib; sys.path[:0] = sys.argv[1:3]\n"
        "structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(logging.CRITICAL))\n"
        "from simulation import simulate\n"
        "print('\\n'.join(line for seed in range(5) for line in simulate(seed, pathlib.Path(sys.argv[3]))))"
    )
    folder = Path(__file__).parent
    (desk / "other").mkdir()
    there = subprocess.run(
        [sys.executable, "-c", program, str(folder), str(folder.parent), str(desk / "other")],
        cwd=folder.parents[1],
        env={**os.environ, "PYTHONHASHSEED": "4711"},
        capture_output=True,
        text=True,
        check=True,
    )

    assert there.stdout.rstrip("\n") == here

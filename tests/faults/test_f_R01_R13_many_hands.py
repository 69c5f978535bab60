"""Many hands in one sheet, thousands of deeds: sorted, moved, inserted, deleted, cut, pasted, filled down, renamed,
with columns coming and going, ids swapped and cleared, between, before and in the middle of the robot's calls.

`STORIES=2000` plays more of them, `SEED=17` plays one and prints its log.
"""

from __future__ import annotations

import os
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest
from people import People
from simulation import Plot, Simulation, SimulationError, simulate

from bot.reconciler.landings import Landings, Mended

STORIES = int(os.environ.get("STORIES", "40"))
_MEMORY = Path("/dev/shm")  # noqa: S108 - a folder in memory, where there is one


class ManyHands(Simulation):
    """Nothing goes wrong but what people do, and answers to writes that are lost now and then."""

    again = "python -m pytest tests/faults/test_f_R01_R13_many_hands.py -s"
    meddles = True
    reaches_in = 8

    def _draw_plot(self) -> Plot:
        return Plot(100, frozenset())

    def _reach_in(self) -> str:
        """Somebody gets in between a read and its write, or while a call to the service is made."""
        people = self._chance.choice(self._people)
        where = self._chance.choice([people.sheet.before_write, self._world.service.hands])
        if not where:
            where.append(lambda: self._get_in(people))
        if self._chance.random() < 0.1:
            people.sheet.lost_writes = 1
        return f"{people.sheet.key.tab}: somebody will reach in"

    def _get_in(self, people: People) -> None:
        self._tell(f"   {people.do_something()}")
        # After the write of this tick perhaps: only the next one can show what is right.
        people.sheet.is_clean = False


@pytest.fixture
def desk() -> Iterator[Path]:
    where = _MEMORY if _MEMORY.is_dir() else None
    with tempfile.TemporaryDirectory(prefix="rowreel-hands-", dir=where) as made:
        yield Path(made)


def test_f_R01_R13_whatever_people_do(desk: Path, capsys: pytest.CaptureFixture[str]):
    """One clean tick later links, ids and statuses are right, people's cells theirs; no tick pays twice or for
    content it did not stand beside.
    """
    seeds = [int(os.environ["SEED"])] if "SEED" in os.environ else range(STORIES)
    broken: list[SimulationError] = []
    for seed in seeds:
        try:
            log = simulate(seed, desk, ManyHands)
        except SimulationError as error:
            broken.append(error)
            break
        if "SEED" in os.environ:
            with capsys.disabled():
                print("", *log, sep="\n")  # noqa: T201 - a person asked for it

    assert not broken, str(broken[0])


def play(desk: Path, stories: int) -> None:
    for seed in range(stories):
        simulate(seed, desk, ManyHands)


def test_cells_that_are_not_given_back_are_noticed(desk: Path, monkeypatch: pytest.MonkeyPatch):
    """A robot that does not look back at where its writes landed breaks the law about people's cells."""
    monkeypatch.setattr(Landings, "look", lambda _self, reading: Mended(reading))
    with pytest.raises(SimulationError, match="I7 people's cells hold something else"):
        play(desk, 200)

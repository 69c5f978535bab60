"""Links that come and go while rows are under way, in histories full of mishaps: nothing is sent before a look that
found a file, or on an old one; and whatever a later look finds, nothing is paid twice or given up.

`STORIES=2000` plays more of them, `SEED=17` plays one and prints its log.
"""

from __future__ import annotations

import json
import os
import tempfile
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from badluck import BadLuck
from fakes.web import FakeMedia
from fakes.world import TEMPLATE
from invariants import BrokenInvariantError
from people import People
from simulation import Simulation, SimulationError, simulate
from troubled import AimedLife

from bot.domain.contract import Contract, Field, FieldType
from bot.domain.media.files import FileKind
from bot.domain.media.looks import Finding, Sight
from bot.planner import plan
from bot.planner.media import Viewed
from bot.reconciler.tick import TickReport

STORIES = int(os.environ.get("STORIES", "30"))
MOST_STORIES = 200
LINKS = tuple(f"https://pictures.example/{number}.png" for number in range(4))
SIGHTS = (FileKind.PNG, FileKind.PNG, FileKind.PAGE, Finding.GONE, Finding.LOCKED, Finding.SILENT)
FRESH_SECONDS = 60
_MEMORY = Path("/dev/shm")  # noqa: S108 - a folder in memory, where there is one

PICTURE = {"type": "IMAGE", "src": "{{picture}}", "condition": "{{picture}}", "width": 9, "height": 9}
TEMPLATE_WITH_PICTURES = replace(
    TEMPLATE,
    contract=Contract(
        (*TEMPLATE.contract.fields, Field("picture", "Notes", FieldType.IMAGE)), TEMPLATE.contract.formats
    ),
    projects={
        name: {**project, "visuals": [*project["visuals"], PICTURE]}
        for name, project in TEMPLATE.projects.items()
    },
)


class Witness(FakeMedia):
    """Remembers what was seen when."""

    def __init__(self, links: LinkStories) -> None:
        super().__init__()
        self._links = links
        self.seen: dict[str, tuple[int, float, bool]] = {}
        """By link: in which tick it was last looked at, at which moment, and whether there was a picture."""

    def look(self, link: str) -> Sight:
        sight = super().look(link)
        is_fine = sight.finding is Finding.THERE and sight.kind is FileKind.PNG
        self.seen[link] = (self._links.ticks, self._links.now, is_fine)
        return sight


class PeopleWithPictures(People):
    """Most rows have one."""

    def _insert(self, number: int) -> str:
        told = super()._insert(number)
        return f"{told}, {self._note(number)}" if told.startswith("insert") else told

    def _note(self, number: int) -> str:
        link = self._chance.choice([None, *LINKS])
        self._sheet.type(number, "Notes", link)
        return f"link {link} in row {number}"


class LinkStories(Simulation):
    """The usual stories, with a picture in the rows, whose site has moods."""

    again = "python -m pytest tests/faults/test_links_change.py -s"
    ticks = 0

    def __init__(self, seed: int, folder: Path) -> None:
        super().__init__(seed, folder)
        world = self._world
        self._wrong: list[str] = []
        self._media = world.scouts._media = Witness(self)
        world.template = TEMPLATE_WITH_PICTURES
        world.policy = replace(world.policy, look_fresh_seconds=FRESH_SECONDS)
        world.restart(AimedLife())
        self._people = [
            PeopleWithPictures(sheet, self._checks, self._chance, world) for sheet in world.sheets
        ]
        self._bad_luck = LinkLuck(world, self._chance, self._restart)
        deeds, weights = self._deeds
        self._deeds = [*deeds, self._change_a_link, self._hold_looks], [*weights, 4, 1]
        honest = world.service.submit

        def submit(job_id, body):
            self._see_send(body)
            return honest(job_id, body)

        world.service.submit = submit  # type: ignore[method-assign]

    @property
    def now(self) -> float:
        return self._world.clock.monotonic()

    def _change_a_link(self) -> str:
        link, found = self._chance.choice(LINKS), self._chance.choice(SIGHTS)
        self._media.put(link, found)
        return f"{link} is {found}"

    def _hold_looks(self) -> str:
        self._world.scouts.is_held = not self._world.scouts.is_held
        return "looks take their time" if self._world.scouts.is_held else "looks are quick"

    def _tick_tab(self, number: int) -> TickReport:
        self.ticks += 1
        report = super()._tick_tab(number)
        if self._wrong:
            raise BrokenInvariantError(self._wrong[0])
        return report

    def _see_send(self, body: str) -> None:
        """Asked inside a port call, where an exception would be taken for the client's."""
        pictures = json.loads(body)["visuals"][1:]
        if not pictures:
            return
        link = pictures[0]["src"]
        tick, at, is_fine = self._media.seen.get(link, (self.ticks, self.now, True))
        is_news = tick == self.ticks
        if link not in self._media.seen:
            self._wrong.append(f"M sent, never looked at {link}")
        elif not is_news and (not is_fine or self.now - at > FRESH_SECONDS):
            self._wrong.append(f"M sent, last look at {link} {self.now - at:.0f} s ago, fine: {is_fine}")

    def _calm_down(self) -> None:
        self._world.scouts.is_held = False
        for link in LINKS:
            self._media.put(link, FileKind.PNG)
        super()._calm_down()


class LinkLuck(BadLuck):
    """Whose designer leaves the picture where it is."""

    def _edit_the_template(self) -> str:
        version = str(self._chance.randint(1, 9))
        self._world.template = replace(TEMPLATE_WITH_PICTURES, version=version)
        self._world.is_edited = True
        self._restart(AimedLife())
        return f"! the template is edited: version {version}"


@pytest.fixture
def desk() -> Iterator[Path]:
    where = _MEMORY if _MEMORY.is_dir() else None
    with tempfile.TemporaryDirectory(prefix="rowreel-links-", dir=where) as made:
        yield Path(made)


def test_no_history_sends_unseen_links_or_pays_twice(desk: Path, capsys: pytest.CaptureFixture[str]):
    """People, deaths, lost answers, outages, and sites with moods, in any order."""
    seeds = [int(os.environ["SEED"])] if "SEED" in os.environ else range(STORIES)
    for seed in seeds:
        log = simulate(seed, desk, LinkStories)
        if "SEED" in os.environ:
            with capsys.disabled():
                print("", *log, sep="\n")  # noqa: T201 - a person asked for it


def send_without_a_look(patch: pytest.MonkeyPatch) -> None:
    """Rows that wait for their links are sent all the same."""
    honest = plan.judged
    patch.setattr(plan, "judged", lambda seen, policy: replace(honest(seen, policy), unseen={}))


def trust_old_looks(patch: pytest.MonkeyPatch) -> None:
    """A file that was there once is there for ever."""
    honest = plan.judged
    patch.setattr(plan, "judged", lambda seen, policy: replace(honest(seen, policy), old={}))


def let_links_be(patch: pytest.MonkeyPatch) -> None:
    """What looks found is told to nobody."""

    def untouched(placed, _seen, _policy):
        return Viewed(placed)

    patch.setattr(plan, "with_links", untouched)


@pytest.mark.parametrize(
    "bug",
    [send_without_a_look, trust_old_looks, let_links_be],
    ids=lambda bug: bug.__name__,
)
def test_bug_is_noticed(bug, desk: Path, monkeypatch: pytest.MonkeyPatch):
    """A robot with this bug breaks an invariant in one of the stories."""
    bug(monkeypatch)

    with pytest.raises(SimulationError):  # noqa: PT012 - any of the stories
        for seed in range(MOST_STORIES):
            simulate(seed, desk, LinkStories)

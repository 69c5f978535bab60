"""The process dies before and after every port call of a whole story, and a new one goes on.

The story: three rows are ticked and become videos. Wherever it is cut, it must end where the undisturbed
one ends, whatever the service does with a job id it has seen before.
"""

from __future__ import annotations

import random
from collections.abc import Sequence
from pathlib import Path

import pytest
from fakes.clock import FakeClock
from fakes.mortal import Life, ProcessDied
from fakes.render_service import FakeRenderService, OnRepeat
from fakes.world import World

from bot.adapters.journal_looks import JournalReader
from bot.domain.contract import RobotColumn
from bot.domain.failures import Failure
from bot.domain.ids import JobId
from bot.domain.intents import State
from bot.domain.jobs import Accepted

HEADLINES = ("Alpha", "Bravo", "Charlie")
PEOPLE_SEE = (RobotColumn.STATUS, RobotColumn.WHAT_TO_DO, RobotColumn.CREDITS, RobotColumn.PROBLEM_CODE)
TOO_LONG = 200


def tell(
    folder: Path,
    on_repeat: OnRepeat,
    lives: Sequence[Life] = (),
    visible_after: float = 0,
    service: FakeRenderService | None = None,
    ends_well: bool = True,
) -> World:
    """The story, lived by one process after the other; the last one never dies.

    Where a person may be asked for a decision, the robot never rests: then it ends after a while.
    """
    service = service or FakeRenderService(FakeClock(), on_repeat, visible_after=visible_after)
    clock = service.clock
    waiting = [*lives]
    world = World(folder, clock=clock, service=service, life=waiting.pop(0) if waiting else None)
    for headline in HEADLINES:
        world.add(headline)
    ticked = False
    for _ in range(TOO_LONG if ends_well else 60):
        try:
            report = world.tick()
        except ProcessDied:
            while True:
                try:
                    world.restart(waiting.pop(0) if waiting else None)
                    break
                except ProcessDied:
                    continue
            continue
        if not ticked:
            for headline in HEADLINES:
                world.sheet.tick(world.number(headline))
            ticked = True
        elif not report.wake_at_once:
            if report.next_due is None and report.edits == report.calls == 0:
                world.close()
                return world
            world.service.work()
            clock.advance((report.next_due or 4.999) + 0.001)
    if not ends_well:
        return world
    raise AssertionError(f"no end in {TOO_LONG} ticks")


def outcome(world: World) -> object:
    """All that must not depend on where the process died."""
    links = {
        headline: [job.url == world.shown(headline, "Video") for job in world.jobs_for(headline)]
        for headline in HEADLINES
    }
    seen = {headline: [world.shown(headline, name) for name in PEOPLE_SEE] for headline in HEADLINES}
    charges = {headline: world.charges_for(headline) for headline in HEADLINES}
    with_journal = {intent.service_id for intent in world.intents()}
    orphans = set(world.service.jobs) - with_journal
    booked = world.journal.spent() == sum(charge.credits for charge in world.service.charges)
    world.close()
    return links, seen, charges, orphans, booked, world.changed_peoples_cells()


UNDISTURBED = (
    {headline: [True] for headline in HEADLINES},
    {headline: ["Done", None, 9, None] for headline in HEADLINES},
    dict.fromkeys(HEADLINES, 1),
    set(),
    True,
    [],
)


def calls_of_the_story(folder: Path) -> list[str]:
    life = Life()
    world = tell(folder, OnRepeat.CHARGES_TWICE, [life])
    assert outcome(world) == UNDISTURBED
    return life.calls


def test_story_uses_every_port_call_but_the_listing(folder: Path):
    """The sweep below would be worth little if its story left calls out."""
    calls = set(calls_of_the_story(folder))

    assert calls == {"read", "write", "apply", "learn_tab", "payloads", "ask", "submit", "look_up"}


@pytest.mark.parametrize(
    ("on_repeat", "after"),
    [
        # A death before a call leaves what a death after the one before leaves: once is enough.
        (OnRepeat.CHARGES_TWICE, False),
        *((mode, True) for mode in OnRepeat),
    ],
)
def test_dying_at_every_call(folder: Path, on_repeat: OnRepeat, *, after: bool):
    """One death anywhere: every row Done, one job and one charge each, right links on right rows."""
    calls = calls_of_the_story(folder)
    differing = []
    for number, name in enumerate(calls, start=1):
        found = outcome(tell(folder, on_repeat, [Life(number, after=after)]))
        if found != UNDISTURBED:
            differing.append((number, name, found))

    assert differing == []


@pytest.mark.parametrize("after", [True, False])
def test_f_Z01_dying_at_every_call_where_ids_are_refused(folder: Path, *, after: bool):
    """No row is paid twice or left in doubt for ever; whoever cannot be told asks a person, the others are Done."""
    found = set()
    for number in range(1, 45):
        service = FakeRenderService(FakeClock())
        service.refuses_ids = True
        world = tell(
            folder, OnRepeat.CHARGES_TWICE, [Life(number, after=after)], service=service, ends_well=False
        )
        rows = [(world.shown(headline), world.charges_for(headline)) for headline in HEADLINES]
        world.close()
        found |= set(rows)

    # A death between leaving and answer is all that may need a person, and only if nothing arrived.
    assert found - {("Needs a decision", 0)} == {("Done", 1)}


class Witness(FakeRenderService):
    """A service that looks into the journal's file whenever it is asked for money."""

    def __init__(self, clock: FakeClock) -> None:
        super().__init__(clock)
        self.world: World | None = None
        self.found: list[State] = []

    def submit(self, job_id: JobId | None, body: str) -> Accepted | Failure:
        assert self.world is not None
        reader = JournalReader(self.world.path)
        [intent] = [
            one for one in reader.remember_tab(self.world.sheet.key).intents.values() if one.job_id == job_id
        ]
        self.found.append(intent.state)
        assert reader.payload(intent.payload_hash) == body
        reader.close()
        return super().submit(job_id, body)


def test_nothing_leaves_before_its_line_is_in_the_file(folder: Path):
    """Whoever opens the journal while the paid request arrives reads that it is being sent, and what."""
    clock = FakeClock()
    witness = Witness(clock)
    witness.world = world = World(folder, clock=clock, service=witness)
    world.know_the_tab()
    for headline in HEADLINES:
        world.add(headline)
    world.approve(*HEADLINES)
    world.close()

    assert witness.found == [State.SENDING] * 3


@pytest.mark.parametrize("seed", range(25))
def test_dying_several_times_at_a_slow_service(folder: Path, seed: int):
    """Deaths during recovery from deaths, at a service that shows a new job only after 90 seconds."""
    chance = random.Random(seed)
    lives = [Life(chance.randint(1, 12), after=chance.random() < 0.5) for _ in range(4)]
    on_repeat = chance.choice(list(OnRepeat))

    assert outcome(tell(folder, on_repeat, lives, visible_after=90)) == UNDISTURBED

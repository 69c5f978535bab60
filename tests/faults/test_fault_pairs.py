"""Every crash window of a paid submit, and in the life that recovers from it every second fault.

A robot that goes on after a death meets people, services and disks in whatever state they are: at the end the
ticked row has its video, paid for once, or waits for a person's word.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from fakes.mortal import ProcessDied
from fakes.render_service import CONFLICT
from invariants import Invariants
from troubled import ROW_TOKEN, AimedLife, Mode, OnSend, TroubledWorld

from bot.domain.control import BoardColumn
from bot.domain.failures import Failure, FailureClass, ProblemCode
from bot.domain.intents import State

TICKED = "Alpha"
HEADLINES = (TICKED, "Bravo")
_BREAKDOWN = Failure(FailureClass.IN_DOUBT, ProblemCode.SERVICE, "500: internal error")
_RATE = Failure(FailureClass.THROTTLED, ProblemCode.RATE, "429: slow down", retry_after=20)
_CREDITS = Failure(FailureClass.EXHAUSTED, ProblemCode.CREDITS, "402: Insufficient credits")
_KEY = Failure(FailureClass.DENIED, ProblemCode.AUTH, "401: Unauthorized")
_REFUSED = Failure(FailureClass.TRANSIENT, ProblemCode.NET, "not sent (ConnectError)")
_CALLS = ("ask", "submit", "look_up", "find")

Second = Callable[[TroubledWorld], None]


def outage(failure: Failure, *calls: str, seconds: float = 40) -> Second:
    """The service says this for a while."""

    def happen(world: TroubledWorld) -> None:
        until = world.clock.monotonic() + seconds
        world.service.outages |= dict.fromkeys(calls, (until, failure))

    return happen


def dies_again(calls: int, *, after: bool) -> Second:
    def happen(world: TroubledWorld) -> None:
        world.life.die_in(calls, after=after)

    return happen


def unreadable(world: TroubledWorld) -> None:
    world.sheet.reads_fail_until = world.clock.monotonic() + 40


def unwritable(world: TroubledWorld) -> None:
    world.sheet.writes_fail_until = world.clock.monotonic() + 40


def lost_write(world: TroubledWorld) -> None:
    world.sheet.lost_writes = 1


def lost_answer(world: TroubledWorld) -> None:
    world.service.lost_answers = 1


def lost_request(world: TroubledWorld) -> None:
    world.service.lost_requests = 1


def sorted_before_the_write(world: TroubledWorld) -> None:
    world.sheet.before_write.append(lambda: world.sheet.sort("Headline", reverse=True))


def clock_set_back(world: TroubledWorld) -> None:
    world.clock.jump(-86_400)


def clock_set_on(world: TroubledWorld) -> None:
    world.clock.jump(86_400)


def dearer(world: TroubledWorld) -> None:
    world.service.price = 12


def journal_lost(world: TroubledWorld) -> None:
    world.replace_journal(None)
    world.restart(AimedLife())


def older_journal(world: TroubledWorld) -> None:
    world.replace_journal(world.copies[0])
    world.restart(AimedLife())


SECONDS: dict[str, Second] = {
    "dies before its 1st call": dies_again(1, after=False),
    "dies after its 2nd call": dies_again(2, after=True),
    "500 for sends": outage(_BREAKDOWN, "submit"),
    "500 for all": outage(_BREAKDOWN, *_CALLS),
    "429 for all": outage(_RATE, *_CALLS),
    "402 for sends": outage(_CREDITS, "submit"),
    "401 for all": outage(_KEY, *_CALLS),
    "409 for sends": outage(CONFLICT, "submit"),
    "refused": outage(_REFUSED, *_CALLS),
    "sheet cannot be read": unreadable,
    "sheet cannot be written": unwritable,
    "answer to the write lost": lost_write,
    "answer to the next send lost": lost_answer,
    "next send lost": lost_request,
    "rows sorted before the write": sorted_before_the_write,
    "wall clock set back": clock_set_back,
    "wall clock set on": clock_set_on,
    "dearer now": dearer,
    "journal lost": journal_lost,
    "older journal": older_journal,
}

PHASES = ("bind", "send", "finish")
"""What the process does as it dies: takes the ticks; sends what waited; learns that it is done."""


def begin(folder: Path, phase: str) -> TroubledWorld:
    """A robot about to do this, and a copy of its journal from before anything was ticked."""
    world = TroubledWorld(
        folder, Mode(OnSend.CHARGES_TWICE, 90.0, names_at_once=False, listed_at_once=False, sweep_above=10)
    )
    for token, headline in enumerate(HEADLINES):
        cells = {"Headline": headline, ROW_TOKEN: token, "Approve": False, "Retry": False}
        world.sheet.insert(2, cells)
    look(world)
    world.keep_a_copy()
    number = world.number(TICKED)
    world.sheet.tick(number)
    world.sheet.type(number, "Approve token", 1)
    if phase == "bind":
        return world
    look(world)
    world.clock.advance(16)
    if phase == "finish":
        look(world)
        world.clock.advance(100)
        look(world)
        world.service.finish()
        world.clock.advance(60)
    return world


def look(world: TroubledWorld) -> None:
    """Ticks as long as there is something to do at once; a death ends it."""
    for _ in range(20):
        report = world.tick()
        world.sheet.believe()
        if not report.wake_at_once:
            return


def survive(world: TroubledWorld) -> None:
    """The same, and every process that dies is followed by another."""
    try:
        look(world)
    except ProcessDied:
        world.sheet.believe()
        while True:
            try:
                world.restart(AimedLife())
            except ProcessDied:
                continue
            return


def recover(world: TroubledWorld, checks: Invariants) -> None:
    """An hour in which everything calms down; then a person says what may be asked for."""
    come_to_rest(world)
    checks.always()
    if world.robot.books.memory.gate.first_contact:
        world.sheet.say(BoardColumn.GO_AHEAD, True)
        world.sheet.robot_forgot()
        come_to_rest(world)
    survive(world)


def come_to_rest(world: TroubledWorld) -> None:
    for minute in range(60):
        survive(world)
        # Every second fault is over after a minute.
        if minute > 0 and not world.watched.unended():
            return
        world.service.work()
        world.clock.advance(60)


@pytest.mark.parametrize("second", SECONDS)
@pytest.mark.parametrize("phase", PHASES)
def test_second_fault_while_recovering(folder: Path, phase: str, second: str):
    """Dead after its n-th call, for every n, and the next life meets the second fault at once."""
    wrong = []
    for number in range(1, 30):
        world = begin(folder, phase)
        checks = Invariants(world)
        checks.said = {token: {headline} for token, headline in enumerate(HEADLINES)}
        world.life.die_in(number, after=True)
        try:
            look(world)
            world.close()
            break
        except ProcessDied:
            world.sheet.believe()
        world.restart(AimedLife())
        SECONDS[second](world)
        recover(world, checks)
        checks.at_rest()
        charges = world.charges_for(TICKED)
        states = {one.state for one in world.watched.intents.values()}
        is_asked = State.NEEDS_DECISION in states or second == "dearer now"
        if charges > 1 or (charges < 1 and not is_asked):
            wrong.append((number, charges, states, world.shown(TICKED)))
        world.close()

    assert number > 4
    assert wrong == []

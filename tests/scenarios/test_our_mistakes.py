"""Mistakes of ours: in one row, in an answer, in a whole tab."""

from __future__ import annotations

from typing import Any

import pytest
from fakes.staff import desk, in_virtual_time, staffed
from fakes.world import World

from bot.daemon import Daemon
from bot.domain.intents import State
from bot.domain.jobs import Accepted
from bot.planner.outcomes import Outcomes
from bot.ports import JournalError
from bot.reconciler import judge as judging
from bot.reconciler.health import Health
from bot.reconciler.tick import TickReport


@pytest.fixture
def poison(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Functions of the judgement that break on a row called Poison."""
    honest = {name: getattr(judging, name) for name in ("read_content", "judge", "fill")}
    broken: list[str] = []

    def breaking(name: str) -> Any:
        def one(*given: Any) -> Any:
            if name in broken and "Poison" in repr(given):
                raise ZeroDivisionError("division by zero")
            return honest[name](*given)

        return one

    for name in honest:
        monkeypatch.setattr(judging, name, breaking(name))
    return broken


@pytest.mark.parametrize("name", ["read_content", "judge", "fill"])
def test_f_P11_a_row_that_cannot_be_judged(world: World, poison: list[str], name: str, heard: list[Any]):
    """It is flagged and kept as it was; the others are made. When the mistake is mended, so is the row."""
    world.expects_bugs = True
    world.add("Poison")
    world.add("Spring")
    world.look()
    poison.append(name)
    # Something about both changes, so that both are judged again.
    for number in (2, 3):
        world.sheet.type(number, "Price", "7 EUR")
        world.sheet.tick(number)
    for _ in range(5):
        world.clock.advance(20)
        world.tick()
        world.tick()
        world.service.work()
    flagged = world.shown("Poison"), world.shown("Poison", "What to do"), world.shown("Poison", "Row ID")
    traces = [one for one in heard if one["event"] == "row_met_a_bug"]
    poison.clear()
    world.settle()

    assert flagged[0] == "Failed"
    assert flagged[1] == f"Our mistake, not yours. Saved for the developers as {traces[0]['number']}."
    assert len(traces) == 1
    assert isinstance(traces[0]["exc_info"], ZeroDivisionError)
    assert world.charges_for("Spring") == 1
    assert [world.shown(one) for one in ("Poison", "Spring")] == ["Done", "Done"]
    assert world.shown("Poison", "Row ID") == flagged[2]


def test_f_P11_a_new_row_that_cannot_be_judged(world: World, poison: list[str]):
    """It has no record yet and gets none until it can be judged."""
    world.expects_bugs = True
    poison.append("read_content")
    world.add("Poison")
    world.tick()
    flagged = world.shown("Poison"), world.shown("Poison", "Row ID"), len(world.memory().entries)
    poison.clear()
    world.look()

    assert flagged == ("Failed", None, 0)
    assert world.shown("Poison") == "Ready to approve"


def test_f_P11_an_answer_we_fail_to_understand(world: World, monkeypatch: pytest.MonkeyPatch):
    """It may have been a yes: the job is looked up. The answer beside it is kept."""
    honest, met = Outcomes.sent, list[Any]()

    def sent(self: Outcomes, intent: Any, entry: Any, answer: Any) -> Any:
        if isinstance(answer, Accepted) and not met:
            met.append(intent.job_id)
            raise AttributeError("nobody expected this")
        return honest(self, intent, entry, answer)

    monkeypatch.setattr(Outcomes, "sent", sent)
    world.add("Spring")
    world.add("Summer")
    for number in (2, 3):
        world.sheet.tick(number)
    world.look()
    world.clock.advance(world.policy.undo_seconds + 0.1)
    world.tick()
    states = {one.job_id: one.state for one in world.intents()}
    world.settle()

    assert states.pop(met[0]) is State.CHECKING
    assert list(states.values()) == [State.SUBMITTED]
    assert [world.charges_for(one) for one in ("Spring", "Summer")] == [1, 1]
    assert [world.shown(one) for one in ("Spring", "Summer")] == ["Done", "Done"]


def run(world: World, *ticks: Any) -> tuple[list[tuple[str, ...]], list[float]]:
    """A daemon whose one tab's ticks raise or report these; what health it told, and how long it waited."""
    left, told = list(ticks), list[tuple[str, ...]]()

    def tick() -> TickReport:
        if not left:
            daemon.stop()
            return TickReport()
        now = left.pop(0)
        if isinstance(now, Exception):
            raise now
        return now

    robot = staffed(world, desk(tick))
    object.__setattr__(robot, "keep_health", lambda reasons, _at: told.append(reasons))
    daemon = Daemon(robot)
    nap = in_virtual_time(daemon, world.clock)
    daemon.run()
    return told, nap.waits


def test_f_P11_the_same_bug_three_times_in_a_row(world: World, heard: list[Any]):
    """Health fails, the loop goes on with growing gaps, and a good tick makes all well again."""
    told, waits = run(world, *[ValueError(str(n)) for n in range(4)], TickReport(), TickReport())

    assert [bool(reasons) for reasons in told] == [False, True, False]
    assert "the same bug R-" in told[1][0]
    assert waits[:4] == sorted(waits[:4])
    assert waits[3] > waits[0]
    assert [one["event"] for one in heard].count("tick_broke") == 4


def test_f_P11_different_bugs_are_not_the_same_one(world: World):
    """Nor is one that comes and goes."""
    health = Health()
    for bugs in (["R-1"], ["R-2"], ["R-1"], ["R-1"], [], ["R-1"]):
        health.note("Videos", bugs)
        assert health.reasons == ()


def test_f_P11_one_tab_breaks_the_other_goes_on(world: World):
    """A tab whose every tick breaks costs its neighbour nothing."""
    ticks = list[str]()

    def breaks() -> TickReport:
        ticks.append("broken")
        raise KeyError("nobody expected this")

    def works() -> TickReport:
        ticks.append("good")
        if ticks.count("good") == 12:
            daemon.stop()
        return TickReport()

    daemon = Daemon(staffed(world, desk(breaks, "Broken"), desk(works, "Good")))
    in_virtual_time(daemon, world.clock)
    daemon.run()

    assert ticks.count("good") == 12
    assert 2 <= ticks.count("broken") <= 5


def test_f_J01_health_fails_while_the_journal_cannot_be_used(world: World):
    """At once, with the words for the operator; and is good again when the journal is."""
    told, _ = run(world, TickReport(), JournalError("The disk is full."), TickReport())

    assert told == [(), ("Videos: The disk is full.",), ()]

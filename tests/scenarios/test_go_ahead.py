"""`Go ahead`: the one question the robot asks before it spends more than usual."""

from __future__ import annotations

from pathlib import Path

import pytest
from fakes.world import World

from bot.domain.control import BoardColumn
from bot.domain.intents import State
from bot.planner.snapshot import Policy


def told(world: World) -> str:
    return str(world.sheet.said(BoardColumn.GOING_ON))


@pytest.fixture
def crowded(folder: Path) -> World:
    """Four ticked rows where more than three are many."""
    world = World(folder, policy=Policy(ask_above_rows=3, sample_size=0))
    for number in range(4):
        world.add(f"Row {number}")
    world.know_the_tab()
    world.approve(*(f"Row {number}" for number in range(4)))
    return world


def test_many_rows_ask_first(crowded: World):
    """Nothing is sent, the price stands on Control; Go ahead releases them and its box is cleared."""
    asked = crowded.shown("Row 0"), crowded.shown("Row 0", "What to do"), told(crowded)
    crowded.sheet.say(BoardColumn.GO_AHEAD, True)
    crowded.settle()

    assert asked == (
        "On hold",
        "4 rows wait at once. Tick Go ahead on Control to render them.",
        "4 rows wait at once, 36 credits. Tick Go ahead to render them.",
    )
    assert crowded.states() == [State.COMPLETED] * 4
    assert crowded.sheet.said(BoardColumn.GO_AHEAD) is False


def test_released_rows_do_not_ask_again(crowded: World):
    """A few more rows after the Go ahead need none of their own."""
    crowded.sheet.say(BoardColumn.GO_AHEAD, True)
    crowded.wait(5)
    for name in ("Late", "Later"):
        crowded.add(name)
    crowded.approve("Late", "Later")
    crowded.settle()

    assert crowded.states() == [State.COMPLETED] * 6


def test_untick_instead(crowded: World):
    """Fewer rows than that need no Go ahead: unticking some is an answer too."""
    crowded.sheet.untick(crowded.number("Row 3"))
    crowded.settle()

    assert sorted(crowded.states()) == [State.CANCELLED, *[State.COMPLETED] * 3]


def test_go_ahead_outlives_a_restart(crowded: World):
    """What was released stays released, what waits goes on waiting."""
    crowded.restart()
    crowded.wait(60)
    waiting = crowded.states()
    crowded.sheet.say(BoardColumn.GO_AHEAD, True)
    crowded.look()
    crowded.restart()
    crowded.settle()

    assert waiting == [State.WAITING] * 4
    assert crowded.states() == [State.COMPLETED] * 4


def test_box_that_stays_ticked_counts_once(crowded: World):
    """The clearing write fails: the next batch is not released by the old tick."""
    crowded.sheet.say(BoardColumn.GO_AHEAD, True)
    crowded.look()
    crowded.settle()
    crowded.sheet.say(BoardColumn.GO_AHEAD, True)
    crowded.look()
    crowded.sheet.say(BoardColumn.GO_AHEAD, False)
    for number in range(4, 8):
        crowded.add(f"Row {number}")
    crowded.look()
    crowded.approve(*(f"Row {number}" for number in range(4, 8)))
    crowded.wait(60)

    assert crowded.states().count(State.WAITING) == 4


def test_without_a_box(crowded: World):
    """Without Control nobody can say Go ahead: the rows wait and name who can mend it."""
    crowded.sheet.control = None
    crowded.wait(60)

    assert crowded.states() == [State.WAITING] * 4
    assert "An admin must run rowreel init." in str(crowded.shown("Row 0", "What to do"))


def test_first_contact(folder: Path):
    """Ticks from before the robot knew the tab bind with Go ahead, at the price Control names."""
    world = World(folder)
    for name in ("Spring", "Summer", "Autumn"):
        world.add(name, Approve=name != "Autumn")
    world.wait(60)
    asked = told(world), world.shown("Spring", "What to do"), world.states()
    world.sheet.say(BoardColumn.GO_AHEAD, True)
    world.settle()

    assert asked == (
        "2 rows ticked before the robot knew them, 18 credits. Tick Go ahead to render.",
        "Ticked before the robot knew this sheet. Tick Go ahead on Control, or tick Approve anew.",
        [],
    )
    assert [world.shown(name) for name in ("Spring", "Summer", "Autumn")] == [
        "Done",
        "Done",
        "Ready to approve",
    ]


def test_go_ahead_from_before_counts_for_nothing(folder: Path):
    """A box that was ticked when the robot first looked is cleared, not obeyed."""
    world = World(folder)
    world.add("Spring", Approve=True)
    world.sheet.say(BoardColumn.GO_AHEAD, True)
    world.wait(60)

    assert world.states() == []
    assert world.sheet.said(BoardColumn.GO_AHEAD) is False


def test_first_contact_is_over_when_nobody_waits(folder: Path):
    """Old ticks taken back one by one: the question goes away by itself."""
    world = World(folder)
    world.add("Spring", Approve=True)
    world.wait(5)
    world.sheet.untick(2)
    world.wait(5)

    assert told(world) == "Nothing is waiting."
    assert not world.memory().gate.first_contact


@pytest.fixture
def broken(folder: Path) -> World:
    """Three videos in a row that fail the same way, where three are enough; two rows wait."""
    world = World(folder, policy=Policy(max_in_flight=1, breaker_failures=3))
    for number in range(5):
        world.add(f"Row {number}")
    world.know_the_tab()
    world.approve(*(f"Row {number}" for number in range(5)))
    world.service.failing_renders += ["Upstream renderer closed the connection."] * 3
    for _ in range(8):
        world.work()
    return world


def test_breaker(broken: World):
    """Equal failures in a row stop the rest, and say what it was."""
    assert sorted(broken.states()) == [*[State.FAILED] * 3, *[State.WAITING] * 2]
    assert (
        broken.shown("Row 4", "What to do")
        == "Stopped to protect your credits: 3 rows failed the same way. See Control."
    )
    assert told(broken) == (
        "3 videos failed alike: Upstream renderer closed the connection. Tick Go ahead to go on."
    )


def test_breaker_holds_over_a_restart_and_opens(broken: World):
    """Only a person closes it again."""
    broken.restart()
    broken.wait(600)
    waiting = broken.states().count(State.WAITING)
    broken.sheet.say(BoardColumn.GO_AHEAD, True)
    broken.settle()

    assert waiting == 2
    assert broken.states().count(State.COMPLETED) == 2

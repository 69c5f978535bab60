"""The first run of a template version: ten go first, and sixty do not before somebody has looked."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from fakes.mortal import Life, ProcessDied
from fakes.world import World

from bot.domain.control import BoardColumn
from bot.domain.intents import State
from bot.planner.snapshot import Policy

SIXTY = tuple(f"Row {number:02}" for number in range(60))
HOLDS = "Waits until the first 10 videos were looked at. Tick Go ahead on Control."


def told(world: World) -> str:
    return str(world.sheet.said(BoardColumn.GOING_ON))


def sent(world: World) -> list[str]:
    return sorted(name for name in SIXTY if world.charges_for(name))


def work_on(world: World) -> None:
    for _ in range(5):
        world.clock.advance(1)
        world.tick()


@pytest.fixture
def sixty(folder: Path) -> Iterator[World]:
    """Sixty ticked rows, and room for all of them at the same time."""
    world = World(folder, policy=Policy(max_in_flight=100))
    for number, name in enumerate(SIXTY):
        world.add(name, Format="square" if number == 40 else "wide", Price=None if number == 50 else "9 EUR")
    world.know_the_tab()
    for number in world.sheet.numbers:
        world.sheet.tick(number)
    world.look()
    yield world
    world.close()


def test_ten_go_first_then_all(sixty: World):
    """In the sheet's words from the ticks to the last video, each paid once."""
    sixty.wait(20)
    going = sent(sixty), told(sixty)
    held = {sixty.shown(name, "What to do") for name in SIXTY if sixty.shown(name) == "On hold"}
    sixty.service.failing_renders = ["Too dark."]
    for _ in range(3):
        sixty.work()
    asked = told(sixty)
    sixty.wait(600)
    waiting = len(sixty.service.charges)
    sixty.sheet.say(BoardColumn.GO_AHEAD, True)
    sixty.settle()

    assert going == (
        # Row 40 is the only square one, row 50 the shortest, with the most empty cells.
        ["Row 00", "Row 05", "Row 13", "Row 21", "Row 29", "Row 37", "Row 40", "Row 46", "Row 50", "Row 55"],
        "10 of 60 go first as a sample, 0 finished. Look at them, then tick Go ahead.",
    )
    assert held == {HOLDS}
    assert asked == ("Look at 10 samples (9 done, 1 failed). Tick Go ahead for the other 50, 450 credits.")
    assert waiting == 10
    assert sixty.sheet.said(BoardColumn.GO_AHEAD) is False
    assert sorted(sixty.states()) == [State.COMPLETED] * 59 + [State.FAILED]
    assert [sixty.charges_for(name) for name in SIXTY] == [1] * 60


def test_same_ten_after_restarts(sixty: World):
    """What was chosen stays chosen, before, while and after they are sent."""
    chosen = sixty.memory().gate.sample
    sixty.restart()
    sixty.look()
    again = sixty.memory().gate.sample
    sixty.wait(20)
    sixty.restart()
    sixty.wait(300)

    assert len(chosen.records) == 10
    assert chosen == again == sixty.memory().gate.sample
    assert len(sixty.service.charges) == 10


@pytest.mark.parametrize("after", [False, True], ids=["before", "after"])
@pytest.mark.parametrize("calls", range(1, 9))
def test_f_P01_never_more_than_ten_wherever_it_dies(folder: Path, calls: int, *, after: bool):
    """Killed at any call of the ticks that choose and send: the next process sends the same ten, no more."""
    world = World(folder, policy=Policy(max_in_flight=100, undo_seconds=0))
    for name in SIXTY[:30]:
        world.add(name)
    world.know_the_tab()
    for number in world.sheet.numbers:
        world.sheet.tick(number)
    life = Life()
    world.restart(life)
    life.die_in(calls, after=after)
    with pytest.raises(ProcessDied):
        work_on(world)
    world.restart()
    world.wait(600)

    assert len({charge.body for charge in world.service.charges}) == 10
    assert len(world.service.charges) == 10
    world.close()


def test_fewer_words_for_few_rows(folder: Path):
    """Ten rows ask nothing; the eleventh does, once, whenever it comes."""
    world = World(folder)
    for name in SIXTY[:10]:
        world.add(name)
    world.know_the_tab()
    world.approve(*SIXTY[:10])
    world.settle()
    world.add("One more")
    world.look()
    world.approve("One more")
    asked = world.shown("One more"), told(world)
    world.sheet.say(BoardColumn.GO_AHEAD, True)
    world.settle()
    world.add("Another")
    world.look()
    world.approve("Another")
    world.settle()

    assert asked == (
        "On hold",
        "Look at 10 samples (10 done). Tick Go ahead for the other one, 9 credits.",
    )
    assert world.shown("Another") == "Done"
    world.close()


def test_without_control_somebody_is_named(sixty: World):
    """No box, no answer: the rows say who can make one."""
    sixty.sheet.control = None
    sixty.wait(60)

    assert len(sixty.service.charges) == 10
    assert "Waits for Go ahead, and there is no such box on Control. An admin must run rowreel init." in {
        sixty.shown(name, "What to do") for name in SIXTY
    }


def rounds(world: World, count: int) -> list[int]:
    """How many are under way in each round, all of them finished before the next."""
    found = []
    for _ in range(count):
        world.wait(60)
        found.append(len(world.service.under_way))
        world.service.finish()
    world.wait(60)
    return found


def test_window_widens_while_all_is_well(sixty: World):
    """Three, then ten, then all of them; a robot that is started anew goes on where it was."""
    sixty.wait(20)
    sixty.service.finish()
    sixty.wait(60)
    sixty.sheet.say(BoardColumn.GO_AHEAD, True)
    first = rounds(sixty, 1)
    sixty.restart()
    then = rounds(sixty, 2)

    assert first + then == [3, 10, 37]


def test_window_stays_narrow_while_videos_fail(sixty: World):
    """A failure that is not the row's own: half of what was shown has to be shown again."""
    sixty.wait(20)
    sixty.service.finish()
    sixty.wait(60)
    sixty.sheet.say(BoardColumn.GO_AHEAD, True)
    first = rounds(sixty, 1)
    sixty.service.failing_renders = ["Too dark.", "Too dark."]
    then = rounds(sixty, 3)

    assert first + then == [3, 10, 10, 27]


def test_breaker_of_a_version(folder: Path):
    """What failed with one version holds no row that is made with the next; a mended template starts afresh."""
    world = World(folder, policy=Policy(max_in_flight=2, breaker_failures=2, sample_size=0))
    for name in SIXTY[:4]:
        world.add(name)
    world.know_the_tab()
    world.service.failing_renders = ["Too dark."] * 2
    world.approve(*SIXTY[:4])
    for _ in range(3):
        world.work()
    shut = world.shown(SIXTY[3]), world.shown(SIXTY[3], "What to do")
    gate = world.memory().gate
    for name in SIXTY[2:4]:
        world.sheet.untick(world.number(name))
    world.template = replace(world.template, name_rule="mended-{row_id}-{format}")
    world.restart()
    world.look()
    world.approve(SIXTY[3])
    world.settle()

    assert shut == ("On hold", "Stopped to protect your credits: 2 rows failed the same way. See Control.")
    assert (gate.streak, gate.streak_version) == (2, world.intents()[0].template_hash)
    assert world.shown(SIXTY[3]) == "Done"
    world.close()

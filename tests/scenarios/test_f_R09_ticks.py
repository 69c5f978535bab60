"""Ticks in every odd way: each counts once, what is no tick is none, and thousands of them spend nothing by themselves."""

from __future__ import annotations

from pathlib import Path

import pytest
from fakes.sheet import OUT_OF_REACH
from fakes.world import World

from bot.domain.control import BoardColumn
from bot.planner.snapshot import Policy


@pytest.fixture
def done(world: World) -> World:
    world.add("Spring")
    world.approve("Spring")
    world.settle()
    return world


def test_f_R09_box_set_again_before_the_robot_cleared_it(done: World):
    """Clearing failed, and somebody unticked and ticked within one look: what the robot sees is the tick it took."""
    done.sheet.tick(2, "Retry")
    done.sheet.failing_writes = [OUT_OF_REACH] * 3
    done.tick()
    done.sheet.untick(2, "Retry")
    done.sheet.tick(2, "Retry")
    done.wait(60)
    done.settle()

    assert done.charges_for("Spring") == 2
    assert done.shown("Spring", "Retry") is False


def test_f_R09_box_set_again_after_it_was_seen_empty(done: World):
    """Two ticks with an empty box between them are two wishes."""
    for _ in range(2):
        done.sheet.tick(2, "Retry")
        done.wait(20)
        done.settle()

    assert done.charges_for("Spring") == 3


@pytest.mark.parametrize("text", ["TRUE", "true", " True ", 1])
def test_f_R09_tick_that_came_as_text(world: World, text: object):
    """A box that lost its format, or a paste from elsewhere: what says true is a tick, and counts once."""
    world.add("Spring")
    world.look()
    world.sheet.type(2, "Approve", text)  # type: ignore[arg-type]
    world.wait(16)
    world.settle()
    world.wait(300)

    assert world.charges_for("Spring") == 1


@pytest.mark.parametrize("text", ["x", "yes", "ok", "FALSE", "WAHR", "✓", 0, 2, "Spring"])
def test_f_R09_text_that_is_no_tick(world: World, text: object):
    """Anything else in the box approves nothing, and stays where it was typed."""
    world.add("Spring")
    world.look()
    world.sheet.type(2, "Approve", text)  # type: ignore[arg-type]
    world.sheet.type(2, "Retry", text)  # type: ignore[arg-type]
    world.wait(60)

    assert world.service.charges == []
    assert world.sheet.cell(2, "Approve") == text
    assert world.shown("Spring") == "Ready to approve"


def test_f_R09_text_over_a_standing_tick_takes_it_back(world: World):
    """Written over before the row was sent, an approval is gone like an untick."""
    world.add("Spring")
    world.look()
    world.sheet.tick(2)
    world.look()
    world.sheet.type(2, "Approve", "maybe")
    world.wait(60)

    assert world.service.charges == []


def test_f_R09_thousand_rows_filled_down(folder: Path):
    """A tick dragged over a thousand rows: ten go first as a sample; for the rest Control asks once."""
    world = World(folder, policy=Policy(max_in_flight=20))
    world.sheet.grid_rows = 1100
    for number in range(1000):
        world.add(f"Row {number}")
    world.know_the_tab()
    for number in world.sheet.numbers:
        world.sheet.tick(number)
    world.wait(20)
    for _ in range(3):
        world.service.finish()
        world.wait(10)
    asked = world.sheet.said(BoardColumn.GOING_ON)
    held = [world.sheet.cell(number, "Status") for number in world.sheet.numbers].count("On hold")
    sent = len(world.service.charges)
    world.sheet.say(BoardColumn.GO_AHEAD, True)
    world.wait(5)

    assert asked == "Look at 10 samples (10 done). Tick Go ahead for the other 990, 8,910 credits."
    assert (held, sent) == (990, 10)
    assert len(world.service.charges) > 10
    world.close()

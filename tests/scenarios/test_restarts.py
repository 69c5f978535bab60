"""A clean end in the middle, and a new process over the same journal."""

from __future__ import annotations

import pytest
from fakes.world import World


@pytest.mark.parametrize("step", range(8))
def test_restart_in_the_middle_changes_nothing(world: World, step: int):
    """Wherever the robot is stopped, the new one goes on: all done, each paid once."""
    headlines = [f"Row {number}" for number in range(5)]
    for headline in headlines:
        world.sheet.tick(world.add(headline))
    for number in range(8):
        if number == step:
            world.restart()
        world.wait(10)
        world.service.work()
    world.settle()

    assert {world.shown(headline) for headline in headlines} == {"Done"}
    assert [world.charges_for(headline) for headline in headlines] == [1] * 5


def test_undo_window_goes_on_after_a_restart(world: World):
    """A restart does not cut the time to untick short, nor begin it again."""
    world.add("Spring")
    world.sheet.tick(2)
    world.look()
    world.clock.advance(10)
    world.restart()
    world.look()
    world.clock.advance(4)
    world.look()
    too_early = len(world.service.charges)
    world.clock.advance(1.1)
    world.look()

    assert too_early == 0
    assert world.charges_for("Spring") == 1


def test_edit_while_the_robot_was_down_voids_the_tick(world: World):
    """What was approved is in the journal: a text changed meanwhile is not what was approved."""
    world.add("Old")
    world.sheet.tick(2)
    world.look()
    world.sheet.type(2, "Headline", "New")
    world.clock.advance(3600)
    world.restart()
    world.wait(60)

    assert world.service.charges == []
    assert world.shown("New") == "Changed"


def test_long_stop_sends_no_burst(world: World):
    """A day later the window is what it was."""
    for number in range(10):
        world.sheet.tick(world.add(f"Row {number}"))
    world.look()
    world.clock.advance(86_400)
    world.restart()
    world.look()

    assert len(world.service.under_way) == 3

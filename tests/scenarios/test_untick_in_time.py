"""A tick is taken back inside the undo window, or too late."""

from __future__ import annotations

from fakes.world import World

from bot.domain.intents import State


def test_untick_in_the_undo_window_cancels(world: World):
    """Nothing is sent, nothing is charged, and the row is ready again."""
    world.add("Spring")
    world.sheet.tick(2)
    world.look()
    world.sheet.untick(2)
    world.wait(60)

    assert world.service.charges == []
    assert world.states() == [State.CANCELLED]
    assert world.shown("Spring") == "Cancelled"


def test_second_tick_after_an_untick_renders_once(world: World):
    """Tick, untick, tick: one video, under a job id of its own."""
    world.add("Spring")
    world.sheet.tick(2)
    world.look()
    world.sheet.untick(2)
    world.look()
    world.approve("Spring")
    world.settle()

    first, second = world.intents()
    assert (first.state, second.state) == (State.CANCELLED, State.COMPLETED)
    assert first.job_id != second.job_id
    assert world.charges_for("Spring") == 1


def test_untick_while_rendering_follows_the_job_to_its_end(world: World):
    """What was sent cannot be called back: the link still arrives."""
    world.add("Spring")
    world.approve("Spring")
    world.sheet.untick(2)
    world.settle()

    assert world.shown("Spring") == "Done"
    assert world.charges_for("Spring") == 1


def test_tick_again_on_a_done_row_pays_nothing(world: World):
    """The same content has its video already."""
    world.add("Spring")
    world.approve("Spring")
    world.settle()
    world.sheet.untick(2)
    world.look()
    world.approve("Spring")
    world.wait(120)

    assert world.charges_for("Spring") == 1
    assert world.shown("Spring") == "Done"

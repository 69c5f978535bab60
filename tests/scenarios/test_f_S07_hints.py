"""Somebody says that a job may have ended: it is looked at sooner, and believed no sooner."""

from __future__ import annotations

import pytest
from fakes.world import World

from bot.domain.ids import JobId
from bot.domain.intents import State


def job(world: World) -> JobId:
    return world.intents()[0].job_id


def sent(world: World) -> None:
    """One row under way, and looked at a moment ago."""
    world.add("Alpha")
    world.look()
    world.approve("Alpha")
    world.wait(1)
    assert world.states() == [State.SUBMITTED]


def test_f_S07_a_hint_only_hastens_a_look(world: World):
    """A video that is done is found at once, and not at the next poll."""
    sent(world)
    world.service.finish()
    world.look()
    before = world.states()
    hastened = world.robot.books.hasten({job(world)})
    world.look()

    assert before == [State.SUBMITTED]
    assert hastened
    assert (world.states(), world.shown("Alpha")) == ([State.COMPLETED], "Done")


def test_f_S07_a_hint_that_is_not_true_changes_nothing(world: World):
    """The service is asked, and says that it still renders."""
    sent(world)
    world.robot.books.hasten({job(world)})
    world.look()

    assert world.states()[0] in {State.SUBMITTED, State.ACTIVE}
    assert world.charges_for("Alpha") == 1


@pytest.mark.parametrize("named", ["3f0c2a7e-0000-4000-8000-000000000000", "' OR 1=1 --", ""])
def test_f_S07_somebody_elses_job(world: World, named: str):
    """Nobody is asked about it."""
    sent(world)

    assert not world.robot.books.hasten({JobId(named)})
    assert world.tick().calls == 0


def test_f_S07_a_row_that_waits_is_not_hastened(world: World):
    """Its undo time is its own; nothing was sent."""
    world.add("Alpha")
    world.look()
    world.sheet.tick(world.number("Alpha"))
    world.look()

    assert not world.robot.books.hasten({job(world)})
    assert world.states() == [State.WAITING]


def test_f_S07_a_doubt_is_not_settled_by_a_hint(world: World):
    """However often it is looked for at once, an absence counts only when it is late enough."""
    world.service.lost_requests = 1
    world.add("Alpha")
    world.look()
    world.approve("Alpha")
    world.wait(1)
    for _ in range(20):
        world.robot.books.hasten({job(world)})
        world.look()
    doubtful = world.states(), world.service.sends
    world.settle()

    assert doubtful == ([State.CHECKING], 0)
    assert (world.shown("Alpha"), world.charges_for("Alpha")) == ("Done", 1)


def test_f_S07_what_has_ended_stays(world: World):
    """Late and out of order: there is nothing to look at any more."""
    sent(world)
    world.settle()

    assert not world.robot.books.hasten({job(world)})

"""The account is held: nothing is sent, everything else goes on, and it lifts by itself."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from fakes.clock import FakeClock
from fakes.render_service import FakeRenderService
from fakes.world import World

from bot.domain.failures import Failure, FailureClass, ProblemCode

REFUSED = Failure(FailureClass.DENIED, ProblemCode.AUTH, "401: API key required")
UNREACHED = Failure(FailureClass.TRANSIENT, ProblemCode.NET, "not sent (ConnectError)")
POOR = Failure(FailureClass.EXHAUSTED, ProblemCode.CREDITS, "402", credits=(9, 4))
ROWS = ("Row A", "Row B", "Row C", "Row D", "Row E")


@pytest.fixture
def world(folder: Path) -> Iterator[World]:
    """Five rows nobody ticked yet."""
    clock = FakeClock()
    made = World(folder, clock=clock, service=FakeRenderService(clock))
    for headline in ROWS:
        made.add(headline)
    made.know_the_tab()
    yield made
    made.close()


def shown(world: World) -> set[object]:
    return {world.shown(headline) for headline in ROWS}


def test_f_Z02_refused_key_is_tried_once_in_five_minutes(world: World):
    """Five rows wait for one key: one call looks into it now and then, not one a row."""
    world.service.refusals["submit"] = [REFUSED] * 1000
    world.approve(*ROWS)
    world.wait(3600)

    assert shown(world) == {"On hold"}
    assert world.shown("Row A", "What to do") == (
        "The Zvid key was refused. Rows are safe. An admin must renew the key."
    )
    assert 1 <= world.service.sends <= 3 + 3600 / 300


def test_f_Z03_short_of_credits_says_how_many(world: World):
    """The hold names what is needed and what is left, and ends after a top-up with the first in line."""
    world.service.refusals["submit"] = [POOR, POOR, POOR, POOR]
    world.approve(*ROWS)
    told = world.shown("Row E", "What to do")
    world.settle()

    assert told == "Needs 9 credits, 4 left. Continues by itself after a top-up."
    assert shown(world) == {"Done"}
    assert [world.charges_for(headline) for headline in ROWS] == [1] * 5


def test_f_Z12_service_out_of_reach(world: World):
    """From the third failure in a row all sending holds; when the way is open again each row is sent once."""
    world.service.refusals["submit"] = [UNREACHED] * 12
    world.approve(*ROWS)
    held = shown(world)
    world.settle()

    assert held == {"On hold"}
    assert shown(world) == {"Done"}
    assert [world.charges_for(headline) for headline in ROWS] == [1] * 5


def test_running_videos_arrive_under_a_hold(world: World):
    """Polling goes on whatever stops the sending."""
    world.approve("Row A")
    world.service.refusals["submit"] = [REFUSED] * 50
    world.approve("Row B")
    for _ in range(3):
        world.work()

    assert (world.shown("Row A"), world.shown("Row B")) == ("Done", "On hold")


def test_a_held_row_can_be_unticked(world: World):
    """A hold is no promise: what was unticked under it is not sent when it lifts."""
    world.service.refusals["submit"] = [REFUSED] * 2
    world.approve("Row A", "Row B")
    world.sheet.untick(world.number("Row A"))
    world.settle()
    world.wait(400)

    assert world.charges_for("Row A") == 0
    assert world.shown("Row B") == "Done"


def test_a_hold_costs_no_writes_while_it_stands(world: World):
    """The words of a hold do not waver from read to read."""
    world.service.refusals["submit"] = [UNREACHED] * 1000
    world.approve(*ROWS)
    before = len(world.sheet.log)
    for _ in range(5):
        world.clock.advance(0.7)
        world.tick()

    assert len(world.sheet.log) == before

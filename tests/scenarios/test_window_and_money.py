"""How many are sent at once, at which price, and what happens when the money runs out."""

from __future__ import annotations

import pytest
from fakes.render_service import NO_CREDITS
from fakes.world import World

from bot.domain.failures import Failure, FailureClass, ProblemCode
from bot.domain.intents import State

TEN = [f"Row {letter}" for letter in "ABCDEFGHIJ"]
KEY_REFUSED = Failure(FailureClass.DENIED, ProblemCode.AUTH, "401: Invalid API key")


def told_to_wait(seconds: float | None) -> Failure:
    return Failure(FailureClass.THROTTLED, ProblemCode.RATE, "429: Too many requests", retry_after=seconds)


def test_never_more_than_the_window_at_once(world: World):
    """Ten approved rows, a window of three: three at a time, all ten in the end, each paid once."""
    for headline in TEN:
        world.add(headline)
    world.approve(*TEN)
    at_first = len(world.service.under_way)
    world.settle()

    assert at_first == 3
    assert world.service.most_at_once == 3
    assert [world.charges_for(headline) for headline in TEN] == [1] * 10
    assert {world.shown(headline) for headline in TEN} == {"Done"}


def test_rows_are_sent_in_the_order_of_the_sheet(world: World):
    """The upper rows go first, whatever order they were ticked in."""
    for headline in TEN:
        world.add(headline)
    for headline in reversed(TEN):
        world.sheet.tick(world.number(headline))
    world.wait(16)
    line = [world.shown(headline, "What to do") for headline in TEN[3:6]]

    assert [world.charges_for(headline) for headline in TEN] == [1] * 3 + [0] * 7
    assert line == ["Next in line.", "In line, 1 before it.", "In line, 2 before it."]


def test_f_Z28_dearer_quote_voids_the_approval(world: World):
    """What costs more than the row showed is not sent; a new tick at the new price is a person's matter."""
    world.service.price = 36
    world.add("Spring")
    world.approve("Spring")
    world.wait(60)

    assert world.service.charges == []
    assert world.states() == [State.CANCELLED]
    assert world.shown("Spring", "Approve") is False
    assert world.shown("Spring", "What to do") == (
        "Now 36 credits, was 9. Nothing was sent. Tick Approve if that is fine."
    )


def test_cheaper_quote_is_sent(world: World):
    """Nobody minds a lower price; the row shows what was charged."""
    world.service.price = 4
    world.add("Spring")
    world.approve("Spring")
    world.settle()

    assert world.shown("Spring", "Credits") == 4
    assert world.charges_for("Spring") == 1


def test_credits_gone_and_back(world: World):
    """Without credits rows are held, not failed; after a top-up each is sent once, by itself."""
    world.service.balance = 18
    for headline in TEN[:4]:
        world.add(headline)
    world.approve(*TEN[:4])
    world.work()
    world.work()
    held = [world.shown(headline) for headline in TEN[:4]]
    told = world.shown("Row C", "What to do")
    world.service.balance = 1000
    world.settle()

    assert held == ["Done", "Done", "On hold", "On hold"]
    assert told == "Not enough credits at Zvid. Continues by itself after a top-up."
    assert [world.charges_for(headline) for headline in TEN[:4]] == [1] * 4


def test_row_held_for_credits_can_be_unticked(world: World):
    """A hold is no promise: the tick is taken back, and a top-up sends nothing."""
    world.service.balance = 0
    world.add("Spring")
    world.approve("Spring")
    world.sheet.untick(2)
    world.look()
    world.service.balance = 1000
    world.wait(300)

    assert world.service.charges == []
    assert world.shown("Spring") == "Cancelled"


def test_refused_key_holds_the_row_until_it_works(world: World):
    """The row is safe, says who acts, and goes on by itself."""
    world.service.refusals["submit"] = [KEY_REFUSED]
    world.add("Spring")
    world.approve("Spring")
    held = (world.shown("Spring"), world.shown("Spring", "What to do"))
    world.settle()

    assert held == (
        "On hold",
        "The Zvid key was refused. Rows are safe. An admin must renew the key.",
    )
    assert world.shown("Spring") == "Done"
    assert world.charges_for("Spring") == 1


@pytest.mark.parametrize(("asked", "waited"), [(30, 30), (0, 1), (-1, 1), (1e9, 3600), (None, 60)])
def test_told_to_wait_the_robot_waits_within_reason(world: World, asked: float | None, waited: float):
    """Not before the time named, but never less than a second nor more than an hour."""
    world.service.refusals["submit"] = [told_to_wait(asked)]
    world.add("Spring")
    world.sheet.tick(2)
    world.look()
    world.clock.advance(15)
    world.look()
    status = world.shown("Spring")
    world.clock.advance(waited - 0.5)
    world.look()
    too_early = world.charges_for("Spring")
    world.clock.advance(1)
    world.look()

    assert status == "On hold"
    assert too_early == 0
    assert world.charges_for("Spring") == 1


def test_polling_goes_on_while_nothing_can_be_sent(world: World):
    """A hold stops sending, not looking: running videos arrive."""
    world.add("Row A")
    world.approve("Row A")
    world.service.refusals["submit"] = [NO_CREDITS] * 50
    world.add("Row B")
    world.approve("Row B")
    world.work()
    world.work()

    assert (world.shown("Row A"), world.shown("Row B")) == ("Done", "On hold")


def test_network_trouble_before_a_send_is_retried_with_growing_gaps(world: World):
    """A request that surely never left is sent again under the same job id, later each time."""
    refused = Failure(FailureClass.TRANSIENT, ProblemCode.NET, "not sent (ConnectError)")
    world.service.refusals["submit"] = [refused] * 3
    world.add("Spring")
    world.approve("Spring")
    told = world.shown("Spring"), world.shown("Spring", "What to do")
    world.settle()

    assert told[0] == "Retrying"
    assert told[1].startswith("Connection trouble. Trying again at 14:00:")
    assert world.charges_for("Spring") == 1
    assert [intent.tries for intent in world.intents()] == [3]

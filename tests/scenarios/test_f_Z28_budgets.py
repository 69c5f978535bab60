"""Budgets: never a credit over a limit, whatever waits; what was refunded may be spent again."""

from __future__ import annotations

from datetime import UTC, datetime, time, timedelta
from pathlib import Path

from fakes.world import World

from bot.domain.control import BoardColumn, Label
from bot.domain.failures import Failure, FailureClass, ProblemCode
from bot.planner.snapshot import Policy

LIMIT = "Today's limit of 500 credits is used up. Continues tomorrow at 00:00."
NO_CREDITS = Failure(
    FailureClass.EXHAUSTED, ProblemCode.CREDITS, "402: Insufficient credits", credits=(15, 8)
)


def to_midnight(world: World) -> timedelta:
    now = world.clock.now()
    return datetime.combine(now.date() + timedelta(days=1), time(), UTC) - now


def finish_all(world: World) -> None:
    """Whatever is under way comes to its end, long before midnight."""
    while world.service.under_way:
        world.service.finish()
        world.clock.advance(30)
        world.look()


def test_f_Z28_thousand_rows_and_five_hundred_credits_a_day(folder: Path):
    """Day after day as many as the limit covers, in the sheet's order, until all are done; never a credit over."""
    world = World(
        folder, policy=Policy(max_in_flight=100, credits_per_day=500, ask_above_rows=0, sample_size=0)
    )
    world.sheet.grid_rows = 1100
    world.service.price = 6
    for number in range(1000):
        world.add(f"Row {number}")
    world.know_the_tab()
    for number in world.sheet.numbers:
        world.sheet.tick(number)
    world.look()
    world.clock.advance(16)
    days, told = [], set()
    while world.robot.books.memory.live:
        world.look()
        finish_all(world)
        paid = sum(charge.credits for charge in world.service.charges)
        days.append(paid - sum(days))
        statuses = [world.sheet.cell(number, "Status") for number in world.sheet.numbers]
        assert statuses == ["Done"] * (paid // 6) + ["On hold"] * (1000 - paid // 6)
        if paid < 6000:
            told |= {world.sheet.cell(1001, "What to do"), world.sheet.said(BoardColumn.GOING_ON)}
            world.clock.advance(to_midnight(world).total_seconds() - 1)
            world.tick()
            assert len(world.service.charges) == paid // 6
            world.clock.advance(2)

    assert days == [498] * 12 + [24]
    assert told == {LIMIT}
    assert world.journal.spent() == 6000
    world.close()


def test_refund_is_spent_again_on_the_same_day(folder: Path):
    """A failed video costs nothing: what it had reserved is there for the next in line, and the books agree."""
    world = World(folder, policy=Policy(max_in_flight=3, credits_per_day=18))
    names = ("Spring", "Summer", "Autumn", "Winter")
    for name in names:
        world.add(name)
    world.know_the_tab()
    world.service.failing_renders = ["Too dark."]
    world.approve(*names)
    first = len(world.service.charges)
    world.service.finish()
    world.wait(60)
    world.service.finish()
    world.wait(60)
    refunded = sum(one.credits for one in world.service.charges if one.job_id in world.service.refunds)
    paid = sum(one.credits for one in world.service.charges)

    assert first == 2
    assert [world.shown(name) for name in names] == ["Failed", "Done", "Done", "On hold"]
    assert (paid, refunded, world.journal.spent()) == (27, 9, 18)


def test_nobody_jumps_the_line(folder: Path):
    """The first in line is too dear for what is left today: a cheaper one behind it waits as well."""
    world = World(folder, policy=Policy(credits_per_day=12))
    world.add("Spring")
    world.know_the_tab()
    world.approve("Spring")
    for name in ("Summer", "Autumn"):
        world.add(name)
    world.sheet.say(Label.RUN, False)
    world.approve("Summer")
    world.service.price = 3
    world.approve("Autumn")
    world.sheet.say(Label.RUN, True)
    world.wait(60)

    assert [intent.quote for intent in world.intents()] == [9, 9, 3]
    assert len(world.service.charges) == 1


def test_f_Z03_account_without_credits_says_how_many(world: World):
    """Needed and left as the service names them; after a top-up the first in line goes first."""
    for name in ("Spring", "Summer"):
        world.add(name)
    world.service.refusals["submit"] = [NO_CREDITS] * 3
    world.approve("Spring", "Summer")
    told = {world.shown(name, "What to do") for name in ("Spring", "Summer")}
    world.wait(900)
    order = [charge.body for charge in world.service.charges]

    assert told == {"Needs 15 credits, 8 left. Continues by itself after a top-up."}
    assert ['"Spring for ' in body for body in order] == [True, False]


def test_own_limit_of_a_row(folder: Path):
    """`Max credits` below the price: nothing is sent; raised and ticked again it goes."""
    world = World(folder)
    world.sheet.insert_column(3, "Max credits")
    world.add("Spring", **{"Max credits": 8})
    world.know_the_tab()
    world.approve("Spring")
    refused = world.shown("Spring"), world.shown("Spring", "What to do"), world.shown("Spring", "Approve")
    world.sheet.type(2, "Max credits", 9)
    world.look()
    ready = world.shown("Spring")
    world.approve("Spring")
    world.settle()

    assert refused == (
        "Needs fixing",
        'Costs 9 credits; "Max credits" says 8. Raise it or shorten the video.',
        False,
    )
    assert (ready, world.shown("Spring")) == ("Ready to approve", "Done")
    assert world.charges_for("Spring") == 1

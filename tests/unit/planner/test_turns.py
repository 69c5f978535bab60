"""Turns: a row waits for its time, the more urgent goes first, and what cannot be understood is not sent."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest
from builders import NOW, Desk, contract, intent, policy, row, template

from bot.domain.cells import as_serial
from bot.domain.contract import Field, PeopleColumn, RobotColumn
from bot.domain.control import blank_control, read_control
from bot.domain.intents import State
from bot.domain.jobs import Quote
from bot.planner.actions import Ask, Submit

HOUR = timedelta(hours=1)
AT = PeopleColumn.RENDER_AT


def serial(moment):
    return as_serial(moment)


def approved(*rows, **facts):
    """A desk whose rows were ticked, priced, and have passed their undo time."""
    desk = Desk(*rows, **facts)
    desk.tick()
    for position in range(len(rows)):
        desk.approve(position)
    price(desk, desk.tick())
    return desk


def price(desk, decided):
    for call in decided.calls:
        if isinstance(call, Ask):
            desk.answer(call, Quote(9))


def sent(decided):
    return [call.intent.content.values[0][1] for call in decided.calls if isinstance(call, Submit)]


def test_waits_for_its_time():
    """An approved row is priced at once and sent when its time has come."""
    desk = approved(row(render_at=serial(NOW + HOUR)))

    early = desk.tick(minutes=59)
    assert (desk.status(), desk.advice()) == (
        "Scheduled",
        "Its time is 2026-08-03 13:00. Untick Approve to stop it.",
    )
    assert early.calls == ()
    assert early.opens_at == NOW + HOUR

    due = desk.tick(minutes=1)
    assert due.opens_at is None
    price(desk, due)
    assert sent(desk.tick()) == ["Big sale"]


def test_price_is_asked_again_at_its_time():
    """A price from days ago is no promise: a dearer one voids the approval, and nothing is sent."""
    desk = approved(row(render_at=serial(NOW + HOUR)))
    [ask] = desk.tick(hours=1).calls
    desk.answer(ask, Quote(36))
    desk.tick()

    assert (desk.status(), desk.shows(RobotColumn.CREDITS)) == ("Changed", "~36")
    assert not desk.live()


@pytest.mark.parametrize("cell", [None, serial(NOW - HOUR)])
def test_blank_or_past_is_now(cell):
    """Nothing to wait for."""
    desk = approved(row(render_at=cell))

    assert sent(desk.tick(seconds=15)) == ["Big sale"]


def test_moving_the_time_is_no_new_content():
    """The approval stands, whenever the row is to be rendered."""
    desk = approved(row(render_at=serial(NOW + HOUR)))
    desk.tick_box(AT, serial(NOW + 2 * HOUR))

    assert desk.tick(minutes=90).calls == ()
    assert desk.is_ticked(PeopleColumn.APPROVE)
    assert desk.advice().startswith("Its time is 2026-08-03 14:00.")
    assert len(desk.intents()) == 1


@pytest.mark.parametrize("cell", [None, serial(NOW - HOUR)])
def test_emptied_time_gets_the_undo_time(cell):
    """A time that is taken away may be on its way to another one: it can still be stopped."""
    desk = approved(row(render_at=serial(NOW + HOUR)))
    desk.tick(minutes=1)
    desk.tick_box(AT, cell)

    price(desk, desk.tick())
    assert (desk.status(), desk.advice()) == ("Waiting", "Starts 12:01:15. Untick Approve to stop it.")
    assert sent(desk.tick(seconds=14)) == []
    assert sent(desk.tick(seconds=1)) == ["Big sale"]


def test_mended_time_gets_the_undo_time():
    """A time that was typed as text holds the row; emptied then, it is still not sent at once."""
    desk = approved(row(render_at=serial(NOW + HOUR)))
    desk.tick(minutes=1)
    desk.tick_box(AT, "tomorrow at nine")
    desk.tick()
    assert desk.status() == "Needs fixing"
    assert desk.is_ticked(PeopleColumn.APPROVE)
    desk.tick_box(AT, None)

    [ask] = desk.tick().calls
    assert isinstance(ask, Ask)
    assert desk.advice() == "Starts 12:01:15. Untick Approve to stop it."


def test_unticked_in_time():
    """Unticking stops a row that waits for its time."""
    desk = approved(row(render_at=serial(NOW + HOUR)))
    desk.unapprove()
    desk.tick()

    assert [one.state for one in desk.intents()] == [State.CANCELLED]
    assert desk.status() == "Cancelled"


def test_no_tick_on_a_time_that_is_text():
    """A row whose time cannot be understood cannot be approved."""
    desk = Desk(row(render_at="04.08.2026"))
    desk.tick()
    desk.approve()
    desk.tick()

    assert not desk.is_ticked(PeopleColumn.APPROVE)
    assert desk.shows(RobotColumn.PROBLEM_CODE) == "DATA-DATE"
    assert desk.advice() == '"Render at" is text, not a date. Use Format → Number → Date time.'


def test_mended_beside_its_content():
    """A tick was cleared because of the time; once that is mended, nothing more is said of it."""
    desk = Desk(row(render_at="soon"))
    desk.tick()
    desk.approve()
    desk.tick()
    desk.tick_box(AT, None)
    desk.tick()

    assert desk.status() == "Ready to approve"
    assert desk.advice() == "Tick Approve to render it for 9 credits."


def test_beside_other_problems():
    """All that is to be fixed is named at once."""
    desk = Desk(row("", render_at="soon", priority="urgent"))
    desk.tick()

    assert desk.advice() == '3 things to fix: "Headline", "Render at", "Priority".'


def test_priority_then_sheet_order():
    """High goes first, Low last; within one the sheet's order counts."""
    rows = [
        row(name, priority=priority)
        for name, priority in [("a", "Low"), ("b", None), ("c", "High"), ("d", "Normal"), ("e", "high")]
    ]
    desk = approved(*[replace(one, number=place) for place, one in enumerate(rows, start=2)])
    desk.policy = policy(max_in_flight=2)

    assert sent(desk.tick(seconds=15)) == ["c", "e"]
    assert [desk.advice(place) for place in range(5)] == [
        "In line, 2 before it.",
        "Next in line.",
        "",
        "In line, 1 before it.",
        "",
    ]


def test_a_time_to_come_holds_nobody_up():
    """Whoever waits for his time is not in line, and the day's credits are not kept for him."""
    desk = approved(row("first", render_at=serial(NOW + HOUR)), row("second", number=3))
    desk.policy = policy(credits_per_day=8)

    desk.tick(seconds=15)

    assert desk.status(0) == "Scheduled"
    assert desk.advice(1).startswith("Today's limit")


def test_stops_are_told_when_they_matter():
    """A stop that may be over by then is not told of a row that waits for its time; a question is."""
    desk = approved(row("first", render_at=serial(NOW + HOUR)), row("second", number=3))
    desk.control = read_control(blank_control([("Videos", 0)]), 0)
    paused = replace(desk.control, switches=replace(desk.control.switches, run=False))
    desk.control = paused
    desk.tick(seconds=15)
    assert (desk.status(0), desk.status(1)) == ("Scheduled", "On hold")

    desk.control = replace(paused, switches=replace(paused.switches, run=True))
    desk.policy = policy(ask_above_rows=1, sample_size=0)
    desk.tick()
    assert (desk.status(0), desk.status(1)) == ("On hold", "On hold")


def test_a_job_under_way_keeps_its_words():
    """A time typed while the video is made changes nothing any more."""
    desk = approved(row())
    desk.settle(State.ACTIVE, percent=40)
    desk.tick_box(AT, "tomorrow")
    desk.tick()

    assert desk.status() == "Rendering 40%"


def test_a_job_under_way_needs_no_undo_time():
    """A time taken away while the video is made holds nothing up."""
    desk = approved(row(render_at=serial(NOW + HOUR)))
    under_way = desk.settle(State.ACTIVE)
    desk.tick_box(AT, None)
    desk.tick()

    assert desk.live(0) == [under_way]


def test_stricter_contract_holds_what_waits():
    """An approved row that the contract no longer allows is neither sent nor unticked; it says what to do."""
    desk = approved(row("Twelve signs"))
    desk.template = template(
        contract=contract(Field("headline", "Headline", max_chars=5), *contract().fields[1:])
    )

    assert sent(desk.tick(seconds=15)) == []
    assert desk.status() == "Needs fixing"
    assert desk.advice() == '"Headline" is 12 characters; the limit is 5. Shorten by 7.'
    assert desk.shows(RobotColumn.CREDITS) == "~9"
    assert desk.is_ticked(PeopleColumn.APPROVE)

    desk.template = template()
    assert sent(desk.tick()) == ["Twelve signs"]


def test_stricter_contract_and_an_edit():
    """Its author shortens it: that is new content, and asks for a new tick."""
    desk = approved(row("Twelve signs"))
    desk.template = template(
        contract=contract(Field("headline", "Headline", max_chars=5), *contract().fields[1:])
    )
    desk.tick()
    desk.edit(headline="Short")
    desk.tick()

    assert desk.status() == "Changed"
    assert not desk.is_ticked(PeopleColumn.APPROVE)
    assert not desk.live()


def test_retry_of_a_finished_row_keeps_to_its_time():
    """A deliberate redo waits as the first one did."""
    desk = approved(row(render_at=serial(NOW + HOUR)))
    desk.settle(State.COMPLETED)
    desk.retry()
    price(desk, desk.tick(seconds=1))

    assert desk.tick(seconds=20).calls == ()
    assert desk.status() == "Scheduled"
    assert intent().attempt + 1 == desk.live(0)[0].attempt

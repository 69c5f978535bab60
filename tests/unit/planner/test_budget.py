"""Caps: what one row may cost at most, by its own column or by the settings; nothing beyond is ever sent."""

from __future__ import annotations

from dataclasses import replace

import pytest
from builders import FIELDS, Desk, contract, entry, intent, policy, project, row, snapshot, template

from bot.domain.contract import PeopleColumn, RobotColumn
from bot.domain.failures import Failure, FailureClass, ProblemCode
from bot.domain.ids import TemplateHash
from bot.domain.intents import State
from bot.domain.jobs import Quote
from bot.domain.templates.template import Template
from bot.planner.actions import Ask, Submit
from bot.planner.budget import price
from bot.planner.identity import identify

OWN = 'Costs 9 credits; "Max credits" says 8. Raise it or shorten the video.'
ROBOT_S = "Costs 9 credits; the limit for one video is 8. Shorten it, or ask an admin."


def ticked(cap=None, ceiling=None, **cells):
    """A desk whose one row has been ticked and looked at."""
    desk = Desk(row(max_credits=cap, **cells))
    desk.policy = policy(credits_per_row=ceiling)
    desk.tick()
    desk.approve()
    desk.tick()
    return desk


def set_cap(desk, cap):
    desk.tick_box(PeopleColumn.MAX_CREDITS, cap)
    return desk.tick(seconds=5)


def calls(desk, kind):
    return [call for call in desk.tick(seconds=20).calls if isinstance(call, kind)]


@pytest.mark.parametrize(
    ("cap", "ceiling", "words"),
    [
        (None, None, None),
        (9, 9, None),
        (8, None, OWN),
        (None, 8, ROBOT_S),
        (8, 8, OWN),
        (8, 20, OWN),
        (20, 8, ROBOT_S),
        (0, None, 'Costs 9 credits; "Max credits" says 0. Raise it or shorten the video.'),
    ],
)
def test_lower_of_both_counts(cap, ceiling, words):
    """A row beyond it cannot be approved: its tick is cleared, with the limit that stands in the way."""
    desk = ticked(cap, ceiling)

    assert desk.is_ticked(PeopleColumn.APPROVE) is (words is None)
    assert len(desk.live()) == (words is None)
    if words is not None:
        assert (desk.status(), desk.advice()) == ("Needs fixing", words)
        assert desk.shows(RobotColumn.PROBLEM_CODE) == "BUDGET-ROW"


def test_changing_it_voids_nothing_by_itself():
    """It is no content: as long as the price is within it, the approval stands."""
    desk = ticked(30)
    set_cap(desk, 9)

    assert (desk.status(), len(desk.live())) == ("Waiting", 1)


def test_lowered_below_the_price_before_sending():
    """Nothing unsent leaves; raised again it wants a new tick."""
    desk = ticked(30)
    set_cap(desk, 8)
    lowered = desk.status(), desk.advice(), desk.live(), desk.is_ticked(PeopleColumn.APPROVE)
    set_cap(desk, 30)

    assert lowered == ("Needs fixing", OWN, [], False)
    assert (desk.status(), desk.live()) == ("Ready to approve", [])


def test_lowered_while_it_renders():
    """What is paid is followed to its end."""
    desk = ticked(30)
    desk.settle(State.ACTIVE, percent=40)
    set_cap(desk, 8)
    running = desk.status()
    desk.settle(State.COMPLETED)
    desk.tick()

    assert (running, desk.status()) == ("Rendering 40%", "Done")


def test_garbage_beside_an_approved_row():
    """Nobody knows the limit: the row waits for its author, the approval stands."""
    desk = ticked(30)
    set_cap(desk, "plenty")
    garbage = desk.status(), calls(desk, Submit)
    set_cap(desk, 30)

    assert garbage == ("Needs fixing", [])
    assert desk.status() == "Waiting"


def test_quote_beyond_the_limit():
    """The service asks more than the row's limit: void as any dearer quote, and the limit is what is told."""
    desk = ticked(20)
    [ask] = calls(desk, Ask)
    desk.answer(ask, Quote(36))
    desk.tick()
    told = desk.status(), desk.advice(), desk.shows(RobotColumn.CREDITS)
    set_cap(desk, 36)
    raised = desk.status(), desk.advice()
    desk.approve()
    desk.tick()

    assert told == (
        "Needs fixing",
        'Costs 36 credits; "Max credits" says 20. Raise it or shorten the video.',
        "~36",
    )
    assert raised == ("Changed", "Now 36 credits, was 9. Nothing was sent. Tick Approve if that is fine.")
    assert [one.price_shown for one in desk.live()] == [36]


def test_failed_row_beyond_the_limit():
    """Retry would not help: it says what would."""
    desk = ticked(30)
    desk.settle(State.FAILED)
    desk.tick()
    failed = desk.status()
    set_cap(desk, 8)
    lowered = desk.status(), desk.advice()
    desk.retry()
    desk.tick()

    assert (failed, lowered) == ("Failed", ("Needs fixing", OWN))
    assert desk.live() == []


def test_row_nobody_can_price():
    """Without a known format there is no price; what is wrong comes first."""
    desk = ticked(8, format="tall")

    assert desk.advice().startswith('"Format" must be one of')


@pytest.mark.parametrize(("version", "cost"), [(None, 36), (TemplateHash("0" * 64), 9)])
def test_price_asked_before(version, cost):
    """What the service asked for this very content counts, as long as the template is the same."""
    facts = {} if version is None else {"template_hash": version}
    known = [intent(state=State.CANCELLED, quote=36, **facts)]
    seen = snapshot([row(id="raaab")], entries=[entry()], intents=known)
    [placed] = identify(seen)

    assert price(placed, seen) == cost


def test_refused_row_says_what_is_wrong_now():
    """The service refused it; by now it would also cost too much."""
    desk = ticked(30)
    [ask] = calls(desk, Ask)
    desk.answer(ask, Failure(FailureClass.REJECTED, ProblemCode.ZVID_REJECT, "400"))
    set_cap(desk, 8)

    assert desk.advice() == OWN


def lasting() -> Template:
    """A template whose rows say how long they last."""
    fields = tuple(replace(one, fallback="9") if one.key == "count" else one for one in FIELDS)
    words = {"type": "TEXT", "text": "{{headline}}"}
    return template(
        contract=contract(*fields, formats=("wide",)), projects={"wide": project(words, duration="{{count}}")}
    )


def test_a_row_that_decides_on_its_length():
    """Its own price is shown before the tick, promised with it, and held against what it may cost."""
    desk = Desk(row(count="30"), row(), row(count="30", max_credits=20), template=lasting())
    desk.tick()

    assert [desk.shows(RobotColumn.CREDITS, position) for position in range(3)] == ["~30", "~9", "~30"]
    assert desk.advice(2).startswith('Costs 30 credits; "Max credits" says 20.')
    desk.approve(0)
    desk.tick()
    assert [one.price_shown for one in desk.live()] == [30]

"""A template that asks for other columns: rows nobody edited are the same rows, with their ticks and their videos."""

from __future__ import annotations

from dataclasses import replace

import pytest
from builders import FIELDS, PRICE, Desk, contract, entry, intent, policy, row, template

from bot.domain.contract import RobotColumn
from bot.domain.control import blank_control, read_control
from bot.domain.entries import Tick
from bot.domain.failures import Failure, FailureClass, ProblemCode
from bot.domain.ids import Fingerprint
from bot.domain.intents import State
from bot.domain.jobs import Quote
from bot.domain.records import Content
from bot.planner.actions import Ask, Propose, Submit
from bot.planner.carrying import followed, is_about, is_edited, is_same_row, is_void
from bot.planner.outcomes import Outcomes

HEADLINE, PRICE_FIELD, ACCENT, BADGE, *_ = FIELDS
FEW = template(contract=contract(HEADLINE, PRICE_FIELD, ACCENT))
MORE = template(version="4", contract=contract(HEADLINE, PRICE_FIELD, ACCENT, BADGE))
HOLDS = "Waits for version 4 of the template. Tick Go ahead on Control to use it."


def says(*values, format_name="wide"):
    return Content(values, format_name)


def control(**switches):
    found = read_control(blank_control([("Videos", 0)]), 0)
    return replace(found, switches=replace(found.switches, **switches))


def approved(design=FEW, **cells):
    """A desk with one approved and priced row."""
    desk = Desk(row(**cells))
    desk.template = design
    desk.control = control()
    desk.policy = policy()
    desk.tick()
    desk.approve()
    for call in desk.tick().calls:
        if isinstance(call, Ask):
            desk.answer(call, Quote(PRICE))
    return desk


def turn(desk, design):
    """The template is edited, and the robot looks."""
    desk.template = design
    return desk.tick(seconds=5)


def go_ahead(desk):
    desk.control = control(go_ahead=True)
    decided = desk.tick(seconds=1)
    desk.control = control()
    return decided


@pytest.mark.parametrize(
    ("before", "now", "is_same"),
    [
        (says(("a", "1")), says(("a", "1"), ("b", "2")), True),
        (says(("a", "1"), ("b", "2")), says(("a", "1")), True),
        (says(("a", "1"), ("b", "")), says(("a", "1"), ("c", "3")), True),
        (says(("a", "1"), ("b", "2")), says(("a", "1"), ("c", "")), True),
        (says(("a", "1"), ("b", "2")), says(("a", "1"), ("c", "3")), False),
        (says(("a", "1")), says(("a", "2"), ("b", "2")), False),
        (says(("a", "1")), says(("a", "1"), ("b", "2"), format_name="square"), False),
        (says(("a", "1")), says(("a", "1")), False),
        (says(("a", "1")), says(("a", "2")), False),
    ],
    ids=["more", "fewer", "other empty", "other filled", "renamed", "edited", "format", "equal", "changed"],
)
def test_same_row(before, now, is_same):
    """What both contracts ask for is the same; a column that went and one that came may be one, and edited."""
    assert is_same_row(before, now) is is_same
    assert is_edited(entry(content=before), now) is (before != now and not is_same)
    assert not is_edited(None, now)


def test_followed_through_contracts():
    """Forward and back: it stands for what it said before, and no longer once it is edited."""
    few, more = says(("a", "1")), says(("a", "1"), ("b", "2"))
    start = entry(content=few)
    there = followed(start, more)
    back = followed(there, few)

    assert followed(start, few) is start
    assert there.stands_for == (few.fingerprint,)
    assert back.stands_for == (more.fingerprint,)
    assert followed(there, says(("a", "9"), ("b", "2"))).stands_for == ()


def test_no_end_of_contracts():
    """A row is followed through so many of them, the latest."""
    long = tuple(Fingerprint(str(number)) for number in range(40))
    kept = followed(entry(content=says(("a", "1")), stands_for=long), says(("a", "1"), ("b", "")))

    assert len(kept.stands_for) == 20
    assert kept.stands_for[0] == says(("a", "1")).fingerprint


def test_about_the_row():
    """By either name, in its own format."""
    few, more = says(("headline", "A")), says(("headline", "A"), ("badge", "New"))
    kept = followed(entry(content=few, approve=Tick.BOUND), more)

    assert is_about(intent(content=few), kept)
    assert is_about(intent(content=more), kept)
    assert not is_about(intent(content=says(("headline", "B"))), kept)
    assert not is_about(intent(content=few), replace(kept, content=says(*more.values, format_name="square")))
    assert not is_void(kept)
    assert is_void(followed(kept, says(("headline", "B"), ("badge", "New"))))


@pytest.mark.parametrize("badge", [None, "New"], ids=["empty", "filled"])
def test_new_column_voids_nothing(badge):
    """The tick stands, the promise holds like any other made with another version."""
    desk = approved(badge=badge)
    turn(desk, MORE)
    held = (
        desk.status(),
        desk.advice(),
        desk.is_ticked("Approve"),
        [one.content.values for one in desk.live()],
    )
    desk.tick(seconds=60)

    assert held[:3] == ("On hold", HOLDS, True)
    assert [name for name, _ in held[3][0]] == ["headline", "price", "accent"]
    assert desk.status() == "On hold"


def test_go_ahead_promises_it_by_its_new_content():
    """The old promise is withdrawn unsent, the new one has a name and an attempt of its own."""
    desk = approved(badge="New")
    [before] = desk.live()
    turn(desk, MORE)
    decided = go_ahead(desk)
    [after] = desk.live()

    assert [change.intent for change in decided.changes if isinstance(change, Propose)] == [after]
    assert (after.attempt, after.template_version, dict(after.content.values)["badge"]) == (1, "4", "New")
    assert after.job_id != before.job_id
    assert desk.memory.intents[before.job_id].state is State.CANCELLED
    for call in desk.tick(seconds=1).calls:
        desk.answer(call, Quote(PRICE))
    assert [type(call) for call in desk.tick(seconds=20).calls] == [Submit]


def test_edited_meanwhile():
    """What nobody approved is not carried over, neither an old column's nor the new one's."""
    for change in ({"headline": "Other"}, {"badge": "Newer"}):
        desk = approved(badge="New")
        turn(desk, MORE)
        desk.edit(**change)
        desk.tick()
        go_ahead(desk)

        assert (desk.status(), desk.live()) == ("Changed", [])
        assert not desk.is_ticked("Approve")


def test_edited_with_the_template():
    """In the same look: the row says something else where both versions ask."""
    desk = approved()
    desk.edit(headline="Other")
    turn(desk, MORE)

    assert desk.advice().startswith("Changed: Headline. Nothing was sent.")


@pytest.mark.parametrize("later", [MORE, FEW], ids=["more", "back"])
def test_finished_rows_stay_done(later):
    """With tick and link, whichever columns the template asks for by now."""
    desk = approved(badge="New")
    desk.settle(State.COMPLETED)
    for design in (MORE, FEW, later):
        turn(desk, design)

    assert (desk.status(), desk.is_ticked("Approve")) == ("Done", True)
    assert desk.shows(RobotColumn.VIDEO)
    assert desk.live() == []


def test_finished_row_edited_in_the_new_column():
    """Then its video is out of date, and a new tick makes another one."""
    desk = approved()
    desk.settle(State.COMPLETED)
    turn(desk, MORE)
    desk.edit(badge="New")
    desk.tick()
    old = desk.status(), desk.is_ticked("Approve")
    desk.tick()
    desk.approve()
    desk.tick()

    assert old == ("Out of date", False)
    assert [one.template_version for one in desk.live()] == ["4"]


def test_rendering_row_says_nothing_of_a_change():
    """Nobody changed it: the template did."""
    desk = approved(badge="New")
    desk.settle(State.ACTIVE, percent=40)
    turn(desk, MORE)
    quiet = desk.advice()
    desk.edit(headline="Other")
    desk.tick()

    assert quiet == ""
    assert desk.advice() == "Rendering the earlier text. Changed since: Headline, Badge."


def test_retry_after_the_columns_changed():
    """A new attempt, made with what the template asks for now."""
    desk = approved(badge="New")
    desk.settle(State.COMPLETED)
    turn(desk, MORE)
    desk.retry()
    desk.tick()

    assert [(one.attempt, dict(one.content.values).get("badge")) for one in desk.live()] == [(1, "New")]


def test_row_that_does_not_fit_is_not_carried_over():
    """It waits for its author under its old name; an edit then wants its own tick."""
    strict = template(
        version="4", contract=contract(HEADLINE, PRICE_FIELD, ACCENT, replace(BADGE, required=True))
    )
    desk = approved()
    turn(desk, strict)
    go_ahead(desk)
    waiting = desk.status(), [one.template_version for one in desk.live()], desk.is_ticked("Approve")
    desk.edit(badge="New")
    desk.tick()

    assert waiting == ("Needs fixing", ["3"], True)
    assert (desk.status(), desk.live()) == ("Changed", [])


def test_new_columns_are_no_restlessness():
    """A template edited again and again changes no cell."""
    desk = approved()
    for number in range(8):
        turn(desk, (MORE, FEW)[number % 2])

    assert desk.memory.entries[desk.live()[0].key.record].churn is None


REFUSED = Failure(FailureClass.REJECTED, ProblemCode.ZVID_REJECT, "400: too long")


def test_refused_row_may_try_a_mended_template():
    """The service refused what another version made of it: ticked again, it is asked anew."""
    desk = approved()
    sending = desk.settle(State.SENDING, reserved=None, sent_at=desk.now, template_hash=FEW.hash)
    desk.memory = desk.memory.after(refused(desk, sending))
    desk.tick()
    before = desk.status()
    desk.tick()
    desk.approve()
    desk.tick()
    again = desk.live()
    turn(desk, template(version="4", name_rule="mended-{row_id}", contract=FEW.contract))
    mended = desk.status()
    desk.tick()
    desk.approve()
    desk.tick()

    assert (before, again, mended) == ("Needs fixing", [], "Ready to approve")
    assert [(one.attempt, one.template_version) for one in desk.live()] == [(1, "4")]


def refused(desk, sending):
    return Outcomes(desk.now, desk.policy).sent(sending, desk.memory.entries[sending.key.record], REFUSED)

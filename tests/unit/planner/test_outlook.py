"""What a plan says about the tab to whoever watches from outside."""

from __future__ import annotations

from dataclasses import replace

import pytest
from builders import Desk, entry, intent, memory, policy, row, snapshot, template

from bot.domain.control import blank_control, read_control
from bot.domain.entries import Tick
from bot.domain.gates import Gate
from bot.domain.holds import Hold, HoldKind
from bot.domain.intents import State
from bot.planner.actions import Outlook
from bot.planner.plan import plan


def control(**switches):
    found = read_control(blank_control([("Videos", 0)]), 0)
    return replace(found, switches=replace(found.switches, **switches))


def ahead(**changes) -> Outlook:
    return plan(snapshot(**changes), policy()).outlook


@pytest.mark.parametrize(
    ("changes", "holds", "says"),
    [
        ({}, set(), ""),
        ({"control": control(run=False)}, {"paused"}, "Run is not ticked"),
        ({"hold": Hold(HoldKind.KEY, 9.0)}, {"key refused"}, "The Zvid key was refused."),
        ({"trouble": "The robot may not write to G2."}, set(), "The robot may not write to G2."),
        ({"design_trouble": "no project.json."}, {"template broken"}, "Template broken: no project.json."),
    ],
)
def test_what_holds_a_tab(changes, holds, says):
    """Kinds for machines, a sentence for people."""
    found = ahead(**changes)

    assert (found.holds, found.says[: len(says)]) == (holds, says)


def test_f_S09_the_breaker_quotes_nobody():
    """On Control its sentence quotes the service, which may quote a row; whoever watches reads where to look."""
    shut = Gate(streak=5, streak_version=template().hash)
    found = ahead(memory=replace(memory(), gate=shut))

    assert (found.holds, found.says) == (
        {"breaker"},
        "5 videos failed alike: see the Log. Tick Go ahead to go on.",
    )


def test_old_ticks_are_a_hold_of_their_own():
    """Rows ticked before the robot knew them wait for a person."""
    known = replace(memory(entries=[entry("raaab", approve=Tick.UNKNOWN)]), gate=Gate(first_contact=True))
    found = ahead(rows=[row(id="raaab", approve=True)], memory=known)

    assert found.holds == {"first contact"}


def test_rows_by_status_and_the_day_s_money():
    """The lower of the sheet's limit and the settings'."""
    seen = replace(Desk(row(approve=True), row("Other")).look(), spent_today=40, control=control(day_cap=90))
    found = plan(seen, policy(credits_per_day=100)).outlook

    assert sum(found.statuses.values()) == 2
    assert (found.spent_today, found.day_cap) == (40, 90)


def test_promises_are_counted_by_state():
    """One that moves on leaves its former state."""
    one = intent("raaab", State.WAITING)
    kept = memory(intents=[one, intent("rbbbc", State.COMPLETED)])
    after = memory(intents=[one, replace(one, state=State.CANCELLED)])

    assert kept.states == {State.WAITING: 1, State.COMPLETED: 1}
    assert after.states == {State.WAITING: 0, State.CANCELLED: 1}

"""Intents: only declared moves, and an end is an end."""

from __future__ import annotations

from dataclasses import replace

import pytest
from builders import NOW, content, intent
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.failures import Failure, FailureClass, Origin, ProblemCode
from bot.domain.ids import JobId
from bot.domain.intents import IN_FLIGHT, LIVE, MOVES, IllegalMoveError, State

ENDED = set(State) - LIVE


@given(st.lists(st.sampled_from(State), max_size=12))
def test_only_declared_moves(wanted):
    """Whatever is tried in whatever order, a state changes along the table or not at all."""
    one = intent()
    for to in wanted:
        before = one.state
        try:
            one = one.moved(to)
        except IllegalMoveError:
            assert one.state is before
            assert to not in MOVES[before]
        else:
            assert to in MOVES[before] or (to is before and before in LIVE)
            assert one.state is to


@pytest.mark.parametrize("to", State)
@pytest.mark.parametrize("ended", sorted(ENDED))
def test_an_end_is_final(ended, to):
    """A terminal state never moves, not even to itself."""
    with pytest.raises(IllegalMoveError, match=str(ended)):
        intent(state=ended).moved(to)


def test_every_live_state_has_a_way_out():
    """From every live state an end can be reached."""
    reached = set(ENDED)
    while more := {state for state in LIVE - reached if MOVES[state] & reached}:
        reached |= more

    assert reached == set(State)


def test_what_may_cost_is_never_withdrawn():
    """Once a send may have arrived, the only way to `cancelled` leads through a person's decision."""
    assert {state for state in State if State.CANCELLED in MOVES[state]} == {
        State.WAITING,
        State.NEEDS_DECISION,
    }


def test_only_waiting_is_sent():
    """A send begins from `waiting` and nowhere else."""
    assert {state for state in State if State.SENDING in MOVES[state]} == {State.WAITING}


def test_in_flight_is_live():
    """What fills the window is not ended, and what is only promised does not fill it."""
    assert IN_FLIGHT < LIVE
    assert State.WAITING not in IN_FLIGHT


def test_a_move_carries_changes():
    """A move may bring what was learnt."""
    moved = intent().moved(State.SENDING, sent_at=NOW)

    assert (moved.state, moved.sent_at) == (State.SENDING, NOW)


def test_an_intent_is_named_by_what_was_approved():
    """Key, format, content and attempt are its name."""
    one = intent(content=content(format="square"), attempt=2)

    assert (one.name.format, one.name.fingerprint, one.name.attempt) == ("square", one.content.fingerprint, 2)


def test_the_service_may_name_it_otherwise():
    """Where the service gave its own id, that one is asked for."""
    one = intent()

    assert one.service_id == one.job_id
    assert replace(one, known_as=JobId("other")).service_id == "other"


@pytest.mark.parametrize(
    ("code", "origin"),
    [
        (ProblemCode.TEXT_LONG, Origin.INPUT_DATA),
        (ProblemCode.ZVID_REJECT, Origin.INPUT_DATA),
        (ProblemCode.TEMPLATE_BUG, Origin.TEMPLATE),
        (ProblemCode.AUTH, Origin.AUTHENTICATION),
        (ProblemCode.ADDRESS, Origin.ORCHESTRATION),
        (ProblemCode.CREDITS, Origin.CREDITS),
        (ProblemCode.RATE, Origin.RATE_LIMIT),
        (ProblemCode.NET, Origin.NETWORK),
        (ProblemCode.SERVICE, Origin.SERVICE),
        (ProblemCode.BUG, Origin.ORCHESTRATION),
    ],
)
def test_whose_matter_it_is(code, origin):
    """Every problem is somebody's; data unless said otherwise."""
    assert Failure(FailureClass.TRANSIENT, code, "x").origin is origin

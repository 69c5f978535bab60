"""The queue: quote before send, a bounded window, the sheet's order, and looks at what is under way."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest
from builders import NOW, entry, failure, intent, memory, policy, snapshot

from bot.domain.failures import FailureClass, ProblemCode
from bot.domain.gates import Gate
from bot.domain.holds import Hold, HoldKind
from bot.domain.ids import RecordId
from bot.domain.intents import LIVE, State, Trouble
from bot.planner.actions import Ask, Poll, Resolve, Submit, may_search
from bot.planner.queue import next_calls
from bot.planner.snapshot import Doubt

TROUBLE = Trouble(FailureClass.TRANSIENT, ProblemCode.NET, "Connection trouble.", "reset")
NAMES = ["raaab", "rbbbc", "rcccd", "rddde", "reeef"]
ORDER = {RecordId(name): number for number, name in enumerate(NAMES, start=2)}


def calls(*intents, order=None, in_flight=0, doubts=None, hold=None, hold_left=0, **changed):
    account = {"hold": hold, "hold_left": hold_left}
    seen = snapshot(intents=intents, in_flight=in_flight, doubts=doubts or {}, **account)
    return next_calls(seen, ORDER if order is None else order, policy(**changed))


def kinds(*intents, **seen):
    return [type(call) for call in calls(*intents, **seen)]


def late(seconds):
    return NOW + timedelta(seconds=seconds)


@pytest.mark.parametrize(
    ("call", "searches"),
    [
        (Ask(intent()), False),
        (Poll(intent()), False),
        (Poll(intent(), by_name=True), True),
        (Resolve(intent(), is_late=True, is_second=False), False),
        (Resolve(intent(), is_late=True, is_second=True), True),
    ],
)
def test_who_looks_into_the_listing(call, searches):
    """Only whoever cannot find a job by its id, or did not a second time."""
    assert may_search(call) is searches


def test_quote_before_send():
    """An approval without a quote is priced, not sent."""
    assert kinds(intent(quote=None)) == [Ask]


def test_quote_inside_undo_time():
    """The quote is asked while the undo time runs; the send waits for its end."""
    assert kinds(intent(quote=None, not_before=late(15))) == [Ask]
    assert kinds(intent(not_before=late(15))) == []
    assert kinds(intent(not_before=late(0))) == [Submit]


def test_quote_after_trouble_waits():
    """A quote that failed is asked again only when its time has come."""
    assert kinds(intent(quote=None, trouble=TROUBLE, not_before=late(5))) == []
    assert kinds(intent(quote=None, trouble=TROUBLE)) == [Ask]


def test_quotes_are_asked_in_bounded_portions():
    """A thousand rows ticked at once do not make a thousand calls in one tick."""
    many = [intent(f"r{number:04d}x", quote=None) for number in range(1000)]

    asked = calls(*many, order={one.key.record: place for place, one in enumerate(many)})

    assert len(asked) == 64
    assert [call.intent.key.record for call in asked] == [f"r{number:04d}x" for number in range(64)]


@pytest.mark.parametrize(("in_flight", "sent"), [(0, 3), (1, 2), (3, 0), (7, 0)])
def test_window(in_flight, sent):
    """No more jobs are sent than the window has room for, and never fewer than none."""
    assert kinds(*map(intent, NAMES), in_flight=in_flight) == [Submit] * sent


@pytest.mark.parametrize(("window", "sent"), [(None, 3), (50, 3), (2, 2), (1, 1)])
def test_f_Z09_service_s_own_window(window, sent):
    """The narrower of the setting and what the service bears counts."""
    found = next_calls(snapshot(intents=map(intent, NAMES), window=window), ORDER, policy())

    assert [type(call) for call in found] == [Submit] * sent


def test_sheet_order():
    """Rows are sent in the order of the sheet as it stands now, not in the order of their approval."""
    order = {RecordId(name): -number for number, name in enumerate(NAMES)}

    sent = calls(*map(intent, NAMES), order=order)

    assert [call.intent.key.record for call in sent] == ["reeef", "rddde", "rcccd"]


def test_waiting_row_makes_room():
    """A row whose time has not come does not hold up the next one."""
    sent = calls(intent("raaab", not_before=late(60)), intent("rbbbc"), max_in_flight=1)

    assert [call.intent.key.record for call in sent] == ["rbbbc"]


def test_without_a_row_nothing_is_sent():
    """A promise whose row is gone is neither priced nor sent."""
    assert kinds(intent(), intent("rbbbc", quote=None), order={}) == []


def test_without_a_row_a_job_is_followed():
    """A job that may exist is followed to its end, with or without its row."""
    both = intent(state=State.CHECKING), intent("rbbbc", State.ACTIVE)

    assert kinds(*both, order={}) == [Resolve, Poll]


@pytest.mark.parametrize(
    ("state", "call"),
    [
        (State.WAITING, Submit),
        (State.SENDING, None),
        (State.CHECKING, Resolve),
        (State.SUBMITTED, Poll),
        (State.ACTIVE, Poll),
        (State.NEEDS_DECISION, Poll),
        (State.COMPLETED, None),
        (State.FAILED, None),
        (State.CANCELLED, None),
    ],
)
def test_call_of_each_state(state, call):
    """Only a waiting intent is sent; what is in doubt is looked up; what has ended is left alone for ever."""
    assert kinds(intent(state=state)) == ([call] if call else [])


@pytest.mark.parametrize("state", sorted(LIVE))
def test_nothing_before_its_time(state):
    """No step is taken before its time, whatever the state."""
    assert kinds(intent(state=state, not_before=late(1))) == []


def test_newest_first():
    """Polls begin with the job sent last; without a sending time its approval counts."""
    old = intent("raaab", State.ACTIVE, sent_at=late(-300))
    new = intent("rbbbc", State.SUBMITTED, sent_at=late(-10))
    adopted = intent("rcccd", State.ACTIVE, sent_at=None, approved_at=late(-100))

    assert [call.intent for call in calls(old, new, adopted)] == [new, adopted, old]


@pytest.mark.parametrize(
    ("doubt", "is_late", "is_second"),
    [
        (None, False, False),
        (Doubt(149, 0), False, False),
        (Doubt(149, 5), False, False),
        (Doubt(150, 0), True, False),
        (Doubt(150, 1), True, True),
        (Doubt(9_999, 3), True, True),
    ],
)
def test_settling(doubt, is_late, is_second):
    """An absence counts only late, and settles the matter only the second time."""
    one = intent(state=State.CHECKING)

    (call,) = calls(one, doubts={one.job_id: doubt} if doubt else {})

    assert (call.is_late, call.is_second) == (is_late, is_second)


@pytest.mark.parametrize(
    ("named", "known", "told"), [(True, None, None), (True, False, False), (False, True, False)]
)
def test_f_Z01_doubt_about_a_send_without_an_id(named, known, told):
    """Whatever the service does with ids: this job has none of ours."""
    one = intent(state=State.CHECKING, named=named)

    (call,) = next_calls(snapshot(intents=[one], honours_ids=known), ORDER, policy())

    assert call.honours_ids is told


@pytest.mark.parametrize(
    ("facts", "known", "by_name"),
    [
        ({"named": False}, None, True),
        ({}, False, True),
        ({}, None, False),
        ({}, True, False),
        ({"named": False, "known_as": "theirs"}, None, False),
    ],
)
def test_f_Z01_undecided_job_is_looked_for_by_its_name(facts, known, by_name):
    """Where our id leads nowhere, the listing may still show the name."""
    one = intent(state=State.NEEDS_DECISION, **facts)
    followed = intent("rbbbc", state=State.ACTIVE, named=False)

    first, second = next_calls(snapshot(intents=[one, followed], honours_ids=known), ORDER, policy())

    assert [call.by_name for call in (first, second) if call.intent == one] == [by_name]
    assert [call.by_name for call in (first, second) if call.intent == followed] == [False]


MANY = [f"r{number:04d}x" for number in range(12)]


@pytest.mark.parametrize(("count", "swept"), [(10, False), (11, True)])
def test_f_Z25_many_jobs_are_swept(count, swept):
    """More than ten due at once share one look into the listing."""
    found = calls(*(intent(name, State.ACTIVE) for name in MANY[:count]), order={})

    assert {call.is_swept for call in found} == {swept}


def test_f_Z25_what_is_in_doubt_or_undecided_is_looked_at_alone():
    """The listing serves those that go their way."""
    odd = intent("raaab", State.CHECKING), intent("rbbbc", State.NEEDS_DECISION)
    found = calls(*odd, *(intent(name, State.SUBMITTED) for name in MANY), order={})

    assert [call.intent for call in found if not getattr(call, "is_swept", False)] == list(odd)


def test_f_Z25_job_the_listing_does_not_show():
    """When its time has come it is looked at alone."""
    jobs = [intent(name, State.ACTIVE) for name in MANY]
    seen = snapshot(intents=jobs, alone=frozenset({jobs[3].job_id}))

    assert [call.intent for call in next_calls(seen, {}, policy()) if call.is_alone] == [jobs[3]]


def test_looks_come_before_sends():
    """What is under way is looked at before anything new is sent or priced."""
    found = kinds(
        intent("raaab", quote=None),
        intent("rbbbc"),
        intent("rcccd", State.ACTIVE),
        intent("rddde", State.CHECKING),
    )

    assert found == [Resolve, Poll, Submit, Ask]


def test_memory_is_ordered():
    """A record's intents are remembered oldest first, whatever order the journal gave them in."""
    old, new = intent(state=State.FAILED, attempt=0), intent(attempt=1)

    held = memory(intents=[new, old], entries=[entry()])

    assert held.of(RecordId("raaab")) == (old, new)
    assert held.of(RecordId("rnone")) == ()
    assert failure(FailureClass.TRANSIENT).detail


HELD = {"hold": Hold(HoldKind.KEY, 0), "hold_left": 10}


def test_hold_stops_sending_and_asking():
    """Under a hold nothing is sent or asked; jobs at the service are followed."""
    several = (intent("raaab"), intent("rbbbc", quote=None), intent("rcccd", State.ACTIVE))

    found = calls(*several, order={RecordId("raaab"): 2, RecordId("rbbbc"): 3}, **HELD)

    assert [type(one) for one in found] == [Poll]


def test_one_call_looks_into_a_hold():
    """When it is time, the first in line alone finds out whether the cause is gone."""
    several = (intent("raaab"), intent("rbbbc"), intent("rcccd", quote=None))
    order = {RecordId("raaab"): 3, RecordId("rbbbc"): 2, RecordId("rcccd"): 4}

    (only,) = calls(*several, order=order, **{**HELD, "hold_left": 0})

    assert isinstance(only, Submit)
    assert only.intent.key.record == "rbbbc"


@pytest.mark.parametrize(
    ("healthy", "running", "elsewhere", "sent"),
    [(None, 0, 0, 8), (0, 0, 0, 3), (0, 2, 0, 1), (0, 4, 0, 0), (3, 0, 0, 8), (0, 0, 6, 3), (0, 0, 7, 2)],
)
def test_steps_after_go_ahead(healthy, running, elsewhere, sent):
    """Three jobs of this tab at first, whatever other tabs have under way; and never more than there is room for."""
    under_way = [intent(name, State.ACTIVE) for name in MANY[:running]]
    waiting = [intent(name) for name in MANY[running : running + 8]]
    known = replace(memory(intents=[*under_way, *waiting]), gate=Gate(healthy=healthy))
    seen = snapshot(memory=known, in_flight=running + elsewhere)
    order = {one.key.record: place for place, one in enumerate(waiting)}

    found = next_calls(seen, order, policy(max_in_flight=9))

    assert sum(isinstance(call, Submit) for call in found) == sent

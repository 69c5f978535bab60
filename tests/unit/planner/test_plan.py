"""The plan as a whole: a quiet world, rows that vanish, and laws that hold for any history of a sheet."""

from __future__ import annotations

from collections import Counter

import pytest
from builders import Desk, content, entry, failure, intent, memory, policy, row, snapshot
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.domain.cells import is_ticked
from bot.domain.contract import PeopleColumn
from bot.domain.entries import Tick
from bot.domain.failures import FailureClass
from bot.domain.ids import RecordId
from bot.domain.intents import LIVE, State
from bot.domain.jobs import Absent, Accepted, Job, JobPhase, Quote
from bot.domain.rows import Row
from bot.planner.actions import Ask, CellEdit, Move, Plan, Propose, Remember, Submit
from bot.planner.plan import plan


def settled(*rows) -> Desk:
    """A desk where everything has been said."""
    desk = Desk(*rows)
    for _ in range(3):
        desk.tick()
    return desk


def test_quiet_world():
    """Where nothing changed and nothing is due the plan is empty."""
    desk = settled(row(), row("", approve=True), row("Other"))

    assert desk.tick(hours=5).is_empty


def test_quiet_after_done():
    """A finished row is never looked at again."""
    desk = Desk(row(approve=True))
    desk.tick()
    desk.settle(State.COMPLETED)
    desk.tick()

    assert desk.tick(hours=5).is_empty


def test_empty_tab():
    """A tab without rows has an empty plan."""
    assert plan(snapshot(), policy()) == Plan((), (), ())


@pytest.mark.parametrize(
    "decided",
    [
        Plan((Remember(entry()),), (), ()),
        Plan((), (CellEdit(2, 1, None, None),), ()),
        Plan((), (), (Ask(intent()),)),
    ],
    ids=["change", "edit", "call"],
)
def test_what_is_not_empty(decided):
    """Any change, edit or call makes a plan worth carrying out."""
    assert not decided.is_empty


def test_one_plan_for_one_look():
    """The plan depends on nothing but what was seen."""
    seen = snapshot([row(approve=True), row("Other", approve=True)])

    assert plan(seen, policy()) == plan(seen, policy())


# -- rows that vanish ---------------------------------------------------------


def test_vanished_before_sending():
    """The unsent promise of a deleted row is withdrawn."""
    desk = Desk(row(approve=True))
    desk.tick()
    name = RecordId(desk.id())
    desk.rows = []

    desk.tick()

    assert [one.state for one in desk.memory.of(name)] == [State.CANCELLED]
    assert not desk.memory.entries[name].present
    assert desk.tick().is_empty


@pytest.mark.parametrize("state", [State.CHECKING, State.SUBMITTED, State.ACTIVE])
def test_vanished_after_sending(state):
    """A job that may exist is followed to its end, though its row is gone."""
    desk = Desk(row(approve=True))
    desk.tick()
    desk.settle(state)
    desk.rows = []

    decided = desk.tick()

    assert [call.intent.state for call in decided.calls] == [state]
    assert not any(isinstance(change, Move) for change in decided.changes)


def test_restored_row():
    """A deleted row that comes back is the same record: what was done stays done."""
    desk = Desk(row(approve=True))
    desk.tick()
    desk.settle(State.COMPLETED)
    desk.tick()
    kept = list(desk.rows)
    desk.rows = []
    desk.tick()
    desk.rows = kept

    decided = desk.tick()

    assert desk.status() == "Done"
    assert (decided.edits, decided.calls) == ((), ())
    assert desk.memory.entries[RecordId(desk.id())].present


def test_restored_before_it_was_sent():
    """A deleted row that comes back ticked is promised again, as a new attempt."""
    desk = Desk(row(approve=True))
    desk.tick()
    kept = list(desk.rows)
    desk.rows = []
    desk.tick()
    desk.rows = kept

    desk.tick()

    assert [one.state for one in desk.intents()] == [State.CANCELLED, State.WAITING]


def test_cleared_row():
    """Emptying a row's data is deleting it: its promise is withdrawn and its cells are cleaned."""
    desk = Desk(row(approve=True))
    desk.tick()
    name = RecordId(desk.id())
    desk.edit(headline=None, price=None)

    desk.tick()

    assert [one.state for one in desk.memory.of(name)] == [State.CANCELLED]
    assert (desk.id(), desk.status()) == ("", "")


def test_memory_after_changes():
    """The plan's own view of the journal is what the journal will hold."""
    one = intent()
    cancelled = one.moved(State.CANCELLED)
    changed = memory(intents=[one]).after([Remember(entry()), Move(one, cancelled)])

    assert changed.entries == {RecordId("raaab"): entry()}
    assert changed.of(RecordId("raaab")) == (cancelled,)
    assert changed.is_known
    assert memory(is_known=False).learnt().is_known


# -- any history --------------------------------------------------------------

TEXTS = ["Autumn", "Winter", ""]
DEEDS = st.lists(
    st.one_of(
        st.tuples(st.just("edit"), st.integers(0, 2), st.sampled_from(TEXTS)),
        st.tuples(st.just("approve"), st.integers(0, 2), st.sampled_from([True, False, "TRUE"])),
        st.tuples(st.just("retry"), st.integers(0, 2), st.just(value=True)),
        st.tuples(st.just("swap"), st.integers(0, 2), st.integers(0, 2)),
        st.tuples(st.just("copy"), st.integers(0, 2), st.just(0)),
        st.tuples(st.just("delete"), st.integers(0, 2), st.just(0)),
        st.tuples(st.just("answer"), st.integers(0, 9), st.integers(0, 9)),
        st.tuples(st.just("wait"), st.sampled_from([1, 20, 400]), st.booleans()),
    ),
    max_size=14,
)


class World:
    """A desk with people at it and a service behind it that answers at random."""

    def __init__(self) -> None:
        self.desk = Desk(row("Autumn"), row("Winter"), row("Spring"))
        self.calls = []
        self.desk.tick()

    def do(self, deed: str, which: int, what: object) -> None:
        desk = self.desk
        if deed == "answer":
            self._answer(which, int(what))
        elif deed == "wait":
            self._tick(seconds=which, is_written=bool(what))
        elif which < len(desk.rows):
            self._person(deed, which, what)

    def _person(self, deed: str, which: int, what: object) -> None:
        desk = self.desk
        if deed == "edit":
            desk.edit(which, headline=what)
        elif deed == "approve":
            desk.tick_box(PeopleColumn.APPROVE, what, which)
        elif deed == "retry":
            desk.retry(which)
        elif deed == "swap" and what < len(desk.rows):
            desk.rows[which], desk.rows[what] = desk.rows[what], desk.rows[which]
        elif deed == "copy" and len(desk.rows) < 5:
            desk.rows.append(desk.rows[which])
        elif deed == "delete":
            del desk.rows[which]
        desk.rows = [Row(number, list(one.cells)) for number, one in enumerate(desk.rows, start=2)]

    def _tick(self, **passed) -> None:
        before = dict(self.desk.memory.intents)
        is_any_ticked = any(is_ticked(one.at(0)) for one in self.desk.rows)
        decided = self.desk.tick(**passed)
        self.calls = list(decided.calls)
        for change in decided.changes:
            if isinstance(change, Propose):
                assert change.intent.job_id not in before
                assert is_any_ticked
        for one in before.values():
            if one.state not in LIVE:
                assert self.desk.memory.intents[one.job_id] == one

    def _answer(self, which: int, kind: int) -> None:
        if not self.calls:
            return
        call = self.calls.pop(which % len(self.calls))
        if self.desk.memory.intents[call.intent.job_id] != call.intent:
            return
        job_id = call.intent.job_id
        if isinstance(call, Ask):
            answers = [Quote(9), Quote(9), Quote(36), *(failure(one) for one in FailureClass)]
        elif isinstance(call, Submit):
            answers = [Accepted(job_id, 9), Accepted(job_id, 9), *(failure(one) for one in FailureClass)]
        else:
            answers = [
                Job(job_id, JobPhase.COMPLETED, "completed", url="https://cdn.example/a.mp4"),
                Job(job_id, JobPhase.FAILED, "failed"),
                Job(job_id, JobPhase.ACTIVE, "active", percent=40),
                Absent(job_id),
                failure(FailureClass.IN_DOUBT),
            ]
        self.desk.answer(call, answers[kind % len(answers)])


@settings(max_examples=60)
@given(DEEDS)
def test_any_history(deeds):
    """Whatever people and service do: one live promise a record, ends stay ends, and the sheet comes to rest."""
    world = World()
    for deed in deeds:
        world.do(*deed)
        live = Counter((one.key.record, one.format) for one in world.desk.live())
        assert not live or max(live.values()) == 1
        assert len(world.desk.memory.intents) == len({one.name for one in world.desk.memory.intents.values()})
    for _ in range(4):
        world.do("wait", 1, what=True)

    decided = world.desk.tick()

    assert (decided.changes, decided.edits) == ((), ())
    ids = [world.desk.id(place) for place in range(len(world.desk.rows)) if world.desk.status(place)]
    assert len(set(ids)) == len(ids)


@settings(max_examples=20)
@given(st.lists(st.tuples(st.integers(0, 2), st.sampled_from(TEXTS)), max_size=5))
def test_nothing_without_a_tick(edits):
    """However much is typed, copied or sorted, nothing is ever promised on a sheet without a tick."""
    world = World()
    for which, text in edits:
        world.do("edit", which, text)
        world.do("copy", which, 0)
        world.do("swap", which, 0)
        world.do("retry", which, what=True)
        world.do("wait", 20, what=True)

    assert world.desk.memory.intents == {}


def test_bound_stays_bound_to_its_text():
    """A standing approval remembers the content it was given for."""
    desk = Desk(row("Autumn", approve=True))
    desk.tick()

    known = desk.memory.entries[RecordId(desk.id())]
    assert (known.approve, known.approved) == (Tick.BOUND, content("Autumn").fingerprint)

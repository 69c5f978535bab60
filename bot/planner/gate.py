"""The gate of one tab: whether somebody said `Go ahead`, and what keeps promises from being sent."""

from __future__ import annotations

from collections.abc import Container, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace

from bot.domain.cells import is_ticked
from bot.domain.contract import PeopleColumn
from bot.domain.entries import Tick
from bot.domain.failures import FailureClass, ProblemCode
from bot.domain.gates import QUESTIONS, Gate, Stop
from bot.domain.ids import JobId, RecordId
from bot.domain.intents import Intent, State, Trouble
from bot.planner.actions import Change, Move
from bot.planner.budget import day_cap, left_today
from bot.planner.identity import Placed
from bot.planner.sample import is_sampled, sample_size
from bot.planner.snapshot import Policy, Snapshot
from bot.planner.versions import is_outdated

_OUTRIGHT = frozenset({State.WAITING, State.NEEDS_DECISION})
"""What ends from here says nothing of the service: it refused for free, or a person gave up."""


@dataclass(frozen=True, slots=True)
class Barrier:
    """What stands between the waiting promises and the service."""

    stop: Stop | None = None
    """Holds every promise of the tab."""

    held: Mapping[JobId, Stop] = field(default_factory=dict)
    """What holds single promises, where nothing holds them all."""

    sample_size: int = 0
    """How many rows go first, where the others wait for somebody to look at them."""

    day_cap: int = 0
    """The day's limit, where that is what stops."""

    def holding(self, intent: Intent) -> Stop | None:
        """Why this promise is not sent, if anything in the way."""
        return self.stop or self.held.get(intent.job_id)

    @property
    def asked(self) -> Mapping[JobId, Stop]:
        """What waits for a person's answer."""
        return {job_id: stop for job_id, stop in self.held.items() if stop in QUESTIONS}


OPEN = Barrier()
"""Nothing in the way."""


def look_at_box(seen: Snapshot) -> tuple[Gate, bool]:
    """The gate after a look at its box, and whether `Go ahead` was said just now."""
    said = seen.control.switches.go_ahead
    gate = seen.memory.gate.seen(ticked=said, is_known=seen.memory.is_known)
    return gate, said and gate.box is Tick.OPEN


def settled(
    gate: Gate, *, is_pressed: bool, placed: Iterable[Placed], after: Snapshot, policy: Policy
) -> Gate:
    """The gate once all rows are decided."""
    if is_pressed:
        version = after.template.hash if _is_about_version(gate, after, policy) else None
        return gate.opened(after.memory.last_number, version)
    if gate.first_contact or not after.memory.is_known:
        return replace(gate, first_contact=bool(old_ticks(placed, after)))
    return gate


def _is_about_version(gate: Gate, after: Snapshot, policy: Policy) -> bool:
    """Whether `Go ahead` was a word about what the template makes, not only about a few old ticks."""
    if not gate.first_contact:
        return True
    fresh = [one for one in after.memory.live.values() if one.number > gate.released]
    return len(fresh) > sample_size(policy)


def old_ticks(placed: Iterable[Placed], seen: Snapshot) -> list[Placed]:
    """Rows whose tick is from before the robot knew the tab."""
    box = seen.columns.people[PeopleColumn.APPROVE]
    return [
        one
        for one in placed
        if seen.memory.entries[one.record].approve is Tick.UNKNOWN and is_ticked(one.line.row.at(box))
    ]


def barrier(
    seen: Snapshot, order: Mapping[RecordId, int], policy: Policy, later: Container[RecordId] = ()
) -> Barrier:
    """What people's switches, the breaker, open questions and the day's limit hold back now.

    The day's limit is a matter of those whose time has come. A person is asked at once, about `later` ones too:
    at their hour nobody may be there to answer.
    """
    switches, gate = seen.control.switches, seen.memory.gate
    if not switches.run or switches.window == 0:
        return Barrier(Stop.PAUSED)
    if switches.check_only:
        return Barrier(Stop.CHECK_ONLY)
    if seen.design_trouble:
        return Barrier(Stop.TEMPLATE)
    if gate.is_shut(seen.template.hash, policy.breaker_failures):
        return Barrier(Stop.BREAKER)
    waiting = in_line(seen, order)
    held = _unanswered(seen, waiting, policy, later)
    free = [one for one in waiting if one.job_id not in held and one.key.record not in later]
    left = left_today(seen, policy)
    if left is not None and any(one.quote and one.quote > left for one in free[:1]):
        held |= {one.job_id: Stop.DAY for one in free}
    return Barrier(None, held, sample_size(policy), day_cap(seen, policy) or 0)


def _unanswered(
    seen: Snapshot, waiting: Sequence[Intent], policy: Policy, later: Container[RecordId]
) -> dict[JobId, Stop]:
    """The promises that nobody said `Go ahead` for, where that is needed."""
    gate = seen.memory.gate
    held = {one.job_id: Stop.VERSION for one in waiting if is_outdated(one, seen.template)}
    fresh = [one for one in waiting if one.number > gate.released and one.job_id not in held]
    if is_sampled(gate, seen.template.hash, policy):
        placed = set(gate.sample.records)
        without = [one for one in fresh if one.key.record not in placed]
        # Places that are still free are for those whose time comes first.
        vacant = max(sample_size(policy) - len(placed), 0)
        scheduled = {*[one.job_id for one in without if one.key.record in later][:vacant]}
        return held | {one.job_id: Stop.SAMPLE for one in without if one.job_id not in scheduled}
    is_crowd = 0 < policy.ask_above_rows < len(fresh)
    return held | {one.job_id: Stop.MANY_ROWS for one in fresh} if is_crowd else held


def in_line(seen: Snapshot, order: Mapping[RecordId, int], later: Container[RecordId] = ()) -> list[Intent]:
    """The promises that wait, in the order they are sent; one without a turn is not sent at all."""
    waiting = [
        intent
        for intent in seen.memory.live.values()
        if intent.state is State.WAITING and intent.key.record in order and intent.key.record not in later
    ]
    return sorted(waiting, key=lambda intent: (order[intent.key.record], intent.format))


def after_endings(gate: Gate, changes: Iterable[Change]) -> Gate:
    """Counts how paid renders ended: a row of equal failures closes the gate; rows' own faults are none of it."""
    for change in changes:
        if not isinstance(change, Move) or change.after.is_live or change.before.state in _OUTRIGHT:
            continue
        version, trouble = change.after.template_hash, change.after.trouble
        if change.after.state is State.COMPLETED:
            gate = gate.ended(None, version)
        elif change.after.state is State.FAILED and not _is_its_own(trouble):
            gate = gate.ended(trouble.code if trouble else ProblemCode.SERVICE, version)
    return gate


def _is_its_own(trouble: Trouble | None) -> bool:
    """Whether the service refused what the row says: its author's matter, and free."""
    return trouble is not None and trouble.kind is FailureClass.REJECTED

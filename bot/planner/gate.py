"""The gate of one tab: whether somebody said `Go ahead`, and what keeps promises from being sent."""

from __future__ import annotations

from collections.abc import Container, Iterable, Mapping
from dataclasses import dataclass, replace

from bot.domain.cells import is_ticked
from bot.domain.contract import PeopleColumn
from bot.domain.entries import Tick
from bot.domain.failures import ProblemCode
from bot.domain.gates import Gate, Stop
from bot.domain.ids import JobId, RecordId
from bot.domain.intents import Intent, State
from bot.planner.actions import Change, Move
from bot.planner.budget import day_cap, left_today
from bot.planner.identity import Placed
from bot.planner.snapshot import Policy, Snapshot

_OUTRIGHT = frozenset({State.WAITING, State.NEEDS_DECISION})
"""What ends from here says nothing of the service: it refused for free, or a person gave up."""


@dataclass(frozen=True, slots=True)
class Barrier:
    """What stands between the waiting promises and the service."""

    stop: Stop | None = None
    """Holds every promise of the tab."""

    unreleased: frozenset[JobId] = frozenset()
    """Those nobody said `Go ahead` for, where that is needed."""

    day_cap: int = 0
    """The day's limit, where that is what stops."""

    def holding(self, intent: Intent) -> Stop | None:
        """Why this promise is not sent, if anything in the way."""
        if self.stop is not None:
            return self.stop
        return Stop.MANY_ROWS if intent.job_id in self.unreleased else None


OPEN = Barrier()
"""Nothing in the way."""


def look_at_box(seen: Snapshot) -> tuple[Gate, bool]:
    """The gate after a look at its box, and whether `Go ahead` was said just now."""
    said = seen.control.switches.go_ahead
    gate = seen.memory.gate.seen(ticked=said, is_known=seen.memory.is_known)
    return gate, said and gate.box is Tick.OPEN


def settled(gate: Gate, *, is_pressed: bool, placed: Iterable[Placed], after: Snapshot) -> Gate:
    """The gate once all rows are decided."""
    if is_pressed:
        return gate.opened(after.memory.last_number)
    if gate.first_contact or not after.memory.is_known:
        return replace(gate, first_contact=bool(old_ticks(placed, after)))
    return gate


def old_ticks(placed: Iterable[Placed], seen: Snapshot) -> list[Placed]:
    """Rows whose tick is from before the robot knew the tab."""
    box = seen.columns.people[PeopleColumn.APPROVE]
    return [
        one
        for one in placed
        if is_ticked(one.line.row.at(box)) and seen.memory.entries[one.record].approve is Tick.UNKNOWN
    ]


def barrier(
    seen: Snapshot, order: Mapping[RecordId, int], policy: Policy, later: Container[RecordId] = ()
) -> Barrier:
    """What people's switches, the breaker, the day's limit and the gate hold back now.

    The day's limit is a matter of those whose time has come. A crowd is asked about at once, `later` ones too:
    at their hour nobody may be there to answer.
    """
    switches, gate = seen.control.switches, seen.memory.gate
    if not switches.run or switches.window == 0:
        return Barrier(Stop.PAUSED)
    if switches.check_only:
        return Barrier(Stop.CHECK_ONLY)
    if gate.streak >= policy.breaker_failures:
        return Barrier(Stop.BREAKER)
    waiting = in_line(seen, order, later)
    left = left_today(seen, policy)
    if left is not None and any(intent.quote and intent.quote > left for intent in waiting[:1]):
        return Barrier(Stop.DAY, day_cap=day_cap(seen, policy) or 0)
    fresh = frozenset(one.job_id for one in in_line(seen, order) if one.number > gate.released)
    is_crowd = 0 < policy.ask_above_rows < len(fresh)
    return Barrier(unreleased=fresh) if is_crowd else OPEN


def in_line(seen: Snapshot, order: Mapping[RecordId, int], later: Container[RecordId] = ()) -> list[Intent]:
    """The promises that wait, in the order they are sent; one without a turn is not sent at all."""
    waiting = [
        intent
        for intent in seen.memory.live.values()
        if intent.state is State.WAITING and intent.key.record in order and intent.key.record not in later
    ]
    return sorted(waiting, key=lambda intent: (order[intent.key.record], intent.format))


def after_endings(gate: Gate, changes: Iterable[Change]) -> Gate:
    """Counts how paid renders ended: a row of equal failures closes the gate."""
    for change in changes:
        if not isinstance(change, Move) or change.after.is_live or change.before.state in _OUTRIGHT:
            continue
        if change.after.state is State.COMPLETED:
            gate = gate.ended(None)
        elif change.after.state is State.FAILED:
            trouble = change.after.trouble
            gate = gate.ended(trouble.code if trouble else ProblemCode.SERVICE)
    return gate

"""The queue: which intents take their next step now, within the window and in the sheet's order."""

from __future__ import annotations

from collections.abc import Container, Iterable, Mapping
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, replace

from bot.domain.gates import Stop
from bot.domain.ids import JobId, RecordId
from bot.domain.intents import IN_FLIGHT, Intent, State
from bot.domain.window import width_after
from bot.planner.actions import Ask, Call, Poll, Resolve, Submit
from bot.planner.budget import affordable, left_today
from bot.planner.gate import OPEN, Barrier, in_line
from bot.planner.snapshot import Doubt, Memory, Policy, Snapshot

Waits = Mapping[JobId, float]

_LOOKED_AT = frozenset({State.CHECKING, State.SUBMITTED, State.ACTIVE, State.NEEDS_DECISION})
_TO_BE_RENEWED = {Stop.TEMPLATE, Stop.VERSION}
_ASKS_A_TICK = 64


def next_calls(
    seen: Snapshot,
    order: Mapping[RecordId, int],
    policy: Policy,
    held: Barrier = OPEN,
    later: Container[RecordId] = (),
) -> tuple[Call, ...]:
    """Quotes for fresh approvals, sends as far as the window is open, looks at everything under way.

    `order` says whose turn comes when; an intent whose record has no turn is never sent, and one whose record's
    time is `later` is only priced.
    """
    waiting = in_line(seen, order)
    due = (intent for intent in waiting if intent.key.record not in later)
    free = [intent for intent in due if held.holding(intent) is None]
    # What will be made anew before it is sent needs no price of what it was.
    priced = [intent for intent in waiting if held.holding(intent) not in _TO_BE_RENEWED]
    sends: tuple[Call, ...] = (*_submits(seen, free, policy), *_asks(seen, priced))
    if seen.hold is not None:
        # One call, when it is time, finds out whether the cause is gone; the first in line, nobody jumps it.
        sends = sends[:1] if seen.hold_left <= 0 else ()
    return (*looks(seen.memory, patience_of(seen), policy), *sends)


@dataclass(frozen=True, slots=True)
class Patience:
    """How long everything has been waited for, and what is known of the service's memory for ids."""

    waits: Waits
    doubts: Mapping[JobId, Doubt]
    ages: Mapping[JobId, float]
    honours_ids: bool | None
    alone: AbstractSet[JobId] = frozenset()


def patience_of(seen: Snapshot) -> Patience:
    """The snapshot's own."""
    return Patience(seen.waits, seen.doubts, seen.ages, seen.honours_ids, seen.alone)


def looks(memory: Memory, patience: Patience, policy: Policy) -> tuple[Call, ...]:
    """Looks at every job under way or in doubt; they need no sheet and go on while it cannot be read."""
    due = [
        intent
        for intent in memory.live.values()
        if intent.state in _LOOKED_AT and _is_due(patience.waits, intent)
    ]
    return (*_resolves(due, patience, policy), *_polls(due, patience, policy))


def _is_due(waits: Waits, intent: Intent) -> bool:
    return waits.get(intent.job_id, 0) <= 0


def _submits(seen: Snapshot, waiting: Iterable[Intent], policy: Policy) -> list[Submit]:
    if seen.is_design_changing:
        return []
    ceilings = (policy.max_in_flight, seen.control.switches.window, seen.window)
    widest = min(one for one in ceilings if one is not None)
    own = sum(one.state in IN_FLIGHT for one in seen.memory.live.values())
    room = max(0, min(widest - seen.in_flight, width_after(seen.memory.gate.healthy, widest) - own))
    ready = [intent for intent in waiting if intent.quote is not None and _is_due(seen.waits, intent)]
    return [Submit(intent) for intent in affordable(ready[:room], left_today(seen, policy))]


def _asks(seen: Snapshot, waiting: Iterable[Intent]) -> list[Ask]:
    """A first quote is asked inside the undo window; after trouble the try waits its turn."""
    unpriced = [
        intent
        for intent in waiting
        if intent.quote is None and (intent.trouble is None or _is_due(seen.waits, intent))
    ]
    return [Ask(intent) for intent in unpriced[:_ASKS_A_TICK]]


def _resolves(due: Iterable[Intent], patience: Patience, policy: Policy) -> list[Resolve]:
    found = []
    for intent in due:
        if intent.state is State.CHECKING:
            doubt = patience.doubts.get(intent.job_id, Doubt(0, 0))
            is_late = doubt.seconds >= policy.settle_seconds
            honours_ids = patience.honours_ids if intent.named else False
            found.append(Resolve(intent, is_late, is_late and doubt.absences >= 1, honours_ids))
    return found


def _is_nameless(intent: Intent, patience: Patience) -> bool:
    """Whether its job, if there is one, has an id we were never told."""
    is_ours = intent.named and patience.honours_ids is not False
    return intent.state is State.NEEDS_DECISION and intent.known_as is None and not is_ours


def _polls(due: Iterable[Intent], patience: Patience, policy: Policy) -> list[Poll]:
    """The most recently sent first; also jobs a person must decide on, since they may still finish."""
    followed = [intent for intent in due if intent.state is not State.CHECKING]
    followed.sort(key=lambda intent: intent.sent_at or intent.approved_at, reverse=True)
    polls = [
        Poll(
            intent,
            by_name=_is_nameless(intent, patience),
            is_lost=patience.doubts.get(intent.job_id, Doubt(0, 0)).seconds >= policy.settle_seconds,
            is_overdue=patience.ages.get(intent.job_id, 0) >= policy.deadline_seconds,
        )
        for intent in followed
    ]
    swept = [poll for poll in polls if poll.intent.state is not State.NEEDS_DECISION]
    if len(swept) <= policy.sweep_above:
        return polls
    return [
        replace(poll, is_swept=True, is_alone=poll.intent.job_id in patience.alone)
        if poll.intent.state is not State.NEEDS_DECISION
        else poll
        for poll in polls
    ]

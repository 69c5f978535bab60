"""The queue: which intents take their next step now, within the window and in the sheet's order."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from bot.domain.ids import RecordId
from bot.domain.intents import Intent, State
from bot.planner.actions import Ask, Call, Poll, Resolve, Submit
from bot.planner.snapshot import Doubt, Policy, Snapshot

_ASKS_A_TICK = 64


def next_calls(seen: Snapshot, order: Mapping[RecordId, int], policy: Policy) -> tuple[Call, ...]:
    """Quotes for fresh approvals, sends as far as the window is open, looks at everything under way.

    `order` is where each record stands on this read; an intent whose record has no row is never sent.
    """
    live = [intent for intent in seen.memory.intents.values() if intent.is_live]
    waiting = sorted(
        (intent for intent in live if intent.state is State.WAITING and intent.key.record in order),
        key=lambda intent: (order[intent.key.record], intent.format),
    )
    return (
        *_resolves(seen, live, policy),
        *_polls(seen, live),
        *_submits(seen, waiting, policy),
        *_asks(seen, waiting),
    )


def _is_due(seen: Snapshot, intent: Intent) -> bool:
    return seen.waits.get(intent.job_id, 0) <= 0


def _submits(seen: Snapshot, waiting: Iterable[Intent], policy: Policy) -> list[Submit]:
    room = max(0, policy.max_in_flight - seen.in_flight)
    ready = [intent for intent in waiting if intent.quote is not None and _is_due(seen, intent)]
    return [Submit(intent) for intent in ready[:room]]


def _asks(seen: Snapshot, waiting: Iterable[Intent]) -> list[Ask]:
    """A first quote is asked inside the undo window; after trouble the try waits its turn."""
    unpriced = [
        intent
        for intent in waiting
        if intent.quote is None and (intent.trouble is None or _is_due(seen, intent))
    ]
    return [Ask(intent) for intent in unpriced[:_ASKS_A_TICK]]


def _resolves(seen: Snapshot, live: Iterable[Intent], policy: Policy) -> list[Resolve]:
    doubtful = [intent for intent in live if intent.state is State.CHECKING and _is_due(seen, intent)]
    found = []
    for intent in doubtful:
        doubt = seen.doubts.get(intent.job_id, Doubt(0, 0))
        is_late = doubt.seconds >= policy.settle_seconds
        found.append(Resolve(intent, is_late, is_late and doubt.absences >= 1))
    return found


def _polls(seen: Snapshot, live: Iterable[Intent]) -> list[Poll]:
    """Due ones, the most recently sent first."""
    under_way = [
        intent for intent in live if intent.state in {State.SUBMITTED, State.ACTIVE} and _is_due(seen, intent)
    ]
    under_way.sort(key=lambda intent: intent.sent_at or intent.approved_at, reverse=True)
    return [Poll(intent) for intent in under_way]

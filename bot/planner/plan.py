"""The plan: a total function of what one tick saw."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from bot.domain.ids import RecordId
from bot.domain.intents import State
from bot.planner.actions import Call, Change, Plan, Remember, Submit
from bot.planner.approval import decide_row, withdraw
from bot.planner.identity import Placed, identify
from bot.planner.queue import next_calls
from bot.planner.snapshot import Policy, Snapshot
from bot.planner.status import Line, differences


def plan(seen: Snapshot, policy: Policy) -> Plan:
    """What to journal, what to write into the sheet, and what to ask the service, in that order."""
    placed = identify(seen)
    changes: list[Change] = []
    for one in placed:
        _, found = decide_row(one, seen, policy)
        changes.extend(found)
    changes.extend(_vanished(seen, placed))
    after = seen.after(seen.memory.after(changes)) if changes else seen
    order = {one.record: one.line.row.number for one in placed}
    calls = next_calls(after, order, policy)
    edits = differences(placed, after.memory.entries, after, _line(after, order, calls))
    return Plan(tuple(changes), tuple(edits), calls)


def _vanished(seen: Snapshot, placed: tuple[Placed, ...]) -> list[Change]:
    """Records without a row: unsent work is withdrawn; a job already sent is followed to its end."""
    here = {one.record for one in placed}
    changes: list[Change] = []
    for record, entry in seen.memory.entries.items():
        if record in here:
            continue
        if entry.present:
            changes.append(Remember(replace(entry, present=False)))
        changes.extend(
            withdraw(intent, seen) for intent in seen.memory.of(record) if intent.state is State.WAITING
        )
    return changes


def _line(seen: Snapshot, order: Mapping[RecordId, int], calls: tuple[Call, ...]) -> Line:
    sending = frozenset(call.intent.job_id for call in calls if isinstance(call, Submit))
    waiting = sorted(
        (
            intent
            for intent in seen.memory.live.values()
            if intent.state is State.WAITING and intent.job_id not in sending
        ),
        key=lambda intent: order.get(intent.key.record, 0),
    )
    return Line(sending, {intent.job_id: place for place, intent in enumerate(waiting)})

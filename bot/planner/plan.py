"""The plan: a total function of what one tick saw."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from itertools import count

from bot.domain.bugs import Bug, bug_of
from bot.domain.ids import RecordId
from bot.domain.intents import State
from bot.planner.actions import Ask, Call, Change, Plan, Propose, Remember, SetGate, Submit
from bot.planner.approval import decide_row, withdraw
from bot.planner.board import Board, board_edits
from bot.planner.gate import Barrier, barrier, look_at_box, old_ticks, settled
from bot.planner.identity import Placed, identify
from bot.planner.queue import next_calls
from bot.planner.snapshot import Policy, Snapshot
from bot.planner.status import Line, project


def plan(seen: Snapshot, policy: Policy) -> Plan:
    """What to journal, what to write into the sheet, and what to ask the service, in that order.

    A row that meets a mistake of ours is flagged, and nothing else becomes of it; the others go on.
    """
    gate, is_pressed = look_at_box(seen)
    seen = replace(seen, releases_old_ticks=is_pressed and gate.first_contact)
    placed = identify(seen)
    broken: dict[RecordId, Bug] = {}
    changes: list[Change] = []
    for one in placed:
        decided = _decide(one, seen, policy)
        if isinstance(decided, Bug):
            broken[one.record] = decided
        else:
            changes.extend(decided)
    changes.extend(_vanished(seen, placed))
    changes = _numbered(changes, seen.memory.last_number)
    after = seen.after(seen.memory.after(changes)) if changes else seen
    sound = tuple(one for one in placed if one.record not in broken)
    gate = settled(gate, is_pressed=is_pressed, placed=sound, after=after)
    if gate != seen.memory.gate:
        changes.append(SetGate(seen.tab, gate))
        after = after.after(after.memory.after(changes[-1:]))
    order = {one.record: one.line.row.number for one in sound}
    held = barrier(after, order, policy)
    calls = next_calls(after, order, policy, held)
    rows = project(placed, after, _line(after, order, calls, held), broken)
    old = (seen.template.price(one.line.judged.content.format) or 0 for one in old_ticks(sound, after))
    board = board_edits(after, policy, Board(held, rows.statuses, tuple(old)))
    bugs = tuple(rows.bugs.values())
    return Plan(tuple(changes), rows.edits, _but_for(rows.bugs, calls), board, bugs)


def _numbered(changes: list[Change], last: int) -> list[Change]:
    """Promises are counted in the order of their rows."""
    numbers = count(last + 1)
    return [
        replace(change, intent=replace(change.intent, number=next(numbers)))
        if isinstance(change, Propose)
        else change
        for change in changes
    ]


def _decide(placed: Placed, seen: Snapshot, policy: Policy) -> tuple[Change, ...] | Bug:
    if placed.line.bug is not None:
        return placed.line.bug
    try:
        return decide_row(placed, seen, policy)[1]
    except Exception as error:  # noqa: BLE001 - one row's bug must not stop the others
        return bug_of(error, placed.line.row.number)


def _but_for(broken: Mapping[RecordId, Bug], calls: tuple[Call, ...]) -> tuple[Call, ...]:
    """Nothing is sent for a row that cannot be shown; jobs at the service are followed."""
    return tuple(
        call for call in calls if not (isinstance(call, (Ask, Submit)) and call.intent.key.record in broken)
    )


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


def _line(seen: Snapshot, order: Mapping[RecordId, int], calls: tuple[Call, ...], held: Barrier) -> Line:
    sending = frozenset(call.intent.job_id for call in calls if isinstance(call, Submit))
    waiting = sorted(
        (
            intent
            for intent in seen.memory.live.values()
            if intent.state is State.WAITING and intent.job_id not in sending
        ),
        key=lambda intent: order.get(intent.key.record, 0),
    )
    return Line(sending, {intent.job_id: place for place, intent in enumerate(waiting)}, held)

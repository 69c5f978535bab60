"""The plan: a total function of what one tick saw."""

from __future__ import annotations

from collections.abc import Container, Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from itertools import count

from bot.domain.bugs import Bug, bug_of
from bot.domain.ids import RecordId
from bot.domain.intents import Intent, State
from bot.domain.records import Record
from bot.planner.actions import Ask, Call, Change, Move, Plan, Propose, Remember, SetGate, Submit
from bot.planner.approval import decide_row, withdraw
from bot.planner.board import Board, board_edits
from bot.planner.budget import within_caps
from bot.planner.gate import Barrier, barrier, in_line, look_at_box, old_ticks, settled
from bot.planner.identity import Placed, identify
from bot.planner.matters import matters
from bot.planner.media import Viewed, with_links
from bot.planner.outlook import outlook
from bot.planner.progress import Line
from bot.planner.queue import next_calls
from bot.planner.sample import drawn
from bot.planner.snapshot import Policy, Snapshot
from bot.planner.status import project
from bot.planner.versions import is_settled, renewed


def plan(seen: Snapshot, policy: Policy) -> Plan:
    """What to journal, what to write into the sheet, and what to ask the service, in that order.

    A row that meets a mistake of ours is flagged, and nothing else becomes of it; the others go on.
    """
    gate, is_pressed = look_at_box(seen)
    seen = replace(
        seen,
        releases_old_ticks=is_pressed and gate.first_contact,
        is_reviewed=is_settled(seen, gate, is_pressed=is_pressed),
    )
    viewed = judged(seen, policy)
    placed = viewed.placed
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
    after = _carried_out(changes, seen) if changes else seen
    sound = tuple(one for one in placed if one.record not in broken)
    order, later = _order(sound), _later(sound, after)
    gate = settled(gate, is_pressed=is_pressed, placed=sound, after=after, policy=policy)
    if renewals := renewed(sound, after, gate):
        changes += renewals
        after = _carried_out(renewals, after)
    gate = drawn(gate, after, in_line(after, order), policy, later)
    if gate != seen.memory.gate:
        changes.append(SetGate(seen.tab, gate))
        after = after.after(after.memory.after(changes[-1:]))
    held = barrier(after, order, policy, later)
    # Nobody waits behind a row whose links are looked at first.
    aside = {*later, *viewed.unseen}
    calls = next_calls(after, order, policy, held, {*aside, *viewed.old})
    line = replace(_line(after, order, calls, held, later), unseen=viewed.unseen)
    rows = project(placed, after, line, broken)
    old = (seen.template.price(one.line.judged.content.format) or 0 for one in old_ticks(sound, after))
    line_of_tab = Board(held, rows.statuses, tuple(old))
    board = board_edits(after, policy, line_of_tab)
    bugs = tuple(rows.bugs.values())
    calls = _but_for(rows.bugs, calls)
    wishes = viewed.before_sending(_head(after, order, held, aside))
    ahead, stands = outlook(after, policy, line_of_tab), matters(after, line_of_tab)
    opens_at = _opens_at(later, after)
    return Plan(tuple(changes), rows.edits, calls, board, opens_at, wishes, bugs, ahead, stands)


def judged(seen: Snapshot, policy: Policy) -> Viewed:
    """The rows, each with its record, and with all that stands in its way."""
    return with_links(within_caps(identify(seen), seen, policy), seen, policy)


def _carried_out(changes: Sequence[Change], seen: Snapshot) -> Snapshot:
    """The same look with the changes made; what just got a wait waits."""
    moved = [change for change in changes if isinstance(change, (Propose, Move))]
    after = [change.after if isinstance(change, Move) else change.intent for change in moved]
    waits = {
        one.job_id: (one.not_before - seen.now).total_seconds() for one in after if one.not_before is not None
    }
    return replace(seen.after(seen.memory.after(changes)), waits={**seen.waits, **waits})


def _order(sound: Iterable[Placed]) -> dict[RecordId, int]:
    """Whose turn comes when: by priority, then as in the sheet. Rows that do not meet the contract, any more,
    have no turn: what was approved waits until they do, or are edited.
    """
    ready = [one for one in sound if isinstance(one.line.judged, Record)]
    ready.sort(key=lambda one: (one.line.wish.priority, one.line.row.number))
    return {one.record: turn for turn, one in enumerate(ready)}


def _later(sound: Iterable[Placed], seen: Snapshot) -> dict[RecordId, datetime]:
    """Approved rows whose time has not come, and when it will."""
    waiting = {one.key.record for one in seen.memory.live.values() if one.state is State.WAITING}
    return {
        one.record: one.line.wish.at
        for one in sound
        if one.line.wish.at is not None and one.line.wish.at > seen.now and one.record in waiting
    }


def _opens_at(later: Mapping[RecordId, datetime], seen: Snapshot) -> datetime | None:
    """When the first row comes up by itself: its time has come, or it has kept still long enough."""
    churns = (entry.churn for entry in seen.memory.entries.values() if entry.churn and entry.present)
    still = (churn.settles_at + timedelta(seconds=1) for churn in churns if churn.is_restless)
    return min((*later.values(), *still), default=None)


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


def _head(
    seen: Snapshot, order: Mapping[RecordId, int], held: Barrier, aside: Container[RecordId]
) -> list[Intent]:
    """Those that nothing holds now, the next ones first."""
    if seen.hold is not None and seen.hold_left > 0:
        return []
    return [one for one in in_line(seen, order, aside) if held.holding(one) is None]


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


def _line(
    seen: Snapshot,
    order: Mapping[RecordId, int],
    calls: tuple[Call, ...],
    held: Barrier,
    later: Mapping[RecordId, datetime],
) -> Line:
    sending = frozenset(call.intent.job_id for call in calls if isinstance(call, Submit))
    waiting = [one for one in in_line(seen, order, later) if one.job_id not in sending]
    return Line(sending, {intent.job_id: place for place, intent in enumerate(waiting)}, held, later)

"""The digest: how a tab's batch ended, once nothing of it moves any more.

A batch is every promise since the last digest. Rows whose time is still to come, and those only a person can move on,
do not hold it up: they belong to a later one.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from bot.domain import wording
from bot.domain.failures import FailureClass, ProblemCode
from bot.domain.ids import RecordId
from bot.domain.intents import Intent, State
from bot.domain.letters import Places, Tally
from bot.domain.news import Batch
from bot.planner.snapshot import Memory


def first_batch(memory: Memory) -> Batch:
    """Where telling begins on a tab: what has ended before is no news."""
    return Batch(memory.last_number, _numbers(memory.live.values()), _refused(memory))


def ended(batch: Batch, memory: Memory, now: datetime) -> tuple[Tally | None, Batch]:
    """What the batch came to, and how far the tab is told of then; None while there is nothing to tell."""
    refused = frozenset(record for record in batch.refused if _needs_fixing(memory, RecordId(record)))
    kept = Batch(batch.mark, batch.left, refused)
    left = set(batch.left)
    members = (one for one in memory.live.values() if one.number > batch.mark or one.number in left)
    open_: list[Intent] = []
    for one in members:
        if _is_moving(one, memory, now):
            return None, kept
        open_.append(one)
    undecided = [one for one in open_ if one.state is State.NEEDS_DECISION and one.number not in left]
    if memory.last_number == batch.mark and not undecided and left == set(_numbers(open_)):
        return None, kept
    over = [
        one
        for one in memory.intents.values()
        if not one.is_live
        and one.state is not State.CANCELLED
        and (one.number > batch.mark or one.number in left)
    ]
    after = Batch(memory.last_number, _numbers(open_), refused)
    if not over and not undecided:
        return None, after
    now_refused = _refused(memory)
    tally = _tally([*over, *undecided], now_refused - refused, memory)
    return tally, Batch(after.mark, after.left, now_refused)


def _tally(members: Iterable[Intent], refused: frozenset[str], memory: Memory) -> Tally:
    members = sorted(members, key=lambda one: one.number)
    latest = {one.key.record: one for one in members}
    fix = {RecordId(record) for record in refused}
    fix |= {record for record, one in latest.items() if _is_rejected(one)}
    others = [one for record, one in latest.items() if record not in fix]

    def of(state: State) -> set[RecordId]:
        return {one.key.record for one in others if one.state is state}

    began = min(one.sent_at or one.approved_at for one in members)
    finished = max(one.finished_at or one.updated_at for one in members)
    return Tally(
        total=len(fix) + len(others),
        done=len(of(State.COMPLETED)),
        credits=sum(one.reserved or 0 for one in members if one.state is not State.FAILED),
        minutes=max(1, round((finished - began).total_seconds() / 60)),
        to_fix=_places(fix, memory),
        failed=_places(of(State.FAILED), memory),
        undecided=_places(of(State.NEEDS_DECISION), memory),
    )


def tally_words(tally: Tally) -> str:
    """`48 of 50 done in 21 min, 720 credits. 2 need fixing: rows 17 and 33.`"""
    said = [wording.batch_ended(tally.total, tally.done, tally.minutes, tally.credits)]
    said += [wording.some_need_fixing(tally.to_fix)] if tally.to_fix else []
    said += [wording.some_failed(tally.failed)] if tally.failed else []
    said += [wording.some_need_a_decision(tally.undecided)] if tally.undecided else []
    return " ".join(said)


def place_of(record: RecordId, memory: Memory) -> int | None:
    """Where a row stands, if it does."""
    entry = memory.entries.get(record)
    return entry.row_number if entry is not None and entry.present else None


def _places(records: Iterable[RecordId], memory: Memory) -> Places:
    found = [place_of(record, memory) for record in records]
    return tuple(sorted(found, key=lambda place: (place is None, place or 0)))


def _numbers(intents: Iterable[Intent]) -> tuple[int, ...]:
    return tuple(sorted(one.number for one in intents))


def _is_moving(intent: Intent, memory: Memory, now: datetime) -> bool:
    """Whether the batch waits for it."""
    if intent.state is not State.WAITING:
        return intent.state is not State.NEEDS_DECISION
    entry = memory.entries.get(intent.key.record)
    at = entry.render_at if entry is not None else None
    return at is None or at <= now


def _is_rejected(intent: Intent) -> bool:
    """Whether the service refused what the row says, which then shows as `Needs fixing`."""
    return (
        intent.state is State.FAILED
        and intent.trouble is not None
        and intent.trouble.kind is FailureClass.REJECTED
    )


def _refused(memory: Memory) -> frozenset[str]:
    """Rows whose tick was cleared since they need fixing, and that nobody edited since."""
    return frozenset(record for record in memory.entries if _needs_fixing(memory, record))


def _needs_fixing(memory: Memory, record: RecordId) -> bool:
    entry = memory.entries.get(record)
    if entry is None or not entry.present or entry.notice is None:
        return False
    notice = entry.notice
    return notice.status == wording.NEEDS_FIXING and notice.code is not ProblemCode.CELL_CHANGES

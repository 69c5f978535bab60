"""Progress: what a promise that has not ended says of itself, or what holds it up."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import NamedTuple

from bot.domain import wording
from bot.domain.failures import ProblemCode
from bot.domain.gates import QUESTIONS, Stop
from bot.domain.holds import Hold, HoldKind
from bot.domain.ids import JobId, RecordId
from bot.domain.intents import Intent, State
from bot.domain.media.looks import cause_of
from bot.planner.gate import Barrier
from bot.planner.media import Unseen
from bot.planner.snapshot import Snapshot
from bot.planner.versions import label_of

_STOP_CODES = {
    Stop.TEMPLATE: ProblemCode.TEMPLATE_BUG,
    Stop.BREAKER: ProblemCode.BREAKER,
    Stop.DAY: ProblemCode.BUDGET_DAY,
}
_HOLD_CODES = {
    HoldKind.KEY: ProblemCode.AUTH,
    HoldKind.ADDRESS: ProblemCode.ADDRESS,
    HoldKind.CREDITS: ProblemCode.CREDITS,
    HoldKind.RATE: ProblemCode.RATE,
    HoldKind.NETWORK: ProblemCode.NET,
}


@dataclass(frozen=True, slots=True)
class Line:
    """Where the queue stands, as far as a row's words depend on it."""

    about_to_send: frozenset[JobId]
    ahead: Mapping[JobId, int]
    held: Barrier
    later: Mapping[RecordId, datetime] = field(default_factory=dict)
    """Approved rows whose time has not come."""

    unseen: Mapping[RecordId, Unseen] = field(default_factory=dict)
    """Rows with links that must be looked at first."""


class Words(NamedTuple):
    """What a row says while its promise is under way."""

    status: str
    text: str = ""
    code: ProblemCode | None = None


def progress_words(intent: Intent, seen: Snapshot, line: Line) -> Words:
    """The words for a promise that has not ended."""
    if intent.state is not State.WAITING:
        return sent_words(intent)
    if intent.job_id in line.about_to_send:
        return Words(wording.SENDING, code=intent.trouble.code if intent.trouble else None)
    return _waiting_words(intent, seen, line)


def sent_words(intent: Intent) -> Words:
    """The words for a promise that was sent and has not ended."""
    known = intent.trouble.code if intent.trouble else None
    match intent.state:
        case State.SENDING:
            return Words(wording.SENDING, code=known)
        case State.CHECKING:
            return Words(wording.CHECKING, wording.making_sure(), known)
        case State.NEEDS_DECISION:
            text = intent.trouble.text if intent.trouble else wording.nobody_can_tell()
            return Words(wording.NEEDS_DECISION, text, known)
        case _:
            # Steps of ten: a write for every percent would only spend quota.
            percent = (intent.percent or 0) // 10 * 10
            word = intent.service_word or ""
            code = ProblemCode.LINK_WAIT if word == wording.FINISHED else known
            return Words(f"{wording.RENDERING} {percent}%", wording.in_service_words(word), code)


def _waiting_words(intent: Intent, seen: Snapshot, line: Line) -> Words:
    stop, later = line.held.holding(intent), line.later.get(intent.key.record)
    known = intent.trouble.code if intent.trouble else None
    # What only holds for now says nothing about a time to come; a question to a person is asked at once.
    if later is not None and stop not in QUESTIONS:
        return Words(wording.SCHEDULED, wording.scheduled(f"{later.astimezone(seen.zone):%Y-%m-%d %H:%M}"))
    if stop is not None:
        return Words(wording.ON_HOLD, stop_words(stop, seen, line.held), _STOP_CODES.get(stop))
    if seen.hold is not None:
        return Words(wording.ON_HOLD, hold_words(seen.hold, seen), _HOLD_CODES.get(seen.hold.kind))
    is_up = seen.waits.get(intent.job_id, 0) <= 0 or intent.not_before is None
    unseen = line.unseen.get(intent.key.record)
    if unseen is not None and (is_up or unseen.is_silent):
        return _unseen_words(unseen, seen)
    if intent.not_before is None or is_up:
        return Words(wording.WAITING, wording.in_line(line.ahead[intent.job_id]), known)
    time, is_free = _clock(intent.not_before, seen), known is ProblemCode.SERVICE
    if intent.trouble is None:
        return Words(wording.WAITING, wording.starts_at(time))
    return Words(wording.RETRYING, wording.trying_again(intent.trouble.text, time, is_free=is_free), known)


def _unseen_words(unseen: Unseen, seen: Snapshot) -> Words:
    """What a promise says that waits for one of its links."""
    look = unseen.look
    if look is None or not look.is_temporary:
        return Words(wording.WAITING, wording.looking_at(unseen.column.name))
    cause = cause_of(unseen.column, look)
    text = wording.trying_again(cause, _clock(look.again_on, seen))
    return Words(wording.RETRYING, text, ProblemCode.MEDIA_SLOW)


def stop_words(stop: Stop, seen: Snapshot, held: Barrier) -> str:
    """Why a waiting row is held by its own tab."""
    match stop:
        case Stop.PAUSED:
            return wording.paused()
        case Stop.CHECK_ONLY:
            return wording.only_checked()
        case Stop.TEMPLATE:
            return wording.template_broken(seen.template.title)
        case Stop.BREAKER:
            return wording.breaker(seen.memory.gate.streak)
        case Stop.DAY:
            return wording.day_is_spent(held.day_cap)
        case _:
            return _question_words(stop, seen, held)


def _question_words(stop: Stop, seen: Snapshot, held: Barrier) -> str:
    """What a waiting row asks of whoever may say Go ahead."""
    if not seen.control.switches.has_go_ahead:
        return wording.nobody_can_say_go_ahead()
    if stop is Stop.VERSION:
        return wording.new_version(label_of(seen.template, seen.memory))
    if stop is Stop.SAMPLE:
        return wording.sample_first(held.sample_size)
    return wording.many_rows(len(held.asked))


def hold_words(hold: Hold, seen: Snapshot) -> str:
    """Why a waiting row is held by the account."""
    time = _clock(seen.hold_until, seen)
    match hold.kind:
        case HoldKind.KEY:
            return wording.key_refused()
        case HoldKind.ADDRESS:
            return wording.address_wrong()
        case HoldKind.CREDITS:
            return wording.credits_short(hold.needed, hold.left)
        case HoldKind.RATE:
            return wording.limit_reached(time, is_long=hold.is_long)
        case HoldKind.COLD:
            return wording.settling(time)
        case _:
            return wording.trying_again(wording.cause_network(), time)


def _clock(moment: datetime | None, seen: Snapshot) -> str:
    return moment.astimezone(seen.zone).strftime("%H:%M:%S") if moment else ""

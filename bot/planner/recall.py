"""Recall: what a row says of itself by memory alone, where the sheet cannot be looked at or has the row no more."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, tzinfo

from bot.domain import wording
from bot.domain.entries import Entry
from bot.domain.failures import FailureClass
from bot.domain.intents import Intent, State
from bot.planner.progress import Words, sent_words


def recalled(entry: Entry | None, intents: Sequence[Intent], now: datetime, zone: tzinfo) -> Words:
    """Status and what to do, as far as the journal knows; no status for a row nobody approved.

    The intents are the row's own, oldest first. What holds the queue up is not told: it is no row's own.
    """
    live = next((one for one in reversed(intents) if one.is_live), None)
    if live is not None:
        return _waiting(live, now, zone) if live.state is State.WAITING else sent_words(live)
    content = entry.content if entry is not None else (intents[-1].content if intents else None)
    mine = [one for one in intents if one.content == content and one.state is not State.CANCELLED]
    if mine:
        return _ended(max(mine, key=lambda one: one.attempt), entry)
    if entry is not None and entry.notice is not None:
        return Words(entry.notice.status, entry.notice.text, entry.notice.code)
    if any(one.state is State.COMPLETED for one in intents):
        return Words(wording.OUT_OF_DATE)
    return Words(wording.CANCELLED) if intents else Words("")


def _waiting(intent: Intent, now: datetime, zone: tzinfo) -> Words:
    code = intent.trouble.code if intent.trouble else None
    if intent.not_before is None or intent.not_before <= now:
        return Words(wording.WAITING, code=code)
    time = f"{intent.not_before.astimezone(zone):%H:%M:%S}"
    if intent.trouble is None:
        return Words(wording.WAITING, wording.starts_at(time))
    return Words(wording.RETRYING, wording.trying_again(intent.trouble.text, time), code)


def _ended(intent: Intent, entry: Entry | None) -> Words:
    said = entry.notice.text if entry is not None and entry.notice is not None else ""
    trouble = intent.trouble
    if intent.state is State.COMPLETED:
        return Words(wording.DONE, said)
    is_authors = trouble is not None and trouble.kind is FailureClass.REJECTED
    status = wording.NEEDS_FIXING if is_authors else wording.FAILED
    return Words(status, said or (trouble.text if trouble else ""), trouble.code if trouble else None)

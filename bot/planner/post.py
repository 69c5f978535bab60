"""The post: what becomes of a letter's copy after a try to deliver it, and after the end of a process."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta

from bot.domain.letters import Delivery, Outcome, Parcel
from bot.planner.backoff import retry_delay, share_of

MOST_TRIES = 12
"""Half an hour, more or less: what is older than that is seen in the sheet first."""

_LONGEST_ASKED_WAIT = 900.0


def after_try(parcel: Parcel, receipt: Delivery, now: datetime) -> Parcel | None:
    """The parcel for its next try; None when it is delivered or given up."""
    match receipt.outcome:
        case Outcome.DELIVERED | Outcome.REFUSED:
            return None
        case Outcome.IN_DOUBT if not parcel.letter.is_urgent:
            return None
        case _:
            return _again(parcel, now, receipt.retry_after)


def after_crash(parcel: Parcel, now: datetime) -> Parcel | None:
    """What a new process makes of a parcel; one that was on its way then may have arrived."""
    if not parcel.is_out:
        return parcel
    return after_try(parcel, Delivery(Outcome.IN_DOUBT), now)


def _again(parcel: Parcel, now: datetime, asked: float) -> Parcel | None:
    if parcel.tries + 1 >= MOST_TRIES:
        return None
    wait = max(retry_delay(parcel.tries, share_of(parcel.letter.id)), min(asked, _LONGEST_ASKED_WAIT))
    return replace(parcel, tries=parcel.tries + 1, not_before=now + timedelta(seconds=wait), is_out=False)

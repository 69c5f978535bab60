"""Hours: what becomes of waiting promises when their row's time is taken away, and when it comes."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime, timedelta

from bot.domain.intents import Intent, State
from bot.planner.actions import Move


def kept_to_time(
    intents: Iterable[Intent], before: datetime | None, after: datetime | None, now: datetime, undo: timedelta
) -> list[Move]:
    """Changes to the promises of a row whose time was `before` at the last read and is `after` now.

    A time that was emptied or moved to now may be on its way to another one: nothing is sent before the undo time.
    A price from before its time may be days old: it is asked for once more before anything is sent.
    """
    waiting = [intent for intent in intents if intent.state is State.WAITING]
    if after is not None and after > now:
        return []
    if before is not None and before > now:
        untroubled = (intent for intent in waiting if intent.trouble is None)
        return [Move(one, replace(one, not_before=now + undo, quote=None)) for one in untroubled]
    if after is None:
        return []
    stale = (one for one in waiting if one.quote is not None and one.updated_at < after)
    return [Move(one, replace(one, quote=None, updated_at=now)) for one in stale]

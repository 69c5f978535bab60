"""How one tab stands, in figures: taken from what is remembered of it, for whoever watches the robot."""

from __future__ import annotations

from datetime import datetime, tzinfo

from bot.domain.intents import IN_FLIGHT, Intent, State
from bot.domain.vitals import TabVitals, UnderWay
from bot.planner.actions import Outlook
from bot.planner.snapshot import Memory

_SHOWN = 25
"""Jobs under way, the oldest first: a page is no ledger."""

_AT_SERVICE = IN_FLIGHT | {State.NEEDS_DECISION}


def portrait(memory: Memory, outlook: Outlook, zone: tzinfo) -> TabVitals:
    """The tab's figures as of now."""
    away = [one for one in memory.live.values() if one.state in _AT_SERVICE]
    away.sort(key=lambda one: (one.sent_at or one.approved_at, one.number))
    return TabVitals(
        title="",
        rows=sum(outlook.statuses.values()),
        states=dict(memory.states),
        statuses={word: count for word, count in outlook.statuses.items() if word},
        holds=outlook.holds,
        says=outlook.says,
        spent_today=outlook.spent_today,
        day_cap=outlook.day_cap,
        reserved=sum(_booked(one) for one in away),
        under_way=tuple(_shown(one, memory) for one in away[:_SHOWN]),
        zone=getattr(zone, "key", "UTC"),
    )


def _booked(intent: Intent) -> int:
    """What it costs, or may cost as far as anybody knows."""
    for amount in (intent.reserved, intent.quote):
        if amount is not None:
            return amount
    return intent.price_shown


def _shown(intent: Intent, memory: Memory) -> UnderWay:
    entry = memory.entries.get(intent.key.record)
    row_number = entry.row_number if entry is not None and entry.present else None
    sent_at: datetime | None = intent.sent_at
    return UnderWay(
        intent.key.record,
        row_number,
        intent.state,
        intent.percent,
        sent_at,
        intent.attempt,
        intent.job_name,
    )

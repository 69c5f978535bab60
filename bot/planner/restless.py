"""Rows that change by themselves: told of, and bound to nothing, until they have kept still for a while."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime

from bot.domain import wording
from bot.domain.entries import Churn, Entry, Notice
from bot.domain.failures import ProblemCode


def watched(entry: Entry, changed: Sequence[str], now: datetime) -> Entry:
    """The entry after a look that found these columns changed, or none."""
    churn = entry.churn
    if changed:
        churn = Churn.grown(churn, tuple(changed), now)
        entry = replace(entry, churn=churn)
    if churn is None or not churn.is_restless:
        return entry
    notice = None
    if now <= churn.settles_at:
        words = wording.keeps_changing(churn.columns)
        notice = Notice(ProblemCode.CELL_CHANGES, wording.NEEDS_FIXING, words)
    return replace(entry, churn=churn if notice else None, notice=notice)

"""What the journal tells of days gone by, for charts: looked up read-only, never in the writer's way."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from itertools import pairwise

from sqlalchemy import bindparam, func, select

from bot.adapters.journal_looks import JournalReader
from bot.adapters.schema import events, intents
from bot.domain.intents import State

_MOST = 100_000
"""More ends than that within a chart's time are not counted one by one."""


class HistoryReader(JournalReader):
    """Sums and counts, each by an index: quick whatever the history."""

    def finished_since(self, moment: datetime) -> list[datetime]:
        """When videos were finished."""
        with self._look() as connection:
            return list(connection.scalars(_FINISHED, {"moment": moment}))

    def spent_between(self, moments: Sequence[datetime]) -> list[int]:
        """Credits of what was sent between each moment and the next one, and did not fail."""
        with self._look() as connection:
            sums = (
                connection.scalar(_SPENT, {"begin": begin, "end": end}) for begin, end in pairwise(moments)
            )
            return [int(one or 0) for one in sums]

    def failed_since(self, moment: datetime) -> list[tuple[str, int]]:
        """(problem code, how often) of videos that failed or that nobody can tell of, the most frequent first."""
        with self._look() as connection:
            rows = connection.execute(_FAILED, {"moment": moment})
            return [(str(code or ""), int(count)) for code, count in rows]


_FINISHED = (
    select(events.c.at)
    .where(events.c.at >= bindparam("moment"), events.c.state == State.COMPLETED.value)
    .order_by(events.c.at.desc())
    .limit(_MOST)
)
_SPENT = select(func.sum(intents.c.reserved)).where(
    intents.c.reserved.is_not(None),
    intents.c.sent_at >= bindparam("begin"),
    intents.c.sent_at < bindparam("end"),
    intents.c.state.not_in([State.FAILED.value, State.CANCELLED.value]),
)
_CODE = func.json_extract(intents.c.trouble, "$[1]")
_FAILED = (
    select(_CODE, func.count())
    .where(
        intents.c.state.in_([State.FAILED.value, State.NEEDS_DECISION.value]),
        intents.c.updated_at >= bindparam("moment"),
    )
    .group_by(_CODE)
    .order_by(func.count().desc(), _CODE)
)

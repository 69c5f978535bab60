"""The last day and the last month in a few figures, read from the journal now and then."""

from __future__ import annotations

import threading
from collections import Counter
from dataclasses import dataclass
from datetime import datetime, timedelta, tzinfo
from pathlib import Path

from bot.adapters.journal_history import HistoryReader
from bot.ports import JournalError

HOURS = 24
DAYS = 30
FAILED_DAYS = 7

_SECONDS_KEPT = 15.0
"""However many people look at the page: the journal is read that often."""


@dataclass(frozen=True, slots=True)
class Past:
    """Each figure with the moment its hour or day began."""

    hours: tuple[tuple[datetime, int], ...]
    """Videos finished."""

    days: tuple[tuple[datetime, int], ...]
    """Credits of what was sent and did not fail."""

    failed: tuple[tuple[str, int], ...]
    """(problem code, how often) in the last week."""


class History:
    """Looks at the journal for whoever asks, one at a time."""

    def __init__(self, journal: Path) -> None:
        self._journal = journal
        self._lock = threading.Lock()
        self._kept: tuple[datetime, str, Past] | None = None

    def look(self, now: datetime, zone: tzinfo) -> Past | None:
        """Days as the sheet counts them; None while the journal cannot be read."""
        with self._lock:
            if self._kept is not None and self._kept[1] == str(zone):
                age = abs((now - self._kept[0]).total_seconds())
                if age < _SECONDS_KEPT:
                    return self._kept[2]
            try:
                past = _read(self._journal, now.astimezone(zone))
            except JournalError:
                return None
            self._kept = (now, str(zone), past)
            return past


def _read(journal: Path, now: datetime) -> Past:
    this_hour = now.replace(minute=0, second=0, microsecond=0)
    hours = [this_hour - timedelta(hours=back) for back in range(HOURS - 1, -1, -1)]
    today = now.replace(hour=0, minute=0, second=0, microsecond=0)
    # By the calendar of the zone: a day may have 23 hours.
    days = [today - timedelta(days=back) for back in range(DAYS - 1, -2, -1)]
    reader = HistoryReader(journal)
    try:
        finished = reader.finished_since(hours[0])
        spent = reader.spent_between(days)
        failed = reader.failed_since(now - timedelta(days=FAILED_DAYS))
    finally:
        reader.close()
    counted = Counter(int((one - hours[0]).total_seconds() // 3600) for one in finished)
    return Past(
        tuple((hour, counted[number]) for number, hour in enumerate(hours)),
        tuple(zip(days[:-1], spent, strict=True)),
        tuple(failed),
    )

"""What keeps the journal's file in shape over the years: old events go, and a file that only grows is told of.

Intents are never thrown away, nor the events of one that has not ended.
"""

from __future__ import annotations

from datetime import datetime, timedelta

import structlog
from sqlalchemy import delete, select

from bot.adapters.journal import SqliteJournal
from bot.adapters.journal_file import companions
from bot.adapters.schema import events, intents
from bot.domain.intents import LIVE
from bot.ports import Clock, JournalError

log = structlog.get_logger()

EVENTS_AT_ONCE = 5000
"""Events thrown away in one transaction: short enough that no tick waits for it."""

_SECONDS_BETWEEN_PRUNES = 24 * 3600.0
_CLOCK_JUMPED = timedelta(hours=1)
LARGEST_WAL = 64 * 1024 * 1024
"""Beyond this, somebody must be reading without an end: the file would fill the disk."""

_SECONDS_BETWEEN_WARNINGS = 600.0


class Upkeep:
    """Looks after the file between two ticks; trouble is logged and tried again later."""

    def __init__(self, journal: SqliteJournal, clock: Clock, events_kept_days: int) -> None:
        self._journal = journal
        self._clock = clock
        self._kept = timedelta(days=events_kept_days)
        self._began = clock.now(), clock.monotonic()
        self._prune_from = self._warn_from = clock.monotonic()

    def tend(self) -> None:
        """Does what is due; called between two ticks."""
        monotonic = self._clock.monotonic()
        if monotonic >= self._prune_from:
            # A long history goes bit by bit, so that no tick waits for it.
            more = self.prune() == EVENTS_AT_ONCE
            self._prune_from = monotonic + (0 if more else _SECONDS_BETWEEN_PRUNES)
        self.watch_wal()

    def prune(self) -> int:
        """Throws some events away that are older than they are kept; says how many."""
        if not self._kept or self._clock_jumped():
            return 0
        before = self._clock.now() - self._kept
        try:
            gone = self._prune_some(before)
        except JournalError as error:
            log.error("events_not_pruned", reason=str(error))  # noqa: TRY400 - the message says it all
            return 0
        if gone:
            log.info("events_pruned", count=gone, older_than=before.isoformat(timespec="seconds"))
        return gone

    def _prune_some(self, before: datetime) -> int:
        live = select(intents.c.job_id).where(intents.c.state.in_([state.value for state in LIVE]))
        oldest = (
            select(events.c.id)
            .where(events.c.at < before, events.c.job_id.not_in(live))
            .order_by(events.c.at)
            .limit(EVENTS_AT_ONCE)
        )
        with self._journal.file.begin() as connection:
            return connection.execute(delete(events).where(events.c.id.in_(oldest))).rowcount

    def _clock_jumped(self) -> bool:
        """A clock that was set ten years on must not make everything look old."""
        wall, monotonic = self._began
        passed = timedelta(seconds=self._clock.monotonic() - monotonic)
        if abs(self._clock.now() - wall - passed) < _CLOCK_JUMPED:
            return False
        log.warning("events_not_pruned", reason="The machine's clock was set while the robot ran.")
        return True

    def watch_wal(self) -> None:
        """Newest entries go into the file proper as soon as nobody reads older ones; one reader without an end
        stops that.
        """
        wal, _ = companions(self._journal.path)
        now = self._clock.monotonic()
        size = wal.stat().st_size if wal.exists() else 0
        if size <= LARGEST_WAL or now < self._warn_from:
            return
        # One attempt that waits for nobody, at most every ten minutes; SQLite makes its own with each commit.
        self._warn_from = now + _SECONDS_BETWEEN_WARNINGS
        try:
            self._journal.file.checkpoint()
        except JournalError as error:
            log.error("journal_not_tidied", reason=str(error))  # noqa: TRY400 - the message says it all
            return
        if (size := wal.stat().st_size) > LARGEST_WAL:
            log.warning(
                "journal_wal_grows",
                megabytes=round(size / 1e6, 1),
                file=str(wal),
                reason="Another program keeps the journal open for reading. Close it, or the disk fills up.",
            )

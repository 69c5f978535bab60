"""The store that keeps jobs through a kill.

One SQLite file holds jobs and ledger. Each method of the store is one transaction that is committed
before it returns, so an answer is never given for something a kill could undo. WAL with
synchronous=NORMAL is enough for that: a killed process loses nothing, only a power cut could. The
standard library's sqlite3 serves: a dozen fixed statements, no migrations, no second database.
"""

# ruff: noqa: S608, and nosec: statements are put together from this module's own constants only

from __future__ import annotations

import sqlite3
import threading
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import astuple, fields
from pathlib import Path

from bot.sandbox.zvid.job import Job, Order, State
from bot.sandbox.zvid.ledger import SCHEMA as LEDGER_SCHEMA
from bot.sandbox.zvid.ledger import Balance, Entry, Kind, Ledger, NotEnoughCreditsError

SCHEMA = """
CREATE TABLE IF NOT EXISTS jobs (
    id TEXT PRIMARY KEY,
    place INTEGER NOT NULL,
    name TEXT NOT NULL,
    type TEXT NOT NULL,
    width INTEGER NOT NULL,
    height INTEGER NOT NULL,
    seconds REAL NOT NULL,
    credits INTEGER NOT NULL,
    state TEXT NOT NULL,
    runs INTEGER NOT NULL,
    created_ms INTEGER NOT NULL,
    updated_ms INTEGER NOT NULL,
    finished_ms INTEGER,
    video TEXT,
    thumbnail TEXT,
    failed_reason TEXT,
    project TEXT NOT NULL,  -- late: reading a line of the listing then leaves its pages alone
    template_id TEXT,
    bulk_id TEXT,
    webhook_url TEXT,
    removed TEXT
) STRICT;
CREATE INDEX IF NOT EXISTS jobs_by_state ON jobs (state, place);
CREATE INDEX IF NOT EXISTS jobs_by_age ON jobs (created_ms);
CREATE INDEX IF NOT EXISTS jobs_by_file ON jobs (video);
"""
LATER = ("template_id", "bulk_id", "webhook_url", "removed")  # columns that folders of earlier versions lack
BULK_INDEX = "CREATE INDEX IF NOT EXISTS jobs_by_bulk ON jobs (bulk_id)"

COLUMNS = ", ".join(each.name for each in fields(Job))
ORDERED = ", ".join(each.name for each in fields(Order))
LIVE = "state IN ('waiting', 'active')"
DRAWINGS_KEPT = 5_000  # of so many jobs what they draw is still known
NEXT_PLACE = "(SELECT coalesce(max(place), 0) + 1 FROM jobs)"


def now_ms() -> int:
    return int(time.time() * 1000)


class JobStore:
    """Jobs and ledger in one file; safe to call from any thread."""

    def __init__(self, file: Path) -> None:
        self._lock = threading.Lock()
        self._connection = sqlite3.connect(file, check_same_thread=False, isolation_level=None)
        self._connection.execute("PRAGMA journal_mode = WAL")
        self._connection.execute("PRAGMA synchronous = NORMAL")
        self._connection.executescript(SCHEMA + LEDGER_SCHEMA)
        there = {row[1] for row in self._connection.execute("PRAGMA table_info(jobs)")}
        for name in LATER:
            if name not in there:
                self._connection.execute(f"ALTER TABLE jobs ADD COLUMN {name} TEXT")
        self._connection.execute(BULK_INDEX)
        self._ledger = Ledger(self._connection)

    def close(self) -> None:
        with self._lock:
            self._connection.close()

    def open_account(self, subscription: int, addon: int) -> None:
        """Books the first credits of a new folder; an old one keeps what it has."""
        with self._change():
            if self._ledger.is_empty():
                self._ledger.add(Kind.OPENING, subscription, addon, now_ms())

    def set_balance(self, total: int) -> None:
        """Books the difference as an adjustment, so that the ledger still adds up."""
        with self._change():
            left = self._ledger.balance()
            addon = min(left.addon, total)
            self._ledger.add(Kind.ADJUSTMENT, total - addon - left.subscription, addon - left.addon, now_ms())

    def accept(self, order: Order) -> Job:
        """Charges and queues in one step; raises NotEnoughCreditsError with nothing changed."""
        return self.accept_all([order])[0]

    def accept_all(self, orders: Sequence[Order]) -> list[Job]:
        """All of them or none; raises NotEnoughCreditsError for the sum with nothing changed."""
        at = now_ms()
        with self._change():
            if len(orders) > 1:  # a single one is refused by the ledger itself
                needed, left = sum(order.credits for order in orders), self._ledger.balance().total
                if needed > left:
                    raise NotEnoughCreditsError(needed, left)
            for order in orders:
                self._ledger.reserve(order.id, order.credits, at)
                self._connection.execute(
                    f"INSERT INTO jobs ({ORDERED}, place, state, runs, created_ms, updated_ms)"  # nosec B608  # words of ours; values are bound
                    f" VALUES ({', '.join('?' * len(fields(Order)))}, {NEXT_PLACE}, 'waiting', 0, ?, ?)",
                    (*astuple(order), at, at),
                )
                self._forget_drawing()
            return [self._one(order.id) for order in orders]

    def charge_again(self, order: Order) -> Job:
        """A second reservation for a job that exists; the job itself stays as it is."""
        with self._change():
            self._ledger.reserve(order.id, order.credits, now_ms())
            return self._one(order.id)

    def run_again(self, order: Order) -> Job:
        """A finished job takes the new order and starts from the beginning, under its old id."""
        at = now_ms()
        with self._change():
            self._ledger.reserve(order.id, order.credits, at)
            self._connection.execute(
                f"UPDATE jobs SET ({ORDERED}) = ({', '.join('?' * len(fields(Order)))}),"  # nosec B608  # words of ours; values are bound
                f" place = {NEXT_PLACE}, state = 'waiting', created_ms = ?, updated_ms = ?, finished_ms = NULL,"
                " video = NULL, thumbnail = NULL, failed_reason = NULL"
                " WHERE id = ? AND state NOT IN ('waiting', 'active')",
                (*astuple(order), at, at, order.id),
            )
            return self._one(order.id)

    def begin_next(self) -> Job | None:
        """Moves the oldest waiting job to active; single renders go before those of a batch."""
        with self._change():
            row = self._connection.execute(
                "UPDATE jobs SET state = 'active', updated_ms = ? WHERE id ="  # nosec B608  # words of ours; values are bound
                " (SELECT id FROM jobs WHERE state = 'waiting' ORDER BY bulk_id IS NOT NULL, place LIMIT 1)"
                f" RETURNING {COLUMNS}",
                (now_ms(),),
            ).fetchone()
        return _job(row) if row else None

    def complete(self, job_id: str, video: str, thumbnail: str) -> None:
        at = now_ms()
        with self._change():
            self._connection.execute(
                "UPDATE jobs SET state = 'completed', runs = runs + 1, updated_ms = ?, finished_ms = ?,"
                " video = ?, thumbnail = ? WHERE id = ? AND state = 'active'",
                (at, at, video, thumbnail, job_id),
            )

    def fail(self, job_id: str, reason: str, *, refund: bool = True) -> None:
        """Ends the job and gives its credits back, together."""
        at = now_ms()
        with self._change():
            changed = self._connection.execute(
                "UPDATE jobs SET state = 'failed', updated_ms = ?, finished_ms = ?, failed_reason = ?"
                " WHERE id = ? AND state = 'active'",
                (at, at, reason, job_id),
            ).rowcount
            if changed and refund:
                self._ledger.refund(job_id, at)

    def cancel(self, job_id: str) -> None:
        """Ends a job that has not ended yet and gives its credits back, together."""
        at = now_ms()
        with self._change():
            changed = self._connection.execute(
                f"UPDATE jobs SET state = 'cancelled', updated_ms = ?, finished_ms = ? WHERE id = ? AND {LIVE}",  # nosec B608  # words of ours; values are bound
                (at, at, job_id),
            ).rowcount
            if changed:
                self._ledger.refund(job_id, at)

    def remove(self, job_id: str, at: str) -> None:
        """Shows the job to nobody any more."""
        with self._change():
            self._connection.execute("UPDATE jobs SET removed = ? WHERE id = ?", (at, job_id))

    def requeue_unfinished(self) -> int:
        """What was active when the last process ended is waiting again; says how many."""
        with self._change():
            return self._connection.execute(
                "UPDATE jobs SET state = 'waiting', updated_ms = ? WHERE state = 'active'", (now_ms(),)
            ).rowcount

    def find(self, job_id: str) -> Job | None:
        with self._lock:
            row = self._connection.execute(f"SELECT {COLUMNS} FROM jobs WHERE id = ?", (job_id,)).fetchone()  # nosec B608  # words of ours; values are bound
        return _job(row) if row else None

    def project_of(self, job_id: str) -> str:
        """What the job draws, as JSON; of a very old one an empty object."""
        with self._lock:
            row = self._connection.execute("SELECT project FROM jobs WHERE id = ?", (job_id,)).fetchone()
        return str(row[0])

    def page(self, offset: int, limit: int, kind: str | None, seen: tuple[int, int]) -> tuple[list[Job], int]:
        """Newest first, and how many there are in all, of those made before and not ended before the moments `seen`."""
        where = "removed IS NULL AND created_ms <= ? AND coalesce(finished_ms, ?) >= ?"
        filters: list[str | int] = [seen[0], seen[1], seen[1]]
        if kind is not None:
            where += " AND type = ?"
            filters.append(kind)
        with self._lock:
            total: int = self._connection.execute(
                f"SELECT count(*) FROM jobs WHERE {where}",  # nosec B608  # words of ours; values are bound
                filters,
            ).fetchone()[0]
            rows = self._connection.execute(
                f"SELECT {COLUMNS} FROM jobs WHERE {where} ORDER BY place DESC LIMIT ? OFFSET ?",  # nosec B608  # words of ours; values are bound
                [*filters, limit, offset],
            ).fetchall()
        return [_job(row) for row in rows], total

    def of_bulk(self, bulk_id: str) -> list[Job]:
        """Newest first: their order is not promised (Zvid docs, bulk-rendering)."""
        with self._lock:
            rows = self._connection.execute(
                f"SELECT {COLUMNS} FROM jobs WHERE bulk_id = ? ORDER BY place DESC",  # nosec B608  # words of ours; values are bound
                (bulk_id,),
            ).fetchall()
        return [_job(row) for row in rows]

    def all(self) -> list[Job]:
        """Oldest first."""
        with self._lock:
            rows = self._connection.execute(f"SELECT {COLUMNS} FROM jobs ORDER BY place").fetchall()  # nosec B608  # words of ours
        return [_job(row) for row in rows]

    def waiting_up_to(self, place: int) -> int:
        """The place of a job in the queue, itself included."""
        return self._count("state = 'waiting' AND place <= ?", place)

    def live_count(self) -> int:
        return self._count(LIVE)

    def accepted_since(self, at_ms: int) -> int:
        return self._count("created_ms >= ?", at_ms)

    def oldest_since(self, at_ms: int) -> int | None:
        """When the first job after that moment was accepted."""
        with self._lock:
            found: int | None = self._connection.execute(
                "SELECT min(created_ms) FROM jobs WHERE created_ms >= ?", (at_ms,)
            ).fetchone()[0]
        return found

    def has_file(self, beginning: str) -> bool:
        return self._count("video >= ? AND video < ?", beginning, f"{beginning}~") > 0

    def balance(self) -> Balance:
        with self._lock:
            return self._ledger.balance()

    def ledger_page(self, offset: int, limit: int) -> tuple[list[Entry], int]:
        with self._lock:
            return self._ledger.page(offset, limit)

    def usage_since(self, at_ms: int) -> tuple[int, dict[str, int]]:
        """Credits spent and not given back since then, and how many jobs are in each state."""
        with self._lock:
            spent = self._ledger.spent_since(at_ms)
            rows = self._connection.execute(
                "SELECT state, count(*) FROM jobs WHERE created_ms >= ? GROUP BY state", (at_ms,)
            ).fetchall()
        return spent, dict(rows)

    def entries(self, kind: Kind) -> list[Entry]:
        with self._lock:
            return self._ledger.of_kind(kind)

    def _forget_drawing(self) -> None:
        """Of the job that is too old for it by now; the job itself stays in the books."""
        self._connection.execute(
            "UPDATE jobs SET project = '{}' WHERE state IN ('completed', 'failed', 'cancelled')"
            " AND place = (SELECT max(place) FROM jobs) - ?",
            (DRAWINGS_KEPT,),
        )

    def _count(self, where: str, *values: int | str) -> int:
        with self._lock:
            found: int = self._connection.execute(
                f"SELECT count(*) FROM jobs WHERE {where}",  # nosec B608  # words of ours; values are bound
                values,
            ).fetchone()[0]
        return found

    def _one(self, job_id: str) -> Job:
        return _job(
            self._connection.execute(f"SELECT {COLUMNS} FROM jobs WHERE id = ?", (job_id,)).fetchone()  # nosec B608  # words of ours; values are bound
        )

    @contextmanager
    def _change(self) -> Iterator[None]:
        with self._lock:
            self._connection.execute("BEGIN IMMEDIATE")
            try:
                yield
            except BaseException:
                self._connection.execute("ROLLBACK")
                raise
            self._connection.execute("COMMIT")


def _job(row: tuple[str | int | float | None, ...]) -> Job:
    values = dict(zip((each.name for each in fields(Job)), row, strict=True))
    values["state"] = State(str(values["state"]))
    return Job(**values)  # type: ignore[arg-type]  # STRICT tables hold exactly these types

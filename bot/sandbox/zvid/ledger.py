"""The account's money: what every entry of the ledger means and how a charge is split.

Credits are reserved on acceptance, kept on completion and given back on failure; subscription credits
are spent before add-on credits (Zvid docs, credits-and-plans). A refund goes back where it came from.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum

SCHEMA = """
CREATE TABLE IF NOT EXISTS ledger (
    seq INTEGER PRIMARY KEY AUTOINCREMENT,
    at_ms INTEGER NOT NULL,
    kind TEXT NOT NULL,
    job_id TEXT,
    subscription INTEGER NOT NULL,
    addon INTEGER NOT NULL
) STRICT;
CREATE INDEX IF NOT EXISTS ledger_of_job ON ledger (job_id);
"""


class Kind(StrEnum):
    """Why credits came or went."""

    OPENING = "opening"  # what the account starts with
    RESERVE = "reserve"  # a job was accepted
    REFUND = "refund"  # that job failed
    ADJUSTMENT = "adjustment"  # an operator set the balance


class NotEnoughCreditsError(Exception):
    """The job costs more than the account holds."""

    def __init__(self, required: int, available: int) -> None:
        super().__init__(f"{required} credits required, {available} available")
        self.required = required
        self.available = available


@dataclass(frozen=True, slots=True)
class Entry:
    """One line of the ledger; amounts are signed, a reservation is negative."""

    seq: int
    at_ms: int
    kind: Kind
    job_id: str | None
    subscription: int
    addon: int

    @property
    def amount(self) -> int:
        return self.subscription + self.addon


@dataclass(frozen=True, slots=True)
class Balance:
    """What is left, and how the add-on part came about."""

    subscription: int
    addon: int
    addon_earned: int
    addon_spent: int

    @property
    def total(self) -> int:
        return self.subscription + self.addon


class Ledger:
    """The ledger table; every method runs inside the transaction of its caller."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        self._connection = connection

    def is_empty(self) -> bool:
        return self._connection.execute("SELECT 1 FROM ledger LIMIT 1").fetchone() is None

    def balance(self) -> Balance:
        row = self._connection.execute(
            "SELECT coalesce(sum(subscription), 0), coalesce(sum(addon), 0),"
            " coalesce(sum(addon) FILTER (WHERE kind IN ('opening', 'adjustment')), 0),"
            " coalesce(-sum(addon) FILTER (WHERE kind IN ('reserve', 'refund')), 0) FROM ledger"
        ).fetchone()
        return Balance(*row)

    def reserve(self, job_id: str, credits_needed: int, at_ms: int) -> None:
        """Raises NotEnoughCreditsError, and then nothing has changed."""
        left = self.balance()
        if left.total < credits_needed:
            raise NotEnoughCreditsError(credits_needed, left.total)
        subscription = min(max(left.subscription, 0), credits_needed)
        self.add(Kind.RESERVE, -subscription, -(credits_needed - subscription), at_ms, job_id)

    def refund(self, job_id: str, at_ms: int) -> None:
        """Gives back whatever of this job's reservations has not come back yet."""
        subscription, addon = self._connection.execute(
            "SELECT coalesce(-sum(subscription), 0), coalesce(-sum(addon), 0) FROM ledger WHERE job_id = ?",
            (job_id,),
        ).fetchone()
        if subscription or addon:
            self.add(Kind.REFUND, subscription, addon, at_ms, job_id)

    def spent_since(self, at_ms: int) -> int:
        row = self._connection.execute(
            "SELECT coalesce(-sum(subscription + addon), 0) FROM ledger"
            " WHERE kind IN ('reserve', 'refund') AND at_ms >= ?",
            (at_ms,),
        ).fetchone()
        return int(row[0])

    def add(self, kind: Kind, subscription: int, addon: int, at_ms: int, job_id: str | None = None) -> None:
        self._connection.execute(
            "INSERT INTO ledger (at_ms, kind, job_id, subscription, addon) VALUES (?, ?, ?, ?, ?)",
            (at_ms, kind, job_id, subscription, addon),
        )

    def page(self, offset: int, limit: int) -> tuple[list[Entry], int]:
        """Newest first, and how many there are in all."""
        total: int = self._connection.execute("SELECT count(*) FROM ledger").fetchone()[0]
        rows = self._connection.execute(
            "SELECT seq, at_ms, kind, job_id, subscription, addon FROM ledger"
            " ORDER BY seq DESC LIMIT ? OFFSET ?",
            (limit, offset),
        )
        return _entries(rows), total

    def of_kind(self, kind: Kind) -> list[Entry]:
        """Oldest first."""
        return _entries(
            self._connection.execute(
                "SELECT seq, at_ms, kind, job_id, subscription, addon FROM ledger WHERE kind = ? ORDER BY seq",
                (kind,),
            )
        )


def _entries(rows: Iterable[tuple[int, int, str, str | None, int, int]]) -> list[Entry]:
    return [Entry(seq, at, Kind(kind), job, own, extra) for seq, at, kind, job, own, extra in rows]

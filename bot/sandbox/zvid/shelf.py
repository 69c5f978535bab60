"""Keeps what the account has made besides jobs: stored templates, webhooks, batches, deliveries.

Each is a JSON object under an id of its kind, in one table beside the jobs; a change is committed before it is
answered, as there.
"""

from __future__ import annotations

import secrets
import sqlite3
import string
import threading
from pathlib import Path
from typing import Any

import orjson

Thing = dict[str, Any]

SCHEMA = """
CREATE TABLE IF NOT EXISTS things (
    seq INTEGER PRIMARY KEY AUTOINCREMENT,
    kind TEXT NOT NULL,
    id TEXT NOT NULL UNIQUE,
    body BLOB NOT NULL
) STRICT;
CREATE INDEX IF NOT EXISTS things_by_kind ON things (kind, seq);
"""
_LETTERS = string.ascii_letters + string.digits


def new_id(kind: str) -> str:
    """`tpl_`, `whk_`, `blk_` and twenty letters or digits."""
    return f"{kind}_{''.join(secrets.choice(_LETTERS) for _ in range(20))}"


class Shelf:
    """Safe to call from any thread."""

    def __init__(self, file: Path) -> None:
        self._lock = threading.Lock()
        self._connection = sqlite3.connect(file, check_same_thread=False, isolation_level=None)
        self._connection.execute("PRAGMA journal_mode = WAL")
        self._connection.execute("PRAGMA synchronous = NORMAL")
        self._connection.execute("PRAGMA busy_timeout = 10000")
        self._connection.executescript(SCHEMA)

    def close(self) -> None:
        with self._lock:
            self._connection.close()

    def put(self, kind: str, thing: Thing) -> Thing:
        """Keeps it under its `id`, in place of what was there."""
        with self._lock:
            self._connection.execute(
                "INSERT INTO things (kind, id, body) VALUES (?, ?, ?)"
                " ON CONFLICT (id) DO UPDATE SET body = excluded.body",
                (kind, thing["id"], orjson.dumps(thing)),
            )
        return thing

    def find(self, kind: str, thing_id: str) -> Thing | None:
        with self._lock:
            row = self._connection.execute(
                "SELECT body FROM things WHERE kind = ? AND id = ?", (kind, thing_id)
            ).fetchone()
        return _thing(row) if row else None

    def drop(self, kind: str, thing_id: str) -> None:
        with self._lock:
            self._connection.execute("DELETE FROM things WHERE kind = ? AND id = ?", (kind, thing_id))

    def all(self, kind: str) -> list[Thing]:
        """Newest first."""
        with self._lock:
            rows = self._connection.execute(
                "SELECT body FROM things WHERE kind = ? ORDER BY seq DESC", (kind,)
            ).fetchall()
        return [_thing(row) for row in rows]

    def keep_newest(self, kind: str, count: int) -> None:
        """Forgets the rest, so that a log does not grow without end."""
        with self._lock:
            self._connection.execute(
                "DELETE FROM things WHERE kind = ? AND seq <="
                " (SELECT seq FROM things WHERE kind = ? ORDER BY seq DESC LIMIT 1 OFFSET ?)",
                (kind, kind, count),
            )


def _thing(row: tuple[bytes]) -> Thing:
    found: Thing = orjson.loads(row[0])
    return found

"""A disk that fails: what SQLite would say of it, at a chosen statement of the journal's connection."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable
from pathlib import Path
from typing import Any
from urllib.parse import quote

FULL = ("database or disk is full", "SQLITE_FULL")
BROKEN = ("disk I/O error", "SQLITE_IOERR_WRITE")


class Disk:
    """Counts statements, begins and commits of every connection opened through it, and fails some."""

    def __init__(self, said: tuple[str, str] = BROKEN, *, commits_land: bool = False) -> None:
        self.count = 0
        self.failed = 0
        self.fails: Callable[[int], bool] = lambda _number: False
        self.commits_land = commits_land
        """Only commits are counted and fail, and those that do are in the file all the same."""

        self.on_failure: Callable[[], None] = lambda: None
        self._said = said

    def connect(self, path: Path, *, is_writer: bool) -> sqlite3.Connection:
        """Stands in for the journal's own way to open its file."""
        disk = self

        class Cursor(sqlite3.Cursor):
            def execute(self, sql: str, *given: Any) -> Any:
                if sql == "PRAGMA synchronous=FULL":
                    # Its failures are made here; waiting for the machine's own disk proves nothing more.
                    return super().execute("PRAGMA synchronous=OFF")
                disk._step(sql)
                return super().execute(sql, *given)

            def executemany(self, sql: str, *given: Any) -> Any:
                disk._step(sql)
                return super().executemany(sql, *given)

        class Connection(sqlite3.Connection):
            def cursor(self, *_given: Any) -> sqlite3.Cursor:
                return super().cursor(Cursor)

            def commit(self) -> None:
                if disk.commits_land:
                    super().commit()
                disk._step("COMMIT")
                super().commit()

        mode = "rw" if is_writer else "ro"
        return sqlite3.connect(
            f"file:{quote(str(path))}?mode={mode}",
            uri=True,
            isolation_level=None,
            check_same_thread=False,
            factory=Connection,
        )

    def _step(self, sql: str) -> None:
        if self.commits_land and sql != "COMMIT":
            return
        self.count += 1
        if self.fails(self.count):
            self.failed += 1
            self.on_failure()
            words, name = self._said
            error = sqlite3.OperationalError(words)
            error.sqlite_errorname = name
            raise error

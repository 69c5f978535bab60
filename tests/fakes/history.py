"""A journal with a long past: many videos that ended long ago, and the story of each."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path

_COUNT = "WITH RECURSIVE count(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM count WHERE n < ?)"


def grow_old(path: Path, videos: int, events_each: int = 5, ended: str = "2025-01-02T03:04:05.000006+00:00"):
    """Adds so many ended videos to a journal nobody has open; it must hold one completed video to copy."""
    with closing(sqlite3.connect(path)) as file:
        file.execute("PRAGMA synchronous=OFF")
        columns = [row[1] for row in file.execute("PRAGMA table_info(intents)")]
        changed = {
            "job_id": "printf('%08x-0000-4000-8000-000000000000', n)",
            "record": "printf('r%06xq', n)",
            "fingerprint": "printf('%064x', n)",
            "content": "replace(content, 'Spring', 'Film ' || n)",
            "sent_at": f"'{ended}'",
            "finished_at": f"'{ended}'",
            "updated_at": f"'{ended}'",
            "approved_at": f"'{ended}'",
        }
        file.execute(
            f"{_COUNT} INSERT INTO intents ({', '.join(columns)}) "  # noqa: S608 - names of our own schema
            f"SELECT {', '.join(changed.get(name, name) for name in columns)} "
            "FROM count, (SELECT * FROM intents WHERE state = 'completed' LIMIT 1)",
            (videos,),
        )
        file.execute(
            f"{_COUNT} INSERT INTO events (at, job_id, record, state) "  # noqa: S608
            "SELECT ?, printf('%08x-0000-4000-8000-000000000000', n / ?), printf('r%06xq', n / ?), 'completed' "
            "FROM count",
            (videos * events_each, ended, events_each, events_each),
        )
        file.commit()

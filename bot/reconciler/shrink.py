"""Most rows are suddenly gone: an answer cut short, or a sheet emptied by mistake. One more look decides."""

from __future__ import annotations

import structlog

from bot.domain.cells import cells_mark
from bot.planner.snapshot import Snapshot
from bot.ports import Reading

log = structlog.get_logger()

_FEW_ROWS = 20
"""So many rows may be gone at once without a second look."""


class ShrinkGuard:
    """Remembers a read that showed far fewer rows than are known, until another one agrees or disagrees."""

    def __init__(self) -> None:
        self._shrunk: bytes | None = None

    def doubts(self, seen: Snapshot, reading: Reading) -> bool:
        """Whether this read is not to be acted upon: nothing is withdrawn, cleaned or sent because of it."""
        known = sum(entry.present for entry in seen.memory.entries.values())
        missing = known - len(seen.lines)
        if missing <= _FEW_ROWS or missing * 2 <= known:
            self._shrunk = None
            return False
        mark = cells_mark(*reading.values)
        if mark == self._shrunk:
            return False
        self._shrunk = mark
        log.warning(
            "rows_missing", known=known, seen=len(seen.lines), reason="Believed if the next read agrees."
        )
        return True

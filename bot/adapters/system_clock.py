"""The machine's clocks; the only module that reads them."""

from __future__ import annotations

import time
from datetime import UTC, datetime


class SystemClock:
    """Wall time for people, monotonic time for waiting."""

    def now(self) -> datetime:
        return datetime.now(UTC)

    def monotonic(self) -> float:
        return time.monotonic()

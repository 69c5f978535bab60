"""Pace: how often the sheet may be read, so that Google's quota is never the thing that stops the robot."""

from __future__ import annotations

from dataclasses import dataclass, field


@dataclass
class Pace:
    """A token bucket: a short burst, then an even pace, for all tabs of one robot account.

    Google allows 60 reads and 60 writes a minute for one account (Sheets API, usage limits); 50 leaves
    room for whatever else uses the account.
    """

    a_minute: float = 50.0
    burst: float = 10.0
    _tokens: float = field(init=False)
    _at: float | None = None

    def __post_init__(self) -> None:
        self._tokens = self.burst

    def wait(self, monotonic: float) -> float:
        """Seconds until the next read is allowed."""
        self._refill(monotonic)
        return 0.0 if self._tokens >= 1 else (1 - self._tokens) * 60 / self.a_minute

    def take(self, monotonic: float) -> None:
        """One read was made."""
        self._refill(monotonic)
        self._tokens = max(0.0, self._tokens - 1)

    def _refill(self, monotonic: float) -> None:
        if self._at is not None:
            self._tokens = min(self.burst, self._tokens + (monotonic - self._at) * self.a_minute / 60)
        self._at = monotonic

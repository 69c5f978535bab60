"""Pace: how often Google may be asked, so that its quota is never the thing that stops the robot.

Times are monotonic seconds, handed in by whoever asks.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Self

_SLOWEST = 12.0
"""Calls a minute, however often Google complained."""

_AFTER_A_REFUSAL = 0.7
_FASTER_BY = 0.1


@dataclass
class Pace:
    """A token bucket: a short burst, then an even pace, for all tabs and spreadsheets of one robot account.

    Google allows 60 reads and 60 writes a minute for one account (Sheets API, usage limits); burst and pace
    together stay below that in any minute. A refusal means that something else uses the account as well:
    nothing more until the time named, slower from then on, and faster again little by little.
    """

    a_minute: float = 48.0
    burst: float = 10.0
    _tokens: float = field(init=False)
    _full_speed: float = field(init=False)
    _at: float | None = None
    """Until when the bucket was filled; after a refusal a moment to come."""

    def __post_init__(self) -> None:
        self._tokens = self.burst
        self._full_speed = self.a_minute

    def wait(self, monotonic: float) -> float:
        """Seconds until the next call is allowed."""
        self._refill(monotonic)
        closed = max(self._at - monotonic, 0.0) if self._at is not None else 0.0
        return closed + (0.0 if self._tokens >= 1 else (1 - self._tokens) * 60 / self.a_minute)

    def take(self, monotonic: float) -> None:
        """One call is made."""
        self._refill(monotonic)
        self._tokens = max(0.0, self._tokens - 1)
        self.a_minute = min(self._full_speed, self.a_minute + _FASTER_BY)

    def refused(self, monotonic: float, seconds: float) -> None:
        """Google said that it was too much: nothing for so long."""
        self._tokens, self._at = 0.0, monotonic + seconds
        self.a_minute = max(_SLOWEST, self.a_minute * _AFTER_A_REFUSAL)

    def _refill(self, monotonic: float) -> None:
        if self._at is not None and monotonic > self._at:
            self._tokens = min(self.burst, self._tokens + (monotonic - self._at) * self.a_minute / 60)
        self._at = monotonic if self._at is None else max(self._at, monotonic)


@dataclass
class Quota:
    """Reads and writes are counted apart."""

    reads: Pace = field(default_factory=Pace)
    writes: Pace = field(default_factory=Pace)

    @classmethod
    def of_one_command(cls) -> Self:
        """For a command that ends before the minute does."""
        return cls(Pace(burst=50.0), Pace(burst=50.0))

"""Google's per-minute quotas: so many reads and writes for each user, and what was counted.

A service account is one user; one HTTP call is one unit, whatever is inside (Google Sheets API, usage
limits). Counters are kept for whoever wants to know what a client costs.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass, field

from bot.sandbox.sheets.wire import ApiError, Json


@dataclass(slots=True)
class UserCounts:
    """What one user has called since the start."""

    reads: int = 0
    writes: int = 0
    refused: int = 0
    methods: dict[str, int] = field(default_factory=dict)

    def as_json(self) -> Json:
        return {
            "reads": self.reads,
            "writes": self.writes,
            "refused": self.refused,
            "methods": dict(self.methods),
        }


@dataclass(slots=True)
class _Window:
    minute: int = -1
    used: dict[str, int] = field(default_factory=dict)


class Quotas:
    """Counts calls and refuses those over the limit; a limit of 0 is no limit."""

    def __init__(
        self,
        *,
        reads_per_minute: int,
        writes_per_minute: int,
        unlimited: frozenset[str],
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._limits = {"read": reads_per_minute, "write": writes_per_minute}
        self._unlimited = unlimited
        self._clock = clock
        self._windows: dict[str, _Window] = {}
        self.counts: dict[str, UserCounts] = {}

    def spend(self, user: str, method: str, *, write: bool) -> None:
        """Counts one call. Raises ApiError (429) when the user's minute is used up."""
        counts = self.counts.setdefault(user, UserCounts())
        kind = "write" if write else "read"
        limit = self._limits[kind]
        if limit and user not in self._unlimited:
            minute = int(self._clock() // 60)
            window = self._windows.setdefault(user, _Window())
            if window.minute != minute:
                window.minute, window.used = minute, {}
            if window.used.get(kind, 0) >= limit:
                counts.refused += 1
                raise _exhausted(kind, limit)
            window.used[kind] = window.used.get(kind, 0) + 1
        counts.methods[method] = counts.methods.get(method, 0) + 1
        if write:
            counts.writes += 1
        else:
            counts.reads += 1


def _exhausted(kind: str, limit: int) -> ApiError:
    """The refusal as people have reported it (r-lib/gargle issues 159 and 160)."""
    word = kind.capitalize()
    metadata = {
        "quota_location": "global",
        "quota_limit": f"{word}RequestsPerMinutePerUser",
        "quota_limit_value": str(limit),
        "quota_metric": f"sheets.googleapis.com/{kind}_requests",
        "service": "sheets.googleapis.com",
        "consumer": "projects/000000000000",
    }
    message = (
        f"Quota exceeded for quota metric '{word} requests' and limit '{word} requests per minute per user' "
        "of service 'sheets.googleapis.com' for consumer 'project_number:000000000000'."
    )
    info: Json = {
        "@type": "type.googleapis.com/google.rpc.ErrorInfo",
        "reason": "RATE_LIMIT_EXCEEDED",
        "domain": "googleapis.com",
        "metadata": metadata,
    }
    link = {
        "description": "Request a higher quota limit.",
        "url": "https://cloud.google.com/docs/quotas/help/request_increase",
    }
    helping: Json = {"@type": "type.googleapis.com/google.rpc.Help", "links": [link]}
    return ApiError(429, "RESOURCE_EXHAUSTED", message, [info, helping])

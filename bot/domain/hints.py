"""Hints: signed calls by the render service that a job may have ended. They prove nothing, and only hasten a look.

The signature covers the time and the very bytes of the body; the rest of a call, its delivery id too, is anybody's word.
(Zvid docs, automation/webhooks.)
"""

from __future__ import annotations

import hashlib
import hmac
import json
from collections import OrderedDict
from datetime import datetime, timedelta

from bot.domain.ids import JobId

LARGEST_BODY = 64 * 1024
"""Many times what the service sends."""

WINDOW = timedelta(minutes=5)
"""How far its time may be from ours, either way."""

_REMEMBERED = 4096
_LONGEST_ID = 100


def is_genuine(secret: bytes, signature: str, timestamp: str, body: bytes, now: datetime) -> bool:
    """Whether the service itself said this, just now. Takes as long for any wrong signature."""
    expected = hmac.new(secret, timestamp.encode("latin-1") + b"." + body, hashlib.sha256).hexdigest()
    is_signed = hmac.compare_digest(f"sha256={expected}".encode(), signature.encode("latin-1"))
    return is_signed and _is_recent(timestamp, now)


def _is_recent(timestamp: str, now: datetime) -> bool:
    if not (timestamp.isascii() and timestamp.isdecimal() and len(timestamp) <= 12):
        return False
    return abs(now.timestamp() - int(timestamp)) <= WINDOW.total_seconds()


def job_of(body: bytes) -> JobId | None:
    """Which job it is about; None where it names none, or is only a test."""
    try:
        said = json.loads(body)
    except (ValueError, RecursionError):
        return None
    if not isinstance(said, dict) or said.get("test") is True:
        return None
    named = said.get("jobId")
    return JobId(named) if isinstance(named, str) and 0 < len(named) <= _LONGEST_ID else None


class Deliveries:
    """Which genuine calls were heard before, by delivery and by signature; a bounded number of them."""

    def __init__(self, most: int = _REMEMBERED) -> None:
        self._most = most
        self._known: OrderedDict[str, None] = OrderedDict()

    def is_new(self, *names: str) -> bool:
        """Whether none of these names was given before; from now on all of them were."""
        is_new = not any(name in self._known for name in names)
        for name in names:
            self._known[name] = None
            self._known.move_to_end(name)
        while len(self._known) > self._most:
            self._known.popitem(last=False)
        return is_new

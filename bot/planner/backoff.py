"""Delay arithmetic: how long until the next try or the next look."""

from __future__ import annotations


def retry_delay(tries: int, share: float) -> float:
    """Seconds before try number `tries` + 1: 5 s doubling to 5 minutes, spread by `share` (0..1) downwards.

    The share comes from the intent's own name, so that rows do not all come back at once and a test knows it.
    """
    ceiling = min(5.0 * float(2 ** min(tries, 10)), 300.0)
    return ceiling * (0.5 + 0.5 * share)


def poll_delay(age: float, first: float, ceiling: float) -> float:
    """Seconds until a job is looked at again: young jobs often, old ones seldom."""
    return min(max(first, age / 10), ceiling)


def share_of(name: str) -> float:
    """A steady number between 0 and 1 for this name."""
    return int(name.replace("-", "")[:8] or "0", 16) / 0xFFFFFFFF

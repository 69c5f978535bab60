"""The three ways in which rows or columns change places: inserted, deleted, moved."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TypeVar

Item = TypeVar("Item")


@dataclass(frozen=True, slots=True)
class Inserted:
    """`count` new ones before `at`."""

    at: int
    count: int

    def index(self, old: int) -> int | None:
        return old if old < self.at else old + self.count

    def span(self, start: int, end: int) -> tuple[int, int] | None:
        """A run grows when the new ones come inside it, and moves when they come before it."""
        return (
            start if start < self.at else start + self.count,
            end if end <= self.at else end + self.count,
        )


@dataclass(frozen=True, slots=True)
class Deleted:
    """Those from `start` up to `end` are gone."""

    start: int
    end: int

    def index(self, old: int) -> int | None:
        if self.start <= old < self.end:
            return None
        return old if old < self.start else old - (self.end - self.start)

    def span(self, start: int, end: int) -> tuple[int, int] | None:
        """A run shrinks; None when nothing of it is left."""
        count = self.end - self.start
        new_start = start if start < self.start else max(self.start, start - count)
        new_end = end if end <= self.start else max(self.start, end - count)
        return None if new_start >= new_end else (new_start, new_end)


@dataclass(frozen=True, slots=True)
class Moved:
    """Those from `start` up to `end` now stand before what was at `to` (counted before the move)."""

    start: int
    end: int
    to: int

    def index(self, old: int) -> int | None:
        count = self.end - self.start
        if self.start <= old < self.end:
            base = self.to if self.to <= self.start else self.to - count
            return base + old - self.start
        if self.end <= old < self.to:
            return old - count
        if self.to <= old < self.start:
            return old + count
        return old

    def span(self, start: int, end: int) -> tuple[int, int] | None:
        """A run follows its two ends."""
        first, last = self.index(start), self.index(end - 1)
        if first is None or last is None:
            return None
        return min(first, last), max(first, last) + 1


AnyShift = Inserted | Deleted | Moved


def remapped(items: dict[int, Item], shift: AnyShift) -> dict[int, Item]:
    """A sparse list after the shift; what was deleted is gone."""
    moved = ((shift.index(old), item) for old, item in items.items())
    return {new: item for new, item in moved if new is not None}

"""What changed in which revision, kept for a while so that live readers can catch up.

Only row keys are kept; what the rows hold is read when it is told, so many changes fold into one.
"""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import Iterable
from dataclasses import dataclass, field

_REMEMBERED = 1_000


@dataclass(slots=True)
class TabChange:
    """Rows that hold something else now, and whether the whole tab must be read again."""

    keys: set[int] = field(default_factory=set)
    structure: bool = False

    def fold(self, other: TabChange) -> None:
        self.keys |= other.keys
        self.structure = self.structure or other.structure


@dataclass(frozen=True, slots=True)
class Change:
    """One revision: sheet id -> what changed there."""

    revision: int
    tabs: dict[int, TabChange]


class ChangeLog:
    """The changes of one workbook, and the readers waiting for the next one."""

    def __init__(self) -> None:
        self._changes: deque[Change] = deque(maxlen=_REMEMBERED)
        self._waiting: set[Waiter] = set()

    def add(self, change: Change) -> None:
        """Notes a change and wakes the readers; callable from any thread."""
        self._changes.append(change)
        self.wake()

    def wake(self) -> None:
        for waiter in tuple(self._waiting):
            waiter.wake()

    def since(self, revision: int, now: int) -> dict[int, TabChange] | None:
        """All that changed after the revision, folded; None when that is no longer known."""
        if revision == now:
            return {}
        if revision > now or not self._changes or self._changes[0].revision > revision + 1:
            return None
        return folded(change for change in self._changes if change.revision > revision)

    def join(self) -> Waiter:
        waiter = Waiter()
        self._waiting.add(waiter)
        return waiter

    def leave(self, waiter: Waiter) -> None:
        self._waiting.discard(waiter)


class Waiter:
    """Lets one reader on the event loop sleep until someone, on any thread, wakes it."""

    def __init__(self) -> None:
        self._loop = asyncio.get_running_loop()
        self._event = asyncio.Event()

    def wake(self) -> None:
        self._loop.call_soon_threadsafe(self._event.set)

    async def sleep(self, seconds: float) -> bool:
        """Whether someone woke it in time."""
        try:
            await asyncio.wait_for(self._event.wait(), seconds)
        except TimeoutError:
            return False
        self._event.clear()
        return True


def folded(changes: Iterable[Change]) -> dict[int, TabChange]:
    """Several changes as one."""
    total: dict[int, TabChange] = {}
    for change in changes:
        for sheet_id, tab in change.tabs.items():
            total.setdefault(sheet_id, TabChange()).fold(tab)
    return total

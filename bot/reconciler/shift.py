"""A shift: one process's time at work. Says whether it is to end, whether calls are under way, and that it lives.

Everything here may be called from any thread; nothing here waits.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager


class Shift:
    """Shared by the worker, who lives by it, and by whoever watches the worker or ends the shift."""

    def __init__(self, *tell: Callable[[], None]) -> None:
        """Each of `tell` is called with every sign of life."""
        self._tell = tell
        self._over = threading.Event()
        self._calling = threading.Event()
        self.signs = 0
        """Signs of life so far; whoever sees the same number for too long knows enough."""

    def end(self) -> None:
        """From now on no intent is made and no call begins; answers under way are still kept."""
        self._over.set()

    @property
    def is_over(self) -> bool:
        """Whether the end was asked for."""
        return self._over.is_set()

    @property
    def is_calling(self) -> bool:
        """Whether answers of the service are under way."""
        return self._calling.is_set()

    @contextmanager
    def calls(self) -> Iterator[None]:
        """Calls are under way while the block lasts."""
        self._calling.set()
        try:
            yield
        finally:
            self._calling.clear()

    def live(self) -> None:
        """A sign of life: the worker came one step further. Only the worker gives it."""
        self.signs += 1
        for tell in self._tell:
            tell()

"""Tells what part of a run's CPU certain functions use."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any


class Meter:
    """CPU the calling thread spends inside certain functions, those they call included."""

    def __init__(self) -> None:
        self.seconds: dict[str, float] = {}
        self.calls: dict[str, int] = {}

    @contextmanager
    def around(self, name: str, owner: Any, *functions: str) -> Iterator[None]:
        """Counts the owner's functions under this name while the block lasts."""
        plain = {function: getattr(owner, function) for function in functions}
        for function, one in plain.items():
            setattr(owner, function, self._timed(name, one))
        try:
            yield
        finally:
            for function, one in plain.items():
                setattr(owner, function, one)

    def _timed(self, name: str, function: Callable[..., Any]) -> Callable[..., Any]:
        def timed(*given: Any, **named: Any) -> Any:
            started = time.thread_time()
            try:
                return function(*given, **named)
            finally:
                self.calls[name] = self.calls.get(name, 0) + 1
                self.seconds[name] = self.seconds.get(name, 0.0) + time.thread_time() - started

        return timed

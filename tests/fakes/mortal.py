"""A process that dies: ports that stop working at a chosen call, and stay dead."""

from __future__ import annotations

import os
from collections.abc import Callable
from typing import Any

KILLED = 137


class ProcessDied(BaseException):
    """The process is no more."""


class Life:
    """Counts port calls and ends at one of them: before it is made, or after it was carried out."""

    def __init__(self, dies_at: int | None = None, *, after: bool = False) -> None:
        self.calls: list[str] = []
        self.is_over = False
        self._dies_at = dies_at
        self._after = after

    def die_in(self, calls: int, *, after: bool) -> None:
        """The end comes so many calls from now."""
        self._dies_at, self._after = len(self.calls) + calls, after

    def live_through(self, name: str, call: Callable[..., Any], *given: Any) -> Any:
        """Makes one call, unless the process is dead or dies of it."""
        if self.is_over:
            raise ProcessDied(name)
        self.calls.append(name)
        dies_now = len(self.calls) == self._dies_at
        if dies_now and not self._after:
            self._end(name)
        answer = call(*given)
        if dies_now:
            self._end(name)
        return answer

    def _end(self, name: str) -> None:
        self.is_over = True
        raise ProcessDied(name)


class Mortal:
    """A port whose named calls the process may die of; everything else is passed through."""

    def __init__(self, port: Any, life: Life, *names: str) -> None:
        self._port = port
        self._life = life
        self._names = names

    def __getattr__(self, name: str) -> Any:
        found = getattr(self._port, name)
        if name not in self._names:
            return found
        return lambda *given: self._life.live_through(name, found, *given)


def dies_at(number: int, deed: Callable[[], object], watch: Callable[[Callable[[], None]], None]) -> bool:
    """Whether a child process that does this dies, without a trace of Python, at its nth step; False when it got through.

    `watch` has a function called at each step of the child.
    """
    child = os.fork()
    if child == 0:
        done = 0

        def step() -> None:
            nonlocal done
            done += 1
            if done == number:
                os._exit(KILLED)

        watch(step)
        try:
            deed()
        except BaseException:  # noqa: BLE001 - the parent judges what is left
            os._exit(1)
        os._exit(0)
    code = os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])
    assert code in {0, KILLED}
    return code == KILLED

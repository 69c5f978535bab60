"""Watches the worker from a thread of its own: a tick that never ends, an end that takes too long, a SIGHUP.

It counts its own looks instead of asking a clock, so a machine that slept, or a clock that was set, makes
nobody look stuck.
"""

from __future__ import annotations

import threading
from collections.abc import Callable
from typing import Any

import structlog

from bot.reconciler.shift import Shift

log = structlog.get_logger()

SECONDS_TO_LEAVE = 8
"""After the end was asked for, when no answer of the paid service is under way."""


class Watchman:
    """Looks once a second. What it does about trouble is to leave: every line of ours may be the last one."""

    def __init__(
        self, shift: Shift, leave: Callable[[int], None], *, drain_seconds: float, stuck_seconds: float
    ) -> None:
        """`leave` ends the process with an exit code, whatever its other threads do."""
        self._shift = shift
        self._leave = leave
        self._drain = drain_seconds
        self._stuck = stuck_seconds
        self._signs = -1
        self._silent = 0
        self._leaving = 0
        self._hung_up = threading.Event()
        self._done = threading.Event()
        self._thread = threading.Thread(target=self._watch, name="watchman", daemon=True)

    def start(self) -> None:
        """Begins to look."""
        self._thread.start()

    def stop(self) -> None:
        """The worker has come to its end."""
        self._done.set()
        self._thread.join()

    def hang_up(self) -> None:
        """Somebody sent SIGHUP; a signal must not log by itself, it may have come in the middle of a line."""
        self._hung_up.set()

    def _watch(self) -> None:
        while not self._done.wait(1.0):
            self.look()

    def look(self) -> None:
        """One look at the shift."""
        if self._hung_up.is_set():
            self._hung_up.clear()
            log.info("sighup_ignored", reason="Settings are read once: restart the robot to apply new ones.")
        moved = self._shift.signs != self._signs
        self._signs, self._silent = self._shift.signs, 0 if moved else self._silent + 1
        if self._shift.is_over:
            self._leaving += 1
            if self._leaving >= SECONDS_TO_LEAVE + (self._drain if self._shift.is_calling else 0):
                self._go(0, "left_before_an_answer", "The next start looks up whatever was sent.")
        elif self._silent >= self._stuck:
            self._go(
                1, "tick_stuck", f"No step further in {round(self._stuck)} s. Ended to be started again."
            )

    def _go(self, code: int, event: str, reason: str) -> None:
        self._done.set()
        # Whoever reads our log may be what everybody waits for: it gets a second.
        spoken = threading.Thread(target=_say, args=(event,), kwargs={"reason": reason}, daemon=True)
        spoken.start()
        spoken.join(1.0)
        self._leave(code)


def _say(event: str, **facts: Any) -> None:
    log.error(event, **facts)

"""Tells a service manager how we are, as sd_notify(3) describes; without one, nobody is told.

The packages for this either ask the wall clock whether a sign of life is due, so that a clock set back gets
the process killed, or were left in 2017; the protocol is a datagram.
"""

from __future__ import annotations

import contextlib
import socket
from collections.abc import Mapping


class ServiceManager:
    """The socket the manager named. A manager that does not listen is no trouble of ours."""

    def __init__(self, environment: Mapping[str, str]) -> None:
        named = environment.get("NOTIFY_SOCKET", "")
        # A leading @ stands for Linux's abstract namespace.
        self._address = "\0" + named[1:] if named.startswith("@") else named
        self._told = ""

    def ready(self) -> None:
        """The robot is at work."""
        self._say("READY=1")

    def alive(self) -> None:
        """The worker came one step further."""
        self._say("WATCHDOG=1")

    def status(self, words: str) -> None:
        """What the robot is doing, in one line that `systemctl status` shows; told when it changes."""
        if words != self._told:
            self._told = words
            self._say(f"STATUS={words}")

    def stopping(self) -> None:
        """The robot is leaving."""
        self._say("STOPPING=1")

    def _say(self, what: str) -> None:
        if not self._address:
            return
        with (
            contextlib.suppress(OSError),
            socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as to,
        ):
            # A manager that hangs must not hold us up.
            to.setblocking(False)
            to.sendto(what.encode("utf-8"), self._address)

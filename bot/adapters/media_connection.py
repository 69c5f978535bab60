"""The way to a host somebody named in a cell: its addresses are looked up once, all of them are judged, and the
connection goes to one of those very addresses. A name that answers differently a moment later changes nothing.

The name stays with the connection, so that a certificate is still checked against it.
"""

from __future__ import annotations

import queue
import socket
import threading
from collections.abc import Callable, Sequence
from ipaddress import ip_address
from typing import Any

from bot.adapters.render_connection import Deadline
from bot.domain.media.reach import Address, Reach

Lookup = Callable[[str], Sequence[str]]
"""A name's addresses. Raises socket.gaierror when it has none, or when nobody can be asked."""

_ADDRESSES_TRIED = 3
_LONGEST_CONNECT = 4.0
_LOOKUPS_AT_ONCE = 16
_NO_SUCH_NAME = {socket.EAI_NONAME, getattr(socket, "EAI_NODATA", socket.EAI_NONAME)}


class OutOfReachError(Exception):
    """The name stands for an address that is not of the open network."""


class UnknownHostError(Exception):
    """Nobody knows the name."""


class NoAnswerError(Exception):
    """The name service did not answer, or not in time."""


def system_lookup(host: str) -> Sequence[str]:
    """By the machine's own resolver."""
    found = socket.getaddrinfo(host, None, type=socket.SOCK_STREAM)
    return [str(address[0]) for *_, address in found]


class TimedLookup:
    """Asks for addresses with an end: the system's resolver knows none, and cannot be interrupted."""

    def __init__(self, lookup: Lookup) -> None:
        self._lookup = lookup
        self._free = threading.BoundedSemaphore(_LOOKUPS_AT_ONCE)

    def addresses(self, host: str, seconds: float) -> list[Address]:
        """All of them. Raises UnknownHostError or NoAnswerError."""
        if not self._free.acquire(timeout=seconds):
            raise NoAnswerError("too many names are being looked up")
        answers: queue.SimpleQueue[Sequence[str] | Exception] = queue.SimpleQueue()
        # A thread that is stuck in the resolver must not keep the process from ending.
        threading.Thread(target=self._ask, args=(host, answers), daemon=True, name="lookup").start()
        try:
            answer = answers.get(timeout=seconds)
        except queue.Empty:
            raise NoAnswerError("the name service takes too long") from None
        if isinstance(answer, socket.gaierror) and answer.errno in _NO_SUCH_NAME:
            raise UnknownHostError(str(answer.strerror))
        if isinstance(answer, Exception):
            raise NoAnswerError(f"{type(answer).__name__}: {answer}")
        try:
            return [ip_address(text) for text in dict.fromkeys(answer)]
        except ValueError:
            raise NoAnswerError("the name service answered with what is no address") from None

    def _ask(self, host: str, answers: queue.SimpleQueue[Sequence[str] | Exception]) -> None:
        try:
            answers.put(self._lookup(host))
        except Exception as error:  # noqa: BLE001 - raised again where it is waited for
            answers.put(error)
        finally:
            self._free.release()


class JudgedBackend:
    """Opens connections only to addresses that were judged; stands where the client's own backend stood."""

    def __init__(self, inner: Any, reach: Reach, lookup: TimedLookup, deadline: Deadline) -> None:
        self._inner = inner
        self._reach = reach
        self._lookup = lookup
        self._deadline = deadline

    def connect_tcp(self, host: str, port: int, timeout: float | None = None, **more: Any) -> Any:
        left = self._judged(host, self._deadline.left(timeout))[:_ADDRESSES_TRIED]
        while True:
            address = left.pop(0)
            seconds = self._deadline.left(_LONGEST_CONNECT if left else timeout)
            try:
                return self._inner.connect_tcp(str(address), port, timeout=seconds, **more)
            except Exception:
                if not left or self._deadline.is_over:
                    raise

    def _judged(self, host: str, seconds: float) -> list[Address]:
        """The addresses of a host, where every one of them is open."""
        try:
            addresses = [ip_address(host)]
        except ValueError:
            addresses = self._lookup.addresses(host, seconds)
        if not addresses:
            raise UnknownHostError("no address")
        if not all(self._reach.admits(address) for address in addresses):
            raise OutOfReachError(f"{host} stands for an address inside a network")
        return addresses

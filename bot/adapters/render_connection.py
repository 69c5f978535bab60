"""The connection to the render service: one time limit for a whole request, whatever trickles in.

A client's read timeout only bounds the silence between two bytes: an answer of one byte a second outlives
it for ever. Here every step of a request has what is left of one limit. The streams are those of httpx.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

_AT_ONCE = 16 * 1024
_HARDLY = 0.001
"""A limit of zero would mean something else to a socket."""


class Deadline:
    """When the request of this thread must have ended; several threads may share one."""

    def __init__(self, seconds: float, monotonic: Callable[[], float]) -> None:
        self._seconds = seconds
        self._monotonic = monotonic
        self._request = threading.local()

    @contextmanager
    def running(self) -> Iterator[None]:
        """One request: its time runs from here."""
        self._request.ends = self._monotonic() + self._seconds
        yield

    def left(self, wanted: float | None = None) -> float:
        """Seconds the next step may take, never more than it would have got anyway."""
        left: float = self._request.ends - self._monotonic()
        return max(_HARDLY, left if wanted is None else min(left, wanted))

    @property
    def is_over(self) -> bool:
        """Whether nothing is left."""
        return bool(self._request.ends <= self._monotonic())


class TimedBackend:
    """Opens connections whose every step is timed; stands where the client's own backend stood."""

    def __init__(self, inner: Any, deadline: Deadline, too_late: type[Exception]) -> None:
        self._inner = inner
        self._deadline = deadline
        self._too_late = too_late

    def connect_tcp(self, host: str, port: int, timeout: float | None = None, **more: Any) -> Any:
        stream = self._inner.connect_tcp(host, port, timeout=self._deadline.left(timeout), **more)
        return _TimedStream(stream, self._deadline, self._too_late)


class _TimedStream:
    def __init__(self, inner: Any, deadline: Deadline, too_late: type[Exception]) -> None:
        self._inner = inner
        self._deadline = deadline
        self._too_late = too_late

    def read(self, max_bytes: int, timeout: float | None = None) -> bytes:
        # A flood of single bytes never waits, so it would never meet a timeout either.
        if self._deadline.is_over:
            raise self._too_late("the answer took too long")
        return bytes(self._inner.read(max_bytes, timeout=self._deadline.left(timeout)))

    def write(self, buffer: bytes, timeout: float | None = None) -> None:
        for start in range(0, len(buffer), _AT_ONCE):
            self._inner.write(buffer[start : start + _AT_ONCE], timeout=self._deadline.left(timeout))

    def close(self) -> None:
        self._inner.close()

    def start_tls(
        self, ssl_context: Any, server_hostname: str | None = None, timeout: float | None = None
    ) -> Any:
        left = self._deadline.left(timeout)
        return _TimedStream(
            self._inner.start_tls(ssl_context, server_hostname, timeout=left), self._deadline, self._too_late
        )

    def get_extra_info(self, info: str) -> Any:
        return self._inner.get_extra_info(info)

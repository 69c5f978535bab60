"""Asks the web for what links lead to, as anybody would, and nothing inside one's own network.

The client is httpcore, the layer below httpx: it follows no redirects, keeps no cookies, knows no credentials and
reads no proxy from the environment, so that nothing of that has to be switched off; and it lets us say where a
connection goes. The only module that imports it.
"""

from __future__ import annotations

import ssl
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from functools import cached_property
from typing import Any, cast

import httpcore

from bot.adapters.media_connection import JudgedBackend, Lookup, NoAnswerError, TimedLookup, system_lookup
from bot.adapters.render_connection import Deadline, TimedBackend
from bot.domain.media.reach import Place, Reach
from bot.ports import Clock

WEB_TROUBLE = (httpcore.NetworkError, httpcore.TimeoutException, httpcore.ProtocolError, NoAnswerError)
WEB_TOO_SLOW = (httpcore.TimeoutException, NoAnswerError)

_AGENT = b"Mozilla/5.0 (compatible; Rowreel)"


class WebAnswer:
    """The head of an answer, and what comes below it as long as somebody takes it."""

    def __init__(self, response: httpcore.Response) -> None:
        self._response = response
        self.status = response.status
        self.headers: Mapping[str, str] = {
            name.decode("latin-1").lower(): _text(value) for name, value in response.headers
        }

    def parts(self) -> Iterator[bytes]:
        """The body, bit by bit. Raises one of WEB_TROUBLE where it breaks off."""
        yield from self._response.iter_stream()


class GuardedWeb:
    """Asks for one place at a time; safe to use from several threads."""

    def __init__(
        self,
        clock: Clock,
        *,
        timeout_seconds: float,
        step_seconds: float | None = None,
        reach: Reach,
        lookup: Lookup = system_lookup,
        ssl_context: ssl.SSLContext | None = None,
    ) -> None:
        """Nothing takes longer than the timeout in all, and no step of it longer than a step may."""
        self.reach = reach
        self.deadline = Deadline(timeout_seconds, clock.monotonic)
        self._step = step_seconds or timeout_seconds
        self._lookup = TimedLookup(lookup)
        self._ssl_context = ssl_context

    @contextmanager
    def ask(
        self, place: Place, more: Sequence[tuple[bytes, bytes]] = (), method: str = "GET"
    ) -> Iterator[WebAnswer]:
        """One request; only while the deadline runs. Raises one of WEB_TROUBLE, OutOfReachError or UnknownHostError."""
        url = httpcore.URL(
            scheme=place.scheme.encode(),
            host=place.host.encode(),
            port=place.port,
            target=place.target.encode(),
        )
        headers = [
            (b"Host", place.host_line.encode()),
            (b"User-Agent", _AGENT),
            (b"Accept", b"*/*"),
            (b"Accept-Encoding", b"identity"),
            (b"Connection", b"close"),
            *more,
        ]
        steps = dict.fromkeys(("connect", "read", "write", "pool"), self._step)
        with self._pool.stream(method, url, headers=headers, extensions={"timeout": steps}) as response:
            yield WebAnswer(response)

    @cached_property
    def _pool(self) -> httpcore.ConnectionPool:
        """Every request has a connection of its own: what was judged is what is used."""
        judged = JudgedBackend(httpcore.SyncBackend(), self.reach, self._lookup, self.deadline)
        timed = TimedBackend(judged, self.deadline, httpcore.ReadTimeout)
        return httpcore.ConnectionPool(
            ssl_context=self._ssl_context,
            max_connections=None,
            max_keepalive_connections=0,
            network_backend=cast("Any", timed),
        )


def _text(value: bytes) -> str:
    """A header's value; addresses in it may be written in any letters."""
    try:
        return value.decode("utf-8")
    except UnicodeDecodeError:
        return value.decode("latin-1")

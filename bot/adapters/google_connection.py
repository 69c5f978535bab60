"""The connection to Google: one time limit for a whole request, a bound on every answer, no redirects.

A client's read timeout only bounds the silence between two bytes. Here a watch cuts the line when the time
is over. A redirect is never followed: the token and the sheet's content go to the one address asked for.
"""

from __future__ import annotations

import contextlib
import socket
import threading
import weakref
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any, TypeVar

import requests
from google.auth.credentials import Credentials
from google.auth.transport.requests import AuthorizedSession, Request
from requests.adapters import HTTPAdapter
from urllib3.connection import HTTPConnection, HTTPSConnection
from urllib3.connectionpool import HTTPConnectionPool, HTTPSConnectionPool

LONGEST_ANSWER = 100_000_000
"""Bytes, unpacked: several times what 50,000 rows of 30 columns take."""

_AT_ONCE = 64 * 1024
_Session = TypeVar("_Session", bound=requests.Session)


class RedirectedError(requests.exceptions.RequestException):
    """The answer points somewhere else."""


class TooLargeError(requests.exceptions.RequestException):
    """The answer is larger than anything a sheet of ours may be."""


class Lines:
    """The open connections of one client, which makes its requests one at a time."""

    def __init__(self) -> None:
        self._sockets: weakref.WeakSet[socket.socket] = weakref.WeakSet()
        self.was_cut = False
        """Whether the last request took longer than it was given."""

    def session(self, credentials: Credentials) -> AuthorizedSession:
        """A session whose every line is watched, the token exchange included; it refreshes a token once."""
        exchange = self.plain_session()
        session = AuthorizedSession(  # type: ignore[no-untyped-call]
            credentials, max_refresh_attempts=1, auth_request=Request(exchange)
        )
        return self._watched(session)

    def plain_session(self) -> requests.Session:
        """A watched session that says nothing of any account."""
        return self._watched(requests.Session())

    def _watched(self, session: _Session) -> _Session:
        for scheme in ("https://", "http://"):
            session.mount(scheme, _BoundedAdapter(self._pools(), LONGEST_ANSWER))
        return session

    def _pools(self) -> Mapping[str, type[HTTPConnectionPool]]:
        sockets = self._sockets

        class Line(HTTPConnection):
            def connect(self) -> None:
                super().connect()
                sockets.add(self.sock)

        class SafeLine(HTTPSConnection):
            def connect(self) -> None:
                super().connect()
                sockets.add(self.sock)

        class Pool(HTTPConnectionPool):
            ConnectionCls = Line

        class SafePool(HTTPSConnectionPool):
            ConnectionCls = SafeLine

        return {"http": Pool, "https": SafePool}

    @contextmanager
    def limit(self, seconds: float) -> Iterator[None]:
        """Whatever is asked inside has so long in all, then its line is cut."""
        self.was_cut = False
        watch = threading.Timer(seconds, self._cut)
        watch.daemon = True
        watch.start()
        try:
            yield
        finally:
            watch.cancel()

    def _cut(self) -> None:
        self.was_cut = True
        for line in list(self._sockets):
            with contextlib.suppress(OSError):
                # Below TLS: its own goodbye is for the thread that reads.
                socket.socket.shutdown(line, socket.SHUT_RDWR)


class _BoundedAdapter(HTTPAdapter):
    """Takes an answer in whole, but never more than so much of it."""

    def __init__(self, pools: Mapping[str, type[HTTPConnectionPool]], longest: int) -> None:
        self._pools = pools
        self._longest = longest
        super().__init__()

    def init_poolmanager(self, *given: Any, **named: Any) -> None:
        super().init_poolmanager(*given, **named)
        self.poolmanager.pool_classes_by_scheme = dict(self._pools)

    def proxy_manager_for(self, proxy: str, **named: Any) -> Any:
        manager = super().proxy_manager_for(proxy, **named)
        manager.pool_classes_by_scheme = dict(self._pools)
        return manager

    def send(
        self,
        request: requests.PreparedRequest,
        stream: bool = False,  # noqa: ARG002 - the parent's signature
        timeout: Any = None,
        verify: bool | str = True,
        cert: Any = None,
        proxies: Mapping[str, str] | None = None,
    ) -> requests.Response:
        response = super().send(request, True, timeout, verify, cert, dict(proxies) if proxies else None)
        try:
            if response.is_redirect:
                raise RedirectedError("the answer points somewhere else")
            response._content = self._taken(response)  # noqa: SLF001 - the only way to hand a bounded body over
        finally:
            response.close()
        return response

    def _taken(self, response: requests.Response) -> bytes:
        taken = bytearray()
        for piece in response.iter_content(_AT_ONCE):
            taken += piece
            if len(taken) > self._longest:
                raise TooLargeError("the answer is too large")
        return bytes(taken)

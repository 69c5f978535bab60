"""Looks at links from cells: the first bytes of a file, as anybody on the web would get them.

The client is httpcore, the layer below httpx: it follows no redirects, keeps no cookies, knows no credentials and
reads no proxy from the environment, so that nothing of that has to be switched off; and it lets us say where a
connection goes. The only module that imports it.
"""

from __future__ import annotations

import re
import ssl
import zlib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any, cast
from urllib.parse import urljoin

import httpcore

from bot.adapters.certificates import refused_certificate
from bot.adapters.media_connection import (
    JudgedBackend,
    Lookup,
    NoAnswerError,
    OutOfReachError,
    TimedLookup,
    UnknownHostError,
    system_lookup,
)
from bot.adapters.render_connection import Deadline, TimedBackend
from bot.domain.files import FIRST_BYTES, FileKind, file_kind
from bot.domain.media import Finding, Sight
from bot.domain.reach import PUBLIC, Place, Reach
from bot.domain.sharing import SIGN_IN_HOSTS, is_sign_in
from bot.ports import Clock

_MOST_REDIRECTS = 3
_REDIRECTS = {301, 302, 303, 307, 308}
_NO_RANGES = {400, 405, 416, 501}
"""What servers answer that do not know ranges, or have an empty file."""

_TEMPORARY = {408, 425, 429}
_LOCKED = {401, 403, 407}
_TOTAL = re.compile(r"bytes\s+0-[0-9]+/([0-9]{1,18})")
_ENOUGH = 64
"""Bytes that tell a file's kind where the rest does not come."""

_AGENT = b"Mozilla/5.0 (compatible; Rowreel)"
_TROUBLE = (httpcore.NetworkError, httpcore.TimeoutException, httpcore.ProtocolError, NoAnswerError)


@dataclass(frozen=True, slots=True)
class _Answer:
    """The head of an answer and the first bytes below it."""

    status: int
    headers: Mapping[str, str]
    first: bytes = b""

    @property
    def location(self) -> str | None:
        return self.headers.get("location") if self.status in _REDIRECTS else None

    @property
    def size(self) -> int | None:
        """Bytes of the whole file, where the head says."""
        if self.status == 206:
            found = _TOTAL.fullmatch(self.headers.get("content-range", "").strip())
            return int(found[1]) if found else None
        said = self.headers.get("content-length", "")
        is_plain = said.isascii() and said.isdigit() and len(said) <= 18
        return int(said) if is_plain and "content-encoding" not in self.headers else None

    @property
    def kind(self) -> FileKind:
        """What the file is."""
        return file_kind(_unpacked(self.first, self.headers), self.headers.get("content-type", ""))


class MediaFetcher:
    """Looks at links; safe to call from several threads."""

    def __init__(
        self,
        clock: Clock,
        *,
        timeout_seconds: float,
        reach: Reach = PUBLIC,
        lookup: Lookup = system_lookup,
        ssl_context: ssl.SSLContext | None = None,
    ) -> None:
        """No look takes longer than the timeout, whatever is looked up, waited for or passed on on the way."""
        self._reach = reach
        self._timeout = timeout_seconds
        self._deadline = Deadline(timeout_seconds, clock.monotonic)
        self._lookup = TimedLookup(lookup)
        self._ssl_context = ssl_context

    def look(self, link: str) -> Sight:
        """What is there."""
        with self._deadline.running():
            try:
                return self._follow(link)
            except OutOfReachError as error:
                return Sight(Finding.CLOSED, detail=str(error))
            except UnknownHostError as error:
                return Sight(Finding.GONE, detail=f"host unknown: {error}")
            except _TROUBLE as error:
                reason = refused_certificate(error)
                if reason is not None:
                    return Sight(Finding.UNSAFE, detail=reason)
                return Sight(Finding.SILENT, detail=f"{type(error).__name__}: {error}")

    def _follow(self, link: str) -> Sight:
        for passed_on in range(_MOST_REDIRECTS + 1):
            place = self._reach.place(link)
            if place is None:
                return Sight(
                    Finding.CLOSED, detail=f"out of reach by its spelling, after {passed_on} redirects"
                )
            if passed_on and place.host in SIGN_IN_HOSTS:
                return Sight(Finding.LOCKED, detail=f"passed on to {place.host}")
            answer = self._get(place)
            if answer.location is None:
                return _sight(answer, was_sent_to=link if passed_on else None)
            try:
                link = urljoin(link, answer.location)
            except ValueError:
                return Sight(Finding.CLOSED, detail="passed on to what is no address")
        return Sight(Finding.CIRCLES, detail=f"more than {_MOST_REDIRECTS} redirects")

    def _get(self, place: Place) -> _Answer:
        answer = self._ask(place, [(b"Range", f"bytes=0-{FIRST_BYTES - 1}".encode())])
        return self._ask(place, []) if answer.status in _NO_RANGES else answer

    def _ask(self, place: Place, more: list[tuple[bytes, bytes]]) -> _Answer:
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
        steps = dict.fromkeys(("connect", "read", "write", "pool"), self._timeout)
        with self._pool.stream("GET", url, headers=headers, extensions={"timeout": steps}) as response:
            said = {name.decode("latin-1").lower(): _text(value) for name, value in response.headers}
            answer = _Answer(response.status, said)
            if answer.location is not None or not 200 <= answer.status < 300:
                return answer
            return _Answer(response.status, said, _first_bytes(response))

    @cached_property
    def _pool(self) -> httpcore.ConnectionPool:
        """Every look has a connection of its own: what was judged is what is used."""
        judged = JudgedBackend(httpcore.SyncBackend(), self._reach, self._lookup, self._deadline)
        timed = TimedBackend(judged, self._deadline, httpcore.ReadTimeout)
        return httpcore.ConnectionPool(
            ssl_context=self._ssl_context,
            max_connections=None,
            max_keepalive_connections=0,
            network_backend=cast("Any", timed),
        )


def _first_bytes(response: httpcore.Response) -> bytes:
    """As many as are needed; a server that sends more, or never ends, is left."""
    taken = b""
    try:
        for part in response.iter_stream():
            taken += part[:FIRST_BYTES]
            if len(taken) >= FIRST_BYTES:
                break
    except _TROUBLE:
        if len(taken) < _ENOUGH:
            raise
    return taken[:FIRST_BYTES]


def _sight(answer: _Answer, *, was_sent_to: str | None) -> Sight:
    """What an answer that is no redirect says; a page reached by a redirect to a sign-in is no page to look at."""
    status = answer.status
    detail = f"status {status}"
    if 200 <= status < 300:
        kind = answer.kind
        if kind is FileKind.PAGE and was_sent_to is not None and is_sign_in(was_sent_to):
            return Sight(Finding.LOCKED, detail=f"{detail}, a page that asks to sign in")
        return Sight(Finding.THERE, kind, answer.size, detail)
    if status in _LOCKED:
        return Sight(Finding.LOCKED, detail=detail)
    is_temporary = status in _TEMPORARY or not 300 <= status < 500
    return Sight(Finding.SILENT if is_temporary else Finding.GONE, detail=detail)


def _unpacked(first: bytes, headers: Mapping[str, str]) -> bytes:
    """The file's own first bytes, where a server packs it although nobody asked; never more than that many."""
    if headers.get("content-encoding", "").strip().lower() not in {"gzip", "x-gzip", "deflate"}:
        return first
    try:
        return zlib.decompressobj(zlib.MAX_WBITS | 32).decompress(first, FIRST_BYTES)
    except zlib.error:
        return first


def _text(value: bytes) -> str:
    """A header's value; addresses in it may be written in any letters."""
    try:
        return value.decode("utf-8")
    except UnicodeDecodeError:
        return value.decode("latin-1")

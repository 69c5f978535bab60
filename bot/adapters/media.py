"""Looks at links from cells: the first bytes of a file, as anybody on the web would get them."""

from __future__ import annotations

import re
import ssl
import zlib
from collections.abc import Mapping
from dataclasses import dataclass
from urllib.parse import urljoin

from bot.adapters.certificates import refused_certificate
from bot.adapters.guarded_web import WEB_TROUBLE, GuardedWeb, WebAnswer
from bot.adapters.media_connection import Lookup, OutOfReachError, UnknownHostError, system_lookup
from bot.domain.media.files import FIRST_BYTES, FileKind, file_kind
from bot.domain.media.looks import Finding, Sight
from bot.domain.media.reach import PUBLIC, Place, Reach
from bot.domain.media.sharing import SIGN_IN_HOSTS, is_sign_in
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
        self._web = GuardedWeb(
            clock, timeout_seconds=timeout_seconds, reach=reach, lookup=lookup, ssl_context=ssl_context
        )

    def look(self, link: str) -> Sight:
        """What is there."""
        with self._web.deadline.running():
            try:
                return self._follow(link)
            except OutOfReachError as error:
                return Sight(Finding.CLOSED, detail=str(error))
            except UnknownHostError as error:
                return Sight(Finding.GONE, detail=f"host unknown: {error}")
            except WEB_TROUBLE as error:
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
        with self._web.ask(place, more) as found:
            answer = _Answer(found.status, found.headers)
            if answer.location is not None or not 200 <= answer.status < 300:
                return answer
            return _Answer(found.status, found.headers, _first_bytes(found))


def _first_bytes(answer: WebAnswer) -> bytes:
    """As many as are needed; a server that sends more, or never ends, is left."""
    taken = b""
    try:
        for part in answer.parts():
            taken += part[:FIRST_BYTES]
            if len(taken) >= FIRST_BYTES:
                break
    except WEB_TROUBLE:
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

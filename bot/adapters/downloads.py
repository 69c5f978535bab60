"""Loads finished videos: whole, bounded by size and time, and on from where an earlier try was cut off.

A part of a file carries the server's own mark of the file in its name; only bytes of the very same file are put
behind it. What is loaded lies in a folder of the robot's own until somebody takes it.
"""

from __future__ import annotations

import hashlib
import os
import re
import ssl
from collections.abc import Callable, Collection, Iterator
from contextlib import contextmanager, suppress
from datetime import datetime
from pathlib import Path
from typing import TypeVar
from urllib.parse import urljoin, urlsplit

from bot.adapters.disk_words import disk_trouble
from bot.adapters.guarded_web import WEB_TOO_SLOW, WEB_TROUBLE, GuardedWeb, WebAnswer
from bot.adapters.media_connection import Lookup, OutOfReachError, UnknownHostError, system_lookup
from bot.adapters.movie_boxes import is_whole_movie
from bot.domain.delivery import DeliveryProblem, Digest, Fetched, Undelivered
from bot.domain.media.files import FIRST_BYTES, FileKind, file_kind
from bot.domain.media.reach import PUBLIC, WITH_PRIVATE, Reach
from bot.ports import Clock

_T = TypeVar("_T")
_MOST_REDIRECTS = 3
_REDIRECTS = {301, 302, 303, 307, 308}
_GONE = {401, 403, 404, 410}
_AFTER_A_HEAD = {404, 410}
"""What is believed at once; other refusals may only mean that nobody asks this server for heads."""

_SILENCE_SECONDS = 30.0
_LOOK_SECONDS = 20.0
_AT_ONCE = 1 << 20
_RANGE = re.compile(r"bytes\s+([0-9]{1,18})-[0-9]{1,18}/([0-9]{1,18})")
_NO_MARK = "unmarked"
_FORGOTTEN_SECONDS = 7 * 86_400
_MOST_PARTS = 20


class WebDownloads:
    """Asks the open web, and the places the operator named, wherever these are."""

    def __init__(
        self,
        clock: Clock,
        *,
        timeout_seconds: float,
        own: Collection[str] = (),
        reach: Reach = PUBLIC,
        lookup: Lookup = system_lookup,
        ssl_context: ssl.SSLContext | None = None,
    ) -> None:
        """`own` are addresses out of the settings: what lies at the same scheme, host and port may be private."""
        self._own = {origin for one in own if (origin := _origin(one)) is not None}

        def web(seconds: float, where: Reach) -> GuardedWeb:
            return GuardedWeb(
                clock,
                timeout_seconds=seconds,
                step_seconds=min(seconds, _SILENCE_SECONDS),
                reach=where,
                lookup=lookup,
                ssl_context=ssl_context,
            )

        self._loading = (web(timeout_seconds, reach), web(timeout_seconds, WITH_PRIVATE))
        self._looking = (web(_LOOK_SECONDS, reach), web(_LOOK_SECONDS, WITH_PRIVATE))

    # -- load -----------------------------------------------------------------

    def fetch(self, link: str, into: Path, limit: int) -> Fetched | Undelivered:
        try:
            with self._running(self._loading):
                return self._fetch(link, into, limit)
        except OutOfReachError as error:
            return Undelivered(DeliveryProblem.SOURCE_CLOSED, str(error))
        except UnknownHostError as error:
            # The name service may be the one in trouble: a dead name is told by looks at the link.
            return Undelivered(DeliveryProblem.SOURCE_SLOW, f"host unknown: {error}")
        except WEB_TOO_SLOW as error:
            return Undelivered(DeliveryProblem.SOURCE_SLOW, f"{type(error).__name__}: {error}")
        except WEB_TROUBLE as error:
            return Undelivered(DeliveryProblem.SOURCE_CUT, f"{type(error).__name__}: {error}")
        except OSError as error:
            return disk_trouble(error)

    def _fetch(self, link: str, into: Path, limit: int) -> Fetched | Undelivered:
        part, mark = _part_of(into)
        start = part.stat().st_size if part is not None else 0
        if part is not None and 0 < start <= limit:
            # Its last byte once more: of a file that is there to its end nothing else could be asked for.
            asked = [(b"Range", f"bytes={start - 1}-".encode())]
            found = self._follow(
                link,
                self._loading,
                lambda answer: self._goes_on(answer, part, start, mark, into, limit),
                asked,
            )
            if found is not None:
                return found
        _discard(into)
        return self._follow(link, self._loading, lambda answer: self._load(answer, into, limit))

    def _goes_on(
        self, answer: WebAnswer, part: Path, start: int, mark: str, into: Path, limit: int
    ) -> Fetched | Undelivered | None:
        """The rest behind what is there, when it is the rest of the same file; None when it has to begin anew."""
        if answer.status == 200:
            _discard(into)
            return self._load(answer, into, limit)
        said = _RANGE.fullmatch(answer.headers.get("content-range", "").strip())
        if answer.status != 206 or said is None or int(said[1]) != start - 1 or _mark(answer) != mark:
            return None if answer.status in {206, 416} else _refusal(answer.status)
        os.truncate(part, start - 1)
        return _take(answer, part, int(said[2]), limit)

    def _load(self, answer: WebAnswer, into: Path, limit: int) -> Fetched | Undelivered:
        if answer.status != 200:
            return _refusal(answer.status)
        said = answer.headers.get("content-length", "")
        total = int(said) if said.isascii() and said.isdigit() and len(said) <= 18 else None
        return _take(answer, into.with_name(f"{into.name}.{_mark(answer)}.part"), total, limit)

    # -- look -----------------------------------------------------------------

    def is_alive(self, link: str) -> bool | None:
        try:
            with self._running(self._looking):
                status = self._follow(link, self._looking, _status_of, method="HEAD")
                if not 200 <= status < 300 and status not in _AFTER_A_HEAD:
                    status = self._follow(link, self._looking, _status_of, [(b"Range", b"bytes=0-0")])
        except (OutOfReachError, UnknownHostError, *WEB_TROUBLE):
            return None
        if 200 <= status < 300 or status == 416:
            return True
        return False if status in _GONE else None

    # -- on the way -------------------------------------------------------------

    @contextmanager
    def _running(self, webs: tuple[GuardedWeb, GuardedWeb]) -> Iterator[None]:
        with webs[0].deadline.running(), webs[1].deadline.running():
            yield

    def _follow(
        self,
        link: str,
        webs: tuple[GuardedWeb, GuardedWeb],
        use: Callable[[WebAnswer], _T],
        more: list[tuple[bytes, bytes]] | None = None,
        method: str = "GET",
    ) -> _T:
        """Uses the answer at the end of a few redirects, each of which is judged anew."""
        for _ in range(_MOST_REDIRECTS + 1):
            web = webs[_origin(link) in self._own]
            place = web.reach.place(link)
            if place is None:
                raise OutOfReachError("out of reach by its spelling")
            with web.ask(place, more or (), method) as answer:
                location = answer.headers.get("location") if answer.status in _REDIRECTS else None
                if location is None:
                    return use(answer)
            try:
                link = urljoin(link, location)
            except ValueError:
                raise OutOfReachError("passed on to what is no address") from None
        raise OutOfReachError(f"more than {_MOST_REDIRECTS} redirects")


class Parts:
    """A folder for files that are being loaded."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def place(self, name: str) -> Path:
        self._make_room()
        return self._folder / name

    def loaded(self, into: Path) -> Path | None:
        return _part_of(into)[0]

    def discard(self, into: Path) -> None:
        _discard(into)

    def _make_room(self) -> None:
        """Parts of many videos that never become whole must not fill the journal's disk: the oldest are forgotten."""
        with suppress(OSError):
            parts = sorted(self._folder.glob("*.part"), key=lambda one: one.stat().st_mtime)
            for part in parts[:-_MOST_PARTS]:
                part.unlink(missing_ok=True)

    def sweep(self, now: datetime) -> None:
        """Forgets parts nobody went on with for days."""
        with suppress(OSError):
            for part in self._folder.glob("*.part"):
                if part.stat().st_mtime < now.timestamp() - _FORGOTTEN_SECONDS:
                    part.unlink(missing_ok=True)


def _discard(into: Path) -> None:
    """Forgets whatever was loaded for this file."""
    for part in into.parent.glob(f"{into.name}.*.part"):
        part.unlink(missing_ok=True)


def _part_of(into: Path) -> tuple[Path | None, str]:
    """The one part there is, and the mark of the file it is of; several are none."""
    parts = list(into.parent.glob(f"{into.name}.*.part"))
    if len(parts) != 1:
        return None, ""
    mark = parts[0].suffixes[-2][1:]
    return (parts[0], mark) if mark != _NO_MARK else (parts[0], "")


def _mark(answer: WebAnswer) -> str:
    """The server's own mark of exactly these bytes, shortened; files without one are never gone on with."""
    mark = answer.headers.get("etag", "")
    mark = mark if mark and not mark.startswith("W/") else answer.headers.get("last-modified", "")
    return hashlib.sha256(mark.encode()).hexdigest()[:16] if mark else _NO_MARK


def _take(answer: WebAnswer, part: Path, total: int | None, limit: int) -> Fetched | Undelivered:
    """Puts the body behind what is in the part, and looks the whole over."""
    if total is not None and total > limit:
        return Undelivered(DeliveryProblem.TOO_LARGE, f"{total} bytes")
    digest, first, size = hashlib.sha256(), b"", 0
    part.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    with os.fdopen(os.open(part, os.O_RDWR | os.O_CREAT | os.O_NOFOLLOW, 0o600), "rb+") as file:
        while piece := file.read(_AT_ONCE):
            first, size = first or piece[:FIRST_BYTES], size + len(piece)
            digest.update(piece)
        for piece in answer.parts():
            size += len(piece)
            if size > limit:
                return Undelivered(DeliveryProblem.TOO_LARGE, f"more than {limit} bytes")
            if len(first) < FIRST_BYTES:
                first += piece[: FIRST_BYTES - len(first)]
            digest.update(piece)
            file.write(piece)
        if total is not None and size != total:
            return Undelivered(DeliveryProblem.SOURCE_CUT, f"{size} bytes of {total}")
        file.flush()
        kind = file_kind(first, answer.headers.get("content-type", ""))
        if kind in {FileKind.MP4, FileKind.MOV} and not is_whole_movie(file, size):
            file.truncate(0)
            return Undelivered(DeliveryProblem.SOURCE_CUT, f"ends within itself, after {size} bytes")
    return Fetched(Digest(size, digest.hexdigest()), kind)


def _refusal(status: int) -> Undelivered:
    problem = DeliveryProblem.SOURCE_GONE if status in _GONE else DeliveryProblem.SOURCE_SLOW
    return Undelivered(problem, f"status {status}")


def _status_of(answer: WebAnswer) -> int:
    return answer.status


def _origin(link: str) -> tuple[str, str, int | None] | None:
    """Scheme, host and port; what shares all of them is one place."""
    try:
        parts = urlsplit(link)
        port = parts.port or {"http": 80, "https": 443}.get(parts.scheme)
    except ValueError:
        return None
    return (parts.scheme.lower(), parts.hostname, port) if parts.hostname else None

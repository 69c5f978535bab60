"""Media: what came of looking at a link, how long that counts, and what about it its row's author must know."""

from __future__ import annotations

from collections.abc import Mapping
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum

from bot.domain import wording
from bot.domain.contract import FieldType
from bot.domain.failures import ProblemCode
from bot.domain.media.files import FileKind, serves
from bot.domain.media.reach import PUBLIC, Reach
from bot.domain.records import MEDIA_WORDS, Problem

_LOOKS_BEFORE_GONE = 3
_LOOKS_BEFORE_GIVEN_UP = 4


USE = {
    FieldType.IMAGE: "a PNG or JPEG",
    FieldType.VIDEO: "an MP4 or WebM",
    FieldType.GIF: "a GIF",
    FieldType.AUDIO: "an MP3 or WAV",
}
"""What to put there instead."""


class Finding(StrEnum):
    """How a look at a link ended."""

    THERE = "there"
    """A file, or at least its first bytes."""

    GONE = "gone"
    """The site, or the name service, knows no such thing."""

    LOCKED = "locked"
    """Somebody must sign in first."""

    CIRCLES = "circles"
    """Passed on from address to address without an end."""

    CLOSED = "closed"
    """It leads to where nobody from outside can look, at once or on the way: never asked."""

    SILENT = "silent"
    """No usable answer, for now."""

    UNSAFE = "unsafe"
    """The site does not prove its name; also where this machine's clock is wrong."""


_TEMPORARY = frozenset({Finding.SILENT, Finding.UNSAFE})
_DOUBTFUL = frozenset({Finding.GONE, Finding.CIRCLES})
"""Believed when several looks say the same."""

_GAPS: dict[Finding, tuple[float, ...]] = {
    **dict.fromkeys(_TEMPORARY, (20.0, 60.0, 180.0, 600.0)),
    **dict.fromkeys(_DOUBTFUL, (3.0, 12.0, 600.0)),
}
_OTHER_GAPS = (120.0, 300.0, 600.0, 1800.0)
"""Somebody may share a file, or put another in its place, without touching the sheet."""


@dataclass(frozen=True, slots=True)
class Sight:
    """What one look at a link found."""

    finding: Finding
    kind: FileKind = FileKind.UNKNOWN
    size: int | None = None
    """Bytes of the whole file, where the site says."""

    detail: str = ""
    """For developers: what was seen; never the link's own query, which may be signed."""


@dataclass(frozen=True, slots=True)
class Look:
    """The latest look at a link; times are monotonic seconds of this process."""

    sight: Sight
    at: float
    on: datetime
    """The same as wall time."""

    times: int = 1
    """Looks in a row that ended this way."""

    gap: float = 0.0
    """Seconds after which another look may find something else."""

    @classmethod
    def taken(cls, sight: Sight, before: Look | None, *, at: float, on: datetime) -> Look:
        """One more look, with what the former ones said in mind."""
        is_same = before is not None and before.sight.finding is sight.finding
        times = before.times + 1 if before is not None and is_same else 1
        gaps = _GAPS.get(sight.finding, _OTHER_GAPS)
        return cls(sight, at, on, times, gaps[min(times, len(gaps)) - 1])

    @property
    def again_at(self) -> float:
        """When to look again, by the monotonic clock."""
        return self.at + self.gap

    @property
    def again_on(self) -> datetime:
        """The same as wall time, for people."""
        return self.on + timedelta(seconds=self.gap)

    @property
    def is_temporary(self) -> bool:
        """Whether it passes by itself, as far as anybody knows."""
        return self.sight.finding in _TEMPORARY

    @property
    def is_believed(self) -> bool:
        """Whether it is said to people as it is; before that, another look is due soon."""
        if self.is_temporary:
            return self.times >= _LOOKS_BEFORE_GIVEN_UP
        return not self.is_doubtful

    @property
    def is_doubtful(self) -> bool:
        """Whether another look, soon, says whether it is so."""
        return self.sight.finding in _DOUBTFUL and self.times < _LOOKS_BEFORE_GONE


@dataclass(frozen=True, slots=True)
class Sizes:
    """The largest files that are used, in bytes; 0: any size."""

    picture: int = 0
    video: int = 0
    sound: int = 0

    def limit(self, wanted: FieldType) -> int:
        """For a column of this type."""
        if wanted is FieldType.VIDEO:
            return self.video
        return self.sound if wanted is FieldType.AUDIO else self.picture


@dataclass(frozen=True, slots=True)
class Sights:
    """All that is known of links at one moment."""

    looks: Mapping[str, Look] = field(default_factory=dict)
    pending: AbstractSet[str] = frozenset()
    """Links that are being looked at, or will be next."""

    monotonic: float = 0.0
    reach: Reach = PUBLIC
    sizes: Sizes = field(default_factory=Sizes)


@dataclass(frozen=True, slots=True)
class MediaColumn:
    """A column that holds links to files of one kind."""

    name: str
    wanted: FieldType


def problem_with(column: MediaColumn, sight: Sight, sizes: Sizes) -> Problem | None:
    """What is wrong with what was found, in words for the row's author; None for a file that can be used, and for
    what passes by itself.
    """
    found = _flaw(column, sight, sizes)
    return Problem(found[0], column.name, found[1]) if found is not None else None


def _flaw(column: MediaColumn, sight: Sight, sizes: Sizes) -> tuple[ProblemCode, str] | None:
    name = column.name
    match sight.finding:
        case Finding.GONE:
            return ProblemCode.MEDIA_404, wording.link_leads_nowhere(name)
        case Finding.CIRCLES:
            return ProblemCode.MEDIA_404, wording.link_goes_in_circles(name)
        case Finding.LOCKED:
            return ProblemCode.MEDIA_PRIVATE, wording.link_needs_sign_in(name)
        case Finding.CLOSED:
            return ProblemCode.MEDIA_PRIVATE, wording.link_not_public(name)
        case Finding.THERE:
            return _flaw_of_file(column, sight, sizes)
        case _:
            return None


def is_fine(column: MediaColumn, sight: Sight, sizes: Sizes) -> bool:
    """Whether what was found can be used."""
    return sight.finding is Finding.THERE and _flaw_of_file(column, sight, sizes) is None


def _flaw_of_file(column: MediaColumn, sight: Sight, sizes: Sizes) -> tuple[ProblemCode, str] | None:
    name, limit = column.name, sizes.limit(column.wanted)
    if sight.kind is FileKind.PAGE:
        return ProblemCode.MEDIA_PAGE, wording.link_shows_a_page(name, MEDIA_WORDS[column.wanted])
    if not serves(sight.kind, column.wanted):
        return ProblemCode.MEDIA_TYPE, wording.wrong_file(name, sight.kind.value, USE[column.wanted])
    if limit and sight.size is not None and sight.size > limit:
        return ProblemCode.MEDIA_SIZE, wording.file_too_large(name, sight.size, limit)
    return None


def cause_of(column: MediaColumn, look: Look) -> str:
    """Why it cannot be looked at for now."""
    is_unsafe = look.sight.finding is Finding.UNSAFE
    return wording.cause_site_unsafe(column.name) if is_unsafe else wording.cause_site_silent(column.name)

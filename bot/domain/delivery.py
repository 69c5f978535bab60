"""Delivery: a finished video's copy in a storage of one's own, and whether its links still work.

A promise's identity and fingerprint know nothing of it: it begins when the promise has ended well.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from bot.domain.ids import JobId
from bot.domain.media.files import FileKind

MISSES_OF_A_DEAD_LINK = 2
"""A link that leads nowhere is looked at once more before it is called dead."""


class DeliveryState(StrEnum):
    """Where a copy stands."""

    WAITING = "waiting"
    """Not there. The couriers move it on; a crash leaves at most a part of a file, which is gone on with."""

    STORED = "stored"
    """There, with size and checksum. A look that finds it gone moves it back."""

    REFUSED = "refused"
    """Cannot be made: the video itself is in the way, not the storage. A person makes the video again, or nobody."""


class DeliveryProblem(StrEnum):
    """Why a copy could not be made; sorted by whose matter it is."""

    NO_ROOM = "no room"
    NOT_ALLOWED = "not allowed"
    BLOCKED = "blocked"
    """Something stands where the folder should be: a link, or a file."""

    STORAGE_AWAY = "storage away"
    SOURCE_SLOW = "source slow"
    SOURCE_CUT = "source cut"
    """It ended before it should have, or is not as long as was said."""

    SOURCE_GONE = "source gone"
    SOURCE_CLOSED = "source closed"
    """It leads where the robot asks nothing."""

    TOO_LARGE = "too large"
    NO_VIDEO = "no video"
    BUG = "bug"


OF_THE_STORAGE = frozenset(
    {
        DeliveryProblem.NO_ROOM,
        DeliveryProblem.NOT_ALLOWED,
        DeliveryProblem.BLOCKED,
        DeliveryProblem.STORAGE_AWAY,
    }
)
"""No other copy would fare better now."""

FOR_GOOD = frozenset(
    {
        DeliveryProblem.SOURCE_GONE,
        DeliveryProblem.SOURCE_CLOSED,
        DeliveryProblem.TOO_LARGE,
        DeliveryProblem.NO_VIDEO,
    }
)
"""Trying again would not help, once it was seen twice."""


@dataclass(frozen=True, slots=True)
class Digest:
    """A file's size and checksum."""

    size: int
    sha256: str


@dataclass(frozen=True, slots=True)
class Fetched:
    """A file that was loaded to its end."""

    digest: Digest
    kind: FileKind


@dataclass(frozen=True, slots=True)
class Stored:
    """One file in the storage."""

    name: str
    """With its folders, as the storage knows it."""

    digest: Digest
    link: str | None = None
    """How people reach it; None where nobody said how such links are spelled."""


@dataclass(frozen=True, slots=True)
class Delivery:
    """The copy of one finished video, or that there is none."""

    job_id: JobId
    state: DeliveryState
    updated_at: datetime
    storage: str = ""
    """Which storage it is in."""

    video: Stored | None = None
    thumbnail: Stored | None = None
    tries: int = 0
    """Since it was last there."""

    not_before: datetime | None = None
    problem: DeliveryProblem | None = None
    detail: str = ""
    """For developers: what was seen."""

    looked_at: datetime | None = None
    misses: int = 0
    """Looks in a row at the link people see that found nothing."""

    @property
    def is_stored(self) -> bool:
        """Whether there is a copy."""
        return self.state is DeliveryState.STORED

    @property
    def is_link_dead(self) -> bool:
        """Whether the link people see leads nowhere."""
        return self.misses >= MISSES_OF_A_DEAD_LINK

    @property
    def link(self) -> str | None:
        """The lasting link, where there is one; whether it works is another matter."""
        return self.video.link if self.is_stored and self.video else None

    @property
    def is_reachable(self) -> bool:
        """Whether people get to the copy by its link, as far as anybody saw."""
        return self.link is not None and not self.misses

    @property
    def thumbnail_link(self) -> str | None:
        """The same for the thumbnail."""
        return self.thumbnail.link if self.is_stored and self.thumbnail else None


@dataclass(frozen=True, slots=True)
class Delivered:
    """A copy was made, or was found to be there already."""

    storage: str
    video: Stored
    thumbnail: Stored | None = None
    is_link_closed: bool = False
    """Whether its lasting link was seen to lead nowhere."""


@dataclass(frozen=True, slots=True)
class Undelivered:
    """A copy could not be made."""

    problem: DeliveryProblem
    detail: str


@dataclass(frozen=True, slots=True)
class Looked:
    """What a look at a copy and at a link found; None where nobody can tell."""

    is_stored: bool | None
    is_alive: bool | None
    has_thumbnail: bool | None = None
    """Whether the copy's thumbnail is there."""

    @property
    def outcome(self) -> str:
        """In one word, for those who count."""
        return {True: "works", False: "dead", None: "unknown"}[self.is_alive]


COPIES = (("copy", "stored"), *(("copy", problem.value) for problem in DeliveryProblem))
LOOKS = (("look", "works"), ("look", "dead"), ("look", "unknown"))
"""Everything that is counted, by kind and outcome."""


ENDINGS = {
    FileKind.MP4: ".mp4",
    FileKind.MOV: ".mov",
    FileKind.WEBM: ".webm",
    FileKind.MATROSKA: ".mkv",
    FileKind.AVI: ".avi",
    FileKind.GIF: ".gif",
    FileKind.PNG: ".png",
    FileKind.JPEG: ".jpg",
    FileKind.WEBP: ".webp",
    FileKind.AVIF: ".avif",
    FileKind.MP3: ".mp3",
    FileKind.M4A: ".m4a",
    FileKind.WAV: ".wav",
}
"""What a finished file may be, and how its name ends; the service's own name of it counts for nothing."""

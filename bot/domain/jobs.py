"""Jobs: the render service's view of one render, as far as the bot needs it."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum

from bot.domain.ids import JobId


class JobPhase(StrEnum):
    """Only `completed` and `failed` end a job; every other word means it still goes on (Zvid docs, render-lifecycle)."""

    WAITING = "waiting"
    ACTIVE = "active"
    COMPLETED = "completed"
    FAILED = "failed"


@dataclass(frozen=True, slots=True)
class Job:
    """One answer about one job."""

    job_id: JobId
    phase: JobPhase
    word: str
    """The state exactly as the service spelled it."""

    percent: int | None = None
    url: str | None = None
    thumbnail_url: str | None = None
    failed_reason: str | None = None

    @property
    def looks_ended(self) -> bool:
        """Whether the service uses a word that ends a job."""
        return self.phase in {JobPhase.COMPLETED, JobPhase.FAILED}

    @property
    def has_ended(self) -> bool:
        """Whether this answer, if another one says the same, is the end; a video without a link is not."""
        return self.phase is JobPhase.FAILED or (self.phase is JobPhase.COMPLETED and self.url is not None)


def agreed(first: Job, second: object) -> Job:
    """Two looks at a job of which the first said it has ended: only one that says the same ends it.

    Links may be signed anew for every answer, so they need not be the same.
    """
    if isinstance(second, Job) and second.has_ended and second.phase is first.phase:
        return second
    unsure = second if isinstance(second, Job) else first
    going_on = JobPhase.ACTIVE if unsure.has_ended else unsure.phase
    return replace(unsure, phase=going_on, url=None, thumbnail_url=None, failed_reason=None)


@dataclass(frozen=True, slots=True)
class Absent:
    """The service says it does not know the job; right after a send that may be a lie."""

    job_id: JobId


@dataclass(frozen=True, slots=True)
class Unlisted:
    """The pages of the listing that were read do not show the job: no news, and no absence either."""

    job_id: JobId


@dataclass(frozen=True, slots=True)
class Suspects:
    """The listing has no job of this id or name, but nameless ones that may be ours under another id."""

    job_ids: tuple[JobId, ...]


@dataclass(frozen=True, slots=True)
class Sought:
    """A job to look for in the listing, by everything it may be known by there."""

    job_id: JobId
    name: str
    since: datetime
    """When it was sent; older jobs are not ours."""

    credits: int
    older: frozenset[JobId] = frozenset()
    """Jobs that were accepted before it was sent: below them in the listing, nothing can be ours."""


@dataclass(frozen=True, slots=True)
class Accepted:
    """A submit was accepted: work is queued and credits are reserved, nothing more."""

    job_id: JobId
    reserved: int | None


@dataclass(frozen=True, slots=True)
class Quote:
    """What the free validate call said."""

    credits: int
    warnings: tuple[str, ...] = ()

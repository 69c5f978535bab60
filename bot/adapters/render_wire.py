"""The render service's answers as they travel, and what the core makes of them.

Tolerant in reading: unknown keys are ignored and every documented spelling is taken (Zvid docs,
get-render-job, list-render-jobs). Strict in what counts as JSON at all.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from typing import Annotated, Any

from pydantic import BaseModel, BeforeValidator, ConfigDict

from bot.domain.ids import JobId
from bot.domain.jobs import Job, JobPhase, Sought

_LONGEST_URL = 2048
_NOTHING_BEFORE = datetime(2015, 1, 1, tzinfo=UTC)
_CLOCKS_MAY_DIFFER = timedelta(hours=2)
"""Between what the service calls the moment of a send and what we do, should a clock have been set meanwhile."""


class UnreadableError(ValueError):
    """Not an answer this program can read."""


def strict_json(body: bytes) -> dict[str, Any]:
    """The JSON object in an answer. Raises UnreadableError for anything else, doubled keys and NaN included."""

    def once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
        found = dict(pairs)
        if len(found) != len(pairs):
            raise UnreadableError("a key stands twice")
        return found

    def refuse(word: str) -> None:
        raise UnreadableError(f"{word} is no JSON")

    try:
        said = json.loads(body, object_pairs_hook=once, parse_constant=refuse)
    except UnreadableError:
        raise
    except (ValueError, RecursionError) as error:
        raise UnreadableError("the answer is no JSON") from error
    if not isinstance(said, dict):
        raise UnreadableError("the answer is no JSON object")
    return said


class _Wire(BaseModel):
    model_config = ConfigDict(extra="ignore", frozen=True)


def _link(value: Any) -> str | None:
    """Only http(s) links of bounded length ever reach a cell."""
    if (
        isinstance(value, str)
        and len(value) <= _LONGEST_URL
        and value.lower().startswith(("http://", "https://"))
    ):
        return value if value.split() == [value] else None
    return None


Link = Annotated[str | None, BeforeValidator(_link)]


def _word(value: Any) -> Any:
    """A state of null is a word nobody knows."""
    return "" if value is None else value


def _percent(value: Any) -> int | None:
    if isinstance(value, dict):
        value = value.get("percentage")
    if isinstance(value, (int, float)) and not isinstance(value, bool):
        return max(0, min(100, int(value)))
    return None


class _Result(_Wire):
    url: Link = None
    thumbnailUrl: Link = None  # noqa: N815 - the service's spelling


def _result(value: Any) -> Any:
    if isinstance(value, str):
        return {"url": value}
    return value if isinstance(value, dict) else {}


class JobAnswer(_Wire):
    """`GET /api/jobs/{id}`."""

    state: Annotated[str, BeforeValidator(_word)]
    progress: Annotated[int | None, BeforeValidator(_percent)] = None
    result: Annotated[_Result, BeforeValidator(_result)] = _Result()
    failedReason: str | None = None  # noqa: N815 - the service's spelling

    def as_job(self, job_id: JobId) -> Job:
        """The job as the core knows it."""
        return Job(
            job_id=job_id,
            phase=_phase(self.state),
            word=self.state[:40],
            percent=self.progress,
            url=self.result.url,
            thumbnail_url=self.result.thumbnailUrl,
            failed_reason=self.failedReason,
        )


class ListedJob(_Wire):
    """One line of `GET /api/jobs`."""

    id: str
    status: str
    output_url: Link = None
    thumbnail_url: Link = None
    error_message: str | None = None
    name: str | None = None
    created_at: Any = None
    credits_estimated: float | None = None

    def may_be(self, sought: Sought, since: datetime) -> bool:
        """Whether this may be the job, though it shows neither its id nor its name.

        `since` is when it was sent, by the service's clock. That clock may have been set: two hours make no
        innocent of a suspect, nor does a time that says nothing.
        """
        if self.name is not None:
            return False
        if self.credits_estimated is not None and self.credits_estimated != sought.credits:
            return False
        made = _moment(self.created_at)
        return made is None or made >= since - _CLOCKS_MAY_DIFFER

    def is_older_than(self, sought: Sought, since: datetime) -> bool:
        """Whether this job was surely there before the one that is looked for was sent."""
        made = _moment(self.created_at)
        return self.id in sought.older or (made is not None and made < since - _CLOCKS_MAY_DIFFER)

    def as_listed(self) -> Job:
        """How it is doing, by its line alone."""
        return Job(JobId(self.id), _phase(self.status), self.status[:40])

    def as_found(self) -> Job:
        """That it is there; a listing alone never ends a job, so it counts as under way."""
        return Job(job_id=JobId(self.id), phase=JobPhase.WAITING, word=self.status[:40])


class Order:
    """Whether a listing stays in the order it promises, newest first, by the times it shows itself."""

    def __init__(self) -> None:
        self._moments: list[datetime | None] = []

    def is_kept_by(self, jobs: Sequence[ListedJob]) -> bool:
        """By these lines and all before them; a time nobody can read keeps no order, nor do times all alike."""
        self._moments += [_moment(job.created_at) for job in jobs]
        known = [moment for moment in self._moments if moment is not None]
        falls = all(later >= earlier for later, earlier in pairwise(known))
        return falls and len(known) == len(self._moments) and len(set(known)) > 1


def _moment(said: Any) -> datetime | None:
    """A time as ISO text or epoch milliseconds; None when it says nothing usable.

    Only ever makes a job of a listing more or less of a suspect; a wrong one must not clear any.
    """
    try:
        if isinstance(said, str) and said.isascii() and said.isdigit():
            said = int(said)
        if isinstance(said, str):
            moment = datetime.fromisoformat(said)
            moment = moment if moment.tzinfo else moment.replace(tzinfo=UTC)
        elif isinstance(said, (int, float)) and not isinstance(said, bool):
            moment = datetime.fromtimestamp(said / 1000, UTC)
        else:
            return None
    except (ValueError, OverflowError, OSError):
        return None
    # Older than the service itself: seconds instead of milliseconds, a zero, a clock never set.
    return moment if moment >= _NOTHING_BEFORE else None


class Pagination(_Wire):
    """Whether there is more."""

    hasNext: bool = False  # noqa: N815 - the service's spelling


@dataclass(frozen=True, slots=True)
class Page:
    """One page of the listing."""

    fresh: tuple[ListedJob, ...]
    """Lines that no page before had."""

    lead: timedelta
    """By how much the service's own clock is ahead of ours: its times are told by it."""

    is_joined: bool
    """Whether it begins inside the page before: nothing can be missing between them."""

    is_last: bool


class JobList(_Wire):
    """`GET /api/jobs`."""

    jobs: list[ListedJob]
    pagination: Pagination = Pagination()


class AcceptedAnswer(_Wire):
    """The 202 of a submit."""

    jobId: str  # noqa: N815 - the service's spelling
    creditsReserved: int | None = None  # noqa: N815 - the service's spelling


class Warned(_Wire):
    """One warning of a validate answer."""

    message: str = ""


class ValidateAnswer(_Wire):
    """The 200 of a validate call."""

    valid: bool
    creditsRequired: int  # noqa: N815 - the service's spelling
    warnings: list[Warned] = []


class BalanceAnswer(_Wire):
    """`GET /api/credits/balance`; older forms have other keys beside this one."""

    balance: float


class Detail(_Wire):
    """One field the service complains about."""

    field: str = ""
    message: str = ""


class ErrorAnswer(_Wire):
    """Any error; only the status says what to do, the words are for people and logs."""

    error: str = ""
    message: str = ""
    details: list[Detail] = []
    retryAfter: float | None = None  # noqa: N815 - the service's spelling
    creditsRequired: int | None = None  # noqa: N815 - the service's spelling
    creditsAvailable: int | None = None  # noqa: N815 - the service's spelling


def _phase(word: str) -> JobPhase:
    """Every word but two means the job still goes on."""
    match word:
        case "completed":
            return JobPhase.COMPLETED
        case "failed":
            return JobPhase.FAILED
        case "active":
            return JobPhase.ACTIVE
        case _:
            return JobPhase.WAITING

"""Zvid's HTTP API through httpx; the only module that imports it.

At most eight connections, no redirects, no cookies, bounded bodies, and no retry: every outcome is sorted
by what may be done next. On the paid request anything that is not a clear answer is IN_DOUBT.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Mapping
from contextlib import closing
from datetime import timedelta
from typing import Any, TypeVar
from urllib.parse import quote

import httpx
from pydantic import BaseModel, SecretStr, ValidationError

from bot.adapters.certificates import refused_certificate
from bot.adapters.http_dates import http_date
from bot.adapters.render_connection import Deadline, TimedBackend
from bot.adapters.render_wire import (
    AcceptedAnswer,
    BalanceAnswer,
    ErrorAnswer,
    JobAnswer,
    JobList,
    Order,
    Page,
    UnreadableError,
    ValidateAnswer,
    strict_json,
)
from bot.domain.failures import Failure, FailureClass, ProblemCode
from bot.domain.ids import JobId
from bot.domain.jobs import Absent, Accepted, Job, Quote, Sought, Suspects
from bot.ports import Clock

_LARGEST_ANSWER = 8 * 1024 * 1024
_LARGEST_PAGE = 100
_LISTING_PAGES = 20
_NOT_SENT = (httpx.ConnectError, httpx.ConnectTimeout, httpx.PoolTimeout)
"""Trouble before the first byte of a request left."""

_ID_IN_WORDS = re.compile(r"\bjob ?id\b", re.IGNORECASE)

Shape = TypeVar("Shape", bound=BaseModel)


class _TooLargeError(Exception):
    """An answer beyond the bound."""


class ZvidService:
    """The paid service, as the core sees it; safe to call from several threads."""

    def __init__(
        self,
        base_url: str,
        key: SecretStr,
        *,
        timeout_seconds: float,
        clock: Clock,
        transport: httpx.BaseTransport | None = None,
    ) -> None:
        """No request takes longer than the timeout, from its first step to the last byte of its answer."""
        self._clock = clock
        self.lead: timedelta | None = None
        """By how much the service's own clock is ahead of ours, as its last answer told; None before any."""

        self._key = key.get_secret_value().encode()
        self._deadline = Deadline(timeout_seconds, clock.monotonic)
        self._base_url = base_url.rstrip("/")
        self._headers = {
            "user-agent": f"python-httpx/{httpx.__version__}",
            "x-api-key": key.get_secret_value(),
            "accept": "application/json",
            "accept-encoding": "identity",
        }
        timeout = httpx.Timeout(timeout_seconds, connect=min(10.0, timeout_seconds))
        self._extensions = {"timeout": timeout.as_dict()}
        self._transport = transport or _timed_transport(self._deadline)

    def close(self) -> None:
        """Ends the connections."""
        self._transport.close()

    # -- the calls ------------------------------------------------------------

    def ask(self, body: str) -> Quote | Failure:
        """`POST /api/render/validate/api-key`: free, queues nothing (Zvid docs, validate-render-job)."""
        said = self._send("POST", "/api/render/validate/api-key", f'{{"payload":{body}}}')
        if isinstance(said, Failure):
            return said
        answer = _read(said, ValidateAnswer)
        if isinstance(answer, Failure):
            return answer
        return Quote(answer.creditsRequired, tuple(one.message for one in answer.warnings))

    def balance(self) -> int | Failure:
        """`GET /api/credits/balance`: credits that are left; free (Zvid docs, credits-and-plans)."""
        answer = self.read("/api/credits/balance", BalanceAnswer)
        return answer if isinstance(answer, Failure) else int(answer.balance)

    def read(self, path: str, shape: type[Shape]) -> Shape | Failure:
        """Whatever else may be asked for free."""
        said = self._send("GET", path)
        return said if isinstance(said, Failure) else _read(said, shape)

    def submit(self, job_id: JobId | None, body: str) -> Accepted | Failure:
        """`POST /api/render/api-key`, with our own jobId where that is taken (Zvid docs, submit-render-job)."""
        ours = f'"jobId":"{job_id}",' if job_id is not None else ""
        said = self._send("POST", "/api/render/api-key", f'{{{ours}"payload":{body}}}')
        if isinstance(said, Failure):
            return _without_id(said) if job_id is not None and _names_the_id(said) else said
        if said.status_code != httpx.codes.ACCEPTED:
            return _doubt(f"{said.status_code} instead of 202")
        answer = _read(said, AcceptedAnswer)
        if isinstance(answer, Failure):
            return _doubt(answer.detail)
        return Accepted(JobId(answer.jobId), answer.creditsReserved)

    def look_up(self, job_id: JobId) -> Job | Absent | Failure:
        """`GET /api/jobs/{id}` (Zvid docs, get-render-job)."""
        # An id may be the service's own: whatever it spells, it is one part of the path.
        said = self._send("GET", f"/api/jobs/{quote(job_id, safe='')}")
        if isinstance(said, Failure):
            return Absent(job_id) if said.detail.startswith("404") else said
        answer = _read(said, JobAnswer)
        return answer if isinstance(answer, Failure) else answer.as_job(job_id)

    def find(self, sought: Sought) -> Job | Absent | Suspects | Failure:
        """`GET /api/jobs`, newest first, page by page (Zvid docs, list-render-jobs).

        A single render's name may stay unknown until it is completed, and the listing has no other trace of
        us: nameless young jobs of the same price are suspects. It is read down to jobs that are surely older,
        as long as it keeps to its promise of being in order; else to its end.
        """
        named: dict[str, Job] = {}
        suspects: list[JobId] = []
        order = Order()
        for page in self._listing(_LISTING_PAGES):
            if isinstance(page, Failure):
                return page
            since = min(sought.since, self._clock.now()) + page.lead
            is_in_order, is_covered = order.is_kept_by(page.fresh), False
            for job in page.fresh:
                if job.id == sought.job_id:
                    return job.as_found()
                is_covered = is_covered or (is_in_order and job.is_older_than(sought, since))
                if is_covered:
                    continue
                if job.name == sought.name:
                    named[job.id] = job.as_found()
                elif job.may_be(sought, since):
                    suspects.append(JobId(job.id))
            if not page.is_joined:
                return _no_proof("the listing moved while it was read")
            if page.is_last or is_covered:
                return _known_by_name(sought, named, suspects)
        return _no_proof(f"not in the newest {_LISTING_PAGES} pages")

    def sweep(self, wanted: Collection[JobId]) -> Mapping[JobId, Job] | Failure:
        """`GET /api/jobs`, the newest pages, until all are found or looking on costs as much as single looks."""
        left = set(wanted)
        found: dict[JobId, Job] = {}
        for page in self._listing(min(_LISTING_PAGES, 2 + len(left) // 10)):
            if isinstance(page, Failure):
                return page
            shown = {JobId(job.id): job.as_listed() for job in page.fresh}
            found |= {job_id: shown[job_id] for job_id in left & shown.keys()}
            left -= shown.keys()
            if not left:
                break
        return found

    def _listing(self, most_pages: int) -> Iterator[Page | Failure]:
        """The listing, newest first; the first failure ends it.

        Each page is asked one line shorter than the one before, so that it begins inside it: jobs that come
        while we read are seen twice, and where jobs vanished the gap shows.
        """
        seen: set[str] = set()
        for number in range(1, most_pages + 1):
            said = self._send("GET", f"/api/jobs?page={number}&limit={_LARGEST_PAGE + 1 - number}")
            if isinstance(said, Failure):
                yield said
                return
            listed = _read(said, JobList)
            if isinstance(listed, Failure):
                yield listed
                return
            ids = [job.id for job in listed.jobs]
            fresh = tuple({job.id: job for job in listed.jobs if job.id not in seen}.values())
            is_joined = not seen or not ids or ids[0] in seen
            seen.update(ids)
            yield Page(fresh, self._lead(said), is_joined=is_joined, is_last=not listed.pagination.hasNext)
            if not listed.pagination.hasNext:
                return

    # -- one request ----------------------------------------------------------

    def _send(self, method: str, path: str, body: str | None = None) -> httpx.Response | Failure:
        """The answer when it is a 2xx; a Failure otherwise."""
        request = self._request(method, path, body)
        try:
            with self._deadline.running(), closing(self._transport.handle_request(request)) as response:
                response.request = request
                # What Response.read() itself does, with a bound; an echo of our key goes no further.
                response._content = _bounded(response).replace(self._key, b"[hidden]")  # noqa: SLF001
        except _NOT_SENT as error:
            if (words := refused_certificate(error)) is not None:
                return Failure(FailureClass.TRANSIENT, ProblemCode.CERTIFICATE, words)
            return Failure(FailureClass.TRANSIENT, ProblemCode.NET, f"not sent ({type(error).__name__})")
        except _TooLargeError:
            return Failure(FailureClass.IN_DOUBT, ProblemCode.UNSURE, "the answer is too large")
        except httpx.HTTPError as error:
            return Failure(FailureClass.IN_DOUBT, ProblemCode.UNSURE, f"no answer ({type(error).__name__})")
        self.lead = self._lead(response)
        return response if response.is_success else self._refusal(response)

    def _request(self, method: str, path: str, body: str | None) -> httpx.Request:
        """All of it: what a client would add, cookies and redirects, is not wanted, and costs half as much again."""
        headers = self._headers if body is None else {**self._headers, "content-type": "application/json"}
        content = body.encode() if body is not None else None
        url = f"{self._base_url}{path}"
        return httpx.Request(method, url, headers=headers, content=content, extensions=self._extensions)

    def _refusal(self, response: httpx.Response) -> Failure:
        """Sorted by status: the texts are for people and not all published (Zvid docs, errors-and-retries)."""
        status = response.status_code
        said = _error_in(response)
        fields = tuple((one.field, one.message) for one in said.details if one.message)
        words = said.message or said.error or (fields[0][1] if fields else "no reason given")
        detail = f"{status}: {words[:500]}"
        match status:
            case 400 | 413 | 422:
                if status == 413:
                    words = (
                        f"The project is {len(response.request.content) // 1024:,} kB, more than it takes."
                    )
                return _rejection(detail, fields or (("", words),))
            case 403 if fields or said.error == "PREMIUM_REQUIRED":
                # What the account may not do with this one row is that row's matter.
                return _rejection(detail, fields or (("", words),))
            case 404:
                return Failure(FailureClass.DENIED, ProblemCode.ADDRESS, detail)
            case 401 | 403:
                return Failure(FailureClass.DENIED, ProblemCode.AUTH, detail)
            case 402:
                needed, left = said.creditsRequired, said.creditsAvailable
                named = (needed, left) if needed is not None and left is not None else None
                return Failure(FailureClass.EXHAUSTED, ProblemCode.CREDITS, detail, credits=named)
            case 409:
                return Failure(FailureClass.CONFLICT, ProblemCode.UNSURE, detail)
            case 429:
                wait = self._asked_wait(response, said)
                return Failure(FailureClass.THROTTLED, ProblemCode.RATE, detail, retry_after=wait)
            case _:
                return Failure(FailureClass.IN_DOUBT, ProblemCode.SERVICE, detail)

    def _lead(self, response: httpx.Response) -> timedelta:
        """By how much the service's own clock is ahead of ours."""
        said = http_date(response.headers.get("date", ""))
        return said - self._clock.now() if said is not None else timedelta(0)

    def _asked_wait(self, response: httpx.Response, said: ErrorAnswer) -> float | None:
        """Seconds from `Retry-After`, as a number or as a date, or from the body."""
        header = response.headers.get("retry-after", "").strip()
        if header.isascii() and header.isdigit() and len(header) < 12:
            return float(header)
        until = http_date(header)
        if until is None:
            return said.retryAfter
        # Both are the service's own: what our clock says does not matter.
        now = http_date(response.headers.get("date", "")) or self._clock.now()
        return max(0.0, (until - now).total_seconds())


def _timed_transport(deadline: Deadline) -> httpx.HTTPTransport:
    limits = httpx.Limits(max_connections=8, max_keepalive_connections=8)
    transport = httpx.HTTPTransport(limits=limits, trust_env=False)
    pool: Any = transport._pool  # noqa: SLF001 - httpx offers no other door to its streams
    pool._network_backend = TimedBackend(pool._network_backend, deadline, httpx.ReadTimeout)  # noqa: SLF001 - as above
    return transport


def _known_by_name(sought: Sought, named: dict[str, Job], suspects: list[JobId]) -> Job | Absent | Suspects:
    """One job of this name is the one; several are none, since nobody can tell which."""
    if len(named) == 1:
        return next(iter(named.values()))
    found = (*(JobId(one) for one in named), *suspects)
    return Suspects(found) if found else Absent(sought.job_id)


def _bounded(response: httpx.Response) -> bytes:
    parts: list[bytes] = []
    size = 0
    for part in response.iter_raw():
        size += len(part)
        if size > _LARGEST_ANSWER:
            raise _TooLargeError
        parts.append(part)
    return b"".join(parts)


def _read(response: httpx.Response, shape: type[Shape]) -> Shape | Failure:
    try:
        return shape.model_validate(strict_json(response.content))
    except (UnreadableError, ValidationError) as error:
        words = error.errors()[0]["msg"] if isinstance(error, ValidationError) else str(error)
        return Failure(FailureClass.MALFORMED, ProblemCode.SERVICE, f"unreadable answer: {words}")


def _error_in(response: httpx.Response) -> ErrorAnswer:
    try:
        body: dict[str, Any] = strict_json(response.content)
        return ErrorAnswer.model_validate(body)
    except (UnreadableError, ValidationError):
        return ErrorAnswer()


def _rejection(detail: str, fields: tuple[tuple[str, str], ...]) -> Failure:
    return Failure(FailureClass.REJECTED, ProblemCode.ZVID_REJECT, detail, fields=fields)


def _no_proof(detail: str) -> Failure:
    """Not found, and yet nothing is proved."""
    return Failure(FailureClass.MALFORMED, ProblemCode.UNSURE, detail)


def _doubt(detail: str) -> Failure:
    return Failure(FailureClass.IN_DOUBT, ProblemCode.UNSURE, detail)


def _names_the_id(failure: Failure) -> bool:
    """Whether a refusal is about the job id, by its field or, where no field is named, by its words."""
    if failure.kind is not FailureClass.REJECTED:
        return False
    return any(
        field.split(".")[-1].casefold() == "jobid" or (not field and _ID_IN_WORDS.search(words))
        for field, words in failure.fields
    )


def _without_id(failure: Failure) -> Failure:
    """Nothing was accepted, and nothing is known to be wrong with the row."""
    return Failure(FailureClass.IDS_REFUSED, ProblemCode.SERVICE, failure.detail)

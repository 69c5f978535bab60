"""A paid render service: jobs, charges, and a queue that goes on when a test says so."""

from __future__ import annotations

import json
import threading
import uuid
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from enum import StrEnum

from fakes.clock import FakeClock

from bot.domain.failures import Failure, FailureClass, ProblemCode
from bot.domain.ids import JobId
from bot.domain.jobs import Absent, Accepted, Job, JobPhase, Quote, Sought, Suspects

NO_ANSWER = Failure(FailureClass.IN_DOUBT, ProblemCode.UNSURE, "no answer (ReadTimeout)")
CONFLICT = Failure(FailureClass.CONFLICT, ProblemCode.UNSURE, "409: a job with this id exists")
IDS_REFUSED = Failure(FailureClass.IDS_REFUSED, ProblemCode.SERVICE, "400: jobId is not allowed")
NO_CREDITS = Failure(FailureClass.EXHAUSTED, ProblemCode.CREDITS, "402: Insufficient credits")


class OnRepeat(StrEnum):
    """What a second submit under a known id does; nobody outside knows which one the service does."""

    SAME_JOB = "answers with the job it has"
    CONFLICT = "answers 409"
    CHARGES_TWICE = "charges once more"


@dataclass
class FakeJob:
    """One job at the service."""

    job_id: JobId
    body: str
    accepted_at: float
    phase: JobPhase = JobPhase.WAITING
    percent: int | None = None
    reason: str | None = None

    @property
    def url(self) -> str:
        return f"https://cdn.example/{self.job_id}.mp4"

    @property
    def thumbnail_url(self) -> str:
        return f"https://cdn.example/{self.job_id}.jpg"


@dataclass(frozen=True, slots=True)
class Charge:
    """Credits taken for one accepted submit."""

    job_id: JobId
    body: str
    credits: int


class FakeRenderService:
    """Stateful and scriptable; every attribute may be set while a story runs."""

    def __init__(
        self,
        clock: FakeClock,
        on_repeat: OnRepeat = OnRepeat.CHARGES_TWICE,
        *,
        balance: int = 100_000,
        visible_after: float = 0.0,
    ) -> None:
        self.clock = clock
        self._lock = threading.Lock()
        self.on_repeat = on_repeat
        self.balance = balance
        self.visible_after = visible_after
        """Seconds a new job answers 404 and is missing from the listing."""

        self.listed_at_once = False
        """Whether the listing has a new job though a look at it says 404."""

        self.unlisted: set[JobId] = set()
        """Jobs that the pages read by a sweep do not show."""

        self.sweeps = 0
        self.names_at_once = False
        """Whether the listing names a job before it is completed."""

        self.price = 9
        self.honours_ids = True
        self.refuses_ids = False
        """Whether a submit that carries a job id is refused for it."""

        self.jobs: dict[JobId, FakeJob] = {}
        self.charges: list[Charge] = []
        self.refunds: list[JobId] = []
        self.sends = 0
        """Paid requests that reached the service, refused ones too."""

        self.most_at_once = 0
        """The most jobs that were under way at the same time."""

        self.lost_answers = 0
        """Submits that are accepted, but whose answer never arrives."""

        self.lost_requests = 0
        """Submits that never arrive, and nobody can tell."""

        self.refusals: dict[str, list[Failure]] = {
            "ask": [],
            "submit": [],
            "look_up": [],
            "find": [],
            "sweep": [],
        }
        """What the next calls of each kind are answered with instead."""

        self.failing_renders: list[str] = []
        """Reasons for which the next renders fail."""

    # -- the port -------------------------------------------------------------

    def ask(self, body: str) -> Quote | Failure:  # noqa: ARG002 - the port's signature
        with self._lock:
            return self._refusal("ask") or Quote(self.price)

    def submit(self, job_id: JobId | None, body: str) -> Accepted | Failure:
        with self._lock:
            if self.lost_requests:
                self.lost_requests -= 1
                return NO_ANSWER
            self.sends += 1
            answer = self._refusal("submit") or self._accept(job_id, body)
            if self.lost_answers and isinstance(answer, Accepted):
                self.lost_answers -= 1
                return NO_ANSWER
            return answer

    def _drawn(self, job_id: JobId | None) -> JobId:
        """An id of the service's own."""
        return JobId(str(uuid.uuid5(uuid.NAMESPACE_URL, job_id or f"job {len(self.charges)}")))

    def look_up(self, job_id: JobId) -> Job | Absent | Failure:
        with self._lock:
            refusal = self._refusal("look_up")
            job = self._visible(job_id)
            return refusal or (_as_seen(job) if job else Absent(job_id))

    def sweep(self, wanted: Collection[JobId]) -> Mapping[JobId, Job] | Failure:
        with self._lock:
            self.sweeps += 1
            refusal = self._refusal("sweep")
            found = [
                job for job_id in wanted if job_id not in self.unlisted and (job := self._visible(job_id))
            ]
            return refusal or {job.job_id: Job(job.job_id, job.phase, job.phase.value) for job in found}

    def find(self, sought: Sought) -> Job | Absent | Suspects | Failure:
        with self._lock:
            refusal = self._refusal("find")
            if refusal:
                return refusal
            listed = [job for job in self.jobs.values() if self.listed_at_once or self._visible(job.job_id)]
            by_id = [job for job in listed if job.job_id == sought.job_id]
            named = by_id or [job for job in listed if self._shown_name(job) == sought.name]
            if len(named) == 1:
                return Job(named[0].job_id, JobPhase.WAITING, named[0].phase.value)
            nameless = [job for job in listed if self._shown_name(job) is None]
            found = tuple(job.job_id for job in (*named, *nameless))
            return Suspects(found) if found else Absent(sought.job_id)

    def _shown_name(self, job: FakeJob) -> str | None:
        """A listing may leave the name out until a job is completed."""
        shows = self.names_at_once or job.phase is JobPhase.COMPLETED
        return str(json.loads(job.body).get("name")) if shows else None

    def _refusal(self, call: str) -> Failure | None:
        return self.refusals[call].pop(0) if self.refusals[call] else None

    def _accept(self, job_id: JobId | None, body: str) -> Accepted | Failure:
        if job_id is not None and self.refuses_ids:
            return IDS_REFUSED
        if job_id in self.jobs and self.on_repeat is OnRepeat.CONFLICT:
            return CONFLICT
        if job_id in self.jobs and self.on_repeat is OnRepeat.SAME_JOB:
            return Accepted(job_id, self.price)
        if self.balance < self.price:
            return NO_CREDITS
        given = job_id if job_id is not None and self.honours_ids else self._drawn(job_id)
        self.jobs.setdefault(given, FakeJob(given, body, self.clock.monotonic()))
        self.balance -= self.price
        self.charges.append(Charge(given, body, self.price))
        self.most_at_once = max(self.most_at_once, len(self.under_way))
        return Accepted(given, self.price)

    def _visible(self, job_id: JobId) -> FakeJob | None:
        job = self.jobs.get(job_id)
        if job is None or self.clock.monotonic() < job.accepted_at + self.visible_after:
            return None
        return job

    # -- what happens at the service ------------------------------------------

    @property
    def under_way(self) -> list[FakeJob]:
        """Jobs that have not ended."""
        return [job for job in self.jobs.values() if job.phase in {JobPhase.WAITING, JobPhase.ACTIVE}]

    def work(self) -> None:
        """Every job takes its next step: begins to render, or ends."""
        for job in self.under_way:
            if job.phase is JobPhase.WAITING:
                job.phase, job.percent = JobPhase.ACTIVE, 40
            elif self.failing_renders:
                job.phase, job.reason = JobPhase.FAILED, self.failing_renders.pop(0)
                self.balance += next(one.credits for one in self.charges if one.job_id == job.job_id)
                self.refunds.append(job.job_id)
            else:
                job.phase, job.percent = JobPhase.COMPLETED, 100

    def finish(self) -> None:
        """Every job runs to its end."""
        while self.under_way:
            self.work()


def _as_seen(job: FakeJob) -> Job:
    done = job.phase is JobPhase.COMPLETED
    return Job(
        job_id=job.job_id,
        phase=job.phase,
        word=job.phase.value,
        percent=job.percent,
        url=job.url if done else None,
        thumbnail_url=job.thumbnail_url if done else None,
        failed_reason=job.reason,
    )

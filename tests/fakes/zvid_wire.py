"""The render service as HTTP without sockets: the fake's jobs in the vendor's spelling, and any answer a test wants."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

import httpx
from canaries import canary
from fakes.clock import FakeClock
from fakes.render_service import FakeJob, FakeRenderService
from fakes.world import World
from pydantic import SecretStr

from bot.adapters.render_api import ZvidService
from bot.domain.failures import Failure
from bot.domain.ids import JobId
from bot.domain.jobs import JobPhase, Quote
from bot.planner.snapshot import Policy
from bot.reconciler.tick import Reconciler

Answer = Callable[[httpx.Request], httpx.Response]


def said(status: int, body: Any = None, **headers: str) -> Answer:
    """Makes an answer: a JSON body, or bytes as they are."""
    content = body if isinstance(body, bytes) else json.dumps(body or {}).encode()
    names = {name.replace("_", "-"): value for name, value in headers.items()}
    return lambda _: httpx.Response(status, stream=httpx.ByteStream(content), headers=names)


def broken(error: Exception) -> Answer:
    """The connection breaks."""

    def break_down(_: httpx.Request) -> httpx.Response:
        raise error

    return break_down


class ZvidWire:
    """Answers requests as the service does; what a test queued for a route is answered instead, once each."""

    def __init__(self, fake: FakeRenderService) -> None:
        self._fake = fake
        self.instead: dict[str, list[Answer]] = {"validate": [], "submit": [], "job": [], "jobs": []}
        self.after_work: list[Answer] = []
        """What the next sends are answered with after the work was done."""

        self.unlisted: set[JobId] = set()
        self.foreign: list[dict[str, Any]] = []
        """Lines of the listing above ours."""

        self.history: list[dict[str, Any]] = []
        """Lines of the listing below ours."""

        self.requests: list[tuple[str, httpx.Request]] = []
        self.job_answer: Callable[[dict[str, Any]], dict[str, Any]] = lambda body: body
        """What becomes of the answer to a look at a job before it leaves."""

    def __call__(self, request: httpx.Request) -> httpx.Response:
        route = _route(request)
        self.requests.append((route, request))
        if self.instead[route]:
            return self.instead[route].pop(0)(request)
        return getattr(self, f"_{route}")(request)  # type: ignore[no-any-return]

    def count(self, route: str) -> int:
        return sum(one == route for one, _ in self.requests)

    def _validate(self, request: httpx.Request) -> httpx.Response:
        quote = self._fake.ask("")
        assert isinstance(quote, Quote)
        return said(200, {"valid": True, "creditsRequired": quote.credits})(request)

    def _submit(self, request: httpx.Request) -> httpx.Response:
        sent = json.loads(request.content)
        answer = self._fake.submit(
            JobId(sent["jobId"]) if "jobId" in sent else None,
            json.dumps(sent["payload"], separators=(",", ":")),
        )
        if self.after_work:
            return self.after_work.pop(0)(request)
        if isinstance(answer, Failure):
            status, _, words = answer.detail.partition(": ")
            return said(int(status), {"error": words})(request)
        body = {"jobId": answer.job_id, "status": "queued", "creditsReserved": answer.reserved}
        return said(202, body)(request)

    def _job(self, request: httpx.Request) -> httpx.Response:
        job = self._fake.jobs.get(JobId(request.url.path.rpartition("/")[2]))
        if job is None:
            return said(404, {"error": "Job not found"})(request)
        done = job.phase is JobPhase.COMPLETED
        body = {
            "id": job.job_id,
            "state": job.phase.value,
            "progress": job.percent,
            "result": {"url": job.url, "thumbnailUrl": job.thumbnail_url} if done else None,
            "failedReason": job.reason,
        }
        return said(200, self.job_answer(body))(request)

    def _jobs(self, request: httpx.Request) -> httpx.Response:
        page, limit = int(request.url.params["page"]), int(request.url.params["limit"])
        ours = [job for job in self._fake.jobs.values() if job.job_id not in self.unlisted]
        newest = [
            *self.foreign,
            *map(self._line, sorted(ours, key=lambda job: -job.accepted_at)),
            *self.history,
        ]
        lines = newest[(page - 1) * limit : page * limit]
        more = page * limit < len(newest)
        return said(200, {"jobs": lines, "pagination": {"hasNext": more, "total": len(newest)}})(request)

    def _line(self, job: FakeJob) -> dict[str, Any]:
        age = timedelta(seconds=self._fake.clock.monotonic() - job.accepted_at)
        return {
            "id": job.job_id,
            "status": job.phase.value,
            "name": json.loads(job.body)["name"] if job.phase is JobPhase.COMPLETED else None,
            "created_at": (self._fake.clock.now() - age).isoformat(),
        }


def _route(request: httpx.Request) -> str:
    match request.url.path:
        case "/api/render/validate/api-key":
            return "validate"
        case "/api/render/api-key":
            return "submit"
        case "/api/jobs":
            return "jobs"
        case _:
            return "job"


class WireWorld(World):
    """A world whose robot talks to the service through the real client."""

    def __init__(self, folder: Path, *, policy: Policy | None = None) -> None:
        clock = FakeClock()
        fake = FakeRenderService(clock)
        self.wire = ZvidWire(fake)
        self.client = ZvidService(
            "https://api.zvid.test",
            SecretStr(canary()),
            timeout_seconds=30,
            clock=clock,
            transport=httpx.MockTransport(self.wire),
        )
        super().__init__(folder, service=fake, clock=clock, policy=policy)

    def _start(self) -> Reconciler:
        return self.start(self.sheet, self.journal, self.client)

    def close(self) -> None:
        self.client.close()
        super().close()

"""The render service port: one suite for the fake and for the Zvid adapter over real HTTP."""

from __future__ import annotations

import threading
import uuid
from collections.abc import Iterator
from pathlib import Path
from typing import Protocol

import pytest
from fakes.clock import FakeClock
from fakes.render_service import NO_ANSWER, FakeRenderService, OnRepeat
from pydantic import SecretStr

from bot.adapters.render_api import ZvidService
from bot.adapters.system_clock import SystemClock
from bot.domain.failures import Failure, FailureClass, ProblemCode
from bot.domain.ids import JobId, canonical_json
from bot.domain.jobs import Absent, Accepted, Job, JobPhase, Quote, Sought, Suspects
from bot.ports import RenderService
from bot.sandbox.app import Sandbox, SandboxOptions
from bot.sandbox.serve import SandboxServer
from bot.sandbox.zvid.service import ZvidOptions

BODY = canonical_json(
    {
        "type": "video",
        "name": "spring-raaab",
        "resolution": "hd",
        "duration": 9,
        "visuals": [{"type": "TEXT", "text": "Spring for 9 EUR"}],
    }
)


def by_id(job_id: JobId) -> Sought:
    """A job to look for by its id: no other job has this name or this price."""
    return Sought(job_id, f"name-of-{job_id}", SystemClock().now(), 7777)


class House(Protocol):
    """A service, and somebody who runs it."""

    service: RenderService

    def finish(self, job_id: JobId) -> Job: ...
    def charged(self, job_id: JobId) -> int: ...
    def on_repeat(self, mode: OnRepeat) -> None: ...
    def lose_answer(self) -> None: ...
    def refuse_submit(self, status: int, retry_after: int | None = None) -> None: ...
    def fail_render(self, reason: str) -> None: ...
    def hide_new_jobs(self) -> None: ...
    def draw_own_ids(self) -> None: ...
    def refuse_ids(self) -> None: ...


class FakeHouse:
    def __init__(self) -> None:
        self._fake = FakeRenderService(FakeClock())
        self.service: RenderService = self._fake

    def finish(self, job_id: JobId) -> Job:
        self._fake.finish()
        return _job(self.service, job_id)

    def charged(self, job_id: JobId) -> int:
        return sum(charge.job_id == job_id for charge in self._fake.charges)

    def on_repeat(self, mode: OnRepeat) -> None:
        self._fake.on_repeat = mode

    def lose_answer(self) -> None:
        self._fake.lost_answers = 1

    def refuse_submit(self, status: int, retry_after: int | None = None) -> None:
        kind, code = {
            401: (FailureClass.DENIED, ProblemCode.AUTH),
            402: (FailureClass.EXHAUSTED, ProblemCode.CREDITS),
            429: (FailureClass.THROTTLED, ProblemCode.RATE),
            503: (FailureClass.IN_DOUBT, ProblemCode.SERVICE),
        }[status]
        self._fake.refusals["submit"] = [Failure(kind, code, f"{status}: no", retry_after=retry_after)]

    def fail_render(self, reason: str) -> None:
        self._fake.failing_renders = [reason]

    def hide_new_jobs(self) -> None:
        self._fake.visible_after = 3600

    def draw_own_ids(self) -> None:
        self._fake.honours_ids = False

    def refuse_ids(self) -> None:
        self._fake.refuses_ids = True


class ZvidHouse:
    def __init__(self, server: SandboxServer) -> None:
        self._zvid = server.sandbox.zvid
        self.adapter = ZvidService(
            server.base_url, SecretStr(self._zvid.api_key), timeout_seconds=5, clock=SystemClock()
        )
        self.service: RenderService = self.adapter

    def finish(self, job_id: JobId) -> Job:
        nothing = threading.Event()
        for _ in range(500):
            job = _job(self.service, job_id)
            if job.phase in {JobPhase.COMPLETED, JobPhase.FAILED}:
                return job
            nothing.wait(0.01)
        raise AssertionError(f"{job_id} does not end")

    def charged(self, job_id: JobId) -> int:
        return sum(entry.job_id == job_id for entry in self._zvid.charges())

    def on_repeat(self, mode: OnRepeat) -> None:
        words = {
            OnRepeat.SAME_JOB: "same-202",
            OnRepeat.CONFLICT: "409",
            OnRepeat.CHARGES_TWICE: "charge-twice",
        }
        self._zvid.change(duplicate_job_id=words[mode])

    def lose_answer(self) -> None:
        self._zvid.change(mishaps=[{"route": "submit", "answer": "close", "after_work": True}])

    def refuse_submit(self, status: int, retry_after: int | None = None) -> None:
        wait = {} if retry_after is None else {"retry_after": str(retry_after)}
        self._zvid.change(mishaps=[{"route": "submit", "answer": status, **wait}])

    def fail_render(self, reason: str) -> None:
        self._zvid.change(fail_renders=1, fail_reason=reason)

    def hide_new_jobs(self) -> None:
        self._zvid.change(visibility_delay_seconds=3600)

    def draw_own_ids(self) -> None:
        self._zvid.change(honour_job_id=False)

    def refuse_ids(self) -> None:
        self._zvid.change(refuse_job_id=True)

    def reset(self) -> None:
        self.adapter.close()
        self._zvid.change(
            mishaps=[],
            fail_renders=0,
            visibility_delay_seconds=0,
            honour_job_id=True,
            refuse_job_id=False,
            duplicate_job_id="charge-twice",
        )


def _job(service: RenderService, job_id: JobId) -> Job:
    job = service.look_up(job_id)
    assert isinstance(job, Job), job
    return job


@pytest.fixture(params=["fake", "zvid"])
def house(request: pytest.FixtureRequest) -> Iterator[House]:
    if request.param == "fake":
        yield FakeHouse()
        return
    house = ZvidHouse(request.getfixturevalue("server"))
    yield house
    house.reset()


@pytest.fixture
def job_id() -> JobId:
    return JobId(str(uuid.uuid5(uuid.NAMESPACE_URL, str(uuid.uuid4()))))


def test_asking_costs_nothing(house: House, job_id: JobId):
    """The price comes back, no job and no charge come of it."""
    answer = house.service.ask(BODY)

    assert isinstance(answer, Quote)
    assert answer.credits == 9
    assert house.service.look_up(job_id) == Absent(job_id)


def test_submit_makes_a_job_under_our_id(house: House, job_id: JobId):
    """Accepted under the id we chose, with the price reserved once."""
    answer = house.service.submit(job_id, BODY)

    assert answer == Accepted(job_id, 9)
    assert house.charged(job_id) == 1
    assert _job(house.service, job_id).job_id == job_id


def test_job_ends_with_a_link(house: House, job_id: JobId):
    """A finished job names its video and its thumbnail."""
    house.service.submit(job_id, BODY)
    job = house.finish(job_id)

    assert job.phase is JobPhase.COMPLETED
    assert str(job.url).startswith("http")
    assert str(job.thumbnail_url).startswith("http")


def test_failed_job_says_why(house: House, job_id: JobId):
    """A failed job has a reason and no link."""
    house.fail_render("Failed to download media")
    house.service.submit(job_id, BODY)
    job = house.finish(job_id)

    assert (job.phase, job.url) == (JobPhase.FAILED, None)
    assert job.failed_reason == "Failed to download media"


def test_unknown_job_is_absent(house: House, job_id: JobId):
    """A look and a search both say that there is no such job."""
    assert house.service.look_up(job_id) == Absent(job_id)
    assert house.service.find(by_id(job_id)) == Absent(job_id)


def test_listing_knows_a_job_and_never_ends_it(house: House, job_id: JobId):
    """Found in the listing, a job is there; whether it ended is told by looking at it."""
    house.service.submit(job_id, BODY)
    house.finish(job_id)
    found = house.service.find(by_id(job_id))

    assert isinstance(found, Job)
    assert (found.job_id, found.phase) == (job_id, JobPhase.WAITING)


def test_f_Z25_sweep_shows_only_what_was_asked_for(house: House):
    """Many jobs in one look: those of ours that stand there, under their own ids; nobody else's."""
    ours = [JobId(str(uuid.uuid4())) for _ in range(12)]
    stranger, unknown = JobId(str(uuid.uuid4())), JobId(str(uuid.uuid4()))
    for job_id in (*ours, stranger):
        house.service.submit(job_id, BODY)
    for job_id in ours:
        house.finish(job_id)
    found = house.service.sweep([*ours, unknown])

    assert not isinstance(found, Failure)
    assert set(found) == set(ours)
    assert all(job.job_id == job_id and job.looks_ended for job_id, job in found.items())
    assert not any(job.has_ended and job.url for job in found.values())


def test_lost_answer_leaves_doubt_and_a_job(house: House, job_id: JobId):
    """The work was done, the answer never came: in doubt, and the job can be looked up."""
    house.lose_answer()
    answer = house.service.submit(job_id, BODY)

    assert isinstance(answer, Failure)
    assert answer.kind is NO_ANSWER.kind
    assert isinstance(house.service.look_up(job_id), Job)


def test_new_job_may_be_hidden(house: House, job_id: JobId):
    """Accepted and paid, yet absent from look and listing: why one 404 proves nothing."""
    house.hide_new_jobs()
    house.service.submit(job_id, BODY)

    assert house.service.look_up(job_id) == Absent(job_id)
    assert house.service.find(by_id(job_id)) == Absent(job_id)
    assert house.charged(job_id) == 1


@pytest.mark.parametrize(
    ("mode", "kind", "charges"),
    [
        (OnRepeat.SAME_JOB, None, 1),
        (OnRepeat.CONFLICT, FailureClass.CONFLICT, 1),
        (OnRepeat.CHARGES_TWICE, None, 2),
    ],
)
def test_repeat_of_a_known_id(house: House, job_id: JobId, mode: OnRepeat, kind: FailureClass, charges: int):
    """What a second submit does is the service's matter; a conflict is doubt, not a refusal."""
    house.on_repeat(mode)
    house.service.submit(job_id, BODY)
    answer = house.service.submit(job_id, BODY)

    assert (answer.kind if isinstance(answer, Failure) else None) == kind
    assert house.charged(job_id) == charges


@pytest.mark.parametrize(
    ("status", "kind", "wait"),
    [
        (401, FailureClass.DENIED, None),
        (402, FailureClass.EXHAUSTED, None),
        (429, FailureClass.THROTTLED, 30),
        (503, FailureClass.IN_DOUBT, None),
    ],
)
def test_refused_submit_charges_nothing(
    house: House, job_id: JobId, status: int, kind: FailureClass, wait: int | None
):
    """Sorted by what may be done next."""
    house.refuse_submit(status, wait)
    answer = house.service.submit(job_id, BODY)

    assert isinstance(answer, Failure)
    assert (answer.kind, answer.retry_after) == (kind, wait)
    assert house.charged(job_id) == 0


def test_other_id_than_ours_is_told(house: House, job_id: JobId):
    """A service that draws its own ids says which one it drew."""
    house.draw_own_ids()
    answer = house.service.submit(job_id, BODY)

    assert isinstance(answer, Accepted)
    assert answer.job_id != job_id
    assert isinstance(house.service.look_up(answer.job_id), Job)


def test_f_Z01_service_that_takes_no_ids(house: House, job_id: JobId):
    """Only the id was in the way: nothing was accepted; without it the work is taken, under an id of the service's."""
    house.refuse_ids()
    refused = house.service.submit(job_id, BODY)
    charged = house.charged(job_id)
    taken = house.service.submit(None, BODY)

    assert isinstance(refused, Failure)
    assert refused.kind is FailureClass.IDS_REFUSED
    assert charged == 0
    assert isinstance(taken, Accepted)
    assert taken.job_id != job_id
    assert isinstance(house.service.look_up(taken.job_id), Job)


def test_submit_without_an_id_where_ids_are_taken(house: House, job_id: JobId):
    """Nobody has to name a job."""
    taken = house.service.submit(None, BODY)

    assert isinstance(taken, Accepted)
    assert house.charged(taken.job_id) == 1


def test_name_that_two_jobs_have_names_neither(house: House, job_id: JobId):
    """One finished job of a name is found by it; of two, nobody can tell which is meant."""
    name = f"only-{job_id}"
    body = BODY.replace("spring-raaab", name)
    first = house.service.submit(None, body)
    assert isinstance(first, Accepted)
    house.finish(first.job_id)
    sought = Sought(job_id, name, SystemClock().now(), 7777)
    alone = house.service.find(sought)
    second = house.service.submit(None, body)
    assert isinstance(second, Accepted)
    house.finish(second.job_id)

    assert isinstance(alone, Job)
    assert alone.job_id == first.job_id
    assert house.service.find(sought) in [
        Suspects((first.job_id, second.job_id)),
        Suspects((second.job_id, first.job_id)),
    ]


def test_account_without_credits(tmp_path: Path, job_id: JobId):
    """The real adapter against an empty account: no room, nothing charged."""
    options = SandboxOptions(zvid=ZvidOptions(render="instant", balance=8, addon_credits=0))
    with SandboxServer(Sandbox(tmp_path, options)) as server:
        house = ZvidHouse(server)
        answer = house.service.submit(job_id, BODY)
        house.adapter.close()

        assert isinstance(answer, Failure)
        assert answer.kind is FailureClass.EXHAUSTED
        assert house.charged(job_id) == 0


def test_project_the_service_does_not_take(server: SandboxServer):
    """A refused project names the field; asked for free, before anything is sent."""
    house = ZvidHouse(server)
    answer = house.service.ask(canonical_json({"type": "video", "duration": -1, "visuals": []}))
    house.adapter.close()

    assert isinstance(answer, Failure)
    assert answer.kind is FailureClass.REJECTED
    assert any("duration" in field for field, _ in answer.fields)

"""Every answer and every fault of the wire, sorted by what may be done next."""

from __future__ import annotations

import json
import socket
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import httpx
import pytest
from canaries import canary
from fakes.clock import FakeClock
from pydantic import SecretStr

from bot.adapters.render_api import ZvidService
from bot.adapters.system_clock import SystemClock
from bot.domain.failures import Failure, FailureClass, ProblemCode
from bot.domain.ids import JobId
from bot.domain.jobs import Absent, Accepted, Job, JobPhase, Sought, Suspects
from bot.sandbox.serve import SandboxServer

KEY = canary()
JOB = JobId("3f0c2a7e-5d55-5b1e-9a53-8c1d6f1f2ab1")
NOW = datetime(2026, 3, 2, 14, 0, tzinfo=UTC)
CALLS = ("ask", "submit", "look_up", "find", "sweep")
SOUGHT = Sought(JOB, "spring-raaab", NOW, 9)
HTML = b"<html><body>Bad Gateway</body></html>"
ACCEPTED = f'{{"jobId":"{JOB}","status":"queued","creditsReserved":9}}'.encode()
COMPLETED = '{"state":"completed","progress":100,"result":{"url":"https://cdn.example/1.mp4"}}'

IN_DOUBT, DENIED, REJECTED = FailureClass.IN_DOUBT, FailureClass.DENIED, FailureClass.REJECTED
MALFORMED, TRANSIENT = FailureClass.MALFORMED, FailureClass.TRANSIENT
THROTTLED, EXHAUSTED = FailureClass.THROTTLED, FailureClass.EXHAUSTED


def said(status: int, content: bytes = b"{}", headers: Any = None) -> httpx.Response:
    """An answer as it comes off the wire, not yet read."""
    return httpx.Response(status, stream=httpx.ByteStream(content), headers=headers)


def service(answer: Callable[[httpx.Request], httpx.Response]) -> ZvidService:
    return ZvidService(
        "https://api.zvid.test",
        SecretStr(KEY),
        timeout_seconds=5,
        clock=FakeClock(NOW),
        transport=httpx.MockTransport(answer),
    )


def call(made: ZvidService, name: str) -> object:
    """One of the four calls."""
    try:
        match name:
            case "ask":
                return made.ask("{}")
            case "submit":
                return made.submit(JOB, "{}")
            case "look_up":
                return made.look_up(JOB)
            case "sweep":
                return made.sweep([JOB])
            case _:
                return made.find(SOUGHT)
    finally:
        made.close()


def answered(name: str, status: int, content: bytes = b"{}", **headers: str) -> object:
    return call(service(lambda _: said(status, content, headers)), name)


def kind(answer: object) -> FailureClass:
    assert isinstance(answer, Failure), answer
    return answer.kind


STATUSES = [
    (400, REJECTED),
    (401, DENIED),
    (402, EXHAUSTED),
    (403, DENIED),
    (405, IN_DOUBT),
    (408, IN_DOUBT),
    (409, FailureClass.CONFLICT),
    (413, REJECTED),
    (422, REJECTED),
    (429, THROTTLED),
    (301, IN_DOUBT),
    (307, IN_DOUBT),
    (500, IN_DOUBT),
    (502, IN_DOUBT),
    (503, IN_DOUBT),
    (504, IN_DOUBT),
    (520, IN_DOUBT),
]


@pytest.mark.parametrize("body", [b'{"error":"said"}', HTML, b"", b'{"error":{"no":"text"}}'])
@pytest.mark.parametrize("name", CALLS)
@pytest.mark.parametrize(("status", "wanted"), STATUSES)
def test_f_Z01_Z10_Z11_every_refusal_has_its_class(name: str, status: int, wanted: FailureClass, body: bytes):
    """By status alone, whatever the body says or is."""
    assert kind(answered(name, status, body)) is wanted


@pytest.mark.parametrize(("name", "wanted"), [("ask", DENIED), ("submit", DENIED), ("find", DENIED)])
def test_not_found_outside_of_a_look_is_a_matter_of_settings(name: str, wanted: FailureClass):
    """Only a look at a job can find that there is none."""
    assert kind(answered(name, 404)) is wanted


@pytest.mark.parametrize(
    ("body", "wanted"),
    [
        ({"details": [{"field": "jobId", "message": "Unknown property"}]}, FailureClass.IDS_REFUSED),
        ({"details": [{"field": "payload.jobId", "message": "is not allowed"}]}, FailureClass.IDS_REFUSED),
        ({"error": "Invalid job ID", "message": "Job ID must be a valid UUID"}, FailureClass.IDS_REFUSED),
        ({"error": "Validation failed", "message": '"jobId" is not allowed'}, FailureClass.IDS_REFUSED),
        ({"details": [{"field": "payload.name", "message": "jobId is no good name"}]}, REJECTED),
        ({"details": [{"field": "payload.visuals[0].src", "message": "No"}]}, REJECTED),
        ({"error": "Validation failed"}, REJECTED),
    ],
    ids=range(7),
)
def test_f_Z01_refusal_of_our_id_is_none_of_the_row(body: dict[str, Any], wanted: FailureClass):
    """Told by the field it names, or by its words where it names none; without an id it is the row's matter again."""
    content = json.dumps(body).encode()
    made = service(lambda _: said(400, content))
    unnamed = made.submit(None, "{}")
    made.close()

    assert kind(answered("submit", 400, content)) is wanted
    assert kind(unnamed) is REJECTED


def test_f_Z01_without_an_id_none_is_sent():
    """The request then carries the payload alone."""
    sent: list[bytes] = []

    def keep(request: httpx.Request) -> httpx.Response:
        sent.append(request.content)
        return said(202, ACCEPTED)

    made = service(keep)
    made.submit(None, '{"type":"video"}')
    made.submit(JOB, '{"type":"video"}')
    made.close()

    assert sent == [
        b'{"payload":{"type":"video"}}',
        f'{{"jobId":"{JOB}","payload":{{"type":"video"}}}}'.encode(),
    ]


def test_f_Z04_what_this_row_may_not_do_is_this_rows_matter():
    """A 403 that names a field, or premium content, is refused data; without a word the whole account waits."""
    named = answered("submit", 403, b'{"error":"x","details":[{"field":"a","message":"Not on this plan"}]}')
    premium = answered("submit", 403, b'{"error":"PREMIUM_REQUIRED"}')

    assert (kind(named), kind(premium)) == (REJECTED, REJECTED)
    assert kind(answered("submit", 403, b'{"error":"Access denied"}')) is DENIED


def test_f_Z05_not_found_on_a_send_is_a_wrong_address():
    """No such path or template: nothing of the row's, nothing of the key's."""
    answer = answered("submit", 404, HTML)

    assert isinstance(answer, Failure)
    assert answer.code is ProblemCode.ADDRESS


def test_f_Z08_too_large_says_how_large():
    """A project beyond the bound is the row's matter, with a size people understand."""
    made = service(lambda _: said(413))
    answer = made.submit(JOB, '{"visuals":"' + "x" * 300_000 + '"}')
    made.close()

    assert isinstance(answer, Failure)
    assert answer.kind is REJECTED
    assert answer.fields == (("", "The project is 293 kB, more than it takes."),)


def test_job_not_found_is_absent():
    """The one 404 that is an answer."""
    assert answered("look_up", 404, b'{"error":"Job not found"}') == Absent(JOB)


UNREADABLE = [
    b"",
    HTML,
    b"null",
    b"[]",
    b'"jobId"',
    b'{"jobId":',
    b"\xff\xfe",
    b'{"jobId":NaN}',
    b'{"creditsReserved":Infinity,"jobId":"x"}',
    f'{{"jobId":"{JOB}","jobId":"{JOB}"}}'.encode(),
    b'{"jobId":7}',
    b'{"jobId":null}',
    b'{"status":"queued"}',
    b"[" * 100_000,
    b'{"jobId":"x","n":' + b"9" * 5000 + b"}",
    b" " * (9 * 1024 * 1024),
]


@pytest.mark.parametrize("body", UNREADABLE, ids=range(len(UNREADABLE)))
def test_f_Z15_accepted_but_unreadable_is_doubt(body: bytes):
    """A 202 nobody can read: the job exists, almost surely; never a refusal, never a second send."""
    assert kind(answered("submit", 202, body)) is IN_DOUBT


@pytest.mark.parametrize("status", [200, 201, 204])
def test_f_Z16_other_success_than_202_is_doubt(status: int):
    """Only the documented answer counts as accepted."""
    assert kind(answered("submit", status, ACCEPTED if status != 204 else b"")) is IN_DOUBT


@pytest.mark.parametrize("body", UNREADABLE[:-1], ids=range(len(UNREADABLE) - 1))
@pytest.mark.parametrize("name", ["ask", "look_up", "find", "sweep"])
def test_read_that_cannot_be_read_is_malformed(name: str, body: bytes):
    """The state stays as it is."""
    assert kind(answered(name, 200, body)) is MALFORMED


@pytest.mark.parametrize("name", CALLS)
def test_huge_answer_is_not_swallowed(name: str):
    """Reading stops at the bound."""
    assert kind(answered(name, 202 if name == "submit" else 200, b" " * (9 * 1024 * 1024))) is IN_DOUBT


def test_f_Z15_clear_answer_is_accepted():
    """Extra fields do no harm; the id given back is the id that counts."""
    other = "0d1b6a52-0000-4000-8000-000000000001"

    assert answered("submit", 202, ACCEPTED) == Accepted(JOB, 9)
    assert answered("submit", 202, f'{{"jobId":"{other}","new":1}}'.encode()) == Accepted(JobId(other), None)


@pytest.mark.parametrize(
    ("header", "body", "wait"),
    [
        ("30", b"{}", 30),
        ("0", b"{}", 0),
        ("1000000000", b"{}", 1e9),
        ("Mon, 02 Mar 2026 14:01:30 GMT", b"{}", 90),
        ("Mon, 02 Mar 2026 13:00:00 GMT", b"{}", 0),
        ("-1", b"{}", None),
        ("soon", b"{}", None),
        ("", b'{"retryAfter":12}', 12),
        ("soon", b'{"retryAfter":12}', 12),
        ("٣٠", b"{}", None),
        ("1" * 400, b"{}", None),
    ],
)
def test_wait_that_was_asked_for(header: str, body: bytes, wait: float | None):
    """Seconds, a date, or the body's word; nonsense is none."""
    raw = [(b"retry-after", header.encode())]
    answer = call(service(lambda _: said(429, body, raw)), "submit")

    assert isinstance(answer, Failure)
    assert answer.retry_after == wait


FAULTS = [
    (httpx.ConnectError("refused"), TRANSIENT),
    (httpx.ConnectTimeout("late"), TRANSIENT),
    (httpx.PoolTimeout("full"), TRANSIENT),
    (httpx.ReadTimeout("silence"), IN_DOUBT),
    (httpx.WriteTimeout("stuck"), IN_DOUBT),
    (httpx.ReadError("reset"), IN_DOUBT),
    (httpx.WriteError("reset"), IN_DOUBT),
    (httpx.CloseError("gone"), IN_DOUBT),
    (httpx.RemoteProtocolError("cut"), IN_DOUBT),
    (httpx.DecodingError("bad gzip"), IN_DOUBT),
]


@pytest.mark.parametrize("name", CALLS)
@pytest.mark.parametrize(("error", "wanted"), FAULTS, ids=lambda one: type(one).__name__)
def test_every_fault_of_the_wire_has_its_class(name: str, error: Exception, wanted: FailureClass):
    """Only trouble before the first byte is surely nothing sent."""

    def break_down(_: httpx.Request) -> httpx.Response:
        raise error

    assert kind(call(service(break_down), name)) is wanted


def test_redirect_is_never_followed():
    """The key goes to no other host."""
    hosts: list[str] = []

    def lead_away(request: httpx.Request) -> httpx.Response:
        hosts.append(request.url.host)
        return said(307, headers={"location": "https://evil.example/"})

    call(service(lead_away), "submit")

    assert hosts == ["api.zvid.test"]


@pytest.mark.parametrize("status", [429, 500, 502, 503])
@pytest.mark.parametrize("name", CALLS)
def test_nothing_is_retried_in_the_client(name: str, status: int):
    """One ladder only, and it is the journal's."""
    requests: list[httpx.Request] = []

    def count(request: httpx.Request) -> httpx.Response:
        requests.append(request)
        return said(status)

    call(service(count), name)

    assert len(requests) == 1


def test_key_is_in_no_failure():
    """A service that echoes the key does not get it into a detail."""
    answer = answered("submit", 401, b'{"error":"Unauthorized"}')

    assert isinstance(answer, Failure)
    assert answer.code is ProblemCode.AUTH
    assert KEY not in repr(answer)


# -- what a look makes of a job -----------------------------------------------


@pytest.mark.parametrize(
    ("word", "phase"),
    [
        ("waiting", JobPhase.WAITING),
        ("delayed", JobPhase.WAITING),
        ("stalled", JobPhase.WAITING),
        ("cancelled", JobPhase.WAITING),
        ("Completed", JobPhase.WAITING),
        ("", JobPhase.WAITING),
        ("active", JobPhase.ACTIVE),
        ("completed", JobPhase.COMPLETED),
        ("failed", JobPhase.FAILED),
    ],
)
def test_only_two_words_end_a_job(word: str, phase: JobPhase):
    """Every other word, invented ones too, means that it still goes on."""
    answer = answered("look_up", 200, f'{{"state":"{word}"}}'.encode())

    assert isinstance(answer, Job)
    assert answer.phase is phase


@pytest.mark.parametrize(
    ("result", "url"),
    [
        ('{"url":"https://cdn.example/1.mp4"}', "https://cdn.example/1.mp4"),
        ('"https://cdn.example/1.mp4"', "https://cdn.example/1.mp4"),
        ("null", None),
        ("7", None),
        ('{"url":"javascript:alert(1)"}', None),
        ('{"url":"file:///etc/passwd"}', None),
        ('{"url":"=HYPERLINK(1)"}', None),
        ('{"url":"https://cdn.example/a b"}', None),
        ('{"url":"https://cdn.example/' + "x" * 10_000 + '"}', None),
        ('{"url":{"no":"text"}}', None),
    ],
    ids=range(10),
)
def test_only_web_links_reach_a_cell(result: str, url: str | None):
    """Strings and objects are taken, everything that is no plain link is none."""
    answer = answered("look_up", 200, f'{{"state":"completed","result":{result}}}'.encode())

    assert isinstance(answer, Job)
    assert answer.url == url


@pytest.mark.parametrize(
    ("progress", "percent"),
    [
        ("40", 40),
        ('{"percentage":62.9,"phase":"x"}', 62),
        ("null", None),
        ('"x"', None),
        ("true", None),
        ("-5", 0),
        ("700", 100),
        ('{"percentage":null}', None),
    ],
)
def test_progress_in_every_form(progress: str, percent: int | None):
    """A number or an object, kept between 0 and 100."""
    answer = answered("look_up", 200, f'{{"state":"active","progress":{progress}}}'.encode())

    assert isinstance(answer, Job)
    assert answer.percent == percent


def test_listing_is_read_page_by_page():
    """An old job is found behind newer ones; other people's lines are nobody's matter."""
    asked: list[str] = []

    def page(request: httpx.Request) -> httpx.Response:
        number = request.url.params["page"]
        asked.append(number)
        found = str(JOB) if number == "3" else f"other-{number}"
        lines = [{"id": f"other-{int(number) - 1}", "status": "active"}, {"id": found, "status": "active"}]
        body = {"jobs": lines, "pagination": {"hasNext": True}}
        return said(200, json.dumps(body).encode())

    answer = call(service(page), "find")

    assert isinstance(answer, Job)
    assert asked == ["1", "2", "3"]


class Listing:
    """A listing of many jobs, newest first, that may move between two pages."""

    def __init__(self, count: int) -> None:
        self.ids = [f"job-{number}" for number in range(count)]
        self.asked: list[tuple[int, int]] = []
        self.made: Callable[[int], object] = lambda _: None
        """When the job of a line was created; the first line is 0."""

        self.between: Callable[[], None] = lambda: None

    def __call__(self, request: httpx.Request) -> httpx.Response:
        page, limit = int(request.url.params["page"]), int(request.url.params["limit"])
        if self.asked:
            self.between()
        self.asked.append((page, limit))
        begin, end = (page - 1) * limit, page * limit
        lines = [
            {"id": one, "status": "active", "created_at": self.made(begin + place)}
            for place, one in enumerate(self.ids[begin:end])
        ]
        body = {"jobs": lines, "pagination": {"hasNext": end < len(self.ids)}}
        return said(200, json.dumps(body).encode())

    def sweep(self, *wanted: str) -> set[str]:
        made = service(self)
        found = made.sweep([JobId(one) for one in wanted])
        made.close()
        assert not isinstance(found, Failure)
        return set(found)


def test_f_Z25_pages_overlap():
    """Each page begins inside the one before, and together they leave nothing out."""
    listing = Listing(380)
    sought = Sought(JobId("nobody"), "no name", NOW, 9)
    made = service(listing)
    answer = made.find(sought)
    made.close()

    assert listing.asked == [(1, 100), (2, 99), (3, 98), (4, 97)]
    assert answer == Suspects(tuple(JobId(one) for one in listing.ids))


def test_f_Z25_jobs_that_come_while_we_read():
    """Lines slide down and are seen twice, which does no harm; none is missed."""
    listing = Listing(250)
    listing.between = lambda: listing.ids.insert(0, f"new-{len(listing.ids)}")

    assert listing.sweep("job-99", "job-100", "job-199", *(f"x{n}" for n in range(20))) == {
        "job-99",
        "job-100",
        "job-199",
    }


def test_f_Z25_jobs_that_vanish_while_we_read_prove_no_absence():
    """Lines slide up past the page's edge: what is not found may have been there."""
    listing = Listing(250)

    def vanish() -> None:
        del listing.ids[:5]

    listing.between = vanish

    assert kind(call(service(listing), "find")) is MALFORMED


def test_f_Z25_sweep_reads_no_more_pages_than_it_saves_looks():
    """A job that is not there does not make us read a listing of thousands."""
    listing = Listing(5000)
    found = listing.sweep("gone", *(f"job-{number}" for number in range(11)))

    assert found == {f"job-{number}" for number in range(11)}
    assert len(listing.asked) == 3


def test_f_Z25_sweep_ends_when_all_are_found():
    """The newest jobs stand on the first page."""
    listing = Listing(5000)

    assert listing.sweep(*(f"job-{number}" for number in range(50))) == {
        f"job-{number}" for number in range(50)
    }
    assert listing.asked == [(1, 100)]


def test_f_Z25_listing_of_more_than_a_hundred_pages_is_bounded():
    """A search gives up after twenty pages and claims nothing."""
    listing = Listing(11_000)

    assert kind(call(service(listing), "find")) is MALFORMED
    assert len(listing.asked) == 20


def hours_ago(hours: float) -> str:
    return (NOW - timedelta(hours=hours)).isoformat()


def searched(listing: Listing, *older: str) -> object:
    """What a search for a job that is not there says."""
    made = service(listing)
    known = frozenset(JobId(one) for one in older)
    answer = made.find(Sought(JobId("nobody"), "no name", NOW, 9, known))
    made.close()
    return answer


def test_a_search_ends_where_jobs_are_surely_older():
    """By the service's own times, with hours to spare for a clock that was set; an account may have any history."""
    listing = Listing(11_000)
    listing.made = lambda line: hours_ago(line * 0.015)

    answer = searched(listing)

    assert isinstance(answer, Suspects)
    assert len(answer.job_ids) == 134  # two hours of lines, none of which shows its name
    assert len(listing.asked) == 2


def test_a_search_ends_at_jobs_that_were_accepted_before():
    """Whatever the times say: what stands below them was there before ours was sent."""
    listing = Listing(11_000)
    listing.made = lambda line: hours_ago(line / 3600)

    answer = searched(listing, "job-3", "job-5")

    assert answer == Suspects((JobId("job-0"), JobId("job-1"), JobId("job-2")))
    assert len(listing.asked) == 1


ORDERLESS = {
    "times not told": lambda _: None,
    "times nobody can read": lambda _: "yesterday",
    "times all alike": lambda _: hours_ago(9),
    "oldest first": lambda line: hours_ago(9000 - line * 0.015),
    "one line out of place": lambda line: hours_ago(50 if line == 1 else 9 if line == 2 else line),
}


@pytest.mark.parametrize("made", ORDERLESS.values(), ids=ORDERLESS)
def test_a_listing_out_of_order_proves_nothing_before_its_end(made: Callable[[int], object]):
    """Newest first is a promise; where the lines break it, ours may stand anywhere."""
    listing = Listing(11_000)
    listing.made = made

    assert kind(searched(listing, "job-3")) is MALFORMED
    assert len(listing.asked) == 20


def test_a_job_among_older_ones_is_found_all_the_same():
    """On the way down to what is surely older every line is looked at."""
    listing = Listing(11_000)
    listing.made = lambda line: hours_ago(line * 0.01)
    listing.ids[150] = "nobody"

    assert isinstance(searched(listing), Job)


def test_f_Z25_same_line_twice_on_a_page():
    """A doubled line is one job."""
    listing = Listing(3)
    listing.ids = [str(JOB), str(JOB), "other"]

    assert listing.sweep(JOB) == {JOB}


def test_listing_without_end_is_no_absence():
    """When the pages do not stop, nothing is proved: never an Absent."""
    body = {"jobs": [{"id": "other", "status": "active"}], "pagination": {"hasNext": True}}

    assert kind(call(service(lambda _: said(200, json.dumps(body).encode())), "find")) is MALFORMED


# -- real sockets -------------------------------------------------------------


@pytest.fixture
def real(server: SandboxServer) -> Iterator[ZvidService]:
    key = SecretStr(server.sandbox.zvid.api_key)
    made = ZvidService(server.base_url, key, timeout_seconds=0.3, clock=SystemClock())
    yield made
    made.close()
    server.sandbox.zvid.change(mishaps=[])


@pytest.mark.parametrize("fault", ["close", "reset", "hang", "half"])
@pytest.mark.parametrize(("name", "route"), [("submit", "submit"), ("look_up", "job"), ("find", "jobs")])
def test_broken_connection_is_doubt(
    real: ZvidService, server: SandboxServer, name: str, route: str, fault: str
):
    """Closed, reset, silent, or cut in the middle of the answer: nobody knows."""
    server.sandbox.zvid.change(mishaps=[{"route": route, "answer": fault, "times": 3}])

    assert kind(call(real, name)) is IN_DOUBT


def test_refused_connection_is_surely_not_sent():
    """Nobody listens: send again."""
    with socket.socket() as bound:
        bound.bind(("127.0.0.1", 0))
        port = bound.getsockname()[1]
        made = ZvidService(f"http://127.0.0.1:{port}", SecretStr(KEY), timeout_seconds=1, clock=SystemClock())

        assert kind(call(made, "submit")) is TRANSIENT


def test_an_id_is_one_part_of_the_path():
    """The service may answer with any id of its own: asking for it leads nowhere else."""
    asked: list[bytes] = []

    def answer(request: httpx.Request) -> httpx.Response:
        asked.append(request.url.raw_path)
        return said(404)

    made = service(answer)
    found = made.look_up(JobId("../profile?all=1#x"))
    made.close()

    assert found == Absent(JobId("../profile?all=1#x"))
    assert asked == [b"/api/jobs/..%2Fprofile%3Fall%3D1%23x"]

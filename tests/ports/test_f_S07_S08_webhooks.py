"""Webhooks of the service over real HTTP: forged, old, repeated, huge, slow, and many of them at once."""

from __future__ import annotations

import contextlib
import hashlib
import hmac
import http.client
import json
import socket
import time
import tracemalloc
from collections.abc import Iterator
from dataclasses import dataclass, field

import pytest
from canaries import canary
from pydantic import SecretStr
from structlog.testing import CapturingLogger

from bot.adapters.system_clock import SystemClock
from bot.adapters.web import hints
from bot.adapters.web.hints import HintApp
from bot.adapters.web.server import WebServer
from bot.domain.ids import JobId
from bot.domain.listening import Place
from bot.sandbox.zvid.courier import signature

SECRET = canary("whsec_{}")
JOB = "3f0c2a7e-5d55-5b1e-9a53-8c1d6f1f2ab1"
BODY = json.dumps({"event": "render.completed", "jobId": JOB, "data": {"status": "completed"}}).encode()
REFUSED = (400, b"")
TAKEN = (204, b"")


@dataclass
class Door:
    """The listener, and what was heard through it."""

    port: int = 0
    heard: list[JobId] = field(default_factory=list)

    def knock(
        self, body: bytes = BODY, *, method: str = "POST", path: str = hints.PATH, **headers: str
    ) -> tuple[int, bytes]:
        """(status, body) of the answer; header names with underscores."""
        line = http.client.HTTPConnection("127.0.0.1", self.port, timeout=10)
        with contextlib.closing(line):
            with contextlib.suppress(BrokenPipeError, ConnectionResetError):
                # Whoever is refused in the middle of a body may be hung up on.
                line.request(
                    method, path, body, {name.replace("_", "-"): said for name, said in headers.items()}
                )
            answer = line.getresponse()
            assert "server" not in {name.lower() for name, _ in answer.getheaders()}
            return answer.status, answer.read()

    def signed(
        self, body: bytes = BODY, delivery: str = "dlv_1", age: int = 0, **changed: str
    ) -> dict[str, str]:
        """The headers of a genuine call, as the stand-in of the service signs."""
        stamp = str(int(time.time()) - age)
        usual = {
            "Content_Type": "application/json",
            "X_Zvid_Timestamp": stamp,
            "X_Zvid_Delivery_Id": delivery,
            "X_Zvid_Signature": signature(SECRET, stamp, body),
        }
        return {**usual, **changed}


@pytest.fixture
def door() -> Iterator[Door]:
    found, clock = Door(), SystemClock()
    app = HintApp(SecretStr(SECRET), found.heard.append, clock.now, clock.monotonic)
    server = WebServer(app, Place("127.0.0.1", 0), setting="webhooks.listen")
    server.start()
    found.port = server.place.port
    yield found
    server.stop()


def test_f_S07_a_genuine_call_names_a_job(door: Door):
    """That is all that is heard of it, whatever else it says."""
    assert door.knock(**door.signed()) == TAKEN
    assert door.heard == [JOB]


@pytest.mark.parametrize(
    "changed",
    [
        {"X_Zvid_Signature": ""},
        {"X_Zvid_Signature": "sha256=" + "0" * 64},
        {"X_Zvid_Signature": "x" * 5000},
        {"X_Zvid_Timestamp": "0"},
        {"X_Zvid_Timestamp": "soon"},
        {"Content_Type": "text/plain"},
        {"Content_Type": "application/x-www-form-urlencoded"},
    ],
)
def test_f_S07_a_call_that_is_not_right(door: Door, changed: dict[str, str]):
    """Whatever is wrong with it, it gets the same answer, without a word."""
    assert door.knock(**door.signed(**changed)) == REFUSED
    assert door.heard == []


def test_f_S07_unsigned(door: Door):
    """As the service calls an address that stands in a request: never believed."""
    assert door.knock(Content_Type="application/json") == REFUSED
    assert door.heard == []


def test_f_S07_the_right_signature_over_another_body(door: Door):
    """One byte more is another body, also where it says the same."""
    assert door.knock(BODY + b"\n", **door.signed()) == REFUSED
    assert door.heard == []


@pytest.mark.parametrize(("age", "answer"), [(290, TAKEN), (310, REFUSED), (-290, TAKEN), (-310, REFUSED)])
def test_f_S07_an_old_call(door: Door, age: int, answer: tuple[int, bytes]):
    """Five minutes either way."""
    assert door.knock(**door.signed(age=age)) == answer


def test_f_S07_replayed_and_repeated(door: Door):
    """The same call, the same with another delivery id, and the same delivery signed anew are one."""
    first = door.signed()
    again = [first, {**first, "X_Zvid_Delivery_Id": "dlv_2"}, door.signed(age=1)]

    assert [door.knock(**one) for one in (first, *again)] == [TAKEN] * 4
    assert door.heard == [JOB]


def test_f_S07_several_jobs_in_any_order(door: Door):
    """Each is heard; which of them ended first does not matter to anybody."""
    bodies = [
        json.dumps({"event": "render.failed", "jobId": f"job-{number}"}).encode() for number in (3, 1, 2)
    ]
    for number, body in enumerate(bodies):
        door.knock(body, **door.signed(body, f"dlv_{number}"))

    assert door.heard == ["job-3", "job-1", "job-2"]


@pytest.mark.parametrize("body", [b"", b"[]", b'{"jobId":"x","test":true}', b"\x00\xff"])
def test_f_S07_genuine_and_about_nothing(door: Door, body: bytes):
    """A test, or something new: taken, so that the service goes on calling, and nothing is heard."""
    assert door.knock(body, **door.signed(body)) == TAKEN
    assert door.heard == []


@pytest.mark.parametrize(
    ("method", "path"),
    [("GET", hints.PATH), ("PUT", hints.PATH), ("POST", "/"), ("POST", f"{hints.PATH}/../x")],
)
def test_f_S07_somewhere_else(door: Door, method: str, path: str):
    """There is one door and one way through it."""
    assert door.knock(method=method, path=path, **door.signed()) == (404, b"")


@pytest.mark.parametrize("is_chunked", [False, True])
def test_f_S07_ten_megabytes(door: Door, is_chunked: bool):
    """Refused while it is still coming, whether its length was told or not; the next call is served."""
    large = b"x" * 10_000_000
    body = (large[start : start + 65536] for start in range(0, len(large), 65536)) if is_chunked else large
    line = http.client.HTTPConnection("127.0.0.1", door.port, timeout=10)
    status = 0
    with contextlib.closing(line):
        # Hung up on in the middle is refused as well.
        with contextlib.suppress(OSError, http.client.HTTPException):
            headers = {name.replace("_", "-"): said for name, said in door.signed().items()}
            line.request("POST", hints.PATH, body, headers, encode_chunked=is_chunked)
        with contextlib.suppress(OSError, http.client.HTTPException):
            status = line.getresponse().status

    assert status in {0, 400}
    assert door.knock(**door.signed()) == TAKEN


def test_f_S07_a_slow_body(door: Door, monkeypatch: pytest.MonkeyPatch):
    """It has its seconds; somebody else is served meanwhile."""
    monkeypatch.setattr(hints, "SECONDS_FOR_A_BODY", 0.5)
    said = {name.replace("_", "-"): one for name, one in door.signed().items()}
    head = "".join(f"{name}: {one}\r\n" for name, one in said.items())
    began = time.monotonic()
    with socket.create_connection(("127.0.0.1", door.port), timeout=5) as line:
        line.sendall(f"POST {hints.PATH} HTTP/1.1\r\nHost: x\r\nContent-Length: 99\r\n{head}\r\n{{".encode())
        meanwhile = door.knock(**door.signed())
        answer = line.recv(1000)

    assert meanwhile == TAKEN
    assert answer.startswith(b"HTTP/1.1 400 ")
    assert 0.4 < time.monotonic() - began < 4


def test_f_S07_headers_that_are_there_twice(door: Door):
    """Two signatures are none: whoever reads the other one would believe something else."""
    line = http.client.HTTPConnection("127.0.0.1", door.port, timeout=5)
    with contextlib.closing(line):
        line.putrequest("POST", hints.PATH)
        for name, said in door.signed().items():
            line.putheader(name.replace("_", "-"), said)
        line.putheader("X-Zvid-Signature", "sha256=0")
        line.putheader("Content-Length", str(len(BODY)))
        line.endheaders(BODY)
        status = line.getresponse().status

    assert status == 400


def test_f_S07_nothing_is_said_of_what_came(door: Door, monkeypatch: pytest.MonkeyPatch):
    """Neither secret nor signature nor body: only what was wrong, and a few times a minute."""
    said = CapturingLogger()
    monkeypatch.setattr(hints, "log", said)
    for _ in range(20):
        door.knock(**door.signed(X_Zvid_Signature="sha256=wrong"))

    assert [one.args for one in said.calls] == [("hint_refused",)] * 6
    assert [one.kwargs for one in said.calls] == [{"why": "signature or time"}] * 6


def test_f_S08_a_flood(door: Door):
    """From a burst on it is turned away unread; memory stays flat, and a while later the door is open again."""
    body = b"x" * 60_000
    forged = {"Content_Type": "application/json", "X_Zvid_Signature": "sha256=0"}
    answers = [door.knock(body, **forged)[0] for _ in range(100)]
    tracemalloc.start()
    before, _ = tracemalloc.get_traced_memory()
    answers += [door.knock(body, **forged)[0] for _ in range(300)]
    after, _ = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    time.sleep(0.2)

    assert answers.count(429) > 50
    assert set(answers) == {400, 429}
    assert after - before < 2_000_000
    assert door.knock(**door.signed()) == TAKEN


def test_f_S08_a_genuine_flood_is_as_bounded(door: Door):
    """Signed calls about the same job: heard once, however often it is delivered."""
    for number in range(50):
        door.knock(**door.signed(delivery="dlv_1", age=number))

    assert door.heard == [JOB]


def test_f_S07_it_signs_as_the_documents_say():
    """The stand-in and the robot share no code: both are held against the formula."""
    expected = hmac.new(SECRET.encode(), b"1700000000." + BODY, hashlib.sha256).hexdigest()

    assert signature(SECRET, "1700000000", BODY) == f"sha256={expected}"

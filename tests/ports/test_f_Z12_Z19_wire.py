"""What can happen to the bytes between us and the service, over real sockets: what each call makes of it."""

from __future__ import annotations

import gzip
import socket
import time
from collections.abc import Iterator

import pytest
from canaries import canary
from fakes.raw_server import RawServer, answer, reset, serving
from pydantic import SecretStr

from bot.adapters.render_api import ZvidService
from bot.adapters.system_clock import SystemClock
from bot.domain.failures import Failure, FailureClass
from bot.domain.ids import JobId
from bot.domain.jobs import Accepted, Job, Sought

JOB = JobId("3f0c2a7e-5d55-5b1e-9a53-8c1d6f1f2ab1")
KEY = canary()
ACCEPTED = f'{{"jobId":"{JOB}","status":"queued","creditsReserved":9}}'.encode()
GOING_ON = b'{"state":"active"}'
CALLS = ("ask", "submit", "look_up", "find", "sweep")
DOUBT, NOT_SENT = FailureClass.IN_DOUBT, FailureClass.TRANSIENT


class Caller:
    """Clients of these tests, closed at their end."""

    def __init__(self) -> None:
        self._made: list[ZvidService] = []

    def at(self, base_url: str, timeout: float = 2) -> ZvidService:
        made = ZvidService(base_url, SecretStr(KEY), timeout_seconds=timeout, clock=SystemClock())
        self._made.append(made)
        return made

    def close(self) -> None:
        for one in self._made:
            one.close()


@pytest.fixture
def caller() -> Iterator[Caller]:
    made = Caller()
    yield made
    made.close()


def call(service: ZvidService, name: str) -> object:
    match name:
        case "ask":
            return service.ask("{}")
        case "submit":
            return service.submit(JOB, "{}")
        case "look_up":
            return service.look_up(JOB)
        case "sweep":
            return service.sweep([JOB])
        case _:
            return service.find(Sought(JOB, "spring-raaab", SystemClock().now(), 9))


def kind(said: object) -> FailureClass:
    assert isinstance(said, Failure), said
    return said.kind


# -- nothing left us ------------------------------------------------------------


@pytest.mark.parametrize("name", CALLS)
def test_f_Z12_refused_connection_is_surely_not_sent(caller: Caller, name: str):
    """Nobody listens there: no byte left, so the same request may simply be made again."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port = listener.getsockname()[1]

    assert kind(call(caller.at(f"http://127.0.0.1:{port}"), name)) is NOT_SENT


def test_f_Z12_unknown_host_is_surely_not_sent(caller: Caller):
    """A name that has no address."""
    assert kind(caller.at("http://nobody.invalid").submit(JOB, "{}")) is NOT_SENT


def test_f_Z12_failed_handshake_is_surely_not_sent(caller: Caller):
    """The other side speaks no TLS: the key and the request never left."""

    def speak_plainly(line: socket.socket, _: bytes) -> None:
        line.recv(4096)
        line.sendall(b"HTTP/1.1 400 Bad Request\r\n\r\n")

    with serving(speak_plainly, reads_requests=False) as server:
        secure = server.base_url.replace("http:", "https:")

        assert kind(caller.at(secure).submit(JOB, "{}")) is NOT_SENT


# -- the connection breaks ------------------------------------------------------

WHOLE = answer("202 Accepted", ACCEPTED)
CUTS = (0, 1, 12, WHOLE.index(b"\r\n\r\n") + 4, len(WHOLE) - 1)
"""Before the first byte, inside the status line, after the headers, before the last byte."""


@pytest.mark.parametrize("how", ["reset", "close"])
@pytest.mark.parametrize("cut", CUTS)
def test_f_Z13_answer_cut_off_anywhere_is_doubt(caller: Caller, cut: int, how: str):
    """The request arrived whole and may have been accepted; of its answer only a part came."""

    def cut_off(line: socket.socket, _: bytes) -> bool:
        line.sendall(WHOLE[:cut])
        if how == "reset":
            reset(line)
        return True

    with serving(cut_off) as server:
        assert kind(caller.at(server.base_url).submit(JOB, "{}")) is DOUBT
        assert len(server.requests) == 1


@pytest.mark.parametrize("taken", [1, 60])
def test_f_Z13_reset_while_we_send_is_doubt(caller: Caller, taken: int):
    """Some bytes left before the reset: who can say how many were read."""

    def hang_up(line: socket.socket, _: bytes) -> None:
        line.recv(taken)
        reset(line)

    with serving(hang_up, reads_requests=False) as server:
        body = f'{{"visuals":"{"x" * 3_000_000}"}}'

        assert kind(caller.at(server.base_url).submit(JOB, body)) is DOUBT


@pytest.mark.parametrize("name", ["submit", "look_up"])
def test_f_Z14_connection_the_peer_closed_as_we_sent(caller: Caller, name: str):
    """A kept connection dies under the second request: it is not silently sent once more; the next look works."""

    def answer_once(line: socket.socket, request: bytes) -> bool | None:
        if server.connections == 1 and len(server.requests) == 2:
            reset(line)
            return True
        good = request.startswith(b"POST")
        line.sendall(WHOLE if good else answer("200 OK", GOING_ON))
        return None

    with serving(answer_once) as server:
        service = caller.at(server.base_url)
        first = service.look_up(JOB)
        second = call(service, name)
        sent = len(server.requests)
        third = service.look_up(JOB)

        assert isinstance(first, Job)
        assert kind(second) is DOUBT
        assert (sent, len(server.requests)) == (2, 3)
        assert isinstance(third, Job)


# -- answers that are none ------------------------------------------------------


@pytest.mark.parametrize("name", CALLS)
@pytest.mark.parametrize(
    "status", ["301 Moved", "302 Found", "303 See Other", "307 Temporary", "308 Permanent"]
)
def test_f_Z17_redirect_is_never_followed(caller: Caller, status: str, name: str):
    """The key is not carried to another host, and nobody knows whether this one did the work."""
    with serving(lambda line, _: line.sendall(answer("202 Accepted", ACCEPTED))) as elsewhere:
        away = f"Location: {elsewhere.base_url}/api/render/api-key"

        with serving(lambda line, _: line.sendall(answer(status, b"{}", away))) as server:
            assert kind(call(caller.at(server.base_url), name)) is DOUBT
            assert KEY.encode() in server.requests[0]
            assert elsewhere.connections == 0


def test_f_Z17_provisional_answers_are_no_answer(caller: Caller):
    """Early hints come before the answer, and are not it."""
    with serving(lambda line, _: line.sendall(b"HTTP/1.1 103 Early Hints\r\n\r\n" * 3 + WHOLE)) as server:
        assert caller.at(server.base_url).submit(JOB, "{}") == Accepted(JOB, 9)


def test_f_Z17_nothing_but_provisional_answers_is_doubt(caller: Caller):
    """A peer that says 'wait' for ever is given up."""

    def stall(line: socket.socket, _: bytes) -> bool:
        while not server.is_over.wait(0.02):
            line.sendall(b"HTTP/1.1 102 Processing\r\n\r\n")
        return True

    with serving(stall) as server:
        assert kind(caller.at(server.base_url, timeout=0.3).submit(JOB, "{}")) is DOUBT


# -- too much, or too slow ------------------------------------------------------


@pytest.mark.parametrize("name", CALLS)
@pytest.mark.parametrize("chunked", [True, False], ids=["chunks", "length"])
def test_f_Z18_endless_answer_is_not_swallowed(caller: Caller, name: str, *, chunked: bool):
    """A gigabyte is announced or streamed: reading stops at the bound, and so does the sender."""
    sent = []

    def pour(line: socket.socket, request: bytes) -> bool:
        status = (
            b"HTTP/1.1 202 Accepted\r\n" if b"POST /api/render/api" in request else b"HTTP/1.1 200 OK\r\n"
        )
        kind_ = b"Transfer-Encoding: chunked" if chunked else b"Content-Length: 1000000000"
        line.sendall(status + kind_ + b"\r\n\r\n")
        part = b" " * 65536
        while len(sent) < 15_000:
            line.sendall(b"10000\r\n" + part + b"\r\n" if chunked else part)
            sent.append(len(part))
        return True

    with serving(pour) as server:
        assert kind(call(caller.at(server.base_url), name)) is DOUBT
    assert sum(sent) < 64_000_000


@pytest.mark.parametrize("name", CALLS)
def test_f_Z18_endless_headers_are_not_swallowed(caller: Caller, name: str):
    """Headers without end."""

    def pour(line: socket.socket, _: bytes) -> bool:
        line.sendall(b"HTTP/1.1 202 Accepted\r\n")
        for number in range(2000):
            line.sendall(b"X-%d: %s\r\n" % (number, b"x" * 1000))
        return True

    with serving(pour) as server:
        assert kind(call(caller.at(server.base_url), name)) is DOUBT


def test_f_Z18_packed_answer_is_not_unpacked(caller: Caller):
    """We ask for plain answers; a bomb that comes all the same is not JSON, and stays as small as it came."""
    bomb = gzip.compress(b" " * 50_000_000 + ACCEPTED)

    with serving(
        lambda line, _: line.sendall(answer("202 Accepted", bomb, "Content-Encoding: gzip"))
    ) as server:
        assert kind(caller.at(server.base_url).submit(JOB, "{}")) is DOUBT
        assert b"accept-encoding: identity" in server.requests[0].lower()


def drip(server: RawServer, line: socket.socket, given: bytes) -> bool:
    """One byte at a time, for several seconds or until the test is over."""
    for number in range(len(given)):
        line.sendall(given[number : number + 1])
        if server.is_over.wait(0.05):
            break
    return True


@pytest.mark.parametrize("name", CALLS)
@pytest.mark.parametrize("begins", [0, len(WHOLE) - len(ACCEPTED)], ids=["headers", "body"])
def test_f_Z19_answer_byte_by_byte_meets_the_deadline(caller: Caller, name: str, begins: int):
    """Each byte comes in time, the whole answer never does: the limit is one for the whole request."""

    def loris(line: socket.socket, _: bytes) -> bool:
        line.sendall(WHOLE[:begins])
        return drip(server, line, WHOLE[begins:])

    with serving(loris) as server:
        assert kind(call(caller.at(server.base_url, timeout=0.3), name)) is DOUBT


def test_f_Z19_flood_of_small_pieces_meets_the_deadline(caller: Caller):
    """An answer that never lets the client wait is given up at the same moment."""

    def flood(line: socket.socket, _: bytes) -> bool:
        line.sendall(b"HTTP/1.1 202 Accepted\r\nTransfer-Encoding: chunked\r\n\r\n")
        ends = time.monotonic() + 2
        while time.monotonic() < ends and not server.is_over.is_set():
            line.sendall(b"1\r\n \r\n")
        line.sendall(b"%x\r\n%s\r\n0\r\n\r\n" % (len(ACCEPTED), ACCEPTED))
        return True

    with serving(flood) as server:
        assert kind(caller.at(server.base_url, timeout=0.3).submit(JOB, "{}")) is DOUBT


def test_f_Z19_peer_that_does_not_read_meets_the_deadline(caller: Caller):
    """A request nobody takes in is given up, and some of it may have been read."""

    def refuse_to_read(line: socket.socket, _: bytes) -> None:
        while not server.is_over.wait(0.02):
            line.recv(1024)

    with serving(refuse_to_read, reads_requests=False) as server:
        body = f'{{"visuals":"{"x" * 30_000_000}"}}'

        assert kind(caller.at(server.base_url, timeout=0.5).submit(JOB, body)) is DOUBT

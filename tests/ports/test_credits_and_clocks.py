"""What only the doctor asks: credits left, and what time it is on the other side."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta

import httpx
import pytest
from canaries import canary
from fakes.clock import FakeClock
from fakes.raw_server import RawServer
from pydantic import SecretStr

from bot.adapters.google_account import time_at_google
from bot.adapters.render_api import ZvidService
from bot.domain.failures import Failure, FailureClass, ProblemCode
from bot.sandbox.serve import SandboxServer

NOW = datetime(2026, 3, 2, 14, 0, tzinfo=UTC)


def service(status: int, body: bytes, **headers: str) -> ZvidService:
    answer = httpx.Response(status, stream=httpx.ByteStream(body), headers=headers)
    return ZvidService(
        "https://api.zvid.test",
        SecretStr(canary()),
        timeout_seconds=5,
        clock=FakeClock(NOW),
        transport=httpx.MockTransport(lambda _request: answer),
    )


@pytest.mark.parametrize(
    ("body", "left"),
    [
        ({"balance": 1164, "subscriptionCredits": 1064, "addonCredits": {"balance": 100}}, 1164),
        ({"balance": 7.5, "reserved": 9, "available": 1}, 7),
        ({"balance": 0, "subscription_credits": 0}, 0),
    ],
)
def test_every_form_of_the_balance_is_read(body: dict[str, object], left: int):
    """Camel case, snake case and the oldest form: whole credits that are there."""
    assert service(200, json.dumps(body).encode()).balance() == left


@pytest.mark.parametrize(
    ("status", "body", "code"),
    [
        (401, b"{}", ProblemCode.AUTH),
        (200, b'{"credits": 3}', ProblemCode.SERVICE),
        (503, b"", ProblemCode.SERVICE),
    ],
)
def test_no_balance_is_a_failure(status: int, body: bytes, code: ProblemCode):
    """Refused, in another form, or not there."""
    found = service(status, body).balance()

    assert isinstance(found, Failure)
    assert found.code is code


def test_the_services_clock_is_told_by_any_answer():
    """Also by a refusal; before the first answer nothing is known."""
    made = service(401, b"{}", date="Mon, 02 Mar 2026 14:10:00 GMT")
    before = made.lead
    made.balance()

    assert before is None
    assert made.lead == timedelta(minutes=10)


def test_balance_of_the_stand_in(server: SandboxServer):
    """Over a real line."""
    made = ZvidService(
        server.base_url, SecretStr(server.sandbox.zvid.api_key), timeout_seconds=5, clock=FakeClock(NOW)
    )
    left = made.balance()
    made.close()

    assert left == server.sandbox.zvid.balance()


def test_time_at_google(server: SandboxServer):
    """Asked without an account; it is answered by a refusal, and dated."""
    server.sandbox.sheets.change(clock_ahead_seconds=7200)
    said = time_at_google(server.base_url)
    server.sandbox.sheets.change(clock_ahead_seconds=0)

    assert isinstance(said, datetime)
    assert abs(said - datetime.now(UTC) - timedelta(hours=2)) < timedelta(seconds=5)


def test_google_out_of_reach():
    """Nobody listens there."""
    found = time_at_google("http://127.0.0.1:9")

    assert isinstance(found, Failure)
    assert (found.kind, found.code) == (FailureClass.TRANSIENT, ProblemCode.NET)


@pytest.mark.parametrize(
    ("answer", "found"),
    [
        (b"HTTP/1.1 404 Not Found\r\ncontent-length: 0\r\n\r\n", None),
        (b"HTTP/1.1 404 Not Found\r\ndate: yesterday\r\ncontent-length: 0\r\n\r\n", None),
    ],
    ids=["no date", "no date we know"],
)
def test_an_answer_that_tells_no_time(answer: bytes, found: None):
    """It proves that somebody is there, no more."""
    server = RawServer(lambda line, _request: line.sendall(answer))
    said = time_at_google(server.base_url)
    server.close()

    assert said is found


def test_a_redirect_is_no_google():
    """A portal of the network's answers everything with its own address."""
    away = b"HTTP/1.1 302 Found\r\nlocation: http://portal.example/\r\ncontent-length: 0\r\n\r\n"
    server = RawServer(lambda line, _request: line.sendall(away))
    said = time_at_google(server.base_url)
    server.close()

    assert isinstance(said, Failure)
    assert "points to another address" in said.detail

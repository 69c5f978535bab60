"""A service, or somebody in between, that says our own secrets back to us: they end where they came in."""

from __future__ import annotations

import base64
import json
from collections.abc import Callable
from contextlib import closing

import pytest
from canaries import canary, forms
from fakes.raw_server import answer, serving
from pydantic import SecretStr, ValidationError

from bot.adapters.render_api import ZvidService
from bot.adapters.system_clock import SystemClock
from bot.domain.ids import JobId
from bot.logs import Redactor
from bot.settings import Settings

KEY = canary()
JOB = JobId("3f0c2a7e-5d55-5b1e-9a53-8c1d6f1f2ab1")
STATUSES = ("200 OK", "202 Accepted", "302 Found", "400 Bad", "401 No", "402 Poor", "403 No", "404 Gone")
STATUSES += ("409 Taken", "413 Large", "422 Bad", "429 Slow", "500 Broken", "502 Bad", "503 Busy")


def as_error(said: str) -> bytes:
    return json.dumps(
        {"error": said, "message": said, "details": [{"field": said, "message": said}]}
    ).encode()


def as_answer(said: str) -> bytes:
    """Where an answer has a place for words of its own."""
    return json.dumps(
        {
            "state": said,
            "jobId": said,
            "creditsReserved": 1,
            "creditsRequired": 1,
            "warnings": [{"message": said}],
        }
    ).encode()


def everything(url: str) -> list[str]:
    """All a caller gets to see, of every call."""
    with closing(ZvidService(url, SecretStr(KEY), timeout_seconds=2, clock=SystemClock())) as service:
        found: list[object] = [
            service.ask("{}"),
            service.submit(JOB, "{}"),
            service.look_up(JOB),
            service.balance(),
            service.sweep([JOB]),
            service,
        ]
    return [repr(one) for one in found]


@pytest.mark.parametrize("status", STATUSES)
@pytest.mark.parametrize("shape", [as_error, as_answer, str.encode])
def test_f_S02_an_echo_of_our_headers(status: str, shape: Callable[[str], bytes]):
    """In the body, in the reason and in a header: whatever the status, no caller sees it."""

    def echo(line, request):
        headers = request.partition(b"\r\n\r\n")[0].decode()
        line.sendall(answer(f"{status} {KEY}", shape(headers), f"X-Echo: {KEY}", f"Location: /{KEY}"))

    with serving(echo) as server:
        said = everything(server.base_url)
        assert KEY.encode() in server.requests[0]

    assert not any(form in one for one in said for form in forms(KEY))


@pytest.mark.parametrize("where", ["http://127.0.0.1:9", "http://127.0.0.1:9/%s", "http://nobody.invalid"])
def test_f_S02_an_exception_of_the_client(where: str):
    """Its words name addresses and headers; only its kind is told."""
    said = everything(where.replace("%s", KEY))

    assert not any(KEY in one for one in said)


@pytest.mark.parametrize("part", ["zvid", "google"])
def test_f_S02_a_secret_in_an_address(part: str):
    """Addresses are said now and then: one with a password in it is refused, without repeating it."""
    with pytest.raises(ValidationError) as refused:
        Settings(**{part: {"base_url": f"https://robot:{KEY}@api.example"}, "sheets": [{"spreadsheet": "x"}]})

    told = [f"{one['loc']} {one['msg']}" for one in refused.value.errors()]
    assert len(told) == 1
    assert KEY not in told[0]


@pytest.mark.parametrize(
    "said",
    [
        "Authorization: Bearer {}",
        "key={}&x=1",
        {"headers": {"x-api-key": "{}"}},
        ["a", ("{}", 1)],
        "whsec_{} and zvid_0123456789abcdef0123",
    ],
)
def test_f_S02_the_log_is_the_last_place(said: object):
    """Whatever got that far is hidden there, however deep it is."""
    filled = json.loads(json.dumps(said).replace("{}", KEY))
    shown = str(Redactor([KEY])(None, "info", {"event": "x", "said": filled}))

    assert KEY not in shown
    assert "0123456789abcdef" not in shown
    assert "[hidden]" in shown
    assert base64.b64encode(KEY.encode()).decode() not in shown

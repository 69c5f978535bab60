"""Which calls are the service's own, and what is heard of them."""

from __future__ import annotations

import hashlib
import hmac
import json

import pytest
from builders import NOW

from bot.domain.hints import Deliveries, is_genuine, job_of

SECRET = b"whsec_of-the-tests"
BODY = b'{"event":"render.completed","jobId":"3f0c2a7e"}'
STAMP = str(int(NOW.timestamp()))


def signed(stamp: str = STAMP, body: bytes = BODY, secret: bytes = SECRET) -> str:
    """As the service signs (Zvid docs, automation/webhooks)."""
    return f"sha256={hmac.new(secret, f'{stamp}.'.encode() + body, hashlib.sha256).hexdigest()}"


def genuine(signature: str, stamp: str = STAMP, body: bytes = BODY) -> bool:
    return is_genuine(SECRET, signature, stamp, body, NOW)


def test_f_S07_what_the_service_says_is_believed_to_be_its_own():
    """Signed over its time and its bytes."""
    assert genuine(signed())


@pytest.mark.parametrize(
    "signature",
    [
        "",
        "sha256=",
        signed().removeprefix("sha256="),
        signed().upper(),
        signed() + " ",
        signed(secret=b"whsec_of-another"),
        signed(body=BODY + b" "),
        signed(stamp=str(int(STAMP) + 1)),
        "sha256=\xff",
    ],
    ids=[
        "none",
        "empty",
        "bare",
        "capitals",
        "blank",
        "other secret",
        "other body",
        "other time",
        "no ASCII",
    ],
)
def test_f_S07_anything_else_is_not(signature: str):
    """Not one sign of it may differ, nor one byte of what it is about."""
    assert not genuine(signature)


@pytest.mark.parametrize(
    ("seconds", "is_believed"), [(-301, False), (-300, True), (300, True), (301, False), (10**9, False)]
)
def test_f_S07_an_old_one_is_not(seconds: int, is_believed: bool):
    """Five minutes either way: what somebody kept for later is worth nothing."""
    stamp = str(int(STAMP) + seconds)

    assert genuine(signed(stamp), stamp) is is_believed


@pytest.mark.parametrize("stamp", ["", "soon", "-1", f"{STAMP}.0", "٣" * 10, "9" * 400, "\xff"])
def test_f_S07_a_time_that_is_none(stamp: str):
    """However well it is signed."""
    body = stamp.encode("latin-1", "replace")
    signature = hmac.new(SECRET, body + b"." + BODY, hashlib.sha256).hexdigest()

    assert not genuine(f"sha256={signature}", stamp if stamp.isascii() or stamp == "\xff" else "?")


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"[]",
        b'"3f0c2a7e"',
        b"{",
        b"\xff",
        b"[" * 5000,
        b'{"jobId":7}',
        b'{"jobId":""}',
        json.dumps({"jobId": "x" * 101}).encode(),
        b'{"jobId":"3f0c2a7e","test":true}',
        b'{"event":"render.completed"}',
    ],
)
def test_f_S07_a_body_that_names_no_job(body: bytes):
    """Nothing is heard of it, and nothing breaks; a test is about no job."""
    assert job_of(body) is None


def test_the_job_is_heard():
    """And nothing else: what became of it is asked for."""
    assert job_of(BODY) == "3f0c2a7e"


def test_f_S07_the_same_again_is_known():
    """By either of its names."""
    heard = Deliveries()

    assert [heard.is_new("a", "b"), heard.is_new("a", "c"), heard.is_new("d", "b")] == [True, False, False]
    assert heard.is_new("e")


def test_f_S08_memory_is_bounded():
    """The oldest are forgotten: repeated then, they cost one look."""
    heard = Deliveries(most=3)
    for number in range(1000):
        heard.is_new(str(number))

    assert not heard.is_new("999")
    assert heard.is_new("0")

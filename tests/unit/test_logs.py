"""Logs: facts in JSON or for a console, and never a secret."""

from __future__ import annotations

import io
import json
import sys

import pytest
import structlog

from bot.logs import Redactor, set_up_logs

KEY = "zvid_" + "0123456789abcdef" * 4
PRIVATE = "-----BEGIN PRIVATE KEY-----\nMIIEvQIBADANBg\n-----END PRIVATE KEY-----"


@pytest.fixture(autouse=True)
def _reset():
    """Other tests log as they did."""
    yield
    structlog.reset_defaults()


@pytest.mark.parametrize(
    "secret", ["my-own-canary", KEY, "ya29.a0Af_token-123", PRIVATE, "Bearer abcdefghijkl", "whsec_123abc"]
)
@pytest.mark.parametrize(
    "shape", [str, lambda text: [text], lambda text: {"inside": (f"before {text} after",)}]
)
def test_s01_no_secret_is_said(secret, shape):
    """Known secrets, and whatever looks like one, are hidden wherever they stand."""
    said = Redactor(["my-own-canary"])(None, "", {"event": "x", "fact": shape(secret)})

    assert secret not in str(said)
    assert "[hidden]" in str(said)


def test_ordinary_words_stay():
    """Nothing else is touched, numbers and empty secrets included."""
    said = {"event": "job_moved", "key": "r7k3qm", "count": 3, "none": None}

    assert Redactor([""])(None, "", said) == said


def test_json_lines_on_stderr(capsys: pytest.CaptureFixture[str]):
    """One object a line, with a time and a level, on stderr; control characters escaped."""
    set_up_logs("json", "info", [KEY])
    structlog.get_logger().info("job_accepted", key="r7k3qm", name="two\nlines\x1b[31m", spoken=f"key {KEY}")
    structlog.get_logger().debug("not_said")
    out, errors = capsys.readouterr()

    (line,) = errors.splitlines()
    said = json.loads(line)
    assert out == ""
    assert (said["event"], said["level"], said["key"]) == ("job_accepted", "info", "r7k3qm")
    assert said["spoken"] == "key [hidden]"
    assert "\x1b" not in line


@pytest.mark.parametrize(
    ("is_terminal", "wish", "coloured"), [(True, "", True), (True, "1", False), (False, "", False)]
)
def test_colours_are_for_terminals_that_want_them(
    monkeypatch: pytest.MonkeyPatch, is_terminal: bool, wish: str, coloured: bool
):
    """NO_COLOR counts, and a file gets none."""
    stream = io.StringIO()
    monkeypatch.setattr(stream, "isatty", lambda: is_terminal)
    monkeypatch.setattr(sys, "stderr", stream)
    monkeypatch.setenv("NO_COLOR", wish)
    set_up_logs("console", "info")
    structlog.get_logger().info("robot_started")

    assert ("\x1b[" in stream.getvalue()) is coloured

"""Every request the robot sends to Google and every answer of its stand-in, held against Google's documents.

The robot's own connection is watched where bytes leave: in this process, and, through the `sitecustomize`
of `wire_watch`, in every process the tests start. What Google would not know is noted in a folder, and the
test during which it appeared fails.
"""

from __future__ import annotations

import contextlib
import json
import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest

FOLDER = "WATCHED_REQUESTS"
"""The environment's name for where the notes are; without it nothing is watched."""

_WATCHED = "_is_watched"


def watch(connection: Any) -> None:
    """Puts the check in front of the adapter every request of the robot passes; once."""
    adapter = connection._BoundedAdapter
    if hasattr(adapter, _WATCHED):
        return
    honest = adapter.send

    def send(self: Any, request: Any, *given: Any, **named: Any) -> Any:
        _check(request)
        return honest(self, request, *given, **named)

    adapter.send = send
    setattr(adapter, _WATCHED, True)


def _check(request: Any) -> None:
    url = urlsplit(request.url)
    if not url.path.startswith("/v4/"):
        # The account's token is fetched at an address its key file names; that is no part of the Sheets API.
        return
    from discovery_document import request_complaints

    query = parse_qs(url.query, keep_blank_values=True)
    body = json.loads(request.body) if request.body else None
    found = request_complaints(request.method, url.path, query, body)
    _note("requests", ".")
    if found:
        _note("complaints", "".join(f"{request.method} {url.path}: {text}\n" for text in found[:20]))


def watch_answers(half: Any) -> None:
    """Holds every answer of the stand-in's Sheets half against the documents, right where it is given; once."""
    import discovery_document

    honest = half.guarded
    if hasattr(honest, _WATCHED):
        return

    def guarded(endpoint: Any) -> Any:
        answered = honest(endpoint)

        async def seen(request: Any) -> Any:
            response = await answered(request)
            path = request.scope["raw_path"].decode("ascii")
            if path.startswith(("/v4/", "/drive/")) and response.status_code not in {204, 501}:
                _check_answer(discovery_document, request.method, path, response)
            return response

        return seen

    setattr(guarded, _WATCHED, True)
    half.guarded = guarded


def _check_answer(document: Any, verb: str, path: str, response: Any) -> None:
    _note("answers", ".")
    if not response.media_type.startswith("application/json"):
        return
    try:
        found = document.answer_complaints(verb, path, response.status_code, json.loads(response.body))
    except (KeyError, TypeError, ValueError) as error:
        found = [f"not to be read: {error!r}"]
    if found:
        _note("complaints", "".join(f"answer to {verb} {path}: {text}\n" for text in found[:20]))


def _note(kind: str, text: str) -> None:
    """Appended at once: whoever is killed afterwards has noted it."""
    folder = os.environ.get(FOLDER)
    if not folder:
        return
    # Tests take the robot's files and its disk away; then this note is not the one that matters.
    with contextlib.suppress(OSError):
        path = Path(folder) / f"{kind}-{os.getpid()}.txt"
        line = os.open(path, os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o600)
        try:
            os.write(line, text.encode())
        finally:
            os.close(line)


# -- around the run; registered by the outermost conftest ----------------------


@pytest.fixture(scope="session", autouse=True)
def _watching(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """From here on this process is watched, and those it starts."""
    from bot.adapters import google_connection
    from bot.sandbox.sheets import drive, routes

    above = [str(Path(__file__).with_name("wire_watch")), os.environ.get("PYTHONPATH", "")]
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv(FOLDER, str(tmp_path_factory.mktemp("watched")))
        patch.setenv("PYTHONPATH", os.pathsep.join(filter(None, above)))
        watch(google_connection)
        for half in (routes, drive):
            watch_answers(half)
        yield


@pytest.fixture(autouse=True)
def _google_would_understand(_watching: None) -> Iterator[None]:
    """A test during which something else was sent fails."""
    yield
    found = list(complained())
    assert not found, "Google's discovery document does not allow: " + "; ".join(found)


def pytest_terminal_summary(terminalreporter: Any, config: pytest.Config) -> None:
    """So that nobody takes an empty check for a passed one."""
    folder = config._tmp_path_factory.getbasetemp()  # type: ignore[attr-defined]
    asked, answered = watched(folder), watched(folder, "answers")
    if asked or answered:
        terminalreporter.line(
            f"{asked} requests of the robot to Google and {answered} answers of its stand-in were held against "
            "Google's discovery documents"
        )


def complained() -> Iterator[str]:
    """What was noted since the last look."""
    for path in sorted(Path(os.environ[FOLDER]).glob("complaints-*.txt")):
        text = path.read_text(encoding="utf-8")
        path.unlink()
        yield from text.splitlines()


def watched(folder: Path, kind: str = "requests") -> int:
    """How many requests, or answers, were held against the documents, below this folder."""
    return sum(path.stat().st_size for path in folder.rglob(f"{kind}-*.txt"))

"""A running stand-in, and a client that shares no code with it: plain urllib."""

from __future__ import annotations

import json
import time
import urllib.error
import urllib.request
import uuid
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest

from bot.sandbox.app import Sandbox, SandboxOptions
from bot.sandbox.serve import SandboxServer
from bot.sandbox.zvid.service import ZvidOptions, ZvidStandIn

DRAWING = '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 16 9"><rect width="16" height="9" fill="#369"/></svg>'


@dataclass(frozen=True, slots=True)
class Answer:
    status: int
    headers: dict[str, str]
    raw: bytes

    @property
    def json(self) -> Any:
        return json.loads(self.raw)

    @property
    def fields(self) -> list[str]:
        """The places a refusal names."""
        return [each["field"] for each in self.json["details"]]


@dataclass(slots=True)
class Caller:
    """Speaks HTTP to the stand-in."""

    server: SandboxServer
    zvid: ZvidStandIn
    headers: dict[str, str] = field(default_factory=dict)

    def __call__(self, method: str, path: str, body: object = None, *, timeout: float = 10) -> Answer:
        data = body if isinstance(body, bytes) else None if body is None else json.dumps(body).encode()
        url = path if path.startswith("http") else self.server.base_url + path
        headers = {"x-api-key": self.zvid.api_key, "content-type": "application/json", **self.headers}
        request = urllib.request.Request(url, data=data, method=method, headers=headers)
        try:
            with urllib.request.urlopen(request, timeout=timeout) as answer:
                return Answer(answer.status, _lower(answer.headers.items()), answer.read())
        except urllib.error.HTTPError as error:
            with error:
                return Answer(error.code, _lower(error.headers.items()), error.read())

    def submit(self, payload: object, job_id: str | None = None, **more: object) -> Answer:
        body = {"payload": payload, **({"jobId": job_id} if job_id else {}), **more}
        return self("POST", "/api/render/api-key", body)

    def validate(self, payload: object, **more: object) -> Answer:
        return self("POST", "/api/render/validate/api-key", {"payload": payload, **more})

    def job(self, job_id: str) -> Answer:
        return self("GET", f"/api/jobs/{job_id}")

    def until(self, job_id: str, *states: str, within: float = 20) -> dict[str, Any]:
        """Polls until the job says one of these states."""
        ends = time.monotonic() + within
        while time.monotonic() < ends:
            answer = self.job(job_id)
            if answer.status == 200 and answer.json["state"] in states:
                found: dict[str, Any] = answer.json
                return found
            time.sleep(0.02)
        raise AssertionError(f"{job_id} did not become {states}: {answer.raw!r}")


def _lower(items: Any) -> dict[str, str]:
    return {name.lower(): value for name, value in items}


@pytest.fixture
def start(tmp_path: Path) -> Iterator[Callable[..., Caller]]:
    """Starts a stand-in with the given options in the test's folder; instant renders unless told otherwise."""
    with ExitStack() as running:

        def begin(*, home: Path = tmp_path, **options: Any) -> Caller:
            chosen = ZvidOptions(**{"render": "instant", **options})
            sandbox = Sandbox(home, SandboxOptions(zvid=chosen))
            server = running.enter_context(SandboxServer(sandbox))
            return Caller(server, sandbox.zvid)

        yield begin


@pytest.fixture
def caller() -> type[Caller]:
    """For tests that start and end a stand-in themselves."""
    return Caller


@pytest.fixture
def call(start: Callable[..., Caller]) -> Caller:
    """A stand-in with its defaults, apart from the instant renders."""
    return start()


@pytest.fixture(scope="module")
def shared(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Caller]:
    """One stand-in for all tests of a file that leave no trace; a server takes 0.2 s to end."""
    sandbox = Sandbox(tmp_path_factory.mktemp("shared"), SandboxOptions(zvid=ZvidOptions(render="instant")))
    with SandboxServer(sandbox) as server:
        yield Caller(server, sandbox.zvid)


@pytest.fixture
def project() -> dict[str, Any]:
    """A project nothing is wrong with; nine credits."""
    return {
        "type": "video",
        "name": "spring-r7k3q",
        "resolution": "hd",
        "duration": 9,
        "visuals": [{"type": "SVG", "svg": DRAWING, "width": 1280, "height": 720}],
    }


@pytest.fixture
def job_id() -> str:
    return str(uuid.uuid4())

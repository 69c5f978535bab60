"""Every HTTP call of a story fails once, in every way a call can fail: the robot ends where it would have ended anyway.

The real client talks to the stand-in of the service; what goes wrong does so between the two.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest
from fakes.world import World
from pydantic import SecretStr

from bot.adapters.render_api import ZvidService
from bot.reconciler.tick import Reconciler
from bot.sandbox.app import Sandbox, SandboxOptions
from bot.sandbox.serve import SandboxServer
from bot.sandbox.zvid.service import ZvidOptions

HEADLINES = ("Alpha", "Bravo")
TOO_MANY = 60
FAILURES = (
    "refused",
    "reset while sending",
    "answer lost",
    "answer timed out",
    "500 before the work",
    "500 after the work",
    "body cut short",
    "half a JSON document",
)


class Faulty(httpx.HTTPTransport):
    """Counts requests, and lets one of them fail."""

    def __init__(self, failure: str, number: int) -> None:
        super().__init__()
        self._failure = failure
        self._number = number
        self.requests = 0

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        self.requests += 1
        if self.requests != self._number:
            return super().handle_request(request)
        match self._failure:
            case "refused":
                raise httpx.ConnectError("Connection refused", request=request)
            case "reset while sending":
                raise httpx.WriteError("Connection reset by peer", request=request)
            case "500 before the work":
                return httpx.Response(500, json={"error": "server_error"})
        answer = super().handle_request(request)
        body = answer.read()
        answer.close()
        match self._failure:
            case "answer lost":
                raise httpx.ReadError("Connection reset by peer", request=request)
            case "answer timed out":
                raise httpx.ReadTimeout("timed out", request=request)
            case "500 after the work":
                return httpx.Response(500, json={"error": "server_error"})
            case "body cut short":
                return httpx.Response(answer.status_code, stream=_Cut(body[: len(body) // 2]))
        return httpx.Response(answer.status_code, stream=httpx.ByteStream(body[: len(body) // 2]))


class _Cut(httpx.SyncByteStream):
    """Ends in the middle, as a connection does that breaks."""

    def __init__(self, start: bytes) -> None:
        self._start = start

    def __iter__(self) -> Iterator[bytes]:
        yield self._start
        raise httpx.RemoteProtocolError("peer closed connection without sending complete message body")


class StandInWorld(World):
    """A world whose service is the stand-in, reached over real sockets by the real client."""

    def __init__(self, folder: Path, server: SandboxServer, transport: Faulty) -> None:
        self._server = server
        self._transport = transport
        super().__init__(folder)

    def _start(self) -> Reconciler:
        key = SecretStr(self._server.sandbox.zvid.api_key)
        self.client = ZvidService(
            self._server.base_url, key, timeout_seconds=30, clock=self.clock, transport=self._transport
        )
        return self.start(self.sheet, self.journal, self.client)

    def close(self) -> None:
        self.client.close()
        super().close()


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[SandboxServer]:
    options = SandboxOptions(zvid=ZvidOptions(render="instant", concurrency=8, balance=1_000_000))
    with SandboxServer(Sandbox(tmp_path_factory.mktemp("service"), options)) as made:
        yield made


def tell(folder: Path, server: SandboxServer, transport: Faulty) -> list[str]:
    """Two rows are ticked and become videos; says what is wrong in the end."""
    world = StandInWorld(folder, server, transport)
    before = len(server.sandbox.zvid.charges())
    for headline in HEADLINES:
        world.add(headline)
    world.know_the_tab()
    world.approve(*HEADLINES)
    world.settle()
    paid = [one.job_id for one in server.sandbox.zvid.charges()[before:]]
    wrong = [] if len(paid) == len(set(paid)) == len(HEADLINES) else [f"paid {paid}"]
    files = {job.id: job.video for job in server.sandbox.zvid.jobs() if job.id in paid}
    for headline in HEADLINES:
        shown = world.sheet.row(world.number(headline))
        job_id = str(shown["Job ID"])
        is_own = job_id in files and headline in str(server.sandbox.zvid.project(job_id))
        if shown["Status"] != "Done" or not is_own or not str(shown["Video"]).endswith(f"/{files[job_id]}"):
            wrong.append(f"{headline}: {shown}")
    world.close()
    return wrong


@pytest.mark.parametrize("failure", FAILURES)
def test_f_Z10_Z13_each_call_fails_once(folder: Path, server: SandboxServer, failure: str):
    """Whatever call it is, and however it fails: every row is done, paid once, and shows its own video."""
    found = {}
    for number in range(1, TOO_MANY):
        transport = Faulty(failure, number)
        wrong = tell(folder, server, transport)
        if wrong:
            found[number] = wrong
        if transport.requests < number:
            break
    else:
        pytest.fail("the story never ends")

    assert number > 8
    assert found == {}

"""Looking at links: one suite for the fake and for the real fetcher over real sockets."""

from __future__ import annotations

import socket
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor

import pytest
from fakes.raw_server import answer, serving
from fakes.web import PAGE, PNG, FakeMedia

from bot.adapters.media import MediaFetcher
from bot.adapters.system_clock import SystemClock
from bot.domain.media.files import FileKind
from bot.domain.media.looks import Finding
from bot.domain.media.reach import WITH_PRIVATE
from bot.ports import Media

ANSWERS = {
    "picture": answer("200 OK", PNG + bytes(1_000 - len(PNG))),
    "page": answer("200 OK", PAGE + bytes(1_000 - len(PAGE))),
    "gone": answer("404 Not Found"),
    "locked": answer("403 Forbidden"),
    "silent": answer("503 Service Unavailable"),
}


@pytest.fixture(params=["fake", "fetcher"])
def site(request: pytest.FixtureRequest) -> Iterator[tuple[Media, str]]:
    """Somebody who looks, and the address everything is at."""
    if request.param == "fake":
        fake, base = FakeMedia(), "https://pictures.example"
        for name, sight in {
            "picture": FileKind.PNG,
            "page": FileKind.PAGE,
            "gone": Finding.GONE,
            "locked": Finding.LOCKED,
            "silent": Finding.SILENT,
        }.items():
            fake.put(f"{base}/{name}", sight)
        yield fake, base
        return

    def script(line: socket.socket, request: bytes) -> None:
        line.sendall(ANSWERS[request.split()[1].decode().strip("/")])

    with serving(script) as server:
        yield MediaFetcher(SystemClock(), timeout_seconds=5, reach=WITH_PRIVATE), server.base_url


@pytest.mark.parametrize(("name", "kind"), [("picture", FileKind.PNG), ("page", FileKind.PAGE)])
def test_what_is_there(site: tuple[Media, str], name: str, kind: FileKind):
    """Its kind and its size."""
    media, base = site
    found = media.look(f"{base}/{name}")

    assert (found.finding, found.kind, found.size) == (Finding.THERE, kind, 1_000)


@pytest.mark.parametrize("finding", [Finding.GONE, Finding.LOCKED, Finding.SILENT])
def test_what_is_not_there(site: tuple[Media, str], finding: Finding):
    """Why there is nothing to be had."""
    media, base = site

    assert media.look(f"{base}/{finding.value}").finding is finding


def test_several_looks_at_once(site: tuple[Media, str]):
    """Looks come from several threads."""
    media, base = site
    with ThreadPoolExecutor(4) as pool:
        found = list(pool.map(media.look, [f"{base}/picture", f"{base}/gone"] * 4))

    assert [one.finding for one in found] == [Finding.THERE, Finding.GONE] * 4

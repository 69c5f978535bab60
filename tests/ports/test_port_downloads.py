"""The port that loads finished videos: one suite for real sockets and for the fake, then what a wire can do wrong."""

from __future__ import annotations

import os
import signal
import socket
import struct
import subprocess
import sys
import time
from collections.abc import Callable
from ipaddress import IPv4Network
from pathlib import Path

import pytest
from fakes.raw_server import answer, reset, serving
from fakes.storage import PICTURE, VIDEO, FakeDownloads, PlainLoft, digest_of
from fakes.web import PAGE, FakeNames

from bot.adapters.downloads import Parts, WebDownloads
from bot.adapters.system_clock import SystemClock
from bot.domain.delivery import DeliveryProblem, Fetched, Undelivered
from bot.domain.media.files import FileKind
from bot.domain.media.reach import PUBLIC, Reach

OPEN, INSIDE = "127.0.0.2", "127.0.0.9"
REACH = Reach((IPv4Network(f"{OPEN}/32"),))
LIMIT = 1_000_000
CLIP = VIDEO[:16] + struct.pack(">I4s", 300_008, b"mdat") + os.urandom(300_000)
"""A film whose boxes say its length."""


def downloads(reach: Reach = REACH, *, own: tuple[str, ...] = (), timeout: float = 5) -> WebDownloads:
    names = FakeNames({"cdn.example": [[INSIDE]]})
    return WebDownloads(SystemClock(), timeout_seconds=timeout, own=own, reach=reach, lookup=names)


def problem(found: object) -> DeliveryProblem:
    assert isinstance(found, Undelivered)
    return found.problem


class Shelf:
    """A server of files that knows ranges, marks and heads; each switch makes it worse."""

    def __init__(self, files: dict[str, bytes]) -> None:
        self.files = files
        self.mark = 'ETag: "one"'
        self.knows_ranges = True
        self.knows_heads = True
        self.cuts_after: int | None = None

    def __call__(self, line: socket.socket, request: bytes) -> object:
        method, target, _ = request.decode().split(" ", 2)
        start = next(
            (
                int(one[13:].split("-")[0])
                for one in request.decode().split("\r\n")
                if one.startswith("Range: ")
            ),
            0,
        )
        content = self.files.get(target)
        if method == "HEAD" and not self.knows_heads:
            line.sendall(b"HTTP/1.1 403 Forbidden\r\nContent-Length: 0\r\n\r\n")
        elif content is None:
            line.sendall(answer("404 Not Found", b"" if method == "HEAD" else b"gone"))
        elif method == "HEAD":
            line.sendall(f"HTTP/1.1 200 OK\r\nContent-Length: {len(content)}\r\n\r\n".encode())
        elif start and self.knows_ranges:
            said = f"Content-Range: bytes {start}-{len(content) - 1}/{len(content)}"
            self._send(line, answer("206 Partial Content", content[start:], said, self.mark))
        else:
            self._send(line, answer("200 OK", content, self.mark))
        return None

    def _send(self, line: socket.socket, whole: bytes) -> None:
        if self.cuts_after is None:
            line.sendall(whole)
            return
        line.sendall(whole[: self.cuts_after])
        time.sleep(0.1)  # so that all of it has left before the reset
        reset(line)


# -- the fake and the real one ----------------------------------------------------


@pytest.fixture(params=["web", "fake"])
def stage(request: pytest.FixtureRequest, tmp_path: Path):
    """(downloads, loft, address of a file): the file's content is put there by name."""
    files: dict[str, bytes] = {}
    if request.param == "fake":
        fake = FakeDownloads()

        def put(name: str, content: bytes) -> str:
            fake.files[f"https://cdn.example{name}"] = content
            return f"https://cdn.example{name}"

        yield fake, PlainLoft(tmp_path), put
        return
    with serving(Shelf(files), host=OPEN) as server:

        def put(name: str, content: bytes) -> str:
            files[name] = content
            return f"{server.base_url}{name}"

        yield downloads(), Parts(tmp_path / "parts"), put


def test_whole_file_is_loaded(stage):
    """With its size, its checksum and its kind; what was loaded is there until it is discarded."""
    web, loft, put = stage
    into = loft.place("job")
    found = web.fetch(put("/v.mp4", VIDEO), into, LIMIT)
    file = loft.loaded(into)

    assert found == Fetched(digest_of(VIDEO), FileKind.MP4)
    assert file is not None
    assert file.read_bytes() == VIDEO
    loft.discard(into)
    assert loft.loaded(into) is None


def test_file_that_is_gone_or_too_large(stage):
    """Told as what it is."""
    web, loft, put = stage
    link = put("/v.mp4", VIDEO)

    assert problem(web.fetch(f"{link}x", loft.place("gone"), LIMIT)) is DeliveryProblem.SOURCE_GONE
    assert problem(web.fetch(link, loft.place("large"), len(VIDEO) - 1)) is DeliveryProblem.TOO_LARGE
    assert isinstance(web.fetch(link, loft.place("just"), len(VIDEO)), Fetched)


def test_link_that_works_and_one_that_does_not(stage):
    """Without loading anything."""
    web, _, put = stage
    link = put("/v.mp4", VIDEO)

    assert web.is_alive(link) is True
    assert web.is_alive(f"{link}x") is False


# -- what a wire can do wrong -----------------------------------------------------


@pytest.fixture
def parts(tmp_path: Path) -> Parts:
    return Parts(tmp_path / "parts")


def cut_then_whole(parts: Parts, shelf: Shelf, change: Callable[[], None] = lambda: None):
    """(first try, second try, what the second one asked for) of a file whose first transfer is cut off."""
    into = parts.place("job")
    with serving(shelf, host=OPEN) as server:
        link = f"{server.base_url}/v.mp4"
        shelf.cuts_after = 200_000
        first = downloads().fetch(link, into, LIMIT)
        shelf.cuts_after = None
        change()
        asked = len(server.requests)
        second = downloads().fetch(link, into, LIMIT)
        return first, second, [b"Range:" in one for one in server.requests[asked:]]


def test_f_J02_parts_that_never_become_whole_are_few(parts: Parts, tmp_path: Path):
    """They lie on the journal's disk: of many videos whose transfers break off, the oldest parts are forgotten."""
    folder = tmp_path / "parts"
    folder.mkdir()
    for number in range(100):
        part = folder / f"job-{number}.unmarked.part"
        part.write_bytes(b"half")
        os.utime(part, (number, number))
    parts.place("job")
    left = {part.name for part in folder.iterdir()}

    assert left == {f"job-{number}.unmarked.part" for number in range(80, 100)}


def test_transfer_that_was_cut_off_is_gone_on_with(parts: Parts):
    """Only the rest is asked for; the whole is the file."""
    first, second, ranged = cut_then_whole(parts, Shelf({"/v.mp4": CLIP}))

    assert problem(first) is DeliveryProblem.SOURCE_CUT
    assert second == Fetched(digest_of(CLIP), FileKind.MP4)
    assert ranged == [True]


def test_file_that_waits_for_room_in_the_storage_is_not_loaded_again(parts: Parts):
    """It is there to its end: a single byte tells that it is still the same."""
    with serving(Shelf({"/v.mp4": CLIP}), host=OPEN) as server:
        found = [downloads().fetch(f"{server.base_url}/v.mp4", parts.place("job"), LIMIT) for _ in range(2)]
        asked = server.requests[-1]

    assert found == [Fetched(digest_of(CLIP), FileKind.MP4)] * 2
    assert f"Range: bytes={len(CLIP) - 1}-".encode() in asked


@pytest.mark.parametrize("flaw", ["another file", "no ranges", "no mark", "gone meanwhile"])
def test_what_cannot_be_gone_on_with_is_begun_anew(parts: Parts, flaw: str):
    """Never the end of one file behind the beginning of another."""
    shelf = Shelf({"/v.mp4": CLIP})
    other = CLIP[:-1] + b"!"
    if flaw == "no mark":
        shelf.mark = "X-Nothing: 1"

    def change() -> None:
        shelf.knows_ranges = flaw != "no ranges"
        if flaw == "another file":
            shelf.files["/v.mp4"], shelf.mark = other, 'ETag: "two"'
        elif flaw == "no mark":
            shelf.files["/v.mp4"] = other
        elif flaw == "gone meanwhile":
            shelf.files.clear()

    _, second, _ = cut_then_whole(parts, shelf, change)

    if flaw == "gone meanwhile":
        assert problem(second) is DeliveryProblem.SOURCE_GONE
    else:
        wanted = CLIP if flaw == "no ranges" else other
        assert second == Fetched(digest_of(wanted), FileKind.MP4)


def loaded(parts: Parts, *answers: bytes, limit: int = LIMIT, timeout: float = 5) -> Fetched | Undelivered:
    """What comes of one file answered like this."""

    def script(line: socket.socket, _request: bytes) -> object:
        line.sendall(b"".join(answers))
        return "hangs up"

    with serving(script, host=OPEN) as server:
        return downloads(timeout=timeout).fetch(f"{server.base_url}/v.mp4", parts.place("job"), limit)


@pytest.mark.parametrize(
    ("answers", "what"),
    [
        ((b"HTTP/1.1 200 OK\r\nContent-Length: 500\r\n\r\n", VIDEO), DeliveryProblem.SOURCE_CUT),
        ((answer("200 OK", CLIP[:-1]),), DeliveryProblem.SOURCE_CUT),
        ((answer("200 OK", VIDEO[:8]),), DeliveryProblem.SOURCE_CUT),
        ((answer("200 OK", VIDEO[:16] + b"\0\0\0\x04junk"),), DeliveryProblem.SOURCE_CUT),
        ((answer("200 OK", VIDEO[:16] + b"\0\0"),), DeliveryProblem.SOURCE_CUT),
        ((b"HTTP/1.1 200 OK\r\n\r\n", CLIP), None),
        ((answer("200 OK", VIDEO[:16] + b"\0\0\0\0mdat12345"),), None),
        ((answer("200 OK", VIDEO[:16] + b"\0\0\0\x01mdat" + struct.pack(">Q", 20) + b"1234"),), None),
        ((b"HTTP/1.1 200 OK\r\n\r\n", bytes(LIMIT + 1)), DeliveryProblem.TOO_LARGE),
        ((b"HTTP/1.1 200 OK\r\nContent-Length: 99999999999\r\n\r\n",), DeliveryProblem.TOO_LARGE),
        ((answer("503 Service Unavailable"),), DeliveryProblem.SOURCE_SLOW),
        ((b"no HTTP at all\r\n\r\n",), DeliveryProblem.SOURCE_CUT),
    ],
)
def test_only_a_whole_file_is_one(parts: Parts, answers: tuple[bytes, ...], what: DeliveryProblem | None):
    """Shorter than was said, cut within itself, endless, or no answer at all."""
    found = loaded(parts, *answers)

    assert (found.problem if isinstance(found, Undelivered) else None) is what


@pytest.mark.parametrize(("content", "kind"), [(PICTURE, FileKind.JPEG), (PAGE, FileKind.PAGE)])
def test_file_is_what_its_first_bytes_are(parts: Parts, content: bytes, kind: FileKind):
    """Whatever its name and its server call it."""
    assert loaded(parts, answer("200 OK", content, "Content-Type: video/mp4")) == Fetched(
        digest_of(content), kind
    )


def test_source_that_drips_is_left_in_time(parts: Parts):
    """One byte after the other keeps nobody longer than a try may take."""

    def drips(line: socket.socket, _request: bytes) -> None:
        line.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\n")
        for _ in range(100):
            line.sendall(b"x")
            if server.is_over.wait(0.05):
                return

    with serving(drips, host=OPEN) as server:
        began = time.monotonic()
        found = downloads(timeout=0.4).fetch(f"{server.base_url}/v.mp4", parts.place("job"), LIMIT)

    assert problem(found) is DeliveryProblem.SOURCE_SLOW
    assert time.monotonic() - began < 3


def test_f_M01_nothing_inside_is_asked_but_the_operators_own(parts: Parts, tmp_path: Path):
    """Typed, behind a name, or by a redirect; the address in the settings is the operator's own word."""

    def passes_on(line: socket.socket, _request: bytes) -> None:
        line.sendall(answer("302 Found", b"", f"Location: {inside.base_url}/v.mp4"))

    with serving(Shelf({"/v.mp4": VIDEO}), host=INSIDE) as inside, serving(passes_on, host=OPEN) as site:
        links = (
            f"{inside.base_url}/v.mp4",
            f"http://cdn.example:{inside.port}/v.mp4",
            f"{site.base_url}/v.mp4",
        )
        found = [downloads().fetch(link, parts.place(str(at)), LIMIT) for at, link in enumerate(links)]
        looks = [downloads().is_alive(link) for link in links]
        unasked = inside.connections
        own = downloads(PUBLIC, own=(inside.base_url,))
        fetched = own.fetch(links[0], parts.place("own"), LIMIT)
        another_port = own.fetch(f"{site.base_url}/v.mp4", parts.place("other"), LIMIT)

    assert [problem(one) for one in found] == [DeliveryProblem.SOURCE_CLOSED] * 3
    assert looks == [None] * 3
    assert unasked == 0
    assert fetched == Fetched(digest_of(VIDEO), FileKind.MP4)
    assert problem(another_port) is DeliveryProblem.SOURCE_CLOSED


@pytest.mark.parametrize("location", ["/v.mp4", "http://[", ""])
def test_redirects_without_end_or_sense_are_left(parts: Parts, location: str):
    """After a few of them."""
    to_itself = answer("301 Moved Permanently", b"", f"Location: {location}")
    with serving(lambda line, _request: line.sendall(to_itself), host=OPEN) as server:
        found = downloads().fetch(f"{server.base_url}/v.mp4", parts.place("job"), LIMIT)

    assert problem(found) is DeliveryProblem.SOURCE_CLOSED


@pytest.mark.parametrize(
    ("status", "is_alive"),
    [
        ("200 OK", True),
        ("410 Gone", False),
        ("403 Forbidden", False),
        ("500 Oops", None),
        ("416 Range", True),
    ],
)
def test_what_a_look_believes(status: str, is_alive: bool | None):
    """Doubt is no death; a server that answers no heads is asked for one byte."""

    def script(line: socket.socket, request: bytes) -> object:
        line.sendall(
            answer("405 Method Not Allowed", b"") if request.startswith(b"HEAD") else answer(status, b"x")
        )
        return "hangs up"

    with serving(script, host=OPEN) as server:
        assert downloads().is_alive(f"{server.base_url}/v.mp4") is is_alive


def test_look_at_a_server_that_refuses_heads(parts: Parts):
    """As signed links of object stores do."""
    shelf = Shelf({"/v.mp4": VIDEO})
    shelf.knows_heads = False
    with serving(shelf, host=OPEN) as server:
        assert downloads().is_alive(f"{server.base_url}/v.mp4") is True
        assert downloads().is_alive(f"{server.base_url}/x.mp4") is False


def test_site_that_nobody_answers_for(parts: Parts):
    """Neither its copy nor its link is given up for that."""
    with serving(Shelf({}), host=OPEN) as server:
        nobody = f"{server.base_url}/v.mp4"

    assert problem(downloads().fetch(nobody, parts.place("job"), LIMIT)) is not DeliveryProblem.SOURCE_GONE
    assert (
        problem(downloads().fetch("http://nobody.example/", parts.place("job"), LIMIT))
        is DeliveryProblem.SOURCE_SLOW
    )
    assert downloads().is_alive(nobody) is None


def test_parts_nobody_goes_on_with_are_swept(parts: Parts, tmp_path: Path):
    """After a week; younger ones stay."""
    folder = tmp_path / "parts"
    folder.mkdir()
    for name, days in (("old.x.part", 8), ("young.x.part", 1)):
        (folder / name).write_bytes(b"x")
        os.utime(folder / name, (time.time() - days * 86_400,) * 2)
    parts.sweep(SystemClock().now())

    assert [one.name for one in folder.iterdir()] == ["young.x.part"]


CHILD = """
import sys
from pathlib import Path
from bot.adapters.downloads import Parts, WebDownloads
from bot.adapters.system_clock import SystemClock
link, folder = sys.argv[1:]
WebDownloads(SystemClock(), timeout_seconds=30, own=(link,)).fetch(link, Parts(Path(folder)).place("job"), 1_000_000)
"""


def test_killed_in_the_middle_of_a_file_it_is_gone_on_with(parts: Parts, tmp_path: Path):
    """What is on the disk by then is asked for no more; the whole is the file."""
    shelf = Shelf({"/v.mp4": CLIP})
    has_begun = []

    def stalls(line: socket.socket, request: bytes) -> object:
        if has_begun:
            return shelf(line, request)
        line.sendall(answer("200 OK", CLIP, shelf.mark)[:250_000])
        has_begun.append(request)
        server.is_over.wait(20)
        return None

    with serving(stalls, host=OPEN) as server:
        link = f"{server.base_url}/v.mp4"
        child = subprocess.Popen([sys.executable, "-c", CHILD, link, str(tmp_path / "parts")])
        wait_for(lambda: any(one.stat().st_size > 100_000 for one in (tmp_path / "parts").glob("*.part")))
        child.send_signal(signal.SIGKILL)
        child.wait(10)
        found = downloads().fetch(link, parts.place("job"), LIMIT)
        asked = server.requests[-1]

    assert found == Fetched(digest_of(CLIP), FileKind.MP4)
    assert b"Range: bytes=" in asked


def wait_for(condition: Callable[[], bool]) -> None:
    for _ in range(400):
        if condition():
            return
        time.sleep(0.025)
    raise AssertionError("never")

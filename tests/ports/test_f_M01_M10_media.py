"""What the robot asks of links in cells, and of whom: over real sockets, with a name service that says anything.

The machines of these tests are addresses of the loopback network. One or two of them count as open; all others
are inside, as they are to a robot at work.
"""

from __future__ import annotations

import contextlib
import gzip
import socket
import ssl
import threading
import time
import zlib
from collections.abc import Callable, Iterator
from ipaddress import IPv4Network

import pytest
import trustme
from canaries import canary
from fakes.raw_server import RawServer, answer, serving
from fakes.web import PAGE, PNG, Answers, FakeNames

from bot.adapters.media import MediaFetcher
from bot.adapters.media_connection import system_lookup
from bot.adapters.system_clock import SystemClock
from bot.domain.media.files import FIRST_BYTES, FileKind
from bot.domain.media.looks import Finding, Sight
from bot.domain.media.reach import PUBLIC, Reach

OPEN, OTHER, INSIDE = "127.0.0.2", "127.0.0.3", "127.0.0.9"
REACH = Reach((IPv4Network(f"{OPEN}/32"), IPv4Network(f"{OTHER}/32")))
PICTURE = answer("200 OK", PNG, "Content-Type: image/png")
NAME = "pictures.example"
PRIVATE = ("127.0.0.1", "10.0.0.1", "169.254.169.254", "100.64.0.1", "0.0.0.0", "::1", "fe80::1%2", "fd00::1")  # noqa: S104
TRANSLATED = ("::ffff:127.0.0.1", "64:ff9b::7f00:1", "2002:7f00:1::")


def fetcher(
    reach: Reach = REACH, *, timeout: float = 3, tls: ssl.SSLContext | None = None, **names: list[Answers]
) -> MediaFetcher:
    """A fetcher whose names are these, with dots for underscores, and `pictures.example`."""
    lookup = FakeNames({NAME: [[OPEN]], **{name.replace("_", "."): found for name, found in names.items()}})
    return MediaFetcher(SystemClock(), timeout_seconds=timeout, reach=reach, lookup=lookup, ssl_context=tls)


def sends(*answers: bytes) -> Callable[..., object]:
    """Answers one request after the other; the last answer stays."""
    left = list(answers)

    def script(line: socket.socket, _request: bytes) -> None:
        line.sendall(left.pop(0) if len(left) > 1 else left[0])

    return script


def redirect(location: str, status: str = "302 Found", *headers: str) -> bytes:
    return answer(status, b"", f"Location: {location}", *headers)


@pytest.fixture
def open_site() -> Iterator[RawServer]:
    """A picture on an open machine."""
    with serving(sends(PICTURE), host=OPEN) as server:
        yield server


@pytest.fixture
def trap() -> Iterator[RawServer]:
    """A machine inside that nobody must ever reach."""
    with serving(sends(PICTURE), host=INSIDE) as server:
        yield server
        assert server.connections == 0


def test_a_picture(open_site: RawServer):
    """Its kind by its first bytes, and its size as the site says."""
    found = fetcher().look(f"http://{NAME}:{open_site.port}/shoe.png")

    assert (found.finding, found.kind, found.size) == (Finding.THERE, FileKind.PNG, len(PNG))


# -- M01, M02, M03: whom it never asks ------------------------------------------


@pytest.mark.parametrize("address", [*PRIVATE, *TRANSLATED])
def test_f_M01_names_of_addresses_inside(address: str):
    """A name is judged by what it stands for, whatever it is called."""
    sight = fetcher(PUBLIC, cdn_example=[[address]]).look("https://cdn.example/a.png")

    assert sight.finding is Finding.CLOSED


def test_f_M01_an_address_inside_is_not_reached(trap: RawServer):
    """Typed as it is, and behind a name."""
    said = fetcher(cdn_example=[[INSIDE]])

    assert said.look(f"{trap.base_url}/a.png").finding is Finding.CLOSED
    assert said.look(f"http://cdn.example:{trap.port}/a.png").finding is Finding.CLOSED


@pytest.mark.parametrize(
    "host", ["127.1", "0x7f000001", "2130706433", "017700000001", "①②⑦.⓪.⓪.①", "127.0.0.1.", "localhost."]
)
def test_f_M02_spellings_the_resolver_would_take(host: str):
    """The machine's own resolver makes loopback of the first five; it is never asked."""
    with serving(sends(PICTURE)) as server:
        with contextlib.suppress(OSError):
            assert "127.0.0.1" in system_lookup(host)
        real = MediaFetcher(SystemClock(), timeout_seconds=3, reach=REACH)

        assert real.look(f"http://{host}:{server.port}/a.png").finding is Finding.CLOSED
        assert server.connections == 0


@pytest.mark.parametrize(
    "link",
    [
        "file:///etc/passwd",
        "gopher://pictures.example/1",
        "ftp://pictures.example/a.png",
        "data:image/png;base64,iVBORw0KGgo=",
        "javascript:alert(1)",
        "//pictures.example/a.png",
        "http://user:secret@pictures.example/a.png",
        "http://pictures.example:22/",
        "http://pictures.example\\@127.0.0.1/",
        "http://pictures.example/\r\nX-Injected: 1",
        "http://pictures.example/\ta.png",
    ],
)
def test_f_M03_no_plain_web_address(link: str):
    """Nothing is looked up, let alone asked."""
    names = FakeNames({NAME: [[OPEN]]})
    said = MediaFetcher(SystemClock(), timeout_seconds=3, reach=PUBLIC, lookup=names)

    assert said.look(link).finding is Finding.CLOSED
    assert names.asked == []


# -- M04: being passed on -------------------------------------------------------


@pytest.mark.parametrize(
    "status", ["301 Moved", "302 Found", "303 See Other", "307 Temporary", "308 Permanent"]
)
def test_f_M04_passed_on_to_an_open_host(open_site: RawServer, status: str):
    """Every hop is a look of its own."""
    with serving(sends(redirect(f"http://cdn.example:{open_site.port}/b.png", status)), host=OTHER) as first:
        said = fetcher(first_example=[[OTHER]], cdn_example=[[OPEN]])

        assert said.look(f"http://first.example:{first.port}/a.png").kind is FileKind.PNG
    assert b"GET /b.png HTTP/1.1" in open_site.requests[0]
    assert f"Host: cdn.example:{open_site.port}".encode() in open_site.requests[0]


@pytest.mark.parametrize(
    "target",
    [
        "{trap}/latest/meta-data",
        "http://cdn.example:{port}/a.png",
        "//" + INSIDE + ":{port}/a.png",
        "http://169.254.169.254/",
    ],
)
def test_f_M04_passed_on_to_a_host_inside(trap: RawServer, target: str):
    """An open site cannot lend its good name to a machine inside."""
    location = target.format(trap=trap.base_url, port=trap.port)
    with serving(sends(redirect(location)), host=OPEN) as first:
        said = fetcher(cdn_example=[[INSIDE]])

        assert said.look(f"http://{NAME}:{first.port}/a.png").finding is Finding.CLOSED


@pytest.mark.parametrize(
    "location",
    ["file:///etc/passwd", "gopher://x/", "http://[::1", "http://a b/", "http://user:pw@x.example/"],
)
def test_f_M04_passed_on_to_what_is_no_web_address(location: str):
    """Another scheme, a broken address, credentials."""
    with serving(sends(redirect(location)), host=OPEN) as first:
        assert fetcher().look(f"http://{NAME}:{first.port}/").finding is Finding.CLOSED


@pytest.mark.parametrize("hops", [3, 20])
def test_f_M04_three_times_and_no_further(hops: int):
    """The fourth address that passes it on is one too many."""
    chain = [*(redirect(f"/{number}") for number in range(hops)), PICTURE]
    with serving(sends(*chain), host=OPEN) as site:
        found = fetcher().look(f"http://{NAME}:{site.port}/").finding

        assert found is (Finding.THERE if hops == 3 else Finding.CIRCLES)
        assert len(site.requests) == 4


def test_f_M04_a_loop():
    """An address that passes on to itself."""
    with serving(sends(redirect("/")), host=OPEN) as site:
        assert fetcher().look(f"http://{NAME}:{site.port}/").finding is Finding.CIRCLES


def test_passed_on_to_a_sign_in():
    """What needs a sign-in is told from what is missing; the sign-in is not even asked."""
    location = "https://accounts.google.com/ServiceLogin?continue=https://drive.google.com/uc"
    with serving(sends(redirect(location)), host=OPEN) as site:
        assert fetcher().look(f"http://{NAME}:{site.port}/uc").finding is Finding.LOCKED


def test_a_page_that_asks_to_sign_in():
    """The words of its address tell, where it was passed on to it."""
    pages = sends(redirect("/users/sign_in?next=a.png"), answer("200 OK", PAGE, "Content-Type: text/html"))
    with serving(pages, host=OPEN) as site:
        assert fetcher().look(f"http://{NAME}:{site.port}/a.png").finding is Finding.LOCKED


# -- M05: names that change their mind ------------------------------------------


def test_f_M05_connects_to_the_address_that_was_judged(open_site: RawServer, trap: RawServer):
    """Open when it is judged, inside a moment later: one lookup, and the connection goes to what it said."""
    names = FakeNames({"rebind.example": [[OPEN], [INSIDE]]})
    said = MediaFetcher(SystemClock(), timeout_seconds=3, reach=REACH, lookup=names)
    link = f"http://rebind.example:{open_site.port}/a.png"

    assert said.look(link).finding is Finding.THERE
    assert names.asked == ["rebind.example"]
    assert f"Host: rebind.example:{open_site.port}".encode() in open_site.requests[0]
    assert said.look(link).finding is Finding.CLOSED
    assert len(open_site.requests) == 1


def test_f_M05_each_hop_is_looked_up_anew(trap: RawServer):
    """A name that was open at the first hop may be inside at the second."""
    names = FakeNames({"rebind.example": [[OPEN], [INSIDE]]})
    said = MediaFetcher(SystemClock(), timeout_seconds=3, reach=REACH, lookup=names)
    with serving(sends(redirect("/b.png"), PICTURE), host=OPEN) as site:
        assert said.look(f"http://rebind.example:{site.port}/a.png").finding is Finding.CLOSED
        assert len(site.requests) == 1


@pytest.fixture(scope="module")
def authority() -> trustme.CA:
    return trustme.CA()


def secure(authority: trustme.CA, *names: str) -> ssl.SSLContext:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    authority.issue_cert(*names).configure_cert(context)
    return context


def trusting(authority: trustme.CA) -> ssl.SSLContext:
    context = ssl.create_default_context()
    authority.configure_trust(context)
    return context


def test_f_M05_the_certificate_must_name_the_host(authority: trustme.CA):
    """The connection goes to a number; the certificate is checked against the name, which is also asked for."""
    asked: list[str | None] = []
    context = secure(authority, NAME)
    context.sni_callback = lambda _socket, name, _context: asked.append(name)
    with serving(sends(PICTURE), host=OPEN, tls=context) as site:
        said = fetcher(tls=trusting(authority), other_example=[[OPEN]])

        assert said.look(f"https://{NAME}:{site.port}/a.png").finding is Finding.THERE
        assert said.look(f"https://other.example:{site.port}/a.png").finding is Finding.UNSAFE
        assert len(site.requests) == 1
    assert asked == [NAME, "other.example"]


def test_f_M05_a_certificate_of_nobody(authority: trustme.CA):
    """One the machine does not trust is no certificate."""
    with serving(sends(PICTURE), host=OPEN, tls=secure(authority, NAME)) as site:
        assert fetcher().look(f"https://{NAME}:{site.port}/a.png").finding is Finding.UNSAFE


# -- M06: the name service ------------------------------------------------------


def test_f_M06_a_slow_resolver():
    """The look ends in its time; what the resolver says later is nobody's business."""
    released = threading.Event()

    def slowly() -> list[str]:
        released.wait(10)
        return [OPEN]

    started = time.monotonic()
    found = fetcher(timeout=0.3, slow_example=[slowly]).look("http://slow.example/a.png").finding
    released.set()

    assert found is Finding.SILENT
    assert time.monotonic() - started < 2


def test_f_M06_a_resolver_stuck_for_all():
    """However many lookups are stuck, the next look ends in its time too."""
    released = threading.Event()

    def stuck() -> list[str]:
        released.wait(10)
        return [OPEN]

    said = fetcher(timeout=0.2, slow_example=[stuck])
    looks = [threading.Thread(target=said.look, args=("http://slow.example/",)) for _ in range(20)]
    started = time.monotonic()
    for look in looks:
        look.start()
    for look in looks:
        look.join()
    released.set()

    assert time.monotonic() - started < 2


@pytest.mark.parametrize(
    ("answers", "finding"),
    [
        (socket.gaierror(socket.EAI_NONAME, "unknown"), Finding.GONE),
        (socket.gaierror(socket.EAI_AGAIN, "try again"), Finding.SILENT),
        (OSError("broken"), Finding.SILENT),
        ([], Finding.GONE),
        (["nonsense"], Finding.SILENT),
    ],
    ids=["unknown", "again", "broken", "none", "nonsense"],
)
def test_f_M06_no_address(answers: Answers, finding: Finding):
    """A name nobody knows leads nowhere; a name service in trouble says nothing of the link."""
    assert fetcher(gone_example=[answers]).look("http://gone.example/a.png").finding is finding


@pytest.mark.parametrize("place", [0, 57, 99])
def test_f_M06_a_hundred_addresses_one_of_them_inside(open_site: RawServer, trap: RawServer, place: int):
    """All are judged, not only the first ones; one inside closes the name."""
    addresses = [OPEN] * 100
    addresses[place] = INSIDE
    said = fetcher(
        many_example=[[f"127.0.0.{2 + at % 2}" if one == OPEN else one for at, one in enumerate(addresses)]]
    )

    assert said.look(f"http://many.example:{open_site.port}/a.png").finding is Finding.CLOSED
    assert open_site.connections == 0


def test_f_M06_the_next_address_where_one_is_dead(open_site: RawServer):
    """As a browser does."""
    assert (
        fetcher(two_example=[[OTHER, OPEN]]).look(f"http://two.example:{open_site.port}/").finding
        is Finding.THERE
    )


def test_f_M06_few_of_many_dead_addresses_are_tried():
    """A name cannot make the robot knock at a hundred doors."""
    reach = Reach((IPv4Network("127.0.1.0/24"),))
    with serving(sends(PICTURE), host="127.0.1.100") as last:
        addresses = [f"127.0.1.{number}" for number in range(1, 101)]

        assert (
            fetcher(reach, many_example=[addresses]).look(f"http://many.example:{last.port}/").finding
            is Finding.SILENT
        )
        assert last.connections == 0


# -- M07: what sites send -------------------------------------------------------


def look_at(script: Callable[..., object], timeout: float = 3) -> tuple[Sight, RawServer]:
    with serving(script, host=OPEN) as site:
        return fetcher(timeout=timeout).look(f"http://{NAME}:{site.port}/a.png"), site


def test_f_M07_a_range_is_asked_for():
    """The size of a file of 10 GB is known from its first bytes."""
    part = answer("206 Partial Content", PNG, "Content-Range: bytes 0-63/10000000000")
    found, site = look_at(sends(part))

    assert (found.kind, found.size) == (FileKind.PNG, 10_000_000_000)
    assert f"Range: bytes=0-{FIRST_BYTES - 1}".encode() in site.requests[0]
    assert site.requests[0].startswith(b"GET ")


def test_f_M07_ten_gigabytes_without_ranges():
    """A server that sends all of it is left after the first bytes."""
    sent: list[int] = []

    def script(line: socket.socket, _request: bytes) -> bool:
        line.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: 10000000000\r\n\r\n" + PNG)
        with contextlib.suppress(OSError):
            while True:
                sent.append(line.send(bytes(65536)))
        return True

    found, _ = look_at(script)

    assert (found.kind, found.size) == (FileKind.PNG, 10_000_000_000)
    assert sum(sent) < 20_000_000


def test_f_M07_an_endless_stream():
    """It is left as well; its size nobody knows."""

    def script(line: socket.socket, _request: bytes) -> bool:
        line.sendall(b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n")
        with contextlib.suppress(OSError):
            while True:
                line.sendall(b"40\r\n" + PNG[:64] + b"\r\n")
        return True

    found, _ = look_at(script)

    assert (found.finding, found.kind, found.size) == (Finding.THERE, FileKind.PNG, None)


@pytest.mark.parametrize(
    "status", ["400 Bad Request", "405 Not Allowed", "416 Range Not Satisfiable", "501 Not Implemented"]
)
def test_f_M07_servers_that_know_no_ranges(status: str):
    """They are asked once more, plainly; HEAD is never tried."""
    found, site = look_at(sends(answer(status), PICTURE))

    assert found.kind is FileKind.PNG
    assert [b"Range:" in request for request in site.requests] == [True, False]


def test_f_M07_an_empty_file():
    """It has no first byte that could be sent."""
    found, _ = look_at(sends(answer("416 Range Not Satisfiable", b""), answer("200 OK", b"")))

    assert (found.finding, found.kind, found.size) == (Finding.THERE, FileKind.EMPTY, 0)


@pytest.mark.parametrize(
    ("body", "kind"), [(PAGE, FileKind.PAGE), (b"%PDF-1.7 ...", FileKind.PDF), (b"Not Found", FileKind.TEXT)]
)
def test_f_M07_a_wrong_content_type(body: bytes, kind: FileKind):
    """The first bytes say what it is, not the server."""
    found, _ = look_at(sends(answer("200 OK", body, "Content-Type: image/png")))

    assert found.kind is kind


@pytest.mark.parametrize("packed", [gzip.compress(PAGE), zlib.compress(PAGE)], ids=["gzip", "deflate"])
def test_f_M07_packed_although_nobody_asked(packed: bytes):
    """What is inside counts; the size of the parcel says nothing of it."""
    found, site = look_at(sends(answer("200 OK", packed, "Content-Encoding: gzip")))

    assert (found.kind, found.size) == (FileKind.PAGE, None)
    assert b"Accept-Encoding: identity" in site.requests[0]


def test_f_M07_a_bomb():
    """A parcel of a few bytes that would unpack to a hundred megabytes is opened by a hand's breadth."""
    bomb = gzip.compress(bytes(100_000_000), 9)
    found, _ = look_at(sends(answer("200 OK", bomb, "Content-Encoding: gzip")))

    assert found.kind is FileKind.UNKNOWN


def drips(head: bytes, drop: bytes) -> Callable[..., object]:
    """Sends a head, and then a little now and then, for ever."""

    def script(line: socket.socket, _request: bytes) -> bool:
        line.sendall(head)
        with contextlib.suppress(OSError):
            while True:
                line.sendall(drop)
                time.sleep(0.05)
        return True

    return script


@pytest.mark.parametrize(
    ("head", "drop", "finding"),
    [
        (b"", b"", Finding.SILENT),
        (b"HTTP/1.1 200 OK\r\n", b"X-More: 1\r\n", Finding.SILENT),
        (b"HTTP/1.1 200 OK\r\nContent-Length: 1000\r\n\r\n", b"\x89", Finding.SILENT),
        (b"HTTP/1.1 200 OK\r\nContent-Length: 1000\r\n\r\n" + PNG, b"\x00", Finding.THERE),
    ],
    ids=["silence", "headers", "bytes", "a picture, slowly"],
)
def test_f_M07_a_site_that_takes_for_ever(head: bytes, drop: bytes, finding: Finding):
    """A look has an end, however the time is spent; what came until then may do."""
    started = time.monotonic()
    found, _ = look_at(drips(head, drop), timeout=0.4)

    assert found.finding is finding
    assert time.monotonic() - started < 2


@pytest.mark.parametrize(
    ("status", "finding"),
    [
        ("401 Unauthorized", Finding.LOCKED),
        ("403 Forbidden", Finding.LOCKED),
        ("404 Not Found", Finding.GONE),
        ("410 Gone", Finding.GONE),
        ("302 Found", Finding.GONE),
        ("408 Request Timeout", Finding.SILENT),
        ("429 Too Many Requests", Finding.SILENT),
        ("500 Internal Server Error", Finding.SILENT),
        ("503 Service Unavailable", Finding.SILENT),
    ],
)
def test_what_a_status_means(status: str, finding: Finding):
    """Gone, locked, or in trouble for now."""
    assert look_at(sends(answer(status, PAGE)))[0].finding is finding


@pytest.mark.parametrize(
    "said", [b"", b"SSH-2.0-OpenSSH_9.2\r\n", b"HTTP/1.1 200 OK\r\nContent-Length: x\r\n\r\n"]
)
def test_no_answer_of_a_web_server(said: bytes):
    """A closed connection, another protocol, a broken head."""

    def script(line: socket.socket, _request: bytes) -> bool:
        line.sendall(said)
        return True

    assert look_at(script)[0].finding is Finding.SILENT


def test_nobody_listens():
    """A refused connection may be accepted later."""
    with socket.create_server((OPEN, 0)) as listener:
        port = listener.getsockname()[1]

    assert fetcher().look(f"http://{NAME}:{port}/").finding is Finding.SILENT


# -- M09, M10: what it does not take along --------------------------------------


def test_f_M09_proxies_of_the_environment_are_ignored(open_site: RawServer, monkeypatch: pytest.MonkeyPatch):
    """A proxy would look names up itself, and nothing would be judged."""
    with serving(sends(PICTURE)) as proxy:
        for name in ("HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY", "http_proxy", "https_proxy", "all_proxy"):
            monkeypatch.setenv(name, proxy.base_url)

        assert fetcher().look(f"http://{NAME}:{open_site.port}/a.png").finding is Finding.THERE
        assert proxy.connections == 0


def test_f_M10_nothing_of_ours_goes_along(monkeypatch: pytest.MonkeyPatch, tmp_path):
    """The very bytes of every request, also after a redirect that hands out a cookie."""
    secret = canary()
    (tmp_path / "netrc").write_text(f"default login rowreel password {secret}\n")
    monkeypatch.setenv("NETRC", str(tmp_path / "netrc"))
    monkeypatch.setenv("ZVID_API_KEY", secret)
    passed_on = redirect("/b.png?x=1", "302 Found", "Set-Cookie: session=1; Path=/")
    with serving(sends(passed_on, PICTURE), host=OPEN) as site:
        assert fetcher().look(f"http://{NAME}:{site.port}/a%20b.png#top").finding is Finding.THERE
        port = site.port

    assert [request.decode().splitlines() for request in site.requests] == [
        [
            f"GET {target} HTTP/1.1",
            f"Host: {NAME}:{port}",
            "User-Agent: Mozilla/5.0 (compatible; Rowreel)",
            "Accept: */*",
            "Accept-Encoding: identity",
            "Connection: close",
            f"Range: bytes=0-{FIRST_BYTES - 1}",
            "",
        ]
        for target in ("/a%20b.png", "/b.png?x=1")
    ]
    (tmp_path / "netrc").unlink()

"""Wrong clocks: ours is set while the robot runs or wrong at start, the service's differs, zones change."""

from __future__ import annotations

import ipaddress
import json
import socket
import ssl
import threading
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import httpx
import pytest
from canaries import canary
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID
from fakes.clock import FakeClock
from fakes.staff import desk, in_virtual_time, staffed
from fakes.world import World
from pydantic import SecretStr

from bot.adapters.google_account import connect
from bot.adapters.google_sheet import look_at
from bot.adapters.journal_copies import Backups
from bot.adapters.render_api import ZvidService
from bot.daemon import Daemon
from bot.domain.failures import Failure, FailureClass, ProblemCode
from bot.domain.ids import JobId
from bot.domain.intents import State
from bot.domain.jobs import Absent, Sought, Suspects
from bot.reconciler.tick import TickReport

HOUR, YEARS = 3600.0, 10 * 365.25 * 86400
JUMPS = [-HOUR, -YEARS, HOUR, YEARS]
NOW = datetime(2026, 3, 2, 14, 0, tzinfo=UTC)


@pytest.fixture
def world(folder: Path) -> Iterator[World]:
    world = World(folder)
    world.know_the_tab()
    yield world
    world.close()


# -- T01 ----------------------------------------------------------------------


@pytest.mark.parametrize("jump", JUMPS)
def test_f_T01_set_in_the_undo_window(world: World, jump: float):
    """The time to change one's mind is neither cut short nor stretched, also when the journal is read anew."""
    world.sheet.tick(world.add("Spring"))
    world.look()
    world.clock.advance(5)
    world.clock.jump(jump)
    world.robot.books.forget()
    sent_at = []
    for _ in range(20):
        world.clock.advance(1)
        world.look()
        sent_at.append(world.service.sends)

    # Five seconds had passed; it is sent at the fifteenth.
    assert sent_at.index(1) == 15 - 5 - 1
    assert sent_at[-1] == 1


@pytest.mark.parametrize("jump", JUMPS)
def test_f_T01_set_while_a_send_is_in_doubt(world: World, jump: float):
    """No 404 counts before its time, and the row ends with one video that was paid for once."""
    world.add("Spring")
    world.service.visible_after = 100
    world.service.lost_answers = 1
    world.approve("Spring")
    began = world.clock.monotonic()
    world.clock.jump(jump)
    while world.states() == [State.CHECKING]:
        assert world.clock.monotonic() < began + 600
        world.wait(5)
    world.settle()

    assert world.clock.monotonic() - began >= 90
    assert world.shown("Spring") == "Done"
    assert world.charges_for("Spring") == 1


@pytest.mark.parametrize("jump", JUMPS)
def test_f_T01_set_while_it_renders(world: World, jump: float):
    """Nothing is late or overdue because of it; looks go on at their pace."""
    world.add("Spring")
    world.approve("Spring")
    world.clock.jump(jump)
    world.wait(180)
    states = world.states()
    looked_up = world.clock.monotonic()
    world.service.finish()
    world.wait(61)

    assert states == [State.SUBMITTED]
    assert world.shown("Spring") == "Done"
    assert world.clock.monotonic() - looked_up < 70


@pytest.mark.parametrize("jump", JUMPS)
def test_f_T01_ticks_go_on_at_their_interval(world: World, jump: float):
    """The worker waits by the clock that only goes forward."""
    began: list[float] = []

    def tick() -> TickReport:
        began.append(world.clock.monotonic())
        if len(began) == 3:
            world.clock.jump(jump)
        if len(began) == 6:
            daemon.stop()
        return TickReport(next_due=2.0)

    daemon = Daemon(staffed(world, desk(tick, interval=5)))
    in_virtual_time(daemon, world.clock)
    daemon.run()

    assert [round(later - one) for one, later in pairwise(began)] == [2] * 5


@pytest.mark.parametrize("jump", JUMPS)
def test_f_T01_wait_that_is_read_anew_after_trouble(world: World, jump: float):
    """A retry waits its time though the journal failed and was read again under another wall time."""
    world.add("Spring")
    world.service.refusals["ask"] = [Failure(FailureClass.TRANSIENT, ProblemCode.NET, "not sent")]
    world.sheet.tick(2)
    world.look()
    [waiting] = world.intents()
    assert waiting.not_before is not None
    left = (waiting.not_before - world.clock.now()).total_seconds()
    world.clock.jump(jump)
    world.robot.books.forget()
    world.robot.books.open()
    due = world.robot.books.timers.next_due(world.clock.monotonic())

    assert due == pytest.approx(left)


def test_f_T01_copies_go_on_after_a_wrong_year(world: World):
    """A copy made while the clock was ten years on does not put the next one off for ten years."""
    backups = Backups(world.journal, 3)
    world.clock.jump(YEARS)
    backups.take(world.clock.now())
    world.clock.jump(-YEARS)
    world.clock.advance(2 * 86400)

    assert backups.is_due(world.clock.now())
    backups.take(world.clock.now())
    assert not backups.is_due(world.clock.now() + timedelta(hours=1))


def test_f_T01_copies_dated_in_the_future_push_no_new_one_out(world: World):
    """A clock that was wrong for days made them; the copies of the right days are kept in their stead."""
    backups = Backups(world.journal, 3)
    now = world.clock.now()
    for days in (400, 401, 402, 1, 2):
        backups.take(now + timedelta(days=days))
    names = [one.name for one in (world.path.parent / "backups").iterdir()]

    assert {f"journal-{now + timedelta(days=days):%Y%m%d}" for days in (1, 2)} <= {one[:16] for one in names}
    assert len(names) == 3


# -- T02 ----------------------------------------------------------------------


def certificate(folder: Path, begins: datetime, ends: datetime) -> tuple[Path, Path]:
    """A certificate for 127.0.0.1 that signs itself: (with its key, to be trusted)."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "stand-in")])
    made = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(begins)
        .not_valid_after(ends)
        .add_extension(
            x509.SubjectAlternativeName([x509.IPAddress(ipaddress.ip_address("127.0.0.1"))]), critical=False
        )
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(key, hashes.SHA256())
    )
    pem = made.public_bytes(serialization.Encoding.PEM)
    private = key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    (folder / "server.pem").write_bytes(pem + private)
    (folder / "trusted.pem").write_bytes(pem)
    return folder / "server.pem", folder / "trusted.pem"


class TlsServer:
    """Greets with a certificate; nobody who refuses it ever sends a request."""

    def __init__(self, file: Path) -> None:
        self._context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        self._context.load_cert_chain(file)
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.port = self._listener.getsockname()[1]
        self.heard: list[bytes] = []
        threading.Thread(target=self._serve, daemon=True).start()

    def _serve(self) -> None:
        while True:
            try:
                plain, _ = self._listener.accept()
            except OSError:
                return
            with plain:
                try:
                    with self._context.wrap_socket(plain, server_side=True) as safe:
                        self.heard.append(safe.recv(4096))
                except OSError:
                    continue

    def close(self) -> None:
        # Wakes accept() as well, which close() alone would not.
        self._listener.shutdown(socket.SHUT_RDWR)
        self._listener.close()


@pytest.fixture(params=["not valid yet", "no longer valid", "not trusted"])
def tls(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[tuple[TlsServer, Path, str]]:
    today, span = datetime.now(UTC), timedelta(days=30)
    begins = {"not valid yet": today + span, "no longer valid": today - 2 * span}.get(request.param, today)
    file, trusted = certificate(tmp_path, begins - timedelta(hours=1), begins + span / 2)
    if request.param == "not trusted":
        (tmp_path / "other").mkdir()
        _, trusted = certificate(tmp_path / "other", today - span, today + span)
    server = TlsServer(file)
    yield server, trusted, request.param
    server.close()


def test_f_T02_certificate_and_clock_disagree(tls: tuple[TlsServer, Path, str]):
    """Surely nothing was sent; the words say what to look at."""
    server, trusted, words = tls
    service = ZvidService(
        f"https://127.0.0.1:{server.port}",
        SecretStr(canary()),
        timeout_seconds=5,
        clock=FakeClock(NOW),
        transport=httpx.HTTPTransport(verify=ssl.create_default_context(cafile=str(trusted))),
    )
    answers = [service.submit(JobId("job"), "{}"), service.ask("{}"), service.look_up(JobId("job"))]
    service.close()

    for answer in answers:
        assert isinstance(answer, Failure)
        assert (answer.kind, answer.code) == (FailureClass.TRANSIENT, ProblemCode.CERTIFICATE)
        assert words in answer.detail
    assert server.heard == []


def test_f_T02_google_certificate_at_start(tls: tuple[TlsServer, Path, str], monkeypatch: pytest.MonkeyPatch):
    """Whoever starts the robot reads about the clock, not about the network."""
    server, trusted, words = tls
    monkeypatch.setenv("REQUESTS_CA_BUNDLE", str(trusted))
    client = connect(None, f"https://127.0.0.1:{server.port}", anonymous=True)
    with pytest.raises(Exception, match=words) as refused:
        look_at(client, "some-spreadsheet")
    client.close()

    assert type(refused.value).__name__ == "SheetUnavailableError"
    assert server.heard == []


def test_f_T02_no_row_fails_while_the_clock_is_wrong(world: World):
    """Rows wait and say why; when the clock is right they are made."""
    wrong = Failure(FailureClass.TRANSIENT, ProblemCode.CERTIFICATE, "not sent: not valid yet")
    world.add("Spring")
    world.sheet.tick(2)
    world.service.refusals["ask"] = [wrong] * 6
    world.look()
    said = world.shown("Spring", "What to do")
    statuses = set()
    for _ in range(40):
        world.wait(5)
        statuses.add(str(world.shown("Spring")))
    world.service.refusals["ask"] = []
    world.settle()

    assert "clock" in str(said)
    assert not statuses & {"Failed", "Needs fixing"}
    assert world.shown("Spring") == "Done"
    assert world.charges_for("Spring") == 1


# -- T03, T05 -----------------------------------------------------------------

SENT = NOW - timedelta(minutes=5)
SOUGHT = Sought(JobId("mine"), "spring", SENT, 9)


def listing(made: Any, *, date: datetime | None = None) -> Any:
    """What a look through a listing with one nameless job makes of it."""
    body = {"jobs": [{"id": "other", "status": "active", "credits_estimated": 9, "created_at": made}]}
    headers = {"date": date.strftime("%a, %d %b %Y %H:%M:%S GMT")} if date else {}
    return served(body, headers).find(SOUGHT)


def served(body: Any, headers: dict[str, str], status: int = 200) -> ZvidService:
    """A client whose every request is answered like this."""
    content = json.dumps(body).encode()
    return ZvidService(
        "https://api.zvid.test",
        SecretStr(canary()),
        timeout_seconds=5,
        clock=FakeClock(NOW),
        transport=httpx.MockTransport(
            lambda _: httpx.Response(status, stream=httpx.ByteStream(content), headers=headers)
        ),
    )


@pytest.mark.parametrize("off", [timedelta(hours=n) for n in (-24, -1, 0, 1, 24)])
def test_f_T03_the_service_clock_differs(off: timedelta):
    """A job made right after our send is a suspect, and one of the day before is none, whatever its clock says."""
    mine = (SENT + off + timedelta(seconds=1)).isoformat()
    older = (SENT + off - timedelta(hours=3)).isoformat()

    assert isinstance(listing(mine, date=NOW + off), Suspects)
    assert isinstance(listing(older, date=NOW + off), Absent)


@pytest.mark.parametrize("off", [timedelta(hours=n) for n in (-1, 0, 1)])
def test_f_T03_told_to_wait_until_a_date(off: timedelta):
    """Until when, less what the service's own clock shows: ours does not matter."""
    date, until = ((NOW + off + timedelta(seconds=n)).strftime("%a, %d %b %Y %H:%M:%S GMT") for n in (0, 40))
    answer = served({}, {"date": date, "retry-after": until}, 429).ask("{}")

    assert isinstance(answer, Failure)
    assert answer.retry_after == 40


def test_f_T03_sent_under_a_clock_that_was_ahead(monkeypatch: pytest.MonkeyPatch):
    """A time of ours that lies in the future by now clears nobody."""
    monkeypatch.setitem(globals(), "SOUGHT", Sought(JobId("mine"), "spring", NOW + timedelta(days=400), 9))

    assert isinstance(listing((NOW - timedelta(minutes=5)).isoformat(), date=NOW), Suspects)


@pytest.mark.parametrize(
    ("made", "is_suspect"),
    [
        (SENT.isoformat(), True),
        (SENT.replace(tzinfo=None).isoformat(), True),
        (int(SENT.timestamp() * 1000), True),
        (SENT.timestamp() * 1000, True),
        (str(int(SENT.timestamp() * 1000)), True),
        ((SENT - timedelta(days=2)).isoformat(), False),
        (int((SENT - timedelta(days=2)).timestamp() * 1000), False),
        (int(SENT.timestamp()), True),
        (None, True),
        ("", True),
        ("yesterday", True),
        ("0000-00-00T00:00:00Z", True),
        (0, True),
        (-1, True),
        (10**30, True),
        (10**400, True),
        (True, True),
        ({"seconds": 1}, True),
        ([SENT.isoformat()], True),
        ("9999-12-31T23:59:59+00:00", True),
    ],
)
def test_f_T05_times_of_jobs_in_any_form(made: Any, *, is_suspect: bool):
    """Only a time that can be read and is old enough clears a job; nothing breaks the listing."""
    found = listing(made)

    assert isinstance(found, Suspects if is_suspect else Absent)


# -- T04 ----------------------------------------------------------------------


@pytest.mark.parametrize(
    ("zone", "start", "before", "after"),
    [
        ("Europe/Berlin", datetime(2026, 3, 29, 0, 59, tzinfo=UTC), "2026-03-29 01:59", "2026-03-29 03:0"),
        ("Europe/Berlin", datetime(2026, 10, 25, 0, 59, tzinfo=UTC), "2026-10-25 02:59", "2026-10-25 02:0"),
        ("Asia/Kathmandu", datetime(2026, 6, 1, 18, 14, tzinfo=UTC), "2026-06-01 23:59", "2026-06-02 00:0"),
    ],
)
def test_f_T04_times_on_both_sides_of_a_change(
    world: World, monkeypatch: pytest.MonkeyPatch, zone: str, start: datetime, before: str, after: str
):
    """People read their own wall's time; the journal keeps UTC, and the gap and the overlap change no wait."""
    monkeypatch.setattr(type(world.sheet), "zone", property(lambda _: ZoneInfo(zone)))
    world.clock.jump((start - world.clock.now()).total_seconds())
    world.add("Spring")
    began = world.clock.monotonic()
    world.approve("Spring")
    world.wait(50)
    world.service.finish()
    world.wait(20)
    [done] = world.intents()
    writes = world.sheet.writes
    world.restart()
    world.look()

    assert str(world.shown("Spring", "Submitted")).startswith(before)
    assert str(world.shown("Spring", "Finished")).startswith(after)
    assert done.sent_at is not None
    assert done.finished_at is not None
    assert (done.sent_at.utcoffset(), done.finished_at.utcoffset()) == (timedelta(0), timedelta(0))
    assert timedelta(0) < done.finished_at - done.sent_at < timedelta(minutes=2)
    assert world.clock.monotonic() - began < 120
    # The same cells again after a restart: nothing to write but that the robot lives.
    assert world.sheet.writes - writes <= 1

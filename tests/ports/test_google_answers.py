"""Every answer and every fault between gspread and Google becomes a Failure, after one request."""

from __future__ import annotations

import json
import socket
import threading
from collections.abc import Callable, Iterator
from datetime import UTC
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from types import SimpleNamespace

import pytest

from bot.adapters.google_account import GoogleSheets, SheetUnavailableError, connect
from bot.adapters.google_sheet import GoogleTab, Workbook, look_at
from bot.adapters.google_words import refusal
from bot.domain.control import Place
from bot.domain.failures import Failure, FailureClass
from bot.domain.ids import RecordId
from bot.planner.actions import BoardEdit, CellEdit
from bot.ports import Beside, Reading, Receipt, Target
from bot.sandbox.serve import SandboxServer
from bot.sandbox.sheets.tokens import write_service_account

EDIT = CellEdit(2, 3, "Done", RecordId("rdelta"))
TARGET = Target(4, (1, 2))
HTML = b"<html><body><h1>502. That's an error.</h1></body></html>"


def error(status: int) -> bytes:
    return json.dumps({"error": {"code": status, "message": "said", "status": "NO"}}).encode()


class ScriptedGoogle(ThreadingHTTPServer):
    """Answers every call alike, hands out tokens, and counts."""

    daemon_threads = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.status = 200
        self.body = b"{}"
        self.mood = "answers"
        self.token_status = 200
        self.calls = 0
        self.over = threading.Event()

    @property
    def base_url(self) -> str:
        return f"http://127.0.0.1:{self.server_address[1]}"


class _Handler(BaseHTTPRequestHandler):
    server: ScriptedGoogle

    def do_POST(self) -> None:
        self.rfile.read(int(self.headers.get("content-length", 0)))
        google = self.server
        if self.path == "/token":
            body = {"access_token": "t", "expires_in": 3600, "token_type": "Bearer"}
            if google.token_status != 200:
                body = {"error": "invalid_grant", "error_description": "Invalid JWT Signature."}
            self._answer(google.token_status, json.dumps(body).encode())
            return
        google.calls += 1
        match google.mood:
            case "hangs":
                google.over.wait(10)
                self.close_connection = True
            case "closes":
                self.close_connection = True
            case "cuts":
                self.send_response(200)
                self.send_header("content-length", "1000")
                self.end_headers()
                self.wfile.write(b'{"valueRanges":')
                self.close_connection = True
            case _:
                self._answer(google.status, google.body)

    do_GET = do_POST  # noqa: N815 - the handler's own spelling

    def _answer(self, status: int, body: bytes) -> None:
        self.send_response(status)
        self.send_header("content-type", "text/html" if body.startswith(b"<") else "application/json")
        self.send_header("content-length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_: object) -> None:
        """Nobody reads it."""


@pytest.fixture(scope="module")
def scripted() -> Iterator[ScriptedGoogle]:
    google = ScriptedGoogle()
    thread = threading.Thread(target=lambda: google.serve_forever(0.01))
    thread.start()
    yield google
    google.over.set()
    google.shutdown()
    thread.join()
    google.server_close()


@pytest.fixture(scope="module")
def key_file(scripted: ScriptedGoogle, tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write_service_account(tmp_path_factory.mktemp("scripted"), scripted.base_url)


@pytest.fixture
def google(scripted: ScriptedGoogle) -> ScriptedGoogle:
    """In a good mood again for every test."""
    scripted.status, scripted.body, scripted.mood, scripted.token_status = 200, b"{}", "answers", 200
    scripted.calls = 0
    return scripted


@pytest.fixture
def client(google: ScriptedGoogle, key_file: Path) -> Iterator[GoogleSheets]:
    client = connect(key_file, google.base_url, timeout=(0.3, 0.3))
    yield client
    client.close()


@pytest.fixture
def tab(client: GoogleSheets) -> GoogleTab:
    return GoogleTab(client, Workbook("book", "Book", UTC, "en_US", {"Videos": 0, "Control": 1}), "Videos")


def read(tab: GoogleTab) -> object:
    return tab.read()


def write(tab: GoogleTab) -> object:
    return tab.write([EDIT], TARGET, Beside([BoardEdit(Place(1, 0), "working")]))


Call = Callable[[GoogleTab], object]
BOTH = pytest.mark.parametrize("call", [read, write])


@BOTH
@pytest.mark.parametrize(
    ("status", "body", "kind"),
    [
        (429, error(429), FailureClass.THROTTLED),
        (500, error(500), FailureClass.TRANSIENT),
        (502, HTML, FailureClass.TRANSIENT),
        (503, error(503), FailureClass.TRANSIENT),
        (504, b"", FailureClass.TRANSIENT),
        (403, error(403), FailureClass.DENIED),
        (403, HTML, FailureClass.DENIED),
        (404, error(404), FailureClass.REJECTED),
        (404, HTML, FailureClass.REJECTED),
        (400, error(400), FailureClass.REJECTED),
        (400, b'{"error":"text"}', FailureClass.MALFORMED),
        (403, b'{"error":{"reason":"a proxy"}}', FailureClass.MALFORMED),
        (200, HTML, FailureClass.MALFORMED),
        (200, b"", FailureClass.MALFORMED),
        (200, b"[]", FailureClass.MALFORMED),
        (200, b'{"valueRanges":', FailureClass.MALFORMED),
    ],
)
def test_answer_becomes_a_failure_after_one_request(
    google: ScriptedGoogle, tab: GoogleTab, call: Call, status: int, body: bytes, kind: FailureClass
):
    """Sorted by what may be done; nothing is tried again below the tick.

    After a refusal the list of tabs is asked for: it may be that one was deleted.
    """
    google.status, google.body = status, body
    answer = call(tab)

    assert isinstance(answer, Failure), answer
    assert answer.kind is kind
    assert google.calls == (2 if kind is FailureClass.REJECTED else 1)


@BOTH
@pytest.mark.parametrize("mood", ["hangs", "closes", "cuts"])
def test_broken_connection_is_transient(google: ScriptedGoogle, tab: GoogleTab, call: Call, mood: str):
    """Silence, a closed connection, half an answer: the next tick looks again."""
    google.mood = mood
    answer = call(tab)

    assert isinstance(answer, Failure), answer
    assert answer.kind is FailureClass.TRANSIENT
    assert google.calls == 1


@pytest.mark.parametrize(
    "body",
    [
        b"{}",
        b'{"valueRanges":[]}',
        b'{"valueRanges":null}',
        b'{"valueRanges":[{"valueRange":{"values":[["x"]]}}]}',
        b'{"valueRanges":[{"valueRange":"x"}]}',
    ],
)
def test_reading_without_a_range_is_malformed(google: ScriptedGoogle, tab: GoogleTab, body: bytes):
    """An answer of another shape is no empty sheet."""
    google.body = body
    answer = tab.read()

    assert isinstance(answer, Failure), answer
    assert answer.kind is FailureClass.MALFORMED


@BOTH
def test_nobody_listens(tab: GoogleTab, client: GoogleSheets, call: Call):
    """A refused connection is transient, and its words hold no address."""
    with socket.socket() as bound:
        bound.bind(("127.0.0.1", 0))
        gone = connect(None, f"http://127.0.0.1:{bound.getsockname()[1]}", anonymous=True)
        answer = call(GoogleTab(gone, Workbook("book", "Book", UTC, "en_US", {"Videos": 0}), "Videos"))

    assert isinstance(answer, Failure), answer
    assert answer.kind is FailureClass.TRANSIENT
    assert "127.0.0.1" not in answer.detail


@BOTH
def test_refused_account_is_denied(google: ScriptedGoogle, tab: GoogleTab, call: Call):
    """The token exchange says no: the operator acts, the sheet is not even asked."""
    google.token_status = 400
    answer = call(tab)

    assert isinstance(answer, Failure), answer
    assert answer.kind is FailureClass.DENIED
    assert google.calls == 0


@BOTH
def test_token_that_is_no_longer_good(google: ScriptedGoogle, tab: GoogleTab, call: Call):
    """401 after a refresh, too, is a matter for the operator; the refreshes are bounded."""
    google.status, google.body = 401, error(401)
    answer = call(tab)

    assert isinstance(answer, Failure), answer
    assert answer.kind is FailureClass.DENIED
    assert google.calls <= 3


def test_write_without_an_answer_to_check_claims_nothing(google: ScriptedGoogle, tab: GoogleTab):
    """An answer that brings no ids back proves neither a move nor an empty box."""
    assert tab.write([EDIT], TARGET) == Receipt((), frozenset())


def test_unshared_spreadsheet_names_the_address_to_share_with(google: ScriptedGoogle, client: GoogleSheets):
    """The fix is in the message."""
    google.status, google.body = 403, error(403)
    with pytest.raises(SheetUnavailableError, match=r"robot@sandbox\.iam\.gserviceaccount\.com"):
        look_at(client, "book")


@pytest.mark.parametrize("content", [None, b"", b"{}", b"no json", b'{"type":"service_account"}'])
def test_unusable_credentials_are_said_before_anything_is_asked(tmp_path: Path, content: bytes | None):
    """Missing, empty or wrong: a sentence for the operator."""
    path = tmp_path / "key.json"
    if content is not None:
        path.write_bytes(content)
    with pytest.raises(SheetUnavailableError, match="credentials"):
        connect(path, "http://127.0.0.1:1")


# -- where it connects to -----------------------------------------------------


def test_no_connection_leaves_this_machine(
    server: SandboxServer, account_file: Path, monkeypatch: pytest.MonkeyPatch
):
    """A read and a write with a service account ask no other host, not even in the background."""
    contacted: set[object] = set()
    asked_for: set[object] = set()
    connect_socket, resolve = socket.socket.connect, socket.getaddrinfo

    def spy_connect(self: socket.socket, address: object) -> None:
        contacted.add(address[0] if isinstance(address, tuple) else address)
        connect_socket(self, address)

    def spy_resolve(host: object, *given: object, **named: object) -> object:
        asked_for.add(host)
        return resolve(host, *given, **named)

    monkeypatch.setattr(socket.socket, "connect", spy_connect)
    monkeypatch.setattr(socket, "getaddrinfo", spy_resolve)
    threads = set(threading.enumerate())
    key = server.sandbox.sheets.create_workbook("Book", {"Videos": [["Headline"]], "Control": []})
    client = connect(account_file, server.base_url)
    tab = GoogleTab(client, look_at(client, key), "Videos")
    reading, receipt = tab.read(), tab.write([CellEdit(2, 0, "Spring", None)], Target(0, ()))
    for thread in set(threading.enumerate()) - threads:
        thread.join(2)
    client.close()

    assert isinstance(reading, Reading)
    assert isinstance(receipt, Receipt)
    assert contacted == {"127.0.0.1"}
    assert asked_for <= {"127.0.0.1"}


def test_whoever_quotes_google_ends_the_sentence():
    """Its own full stop stands in nobody's way."""
    answer = SimpleNamespace(status_code=503, headers={})
    failure = refusal(answer, {"message": "The service is currently unavailable."}, None)

    assert failure.detail == "Google answered 503: The service is currently unavailable"

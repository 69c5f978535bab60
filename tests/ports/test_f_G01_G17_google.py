"""Google as a service that fails: every fault is one Failure, nothing is lost, nothing goes anywhere else."""

from __future__ import annotations

import contextlib
import gzip
import json
import socket
import threading
from collections.abc import Callable, Iterator
from datetime import UTC
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any, NamedTuple

import pytest
from fakes.clock import FakeClock
from fakes.raw_server import RawServer, answer, serving

from bot.adapters import google_connection, google_sheet
from bot.adapters.cell_requests import in_parts
from bot.adapters.google_account import GoogleSheets, SheetUnavailableError, connect
from bot.adapters.google_sheet import GoogleTab, Workbook, look_at
from bot.domain.control import Place
from bot.domain.failures import Failure, FailureClass, ProblemCode
from bot.domain.ids import RecordId
from bot.domain.pace import Pace, Quota
from bot.planner.actions import BoardEdit, CellEdit
from bot.ports import Beside, Reading, Receipt, Target
from bot.sandbox.serve import SandboxServer
from bot.sandbox.sheets.tokens import write_service_account

TARGET = Target(0, (1,))
BOOK = Workbook("book", "Book", UTC, "en_US", {"Videos": 0, "Control": 1, "Log": 780_001})
EDIT = CellEdit(2, 3, "Done", RecordId("rdelta"))
MALFORMED, TRANSIENT = FailureClass.MALFORMED, FailureClass.TRANSIENT


def tab_at(base_url: str, **how: Any) -> GoogleTab:
    return GoogleTab(connect(None, base_url, anonymous=True, **how), BOOK, "Videos")


def read(tab: GoogleTab) -> object:
    return tab.read()


def write(tab: GoogleTab) -> object:
    return tab.write([EDIT], TARGET, Beside([BoardEdit(Place(1, 0), "working")]))


BOTH = pytest.mark.parametrize("call", [read, write])
Call = Callable[[GoogleTab], object]


# -- G01: quotas --------------------------------------------------------------


def error(status: int, **more: object) -> bytes:
    return json.dumps({"error": {"code": status, "message": "said", "status": "NO", **more}}).encode()


@BOTH
@pytest.mark.parametrize(
    ("headers", "least", "most"),
    [((), 60, 75), (("Retry-After: 30",), 30, 45), (("Retry-After: -7",), 60, 75)],
)
def test_f_G01_refused_for_the_quota(call: Call, headers: tuple[str, ...], least: float, most: float):
    """One refusal, and nobody asks again before the next minute, spread a little; the other kind goes on."""
    with serving(lambda line, _: line.sendall(answer("429 Too Many", error(429), *headers))) as server:
        client = connect(None, server.base_url, anonymous=True)
        clock = FakeClock()
        client.monotonic = clock.monotonic
        tab = GoogleTab(client, BOOK, "Videos")
        first, second = call(tab), call(tab)
        asked = len(server.requests)
        pace, other = client.quota.reads, client.quota.writes
        if call is write:
            pace, other = other, pace
        wait = pace.wait(clock.monotonic())
        client.close()

    assert isinstance(first, Failure)
    assert isinstance(second, Failure)
    assert (first.kind, second.kind) == (FailureClass.THROTTLED, FailureClass.THROTTLED)
    assert asked == 1
    # Besides what Google named and the spread: the first call of an emptied bucket.
    assert least <= wait <= most + 2
    assert other.wait(clock.monotonic()) == 0


@BOTH
def test_f_G01_a_quota_told_as_403(call: Call):
    """Google tells some quotas as a refusal of permission; the reason for machines says what it is."""
    details = [{"@type": "type.googleapis.com/google.rpc.ErrorInfo", "reason": "RATE_LIMIT_EXCEEDED"}]
    with serving(lambda line, _: line.sendall(answer("403 No", error(403, details=details)))) as server:
        said = call(tab_at(server.base_url))

    assert isinstance(said, Failure)
    assert said.kind is FailureClass.THROTTLED


def test_f_G01_robot_stays_below_the_quota_of_a_real_minute(server: SandboxServer):
    """As many tabs as one likes: what would be too much is never asked."""
    client = connect(None, "http://127.0.0.1:9", anonymous=True)
    clock = FakeClock()
    client.monotonic = clock.monotonic
    asked = 0
    for _ in range(600):
        said = client.request("get", "book", None, None)
        asked += isinstance(said, Failure) and said.kind is not FailureClass.THROTTLED
        clock.advance(0.1)

    assert 50 <= asked < 60


# -- G02, G04: bad answers ----------------------------------------------------


@BOTH
@pytest.mark.parametrize("status", [500, 502, 503, 504])
def test_f_G02_trouble_at_google(call: Call, status: int):
    """Asked once; the next tick looks again."""
    with serving(lambda line, _: line.sendall(answer(f"{status} Trouble", b"<html>", "X: y"))) as server:
        said = call(tab_at(server.base_url))
        asked = len(server.requests)

    assert isinstance(said, Failure)
    assert said.kind is TRANSIENT
    assert asked == 1


_DEEP = b'{"valueRanges":' + b"[" * 200_000


@BOTH
@pytest.mark.parametrize(
    "body",
    [b"<html>", b"", b'{"valueRanges":[{', b"[]", b"\xff\xfe\x00", _DEEP, b'{"a":' + b"9" * 10_000 + b"}"],
    ids=["page", "empty", "cut", "list", "bytes", "deep", "number"],
)
def test_f_G04_unreadable_answer(call: Call, body: bytes):
    """Rejected whole, whatever it is."""
    with serving(lambda line, _: line.sendall(answer("200 OK", body))) as server:
        said = call(tab_at(server.base_url))

    assert isinstance(said, Failure)
    assert said.kind is MALFORMED


def test_f_G04_half_a_character_is_no_unreadable_answer():
    """Somebody's broken paste, spelled as JSON allows it: the row is judged, the tab goes on."""
    values = b'{"range": "Videos!A1:B2", "values": [["Headline"], ["half \\ud83d"]]}'
    body = b'{"valueRanges":[{"valueRange":' + values + b',"dataFilters":[{"gridRange":{}}]}]}'
    with serving(lambda line, _: line.sendall(answer("200 OK", body))) as server:
        said = tab_at(server.base_url).read()

    assert isinstance(said, Reading)
    assert said.values[1] == ["half \ud83d"]


@pytest.mark.parametrize("is_packed", [False, True])
def test_f_G04_huge_answer_is_not_taken_in(monkeypatch: pytest.MonkeyPatch, is_packed: bool):
    """Reading stops at the bound, also when a small answer unpacks into a large one."""
    monkeypatch.setattr(google_connection, "LONGEST_ANSWER", 1_000_000)
    body, headers = b" " * 3_000_000, ()
    if is_packed:
        body, headers = gzip.compress(body), ("Content-Encoding: gzip",)

    def script(line: socket.socket, _: bytes) -> None:
        with contextlib.suppress(OSError):
            line.sendall(answer("200 OK", body, *headers))

    with serving(script) as server:
        said = tab_at(server.base_url).read()

    assert isinstance(said, Failure)
    assert said.kind is MALFORMED
    assert "too large" in said.detail


# -- G03, G05: no answer ------------------------------------------------------


@BOTH
def test_f_G03_connection_ends_without_an_answer(call: Call):
    """Nobody knows whether a write was applied: the next read compares."""
    with serving(lambda line, _: line.close() or "closed") as server:
        said = call(tab_at(server.base_url))
        asked = len(server.requests)

    assert isinstance(said, Failure)
    assert said.kind is TRANSIENT
    assert asked == 1


def trickle(server_over: Callable[[], threading.Event], head: bool) -> Callable[[socket.socket, bytes], str]:
    """One byte after the other, never silent for long: of the head, or of the body."""

    def script(line: socket.socket, _: bytes) -> str:
        if not head:
            line.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: 100000\r\n\r\n")
        else:
            line.sendall(b"HTTP/1.1 200 OK\r\nX: ")
        with contextlib.suppress(OSError):
            while not server_over().wait(0.02):
                line.sendall(b" ")
        return "over"

    return script


@BOTH
@pytest.mark.parametrize("head", [True, False], ids=["head", "body"])
def test_f_G05_answer_that_trickles_in_is_cut(call: Call, head: bool):
    """The limit is for the whole request, not for the silence between two bytes."""
    running: list[RawServer] = []
    with serving(trickle(lambda: running[0].is_over, head)) as server:
        running.append(server)
        said = call(tab_at(server.base_url, timeout=(1.0, 5.0), seconds=0.3))

    assert isinstance(said, Failure)
    assert said.kind is TRANSIENT
    assert "within" in said.detail


def test_f_G05_the_own_limit_is_shorter_than_google_s():
    """Google gives up after 180 seconds; a reading that old could not be acted upon anyway."""
    client = connect(None, "http://127.0.0.1:9", anonymous=True)

    assert client._seconds < 120


# -- G07: the account ---------------------------------------------------------


@pytest.fixture
def account(
    server: SandboxServer, account_file: Path
) -> Iterator[tuple[SandboxServer, GoogleTab, GoogleSheets]]:
    """A tab of the stand-in, whose token endpoint and tokens are real."""
    key = server.sandbox.sheets.create_workbook("Book", {"Videos": [["Headline"]], "Control": []})
    client = connect(account_file, server.base_url, quota=Quota(Pace(burst=1e9), Pace(burst=1e9)))
    yield server, GoogleTab(client, look_at(client, key), "Videos"), client
    server.sandbox.sheets.change(mishaps=[])
    client.close()


def test_f_G07_expired_token_is_renewed_at_once(account: tuple[SandboxServer, GoogleTab, GoogleSheets]):
    """401, one refresh, the same request again: nobody notices."""
    server, tab, _ = account
    server.sandbox.sheets.change(mishaps=[{"calls": "read", "answer": 401}])

    assert isinstance(tab.read(), Reading)


def test_f_G07_refreshed_once(account: tuple[SandboxServer, GoogleTab, GoogleSheets]):
    """A second 401 is a matter for the operator."""
    server, tab, _ = account
    server.sandbox.sheets.change(mishaps=[{"calls": "read", "answer": 401, "times": 3}])
    said = tab.read()
    left = server.sandbox.sheets.faults.now.mishaps

    assert isinstance(said, Failure)
    assert (said.kind, said.code) == (FailureClass.DENIED, ProblemCode.AUTH)
    assert [one.times for one in left] == [1]


def test_f_G07_deleted_key_is_told_and_it_resumes(account: tuple[SandboxServer, GoogleTab, GoogleSheets]):
    """The exchange refuses: words for the operator, and the first good answer ends it."""
    server, tab, _ = account
    server.sandbox.sheets.change(
        mishaps=[{"calls": "read", "answer": 401, "times": 2}, {"calls": "token", "answer": 400, "times": 2}]
    )
    said = [tab.read(), tab.read()]
    server.sandbox.sheets.change(mishaps=[])
    after = tab.read()

    for one in said:
        assert isinstance(one, Failure)
        assert (one.kind, one.code) == (FailureClass.DENIED, ProblemCode.AUTH)
        assert "key was not deleted" in one.detail
    assert isinstance(after, Reading)


@pytest.mark.parametrize(
    ("reason", "words"),
    [
        ("ACCESS_TOKEN_SCOPE_INSUFFICIENT", "no right to use Sheets"),
        ("SERVICE_DISABLED", "Sheets API is not enabled"),
        ("IAM_PERMISSION_DENIED", "Share it, as editor, with"),
    ],
)
def test_f_G07_scope_missing_and_api_off(reason: str, words: str):
    """Told apart from a sheet that is not shared, by the reason Google gives for machines."""
    details = [{"@type": "type.googleapis.com/google.rpc.ErrorInfo", "reason": reason}]
    with serving(lambda line, _: line.sendall(answer("403 No", error(403, details=details)))) as server:
        said = tab_at(server.base_url).read()

    assert isinstance(said, Failure)
    assert said.kind is FailureClass.DENIED
    assert words in said.detail


# -- G08: the spreadsheet -----------------------------------------------------


@pytest.mark.parametrize(
    ("status", "words"), [(403, "not shared with the robot"), (404, "deleted, is in the bin")]
)
def test_f_G08_unshared_or_gone(
    account: tuple[SandboxServer, GoogleTab, GoogleSheets], status: int, words: str
):
    """Told with the fix, and over by itself."""
    server, tab, _ = account
    server.sandbox.sheets.change(mishaps=[{"calls": "read", "answer": status, "times": 2}])
    said = tab.read()
    server.sandbox.sheets.change(mishaps=[])

    assert isinstance(said, Failure)
    assert words in said.detail
    assert isinstance(tab.read(), Reading)


def test_f_G08_excel_file_opened_in_drive():
    """It has an address like a spreadsheet's and is none."""
    body = json.dumps(
        {
            "error": {
                "code": 400,
                "message": "This operation is not supported for this document",
                "status": "FAILED_PRECONDITION",
            }
        }
    ).encode()
    with serving(lambda line, _: line.sendall(answer("400 Bad", body))) as server:
        client = connect(None, server.base_url, anonymous=True)
        with pytest.raises(SheetUnavailableError, match=r"Excel file opened in Drive.*Save as Google Sheets"):
            look_at(client, "book")


# -- G12, G13: a part of a write is refused -----------------------------------


class Spot(NamedTuple):
    """A cell of the workbook."""

    tab: int
    row: int
    column: int


class PickyGoogle(ThreadingHTTPServer):
    """Applies a batch whole or not at all; some cells it does not take."""

    daemon_threads = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _Picky)
        self.cells: dict[Spot, str] = {}
        self.refuses: Callable[[Spot], bool] = lambda _: False
        self.status = 400
        self.writes = 0
        self.largest = 0


class _Picky(BaseHTTPRequestHandler):
    server: PickyGoogle

    def do_GET(self) -> None:
        tabs = [{"properties": {"title": title, "sheetId": tab}} for title, tab in BOOK.tabs.items()]
        self._answer(200, {"properties": {"title": "Book"}, "sheets": tabs})

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["content-length"]))
        google = self.server
        google.writes += 1
        google.largest = max(google.largest, len(body))
        cells = {}
        for request in json.loads(body)["requests"]:
            wanted = request["updateCells"]
            area = wanted.get("range", {})
            corner = {"rowIndex": area.get("startRowIndex"), "columnIndex": area.get("startColumnIndex")}
            start = wanted.get("start") or {"sheetId": area["sheetId"], **corner}
            for down, row in enumerate(request["updateCells"]["rows"]):
                for right, cell in enumerate(row["values"]):
                    value = next(iter(cell.get("userEnteredValue", {"": ""}).values()))
                    place = Spot(start["sheetId"], start["rowIndex"] + 1 + down, start["columnIndex"] + right)
                    cells[place] = value
        if any(map(google.refuses, cells)):
            self._answer(
                google.status, {"error": {"code": google.status, "message": "protected", "status": "X"}}
            )
            return
        google.cells |= cells
        self._answer(200, {})

    def _answer(self, status: int, said: object) -> None:
        body = json.dumps(said).encode()
        self.send_response(status)
        self.send_header("content-length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_: object) -> None:
        """Nobody reads it."""


@pytest.fixture
def picky() -> Iterator[PickyGoogle]:
    google = PickyGoogle()
    thread = threading.Thread(target=lambda: google.serve_forever(0.01))
    thread.start()
    yield google
    google.shutdown()
    thread.join()
    google.server_close()


@pytest.fixture
def picky_tab(picky: PickyGoogle) -> GoogleTab:
    unlimited = Quota(Pace(burst=1e9), Pace(burst=1e9))
    return tab_at(f"http://127.0.0.1:{picky.server_address[1]}", quota=unlimited)


def column(number: int, rows: range, value: str = "x") -> list[CellEdit]:
    return [CellEdit(row, number, value, RecordId(f"r{row}")) for row in rows]


def written(picky: PickyGoogle, number: int) -> set[int]:
    return {place.row for place in picky.cells if (place.tab, place.column) == (0, number)}


def twice(tab: GoogleTab, edits: list[CellEdit], beside: Beside) -> Receipt:
    """A refused write, another look, and the next one."""
    assert isinstance(tab.write(edits, TARGET, beside), Failure)
    said = tab.write(edits, TARGET, beside)
    assert isinstance(said, Receipt), said
    return said


@pytest.mark.parametrize("status", [400, 403])
def test_f_G12_protected_column_is_left_out(picky: PickyGoogle, picky_tab: GoogleTab, status: int):
    """The others are written, the range is named, and it costs a handful of requests."""
    picky.status = status
    picky.refuses = lambda place: (place.tab, place.column) == (0, 6)
    edits = column(5, range(2, 202)) + column(6, range(2, 202)) + column(7, range(2, 202))
    said = twice(picky_tab, edits, Beside([BoardEdit(Place(1, 0), "working")]))
    asked = picky.writes
    again = picky_tab.write(edits, TARGET)

    assert [one.where for one in said.refused] == ['"Videos" G2:G201']
    assert said.refused[0].detail
    assert written(picky, 5) == written(picky, 7) == set(range(2, 202))
    assert written(picky, 6) == set()
    assert picky.cells[Spot(1, 1, 0)] == "working"
    assert asked <= 12
    # What is known to be refused does not stand in the way of the next write.
    assert picky.writes == asked + 1
    assert isinstance(again, Receipt)


@pytest.mark.parametrize(("tab", "title"), [(1, "Control"), (780_001, "Log")])
def test_f_G12_protected_tab_beside(picky: PickyGoogle, picky_tab: GoogleTab, tab: int, title: str):
    """Somebody protects Control or the Log: the rows are written."""
    picky.refuses = lambda place: place.tab == tab
    said = twice(picky_tab, column(5, range(2, 9)), Beside([BoardEdit(Place(1, 0), "working")], [["line"]]))

    assert [one.where for one in said.refused] == [f'"{title}"']
    assert written(picky, 5) == set(range(2, 9))


def test_f_G12_protection_that_is_lifted(picky: PickyGoogle, picky_tab: GoogleTab):
    """After some minutes it is tried again."""
    clock = FakeClock()
    picky_tab._sheets.monotonic = clock.monotonic
    picky.refuses = lambda place: place.column == 6
    edits = column(5, range(2, 9)) + column(6, range(2, 9))
    twice(picky_tab, edits, Beside())
    picky.refuses = lambda _: False
    clock.advance(300)
    said = picky_tab.write(edits, TARGET)

    assert said == Receipt((), frozenset())
    assert written(picky, 6) == set(range(2, 9))


def test_f_G12_robot_that_may_only_look(picky: PickyGoogle, picky_tab: GoogleTab):
    """Nothing at all may be written: that is said as what it is, with the fix."""
    picky.status, picky.refuses = 403, lambda _: True
    said = [picky_tab.write([EDIT], TARGET, Beside([BoardEdit(Place(1, 0), "x")])) for _ in range(3)]

    for one in said:
        assert isinstance(one, Failure)
        assert "as editor" in one.detail


@pytest.mark.parametrize("poison", [2, 77, 501])
def test_f_G13_one_bad_cell_is_isolated(picky: PickyGoogle, picky_tab: GoogleTab, poison: int):
    """Five hundred rows: the one row is named, all others are written, within a few dozen requests."""
    picky.refuses = lambda place: (place.row, place.column) == (poison, 5)
    edits = column(5, range(2, 502)) + column(6, range(2, 502))
    said = twice(picky_tab, edits, Beside())

    assert [one.where for one in said.refused] == [f'"Videos" F{poison}']
    assert written(picky, 5) == set(range(2, 502)) - {poison}
    assert written(picky, 6) == set(range(2, 502))
    assert picky.writes <= 30


def test_f_G13_real_limit_of_a_cell(server: SandboxServer, google: GoogleSheets):
    """The stand-in refuses more than 50,000 characters, as Google does: the neighbour is written."""
    key = server.sandbox.sheets.create_workbook("Book", {"Videos": [["Row ID", "Approve", "Status"]]})
    tab = GoogleTab(google, look_at(google, key), "Videos")
    edits = [CellEdit(2, 2, "x" * 50_001, None), CellEdit(3, 2, "Done", None)]
    said = twice(tab, edits, Beside())
    reading = tab.read()

    assert [one.where for one in said.refused] == ['"Videos" C2']
    assert isinstance(reading, Reading)
    assert reading.values[2] == ["", "", "Done"]


def test_f_G13_no_write_is_sifted_beyond_the_quota(picky: PickyGoogle, picky_tab: GoogleTab):
    """The search stops when the account has no call left, and goes on where it was."""
    clock = FakeClock()
    sheets = picky_tab._sheets
    sheets.monotonic, sheets.quota = clock.monotonic, Quota(Pace(burst=1e9), Pace())
    picky.refuses = lambda place: place.row == 77
    edits = column(5, range(2, 202)) + column(6, range(2, 202))
    for _ in range(12):
        left = [edit for edit in edits if edit.row_number not in written(picky, edit.column)]
        said = picky_tab.write(left, TARGET)
        clock.advance(10)

    assert isinstance(said, Receipt)
    assert [one.where for one in said.refused] == ['"Videos" F77', '"Videos" G77']
    assert written(picky, 5) == written(picky, 6) == set(range(2, 202)) - {77}


# -- G15, G16 -----------------------------------------------------------------


def test_f_G15_large_write_is_cut(picky: PickyGoogle, picky_tab: GoogleTab):
    """A first look at very many rows: no body above 1.5 MB, whatever the text is made of."""
    edits = [edit for at in (5, 6) for edit in column(at, range(2, 4002), "👩‍👧 " * 12)]
    said = picky_tab.write(edits, TARGET)

    assert said == Receipt((), frozenset())
    assert written(picky, 6) == set(range(2, 4002))
    assert 1_000_000 < picky.largest < 1_510_000


def test_f_G15_parts_are_made_as_they_are_written(
    picky: PickyGoogle, picky_tab: GoogleTab, monkeypatch: pytest.MonkeyPatch
):
    """A first look at 50,000 rows writes many parts: never are they all in memory at once."""
    ahead: list[int] = []

    def counted(*given: Any) -> Iterator[Any]:
        for number, part in enumerate(in_parts(*given, most=2_000), start=1):
            ahead.append(number - picky.writes)
            yield part

    monkeypatch.setattr(google_sheet, "in_parts", counted)
    picky_tab.write(column(5, range(2, 302)), TARGET)

    assert picky.writes == len(ahead) > 10
    assert max(ahead) <= 2


def test_f_G15_what_the_quota_leaves_over_is_told(picky: PickyGoogle, picky_tab: GoogleTab):
    """More requests than may be made at once: what is written is written, and when the rest may follow is said."""
    sheets = picky_tab._sheets
    sheets.monotonic, sheets.quota = FakeClock().monotonic, Quota(Pace(), Pace(burst=2))
    said = picky_tab.write(column(5, range(2, 9002), "x" * 300), TARGET)

    assert isinstance(said, Receipt)
    assert said.rest_in is not None
    assert 0 < said.rest_in < 5
    assert picky.writes == 2


def test_f_G15_parts_hold_every_edit_once():
    """Nothing is lost where a write is cut."""
    edits = column(5, range(2, 300)) + column(7, range(2, 300))
    parts = list(in_parts(0, edits, most=2000))
    carried = [edit for _, part in parts for edit in part]

    assert len(parts) > 10
    assert sorted(carried, key=str) == sorted(edits, key=str)


def test_f_G15_no_row_is_cut_in_two():
    """The id beside a cell is written with it, or the answer would call the row a stranger."""
    edits = column(5, range(2, 300)) + column(7, range(2, 300))
    rows = [{edit.row_number for edit in part} for _, part in in_parts(0, edits, most=2000)]

    assert sum(map(len, rows)) == len(set().union(*rows)) == 298


def test_f_G15_rows_below_each_other_are_written_together():
    """One request for each block of cells, however many rows and gaps there are."""
    edits = column(5, range(2, 300)) + column(7, range(2, 150)) + column(7, range(151, 300))
    [(requests, _)] = in_parts(0, edits)
    blocks = [(one["updateCells"]["start"], len(one["updateCells"]["rows"])) for one in requests]

    assert [(start["rowIndex"], start["columnIndex"], rows) for start, rows in blocks] == [
        (1, 5, 298),
        (1, 7, 148),
        (150, 7, 149),
    ]


def test_f_G16_types_are_those_of_the_cells(server: SandboxServer, google: GoogleSheets):
    """One documented rendering: zeros in front, long digits and dates come as what they are."""
    row = ["007", 7, 7.5, True, "1e5", "12345678901234567890", "2026-03-02", ""]
    key = server.sandbox.sheets.create_workbook("Book", {"Videos": [row]})
    reading = GoogleTab(google, look_at(google, key), "Videos").read()

    assert isinstance(reading, Reading)
    assert [(value, type(value)) for value in reading.values[0]] == [(one, type(one)) for one in row[:-1]]


# -- G17: redirects -----------------------------------------------------------


@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
@pytest.mark.parametrize("at", ["read", "write", "token"])
def test_f_G17_redirect_is_not_followed(tmp_path: Path, status: int, at: str):
    """Neither the token nor what is written to the sheet goes to an address somebody else names."""
    elsewhere: list[bytes] = []
    with serving(lambda _, request: elsewhere.append(request)) as other:

        def script(line: socket.socket, request: bytes) -> None:
            moved = answer(f"{status} Moved", b"{}", f"Location: {other.base_url}/elsewhere")
            token = answer("200 OK", b'{"access_token":"secret","expires_in":3600,"token_type":"Bearer"}')
            is_token = request.startswith(b"POST /token")
            line.sendall(moved if is_token == (at == "token") else token)

        with serving(script) as server:
            client = connect(write_service_account(tmp_path, server.base_url), server.base_url)
            tab = GoogleTab(client, BOOK, "Videos")
            said = write(tab) if at == "write" else tab.read()
            client.close()

    assert isinstance(said, Failure), said
    assert elsewhere == []
    assert other.connections == 0

"""The stream of live changes and the page's grid read."""

from __future__ import annotations

import json
import threading
import time
from contextlib import contextmanager

import httpx
import pytest

from bot.sandbox.sheets import live
from bot.sandbox.sheets.service import SheetsOptions


class Listener:
    """Reads a stream in a thread; `next` waits for the next event."""

    def __init__(self, url, last=None):
        self.url = url
        self.headers = {} if last is None else {"Last-Event-ID": str(last)}
        self.events = []
        self.comments = []
        self.is_open = threading.Event()
        self.changed = threading.Condition()
        self.thread = threading.Thread(target=self.listen)
        self.client = httpx.Client(timeout=10)

    def listen(self):
        number = None
        with self.client.stream("GET", self.url, headers=self.headers) as response:
            for line in response.iter_lines():
                with self.changed:
                    if line.startswith(":"):
                        self.comments.append(line)
                        self.is_open.set()
                    elif line.startswith("id: "):
                        number = int(line[4:])
                    elif line.startswith("data: "):
                        event = json.loads(line[6:])
                        assert event["revision"] == number
                        self.events.append(event)
                    self.changed.notify_all()

    def next(self):
        with self.changed:
            assert self.changed.wait_for(lambda: self.events, 5), "no event came"
            return self.events.pop(0)


@contextmanager
def listening(server, book, last=None):
    listener = Listener(f"{server.base_url}/sandbox/sheets/{book}/events", last)
    listener.thread.start()
    assert listener.is_open.wait(5)
    try:
        yield listener
    finally:
        # Only the server ends a stream.
        server.sandbox.sheets.end_streams()
        listener.thread.join(5)
        listener.client.close()
    assert not listener.thread.is_alive()


@pytest.fixture
def own_server(serve):
    """A server of one's own: ending its streams disturbs nobody."""
    return serve(SheetsOptions(0, 0))


@pytest.fixture
def page(own_server):
    own_server.sandbox.sheets.create_workbook("B", {"A": [["a", 1], ["b", 2]], "Control": []}, "b")
    with httpx.Client(base_url=own_server.base_url) as client:
        yield client


def put(page, where, value, option="RAW"):
    answer = page.put(
        f"/v4/spreadsheets/b/values/{where}", params={"valueInputOption": option}, json={"values": [[value]]}
    )
    assert answer.status_code == 200, answer.text


def batch(page, **request):
    answer = page.post("/v4/spreadsheets/b:batchUpdate", json={"requests": [request]})
    assert answer.status_code == 200, answer.text


def test_a_write_tells_its_rows(own_server, page):
    """One event a write: the row's place, its key for life, and its cells."""
    with listening(own_server, "b") as listener:
        put(page, "B2", "x")
        event = listener.next()

    (sheet,) = event["sheets"]
    assert (sheet["sheetId"], "order" in sheet) == (0, False)
    (row,) = sheet["rows"]
    assert (row["index"], row["key"]) == (1, "k2")
    assert row["values"] == [{"userEnteredValue": {"stringValue": text}} for text in ("b", "x")]


def test_formulas_elsewhere_are_told_with_the_write(own_server, page):
    """A row that changes only because a formula does is in the same event."""
    put(page, "Control!A3", "=A!B1*10", "USER_ENTERED")
    with listening(own_server, "b") as listener:
        put(page, "B1", 7)
        event = listener.next()

    told = {sheet["sheetId"]: sheet["rows"] for sheet in event["sheets"]}
    assert [row["index"] for row in told[0]] == [0]
    assert told[1][0]["values"][0]["effectiveValue"] == {"numberValue": 70}


@pytest.mark.parametrize(
    "request_",
    [
        {"insertDimension": {"range": {"sheetId": 0, "dimension": "ROWS", "startIndex": 0, "endIndex": 1}}},
        {
            "sortRange": {
                "range": {"sheetId": 0},
                "sortSpecs": [{"dimensionIndex": 0, "sortOrder": "DESCENDING"}],
            }
        },
        {"addSheet": {"properties": {"title": "Log"}}},
        {"updateSheetProperties": {"properties": {"sheetId": 0, "title": "Z"}, "fields": "title"}},
    ],
)
def test_a_change_of_shape_tells_the_order_of_rows(own_server, page, request_):
    """Rows on the move and changes to tabs come with every row's key in order, and with the tab's settings."""
    with listening(own_server, "b") as listener:
        batch(page, **request_)
        event = listener.next()

    tab = own_server.sandbox.sheets.library.open("b").tabs[0]
    told = next(sheet for sheet in event["sheets"] if sheet["sheetId"] == 0)
    assert told["order"] == [f"k{row.key}" for row in tab.rows]
    assert told["properties"]["title"] == tab.title


FIRST = {"sheetId": 0, "startRowIndex": 0, "endRowIndex": 1, "startColumnIndex": 0, "endColumnIndex": 1}
PLACE = {"sheetId": 0, "rowIndex": 0, "columnIndex": 3}


@pytest.mark.parametrize(
    "request_",
    [
        {"insertRange": {"range": FIRST, "shiftDimension": "ROWS"}},
        {"deleteRange": {"range": FIRST, "shiftDimension": "COLUMNS"}},
        {"cutPaste": {"source": FIRST, "destination": PLACE}},
        {"pasteData": {"coordinate": PLACE, "data": "p,q\nr", "delimiter": ","}},
        {"autoFill": {"sourceAndDestination": {"source": FIRST, "dimension": "ROWS", "fillLength": 3}}},
        {"updateBorders": {"range": FIRST, "top": {"style": "SOLID"}}},
        {"deleteDuplicates": {"range": {"sheetId": 0}}},
        {"textToColumns": {"source": {**FIRST, "endRowIndex": 9}, "delimiterType": "COMMA"}},
        {"randomizeRange": {"range": {"sheetId": 0}}},
    ],
)
def test_a_page_that_follows_shows_what_a_fresh_one_does(own_server, page, request_):
    """Every row of the tab, laid over with what the event tells, is what a new read of the grid has."""
    put(page, "A3", "c,d")

    def shown():
        return page.get("/sandbox/sheets/b/grid", params={"sheetId": 0}).json()

    known = {row["key"]: row["values"] for row in shown()["rows"]}
    with listening(own_server, "b") as listener:
        batch(page, **request_)
        (told,) = listener.next()["sheets"]
    fresh = shown()

    known |= {row["key"]: row["values"] for row in told["rows"]}
    order = told.get("order") or [row["key"] for row in fresh["rows"]]
    assert [(key, known.get(key, [])) for key in order] == [
        (row["key"], row["values"]) for row in fresh["rows"]
    ]


def test_the_tabs_that_are_left_are_told(own_server, page):
    """Whoever shows one that is gone has to show another one."""
    with listening(own_server, "b") as listener:
        batch(page, deleteSheet={"sheetId": 1})
        event = listener.next()

    assert event["tabs"] == [0]


def test_a_look_is_told_once_for_all_cells_alike(own_server, page):
    """A thousand boxes name one style by number; what it is stands beside them, once."""
    area = {"sheetId": 0, "startColumnIndex": 2, "endColumnIndex": 3}
    batch(page, setDataValidation={"range": area, "rule": {"condition": {"type": "BOOLEAN"}}})
    told = page.get("/sandbox/sheets/b/grid?sheetId=0").json()

    (number,) = {cell["style"] for row in told["rows"] for cell in row["values"] if "style" in cell}
    assert told["styles"][str(number)]["dataValidation"]["condition"] == {"type": "BOOLEAN"}
    assert len(told["styles"]) == 1
    assert told["rows"][500]["values"] == [{}, {}, {"style": number}]


def test_keys_follow_rows(own_server, page):
    """After an insert above, the row's key is what it was."""
    start = {"sheetId": 0, "dimension": "ROWS", "startIndex": 0, "endIndex": 2}

    batch(page, insertDimension={"range": start})
    rows = httpx.get(f"{own_server.base_url}/sandbox/sheets/b/grid?sheetId=0&start=0&end=4").json()["rows"]

    assert [row["key"] for row in rows][2:] == ["k1", "k2"]
    assert rows[2]["values"][0]["userEnteredValue"] == {"stringValue": "a"}


def test_a_late_reader_catches_up(own_server, page):
    """With Last-Event-ID, what was missed comes folded into one event."""
    revision = own_server.sandbox.sheets.library.open("b").revision
    put(page, "A1", "one")
    put(page, "A1", "two")
    put(page, "A9", "nine")

    with listening(own_server, "b", revision) as listener:
        event = listener.next()

    assert event["revision"] == revision + 3
    assert [row["index"] for row in event["sheets"][0]["rows"]] == [0, 8]
    assert event["sheets"][0]["rows"][0]["values"][0]["userEnteredValue"] == {"stringValue": "two"}


@pytest.mark.parametrize("last", [0, 10_000])
def test_a_reader_from_another_time_reloads(own_server, page, last):
    """What is not remembered is not guessed."""
    own_server.sandbox.sheets.close()
    put(page, "A1", "x")

    with listening(own_server, "b", last) as listener:
        event = listener.next()

    assert event == {"revision": event["revision"], "reload": True}


def test_a_quiet_stream_is_kept_alive(own_server, page, monkeypatch):
    """A comment now and then, so that nobody takes the silence for an end."""
    monkeypatch.setattr(live, "KEEP_ALIVE_SECONDS", 0.05)
    with listening(own_server, "b") as listener, listener.changed:
        assert listener.changed.wait_for(lambda: ": still here" in listener.comments, 5)


def test_refused_writes_tell_nothing(own_server, page):
    """No revision, no event."""
    with listening(own_server, "b") as listener:
        assert page.post(
            "/v4/spreadsheets/b:batchUpdate", json={"requests": [{"deleteSheet": {"sheetId": 5}}]}
        ).is_error
        put(page, "A1", "after")
        event = listener.next()

    assert event["sheets"][0]["rows"][0]["values"][0]["userEnteredValue"] == {"stringValue": "after"}


def test_closing_the_server_ends_streams_at_once(serve):
    """Nothing waits for a browser tab that never hangs up."""
    server = serve(SheetsOptions())
    book = server.sandbox.sheets.create_workbook("B", {"A": []})
    listener = Listener(f"{server.base_url}/sandbox/sheets/{book}/events")
    listener.thread.start()
    assert listener.is_open.wait(5)

    begun = time.monotonic()
    server.close()
    listener.thread.join(5)
    listener.client.close()

    assert not listener.thread.is_alive()
    assert time.monotonic() - begun < 0.9


def test_clocks_in_the_sheet_move_on(own_server, page):
    """Where the file asks for it, NOW() is evaluated again without any write."""
    put(page, "A5", "=NOW()", "USER_ENTERED")
    sheets = own_server.sandbox.sheets
    before = sheets.library.open("b").tabs[0].rows[4].value(0)
    time.sleep(1.1)

    sheets.library.tick()
    idle = sheets.library.open("b").tabs[0].rows[4].value(0)
    fields = {"properties": {"autoRecalc": "MINUTE"}, "fields": "autoRecalc"}
    batch(page, updateSpreadsheetProperties=fields)
    time.sleep(1.1)
    at = sheets.library.open("b").tabs[0].rows[4].value(0)
    sheets.library.tick()

    assert idle == before
    assert sheets.library.open("b").tabs[0].rows[4].value(0) > at


def test_unknown_workbooks_have_no_stream(own_server):
    """404, not a stream that never speaks."""
    assert httpx.get(f"{own_server.base_url}/sandbox/sheets/none/events").status_code == 404


def test_a_deleted_workbook_ends_its_streams(own_server, page):
    """The reader is let go, and a new file under the same id starts afresh."""
    with listening(own_server, "b") as listener:
        page.delete("/drive/v3/files/b")
        listener.thread.join(5)

        assert not listener.thread.is_alive()
    own_server.sandbox.sheets.create_workbook("New", {"A": [["new"]]}, "b")
    assert page.get("/v4/spreadsheets/b/values/A1").json()["values"] == [["new"]]

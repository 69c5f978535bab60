"""The Sheets half told to misbehave, and what of it the real one leaves open."""

from __future__ import annotations

from datetime import UTC, datetime
from email.utils import parsedate_to_datetime

import httpx
import pytest

from bot.sandbox.sheets.service import SheetsOptions

BOX = {"condition": {"type": "BOOLEAN"}, "strict": True}
AREA = {"sheetId": 0, "startRowIndex": 0, "endRowIndex": 5, "startColumnIndex": 0, "endColumnIndex": 1}


@pytest.fixture
def start(serve):
    """Starts a server with these options and answers a client that knows its workbook `b`."""
    clients = []

    def started(**options):
        server = serve(SheetsOptions(0, 0, **options))
        server.sandbox.sheets.create_workbook("B", {"A": [["old"]]}, "b")
        clients.append(httpx.Client(base_url=server.base_url, timeout=2))
        return server.sandbox.sheets, clients[-1]

    yield started
    for client in clients:
        client.close()


def put(client, value, where="A1", option="RAW"):
    url = f"/v4/spreadsheets/b/values/{where}"
    return client.put(url, params={"valueInputOption": option}, json={"values": [[value]]})


def read(client, where="A1"):
    answer = client.get(
        f"/v4/spreadsheets/b/values/{where}", params={"valueRenderOption": "UNFORMATTED_VALUE"}
    )
    return answer.json().get("values")


@pytest.mark.parametrize(
    ("status", "word"),
    [
        (403, "PERMISSION_DENIED"),
        (404, "NOT_FOUND"),
        (429, "RESOURCE_EXHAUSTED"),
        (500, "INTERNAL"),
        (503, "UNAVAILABLE"),
    ],
)
def test_a_status_as_often_as_told(start, status, word):
    """Twice refused, then as before; nothing was written."""
    sheets, client = start()
    sheets.change(mishaps=[{"calls": "write", "answer": status, "times": 2}])

    answers = [put(client, "new") for _ in range(2)]

    assert [answer.status_code for answer in answers] == [status] * 2
    assert answers[0].json()["error"]["status"] == word
    assert read(client) == [["old"]]
    assert put(client, "new").status_code == 200


def test_a_gateway_answers_a_page(start):
    """502 is HTML, not JSON."""
    sheets, client = start()
    sheets.change(mishaps=[{"answer": 502}])

    answer = client.get("/v4/spreadsheets/b")

    assert answer.headers["content-type"] == "text/html"
    assert answer.text.startswith("<!DOCTYPE html>")


@pytest.mark.parametrize("answer", [503, "close", "reset", "half"])
def test_an_answer_can_be_lost_after_the_write(start, answer):
    """The client hears nothing good, the sheet has the value."""
    sheets, client = start()
    sheets.change(mishaps=[{"calls": "write", "answer": answer, "after_work": True}])

    try:
        heard = put(client, "new").status_code
    except httpx.TransportError:
        heard = None

    assert heard == (answer if answer == 503 else None)
    assert read(client) == [["new"]]


def test_a_broken_connection_before_the_write(start):
    """Reset at once: nothing was written."""
    sheets, client = start()
    sheets.change(mishaps=[{"calls": "write", "answer": "reset"}])

    with pytest.raises(httpx.TransportError):
        put(client, "new")
    assert read(client) == [["old"]]


def test_silence_until_the_client_gives_up(start):
    """A hanging call holds nobody else up."""
    sheets, client = start()
    sheets.change(mishaps=[{"calls": "read", "answer": "hang"}])

    with pytest.raises(httpx.ReadTimeout):
        client.get("/v4/spreadsheets/b", timeout=0.2)
    assert read(client) == [["old"]]


def test_a_200_that_is_no_json_and_a_redirect(start):
    """Any status with any body."""
    sheets, client = start()
    page = {"answer": 200, "body": "<html>Sign in</html>"}
    away = {"answer": 302, "location": "https://accounts.example.org/"}
    sheets.change(mishaps=[page, away])

    first, second = client.get("/v4/spreadsheets/b"), client.get("/v4/spreadsheets/b")

    assert (first.status_code, first.text) == (200, "<html>Sign in</html>")
    assert (second.status_code, second.headers["location"]) == (302, "https://accounts.example.org/")


def test_a_revoked_account(start):
    """The token endpoint refuses, in OAuth's shape."""
    sheets, client = start()
    sheets.change(mishaps=[{"calls": "token", "answer": 400}])

    assert client.post("/token").json()["error"] == "invalid_grant"
    assert sheets.faults.now.mishaps == ()


@pytest.mark.parametrize(
    ("access", "read_as", "written_as"),
    [
        ("open", (200, None), (200, None)),
        ("not_shared", (403, "PERMISSION_DENIED"), (403, "PERMISSION_DENIED")),
        ("viewer", (200, None), (403, "PERMISSION_DENIED")),
        ("office_file", (400, "FAILED_PRECONDITION"), (400, "FAILED_PRECONDITION")),
        ("api_disabled", (403, "PERMISSION_DENIED"), (403, "PERMISSION_DENIED")),
    ],
)
def test_a_client_that_is_not_let_in(start, access, read_as, written_as):
    """As long as the cause lasts, in Google's words; the page's own user keeps seeing the sheet."""
    sheets, client = start()
    sheets.change(access=access)
    answers = [client.get("/v4/spreadsheets/b/values/A1"), put(client, None)]
    page = client.get("/v4/spreadsheets/b/values/A1", headers={"Authorization": "Bearer page"})
    told = [(answer.status_code, answer.json().get("error", {}).get("status")) for answer in answers]

    assert told == [read_as, written_as]
    assert page.json()["values"] == [["old"]]
    assert ("SERVICE_DISABLED" in answers[0].text) is (access == "api_disabled")


def test_a_refused_account_gets_no_token(start):
    """A deleted key, as the token endpoint says it."""
    sheets, client = start()
    sheets.change(access="account_refused")
    answer = client.post("/token", data={"grant_type": "urn:ietf:params:oauth:grant-type:jwt-bearer"})

    assert answer.status_code == 400
    assert answer.json()["error_description"] == "Invalid grant: account not found"


@pytest.mark.parametrize("ahead", [0, 7200, -7200])
def test_a_clock_of_its_own(start, ahead):
    """Every answer is dated by it."""
    sheets, client = start()
    sheets.change(clock_ahead_seconds=ahead)
    said = parsedate_to_datetime(client.get("/v4/spreadsheets/b").headers["date"])

    assert abs((said - datetime.now(UTC)).total_seconds() - ahead) < 5


def test_faults_are_set_over_http(start):
    """PUT changes what it names; what is wrong changes nothing."""
    _, client = start()

    good = client.put("/sandbox/sheets/faults", json={"slow_seconds": 0.05})
    wrong = [
        client.put("/sandbox/sheets/faults", json=body)
        for body in ({"nonsense": 1}, {"mishaps": [{"answer": "explode"}]}, {"slow_seconds": -1})
    ]

    assert good.json() == {
        "mishaps": [],
        "hands": [],
        "slow_seconds": 0.05,
        "access": "open",
        "clock_ahead_seconds": 0.0,
    }
    assert [answer.status_code for answer in wrong] == [400] * 3
    assert client.get("/sandbox/sheets/faults").json() == good.json()
    assert client.get("/v4/spreadsheets/b").elapsed.total_seconds() >= 0.05


@pytest.mark.parametrize(("is_strict", "status"), [(True, 400), (False, 200)])
def test_strict_rules_may_hold_for_api_writes(start, is_strict, status):
    """A switch, since nothing says whether they do."""
    _, client = start(strict_validation=is_strict)
    rule = {"setDataValidation": {"range": AREA, "rule": BOX}}
    client.post("/v4/spreadsheets/b:batchUpdate", json={"requests": [rule]}).raise_for_status()

    assert put(client, "TRUE").status_code == status
    assert put(client, True).status_code == 200
    assert put(client, "TRUE", option="USER_ENTERED").status_code == 200


@pytest.mark.parametrize(("parses", "value"), [(True, 7), (False, "007")])
def test_find_replace_may_read_like_typing(start, parses, value):
    """A switch, since nothing says how the replacement is read."""
    _, client = start(find_replace_parses=parses)
    request = {"findReplace": {"find": "old", "replacement": "007", "allSheets": True}}
    client.post("/v4/spreadsheets/b:batchUpdate", json={"requests": [request]}).raise_for_status()

    assert read(client) == [[value]]


def test_pictures_may_read_as_something_else(start):
    """A switch, since nothing says what an IMAGE cell reads as."""
    _, client = start(image_reads_as="CellImage")
    put(client, '=IMAGE("https://example.org/a.png")', "A1", "USER_ENTERED")

    assert read(client) == [["CellImage"]]


@pytest.mark.parametrize(("as_write", "counted"), [(True, (0, 1)), (False, (1, 0))])
def test_a_post_that_reads_may_be_charged_either_way(start, as_write, counted):
    """A switch, since nothing says which quota it is charged to."""
    sheets, client = start(data_filter_reads_are_writes=as_write)
    body = {"dataFilters": [{"a1Range": "A1"}]}
    client.post("/v4/spreadsheets/b/values:batchGetByDataFilter", json=body).raise_for_status()

    assert (sheets.counts["anonymous"].reads, sheets.counts["anonymous"].writes) == counted


def test_somebody_s_hands_before_a_write(start):
    """Rows are moved right before the next write of cells on that tab, once; other calls wait for nothing."""
    sheets, client = start()
    moved = {
        "insertDimension": {"range": {"sheetId": 0, "dimension": "ROWS", "startIndex": 0, "endIndex": 1}}
    }
    client.put("/sandbox/sheets/faults", json={"hands": [{"requests": [moved]}]})
    cell = {"userEnteredValue": {"stringValue": "new"}}
    write = {"updateCells": {"start": {"sheetId": 0}, "rows": [{"values": [cell]}], "fields": "*"}}
    read(client)
    before = read(client)
    for _ in range(2):
        client.post("/v4/spreadsheets/b:batchUpdate", json={"requests": [write]}).raise_for_status()

    assert before == [["old"]]
    assert read(client, "A1:A9") == [["new"], ["old"]]
    assert sheets.faults.now.hands == ()


def test_somebody_s_hands_in_another_tab(start):
    """Writes elsewhere do not meet them."""
    sheets, client = start()
    sheets.change(hands=[{"sheet_id": 7, "requests": []}])
    write = {"updateCells": {"start": {"sheetId": 0}, "rows": [{"values": [{}]}], "fields": "*"}}
    client.post("/v4/spreadsheets/b:batchUpdate", json={"requests": [write]}).raise_for_status()

    assert len(sheets.faults.now.hands) == 1

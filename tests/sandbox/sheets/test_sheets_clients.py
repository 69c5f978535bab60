"""Clients nobody changed: gspread and google-api-python-client against the stand-in."""

from __future__ import annotations

import stat

import gspread
import pytest
from google.auth.credentials import AnonymousCredentials
from google.auth.exceptions import RefreshError
from google.auth.transport.requests import Request
from google.oauth2.service_account import Credentials
from googleapiclient.discovery import build
from googleapiclient.errors import HttpError
from gspread.cell import Cell
from gspread.utils import ValidationConditionType, ValueInputOption, ValueRenderOption

from bot.sandbox.sheets.tokens import write_service_account

SCOPES = ["https://www.googleapis.com/auth/spreadsheets", "https://www.googleapis.com/auth/drive"]


@pytest.fixture
def worksheet(gspread_client, book):
    return gspread_client.open_by_key(book.id).worksheet("Videos")


def test_a_service_account_signs_in(server, tmp_path, local_client):
    """The whole OAuth path: key file, signed claim, token, and the quota's user is the account."""
    path = write_service_account(tmp_path / "keys", server.base_url)
    client = gspread.service_account(filename=str(path), http_client=local_client)

    made = client.create("Signed in")

    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert client.open_by_key(made.id).title == "Signed in"
    assert server.sandbox.sheets.counts["robot@sandbox.iam.gserviceaccount.com"].reads >= 1


def test_gspread_reads_and_writes(worksheet):
    """update, get, row and column reads, cells, batch_get, batch_update."""
    worksheet.update([["Name", "Price"], ["Amira", 9.5], ["Ben", True]], "A1")
    worksheet.update_acell("C2", "=B2*2")
    worksheet.batch_update([{"range": "D1:D2", "values": [["x"], ["y"]]}])
    worksheet.update_cells([Cell(5, 1, "five"), Cell(5, 2, 5)])

    assert worksheet.get_all_values() == [
        ["Name", "Price", "", "x"],
        ["Amira", "9.5", "19", "y"],
        ["Ben", "TRUE", "", ""],
        ["", "", "", ""],
        ["five", "5", "", ""],
    ]
    assert worksheet.row_values(2) == ["Amira", "9.5", "19", "y"]
    assert worksheet.col_values(1) == ["Name", "Amira", "Ben", "", "five"]
    assert worksheet.acell("C2", ValueRenderOption.formula).value == "=B2*2"
    assert worksheet.batch_get(["A1:A2", "B3"]) == [[["Name"], ["Amira"]], [["TRUE"]]]
    assert worksheet.find("Ben").address == "A3"
    assert worksheet.get("B2:B3", value_render_option=ValueRenderOption.unformatted) == [[9.5], [True]]


def test_gspread_appends_and_inserts(worksheet):
    """append_rows, insert_rows, delete_rows, clear, batch_clear, resize."""
    worksheet.append_rows([["a", 1], ["b", 2]])
    worksheet.append_row(["c", "=1+2"], value_input_option=ValueInputOption.user_entered)
    worksheet.insert_rows([["top", 0]], row=1)
    worksheet.delete_rows(2)
    worksheet.resize(rows=20, cols=5)

    assert worksheet.get_all_values() == [["top", "0"], ["b", "2"], ["c", "3"]]
    worksheet.batch_clear(["A1"])
    assert worksheet.get_all_values() == [["", "0"], ["b", "2"], ["c", "3"]]
    worksheet.clear()
    assert worksheet.get_all_values() == [[]]


def test_gspread_sorts_formats_and_freezes(worksheet):
    """sort, format, freeze, notes, validation, column hiding."""
    worksheet.update([["h"], ["b"], ["a"]], "A1")
    worksheet.freeze(rows=1)
    worksheet.sort((1, "asc"), range="A2:A3")
    worksheet.format(
        "A1", {"textFormat": {"bold": True}, "backgroundColor": {"red": 1, "green": 0, "blue": 0}}
    )
    worksheet.update_note("A1", "Filled in by the video robot.")
    worksheet.add_validation("B2:B3", ValidationConditionType.boolean, [], showCustomUi=True)
    worksheet.hide_columns(2, 3)

    assert worksheet.col_values(1) == ["h", "a", "b"]
    assert worksheet.get_note("A1") == "Filled in by the video robot."
    assert worksheet.spreadsheet.worksheet("Videos").frozen_row_count == 1


def test_gspread_handles_tabs(gspread_client, book):
    """add_worksheet, worksheets, update_title, index, hide, del_worksheet."""
    sheet = gspread_client.open_by_key(book.id)
    log = sheet.add_worksheet("Log", rows=10, cols=3)
    log.update_title("Diary")
    log.update_index(0)
    sheet.worksheet("My Tab").hide()

    assert [(tab.title, tab.isSheetHidden) for tab in sheet.worksheets()] == [
        ("Diary", False),
        ("Videos", False),
        ("My Tab", True),
    ]
    assert (log.row_count, log.col_count) == (10, 3)
    sheet.del_worksheet(log)
    assert [tab.title for tab in sheet.worksheets()] == ["Videos", "My Tab"]


def test_gspread_finds_and_removes_files(gspread_client):
    """create, open by title, list, delete through Drive."""
    made = gspread_client.create("It's a test")
    gspread_client.create("Another")

    assert gspread_client.open("It's a test").id == made.id
    assert {"It's a test", "Another"} <= {file["name"] for file in gspread_client.list_spreadsheet_files()}
    assert made.get_lastUpdateTime().endswith("Z")
    gspread_client.del_spreadsheet(made.id)
    with pytest.raises(gspread.SpreadsheetNotFound):
        gspread_client.open_by_key(made.id)


def test_gspread_understands_refusals(worksheet):
    """An error body gspread can read."""
    with pytest.raises(gspread.exceptions.APIError) as caught:
        worksheet.update([["x"]], "A2000")

    assert caught.value.code == 400
    assert "exceeds grid limits" in caught.value.error["message"]


# ---------------------------------------------------------------- google-api-python-client


@pytest.fixture
def google(server):
    options = {"api_endpoint": server.base_url}
    with build(
        "sheets", "v4", credentials=AnonymousCredentials(), static_discovery=True, client_options=options
    ) as service:
        yield service.spreadsheets()


def test_google_client_creates_reads_and_writes(google):
    """Every values method, with the client's own encoding of ranges."""
    made = google.create(body={"properties": {"title": "Made"}, "sheets": [{"properties": {"title": "A b"}}]})
    book = made.execute()["spreadsheetId"]
    values = google.values()
    where = {"spreadsheetId": book, "range": "'A b'!A1:B2"}

    values.update(**where, valueInputOption="RAW", body={"values": [["a", 1], ["b", True]]}).execute()
    values.append(
        spreadsheetId=book,
        range="'A b'!A1",
        valueInputOption="USER_ENTERED",
        insertDataOption="INSERT_ROWS",
        body={"values": [["c", "=B1+1"]]},
    ).execute()
    got = values.batchGet(
        spreadsheetId=book, ranges=["'A b'!A:A", "'A b'!B3"], valueRenderOption="UNFORMATTED_VALUE"
    ).execute()
    filtered = values.batchGetByDataFilter(
        spreadsheetId=book, body={"dataFilters": [{"gridRange": {"endRowIndex": 1}}]}
    )

    assert [each["values"] for each in got["valueRanges"]] == [[["a"], ["b"], ["c"]], [[2]]]
    with pytest.raises(HttpError) as refused:
        filtered.execute()
    assert "No grid with id: 0" in refused.value.reason
    values.batchClear(spreadsheetId=book, body={"ranges": ["'A b'!A1:A2"]}).execute()
    values.clear(spreadsheetId=book, range="'A b'!B1:B2").execute()
    assert values.get(spreadsheetId=book, range="'A b'").execute()["values"] == [[], [], ["c", "1"]]


def test_google_client_batches(google, book):
    """batchUpdate with an answer, and a field mask on GET."""
    requests = [
        {"addSheet": {"properties": {"sheetId": 9, "title": "Log"}}},
        {"sortRange": {"range": {"sheetId": 0}, "sortSpecs": [{"dimensionIndex": 0}]}},
    ]
    answer = google.batchUpdate(
        spreadsheetId=book.id, body={"requests": requests, "includeSpreadsheetInResponse": True}
    ).execute()
    titles = google.get(spreadsheetId=book.id, fields="sheets(properties/title)").execute()

    assert answer["replies"][0]["addSheet"]["properties"]["sheetId"] == 9
    assert answer["replies"][1] == {}
    assert titles == {"sheets": [{"properties": {"title": title}} for title in ("Videos", "My Tab", "Log")]}


def test_google_client_for_drive(server, book):
    """files.create, list, get, delete under its own path."""
    options = {"api_endpoint": server.base_url + "/drive/v3/"}
    kind = "application/vnd.google-apps.spreadsheet"
    with build(
        "drive", "v3", credentials=AnonymousCredentials(), static_discovery=True, client_options=options
    ) as service:
        files = service.files()
        made = files.create(body={"name": "D", "mimeType": kind}, fields="id,name").execute()
        before = int(files.get(fileId=book.id, fields="version").execute()["version"])
        book.put("A1", [["x"]])

        assert made["name"] == "D"
        assert files.list(q="name = 'D' and trashed = false").execute()["files"][0]["mimeType"] == kind
        assert int(files.get(fileId=book.id, fields="version").execute()["version"]) > before
        assert files.delete(fileId=made["id"]).execute() == ""
        with pytest.raises(HttpError, match="File not found"):
            files.get(fileId=made["id"]).execute()


def test_credentials_refresh_by_themselves(server, tmp_path):
    """google-auth asks for a token when it needs one; a claim that is too old is refused."""
    path = write_service_account(tmp_path, server.base_url)
    good = Credentials.from_service_account_file(path, scopes=SCOPES)
    good.refresh(Request())
    scopeless = Credentials.from_service_account_file(path)

    assert good.valid
    with pytest.raises(RefreshError, match="scope"):
        scopeless.refresh(Request())

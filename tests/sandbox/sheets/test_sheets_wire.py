"""What every method must put up with: masks, parameters, encodings, gzip, JSON nulls."""

from __future__ import annotations

import gzip
import json

import ironcalc
import pytest
from discovery_document import complaints

from bot.sandbox.sheets import calculator, masks
from bot.sandbox.sheets.wire import ApiError


def test_the_validator_complains():
    """The check behind every answer here sees unknown names, wrong types and unlisted words."""
    schema = {"$ref": "SheetProperties"}

    assert complaints({"sheetId": 0, "title": "A", "sheetType": "GRID"}, schema) == []
    assert complaints({"nonsense": 1}, schema) == ["$.nonsense: unknown"]
    assert complaints({"sheetId": "0"}, schema) == ["$.sheetId: '0' is no integer"]
    assert complaints({"sheetId": True}, schema) == ["$.sheetId: True is no integer"]
    assert complaints({"sheetType": "ROUND"}, schema) == ["$.sheetType: 'ROUND' is no string"]
    assert complaints({"gridProperties": {"rowCount": 1, "x": 2}}, schema) == ["$.gridProperties.x: unknown"]


def test_a_new_spreadsheet_looks_like_googles(http):
    """Sheet1, id 0, 1000 x 26; zero ids and indices are present, false is not."""
    answer = http.post("/v4/spreadsheets", json={"properties": {"title": None}}).json()

    assert answer["properties"]["title"] == "Untitled spreadsheet"
    assert answer["properties"]["defaultFormat"]["textFormat"]["foregroundColor"] == {}
    assert answer["sheets"] == [
        {
            "properties": {
                "sheetId": 0,
                "index": 0,
                "title": "Sheet1",
                "sheetType": "GRID",
                "gridProperties": {"rowCount": 1000, "columnCount": 26},
            }
        }
    ]


def test_a_spreadsheet_can_be_created_with_cells(http):
    """Tabs and their data in one call."""
    cell = {"userEnteredValue": {"stringValue": "x"}, "note": "n"}
    sheet = {"properties": {"title": "T"}, "data": [{"startRow": 1, "rowData": [{"values": [cell]}]}]}

    book = http.post("/v4/spreadsheets", json={"sheets": [sheet]}).json()["spreadsheetId"]

    assert http.get(f"/v4/spreadsheets/{book}/values/T").json()["values"] == [[], ["x"]]


@pytest.mark.parametrize(
    ("mask", "answer"),
    [
        ("spreadsheetId", {"spreadsheetId": "ID"}),
        ("properties.title", {"properties": {"title": "Book"}}),
        ("properties/title", {"properties": {"title": "Book"}}),
        (
            "sheets(properties(sheetId,title))",
            {
                "sheets": [
                    {"properties": {"sheetId": n, "title": t}} for n, t in ((0, "Videos"), (1, "My Tab"))
                ]
            },
        ),
        (
            "sheets.properties.index,sheets/properties/sheetId",
            {"sheets": [{"properties": {"sheetId": n, "index": n}} for n in (0, 1)]},
        ),
        ("namedRanges", {}),
        (
            "sheets.properties.gridProperties.frozenRowCount",
            {"sheets": [{"properties": {"gridProperties": {}}}] * 2},
        ),
    ],
)
def test_masks_cut_answers(book, mask, answer):
    """Dots, slashes and parentheses; a missing field is simply not there."""
    expected = {**answer, "spreadsheetId": book.id} if "spreadsheetId" in answer else answer

    assert book.get(fields=mask) == expected


def test_a_mask_alone_decides_about_grid_data(book):
    """With fields, includeGridData is ignored either way; `*` means everything."""
    book.put("Videos!A1", [["x"]])
    deep = "sheets.data.rowData.values.formattedValue"

    with_mask = book.get(fields=deep, includeGridData="false", ranges="Videos!A1:B2")
    without = book.get(fields="sheets.properties.title", includeGridData="true")
    everything = book.get(fields="*", ranges="Videos!A1")

    assert with_mask == {"sheets": [{"data": [{"rowData": [{"values": [{"formattedValue": "x"}]}]}]}]}
    assert "data" not in without["sheets"][0]
    assert everything["sheets"][0]["data"][0]["rowData"][0]["values"][0]["effectiveFormat"]


@pytest.mark.parametrize("mask", ["a(b", "a,,b", "a..b", ")", "a b", "a,"])
def test_unreadable_masks_are_refused(book, mask):
    """400, not a guess."""
    with pytest.raises(ApiError):
        masks.parse(mask)
    assert book.http.get(book.path, params={"fields": mask}).status_code == 400


def test_masks_cut_values_and_write_answers(book):
    """Every method knows fields."""
    answer = book.put("A1", [["x"]], fields="updatedRange")
    read = book.http.get(f"{book.path}/values/A1", params={"fields": "values"})

    assert (answer.json(), read.json()) == ({"updatedRange": "Videos!A1"}, {"values": [["x"]]})


def test_common_parameters_are_put_up_with(book):
    """alt, prettyPrint, key, quotaUser, a trailing slash, True and true."""
    common = {"alt": "json", "prettyPrint": "false", "key": "k", "quotaUser": "q", "oauth_token": "t"}

    slash = book.http.get(f"{book.path}/", params={**common, "includeGridData": "True"})
    values = book.http.get(f"{book.path}/values/Videos/", params=common)

    assert slash.json()["sheets"][0]["data"]
    assert values.status_code == 200


def test_percent_encoded_ranges(book):
    """Quotes, the colon and the exclamation mark may come encoded, the method's colon too."""
    url = f"{book.path}/values/%27My%20Tab%27%21A1%3AB2"

    append = book.http.post(f"{url}:append", params={"valueInputOption": "RAW"}, json={"values": [["x"]]})
    clear = book.http.post(f"{url}%3Aclear", json={})

    assert append.json()["updates"]["updatedRange"] == "'My Tab'!A1"
    assert clear.json()["clearedRange"] == "'My Tab'!A1:B2"


def test_a_slash_in_a_title_is_no_path(book):
    """%2F belongs to the title."""
    book.batch({"addSheet": {"properties": {"title": "a/b"}}})

    assert book.http.get(f"{book.path}/values/'a%2Fb'!A1").json()["range"] == "'a/b'!A1"


def test_json_nulls_mean_not_given(book):
    """gspread sends majorDimension: null; a null in a request is an absent field."""
    body = {"values": [["x"]], "majorDimension": None, "range": None}
    book.http.put(f"{book.path}/values/A1", params={"valueInputOption": "RAW"}, json=body)
    add = {"addSheet": {"properties": {"title": "N", "index": None, "tabColor": None}}, "deleteSheet": None}

    assert book.read("A1") == [["x"]]
    assert book.batch(add)["replies"][0]["addSheet"]["properties"]["index"] == 2


def test_zipped_bodies(book):
    """A gzipped request body is read; a broken one is refused."""
    headers = {"Content-Encoding": "gzip", "Content-Type": "application/json"}
    body = gzip.compress(json.dumps({"values": [["zip"]]}).encode())
    url, query = f"{book.path}/values/A1", {"valueInputOption": "RAW"}

    good = book.http.put(url, params=query, content=body, headers=headers)
    bad = book.http.put(url, params=query, content=b"no zip", headers=headers)

    assert (good.status_code, bad.status_code) == (200, 400)
    assert book.read("A1") == [["zip"]]


@pytest.mark.parametrize("content", [b"{", b"[]", b"3", b"\xff\xfe"])
def test_bodies_that_are_no_message(book, content):
    """400 for anything but a JSON object."""
    response = book.http.post(f"{book.path}:batchUpdate", content=content)

    assert response.status_code == 400
    assert response.json()["error"]["message"].startswith("Invalid JSON payload received.")


@pytest.mark.parametrize(
    ("verb", "path"),
    [
        ("DELETE", "/v4/spreadsheets/ID"),
        ("POST", "/v4/spreadsheets/ID/values:batchMagic"),
        ("GET", "/v4/spreadsheets/ID/sheets/0"),
        ("POST", "/drive/v3/files/ID/watch"),
    ],
)
def test_what_is_not_built_is_named(http, verb, path):
    """501 with the method's path."""
    response = http.request(verb, path)

    assert response.status_code == 501
    assert path.removeprefix("/v4") in response.text


def test_unknown_ids(http):
    """404 in Google's words."""
    response = http.get("/v4/spreadsheets/none/values/A1")

    assert response.status_code == 404
    assert response.json()["error"] == {
        "code": 404,
        "message": "Requested entity was not found.",
        "status": "NOT_FOUND",
    }


def test_remembered_answers_are_not_stale(book):
    """The same read before and after a write."""
    book.put("A1", [["x"]])
    first = [book.read("A1"), book.read("A1")]
    book.put("A1", [["y"]])

    assert [*first, book.read("A1")] == [[["x"]], [["x"]], [["y"]]]


@pytest.mark.parametrize(
    ("path", "body"),
    [
        (":batchUpdate", {"requests": "x"}),
        (":batchUpdate", {"requests": [[]]}),
        ("/values:batchUpdate", {"valueInputOption": "RAW", "data": 5}),
        ("/values:batchClear", {"ranges": 5}),
        ("/values:batchGetByDataFilter", {"dataFilters": [0]}),
    ],
)
def test_fields_of_the_wrong_type(book, path, body):
    """400 wherever the mistake sits; never a crash."""
    assert book.post(path, body).status_code == 400


def test_a_panic_of_the_formula_engine(book, monkeypatch):
    """The formulas lose their value until the next write; nothing else is lost."""
    book.put("Videos!A1", [[2, "=A1*2"]], "USER_ENTERED")
    monkeypatch.setattr(calculator, "_take_results", lambda *_: ironcalc.test_panic())
    book.put("Videos!A1", [[3]])
    broken = book.read("Videos")
    monkeypatch.undo()
    book.put("Videos!A1", [[4]])

    assert broken == [[3, "#ERROR!"]]
    assert book.read("Videos") == [[4, 8]]

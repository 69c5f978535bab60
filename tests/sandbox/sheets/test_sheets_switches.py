"""Whatever Google does not document is a switch; each way is shown, the default being the worse one for a client."""

import httpx
import pytest

from bot.sandbox.sheets.service import SheetsOptions

BAND = {
    "addBanding": {
        "bandedRange": {
            "range": {"sheetId": 0, "endRowIndex": 5},
            "rowProperties": {"firstBandColor": {"red": 1}},
        }
    }
}
TAG = {
    "createDeveloperMetadata": {
        "developerMetadata": {
            "metadataKey": "k",
            "metadataValue": "v" * 20,
            "visibility": "DOCUMENT",
            "location": {"sheetId": 0},
        }
    }
}
FIND = {"developerMetadataLookup": {"metadataKey": "k"}}


class Talk:
    """One workbook of a server with options of its own."""

    def __init__(self, server, book, http):
        self._http, self.path = http, f"{server.base_url}/v4/spreadsheets/{book}"

    def batch(self, *requests):
        return self._http.post(f"{self.path}:batchUpdate", json={"requests": requests}).status_code

    def put(self, value, option="RAW"):
        params = {"valueInputOption": option}
        return self._http.put(f"{self.path}/values/A1", params=params, json={"values": [[value]]})

    def read(self, render="UNFORMATTED_VALUE"):
        params = {"valueRenderOption": render}
        return self._http.get(f"{self.path}/values/A1", params=params).json()["values"][0][0]

    def tags(self):
        found = self._http.post(f"{self.path}/developerMetadata:search", json={"dataFilters": [FIND]}).json()
        return len(found.get("matchedDeveloperMetadata", []))

    def by_filter(self):
        data = [{"dataFilter": FIND, "values": [["x"]], "majorDimension": "ROWS"}]
        body = {"valueInputOption": "RAW", "data": data}
        return self._http.post(f"{self.path}/values:batchUpdateByDataFilter", json=body).status_code


def copied_tags(talk):
    talk.batch(TAG, {"duplicateSheet": {"sourceSheetId": 0}})
    return talk.tags()


def text_cell(talk):
    look = {"userEnteredFormat": {"numberFormat": {"type": "TEXT", "pattern": "@"}}}
    talk.batch({"repeatCell": {"range": {"sheetId": 0}, "cell": look, "fields": "userEnteredFormat"}})
    talk.put(7)
    return talk.read()


def german(talk):
    talk.put(True)
    return talk.read("FORMATTED_VALUE")


def signed(talk):
    talk.put("+B2", "USER_ENTERED")
    return talk.read("FORMULA")


def wide(talk):
    return talk.batch({"appendDimension": {"sheetId": 0, "dimension": "COLUMNS", "length": 5}})


@pytest.mark.parametrize(
    ("name", "ask", "by_default", "other", "then"),
    [
        ("copies_take_metadata", copied_tags, 2, False, 1),
        (
            "bandings_may_overlap",
            lambda talk: [talk.batch(BAND), talk.batch(BAND)],
            [200, 400],
            True,
            [200, 200],
        ),
        ("booleans_speak_locale", german, "WAHR", False, "TRUE"),
        ("signs_start_formulas", signed, "=+B2", False, "+B2"),
        ("text_cells_keep_text", text_cell, 7, True, "7"),
        ("empty_filter_is_an_error", lambda talk: talk.by_filter(), 200, True, 400),
        ("most_columns", wide, 200, 30, 400),
        ("most_metadata", lambda talk: talk.batch(TAG), 200, 10, 400),
    ],
)
def test_what_is_not_documented_can_be_turned(serve, name, ask, by_default, other, then):
    """The same question to a server as it is and to one with the switch turned."""
    found = []
    for options in (SheetsOptions(), SheetsOptions(**{name: other})):
        server = serve(options)
        book = server.sandbox.sheets.create_workbook("B", {"A": []}, locale="de_DE")
        with httpx.Client(timeout=10) as http:
            found.append(ask(Talk(server, book, http)))

    assert found == [by_default, then]


def test_typed_booleans_are_read_in_the_files_language(serve):
    """`wahr` is true in a German file, `TRUE` too."""
    server = serve(SheetsOptions())
    book = server.sandbox.sheets.create_workbook("B", {"A": []}, locale="de_DE")
    with httpx.Client(timeout=10) as http:
        talk = Talk(server, book, http)
        read = [talk.put(text, "USER_ENTERED") and talk.read() for text in ("wahr", "FALSCH", "TRUE")]

    assert read == [True, False, True]

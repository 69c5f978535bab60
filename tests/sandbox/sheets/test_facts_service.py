"""What is known of Sheets and Drive besides values, fact by fact: Google's pages, recorded traffic, clients run here.

Chapters are those of the collected notes: 1 limits and errors, 2 identity of rows, 4 grid data, 5 set-up, 8 other
clients. What an older test shows already is listed in `test_facts_index`.
"""

import pytest

CELL = {"sheetId": 0, "startRowIndex": 0, "endRowIndex": 1, "startColumnIndex": 0, "endColumnIndex": 1}
TAG = {"metadataKey": "k", "visibility": "DOCUMENT"}
ROW = {"sheetId": 0, "dimension": "ROWS", "startIndex": 4, "endIndex": 5}


def error(book, request):
    return book.post(":batchUpdate", {"requests": [request]}).json()["error"]


def properties(fields=None, sheet=0, **wished):
    mask = fields or ",".join(wished)
    return {"updateSheetProperties": {"properties": {"sheetId": sheet, **wished}, "fields": mask}}


def tagged_row(book):
    book.batch(
        {"createDeveloperMetadata": {"developerMetadata": {**TAG, "location": {"dimensionRange": ROW}}}}
    )


def row_of_tag(book):
    lookup = {"dataFilters": [{"developerMetadataLookup": {"metadataKey": "k"}}]}
    found = book.post("/developerMetadata:search", lookup).json().get("matchedDeveloperMetadata", [])
    return [one["developerMetadata"]["location"]["dimensionRange"]["startIndex"] for one in found]


def grid(book):
    return book.get(includeGridData=True, ranges="Videos!A1")["sheets"][0]["data"][0]


def after(book, *steps):
    for step in steps[:-1]:
        step(book) if callable(step) else book.batch(step)
    return steps[-1](book)


def rows(kind, start, end, **more):
    return {
        kind: {"range": {"sheetId": 0, "dimension": "ROWS", "startIndex": start, "endIndex": end}, **more}
    }


FACTS = {
    "1: a write past the grid is refused with the grid's size": (
        lambda book: book.put("Videos!A1001", [[1]]).json()["error"]["message"],
        "Range (Videos!A1001) exceeds grid limits. Max rows: 1000, max columns: 26",
    ),
    "1: not every row may be deleted": (
        lambda book: error(book, rows("deleteDimension", 0, 1000))["message"],
        "Invalid requests[0].deleteDimension: You can't delete all the rows on the sheet.",
    ),
    "1: the last unfrozen row stays": (
        lambda book: after(
            book,
            properties(gridProperties={"frozenRowCount": 1}, fields="gridProperties.frozenRowCount"),
            lambda book: error(book, rows("deleteDimension", 1, 1000))["message"],
        ),
        "Invalid requests[0].deleteDimension: Sorry, it is not possible to delete all non-frozen rows.",
    ),
    "1: rows beyond the end cannot be deleted": (
        lambda book: error(book, rows("deleteDimension", 1000, 1001))["message"],
        (
            "Invalid requests[0].deleteDimension: Cannot delete a row that doesn't exist. Tried to delete row index "
            "1000 but there are only 1000 rows."
        ),
    ),
    "1: 50,000 characters in a cell, no more": (
        lambda book: [book.put("Videos!A1", [["x" * size]]).status_code for size in (50_000, 50_001)],
        [200, 400],
    ),
    "1: a workbook holds 10,000,000 cells": (
        lambda book: error(book, {"appendDimension": {"sheetId": 0, "dimension": "ROWS", "length": 400_000}})[
            "message"
        ],
        (
            "Invalid requests[0].appendDimension: This action would increase the number of cells in the workbook "
            "above the limit of 10000000 cells."
        ),
    ),
    "1: the refusal names the sub-request": (
        lambda book: error(
            book, {"updateSheetProperties": {"properties": {"sheetId": 9}, "fields": "title"}}
        ),
        {
            "code": 400,
            "status": "INVALID_ARGUMENT",
            "message": "Invalid requests[0].updateSheetProperties: No grid with id: 9",
        },
    ),
    "1: a wrong id is 404": (
        lambda book: book.http.get("/v4/spreadsheets/none").json()["error"],
        {"code": 404, "status": "NOT_FOUND", "message": "Requested entity was not found."},
    ),
    "1: Drive's errors have the older shape": (
        lambda book: sorted(book.http.get("/drive/v3/files/none").json()["error"]),
        ["code", "errors", "message"],
    ),
    "2: no answer carries an ETag": (
        lambda book: {"etag"} & {name.lower() for name in book.http.get(book.path).headers},
        set(),
    ),
    "2: metadata stays with its row when one is inserted above": (
        lambda book: after(book, tagged_row, rows("insertDimension", 0, 2), row_of_tag),
        [6],
    ),
    "2: and when one is deleted above": (
        lambda book: after(book, tagged_row, rows("deleteDimension", 0, 2), row_of_tag),
        [2],
    ),
    "2: and when its row is moved": (
        lambda book: after(
            book, tagged_row, {"moveDimension": {"source": ROW, "destinationIndex": 0}}, row_of_tag
        ),
        [0],
    ),
    "2: it goes with its row": (
        lambda book: after(book, tagged_row, rows("deleteDimension", 4, 5), row_of_tag),
        [],
    ),
    "2: locationType is output only": (
        lambda book: error(
            book,
            {
                "createDeveloperMetadata": {
                    "developerMetadata": {**TAG, "location": {"sheetId": 0, "locationType": "SHEET"}}
                }
            },
        )["code"],
        400,
    ),
    "2: a lookup joins what it names with and": (
        lambda book: after(
            book,
            tagged_row,
            lambda book: book.post(
                "/developerMetadata:search",
                {"dataFilters": [{"developerMetadataLookup": {"metadataKey": "k", "visibility": "PROJECT"}}]},
            ).json(),
        ),
        {},
    ),
    "2: findReplace that misses counts nothing": (
        lambda book: book.batch({"findReplace": {"find": "no", "replacement": "x", "allSheets": True}})[
            "replies"
        ],
        [{"findReplace": {}}],
    ),
    "4: sheetId and index are told even where they are 0": (
        lambda book: {
            name: book.get()["sheets"][0]["properties"][name] for name in ("sheetId", "index", "title")
        },
        {"sheetId": 0, "index": 0, "title": "Videos"},
    ),
    "4: what is false is not told": (
        lambda book: "hidden" in book.get()["sheets"][0]["properties"],
        False,
    ),
    "4: no named ranges: an empty answer": (lambda book: book.get(fields="namedRanges"), {}),
    "4: a mask may use a point, a slash and brackets": (
        lambda book: [
            book.get(fields=mask)
            for mask in ("sheets.properties.index", "sheets/properties/index", "sheets(properties(index))")
        ],
        [{"sheets": [{"properties": {"index": 0}}, {"properties": {"index": 1}}]}] * 3,
    ),
    "4: rows are 21 pixels high": (
        lambda book: grid(book)["rowMetadata"],
        [{"pixelSize": 21}],
    ),
    "4: columns are 100 pixels wide": (
        lambda book: grid(book)["columnMetadata"],
        [{"pixelSize": 100}],
    ),
    "4: a fresh file has one tab, Sheet1, id 0, 1000 by 26": (
        lambda book: [
            one["properties"] for one in book.http.post("/v4/spreadsheets", json={}).json()["sheets"]
        ],
        [
            {
                "sheetId": 0,
                "title": "Sheet1",
                "index": 0,
                "sheetType": "GRID",
                "gridProperties": {"rowCount": 1000, "columnCount": 26},
            }
        ],
    ),
    "4: errors in grid data have a type": (
        lambda book: after(
            book,
            lambda book: book.put("Videos!A1", [["=NA()", "=1/0", "=A0"]], "USER_ENTERED"),
            lambda book: [
                cell["effectiveValue"]["errorValue"]["type"]
                for cell in book.get(includeGridData=True, ranges="Videos!A1:B1")["sheets"][0]["data"][0][
                    "rowData"
                ][0]["values"]
            ],
        ),
        ["N_A", "DIVIDE_BY_ZERO"],
    ),
    "5: one invalid sub-request and nothing is done": (
        lambda book: after(
            book,
            lambda book: book.post(
                ":batchUpdate", {"requests": [{"addSheet": {}}, {"deleteSheet": {"sheetId": 9}}]}
            ),
            lambda book: len(book.get()["sheets"]),
        ),
        2,
    ),
    "5: each request has its reply, empty where there is nothing to say": (
        lambda book: [
            sorted(reply)
            for reply in book.batch(
                properties(title="T"), {"addSheet": {}}, {"clearBasicFilter": {"sheetId": 0}}
            )["replies"]
        ],
        [[], ["addSheet"], []],
    ),
    "5: not every tab may be hidden": (
        lambda book: after(
            book,
            properties(hidden=True, sheet=1),
            lambda book: error(book, properties(hidden=True))["message"],
        ),
        "Invalid requests[0].updateSheetProperties: You can't hide all the sheets in a document.",
    ),
    "5: a rule left out is a rule taken away": (
        lambda book: after(
            book,
            {"setDataValidation": {"range": CELL, "rule": {"condition": {"type": "BOOLEAN"}}}},
            {"setDataValidation": {"range": CELL}},
            lambda book: book.get(includeGridData=True, ranges="Videos!A1")["sheets"][0]["data"][0].get(
                "rowData"
            ),
        ),
        None,
    ),
    "5: unprotectedRanges only where a whole tab is protected": (
        lambda book: error(
            book, {"addProtectedRange": {"protectedRange": {"range": CELL, "unprotectedRanges": [CELL]}}}
        )["code"],
        400,
    ),
    "8: every common parameter is put up with": (
        lambda book: (
            book.http.get(
                f"{book.path}/",
                params={
                    "alt": "json",
                    "prettyPrint": "false",
                    "key": "k",
                    "quotaUser": "q",
                    "access_token": "t",
                },
            ).status_code
        ),
        200,
    ),
    "8: a slash before the custom verb is google-spreadsheet's way": (
        lambda book: (
            book.http.post(f"{book.path}/:batchUpdate", json={"requests": [{"addSheet": {}}]}).status_code
        ),
        200,
    ),
}


@pytest.mark.parametrize("fact", FACTS.values(), ids=FACTS)
def test_known_of_google(book, fact):
    """The stand-in does the same, and says it in the same words."""
    ask, answer = fact

    assert ask(book) == answer

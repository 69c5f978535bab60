"""Named and protected ranges, bandings, the basic filter, developer metadata and data filters."""

from __future__ import annotations

import pytest

from bot.sandbox.sheets.service import SheetsOptions


def block(top, bottom, left=0, right=2):
    return {
        "sheetId": 0,
        "startRowIndex": top,
        "endRowIndex": bottom,
        "startColumnIndex": left,
        "endColumnIndex": right,
    }


def row(index, dimension="ROWS"):
    return {"sheetId": 0, "dimension": dimension, "startIndex": index, "endIndex": index + 1}


def tag(key, index=None, **more):
    location = {"spreadsheet": True} if index is None else {"dimensionRange": row(index)}
    made = {"metadataKey": key, "visibility": "DOCUMENT", "location": location, **more}
    return {"createDeveloperMetadata": {"developerMetadata": made}}


def lookup(**what):
    return {"dataFilters": [{"developerMetadataLookup": what}]}


def found_at(book, key):
    answer = book.post("/developerMetadata:search", lookup(metadataKey=key)).json()
    return [
        one["developerMetadata"]["location"]["dimensionRange"]["startIndex"]
        for one in answer.get("matchedDeveloperMetadata", [])
    ]


def test_a_named_range_is_told_and_follows_its_cells(book):
    """The server draws an id; a row inserted above pushes the range down."""
    named = {"name": "prices", "range": block(1, 3)}
    made = book.batch({"addNamedRange": {"namedRange": named}})["replies"][0]["addNamedRange"]["namedRange"]
    book.batch({"insertDimension": {"range": row(0)}})

    assert made["namedRangeId"]
    (told,) = book.get(fields="namedRanges")["namedRanges"]
    assert told == {**made, "range": block(2, 4)}


def test_without_named_ranges_the_answer_is_empty(book):
    """`fields=namedRanges` with none is `{}`, as recorded."""
    assert book.get(fields="namedRanges") == {}


def test_a_name_whose_cells_were_deleted_stays_taken(book):
    """It is told no more, and cannot be given again."""
    named = {"addNamedRange": {"namedRange": {"name": "prices", "range": block(1, 2)}}}
    book.batch(named)
    book.batch({"deleteDimension": {"range": row(1)}})

    assert book.get(fields="namedRanges") == {}
    assert "prices already exists" in book.refused(named)


@pytest.mark.parametrize("name", ["A1", "with blank", "1st", "", "true"])
def test_not_every_text_is_a_name(book, name):
    """A name that could be an address or holds blanks is refused, with the sub-request's place."""
    said = book.refused({"addNamedRange": {"namedRange": {"name": name, "range": block(0, 1)}}})

    assert said.startswith("Invalid requests[0].addNamedRange: ")


@pytest.mark.parametrize(
    ("add", "field", "id_field", "more"),
    [
        ("addNamedRange", "namedRange", "namedRangeId", {"name": "n"}),
        ("addProtectedRange", "protectedRange", "protectedRangeId", {"warningOnly": True}),
        ("addBanding", "bandedRange", "bandedRangeId", {"rowProperties": {"firstBandColor": {"red": 1}}}),
    ],
)
def test_a_wished_id_makes_adding_idempotent(book, add, field, id_field, more):
    """The second time the same id is refused and nothing is added."""
    wished = "7f" if add == "addNamedRange" else 77
    request = {add: {field: {id_field: wished, "range": block(0, 2), **more}}}
    book.batch(request)

    assert "already exists" in book.refused(request)
    book.batch({f"delete{field[0].upper()}{field[1:]}".replace("BandedRange", "Banding"): {id_field: wished}})
    book.batch(request)


def test_a_protection_is_told_with_its_defaults(book):
    """editors is there even where only a warning is wished; what is false is left out."""
    made = {"range": block(0, 2), "description": "robot", "warningOnly": True}
    reply = book.batch({"addProtectedRange": {"protectedRange": made}})["replies"][0]
    drawn = reply["addProtectedRange"]["protectedRange"]

    assert drawn["editors"] == {}
    assert drawn["requestingUserCanEdit"] is True
    changed = {"protectedRangeId": drawn["protectedRangeId"], "warningOnly": False}
    book.batch({"updateProtectedRange": {"protectedRange": changed, "fields": "warningOnly"}})
    (told,) = book.get(fields="sheets.protectedRanges")["sheets"][0]["protectedRanges"]
    assert "warningOnly" not in told
    assert told["description"] == "robot"


def test_bandings_do_not_overlap(book):
    """A second banding over cells that have one is refused."""
    book.batch(
        {"addBanding": {"bandedRange": {"range": block(0, 4), "rowProperties": {"headerColor": {"red": 1}}}}}
    )
    other = {"range": block(3, 6), "rowProperties": {"headerColor": {}}}

    assert "alternating background colors" in book.refused({"addBanding": {"bandedRange": other}})


def test_a_basic_filter_is_set_and_cleared(book):
    """There is one a tab."""
    book.batch({"setBasicFilter": {"filter": {"range": block(0, 3)}}})
    told = book.get(fields="sheets.basicFilter")["sheets"][0]["basicFilter"]
    book.batch({"clearBasicFilter": {"sheetId": 0}})

    assert told == {"range": block(0, 3)}
    assert book.get(fields="sheets.basicFilter")["sheets"][0] == {}


def test_metadata_follows_rows_and_survives_on_disk(book):
    """Inserted above: it moves; moved: it moves; its row deleted: it is gone."""
    book.batch(tag("a", 2), tag("b", 3))
    book.batch({"insertDimension": {"range": row(0)}})
    book.batch({"moveDimension": {"source": row(3), "destinationIndex": 10}})
    book.reopen()

    assert (found_at(book, "a"), found_at(book, "b")) == ([9], [3])
    book.batch({"deleteDimension": {"range": row(3)}})
    assert (found_at(book, "a"), found_at(book, "b")) == ([8], [])


@pytest.mark.parametrize(("goes_along", "place"), [(False, 0), (True, 1)])
def test_what_a_sort_does_to_metadata_is_a_switch(serve, goes_along, place):
    """It stays at its row by default, and then speaks of another record."""
    import httpx

    server = serve(SheetsOptions(sort_moves_metadata=goes_along))
    key = server.sandbox.sheets.create_workbook("B", {"V": [["b"], ["a"]]})
    path = f"{server.base_url}/v4/spreadsheets/{key}"
    sort = {"sortRange": {"range": block(0, 2, 0, 1), "sortSpecs": [{"dimensionIndex": 0}]}}
    assert httpx.post(f"{path}:batchUpdate", json={"requests": [tag("a", 0), sort]}).status_code == 200
    (one,) = httpx.post(f"{path}/developerMetadata:search", json=lookup(metadataKey="a")).json()[
        "matchedDeveloperMetadata"
    ]

    assert one["developerMetadata"]["location"]["dimensionRange"]["startIndex"] == place


@pytest.mark.parametrize(
    ("made", "said"),
    [
        ({"visibility": "DOCUMENT", "location": {"spreadsheet": True}}, "metadataKey is required"),
        ({"metadataKey": "k", "location": {"spreadsheet": True}}, "visibility is required"),
        (
            {
                "metadataKey": "k",
                "visibility": "PROJECT",
                "location": {"locationType": "SPREADSHEET", "spreadsheet": True},
            },
            "locationType is output only",
        ),
        (
            {
                "metadataKey": "k",
                "visibility": "PROJECT",
                "location": {"dimensionRange": {**row(0), "endIndex": 2}},
            },
            "single row or column",
        ),
    ],
)
def test_metadata_is_checked(book, made, said):
    """What is missing or too much is named."""
    assert said in book.refused({"createDeveloperMetadata": {"developerMetadata": made}})


def test_data_filters_read_write_and_clear_by_tag(book):
    """One call reads a row by its tag; a write by the tag lands where the row is now; null skips."""
    book.put("Videos!A1", [["one", 1], ["two", 2]])
    book.batch(tag("key", 1, metadataId=5))
    book.batch({"insertDimension": {"range": row(0)}})
    wanted = {"developerMetadataLookup": {"metadataId": 5}}
    read = book.post("/values:batchGetByDataFilter", {"dataFilters": [wanted]}).json()["valueRanges"]
    data = [{"dataFilter": wanted, "values": [[None, 22]], "majorDimension": "ROWS"}]
    written = book.post("/values:batchUpdateByDataFilter", {"valueInputOption": "RAW", "data": data}).json()

    assert read[0]["valueRange"]["range"] == "Videos!A3:Z3"
    assert read[0]["valueRange"]["values"] == [["two", "2"]]
    assert written["responses"][0]["dataFilter"] == wanted
    assert book.read("Videos!A3:B3") == [["two", 22]]
    cleared = book.post("/values:batchClearByDataFilter", {"dataFilters": [wanted]}).json()
    assert cleared["clearedRanges"] == ["Videos!A3:Z3"]
    assert book.get(fields="developerMetadata") == {}
    assert book.http.get(f"{book.path}/developerMetadata/5").json()["metadataKey"] == "key"


def test_metadata_of_the_file_is_updated_and_deleted_by_filter(book):
    """By data filter, with a mask; the answers hold what changed and what went."""
    book.batch(tag("v", metadataValue="41"))
    found = {"developerMetadataLookup": {"metadataKey": "v"}}
    change = {"dataFilters": [found], "developerMetadata": {"metadataValue": "42"}, "fields": "metadataValue"}
    book.batch({"updateDeveloperMetadata": change})

    assert book.get(fields="developerMetadata")["developerMetadata"][0]["metadataValue"] == "42"
    gone = book.batch({"deleteDeveloperMetadata": {"dataFilter": found}})["replies"][0]
    assert len(gone["deleteDeveloperMetadata"]["deletedDeveloperMetadata"]) == 1
    assert book.get(fields="developerMetadata") == {}


def test_get_by_data_filter_tells_only_those_cells(book):
    """With grid data, the blocks the filters name."""
    book.put("Videos!A1", [["x"], ["y"]])
    body = {"dataFilters": [{"a1Range": "Videos!A2"}], "includeGridData": True}
    answer = book.post(":getByDataFilter", body).json()

    (sheet,) = answer["sheets"]
    (data,) = sheet["data"]
    assert data["startRow"] == 1
    assert data["rowData"][0]["values"][0]["formattedValue"] == "y"

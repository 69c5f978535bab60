"""Reading and writing plain values as the Sheets service does."""

import pytest


def test_values_are_trimmed(book):
    """Trailing blanks are cut, a blank row in between is [], leading blanks are empty texts."""
    book.put("Videos!A1", [["a", "", ""], [], ["", "b"]])

    answer = book.http.get(f"{book.path}/values/Videos").json()

    assert answer["values"] == [["a"], [], ["", "b"]]


def test_an_empty_range_has_no_values_key(book):
    """All empty: the key is missing."""
    assert book.http.get(f"{book.path}/values/Videos!A1:C3").json() == {
        "range": "Videos!A1:C3",
        "majorDimension": "ROWS",
    }


@pytest.mark.parametrize(
    ("asked", "told"),
    [
        ("'Videos'", "Videos!A1:Z1000"),
        ("Videos", "Videos!A1:Z1000"),
        ("Videos!A1:A", "Videos!A1:A1000"),
        ("Videos!A2:2", "Videos!A2:Z2"),
        ("Videos!D4:A1", "Videos!A1:D4"),
        ("Videos!A1:A1", "Videos!A1"),
        ("Videos!$B$2", "Videos!B2"),
        ("B:C", "Videos!B1:C1000"),
        ("3:4", "Videos!A3:Z4"),
        ("my tab!b2", "'My Tab'!B2"),
        ("'My Tab'!A1:B2", "'My Tab'!A1:B2"),
        ("Videos!A1:Z5000", "Videos!A1:Z1000"),
    ],
)
def test_ranges_are_echoed_canonically(book, asked, told):
    """Whatever way a range is written, the answer names it in one way."""
    assert book.http.get(f"{book.path}/values/{asked}").json()["range"] == told


def test_titles_like_addresses_or_with_quotes_are_quoted(book):
    """A tab called D3 is told apart from the cell D3."""
    book.batch(
        {"addSheet": {"properties": {"title": "D3"}}}, {"addSheet": {"properties": {"title": "It's 🎬"}}}
    )
    book.put("'D3'!A1", [["here"]])

    assert book.http.get(f"{book.path}/values/'D3'").json()["range"] == "'D3'!A1:Z1000"
    assert book.http.get(f"{book.path}/values/D3").json()["range"] == "Videos!D3"
    assert book.http.get(f"{book.path}/values/'It''s 🎬'!B2").json()["range"] == "'It''s 🎬'!B2"


@pytest.mark.parametrize("range_", ["Nope!A1", "Videos!Q", "Videos!A1:B2:C3", "NoSuchTab", "Videos!A0"])
def test_unreadable_ranges_are_refused(book, range_):
    """A range that names nothing gets Google's words."""
    response = book.http.get(f"{book.path}/values/{range_}")

    assert response.status_code == 400
    assert response.json()["error"]["message"] == f"Unable to parse range: {range_}"


def test_reads_and_writes_outside_the_grid_are_refused(book):
    """Values never grow the grid."""
    text = "Range (Videos!A1001) exceeds grid limits. Max rows: 1000, max columns: 26"

    assert book.http.get(f"{book.path}/values/Videos!A1001").json()["error"]["message"] == text
    assert book.put("Videos!A1001", [["x"]]).json()["error"]["message"] == text
    refused = book.put("Videos!A1000", [["x"], ["y"]]).json()["error"]["message"]
    assert refused.startswith("Range (Videos!A1000:A1001) exceeds grid limits.")
    assert book.read("Videos") == []


def test_writing_past_the_named_range_is_refused(book):
    """More values than the range holds: 400, and nothing is written."""
    down = book.put("Videos!A1:B1", [["a"], ["b"]])
    across = book.put("Videos!A1:B1", [["a", "b", "c"]])

    assert down.json()["error"]["message"] == (
        "Requested writing within range [Videos!A1:B1], but tried writing to row [2]"
    )
    assert across.json()["error"]["message"] == (
        "Requested writing within range [Videos!A1:B1], but tried writing to column [C]"
    )
    assert book.read("Videos") == []


def test_raw_takes_json_as_it_is(book):
    """RAW never parses: formulas, numbers and booleans in texts stay texts."""
    line = ["=1+1", "007", "TRUE", "'x", "1/2", True, 17, 1.5, "+1"]

    book.put("Videos!A1", [line])

    assert book.read("Videos") == [line]
    assert book.read("Videos", "FORMULA") == [line]


def test_null_leaves_and_empty_text_empties(book):
    """JSON null is "untouched", an empty text empties the cell, and both count as the service counts."""
    book.put("Videos!A1", [["a", "b", "c"]])

    answer = book.put("Videos!A1", [[None, "", "C"]]).json()

    assert book.read("Videos") == [["a", "", "C"]]
    assert answer["updatedCells"] == 2
    assert answer["updatedRange"] == "Videos!A1:C1"


def test_null_of_an_id_column_is_read_back(book):
    """A null id cell inside the written range comes back with includeValuesInResponse."""
    book.put("Videos!A1", [["r7k3q", "old"]])

    answer = book.put("Videos!A1:B1", [[None, "new"]], includeValuesInResponse=True).json()

    assert answer["updatedData"]["values"] == [["r7k3q", "new"]]


@pytest.mark.parametrize(
    ("typed", "plain", "shown"),
    [
        ("007", 7, "7"),
        ("TRUE", True, "TRUE"),
        ("false", False, "FALSE"),
        ("10%", 0.1, "10%"),
        ("$1,234.50", 1234.5, "$1,234.50"),
        ("-3", -3, "-3"),
        ("+1", 1, "1"),
        ("1e3", 1000, "1.00E+03"),
        ("'007", "007", "007"),
        ("@x", "@x", "@x"),
        ("2026-10-03", 46298, "2026-10-03"),
        ("2026-10-03 14:00", 46298 + 14 / 24, "2026-10-03 14:00"),
        ("10/3/2026", 46298, "10/3/2026"),
        ("Oct 3, 2026", 46298, "Oct 3, 2026"),
        ("14:30", 0.6041666666666666, "14:30"),
        ("=3/2", 1.5, "1.5"),
        ("=1+1", 2, "2"),
        ("r7k3q", "r7k3q", "r7k3q"),
        ("3 things", "3 things", "3 things"),
        ("- note", "- note", "- note"),
        ("32/13/2026", "32/13/2026", "32/13/2026"),
    ],
)
def test_user_entered_reads_like_typing(book, typed, plain, shown):
    """A typed text becomes what a person would get, and shows as such."""
    book.put("Videos!A1", [[typed]], "USER_ENTERED")

    assert book.read("Videos!A1")[0][0] == (pytest.approx(plain) if isinstance(plain, float) else plain)
    assert book.read("Videos!A1", "FORMATTED_VALUE") == [[shown]]


def test_half_of_a_day_reads_as_text_where_asked(book):
    """Dates come as serial numbers, or as text with dateTimeRenderOption; plain numbers stay numbers."""
    book.put("Videos!A1", [["2020-01-01", 5]], "USER_ENTERED")

    assert book.read("Videos") == [[43831, 5]]
    assert book.read("Videos", dateTimeRenderOption="FORMATTED_STRING") == [["2020-01-01", 5]]


def test_dates_are_read_in_the_files_locale(stand_in, http):
    """Points and commas change their roles, in formulas too."""
    stand_in.create_workbook("D", {"A": []}, spreadsheet_id="de", locale="de_DE")
    http.put(
        "/v4/spreadsheets/de/values/A1",
        params={"valueInputOption": "USER_ENTERED"},
        json={"values": [["03.10.2026", "1,5", '=IF(1>2;"no";B1*2,5)', "1.234,5"]]},
    )
    query = {"valueRenderOption": "UNFORMATTED_VALUE"}
    url = "/v4/spreadsheets/de/values/1:1"

    assert http.get(url, params=query).json()["values"] == [[46298, 1.5, 3.75, 1234.5]]
    assert http.get(url).json()["values"] == [["03.10.2026", "1,5", "3,75", "1.234,50"]]


def test_a_text_cell_keeps_typed_digits(book):
    """A cell formatted as text takes typing as text."""
    book.batch(
        {
            "repeatCell": {
                "range": {"sheetId": 0, "endRowIndex": 1},
                "cell": {"userEnteredFormat": {"numberFormat": {"type": "TEXT", "pattern": "@"}}},
                "fields": "userEnteredFormat.numberFormat",
            }
        }
    )
    book.put("Videos!A1", [["007", "=1+1"]], "USER_ENTERED")

    assert book.read("Videos") == [["007", "=1+1"]]


def test_columns_as_major_dimension(book):
    """Both reading and writing can be turned on their side."""
    body = {"values": [["a", "b"], ["c"]], "majorDimension": "COLUMNS"}
    book.http.put(f"{book.path}/values/Videos!A1", params={"valueInputOption": "RAW"}, json=body)

    assert book.read("Videos") == [["a", "c"], ["b"]]
    assert book.read("Videos", majorDimension="COLUMNS") == [["a", "b"], ["c"]]


def test_batch_get_answers_in_order(book):
    """Repeated ranges, one call."""
    book.put("Videos!A1", [["a", "b"]])

    response = book.http.get(
        f"{book.path}/values:batchGet", params={"ranges": ["Videos!B1", "'My Tab'", "Videos!A1"]}
    )

    assert [each.get("values") for each in response.json()["valueRanges"]] == [[["b"]], None, [["a"]]]


def test_batch_update_counts_and_answers_each(book):
    """totals plus responses[]; one bad range and nothing is written."""
    good = {"range": "Videos!A1:B1", "values": [["a", "b"]]}
    other = {"range": "'My Tab'!C3", "values": [[1]]}

    answer = book.post("/values:batchUpdate", {"valueInputOption": "RAW", "data": [good, other]}).json()
    bad = {"valueInputOption": "RAW", "data": [{"range": "Videos!A1", "values": [["z"]]}, {"range": "No!A1"}]}
    refused = book.post("/values:batchUpdate", bad)

    assert (answer["totalUpdatedCells"], answer["totalUpdatedSheets"]) == (3, 2)
    assert [each["updatedRange"] for each in answer["responses"]] == ["Videos!A1:B1", "'My Tab'!C3"]
    assert refused.status_code == 400
    assert book.read("Videos") == [["a", "b"]]


def test_clear_keeps_formats(book):
    """Clearing takes values, not looks."""
    book.put("Videos!A1", [["10%", "x"]], "USER_ENTERED")

    answer = book.post("/values/Videos!A1:A:clear", {}).json()
    many = book.post("/values:batchClear", {"ranges": ["Videos!B1", "'My Tab'"]}).json()
    book.put("Videos!A1", [[0.5]])

    assert answer["clearedRange"] == "Videos!A1:A1000"
    assert many["clearedRanges"] == ["Videos!B1", "'My Tab'!A1:Z1000"]
    assert book.read("Videos", "FORMATTED_VALUE") == [["50%"]]


def test_data_filters_read_by_grid_and_a1_range(book):
    """batchGetByDataFilter answers each block once, with the filters that named it."""
    book.put("Videos!A1", [["a", "b"], ["c", "d"]])
    grid = {"sheetId": 0, "startRowIndex": 1, "endRowIndex": 2, "startColumnIndex": 0, "endColumnIndex": 2}
    filters = [{"gridRange": grid}, {"a1Range": "Videos!B1"}]

    answer = book.post("/values:batchGetByDataFilter", {"dataFilters": filters}).json()

    assert [each["valueRange"]["values"] for each in answer["valueRanges"]] == [[["c", "d"]], [["b"]]]
    assert answer["valueRanges"][0]["dataFilters"] == [{"gridRange": grid}]


def append(book, range_, values, **query):
    params = {"valueInputOption": "RAW", **query}
    return book.http.post(
        f"{book.path}/values/{range_}:append", params=params, json={"values": values}
    ).json()


def test_append_goes_below_the_last_table(book):
    """After ["x", "", "z"] the whole tab's last table is C1; the range A1 names the first one."""
    book.put("Videos!A1", [["x", "", "z"]])

    whole = append(book, "Videos", [["1", "2", "3"]])
    first = append(book, "Videos!A1", [["4", "5"]])

    assert (whole["tableRange"], whole["updates"]["updatedRange"]) == ("Videos!C1", "Videos!C2:E2")
    assert first["updates"]["updatedRange"] == "Videos!A2:B2"


def test_append_to_an_empty_tab_has_no_table(book):
    """No tableRange, written at the range's start."""
    answer = append(book, "Videos!B3", [["x"]])

    assert "tableRange" not in answer
    assert answer["updates"]["updatedRange"] == "Videos!B3"


def test_append_counts_unticked_boxes_as_data(book):
    """A column of FALSE pushes an append below it."""
    book.put("Videos!A1", [["Name"], [False], [False]])

    assert append(book, "Videos!A1", [["x"]])["updates"]["updatedRange"] == "Videos!A4"


def test_append_grows_the_grid_and_can_insert(book):
    """OVERWRITE adds rows at the end of the grid; INSERT_ROWS pushes what stands below."""
    book.put("Videos!A1", [["a"]])
    book.put("Videos!A3", [["below"]])

    append(book, "Videos!A1", [["b"]], insertDataOption="INSERT_ROWS")
    book.put("Videos!A1001", [["last"]])
    append(book, "Videos!A1001", [["beyond"], ["more"]])

    assert book.read("Videos!A1:A4") == [["a"], ["b"], [], ["below"]]
    assert book.read("Videos!A1001:A1003") == [["last"], ["beyond"], ["more"]]
    assert book.get()["sheets"][0]["properties"]["gridProperties"]["rowCount"] == 1003


def test_values_must_be_lists_of_scalars(book):
    """Wrong JSON types are refused with a named violation."""
    flat = book.http.put(
        f"{book.path}/values/A1", params={"valueInputOption": "RAW"}, json={"values": "X"}
    ).json()["error"]
    nested = book.put("A1", [["a", {"b": 1}]]).json()["error"]["message"]

    assert flat["message"] == (
        "Invalid value at 'data.values' (type.googleapis.com/google.protobuf.ListValue), \"X\""
    )
    assert flat["details"][0]["fieldViolations"][0]["field"] == "data.values"
    assert nested == 'Invalid data.values[0][1]: struct_value {"b":1}'


def test_value_input_option_is_required(book):
    """A write without it is refused."""
    response = book.http.put(f"{book.path}/values/A1", json={"values": [["x"]]})

    assert response.json()["error"]["message"] == "'valueInputOption' is required but not specified"


@pytest.mark.parametrize("option", ["RAW", "USER_ENTERED"])
def test_giant_cells_are_refused(book, option):
    """50,000 characters fit, one more does not."""
    fits = book.put("A1", [["x" * 50_000]], option)
    refused = book.put("A2", [["x" * 50_001]], option)

    assert fits.status_code == 200
    assert "more than the maximum of 50000 characters in a single cell" in refused.json()["error"]["message"]
    assert book.read("Videos!A2") == []


def test_values_survive_on_disk(book):
    """What was answered is read back from the file with its types."""
    line = ["ä🎬", 1, 1.5, True, "", "2026-10-03", "=A1&B1"]
    book.put("Videos!A1", [line], "USER_ENTERED")
    before = book.read("Videos", "FORMATTED_VALUE")

    book.reopen()

    assert book.read("Videos", "FORMATTED_VALUE") == before
    assert book.read("Videos") == [["ä🎬", 1, 1.5, True, "", 46298, "ä🎬1"]]

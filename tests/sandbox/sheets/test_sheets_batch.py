"""spreadsheets.batchUpdate: cells, tabs, rules; atomic and in order."""

import pytest

WRITE = {"fields": "userEnteredValue"}


def cells(*lines):
    return [{"values": [{"userEnteredValue": value} for value in line]} for line in lines]


def text(value):
    return {"stringValue": value}


def start(row, column, sheet=0):
    return {"sheetId": sheet, "rowIndex": row, "columnIndex": column}


def block(top, bottom, left, right, sheet=0):
    return {
        "sheetId": sheet,
        "startRowIndex": top,
        "endRowIndex": bottom,
        "startColumnIndex": left,
        "endColumnIndex": right,
    }


def rows(start_index, end_index, dimension="ROWS", sheet=0):
    return {"sheetId": sheet, "dimension": dimension, "startIndex": start_index, "endIndex": end_index}


def test_update_cells_writes_typed_values(book):
    """Texts stay texts, whatever they look like; only formulaValue is a formula."""
    line = [text("=1+1"), {"numberValue": 7}, {"boolValue": True}, {"formulaValue": "=B1*2"}]

    book.batch({"updateCells": {"start": start(0, 0), "rows": cells(line), **WRITE}})

    assert book.read("Videos") == [["=1+1", 7, True, 14]]
    assert book.read("Videos", "FORMULA") == [["=1+1", 7, True, "=B1*2"]]


def test_update_cells_clears_what_rows_do_not_reach(book):
    """Cells of the range that the rows leave out lose the masked fields, and only those."""
    book.put("Videos!A1", [["a", "b"], ["c", "d"]])
    book.batch(
        {
            "updateCells": {
                "start": start(1, 1),
                "rows": [{"values": [{"note": "keep"}]}],
                "fields": "note",
            }
        }
    )

    book.batch({"updateCells": {"range": block(0, 2, 0, 2), "rows": cells([text("A")]), **WRITE}})

    assert book.read("Videos") == [["A"]]
    data = book.get(fields="sheets/data/rowData/values/note", ranges="Videos!A1:B2")
    assert data["sheets"][0]["data"][0]["rowData"][1]["values"][1]["note"] == "keep"


def test_a_refused_batch_leaves_no_trace(book):
    """One bad sub-request rejects all, and the message names it by number and kind."""
    book.put("Videos!A1", [["before"]])

    message = book.refused(
        {"updateCells": {"start": start(0, 0), "rows": cells([text("after")]), **WRITE}},
        {"insertDimension": {"range": rows(0, 3)}},
        {"addSheet": {"properties": {"title": "New"}}},
        {"deleteSheet": {"sheetId": 77}},
    )

    assert message == "Invalid requests[3].deleteSheet: No grid with id: 77"
    assert book.read("Videos") == [["before"]]
    assert [sheet["properties"]["title"] for sheet in book.get()["sheets"]] == ["Videos", "My Tab"]


def test_later_sub_requests_see_earlier_ones(book):
    """In order: insert, then write into the new row."""
    book.put("Videos!A1", [["a"]])

    book.batch(
        {"insertDimension": {"range": rows(0, 1)}},
        {"updateCells": {"start": start(0, 0), "rows": cells([text("new")]), **WRITE}},
    )

    assert book.read("Videos") == [["new"], ["a"]]


def test_the_answer_can_carry_the_state_after_the_batch(book):
    """Write and read the id column back in one call."""
    book.put("Videos!A1", [["id1", ""], ["id2", ""]])
    body = {
        "requests": [{"updateCells": {"start": start(1, 1), "rows": cells([text("done")]), **WRITE}}],
        "includeSpreadsheetInResponse": True,
        "responseRanges": ["Videos!A1:A"],
        "responseIncludeGridData": True,
    }
    mask = (
        "replies,updatedSpreadsheet.sheets(properties.sheetId,data(startRow,rowData.values.effectiveValue))"
    )

    full = book.post(":batchUpdate", body).json()
    cut = book.post(":batchUpdate", body, fields=mask).json()

    ids = [
        line["values"][0]["effectiveValue"]["stringValue"]
        for line in cut["updatedSpreadsheet"]["sheets"][0]["data"][0]["rowData"]
    ]
    assert ids == ["id1", "id2"]
    assert cut["updatedSpreadsheet"]["sheets"][0]["properties"] == {"sheetId": 0}
    assert [sheet["properties"]["title"] for sheet in full["updatedSpreadsheet"]["sheets"]] == ["Videos"]
    assert full["updatedSpreadsheet"]["sheets"][0]["data"][0]["rowData"][0]["values"][0][
        "formattedValue"
    ] == ("id1")


def test_without_grid_data_the_answer_has_none(book):
    """responseIncludeGridData is off by default."""
    request = {"updateCells": {"start": start(0, 0), "rows": cells([text("x")]), **WRITE}}

    answer = book.batch(request, includeSpreadsheetInResponse=True)

    assert "data" not in answer["updatedSpreadsheet"]["sheets"][0]


def test_formats_merge_by_mask(book):
    """A deep mask changes one property and leaves the others; a colour gets its twin and 32-bit floats."""
    book.batch(
        {
            "repeatCell": {
                "range": block(0, 2, 0, 1),
                "cell": {"userEnteredFormat": {"textFormat": {"bold": True, "fontSize": 14}}},
                "fields": "userEnteredFormat(textFormat.bold,textFormat.fontSize)",
            }
        },
        {
            "repeatCell": {
                "range": block(0, 1, 0, 1),
                "cell": {
                    "userEnteredFormat": {
                        "textFormat": {"bold": False},
                        "backgroundColor": {"red": 0.49803922, "green": 0.0, "blue": 1},
                    }
                },
                "fields": "userEnteredFormat(textFormat.bold,backgroundColor)",
            }
        },
    )

    data = book.get(fields="sheets.data.rowData.values.userEnteredFormat", ranges="Videos!A1:A2")
    lines = data["sheets"][0]["data"][0]["rowData"]
    colour = {"red": 0.49803922, "blue": 1}
    assert lines[0]["values"][0]["userEnteredFormat"] == {
        "textFormat": {"bold": False, "fontSize": 14},
        "backgroundColor": colour,
        "backgroundColorStyle": {"rgbColor": colour},
    }
    assert lines[1]["values"][0]["userEnteredFormat"] == {"textFormat": {"bold": True, "fontSize": 14}}


def test_repeat_cell_moves_formula_references(book):
    """A repeated formula speaks of its own row."""
    book.put("Videos!A1", [[1], [2], [3]])
    cell = {"userEnteredValue": {"formulaValue": "=A1*10+$A$1"}}

    book.batch({"repeatCell": {"range": block(0, 3, 1, 2), "cell": cell, **WRITE}})

    assert book.read("Videos!B1:B3") == [[11], [21], [31]]


def test_validation_is_set_and_removed(book):
    """Checkbox and dropdown rules are kept with the cell; without a rule they go."""
    box = {"condition": {"type": "BOOLEAN"}, "strict": True, "showCustomUi": True}
    book.batch({"setDataValidation": {"range": block(0, 2, 0, 1), "rule": box}})
    book.batch({"setDataValidation": {"range": block(1, 2, 0, 1)}})
    book.reopen()

    data = book.get(fields="sheets.data.rowData.values.dataValidation", ranges="Videos!A1:A2")

    assert data["sheets"][0]["data"][0]["rowData"] == [{"values": [{"dataValidation": box}]}]


def test_find_replace_is_a_compare_and_set(book):
    """It changes the one cell that holds exactly the old text, and the reply says whether it hit."""
    book.put("Videos!A1", [["queued · r7K3"], ["queued · r8K4"], ["QUEUED · r7K3"]])
    request = {
        "find": "queued · r7K3",
        "replacement": "sent · r7K3",
        "matchEntireCell": True,
        "matchCase": True,
        "includeFormulas": False,
        "range": block(0, 10, 0, 1),
    }

    first = book.batch({"findReplace": request})["replies"][0]
    second = book.batch({"findReplace": request})["replies"][0]

    assert first == {
        "findReplace": {"occurrencesChanged": 1, "valuesChanged": 1, "rowsChanged": 1, "sheetsChanged": 1}
    }
    assert second == {"findReplace": {}}
    assert book.read("Videos") == [["sent · r7K3"], ["queued · r8K4"], ["QUEUED · r7K3"]]


def test_find_replace_by_regular_expression(book):
    """A keyed write: whatever stands before the id is replaced."""
    book.put("Videos!A1", [["anything · r7K3"]])
    request = {"find": "^.*( · r7K3)$", "replacement": "done$1", "searchByRegex": True, "allSheets": True}

    book.batch({"findReplace": request})

    assert book.read("Videos") == [["done · r7K3"]]


def test_append_cells_goes_below_all_data(book):
    """Column A, after the last row with data anywhere, growing the grid."""
    book.put("Videos!C1000", [["last"]])

    book.batch({"appendCells": {"sheetId": 0, "rows": cells([text("=x"), {"boolValue": False}]), **WRITE}})

    assert book.read("Videos!A1001:B1001") == [["=x", False]]


def test_copy_paste_fills_down(book):
    """A block is repeated over a destination that is a multiple of it; formulas move along."""
    book.put("Videos!A1", [[2, "=A1*A1"]], "USER_ENTERED")
    copy = {"source": block(0, 1, 0, 2), "destination": block(1, 3, 0, 2), "pasteType": "PASTE_NORMAL"}
    values = {"source": block(0, 1, 1, 2), "destination": block(0, 1, 3, 4), "pasteType": "PASTE_VALUES"}

    book.batch({"copyPaste": copy}, {"copyPaste": values})

    assert book.read("Videos", "FORMULA") == [[2, "=A1*A1", "", 4], [2, "=A2*A2"], [2, "=A3*A3"]]


def test_cut_paste_moves_a_block(book):
    """Gone at the source, there at the destination."""
    book.put("Videos!A1", [["a", "b"]])

    book.batch({"cutPaste": {"source": block(0, 1, 0, 2), "destination": start(4, 1)}})

    assert book.read("Videos") == [[], [], [], [], ["", "a", "b"]]


# ---------------------------------------------------------------- tabs


def test_a_wished_sheet_id_is_kept_and_not_given_twice(book):
    """Adding a tab with a fixed id is detectably idempotent."""
    properties = {"sheetId": 4711, "title": "Log", "gridProperties": {"rowCount": 50, "frozenRowCount": 1}}

    reply = book.batch({"addSheet": {"properties": properties}})["replies"][0]["addSheet"]["properties"]
    again = book.refused({"addSheet": {"properties": {"sheetId": 4711, "title": "Other"}}})
    title = book.refused({"addSheet": {"properties": {"title": "LOG"}}})

    assert reply == {
        "sheetId": 4711,
        "index": 2,
        "title": "Log",
        "sheetType": "GRID",
        "gridProperties": {"rowCount": 50, "columnCount": 26, "frozenRowCount": 1},
    }
    assert "already exists" in again
    assert title == (
        'Invalid requests[0].addSheet: A sheet with the name "LOG" already exists. Please enter another name.'
    )


def test_sheet_properties_change_by_mask(book):
    """gspread's way to write a mask, with a slash; the grid's size is left alone."""
    book.batch(
        {
            "updateSheetProperties": {
                "properties": {"sheetId": 0, "gridProperties": {"frozenRowCount": 1}},
                "fields": "gridProperties/frozenRowCount",
            }
        },
        {
            "updateSheetProperties": {
                "properties": {"sheetId": 1, "title": "Control", "index": 0, "tabColor": {"red": 1}},
                "fields": "title,index,tabColor",
            }
        },
    )
    book.reopen()

    sheets = [sheet["properties"] for sheet in book.get()["sheets"]]
    assert [sheet["title"] for sheet in sheets] == ["Control", "Videos"]
    assert sheets[1]["gridProperties"] == {"rowCount": 1000, "columnCount": 26, "frozenRowCount": 1}
    assert sheets[0]["tabColorStyle"] == {"rgbColor": {"red": 1}}


def test_a_renamed_tab_is_followed_by_formulas(book):
    """A formula speaks of the tab, not of its old title."""
    book.put("'My Tab'!A1", [[5]])
    book.put("Videos!A1", [["='My Tab'!A1+1"]], "USER_ENTERED")
    book.batch(
        {"updateSheetProperties": {"properties": {"sheetId": 1, "title": "Control"}, "fields": "title"}}
    )
    book.put("Control!A1", [[6]])

    assert book.read("Videos") == [[7]]
    assert book.read("Videos", "FORMULA") == [["=Control!A1+1"]]


def update_sheet(fields, **properties):
    return {"updateSheetProperties": {"properties": properties, "fields": fields}}


@pytest.mark.parametrize(
    ("request_", "message"),
    [
        (
            update_sheet("gridProperties.frozenRowCount", sheetId=0, gridProperties={"frozenRowCount": 1000}),
            "Invalid requests[0].updateSheetProperties: You can't freeze all visible rows on the sheet.",
        ),
        (
            update_sheet("title", sheetId=9, title="x"),
            "Invalid requests[0].updateSheetProperties: No grid with id: 9",
        ),
        (
            {"deleteDimension": {"range": rows(0, 1000)}},
            "Invalid requests[0].deleteDimension: You can't delete all the rows on the sheet.",
        ),
        (
            {"deleteDimension": {"range": rows(999, 1001)}},
            (
                "Invalid requests[0].deleteDimension: Cannot delete a row that doesn't exist. "
                "Tried to delete row index 1000 but there are only 1000 rows."
            ),
        ),
        (
            {"appendDimension": {"sheetId": 0, "dimension": "ROWS", "length": 400_000}},
            (
                "Invalid requests[0].appendDimension: This action would increase the number of cells in the "
                "workbook above the limit of 10000000 cells."
            ),
        ),
    ],
)
def test_refusals_in_the_services_words(book, request_, message):
    """Texts people have reported, each with the sub-request in front."""
    assert book.refused(request_) == message


def test_hiding_or_deleting_the_last_tab_is_refused(book):
    """One visible tab must remain; frozen rows alone do not."""
    book.batch(update_sheet("hidden", sheetId=1, hidden=True))

    hide = book.refused(update_sheet("hidden", sheetId=0, hidden=True))
    delete = book.refused({"deleteSheet": {"sheetId": 0}})

    assert hide == "Invalid requests[0].updateSheetProperties: You can't hide all the sheets in a document."
    assert delete.startswith("Invalid requests[0].deleteSheet: You can't remove all the visible sheets")
    assert book.get()["sheets"][1]["properties"]["hidden"] is True


def test_frozen_rows_guard_against_deleting_the_rest(book):
    """With a frozen header, all other rows cannot go."""
    book.batch(update_sheet("gridProperties.frozenRowCount", sheetId=0, gridProperties={"frozenRowCount": 1}))

    assert book.refused({"deleteDimension": {"range": rows(1, 1000)}}) == (
        "Invalid requests[0].deleteDimension: Sorry, it is not possible to delete all non-frozen rows."
    )


def test_conditional_formats_are_an_ordered_list(book):
    """Rules are put at a place and taken from one; they follow inserted columns."""

    def rule(state):
        condition = {"type": "CUSTOM_FORMULA", "values": [{"userEnteredValue": f'=$A2="{state}"'}]}
        return {
            "ranges": [block(1, 1000, 0, 1)],
            "booleanRule": {
                "condition": condition,
                "format": {"backgroundColorStyle": {"rgbColor": {"red": 1}}},
            },
        }

    book.batch(
        {"addConditionalFormatRule": {"index": 0, "rule": rule("b")}},
        {"addConditionalFormatRule": {"index": 0, "rule": rule("a")}},
        {"insertDimension": {"range": rows(0, 1, "COLUMNS")}},
    )
    reply = book.batch({"deleteConditionalFormatRule": {"sheetId": 0, "index": 0}})["replies"][0]
    missing = book.refused({"deleteConditionalFormatRule": {"sheetId": 0, "index": 1}})

    kept = book.get(fields="sheets.conditionalFormats")["sheets"][0]["conditionalFormats"]
    assert reply["deleteConditionalFormatRule"]["rule"]["ranges"] == [block(1, 1000, 1, 2)]
    assert [r["booleanRule"]["condition"]["values"][0]["userEnteredValue"] for r in kept] == ['=$A2="b"']
    assert "No conditional format" in missing


def test_filter_view_is_changed_and_follows_its_column(book):
    """The masked fields change; what it filters by moves along, and goes with its column."""
    view = {"filterViewId": 5, "title": "Needs me", "range": block(0, 1000, 0, 5)}
    spec = {"columnIndex": 2, "filterCriteria": {"hiddenValues": ["Done"]}}
    book.batch({"addFilterView": {"filter": view}})
    changed = {"filterViewId": 5, "title": "Mine", "filterSpecs": [spec]}
    book.batch({"updateFilterView": {"filter": changed, "fields": "filterSpecs"}})
    columns = {"sheetId": 0, "dimension": "COLUMNS"}
    move = {"source": {**columns, "startIndex": 2, "endIndex": 3}, "destinationIndex": 0}
    book.batch({"moveDimension": move})
    [moved] = book.get()["sheets"][0]["filterViews"]
    book.batch({"deleteDimension": {"range": {**columns, "startIndex": 0, "endIndex": 1}}})
    [orphan] = book.get()["sheets"][0]["filterViews"]

    assert (moved["title"], moved["filterSpecs"]) == ("Needs me", [{**spec, "columnIndex": 0}])
    assert orphan["filterSpecs"] == []
    assert "No filter view with id: 6" in book.refused(
        {"updateFilterView": {"filter": {"filterViewId": 6}, "fields": "title"}}
    )


def test_filter_views_come_and_go(book):
    """A wished id is kept and refused the second time."""
    view = {"filterViewId": 5, "title": "Needs me", "range": block(0, 1000, 0, 5)}

    reply = book.batch({"addFilterView": {"filter": view}})["replies"][0]["addFilterView"]["filter"]
    again = book.refused({"addFilterView": {"filter": view}})
    book.batch({"deleteFilterView": {"filterId": 5}})

    assert reply == view
    assert "already exists" in again
    assert "filterViews" not in book.get()["sheets"][0]


def test_spreadsheet_properties_change_by_mask(book):
    """Time zone and recalculation, the title left alone."""
    properties = {"timeZone": "Europe/Berlin", "autoRecalc": "MINUTE", "title": "ignored"}

    book.batch({"updateSpreadsheetProperties": {"properties": properties, "fields": "timeZone,autoRecalc"}})
    told = book.get()["properties"]

    assert (told["title"], told["timeZone"], told["autoRecalc"]) == ("Book", "Europe/Berlin", "MINUTE")


# ---------------------------------------------------------------- dimensions


def test_column_width_and_hidden_mark(book):
    """Dimension properties by mask; defaults are 100 and 21 pixels."""
    update = {"range": rows(1, 2, "COLUMNS"), "properties": {"pixelSize": 250, "hiddenByUser": True}}

    book.batch({"updateDimensionProperties": {**update, "fields": "pixelSize"}})
    book.batch({"updateDimensionProperties": {**update, "fields": "hiddenByUser"}})
    data = book.get(ranges="Videos!A1:B1", includeGridData="true")["sheets"][0]["data"][0]

    assert data["columnMetadata"] == [{"pixelSize": 100}, {"pixelSize": 250, "hiddenByUser": True}]
    assert data["rowMetadata"] == [{"pixelSize": 21}]


def test_column_groups_collapse(book):
    """A collapsed group hides its columns; an inner group lies a level deeper."""
    outer, inner = rows(3, 8, "COLUMNS"), rows(4, 6, "COLUMNS")
    book.batch({"addDimensionGroup": {"range": outer}}, {"addDimensionGroup": {"range": inner}})
    group = {"range": outer, "depth": 1, "collapsed": True}
    book.batch({"updateDimensionGroup": {"dimensionGroup": group, "fields": "collapsed"}})

    sheet = book.get(ranges="Videos!D1:J1", includeGridData="true")["sheets"][0]

    assert sheet["columnGroups"] == [group, {"range": inner, "depth": 2}]
    assert [bool(c.get("hiddenByUser")) for c in sheet["data"][0]["columnMetadata"]] == [True] * 5 + [
        False
    ] * 2


def test_inserted_rows_look_like_their_neighbour(book):
    """inheritFromBefore takes the formats and rules of the row above, values never."""
    rule = {"condition": {"type": "BOOLEAN"}}
    book.put("Videos!A2", [[True]])
    book.batch({"setDataValidation": {"range": block(1, 2, 0, 1), "rule": rule}})

    book.batch({"insertDimension": {"range": rows(2, 3), "inheritFromBefore": True}})

    lines = book.get(fields="sheets.data.rowData.values.dataValidation", ranges="Videos!A2:A3")
    assert [line["values"][0]["dataValidation"] for line in lines["sheets"][0]["data"][0]["rowData"]] == [
        rule
    ] * 2
    assert book.read("Videos!A3") == []


def test_sorting_orders_by_kind_and_keeps_blanks_last(book):
    """Numbers before texts before booleans, blanks last either way."""
    book.put("Videos!A1", [["b", 1], [2, 2], ["", 3], [True, 4], ["A", 5], [1, 6]])

    def sort(order):
        spec = [{"dimensionIndex": 0, "sortOrder": order}]
        book.batch({"sortRange": {"range": block(0, 6, 0, 2), "sortSpecs": spec}})
        return [row[1] for row in book.read("Videos")]

    assert sort("ASCENDING") == [6, 2, 5, 1, 4, 3]
    assert sort("DESCENDING") == [4, 1, 5, 2, 6, 3]


def test_sorting_part_of_the_columns_leaves_the_others(book):
    """sortRange moves the range's cells, not whole rows."""
    book.put("Videos!A1", [[2, "x"], [1, "y"]])

    book.batch({"sortRange": {"range": block(0, 2, 0, 1), "sortSpecs": [{"dimensionIndex": 0}]}})

    assert book.read("Videos") == [[1, "x"], [2, "y"]]


@pytest.mark.parametrize("kind", ["addChart", "addSlicer", "insertComment", "madeUp"])
def test_what_is_not_built_says_so(book, kind):
    """501 by name, for kinds the service knows and for those it does not; nothing is changed."""
    write = {"updateCells": {"start": start(0, 0), "rows": cells([text("x")]), **WRITE}}

    response = book.post(":batchUpdate", {"requests": [write, {kind: {}}]})

    assert response.status_code == 501
    assert response.json()["error"]["message"] == f"The stand-in has not built: requests[1].{kind}"
    assert book.read("Videos") == []


@pytest.mark.parametrize(
    "request_",
    [
        {"updateCells": {"start": start(0, 0), "rows": cells([text("x")])}},
        {"updateCells": {"start": start(0, 0), "rows": cells([text("x")]), "fields": "nonsense"}},
        {"updateCells": {"start": start(0, 30), "rows": cells([text("x")]), **WRITE}},
        {"updateCells": {"rows": cells([text("x")]), **WRITE}},
        {"updateCells": {"start": start(0, 0), "rows": cells([{"numberValue": "7"}]), **WRITE}},
        {"updateCells": {"start": start(0, 0), "rows": "x", **WRITE}},
        {"insertDimension": {"range": rows(3, 3)}},
        {"insertDimension": {"range": {"sheetId": 0, "dimension": "UP", "startIndex": 0, "endIndex": 1}}},
        {"moveDimension": {"source": rows(2, 5), "destinationIndex": 3}},
        {"sortRange": {"range": block(0, 5, 0, 2), "sortSpecs": [{"dimensionIndex": 9}]}},
        {"findReplace": {"find": "x", "replacement": "$1", "searchByRegex": True, "allSheets": True}},
        {"findReplace": {"find": "(", "searchByRegex": True, "allSheets": True}},
        {"addSheet": {}, "deleteSheet": {}},
        {},
    ],
)
def test_malformed_sub_requests_are_refused(book, request_):
    """400, naming the sub-request."""
    book.put("Videos!A1", [["x"]])

    assert book.refused(request_).startswith("Invalid requests[0]")

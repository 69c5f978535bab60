"""Requests that move, fill, split and tidy blocks of cells, as Google's request reference describes them."""

import pytest


def area(text):
    """`A1:B2` on the first tab as GridRange."""
    first, last = text.split(":")
    return {
        "sheetId": 0,
        "startRowIndex": int(first[1:]) - 1,
        "endRowIndex": int(last[1:]),
        "startColumnIndex": ord(first[0]) - 65,
        "endColumnIndex": ord(last[0]) - 64,
    }


def at(text):
    return {"sheetId": 0, "rowIndex": int(text[1:]) - 1, "columnIndex": ord(text[0]) - 65}


def fill(source, length, dimension="ROWS", **more):
    wished = {"source": area(source), "dimension": dimension, "fillLength": length}
    return {"autoFill": {"sourceAndDestination": wished, **more}}


MOVES = {
    "insertRange down, only in its columns": (
        [[1, "a", "=A2"], [2, "b", "=A1:A2"], [3, "c", "=A1:B2"]],
        {"insertRange": {"range": area("A1:A2"), "shiftDimension": "ROWS"}},
        [["", "a", "=A4"], ["", "b", "=A3:A4"], [1, "c", "=A1:B2"], [2], [3]],
    ),
    "insertRange to the right, only in its rows": (
        [[1, 2, 3], ["=B1", "=A2"]],
        {"insertRange": {"range": area("B1:C1"), "shiftDimension": "COLUMNS"}},
        [[1, "", "", 2, 3], ["=D1", "=A2"]],
    ),
    "deleteRange closes up and leaves #REF!": (
        [[1, "a", "=A1"], [2, "b", "=A3"], [3, "c", "=A1:A3"]],
        {"deleteRange": {"range": area("A1:A1"), "shiftDimension": "ROWS"}},
        [[2, "a", "=#REF!"], [3, "b", "=A2"], ["", "c", "=A1:A2"]],
    ),
    "deleteRange to the left": (
        [[1, 2, 3, "=C1"], [4, 5]],
        {"deleteRange": {"range": area("A1:B1"), "shiftDimension": "COLUMNS"}},
        [[3, "=A1"], [4, 5]],
    ),
    "cutPaste is followed by formulas": (
        [[1, "=A1", "=SUM(A1:A2)"], [2, "=A2"]],
        {"cutPaste": {"source": area("A1:A1"), "destination": at("E1"), "pasteType": "PASTE_NORMAL"}},
        [["", "=E1", "=SUM(A1:A2)", "", 1], [2, "=A2"]],
    ),
    "cutPaste cuts all, whatever is pasted": (
        [[1, "=A1+1"]],
        {"cutPaste": {"source": area("B1:B1"), "destination": at("B2"), "pasteType": "PASTE_FORMAT"}},
        [[1]],
    ),
    "copyPaste transposed": (
        [[1, 2], ["=A1", "=B1"]],
        {
            "copyPaste": {
                "source": area("A1:B2"),
                "destination": area("D1:D1"),
                "pasteOrientation": "TRANSPOSE",
            }
        },
        [[1, 2, "", 1, "=D1"], ["=A1", "=B1", "", 2, "=D2"]],
    ),
    "copyPaste of formulas and values": (
        [[1, "=A1+1"]],
        {"copyPaste": {"source": area("A1:B1"), "destination": area("A2:B2"), "pasteType": "PASTE_VALUES"}},
        [[1, "=A1+1"], [1, 2]],
    ),
    "autoFill of one number repeats it": ([[5]], fill("A1:A1", 2), [[5], [5], [5]]),
    "autoFill's other series counts": ([[5]], fill("A1:A1", 2, useAlternateSeries=True), [[5], [6], [7]]),
    "autoFill goes on in a straight line": ([[1], [3]], fill("A1:A2", 2), [[1], [3], [5], [7]]),
    "autoFill upwards": ([[], [], [1], [3]], fill("A3:A4", -2), [[-3], [-1], [1], [3]]),
    "autoFill to the right": ([["x", "=A1"]], fill("A1:B1", 2, "COLUMNS"), [["x", "=A1", "x", "=C1"]]),
    "autoFill counts texts on": ([["Item 09"]], fill("A1:A1", 2), [["Item 09"], ["Item 10"], ["Item 11"]]),
    "autoFill knows days": ([["Sat"]], fill("A1:A1", 2), [["Sat"], ["Sun"], ["Mon"]]),
    "autoFill repeats what is no series": ([["x"], ["y1"]], fill("A1:A2", 2), [["x"], ["y1"], ["x"], ["y2"]]),
    "autoFill finds its own data": (
        [[1, "a1"], [2, "a2"]],
        {"autoFill": {"range": area("A1:B4")}},
        [[1, "a1"], [2, "a2"], [3, "a3"], [4, "a4"]],
    ),
    "pasteData with a delimiter": (
        [["old"]],
        {"pasteData": {"coordinate": at("B2"), "data": 'a;"b;c"\n7;=B2', "delimiter": ";"}},
        [["old"], ["", "a", "b;c"], ["", 7, "=B2"]],
    ),
    "pasteData of an HTML table": (
        [],
        {
            "pasteData": {
                "coordinate": at("A1"),
                "data": "<table><tr><th>n</th><td>1</td></tr><tr><td>x<td></table>",
                "html": True,
            }
        },
        [["n", 1]],
    ),
    "textToColumns finds the sign": (
        [["a, b,3"], ["c"]],
        {"textToColumns": {"source": area("A1:A2"), "delimiterType": "AUTODETECT"}},
        [["a", "b", 3], ["c"]],
    ),
    "textToColumns by a sign of one's own": (
        [["a|b"]],
        {"textToColumns": {"source": area("A1:A1"), "delimiterType": "CUSTOM", "delimiter": "|"}},
        [["a", "b"]],
    ),
    "trimWhitespace": (
        [["  a \t b\n", "ok", " =x"]],
        {"trimWhitespace": {"range": area("A1:C1")}},
        [["a b", "ok", "=x"]],
    ),
    "deleteDuplicates sees no capitals": (
        [["A", 1, "x"], ["b", 2, "y"], ["a", 1, "z"], ["c", 3]],
        {"deleteDuplicates": {"range": area("A1:B4")}},
        [["A", 1, "x"], ["b", 2, "y"], ["c", 3, "z"]],
    ),
    "deleteDuplicates by one column": (
        [["A", 1], ["b", 1], ["c", 2]],
        {
            "deleteDuplicates": {
                "range": area("A1:B3"),
                "comparisonColumns": [{"sheetId": 0, "dimension": "COLUMNS", "startIndex": 1, "endIndex": 2}],
            }
        },
        [["A", 1], ["c", 2]],
    ),
}


@pytest.mark.parametrize("case", MOVES.values(), ids=MOVES)
def test_blocks(book, case):
    """What stands where afterwards, formulas as typed; also after the file was read back."""
    before, request, after = case
    if before:
        book.put("Videos!A1", before, "USER_ENTERED")

    book.batch(request)

    assert book.read("Videos", "FORMULA") == after
    book.reopen()
    assert book.read("Videos", "FORMULA") == after


@pytest.mark.parametrize(
    ("request_", "reply"),
    [
        ({"trimWhitespace": {"range": area("A1:A3")}}, {"trimWhitespace": {"cellsChangedCount": 2}}),
        ({"deleteDuplicates": {"range": area("B1:B3")}}, {"deleteDuplicates": {"duplicatesRemovedCount": 2}}),
    ],
)
def test_how_many_cells_is_told(book, request_, reply):
    """The reply counts."""
    book.put("Videos!A1", [[" a", 1], ["b ", 1], ["c", 1]])

    assert book.batch(request_)["replies"] == [reply]


@pytest.mark.parametrize(
    ("request_", "said"),
    [
        ({"insertRange": {"range": area("A1:A1")}}, "dimension must be ROWS or COLUMNS"),
        ({"deleteRange": {"range": area("B1:B2"), "shiftDimension": "ROWS"}}, "merged range"),
        ({"autoFill": {"range": area("D1:E3")}}, "no data"),
        (fill("A1:A1", 0), "fillLength"),
        (fill("A1:A1", -1), "exceeds grid limits"),
        ({"pasteData": {"coordinate": at("A1"), "data": "a"}}, "delimiter"),
        ({"textToColumns": {"source": area("A1:B1"), "delimiterType": "COMMA"}}, "exactly one column"),
        ({"randomizeRange": {"range": area("A1:C2")}}, "vertical merges"),
        ({"updateBorders": {"range": area("A1:A1"), "top": {"style": "WAVY"}}}, "WAVY"),
        ({"duplicateFilterView": {"filterId": 7}}, "No filter view with id: 7"),
        (
            {"copyPaste": {"source": area("A1:A1"), "destination": area("B1:B1"), "pasteType": "X"}},
            "pasteType X",
        ),
    ],
)
def test_block_requests_are_refused(book, request_, said):
    """400 with the sub-request named, and why; there is a merged block at B2:C3."""
    book.put("Videos!A1", [["x"]])
    book.batch({"mergeCells": {"range": area("B2:C3"), "mergeType": "MERGE_ALL"}})

    text = book.refused(request_)

    assert text.startswith(f"Invalid requests[0].{next(iter(request_))}: ")
    assert said in text


def test_shuffled_rows_stay_whole(book):
    """randomizeRange moves rows, nothing else; the last column is outside and stays."""
    lines = [[number, f"t{number}", f"=A{number + 1}", number] for number in range(30)]
    book.put("Videos!A1", lines, "USER_ENTERED")

    book.batch({"randomizeRange": {"range": area("A1:C30")}})

    read = book.read("Videos")
    assert [line[3] for line in read] == list(range(30))
    assert sorted(line[0] for line in read) == list(range(30))
    assert all(line[1] == f"t{line[0]}" and line[2] == line[0] for line in read)
    assert [line[0] for line in read] != list(range(30))


def test_ranges_follow_cells_that_make_room(book):
    """Names, protections, rules and merged blocks of the band move; what reaches out of it stays."""
    inside, across = area("A2:A3"), area("A2:B3")
    rule = {"booleanRule": {"condition": {"type": "NOT_BLANK"}, "format": {"textFormat": {"bold": True}}}}
    book.batch(
        {"addNamedRange": {"namedRange": {"name": "inside", "range": inside}}},
        {"addNamedRange": {"namedRange": {"name": "across", "range": across}}},
        {"addProtectedRange": {"protectedRange": {"range": inside}}},
        {"addConditionalFormatRule": {"index": 0, "rule": {"ranges": [inside, across], **rule}}},
        {"addFilterView": {"filter": {"title": "v", "range": inside}}},
        {"mergeCells": {"range": inside, "mergeType": "MERGE_ALL"}},
        {"insertRange": {"range": area("A1:A1"), "shiftDimension": "ROWS"}},
    )

    told = book.get()
    names = {one["name"]: one["range"] for one in told["namedRanges"]}
    sheet = told["sheets"][0]
    assert names == {"inside": area("A3:A4"), "across": across}
    assert sheet["protectedRanges"][0]["range"] == sheet["merges"][0] == area("A3:A4")
    assert sheet["conditionalFormats"][0]["ranges"] == [area("A3:A4"), across]
    assert sheet["filterViews"][0]["range"] == area("A3:A4")
    book.batch({"unmergeCells": {"range": area("A3:A4")}})
    book.batch({"deleteRange": {"range": area("A3:A4"), "shiftDimension": "ROWS"}})
    assert [one["name"] for one in book.get()["namedRanges"]] == ["across"]
    assert "A named range with name inside already exists." in book.refused(
        {"addNamedRange": {"namedRange": {"name": "inside", "range": inside}}}
    )


def test_the_grid_grows_rather_than_lose_cells(book):
    """A full column that is pushed down, and a text pasted past the end, make rows."""
    book.batch(
        {
            "updateSheetProperties": {
                "properties": {"sheetId": 0, "gridProperties": {"rowCount": 2, "columnCount": 2}},
                "fields": "gridProperties(rowCount,columnCount)",
            }
        }
    )
    book.put("Videos!A1", [["a", 1], ["b", 2]])

    book.batch({"insertRange": {"range": area("A1:A1"), "shiftDimension": "ROWS"}})
    book.batch({"pasteData": {"coordinate": at("B3"), "data": "p,q\nr", "delimiter": ","}})

    assert book.read("Videos") == [["", 1], ["a", 2], ["b", "p", "q"], ["", "r"]]
    grid = book.get()["sheets"][0]["properties"]["gridProperties"]
    assert (grid["rowCount"], grid["columnCount"]) == (4, 3)


def test_borders_run_around_and_within(book):
    """Sides not named stay; NONE takes one away; the inner lines belong to both neighbours."""
    line = {"style": "SOLID", "colorStyle": {"rgbColor": {"red": 1}}}
    told = {"style": "SOLID", "width": 1, "color": {"red": 1}, "colorStyle": {"rgbColor": {"red": 1}}}
    both = area("A1:A2")
    book.batch({"updateBorders": {"range": both, "top": line, "innerHorizontal": {"style": "DOUBLE"}}})
    book.batch({"updateBorders": {"range": both, "left": line}})

    def borders():
        rows = book.get(ranges="Videos!A1:A2", fields="sheets/data/rowData/values/userEnteredFormat")
        found = rows["sheets"][0]["data"][0]["rowData"]
        return [line["values"][0]["userEnteredFormat"]["borders"] for line in found]

    double = {"style": "DOUBLE", "width": 3, "color": {}, "colorStyle": {"rgbColor": {}}}
    assert borders() == [
        {"top": told, "left": told, "bottom": double},
        {"left": told, "top": double},
    ]
    book.batch({"updateBorders": {"range": both, "top": {"style": "NONE"}}})
    assert borders()[0] == {"left": told, "bottom": double}


def test_a_filter_view_is_duplicated(book):
    """The copy has an id and a title of its own, all else is the same."""
    view = {"filterViewId": 7, "title": "Mine", "range": area("A1:B5")}

    _, reply = book.batch({"addFilterView": {"filter": view}}, {"duplicateFilterView": {"filterId": 7}})[
        "replies"
    ]

    copy = reply["duplicateFilterView"]["filter"]
    assert copy["filterViewId"] != 7
    assert (copy["title"], copy["range"]) == ("Copy of Mine", view["range"])
    assert len(book.get()["sheets"][0]["filterViews"]) == 2


def test_pasted_cells_bring_their_rules_along(book):
    """A conditional format holds for the copies too; PASTE_NO_BORDERS leaves the lines behind."""
    rule = {"booleanRule": {"condition": {"type": "NOT_BLANK"}, "format": {"textFormat": {"bold": True}}}}
    book.put("Videos!A1", [["x"]])
    book.batch(
        {"addConditionalFormatRule": {"index": 0, "rule": {"ranges": [area("A1:A1")], **rule}}},
        {"updateBorders": {"range": area("A1:A1"), "top": {"style": "SOLID"}}},
        {
            "copyPaste": {
                "source": area("A1:A1"),
                "destination": area("C3:C4"),
                "pasteType": "PASTE_NO_BORDERS",
            }
        },
    )

    sheet = book.get(ranges="Videos!C3", includeGridData=True)["sheets"][0]
    assert sheet["conditionalFormats"][0]["ranges"] == [area("A1:A1"), area("C3:C4")]
    (cell,) = sheet["data"][0]["rowData"][0]["values"]
    assert cell["formattedValue"] == "x"
    assert "borders" not in cell.get("userEnteredFormat", {})


def test_fields_nobody_may_write_are_passed_over_among_others(book):
    """pygsheets names hyperlink and pivotTable with every format; a cell that holds a pivot table is refused."""
    mask = "userEnteredFormat,hyperlink,note,pivotTable"
    book.batch({"repeatCell": {"range": area("A1:A1"), "cell": {"note": "n"}, "fields": mask}})

    (cell,) = book.get(ranges="Videos!A1", includeGridData=True)["sheets"][0]["data"][0]["rowData"][0][
        "values"
    ]
    assert cell == {"note": "n"}
    pivot = {"repeatCell": {"range": area("A1:A1"), "cell": {"pivotTable": {"rows": []}}, "fields": mask}}
    answer = book.post(":batchUpdate", {"requests": [pivot]})
    assert answer.status_code == 501
    assert "CellData.pivotTable" in answer.text
    only = {"repeatCell": {"range": area("A1:A1"), "cell": {}, "fields": "hyperlink"}}
    assert "read-only" in book.refused(only)

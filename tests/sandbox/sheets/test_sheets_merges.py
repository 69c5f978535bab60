"""Merged cells, and texts with runs and chips."""

import pytest
from test_sheets_batch import block, rows, start


def merge(area, kind="MERGE_ALL"):
    return {"mergeCells": {"range": area, "mergeType": kind}}


def merges(book):
    sheet = book.get(fields="sheets.merges")["sheets"][0]
    return [
        tuple(one[name] for name in ("startRowIndex", "endRowIndex", "startColumnIndex", "endColumnIndex"))
        for one in sheet.get("merges", [])
    ]


def test_merging_keeps_the_first_cell(book):
    """What the others held is gone; the block is listed with its tab."""
    book.put("Videos!A1", [["a", "b"], ["c", "d"]])

    book.batch(merge(block(0, 2, 0, 2)))

    assert book.read("Videos") == [["a"]]
    assert merges(book) == [(0, 2, 0, 2)]


@pytest.mark.parametrize(
    ("kind", "left", "found"),
    [
        ("MERGE_COLUMNS", [["a", "b"]], [(0, 2, 0, 1), (0, 2, 1, 2)]),
        ("MERGE_ROWS", [["a"], ["c"]], [(0, 1, 0, 2), (1, 2, 0, 2)]),
    ],
)
def test_merging_each_column_or_row_by_itself(book, kind, left, found):
    """One block for each."""
    book.put("Videos!A1", [["a", "b"], ["c", "d"]])

    book.batch(merge(block(0, 2, 0, 2), kind))

    assert book.read("Videos") == left
    assert merges(book) == found


def test_what_is_written_under_a_block_is_lost(book):
    """By either way of writing; the first cell takes it."""
    book.batch(merge(block(0, 2, 0, 1)))

    book.put("Videos!A1", [["a"], ["b"]])
    book.batch(
        {
            "updateCells": {
                "start": start(1, 0),
                "rows": [{"values": [{"userEnteredValue": {"stringValue": "c"}}]}],
                "fields": "userEnteredValue",
            }
        }
    )

    assert book.read("Videos") == [["a"]]


def test_blocks_follow_their_rows(book):
    """They move and grow with inserted rows, and go when a single cell is left."""
    book.batch(merge(block(1, 3, 0, 1)))

    book.batch({"insertDimension": {"range": rows(0, 1)}})
    book.batch({"insertDimension": {"range": rows(3, 4)}})
    grown = merges(book)
    book.batch({"deleteDimension": {"range": rows(2, 4)}})

    assert grown == [(2, 5, 0, 1)]
    assert merges(book) == []


def test_blocks_are_parted_whole_or_not_at_all(book):
    """A range that cuts through one is refused; the whole of it is taken apart."""
    book.batch(merge(block(0, 2, 0, 2)))

    refused = book.post(":batchUpdate", {"requests": [{"unmergeCells": {"range": block(0, 1, 0, 1)}}]}).json()
    book.batch({"unmergeCells": {"range": block(0, 2, 0, 3)}})

    assert "You must select all cells in a merged range" in refused["error"]["message"]
    assert merges(book) == []


def test_rows_under_one_block_cannot_be_sorted(book):
    """As people are told, too."""
    book.put("Videos!A1", [[2, "x"], [1, "y"]])
    book.batch(merge(block(0, 2, 1, 2)))
    sorting = {"range": block(0, 2, 0, 2), "sortSpecs": [{"dimensionIndex": 0}]}

    said = book.post(":batchUpdate", {"requests": [{"sortRange": sorting}]})

    assert said.status_code == 400
    assert "vertical merges" in said.json()["error"]["message"]


BOLD = [{"startIndex": 0, "format": {"bold": True}}, {"startIndex": 5, "format": {}}]
PERSON = {"startIndex": 0, "chip": {"personProperties": {"email": "ada@example.com"}}}
LINK = {"startIndex": 11, "chip": {"richLinkProperties": {"uri": "https://docs.google.com/document/d/1"}}}


def type_rich(book, text, **runs):
    cell = {"userEnteredValue": {"stringValue": text}, **runs}
    fields = ",".join(cell)
    return book.post(
        ":batchUpdate",
        {
            "requests": [
                {"updateCells": {"start": start(0, 0), "rows": [{"values": [cell]}], "fields": fields}}
            ]
        },
    )


def test_rich_text_reads_as_its_text(book):
    """Runs are kept beside it, and gone when the text is typed anew."""
    type_rich(book, "Great sale", textFormatRuns=BOLD)

    kept = book.get(fields="sheets/data/rowData/values/textFormatRuns", ranges="Videos!A1")
    text = book.read("Videos")
    book.put("Videos!A1", [["Other"]])
    after = book.get(fields="sheets/data/rowData/values/textFormatRuns", ranges="Videos!A1")

    assert text == [["Great sale"]]
    assert kept["sheets"][0]["data"][0]["rowData"][0]["values"][0]["textFormatRuns"] == BOLD
    assert "textFormatRuns" not in str(after)


def test_chips_read_as_what_they_show(book):
    """A person by the address, a file by its link, in the middle of a text."""
    type_rich(book, "@ shows in @!", chipRuns=[PERSON, LINK])

    assert book.read("Videos") == [["ada@example.com shows in https://docs.google.com/document/d/1!"]]


@pytest.mark.parametrize(
    "run", [{**LINK, "startIndex": 1}, {"startIndex": 0, "chip": {"personProperties": {}}}]
)
def test_chip_without_its_place(book, run):
    """400, as for anything that cannot be meant."""
    assert type_rich(book, "@ x", chipRuns=[run]).status_code == 400

"""Formulas: what they come to, and that they follow what they speak of."""

from __future__ import annotations

import pytest

from bot.sandbox.sheets import calculator
from bot.sandbox.sheets.references import copied, references, shifted
from bot.sandbox.sheets.shifts import Deleted, Inserted, Moved

LINK = "https://example.org/a.jpg"


def typed(book, where, *lines):
    response = book.put(where, [list(line) for line in lines], "USER_ENTERED")
    assert response.status_code == 200, response.text


@pytest.mark.parametrize(
    ("formula", "value"),
    [
        ("=4/2", 2),
        ("= 1 / 1024", 1 / 1024),
        ('="a"&"b"', "ab"),
        ('=IF(A1>2,"yes","no")', "yes"),
        ("=A1*2", 6),
        ("=SUM(A1:A)", 6),
        ("=SUM('My Tab'!A1:B1)", 7),
        ("=sum(videos!a1:a3)", 6),
        ('=TEXT(A1,"0.00")', "3.00"),
        ('=TEXT(0.5,"hh:mm")', "12:00"),
        ("=NOW()-NOW()>1", False),
        ("=1/0", "#DIV/0!"),
        ("=A1+Nope!A1", "#REF!"),
        ("=NOSUCHFUNCTION()", "#NAME?"),
        ("=F1", "#CIRC!"),
        ('=IFERROR(1/0,"calm")', "calm"),
        ('=COUNTIF(A1:A3,">1")', 2),
        ('=HYPERLINK("https://example.org","Watch")', "Watch"),
        ("=TRUE", True),
    ],
)
def test_formulas_are_evaluated(book, formula, value):
    """A formula reads as its result and keeps its text."""
    typed(book, "'My Tab'!A1", [3, 4])
    typed(book, "Videos!A1", [3], [1], [2])

    typed(book, "Videos!F1", [formula])

    assert book.read("Videos!F1") == [[value]]
    assert book.read("Videos!F1", "FORMULA") == [[formula]]


def test_results_follow_their_sources(book):
    """A later write elsewhere changes what a formula says, over tabs too."""
    typed(book, "'My Tab'!A1", ['=Videos!C3&"!"'])

    book.put("Videos!C3", [["one"]])
    first = book.read("'My Tab'")
    book.put("Videos!C3", [["two"]])

    assert (first, book.read("'My Tab'")) == ([["one!"]], [["two!"]])


def test_a_formula_over_a_column_not_spoken_of_before(book):
    """A second formula may bring in a column the first did not need."""
    book.put("Videos!A1", [[1, 2, 3]])
    typed(book, "Videos!F1", ["=A1"])
    typed(book, "Videos!G1", ["=C1"])
    book.put("Videos!C1", [[30]])

    assert book.read("Videos!F1:G1") == [[1, 30]]


def test_formulas_typed_over_and_over_are_evaluated_by_an_engine_that_is_not_full(book, monkeypatch):
    """The engine forgets nothing, so it is replaced now and then; what stands elsewhere goes on as it was."""
    monkeypatch.setattr(calculator, "_MOST_FORMULAS_TOLD", 3)
    typed(book, "Videos!A1", [5, "=A1+1"])
    seen = []
    for number in range(10):
        typed(book, "Videos!C1", [f"=B1*{number}"])
        seen.append(book.read("Videos!A1:C1"))

    assert seen == [[[5, 6, 6 * number]] for number in range(10)]


@pytest.mark.parametrize(
    "formula",
    [f'=IMAGE("{LINK}")', "=IMAGE(A1)", '=IF(A1="","",IMAGE(A1))', "=image(A1, 2)", '=IMAGE(A1&"")'],
)
def test_a_picture_reads_as_empty_text_and_tells_the_page_its_address(book, formula):
    """IMAGE cells have no value to read; the page gets the address."""
    book.put("Videos!A1", [[LINK]])
    typed(book, "Videos!B1", [formula])

    cell = book.http.get(f"/sandbox/sheets/{book.id}/grid").json()["rows"][0]["values"][1]

    assert book.read("Videos!A1:B1", "FORMATTED_VALUE") == [[LINK]]
    assert cell["image"] == LINK
    assert cell["userEnteredValue"] == {"formulaValue": formula}


def test_errors_and_links_in_grid_data(book):
    """Grid data names the kind of error, and the target of a HYPERLINK."""
    typed(book, "Videos!A1", ["=1/0", '=HYPERLINK("https://example.org","Watch")', "#REF!"])

    line = book.get(includeGridData=True, ranges="Videos!A1:C1")["sheets"][0]["data"][0]["rowData"][0]

    assert line["values"][0]["effectiveValue"]["errorValue"]["type"] == "DIVIDE_BY_ZERO"
    assert line["values"][1]["hyperlink"] == "https://example.org"
    assert line["values"][1]["formattedValue"] == "Watch"
    assert line["values"][2]["userEnteredValue"] == {"stringValue": "#REF!"}


def test_results_survive_on_disk(book):
    """Results are not stored; they are found again."""
    typed(book, "Videos!A1", [2, "=A1*21", '=TEXT(A1,"0.0")'])

    book.reopen()

    assert book.read("Videos") == [[2, 42, "2.0"]]


def test_sorted_formulas_speak_of_their_new_row(book):
    """Each row's formula goes with it and still means its own row."""
    typed(book, "Videos!A1", [3, "=A1*10"], [1, "=A2*10"], [2, "=A3*10"])
    area = {"sheetId": 0, "startRowIndex": 0, "endRowIndex": 3}

    book.batch({"sortRange": {"range": area, "sortSpecs": [{"dimensionIndex": 0}]}})

    assert book.read("Videos") == [[1, 10], [2, 20], [3, 30]]
    assert book.read("Videos!B1:B3", "FORMULA") == [["=A1*10"], ["=A2*10"], ["=A3*10"]]


def test_columns_inserted_and_deleted_move_formulas(book):
    """References and cells go right together; a deleted source is #REF!."""
    typed(book, "Videos!A1", [1, 2, "=A1+B1"])
    columns = {"sheetId": 0, "dimension": "COLUMNS"}

    book.batch({"insertDimension": {"range": {**columns, "startIndex": 1, "endIndex": 2}}})
    inserted = book.read("Videos", "FORMULA")
    book.batch({"deleteDimension": {"range": {**columns, "startIndex": 0, "endIndex": 1}}})

    assert inserted == [[1, "", 2, "=A1+C1"]]
    assert book.read("Videos", "FORMULA") == [["", 2, "=#REF!+B1"]]
    assert book.read("Videos") == [["", 2, "#REF!"]]


@pytest.mark.parametrize(
    ("formula", "found"),
    [
        ("=A1+$B$2", ["A1", "$B$2"]),
        ("=SUM(A:A, 3:4, B2:C, D4:5)", ["A:A", "3:4", "B2:C", "D4:5"]),
        ('="A1 and B2"&C3', ["C3"]),
        ("=LOG10(5)+ATAN2(1,2)+A10", ["A10"]),
        ("='My Tab'!A1+Log!B2:C3", ["'My Tab'!A1", "Log!B2:C3"]),
        ("='It''s'!A1", ["'It''s'!A1"]),
        ("=TRUE+1.5E3+x_A1", []),
    ],
)
def test_references_are_found(formula, found):
    """Cells, ranges, open ranges, other tabs; never inside texts or function names."""
    assert [str(reference) for reference in references(formula)] == found


@pytest.mark.parametrize(
    ("shift", "after"),
    [
        (Inserted(2, 1), "=A2+SUM(B2:B6)+C:C"),
        (Inserted(0, 1), "=A3+SUM(B3:B6)+C:C"),
        (Deleted(1, 2), "=#REF!+SUM(B2:B4)+C:C"),
        (Deleted(1, 5), "=#REF!+SUM(#REF!)+C:C"),
        (Moved(1, 2, 5), "=A5+SUM(B4:B5)+C:C"),
    ],
)
def test_references_shift(shift, after):
    """Rows of the named tab only; a range grows, shrinks, or is lost."""
    formula = "=A2+SUM(B2:B5)+C:C"

    assert shifted(formula, home="T", target="T", rows=True, shift=shift) == after
    assert shifted(formula, home="T", target="Other", rows=True, shift=shift) == formula


def test_copies_keep_fixed_parts():
    """Dollar signs hold a part; a copy that would leave the grid is lost."""
    assert copied("=A1+$A1+A$1+$A$1", 2, 1) == "=B3+$A3+B$1+$A$1"
    assert copied("=A1", -1, 0) == "=#REF!"


@pytest.mark.parametrize(
    ("locale", "formula", "value"),
    [
        ("en_US", '=IF(1>0;"a;b";2)', "a;b"),
        ("en_US", "=SUM(1.5;2,3)", 6.5),
        ("de_DE", '=IF(1>0;"a,b";2)', "a,b"),
        ("de_DE", "=SUM(1,5;2,5)", 4),
        ("de_DE", '=IF(1>0,"a","b")', "#ERROR!"),
        ("fr_FR", "=SUM(1,A2)", "#ERROR!"),
        ("fr_FR", "=SUM({1\\2;3\\4})", 10),
        ("tr_TR", "=SUM(1,2)", 1.2),
        ("es_MX", "=SUM(1,2)", 3),
    ],
)
def test_comma_or_semicolon(stand_in, http, locale, formula, value):
    """The semicolon divides arguments everywhere, the comma only where it is no decimal mark (as in
    googleapis/google-api-nodejs-client#1994).
    """
    key = stand_in.create_workbook("D", {"A": []}, locale=locale)
    cell = {"userEnteredValue": {"formulaValue": formula}}
    start = {"sheetId": 0, "rowIndex": 0, "columnIndex": 0}
    request = {"updateCells": {"start": start, "rows": [{"values": [cell]}], "fields": "userEnteredValue"}}
    http.post(f"/v4/spreadsheets/{key}:batchUpdate", json={"requests": [request]})
    read = http.get(f"/v4/spreadsheets/{key}/values/A1", params={"valueRenderOption": "UNFORMATTED_VALUE"})

    assert read.json()["values"] == [[value]]

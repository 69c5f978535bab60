"""What is known of values on the wire, fact by fact: Google's pages [D], recorded traffic [C], clients run here [R].

Each case names the fact; what an older test shows already is listed in `test_facts_index`.
"""

import pytest


def read(book, where="Videos", render="UNFORMATTED_VALUE", **query):
    return book.read(where, render, **query)


def wrote(book, value, option="RAW", render="UNFORMATTED_VALUE"):
    """What one cell reads after the value was put over an `old` one."""
    book.put("Videos!A1", [["old"]])
    book.put("Videos!A1", [[value]], option)
    return (read(book, render=render) or [["(empty)"]])[0][0]


def entered(book, value, render="UNFORMATTED_VALUE"):
    return wrote(book, value, "USER_ENTERED", render)


def shown(book, formula):
    """One formula under every render option, and a date's text where asked."""
    book.put("Videos!A1", [[formula]], "USER_ENTERED")
    options = ("FORMATTED_VALUE", "UNFORMATTED_VALUE", "FORMULA")
    return [read(book, render=option)[0][0] for option in options]


def told(book, verb, path, **more):
    return book.http.request(verb, f"{book.path}/{path}", **more).json()


def echoed(book, text):
    return told(book, "GET", f"values/{text}")["range"]


WRITING = {
    "null leaves the cell [D]": (lambda book: wrote(book, None), "old"),
    "null, typed [D]": (lambda book: entered(book, None), "old"),
    "empty text empties [D]": (lambda book: wrote(book, ""), "(empty)"),
    "empty text, typed [D]": (lambda book: entered(book, ""), "(empty)"),
    "true is a boolean [D]": (lambda book: wrote(book, True), True),
    "RAW 'TRUE' is a text [D]": (lambda book: wrote(book, "TRUE"), "TRUE"),
    "typed 'TRUE' is a boolean [D]": (lambda book: entered(book, "TRUE"), True),
    "a number is a number under both [D]": (lambda book: (wrote(book, 17), entered(book, 17)), (17, 17)),
    "RAW 007 is a text [D]": (lambda book: wrote(book, "007"), "007"),
    "typed 007 is seven [D]": (lambda book: entered(book, "007"), 7),
    "RAW 1/2 is a text [D]": (lambda book: wrote(book, "1/2"), "1/2"),
    "typed 1/2 is a day [D]": (lambda book: entered(book, "1/2") > 45_000, True),
    "RAW =1+1 is a text [D]": (lambda book: wrote(book, "=1+1", render="FORMULA"), "=1+1"),
    "RAW =1+1 is not worked out [D]": (lambda book: wrote(book, "=1+1"), "=1+1"),
    "typed =1+1 is worked out [D]": (lambda book: entered(book, "=1+1"), 2),
    "RAW '007 keeps its apostrophe [D]": (lambda book: wrote(book, "'007"), "'007"),
    "typed '007 loses it and is a text [D]": (lambda book: entered(book, "'007"), "007"),
    "only texts are parsed: a typed JSON number stays [D]": (lambda book: entered(book, 1e5), 100000),
    "an object is refused [C]": (lambda book: book.put("Videos!A1", [[{}]]).status_code, 400),
    "a bare value instead of a list is refused in Google's words [C]": (
        lambda book: book.put("Videos!A1", ["X"]).json()["error"]["message"],
        "Invalid value at 'data.values' (type.googleapis.com/google.protobuf.ListValue), \"X\"",
    ),
    "updateCells' stringValue is never parsed [D]": (
        lambda book: (
            book.batch(
                {
                    "updateCells": {
                        "start": {"sheetId": 0, "rowIndex": 0, "columnIndex": 0},
                        "rows": [{"values": [{"userEnteredValue": {"stringValue": "=1+1"}}]}],
                        "fields": "userEnteredValue",
                    }
                }
            ),
            read(book),
        )[1],
        [["=1+1"]],
    ),
    "an empty text counts as an updated cell [C]": (
        lambda book: book.put("Videos!A1", [["", "x"]]).json()["updatedCells"],
        2,
    ),
}

READING = {
    "=4/2 is 2 or '2' [C]": (lambda book: shown(book, "=4/2"), ["2", 2, "=4/2"]),
    "=1/1024 with spaces in it [C]": (
        lambda book: shown(book, "= 1 / 1024"),
        ["0.0009765625", 0.0009765625, "= 1 / 1024"],
    ),
    "a date is its serial number; 2020-01-01 is 43831 [C]": (
        lambda book: shown(book, "2020-01-01"),
        ["2020-01-01", 43831, 43831],
    ),
    "day 0 is 1899-12-30 [D]": (lambda book: shown(book, "1900-01-01")[1], 2),
    "a boolean is TRUE as text, true as JSON [D]": (lambda book: shown(book, "TRUE"), ["TRUE", True, True]),
    "an error reads as its text [D]": (lambda book: shown(book, "=1/0"), ["#DIV/0!", "#DIV/0!", "=1/0"]),
    "0.1+0.2 arrives as such [D]": (lambda book: shown(book, "=0.1+0.2")[1], 0.1 + 0.2),
    "whole numbers have no fraction [D]": (lambda book: str(shown(book, "=7.0")[1]), "7"),
    "the file's locale shows numbers [D]": (
        lambda book: (
            book.batch(
                {"updateSpreadsheetProperties": {"properties": {"locale": "de_DE"}, "fields": "locale"}}
            ),
            book.put("Videos!A1", [[1.5]]),
            read(book, render="FORMATTED_VALUE"),
        )[2],
        [["1,5"]],
    ),
    "the date option does nothing to formatted values [D]": (
        lambda book: (
            entered(book, "2020-01-01"),
            read(book, render="FORMATTED_VALUE", dateTimeRenderOption="SERIAL_NUMBER"),
        )[1],
        [["2020-01-01"]],
    ),
    "trailing blanks go, those between stay [C]": (
        lambda book: (book.put("Videos!B2", [["x", ""], [""], ["", "y"]]), read(book))[1],
        [[], ["", "x"], [], ["", "", "y"]],
    ),
    "all empty: no values key [C]": (
        lambda book: sorted(told(book, "GET", "values/Videos!A1:B2")),
        ["majorDimension", "range"],
    ),
    "hidden rows are told like all others [P, D]": (
        lambda book: (
            book.put("Videos!A1", [["a"], ["b"]]),
            book.batch(
                {
                    "updateDimensionProperties": {
                        "range": {"sheetId": 0, "dimension": "ROWS", "startIndex": 0, "endIndex": 1},
                        "properties": {"hiddenByUser": True},
                        "fields": "hiddenByUser",
                    }
                }
            ),
            read(book),
        )[2],
        [["a"], ["b"]],
    ),
    "a hyperlink reads as what it shows [D]": (
        lambda book: shown(book, '=HYPERLINK("https://e.org","Here")')[1],
        "Here",
    ),
    "COLUMNS turns rows and columns over [D]": (
        lambda book: (book.put("Videos!A1", [["a", "b"], ["c"]]), read(book, majorDimension="COLUMNS"))[1],
        [["a", "c"], ["b"]],
    ),
}

RANGES = {
    "Videos": "Videos!A1:Z1000",
    "'Videos'": "Videos!A1:Z1000",
    "Videos!A1:A": "Videos!A1:A1000",
    "Videos!A2:2": "Videos!A2:Z2",
    "Videos!D4:A1": "Videos!A1:D4",
    "Videos!A1:A1": "Videos!A1",
    "A1": "Videos!A1",
    "'My Tab'!B2": "'My Tab'!B2",
}

ANSWERS = {
    "an append names the table it found and what it wrote [C]": (
        lambda book: (
            book.put("Videos!A1", [["x", "", "z"]]),
            told(
                book,
                "POST",
                "values/Videos:append",
                params={"valueInputOption": "RAW"},
                json={"values": [["p", "q", "r"]]},
            ),
        )[1],
        {
            "tableRange": "Videos!C1",
            "updates": {
                "updatedRange": "Videos!C2:E2",
                "updatedRows": 1,
                "updatedColumns": 3,
                "updatedCells": 3,
            },
        },
    ),
    "an append to A1 stays with the first table [C]": (
        lambda book: (
            book.put("Videos!A1", [["x", "", "z"]]),
            told(
                book,
                "POST",
                "values/Videos!A1:append",
                params={"valueInputOption": "RAW"},
                json={"values": [["p"]]},
            ),
        )[1],
        {
            "tableRange": "Videos!A1",
            "updates": {
                "updatedRange": "Videos!A2",
                "updatedRows": 1,
                "updatedColumns": 1,
                "updatedCells": 1,
            },
        },
    ),
    "an append to an empty tab names no table [C]": (
        lambda book: sorted(
            told(
                book,
                "POST",
                "values/Videos:append",
                params={"valueInputOption": "RAW"},
                json={"values": [["p"]]},
            )
        ),
        ["spreadsheetId", "updates"],
    ),
    "values:batchUpdate counts in all and tells each [C]": (
        lambda book: told(
            book,
            "POST",
            "values:batchUpdate",
            json={"valueInputOption": "RAW", "data": [{"range": "Videos!A1:B1", "values": [["a", "b"]]}]},
        ),
        {
            "totalUpdatedRows": 1,
            "totalUpdatedColumns": 2,
            "totalUpdatedCells": 2,
            "totalUpdatedSheets": 1,
            "responses": [
                {"updatedRange": "Videos!A1:B1", "updatedRows": 1, "updatedColumns": 2, "updatedCells": 2}
            ],
        },
    ),
    "clear says what it cleared [C]": (
        lambda book: told(book, "POST", "values/Videos:clear"),
        {"clearedRange": "Videos!A1:Z1000"},
    ),
    "batchClear says all it cleared [C]": (
        lambda book: told(book, "POST", "values:batchClear", json={"ranges": ["Videos!A1", "My Tab!B2"]}),
        {"clearedRanges": ["Videos!A1", "'My Tab'!B2"]},
    ),
}


@pytest.mark.parametrize("fact", WRITING.values(), ids=WRITING)
def test_writing(book, fact):
    """What one written value becomes."""
    ask, answer = fact

    found = ask(book)

    assert found == answer
    assert type(found) is type(answer)


@pytest.mark.parametrize("fact", READING.values(), ids=READING)
def test_reading(book, fact):
    """What is told of what stands there."""
    ask, answer = fact

    assert ask(book) == answer


@pytest.mark.parametrize("asked", RANGES)
def test_the_range_is_echoed_in_one_form(book, asked):
    """Whole, closed, in order, quoted only where it must be [C]."""
    assert echoed(book, asked) == RANGES[asked]


def without_ids(answer):
    if isinstance(answer, dict):
        return {name: without_ids(value) for name, value in answer.items() if name != "spreadsheetId"}
    return [without_ids(one) for one in answer] if isinstance(answer, list) else answer


@pytest.mark.parametrize("fact", ANSWERS.values(), ids=ANSWERS)
def test_answers_to_writes(book, fact):
    """What a write is answered, to the letter (the spreadsheet's id aside)."""
    ask, answer = fact

    assert without_ids(ask(book)) == answer

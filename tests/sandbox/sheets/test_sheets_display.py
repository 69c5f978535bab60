"""How numbers show: rounded half away from zero by the digits they have, in the file's words."""

import pytest

from bot.sandbox.sheets.calculator import shown_number
from bot.sandbox.sheets.celldata import general


@pytest.mark.parametrize(
    ("number", "pattern", "shown"),
    [
        (0.125, "0%", "13%"),
        (0.285, "0%", "29%"),
        (0.285, "0.0%", "28.5%"),
        (2.5, "0", "3"),
        (-2.5, "0", "-3"),
        (1.005, "0.00", "1.01"),
        (2.675, "0.00", "2.68"),
        (1234.565, "#,##0.00", "1,234.57"),
        (1234.5, "$#,##0", "$1,235"),
        (-1.5, "0;(0)", "(2)"),
        (1250000, '0.0,,"M"', "1.3M"),
        (45500, "0,", "46"),
        (125, "0.0E+00", "1.3E+02"),
        (2.5, '0 "of 0.5"', "3 of 0.5"),
        (0.125, "0.##", "0.13"),
        (1e30, "0", "1" + "0" * 30),
        (0.75, "h:mm", "18:00"),
        (44927.5, "yyyy-mm-dd hh:mm", "2023-01-01 12:00"),
        (1.5, "[h]:mm", "36:00"),
    ],
)
def test_patterns_round_half_up(number, pattern, shown):
    """As a person would round the digits they see; moments are left alone."""
    assert shown_number(number, pattern, "en_US") == shown


@pytest.mark.parametrize(
    ("number", "shown"),
    [
        (1 / 3, "0.3333333333"),
        (0.1 + 0.2, "0.3"),
        (1e11 / 3, "33333333333"),
        (123456789012.5, "123456789013"),
        (-1.5, "-1.5"),
        (0.00001, "0.00001"),
        (1.5e15, "1.5E+15"),
        (1e-12, "1E-12"),
        (0.0, "0"),
        (2.00000000005, "2"),
    ],
)
def test_the_automatic_format_keeps_ten_digits(number, shown):
    """All of the whole part, and an exponent only for the very large and the very small."""
    assert general(number, "en_US") == shown
    assert general(number, "de_DE") == shown.replace(".", ",")


def test_a_percent_cell_reads_as_people_see_it(book):
    """The whole way: a format, a number, a formatted read."""
    look = {"userEnteredFormat": {"numberFormat": {"type": "PERCENT", "pattern": "0%"}}}
    book.batch({"repeatCell": {"range": {"sheetId": 0}, "cell": look, "fields": "userEnteredFormat"}})
    book.put("Videos!A1", [[0.125, 0.005]])

    assert book.read("Videos", "FORMATTED_VALUE") == [["13%", "1%"]]
    assert book.read("Videos") == [[0.125, 0.005]]


def test_ranges_by_name_and_by_number(book):
    """A named range, a named range behind its tab, and R1C1 notation are read and written like A1."""
    cells = {"sheetId": 1, "startRowIndex": 0, "endRowIndex": 2, "startColumnIndex": 1, "endColumnIndex": 2}
    book.batch({"addNamedRange": {"namedRange": {"name": "Prices", "range": cells}}})
    book.put("prices", [[1], [2]])
    book.put("'My Tab'!R3C2", [[3, 4]])

    assert book.read("'My Tab'!Prices") == [[1], [2]]
    assert book.read("'My Tab'!R2C2:R3C3") == [[2], [3, 4]]
    told = book.http.get(f"{book.path}/values/Prices").json()
    assert told["range"] == "'My Tab'!B1:B2"
    assert book.http.get(f"{book.path}/values/None!Prices").status_code == 400

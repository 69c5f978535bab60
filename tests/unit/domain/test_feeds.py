"""What a feed changes in a tab."""

from __future__ import annotations

import pytest
from builders import contract

from bot.domain.cells import Cell
from bot.domain.contract import Field, FieldType
from bot.domain.feeds import (
    Changes,
    Feed,
    Matched,
    Pair,
    Update,
    changes,
    feed_cell,
    is_same,
    match,
    restored,
)
from bot.domain.rows import Table
from bot.domain.values import Locale

CONTRACT = contract(
    Field("headline", "Headline"),
    Field("count", "Count", FieldType.NUMBER),
    Field("day", "Day", FieldType.DATE),
)
SHEET = ("Approve", "SKU", "Headline", "Count", "Day", "Notes", "Twice", "twice", "Retry", "Status", "Row ID")
POINT, COMMA = Locale(), Locale(",")


def feed(*lines: tuple[str, ...], header: tuple[str, ...] = ("SKU", "Headline")) -> Feed:
    """A file of these lines; the first is line 2."""
    return Feed(header, tuple(enumerate(lines, start=2)))


def matched(*header: str) -> Matched:
    """These columns against the sheet's, by SKU."""
    found = match(header or ("SKU", "Headline"), SHEET, CONTRACT, "SKU")
    assert isinstance(found, Matched)
    return found


def table(*rows: tuple[Cell, ...]) -> Table:
    """The sheet with rows below its header."""
    return Table.of([SHEET, *rows])


def planned(given: Feed, there: Table, locale: Locale = POINT) -> Changes:
    """What has to be written."""
    found = changes(given, matched(*given.header), there, locale)
    assert isinstance(found, Changes)
    return found


def refused(given: Feed, there: Table) -> tuple[str, ...]:
    """What is wrong."""
    found = changes(given, matched(*given.header), there, POINT)
    assert isinstance(found, tuple)
    return found


# -- columns --------------------------------------------------------------------


def test_columns_meet_whatever_their_capitals_and_blanks():
    """Types come from the contract; boxes and the robot's columns are left alone; strangers are named."""
    found = matched("sku ", "HEAD LINE", "count", "Notes", "Approve", "retry", "status", "Foo", "")

    assert [(one.name, one.source, one.target, one.type) for one in found.pairs] == [
        ("SKU", 0, 1, FieldType.TEXT),
        ("Headline", 1, 2, FieldType.TEXT),
        ("Count", 2, 3, FieldType.NUMBER),
        ("Notes", 3, 5, FieldType.TEXT),
    ]
    assert found.key.name == "SKU"
    assert (found.left_alone, found.unknown) == (("Approve", "retry", "status"), ("Foo",))


@pytest.mark.parametrize(
    ("header", "key", "said"),
    [
        (("SKU", "sku"), "SKU", 'The file has the column "SKU" more than once.'),
        (("SKU", "Twice"), "SKU", 'The sheet has the column "Twice" more than once. Rename or delete one.'),
        (("SKU",), "Skuu", 'The file has no column "Skuu". Did you mean "SKU"?'),
        (("SKU", "Article"), "Article", 'The sheet has no column "Article".'),
        (
            ("SKU", "Row ID"),
            "row id",
            '"row id" is the robot\'s, or a box. Match rows by a column of your own',
        ),
    ],
)
def test_columns_that_cannot_meet_are_named(header: tuple[str, ...], key: str, said: str):
    """With what may have been meant."""
    found = match(header, SHEET, CONTRACT, key)

    assert isinstance(found, tuple)
    assert found[0].startswith(said)


# -- rows -----------------------------------------------------------------------


def test_rows_are_updated_added_and_left_as_they_are():
    """Only cells that differ; new rows go below everything, and no box is filled."""
    there = table(
        (True, "a", "Same"), (False, "b", "Old"), (False, 7, "Seven"), (False,), (True,), (False, "", "")
    )

    plan = planned(feed(("a", "Same"), ("b", "New"), ("c", "Third"), ("7", "Seven"), ("d", "")), there)

    assert [(one.row_number, one.key, one.before, one.after) for one in plan.updates] == [
        (3, "b", "Old", "New")
    ]
    assert plan.new == ({1: "c", 2: "Third"}, {1: "d"})
    assert (plan.same, plan.changed_rows, plan.first_free) == (2, 1, 7)


def test_a_second_time_nothing_is_left_to_do():
    """Once its cells are in the sheet."""
    there = table((False, "a", "Same", 3, 46237.5))
    given = feed(("a", "Same", "3", "2026-08-03 12:00"), header=("SKU", "Headline", "Count", "Day"))

    plan = planned(given, there)

    assert (plan.updates, plan.new, plan.same) == ((), (), 1)


def test_an_empty_tab_is_filled_from_its_second_row():
    """Below the header."""
    assert planned(feed(("a", "x")), table()).first_free == 2


@pytest.mark.parametrize(
    ("lines", "rows", "said"),
    [
        ([("a", "x"), ("a", "y")], [], ['"SKU" is a in lines 2, 3: which one is meant?']),
        ([("a", "x", "y")], [], ["Line 2 has 3 fields, the header has 2."]),
        ([("", "x")], [], ['"SKU" is empty in line 2.']),
        ([("", "x")] * 7, [], ['"SKU" is empty in lines 2, 3, 4, 5, 6 and 2 more.']),
        ([("a",)], [], ["Line 2 has 1 field, the header has 2."]),
        ([("a", "x" * 50_001)], [], ["Line 2 has more than 50,000 characters in one field."]),
        (
            [("a", "x")],
            [(False, "a"), (False, "a ")],
            ['"SKU" is a in rows 2, 3 of the sheet: which one is meant?'],
        ),
    ],
)
def test_keys_that_name_nobody_or_several_are_refused(lines: list, rows: list, said: list[str]):
    """With the numbers of their lines and rows; nothing is written then."""
    assert list(refused(feed(*lines), table(*rows))) == said


# -- cells ----------------------------------------------------------------------


@pytest.mark.parametrize(
    ("kind", "text", "locale", "cell"),
    [
        (FieldType.NUMBER, "1.5", POINT, 1.5),
        (FieldType.NUMBER, "1,5", COMMA, 1.5),
        (FieldType.NUMBER, " 12 ", POINT, 12),
        (FieldType.NUMBER, "1,5", POINT, "1,5"),
        (FieldType.MONEY, "19.90", POINT, 19.9),
        (FieldType.MONEY, "19.999", POINT, "19.999"),
        (FieldType.TEXT, "0049", POINT, "0049"),
        (FieldType.TEXT, "=1+1", POINT, "=1+1"),
        (FieldType.TEXT, "  ", POINT, None),
        (FieldType.DATE, "2026-08-03", POINT, 46237.0),
        (FieldType.DATE, "2026-08-03T12:00:00", POINT, 46237.5),
        (FieldType.DATE, "2026-13-03", POINT, "2026-13-03"),
        (FieldType.DATE, "03.08.2026", POINT, "03.08.2026"),
        (FieldType.BOOL, "true", POINT, True),
        (FieldType.BOOL, "FALSE", POINT, False),
        (FieldType.BOOL, "yes", POINT, "yes"),
    ],
)
def test_cells_get_the_type_of_their_column(kind: FieldType, text: str, locale: Locale, cell: Cell):
    """Numbers only in columns for numbers, by the sheet's own decimal sign; nothing is guessed."""
    found = feed_cell(kind, text, locale)

    assert (found, type(found)) == (cell, type(cell))


@pytest.mark.parametrize(
    ("now", "wanted", "same"),
    [
        (True, True, True),
        (False, False, True),
        (None, False, True),
        (True, False, False),
        ("words", False, False),
        (False, None, True),
        ("", None, True),
        ("x", None, False),
        (" a ", "a", True),
        (1001, "1001", True),
        (1.5, 1.5, True),
        ("1.5", 1.5, False),
        (None, 0, False),
        (True, 1, False),
    ],
)
def test_a_cell_that_holds_it_already_is_left_alone(now: Cell, wanted: Cell, same: bool):
    """As far as anybody could tell."""
    assert is_same(now, wanted) is same


# -- when rows move meanwhile ------------------------------------------------------


def strays(*numbers: int) -> list[Update]:
    """Writes of a headline that met other rows."""
    pair = matched().pairs[1]
    assert pair == Pair("Headline", 1, 2, FieldType.TEXT)
    return [Update(number, "a", pair, "Old", "New") for number in numbers]


def test_what_a_stray_write_took_is_given_back():
    """To the row that stood in its way, by what it held; rows of the feed are written anew anyway."""
    before = table((False, "a", "Old"), (False, "b", "Theirs"), (False, "c", "Kept"), (False, "d", "New"))
    now = table(
        (False, "b", "New"),
        (False, "a", "Old"),
        (False, "", "New"),
        (False, "x", "New"),
        (False, "c", "Edited"),
    )

    back, lost = restored(strays(2, 3, 4, 5, 6, 9), matched(), before, now, feed(("a", "New")))

    assert [(one.row_number, one.key, one.after) for one in back] == [(2, "b", "Theirs")]
    assert lost == (4, 5)

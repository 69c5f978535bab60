"""Wishes: real dates in the sheet's zone, three priorities, whole credits; everything else is refused in words."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest
from builders import columns, row

from bot.domain.cells import as_serial
from bot.domain.contract import PeopleColumn
from bot.domain.values import Locale
from bot.domain.wishes import NO_WISH, Priority, Wish, read_wish, wish_places

BERLIN = ZoneInfo("Europe/Berlin")
LATER = datetime(2026, 8, 4, 9, 30, tzinfo=BERLIN)
TEXT = '"Render at" is text, not a date. Use Format → Number → Date time.'
NO_DAY = '"Render at" is not a date with a time. Write it like 2026-08-03 14:00.'


def read(zone=UTC, **cells):
    return read_wish(row(**cells), columns(), zone)


def test_nothing_wished():
    """Blank cells mean now, in the sheet's order."""
    assert read() == (NO_WISH, ())
    assert read(render_at="  ", priority=" ") == (NO_WISH, ())


def test_time_of_the_sheet():
    """A date cell is a local time of the sheet."""
    wish, problems = read(BERLIN, render_at=as_serial(LATER))

    assert wish == Wish(datetime(2026, 8, 4, 7, 30, tzinfo=UTC))
    assert problems == ()


@pytest.mark.parametrize(
    ("local", "instant"),
    [
        # The clocks go forward from 02:00 to 03:00: what they skip counts on from before the change.
        (datetime(2026, 3, 29, 2, 30, tzinfo=BERLIN), datetime(2026, 3, 29, 1, 30, tzinfo=UTC)),
        (datetime(2026, 3, 29, 3, 30, tzinfo=BERLIN), datetime(2026, 3, 29, 1, 30, tzinfo=UTC)),
        # They go back from 03:00 to 02:00: what comes twice means the first one.
        (datetime(2026, 10, 25, 2, 30, tzinfo=BERLIN), datetime(2026, 10, 25, 0, 30, tzinfo=UTC)),
        (datetime(2026, 10, 25, 3, 30, tzinfo=BERLIN), datetime(2026, 10, 25, 2, 30, tzinfo=UTC)),
        (datetime(2040, 1, 1, 0, 0, tzinfo=BERLIN), datetime(2039, 12, 31, 23, 0, tzinfo=UTC)),
    ],
)
def test_f_T04_gap_and_overlap(local, instant):
    """Every local time means one moment, also where summer time begins and ends, and beyond 2038."""
    assert read(BERLIN, render_at=as_serial(local))[0].at == instant


@pytest.mark.parametrize(
    ("cell", "words"),
    [
        ("2026-08-04 09:30", TEXT),
        ("tomorrow", TEXT),
        ("#REF!", TEXT),
        (0.5, NO_DAY),
        (0, NO_DAY),
        (-1, NO_DAY),
        (36_525.9, NO_DAY),
        (1e300, NO_DAY),
        (float("inf"), NO_DAY),
        (True, NO_DAY),
    ],
)
def test_f_C09_no_date(cell, words):
    """Text, a time without its day, the year 1899 and boxes are no date: nothing is guessed."""
    wish, (problem,) = read(render_at=cell)

    assert wish.at is None
    assert (problem.code.value, problem.column, problem.text) == ("DATA-DATE", "Render at", words)


@pytest.mark.parametrize(("cell", "priority"), [("High", 0), (" low ", 2), ("NORMAL", 1), (None, 1)])
def test_priorities(cell, priority):
    """Capitals and blanks do not matter."""
    assert read(priority=cell) == (Wish(None, Priority(priority)), ())


def test_unknown_priority():
    """Other words are refused with those there are."""
    _, (problem,) = read(priority="urgent")

    assert problem.text == '"Priority" must be one of: High, Normal, Low. Now: "urgent".'


def test_sheet_without_these_columns():
    """All of these columns are optional."""
    people = {PeopleColumn.APPROVE: 0}
    bare = replace(columns(), people=people)

    assert wish_places(bare) == ()
    assert read_wish(row(render_at="x", priority="y", max_credits="z"), bare, UTC) == (NO_WISH, ())
    assert len(wish_places(columns())) == 3


@pytest.mark.parametrize(
    ("cell", "most"),
    [(30, 30), (30.0, 30), (12.75, 12), (0, 0), ("30", 30), (" 30 ", 30), (None, None), ("  ", None)],
)
def test_most_it_may_cost(cell, most):
    """A number, also one typed as text; a part of a credit buys nothing; blank is no limit."""
    assert read(max_credits=cell) == (Wish(max_credits=most), ())


@pytest.mark.parametrize("cell", ["plenty", "30 credits", "1,000", -1, "-1", True, 1e300])
def test_no_amount(cell):
    """Anything else names its column, and is no limit of zero either."""
    wish, (problem,) = read(max_credits=cell)

    assert wish.max_credits is None
    assert (problem.code.value, problem.column) == ("DATA-FORMAT", "Max credits")
    assert problem.text.startswith('"Max credits" should look like 30. Now: "')


def test_amount_by_the_sheet_s_locale():
    """Text is read as the spreadsheet writes numbers."""
    asked = row(max_credits="12,5")

    assert read_wish(asked, columns(), UTC, Locale(","))[0].max_credits == 12
    assert read_wish(asked, columns(), UTC)[1]


def test_broken_formula_for_an_amount():
    """Said as of any other column."""
    _, (problem,) = read(max_credits="#REF!")

    assert problem.text == '"Max credits" shows #REF!. The formula is broken.'

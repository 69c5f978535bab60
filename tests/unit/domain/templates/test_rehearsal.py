"""Rows judged by a template, added up."""

from __future__ import annotations

from builders import content, contract

from bot.domain.failures import ProblemCode
from bot.domain.records import judge
from bot.domain.templates.rehearsal import Example, FormatTally, LimitTally, Rehearsal


def rehearsed(*rows: dict[str, str]) -> Rehearsal:
    """Rows from the second line on; a format of their own with `format`."""
    made = Rehearsal(contract())
    for number, said in enumerate(rows, start=2):
        made.add(number, judge(content(**said), contract()), 9)
    return made


def test_rows_and_credits_by_format():
    """Credits are those of the rows that pass."""
    made = rehearsed({}, {"headline": "x" * 50}, {"format": "square"}, {"format": "tall"})

    assert (made.rows, made.passing) == (4, 2)
    assert made.formats == {
        "wide": FormatTally(2, 1, 9),
        "square": FormatTally(1, 1, 9),
        "tall": FormatTally(1, 0, 0),
    }


def test_columns_that_keep_rows_from_passing():
    """The worst first, with the first three rows and every code."""
    made = rehearsed(
        *({"headline": ""} for _ in range(3)),
        {"headline": "x" * 50, "link": "nowhere"},
        {"link": "here"},
        {"format": "tall"},
    )
    headline, link, shape = made.columns()

    assert (headline.column, headline.rows) == ("Headline", 4)
    assert headline.codes == {ProblemCode.DATA_MISSING: 3, ProblemCode.TEXT_LONG: 1}
    assert headline.examples[0] == Example(2, '"Headline" is empty. Please fill it in.')
    assert [one.row for one in headline.examples] == [2, 3, 4]
    assert (link.column, link.rows) == ("Link", 2)
    assert (shape.column, shape.rows) == ("Format", 1)


def test_limits_say_what_would_let_more_pass():
    """For half of those that fail by nothing else, and for all of them; a row that fails anyway counts only as over."""
    made = rehearsed(
        {"headline": "x" * 45},
        *({"headline": "x" * length} for length in (46, 60, 50)),
        {"headline": "x" * 99, "price": ""},
        {"headline": "x" * 31, "format": "square"},
        {"headline": "x" * 200 + "{{"},
    )
    wide, square, price, _ = made.limits()

    assert wide == LimitTally("Headline", "wide", 45, 1, 4, 99, ((50, 2), (60, 3)))
    assert square == LimitTally("Headline", "square", 30, 0, 1, 31, ((31, 1),))
    assert price == LimitTally("Price", "wide", 12, 5, 0, 3, ())


def test_columns_no_row_fills():
    """They live on their fallbacks; without rows nobody knows."""
    assert rehearsed({"badge": "New"}).empty_columns() == ("Accent colour", "Link", "Mood", "Count")
    assert rehearsed().empty_columns() == ()

"""Records: every reason why a row cannot be rendered, in words its author can act on."""

from __future__ import annotations

from dataclasses import replace

import pytest
from builders import FIELDS, columns, content, contract, record, rejection, row
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.contract import PeopleColumn, RobotColumn
from bot.domain.failures import ProblemCode
from bot.domain.records import (
    Record,
    Rejection,
    cell_of,
    changed_columns,
    data_places,
    judge,
    read_content,
)

TEXT = st.text(max_size=60)


@pytest.mark.parametrize(
    ("data", "code", "words"),
    [
        ({"headline": ""}, "DATA-MISSING", '"Headline" is empty. Please fill it in.'),
        (
            {"headline": "x" * 68},
            "TEXT-LONG",
            '"Headline" is 68 characters; the limit is 45. Shorten by 23.',
        ),
        (
            {"headline": "👨‍👩‍👧‍👦" * 31, "format": "square"},
            "TEXT-LONG",
            '"Headline" is 31 characters; the limit is 30. Shorten by 1.',
        ),
        (
            {"accent": "teal-ish"},
            "DATA-FORMAT",
            '"Accent colour" should look like #2DD4BF. Now: "teal-ish".',
        ),
        ({"count": "1e999"}, "DATA-FORMAT", '"Count" should look like 12.5. Now: "1e999".'),
        ({"count": "1,5"}, "DATA-FORMAT", '"Count" should look like 12.5. Now: "1,5".'),
        ({"count": "١٢"}, "DATA-FORMAT", '"Count" should look like 12.5. Now: "١٢".'),
        ({"count": "NaN"}, "DATA-FORMAT", '"Count" should look like 12.5. Now: "NaN".'),
        (
            {"link": "javascript:alert(1)"},
            "DATA-FORMAT",
            '"Link" should look like https://…. Now: "javascript:alert(1)".',
        ),
        (
            {"link": "https://a b"},
            "DATA-FORMAT",
            '"Link" has a blank or an invisible character in its link. Copy the link again.',
        ),
        ({"mood": "Sad"}, "DATA-FORMAT", '"Mood" must be one of: Calm, Loud. Now: "Sad".'),
        ({"format": "Tall"}, "DATA-FORMAT", '"Format" must be one of: wide, square. Now: "Tall".'),
        ({"price": "#REF!"}, "CELL-ERROR", '"Price" shows #REF!. The formula is broken.'),
        (
            {"price": "Loading..."},
            "CELL-ERROR",
            '"Price" is still loading. If it never ends, mend the formula.',
        ),
        (
            {"badge": "a\x00"},
            "DATA-FORMAT",
            '"Badge" holds an invisible character (U+0000). Type the text again.',
        ),
        (
            {"badge": "{{price}}"},
            "DATA-FORMAT",
            '"Badge" holds "{{". Please write it without double braces.',
        ),
        (
            {"headline": "", "price": "", "accent": "teal"},
            "DATA-MANY",
            '3 things to fix: "Headline", "Price", "Accent colour".',
        ),
    ],
)
def test_what_to_fix(data, code, words):
    """A row that cannot be rendered names its column, what is wrong and what to do."""
    judged = judge(content(**data), contract())

    assert isinstance(judged, Rejection)
    assert (judged.code.value, judged.text) == (code, words)


@pytest.mark.parametrize(
    "data",
    [
        {},
        {"headline": "x" * 45},
        {"headline": "👨‍👩‍👧‍👦" * 30, "format": "square"},
        {"accent": "#a1B2c3"},
        {"count": "-12.50"},
        {"link": "HTTP://example.com/a?b=%20"},
        {"mood": "Loud"},
        {"badge": "50% <off> & {more}"},
    ],
)
def test_fine_as_it_is(data):
    """Good content passes, up to the very limit."""
    assert isinstance(judge(content(**data), contract()), Record)


def test_long_value_is_quoted_short():
    """A cell repeats only the beginning of what was typed."""
    judged = rejection("Sale", accent="teal " * 5_000)

    assert judged.text.endswith('…".')
    assert len(judged.text) < 110


def test_fallbacks():
    """A blank optional cell uses the template's value, without counting as content."""
    judged = record(accent="")

    assert dict(judged.values)["accent"] == "#2DD4BF"
    assert cell_of(judged.content, "accent") == ""
    assert cell_of(judged.content, "no such field") is None


def test_reads_data_and_format():
    """Content is what people wrote into data columns and Format, in normal form."""
    line = row(" Big  sale ", price=9.0, format="SQUARE")

    assert read_content(line, columns(), contract()) == content("Big  sale", price="9", format="square")


def test_without_a_format_column():
    """A sheet without Format renders the default."""
    bare = replace(columns(), people={PeopleColumn.APPROVE: 0})

    assert read_content(row(format="square"), bare, contract()).format == "wide"


@given(st.sampled_from(RobotColumn), TEXT, st.booleans(), st.booleans())
def test_content_is_data_only(column, text, approve, retry):
    """No robot column and no tick is part of what was approved."""
    plain = read_content(row(), columns(), contract())

    assert (
        read_content(row(robot={column: text}, approve=approve, retry=retry), columns(), contract()) == plain
    )


@given(
    st.dictionaries(st.sampled_from([one.key for one in FIELDS]), TEXT),
    st.dictionaries(st.sampled_from([one.key for one in FIELDS]), TEXT),
)
def test_fingerprints(one, other):
    """Two contents share a fingerprint exactly when they are equal."""
    first, second = content(**one), content(**other)

    assert (first.fingerprint == second.fingerprint) == (first == second)


def test_fingerprint_tells_fields_apart():
    """The same text in another column is other content, and so is another format."""
    prints = {
        content(badge="A", mood="").fingerprint,
        content(badge="", mood="A").fingerprint,
        content(badge="A", format="square").fingerprint,
    }

    assert len(prints) == 3


@given(st.fixed_dictionaries({one.key: TEXT for one in FIELDS}), st.sampled_from(["wide", "square", "", "x"]))
def test_any_text_is_judged(data, name):
    """Whatever is typed, a row either passes or names columns that exist; nothing breaks."""
    judged = judge(content(**data, format=name), contract())

    if isinstance(judged, Rejection):
        names = {one.column for one in FIELDS} | {"Format"}
        assert {problem.column for problem in judged.problems} <= names
        assert judged.text
    else:
        assert dict(judged.content.values) == data


def test_blank_content():
    """A line without any data is no row, whatever else it holds."""
    assert read_content(row(None, price="", approve=True, format="wide"), columns(), contract()).is_blank
    assert not content().is_blank


def test_changed_columns():
    """An edit is told by the names of the columns it touched."""
    before = content("Big sale", badge="New")
    after = content("Bigger sale", badge="New", format="square")

    assert changed_columns(before, after, contract()) == ("Headline", "Format")
    assert changed_columns(before, before, contract()) == ()


def test_hostile_text_is_judged_quickly():
    """Fifty thousand signs in every cell are measured in linear time, and all of them are reported."""
    long = "{ <a\u0301👨‍👩‍👧‍👦" * 5_000

    judged = judge(content(**{one.key: long for one in FIELDS}), contract())

    assert isinstance(judged, Rejection)
    assert judged.code is ProblemCode.DATA_MANY
    assert [problem.column for problem in judged.problems] == [
        "Headline",
        "Price",
        "Accent colour",
        "Link",
        "Mood",
        "Count",
    ]


def test_content_comes_from_the_named_places():
    """Whatever changes outside the places named, the content stays what it was."""
    line = row("Big sale", price="9", format="square")
    found = data_places(columns(), contract())
    kept = [cell if place in found else "changed" for place, cell in enumerate(line.cells)]

    assert read_content(replace(line, cells=kept), columns(), contract()) == read_content(
        line, columns(), contract()
    )


def test_sheet_without_formats_has_a_place_less():
    """A tab without a Format column is read all the same."""
    people = {name: place for name, place in columns().people.items() if name is not PeopleColumn.FORMAT}

    found = data_places(replace(columns(), people=people), contract())

    assert columns().people[PeopleColumn.FORMAT] not in found
    assert len(found) == len(FIELDS)

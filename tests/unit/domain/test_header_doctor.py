"""The header doctor names what is odd before anything is added."""

from __future__ import annotations

import pytest
from fakes.world import TEMPLATE

from bot.domain.contract import PeopleColumn, RobotColumn
from bot.domain.header_doctor import Diagnosis, NearMiss, examine, wanted_columns

CONTRACT = TEMPLATE.contract
GOOD = ("Approve", "Headline", "Price", "Notes")


def test_good_header_is_left_in_peace():
    """Other columns, other orders, other capitals: nothing to say."""
    assert examine([GOOD], CONTRACT) == Diagnosis()
    assert examine([("price", "HEAD LINE", "Approve?")], CONTRACT) == Diagnosis()
    assert examine([], CONTRACT) == Diagnosis()


def test_every_column_is_wanted_once():
    """People's, the template's, the robot's."""
    wanted = wanted_columns(CONTRACT)

    assert set(wanted) == {*PeopleColumn, *RobotColumn, "Headline", "Price"}
    assert len(wanted) == len(set(wanted))


@pytest.mark.parametrize("shown", ["Headlin", "Headlines", "Haedline", "Headline!s"])
def test_near_miss_is_asked_about(shown: str):
    """A name that differs by a letter or two is most likely meant."""
    found = examine([("Approve", shown, "Price")], CONTRACT)

    assert found.near_misses == (NearMiss(1, shown, "Headline"),)
    assert found.near_misses[0].text == f'Column B is called "{shown}". Is "Headline" meant?'


def test_each_missing_column_is_meant_once():
    """Two headers like the same missing one: the first is asked about."""
    found = examine([("Headlin", "Headlines", "Price")], CONTRACT)

    assert [one.shown for one in found.near_misses] == ["Headlin"]


def test_a_stranger_is_no_near_miss_of_a_column_that_is_there():
    """Somebody has a column of their own with a similar name."""
    assert examine([("Headline", "Headlines", "Price")], CONTRACT).near_misses == ()


def test_twice():
    """Both places are named."""
    found = examine([("Headline", "Price", "head-line")], CONTRACT)

    assert found.twice == ('"Headline" is there twice, in A and C. Rename or delete one.',)


@pytest.mark.parametrize(
    ("shown", "words"),
    [
        ("Headline ", "blank at its end"),
        (" Headline", "blank in front"),
        ("Headline\u00a0", "non-breaking blank"),
        ("\u200bHeadline", "zero-width blank"),
        ("Head\nline", "line break"),
        ("Head\u00a0line ", "non-breaking blank and a blank at its end"),
        ("Pre\u0301is", "letter in another spelling"),
    ],
)
def test_ghosts_are_named(shown: str, words: str):
    """What nobody sees is told in words; the column is found all the same."""
    found = examine([("Approve", shown, "Price")], CONTRACT)

    assert len(found.ghosts) == 1
    assert found.ghosts[0].startswith("Column B, ")
    assert f"holds a hidden {words}." in found.ghosts[0]


def test_odd_but_visible_headers_are_no_ghosts():
    """Numbers, and blanks between words."""
    assert examine([("Approve", 2026, "Shown  apart", "Price")], CONTRACT).ghosts == ()


@pytest.mark.parametrize("notes", [1, 3])
def test_header_below_notes(notes: int):
    """A sheet whose first rows explain something."""
    rows = [*[("Spring campaign",)] * notes, GOOD]

    assert examine(rows, CONTRACT) == Diagnosis(header_row=notes + 1)


def test_data_that_looks_like_a_header_is_none():
    """The first row is the header as long as it is a better one."""
    assert examine([GOOD, ("Headline", "Price")], CONTRACT).header_row is None
    assert examine([("Something",), ("Headline",)], CONTRACT).header_row is None


MINE = ("Approve", "Headline", "Price", "Status", "Video")


def test_column_of_people_s_that_is_called_like_the_robot_s():
    """It holds something: the robot would write over it, so it is named before anything is added."""
    found = examine([MINE, ("", "Hello", "9", "sent to Ann"), ("", "Hi")], CONTRACT)

    assert len(found.taken) == 1
    assert found.taken[0].startswith('Column D, "Status", holds something of yours')


@pytest.mark.parametrize(
    "rows",
    [[MINE, ("", "Hello", "9", "", " ")], [(*MINE, "Row ID"), ("", "Hello", "9", "Done", "https://v")]],
    ids=["empty", "prepared"],
)
def test_column_that_is_the_robot_s_to_have(rows: list[tuple[str, ...]]):
    """Nothing in it would be lost, or it is the robot's own."""
    assert examine(rows, CONTRACT).taken == ()

"""The contract: columns found by their headers, whatever their order and spelling."""

from __future__ import annotations

import random

import pytest
from builders import FIELDS, HEADER, contract

from bot.domain.contract import (
    VISIBLE_ROBOT_COLUMNS,
    Columns,
    Field,
    HeaderProblem,
    PeopleColumn,
    RobotColumn,
    locate,
)
from bot.domain.rows import Row, Table


def without(*names: str) -> list[str]:
    return [name for name in HEADER if name not in names]


def test_order_does_not_matter():
    """Columns are found wherever they were dragged, next to columns of other people."""
    header = [*HEADER, "Notes", "", None, "Owner"]
    random.Random(7).shuffle(header)

    found = locate(header, contract())

    assert isinstance(found, Columns)
    assert [header[place] for place in found.robot.values()] == list(RobotColumn)
    assert [header[place] for place in found.people.values()] == list(PeopleColumn)
    assert [header[place] for place in found.data.values()] == [one.column for one in FIELDS]


def test_spelling_does_not_matter():
    """Capitals, blanks and punctuation are forgiven in every header."""
    header = [f" {name.upper().replace(' ', '_')}: " for name in HEADER]

    assert locate(header, contract()) == locate(HEADER, contract())


@pytest.mark.parametrize("name", [PeopleColumn.RETRY, PeopleColumn.FORMAT])
def test_optional_columns(name):
    """A sheet without Retry or Format works."""
    found = locate(without(name), contract())

    assert isinstance(found, Columns)
    assert name not in found.people


@pytest.mark.parametrize("name", ["Row ID", "Status", "Approve", "Headline"])
def test_missing_column(name):
    """A missing column is named; a missing Row ID never means that there are no ids."""
    assert locate(without(name), contract()) == (HeaderProblem(name, "missing"),)


def test_near_miss():
    """A header that was probably meant is named beside the missing one."""
    header = ["Headlines" if name == "Headline" else name for name in HEADER]

    assert locate(header, contract()) == (HeaderProblem("Headline", "missing", "Headlines"),)


def test_own_columns_are_no_near_miss():
    """A column that has its own meaning is never proposed for another."""
    wanted = contract(Field("one", "Picture"), Field("two", "Pictures"))

    assert locate([PeopleColumn.APPROVE, *RobotColumn, "Pictures"], wanted) == (
        HeaderProblem("Picture", "missing"),
    )


@pytest.mark.parametrize("double", ["Headline", "row id", "RETRY", "Approve"])
def test_double_column(double):
    """Two columns with one name are a problem, also where one would be optional: nobody knows which counts."""
    found = locate([*HEADER, double], contract())

    assert isinstance(found, tuple)
    assert [problem.kind for problem in found] == ["twice"]
    assert found[0].column.lower() == double.lower()


def test_every_problem_at_once():
    """All that is wrong with a header is told in one go."""
    found = locate([*without("Headline", "Video"), "Price"], contract())

    assert isinstance(found, tuple)
    assert {(one.column, one.kind) for one in found} == {
        ("Headline", "missing"),
        ("Video", "missing"),
        ("Price", "twice"),
    }


def test_empty_sheet():
    """A tab without a header has every problem and no accident."""
    found = locate([], contract())

    assert isinstance(found, tuple)
    assert {"Row ID", "Approve", "Headline"} <= {one.column for one in found}


@pytest.mark.parametrize(
    ("cell", "name"),
    [
        (None, "wide"),
        ("", "wide"),
        ("Square", "square"),
        (" SQUARE ", "square"),
        ("Portrait", None),
        (12, None),
    ],
)
def test_format_names(cell, name):
    """A blank format is the default, case is forgiven, and an unknown one is never guessed."""
    assert contract().format_named(cell) == name


@pytest.mark.parametrize(("name", "limit"), [("wide", 45), ("square", 30)])
def test_tighter_limits(name, limit):
    """A format may have less room than the field."""
    assert FIELDS[0].limit(name) == limit


def test_people_look_at_robot_columns_only():
    """What is shown first are columns the robot owns."""
    assert set(VISIBLE_ROBOT_COLUMNS) < set(RobotColumn)


def test_ragged_rows():
    """Cells a read left out at the end are empty, and so is empty text."""
    line = Row(2, ["Sale", ""])

    assert [line.at(0), line.at(1), line.at(99)] == ["Sale", None, None]


def test_tables():
    """The first line is the header; rows are numbered as people see them."""
    table = Table.of([["A"], ["x"], [], ["y"]])

    assert table.header == ["A"]
    assert [(one.number, one.at(0)) for one in table.rows] == [(2, "x"), (3, None), (4, "y")]


def test_nothing_at_all():
    """An empty tab is a table without a header and rows."""
    assert Table.of([]) == Table((), ())

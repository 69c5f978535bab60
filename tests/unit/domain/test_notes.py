"""Notes on headers: what a column is for, and what it may hold."""

from __future__ import annotations

import pytest

from bot.domain.contract import Field, FieldType, PeopleColumn, RobotColumn
from bot.domain.wording.notes import field_note, header_note


@pytest.mark.parametrize("column", [*PeopleColumn, *RobotColumn])
def test_columns_of_every_sheet(column):
    """Each is explained in a sentence or two; the robot's say that they are its own."""
    note = header_note(column)

    assert note is not None
    assert note.endswith(".")
    assert note.startswith("Filled in by the video robot.") == isinstance(column, RobotColumn)


def test_data_column_is_the_contract_s():
    """What is no column of every sheet has no note of its own."""
    assert header_note("Headline") is None


def test_all_a_contract_says():
    """Every limit of the field, in the order a person asks for them."""
    field = Field(
        "cta",
        "CTA",
        FieldType.CHOICE,
        required=True,
        max_chars=18,
        per_format={"square": 12},
        fallback="Shop now",
        choices=("Shop now", "Book"),
        note="The words on the button.",
    )

    assert field_note(field) == (
        "The words on the button. Required. At most 18 characters. Square: at most 12. "
        'One of: Shop now, Book. Empty means "Shop now".'
    )


def test_field_without_limits():
    """A bare field only says whether it must be filled."""
    assert field_note(Field("x", "X")) == "Optional."

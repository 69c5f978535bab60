"""Rows made up for a template."""

from __future__ import annotations

import pytest
from builders import contract

from bot.domain.contract import Field, FieldType
from bot.domain.records import Record, judge
from bot.domain.templates.specimen import specimen

EVERY_TYPE = tuple(
    Field(
        kind.value,
        f"A {kind}",
        kind,
        required=True,
        choices=("Calm", "Loud") if kind is FieldType.CHOICE else (),
    )
    for kind in FieldType
)


@pytest.mark.parametrize("format_name", ["wide", "square"])
def test_every_column_is_filled_and_valid(format_name: str):
    """Whatever its type."""
    made = specimen(contract(*EVERY_TYPE), format_name)

    assert isinstance(judge(made, contract(*EVERY_TYPE)), Record)
    assert all(text for _, text in made.values)


def test_limits_and_fallbacks_are_kept():
    """A fallback is taken as it is; a column's name stands where it fits, else three letters or fewer."""
    fields = (
        Field("a", "Headline", max_chars=8),
        Field("b", "Headline", max_chars=7, per_format={"square": 2}),
        Field("c", "Mood", FieldType.CHOICE),
        Field("d", "Accent", FieldType.COLOR, fallback="#000000"),
    )

    assert dict(specimen(contract(*fields), "wide").values) == {
        "a": "Headline",
        "b": "Abc",
        "c": "",
        "d": "#000000",
    }
    assert dict(specimen(contract(*fields), "square").values)["b"] == "Ab"

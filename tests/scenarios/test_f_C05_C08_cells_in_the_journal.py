"""Hostile cells all the way: through the journal's file, in a sheet of another locale, beside rows that go on."""

from __future__ import annotations

from pathlib import Path

import pytest
from fakes.world import TEMPLATE, World

from bot.domain.contract import Contract, Field, FieldType

HOSTILE = [
    "a\ud800b",
    "\udc00",
    "nul\x00",
    "\ufffe",
    "'; DROP TABLE intents; --",
    "\u202eevil",
    "=1+1",
    "😀" * 9,
]


@pytest.mark.parametrize("column", ["Headline", "Price", "Format", "Notes", "Approve", "Retry"])
def test_f_C05_the_journal_can_hold_what_people_type(world: World, column: str):
    """Half characters and the like break no commit: the row says what is wrong, the others are rendered."""
    number = world.add("Spring", **{column: "Spring"} if column == "Headline" else {})
    world.add("Summer")
    world.know_the_tab()
    for text in HOSTILE:
        world.sheet.type(number, column, text)
        world.look()
        world.wait(30)
    world.approve("Summer")
    world.settle()

    assert world.shown("Summer") == "Done"
    assert world.changed_peoples_cells() == []


@pytest.mark.parametrize(
    ("locale", "cell", "status", "drawn"),
    [
        ("de_DE", "19,90", "Ready to approve", "19.90"),
        ("de_DE", "19.90", "Needs fixing", None),
        ("en_GB", "19.90", "Ready to approve", "19.90"),
        ("en_GB", "19,90", "Needs fixing", None),
        ("de_DE", 19.9, "Ready to approve", "19.90"),
    ],
)
def test_f_C08_the_sheet_s_locale_decides(
    folder: Path, locale: str, cell: object, status: str, drawn: str | None
):
    """The same text is an amount in one spreadsheet and none in another; what reaches the payload is one spelling."""
    world = World(folder)
    fields = (TEMPLATE.contract.fields[0], Field("price", "Price", FieldType.MONEY))
    world.template = type(TEMPLATE)(
        title="Spring",
        version="1",
        name_rule=TEMPLATE.name_rule,
        contract=Contract(fields, TEMPLATE.contract.formats),
        projects=TEMPLATE.projects,
    )
    world.sheet.locale_name = locale
    world.restart()
    world.add("Spring", Price=cell)  # type: ignore[arg-type]
    world.know_the_tab()
    shown = world.shown("Spring")
    if drawn is not None:
        world.approve("Spring")
        world.settle()
    bodies = [job.body for job in world.service.jobs.values()]
    world.close()

    assert shown == status
    assert [f'"Spring for {drawn}"' in body for body in bodies] == [True] * (drawn is not None)


@pytest.mark.parametrize(
    "text",
    ["'; DROP TABLE x;--", "x' OR '1'='1", "') UNION SELECT 1--", ":name ?1 %s $1"],
)
def test_f_X08_what_looks_like_sql_is_drawn_as_it_is(world: World, text: str):
    """Statements take cells as bound values: the words come back from the file as typed, and nothing else happens."""
    world.add(text)
    world.add("Summer")
    world.look()
    world.approve(text)
    world.approve("Summer")
    world.settle()
    world.restart()
    world.look()
    kept = [entry.content.values[0][1] for entry in world.memory().entries.values()]

    assert [world.shown(name) for name in (text, "Summer")] == ["Done", "Done"]
    assert (world.charges_for(text), world.charges_for("Summer")) == (1, 1)
    assert text in kept

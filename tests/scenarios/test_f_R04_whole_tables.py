"""Whole columns and tables under people's hands: filled down, pasted anew, read in from a file once more."""

from __future__ import annotations

import pytest
from fakes.sheet import FakeSheet
from fakes.world import PEOPLES, World

from bot.domain.cells import Cell
from bot.domain.contract import RobotColumn

HEADLINES = ("Delta", "Alpha", "Charlie", "Bravo")


@pytest.fixture
def rows(world: World) -> World:
    """Four rows; the first two are done, the third one waits."""
    for headline in HEADLINES:
        world.add(headline)
    world.know_the_tab()
    world.approve("Delta", "Alpha")
    world.settle()
    world.sheet.tick(world.number("Charlie"))
    world.look()
    return world


def ids(world: World) -> dict[str, Cell]:
    return {headline: world.shown(headline, "Row ID") for headline in HEADLINES}


def links(world: World) -> dict[str, Cell]:
    return {headline: world.shown(headline, "Video") for headline in HEADLINES}


def own_links(world: World) -> dict[str, str]:
    return {headline: world.jobs_for(headline)[0].url for headline in HEADLINES if world.jobs_for(headline)}


def fill_down(sheet: FakeSheet, *names: str) -> None:
    """The first row's cells dragged down over all others."""
    for number in sheet.numbers:
        for name in names:
            sheet.type(number, name, sheet.cell(2, name))


def pasted(world: World, *lines: dict[str, Cell]) -> None:
    """The table is cleared, robot's cells too, and a file's rows are pasted in its place."""
    for _ in world.sheet.numbers:
        world.sheet.delete(2)
    for line in lines:
        world.sheet.add({"Approve": False, "Retry": False, **line})


def as_pasted(world: World, headline: str) -> dict[str, Cell]:
    number = world.number(headline)
    return {name: world.sheet.cell(number, name) for name in PEOPLES}


@pytest.mark.parametrize("names", [["Row ID"], list(RobotColumn)])
def test_f_R04_robot_cells_filled_down(rows: World, names: list[str]):
    """The id of one row stands in all: each row is found again by what it says, and nothing is paid twice."""
    known = ids(rows)
    fill_down(rows.sheet, *names)
    rows.wait(60)
    rows.settle()

    assert ids(rows) == known
    assert {name: link for name, link in links(rows).items() if link} == own_links(rows)
    assert [rows.charges_for(one) for one in HEADLINES] == [1, 1, 1, 0]


def test_f_R04_headline_filled_down(rows: World):
    """Every row says the same now: what was approved was not this; finished videos stay linked, none is made."""
    known = [rows.sheet.cell(number, "Row ID") for number in rows.sheet.numbers]
    fill_down(rows.sheet, "Headline")
    rows.wait(120)

    assert [rows.sheet.cell(number, "Row ID") for number in rows.sheet.numbers] == known
    assert [rows.sheet.cell(number, "Status") for number in rows.sheet.numbers] == [
        "Done",
        "Out of date",
        "Changed",
        "Ready to approve",
    ]
    assert len(rows.service.charges) == 2


def test_f_R04_csv_pasted_anew(rows: World):
    """The same table once more, in another order, without ids: each row takes its record and its video over."""
    known, before = ids(rows), own_links(rows)
    table = [as_pasted(rows, headline) for headline in reversed(HEADLINES)]
    pasted(rows, *table)
    rows.wait(60)
    rows.settle()

    assert ids(rows) == known
    assert {name: links(rows)[name] for name in before} == before
    assert [rows.charges_for(one) for one in HEADLINES] == [1, 1, 1, 0]


def test_f_R04_csv_pasted_anew_with_changes(rows: World):
    """One row edited in the file, one added: the rest keep their videos; the two bind no tick that came along."""
    table = [as_pasted(rows, headline) for headline in HEADLINES]
    table[0]["Headline"] = "Delta, edited"
    pasted(rows, *table, {"Headline": "Echo", "Approve": True})
    rows.wait(60)
    rows.settle()

    assert rows.shown("Alpha") == "Done"
    assert (rows.charges_for("Delta, edited"), rows.charges_for("Echo")) == (0, 0)
    assert {rows.shown("Delta, edited"), rows.shown("Echo")} == {"On hold"}
    assert rows.charges_for("Alpha") == 1


def test_f_R03_people_s_cells_copied_over_another_row(rows: World):
    """A row's data pasted over its neighbour's: the neighbour is an edited row, its old video stays, none is made."""
    for name in PEOPLES:
        rows.sheet.type(3, name, rows.sheet.cell(5, name))
    rows.wait(60)

    assert [rows.sheet.cell(number, "Status") for number in (3, 5)] == ["Out of date", "Ready to approve"]
    assert rows.sheet.cell(3, "Video") == rows.jobs_for("Alpha")[0].url
    assert rows.charges_for("Bravo") == 0

"""Cells that change by themselves: told by name, never approved, and no endless fight with a recalculating sheet."""

from __future__ import annotations

from datetime import timedelta

import pytest
from builders import NOW, Desk, row

from bot.domain.contract import PeopleColumn, RobotColumn
from bot.domain.entries import Churn

WORDS = '"Badge" keeps changing by itself. Paste it as a value, then tick Approve.'


class Recalculating(Desk):
    """A sheet whose `Badge` is `=NOW()`: every write of the robot recalculates it."""

    def __init__(self, *rows):
        super().__init__(*rows)
        self.count = 0

    def tick(self, **passed):
        decided = super().tick(**passed)
        if decided.edits:
            self.recalculate()
        return decided

    def recalculate(self):
        self.count += 1
        self.edit(badge=str(self.count))


def test_f_C02_a_tick_on_a_restless_row_binds_nothing():
    """The row says which cell keeps changing; its tick is cleared, nothing is ever promised for long, or sent."""
    desk = Recalculating(row(), row("Steady", number=3))
    desk.tick()
    desk.approve()
    for _ in range(12):
        desk.tick(seconds=5)
        desk.approve()
    desk.tick(seconds=5)

    assert desk.advice() == WORDS
    assert desk.shows(RobotColumn.PROBLEM_CODE) == "CELL-CHANGES"
    assert not desk.is_ticked(PeopleColumn.APPROVE)
    assert not desk.live()
    assert all(one.sent_at is None for one in desk.intents())
    assert desk.status(1) == "Ready to approve"


def test_f_R12_the_fight_ends():
    """Once the row has said it, nothing is written any more that would recalculate it."""
    desk = Recalculating(row())
    desk.tick()
    desk.approve()
    plans = [desk.tick(seconds=5) for _ in range(20)]

    assert [plan.edits for plan in plans[-5:]] == [()] * 5


def test_f_C02_once_a_minute():
    """A sheet that recalculates every minute is found out as well."""
    desk = Desk(row(badge="12:00"))
    for minute in range(6):
        desk.edit(badge=f"12:0{minute}")
        desk.tick(minutes=1)

    assert desk.advice() == WORDS


def test_f_C02_values_pasted():
    """When the cell has kept still for a while the row can be approved; the robot looks by itself."""
    desk = Desk(row())
    for number in range(7):
        desk.edit(badge=str(number))
        last = desk.tick(seconds=5)
    assert last.opens_at == desk.now + timedelta(seconds=91)
    desk.tick(seconds=89)
    assert desk.status() == "Needs fixing"

    desk.tick(seconds=2)
    assert desk.status() == "Ready to approve"
    desk.approve()
    desk.tick()
    assert len(desk.live()) == 1


def test_f_R12_people_type_into_many_cells():
    """Somebody who fills in a row, cell by cell, is no formula."""
    desk = Desk(row())
    for number in range(4):
        desk.edit(badge=f"a{number}")
        desk.tick(seconds=5)
        desk.edit(headline=f"b{number}")
        desk.tick(seconds=5)

    assert desk.status() == "Ready to approve"


@pytest.mark.parametrize(
    ("before", "columns", "after"),
    [
        (None, ("A", "B"), (("A", "B"), 1)),
        (Churn(("A", "B"), 3, NOW), ("B", "C"), (("B",), 4)),
        (Churn(("A",), 3, NOW), ("C",), (("C",), 1)),
        (Churn(("A",), 3, NOW - timedelta(seconds=91)), ("A",), (("A",), 1)),
    ],
)
def test_counted_for_columns_that_changed_every_time(before, columns, after):
    """What is told is the columns that changed at every change, one soon after the other."""
    grown = Churn.grown(before, columns, NOW)

    assert (grown.columns, grown.times) == after
    assert grown.at == NOW

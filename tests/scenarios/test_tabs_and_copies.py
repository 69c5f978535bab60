"""A tab is renamed, deleted, made anew; a spreadsheet is copied; two tabs have the same ids."""

from __future__ import annotations

import pytest
from fakes.sheet import FakeSheet
from fakes.world import HEADER, World

from bot.domain.failures import Failure, FailureClass, ProblemCode
from bot.domain.intents import State

GONE = Failure(
    FailureClass.REJECTED,
    ProblemCode.HEADER,
    'the tab "Videos" was deleted; undo that, or take it out of bot.toml',
)


@pytest.fixture
def done(world: World) -> World:
    """One finished row, one in line."""
    world.add("Spring")
    world.add("Summer")
    world.look()
    world.approve("Spring")
    world.settle()
    return world


def test_f_G09_renamed_tab_is_the_same_tab(done: World):
    """Only its title is another; videos under way end, finished ones are shown."""
    done.sheet.rename("Clips")
    done.approve("Summer")
    done.settle()

    assert [done.shown(headline) for headline in ("Spring", "Summer")] == ["Done", "Done"]
    assert len(done.service.charges) == 2


def test_f_G09_deleted_tab_pauses_with_words_until_it_is_back(done: World):
    """What was sent is followed, nothing else happens; an undo of the deletion is enough."""
    done.approve("Summer")
    done.service.finish()
    done.sheet.failing_reads = [GONE] * 12
    reports = []
    for _ in range(12):
        done.clock.advance(5)
        reports.append(done.tick())
    states = done.states()
    done.look()

    assert {report.failure.detail for report in reports if report.failure} == {GONE.detail}
    assert states == [State.COMPLETED, State.COMPLETED]
    assert done.shown("Summer") == "Done"


def test_f_L06_same_ids_on_two_tabs(done: World):
    """Rows pasted over with their ids are rows of their own there: their ticks wait, their videos are others."""
    other = FakeSheet(HEADER, tab=7)
    robot = done.start(other, done.journal, done.service)
    spring = {name: value for name, value in done.sheet.row(2).items() if value is not None}
    other.add({name: value for name, value in spring.items() if name != "Job ID"})
    robot.tick()
    robot.tick()

    assert other.cell(2, "Row ID") == done.shown("Spring", "Row ID")
    assert other.cell(2, "Status") == "On hold"
    assert (done.shown("Spring"), len(done.service.charges)) == ("Done", 1)

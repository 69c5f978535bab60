"""A tab is renamed, deleted, made anew; a spreadsheet is copied; two tabs have the same ids."""

from __future__ import annotations

import pytest
from fakes.sheet import FakeSheet
from fakes.world import HEADER, World

from bot.domain.control import BoardColumn
from bot.domain.failures import Failure, FailureClass, ProblemCode
from bot.domain.intents import State
from bot.reconciler.tick import Reconciler

OUT_OF_ORDER = Failure(FailureClass.TRANSIENT, ProblemCode.SERVICE, "503: out of order")

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


# -- copies of a spreadsheet --------------------------------------------------


def copied(world: World, **changes: object) -> tuple[FakeSheet, Reconciler]:
    """File, Make a copy: another spreadsheet with all that is in this one, met by the same robot."""
    copy = FakeSheet(HEADER)
    copy.spreadsheet = "copy"
    for number in world.sheet.numbers:
        copy.add({**world.sheet.row(number), **changes})
    return copy, world.start(copy, world.journal, world.service)


def look(world: World, robot: Reconciler, seconds: int = 60) -> None:
    for _ in range(seconds // 5):
        while robot.tick().wake_at_once:
            pass
        world.clock.advance(5)


def test_f_L05_finished_rows_of_a_copy_keep_their_videos(done: World):
    """A job the service confirms for the very same content is not made again; ticks of other rows wait."""
    done.sheet.tick(done.number("Summer"))
    copy, robot = copied(done)
    look(done, robot)
    link = done.shown("Spring", "Video")

    assert (copy.cell(2, "Status"), copy.cell(2, "Video"), copy.cell(2, "Approve")) == ("Done", link, True)
    assert copy.cell(3, "Status") == "On hold"
    assert str(copy.said(BoardColumn.GOING_ON)).startswith("1 row ticked before the robot knew it")
    assert len(done.service.charges) == 1
    assert done.journal.honours_ids() is True

    copy.say(BoardColumn.GO_AHEAD, True)
    look(done, robot)
    done.service.finish()
    look(done, robot)

    assert copy.cell(3, "Status") == "Done"
    assert [done.charges_for(headline) for headline in ("Spring", "Summer")] == [1, 1]
    assert done.journal.spent() == 18


def test_f_L05_edited_row_of_a_copy_is_a_row_like_any_other(done: World):
    """What it names was made for other words: it is neither shown nor made again unasked."""
    copy, robot = copied(done, Headline="Autumn")
    look(done, robot)

    assert (copy.cell(2, "Status"), copy.cell(2, "Video")) == ("On hold", None)
    assert len(done.service.charges) == 1


@pytest.mark.parametrize("named", ["no-such-job", "still running"])
def test_f_L05_job_that_is_not_finished_is_not_taken_over(done: World, named: str):
    """Nothing is lost without it: the row waits for a person's word, and nobody must decide anything."""
    if named == "still running":
        done.approve("Summer")
        named = str(done.shown("Summer", "Job ID"))
    copy, robot = copied(done, **{"Job ID": named})
    look(done, robot)

    assert (copy.cell(2, "Status"), copy.cell(2, "Video")) == ("On hold", None)
    assert done.charges_for("Spring") == 1


def test_f_L05_service_that_does_not_answer_is_asked_again(done: World):
    """An outage says nothing about the job."""
    look_up = done.service.look_up
    done.service.look_up = lambda _: OUT_OF_ORDER  # type: ignore[method-assign]
    copy, robot = copied(done)
    look(done, robot, 20)
    meanwhile = copy.cell(2, "Status")
    done.service.look_up = look_up  # type: ignore[method-assign]
    look(done, robot, 120)

    assert meanwhile == "Checking"
    assert copy.cell(2, "Status") == "Done"


def test_f_L05_taken_over_video_can_be_made_again(done: World):
    """Retry renders it for this spreadsheet, once."""
    copy, robot = copied(done)
    look(done, robot)
    copy.tick(2, "Retry")
    look(done, robot)
    done.service.finish()
    look(done, robot)

    assert copy.cell(2, "Status") == "Done"
    assert copy.cell(2, "Video") != done.shown("Spring", "Video")
    assert done.charges_for("Spring") == 2

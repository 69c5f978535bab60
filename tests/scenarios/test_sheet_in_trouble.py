"""Google does not answer, the header is broken, a column is gone."""

from __future__ import annotations

import pytest
from fakes.sheet import OUT_OF_REACH
from fakes.world import World

from bot.domain.failures import Failure, FailureClass, ProblemCode
from bot.domain.intents import State

NOT_SHARED = Failure(FailureClass.DENIED, ProblemCode.AUTH, "Google answered 403: no permission")


def test_lost_write_answer_is_repaired(world: World):
    """A write that arrived without an answer is compared at the next read, not repeated blindly."""
    world.add("Spring")
    world.sheet.lost_writes = 1
    world.approve("Spring")
    world.settle()

    assert world.shown("Spring") == "Done"
    assert world.charges_for("Spring") == 1


def test_sheet_that_cannot_be_written_catches_up(world: World):
    """Every write fails for a while: videos are made once, and shown when writing works again."""
    world.add("Spring")
    world.look()
    world.sheet.failing_writes = [OUT_OF_REACH] * 12
    world.approve("Spring")
    world.settle()
    world.sheet.failing_writes = []
    world.wait(10)

    assert world.shown("Spring") == "Done"
    assert world.charges_for("Spring") == 1


def test_ids_that_could_not_be_written_do_not_double(world: World):
    """A row without its id in the sheet keeps the id the journal gave it."""
    world.sheet.failing_writes = [OUT_OF_REACH] * 4
    world.sheet.tick(world.add("Spring"))
    world.settle()

    assert list(world.memory().entries) == [world.shown("Spring", "Row ID")]
    assert world.charges_for("Spring") == 1


def test_nothing_is_sent_on_an_old_reading(world: World):
    """While the sheet cannot be read nobody knows whether the tick still stands."""
    world.add("Spring")
    world.sheet.tick(2)
    world.look()
    world.sheet.failing_reads = [OUT_OF_REACH] * 5
    world.clock.advance(15.1)
    for _ in range(5):
        world.tick()

    assert world.service.charges == []
    assert world.states() == [State.WAITING]


@pytest.mark.parametrize("trouble", [OUT_OF_REACH, NOT_SHARED])
def test_running_job_is_followed_while_the_sheet_cannot_be_read(world: World, trouble: Failure):
    """The journal learns how the job ended, and the sheet shows it when it is back."""
    world.add("Spring")
    world.approve("Spring")
    world.service.finish()
    world.sheet.failing_reads = [trouble] * 12
    for _ in range(12):
        world.clock.advance(5)
        world.tick()
    states = world.states()
    world.look()

    assert states == [State.COMPLETED]
    assert world.shown("Spring") == "Done"


def test_lost_answer_is_cleared_up_while_the_sheet_cannot_be_read(world: World):
    """Looking a job up needs no sheet; sending again does."""
    world.add("Spring")
    world.sheet.tick(2)
    world.look()
    world.service.lost_answers = 1
    world.clock.advance(15.1)
    world.tick()
    world.sheet.failing_reads = [OUT_OF_REACH] * 3
    for _ in range(3):
        world.clock.advance(15)
        world.tick()

    assert world.states() == [State.SUBMITTED]


@pytest.mark.parametrize("column", ["Headline", "Approve", "Row ID", "Status"])
def test_f_G10_G11_missing_column_stops_sending_until_it_is_back(world: World, column: str):
    """A renamed column holds the tab; nothing is written by remembered letters, nothing is sent."""
    world.add("Spring")
    world.sheet.tick(2)
    world.look()
    world.sheet.log.clear()
    world.sheet.rename_column(column, "Something else")
    world.clock.advance(60)
    report = world.tick()
    meanwhile = len(world.service.charges), list(world.sheet.log)
    world.sheet.rename_column("Something else", column)
    world.settle()

    assert [problem.column for problem in report.header] == [column]
    assert meanwhile == (0, [])
    assert world.shown("Spring") == "Done"
    assert world.charges_for("Spring") == 1


def test_running_job_is_followed_while_the_header_is_broken(world: World):
    """A missing column is no reason to lose sight of a video."""
    world.add("Spring")
    world.approve("Spring")
    world.service.finish()
    world.sheet.rename_column("Row ID", "Number")
    for _ in range(12):
        world.clock.advance(5)
        world.tick()

    assert world.states() == [State.COMPLETED]


def test_f_R10_whole_sheet_cleared_and_undone(world: World):
    """All rows vanish and come back: nothing that was done is made again."""
    headlines = [f"Row {number}" for number in range(6)]
    for headline in headlines:
        world.add(headline)
    world.approve(*headlines[:3])
    world.settle()
    gone = [world.sheet.delete(2) for _ in headlines]
    world.wait(60)
    for cells in reversed(gone):
        world.sheet.put_back(2, cells)
    world.wait(60)

    assert [world.shown(headline) for headline in headlines] == ["Done"] * 3 + ["Ready to approve"] * 3
    assert len(world.service.charges) == 3

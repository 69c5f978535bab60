"""What is wrong with a tab is told on Control as long as that can be written, and once in the log."""

from __future__ import annotations

from typing import Any

import pytest
from fakes.sheet import OUT_OF_REACH
from fakes.world import World

from bot.domain.control import BoardColumn, Label
from bot.domain.failures import Failure, FailureClass, ProblemCode
from bot.domain.intents import State

GONE = Failure(FailureClass.REJECTED, ProblemCode.HEADER, 'the tab "Videos" was deleted')
UNSHARED = Failure(FailureClass.DENIED, ProblemCode.SHARING, "not shared with the robot")
TOO_OFTEN = Failure(FailureClass.THROTTLED, ProblemCode.RATE, "Google answered 429", retry_after=60)


def told(world: World) -> str:
    return str(world.sheet.said(BoardColumn.GOING_ON))


def events(heard: list[Any], name: str) -> int:
    return sum(one["event"] == name for one in heard)


def test_f_G10_header_that_cannot_be_worked_with(world: World, heard: list[Any]):
    """The line names the column and what may have been meant; the log says it once; both end by themselves."""
    world.add("Spring")
    world.look()
    world.sheet.rename_column("Headline", "Headlines")
    for _ in range(20):
        world.clock.advance(60)
        world.tick()
    standing, writes = told(world), world.sheet.writes
    looked = world.sheet.said(Label.LOOKED_AT)
    world.clock.advance(5)
    world.tick()
    quiet = world.sheet.writes - writes
    world.sheet.rename_column("Headlines", "Headline")
    world.wait(10)

    assert standing == ('On hold: Column "Headline" not found. Did you mean "Headlines"?')
    assert events(heard, "header_not_usable") == 1
    assert events(heard, "tab_works_again") == 1
    assert quiet == 0
    # The robot is alive all the time, and its line says so.
    assert looked is not None
    assert told(world) == "Nothing is waiting."


def test_f_G10_header_trouble_of_a_tab_without_a_line(world: World):
    """Its line was deleted from Control: the robot's own line says it."""
    world.add("Spring")
    world.look()
    assert world.sheet.control is not None
    world.sheet.control = [line for line in world.sheet.control if not line or line[0] != "Videos"]
    world.sheet.rename_column("Headline", "Headlines")
    world.clock.advance(130)
    world.tick()
    said = str(world.sheet.said(Label.SAYS))
    world.sheet.rename_column("Headlines", "Headline")
    world.wait(130)

    assert said.startswith('On hold: Column "Headline" not found. Did you mean "Headlines"?')
    assert str(world.sheet.said(Label.SAYS)).startswith("working")


def test_f_G09_deleted_tab(world: World, heard: list[Any]):
    """The spreadsheet answers, the tab is gone: its line on Control says so, once."""
    world.add("Spring")
    world.look()
    before = world.sheet.writes
    world.sheet.failing_reads = [GONE] * 5
    for _ in range(5):
        world.clock.advance(1)
        world.tick()

    assert (
        told(world)
        == "On hold: this tab was deleted. Undo that, or have an admin take it out of the settings."
    )
    assert world.sheet.writes == before + 1
    assert events(heard, "sheet_not_read") == 1


@pytest.mark.parametrize("trouble", [UNSHARED, OUT_OF_REACH, TOO_OFTEN])
def test_f_G01_G08_no_row_changes_state_while_the_sheet_is_away(
    world: World, heard: list[Any], trouble: Failure
):
    """A row that waits goes on waiting, one that renders is followed; one line in the log."""
    for name in ("Spring", "Summer"):
        world.add(name)
    world.look()
    world.approve("Spring")
    world.service.finish()
    world.sheet.tick(world.number("Summer"))
    world.look()
    world.sheet.failing_reads = [trouble] * 20
    for _ in range(20):
        world.clock.advance(30)
        world.tick()

    assert world.states() == [State.COMPLETED, State.WAITING]
    assert events(heard, "sheet_not_read") == 1


def test_f_G12_protected_column_is_told_and_the_others_are_written(world: World, heard: list[Any]):
    """People read on Control which cells the robot may not write; videos are made all the same."""
    world.sheet.protected = {"Credits"}
    world.add("Spring")
    world.approve("Spring")
    world.settle()
    world.wait(130)
    standing = told(world)
    world.sheet.protected = set()
    world.wait(130)

    assert world.charges_for("Spring") == 1
    assert world.shown("Spring") == "Done"
    assert standing == ('The robot may not write to "Videos" Credits. Let its account edit there.')
    assert events(heard, "cells_refused") == 1
    assert told(world) == "Nothing is waiting."
    assert world.shown("Spring", "Credits") == 9


def test_f_G02_sheet_that_cannot_be_written_is_told_once(world: World, heard: list[Any]):
    """The log does not fill, and the report says it, so that the robot looks less often."""
    world.add("Spring")
    world.sheet.failing_writes = [OUT_OF_REACH] * 5
    reports = [world.tick() for _ in range(6)]

    assert [report.unwritten is not None for report in reports] == [True] * 5 + [False]
    assert events(heard, "sheet_not_written") == 1

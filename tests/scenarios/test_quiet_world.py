"""How much the robot reads and writes, and that its memory is the journal's."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from fakes.world import World

from bot.domain.cells import as_serial
from bot.domain.contract import RobotColumn
from bot.domain.control import Label
from bot.domain.ids import JobId
from bot.domain.intents import Intent
from bot.planner.snapshot import Memory, Policy


def test_idle_sheet_is_only_read(world: World):
    """An hour without anything to do: a heartbeat every two minutes and no other write."""
    world.add("Spring")
    world.wait(1)
    world.sheet.log.clear()
    before = world.sheet.writes
    world.wait(3600)

    assert world.sheet.log == []
    assert world.sheet.writes - before <= 3600 / 120


def test_heartbeat_goes_on(world: World):
    """The line on Control is never older than two minutes and a tick."""
    world.wait(1000)
    world.clock.advance(121)
    world.look()

    assert world.sheet.said(Label.LOOKED_AT) == as_serial(world.clock.now())


def test_fifty_rows_change_state_in_one_write(folder: Path):
    """However many rows change, a tick writes once."""
    world = World(folder, policy=Policy(max_in_flight=50, sample_size=0))
    world.know_the_tab()
    headlines = [f"Row {number}" for number in range(50)]
    for headline in headlines:
        world.sheet.tick(world.add(headline))
    before = world.sheet.writes
    world.tick()
    written = world.sheet.writes - before
    world.wait(20)
    world.service.finish()
    world.clock.advance(30)
    before = world.sheet.writes
    world.look()
    world.close()

    assert written == 1
    assert world.sheet.writes - before == 1
    assert {world.shown(headline) for headline in headlines} == {"Done"}
    assert len(world.service.charges) == 50


def test_a_wait_that_ends_while_a_tick_is_at_work(world: World, monkeypatch: pytest.MonkeyPatch):
    """What is due between the look at a row and the end of its tick is not slept through."""
    world.add("Spring")
    world.sheet.tick(2)
    world.look()
    world.clock.advance(14.5)
    world.restart()
    world.tick()  # asks for the price again; the next one finds nothing to do yet
    honest = world.robot._media.want

    def slow(*given: Any) -> None:
        world.clock.advance(1)
        honest(*given)

    with monkeypatch.context() as patch:
        patch.setattr(world.robot._media, "want", slow)
        world.tick()
    too_early = len(world.service.charges)
    for _ in range(3):
        world.clock.advance(5)
        world.tick()

    assert too_early == 0
    assert world.charges_for("Spring") == 1


def test_one_read_a_tick(world: World):
    """A tick reads the tab once, whatever it finds."""
    for number in range(5):
        world.sheet.tick(world.add(f"Row {number}"))
    before = world.sheet.reads
    for _ in range(10):
        world.tick()

    assert world.sheet.reads - before == 10


def timeless(memory: Memory) -> dict[JobId, Intent]:
    """The intents without the time of their next look, the one thing that lives in memory alone."""
    return {job_id: replace(one, not_before=None) for job_id, one in memory.intents.items()}


def test_memory_equals_the_journal_after_every_tick(world: World):
    """What the robot believes is what a new process would read from the file."""
    for number in range(4):
        world.sheet.tick(world.add(f"Row {number}"))
    world.service.failing_renders = ["Failed to download media"]
    world.service.lost_answers = 1
    for step in range(120):
        world.tick()
        known, kept = world.robot.books.memory, world.memory()
        assert known.entries == kept.entries
        assert timeless(known) == timeless(kept)
        world.clock.advance(5)
        if step % 4 == 0:
            world.service.work()

    assert not world.memory_is_live()


@pytest.mark.parametrize("column", [one for one in RobotColumn if one is not RobotColumn.PREVIEW])
@pytest.mark.parametrize("spoiled", [None, "spoiled", 12, True])
def test_f_R08_spoiled_robot_cells_heal(world: World, column: RobotColumn, spoiled: object):
    """Whatever is typed into a robot cell is replaced by what the journal says; nothing is sent for it."""
    world.add("Spring")
    world.approve("Spring")
    world.settle()
    right = world.sheet.row(2)
    world.sheet.type(2, column, spoiled)
    world.wait(30)

    assert {name: world.sheet.cell(2, name) for name in RobotColumn} == {
        name: right[name] for name in RobotColumn
    }
    assert len(world.service.charges) == 1


def test_f_R08_status_filled_down_over_other_rows_heals(world: World):
    """`Done` dragged over waiting and blank rows makes nothing done and leaves no trace."""
    world.add("Spring")
    world.sheet.add({})
    world.look()
    for number in (2, 3):
        world.sheet.type(number, "Status", "Done")
        world.sheet.type(number, "Video", "https://elsewhere.example")
    world.wait(30)

    assert world.shown("Spring") == "Ready to approve"
    assert world.shown("Spring", "Video") is None
    assert (world.sheet.cell(3, "Status"), world.sheet.cell(3, "Video")) == (None, None)

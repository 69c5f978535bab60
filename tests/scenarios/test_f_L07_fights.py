"""Another tool writes to the robot's columns: what it writes is put right every time, and told of when it goes on."""

from __future__ import annotations

from typing import Any

import pytest
from fakes.world import World

from bot.domain.control import BoardColumn

WORDS = 'What the robot writes to "Status", "Video" does not stay. Another tool, or merged cells?'


@pytest.fixture
def done(world: World) -> World:
    world.add("Spring")
    world.add("Summer")
    world.know_the_tab()
    world.approve("Spring")
    world.settle()
    return world


def told(world: World) -> str:
    return str(world.sheet.said(BoardColumn.GOING_ON))


def a_tool_writes(world: World, rounds: int) -> None:
    """A vendor's own workflow: it takes every row for its own, again and again."""
    for _ in range(rounds):
        for number in world.sheet.numbers:
            world.sheet.type(number, "Status", "completed")
            world.sheet.type(number, "Video", "https://vendor.example/else.mp4")
        world.clock.advance(10)
        world.tick()


def test_f_L07_what_a_tool_writes_is_put_right_each_time(done: World):
    """One look later the cells say what the journal says; nothing is sent for what the tool said."""
    for _ in range(12):
        a_tool_writes(done, 1)
        [job] = done.jobs_for("Spring")

        assert (done.shown("Spring"), done.shown("Spring", "Video")) == ("Done", job.url)
        assert (done.shown("Summer"), done.shown("Summer", "Video")) == ("Ready to approve", None)
    assert len(done.service.charges) == 1


def test_f_L07_repeated_fight_is_told(done: World, heard: list[Any]):
    """Control names the columns, the log says it once, and both end when the tool does."""
    a_tool_writes(done, 8)
    standing = told(done)
    done.wait(700)

    assert standing == WORDS
    assert [one["event"] for one in heard].count("cells_fought_over") == 1
    assert told(done) == "Nothing is waiting."


def test_f_L07_slips_of_hands_are_no_fight(done: World):
    """Somebody who types into a cell of ours now and then is no tool."""
    for _ in range(8):
        a_tool_writes(done, 1)
        done.wait(200)

    assert told(done) == "Nothing is waiting."


def test_f_L07_changing_status_is_no_fight(done: World):
    """A row that goes on says something else every time."""
    done.sheet.tick(done.number("Summer"))
    for _ in range(60):
        done.clock.advance(5)
        done.service.work()
        done.tick()

    assert done.shown("Summer") == "Done"
    assert told(done) == "Nothing is waiting."

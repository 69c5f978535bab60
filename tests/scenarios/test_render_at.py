"""A row with a time: the robot sleeps, wakes for it, and sends it once."""

from __future__ import annotations

from datetime import timedelta
from zoneinfo import ZoneInfo

import pytest
from fakes.sheet import FakeSheet
from fakes.world import HEADER, World

from bot.domain.cells import as_serial
from bot.domain.intents import State

BERLIN = ZoneInfo("Europe/Berlin")


@pytest.fixture
def world(tmp_path):
    made = World(tmp_path, sheet=FakeSheet(("Render at", "Priority", *HEADER), zone=BERLIN))
    made.know_the_tab()
    yield made
    made.close()


def local(world, **ahead):
    return as_serial((world.clock.now() + timedelta(**ahead)).astimezone(BERLIN))


def test_sleeps_until_its_time(world):
    """Nobody touches the sheet for half a day: nothing is read out of turn, and the row is sent in its minute."""
    world.add("Spring", **{"Render at": local(world, hours=12)})
    world.approve("Spring")
    assert world.shown("Spring") == "Scheduled"
    world.wait(12 * 3600 - 60)
    assert world.service.charges == []
    report = world.tick()
    assert 0 < report.next_due <= 60

    world.wait(60)

    assert world.charges_for("Spring") == 1
    assert world.shown("Spring") in {"Sending", "Rendering 0%"}


def test_waits_over_a_restart(world):
    """The time is read from the sheet again; a robot that was away when it came sends it late, once."""
    world.add("Spring", **{"Render at": local(world, hours=3)})
    world.approve("Spring")
    world.restart()
    world.wait(3600)
    assert world.shown("Spring") == "Scheduled"
    assert world.service.charges == []

    world.clock.advance(4 * 3600)
    world.restart()
    world.wait(30)

    assert world.charges_for("Spring") == 1


def test_f_T01_a_clock_set_forward_brings_it_up(world):
    """The time is meant by the wall clock: where that jumps over it, the row comes up at the next look."""
    world.add("Spring", **{"Render at": local(world, hours=3)})
    world.approve("Spring")
    world.clock.jump(4 * 3600)

    world.wait(10)

    assert world.charges_for("Spring") == 1


def test_time_taken_away_over_a_restart(world):
    """The time a row had is remembered: emptied while the robot was away, it still gets its undo time."""
    number = world.add("Spring", **{"Render at": local(world, hours=3)})
    world.approve("Spring")
    world.wait(60)
    world.sheet.type(number, "Render at", None)
    world.restart()
    world.look()
    assert str(world.shown("Spring", "What to do")).startswith("Starts ")

    world.sheet.untick(number)
    world.wait(60)

    assert world.service.charges == []
    assert world.states() == [State.CANCELLED]

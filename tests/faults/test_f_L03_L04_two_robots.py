"""Two robots, one sheet: the second steps aside, and nothing is paid twice meanwhile."""

from __future__ import annotations

import uuid
from pathlib import Path

import pytest
from fakes.sheet import FakeSheet
from fakes.world import HEADER, NAMESPACE, World

from bot.domain.control import BoardColumn, Label
from bot.reconciler.presence import Signature


def beside(folder: Path, first: World, name: str, namespace: uuid.UUID = NAMESPACE) -> World:
    """Another machine's robot: its own journal, the same sheet, the same account, the same clock."""
    second = World(folder, service=first.service, clock=first.clock, sheet=first.sheet)
    second.signature = Signature(name, (name,), str(namespace))
    second.restart()
    return second


@pytest.fixture
def first(folder: Path) -> World:
    """A robot at work: one row done, one waiting for its tick."""
    world = World(folder, sheet=FakeSheet(HEADER))
    for name in ("Spring", "Summer"):
        world.add(name)
    world.know_the_tab()
    world.approve("Spring")
    world.settle()
    return world


def together(first: World, second: World, seconds: float) -> None:
    """Both look every few seconds, the first one first."""
    ends = first.clock.monotonic() + seconds
    while first.clock.monotonic() < ends:
        first.service.work()
        first.look()
        second.look()
        first.clock.advance(5)


def test_f_L03_second_robot_steps_aside(folder: Path, first: World):
    """The same job names on another machine: it writes nothing, sends nothing, and the first goes on."""
    second = beside(folder, first, "robot two")
    first.sheet.tick(first.number("Summer"))
    together(first, second, 600)

    assert second.memory().entries == {}
    assert first.sheet.said(Label.WORKER) == "robot one"
    assert (first.shown("Summer"), first.charges_for("Summer")) == ("Done", 1)


def test_f_L03_second_robot_takes_over(folder: Path, first: World):
    """The first dies: after five silent minutes the second goes on, finds what was paid, and pays none twice."""
    second = beside(folder, first, "robot two")
    first.sheet.tick(first.number("Summer"))
    first.wait(60)
    second.wait(400)
    second.sheet.say(BoardColumn.GO_AHEAD, True)
    for _ in range(4):
        second.work()

    assert second.sheet.said(Label.WORKER) == "robot two"
    assert [second.shown(name) for name in ("Spring", "Summer")] == ["Done", "Done"]
    assert (first.charges_for("Spring"), first.charges_for("Summer")) == (1, 1)


def test_f_L03_first_robot_yields_to_its_own_copy(folder: Path, first: World):
    """A copied state folder takes the copy for a former life; the original sees a stranger sign and stops."""
    second = beside(folder, first, "robot two")
    second.signature = Signature("robot two", ("robot one",), str(NAMESPACE))
    second.restart()
    second.look()
    first.sheet.tick(first.number("Summer"))
    together(second, first, 300)

    assert first.sheet.said(Label.WORKER) == "robot two"
    assert first.charges_for("Summer") == 1
    assert len(first.intents()) == 1


def test_f_L04_sheet_of_another_installation(folder: Path, first: World):
    """Other job names: even with the first gone nothing is sent, and Control says what to do."""
    second = beside(folder, first, "robot two", uuid.UUID(int=7))
    first.sheet.tick(first.number("Summer"))
    second.wait(600)
    said = first.sheet.said(Label.SAYS)
    held = second.memory().entries
    first.sheet.say(Label.INSTALLATION, None)
    second.wait(60)

    assert str(said).startswith("waiting: this sheet is another robot's.")
    assert held == {}
    assert str(first.sheet.said(Label.INSTALLATION)).startswith(str(uuid.UUID(int=7)))


def test_copied_workbook_is_claimed_by_nobody(folder: Path, first: World):
    """Make a copy copies Control too: the claim in it names another spreadsheet, and is replaced."""
    first.sheet.say(Label.INSTALLATION, f"{uuid.UUID(int=7)} origin")
    first.wait(130)

    assert first.sheet.said(Label.INSTALLATION) == f"{NAMESPACE} dsheet"


def test_own_former_life_is_no_stranger(first: World):
    """A restart under a new name goes on at once."""
    first.signature = Signature("robot one again", ("robot one",), str(NAMESPACE))
    first.restart()
    first.approve("Summer")

    assert first.charges_for("Summer") == 1

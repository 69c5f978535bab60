"""Two tabs, one account, one window."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from fakes.sheet import FakeSheet
from fakes.world import HEADER, World

from bot.domain.ids import TabKey
from bot.planner.snapshot import Policy
from bot.reconciler.follower import Follower
from bot.reconciler.strays import Strays
from bot.reconciler.tick import Reconciler


@pytest.fixture
def narrow(folder: Path) -> Iterator[World]:
    """A window of one for both tabs."""
    world = World(folder, policy=Policy(max_in_flight=1))
    world.know_the_tab()
    yield world
    world.close()


@pytest.fixture
def other(narrow: World) -> tuple[FakeSheet, Reconciler]:
    sheet = FakeSheet(HEADER, tab=7)
    robot = narrow.start(sheet, narrow.journal, narrow.service)
    robot.tick()
    return sheet, robot


def test_window_is_shared_and_the_other_tab_has_its_turn(narrow: World, other: tuple[FakeSheet, Reconciler]):
    """A row that waits for the other tab's job is sent when that has ended, though its own tab stands still."""
    sheet, robot = other
    narrow.sheet.tick(narrow.add("Here"))
    sheet.add({"Headline": "There", "Approve": True})
    for step in range(40):
        narrow.look()
        robot.tick()
        narrow.clock.advance(5)
        if step > 10:
            narrow.service.work()

    assert narrow.service.most_at_once == 1
    assert narrow.shown("Here") == "Done"
    assert sheet.cell(2, "Status") == "Done"


def test_equal_ids_on_two_tabs_are_two_records(narrow: World, other: tuple[FakeSheet, Reconciler]):
    """Ids name a record within its tab: two tabs with the same id make two videos under two job ids."""
    sheet, robot = other
    narrow.sheet.add({"Headline": "Here", "Approve": True, "Row ID": "r7k3qm"})
    sheet.add({"Headline": "Here", "Approve": True, "Row ID": "r7k3qm"})
    for _ in range(60):
        narrow.look()
        robot.tick()
        narrow.clock.advance(5)
        narrow.service.work()

    assert narrow.charges_for("Here") == 2
    assert narrow.shown("Here", "Job ID") != sheet.cell(2, "Job ID")


def test_duplicated_tab_does_not_take_the_other_s_video(narrow: World, other: tuple[FakeSheet, Reconciler]):
    """Same id, same content, and the request got lost: the finished video of the other tab is not this row's."""
    sheet, robot = other
    narrow.sheet.add({"Headline": "Here", "Approve": True, "Row ID": "r7k3qm"})
    narrow.settle()
    narrow.service.lost_requests = 1
    sheet.add({"Headline": "Here", "Approve": True, "Row ID": "r7k3qm"})
    for _ in range(90):
        robot.tick()
        narrow.clock.advance(5)
        narrow.service.work()

    assert sheet.cell(2, "Status") == "Done"
    assert narrow.charges_for("Here") == 2
    assert narrow.shown("Here", "Video") != sheet.cell(2, "Video")


def test_videos_of_a_tab_that_is_served_again_are_left_to_it(
    narrow: World, other: tuple[FakeSheet, Reconciler]
):
    """From the moment a tab is open it looks after its videos alone: two who keep one book would contradict."""
    followed, served = list[TabKey](), list[TabKey]()

    def follower(tab: TabKey) -> Follower:
        followed.append(tab)
        raise ValueError(tab)

    strays = Strays(narrow.journal, [narrow.sheet.key, other[0].key], lambda: served, follower)
    strays.follow()
    served.append(narrow.sheet.key)
    strays.follow()

    assert followed == [narrow.sheet.key, other[0].key, other[0].key]

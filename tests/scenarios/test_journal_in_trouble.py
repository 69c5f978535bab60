"""The journal cannot be written for a while."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

import pytest
from fakes.world import World

from bot.domain.intents import State
from bot.planner.actions import Change
from bot.ports import Journal, JournalError


class FullDisk:
    """A journal on a disk that is full at certain writes."""

    def __init__(self, journal: Journal, full_at: set[int]) -> None:
        self._journal = journal
        self._full_at = full_at
        self._writes = 0

    def apply(self, changes: Sequence[Change], at: datetime) -> None:
        self._writes += 1
        if self._writes in self._full_at:
            raise JournalError("database or disk is full")
        self._journal.apply(changes, at)

    def __getattr__(self, name: str) -> object:
        return getattr(self._journal, name)


def tick_on(world: World) -> None:
    for _ in range(80):
        try:
            world.tick()
        except JournalError:
            continue
        finally:
            world.clock.advance(5)
            world.service.work()


@pytest.mark.parametrize("number", range(1, 9))
def test_disk_full_at_any_write(world: World, number: int):
    """Nothing is sent that was not written down; when there is room again the row is done, paid once."""
    world.add("Spring")
    world.sheet.tick(2)
    world.robot = world.start(world.sheet, FullDisk(world.journal, {number}), world.service)
    tick_on(world)

    assert world.shown("Spring") == "Done"
    assert world.charges_for("Spring") == 1


def test_disk_that_stays_full_sends_nothing(world: World):
    """No request leaves before the line that explains it is durable."""
    world.add("Spring")
    world.sheet.tick(2)
    world.look()
    # The first write belongs to the start.
    world.robot = world.start(world.sheet, FullDisk(world.journal, set(range(2, 100))), world.service)
    tick_on(world)

    assert world.service.charges == []
    assert world.states() == [State.WAITING]


def test_answer_that_could_not_be_kept_is_looked_up(world: World):
    """The paid answer met a full disk: the job is in doubt, found again, and not sent twice."""
    world.add("Spring")
    world.sheet.tick(2)
    world.look()
    world.clock.advance(15.1)
    # The first write marks the row as being sent, the second one would keep the answer.
    world.robot = world.start(world.sheet, FullDisk(world.journal, {2}), world.service)
    with pytest.raises(JournalError):
        world.tick()
    tick_on(world)

    assert world.service.sends == 1
    assert world.shown("Spring") == "Done"

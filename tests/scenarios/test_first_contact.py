"""The robot meets a tab its journal does not know."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from fakes.world import World


@pytest.fixture
def strange(folder: Path) -> Iterator[World]:
    """A sheet filled by hand, never read before."""
    world = World(folder)
    yield world
    world.close()


def test_ticks_found_on_the_first_read_bind_nothing(strange: World):
    """Nobody ticked them for this robot: they are held, and nothing is sent."""
    strange.add("Spring", Approve=True)
    strange.wait(120)

    assert strange.service.charges == []
    assert strange.shown("Spring") == "On hold"
    assert strange.shown("Spring", "Approve") is True


def test_ticked_anew_the_row_is_rendered(strange: World):
    """Untick and tick: now it was meant."""
    strange.add("Spring", Approve=True)
    strange.look()
    strange.sheet.untick(2)
    strange.look()
    strange.approve("Spring")
    strange.settle()

    assert strange.shown("Spring") == "Done"
    assert strange.charges_for("Spring") == 1


def test_rows_added_later_bind_at_once(strange: World):
    """Once the tab is known, a row that comes with its tick is approved by it."""
    strange.look()
    strange.add("Spring", Approve=True)
    strange.wait(16)

    assert strange.charges_for("Spring") == 1


def test_first_read_that_failed_was_none(strange: World):
    """Only a tab read to the end is known."""
    strange.add("Spring", Approve=True)
    strange.sheet.rename_column("Headline", "Title")
    strange.wait(10)
    strange.sheet.rename_column("Title", "Headline")
    strange.wait(120)

    assert strange.service.charges == []


def test_ids_on_an_unknown_tab_are_adopted(strange: World):
    """A lost journal: rows keep the ids they show."""
    strange.sheet.add({"Headline": "Spring", "Row ID": "r7k3qm"})
    strange.look()

    assert strange.shown("Spring", "Row ID") == "r7k3qm"

"""A row is edited while its earlier text renders."""

from __future__ import annotations

import pytest
from fakes.world import World


@pytest.fixture
def edited(world: World) -> World:
    """`Old` renders, the row says `New` by now."""
    world.add("Old")
    world.approve("Old")
    world.sheet.type(2, "Headline", "New")
    world.look()
    return world


def test_f_R05_row_says_that_the_earlier_text_renders(edited: World):
    """The tick is cleared, and the cell says what is being made."""
    assert edited.shown("New", "Approve") is False
    assert edited.shown("New", "What to do") == "Rendering the earlier text. Changed since: Headline."


def test_f_R05_running_job_ends_and_the_row_is_out_of_date(edited: World):
    """The old video keeps its link; nothing new is made without a tick."""
    edited.settle()
    edited.wait(120)

    assert edited.shown("New") == "Out of date"
    assert edited.shown("New", "Video") == edited.jobs_for("Old")[0].url
    assert edited.charges_for("New") == 0


def test_f_R05_new_tick_meanwhile_waits_for_the_running_job(edited: World):
    """At most one live job a row: the new text is sent when the old one has ended."""
    edited.sheet.tick(2)
    edited.wait(60)
    sent_meanwhile = edited.charges_for("New")
    edited.settle()

    assert sent_meanwhile == 0
    assert (edited.charges_for("Old"), edited.charges_for("New")) == (1, 1)
    assert edited.shown("New", "Video") == edited.jobs_for("New")[0].url


def test_edit_back_to_the_text_that_renders(edited: World):
    """The row says again what was sent: the video is its own, and nothing is paid twice."""
    edited.sheet.type(2, "Headline", "Old")
    edited.settle()

    assert edited.shown("Old") == "Done"
    assert edited.charges_for("Old") == 1

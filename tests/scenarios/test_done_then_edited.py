"""A finished row is edited and approved again."""

from __future__ import annotations

import pytest
from fakes.sheet import OUT_OF_REACH
from fakes.world import World


@pytest.fixture
def done(world: World) -> World:
    world.add("Old")
    world.approve("Old")
    world.settle()
    return world


def test_f_R05_edited_row_is_out_of_date_with_its_old_link(done: World):
    """The tick is cleared, the link stays, the price of a refresh is shown."""
    done.sheet.type(2, "Headline", "New")
    done.wait(60)

    assert done.shown("New") == "Out of date"
    assert done.shown("New", "Approve") is False
    assert done.shown("New", "Video") == done.jobs_for("Old")[0].url
    assert done.shown("New", "Credits") == "~9"
    assert len(done.service.charges) == 1


def test_f_R05_approved_again_it_gets_its_new_video(done: World):
    """One more tick, one more charge, the new link."""
    done.sheet.type(2, "Headline", "New")
    done.look()
    done.approve("New")
    done.settle()

    assert done.shown("New") == "Done"
    assert done.shown("New", "Video") == done.jobs_for("New")[0].url
    assert len(done.service.charges) == 2


def test_edit_taken_back_finds_the_video_again(done: World):
    """The old content has its video: shown again, not paid again."""
    done.sheet.type(2, "Headline", "New")
    done.look()
    done.sheet.type(2, "Headline", "Old")
    done.look()
    done.approve("Old")
    done.wait(120)

    assert done.shown("Old") == "Done"
    assert done.charges_for("Old") == 1


def test_retry_of_a_done_row_renders_it_again(done: World):
    """A deliberate redo is a new attempt under a new job id; the box is cleared."""
    done.sheet.tick(2, "Retry")
    done.wait(16)
    done.settle()

    assert done.charges_for("Old") == 2
    assert len({intent.job_id for intent in done.intents()}) == 2
    assert done.shown("Old", "Retry") is False
    assert done.shown("Old", "Attempt") == 2
    assert done.shown("Old", "Video") == done.jobs_for("Old")[1].url


def test_f_R09_retry_counts_once_even_if_it_cannot_be_cleared(done: World):
    """A second read of the same tick is not a second wish."""
    done.sheet.failing_writes = [OUT_OF_REACH] * 8
    done.sheet.tick(2, "Retry")
    done.wait(16)
    done.settle()
    done.wait(300)

    assert done.charges_for("Old") == 2


def test_f_R09_retry_without_approval_says_what_is_missing(done: World):
    """Retry alone approves nothing."""
    done.sheet.untick(2)
    done.look()
    done.sheet.tick(2, "Retry")
    done.wait(60)

    assert len(done.service.charges) == 1
    assert done.shown("Old", "What to do") == "Retry needs Approve. Tick Approve as well, then Retry."

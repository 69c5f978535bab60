"""The whole way of one row, from the tick to the link."""

from __future__ import annotations

from fakes.world import World

from bot.domain.intents import State


def test_row_shows_every_step_and_is_paid_once(world: World):
    """A ticked row goes from Ready to Done and says where it stands at each step."""
    world.add("Spring")
    seen = []
    world.look()
    seen.append(world.shown("Spring"))
    world.sheet.tick(2)
    world.look()
    seen.append(world.shown("Spring"))
    world.wait(16)
    seen.append(world.shown("Spring"))
    world.work()
    seen.append(world.shown("Spring"))
    world.work()
    seen.append(world.shown("Spring"))

    assert seen == ["Ready to approve", "Waiting", "Rendering 0%", "Rendering 40%", "Done"]
    assert world.charges_for("Spring") == 1


def test_done_row_links_its_own_video(world: World):
    """The row of a finished video holds its link, its thumbnail, its price and its job id."""
    world.add("Spring")
    world.approve("Spring")
    world.settle()
    [job] = world.jobs_for("Spring")
    row = world.sheet.row(2)

    assert row["Video"] == job.url
    assert row["Thumbnail URL"] == job.thumbnail_url
    assert row["Job ID"] == job.job_id
    assert row["Credits"] == 9
    assert row["Attempt"] == 1
    assert world.states() == [State.COMPLETED]


def test_nothing_is_sent_before_the_undo_window_has_passed(world: World):
    """Between the tick and the end of the undo window nothing is charged."""
    world.add("Spring")
    world.look()
    world.sheet.tick(2)
    world.wait(14)

    assert world.service.charges == []
    assert world.shown("Spring", "What to do") == "Starts 14:00:15. Untick Approve to stop it."


def test_box_stays_ticked_when_the_video_is_done(world: World):
    """A tick that was kept is not cleared: it says that this content is approved."""
    world.add("Spring")
    world.approve("Spring")
    world.settle()

    assert world.shown("Spring", "Approve") is True
    assert world.changed_peoples_cells() == []

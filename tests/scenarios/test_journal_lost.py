"""The journal is lost or older than the truth: whatever was paid is found again, nothing is paid twice."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from fakes.clock import FakeClock
from fakes.render_service import FakeRenderService, OnRepeat
from fakes.world import World, fresh_journal

from bot.domain.control import BoardColumn
from bot.domain.intents import State


@pytest.fixture(params=list(OnRepeat), ids=lambda mode: mode.name.lower())
def world(request: pytest.FixtureRequest, folder: Path) -> Iterator[World]:
    """Three known rows, at a service that treats a repeated id in its own way."""
    clock = FakeClock()
    made = World(folder, clock=clock, service=FakeRenderService(clock, request.param))
    for headline in ("Spring", "Summer", "Autumn"):
        made.add(headline)
    made.know_the_tab()
    yield made
    made.close()


def forget(world: World) -> None:
    """The journal file is gone; the sheet, the service and the installation's name are not."""
    world.journal.close()
    for path in world.path.parent.glob(f"{world.path.name}*"):
        path.unlink()
    fresh_journal(world.path).close()
    world.restart()


def remember_only(world: World, copy: Path) -> None:
    """An older copy of the journal is put in place by hand."""
    world.journal.close()
    for path in world.path.parent.glob(f"{world.path.name}*"):
        path.unlink()
    shutil.copy(copy, world.path)
    world.restart()


def back_up(world: World) -> Path:
    world.journal.close()
    copy = world.path.with_suffix(".copy")
    shutil.copy(world.path, copy)
    world.restart()
    return copy


def paid(world: World) -> list[int]:
    return [world.charges_for(headline) for headline in ("Spring", "Summer", "Autumn")]


def test_f_J08_finished_rows_keep_their_links(world: World):
    """Rows that were done are done again after one look at the service each, and nothing is paid."""
    world.approve("Spring", "Summer")
    world.settle()
    links = [world.shown(headline, "Video") for headline in ("Spring", "Summer")]
    forget(world)
    world.settle()

    assert [world.shown(headline) for headline in ("Spring", "Summer", "Autumn")] == [
        "Done",
        "Done",
        "Ready to approve",
    ]
    assert [world.shown(headline, "Video") for headline in ("Spring", "Summer")] == links
    assert paid(world) == [1, 1, 0]


def test_f_J08_running_jobs_are_followed(world: World):
    """A job at work when the journal was lost is found by its number and followed to its end."""
    world.approve("Spring")
    forget(world)
    world.settle()

    assert world.shown("Spring") == "Done"
    assert paid(world) == [1, 0, 0]


def test_f_J08_edits_after_done_ask_again(world: World):
    """An edited row cannot be told from a new one: its tick binds nothing, and nothing is paid."""
    world.approve("Spring")
    world.settle()
    world.journal.close()
    world.sheet.type(world.number("Spring"), "Headline", "Spring again")
    forget(world)
    world.wait(600)

    assert world.shown("Spring again") == "On hold"
    assert paid(world) == [1, 0, 0]


def test_f_J08_an_older_video_is_not_taken_for_the_one_a_row_waits_for(world: World):
    """A done row was edited and ticked anew, and still shows its old video when the journal is lost."""
    world.approve("Spring")
    world.settle()
    world.sheet.type(world.number("Spring"), "Headline", "Spring again")
    world.look()
    world.sheet.tick(world.number("Spring again"))
    world.look()
    waiting, old = world.shown("Spring again"), world.shown("Spring again", "Video")
    forget(world)
    world.wait(60)
    meanwhile = world.shown("Spring again")
    world.sheet.say(BoardColumn.GO_AHEAD, True)
    world.settle()

    assert (waiting, meanwhile) == ("Waiting", "On hold")
    assert world.shown("Spring again") == "Done"
    assert world.shown("Spring again", "Video") != old
    assert (world.charges_for("Spring"), world.charges_for("Spring again")) == (1, 1)


def test_f_J08_rows_in_line_wait_for_one_word(world: World):
    """What was never sent names no job: one Go ahead sends it, nobody has to decide row by row."""
    for headline in ("Spring", "Summer", "Autumn"):
        world.sheet.tick(world.number(headline))
    world.look()
    named = [world.shown(headline, "Job ID") for headline in ("Spring", "Summer", "Autumn")]
    forget(world)
    world.wait(60)
    before = paid(world)
    world.sheet.say(BoardColumn.GO_AHEAD, True)
    world.settle()

    assert named == [None, None, None]
    assert before == [0, 0, 0]
    assert paid(world) == [1, 1, 1]


def test_f_J08_job_the_service_does_not_know(world: World):
    """A number in the sheet that nobody confirms is never a reason to send: a person decides."""
    world.approve("Spring")
    world.settle()
    world.service.jobs.clear()
    forget(world)
    world.wait(900)

    assert world.shown("Spring") == "Needs a decision"
    assert paid(world) == [1, 0, 0]


def test_f_J08_somebody_else_s_number(world: World):
    """A job id this installation would not have given this row is no evidence of anything."""
    world.approve("Spring")
    world.settle()
    world.journal.close()
    spring, summer = world.number("Spring"), world.number("Summer")
    world.sheet.type(summer, "Job ID", world.sheet.cell(spring, "Job ID"))
    forget(world)
    world.settle()

    assert world.shown("Summer") == "Ready to approve"
    assert world.shown("Summer", "Job ID") is None


def test_f_J07_older_backup(world: World):
    """What was approved, sent and finished after the copy was made is adopted, not paid again."""
    copy = back_up(world)
    world.approve("Spring", "Summer")
    world.settle()
    remember_only(world, copy)
    world.settle()
    world.wait(120)

    assert [world.shown(headline) for headline in ("Spring", "Summer")] == ["Done", "Done"]
    assert paid(world) == [1, 1, 0]
    assert {State.COMPLETED} == set(world.states())


def test_f_J07_older_backup_of_a_row_about_to_be_sent(world: World):
    """The copy was made in the undo time, price and all: the restored robot asks once more before it sends."""
    world.sheet.tick(world.number("Spring"))
    world.look()
    copy = back_up(world)
    world.wait(20)
    world.service.finish()
    remember_only(world, copy)
    world.settle()

    assert world.shown("Spring") == "Done"
    assert paid(world) == [1, 0, 0]


def test_f_J07_older_backup_while_rendering(world: World):
    """A job the restored journal has never heard of is found before anything is sent."""
    copy = back_up(world)
    world.approve("Spring")
    remember_only(world, copy)
    world.settle()

    assert world.shown("Spring") == "Done"
    assert paid(world) == [1, 0, 0]

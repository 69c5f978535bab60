"""The answer to a paid request is lost: did it arrive or not?"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from fakes.clock import FakeClock
from fakes.render_service import FakeRenderService, OnRepeat
from fakes.world import World

from bot.domain.intents import State

SETTLE = 150.0


@pytest.fixture(params=list(OnRepeat), ids=lambda mode: mode.name.lower())
def sent(request: pytest.FixtureRequest, folder: Path) -> Iterator[World]:
    """One ticked row just before it is sent, at a service that treats repeats in its own way."""
    clock = FakeClock()
    world = World(folder, clock=clock, service=FakeRenderService(clock, request.param))
    world.know_the_tab()
    world.add("Spring")
    world.sheet.tick(2)
    world.look()
    yield world
    world.close()


def go(world: World) -> None:
    world.clock.advance(15.1)
    world.look()


def test_job_that_exists_is_adopted(sent: World):
    """The request arrived: the job is found, followed and paid once."""
    sent.service.lost_answers = 1
    go(sent)
    sent.settle()

    assert sent.shown("Spring") == "Done"
    assert sent.charges_for("Spring") == 1
    assert sent.service.sends == 1


def test_unsure_row_says_so(sent: World):
    """An unknown outcome is shown as neither failed nor done."""
    sent.service.lost_requests = 1
    go(sent)

    assert sent.shown("Spring") == "Checking"
    assert sent.shown("Spring", "What to do") == "Making sure this video is not made twice."
    assert sent.states() == [State.CHECKING]


def test_job_that_never_arrived_is_sent_again_only_when_that_is_settled(sent: World):
    """Until the settle time is over nothing is sent; then once more, under the same job id."""
    sent.service.lost_requests = 1
    go(sent)
    [doubtful] = sent.intents()
    sent.wait(SETTLE - 1)
    too_early = sent.service.sends
    sent.settle()

    assert too_early == 0
    assert sent.service.sends == 1
    assert list(sent.service.jobs) == [doubtful.job_id]
    assert sent.shown("Spring") == "Done"


def test_one_late_absence_is_not_enough(sent: World):
    """Two late looks must miss the job, the second one in the listing too."""
    sent.service.lost_requests = 1
    go(sent)
    sent.clock.advance(SETTLE + 1)
    sent.tick()
    after_one = sent.service.sends, sent.states()
    sent.wait(10)

    assert after_one == (0, [State.CHECKING])
    assert sent.service.sends == 1


def test_f_Z24_job_seen_late_is_not_sent_again(sent: World):
    """A service that hides a new job for 90 seconds has it all the same."""
    sent.service.visible_after = 90
    sent.service.lost_answers = 1
    go(sent)
    sent.settle()

    assert sent.service.sends == 1
    assert sent.charges_for("Spring") == 1
    assert sent.shown("Spring") == "Done"


def test_job_that_only_the_listing_knows_is_adopted(sent: World):
    """A 404 that lies to the very end is overruled by the listing."""
    sent.service.lost_answers = 1
    go(sent)
    sent.service.visible_after = 10_000
    sent.clock.advance(SETTLE + 1)
    sent.tick()
    sent.service.listed_at_once = True
    sent.wait(10)
    states = sent.states()
    sent.service.visible_after = 0
    sent.settle()

    assert states == [State.SUBMITTED]
    assert sent.charges_for("Spring") == 1


def test_restart_begins_the_settle_time_anew(sent: World):
    """A new process cannot know how long ago the request left: it waits in full."""
    sent.service.lost_requests = 1
    go(sent)
    sent.wait(SETTLE - 10)
    sent.restart()
    sent.wait(SETTLE - 1)
    too_early = sent.service.sends
    sent.settle()

    assert too_early == 0
    assert sent.charges_for("Spring") == 1


def test_wall_clock_jump_does_not_cut_the_settle_time_short(sent: World):
    """Somebody sets the clock ten years ahead: the doubt lasts as long as before."""
    sent.service.lost_requests = 1
    go(sent)
    sent.clock.jump(10 * 365 * 86_400)
    sent.wait(SETTLE - 20)

    assert sent.service.sends == 0
    assert sent.states() == [State.CHECKING]


def test_edit_in_doubt_follows_the_job_and_sends_nothing_new(sent: World):
    """While nobody knows whether the old text renders, the new text is not sent, and the doubt goes on."""
    sent.service.lost_answers = 1
    sent.service.visible_after = 60
    go(sent)
    sent.sheet.type(2, "Headline", "Summer")
    sent.look()
    sent.sheet.tick(2)
    sent.wait(30)
    meanwhile = len(sent.service.charges)
    sent.settle()

    assert meanwhile == 1
    assert (sent.charges_for("Spring"), sent.charges_for("Summer")) == (1, 1)
    assert sent.shown("Summer") == "Done"


def test_service_that_draws_its_own_id(sent: World):
    """Another id in a clear answer is adopted: that job is followed."""
    sent.service.honours_ids = False
    go(sent)
    sent.settle()
    [job] = sent.service.jobs.values()

    assert sent.shown("Spring") == "Done"
    assert sent.shown("Spring", "Job ID") == job.job_id
    assert sent.shown("Spring", "Video") == job.url

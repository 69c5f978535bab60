"""Where nobody can tell, nothing more is sent: a person decides, and says so with a tick."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from fakes.clock import FakeClock
from fakes.render_service import FakeRenderService, OnRepeat
from fakes.world import World

from bot.domain.intents import State

UNDO = 15.1
LONG = 4000.0


@pytest.fixture
def world(folder: Path) -> Iterator[World]:
    """Two rows nobody ticked, at a service nobody knows anything of."""
    clock = FakeClock()
    made = World(folder, clock=clock, service=FakeRenderService(clock, OnRepeat.CHARGES_TWICE))
    made.add("Spring")
    made.add("Summer")
    made.know_the_tab()
    yield made
    made.close()


def wait(world: World, seconds: float) -> None:
    """Time passes without the service getting anything done."""
    world.wait(seconds)


def lost_for_ever(world: World, headline: str = "Spring") -> None:
    """The row is approved, accepted and paid; its answer is lost."""
    world.service.lost_answers = 1
    world.approve(headline)
    wait(world, 400)


def test_ids_ignored_and_the_answer_lost(world: World):
    """The service drew its own id and the answer is lost: the nameless stranger in the listing may be ours."""
    world.service.honours_ids = False
    lost_for_ever(world)

    assert world.states() == [State.NEEDS_DECISION]
    assert world.shown("Spring") == "Needs a decision"
    assert world.charges_for("Spring") == 1


def test_ids_ignored_is_learnt(world: World):
    """Once the service was seen to ignore ids, an absence by id proves nothing any more."""
    world.service.honours_ids = False
    world.approve("Summer")
    world.settle()
    world.service.lost_requests = 1
    world.approve("Spring")
    wait(world, 400)

    assert world.shown("Summer") == "Done"
    assert world.shown("Spring") == "Needs a decision"
    assert world.service.sends == 1


def test_found_by_its_name(world: World):
    """A job under a foreign id that carries our name is ours: adopted, not sent again."""
    world.service.honours_ids = False
    world.service.names_at_once = True
    lost_for_ever(world)
    world.settle()

    assert world.shown("Spring") == "Done"
    assert world.charges_for("Spring") == 1


def test_f_Z07_conflict_without_a_job(world: World):
    """The service says the id is taken, but does not know it: nobody can tell, and nothing more is sent."""
    from fakes.render_service import CONFLICT

    world.service.refusals["submit"] = [CONFLICT] * 9
    world.approve("Spring")
    wait(world, 800)

    assert world.shown("Spring") == "Needs a decision"
    assert world.service.sends == 1
    assert world.service.charges == []


def test_one_more_send_and_no_third(world: World):
    """A request that got lost twice is not sent a third time by itself."""
    world.service.lost_requests = 9
    world.approve("Spring")
    wait(world, 1500)

    assert world.states() == [State.NEEDS_DECISION]
    assert world.service.lost_requests == 7


def test_retry_decides_for_a_new_attempt(world: World):
    """Retry gives the lost job up and renders anew, under a new job id, knowing that it may cost again."""
    world.service.honours_ids = False
    lost_for_ever(world)
    world.sheet.tick(world.number("Spring"), "Retry")
    world.settle()

    assert world.shown("Spring") == "Done"
    assert [one.attempt for one in world.intents()] == [0, 1]
    assert world.charges_for("Spring") == 2


def test_unticking_decides_to_leave_it(world: World):
    """Unticked, the row is open again and nothing is sent."""
    world.service.honours_ids = False
    lost_for_ever(world)
    world.sheet.untick(world.number("Spring"))
    wait(world, 30)

    assert world.shown("Spring") == "Ready to approve"
    assert world.charges_for("Spring") == 1


def test_other_rows_go_on(world: World):
    """One undecided row does not hold up its neighbours."""
    world.service.honours_ids = False
    lost_for_ever(world)
    world.approve("Summer")
    for _ in range(4):
        world.work()

    assert world.shown("Summer") == "Done"


def test_f_Z06_accepted_job_the_service_forgot(world: World):
    """A job that was accepted and is denied for good is lost at the service: never sent again by itself."""
    world.approve("Spring")
    (job_id,) = world.service.jobs
    del world.service.jobs[job_id]
    wait(world, 600)

    assert world.shown("Spring") == "Needs a decision"
    assert "no longer knows" in str(world.shown("Spring", "What to do"))
    assert world.charges_for("Spring") == 1


def test_f_Z23_overdue_job_that_finishes_after_all(world: World):
    """Past the deadline a person is told; nobody calls it failed, and the late video is still taken."""
    world.approve("Spring")
    wait(world, LONG)
    overdue = (world.shown("Spring"), world.shown("Spring", "What to do"))
    for _ in range(4):
        world.work()

    assert overdue[0] == "Needs a decision"
    assert "Took longer than 60 min." in str(overdue[1])
    assert world.shown("Spring") == "Done"
    assert world.charges_for("Spring") == 1


def test_f_T01_a_clock_jump_makes_nothing_overdue(world: World):
    """The deadline counts real seconds: a wall clock that jumps an hour ahead changes nothing."""
    world.approve("Spring")
    world.clock.jump(86_400)
    world.look()

    assert str(world.shown("Spring")).startswith("Rendering")

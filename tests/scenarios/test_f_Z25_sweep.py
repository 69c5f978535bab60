"""Many jobs under way: one look into the listing serves them all, and only ends are looked at one by one."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from fakes.zvid_wire import WireWorld, said

from bot.domain.intents import State
from bot.planner.snapshot import Policy

ROWS = tuple(f"Row {number}" for number in range(20))


@pytest.fixture
def world(folder: Path) -> Iterator[WireWorld]:
    """Twenty jobs under way at once, through the real client."""
    made = WireWorld(folder, policy=Policy(max_in_flight=50, sample_size=0))
    made.know_the_tab()
    for headline in ROWS:
        made.add(headline)
    for headline in ROWS:
        made.sheet.tick(made.number(headline))
    made.look()
    made.clock.advance(15.1)
    made.look()
    assert made.states() == [State.SUBMITTED] * 20
    yield made
    made.close()


def counts(world: WireWorld) -> tuple[int, int]:
    return world.wire.count("jobs"), world.wire.count("job")


def spent(world: WireWorld, seconds: float = 5.1) -> tuple[int, int]:
    """Listing pages and single looks of one tick."""
    before = counts(world)
    world.clock.advance(seconds)
    world.tick()
    after = counts(world)
    return after[0] - before[0], after[1] - before[1]


def test_f_Z25_one_page_serves_twenty_jobs(world: WireWorld):
    """While all go on nobody is looked at alone."""
    world.service.work()

    assert spent(world) == (1, 0)
    assert world.states() == [State.ACTIVE] * 20


def test_f_Z25_only_ends_are_looked_at_one_by_one(world: WireWorld):
    """The listing and one look are the two looks an end needs."""
    world.service.finish()

    assert spent(world) == (1, 20)
    assert world.states() == [State.COMPLETED] * 20
    assert [world.charges_for(headline) for headline in ROWS] == [1] * 20


def test_f_Z21_listing_says_failed_a_look_says_completed(world: WireWorld):
    """Then two looks decide, and nothing is sent again."""
    job = next(iter(world.service.jobs.values()))
    lines = [{"id": one.job_id, "status": "active"} for one in world.service.jobs.values()]
    lines[0]["status"] = "failed"
    world.wire.instead["jobs"] = [said(200, {"jobs": lines, "pagination": {"hasNext": False}})]
    done = {"state": "completed", "result": {"url": job.url}}
    world.wire.instead["job"] = [said(200, done), said(200, done)]

    assert spent(world) == (1, 2)
    assert sorted(world.states()) == sorted([State.COMPLETED, *[State.ACTIVE] * 19])
    assert world.wire.count("submit") == 20


def test_f_Z21_listing_says_completed_a_look_says_active(world: WireWorld):
    """A line that looks like an end ends nothing."""
    lines = [{"id": one, "status": "completed"} for one in world.service.jobs]
    world.wire.instead["jobs"] = [said(200, {"jobs": lines, "pagination": {"hasNext": False}})]
    spent(world)

    assert State.COMPLETED not in world.states()


def test_f_Z25_job_the_listing_does_not_show(world: WireWorld):
    """It is looked at alone, about once a minute; its end is found all the same."""
    hidden = next(iter(world.service.jobs))
    world.wire.unlisted.add(hidden)
    looks = [spent(world)[1] for _ in range(24)]
    world.service.finish()
    world.wait(130)

    assert 1 <= sum(looks) <= 3
    assert world.states() == [State.COMPLETED] * 20


def test_f_Z11_listing_that_fails_changes_nothing(world: WireWorld):
    """One failed page is one failure: no job is touched, and the account is not taken for gone."""
    world.wire.instead["jobs"] = [said(503)]
    spent(world)
    world.service.finish()
    world.settle()

    assert {world.shown(headline) for headline in ROWS} == {"Done"}
    assert [world.charges_for(headline) for headline in ROWS] == [1] * 20


def test_f_Z11_listing_that_never_works(world: WireWorld):
    """Then each job is looked at alone, seldom, and its end is found all the same."""
    world.wire.instead["jobs"] = [said(500)] * 10_000
    looks = [spent(world)[1] for _ in range(24)]
    world.service.finish()
    world.wait(130)

    assert 20 <= sum(looks) <= 60
    assert world.states() == [State.COMPLETED] * 20


def test_f_Z25_jobs_of_others_between_ours(world: WireWorld):
    """Hundreds of foreign lines above ours are read past and belong to nobody."""
    foreign = [{"id": f"foreign-{number}", "status": "failed"} for number in range(250)]
    world.wire.foreign = foreign
    world.service.work()
    spent(world)

    assert world.states() == [State.ACTIVE] * 20

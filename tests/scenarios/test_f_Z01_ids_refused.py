"""A service that takes no job id of ours: every row is still paid once, and a doubt is a person's matter."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest
from fakes.zvid_wire import WireWorld, broken, said

ROWS = ("Row A", "Row B", "Row C", "Row D")
LOST = broken(httpx.ReadTimeout("silence"))


@pytest.fixture
def world(folder: Path) -> Iterator[WireWorld]:
    """Four rows nobody ticked yet, through the real client."""
    made = WireWorld(folder)
    made.service.refuses_ids = True
    for headline in ROWS:
        made.add(headline)
    made.know_the_tab()
    yield made
    made.close()


def ids_sent(world: WireWorld) -> list[bool]:
    """For each paid request, whether it carried an id."""
    return ["jobId" in json.loads(one.content) for route, one in world.wire.requests if route == "submit"]


def test_f_Z01_refused_id_is_left_out(world: WireWorld):
    """The row waits a moment and goes out without the id; it is nobody's mistake and paid once."""
    world.approve("Row A")
    told = world.shown("Row A"), str(world.shown("Row A", "What to do"))
    world.settle()
    [job] = world.service.jobs.values()

    assert told[0] == "Retrying"
    assert told[1].startswith("Zvid wants it without our number. Trying again at 14:00:")
    assert told[1].endswith("Not charged.")
    assert ids_sent(world) == [True, False]
    assert (world.shown("Row A"), world.shown("Row A", "Job ID")) == ("Done", job.job_id)
    assert world.charges_for("Row A") == 1


def test_f_Z01_later_sends_leave_it_out_at_once(world: WireWorld):
    """Learnt once, also by the next process."""
    world.approve("Row A")
    world.settle()
    world.restart()
    world.approve("Row B", "Row C")
    world.settle()

    assert ids_sent(world) == [True, False, False, False]
    assert [world.charges_for(one) for one in ROWS] == [1, 1, 1, 0]


def test_f_Z01_row_that_is_wrong_as_well(world: WireWorld):
    """Without the id the service finds fault with the row: that is its author's matter, and not sent again."""
    wrong = said(400, {"details": [{"field": "payload.visuals[0].text", "message": "Too wild."}]})
    refused = said(400, {"details": [{"field": "jobId", "message": "not allowed"}]})
    world.wire.instead["submit"] = [refused, wrong]
    world.approve("Row A")
    world.settle()
    world.wait(600)

    assert ids_sent(world) == [True, False]
    assert (world.shown("Row A"), world.shown("Row A", "What to do")) == (
        "Needs fixing",
        "Zvid did not accept the row: Too wild.",
    )


def test_f_Z01_lost_answer_is_a_persons_matter(world: WireWorld):
    """Nobody can ask for a job whose id we were never told: it is not sent again by itself."""
    world.approve("Row A")
    world.settle()
    world.wire.instead["submit"] = [LOST]
    world.approve("Row B")
    world.wait(400)

    assert world.shown("Row B") == "Needs a decision"
    assert ids_sent(world) == [True, False, False]


def test_f_Z01_lost_answer_of_a_job_the_listing_names(world: WireWorld):
    """As soon as the listing shows our name once, that is our job: followed, shown, paid once."""
    world.approve("Row A")
    world.settle()
    world.wire.after_work = [LOST]
    world.approve("Row B")
    unsure = world.shown("Row B")
    world.service.finish()
    world.wait(400)

    assert unsure == "Checking"
    assert world.shown("Row B") == "Done"
    assert world.shown("Row B", "Video") == world.jobs_for("Row B")[0].url
    assert world.charges_for("Row B") == 1


def test_f_Z01_job_that_is_named_only_when_finished(world: WireWorld):
    """The row waits for a person, and is put right by itself when the finished job appears in the listing."""
    world.approve("Row A")
    world.settle()
    world.wire.after_work = [LOST]
    world.approve("Row B")
    world.wait(400)
    asked = world.shown("Row B")
    world.service.finish()
    world.wait(130)

    assert asked == "Needs a decision"
    assert world.shown("Row B") == "Done"
    assert world.charges_for("Row B") == 1


def test_f_Z01_death_in_a_send_without_an_id(world: WireWorld):
    """A new process knows that this send had no id: a person decides, whatever the service says of our id."""
    world.approve("Row A")
    world.settle()
    world.wire.after_work = [broken(RuntimeError("the process dies"))]
    world.approve("Row B")
    world.restart()
    world.wait(400)

    assert world.shown("Row B") == "Needs a decision"
    assert world.charges_for("Row B") == 1

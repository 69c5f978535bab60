"""Every answer to the paid request, from the wire to the cell: what the row says, what is sent again, what is paid."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import httpx
import pytest
from fakes.zvid_wire import WireWorld, broken, said

NEXT = "99999999-0000-4000-8000-000000000001"
CHECKING = ("Checking", "Making sure this video is not made twice.")
HTML = b"<html><body>Bad Gateway</body></html>"
FIELD = {
    "error": "Validation failed",
    "details": [{"field": "payload.visuals[0].text", "message": "Too wild."}],
}
POOR = {"error": "Insufficient credits", "creditsRequired": 9, "creditsAvailable": 4}


@pytest.fixture
def world(folder: Path) -> Iterator[WireWorld]:
    """One row nobody ticked yet."""
    made = WireWorld(folder)
    made.add("Spring")
    made.know_the_tab()
    yield made
    made.close()


def told(world: WireWorld) -> tuple[object, object]:
    return world.shown("Spring"), world.shown("Spring", "What to do")


REFUSED = [
    ("Z01", said(400, FIELD), "Needs fixing", "Zvid did not accept the row: Too wild."),
    (
        "Z04",
        said(403, {"error": "PREMIUM_REQUIRED"}),
        "Needs fixing",
        "Zvid did not accept the row: premium required",
    ),
    (
        "Z08",
        said(413, HTML),
        "Needs fixing",
        "Zvid did not accept the row: The project is 0 kB, more than it takes.",
    ),
]


@pytest.mark.parametrize(
    ("answer", "status", "text"), [one[1:] for one in REFUSED], ids=[one[0] for one in REFUSED]
)
def test_f_Z_row_that_is_refused(world: WireWorld, answer: Any, status: str, text: str):
    """Its author acts: nothing is sent again until the row is edited, the tick is cleared, nothing is paid."""
    world.wire.instead["submit"] = [answer]
    world.approve("Spring")
    world.wait(600)

    assert told(world) == (status, text)
    assert world.shown("Spring", "Approve") is False
    assert world.wire.count("submit") == 1
    assert world.service.charges == []


KEY = "The Zvid key was refused. Rows are safe. An admin must renew the key."
ADDRESS = "Zvid is not at the address in the settings. Rows are safe. An admin must correct it."
HELD = [
    ("Z02", said(401, {"error": "Unauthorized"}), KEY),
    ("Z03", said(402, POOR), "Needs 9 credits, 4 left. Continues by itself after a top-up."),
    ("Z04", said(403, {"error": "Access denied"}), KEY),
    ("Z05", said(404, HTML), ADDRESS),
]


@pytest.mark.parametrize(("answer", "text"), [one[1:] for one in HELD], ids=[one[0] for one in HELD])
def test_f_Z_account_that_is_refused(world: WireWorld, answer: Any, text: str):
    """The row is safe and waits; it is sent by itself, under the same id, when the cause is gone."""
    world.wire.instead["submit"] = [answer]
    world.approve("Spring")
    held = told(world)
    world.settle()

    assert held == ("On hold", text)
    assert world.shown("Spring") == "Done"
    assert world.charges_for("Spring") == 1
    assert [(one.attempt, one.job_id) for one in world.intents()] == [(0, next(iter(world.service.jobs)))]


ACCEPTED = b'{"jobId":"%s","creditsReserved":9}'
UNCLEAR = [
    *(("Z10", said(status, HTML)) for status in (500, 502, 503, 504)),
    ("Z13", broken(httpx.ReadError("reset"))),
    ("Z13", broken(httpx.RemoteProtocolError("cut"))),
    ("Z13", broken(httpx.WriteError("reset"))),
    ("Z15", said(202, b"")),
    ("Z15", said(202, HTML)),
    ("Z15", said(202, b'{"jobId":')),
    ("Z15", said(202, b'{"jobId":7}')),
    ("Z15", said(202, b'{"status":"queued"}')),
    ("Z15", said(202, b'{"jobId":"a","jobId":"b"}')),
    ("Z15", said(202, b'{"jobId":"a","n":NaN}')),
    *(("Z16", said(status, b'{"jobId":"a"}')) for status in (200, 201, 204)),
    *(("Z17", said(status, b"", location="https://evil.example/")) for status in (301, 302, 307, 308)),
    ("Z18", said(202, b" " * 9_000_000)),
    ("Z19", broken(httpx.ReadTimeout("silence"))),
]
UNCLEAR_IDS = [f"{name}-{number}" for number, (name, _) in enumerate(UNCLEAR)]


@pytest.mark.parametrize("answer", [one[1] for one in UNCLEAR], ids=UNCLEAR_IDS)
def test_f_Z_nobody_knows_and_it_arrived(world: WireWorld, answer: Any):
    """Neither failed nor done: the job is looked for under our id, found, and never sent again."""
    world.wire.after_work = [answer]
    world.service.visible_after = 5
    world.approve("Spring")
    unsure = told(world)
    world.settle()

    assert unsure in [CHECKING, ("Rendering 0%", None)]
    assert world.shown("Spring") == "Done"
    assert world.wire.count("submit") == world.charges_for("Spring") == 1


@pytest.mark.parametrize("answer", [one[1] for one in UNCLEAR], ids=UNCLEAR_IDS)
def test_f_Z_nobody_knows_and_it_did_not_arrive(world: WireWorld, answer: Any):
    """Nothing is sent within the settle time; then the same attempt goes out once more under its id."""
    world.wire.instead["submit"] = [answer]
    world.approve("Spring")
    unsure = told(world)
    world.wait(140)
    early = world.wire.count("submit")
    world.settle()

    assert unsure == CHECKING
    assert early == 1
    assert world.shown("Spring") == "Done"
    assert (world.wire.count("submit"), world.charges_for("Spring")) == (2, 1)
    assert [one.attempt for one in world.intents()] == [0]


def test_f_Z07_taken_id_without_a_job_is_a_persons_matter(world: WireWorld):
    """The id is taken, yet no such job: nobody can tell, and nothing more is sent."""
    world.wire.instead["submit"] = [said(409, {"error": "Conflict"})]
    world.approve("Spring")
    world.wait(400)

    assert world.shown("Spring") == "Needs a decision"
    assert world.wire.count("submit") == 1


def test_f_Z12_request_that_never_left_is_sent_again(world: WireWorld):
    """A refused connection is no doubt: the row retries under the same id."""
    world.wire.instead["submit"] = [broken(httpx.ConnectError("refused"))]
    world.approve("Spring")
    retrying = told(world)
    world.settle()

    assert retrying[0] == "Retrying"
    assert str(retrying[1]).startswith("Connection trouble. Trying again at 14:00:")
    assert world.charges_for("Spring") == 1


def test_f_Z15_other_id_than_ours_is_adopted(world: WireWorld):
    """The row shows the service's own id and follows that job."""
    world.service.honours_ids = False
    world.approve("Spring")
    world.settle()
    [job] = world.service.jobs.values()

    assert (world.shown("Spring"), world.shown("Spring", "Job ID")) == ("Done", job.job_id)


@pytest.mark.parametrize(
    "answer", [said(500), said(503, HTML), broken(httpx.ReadTimeout("x")), said(200, HTML)]
)
def test_f_Z11_look_that_fails_changes_nothing(world: WireWorld, answer: Any):
    """The row stays as it is and is looked at again."""
    world.approve("Spring")
    before = told(world)
    world.wire.instead["job"] = [answer] * 2
    world.wait(6)
    during = told(world)
    world.settle()

    assert during == before
    assert world.shown("Spring") == "Done"


def test_f_Z28_credits_gone_between_quote_and_send(world: WireWorld):
    """The quote was fine, the send is refused for credits: nothing is paid, and the row goes out after a top-up."""
    world.sheet.tick(2)
    world.look()
    world.service.balance = 8
    world.wait(16)
    held = world.shown("Spring")
    world.service.balance = 100
    world.settle()

    assert held == "On hold"
    assert world.shown("Spring") == "Done"
    assert world.charges_for("Spring") == 1


def test_f_Z28_price_raised_between_quote_and_send(folder: Path):
    """What is charged is shown and booked, and no row that was not sent yet leaves at a price nobody approved."""
    world = WireWorld(folder)
    rows = [f"Row {letter}" for letter in "ABCDEF"]
    for headline in rows:
        world.add(headline)
    world.know_the_tab()
    for headline in rows:
        world.sheet.tick(world.number(headline))
    world.look()
    world.service.price = 36
    world.wait(16)
    world.settle()
    shown = [(world.shown(one), world.shown(one, "Credits")) for one in rows]
    words = {world.shown(one, "What to do") for one in rows[3:]}
    booked, charged = world.journal.spent(), sum(one.credits for one in world.service.charges)
    world.close()

    # Three were on their way together before the first answer told.
    assert shown == [("Done", 36)] * 3 + [("Changed", "~36")] * 3
    assert words == {"Now 36 credits, was 9. Nothing was sent. Tick Approve if that is fine."}
    assert booked == charged == 108


def test_a_send_that_never_arrived_is_settled_in_an_account_of_any_size(world: WireWorld):
    """Thousands of older videos in its listing are no reason to wait for ever."""
    began = world.clock.now() - timedelta(hours=3)
    world.wire.history = [
        {
            "id": f"old-{hours}",
            "status": "completed",
            "created_at": (began - timedelta(hours=hours)).isoformat(),
        }
        for hours in range(3000)
    ]
    world.sheet.tick(2)
    world.look()
    world.wire.instead["submit"] = [broken(httpx.ReadError("cut"))]
    world.clock.advance(15.1)
    world.look()
    in_doubt = told(world)
    world.settle()

    assert in_doubt == CHECKING
    assert world.charges_for("Spring") == 1
    assert told(world)[0] == "Done"

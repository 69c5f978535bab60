"""Each fault of the console, met over real sockets; and that it ends."""

from __future__ import annotations

from pathlib import Path

import httpx
import pytest
from console_bench import Bench, make_bench

from bot.sandbox.console.cards import CARDS
from bot.sandbox.console.desk import Desk

SWITCHES = [card for card in CARDS if card.seconds]


@pytest.mark.parametrize(
    ("fault", "status"), [("zvid-busy", 429), ("zvid-errors", 500), ("key-refused", 401), ("no-credits", 402)]
)
def test_a_paid_send_is_refused(bench: Bench, fault: str, status: int):
    """The send meets the refusal, nothing is charged, and the strike is counted."""
    bench.turn(fault)
    answer = bench.submit("summer-r1k-wide")

    assert answer.status_code == status
    assert bench.sandbox.zvid.charges() == []
    assert bench.faults()[fault]["count"] == 1


def test_a_lost_answer_was_a_charge(bench: Bench):
    """The order is taken and charged, its answer never arrives, and for a while nobody finds the order."""
    bench.turn("lost-answer")
    with pytest.raises(httpx.RemoteProtocolError):
        bench.submit("summer-r1k-wide")
    (job,) = bench.sandbox.zvid.jobs()

    assert bench.zvid("GET", f"/api/jobs/{job.id}").status_code == 404
    bench.turn("lost-answer", on=False)
    assert bench.zvid("GET", f"/api/jobs/{job.id}").status_code == 200
    assert bench.tally()["jobs"] == 1


def test_an_unreachable_service_took_nothing(bench: Bench):
    """Every connection breaks before anything was done."""
    bench.turn("zvid-away")
    with pytest.raises(httpx.RemoteProtocolError):
        bench.submit("summer-r1k-wide")

    assert bench.sandbox.zvid.jobs() == []


@pytest.mark.parametrize(("fault", "status"), [("google-busy", 429), ("google-away", 503)])
def test_google_refuses_the_robot_and_not_the_page(bench: Bench, fault: str, status: int):
    """Who watches goes on seeing the sheet; the refusal has Google's shape."""
    bench.turn(fault)
    refused = bench.google("GET", "/values/Videos")

    assert refused.status_code == status
    assert refused.json()["error"]["code"] == status
    assert bench.google("GET", "/values/Videos", user="page").status_code == 200


def test_a_lost_write_was_carried_out(bench: Bench):
    """The robot is told nothing, and the sheet holds what it wrote."""
    bench.turn("google-lost")
    with pytest.raises(httpx.RemoteProtocolError):
        bench.write_status(2, "Waiting")

    assert bench.cells("D2") == [["Waiting"]]


def test_credits_come_back_when_it_is_switched_off(bench: Bench):
    """The account is empty meanwhile and has all its credits afterwards."""
    before = bench.sandbox.zvid.balance()
    bench.turn("no-credits")

    assert bench.tally()["balance"] == 0
    bench.turn("no-credits", on=False)
    assert bench.tally()["balance"] == before


def test_credits_survive_a_kill(tmp_path: Path):
    """A process that dies while they are gone leaves a note, and the next one gives them back."""
    sandbox, _ = make_bench(tmp_path)
    before = sandbox.zvid.balance()
    sandbox.desk.turn("no-credits", on=True)
    again, _ = make_bench(tmp_path)
    again.desk.start()

    assert again.zvid.balance() == before


def test_sorting_moves_whole_rows(bench: Bench):
    """The sheet is in another order, and what was in one row still is."""
    bench.turn("sort-now")
    rows = bench.cells("Videos!A2:G4")

    assert [row[1] for row in rows] == sorted(row[1] for row in rows)
    assert {row[1]: row[6] for row in rows}["Basil"] == "r1k"


@pytest.mark.parametrize("fault", ["sort-between", "insert-between"])
def test_the_ambush_meets_the_next_write(bench: Bench, fault: str):
    """Nothing moves until the robot writes; then its write lands on another row than it read."""
    before = bench.cells("Videos!G2:G4")
    bench.turn(fault)

    assert bench.cells("Videos!G2:G4") == before
    bench.write_status(2, "Waiting")
    assert bench.cells("Videos!G2:G4") != before
    assert bench.faults()[fault]["on"] is False
    assert bench.faults()[fault]["count"] == 1


def test_the_row_under_way_is_deleted(bench: Bench):
    """Of all rows the one the robot works on goes."""
    bench.turn("delete-row")

    assert [row[0] for row in bench.cells("Videos!G2:G4")] == ["r1k", "r3k"]


def test_a_sheet_without_the_robots_columns_is_left_alone(bench: Bench):
    """There is nothing to sort or delete, and the console says so."""
    bench.put("Videos!G1", "Something else")
    answer = bench.turn("delete-row")

    assert answer.status_code == 409
    assert "robot's columns" in answer.json()["error"]


@pytest.mark.parametrize("card", SWITCHES, ids=lambda card: card.id)
def test_every_fault_ends_by_itself(tmp_path: Path, card):
    """After the seconds its card names it is over, and everything it held back is back."""
    now = [1000.0]
    sandbox, _ = make_bench(tmp_path)
    desk = Desk(tmp_path, sandbox.sheets, sandbox.zvid, clock=lambda: now[0])
    before = sandbox.zvid.balance()
    desk.turn(card.id, on=True)
    now[0] += card.seconds - 1
    still = desk.is_on(card.id)
    now[0] += 1

    assert still
    assert not desk.is_on(card.id)
    assert sandbox.zvid.balance() == before
    assert sandbox.sheets.faults.now.hands == ()
    assert sandbox.zvid.switches().visibility_delay_seconds == 0


def test_all_off(bench: Bench):
    """One call ends everything that is on."""
    for card in SWITCHES:
        bench.turn(card.id)
    httpx.put(f"{bench.base_url}/sandbox/faults", json={"on": False})

    assert not any(fault["on"] for fault in bench.faults().values())
    assert bench.submit("summer-r1k-wide").status_code == 202


@pytest.mark.parametrize(
    ("path", "body", "status"),
    [
        ("/nothing-known", {"on": True}, 404),
        ("/zvid-busy", {"on": "yes"}, 400),
        ("/zvid-busy", {"on": True, "seconds": 9999}, 400),
        ("/zvid-busy", ["on"], 400),
        ("", {"on": True}, 400),
    ],
)
def test_other_words_are_refused(bench: Bench, path: str, body: object, status: int):
    """An unknown fault or another body changes nothing and says what was expected."""
    answer = httpx.put(f"{bench.base_url}/sandbox/faults{path}", json=body)

    assert answer.status_code == status
    assert answer.json()["error"]
    assert not any(fault["on"] for fault in bench.faults().values())

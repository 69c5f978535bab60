"""Prices, and a ledger that adds up whatever happens."""

import tempfile
import uuid
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.sandbox.zvid.intake import Intake
from bot.sandbox.zvid.job import State
from bot.sandbox.zvid.jobs import JobStore
from bot.sandbox.zvid.ledger import Kind
from bot.sandbox.zvid.options import Switches
from bot.sandbox.zvid.refusals import Refusal
from bot.sandbox.zvid.switchboard import Switchboard
from bot.sandbox.zvid.timeline import credits_for, seconds_of


def scene(seconds: float, transition: str | None = None, overlap: float | None = None) -> dict:
    found: dict = {"duration": seconds, "transition": transition}
    return found if overlap is None else {**found, "transitionDuration": overlap}


@pytest.mark.parametrize(
    ("project", "price"),
    [
        ({"duration": 9, "resolution": "hd"}, 9),
        ({"duration": 8.1}, 9),
        ({"duration": 0.1}, 1),
        ({}, 10),
        # Presets resolve first, so an upright film costs what a wide one does.
        ({"duration": 9, "resolution": "instagram-reel"}, 9),
        ({"duration": 9, "resolution": "hd", "width": 1920, "height": 1920}, 9),
        ({"duration": 2.1, "width": 1920, "height": 1081}, 9),
        ({"duration": 9, "width": 1920, "height": 1080}, 9),
        # 2.3 * 4 is a hair above 9.2 in binary.
        ({"duration": 2.25, "width": 1920, "height": 1920}, 9),
        ({"type": "image", "width": 1920, "height": 1920}, 1),
        # The vendor's own worked example: 10.25 s.
        ({"scenes": [scene(3.8, "fade", 0.5), scene(3.4, "fade", 0.45), scene(4.0)]}, 11),
        # Explicit scenes win over the project's own duration, in either direction.
        ({"duration": 60, "scenes": [scene(3), scene(4)]}, 7),
        ({"duration": 1, "scenes": [scene(3), scene(4)]}, 7),
        # One automatic scene without content is ten seconds long.
        ({"duration": 5, "scenes": [scene(3), scene(-1)]}, 13),
        ({"duration": 20, "scenes": [scene(3), scene(-1)]}, 20),
    ],
)
def test_price(project, price):
    """A started second counts whole; above 1920x1080 it counts four times."""
    assert credits_for(project) == price


def test_last_transition_overlaps_nothing():
    """A transition needs a next scene, and the one it names."""
    scenes = [
        {"id": "a", "duration": 3, "transition": "fade", "transitionId": "c"},
        {"id": "b", "duration": 3, "transition": "fade", "transitionId": "c", "transitionDuration": 1},
        {"id": "c", "duration": 3, "transition": "fade"},
    ]

    assert seconds_of({"scenes": scenes}) == 8


def test_automatic_scene():
    """A scene without a length is as long as what is in it."""
    scenes = [
        {
            "visuals": [
                {"type": "SVG", "exitEnd": 4},
                {"type": "VIDEO", "enterBegin": 1, "videoEnd": 8, "speed": 2},
            ]
        }
    ]

    assert seconds_of({"duration": 0.5, "scenes": scenes}) == 5


def test_validate_quotes_what_submit_charges(call, project):
    """The free check names the price and takes nothing."""
    quote = call.validate(project).json
    untouched = call.zvid.balance()
    accepted = call.submit(project).json

    assert quote["valid"] is True
    assert quote["creditsRequired"] == accepted["creditsReserved"] == 9
    assert untouched == 1164
    assert call.zvid.balance() == 1155


def test_not_enough_credits(start, project):
    """402 names both sums; nothing is queued or charged."""
    call = start(balance=8)
    answer = call.submit(project)

    assert answer.status == 402
    assert answer.json["creditsRequired"] == 9
    assert answer.json["creditsAvailable"] == 8
    assert set(answer.json) == {"error", "message", "creditsRequired", "creditsAvailable"}
    assert (call.zvid.jobs(), call.zvid.charges(), call.zvid.balance()) == ([], [], 8)


def test_addon_credits_are_spent_last(start, project):
    """Subscription credits go first, and a refund returns to where it came from."""
    call = start(balance=12, addon_credits=5, fail_renders=1)
    failed = call.submit(project).json["jobId"]
    call.until(failed, "failed")
    back = call("GET", "/api/credits/balance").json
    call.submit(project)
    spent = call("GET", "/api/credits/balance").json

    assert back["subscriptionCredits"] == 7
    assert back["addonCredits"] == {"balance": 5, "totalEarned": 5, "totalSpent": 0}
    assert spent["subscriptionCredits"] == 0
    assert spent["addonCredits"] == {"balance": 3, "totalEarned": 5, "totalSpent": 2}


def test_transactions(start, project, job_id):
    """The ledger tells each step, newest first, and sums up to the balance."""
    call = start(fail_renders=1)
    call.submit(project, job_id)
    call.until(job_id, "failed")
    lines = call("GET", "/api/credits/transactions").json["transactions"]

    assert [(line["type"], line["amount"], line["job_id"]) for line in lines] == [
        ("refund", 9, job_id),
        ("reserve", -9, job_id),
        ("opening", 1164, None),
    ]
    assert sum(line["amount"] for line in lines) == call.zvid.balance()


def test_top_up(call, project):
    """An operator can set the balance; the ledger says so."""
    set_to = call("PUT", "/sandbox/zvid/credits", {"balance": 3})

    assert set_to.json["balance"] == 3
    assert call.submit(project).status == 402
    assert call("GET", "/api/credits/transactions").json["transactions"][0]["type"] == "adjustment"


@pytest.mark.parametrize(
    "body", [{"balance": -1}, {"balance": "9"}, {"credits": 9}, {"balance": 1, "x": 2}, []]
)
def test_top_up_refuses(shared, body):
    """A balance that cannot be is refused and changes nothing."""
    assert shared("PUT", "/sandbox/zvid/credits", body).status == 400
    assert shared.zvid.balance() == 1164


class Books:
    """A store without a server, driven step by step and checked after each."""

    def __init__(self, folder: Path) -> None:
        self.file = folder / "zvid.db"
        self.ids = [str(uuid.UUID(int=number, version=4)) for number in range(3)]
        self.drawn: dict[str, int] = {}
        self.board = Switchboard(Switches())
        self.open()
        self.store.open_account(40, 10)

    def open(self) -> None:
        self.store = JobStore(self.file)
        self.store.requeue_unfinished()
        self.intake = Intake(self.store, self.board)

    def everything(self) -> object:
        return self.store.all(), self.store.ledger_page(0, 10_000), self.store.balance()

    def submit(self, number: int, seconds: float) -> None:
        before = self.everything()
        payload = {"duration": seconds, "visuals": [{"type": "TEXT", "text": "x"}]}
        try:
            receipt = self.intake.submit({"payload": payload, "jobId": self.ids[number]})
        except Refusal:
            assert self.everything() == before, "a refused call changed something"
        else:
            self.drawn.setdefault(receipt.job.id, 0)

    def finish(self, number: int, _seconds: float) -> None:
        job = self.store.begin_next()
        if job is None:
            return
        if number == 0:
            self.store.fail(job.id, "no")
        else:
            self.store.complete(job.id, f"{job.id}-{job.runs}.mp4", "t.jpg")
            self.drawn[job.id] += 1

    def crash(self, _number: int, _seconds: float) -> None:
        self.store.begin_next()
        self.store.close()
        self.open()

    def switch(self, number: int, _seconds: float) -> None:
        modes = ("charge-twice", "same-202", "409", "rerun")
        self.board.change({"duplicate_job_id": modes[number]})

    def limit(self, number: int, _seconds: float) -> None:
        self.board.change({"concurrent_limit": number})

    def check(self) -> None:
        entries, _ = self.store.ledger_page(0, 10_000)
        reserved = -sum(entry.amount for entry in entries if entry.kind is Kind.RESERVE)
        refunded = sum(entry.amount for entry in entries if entry.kind is Kind.REFUND)
        balance = self.store.balance()

        assert balance.total == 50 - reserved + refunded
        assert balance.subscription >= 0
        assert balance.addon >= 0
        for job in self.store.all():
            booked = -sum(entry.amount for entry in entries if entry.job_id == job.id)
            assert booked >= 0
            assert job.runs == self.drawn[job.id]
            if job.state in {State.WAITING, State.ACTIVE}:
                assert booked >= job.credits


STEPS = st.tuples(
    st.sampled_from(["submit", "submit", "finish", "finish", "crash", "switch", "limit"]),
    st.integers(0, 2),
    st.sampled_from([0, 1.5, 7, 9.2, 60, 601]),
)


@settings(max_examples=60, deadline=None)
@given(st.lists(STEPS, max_size=25))
def test_books_balance(steps):
    """Reservations minus refunds are what is missing, a refusal changes nothing, no job is drawn for free."""
    with tempfile.TemporaryDirectory() as folder:
        books = Books(Path(folder))
        try:
            for name, number, seconds in steps:
                getattr(books, name)(number, seconds)
                books.check()
        finally:
            books.store.close()

"""How many are under way at a service that complains, and after it was gone: through the real client."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest
from fakes.zvid_wire import WireWorld, broken, said

from bot.planner.snapshot import Policy

ROWS = tuple(f"Row {letter}" for letter in "ABCDEFGHIJKLMNOP")
UNREACHED = broken(httpx.ConnectError("refused"))


@pytest.fixture
def world(folder: Path) -> Iterator[WireWorld]:
    """Sixteen rows, and room for eight at the same time."""
    made = WireWorld(folder, policy=Policy(max_in_flight=8, sample_size=0))
    for headline in ROWS:
        made.add(headline)
    made.know_the_tab()
    yield made
    made.close()


def shown(world: WireWorld) -> set[object]:
    return {world.shown(headline) for headline in ROWS}


@pytest.mark.parametrize(
    ("headers", "body", "waited"),
    [
        ({"retry_after": "30"}, {"error": "hourly_limit_exceeded"}, 30),
        ({"retry_after": "Mon, 02 Mar 2026 14:00:46 GMT"}, {"error": "x"}, 30),
        ({}, {"error": "Rate limit exceeded", "retryAfter": 30}, 30),
        ({}, {"error": "Rate limit exceeded"}, 60),
        ({"retry_after": "0"}, {}, 1),
        ({"retry_after": "-1"}, {}, 60),
        ({"retry_after": "1000000000"}, {}, 3600),
    ],
    ids=["seconds", "date", "body", "none", "zero", "negative", "absurd"],
)
def test_f_Z09_wait_in_every_spelling(
    world: WireWorld, headers: dict[str, str], body: dict[str, object], waited: int
):
    """Nothing is sent before the time named, within reason; then the same id goes out again, paid once."""
    world.wire.instead["submit"] = [said(429, body, **headers)]
    world.sheet.tick(world.number("Row A"))
    world.look()
    world.clock.advance(16)
    world.look()
    told = world.shown("Row A"), str(world.shown("Row A", "What to do"))
    world.clock.advance(waited - 0.6)
    world.look()
    early = world.wire.count("submit")
    world.clock.advance(1)
    world.look()

    assert told[0] == "On hold"
    limit = "hourly limit reached" if waited >= 300 else "limit is reached"
    assert told[1].startswith(f"Zvid's {limit}. Continues at ")
    assert (early, world.wire.count("submit")) == (1, 2)
    assert world.charges_for("Row A") == 1
    assert [one.attempt for one in world.intents()] == [0]


def test_f_Z09_window_shrinks_and_grows(world: WireWorld):
    """One complaint about eight at once: about half for a while, more again as they are taken."""
    world.wire.instead["submit"] = [said(429, {"error": "Too many concurrent jobs"}, retry_after="5")]
    world.approve(*ROWS)
    first = len(world.service.under_way)
    world.service.finish()
    world.service.most_at_once = 0
    world.wait(12)
    after = world.service.most_at_once
    world.settle()

    assert (first, after) == (7, 5)
    assert shown(world) == {"Done"}
    assert [world.charges_for(headline) for headline in ROWS] == [1] * 16


def test_f_Z09_polling_goes_on_under_a_limit(world: WireWorld):
    """What is being rendered arrives while nothing may be sent."""
    world.approve("Row A")
    world.wire.instead["submit"] = [said(429, {}, retry_after="3000")]
    world.approve("Row B")
    world.service.finish()
    world.wait(20)

    assert (world.shown("Row A"), world.shown("Row B")) == ("Done", "On hold")


@pytest.mark.parametrize(
    "down",
    [UNREACHED, said(503, b"<html>Maintenance"), broken(httpx.ReadTimeout("silence"))],
    ids=["refused", "503", "silence"],
)
def test_f_Z26_a_day_of_outage_and_no_storm(world: WireWorld, down: object):
    """While it lasts it is asked now and then; when it is over one job goes first; in the end each is paid once."""
    routes = world.wire.instead
    for route in routes:
        routes[route] = [down] * 100_000
    world.approve(*ROWS)
    for _ in range(96):
        world.clock.advance(900)
        world.look()
    requests = len(world.wire.requests)
    held = shown(world)
    for route in routes:
        routes[route] = []
    world.clock.advance(301)
    world.look()
    together = len(world.service.under_way)
    world.settle(8 * 3600)

    assert requests <= 4 * 96
    assert held <= {"On hold", "Checking"}
    assert together <= 1
    assert shown(world) == {"Done"}
    assert [world.charges_for(headline) for headline in ROWS] == [1] * 16

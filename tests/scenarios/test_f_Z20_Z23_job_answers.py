"""What the service says of a job under way: odd words, contradictions, results in every shape; through the real client."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from fakes.zvid_wire import WireWorld, said

from bot.domain.intents import State

LINK = "https://cdn.example/1.mp4"
ACTIVE = {"state": "active", "progress": 60}
DONE = {"state": "completed", "progress": 100, "result": {"url": LINK}}
FAILED = {"state": "failed", "failedReason": "Failed to download media"}


@pytest.fixture
def world(folder: Path) -> Iterator[WireWorld]:
    """One row that is being rendered."""
    made = WireWorld(folder)
    made.know_the_tab()
    made.add("Spring")
    made.approve("Spring")
    made.service.work()
    made.wait(6)
    assert made.states() == [State.ACTIVE]
    yield made
    made.close()


def answers(world: WireWorld, *bodies: dict[str, Any]) -> None:
    """The next looks at the job are answered with these; afterwards the service tells the truth."""
    world.wire.instead["job"] = [said(200, body) for body in bodies]


def look(world: WireWorld, seconds: float = 6) -> tuple[object, object]:
    world.wait(seconds)
    return world.shown("Spring"), world.shown("Spring", "What to do")


@pytest.mark.parametrize("word", ["stalled", "paused", "Completed", "FAILED", "cancelled", "=1+1"])
def test_f_Z20_unknown_word_is_no_end(world: WireWorld, word: str):
    """A state nobody published is shown as under way, in the service's own word, and followed to its true end."""
    answers(world, *[{"state": word, "progress": 60}] * 3)
    shown = look(world)
    sends = world.wire.count("submit")
    world.settle()

    assert shown == ("Rendering 60%", f'Zvid calls it "{word}". We keep looking.')
    assert (world.shown("Spring"), world.wire.count("submit")) == ("Done", sends)


@pytest.mark.parametrize("body", [{"state": ""}, {"state": None}])
def test_f_Z20_empty_word_is_no_end(world: WireWorld, body: dict[str, Any]):
    """A state without a word says nothing: the row goes on, with the progress known before."""
    answers(world, *[body] * 3)

    assert look(world) == ("Rendering 40%", None)
    assert world.states() == [State.ACTIVE]


def test_f_Z20_unknown_word_for_ever_needs_a_person(world: WireWorld):
    """After the deadline nobody claims to know; nothing is sent again."""
    world.wire.job_answer = lambda _: {"state": "stalled"}
    world.wait(3700)

    assert world.shown("Spring") == "Needs a decision"
    assert str(world.shown("Spring", "What to do")).startswith("Took longer than 60 min.")
    assert world.charges_for("Spring") == 1


@pytest.mark.parametrize(
    ("first", "then"),
    [
        (DONE, ACTIVE),
        (DONE, FAILED),
        (DONE, {"state": "waiting"}),
        (FAILED, ACTIVE),
        (FAILED, DONE),
        (DONE, {"state": "completed"}),
    ],
    ids=["done-active", "done-failed", "done-waiting", "failed-active", "failed-done", "done-linkless"],
)
def test_f_Z21_one_look_ends_nothing(world: WireWorld, first: dict[str, Any], then: dict[str, Any]):
    """Two looks that differ leave the row under way; the true end comes later, paid once."""
    answers(world, first, then, ACTIVE)
    world.clock.advance(5.1)
    world.tick()
    after = world.states()
    world.settle()

    assert after == [State.ACTIVE]
    assert world.shown("Spring") == "Done"
    assert world.shown("Spring", "Video") == world.jobs_for("Spring")[0].url
    assert world.charges_for("Spring") == 1


@pytest.mark.parametrize("then", [said(404), said(500), said(200, b"<html>")], ids=["404", "500", "html"])
def test_f_Z21_second_look_that_fails_ends_nothing(world: WireWorld, then: Any):
    """An end nobody could confirm is looked at again."""
    world.wire.instead["job"] = [said(200, FAILED), then, said(200, ACTIVE)]
    world.clock.advance(5.1)
    world.tick()

    assert world.states() == [State.ACTIVE]


def test_f_Z21_full_progress_is_no_end(world: WireWorld):
    """A hundred percent of an active job is still an active job."""
    answers(world, *[{"state": "active", "progress": 100}] * 3)

    assert look(world) == ("Rendering 100%", None)
    assert world.states() == [State.ACTIVE]


def test_f_Z21_completed_without_a_link_waits_for_it(world: WireWorld):
    """The row says so, is not Done, and becomes Done when the link is there."""
    answers(world, *[{"state": "completed", "progress": 100}] * 2)
    shown = look(world)
    world.settle()

    assert shown == ("Rendering 100%", "Video finished; waiting for the link to work.")
    assert world.shown("Spring") == "Done"


def test_f_Z21_failed_with_a_video_needs_a_person(world: WireWorld):
    """Neither Failed nor Done; nothing is sent again, and the service may still make up its mind."""
    world.wire.job_answer = lambda _: FAILED | {"result": LINK}
    world.wait(20)
    shown = look(world, 300)
    world.wire.job_answer = lambda body: body
    world.service.finish()
    world.wait(130)

    assert shown == (
        "Needs a decision",
        "Zvid says that it failed, yet shows a video. Look there. Retry may cost again; or untick.",
    )
    assert world.shown("Spring") == "Done"
    assert world.charges_for("Spring") == 1


def test_f_Z21_what_has_ended_is_never_asked_about_again(world: WireWorld):
    """The first end that was recorded stays, whatever the service would say later."""
    world.settle()
    world.wire.job_answer = lambda _: FAILED
    asked = world.wire.count("job")
    world.wait(3600)

    assert world.wire.count("job") == asked
    assert world.shown("Spring") == "Done"


def test_f_Z21_an_end_costs_one_look_more(world: WireWorld):
    """The proof is asked for at once and once: no tick and no waiting of its own."""
    world.service.finish()
    asked = world.wire.count("job")
    world.clock.advance(5.1)
    world.tick()

    assert world.wire.count("job") - asked == 2
    assert world.states() == [State.COMPLETED]


@pytest.mark.parametrize(
    "result",
    [LINK, {"url": LINK}, {"url": LINK, "thumbnailUrl": None, "internal": {"x": 1}}],
    ids=["text", "object", "more"],
)
def test_f_Z22_link_in_every_form(world: WireWorld, result: object):
    """A text or an object: the link reaches the row."""
    world.wire.job_answer = lambda _: DONE | {"result": result}
    world.wait(6)

    assert (world.shown("Spring"), world.shown("Spring", "Video")) == ("Done", LINK)


@pytest.mark.parametrize(
    "result",
    [
        None,
        7,
        [],
        "javascript:alert(1)",
        "data:text/html,x",
        "//cdn.example/1.mp4",
        {"url": "ftp://cdn.example/1.mp4"},
        {"url": "=HYPERLINK(1)"},
        {"url": LINK + "\n=1"},
        {"url": LINK + "x" * 10_000},
        {"video": LINK},
    ],
)
def test_f_Z22_what_is_no_web_link_is_never_shown(world: WireWorld, result: object):
    """No cell gets it, the row is not called Done, and after the deadline a person is asked."""
    world.wire.job_answer = lambda _: DONE | {"result": result}
    world.wait(20)
    early = world.shown("Spring"), world.shown("Spring", "Video")
    world.wait(3700)

    assert early == ("Rendering 100%", None)
    assert (world.shown("Spring"), world.shown("Spring", "Video")) == ("Needs a decision", None)
    assert world.charges_for("Spring") == 1


def test_f_Z23_finished_before_the_first_look(folder: Path):
    """An instant service: the first look finds the video."""
    world = WireWorld(folder)
    world.know_the_tab()
    world.add("Spring")
    world.sheet.tick(2)
    world.look()
    world.clock.advance(15.1)
    world.tick()
    world.service.finish()
    world.wait(10)
    shown = world.shown("Spring")
    world.close()

    assert shown == "Done"


def test_f_Z23_old_jobs_are_looked_at_seldom(world: WireWorld):
    """Hours of rendering cost a look a minute, not one every five seconds."""
    world.wait(600)
    asked = world.wire.count("job")
    world.wait(1800)

    assert world.wire.count("job") - asked <= 31

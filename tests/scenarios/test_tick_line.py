"""One line in the log for each tick, one for each change of a state; and the same as figures."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from fakes.sheet import OUT_OF_REACH
from fakes.world import World

from bot.domain.failures import Failure, FailureClass, ProblemCode
from bot.domain.intents import State
from bot.domain.vitals import JOURNAL, UNREAD
from bot.ports import JournalError
from bot.reconciler.late import LateTab
from bot.reconciler.metered import MeteredService
from bot.reconciler.report import TickReport
from bot.reconciler.tick_line import TickLine


def tab(world: World) -> LateTab:
    return LateTab(lambda: world.robot, TickLine("Videos", world.meter, world.clock))


def lines(heard: list[Any], event: str) -> list[dict[str, Any]]:
    return [one for one in heard if one["event"] == event]


def test_a_row_s_whole_way_in_the_log(world: World, heard: list[Any]):
    """From the promise to the end, with its row, its job and where it came from."""
    world.add("Spring")
    world.approve("Spring")
    world.settle()
    moves = lines(heard, "job_moved")
    [intent] = world.intents()

    assert [(one["was"], one["now"]) for one in moves] == [
        ("new", "waiting"),
        ("waiting", "sending"),
        ("sending", "submitted"),
        ("submitted", "active"),
        ("active", "completed"),
    ]
    assert {(one["row_id"], one["job_id"], one["attempt"], one["code"]) for one in moves} == {
        (intent.key.record, intent.job_id, 0, None)
    }


def test_a_failure_says_its_code(world: World, heard: list[Any]):
    """The line of the end names what people look up."""
    world.add("Spring")
    world.service.failing_renders = ["out of memory"]
    world.approve("Spring")
    world.settle()
    last = lines(heard, "job_moved")[-1]

    assert (last["now"], last["code"]) == ("failed", "RENDER-FAIL")


def test_a_tick_s_line(world: World, heard: list[Any]):
    """What it saw, decided, wrote and sent; an idle one is for those who debug."""
    late = tab(world)
    world.add("Spring")
    late.tick()
    late.tick()
    first, second = lines(heard, "tick_done")

    assert first.pop("seconds") >= 0
    assert first == {
        "event": "tick_done",
        "log_level": "info",
        "tab": "Videos",
        "outcome": "done",
        "rows": 1,
        "changed": first["changed"],
        "cells": first["cells"],
        "reads": 0,
        "writes": 0,
        "sent": 0,
        "polled": 0,
        "calls": 0,
    }
    assert first["changed"] >= 1
    assert first["cells"] >= 1
    assert (second["outcome"], second["log_level"]) == ("quiet", "debug")


def test_what_was_spent_is_told_before_any_row_was_seen(world: World):
    """A robot that restarts beside a broken header has spent no less today."""
    world.add("Spring")
    world.approve("Spring")
    world.settle()
    world.restart()
    world.sheet.failing_reads = [OUT_OF_REACH]
    tab(world).tick()

    assert world.meter.tab("Videos").spent_today == 9


def test_trouble_that_stays_is_told_once(world: World, heard: list[Any]):
    """A sheet that cannot be read for an hour fills no log; its figures go on."""
    late = tab(world)
    late.tick()
    world.sheet.failing_reads = [OUT_OF_REACH] * 3
    for _ in range(3):
        late.tick()
    told = [one["log_level"] for one in lines(heard, "tick_done") if one["outcome"] == UNREAD]
    world.meter.publish()
    [standing] = world.meter.latest.tabs

    assert told == ["info", "debug", "debug"]
    assert world.meter.latest.tally.ticks["Videos", UNREAD] == 3
    assert UNREAD in standing.holds
    assert standing.read_at is not None


@pytest.mark.parametrize(
    ("kind", "code", "hold"),
    [
        (FailureClass.DENIED, ProblemCode.SHARING, "sheet refused"),
        (FailureClass.REJECTED, ProblemCode.SHARING, "sheet gone"),
        (FailureClass.REJECTED, ProblemCode.HEADER, "sheet gone"),
        (FailureClass.REJECTED, ProblemCode.SERVICE, "sheet not read"),
    ],
)
def test_a_refused_account_is_another_trouble(world: World, kind: FailureClass, code: ProblemCode, hold: str):
    """It does not go away by waiting: somebody has to share the sheet, bring it back, or renew the account."""
    late = tab(world)
    late.tick()
    world.sheet.failing_reads = [Failure(kind, code, "not for us")]
    late.tick()
    refused = world.meter.tab("Videos").holds
    late.tick()

    assert (refused, world.meter.tab("Videos").holds) == ({hold}, set())


def test_a_journal_that_fails_is_counted(world: World):
    """The figure for whoever is to be woken; the error itself goes on to the daemon."""
    line = TickLine("Videos", world.meter, world.clock)

    def broken() -> Any:
        raise JournalError("The disk is full.")

    with pytest.raises(JournalError):
        line.measure(broken)
    world.meter.publish()

    assert world.meter.latest.tally.journal_errors == 1
    assert world.meter.latest.tabs[0].holds == {JOURNAL}


def test_figures_of_a_video_s_way(world: World):
    """How long it took from the tick, how it ended, and what it was asked on the way."""
    late = tab(world)
    metered = MeteredService(world.service, world.meter, world.clock)
    follower = world.robot._follower
    follower._executor = replace(follower._executor, service=metered)
    world.add("Spring")
    world.approve("Spring")
    late.follow()
    world.meter.publish()
    [standing] = world.meter.latest.tabs
    world.settle()
    late.follow()
    world.meter.publish()
    tally, [then] = world.meter.latest.tally, world.meter.latest.tabs

    assert (standing.waiting, standing.under_way_count) == (0, 1)
    assert [(one.row_number, one.name) for one in standing.under_way] == [(2, world.intents()[0].job_name)]
    assert standing.reserved == 9
    assert then.states[State.COMPLETED] == 1
    assert (then.reserved, then.under_way) == (0, ())
    assert tally.ended == {("completed", "none"): 1}
    assert sum(tally.to_sending.counts) == sum(tally.to_done.counts) == 1
    assert world.policy.undo_seconds <= tally.to_sending.total < tally.to_done.total
    assert tally.zvid["send", "ok"] == 1
    assert tally.zvid["look", "absent"] >= 1


def test_a_picture_once_published_stays_as_it_is(world: World):
    """Whoever reads it in another thread never sees half a change."""
    late = tab(world)
    late.tick()
    world.meter.publish()
    before = world.meter.latest
    ticks = dict(before.tally.ticks)
    late.tick()
    world.meter.publish()

    assert before.tally.ticks == ticks
    assert world.meter.latest.tally.ticks != ticks
    with pytest.raises(TypeError):
        before.tally.ticks["Videos", "quiet"] = 9  # type: ignore[index]


def test_a_tab_nobody_could_open_is_known(world: World):
    """It is one of those that were not read yet."""
    refused = Failure(FailureClass.DENIED, ProblemCode.SHARING, "not shared")
    LateTab(lambda: refused, TickLine("Other", world.meter, world.clock)).tick()
    world.meter.publish()

    assert [(one.title, one.read_at) for one in world.meter.latest.tabs] == [("Other", None)]


def test_a_line_of_control_alone_is_something_done(world: World, heard: list[Any]):
    """Nothing was written into a row, and yet it was no idle tick."""
    line = TickLine("Videos", world.meter, world.clock)
    line.measure(lambda: TickReport(has_acted=True))
    line.measure(TickReport)

    told = [(one["outcome"], one["log_level"]) for one in lines(heard, "tick_done")]
    assert told == [("done", "info"), ("quiet", "debug")]

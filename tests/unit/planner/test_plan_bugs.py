"""A row that meets a mistake of ours is flagged; nothing else becomes of it, and the others go on."""

from __future__ import annotations

from typing import Any

import pytest
from builders import columns, entry, intent, row, snapshot, written

from bot.domain import wording
from bot.domain.bugs import bug_of
from bot.domain.contract import RobotColumn
from bot.domain.entries import Tick
from bot.domain.intents import State
from bot.planner import plan as planning
from bot.planner import status
from bot.planner.actions import Ask, Plan, Poll, Propose, Submit
from bot.planner.identity import Placed
from bot.planner.plan import plan
from bot.planner.snapshot import Line, Policy, Snapshot

POISON = "rpoisn"


@pytest.fixture(params=["decide_row", "describe", "judged"])
def poisoned(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> str:
    """Where the planning of one row breaks."""
    where = str(request.param)
    if where != "judged":
        module: Any = planning if where == "decide_row" else status
        honest = getattr(module, where)

        def broken(placed: Placed, *given: Any) -> Any:
            if placed.line.row.at(columns().people["Approve"]) == "poison":
                raise LookupError("nobody expected this")
            return honest(placed, *given)

        monkeypatch.setattr(module, where, broken)
    return where


def look(poisoned: str, *rows: Any, **known: Any) -> Plan:
    seen = snapshot(rows, **known)
    if poisoned == "judged":
        bug = bug_of(LookupError("nobody expected this"), 2)
        seen = snapshot_with(seen, bug)
    return plan(seen, Policy())


def snapshot_with(seen: Snapshot, bug: Any) -> Snapshot:
    lines = tuple(
        Line(one.row, one.judged, bug=bug if one.row.at(columns().people["Approve"]) == "poison" else None)
        for one in seen.lines
    )
    return Snapshot(**{name: getattr(seen, name) for name in seen.__slots__} | {"lines": lines})


def texts(rows: list[Any], position: int) -> dict[str, Any]:
    names = (RobotColumn.STATUS, RobotColumn.WHAT_TO_DO, RobotColumn.PROBLEM_CODE, RobotColumn.ROW_ID)
    return {name: rows[position].at(columns().robot[name]) for name in names}


def test_f_P11_one_row_is_flagged_and_the_others_go_on(poisoned: str):
    """The row says whose mistake it is and its number; its neighbour's tick is taken as ever."""
    rows = [
        row("Broken", approve="poison", id=POISON),
        row("Fine", number=3, approve=True, id="raaab"),
    ]
    decided = look(poisoned, *rows, entries=[entry(POISON, content=None), entry("raaab")])
    [bug] = decided.bugs
    shown = texts(written(rows, decided.edits), 0)

    assert shown[RobotColumn.STATUS] == wording.FAILED
    assert shown[RobotColumn.WHAT_TO_DO] == wording.saved_for_developers(bug.number)
    assert shown[RobotColumn.PROBLEM_CODE] == "BUG"
    assert bug.row == 2
    assert [one.intent.key.record for one in decided.changes if isinstance(one, Propose)] == ["raaab"]
    assert {edit.record for edit in decided.edits if edit.row_number == 2} == {POISON}
    assert not decided.is_empty


def test_f_P11_flagged_once(poisoned: str):
    """What already says so is not written again."""
    rows = [row("Broken", approve="poison", id=POISON)]
    first = look(poisoned, *rows, entries=[entry(POISON)])
    again = look(poisoned, *written(rows, first.edits), entries=[entry(POISON)])

    assert first.edits
    assert again.edits == ()
    assert again.bugs


def test_f_P11_a_row_without_an_id_gets_none(poisoned: str):
    """The journal knows nothing of the record yet, so the sheet must not name it."""
    rows = [row("Broken", approve="poison")]
    decided = look(poisoned, *rows)
    shown = texts(written(rows, decided.edits), 0)

    assert shown[RobotColumn.STATUS] == wording.FAILED
    assert shown[RobotColumn.ROW_ID] is None
    assert {edit.record for edit in decided.edits} == {None}


@pytest.mark.parametrize("quote", [None, 9])
def test_f_P11_nothing_is_sent_or_asked_for_it(poisoned: str, quote: int | None):
    """What waits keeps waiting; nothing of the row is changed."""
    waiting = intent(POISON, State.WAITING, quote=quote)
    known = {"entries": [entry(POISON, approve=Tick.BOUND)], "intents": [waiting]}
    decided = look(poisoned, row(approve="poison", id=POISON), **known)

    assert not [one for one in decided.calls if isinstance(one, (Ask, Submit))]
    assert decided.bugs


def test_f_P11_a_video_under_way_is_followed_and_keeps_its_status(poisoned: str):
    """Nobody knows yet how it ends, so it is not called failed."""
    rows = [row(approve="poison", id=POISON, robot={RobotColumn.STATUS: "Rendering 40%"})]
    active = intent(POISON, State.ACTIVE, percent=40)
    decided = look(poisoned, *rows, entries=[entry(POISON, approve=Tick.BOUND)], intents=[active])
    shown = texts(written(rows, decided.edits), 0)

    assert shown[RobotColumn.STATUS] == "Rendering 40%"
    assert shown[RobotColumn.PROBLEM_CODE] == "BUG"
    assert [type(one) for one in decided.calls] == [Poll]

"""Matters: what on a tab stands until a person acts, as messages tell it. Never a word out of a cell."""

from __future__ import annotations

from collections.abc import Iterator

from bot.domain import wording
from bot.domain.gates import Stop
from bot.domain.holds import HoldKind
from bot.domain.ids import TabKey
from bot.domain.intents import State
from bot.domain.news import Matter, Topic
from bot.planner.board import Board, is_sampling, question
from bot.planner.digest import place_of
from bot.planner.progress import hold_words
from bot.planner.snapshot import Snapshot

ACCOUNT = "account"
ROBOT = "robot"

_OF_ACCOUNT = {
    HoldKind.KEY: Topic.KEY,
    HoldKind.ADDRESS: Topic.ADDRESS,
    HoldKind.CREDITS: Topic.CREDITS,
}
"""Holds that no time lifts."""


def owner_of(tab: TabKey) -> str:
    """How a tab's own matters are told from another's."""
    return f"{tab.spreadsheet}/{tab.tab}"


def matters(seen: Snapshot, board: Board) -> tuple[Matter, ...]:
    """All that stands after this tick's decisions."""
    return tuple(_matters(seen, board))


def _matters(seen: Snapshot, board: Board) -> Iterator[Matter]:
    if seen.hold is not None and seen.hold.kind in _OF_ACCOUNT:
        yield Matter(_OF_ACCOUNT[seen.hold.kind], ACCOUNT, hold_words(seen.hold, seen))
    owner, stop = owner_of(seen.tab), board.held.stop
    if stop is Stop.BREAKER:
        yield Matter(Topic.BREAKER, owner, wording.breaker_closed(seen.memory.gate.streak))
    elif stop is Stop.TEMPLATE:
        yield Matter(Topic.TEMPLATE, owner, wording.board_template(seen.design_trouble))
    elif stop is None and not is_sampling(seen, board) and (asked := question(seen, board)):
        there = seen.control.switches.has_go_ahead
        text = wording.asked_outside(asked) if there else wording.nobody_can_say_go_ahead()
        yield Matter(Topic.GO_AHEAD, owner, text)
    for intent in seen.memory.live.values():
        if intent.state is State.NEEDS_DECISION:
            row = place_of(intent.key.record, seen.memory)
            said = intent.trouble.text if intent.trouble else wording.nobody_can_tell()
            text = wording.decide_on(row, said)
            yield Matter(Topic.DECISION, owner, text, intent.job_id, row, intent.key.record)

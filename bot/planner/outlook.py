"""The outlook of one tab: what keeps anything from being sent, for whoever watches the robot from outside.

What people or the service wrote stays out of it: it is shown to whoever may see that the robot runs.
"""

from __future__ import annotations

from bot.domain import wording
from bot.domain.gates import Stop
from bot.domain.vitals import FIRST_CONTACT
from bot.planner.actions import Outlook
from bot.planner.board import Board, standstill
from bot.planner.budget import day_cap
from bot.planner.snapshot import Policy, Snapshot


def outlook(seen: Snapshot, policy: Policy, board: Board) -> Outlook:
    """How the tab stands after a plan."""
    holds = {stop.value for stop in board.held.held.values()}
    if board.held.stop is not None:
        holds.add(board.held.stop.value)
    if board.old_prices and seen.memory.gate.first_contact:
        holds.add(FIRST_CONTACT)
    if seen.hold is not None:
        holds.add(seen.hold.kind.value)
    return Outlook(
        board.statuses, frozenset(holds), _says(seen, board), seen.spent_today, day_cap(seen, policy)
    )


def _says(seen: Snapshot, board: Board) -> str:
    if seen.trouble:
        return seen.trouble
    if board.held.stop is Stop.BREAKER:
        # Its usual sentence quotes the service, which quotes the row.
        return wording.board_breaker(seen.memory.gate.streak, "")
    return standstill(seen, board) or ""

"""The Control tab's line of one tab: a projection of the journal in a few figures and one sentence."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from bot.domain import wording
from bot.domain.cells import Cell, cell_text
from bot.domain.control import BoardColumn
from bot.domain.entries import Tick
from bot.domain.failures import ProblemCode
from bot.domain.gates import Stop
from bot.domain.intents import IN_FLIGHT, Intent, State
from bot.planner.actions import BoardEdit
from bot.planner.budget import left_today
from bot.planner.gate import Barrier
from bot.planner.progress import hold_words, stop_words
from bot.planner.sample import sampled_videos
from bot.planner.snapshot import Policy, Snapshot
from bot.planner.versions import is_outdated, label_of

_VERSIONS_TOLD = 4


@dataclass(frozen=True, slots=True)
class Board:
    """What the line is made of, beside the journal."""

    held: Barrier
    statuses: Mapping[str, int]
    old_prices: tuple[int, ...] = ()
    """Of rows ticked before the robot knew the tab."""


def board_edits(seen: Snapshot, policy: Policy, board: Board) -> tuple[BoardEdit, ...]:
    """Cells of this tab's line that differ; none without such a line."""
    return tuple(_edits(seen, policy, board)) if seen.control.board else ()


def _edits(seen: Snapshot, policy: Policy, board: Board) -> Iterator[BoardEdit]:
    control = seen.control
    box = control.board[BoardColumn.GO_AHEAD]
    if seen.memory.gate.box is Tick.SPENT and control.switches.go_ahead:
        yield BoardEdit(box, value=False, is_urgent=True)
    for column, wanted in _cells(seen, board).items():
        place = control.board.get(column)
        if place is not None and control.said(place) != wanted:
            yield BoardEdit(place, wanted)
    place = control.board.get(BoardColumn.GOING_ON)
    if place is not None:
        shown = cell_text(control.said(place))
        stands = seen.trouble or standstill(seen, board)
        said = stands or _progress(seen, policy, board)
        full = said if stands else said + _time_left(seen, policy)
        if shown != full:
            # How long it takes is told with other news, never as news.
            yield BoardEdit(place, full, is_urgent=not shown.startswith(said))


def _cells(seen: Snapshot, board: Board) -> dict[BoardColumn, Cell]:
    states = Counter(intent.state for intent in seen.memory.live.values())
    versions = Counter(seen.memory.made)
    return {
        BoardColumn.WAITING: states[State.WAITING],
        BoardColumn.RENDERING: sum(states[state] for state in IN_FLIGHT),
        BoardColumn.DONE: board.statuses.get(wording.DONE, 0),
        BoardColumn.TO_FIX: _to_fix(board),
        BoardColumn.FAILED: board.statuses.get(wording.FAILED, 0),
        BoardColumn.CREDITS: seen.memory.credits,
        BoardColumn.MADE_WITH: wording.made_with(versions.most_common(_VERSIONS_TOLD)) or None,
    }


def _to_fix(board: Board) -> int:
    return board.statuses.get(wording.NEEDS_FIXING, 0)


def standstill(seen: Snapshot, board: Board) -> str | None:
    """Why nothing new starts, and what to do about it."""
    stop = board.held.stop
    if stop is Stop.BREAKER:
        return wording.board_breaker(seen.memory.gate.streak, _last_reason(seen))
    if stop is Stop.TEMPLATE:
        return wording.board_template(seen.design_trouble)
    if stop is not None:
        return stop_words(stop, seen, board.held)
    if asked := question(seen, board):
        return asked
    if Stop.DAY in board.held.held.values():
        return stop_words(Stop.DAY, seen, board.held)
    if seen.hold is not None:
        return hold_words(seen.hold, seen)
    return None


def question(seen: Snapshot, board: Board) -> str | None:
    """What `Go ahead` would answer now: always everything that waits for it."""
    asked = [seen.memory.live[job_id] for job_id in board.held.asked]
    rows, cost = len(asked), sum(_price_now(intent, seen) for intent in asked)
    if board.old_prices and seen.memory.gate.first_contact:
        return wording.board_first_contact(len(board.old_prices) + rows, sum(board.old_prices) + cost)
    if not asked:
        return None
    if Stop.VERSION in board.held.asked.values():
        return wording.board_version(label_of(seen.template, seen.memory), rows, cost)
    if Stop.SAMPLE in board.held.asked.values():
        return _sample_words(seen, board, rows, cost)
    return wording.board_many_rows(rows, cost)


def _sample_words(seen: Snapshot, board: Board, others: int, cost: int) -> str:
    """How far the sample is; once nothing of it moves any more, what is to be done."""
    videos, moving, first = _sample(seen, board)
    states = Counter(one.state for one in videos)
    done, undecided = states[State.COMPLETED], states[State.NEEDS_DECISION]
    failed = len(videos) - moving - done - undecided
    if moving or len(videos) < first:
        return wording.board_sample(first, first + others, len(videos) - moving)
    counts = ((done, "done"), (failed, "failed"), (undecided, "open"))
    tally = ", ".join(f"{count} {word}" for count, word in counts if count)
    return wording.board_sample_ended(len(videos), tally, others, cost)


def _sample(seen: Snapshot, board: Board) -> tuple[list[Intent], int, int]:
    """(the sample's videos, how many of them still move, how many there are to be)."""
    videos = list(sampled_videos(seen.memory))
    moving = sum(one.is_live and one.state is not State.NEEDS_DECISION for one in videos)
    # Places that are still free are for rows whose time has not come.
    return videos, moving, max(board.held.sample_size, len(videos))


def is_sampling(seen: Snapshot, board: Board) -> bool:
    """Whether a sample is being made, so that there is nothing to look at yet."""
    if Stop.SAMPLE not in board.held.asked.values():
        return False
    videos, moving, first = _sample(seen, board)
    return moving > 0 or len(videos) < first


def _progress(seen: Snapshot, policy: Policy, board: Board) -> str:
    """What became of the ticks, and what those that still run cost of what the day allowed them."""
    live = list(seen.memory.live.values())
    under_way = [intent for intent in live if intent.state is not State.WAITING]
    left = left_today(seen, policy)
    counts = wording.Ticked(len(live) - len(under_way), len(under_way), _refused(seen))
    cost = sum(_price(intent) for intent in live)
    allowed = left + sum(_price(intent) for intent in under_way) if left is not None else None
    return wording.board_line(counts, _to_fix(board), cost, allowed)


def _refused(seen: Snapshot) -> int:
    """Rows whose tick was cleared since they need fixing, and that nobody edited since."""
    return sum(
        1
        for entry in seen.memory.entries.values()
        if entry.present
        and entry.notice is not None
        and entry.notice.status == wording.NEEDS_FIXING
        and entry.notice.code is not ProblemCode.CELL_CHANGES
    )


def _price(intent: Intent) -> int:
    return intent.reserved or intent.quote or intent.price_shown


def _price_now(intent: Intent, seen: Snapshot) -> int:
    """What it would cost if `Go ahead` were said: made with another version, by that one's rule."""
    usual = seen.template.price(intent.format) if is_outdated(intent, seen.template) else None
    return _price(intent) if usual is None else usual


def _last_reason(seen: Snapshot) -> str:
    """Why the latest of the failed ones failed."""
    code = seen.memory.gate.streak_code
    failed = [
        intent
        for intent in seen.memory.intents.values()
        if intent.state is State.FAILED and intent.trouble is not None and intent.trouble.code is code
    ]
    last = max(failed, key=lambda intent: (intent.updated_at, intent.number), default=None)
    return last.trouble.detail if last is not None and last.trouble is not None else ""


def _time_left(seen: Snapshot, policy: Policy) -> str:
    """From how long the latest videos took, one window after the other."""
    live, took = len(seen.memory.live), seen.memory.took
    if not live or not took:
        return ""
    seconds = sum(took) / len(took) * live / max(policy.max_in_flight, 1)
    return wording.about(max(1, round(seconds / 60)))

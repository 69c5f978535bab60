"""Budgets: what a row would cost, and what rows and days may cost at most. Nothing is sent beyond any of these."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace

from bot.domain import wording
from bot.domain.contract import PeopleColumn
from bot.domain.failures import ProblemCode
from bot.domain.intents import Intent
from bot.domain.records import Problem, Record, Rejection
from bot.planner.identity import Placed
from bot.planner.snapshot import Policy, Snapshot


def price(placed: Placed, seen: Snapshot) -> int | None:
    """What a render would cost: by the published rule, or what the service last asked for the very same."""
    judged, version = placed.line.judged, seen.template.hash
    content = judged.content
    estimate = seen.template.price(content.format) if judged.price is None else judged.price
    mine = [
        one
        for one in seen.memory.of(placed.record)
        if one.content == content and one.template_hash == version
    ]
    last = max(mine, key=lambda one: one.attempt, default=None)
    return max(estimate, last.quote or 0) if estimate is not None and last is not None else estimate


def within_caps(placed: Iterable[Placed], seen: Snapshot, policy: Policy) -> tuple[Placed, ...]:
    """The same rows; those that would cost more than they may wait for their author."""
    return tuple(_judged(one, seen, policy) for one in placed)


def _judged(placed: Placed, seen: Snapshot, policy: Policy) -> Placed:
    line = placed.line
    own = line.wish.max_credits
    if (own is None and policy.credits_per_row is None) or not isinstance(line.judged, Record):
        return placed
    cost = price(placed, seen)
    problem = _too_dear(cost, own, policy.credits_per_row) if cost is not None else None
    if problem is None:
        return placed
    return replace(
        placed, line=replace(line, judged=Rejection(line.judged.content, (problem,), line.judged.price))
    )


def _too_dear(cost: int, own: int | None, ceiling: int | None) -> Problem | None:
    """The lower of the row's own limit and the robot's is what counts, and is named."""
    column = PeopleColumn.MAX_CREDITS.value
    if own is not None and cost > own and (ceiling is None or own <= ceiling):
        return Problem(ProblemCode.BUDGET_ROW, column, wording.over_max_credits(cost, own))
    if ceiling is not None and cost > ceiling:
        return Problem(ProblemCode.BUDGET_ROW, column, wording.over_row_limit(cost, ceiling))
    return None


def day_cap(seen: Snapshot, policy: Policy) -> int | None:
    """The most that may be spent today: the lower of the sheet's limit and the settings'; None without one."""
    caps = [cap for cap in (seen.control.switches.day_cap, policy.credits_per_day) if cap is not None]
    return min(caps, default=None)


def left_today(seen: Snapshot, policy: Policy) -> int | None:
    """Credits that may still be spent before the sheet's midnight; None without a limit."""
    cap = day_cap(seen, policy)
    return max(cap - seen.spent_today, 0) if cap is not None else None


def affordable(ready: Iterable[Intent], left: int | None) -> Iterator[Intent]:
    """Those the day's credits still cover; nobody jumps the line because he is cheaper."""
    for intent in ready:
        if left is not None:
            left -= intent.quote or 0
            if left < 0:
                return
        yield intent

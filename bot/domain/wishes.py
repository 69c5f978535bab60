"""Wishes: when people want a row rendered, before which others, and for how much at most.

No content: changing them voids nothing by itself.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, tzinfo
from enum import IntEnum

from bot.domain import wording
from bot.domain.cells import Cell, cell_text, fold, from_serial, is_error
from bot.domain.contract import Columns, FieldType, PeopleColumn
from bot.domain.failures import ProblemCode
from bot.domain.records import Problem
from bot.domain.rows import Row
from bot.domain.values import PATTERNS, Locale, value_text

_COLUMNS = (PeopleColumn.RENDER_AT, PeopleColumn.PRIORITY, PeopleColumn.MAX_CREDITS)
_PLAIN = Locale()


class Priority(IntEnum):
    """Whose turn comes first; rows of one priority go in the sheet's order."""

    HIGH = 0
    NORMAL = 1
    LOW = 2


PRIORITY_WORDS = tuple(one.name.title() for one in Priority)
_BY_WORD = {fold(one.name): one for one in Priority}


@dataclass(frozen=True, slots=True)
class Wish:
    """What one row asks of the queue."""

    at: datetime | None = None
    """Not before this moment (aware UTC); None: as soon as possible."""

    priority: Priority = Priority.NORMAL
    max_credits: int | None = None
    """What it may cost at most; None: whatever the settings allow."""


NO_WISH = Wish()


def wish_places(columns: Columns) -> tuple[int, ...]:
    """Where the cells stand that read_wish looks at; a sheet may have none of them."""
    return tuple(columns.people[name] for name in _COLUMNS if name in columns.people)


def read_wish(
    row: Row, columns: Columns, zone: tzinfo, locale: Locale = _PLAIN
) -> tuple[Wish, tuple[Problem, ...]]:
    """What the row asks for, and what about that cannot be understood."""
    time, word, most = (row.at(columns.people[name]) if name in columns.people else None for name in _COLUMNS)
    if time is None and word is None and most is None:
        return NO_WISH, ()
    problems = []
    at = _moment(time, zone)
    if at is None and cell_text(time):
        problems.append(_about_time(time))
    priority = _BY_WORD.get(fold(cell_text(word))) if cell_text(word) else Priority.NORMAL
    if priority is None:
        column = PeopleColumn.PRIORITY.value
        text = wording.unknown_choice(column, cell_text(word), PRIORITY_WORDS)
        problems.append(Problem(ProblemCode.DATA_FORMAT, column, text))
    max_credits = _credits(most, locale)
    if max_credits is None and cell_text(most):
        problems.append(_about_credits(most))
    return Wish(at, Priority.NORMAL if priority is None else priority, max_credits), tuple(problems)


def _credits(cell: Cell, locale: Locale) -> int | None:
    """A number that is not less than none; of a broken one the whole credits count."""
    text = value_text(FieldType.NUMBER, cell, locale)
    is_amount = PATTERNS[FieldType.NUMBER].fullmatch(text) and not text.startswith("-")
    return int(text.partition(".")[0]) if is_amount else None


def _moment(cell: Cell, zone: tzinfo) -> datetime | None:
    """A date-time cell as a moment of the sheet's zone.

    Where the clocks go forward, a time that does not exist counts on from before the change: 02:30 is 03:30.
    Where they go back, a time that comes twice means the first one.
    """
    local = from_serial(cell)
    return local.replace(tzinfo=zone).astimezone(UTC) if local is not None else None


def _about_time(cell: Cell) -> Problem:
    column = PeopleColumn.RENDER_AT.value
    if isinstance(cell, str):
        return Problem(ProblemCode.DATA_DATE, column, wording.date_as_text(column))
    return Problem(ProblemCode.DATA_DATE, column, wording.time_without_date(column))


def _about_credits(cell: Cell) -> Problem:
    column = PeopleColumn.MAX_CREDITS.value
    shown = cell_text(cell)
    if is_error(shown):
        return Problem(ProblemCode.CELL_ERROR, column, wording.formula_error(column, shown))
    return Problem(ProblemCode.DATA_FORMAT, column, wording.should_look_like(column, "30", shown))

"""Wishes: when people want a row rendered, and before which others. No content: changing them voids nothing."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, tzinfo
from enum import IntEnum

from bot.domain import wording
from bot.domain.cells import Cell, cell_text, fold, from_serial
from bot.domain.contract import Columns, PeopleColumn
from bot.domain.failures import ProblemCode
from bot.domain.records import Problem
from bot.domain.rows import Row

_COLUMNS = (PeopleColumn.RENDER_AT, PeopleColumn.PRIORITY)


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


NO_WISH = Wish()


def wish_places(columns: Columns) -> tuple[int, ...]:
    """Where the cells stand that read_wish looks at; a sheet may have neither."""
    return tuple(columns.people[name] for name in _COLUMNS if name in columns.people)


def read_wish(row: Row, columns: Columns, zone: tzinfo) -> tuple[Wish, tuple[Problem, ...]]:
    """What the row asks for, and what about that cannot be understood."""
    time, word = (
        row.at(columns.people[name]) if name in columns.people else None
        for name in (PeopleColumn.RENDER_AT, PeopleColumn.PRIORITY)
    )
    if time is None and word is None:
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
    return Wish(at, Priority.NORMAL if priority is None else priority), tuple(problems)


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

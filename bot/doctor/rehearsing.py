"""Rows out of a file or a sheet, judged by the robot's own judge, a few hundred at a time."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import UTC, tzinfo

from bot.domain.cells import Cell, cell_text, fold
from bot.domain.contract import HeaderProblem, PeopleColumn, RobotColumn, locate
from bot.domain.failures import ProblemCode
from bot.domain.records import Problem, Record, Rejection
from bot.domain.templates.rehearsal import Rehearsal
from bot.domain.templates.template import Template
from bot.domain.values import Locale
from bot.reconciler.judge import Judge, Sighting

_AT_ONCE = 200


@dataclass(frozen=True, slots=True)
class Table:
    """Rows below a header, and how their spreadsheet writes numbers and dates."""

    name: str
    values: Sequence[Sequence[Cell]]
    zone: tzinfo = UTC
    locale: Locale = field(default_factory=Locale)


@dataclass(frozen=True, slots=True)
class Rehearsed:
    """What became of one table."""

    table: Table
    problems: tuple[HeaderProblem, ...]
    """What its header lacks; with any of these no row was judged."""

    unread: tuple[str, ...]
    """Columns nothing is made of."""

    rehearsal: Rehearsal


def rehearse(template: Template, table: Table, told: Callable[[int, int], object]) -> Rehearsed:
    """Judges every row; tells now and then how many of how many are done."""
    header = list(table.values[0]) if table.values else []
    rehearsal = Rehearsal(template.contract)
    rows = judged_rows(template, table, told)
    problems = rows if isinstance(rows, tuple) else ()
    if not isinstance(rows, tuple):
        for number, judged in rows:
            own = judged.price if isinstance(judged, Record) else None
            rehearsal.add(number, judged, own or template.price(judged.content.format) or 0)
    return Rehearsed(table, problems, tuple(_unread(header, template)), rehearsal)


def judged_rows(
    template: Template, table: Table, told: Callable[[int, int], object] = lambda _done, _all: None
) -> Iterator[tuple[int, Record | Rejection]] | tuple[HeaderProblem, ...]:
    """Every row with data by its number, judged when its turn comes; what the header lacks instead, if it does."""
    header = list(table.values[0]) if table.values else []
    whole = _with_robots_columns(header)
    located = locate(whole, template.contract)
    return located if isinstance(located, tuple) else _judged(template, table, whole, told)


def _judged(
    template: Template, table: Table, header: list[Cell], told: Callable[[int, int], object]
) -> Iterator[tuple[int, Record | Rejection]]:
    judge = Judge(template, table.zone, table.locale)
    for begin in range(1, len(table.values), _AT_ONCE):
        part = table.values[begin : begin + _AT_ONCE]
        sighting = judge.look([header, *part])
        assert isinstance(sighting, Sighting)  # the header was found right
        for line in sighting.lines:
            judged = line.judged
            if line.bug is not None:
                mine = Problem(
                    ProblemCode.BUG, "(ours)", f"Our mistake, {line.bug.number}: please report it."
                )
                judged = Rejection(judged.content, (mine,))
            yield begin + line.row.number - 1, judged
        told(begin + len(part) - 1, len(table.values) - 1)


def _with_robots_columns(header: Sequence[Cell]) -> list[Cell]:
    """As `rowreel init` would leave it: rows may be tried out before there is any sheet."""
    there = {fold(cell_text(cell)) for cell in header}
    wanted = (PeopleColumn.APPROVE, *RobotColumn)
    return [*header, *(name for name in wanted if fold(name) not in there)]


def _unread(header: Sequence[Cell], template: Template) -> Iterator[str]:
    known = {fold(name) for name in (*PeopleColumn, *RobotColumn)}
    known |= {fold(one.column) for one in template.contract.fields}
    yield from (cell_text(cell) for cell in header if cell_text(cell) and fold(cell_text(cell)) not in known)

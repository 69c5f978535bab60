"""One row looked at before anything is spent: what would be sent for it, in each format, and what to mend first."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from bot.doctor.rehearsing import Table, judged_rows
from bot.domain.contract import HeaderProblem
from bot.domain.ids import JobId, RecordId
from bot.domain.records import Content, Problem, Record, Rejection, judge
from bot.domain.templates.template import Label, Payload, Template, fill
from bot.domain.values import Locale

_NOBODY = Label(RecordId("r0000x"), JobId("0" * 36), 0)
"""Stands in for a record: a preview has no number."""


@dataclass(frozen=True, slots=True)
class Shot:
    """The row in one format: what would be sent, or what keeps it from that."""

    format: str
    payload: Payload | None
    problems: tuple[Problem, ...] = ()


@dataclass(frozen=True, slots=True)
class Previewed:
    """One row; `number` is where it stands."""

    number: int
    judged: Record | Rejection
    fallbacks: tuple[tuple[str, str], ...]
    """(column, what stands in for its empty cell)"""

    shots: tuple[Shot, ...]
    """Its own format first. None where the row itself must be mended first."""


class NoSuchRowError(RuntimeError):
    """There is nothing to preview; the message says why."""


def preview(template: Template, table: Table, number: int | None) -> Previewed | tuple[HeaderProblem, ...]:
    """The row of this number, or the first that passes, or else the first. Raises NoSuchRowError."""
    rows = judged_rows(template, table)
    if isinstance(rows, tuple):
        return rows
    first: tuple[int, Record | Rejection] | None = None
    for place, judged in rows:
        if place == number or (number is None and isinstance(judged, Record)):
            return _previewed(template, place, judged, table.locale)
        first = first or (place, judged)
    if first is None:
        raise NoSuchRowError(f"{table.name} has no rows.")
    if number is not None:
        raise NoSuchRowError(f"{table.name} has nothing in row {number}.")
    return _previewed(template, *first, table.locale)


def _previewed(template: Template, number: int, judged: Record | Rejection, locale: Locale) -> Previewed:
    if isinstance(judged, Rejection):
        return Previewed(number, judged, (), ())
    typed = zip(template.contract.fields, judged.content.texts, judged.texts, strict=True)
    fallbacks = tuple((one.column, filled) for one, text, filled in typed if not text and filled)
    return Previewed(number, judged, fallbacks, tuple(_shots(template, judged.content, locale)))


def _shots(template: Template, content: Content, locale: Locale) -> Iterator[Shot]:
    others = [name for name in template.contract.formats if name != content.format]
    for name in (content.format, *others):
        said = judge(Content(content.values, name), template.contract, locale, template.measure)
        if isinstance(said, Rejection):
            yield Shot(name, None, said.problems)
            continue
        payload = fill(template, said, _NOBODY)
        yield Shot(name, payload) if isinstance(payload, Payload) else Shot(name, None, payload)

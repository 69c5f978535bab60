"""A rehearsal: rows judged by a template before anybody approves one, added up for the template's author."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from bot.domain.cells import graphemes
from bot.domain.contract import Contract, Field
from bot.domain.failures import ProblemCode
from bot.domain.records import Record, Rejection

_EXAMPLES = 3


@dataclass(frozen=True, slots=True)
class Example:
    """One row's problem in its author's words."""

    row: int
    text: str


@dataclass(frozen=True, slots=True)
class ColumnTally:
    """Why rows do not pass because of one column."""

    column: str
    rows: int
    codes: Mapping[ProblemCode, int]
    examples: tuple[Example, ...]


@dataclass(frozen=True, slots=True)
class FormatTally:
    """What the rows of one format come to."""

    rows: int = 0
    passing: int = 0
    credits: int = 0
    """Of those that pass, by the published rule."""


@dataclass(frozen=True, slots=True)
class LimitTally:
    """One length limit against the texts there are."""

    column: str
    format: str
    limit: int
    within: int
    over: int
    longest: int
    would_let: tuple[tuple[int, int], ...]
    """(limit, rows it would let pass that fail by nothing else), the more generous last."""


@dataclass
class Rehearsal:
    """Adds judged rows up, one after the other."""

    contract: Contract
    rows: int = 0
    passing: int = 0
    formats: dict[str, FormatTally] = field(default_factory=dict)
    _codes: dict[str, Counter[ProblemCode]] = field(default_factory=dict)
    _examples: dict[str, list[Example]] = field(default_factory=dict)
    _lengths: dict[tuple[str, str], list[int]] = field(default_factory=dict)
    _alone: dict[tuple[str, str], list[int]] = field(default_factory=dict)
    """Lengths of texts that are all that keeps their rows from passing."""

    _filled: Counter[str] = field(default_factory=Counter)

    def add(self, number: int, judged: Record | Rejection, credits: int) -> None:  # noqa: A002 - the money's name
        """One row with data, at this price if it passes."""
        self.rows += 1
        passes = isinstance(judged, Record)
        self.passing += passes
        content = judged.content
        before = self.formats.get(content.format, FormatTally())
        self.formats[content.format] = FormatTally(
            before.rows + 1, before.passing + passes, before.credits + (credits if passes else 0)
        )
        problems = judged.problems if isinstance(judged, Rejection) else ()
        # How long something is that should be something else says nothing about the limit.
        unfit = {one.column for one in problems if one.code is not ProblemCode.TEXT_LONG}
        for one, (_, text) in zip(self.contract.fields, content.values, strict=True):
            self._filled[one.key] += bool(text)
            if one.limit(content.format) is not None and text and one.column not in unfit:
                self._lengths.setdefault((one.key, content.format), []).append(graphemes(text))
        if isinstance(judged, Rejection):
            self._note(number, judged)

    def _note(self, number: int, judged: Rejection) -> None:
        for problem in judged.problems:
            self._codes.setdefault(problem.column, Counter())[problem.code] += 1
            examples = self._examples.setdefault(problem.column, [])
            if len(examples) < _EXAMPLES:
                examples.append(Example(number, problem.text))
        if len(judged.problems) == 1 and judged.code is ProblemCode.TEXT_LONG:
            one = next(one for one in self.contract.fields if one.column == judged.problems[0].column)
            length = graphemes(dict(judged.content.values)[one.key])
            self._alone.setdefault((one.key, judged.content.format), []).append(length)

    def columns(self) -> tuple[ColumnTally, ...]:
        """Columns that keep rows from passing, the worst first."""
        found = [
            ColumnTally(name, codes.total(), dict(codes), tuple(self._examples[name]))
            for name, codes in self._codes.items()
        ]
        return tuple(sorted(found, key=lambda one: -one.rows))

    def limits(self) -> tuple[LimitTally, ...]:
        """Every limit that met a text, in the contract's order."""
        return tuple(
            self._limit(one, format_name)
            for one in self.contract.fields
            for format_name in self.contract.formats
            if (one.key, format_name) in self._lengths
        )

    def _limit(self, one: Field, format_name: str) -> LimitTally:
        limit = one.limit(format_name)
        assert limit is not None  # only limited texts were measured
        lengths = self._lengths[one.key, format_name]
        over = sum(length > limit for length in lengths)
        alone = self._alone.get((one.key, format_name), [])
        return LimitTally(
            one.column, format_name, limit, len(lengths) - over, over, max(lengths), tuple(_steps(alone))
        )

    def empty_columns(self) -> tuple[str, ...]:
        """Columns no row fills."""
        return tuple(one.column for one in self.contract.fields if self.rows and not self._filled[one.key])


def _steps(alone: Sequence[int]) -> Iterator[tuple[int, int]]:
    """What would do for half of them, and what for all."""
    ordered = sorted(alone)
    wanted = sorted({ordered[(len(ordered) - 1) // 2], ordered[-1]}) if ordered else []
    for limit in wanted:
        yield limit, sum(length <= limit for length in ordered)

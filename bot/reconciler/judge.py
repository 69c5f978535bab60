"""Judges rows by a template: what each of them holds, and what about that its author has to mend."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, tzinfo

from bot.domain.bugs import bug_of
from bot.domain.cells import Cell, cell_text, cells_mark
from bot.domain.contract import Columns, HeaderProblem, locate
from bot.domain.ids import JobId, RecordId
from bot.domain.records import Content, Record, Rejection, data_places, judge, read_content
from bot.domain.rows import Row, Table
from bot.domain.templates.template import Label, Payload, Template, fill
from bot.domain.values import Locale
from bot.domain.wishes import NO_WISH, Wish, read_wish, wish_places
from bot.planner.snapshot import Line, Memory

_Said = tuple[Record | Rejection, Wish]
"""What a row's cells come to."""

_CHECKING = Label(RecordId("r0000x"), JobId("0" * 36), 0)
"""Stands in for a record while only the placing of its values is checked."""


@dataclass(frozen=True, slots=True)
class Sighting:
    """A tab as read, sorted into rows with data, rows to clean, and everything else left alone."""

    columns: Columns
    lines: tuple[Line, ...]
    blanks: tuple[Row, ...]


@dataclass
class Judge:
    """Judges rows by one template; cells that were judged at the last read are not judged again."""

    template: Template
    zone: tzinfo = UTC
    """The sheet's own: what its dates mean."""

    locale: Locale = field(default_factory=Locale)
    """The sheet's own: how numbers are written in it."""

    _known: dict[bytes, _Said | None] = field(default_factory=dict)
    """Judgements of the last read by what the cells held; None for a blank row."""

    def look(
        self, values: Sequence[Sequence[Cell]], memory: Memory | None = None
    ) -> Sighting | tuple[HeaderProblem, ...]:
        """Sorts the values of a tab; header problems instead, when its columns cannot be found.

        The first look takes over contents that are remembered already: a big sheet is then held once.
        """
        contract = self.template.contract
        table = Table.of(values)
        columns = locate(table.header, contract)
        if not isinstance(columns, Columns):
            return columns
        lines: list[Line] = []
        blanks: list[Row] = []
        seen: dict[bytes, _Said | None] = {}
        places = (*data_places(columns, contract), *wish_places(columns))
        remembered = memory.entries.values() if memory is not None and not self._known else ()
        kept = {entry.content: entry.content for entry in remembered}
        for row in table.rows:
            try:
                cells = cells_mark(row.among(places))
                if cells not in seen:
                    known = cells in self._known
                    seen[cells] = self._known[cells] if known else self._judge(row, columns, kept)
                said = seen[cells]
            except Exception as error:  # noqa: BLE001 - one row's bug must not stop the others
                unjudged = self._unjudged(row, columns, memory)
                lines.append(Line(row, unjudged, bug=bug_of(error, row.number)))
                continue
            if said is not None:
                lines.append(Line(row, *said))
            elif any(row.at(position) is not None for position in columns.robot.values()):
                blanks.append(row)
        self._known = seen
        return Sighting(columns, tuple(lines), tuple(blanks))

    def _unjudged(self, row: Row, columns: Columns, memory: Memory | None) -> Rejection:
        """Stands in for the judgement of a row that cannot be judged: what its record said last, if it has one."""
        entry = memory.entries.get(RecordId(cell_text(row.at(columns.row_id)))) if memory else None
        nothing = Content(tuple((one.key, "") for one in self.template.contract.fields), "")
        return Rejection(entry.content if entry else nothing, ())

    def _judge(self, row: Row, columns: Columns, kept: Mapping[Content, Content]) -> _Said | None:
        content = read_content(row, columns, self.template.contract, self.locale)
        content = kept.get(content, content)
        if content.is_blank:
            return None
        wish, problems = read_wish(row, columns, self.zone, self.locale)
        judged = self._judge_content(content)
        if problems:
            earlier = judged.problems if isinstance(judged, Rejection) else ()
            return Rejection(content, (*earlier, *problems)), NO_WISH
        return judged, wish

    def _judge_content(self, content: Content) -> Record | Rejection:
        judged = judge(content, self.template.contract, self.locale, self.template.measure)
        if isinstance(judged, Rejection):
            return judged
        placed = fill(self.template, judged, _CHECKING)
        if not isinstance(placed, Payload):
            return Rejection(content, placed)
        is_usual = placed.price == self.template.price(content.format)
        return judged if is_usual else replace(judged, price=placed.price)

"""Builds the snapshot: reads the sheet, finds the columns, judges the rows; nothing is decided here."""

from __future__ import annotations

import secrets
from collections.abc import Sequence
from dataclasses import dataclass, field

from bot.domain.cells import Cell
from bot.domain.contract import Columns, Contract, HeaderProblem, locate
from bot.domain.ids import Fingerprint, RecordId, spell_record_id
from bot.domain.records import Content, Record, Rejection, judge, read_content
from bot.domain.rows import Row, Table
from bot.domain.templates import Label, Payload, Template, fill
from bot.planner.snapshot import Line

_CHECKING = Label(RecordId("r0000x"), Fingerprint("0" * 64), 0)
"""Stands in for a record while only the placing of its values is checked."""


@dataclass(frozen=True, slots=True)
class Sighting:
    """A tab as read, sorted into rows with data, rows to clean, and everything else left alone."""

    columns: Columns
    lines: tuple[Line, ...]
    blanks: tuple[Row, ...]


@dataclass
class Judge:
    """Judges content by one template; equal content is judged once."""

    template: Template
    _known: dict[Content, Record | Rejection] = field(default_factory=dict)

    def look(self, values: Sequence[Sequence[Cell]]) -> Sighting | tuple[HeaderProblem, ...]:
        """Sorts the values of a tab; header problems instead, when its columns cannot be found."""
        contract = self.template.contract
        table = Table.of(values)
        columns = locate(table.header, contract)
        if not isinstance(columns, Columns):
            return columns
        lines: list[Line] = []
        blanks: list[Row] = []
        seen: dict[Content, Record | Rejection] = {}
        for row in table.rows:
            content = read_content(row, columns, contract)
            if content.is_blank:
                if any(row.at(position) is not None for position in columns.robot.values()):
                    blanks.append(row)
                continue
            seen[content] = self._known.get(content) or self._judge(content, contract)
            lines.append(Line(row, seen[content]))
        self._known = seen
        return Sighting(columns, tuple(lines), tuple(blanks))

    def _judge(self, content: Content, contract: Contract) -> Record | Rejection:
        judged = judge(content, contract)
        if isinstance(judged, Rejection):
            return judged
        placed = fill(self.template, judged, _CHECKING)
        return judged if isinstance(placed, Payload) else Rejection(content, placed)


def spare_ids(wanted: int, taken: set[RecordId]) -> tuple[RecordId, ...]:
    """Fresh record ids that nobody on the tab has."""
    spare: list[RecordId] = []
    while len(spare) < wanted:
        fresh = spell_record_id(secrets.token_bytes(5))
        if fresh not in taken:
            taken.add(fresh)
            spare.append(fresh)
    return tuple(spare)

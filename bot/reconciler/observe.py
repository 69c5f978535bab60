"""Builds the snapshot: what a tab holds, what is remembered of it, and what the clocks say; nothing is decided here."""

from __future__ import annotations

import secrets
import uuid
from dataclasses import dataclass
from datetime import UTC, datetime

from bot.domain.cells import cell_text
from bot.domain.contract import HeaderProblem
from bot.domain.control import Control, read_control
from bot.domain.ids import RecordId, spell_record_id
from bot.domain.templates.template import Template
from bot.domain.values import locale_named
from bot.planner.snapshot import Memory, Snapshot
from bot.ports import Clock, JournalView, Reading, Sheet, Templates
from bot.reconciler.design_desk import DesignDesk
from bot.reconciler.judge import Sighting
from bot.reconciler.presence import Presence
from bot.reconciler.timers import Timers


def spare_ids(wanted: int, taken: set[RecordId]) -> tuple[RecordId, ...]:
    """Fresh record ids that nobody on the tab has."""
    spare: list[RecordId] = []
    while len(spare) < wanted:
        fresh = spell_record_id(secrets.token_bytes(5))
        if fresh not in taken:
            taken.add(fresh)
            spare.append(fresh)
    return tuple(spare)


@dataclass
class Observer:
    """Looks at one tab and its books, as they are at one moment."""

    sheet: Sheet
    journal: JournalView
    clock: Clock
    templates: Templates
    namespace: uuid.UUID
    presence: Presence

    def __post_init__(self) -> None:
        self.designs = DesignDesk(self.templates, self.sheet.zone, locale_named(self.sheet.locale))

    @property
    def template(self) -> Template:
        """What rows are judged by now."""
        return self.designs.template

    def snapshot(
        self, reading: Reading, memory: Memory, timers: Timers
    ) -> Snapshot | tuple[HeaderProblem, ...]:
        """Everything a plan may depend on; header problems when the columns cannot be found."""
        sighting = self.designs.judge.look(reading.values, memory)
        if not isinstance(sighting, Sighting):
            return sighting
        monotonic = self.clock.monotonic()
        return Snapshot(
            tab=self.sheet.key,
            namespace=self.namespace,
            columns=sighting.columns,
            lines=sighting.lines,
            blanks=sighting.blanks,
            template=self.template,
            design_trouble=self.designs.design.trouble,
            is_design_changing=self.designs.design.is_changing,
            memory=memory,
            now=self.clock.now(),
            zone=self.sheet.zone,
            waits=timers.waits(monotonic),
            doubts=timers.doubts(monotonic),
            ages=timers.ages(monotonic),
            alone=timers.alone(monotonic),
            honours_ids=self.journal.honours_ids(),
            spare_ids=_ids_needed(sighting, memory),
            in_flight=self.journal.in_flight(),
            spent_today=self.journal.spent_since(self.midnight()),
            control=self.control(reading),
        )

    def midnight(self) -> datetime:
        """When the sheet's day began."""
        local = self.clock.now().astimezone(self.sheet.zone)
        return local.replace(hour=0, minute=0, second=0, microsecond=0).astimezone(UTC)

    def control(self, reading: Reading) -> Control:
        """The Control tab as this tab's robot sees it."""
        return read_control(reading.control or (), self.sheet.key.tab)


def _ids_needed(sighting: Sighting, memory: Memory) -> tuple[RecordId, ...]:
    """One for every line that might turn out to need one: without an id, sharing one, or with other content."""
    column = sighting.columns.row_id
    claimed = [cell_text(line.row.at(column)) for line in sighting.lines]
    steady = {
        text
        for text, line in zip(claimed, sighting.lines, strict=True)
        if (entry := memory.entries.get(RecordId(text))) and entry.content == line.judged.content
    }
    wanted = len(claimed) - len(steady)
    return spare_ids(wanted, {RecordId(text) for text in claimed} | set(memory.entries)) if wanted else ()

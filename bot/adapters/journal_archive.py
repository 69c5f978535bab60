"""What the journal keeps of every attempt ever made, found by whatever people have at hand to name it by."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Connection, Select, or_, select

from bot.adapters.journal_deliveries import deliveries_named
from bot.adapters.journal_file import advice
from bot.adapters.journal_looks import JournalReader
from bot.adapters.journal_rows import read_entry, read_intent
from bot.adapters.journal_schema import legible
from bot.adapters.journal_templates import read_template
from bot.adapters.schema import entries, events, intents, templates
from bot.domain.delivery import Delivery
from bot.domain.entries import Entry
from bot.domain.ids import JobId, RecordKey, TemplateHash, read_job_id
from bot.domain.intents import Intent, State
from bot.domain.templates.template import Template
from bot.ports import JournalError

_BEGINNING_OF_AN_ID = re.compile(r"[0-9a-f]{4}[0-9a-f-]{2,}")
_LARGEST_ROW = 10_000_000


@dataclass(frozen=True, slots=True)
class Attempts:
    """One row's attempts, oldest first."""

    key: RecordKey
    row_number: int | None
    """Where the row last stood, as the robot saw it; None when it is gone."""

    intents: tuple[Intent, ...]
    entry: Entry | None = None
    """What the robot remembers of the row itself."""


@dataclass(frozen=True, slots=True)
class Happening:
    """One change of one promise, as it was noted at that moment."""

    at: datetime
    state: State
    code: str = ""
    text: str = ""
    """What it meant, in people's words; empty when all went well."""

    said: str = ""
    """What was seen, for developers: mostly the service's own words."""


class JournalArchive(JournalReader):
    """The journal, to look single things up in."""

    def look_up(self, wanted: str) -> list[Attempts]:
        """What goes by this name: a row number, a Row ID, a Job ID or its beginning, or a video's name.

        A job names one attempt, anything else a row with all of its attempts. Several are found where one name
        stands for rows of several tabs.
        """
        name = wanted.strip()
        if name.isascii() and name.isdecimal() and len(name) < len(str(_LARGEST_ROW)):
            return self._rows(entries.c.row_number == int(name), entries.c.present)
        lowered = name.lower()
        if (job_id := read_job_id(lowered)) is not None:
            return self._jobs(or_(intents.c.job_id == job_id, intents.c.known_as == job_id))
        found = self._rows(entries.c.record == lowered) or self._jobs(intents.c.job_name == lowered)
        if not found and _BEGINNING_OF_AN_ID.fullmatch(lowered):
            found = self._jobs(
                or_(intents.c.job_id.startswith(lowered), intents.c.known_as.startswith(lowered))
            )
        return found

    def whole(self, key: RecordKey) -> Attempts:
        """A row with all of its attempts, whatever one of them was found by."""
        with self._look() as connection, legible(self.path):
            entry = _entry(connection, key)
            return Attempts(key, _place(entry) if entry else None, _of_record(connection, key), entry)

    def story(self, job_id: JobId) -> tuple[Happening, ...]:
        """What happened to a promise, oldest first; nothing where that is so long ago that it was forgotten."""
        query = select(events).where(events.c.job_id == job_id).order_by(events.c.id)
        with self._look() as connection, legible(self.path):
            return tuple(_read_happening(dict(row)) for row in connection.execute(query).mappings())

    def delivery(self, job_id: JobId) -> Delivery | None:
        """What became of a video's copy; None where nothing is known of one."""
        with self._look() as connection, legible(self.path):
            return deliveries_named(connection, [job_id]).get(job_id)

    def title(self, name: TemplateHash) -> str:
        """What people called a template when this version was first used; empty for one that is not kept."""
        with self._look() as connection, legible(self.path):
            return connection.scalar(select(templates.c.title).where(templates.c.hash == name)) or ""

    def template(self, name: TemplateHash) -> Template | None:
        """A template version as it was when it was first used; None when its contract was not kept."""
        with self._look() as connection, legible(self.path):
            row = connection.execute(select(templates).where(templates.c.hash == name)).mappings().first()
            if row is None:
                raise JournalError(
                    f"The journal {self.path} is damaged: a template is gone. {advice(self.path)}"
                )
            return read_template(dict(row))

    def _rows(self, *conditions: ColumnElement[bool]) -> list[Attempts]:
        with self._look() as connection, legible(self.path):
            query = select(entries).where(*conditions).order_by(entries.c.spreadsheet, entries.c.tab)
            found = [read_entry(dict(row)) for row in connection.execute(query).mappings()]
            return [Attempts(one.key, _place(one), _of_record(connection, one.key), one) for one in found]

    def _jobs(self, condition: ColumnElement[bool]) -> list[Attempts]:
        with self._look() as connection, legible(self.path):
            found = _read(connection, select(intents).where(condition))
            rows = [(one, _entry(connection, one.key)) for one in found]
            return [Attempts(one.key, _place(row) if row else None, (one,), row) for one, row in rows]


def _of_record(connection: Connection, key: RecordKey) -> tuple[Intent, ...]:
    return _read(
        connection,
        select(intents).where(
            intents.c.spreadsheet == key.tab.spreadsheet,
            intents.c.tab == key.tab.tab,
            intents.c.record == key.record,
        ),
    )


def _read(connection: Connection, query: Select[tuple[object, ...]]) -> tuple[Intent, ...]:
    rows = connection.execute(query.order_by(intents.c.number, intents.c.approved_at)).mappings()
    return tuple(read_intent(dict(row)) for row in rows)


def _place(entry: Entry) -> int | None:
    return entry.row_number if entry.present else None


def _entry(connection: Connection, key: RecordKey) -> Entry | None:
    query = select(entries).where(
        entries.c.spreadsheet == key.tab.spreadsheet,
        entries.c.tab == key.tab.tab,
        entries.c.record == key.record,
    )
    row = connection.execute(query).mappings().first()
    return read_entry(dict(row)) if row is not None else None


def _read_happening(row: Mapping[str, Any]) -> Happening:
    said = json.loads(row["detail"]) if row["detail"] else {}
    words = (str(said.get(name, "")) for name in ("code", "text", "trouble"))
    return Happening(row["at"], State(row["state"]), *words)

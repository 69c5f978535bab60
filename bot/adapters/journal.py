"""The journal on SQLite: what the bot promised, and what became of it.

Write-ahead log, synchronous FULL: what apply() returned from survives a crash and a power cut. One writer,
held by a lock that dies with its process. Readers open the file read-only and see the last commit.
"""

from __future__ import annotations

import json
from collections.abc import Collection, Iterator, Sequence
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, Select, Table, and_, bindparam, func, insert, or_, select, update
from sqlalchemy.dialects.sqlite import Insert
from sqlalchemy.dialects.sqlite import insert as upsert

from bot.adapters.journal_file import JournalFile, advice, engine_on, in_words, refuse_unusable
from bot.adapters.journal_rows import (
    read_entry,
    read_event,
    read_gate,
    read_intent,
    spell_entry,
    spell_gate,
    spell_intent,
)
from bot.adapters.journal_schema import (
    legible,
    migrate,
    read_installation,
    refuse_damage,
    refuse_missing,
    refuse_old_schema,
    refuse_strange_schema,
)
from bot.adapters.schema import entries, events, gates, installation, intents, payloads, tabs, templates
from bot.domain.entries import Entry
from bot.domain.events import Event
from bot.domain.ids import PayloadHash, TabKey, canonical_json, sha256
from bot.domain.intents import IN_FLIGHT, Intent, State
from bot.domain.templates import Template
from bot.planner.actions import Change, Move, Propose, Remember, SetGate
from bot.planner.snapshot import Memory
from bot.ports import Installation, JournalConflictError, JournalError

_PENDING = (State.CHECKING, State.NEEDS_DECISION, State.SUBMITTED, State.ACTIVE)
"""States before the end whose credits are, or may be, spent; those of completed jobs are for good."""


class SqliteJournal:
    """The one writer. Open it only under the state folder's lock."""

    def __init__(self, path: Path) -> None:
        """Opens a journal that exists. Raises JournalError, saying what to do, when it cannot be trusted."""
        # First a look that changes nothing: opening to write would alter even a stranger's database.
        JournalReader(path, may_be_old=True).close()
        self.path = path
        self.file = JournalFile(path)
        self._begin = self.file.begin
        self._spent_for_good: int | None = None
        """Credits of all videos that are completed; those never change, so they are added up once."""

        try:
            with self._begin() as connection:
                migrate(connection, path)
                refuse_damage(connection, path)
        except BaseException:
            self.close()
            raise

    def close(self) -> None:
        """Ends the connection; everything applied is already durable."""
        self.file.close()

    def confirm(self) -> None:
        self.file.compare()

    def installation(self) -> Installation:
        """Whose journal this is, and whether it knows everything it once did."""
        with self._begin() as connection:
            return read_installation(connection, self.path)

    def mark_cold(self, at: datetime) -> None:
        """From now on the service is taken to know more than this journal."""
        with self._begin() as connection:
            connection.execute(update(installation).values(cold_since=at))

    def mark_settled(self) -> None:
        """What was sent before the loss has become visible by now; every first send looks for it."""
        with self._begin() as connection:
            connection.execute(update(installation).values(cold_since=None))

    # -- reading --------------------------------------------------------------

    def remember_tab(self, tab: TabKey) -> Memory:
        with self._begin() as connection, legible(self.path):
            return _memory(connection, tab)

    def tabs(self) -> list[TabKey]:
        """Every tab the journal knows."""
        with self._begin() as connection:
            return _tabs(connection)

    def payloads(self, wanted: Collection[PayloadHash]) -> dict[PayloadHash, str]:
        with self._begin() as connection:
            return _payloads(connection, wanted, self.path)

    def honours_ids(self) -> bool | None:
        with self._begin() as connection:
            return _honours_ids(connection)

    def refuses_ids(self) -> bool:
        with self._begin() as connection:
            return _refuses_ids(connection)

    def in_flight(self) -> int:
        with self._begin() as connection:
            return _in_flight(connection)

    def spent(self) -> int:
        with self._begin() as connection:
            if self._spent_for_good is None:
                self._spent_for_good = _sum(connection, _SUM_COMPLETED)
            return self._spent_for_good + _sum(connection, _SUM_PENDING)

    def spent_since(self, moment: datetime) -> int:
        with self._begin() as connection:
            return _spent_since(connection, moment)

    def latest_events(self, spreadsheet: str, limit: int) -> list[Event]:
        with self._begin() as connection:
            return _latest_events(connection, spreadsheet, limit)

    # -- writing --------------------------------------------------------------

    def learn_tab(self, tab: TabKey, at: datetime) -> None:
        statement = upsert(tabs).values(spreadsheet=tab.spreadsheet, tab=tab.tab, learnt_at=at)
        with self._begin() as connection:
            connection.execute(statement.on_conflict_do_nothing())

    def apply(self, changes: Sequence[Change], at: datetime) -> None:
        known, self._spent_for_good = self._spent_for_good, None
        with self._begin() as connection:
            _save_entries(connection, [change.entry for change in changes if isinstance(change, Remember)])
            # Moves before new promises: a withdrawn intent makes room for its successor.
            _move(connection, [change for change in changes if isinstance(change, Move)], at)
            _add(connection, [change for change in changes if isinstance(change, Propose)], at)
            for change in changes:
                if isinstance(change, SetGate):
                    connection.execute(_SAVE_GATE, [spell_gate(change)])
        # Only now the changes are sure; after a commit that failed the sum is made anew.
        if known is not None:
            self._spent_for_good = known + sum(_newly_completed(changes))


class JournalReader:
    """A second pair of eyes on the file: read-only, no lock, never in the writer's way."""

    def __init__(self, path: Path, *, may_be_old: bool = False) -> None:
        """Raises JournalError when there is no journal or it is not one this program can read."""
        refuse_missing(path)
        refuse_unusable(path)
        self.path = path
        self._engine = engine_on(path, is_writer=False)
        try:
            with self._look() as connection:
                found = refuse_strange_schema(connection, path)
                if not may_be_old:
                    refuse_old_schema(found, path)
        except BaseException:
            self.close()
            raise

    def close(self) -> None:
        """Ends the connection."""
        self._engine.dispose()

    @contextmanager
    def _look(self) -> Iterator[Connection]:
        with in_words(self.path), self._engine.connect() as connection:
            yield connection

    def installation(self) -> Installation:
        """Whose journal this is, and whether it knows everything it once did."""
        with self._look() as connection:
            return read_installation(connection, self.path)

    def remember_tab(self, tab: TabKey) -> Memory:
        """Everything the journal holds about a tab."""
        with self._look() as connection, legible(self.path):
            return _memory(connection, tab)

    def tabs(self) -> list[TabKey]:
        """Every tab the journal knows."""
        with self._look() as connection:
            return _tabs(connection)

    def honours_ids(self) -> bool | None:
        """Whether the service last kept the job id we gave; None while it never accepted anything."""
        with self._look() as connection:
            return _honours_ids(connection)

    def refuses_ids(self) -> bool:
        """Whether the service was ever seen to refuse our job ids."""
        with self._look() as connection:
            return _refuses_ids(connection)

    def in_flight(self) -> int:
        """Jobs of all tabs that fill the window."""
        with self._look() as connection:
            return _in_flight(connection)

    def spent(self) -> int:
        """Credits booked for all jobs that were accepted and did not fail."""
        with self._look() as connection:
            return _sum(connection, _SUM_COMPLETED) + _sum(connection, _SUM_PENDING)

    def spent_since(self, moment: datetime) -> int:
        """Credits of everything sent since then that did not fail, answered or not."""
        with self._look() as connection:
            return _spent_since(connection, moment)

    def latest_events(self, spreadsheet: str, limit: int) -> list[Event]:
        """What happened last to the videos of a spreadsheet, newest first."""
        with self._look() as connection:
            return _latest_events(connection, spreadsheet, limit)

    def payloads(self, wanted: Collection[PayloadHash]) -> dict[PayloadHash, str]:
        """The exact bodies kept under these hashes. Raises KeyError for an unknown one."""
        with self._look() as connection:
            return _payloads(connection, wanted, self.path)


class EmptyJournal:
    """What there is to see before the first start."""

    def remember_tab(self, tab: TabKey) -> Memory:  # noqa: ARG002 - the port's signature
        return Memory()

    def payloads(self, wanted: Collection[PayloadHash]) -> dict[PayloadHash, str]:
        if wanted:
            raise KeyError(next(iter(wanted)))
        return {}

    def honours_ids(self) -> bool | None:
        return None

    def refuses_ids(self) -> bool:
        return False

    def in_flight(self) -> int:
        return 0

    def spent(self) -> int:
        return 0

    def spent_since(self, moment: datetime) -> int:  # noqa: ARG002 - the port's signature
        return 0

    def latest_events(self, spreadsheet: str, limit: int) -> list[Event]:  # noqa: ARG002 - the port's signature
        return []


def _spent_since(connection: Connection, moment: datetime) -> int:
    found = (connection.scalar(statement, {"moment": moment}) or 0 for statement in _SUMS_SINCE)
    return sum(int(one) for one in found)


def _latest_events(connection: Connection, spreadsheet: str, limit: int) -> list[Event]:
    rows = connection.execute(_LATEST_EVENTS, {"spreadsheet": spreadsheet, "limit": limit})
    return [read_event(dict(row)) for row in rows.mappings()]


def _tabs(connection: Connection) -> list[TabKey]:
    return [TabKey(row.spreadsheet, row.tab) for row in connection.execute(select(tabs))]


def _memory(connection: Connection, tab: TabKey) -> Memory:
    def of_tab(table: Any) -> Any:
        return select(table).where(table.c.spreadsheet == tab.spreadsheet, table.c.tab == tab.tab)

    kept = [read_entry(dict(row)) for row in connection.execute(of_tab(entries)).mappings()]
    promised = [read_intent(dict(row)) for row in connection.execute(of_tab(intents)).mappings()]
    is_known = connection.execute(of_tab(tabs)).first() is not None
    found = connection.execute(of_tab(gates)).mappings().first()
    gate = read_gate(dict(found)) if found is not None else None
    return Memory.holding(kept, promised, is_known=is_known, gate=gate)


def _payloads(connection: Connection, wanted: Collection[PayloadHash], path: Path) -> dict[PayloadHash, str]:
    if not wanted:
        return {}
    rows = connection.execute(select(payloads).where(payloads.c.hash.in_(wanted)))
    found = {PayloadHash(row.hash): str(row.body) for row in rows}
    for name, body in found.items():
        if sha256(body) != name:
            # What would be sent is not what was approved.
            raise JournalError(f"The journal {path} is damaged: payload {name[:12]} changed. {advice(path)}")
    return {one: found[one] for one in wanted}


def _honours_ids(connection: Connection) -> bool | None:
    """Read off the last send that was accepted: its answer named our id, or another one."""
    if _refuses_ids(connection):
        return False
    last = connection.execute(_LAST_ACCEPTED).first()
    return None if last is None else last.known_as is None


def _refuses_ids(connection: Connection) -> bool:
    """Once seen, for good: sending an id where none is wanted only costs a refusal, but a doubt costs a person."""
    return connection.execute(_ANY_UNNAMED).first() is not None


def _in_flight(connection: Connection) -> int:
    return int(connection.scalar(_COUNT_IN_FLIGHT) or 0)


def _sum(connection: Connection, statement: Select[tuple[int]]) -> int:
    return int(connection.scalar(statement) or 0)


def _newly_completed(changes: Sequence[Change]) -> Iterator[int]:
    """What the videos cost that these changes complete."""
    for change in changes:
        # Whoever is completed moves no more: such a move is the one that completes it.
        if isinstance(change, Move) and change.after.state is State.COMPLETED:
            one = change.after
            booked = one.reserved if one.reserved is not None else one.quote
            yield booked if booked is not None else one.price_shown


def _save_entries(connection: Connection, found: Sequence[Entry]) -> None:
    if found:
        connection.execute(_SAVE_ENTRY, [spell_entry(entry) for entry in found])


def _move(connection: Connection, moves: Sequence[Move], at: datetime) -> None:
    """Names the state it expects: one row each, or somebody else was here."""
    if not moves:
        return
    rows = [
        {"expected": move.before.state.value, "moved": move.before.job_id, **spell_intent(move.after)}
        for move in moves
    ]
    if connection.execute(_MOVE, rows).rowcount != len(moves):
        listed = ", ".join(move.before.job_id for move in moves)
        raise JournalConflictError(f"No longer what they were: some of {listed}")
    _note(connection, [move.after for move in moves if _is_news(move)], at)


def _is_news(move: Move) -> bool:
    return move.after.state is not move.before.state or move.after.trouble != move.before.trouble


def _add(connection: Connection, proposals: Sequence[Propose], at: datetime) -> None:
    if not proposals:
        return
    templates_used = {proposal.template.hash: proposal.template for proposal in proposals}
    connection.execute(_KEEP_TEMPLATE, [_spell_template(used, at) for used in templates_used.values()])
    bodies = {proposal.payload.hash: proposal.payload.body for proposal in proposals}
    connection.execute(_KEEP_PAYLOAD, [{"hash": name, "body": body} for name, body in bodies.items()])
    connection.execute(insert(intents), [spell_intent(proposal.intent) for proposal in proposals])
    _note(connection, [proposal.intent for proposal in proposals], at)


def _spell_template(template: Template, at: datetime) -> dict[str, Any]:
    return {
        "hash": template.hash,
        "title": template.title,
        "version": template.version,
        "projects": canonical_json(dict(template.projects)),
        "first_used_at": at,
    }


def _note(connection: Connection, moved: Sequence[Intent], at: datetime) -> None:
    rows = [
        {
            "at": at,
            "job_id": intent.job_id,
            "record": intent.key.record,
            "state": intent.state.value,
            "detail": json.dumps({"trouble": intent.trouble.detail}) if intent.trouble else None,
        }
        for intent in moved
    ]
    if rows:
        connection.execute(insert(events), rows)


def _save_statement(table: Table) -> Insert:
    """Puts a row in, or in the place of the one with its key."""
    statement = upsert(table)
    keys = [column.name for column in table.columns if column.primary_key]
    changed = {
        column.name: statement.excluded[column.name] for column in table.columns if not column.primary_key
    }
    return statement.on_conflict_do_update(index_elements=keys, set_=changed)


# Built once: putting a statement together costs more than running it.
_SAVE_ENTRY = _save_statement(entries)
_SAVE_GATE = _save_statement(gates)
_KEEP_TEMPLATE = upsert(templates).on_conflict_do_nothing()
_KEEP_PAYLOAD = upsert(payloads).on_conflict_do_nothing()
_LAST_ACCEPTED = (
    select(intents.c.known_as)
    .where(intents.c.reserved.is_not(None))
    # A job that was taken over with a copied row was not sent from here.
    .where(or_(intents.c.known_as.is_(None), intents.c.sent_at.is_not(None)))
    .order_by(intents.c.sent_at.desc())
    .limit(1)
)
_ANY_UNNAMED = select(intents.c.job_id).where(~intents.c.named).limit(1)
_COUNT_IN_FLIGHT = (
    select(func.count()).select_from(intents).where(intents.c.state.in_([state.value for state in IN_FLIGHT]))
)
_CREDITS = func.sum(func.coalesce(intents.c.reserved, intents.c.quote, intents.c.price_shown))
_SUM_PENDING = select(_CREDITS).where(intents.c.state.in_([state.value for state in _PENDING]))
_SUM_COMPLETED = select(_CREDITS).where(intents.c.state == State.COMPLETED.value)
_EVENTS_LOOKED_AT = 20_000
_LATEST_EVENTS = (
    select(
        events,
        intents.c.job_name,
        func.coalesce(intents.c.reserved, intents.c.quote, intents.c.price_shown).label("credits"),
        entries.c.row_number,
    )
    .join(intents, intents.c.job_id == events.c.job_id)
    .outerjoin(
        entries,
        and_(
            entries.c.spreadsheet == intents.c.spreadsheet,
            entries.c.tab == intents.c.tab,
            entries.c.record == intents.c.record,
        ),
    )
    .where(
        # From the newest event backwards, and not for ever: the other way round all videos would be gone through.
        func.coalesce(intents.c.spreadsheet, "") == bindparam("spreadsheet"),
        events.c.id > select(func.max(events.c.id) - _EVENTS_LOOKED_AT).scalar_subquery(),
    )
    .order_by(events.c.id.desc())
    .limit(bindparam("limit"))
)
_SUMS_SINCE = (
    # Accepted ones by their own index, then the few nobody answered for yet: a day's sum whatever the history.
    select(_CREDITS).where(
        intents.c.reserved.is_not(None),
        intents.c.sent_at >= bindparam("moment"),
        intents.c.state.not_in([State.FAILED.value, State.CANCELLED.value]),
    ),
    select(_CREDITS).where(
        intents.c.reserved.is_(None),
        intents.c.sent_at >= bindparam("moment"),
        intents.c.state.in_([State.SENDING.value, State.CHECKING.value, State.NEEDS_DECISION.value]),
    ),
)
_MOVE = (
    update(intents)
    .where(intents.c.job_id == bindparam("moved"), intents.c.state == bindparam("expected"))
    .values({column.name: bindparam(column.name) for column in intents.columns})
)

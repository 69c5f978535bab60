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

from sqlalchemy import (
    Connection,
    Engine,
    bindparam,
    create_engine,
    event,
    func,
    insert,
    inspect,
    select,
    text,
    update,
)
from sqlalchemy.dialects.sqlite import Insert
from sqlalchemy.dialects.sqlite import insert as upsert
from sqlalchemy.engine.interfaces import DBAPIConnection
from sqlalchemy.exc import IntegrityError, SQLAlchemyError
from sqlalchemy.pool import StaticPool

from bot.adapters.journal_rows import read_entry, read_intent, spell_entry, spell_intent
from bot.adapters.migrations import HEAD
from bot.adapters.schema import entries, events, intents, payloads, tabs, templates
from bot.domain.entries import Entry
from bot.domain.ids import PayloadHash, TabKey, canonical_json
from bot.domain.intents import IN_FLIGHT, Intent, State
from bot.domain.templates import Template
from bot.planner.actions import Change, Move, Propose, Remember
from bot.planner.snapshot import Memory
from bot.ports import JournalConflictError, JournalError

_BUSY_MILLISECONDS = 5000
_PAID = (State.CHECKING, State.NEEDS_DECISION, State.SUBMITTED, State.ACTIVE, State.COMPLETED)
"""States whose credits are, or may be, spent."""


class SqliteJournal:
    """The one writer. Open it only under the state folder's lock."""

    def __init__(self, path: Path) -> None:
        """Opens or makes the file and brings its schema up to date. Raises JournalError when that fails."""
        self.path = path
        self._engine = _engine(f"sqlite:///{path}", "BEGIN IMMEDIATE")
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            with self._begin() as connection:
                _migrate(connection, path)
        except OSError as error:
            raise JournalError(f"The journal {path} cannot be opened: {error.strerror}.") from error

    def close(self) -> None:
        """Ends the connection; everything applied is already durable."""
        self._engine.dispose()

    @contextmanager
    def _begin(self) -> Iterator[Connection]:
        try:
            with self._engine.begin() as connection:
                yield connection
        except IntegrityError as error:
            raise JournalConflictError(f"The journal refused a change: {error.orig}") from error
        except SQLAlchemyError as error:
            cause = getattr(error, "orig", error)
            raise JournalError(f"The journal {self.path} cannot be used: {cause}.") from error

    # -- reading --------------------------------------------------------------

    def remember_tab(self, tab: TabKey) -> Memory:
        with self._begin() as connection:
            return _memory(connection, tab)

    def payloads(self, wanted: Collection[PayloadHash]) -> dict[PayloadHash, str]:
        with self._begin() as connection:
            return _payloads(connection, wanted)

    def in_flight(self) -> int:
        with self._begin() as connection:
            return _count(connection, [state.value for state in IN_FLIGHT])

    def spent(self) -> int:
        with self._begin() as connection:
            return _spent(connection)

    # -- writing --------------------------------------------------------------

    def learn_tab(self, tab: TabKey, at: datetime) -> None:
        statement = upsert(tabs).values(spreadsheet=tab.spreadsheet, tab=tab.tab, learnt_at=at)
        with self._begin() as connection:
            connection.execute(statement.on_conflict_do_nothing())

    def apply(self, changes: Sequence[Change], at: datetime) -> None:
        with self._begin() as connection:
            _save_entries(connection, [change.entry for change in changes if isinstance(change, Remember)])
            # Moves before new promises: a withdrawn intent makes room for its successor.
            _move(connection, [change for change in changes if isinstance(change, Move)], at)
            _add(connection, [change for change in changes if isinstance(change, Propose)], at)


class JournalReader:
    """A second pair of eyes on the file: read-only, no lock, never in the writer's way."""

    def __init__(self, path: Path) -> None:
        """Raises JournalError when there is no journal yet or it is not one this program can read."""
        if not path.exists():
            raise JournalError(f"There is no journal at {path} yet. Start the robot once: rowreel run")
        self._engine = _engine(f"sqlite:///file:{path}?mode=ro&uri=true", "BEGIN")
        try:
            with self._engine.connect() as connection:
                version = _version(connection)
        except SQLAlchemyError as error:
            raise JournalError(
                f"The journal {path} cannot be read: {getattr(error, 'orig', error)}."
            ) from error
        if version != HEAD:
            raise JournalError(f"The journal {path} has schema {version}; this program reads {HEAD}.")

    def close(self) -> None:
        """Ends the connection."""
        self._engine.dispose()

    def remember_tab(self, tab: TabKey) -> Memory:
        """Everything the journal holds about a tab."""
        with self._engine.connect() as connection:
            return _memory(connection, tab)

    def tabs(self) -> list[TabKey]:
        """Every tab the journal knows."""
        with self._engine.connect() as connection:
            return [TabKey(row.spreadsheet, row.tab) for row in connection.execute(select(tabs))]

    def in_flight(self) -> int:
        """Jobs of all tabs that fill the window."""
        with self._engine.connect() as connection:
            return _count(connection, [state.value for state in IN_FLIGHT])

    def spent(self) -> int:
        """Credits booked for all jobs that were accepted and did not fail."""
        with self._engine.connect() as connection:
            return _spent(connection)

    def payloads(self, wanted: Collection[PayloadHash]) -> dict[PayloadHash, str]:
        """The exact bodies kept under these hashes. Raises KeyError for an unknown one."""
        with self._engine.connect() as connection:
            return _payloads(connection, wanted)


class EmptyJournal:
    """What there is to see before the first start."""

    def remember_tab(self, tab: TabKey) -> Memory:  # noqa: ARG002 - the port's signature
        return Memory()

    def payloads(self, wanted: Collection[PayloadHash]) -> dict[PayloadHash, str]:
        if wanted:
            raise KeyError(next(iter(wanted)))
        return {}

    def in_flight(self) -> int:
        return 0

    def spent(self) -> int:
        return 0


def _engine(url: str, begin: str) -> Engine:
    engine = create_engine(url, poolclass=StaticPool, connect_args={"check_same_thread": False})

    @event.listens_for(engine, "connect")
    def _set_up(connection: DBAPIConnection, _record: object) -> None:
        # Python's own transaction handling would begin deferred transactions behind our back.
        connection.isolation_level = None
        cursor = connection.cursor()
        cursor.execute(f"PRAGMA busy_timeout={_BUSY_MILLISECONDS}")
        cursor.execute("PRAGMA foreign_keys=ON")
        if begin == "BEGIN IMMEDIATE":
            cursor.execute("PRAGMA journal_mode=WAL")
            cursor.execute("PRAGMA synchronous=FULL")
        cursor.close()

    @event.listens_for(engine, "begin")
    def _begin(connection: Connection) -> None:
        connection.exec_driver_sql(begin)

    return engine


def _version(connection: Connection) -> str | None:
    if not inspect(connection).has_table("alembic_version"):
        return None
    return str(connection.scalar(text("SELECT version_num FROM alembic_version")))


def _migrate(connection: Connection, path: Path) -> None:
    version = _version(connection)
    if version == HEAD:
        return
    if version is not None and version > HEAD:
        raise JournalError(
            f"The journal {path} was written by a newer program (schema {version}, this one knows {HEAD}). "
            "Install that program again, or restore the backup made before."
        )
    # Imported only when there is something to do: it costs a fifth of a second at start.
    from alembic import command
    from alembic.config import Config

    config = Config()
    config.set_main_option("script_location", "bot.adapters:migrations")
    config.set_main_option("path_separator", "os")
    config.attributes["connection"] = connection
    command.upgrade(config, HEAD)


def _memory(connection: Connection, tab: TabKey) -> Memory:
    def of_tab(table: Any) -> Any:
        return select(table).where(table.c.spreadsheet == tab.spreadsheet, table.c.tab == tab.tab)

    kept = [read_entry(dict(row)) for row in connection.execute(of_tab(entries)).mappings()]
    promised = [read_intent(dict(row)) for row in connection.execute(of_tab(intents)).mappings()]
    is_known = connection.execute(of_tab(tabs)).first() is not None
    return Memory.holding(kept, promised, is_known=is_known)


def _payloads(connection: Connection, wanted: Collection[PayloadHash]) -> dict[PayloadHash, str]:
    if not wanted:
        return {}
    rows = connection.execute(select(payloads).where(payloads.c.hash.in_(wanted)))
    found = {PayloadHash(row.hash): str(row.body) for row in rows}
    return {one: found[one] for one in wanted}


def _count(connection: Connection, states: Sequence[str]) -> int:
    counted = connection.scalar(select(func.count()).select_from(intents).where(intents.c.state.in_(states)))
    return int(counted or 0)


def _spent(connection: Connection) -> int:
    booked = func.coalesce(intents.c.reserved, intents.c.quote, intents.c.price_shown)
    states = [state.value for state in _PAID]
    total = connection.scalar(select(func.sum(booked)).where(intents.c.state.in_(states)))
    return int(total or 0)


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


def _save_entry_statement() -> Insert:
    statement = upsert(entries)
    changed = {
        column.name: statement.excluded[column.name] for column in entries.columns if not column.primary_key
    }
    return statement.on_conflict_do_update(index_elements=["spreadsheet", "tab", "record"], set_=changed)


# Built once: putting a statement together costs more than running it.
_SAVE_ENTRY = _save_entry_statement()
_KEEP_TEMPLATE = upsert(templates).on_conflict_do_nothing()
_KEEP_PAYLOAD = upsert(payloads).on_conflict_do_nothing()
_MOVE = (
    update(intents)
    .where(intents.c.job_id == bindparam("moved"), intents.c.state == bindparam("expected"))
    .values({column.name: bindparam(column.name) for column in intents.columns})
)

"""The journal on SQLite: what the bot promised, and what became of it.

Write-ahead log, synchronous FULL: what apply() returned from survives a crash and a power cut. One writer,
held by a lock that dies with its process. Readers open the file read-only and see the last commit.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from contextlib import AbstractContextManager
from datetime import datetime
from pathlib import Path

from sqlalchemy import Connection, Table, bindparam, insert, update
from sqlalchemy.dialects.sqlite import Insert
from sqlalchemy.dialects.sqlite import insert as upsert

from bot.adapters.journal_deliveries import save_deliveries
from bot.adapters.journal_file import JournalFile
from bot.adapters.journal_looks import JournalLooks, JournalReader, spent_for_good, spent_or_pending
from bot.adapters.journal_rows import (
    spell_entry,
    spell_gate,
    spell_intent,
)
from bot.adapters.journal_schema import (
    migrate,
    refuse_damage,
)
from bot.adapters.journal_templates import spell_template
from bot.adapters.schema import entries, events, gates, installation, intents, payloads, tabs, templates
from bot.domain.entries import Entry
from bot.domain.ids import TabKey
from bot.domain.intents import Intent, State, Trouble
from bot.planner.actions import Change, KeepDelivery, Move, Propose, Remember, Renew, SetGate
from bot.ports import JournalConflictError

_AT_ONCE = 2000
"""How many rows one statement takes."""

_BODIES_AT_ONCE = 100
"""How many payloads one statement takes; each is as large as many rows."""


class SqliteJournal(JournalLooks):
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

    def mark_cold(self, at: datetime) -> None:
        """From now on the service is taken to know more than this journal."""
        with self._begin() as connection:
            connection.execute(update(installation).values(cold_since=at))

    def mark_settled(self) -> None:
        """What was sent before the loss has become visible by now; every first send looks for it."""
        with self._begin() as connection:
            connection.execute(update(installation).values(cold_since=None))

    def _look(self) -> AbstractContextManager[Connection]:
        return self._begin()

    def spent(self) -> int:
        with self._look() as connection:
            if self._spent_for_good is None:
                self._spent_for_good = spent_for_good(connection)
            return self._spent_for_good + spent_or_pending(connection)

    # -- writing --------------------------------------------------------------

    def learn_tab(self, tab: TabKey, at: datetime) -> None:
        statement = upsert(tabs).values(spreadsheet=tab.spreadsheet, tab=tab.tab, learnt_at=at)
        with self._begin() as connection:
            connection.execute(statement.on_conflict_do_nothing())

    def apply(self, changes: Sequence[Change], at: datetime) -> None:
        known, self._spent_for_good = self._spent_for_good, None
        with self._begin() as connection:
            _save_entries(connection, [change.entry for change in changes if isinstance(change, Remember)])
            _keep(connection, [one for one in changes if isinstance(one, (Propose, Renew))], at)
            # Moves before new promises: a withdrawn intent makes room for its successor.
            _move(connection, [change for change in changes if isinstance(change, Move)], at)
            _add(connection, [change for change in changes if isinstance(change, Propose)], at)
            for change in changes:
                if isinstance(change, SetGate):
                    connection.execute(_SAVE_GATE, [spell_gate(change)])
            save_deliveries(connection, (one for one in changes if isinstance(one, KeepDelivery)), at)
        # Only now the changes are sure; after a commit that failed the sum is made anew.
        if known is not None:
            self._spent_for_good = known + sum(_newly_completed(changes))


def _newly_completed(changes: Sequence[Change]) -> Iterator[int]:
    """What the videos cost that these changes complete."""
    for change in changes:
        # Whoever is completed moves no more: such a move is the one that completes it.
        if isinstance(change, Move) and change.after.state is State.COMPLETED:
            one = change.after
            booked = one.reserved if one.reserved is not None else one.quote
            yield booked if booked is not None else one.price_shown


def _save_entries(connection: Connection, found: Sequence[Entry]) -> None:
    # A first look at a large tab saves them all: never spelled out all at once.
    for start in range(0, len(found), _AT_ONCE):
        connection.execute(_SAVE_ENTRY, [spell_entry(entry) for entry in found[start : start + _AT_ONCE]])


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


def _keep(connection: Connection, made: Sequence[Propose | Renew], at: datetime) -> None:
    """What promises are made of, before the promises themselves."""
    if not made:
        return
    templates_used = {one.template.hash: one.template for one in made}
    connection.execute(_KEEP_TEMPLATE, [spell_template(used, at) for used in templates_used.values()])
    found = list({one.payload.hash: one.payload for one in made}.items())
    # Thousands of rows ticked at once: never spelled out all at once.
    for start in range(0, len(found), _BODIES_AT_ONCE):
        some = found[start : start + _BODIES_AT_ONCE]
        connection.execute(_KEEP_PAYLOAD, [{"hash": name, "body": one.body} for name, one in some])


def _add(connection: Connection, proposals: Sequence[Propose], at: datetime) -> None:
    if not proposals:
        return
    connection.execute(insert(intents), [spell_intent(proposal.intent) for proposal in proposals])
    _note(connection, [proposal.intent for proposal in proposals], at)


def _note(connection: Connection, moved: Sequence[Intent], at: datetime) -> None:
    rows = [
        {
            "at": at,
            "job_id": intent.job_id,
            "record": intent.key.record,
            "state": intent.state.value,
            "detail": _spelled(intent.trouble) if intent.trouble else None,
        }
        for intent in moved
    ]
    if rows:
        connection.execute(insert(events), rows)


def _spelled(trouble: Trouble) -> str:
    return json.dumps({"code": trouble.code, "text": trouble.text, "trouble": trouble.detail})


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
_TEMPLATE = upsert(templates)
_KEEP_TEMPLATE = _TEMPLATE.on_conflict_do_update(
    index_elements=["hash"],
    set_={"contract": _TEMPLATE.excluded.contract},
    # One kept by an older program, without its contract.
    where=templates.c.contract.is_(None),
)
_KEEP_PAYLOAD = upsert(payloads).on_conflict_do_nothing()
_MOVE = (
    update(intents)
    .where(intents.c.job_id == bindparam("moved"), intents.c.state == bindparam("expected"))
    .values({column.name: bindparam(column.name) for column in intents.columns})
)

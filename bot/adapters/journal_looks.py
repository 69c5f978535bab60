"""What the journal says when asked: the same questions for the writer and for those who only look."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Collection, Iterator
from contextlib import AbstractContextManager, contextmanager
from datetime import datetime
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, and_, bindparam, func, or_, select

from bot.adapters.journal_deliveries import deliveries_of
from bot.adapters.journal_file import advice, engine_on, in_words, refuse_unusable
from bot.adapters.journal_rows import read_entry, read_event, read_gate, read_intent
from bot.adapters.journal_schema import (
    legible,
    read_installation,
    refuse_missing,
    refuse_old_schema,
    refuse_strange_schema,
)
from bot.adapters.journal_templates import read_template
from bot.adapters.schema import entries, events, gates, intents, payloads, tabs, templates
from bot.domain.events import Event
from bot.domain.ids import JobId, PayloadHash, TabKey, sha256
from bot.domain.intents import IN_FLIGHT, State
from bot.domain.templates.template import Template
from bot.planner.snapshot import Memory
from bot.ports import Installation, JournalError

_PENDING = (State.CHECKING, State.NEEDS_DECISION, State.SUBMITTED, State.ACTIVE)
"""States before the end whose credits are, or may be, spent; those of completed jobs are for good."""


class JournalLooks(ABC):
    """Every question, on whatever connection `_look` opens."""

    path: Path

    @abstractmethod
    def _look(self) -> AbstractContextManager[Connection]:
        """A connection that sees the last commit."""

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

    def accepted_before(self, sent: Collection[JobId]) -> dict[JobId, frozenset[JobId]]:
        """For each of these jobs the newest, by the service's ids, that were accepted before it was sent."""
        if not sent:
            return {}
        with self._look() as connection:
            return {one: _accepted_before(connection, one) for one in sent}

    def tabs_in_flight(self) -> list[TabKey]:
        """Those whose jobs fill the window."""
        with self._look() as connection:
            return [TabKey(row.spreadsheet, row.tab) for row in connection.execute(_TABS_IN_FLIGHT)]

    def in_flight(self) -> int:
        """Jobs of all tabs that fill the window."""
        with self._look() as connection:
            return _in_flight(connection)

    def spent(self) -> int:
        """Credits booked for all jobs that were accepted and did not fail."""
        with self._look() as connection:
            return spent_for_good(connection) + spent_or_pending(connection)

    def spent_since(self, moment: datetime) -> int:
        """Credits of everything sent since then that did not fail, answered or not."""
        with self._look() as connection:
            return _spent_since(connection, moment)

    def last_template(self, tab: TabKey) -> Template | None:
        """The version of a tab's latest promise; None where there is none, or where it was not kept whole."""
        with self._look() as connection, legible(self.path):
            found = connection.execute(_LAST_TEMPLATE, {"spreadsheet": tab.spreadsheet, "tab": tab.tab})
            row = found.mappings().first()
            return read_template(dict(row)) if row is not None else None

    def latest_events(self, spreadsheet: str, limit: int) -> list[Event]:
        """What happened last to the videos of a spreadsheet, newest first."""
        with self._look() as connection:
            return _latest_events(connection, spreadsheet, limit)

    def payloads(self, wanted: Collection[PayloadHash]) -> dict[PayloadHash, str]:
        """The exact bodies kept under these hashes. Raises KeyError for an unknown one."""
        with self._look() as connection:
            return _payloads(connection, wanted, self.path)


class JournalReader(JournalLooks):
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
    copies = deliveries_of(connection, tab)
    return Memory.holding(kept, promised, is_known=is_known, gate=gate, deliveries=copies)


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


def _accepted_before(connection: Connection, job_id: JobId) -> frozenset[JobId]:
    first = connection.scalar(_FIRST_SENDING, {"job_id": job_id})
    if first is None:
        return frozenset()
    bounds = {"before": first, "after": first - _EVENTS_LOOKED_AT}
    return frozenset(JobId(one) for one in connection.scalars(_ACCEPTED, bounds))


def _in_flight(connection: Connection) -> int:
    return int(connection.scalar(_COUNT_IN_FLIGHT) or 0)


def spent_for_good(connection: Connection) -> int:
    """Credits of all completed videos."""
    return int(connection.scalar(_SUM_COMPLETED) or 0)


def spent_or_pending(connection: Connection) -> int:
    """Credits that are, or may be, spent on videos that have not ended."""
    return int(connection.scalar(_SUM_PENDING) or 0)


_LAST_TEMPLATE = (
    select(templates)
    .join(intents, intents.c.template_hash == templates.c.hash)
    .where(intents.c.spreadsheet == bindparam("spreadsheet"), intents.c.tab == bindparam("tab"))
    .order_by(intents.c.number.desc())
    .limit(1)
)
_LAST_ACCEPTED = (
    select(intents.c.known_as)
    .where(intents.c.reserved.is_not(None))
    # A job that was taken over with a copied row was not sent from here.
    .where(or_(intents.c.known_as.is_(None), intents.c.sent_at.is_not(None)))
    .order_by(intents.c.sent_at.desc())
    .limit(1)
)
_ANY_UNNAMED = select(intents.c.job_id).where(~intents.c.named).limit(1)
_IS_IN_FLIGHT = intents.c.state.in_([state.value for state in IN_FLIGHT])
_COUNT_IN_FLIGHT = select(func.count()).select_from(intents).where(_IS_IN_FLIGHT)
_TABS_IN_FLIGHT = select(intents.c.spreadsheet, intents.c.tab).where(_IS_IN_FLIGHT).distinct()
_CREDITS = func.sum(func.coalesce(intents.c.reserved, intents.c.quote, intents.c.price_shown))
_SUM_PENDING = select(_CREDITS).where(intents.c.state.in_([state.value for state in _PENDING]))
_SUM_COMPLETED = select(_CREDITS).where(intents.c.state == State.COMPLETED.value)
_EVENTS_LOOKED_AT = 20_000
_FIRST_SENDING = select(func.min(events.c.id)).where(
    events.c.job_id == bindparam("job_id"), events.c.state == State.SENDING.value
)
_IS_ACCEPTED = [state.value for state in (State.SUBMITTED, State.ACTIVE, State.COMPLETED)]
_ACCEPTED = (
    select(func.coalesce(intents.c.known_as, intents.c.job_id))
    .join(events, events.c.job_id == intents.c.job_id)
    .where(events.c.id < bindparam("before"), events.c.id > bindparam("after"))
    .where(events.c.state.in_(_IS_ACCEPTED))
    .order_by(events.c.id.desc())
    .limit(200)
)
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

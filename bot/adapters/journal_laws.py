"""Looks a journal over: is the file sound, and does what it says hold together? Only reads."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from uuid import UUID

from sqlalchemy import Connection, select

from bot.adapters.journal_deliveries import read_delivery
from bot.adapters.journal_file import engine_on, in_words, refuse_unusable
from bot.adapters.journal_news import read_news
from bot.adapters.journal_rows import read_entry, read_intent
from bot.adapters.journal_schema import (
    legible,
    read_installation,
    refuse_missing,
    refuse_old_schema,
    refuse_strange_schema,
)
from bot.adapters.journal_templates import read_template
from bot.adapters.schema import deliveries, entries, intents, payloads, templates
from bot.domain.ids import derive_job_id, sha256
from bot.domain.intents import LIVE
from bot.ports import JournalError

_SHOWN = 3
"""How many of the things that are wrong with a law are named."""


@dataclass(frozen=True, slots=True)
class Finding:
    """One law, and what breaks it; it holds when nothing does."""

    law: str
    wrong: tuple[str, ...] = ()

    @property
    def holds(self) -> bool:
        """Whether the law is kept."""
        return not self.wrong

    def __str__(self) -> str:
        if self.holds:
            return f"ok      {self.law}"
        more = f" and {len(self.wrong) - _SHOWN} more" if len(self.wrong) > _SHOWN else ""
        return f"BROKEN  {self.law}: {'; '.join(self.wrong[:_SHOWN])}{more}"


def look_over(path: Path, known: UUID | None = None) -> tuple[Finding, ...]:
    """Every law with what breaks it. Stops at the first that makes the later ones meaningless.

    With a known installation, the journal must be that one's.
    """
    found: list[Finding] = []
    try:
        refuse_missing(path)
        refuse_unusable(path)
        engine = engine_on(path, is_writer=False)
        try:
            with in_words(path), engine.connect() as connection:
                for finding in _findings(connection, path, known):
                    found.append(finding)
                    if not finding.holds and finding.law in _FOUNDATIONS:
                        break
        finally:
            engine.dispose()
    except JournalError as error:
        found.append(Finding("the journal can be read", (str(error),)))
    return tuple(found)


_PAGES = "pages and indexes fit together"
_SCHEMA = "the schema is the one this program reads"
_LINES = "every line can be read"
_FOUNDATIONS = {_PAGES, _SCHEMA, _LINES}


def _findings(connection: Connection, path: Path, known: UUID | None) -> Iterator[Finding]:
    yield Finding(_PAGES, _pages(connection))
    yield Finding(_SCHEMA, _refusal(lambda: _refuse_other_schema(connection, path)))
    yield Finding("every reference leads somewhere", _references(connection))
    yield Finding("it is this installation's", _refusal(lambda: _refuse_other(connection, path, known)))
    yield Finding(_LINES, _refusal(lambda: _read_all(connection, path)))
    yield Finding("one live intent at most for each row and format", _several_live(connection))
    yield Finding("what has ended says when, what has not does not", _times(connection))
    yield Finding("every intent has the payload it promised", _payloads(connection))
    yield Finding("every intent has its template", _templates(connection))
    yield Finding("every job id follows from its promise", _job_ids(connection, path))


def _pages(connection: Connection) -> tuple[str, ...]:
    said = tuple(
        " ".join(str(row[0]).split()) for row in connection.exec_driver_sql("PRAGMA integrity_check")
    )
    return () if said == ("ok",) else said


def _references(connection: Connection) -> tuple[str, ...]:
    broken = connection.exec_driver_sql("PRAGMA foreign_key_check").all()
    return tuple(f"line {row[1]} of {row[0]} names missing {row[2]}" for row in broken)


def _refusal(look: Callable[[], object]) -> tuple[str, ...]:
    try:
        look()
    except JournalError as error:
        return (str(error),)
    return ()


def _refuse_other_schema(connection: Connection, path: Path) -> None:
    refuse_old_schema(refuse_strange_schema(connection, path), path)


def _refuse_other(connection: Connection, path: Path, known: UUID | None) -> None:
    name = read_installation(connection, path).id
    if known is not None and name != known:
        raise JournalError(f"it says {name}, the file installation-id says {known}")


def _read_all(connection: Connection, path: Path) -> None:
    with legible(path):
        for row in connection.execute(select(entries)).mappings():
            read_entry(dict(row))
        for row in connection.execute(select(intents)).mappings():
            read_intent(dict(row))
        read_news(connection)
        for row in connection.execute(select(deliveries)).mappings():
            read_delivery(dict(row))


def _several_live(connection: Connection) -> tuple[str, ...]:
    columns = (intents.c.spreadsheet, intents.c.tab, intents.c.record, intents.c.format)
    query = select(*columns).where(intents.c.state.in_([state.value for state in LIVE]))
    counted = Counter(tuple(row) for row in connection.execute(query))
    return tuple(f"{name[2]} ({name[3]}) has {count}" for name, count in counted.items() if count > 1)


def _times(connection: Connection) -> tuple[str, ...]:
    live = [state.value for state in LIVE]
    query = select(intents.c.job_id, intents.c.state).where(
        intents.c.state.in_(live) == intents.c.finished_at.is_not(None)
    )
    return tuple(f"{row.job_id} is {row.state}" for row in connection.execute(query))


def _payloads(connection: Connection) -> tuple[str, ...]:
    kept: set[str] = set()
    wrong: list[str] = []
    for row in connection.execute(select(payloads)):
        kept.add(row.hash)
        if sha256(row.body) != row.hash:
            wrong.append(f"payload {row.hash[:12]} was changed")
    promised = connection.execute(select(intents.c.job_id, intents.c.payload_hash))
    return (*wrong, *(f"{row.job_id} has none" for row in promised if row.payload_hash not in kept))


def _templates(connection: Connection) -> tuple[str, ...]:
    kept: set[str] = set()
    wrong: list[str] = []
    for row in connection.execute(select(templates)):
        kept.add(row.hash)
        try:
            read_template(row._asdict())
        except (ValueError, LookupError, TypeError):
            wrong.append(f"template {row.title} cannot be read")
    promised = connection.execute(select(intents.c.job_id, intents.c.template_hash))
    return (*wrong, *(f"{row.job_id} has none" for row in promised if row.template_hash not in kept))


def _job_ids(connection: Connection, path: Path) -> tuple[str, ...]:
    namespace = read_installation(connection, path).id
    read = (read_intent(dict(row)) for row in connection.execute(select(intents)).mappings())
    return tuple(f"{one.job_id} does not" for one in read if derive_job_id(namespace, one.name) != one.job_id)

"""How a robot comes by its journal: made once, opened ever after, and never silently made again.

A new journal is made aside and renamed, so that a start that was cut off leaves nothing half done; a file
of no bytes is therefore always damage. The journal comes before `installation-id`: if only the journal got
written, the next start copies its name from there.
"""

from __future__ import annotations

import contextlib
import os
import uuid
from datetime import datetime
from pathlib import Path

import structlog
from sqlalchemy import insert

from bot.adapters.journal import SqliteJournal
from bot.adapters.journal_file import (
    JournalPlaceError,
    companions,
    connect,
    engine_on,
    in_words,
    refuse_old_sqlite,
    refuse_unusable,
)
from bot.adapters.journal_schema import refuse_missing, refuse_strange_schema, upgrade
from bot.adapters.migrations import HEAD
from bot.adapters.schema import installation
from bot.adapters.state_folder import StateFolder
from bot.adapters.whole_files import put_in_place
from bot.ports import Installation, JournalError

log = structlog.get_logger()


def open_journal(path: Path, state: StateFolder, now: datetime) -> SqliteJournal:
    """The journal of the folder whose lock is held; made when there never was one.

    Raises JournalError, saying what to do, when the journal cannot be trusted.
    """
    refuse_old_sqlite()
    known = state.known_installation()
    if not path.exists() and not path.is_symlink():
        _begin_anew(path, known, now)
    elif is_older(path):
        _keep_before_update(path)
    journal = SqliteJournal(path)
    try:
        _compare(journal, state, known)
        _count_start(journal, state, now)
    except BaseException:
        journal.close()
        raise
    return journal


def make_journal(path: Path, said: Installation) -> None:
    """A new, empty journal in one piece: whole under its name, or not there."""
    aside = path.with_name(f"{path.name}.new")
    make_private(aside)
    engine = engine_on(aside, is_writer=True)
    try:
        with in_words(path), engine.begin() as connection:
            upgrade(connection)
            facts = {"id": str(said.id), "made_at": said.made_at, "cold_since": said.cold_since}
            connection.execute(insert(installation), [facts])
    finally:
        engine.dispose()
    put_in_place(aside, path)


def is_older(path: Path) -> bool:
    """Whether a journal was written by an older program. Raises JournalError when it is none, or a newer one's."""
    refuse_missing(path)
    refuse_unusable(path)
    engine = engine_on(path, is_writer=False)
    try:
        with in_words(path), engine.connect() as connection:
            return refuse_strange_schema(connection, path) < HEAD
    finally:
        engine.dispose()


def _keep_before_update(path: Path) -> None:
    """The file as the older program left it, for whoever goes back to that; no tidying ever removes it."""
    folder = path.with_name("backups")
    folder.mkdir(mode=0o700, exist_ok=True)
    kept = folder / f"before-{HEAD}.db"
    aside = kept.with_name(f"{kept.name}.new")
    make_private(aside)
    with (
        in_words(path),
        contextlib.closing(connect(path, is_writer=False)) as source,
        contextlib.closing(connect(aside, is_writer=True)) as target,
    ):
        source.backup(target)
        # One file that needs nothing beside it.
        target.execute("PRAGMA journal_mode=DELETE")
        target.execute("PRAGMA user_version=0")
    put_in_place(aside, kept)
    log.info("journal_kept_before_update", file=str(kept))


def make_private(aside: Path) -> None:
    """An empty file that only its owner may read, whatever the umask; leftovers of a cut-off start go."""
    for leftover in (aside, *companions(aside)):
        leftover.unlink(missing_ok=True)
    try:
        os.close(os.open(aside, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600))
    except OSError as error:
        raise JournalPlaceError(f"{aside} cannot be written: {error.strerror}.") from error


def set_aside(path: Path, now: datetime) -> Path:
    """Moves what SQLite left beside a journal to a dated name, and says which; nothing is thrown away."""
    dated = path.with_name(f"{path.name}.broken-{now:%Y%m%d-%H%M%S}")
    while dated.exists():
        dated = dated.with_name(f"{dated.name}x")
    for old, new in zip(companions(path), companions(dated), strict=True):
        with contextlib.suppress(FileNotFoundError):
            old.rename(new)
    return dated


def _begin_anew(path: Path, known: uuid.UUID | None, now: datetime) -> None:
    # A newest-commits file without its journal would be read into the new one.
    if any(one.exists() for one in companions(path)):
        log.warning("journal_leftovers_set_aside", now_at=str(set_aside(path, now)))
    make_journal(path, Installation(known or uuid.uuid4(), now, cold_since=now if known else None))
    if known is not None:
        log.warning(
            "journal_started_cold",
            journal=str(path),
            reason="The journal was gone although this robot worked before (installation-id is there). A new one was "
            "begun; it knows nothing of earlier videos. If you have a copy, stop the robot and run: rowreel journal "
            "recover --from FILE",
        )


def _compare(journal: SqliteJournal, state: StateFolder, known: uuid.UUID | None) -> None:
    said = journal.installation()
    if known is None:
        state.keep_installation(said.id)
    elif known != said.id:
        raise JournalError(
            f"The journal {journal.path} belongs to another installation ({str(said.id)[:8]}…; this folder's "
            f"installation-id is {str(known)[:8]}…). Put this installation's journal back; or, to go on as the other "
            "one, delete the file installation-id."
        )


def _count_start(journal: SqliteJournal, state: StateFolder, now: datetime) -> None:
    """Every start makes the journal one older; copies stay as old as they were, and show it."""
    found, expected = journal.file.generation(), state.generation()
    if found < expected and journal.installation().cold_since != now:
        journal.mark_cold(now)
        log.warning(
            "journal_is_an_older_copy",
            journal=str(journal.path),
            reason="An older copy of the journal was put in place. It does not know what was made since.",
        )
    number = max(found, expected) + 1
    journal.file.begin_generation(number)
    state.keep_generation(number)

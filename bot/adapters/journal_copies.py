"""Copies of the journal: made while the robot works, checked before they count, and put back.

A copy is one file that only its owner may read, whole under its name or not there. It counts as older than
any journal that was ever begun, so that putting it in place, by whatever means, is noticed.
"""

from __future__ import annotations

import contextlib
import re
import shutil
import sqlite3
from datetime import UTC, datetime, timedelta
from pathlib import Path

import structlog

from bot.adapters.journal import SqliteJournal
from bot.adapters.journal_file import BUSY_MILLISECONDS, companions, connect, in_words, refuse_unusable
from bot.adapters.journal_laws import look_over
from bot.adapters.journal_opening import is_older, make_private, set_aside
from bot.adapters.journal_schema import refuse_missing
from bot.adapters.state_folder import StateFolder
from bot.adapters.whole_files import put_in_place
from bot.ports import JournalError

log = structlog.get_logger()

_NAME = re.compile(r"journal-(\d{8}-\d{6})\.db")
_STAMP = "%Y%m%d-%H%M%S"
_EVERY = timedelta(days=1)


def copy_journal(path: Path, to: Path) -> None:
    """A checked copy, also while a robot writes. Raises JournalError; nothing is left under the name then."""
    refuse_missing(path)
    refuse_unusable(path)
    if to.exists():
        raise JournalError(f"{to} is there already and was left alone. Name another file.")
    aside = to.with_name(f"{to.name}.new")
    make_private(aside)
    try:
        _copy(path, aside, generation=0)
        if broken := _broken(aside, aside.with_name(f"{aside.name}-trial")):
            raise JournalError(
                f"No copy was made: it would not hold together ({broken}). Look the journal over: rowreel journal check"
            )
        put_in_place(aside, to)
    finally:
        aside.unlink(missing_ok=True)


def _copy(path: Path, aside: Path, *, generation: int) -> None:
    with (
        in_words(path),
        contextlib.closing(connect(path, is_writer=False)) as source,
        contextlib.closing(connect(aside, is_writer=True)) as target,
    ):
        source.execute(f"PRAGMA busy_timeout={BUSY_MILLISECONDS}")
        source.backup(target)
        # One file that needs nothing beside it.
        target.execute("PRAGMA journal_mode=DELETE")
        target.execute(f"PRAGMA user_version={generation:d}")


def _broken(copy: Path, trial: Path) -> str | None:
    """What does not hold in a copy; one of an older program is brought up to date for that, in a copy of its own."""
    looked_at = copy
    try:
        if is_older(copy):
            make_private(looked_at := trial)
            _copy(copy, trial, generation=0)
            SqliteJournal(trial).close()
        return next((f"{one.law}: {one.wrong[0]}" for one in look_over(looked_at) if not one.holds), None)
    finally:
        for leftover in (trial, *companions(trial)):
            leftover.unlink(missing_ok=True)


def recover(path: Path, copy: Path, state: StateFolder, now: datetime) -> Path | None:
    """Puts a copy in the journal's place, under the folder's lock; says where the old file is kept now.

    Raises JournalError, and leaves the journal as it is, when the copy is not good.
    """
    if path.exists() and copy.samefile(path):
        raise JournalError(
            f"{copy} is the journal itself. Name a copy, for example one in {path.parent}/backups."
        )
    try:
        refuse_unusable(copy)
    except JournalError as error:
        raise JournalError(f"{copy} is no copy of a journal. Nothing was changed.") from error
    if broken := _broken(copy, path.with_name(f"{path.name}.trial")):
        raise JournalError(f"{copy} does not hold together ({broken}). The journal was left as it is.")
    aside = path.with_name(f"{path.name}.new")
    make_private(aside)
    try:
        number = state.generation() + 1
        _copy(copy, aside, generation=number)
        _mark_cold(aside, state, now)
        # If this is cut off, the old journal counts as older than it should: the next start finds it suspect.
        state.keep_generation(number)
        kept = _keep_old(path, now)
        put_in_place(aside, path)
    finally:
        aside.unlink(missing_ok=True)
    return kept


def _mark_cold(aside: Path, state: StateFolder, now: datetime) -> None:
    known = state.known_installation()
    with in_words(aside), contextlib.closing(connect(aside, is_writer=True)) as target:
        [name] = target.execute("SELECT id FROM installation").fetchone()
        if known is not None and name != str(known):
            raise JournalError(
                f"That copy belongs to another installation ({name[:8]}…; this folder's installation-id is "
                f"{str(known)[:8]}…). Nothing was changed."
            )
        at = now.astimezone(UTC).isoformat(timespec="microseconds")
        target.execute("UPDATE installation SET cold_since = ?", (at,))


def _keep_old(path: Path, now: datetime) -> Path | None:
    """The old file under a second, dated name; its own stays taken until the copy is renamed over it."""
    if not path.exists():
        set_aside(path, now)
        return None
    dated = set_aside(path, now)
    try:
        dated.hardlink_to(path)
    except OSError:
        shutil.copyfile(path, dated)
    return dated


def new_name(path: Path, now: datetime) -> Path:
    """Where a copy of this moment goes, among the daily ones; makes their folder."""
    folder = _folder(path)
    folder.mkdir(mode=0o700, exist_ok=True)
    return folder / f"journal-{now.astimezone(UTC):{_STAMP}}.db"


def _folder(path: Path) -> Path:
    return path.parent / "backups"


class Backups:
    """One copy a day in the folder `backups` beside the journal, the newest few kept."""

    def __init__(self, journal: SqliteJournal, kept: int) -> None:
        self._journal = journal
        self._kept = kept
        self._first_day = journal.installation().made_at
        """Before a day has passed there is nothing worth copying."""

    def is_due(self, now: datetime) -> bool:
        """Whether a day has passed since the newest copy."""
        # A copy dated in the future was made under a wrong clock: it must not put the next one off for years.
        dates = [date for date in (self._first_day, *self._made()) if date <= now]
        return self._kept > 0 and (not dates or now >= max(dates) + _EVERY)

    def take(self, now: datetime) -> None:
        """Copies the journal and throws the oldest copies away; trouble is logged and tried again later."""
        path = self._journal.path
        try:
            # A stranger's file in the journal's place must not push the good copies out.
            self._journal.confirm()
            to = new_name(path, now)
            copy_journal(path, to)
            # Those dated in the future go first, or each new one would be thrown away in their stead.
            for old in sorted(self._files(), key=lambda one: (_made_at(one) <= now, one))[: -self._kept]:
                old.unlink(missing_ok=True)
        except (JournalError, OSError) as error:
            log.error("journal_not_backed_up", reason=str(error))  # noqa: TRY400 - the message says it all
            return
        log.info("journal_backed_up", file=str(to))

    def _files(self) -> list[Path]:
        folder = _folder(self._journal.path)
        return [one for one in folder.glob("*.db") if _NAME.fullmatch(one.name)]

    def _made(self) -> list[datetime]:
        return [_made_at(one) for one in self._files()]


def _made_at(copy: Path) -> datetime:
    found = _NAME.fullmatch(copy.name)
    assert found is not None  # whoever found it looked at the name
    return datetime.strptime(found[1], _STAMP).replace(tzinfo=UTC)


def describe(copy: Path) -> str:
    """What a copy holds, in one line."""
    with in_words(copy), contextlib.closing(connect(copy, is_writer=False)) as source:
        return _counts(source)


def _counts(source: sqlite3.Connection) -> str:
    [rows] = source.execute("SELECT count(*) FROM entries").fetchone()
    [videos] = source.execute("SELECT count(*) FROM intents").fetchone()
    [last] = source.execute("SELECT max(at) FROM events").fetchone()
    return (
        f"{rows} rows, {videos} videos, last entry {last[:19].replace('T', ' ') + ' UTC' if last else 'none'}"
    )

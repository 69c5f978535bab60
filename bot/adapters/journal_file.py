"""The journal's file: opened but never made here, and watched, so that nothing is written beside it.

A file can be deleted, replaced or copied over under an open connection; writing into what nobody can find
again even succeeds. So every transaction begins and ends by comparing the file at the path with the one
that was opened. After any error the connection is given up: whether a commit landed is read anew.
"""

from __future__ import annotations

import contextlib
import os
import shutil
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import quote

from sqlalchemy import Connection, Engine, create_engine, event
from sqlalchemy.engine.interfaces import DBAPIConnection
from sqlalchemy.exc import IntegrityError, SQLAlchemyError
from sqlalchemy.pool import StaticPool

from bot.ports import JournalConflictError, JournalError

BUSY_MILLISECONDS = 5000
_ROOM_NEEDED = 64 * 1024
_OLDEST_SQLITE = (3, 37, 0)
_MAGIC = b"SQLite format 3\0"
_GENERATION_AT = 60
"""Where the header keeps `user_version` (sqlite.org/fileformat2.html, 1.3)."""

_Identity = tuple[int, int]


class JournalPlaceError(JournalError):
    """The journal's place does not serve: a matter of settings and rights, not of the journal."""


def refuse_old_sqlite() -> None:
    """Raises JournalError when this Python brings a SQLite that is too old."""
    if sqlite3.sqlite_version_info < _OLDEST_SQLITE:
        needed = ".".join(map(str, _OLDEST_SQLITE[:2]))
        raise JournalError(
            f"This Python brings SQLite {sqlite3.sqlite_version}; the journal needs {needed} or newer. "
            "Install a newer Python, or run the container image."
        )


def companions(path: Path) -> tuple[Path, Path]:
    """What SQLite keeps beside the file while it is open: newest commits, and an index of them."""
    return path.with_name(f"{path.name}-wal"), path.with_name(f"{path.name}-shm")


def advice(path: Path) -> str:
    """What to do about a journal that is damaged."""
    copies = path.parent / "backups"
    if any(copies.glob("*.db")):
        return (
            "It was left as it is. Bring back the last good copy with: rowreel journal recover --from FILE "
            f"(copies are in {copies})."
        )
    return (
        f"It was left as it is, and {copies} has no copy yet. Bring back one of your own with: rowreel journal recover "
        "--from FILE. Without one move the file away: the robot then begins a new journal, and asks Zvid before it pays."
    )


def refuse_unusable(path: Path) -> None:
    """Raises JournalError when the path holds no SQLite file, with words for whoever started the program."""
    if path.is_symlink() and not path.exists():
        raise JournalPlaceError(
            f"The journal {path} is a link to {path.readlink()}, which is not there. Mount the volume it is on, "
            "or set journal.url."
        )
    try:
        with path.open("rb") as file:
            head = file.read(len(_MAGIC))
    except FileNotFoundError:
        raise JournalError(f"There is no journal at {path}.") from None
    except IsADirectoryError:
        raise JournalPlaceError(f"The journal {path} is a folder. Name a file in journal.url.") from None
    except PermissionError:
        raise JournalPlaceError(f"The journal {path} may not be read. {_whose(path)}") from None
    except OSError as error:
        raise JournalError(f"The journal {path} cannot be read: {error.strerror}. {advice(path)}") from error
    if not head:
        raise JournalError(f"The journal {path} is empty (0 bytes): its content is lost. {advice(path)}")
    if head != _MAGIC:
        raise JournalError(f"The file {path} is damaged, or no journal at all. {advice(path)}")


def _whose(path: Path) -> str:
    return f"Give the user who runs the robot (uid {os.getuid()}) the right to read and write {path.parent}."


def connect(path: Path, *, is_writer: bool) -> sqlite3.Connection:
    """A connection to a file that exists: neither mode ever makes one."""
    mode = "rw" if is_writer else "ro"
    # Python's own transaction handling would begin deferred transactions behind our back.
    return sqlite3.connect(
        f"file:{quote(str(path))}?mode={mode}", uri=True, isolation_level=None, check_same_thread=False
    )


def engine_on(path: Path, *, is_writer: bool) -> Engine:
    """The one connection to the file, with the settings that make a commit durable."""
    engine = create_engine(
        "sqlite://", creator=lambda: connect(path, is_writer=is_writer), poolclass=StaticPool
    )

    @event.listens_for(engine, "connect")
    def _set_up(connection: DBAPIConnection, _record: object) -> None:
        cursor = connection.cursor()
        cursor.execute(f"PRAGMA busy_timeout={BUSY_MILLISECONDS}")
        cursor.execute("PRAGMA foreign_keys=ON")
        if is_writer:
            cursor.execute("PRAGMA journal_mode=WAL")
            cursor.execute("PRAGMA synchronous=FULL")
        cursor.close()

    @event.listens_for(engine, "begin")
    def _begin(connection: Connection) -> None:
        connection.exec_driver_sql("BEGIN IMMEDIATE" if is_writer else "BEGIN")

    return engine


@contextmanager
def in_words(path: Path) -> Iterator[None]:
    """Turns what SQLite says about the file at the path into a JournalError that says what to do."""
    try:
        yield
    except IntegrityError as error:
        raise JournalConflictError(f"The journal refused a change: {error.orig}") from error
    except SQLAlchemyError as error:
        raise trouble(path, getattr(error, "orig", None) or error) from error
    except sqlite3.Error as error:
        raise trouble(path, error) from error


def trouble(path: Path, cause: BaseException) -> JournalError:
    """What a refusal of SQLite means for whoever runs the robot."""
    kind = getattr(cause, "sqlite_errorname", "").split("_")[1:2]
    if kind == ["IOERR"] and _is_full(path.parent):
        # What is needed beside the file could not even be made.
        kind = ["FULL"]
    match kind:
        case ["CORRUPT"] | ["NOTADB"]:
            return JournalError(f"The journal {path} is damaged: {cause}. {advice(path)}")
        case ["FULL"]:
            return JournalError(
                f"The disk with the journal {path} is full ({cause}). Nothing is sent until there is room; "
                "then the robot goes on by itself."
            )
        case ["IOERR"]:
            return JournalError(
                f"The disk with the journal {path} does not work: {cause}. Nothing is sent until it does."
            )
        case ["BUSY"] | ["LOCKED"]:
            return JournalError(
                f"Another program holds the journal {path} ({cause}). Nothing is sent until it lets go; "
                "close the tool that has it open."
            )
        case ["READONLY"] | ["PERM"] | ["CANTOPEN"]:
            return JournalPlaceError(f"The journal {path} cannot be written: {cause}. {_whose(path)}")
    return JournalError(f"The journal {path} cannot be used: {cause}.")


def _is_full(folder: Path) -> bool:
    try:
        return shutil.disk_usage(folder).free < _ROOM_NEEDED
    except OSError:
        return False


class JournalFile:
    """The file behind the one writer."""

    def __init__(self, path: Path) -> None:
        """Opens a file that exists. Raises JournalError when it does not serve."""
        refuse_old_sqlite()
        refuse_unusable(path)
        if not os.access(path, os.W_OK) or not os.access(path.parent, os.W_OK):
            raise JournalPlaceError(f"The journal {path} is read-only. {_whose(path)}")
        self.path = path
        self._identity = _identity(path)
        self._beside: tuple[_Identity | None, ...] | None = None
        """The companions' identities while a connection is open."""

        self._generation: int | None = None
        """What the file's header says as long as it is this file; None until it was seen there."""

        self._looked: tuple[int, int] | None = None
        """Size and time of the file's last change when its header was last found right."""

        self.engine = engine_on(path, is_writer=True)

    def close(self) -> None:
        """Gives the connection up; the next transaction opens another one."""
        self._beside = None
        with contextlib.suppress(SQLAlchemyError, sqlite3.Error):
            self.engine.dispose()

    @contextmanager
    def begin(self) -> Iterator[Connection]:
        """One transaction. Raises JournalError when it, or the file it would go into, is no good."""
        self.compare()
        try:
            with in_words(self.path), self.engine.begin() as connection:
                if self._beside is None:
                    self._beside = tuple(map(_identity, companions(self.path)))
                yield connection
        except JournalError:
            self.close()
            raise
        # A commit into a file nobody can find again is none.
        self.compare()

    def compare(self) -> None:
        """Raises JournalError unless the file at the path is the very one that was opened."""
        now = _identity(self.path)
        if now is None:
            raise JournalError(
                f"The journal {self.path} was deleted or moved away while the robot runs. Nothing is sent. "
                "Put the very same file back, or stop the robot and restore a copy: "
                "rowreel journal recover --from FILE"
            )
        if now != self._identity or not self._has_right_header():
            raise JournalError(
                f"The journal {self.path} was replaced by another file while the robot runs. Nothing is sent. "
                "Stop the robot, then restore the copy you want: rowreel journal recover --from FILE"
            )
        if self._beside is not None and tuple(map(_identity, companions(self.path))) != self._beside:
            raise JournalError(
                f"A file beside the journal ({self.path.name}-wal or -shm) was deleted or replaced while the robot "
                "runs. Nothing is sent. Restart the robot: it saves its newest entries when it ends in good order."
            )

    # -- which file it is -----------------------------------------------------

    def generation(self) -> int:
        """How often this journal was begun anew; a copy made earlier has a lower number."""
        with self.begin() as connection:
            return int(connection.exec_driver_sql("PRAGMA user_version").scalar() or 0)

    def begin_generation(self, number: int) -> None:
        """Writes the number into the file's own header, where it tells this file from its copies."""
        self._generation = None
        with self.begin() as connection:
            connection.exec_driver_sql(f"PRAGMA user_version={number:d}")
        with in_words(self.path), contextlib.closing(self.engine.raw_connection()) as connection:
            # Outside a transaction: from here on the file's own first page says so.
            cursor = connection.cursor()
            cursor.execute("PRAGMA wal_checkpoint(TRUNCATE)")
            said = cursor.fetchone()
            cursor.close()
        if said is not None and said[0] == 0:
            # Otherwise a reader was in the way, and the header cannot be told from a copy's yet.
            self._generation = number

    def checkpoint(self) -> None:
        """Moves the newest entries into the file proper as far as readers allow, and waits for none of them."""
        self.compare()
        with in_words(self.path), contextlib.closing(self.engine.raw_connection()) as connection:
            cursor = connection.cursor()
            cursor.execute("PRAGMA busy_timeout=0")
            try:
                cursor.execute("PRAGMA wal_checkpoint(TRUNCATE)")
                cursor.fetchall()
            finally:
                cursor.execute(f"PRAGMA busy_timeout={BUSY_MILLISECONDS}")
                cursor.close()

    def _has_right_header(self) -> bool:
        if self._generation is None:
            return True
        try:
            found = self.path.stat()
            changed = (found.st_size, found.st_mtime_ns)
            if changed != self._looked:
                if _header_generation(self.path) != self._generation:
                    return False
                self._looked = changed
        except OSError as error:
            raise JournalError(
                f"The journal {self.path} cannot be looked at: {error.strerror}. Nothing is sent until it can."
            ) from error
        return True


def _identity(path: Path) -> _Identity | None:
    try:
        found = path.stat()
    except OSError:
        return None
    return found.st_dev, found.st_ino


def _header_generation(path: Path) -> int | None:
    with path.open("rb") as file:
        head = file.read(100)
    if not head.startswith(_MAGIC):
        return None
    return int.from_bytes(head[_GENERATION_AT : _GENERATION_AT + 4], "big")

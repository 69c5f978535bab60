"""Whether a file holds a journal this program can work with: its schema, whose it is, what shape it is in."""

from __future__ import annotations

import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from sqlalchemy import Connection, inspect, select, text

from bot.adapters.journal_file import advice
from bot.adapters.migrations import HEAD
from bot.adapters.schema import installation
from bot.ports import Installation, JournalError


def refuse_missing(path: Path) -> None:
    """Raises JournalError when there is nothing to look at, saying which kind of nothing it is."""
    if path.exists() or path.is_symlink():
        return
    if (path.parent / "installation-id").exists():
        raise JournalError(
            f"The journal {path} is gone, though this robot worked before. Restore a copy: rowreel journal recover "
            "--from FILE, or start without its memory: rowreel run"
        )
    raise JournalError(f"There is no journal at {path} yet. Start the robot once: rowreel run")


def version(connection: Connection) -> str | None:
    """The schema the file has; None when it is no journal."""
    if not inspect(connection).has_table("alembic_version"):
        return None
    found = connection.scalar(text("SELECT version_num FROM alembic_version"))
    return None if found is None else str(found)


def refuse_strange_schema(connection: Connection, path: Path) -> str:
    """The schema the file has. Raises JournalError when it is none of ours, or a later one."""
    found = version(connection)
    if found is None:
        raise JournalError(f"The file {path} is a database, but no journal of this program. {advice(path)}")
    if found > HEAD:
        raise JournalError(
            f"The journal {path} was written by a newer program (schema {found}, this one knows {HEAD}). "
            "Install that program again, or restore the backup made before."
        )
    return found


def refuse_old_schema(found: str, path: Path) -> None:
    """Raises JournalError for a journal that only its writer may bring up to date."""
    if found < HEAD:
        raise JournalError(
            f"The journal {path} was written by an older program (schema {found}). Start the robot once, it "
            "brings it up to date: rowreel run"
        )


def migrate(connection: Connection, path: Path) -> None:
    """Brings the schema up to date, inside the transaction. Raises JournalError when it is none of ours."""
    if refuse_strange_schema(connection, path) != HEAD:
        upgrade(connection)


def upgrade(connection: Connection) -> None:
    """Runs the migrations that are due."""
    # Imported only when there is something to do: it costs a fifth of a second at start.
    from alembic import command
    from alembic.config import Config

    config = Config()
    config.set_main_option("script_location", "bot.adapters:migrations")
    config.set_main_option("path_separator", "os")
    config.attributes["connection"] = connection
    command.upgrade(config, HEAD)


def refuse_damage(connection: Connection, path: Path) -> None:
    """Raises JournalError when the pages do not fit together; cheap enough for every start."""
    found = connection.exec_driver_sql("PRAGMA quick_check(1)").scalar()
    if found != "ok":
        words = " ".join(str(found).split())
        raise JournalError(f"The journal {path} is damaged: {words}. {advice(path)}")
    read_installation(connection, path)


def read_installation(connection: Connection, path: Path) -> Installation:
    """Whose journal it is. Raises JournalError when it does not say."""
    with legible(path):
        [said] = connection.execute(select(installation)).all()
        return Installation(uuid.UUID(said.id), said.made_at, said.cold_since)


@contextmanager
def legible(path: Path) -> Iterator[None]:
    """Lines that cannot be read are damage, wherever they do not fit."""
    try:
        yield
    except (ValueError, LookupError, TypeError) as error:
        # The words of the library may quote what people wrote: its kind is enough.
        raise JournalError(
            f"The journal {path} is damaged: a line cannot be read ({type(error).__name__}). {advice(path)}"
        ) from error

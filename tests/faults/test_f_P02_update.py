"""An update over a journal of the first schema: all of it can be read afterwards, wherever the start is cut off."""

from __future__ import annotations

import shutil
import sqlite3
from collections import Counter
from collections.abc import Callable
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path

import pytest
from builders import NAMESPACE, TAB
from fakes.mortal import dies_at
from sqlalchemy import Engine, event

from bot.adapters.journal_copies import copy_journal, recover
from bot.adapters.journal_file import engine_on
from bot.adapters.journal_laws import look_over
from bot.adapters.journal_looks import JournalReader
from bot.adapters.journal_opening import open_journal
from bot.adapters.migrations import HEAD
from bot.adapters.state_folder import StateFolder
from bot.domain.entries import Tick
from bot.domain.failures import ProblemCode
from bot.domain.intents import State
from bot.ports import JournalError

FIRST = Path(__file__).parents[1] / "recordings" / "journal-0001.sql"
"""A journal of schema 0001 with a row in every state, as the program of that time wrote it."""

NOW = datetime(2026, 8, 3, 13, 0, tzinfo=UTC)


@pytest.fixture
def old(tmp_path: Path) -> Path:
    """That journal, in a state folder of its robot."""
    path = tmp_path / "state" / "journal.db"
    path.parent.mkdir()
    with closing(sqlite3.connect(path)) as file:
        file.executescript(FIRST.read_text(encoding="utf-8"))
    StateFolder(path.parent).keep_installation(NAMESPACE)
    return path


def schema(path: Path) -> str:
    with closing(sqlite3.connect(path)) as file:
        return str(file.execute("SELECT version_num FROM alembic_version").fetchone()[0])


def update(path: Path) -> None:
    open_journal(path, StateFolder(path.parent), NOW).close()


def assert_all_of_it_is_there(path: Path) -> None:
    """Every row, promise and event, read by the present program; and every law of the journal holds."""
    assert [str(one) for one in look_over(path, NAMESPACE) if not one.holds] == []
    with closing(JournalReader(path)) as reader:
        memory = reader.remember_tab(TAB)
        told = Counter(event.record for event in reader.latest_events(TAB.spreadsheet, 100))
        bodies = reader.payloads({intent.payload_hash for intent in memory.intents.values()})
    intents = list(memory.intents.values())
    [done] = [intent for intent in intents if intent.state is State.COMPLETED]
    entries = memory.entries

    assert Counter(intent.state for intent in intents) == dict.fromkeys(State, 1)
    assert all(intent.named for intent in intents)
    assert (done.url, done.percent, done.reserved) == (f"https://cdn.example/{done.key.record}.mp4", 100, 9)
    assert told[done.key.record] == 5
    assert list(bodies.values()) == ['{"name":"big-sale"}']
    assert len(entries) == 12
    assert entries["raazx"].notice is not None
    assert entries["raazx"].notice.code is ProblemCode.DATA_MISSING
    assert not entries["raayx"].present
    assert entries["raaxx"].render_at is not None
    assert entries["raaxx"].churn is not None
    assert (memory.gate.box, memory.gate.released, memory.gate.streak) == (Tick.SPENT, 6, 2)


def test_f_P02_journal_of_the_first_schema(old: Path):
    """The first start of the new program brings it up to date and keeps the file as it was."""
    update(old)
    kept = old.parent / "backups" / f"before-{HEAD}.db"

    assert (schema(old), schema(kept)) == (HEAD, "0001")
    assert kept.stat().st_mode & 0o777 == 0o600
    assert_all_of_it_is_there(old)


def test_the_first_schema_stays_what_it_was(tmp_path: Path):
    """A migration that was shipped is never edited: files made by it are out there."""
    from alembic import command
    from alembic.config import Config

    def tables(file: sqlite3.Connection) -> set[str]:
        found = file.execute("SELECT sql FROM sqlite_master WHERE sql IS NOT NULL")
        return {" ".join(row[0].split()) for row in found}

    path = tmp_path / "first.db"
    path.touch()
    engine = engine_on(path, is_writer=True)
    with engine.begin() as connection:
        config = Config()
        config.set_main_option("script_location", "bot.adapters:migrations")
        config.set_main_option("path_separator", "os")
        config.attributes["connection"] = connection
        command.upgrade(config, "0001")
    engine.dispose()
    with closing(sqlite3.connect(path)) as made, closing(sqlite3.connect(":memory:")) as kept:
        kept.executescript(FIRST.read_text(encoding="utf-8"))

        assert tables(made) == tables(kept)


def dies_at_statement(deed: Callable[[], object], number: int) -> bool:
    """Runs it in a child that is killed before its nth statement of SQL; False when it got through."""
    return dies_at(
        number, deed, lambda step: event.listen(Engine, "before_cursor_execute", lambda *_: step())
    )


def test_f_P02_update_cut_off(old: Path, tmp_path: Path):
    """Killed before any statement of it, the file is the old one or the new one, and the next start is as good."""
    import alembic.command  # noqa: F401 - so that no child has to

    found = set()
    number = 0
    while True:
        number += 1
        place = tmp_path / str(number)
        shutil.copytree(old.parent, place)
        path = place / "journal.db"
        dies = dies_at_statement(lambda path=path: update(path), number)
        found.add(schema(path))
        # What is left of a transaction is the same wherever it ends: some of them show that a start works.
        if number % 15 == 0 or not dies:
            update(path)
            assert_all_of_it_is_there(path)
        if not dies:
            break
        shutil.rmtree(place)

    assert number > 30
    assert found == {"0001", HEAD}


def test_f_P02_a_copy_of_an_older_program_can_be_put_back(old: Path, tmp_path: Path):
    """A copy made before the update is checked like any other, put in place, and brought up to date with the start."""
    copy_journal(old, tmp_path / "copy.db")
    update(old)
    state = StateFolder(old.parent)
    recover(old, tmp_path / "copy.db", state, NOW)
    assert schema(old) == "0001"
    update(old)

    assert_all_of_it_is_there(old)
    assert not list(old.parent.glob("*trial*"))


def test_a_spoiled_copy_of_an_older_program_is_refused(old: Path, tmp_path: Path):
    """Its age makes no copy better: what does not hold together leaves the journal as it is."""
    update(old)
    with closing(sqlite3.connect(tmp_path / "copy.db")) as file:
        file.executescript(FIRST.read_text(encoding="utf-8"))
        file.execute("UPDATE payloads SET body = '{}'")
        file.commit()
    before = old.read_bytes()

    with pytest.raises(JournalError, match="does not hold together"):
        recover(old, tmp_path / "copy.db", StateFolder(old.parent), NOW)

    assert old.read_bytes() == before


def test_an_older_journal_is_not_called_broken(old: Path):
    """Before the first start after an update, looking it over says what to do."""
    wrong = [one for one in look_over(old, NAMESPACE) if not one.holds]

    assert [one.law for one in wrong] == ["the schema is the one this program reads"]
    assert "Start the robot once" in wrong[0].wrong[0]

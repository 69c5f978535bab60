"""Copies of the journal: made beside a working robot, checked, private, and put back without losing anything."""

from __future__ import annotations

import os
import shutil
import sqlite3
import sys
from collections.abc import Callable, Iterator
from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from fakes.mortal import dies_at
from fakes.staff import desk, staffed
from fakes.world import NAMESPACE, World, fresh_journal

from bot.adapters.journal import SqliteJournal
from bot.adapters.journal_copies import Backups, copy_journal, recover
from bot.adapters.journal_file import companions
from bot.adapters.journal_laws import look_over
from bot.adapters.journal_looks import JournalReader
from bot.adapters.journal_opening import open_journal
from bot.adapters.state_folder import StateFolder
from bot.daemon import Daemon
from bot.ports import Installation, JournalError
from bot.reconciler.tick import TickReport

NOW = datetime(2026, 3, 2, 15, 0, tzinfo=UTC)


@pytest.fixture
def world(folder: Path, tmp_path: Path) -> Iterator[World]:
    """A robot that made one video and has another one under way."""
    fresh_journal(folder / "journal-spare.db").close()
    shutil.copyfile(folder / "empty-journal.db", tmp_path / "empty-journal.db")
    world = World(tmp_path)
    world.journal.file.begin_generation(3)
    world.know_the_tab()
    world.add("Spring")
    world.sheet.tick(2)
    world.settle()
    world.add("Summer")
    world.approve("Summer")
    yield world
    world.close()


@pytest.fixture
def state(tmp_path: Path) -> Iterator[StateFolder]:
    state = StateFolder(tmp_path).open(NOW)
    state.keep_installation(NAMESPACE)
    state.keep_generation(3)
    yield state
    state.close()


def said(path: Path) -> Installation:
    reader = JournalReader(path)
    found = reader.installation()
    reader.close()
    return found


def memory(world: World, path: Path) -> object:
    reader = JournalReader(path)
    found = reader.remember_tab(world.sheet.key)
    reader.close()
    return found


def names(folder: Path) -> set[str]:
    return {one.name for one in folder.iterdir()}


# -- making one ---------------------------------------------------------------


def test_f_J15_copy_beside_a_writer(world: World, tmp_path: Path):
    """In the middle of a write the copy holds the last commit, the robot's next one works, and it is sound."""
    to = tmp_path / "copy.db"
    before = world.memory()
    with world.journal.file.begin() as connection:
        connection.exec_driver_sql("DELETE FROM entries")
        copy_journal(world.path, to)
        connection.rollback()
    world.settle()

    assert memory(world, to) == before
    assert all(finding.holds for finding in look_over(to, NAMESPACE))


def test_f_S05_copy_is_private_and_one_file(world: World, tmp_path: Path):
    """Only its owner may read it, whatever the umask; nothing else is left behind."""
    there = tmp_path / "there"
    there.mkdir()
    before = os.umask(0)
    copy_journal(world.path, there / "copy.db")
    os.umask(before)

    assert names(there) == {"copy.db"}
    assert (there / "copy.db").stat().st_mode & 0o777 == 0o600


def test_f_S05_copy_overwrites_nothing(world: World, tmp_path: Path):
    """A name that is taken is refused."""
    (tmp_path / "letter").write_text("dear aunt")
    with pytest.raises(JournalError, match="is there already"):
        copy_journal(world.path, tmp_path / "letter")

    assert (tmp_path / "letter").read_text() == "dear aunt"


def test_f_J04_no_copy_of_a_broken_journal(world: World, tmp_path: Path):
    """What breaks a law is not kept under a name that people would trust."""
    with closing(sqlite3.connect(world.path)) as other:
        other.execute("UPDATE intents SET finished_at = NULL")
        other.commit()
    with pytest.raises(JournalError, match="what has ended says when"):
        copy_journal(world.path, tmp_path / "copy.db")

    assert not {"copy.db", "copy.db.new"} & names(tmp_path)


# -- putting one back ---------------------------------------------------------


def test_f_J07_recover(world: World, tmp_path: Path, state: StateFolder):
    """The copy is the journal, cold; the old file and its newest entries are kept byte for byte."""
    copy_journal(world.path, tmp_path / "copy.db")
    kept_then = memory(world, tmp_path / "copy.db")
    world.settle()
    old = [one.read_bytes() for one in (world.path, *companions(world.path))]
    aside = recover(world.path, tmp_path / "copy.db", state, NOW)

    assert aside is not None
    assert [one.read_bytes() for one in (aside, *companions(aside))] == old
    assert memory(world, world.path) == kept_then
    assert said(world.path) == Installation(NAMESPACE, said(aside).made_at, NOW)
    assert world.path.stat().st_mode & 0o777 == 0o600


def test_f_J07_recovered_journal_stays_cold_over_starts(world: World, tmp_path: Path, state: StateFolder):
    """A restart does not make it warm, nor cold anew."""
    copy_journal(world.path, tmp_path / "copy.db")
    recover(world.path, tmp_path / "copy.db", state, NOW)
    for later in (NOW + timedelta(hours=1), NOW + timedelta(hours=2)):
        open_journal(world.path, state, later).close()

    assert said(world.path).cold_since == NOW


def test_f_J07_robot_that_still_runs_notices(world: World, tmp_path: Path, state: StateFolder):
    """Should the lock have failed: the robot finds another file in its journal's place."""
    copy_journal(world.path, tmp_path / "copy.db")
    recover(world.path, tmp_path / "copy.db", state, NOW)
    with pytest.raises(JournalError, match="was replaced"):
        world.tick()


def test_f_J05_own_copy_put_back_in_place(world: World, tmp_path: Path):
    """Copied over the very file while the robot runs: the copy says that it is one."""
    copy_journal(world.path, tmp_path / "copy.db")
    shutil.copyfile(tmp_path / "copy.db", world.path)
    with pytest.raises(JournalError, match="was replaced"):
        world.tick()


def test_f_J07_copy_put_in_place_by_hand(world: World, tmp_path: Path, state: StateFolder):
    """Also a copy of the last run, put there without the command, makes the next start cold."""
    copy_journal(world.path, tmp_path / "copy.db")
    world.close()
    (tmp_path / "copy.db").replace(world.path)
    open_journal(world.path, state, NOW).close()

    assert said(world.path).cold_since == NOW


@pytest.mark.parametrize(
    ("spoil", "words"),
    [
        ("UPDATE intents SET state = 'nonsense'", "does not hold together"),
        ("UPDATE payloads SET body = 'other'", "does not hold together"),
        ("INSERT INTO told VALUES ('key', 'yesterday', NULL, NULL)", "does not hold together"),
        ("UPDATE alembic_version SET version_num = '9999'", "written by a newer program"),
        (
            "UPDATE installation SET id = '00000000-0000-4000-8000-000000000007'",
            "does not hold together|another installation",
        ),
    ],
)
def test_f_J09_bad_copy_is_not_put_back(
    world: World, tmp_path: Path, state: StateFolder, spoil: str, words: str
):
    """Broken, newer or a stranger's: the journal stays as it is."""
    copy_journal(world.path, tmp_path / "copy.db")
    with closing(sqlite3.connect(tmp_path / "copy.db")) as other:
        other.execute(spoil)
        other.commit()
    before, present = memory(world, world.path), names(tmp_path)
    with pytest.raises(JournalError, match=words):
        recover(world.path, tmp_path / "copy.db", state, NOW)

    assert (memory(world, world.path), names(tmp_path)) == (before, present)


def test_f_J09_journal_is_no_copy_of_itself(world: World, state: StateFolder):
    """A slip of the finger."""
    with pytest.raises(JournalError, match="is the journal itself"):
        recover(world.path, world.path, state, NOW)


# -- every day ----------------------------------------------------------------


def test_f_J07_one_copy_a_day_the_newest_kept(world: World, tmp_path: Path):
    """From the second day on; other files in the folder are nobody's business."""
    backups = Backups(world.journal, 3)
    made = said(world.path).made_at
    first = [backups.is_due(made + timedelta(hours=hours)) for hours in (0, 23, 24)]
    for day in range(1, 6):
        now = made + timedelta(days=day)
        assert backups.is_due(now)
        backups.take(now)
        assert not backups.is_due(now + timedelta(hours=23))
        (tmp_path / "backups" / "mine.db").touch()

    assert first == [False, False, True]
    assert names(tmp_path / "backups") == {
        "mine.db",
        *(f"journal-{made + timedelta(days=day):%Y%m%d-%H%M%S}.db" for day in (3, 4, 5)),
    }
    assert not Backups(world.journal, 0).is_due(made + timedelta(days=9))


def test_f_J05_strange_file_is_not_copied(world: World, tmp_path: Path):
    """Whatever took the journal's place does not push the good copies out."""
    backups = Backups(world.journal, 1)
    backups.take(NOW)
    good = names(tmp_path / "backups")
    shutil.copyfile(world.path, tmp_path / "other.db")
    (tmp_path / "other.db").replace(world.path)
    backups.take(NOW + timedelta(days=1))

    assert names(tmp_path / "backups") == good


def test_f_J07_daemon_takes_the_daily_copy(world: World, tmp_path: Path):
    """The worker makes it between two ticks, once."""

    def tick() -> TickReport:
        if world.clock.now() > NOW + timedelta(days=3):
            daemon.stop()
        world.clock.advance(3 * 3600)
        return TickReport(wake_at_once=True)

    world.clock.advance((NOW - world.clock.now()).total_seconds())
    daemon = Daemon(staffed(world, desk(tick)))
    daemon.run()

    assert len(names(tmp_path / "backups")) == 3


# -- cut off ------------------------------------------------------------------


def dies_in(deed, number: int) -> bool:
    """Whether a process that does this dies at its so-manieth touch of a file; without a trace of Python."""
    touches = {"open", "os.rename", "os.remove", "os.link", "os.mkdir", "sqlite3.connect"}

    def watch(step: Callable[[], None]) -> None:
        sys.addaudithook(lambda event, _given: step() if event in touches else None)

    return dies_at(number, deed, watch)


def test_f_P02_first_start_cut_off(tmp_path: Path):
    """Wherever the very first start dies, the next one is as good: no manual step, one name, not cold."""
    number = 0
    while True:
        number += 1
        place = tmp_path / str(number)

        def begin(place: Path = place) -> SqliteJournal:
            return open_journal(place / "journal.db", StateFolder(place).open(NOW), NOW)

        if not dies_in(begin, number):
            break
        journal = begin()
        found = journal.installation()
        journal.close()
        assert found.cold_since is None
        assert StateFolder(place).known_installation() == found.id

    assert number > 10


def test_f_P02_backup_cut_off(world: World, tmp_path: Path):
    """A copy is whole under its name or not there; the next one comes out whole."""
    world.close()
    number = 0
    while True:
        number += 1
        to = tmp_path / f"copy-{number}.db"
        dies = dies_in(lambda to=to: copy_journal(world.path, to), number)
        assert not to.exists() or all(finding.holds for finding in look_over(to))
        if not dies:
            break
        if not to.exists():
            copy_journal(world.path, to)
        assert memory(world, to) == world.memory()
        world.close()

    assert number > 5


def test_f_P02_recovery_cut_off(world: World, tmp_path: Path, state: StateFolder):
    """Wherever it dies there is a journal, the old one or the copy, never an empty one; again goes through."""
    copy_journal(world.path, tmp_path / "copy.db")
    then = memory(world, tmp_path / "copy.db")
    world.settle()
    world.close()
    now = world.memory()
    world.close()
    shutil.copyfile(world.path, tmp_path / "old.db")
    number = 0
    while True:
        number += 1
        shutil.copyfile(tmp_path / "old.db", world.path)
        dies = dies_in(lambda: recover(world.path, tmp_path / "copy.db", state, NOW), number)
        journal = open_journal(world.path, state, NOW)
        found = journal.remember_tab(world.sheet.key)
        journal.close()
        assert found in (then, now)
        recover(world.path, tmp_path / "copy.db", state, NOW + timedelta(seconds=number))
        assert memory(world, world.path) == then
        if not dies:
            break

    assert number > 10

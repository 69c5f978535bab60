"""Somebody deletes, replaces or overwrites the journal's files while the robot runs.

Writing into a file nobody can find again succeeds, so the robot has to look. Nothing is sent, the sheet says
so, and only the very same file makes it go on.
"""

from __future__ import annotations

import shutil
import sqlite3
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from fakes.world import World, fresh_journal
from sqlalchemy import event

from bot.domain.control import Label
from bot.ports import JournalError


@pytest.fixture
def world(folder: Path, tmp_path: Path) -> Iterator[World]:
    """A row was ticked and would be sent by the next tick; a copy made before that is at hand."""
    fresh_journal(folder / "journal-spare.db").close()
    shutil.copyfile(folder / "empty-journal.db", tmp_path / "empty-journal.db")
    world = World(tmp_path)
    shutil.copyfile(world.path, tmp_path / "older.db")
    world.journal.file.begin_generation(7)
    world.know_the_tab()
    world.add("Spring")
    world.sheet.tick(2)
    world.look()
    world.clock.advance(16)
    yield world
    world.close()


def companion(path: Path, suffix: str) -> Path:
    return path.with_name(path.name + suffix)


def unlink(path: Path) -> None:
    path.unlink()


def rename(path: Path) -> None:
    path.rename(path.with_name("elsewhere.db"))


def replace(path: Path) -> None:
    (path.parent / "older.db").replace(path)


def replace_by_its_like(path: Path) -> None:
    shutil.copyfile(path, path.with_name("copy.db"))
    path.with_name("copy.db").replace(path)


def overwrite(path: Path) -> None:
    shutil.copyfile(path.parent / "older.db", path)


def overwrite_with_nothing(path: Path) -> None:
    path.write_bytes(b"")


def replace_by_folder(path: Path) -> None:
    path.unlink()
    path.mkdir()


def lose_wal(path: Path) -> None:
    companion(path, "-wal").unlink()


def replace_wal(path: Path) -> None:
    shutil.copyfile(companion(path, "-wal"), path.with_name("wal-copy"))
    path.with_name("wal-copy").replace(companion(path, "-wal"))


def lose_shm(path: Path) -> None:
    companion(path, "-shm").unlink()


DEEDS = [unlink, rename, replace, replace_by_its_like, overwrite, overwrite_with_nothing, replace_by_folder]


def nothing_is_sent(world: World) -> None:
    for _ in range(5):
        with pytest.raises(JournalError, match="Nothing is sent"):
            world.tick()
        world.clock.advance(60)
    assert world.service.sends == 0


@pytest.mark.parametrize("deed", DEEDS)
def test_f_J05_file_changed_between_ticks(world: World, deed: Callable[[Path], None]):
    """The very next tick notices before anything is sent, and stays that way."""
    deed(world.path)
    nothing_is_sent(world)


@pytest.mark.parametrize("deed", [lose_wal, replace_wal, lose_shm])
def test_f_J06_file_beside_it_changed(world: World, deed: Callable[[Path], None]):
    """The newest commits would be lost with the process: noticed at once."""
    deed(world.path)
    nothing_is_sent(world)


@pytest.mark.parametrize("deed", [*DEEDS, lose_wal])
def test_f_J05_file_changed_within_a_tick(world: World, deed: Callable[[Path], None]):
    """Between the look at the sheet and the write into it: the send that follows does not happen."""
    world.sheet.before_write.append(lambda: deed(world.path))
    with pytest.raises(JournalError):
        world.wait(60)

    assert world.service.sends == 0


def test_f_J05_file_deleted_while_a_commit_lands(world: World):
    """SQLite says the commit worked; it went into a file that is no more, so it did not."""
    deleted: list[str] = []

    @event.listens_for(world.journal.file.engine, "commit")
    def _delete(_connection: object) -> None:
        if not deleted:
            world.path.unlink()
            deleted.append("while committing")

    with pytest.raises(JournalError, match="deleted or moved away"):
        world.tick()

    assert deleted == ["while committing"]
    assert world.service.sends == 0


def test_f_J05_same_file_comes_back(world: World):
    """Moved away and back: the robot goes on by itself, and the row is done, paid once."""
    rename(world.path)
    nothing_is_sent(world)
    world.path.with_name("elsewhere.db").rename(world.path)
    world.look()
    world.settle()

    assert world.shown("Spring") == "Done"
    assert world.charges_for("Spring") == 1
    assert "working" in str(world.sheet.said(Label.SAYS))


def test_f_J05_sheet_says_so(world: World):
    """People read why nothing moves, with little more than one write in two minutes."""
    before = world.sheet.writes
    unlink(world.path)
    nothing_is_sent(world)

    assert str(world.sheet.said(Label.SAYS)).startswith("stopped: its journal cannot be used.")
    assert world.sheet.writes - before <= 3


def test_f_J06_wal_lost_and_restarted(world: World):
    """Told to restart, the robot saves on its way out what was only in the lost file."""
    before = world.memory()
    lose_wal(world.path)
    nothing_is_sent(world)
    world.restart()

    after = world.memory()
    # A start asks for prices anew; the rest is as it was.
    assert after.entries == before.entries
    assert [(one.job_id, one.state) for one in after.intents.values()] == [
        (one.job_id, one.state) for one in before.intents.values()
    ]
    world.settle()
    assert world.charges_for("Spring") == 1


def test_f_J05_a_checkpoint_by_others_is_no_change(world: World):
    """A replication tool folds the newest commits into the file: the same journal, and the robot goes on."""
    other = sqlite3.connect(world.path)
    other.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    other.close()
    world.settle()

    assert world.shown("Spring") == "Done"

"""What a start finds in the journal's place: each kind of trouble is one sentence with the fix, and left as it is."""

from __future__ import annotations

import os
import shutil
import sqlite3
import uuid
from collections.abc import Iterator
from contextlib import closing, contextmanager
from datetime import UTC, datetime
from pathlib import Path

import pytest
import structlog
from fakes.world import World
from structlog.testing import capture_logs as _capture

from bot.adapters import journal_file
from bot.adapters.journal import SqliteJournal
from bot.adapters.journal_file import JournalPlaceError
from bot.adapters.journal_laws import look_over
from bot.adapters.journal_looks import JournalReader
from bot.adapters.journal_opening import open_journal
from bot.adapters.state_folder import StateFolder
from bot.ports import JournalError

NOW = datetime(2026, 3, 2, 15, 0, tzinfo=UTC)


@contextmanager
def capture_logs() -> Iterator[list]:
    """What is logged, though these tests are quiet otherwise."""
    usual = structlog.get_config()["wrapper_class"]
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(0))
    with _capture() as lines:
        yield lines
    structlog.configure(wrapper_class=usual)


@pytest.fixture(scope="module")
def finished(folder: Path) -> Path:
    """The journal of a robot that made two videos, closed in good order."""
    world = World(folder)
    world.know_the_tab()
    for headline in ("Spring", "Summer"):
        world.add(headline)
        world.sheet.tick(world.number(headline))
    world.settle()
    world.close()
    return world.path


@pytest.fixture
def path(tmp_path: Path, finished: Path) -> Path:
    """That journal in a state folder of its own."""
    state = tmp_path / "state"
    state.mkdir()
    shutil.copyfile(finished, state / "journal.db")
    return state / "journal.db"


@pytest.fixture
def state(path: Path) -> Iterator[StateFolder]:
    state = StateFolder(path.parent).open(NOW)
    yield state
    state.close()


def start(path: Path, state: StateFolder) -> SqliteJournal:
    journal = open_journal(path, state, NOW)
    journal.close()
    return journal


def refusal(path: Path, state: StateFolder) -> str:
    """Why the start refuses; and it changes no byte of anything."""
    before = {one.name: one.read_bytes() for one in path.parent.glob("journal.db*") if one.is_file()}
    with pytest.raises(JournalError) as refused:
        start(path, state)
    after = {one.name: one.read_bytes() for one in path.parent.glob("journal.db*") if one.is_file()}

    assert {name: after.get(name) for name in before} == before
    assert "\n" not in str(refused.value)
    return str(refused.value)


DAMAGES = {
    "zero length": lambda _said: b"",
    "another kind of file": lambda _said: b"Dear aunt, " * 1000,
    "header alone": lambda said: said[:16],
    "header and noise": lambda said: said[:100] + b"\xa5" * (len(said) - 100),
    "cut in half": lambda said: said[: len(said) // 2],
    # More than one page: the last may be that of an empty index, which is as good without its end.
    "cut within a page": lambda said: said[: len(said) - 5000],
    "begins with zeros": lambda said: bytes(4096) + said[4096:],
}


@pytest.mark.parametrize("damage", DAMAGES)
def test_f_J04_damaged_file_is_refused(path: Path, state: StateFolder, damage: str):
    """Nothing is made anew; the sentence names the way back, and the reader refuses too."""
    path.write_bytes(DAMAGES[damage](path.read_bytes()))

    assert "rowreel journal recover --from FILE" in refusal(path, state)
    assert not all(finding.holds for finding in look_over(path))


def test_f_J04_no_damaged_page_is_used_in_silence(path: Path, finished: Path, state: StateFolder):
    """Bytes flipped in every page: refused at start, or found by the check, and never a crash."""
    sound = finished.read_bytes()
    size = int.from_bytes(sound[16:18], "big")
    used = len(sound) // size
    refused, found = 0, 0
    for page in range(used):
        broken = bytearray(sound)
        middle = page * size + 8
        for place in (middle, middle + 1, middle + size // 2):
            broken[place] ^= 0xFF
        path.write_bytes(broken)
        for beside in journal_file.companions(path):
            beside.unlink(missing_ok=True)
        try:
            start(path, state)
        except JournalError:
            refused += 1
        else:
            found += not all(finding.holds for finding in look_over(path))

    assert used > 10
    # A free page, or the empty end of one, may take a flip without harm.
    assert refused + found >= used * 0.6
    assert refused >= used * 0.3


def test_f_J04_changed_payload_is_not_sent(path: Path, state: StateFolder):
    """A body that is not what its name says is damage, not something to pay for."""
    with closing(sqlite3.connect(path)) as other:
        [name] = other.execute("SELECT hash FROM payloads LIMIT 1").fetchone()
        other.execute("UPDATE payloads SET body = replace(body, 'S', 'X')")
        other.commit()
    journal = open_journal(path, state, NOW)
    with pytest.raises(JournalError, match="damaged: payload"):
        journal.payloads([name])
    journal.close()


def test_f_J04_line_that_cannot_be_read(path: Path, state: StateFolder):
    """A state nobody knows is damage with a sentence, not a trace; what the line says is not quoted."""
    with closing(sqlite3.connect(path)) as other:
        [spreadsheet] = other.execute("SELECT DISTINCT spreadsheet FROM intents").fetchone()
        other.execute("UPDATE intents SET state = 'secret words'")
        other.commit()
    journal = open_journal(path, state, NOW)
    tab = next(iter(JournalReader(path).tabs()))
    with pytest.raises(JournalError, match="a line cannot be read") as refused:
        journal.remember_tab(tab)
    journal.close()

    assert tab.spreadsheet == spreadsheet
    assert "secret words" not in str(refused.value)


def test_f_J04_database_of_another_program(path: Path, state: StateFolder):
    """Somebody else's database gets no tables of ours."""
    path.unlink()
    with closing(sqlite3.connect(path)) as other:
        other.execute("CREATE TABLE recipes (name)")

    assert "no journal of this program" in refusal(path, state)


def test_f_J09_newer_schema(path: Path, state: StateFolder):
    """A later program's journal is left alone."""
    with closing(sqlite3.connect(path)) as other:
        other.execute("UPDATE alembic_version SET version_num = '9999'")
        other.commit()

    assert "written by a newer program (schema 9999" in refusal(path, state)


def test_f_J09_other_installation(path: Path, state: StateFolder):
    """Job numbers would be derived under another name: refused, with both ways out."""
    state.keep_installation(uuid.UUID(int=7))
    said = refusal(path, state)

    assert "belongs to another installation" in said
    assert "delete the file installation-id" in said


def test_f_J09_unreadable_installation_id(path: Path, state: StateFolder):
    """A spoiled name is not replaced by guessing."""
    (path.parent / "installation-id").write_text("not-an-id\n")

    assert "holds no installation id" in refusal(path, state)


def test_f_J09_lost_installation_id_is_restored(path: Path, state: StateFolder):
    """The journal keeps it too."""
    journal = open_journal(path, state, NOW)
    name = journal.installation().id
    journal.close()
    (path.parent / "installation-id").unlink()
    start(path, state)

    assert state.known_installation() == name


def test_f_J08_lost_journal_is_never_a_silent_fresh_start(path: Path, state: StateFolder):
    """The new journal keeps the name, knows that it is cold, and the log says so in one line."""
    start(path, state)
    name = state.known_installation()
    path.unlink()
    with pytest.raises(JournalError, match="is gone, though this robot worked before"):
        JournalReader(path)
    with capture_logs() as logs:
        journal = open_journal(path, state, NOW)
    said = journal.installation()
    journal.close()

    assert (said.id, said.cold_since) == (name, NOW)
    assert [line["event"] for line in logs] == ["journal_started_cold"]


def test_f_J08_first_start_is_not_cold(tmp_path: Path):
    """There is nothing it could have forgotten; what it makes only its owner may read."""
    state = StateFolder(tmp_path / "state").open(NOW)
    before = os.umask(0)
    with capture_logs() as logs:
        journal = open_journal(tmp_path / "state" / "journal.db", state, NOW)
    os.umask(before)
    said = journal.installation()
    state.close()
    kept = [journal.path, *journal_file.companions(journal.path), tmp_path / "state" / "installation-id"]

    assert (said.cold_since, logs) == (None, [])
    assert {one.stat().st_mode & 0o777 for one in kept} == {0o600}
    journal.close()


def test_f_J08_newest_entries_without_their_journal(path: Path, state: StateFolder):
    """A file of newest entries that was left behind is kept aside: it would be read into the new journal."""
    start(path, state)
    path.unlink()
    left = path.with_name("journal.db-wal")
    left.write_bytes(b"frames of the lost journal")
    start(path, state)
    kept = list(path.parent.glob("journal.db.broken-*-wal"))

    assert [one.read_bytes() for one in kept] == [b"frames of the lost journal"]


def test_f_J07_older_copy_by_hand_is_noticed(path: Path, state: StateFolder):
    """A copy made before the last start is put in place by hand: cold, with one line in the log."""
    shutil.copyfile(path, path.with_name("copy"))
    start(path, state)
    start(path, state)
    shutil.copyfile(path.with_name("copy"), path)
    with capture_logs() as logs:
        journal = open_journal(path, state, NOW)
    said = journal.installation()
    journal.close()

    assert said.cold_since == NOW
    assert [line["event"] for line in logs] == ["journal_is_an_older_copy"]


def test_f_J07_many_starts_are_not_cold(path: Path, state: StateFolder):
    """Restarting is no loss."""
    for _ in range(3):
        start(path, state)
    reader = JournalReader(path)
    said = reader.installation()
    reader.close()

    assert said.cold_since is None


def test_f_J03_read_only_file(path: Path, state: StateFolder, monkeypatch: pytest.MonkeyPatch):
    """Settings and rights are the operator's: the sentence names the user and the folder."""
    may = os.access
    monkeypatch.setattr(os, "access", lambda one, mode: mode != os.W_OK and may(one, mode))
    with pytest.raises(JournalPlaceError, match=rf"read-only.*uid {os.getuid()}"):
        start(path, state)


def test_f_J03_link_to_nowhere(path: Path, state: StateFolder):
    """A volume that is not mounted: no new journal in its place."""
    path.rename(path.with_name("away.db"))
    path.symlink_to("/nowhere/journal.db")

    assert "Mount the volume" in refusal(path, state)
    assert path.is_symlink()


def test_f_J03_folder_in_its_place(path: Path, state: StateFolder):
    """What is no file is said."""
    path.unlink()
    path.mkdir()

    assert "is a folder" in refusal(path, state)


def test_f_J03_folder_missing(tmp_path: Path):
    """The last part of the path is made, what should have been there is not."""
    with pytest.raises(JournalPlaceError, match="mount the volume"):
        StateFolder(tmp_path / "volume" / "state").open(NOW)

    assert list(tmp_path.iterdir()) == []


def test_f_P13_old_sqlite(path: Path, state: StateFolder, monkeypatch: pytest.MonkeyPatch):
    """Refused with both versions before anything is touched."""
    monkeypatch.setattr(sqlite3, "sqlite_version_info", (3, 36, 9))
    monkeypatch.setattr(sqlite3, "sqlite_version", "3.36.9")

    assert "SQLite 3.36.9; the journal needs 3.37 or newer" in refusal(path, state)

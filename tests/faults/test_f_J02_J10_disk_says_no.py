"""The system itself refuses a write or a sync under the journal, or another program holds the file."""

from __future__ import annotations

import json
import shutil
import sqlite3
import subprocess
import sys
from pathlib import Path

import pytest
from builders import TAB
from fakes.world import World, fresh_journal
from test_f_P03_power_cut import HERE, RECORDS

from bot.adapters import journal_file
from bot.adapters.journal import SqliteJournal
from bot.ports import JournalError

# Each promise is made again until it is found in the journal, read anew.
_WRITER = """
import json, sys
from pathlib import Path
from builders import NOW, TAB
from test_f_P03_power_cut import RECORDS, promised
from bot.adapters.journal import SqliteJournal
from bot.ports import JournalError
journal, troubles, acknowledged = None, [], []
while journal is None:
    try:
        journal = SqliteJournal(Path(sys.argv[1]))
    except JournalError as error:
        troubles.append(str(error))
for name in RECORDS:
    for _ in range(4):
        try:
            if name in [one.key.record for one in journal.remember_tab(TAB).intents.values()]:
                break
            journal.apply([promised(name)], NOW)
            acknowledged.append(name)
        except JournalError as error:
            troubles.append(str(error))
print(json.dumps([troubles, acknowledged]), flush=True)
"""


@pytest.mark.parametrize(
    ("call", "error", "number", "words"),
    [
        *(("fdatasync", "EIO", number, "does not work") for number in (5, 8, 11)),
        # The first few happen while the journal is opened.
        *(("pwrite64", "EIO", number, "does not work") for number in (4, 14, 22)),
        *(("pwrite64", "ENOSPC", number, "is full") for number in (18, 25)),
    ],
)
def test_f_J02_system_call_fails(
    folder: Path, tmp_path: Path, call: str, error: str, number: int, words: str
):
    """One failing call is one refused commit: nothing acknowledged is lost, nothing is in twice, all gets in."""
    assert shutil.which("strace"), "This test fails system calls and needs strace: apt-get install strace"
    fresh_journal(folder / "journal-spare.db").close()
    path = tmp_path / "journal.db"
    shutil.copyfile(folder / "empty-journal.db", path)
    paths = ":".join(str(one) for one in (HERE.parent, HERE.parents[1], HERE.parents[2]))
    fault = [
        "-e",
        f"trace={call}",
        "-e",
        f"inject={call}:error={error}:when={number}",
        "-o",
        str(tmp_path / "log"),
    ]
    ended = subprocess.run(
        ["strace", "-f", *fault, sys.executable, "-c", _WRITER, str(path)],
        check=True,
        capture_output=True,
        env={"PYTHONPATH": paths, "PYTHONDONTWRITEBYTECODE": "1"},
    )
    troubles, acknowledged = json.loads(ended.stdout)
    journal = SqliteJournal(path)
    found = [one.key.record for one in journal.remember_tab(TAB).intents.values()]
    journal.close()

    assert len(troubles) == 1
    assert words in troubles[0]
    assert sorted(found) == RECORDS
    assert set(acknowledged) <= set(found)


def test_f_J10_file_held_by_another_program(folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    """The wait is bounded, nothing is sent meanwhile, and when it lets go the row is done, paid once."""
    monkeypatch.setattr(journal_file, "BUSY_MILLISECONDS", 50)
    fresh_journal(folder / "journal-spare.db").close()
    shutil.copyfile(folder / "empty-journal.db", tmp_path / "empty-journal.db")
    world = World(tmp_path)
    world.know_the_tab()
    world.add("Spring")
    world.sheet.tick(2)
    world.look()
    world.clock.advance(16)
    other = sqlite3.connect(world.path, isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    for _ in range(3):
        with pytest.raises(JournalError, match="Another program holds the journal"):
            world.tick()
    sends = world.service.sends
    other.execute("ROLLBACK")
    other.close()
    world.look()
    world.settle()

    assert (sends, world.charges_for("Spring")) == (0, 1)
    world.close()

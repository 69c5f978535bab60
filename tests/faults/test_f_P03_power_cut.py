"""The power is cut at any moment: what the journal acknowledged is there, and the file is sound."""

from __future__ import annotations

import shutil
import sys
from pathlib import Path

from builders import TAB, intent, payload, template
from fakes.power import images, record
from fakes.world import fresh_journal

from bot.adapters.journal import SqliteJournal
from bot.planner.actions import Propose
from bot.ports import JournalError

BODY = payload('{"name":"big-sale"}')
DESIGN = template()
RECORDS = [f"raaa{letter}" for letter in "abcdefghij"]
HERE = Path(__file__)

# A checkpoint every few pages, so that the cut also meets those.
_WRITER = """
import os, sys
from pathlib import Path
from builders import NOW
from test_f_P03_power_cut import RECORDS, promised
from bot.adapters.journal import SqliteJournal
journal = SqliteJournal(Path(sys.argv[1]))
with journal.file.engine.connect() as connection:
    connection.exec_driver_sql("PRAGMA wal_autocheckpoint=20")
    if sys.argv[2] != "as it is":
        connection.exec_driver_sql("COMMIT")
        connection.exec_driver_sql(f"PRAGMA synchronous={sys.argv[2]}")
        connection.exec_driver_sql("BEGIN")
for name in RECORDS:
    journal.apply([promised(name)], NOW)
    os.write(1, b"acknowledged")
os._exit(0)
"""


def promised(record: str) -> Propose:
    """One commit's worth of news."""
    return Propose(intent(record, payload_hash=BODY.hash, template_hash=DESIGN.hash), BODY, DESIGN)


def recording(folder: Path, place: Path, synchronous: str) -> tuple[list[str], dict[str, bytes]]:
    if shutil.which("strace") is None:
        raise AssertionError("This test records system calls and needs strace: apt-get install strace")
    fresh_journal(folder / "journal-spare.db").close()
    path = place / "journal.db"
    shutil.copyfile(folder / "empty-journal.db", path)
    start = {"journal.db": path.read_bytes(), "journal.db-wal": b""}
    paths = ":".join(str(one) for one in (HERE.parent, HERE.parents[1], HERE.parents[2]))
    lines = record(
        [sys.executable, "-c", _WRITER, str(path), synchronous],
        place / "calls",
        env={"PYTHONPATH": paths, "PYTHONDONTWRITEBYTECODE": "1"},
    )
    return lines, start


def survivors(place: Path, files: dict[str, bytes]) -> list[str] | None:
    """The records a start after the cut finds; None when it cannot use the journal."""
    for name, held in files.items():
        (place / name).write_bytes(held)
    (place / "journal.db-shm").unlink(missing_ok=True)
    try:
        journal = SqliteJournal(place / "journal.db")
    except JournalError:
        return None
    with journal.file.engine.connect() as connection:
        is_sound = connection.exec_driver_sql("PRAGMA integrity_check").scalar() == "ok"
    found = sorted(one.key.record for one in journal.remember_tab(TAB).intents.values())
    journal.close()
    return found if is_sound else None


def losses(folder: Path, tmp_path: Path, synchronous: str) -> tuple[int, list[object]]:
    """How many states of the files were tried, and those in which something acknowledged was missing."""
    lines, start = recording(folder, tmp_path, synchronous)
    after = tmp_path / "after"
    after.mkdir()
    tried, wrong = 0, []
    for image in images(lines, start, seed=1):
        tried += 1
        found = survivors(after, image.files)
        if found is None or found != RECORDS[: len(found)] or len(found) < image.answers:
            wrong.append((tried, image.answers, found))
    assert image.answers == len(RECORDS)
    return tried, wrong


def test_f_P03_acknowledged_commits_survive(folder: Path, tmp_path: Path):
    """In every state the disk may be in, each acknowledged commit is there whole and in order."""
    tried, wrong = losses(folder, tmp_path, "as it is")

    assert wrong == []
    assert tried > 200


def test_f_P03_this_test_would_notice(folder: Path, tmp_path: Path):
    """With a sync less the same cuts lose acknowledged commits: the test above is not blind."""
    tried, wrong = losses(folder, tmp_path, "NORMAL")

    assert len(wrong) > tried / 10

"""The disk under the journal fails at every statement of a whole story, once or for a while.

The law (I3): no request that costs money leaves before the line that explains it is in the file, whoever
opens that file; and what was asked for happens exactly once when the disk works again.
"""

from __future__ import annotations

import contextlib
import errno
import shutil
import sqlite3
import subprocess
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import pytest
from builders import NOW
from fakes.clock import FakeClock
from fakes.disk import BROKEN, FULL, Disk
from fakes.render_service import FakeRenderService, OnRepeat
from fakes.world import World, fresh_journal

from bot.adapters import journal_file
from bot.adapters.journal_file import JournalPlaceError, trouble
from bot.adapters.journal_looks import JournalReader
from bot.adapters.state_folder import StateFolder
from bot.domain.failures import Failure
from bot.domain.ids import JobId
from bot.domain.intents import State
from bot.domain.jobs import Accepted
from bot.planner.snapshot import Policy
from bot.ports import JournalError

HEADLINES = ("Alpha", "Bravo")
PLAIN_CONNECT = journal_file.connect


class Witness(FakeRenderService):
    """Looks into the file by a connection of its own whenever it is asked for money."""

    def __init__(self, clock: FakeClock) -> None:
        super().__init__(clock, OnRepeat.CHARGES_TWICE)
        self.world: World | None = None
        self.found: list[State] = []

    def submit(self, job_id: JobId | None, body: str) -> Accepted | Failure:
        assert self.world is not None
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(journal_file, "connect", PLAIN_CONNECT)
            reader = JournalReader(self.world.path)
            intent = reader.remember_tab(self.world.sheet.key).intents[job_id]
            self.found.append(intent.state)
            assert reader.payloads([intent.payload_hash]) == {intent.payload_hash: body}
            reader.close()
        return super().submit(job_id, body)


@dataclass
class Story:
    world: World
    service: Witness
    sends_at_failures: list[int]

    def outcome(self) -> object:
        """What people see, what was paid, and what was in the file when the money was asked for."""
        shown = [self.world.shown(headline) for headline in HEADLINES]
        charges = [self.world.charges_for(headline) for headline in HEADLINES]
        self.world.close()
        return shown, charges, self.service.found


GOOD = (["Done", "Done"], [1, 1], [State.SENDING, State.SENDING])


def tell(folder: Path, disk: Disk, fails: Callable[[int], bool], *, heals_after: int) -> Story:
    """Two rows are ticked and become videos; the disk fails as told, until so many ticks were in trouble."""
    clock = FakeClock()
    service = Witness(clock)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(journal_file, "connect", disk.connect)
        world = service.world = World(folder, clock=clock, service=service)
        story = Story(world, service, [])
        world.know_the_tab()
        for headline in HEADLINES:
            world.add(headline)
            world.sheet.tick(world.number(headline))
        disk.count, disk.fails = 0, fails
        disk.on_failure = lambda: story.sends_at_failures.append(service.sends)
        troubles = 0
        for _ in range(120):
            try:
                report = world.tick()
            except JournalError:
                troubles += 1
                if troubles == heals_after:
                    disk.fails = lambda _number: False
            else:
                if report.wake_at_once:
                    continue
                if all(world.shown(headline) == "Done" for headline in HEADLINES):
                    break
            service.work()
            clock.advance(5)
        disk.fails = lambda _number: False
    return story


def statements_of_the_story(folder: Path, *, commits: bool = False) -> int:
    disk = Disk(commits_land=commits)
    assert tell(folder, disk, lambda _number: False, heals_after=0).outcome() == GOOD
    assert disk.count > 8
    return disk.count


@pytest.mark.parametrize("lands", [False, True], ids=["lost", "landed"])
def test_f_J02_one_statement_fails(folder: Path, *, lands: bool):
    """Wherever it is, and whether or not the failed commit landed: each row Done, paid once, journaled first."""
    wrong = []
    for number in range(1, statements_of_the_story(folder, commits=lands) + 1):
        disk = Disk(BROKEN, commits_land=lands)
        story = tell(folder, disk, number.__eq__, heals_after=0)
        if (found := story.outcome()) != GOOD or disk.failed != 1:
            wrong.append((number, found))

    assert wrong == []


def test_f_J01_disk_stays_full(folder: Path):
    """From the failure on nothing at all is sent; with room again all goes on by itself."""
    wrong = []
    for number in range(1, statements_of_the_story(folder) + 1, 3):
        story = tell(folder, Disk(FULL), number.__le__, heals_after=4)
        sends = story.sends_at_failures
        if (found := story.outcome()) != GOOD or len(sends) < 4 or len(set(sends)) != 1:
            wrong.append((number, found, sends))

    assert wrong == []


def mounts() -> bool:
    """Whether this user may make a small file system."""
    with tempfile.TemporaryDirectory() as place:
        made = subprocess.run(["mount", "-t", "tmpfs", "tmpfs", place], check=False, capture_output=True)
        if made.returncode == 0:
            subprocess.run(["umount", place], check=True)
        return made.returncode == 0


@contextmanager
def a_full_file_system(place: Path, world: World) -> Iterator[None]:
    """Every free byte is taken, down to the last."""
    with (place / "ballast").open("ab", buffering=0) as ballast, contextlib.suppress(OSError):
        while True:
            ballast.write(bytes(512))
    yield
    (place / "ballast").unlink()


@contextmanager
def no_more_pages(_place: Path, world: World) -> Iterator[None]:
    """The journal may not grow; for whoever may not mount."""
    with world.journal.file.engine.connect() as connection:
        pages = connection.exec_driver_sql("PRAGMA page_count").scalar()
        connection.exec_driver_sql(f"PRAGMA max_page_count={pages}")
    yield


@pytest.mark.parametrize("filled", [no_more_pages, *([a_full_file_system] if mounts() else [])])
def test_f_J01_no_room_left(folder: Path, tmp_path: Path, filled: Callable):
    """A sentence instead of a send, nothing kept of what did not fit, and on again with room."""
    fresh_journal(folder / "journal-spare.db").close()
    with contextlib.ExitStack() as stack:
        if filled is a_full_file_system:
            subprocess.run(["mount", "-t", "tmpfs", "-o", "size=3m", "tmpfs", tmp_path], check=True)
            stack.callback(subprocess.run, ["umount", tmp_path], check=True)
        shutil.copyfile(folder / "empty-journal.db", tmp_path / "empty-journal.db")
        world = World(tmp_path, policy=Policy(sample_size=0))
        stack.callback(world.close)
        world.know_the_tab()
        headlines = [f"Row {number}" for number in range(20)]
        for headline in headlines:
            world.add(headline)
            world.sheet.tick(world.number(headline))
        with filled(tmp_path, world):
            with pytest.raises(JournalError, match="full"):
                world.wait(60)
            sends = world.service.sends
        world.settle()

        assert sends == 0
        assert {world.charges_for(headline) for headline in headlines} == {1}


def test_f_J01_no_room_at_the_start(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    """Said as what it is, and no matter of settings: whoever starts the robot again does so until there is room."""

    def refuse(_path: Path, _text: str) -> int:
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(Path, "write_text", refuse)
    with pytest.raises(JournalError, match="is full") as refused:
        StateFolder(tmp_path).open(NOW)

    assert not isinstance(refused.value, JournalPlaceError)


def test_f_J01_no_room_beside_the_journal(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    """SQLite calls it an I/O error when it cannot even make the files beside; the disk says what it is."""
    cause = sqlite3.OperationalError("disk I/O error")
    cause.sqlite_errorname = "SQLITE_IOERR_SHMSIZE"
    with_room = str(trouble(tmp_path / "journal.db", cause))
    usage = shutil.disk_usage(tmp_path)
    monkeypatch.setattr(shutil, "disk_usage", lambda _folder: usage._replace(free=0))

    assert "does not work" in with_room
    assert "is full" in str(trouble(tmp_path / "journal.db", cause))

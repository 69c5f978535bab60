"""A journal that was written in for years: ticks cost what moves now, and the file stays in bounds."""

from __future__ import annotations

import re
import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from fakes.history import grow_old
from fakes.world import World
from sqlalchemy import Connection, event

from bot.adapters import journal_upkeep
from bot.adapters.journal import SqliteJournal
from bot.adapters.journal_file import companions
from bot.adapters.journal_upkeep import Upkeep
from bot.domain.intents import State
from bot.planner.actions import Move
from bot.ports import JournalConflictError

OLD = timedelta(days=500)


@pytest.fixture
def world(folder: Path) -> Iterator[World]:
    """A tab with one finished video."""
    world = World(folder)
    world.know_the_tab()
    world.add("Spring")
    world.approve("Spring")
    world.settle()
    yield world
    world.close()


def grown_old(world: World, videos: int) -> World:
    world.journal.close()
    grow_old(world.path, videos)
    world.restart()
    world.look()
    # Added up once in a process's life.
    world.journal.spent()
    return world


def tell(world: World, headline: str) -> None:
    """One row, from its tick to its video."""
    world.add(headline)
    world.approve(headline)
    world.settle()
    assert world.shown(headline) == "Done"


@contextmanager
def statements(journal: SqliteJournal) -> Iterator[list[tuple[str, Any]]]:
    """Every statement made meanwhile, with its values."""
    said: list[tuple[str, Any]] = []

    def note(_c: Connection, _cursor: object, statement: str, given: Any, _x: object, many: bool) -> None:
        said.append((statement, given[0] if many else given))

    event.listen(journal.file.engine, "before_cursor_execute", note)
    yield said
    event.remove(journal.file.engine, "before_cursor_execute", note)


def steps_of(world: World, headline: str) -> int:
    """How much SQLite works for one row's story: instructions of its virtual machine, in hundreds."""
    count = 0

    def step() -> int:
        nonlocal count
        count += 1
        return 0

    driver = world.journal.file.engine.raw_connection().driver_connection
    assert driver is not None
    driver.set_progress_handler(step, 100)
    world.add(headline)
    world.approve(headline)
    world.work()
    world.work()
    driver.set_progress_handler(None, 100)
    assert world.shown(headline) == "Done"
    return count


def test_f_J11_every_statement_of_a_tick_uses_an_index(world: World):
    """No statement between a tick and its video goes through a whole table."""
    grown_old(world, 50)
    with statements(world.journal) as said:
        tell(world, "Summer")
    with closing(sqlite3.connect(world.path)) as file:
        plans = {
            statement: [row[3] for row in file.execute(f"EXPLAIN QUERY PLAN {statement}", given)]
            for statement, given in said
            if re.match("(SELECT|UPDATE|DELETE)", statement)
        }

    assert len(plans) >= 5
    # The last accepted send is the first entry of its index: LIMIT 1 goes no further. The other one holds
    # only sends without our id, and one of them is enough.
    scans = [step for plan in plans.values() for step in plan if "SCAN" in step]
    assert set(scans) == {
        "SCAN intents USING INDEX intents_accepted",
        "SCAN intents USING INDEX intents_unnamed",
    }
    sorts = [one for one in plans.items() if any("TEMP B-TREE" in step for step in one[1])]
    assert sorts == []


def test_f_J11_work_does_not_grow_with_the_history(world: World):
    """A row costs SQLite the same among ten thousand old videos as among fifty."""
    few = steps_of(grown_old(world, 50), "Summer")
    world.journal.close()
    with closing(sqlite3.connect(world.path)) as file:
        file.execute("DELETE FROM events")
        file.execute("DELETE FROM intents WHERE job_id LIKE '%-0000-4000-8000-000000000000'")
        file.commit()
    many = steps_of(grown_old(world, 10_000), "Autumn")

    assert few > 0
    assert many <= few * 1.5


def test_f_J11_sum_of_credits_stays_right(world: World):
    """What is added up once is what a fresh look adds up, also after a commit that failed."""
    grown_old(world, 20)
    before = world.journal.spent()
    tell(world, "Summer")
    after = world.journal.spent()
    done = world.intents()[-1]
    with pytest.raises(JournalConflictError):
        world.journal.apply([Move(replace(done, state=State.ACTIVE), done)], world.clock.now())

    assert (before, after) == (21 * 9, 22 * 9)
    assert world.journal.spent() == after
    world.restart()
    assert world.journal.spent() == after


def events(world: World) -> int:
    with closing(sqlite3.connect(world.path)) as file:
        return int(file.execute("SELECT count(*) FROM events").fetchone()[0])


def test_f_J11_old_events_go_bit_by_bit(world: World, monkeypatch: pytest.MonkeyPatch):
    """Events older than they are kept go in small parts; every video is still known."""
    monkeypatch.setattr(journal_upkeep, "EVENTS_AT_ONCE", 60)
    young = events(world)
    grown_old(world, 20)
    upkeep = Upkeep(world.journal, world.clock, 400)
    left = []
    for _ in range(4):
        upkeep.tend()
        left.append(events(world) - young)

    assert left == [40, 0, 0, 0]
    assert len(world.intents()) == 21


def test_f_J11_events_are_pruned_once_a_day(world: World):
    """In between, nobody looks."""
    upkeep = Upkeep(world.journal, world.clock, 400)
    upkeep.tend()
    young = events(world)
    grown_old(world, 5)
    upkeep = Upkeep(world.journal, world.clock, 400)
    upkeep.tend()
    grown_again = events(world)
    with closing(sqlite3.connect(world.path)) as file:
        file.execute("UPDATE events SET at = '2020-01-01T00:00:00.000000+00:00'")
        file.commit()
    world.clock.advance(23 * 3600)
    upkeep.tend()
    before = events(world)
    world.clock.advance(2 * 3600)
    upkeep.tend()

    assert grown_again == young == before
    assert events(world) == 0


def test_f_J11_the_story_of_what_has_not_ended_stays(world: World):
    """However old, and whatever the setting."""
    world.add("Summer")
    world.service.lost_requests = 1
    world.service.visible_after = 1e9
    world.approve("Summer")
    [unclear] = [one for one in world.intents() if one.is_live]
    world.clock.advance(OLD.total_seconds())
    upkeep = Upkeep(world.journal, world.clock, 400)
    upkeep.tend()
    with closing(sqlite3.connect(world.path)) as file:
        left = {row[0] for row in file.execute("SELECT DISTINCT job_id FROM events")}

    assert unclear.state is State.CHECKING
    assert left == {unclear.job_id}


def test_f_J11_zero_days_keep_everything(world: World):
    """0 is for ever."""
    before = events(world)
    world.clock.advance(OLD.total_seconds())

    assert Upkeep(world.journal, world.clock, 0).prune() == 0
    assert events(world) == before


def test_f_T01_a_clock_set_ten_years_on_prunes_nothing(world: World, heard: list[Any]):
    """What looks old only because the clock was set is kept."""
    upkeep = Upkeep(world.journal, world.clock, 400)
    before = events(world)
    world.clock.jump(10 * 365 * 86400)
    upkeep.tend()

    assert events(world) == before
    assert [one["event"] for one in heard] == ["events_not_pruned"]


def test_f_J12_a_reader_without_an_end(world: World, monkeypatch: pytest.MonkeyPatch, heard: list[Any]):
    """While somebody keeps reading, the file beside the journal grows: said with its size, not too often, and
    nobody waits. When the reader is gone, it shrinks.
    """
    monkeypatch.setattr(journal_upkeep, "LARGEST_WAL", 100_000)
    upkeep = Upkeep(world.journal, world.clock, 400)
    wal, _ = companions(world.path)
    reader = sqlite3.connect(world.path, isolation_level=None)
    reader.execute("BEGIN")
    reader.execute("SELECT count(*) FROM intents").fetchone()
    for number in range(4):
        tell(world, f"Row {number}")
    for _ in range(3):
        upkeep.tend()
        world.clock.advance(60)
    grown = wal.stat().st_size
    reader.close()
    world.clock.advance(600)
    upkeep.tend()

    [warning] = [one for one in heard if one["event"] == "journal_wal_grows"]
    assert warning["megabytes"] == round(grown / 1e6, 1) > 0
    assert wal.stat().st_size == 0


def test_f_J12_trouble_with_the_file_is_no_end(
    world: World, monkeypatch: pytest.MonkeyPatch, heard: list[Any]
):
    """A journal that is gone is the next tick's matter; looking after it breaks nothing."""
    monkeypatch.setattr(journal_upkeep, "LARGEST_WAL", -1)
    upkeep = Upkeep(world.journal, world.clock, 1)
    world.path.rename(world.path.with_suffix(".away"))
    upkeep.tend()
    world.path.with_suffix(".away").rename(world.path)

    assert [one["event"] for one in heard] == ["events_not_pruned", "journal_not_tidied"]

"""Rows move under the robot: sorted, inserted, between a read and its write."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from fakes.world import World

from bot.domain.failures import Failure
from bot.domain.ids import JobId
from bot.domain.jobs import Accepted

HEADLINES = ("Delta", "Alpha", "Charlie", "Bravo")


@pytest.fixture
def rows(world: World) -> World:
    for headline in HEADLINES:
        world.add(headline)
    world.look()
    return world


def assert_right_links(world: World) -> None:
    for headline in HEADLINES:
        [job] = world.jobs_for(headline)
        assert world.shown(headline, "Video") == job.url
        assert world.shown(headline, "Job ID") == job.job_id


def sort(world: World) -> None:
    world.sheet.sort("Headline")


def insert(world: World) -> None:
    world.sheet.insert(2, {"Headline": "Echo"})


def move_first_to_end(world: World) -> None:
    world.sheet.put_back(6, [*world.sheet.delete(2)])


MOVES = [sort, insert, move_first_to_end]


@pytest.mark.parametrize("move", MOVES)
def test_f_R01_R02_move_between_the_read_and_the_write_of_the_links(
    rows: World, move: Callable[[World], None]
):
    """Links that landed on wrong rows stand on the right ones after the next tick."""
    rows.approve(*HEADLINES)
    rows.wait(60)
    rows.service.finish()
    rows.wait(120)
    rows.service.finish()
    rows.sheet.before_write.append(lambda: move(rows))
    rows.settle()

    assert_right_links(rows)
    assert len(rows.service.charges) == len(HEADLINES)


@pytest.mark.parametrize("move", MOVES)
def test_f_R01_R02_misplaced_write_is_repaired_in_the_same_tick(rows: World, move: Callable[[World], None]):
    """The write's own answer tells that rows moved: the robot looks again at once and mends."""
    rows.approve(*HEADLINES)
    rows.settle()
    for number in list(rows.sheet.numbers):
        rows.sheet.type(number, "Video", "https://elsewhere.example")
    rows.sheet.before_write.append(lambda: move(rows))
    before = rows.sheet.reads
    rows.tick()

    assert_right_links(rows)
    assert rows.sheet.reads - before == 2


def test_f_R01_nothing_is_sent_before_a_misplaced_write_is_repaired(
    rows: World, monkeypatch: pytest.MonkeyPatch
):
    """A slow service keeps no wrong link in the sheet: the rows are put right first, then the calls are made."""
    rows.approve("Alpha")
    rows.settle()
    rows.sheet.tick(rows.number("Bravo"))
    rows.look()
    rows.clock.advance(rows.policy.undo_seconds + 1)
    rows.sheet.type(rows.number("Alpha"), "Video", "https://elsewhere.example")
    rows.sheet.before_write.append(lambda: sort(rows))
    seen: list[object] = []
    submit = rows.service.submit

    def looks_and_submits(job_id: JobId | None, body: str) -> Accepted | Failure:
        seen.append(rows.shown("Alpha", "Video"))
        return submit(job_id, body)

    monkeypatch.setattr(rows.service, "submit", looks_and_submits)
    rows.tick()

    assert seen == [rows.jobs_for("Alpha")[0].url]


def test_f_R01_sorting_without_a_pause_stops_no_row(rows: World):
    """Somebody sorts in the middle of every write: rows are sent all the same, and then end on the right links."""
    for headline in HEADLINES:
        rows.sheet.tick(rows.number(headline))
    for turn in range(40):
        reverse = turn % 2 == 0
        rows.sheet.before_write[:] = [lambda up=reverse: rows.sheet.sort("Headline", reverse=up)] * 4
        rows.tick()
        rows.clock.advance(5)
        rows.service.work()
    rows.sheet.before_write.clear()
    rows.look()

    assert_right_links(rows)
    assert len(rows.service.charges) == len(HEADLINES)


@pytest.mark.parametrize("move", MOVES)
def test_f_R01_move_in_the_undo_window_sends_each_row_once(rows: World, move: Callable[[World], None]):
    """Ticked rows that change places are still the rows that were ticked."""
    for headline in HEADLINES:
        rows.sheet.tick(rows.number(headline))
    rows.look()
    move(rows)
    rows.settle()

    assert_right_links(rows)
    assert len(rows.service.charges) == len(HEADLINES)


@pytest.mark.parametrize("move", MOVES)
def test_f_R07_move_between_the_read_and_the_write_of_new_ids(world: World, move: Callable[[World], None]):
    """Ids that landed on wrong rows lead to no wrong video, no second charge, and ids once each."""
    for headline in HEADLINES:
        world.add(headline)
    world.sheet.before_write.append(lambda: move(world))
    world.wait(10)
    world.approve(*HEADLINES)
    world.settle()
    ids = [world.shown(headline, "Row ID") for headline in HEADLINES]

    assert len(set(ids)) == len(HEADLINES)
    assert_right_links(world)
    assert len(world.service.charges) == len(HEADLINES)


def test_f_R07_new_twin_of_a_ticked_row_is_not_taken_for_it(world: World):
    """A row is added that says what a rendered one says, and its id lands on that one as both change places.

    The tick beside it was taken long ago: under another id it must not count again.
    """
    world.know_the_tab()
    world.add("Alpha")
    world.approve("Alpha")
    world.settle()
    world.sheet.insert(2, {"Headline": "Alpha", "Approve": False})
    world.sheet.before_write.append(lambda: world.sheet.put_back(3, world.sheet.delete(2)))
    world.wait(120)
    world.settle()

    assert world.charges_for("Alpha") == 1


def test_sorting_only_peoples_columns_pays_nothing_twice(rows: World):
    """A sort that leaves the robot's columns behind moves content away from its ids; a tick moves with it.

    Nobody ticked anything: no content that has its video may be rendered again.
    """
    rows.approve("Delta", "Charlie")
    rows.settle()
    rows.sheet.sort_only(["Approve", "Headline", "Price", "Format", "Retry", "Notes"], by="Headline")
    rows.wait(120)

    assert len(rows.service.charges) == 2
    assert rows.shown("Delta", "Video") == rows.jobs_for("Delta")[0].url
    assert rows.shown("Charlie", "Video") == rows.jobs_for("Charlie")[0].url
    assert rows.shown("Alpha") == rows.shown("Bravo") == "Ready to approve"


def test_tick_that_stayed_behind_when_data_was_sorted_approves_nothing(rows: World):
    """Sorted without their boxes, rows meet ticks of others: what was not approved is not sent."""
    rows.approve("Delta")
    rows.settle()
    rows.sheet.sort_only(["Headline", "Price", "Format"], by="Headline")
    rows.wait(120)

    assert [charge.body.count("Delta") for charge in rows.service.charges] == [1]
    assert rows.sheet.cell(2, "Headline") == "Alpha"
    assert rows.sheet.cell(2, "Status") == "On hold"


def test_line_moved_and_edited_at_once_is_an_edited_row(rows: World):
    """Of a sort without ids, the one row that was edited too keeps its record: out of date, not new."""
    rows.approve("Delta")
    rows.settle()
    rows.sheet.sort_only(["Approve", "Headline", "Price", "Format", "Retry"], by="Headline")
    rows.sheet.type(rows.number("Delta"), "Headline", "Delta II")
    rows.wait(60)

    assert len(rows.service.charges) == 1
    assert rows.shown("Delta II") == "Out of date"
    assert rows.shown("Delta II", "Video") == rows.jobs_for("Delta")[0].url


def test_renamed_tab_and_moved_columns_change_nothing(rows: World):
    """The tab is known by its number, columns by their headers."""
    rows.approve("Alpha")
    rows.sheet.rename("Clips")
    rows.sheet.move_column("Headline", 12)
    rows.sheet.move_column("Row ID", 0)
    rows.settle()

    assert rows.shown("Alpha") == "Done"
    assert rows.shown("Alpha", "Video") == rows.jobs_for("Alpha")[0].url
    assert len(rows.service.charges) == 1


def clear_in_the_wrong_row(world: World) -> None:
    """Two approved rows, one of them edited: the robot is about to clear its tick as somebody sorts the sheet."""
    world.add("Delta")
    world.add("Alpha")
    world.look()
    for number in world.sheet.numbers:
        world.sheet.tick(number)
    world.look()
    world.sheet.type(world.number("Delta"), "Headline", "Delta, edited")
    world.sheet.before_write.append(lambda: world.sheet.sort("Headline"))


def test_f_R01_tick_cleared_in_another_row_s_stead_is_told_of(world: World):
    """The box of an edited row was to be cleared, and rows were sorted right then: a neighbour lost its tick.

    Nothing is sent for it, nothing is ticked by the robot, and the row says what to do. The edited row's own
    box is cleared next.
    """
    clear_in_the_wrong_row(world)
    world.look()
    said = world.shown("Alpha", "What to do")
    world.wait(60)

    assert said == ("Rows moved while the robot wrote, and this tick was lost. Nothing was sent. Tick again.")
    assert [world.shown(one, "Approve") for one in ("Alpha", "Delta, edited")] == [False, False]
    assert world.service.charges == []

    world.approve("Alpha")
    world.settle()

    assert world.shown("Alpha") == "Done"


def test_f_R01_tick_cleared_in_another_row_s_stead_though_the_answer_was_lost(world: World):
    """The next read shows what the write did."""
    clear_in_the_wrong_row(world)
    world.sheet.lost_writes = 1
    world.look()
    world.look()

    assert "this tick was lost" in str(world.shown("Alpha", "What to do"))

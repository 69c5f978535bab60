"""Columns move under the robot, between a read and the write that follows it: people get their cells back."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from fakes.sheet import OUT_OF_REACH
from fakes.world import World

from bot.domain.contract import RobotColumn

HEADLINES = ("Delta", "Alpha", "Charlie", "Bravo")
Hand = Callable[[World], None]


@pytest.fixture
def rows(world: World) -> World:
    """Rows with videos, and a note and a due date of people's beside the robot's columns."""
    world.sheet.insert_column(len(world.sheet.header), "Due")
    world.sheet.insert_column(world.sheet.column("Status"), "Owner")
    for number, headline in enumerate(HEADLINES):
        world.add(headline, Notes=f"note {number}", Owner=f"Ann {number}", Due=46_000 + number)
    world.sheet.type(3, "Notes", True)
    world.look()
    world.approve(*HEADLINES)
    world.settle()
    return world


def insert_left_of_all(world: World) -> None:
    world.sheet.insert_column(0)


def insert_before_status(world: World) -> None:
    world.sheet.insert_column(world.sheet.column("Status"), "Mood")


def insert_inside(world: World) -> None:
    world.sheet.insert_column(world.sheet.column("Row ID"))


def delete_notes(world: World) -> None:
    world.sheet.delete_column("Notes")


def move_notes_behind(world: World) -> None:
    world.sheet.move_column("Notes", world.sheet.column("Job ID"))


def move_due_forward(world: World) -> None:
    world.sheet.move_column("Due", world.sheet.column("Status"))


def move_the_ids(world: World) -> None:
    world.sheet.move_column("Row ID", 0)


def move_the_boxes(world: World) -> None:
    world.sheet.move_column("Approve", world.sheet.column("Status"))


def insert_and_sort(world: World) -> None:
    world.sheet.insert_column(0, "Mood")
    world.sheet.sort("Headline")


HANDS: list[Hand] = [
    insert_left_of_all,
    insert_before_status,
    insert_inside,
    delete_notes,
    move_notes_behind,
    move_due_forward,
    move_the_ids,
    move_the_boxes,
    insert_and_sort,
]


def spoil_all(world: World) -> None:
    """Makes the robot write every cell of its own in every row."""
    for number in world.sheet.numbers:
        for column in RobotColumn:
            if column is not RobotColumn.ROW_ID:
                world.sheet.type(number, column, "spoiled")


def assert_all_is_right(world: World) -> None:
    assert world.sheet.spoiled() == []
    for headline in HEADLINES:
        [job] = world.jobs_for(headline)
        assert world.shown(headline, "Video") == job.url
        assert world.shown(headline, "Job ID") == job.job_id
    assert len(world.service.charges) == len(HEADLINES)


@pytest.mark.parametrize("hand", HANDS)
def test_f_G10_columns_move_between_read_and_write(rows: World, hand: Hand):
    """What was written into people's cells is taken back with the next look, which is due at once."""
    ids = {headline: rows.shown(headline, "Row ID") for headline in HEADLINES}
    spoil_all(rows)
    rows.sheet.before_write.append(lambda: hand(rows))
    reports = [rows.tick(), rows.tick()]

    assert reports[0].wake_at_once
    assert_all_is_right(rows)
    assert {headline: rows.shown(headline, "Row ID") for headline in HEADLINES} == ids


@pytest.mark.parametrize("hand", HANDS)
def test_f_G10_columns_move_and_the_answer_is_lost(rows: World, hand: Hand):
    """Nobody said that the write landed in people's cells: the next read shows it."""
    spoil_all(rows)
    rows.sheet.before_write.append(lambda: hand(rows))
    rows.sheet.lost_writes = 1
    rows.tick()
    rows.tick()

    assert_all_is_right(rows)


def test_f_G10_columns_move_again_while_people_get_their_cells_back(rows: World):
    """The repair itself met other columns: it is repaired in its turn."""
    spoil_all(rows)
    rows.sheet.before_write += [lambda: insert_left_of_all(rows), lambda: insert_before_status(rows)]
    for _ in range(3):
        rows.tick()

    assert_all_is_right(rows)


def test_f_G10_rows_move_while_people_get_their_cells_back(rows: World):
    """What was given back to one row and landed in another is taken out of it again."""
    spoil_all(rows)
    rows.sheet.before_write += [lambda: insert_left_of_all(rows), lambda: rows.sheet.sort("Headline")]
    for _ in range(4):
        rows.tick()

    assert_all_is_right(rows)


def test_f_G10_write_fails_while_people_get_their_cells_back(rows: World):
    """What is owed is not forgotten when a write does not come through."""
    spoil_all(rows)
    rows.sheet.before_write.append(lambda: insert_left_of_all(rows))
    rows.tick()
    rows.sheet.failing_writes = [OUT_OF_REACH] * 5
    for _ in range(6):
        rows.tick()

    assert_all_is_right(rows)


def test_f_G10_column_of_the_robot_is_deleted_as_it_writes(rows: World):
    """The tab is held until it is back, but people's cells are theirs at once."""
    spoil_all(rows)
    gone = []
    rows.sheet.before_write.append(lambda: gone.append(rows.sheet.delete_column("Status")))
    reports = [rows.tick(), rows.tick()]
    spoiled = rows.sheet.spoiled()
    rows.sheet.put_column_back(rows.sheet.column("What to do"), gone[0])
    rows.look()

    assert [problem.column for problem in reports[1].header] == ["Status"]
    assert spoiled == []
    assert_all_is_right(rows)


def test_f_R13_row_above_the_header_as_the_robot_writes(rows: World):
    """A title row pushes the header down: what landed in the header is taken back, and the tab is held."""
    spoil_all(rows)
    rows.sheet.before_write.append(lambda: rows.sheet.insert(1))
    rows.tick()
    report = rows.tick()
    rows.sheet.delete(1)
    rows.look()

    assert report.header
    assert_all_is_right(rows)


def test_f_G10_nothing_is_sent_before_people_have_their_cells_back(world: World):
    """A read whose columns proved to be old is no ground to pay on."""
    world.add("Spring")
    world.look()
    world.sheet.tick(2)
    world.look()
    world.clock.advance(world.policy.undo_seconds + 1)
    world.sheet.before_write.append(lambda: insert_left_of_all(world))
    report = world.tick()
    paid_then = len(world.service.charges)
    world.settle()

    assert report.wake_at_once
    assert paid_then == 0
    assert len(world.service.charges) == 1


def test_f_G10_ticked_box_that_was_overwritten_stays_empty_and_says_so(world: World):
    """The robot never sets a tick: it empties the box it wrote text into, and asks for the tick again."""
    for headline in HEADLINES:
        world.add(headline)
    world.look()
    world.sheet.tick(world.number("Alpha"))
    for number in world.sheet.numbers:
        world.sheet.type(number, "Status", "spoiled")
    world.sheet.before_write.append(lambda: move_the_boxes(world))
    world.look()
    said = world.shown("Alpha", "What to do")
    box = world.shown("Alpha", "Approve")
    world.wait(60)

    assert box is False
    assert said == ("Rows moved while the robot wrote, and this tick was lost. Nothing was sent. Tick again.")
    assert world.sheet.spoiled() == []
    assert world.service.charges == []

"""Rows vanish: an answer cut short, a sheet cleared by mistake, rows taken away and brought back."""

from __future__ import annotations

import pytest
from fakes.sheet import Box
from fakes.world import World

from bot.domain.contract import RobotColumn
from bot.domain.intents import State
from bot.ports import Reading

ROWS = 44


@pytest.fixture
def full(world: World) -> World:
    """Many rows: three are done, one is in line, the others are not ticked."""
    for number in range(ROWS):
        world.add(f"Row {number}")
    world.look()
    world.approve("Row 0", "Row 1", "Row 2")
    world.settle()
    world.sheet.tick(world.number("Row 3"))
    world.look()
    return world


def clear(world: World, rows: int = ROWS) -> list[list[Box]]:
    """Somebody deletes the upper rows."""
    return [world.sheet.delete(2) for _ in range(rows)]


def undo(world: World, gone: list[list[Box]]) -> None:
    for cells in reversed(gone):
        world.sheet.put_back(2, cells)


def test_f_G06_sudden_shrink_is_not_believed_at_once(full: World):
    """Most rows are missing in one read: nothing is withdrawn, nothing written, nothing sent."""
    full.sheet.log.clear()
    gone = clear(full)
    full.tick()
    held = full.states()[-1], all(entry.present for entry in full.memory().entries.values())
    undo(full, gone)
    full.settle()

    assert held == (State.WAITING, True)
    assert full.shown("Row 3") == "Done"
    assert len(full.service.charges) == 4


def test_f_G06_partial_answer(full: World):
    """Google hands out the upper half once: the lower rows keep all they had."""
    whole = full.sheet.read
    cut = whole()
    assert isinstance(cut, Reading)
    full.sheet.read = lambda: Reading(cut.title, cut.values[:10], cut.control)  # type: ignore[method-assign]
    full.tick()
    full.sheet.read = whole  # type: ignore[method-assign]

    assert all(entry.present for entry in full.memory().entries.values())
    assert full.tick().edits == 0


def test_f_G06_shrink_is_believed_when_the_next_read_agrees(full: World):
    """Somebody really deleted most rows: what was not sent is withdrawn one look later."""
    clear(full, ROWS - 5)
    full.tick()
    first = full.states()[-1]
    full.clock.advance(5)
    full.tick()

    assert first is State.WAITING
    assert full.states()[-1] is State.CANCELLED
    assert sum(entry.present for entry in full.memory().entries.values()) == 5


def test_f_G06_two_different_shrunken_reads_do_not_agree(full: World):
    """Each is another one."""
    clear(full, 30)
    full.tick()
    clear(full, 2)
    full.tick()

    assert full.states()[-1] is State.WAITING


def test_f_G06_jobs_are_followed_meanwhile(full: World):
    """A running video does not wait for rows."""
    full.wait(20)
    full.service.finish()
    clear(full)
    full.clock.advance(60)
    full.tick()

    assert full.states()[-1] is State.COMPLETED


@pytest.mark.parametrize("rows", [20, 22])
def test_f_G06_few_rows_or_half_of_them_are_believed_at_once(full: World, rows: int):
    """Deleting some rows needs no second look."""
    clear(full, rows)
    full.tick()

    assert full.states()[-1] is State.CANCELLED


@pytest.mark.parametrize("seconds", [0, 60])
def test_f_R10_whole_sheet_cleared_then_undone(full: World, seconds: int):
    """Undone at once or a minute later: all is as it was, and nothing is rendered again."""
    links = [full.shown(f"Row {number}", "Video") for number in range(3)]
    ids = [full.shown(f"Row {number}", "Row ID") for number in range(ROWS)]
    gone = clear(full)
    full.wait(seconds)
    undo(full, gone)
    full.settle()

    assert [full.shown(f"Row {number}", "Video") for number in range(3)] == links
    assert [full.shown(f"Row {number}", "Row ID") for number in range(ROWS)] == ids
    assert [full.shown(f"Row {number}") for number in range(5)] == ["Done"] * 4 + ["Ready to approve"]
    assert len(full.service.charges) == 4


def test_f_R10_data_cells_cleared_then_undone(full: World):
    """The robot's cells stayed, then were cleaned; with the texts the ids come back."""
    ids = [full.shown(f"Row {number}", "Row ID") for number in range(ROWS)]
    for number in full.sheet.numbers:
        full.sheet.type(number, "Headline", None)
    full.wait(60)
    cleaned = [full.sheet.cell(number, "Row ID") for number in full.sheet.numbers]
    for place, number in enumerate(full.sheet.numbers):
        full.sheet.type(number, "Headline", f"Row {place}")
    full.settle()

    assert set(cleaned) == {None}
    assert [full.shown(f"Row {number}", "Row ID") for number in range(ROWS)] == ids
    assert len(full.service.charges) == 4


def test_f_R11_row_removed_and_restored_much_later(full: World):
    """From the version history: the same id and content is the same record, done stays done."""
    link = full.shown("Row 1", "Video")
    number = full.number("Row 1")
    cells = [full.sheet.cell(number, name) for name in full.sheet.header]
    full.sheet.delete(number)
    full.wait(3600)
    full.sheet.put_back(9, cells)
    full.settle()

    assert (full.shown("Row 1"), full.shown("Row 1", "Video")) == ("Done", link)
    assert full.charges_for("Row 1") == 1


# -- the column of ids --------------------------------------------------------


def test_f_G11_deleted_id_column_holds_the_tab_until_it_is_restored(full: World):
    """No column is not "no ids": nothing is written or sent, and a new column gets the same ids back."""
    ids = [full.shown(f"Row {number}", "Row ID") for number in range(ROWS)]
    full.sheet.delete_column("Row ID")
    full.sheet.log.clear()
    full.clock.advance(60)
    report = full.tick()
    held = [problem.column for problem in report.header], list(full.sheet.log), len(full.service.charges)
    full.sheet.sort("Headline", reverse=True)
    full.sheet.insert_column(len(full.sheet.header), "Row ID")
    full.settle()

    assert held == (["Row ID"], [], 3)
    assert [full.shown(f"Row {number}", "Row ID") for number in range(ROWS)] == ids
    assert full.charges_for("Row 3") == 1
    assert len(full.service.charges) == 4


def test_f_G11_ids_of_rows_that_say_the_same_are_not_guessed(world: World):
    """Twins without ids hold their ticks and say why; the others go on."""
    for headline in ("Alpha", "Alpha", "Bravo"):
        world.add(headline)
    world.look()
    for number in (2, 3, 4):
        world.sheet.tick(number)
    world.look()
    world.sheet.delete_column("Row ID")
    world.look()
    # Where they stood, they would be known again.
    world.sheet.sort("Headline", reverse=True)
    world.sheet.insert_column(len(world.sheet.header), "Row ID")
    world.settle()
    world.wait(60)

    assert world.charges_for("Alpha") == 0
    assert [world.sheet.cell(number, "Status") for number in (2, 3, 4)] == ["Done", "On hold", "On hold"]
    assert world.sheet.cell(3, "What to do") == (
        "Its Row ID was changed, so its tick is not certain. Untick Approve and tick it again."
    )


def test_f_G11_missing_column_of_the_robot_is_never_written_beside(full: World):
    """No cell is written by a remembered letter."""
    gone = full.sheet.delete_column(RobotColumn.VIDEO)
    full.sheet.log.clear()
    full.clock.advance(60)
    full.tick()
    written = list(full.sheet.log)
    full.sheet.put_column_back(full.sheet.column("Preview"), gone)
    full.settle()

    assert written == []
    assert full.shown("Row 3") == "Done"


# -- the grid -----------------------------------------------------------------


def test_f_G14_rows_deleted_from_the_grid_as_the_robot_writes(world: World):
    """The refused write is not repeated: the next read says what is there, and that is written."""
    for number in range(6):
        world.add(f"Row {number}")

    def shrink() -> None:
        for _ in range(3):
            world.sheet.delete(world.sheet.numbers[-1])
        world.sheet.grid_rows = 4

    world.sheet.before_write.append(shrink)
    reports = [world.tick(), world.tick()]

    assert [report.edits > 0 for report in reports] == [True, True]
    assert [world.sheet.cell(number, "Status") for number in world.sheet.numbers] == ["Ready to approve"] * 3
    assert world.tick().edits == 0


# -- what else stands in a sheet ----------------------------------------------


def test_f_R13_blank_rows_totals_and_rows_far_below(world: World):
    """A blank line ends nothing, boxes alone are no row, and a total below the table is a row that says what it lacks."""
    world.sheet.tick(world.add("Spring"))
    world.sheet.insert(3)
    world.sheet.insert(4, {"Approve": False, "Retry": False})
    world.sheet.tick(world.add("Summer"))
    world.sheet.insert(7, {"Price": "Total: 18"})
    world.settle()

    assert [world.shown(headline) for headline in ("Spring", "Summer")] == ["Done", "Done"]
    assert [world.sheet.cell(number, "Row ID") for number in (3, 4)] == [None, None]
    assert world.sheet.cell(world.sheet.find("Price", "Total: 18"), "What to do") == (
        '"Headline" is empty. Please fill it in.'
    )
    assert len(world.service.charges) == 2


def test_f_R06_row_typed_bit_by_bit_is_sent_as_it_was_ticked(world: World):
    """Half a row is checked, not sent; the tick at the end counts."""
    number = world.add("Sp")
    world.look()
    for text in ("Spr", "Spri", "Spring"):
        world.sheet.type(number, "Headline", text)
        world.wait(5)
    world.approve("Spring")
    world.settle()

    assert [world.charges_for(text) for text in ("Sp", "Spring")] == [0, 1]


def test_f_R12_two_people_at_two_rows(world: World):
    """One types without an end; the other's row is not kept waiting."""
    restless, calm = world.add("Restless"), world.add("Calm")
    world.look()
    world.sheet.tick(calm)
    for second in range(30):
        world.sheet.type(restless, "Headline", f"Restless {second}")
        world.wait(5)
        world.service.work()
    world.look()

    assert world.shown("Calm") == "Done"
    assert len(world.service.charges) == 1

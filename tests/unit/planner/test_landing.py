"""Cells of people's that a write met by mistake: what they held, and what of it can be given back."""

from __future__ import annotations

import pytest

from bot.domain.cells import Cell, Formula, Written
from bot.domain.ids import RecordId
from bot.planner.actions import CellEdit
from bot.planner.landing import Landing, Mending, mend, patched

HEADER: list[Cell] = ["Approve", "Headline", "Notes", "Status", "Row ID"]
APPROVE, HEADLINE, NOTES, STATUS, ROW_ID = range(5)


def row(headline: str, record: str | None, *, notes: Cell = "n", approve: Cell = False) -> list[Cell]:
    return [approve, headline, notes, "Old", record]


TABLE = [HEADER, row("Alpha", "ralpha"), row("Bravo", "rbravo", notes=7), row("Charlie", None)]


def edit(number: int, column: int, value: Written, record: str | None = None) -> CellEdit:
    return CellEdit(number, column, value, RecordId(record) if record else None)


def mended(before: list[list[Cell]], moved: list[list[Cell]], *edits: CellEdit) -> Mending:
    """The write met the rows and columns as somebody had moved them."""
    reach = max(one.row_number for one in edits)
    moved = [*moved, *([] for _ in range(reach - len(moved)))]
    return mend(Landing(before, edits), patched(moved, edits))


def inserted(at: int, table: list[list[Cell]] = TABLE, name: Cell = None) -> list[list[Cell]]:
    return [[*line[:at], name if number == 0 else None, *line[at:]] for number, line in enumerate(table)]


def deleted(at: int) -> list[list[Cell]]:
    return [[*line[:at], *line[at + 1 :]] for line in TABLE]


def test_write_that_landed_where_it_was_meant():
    """Nothing to do."""
    assert mended(TABLE, TABLE, edit(2, STATUS, "Done", "ralpha")) == Mending()


def test_write_that_did_not_land_at_all():
    """What is not there needs no mending, wherever it would have been."""
    landing = Landing(TABLE, (edit(2, STATUS, "Done", "ralpha"),))

    assert mend(landing, TABLE) == Mending()
    assert mend(landing, inserted(0)) == Mending()


def test_row_below_the_table_as_it_was_read():
    """A row that was cleaned and is gone needs no mending."""
    assert mend(Landing(TABLE, (edit(9, STATUS, None),)), TABLE) == Mending()


@pytest.mark.parametrize("at", [0, 1, 2])
def test_cell_of_people_s_gets_back_what_it_held(at: int):
    """A column to the left: what was meant for Status met Notes."""
    found = mended(TABLE, inserted(at), edit(2, STATUS, "Done", "ralpha"), edit(3, STATUS, "Done", "rbravo"))

    assert found.edits == (edit(2, STATUS, "n", "ralpha"), edit(3, STATUS, 7, "rbravo"))


def test_picture_formula_in_a_cell_of_people_s():
    """It reads as an empty cell."""
    found = mended(TABLE, inserted(0), edit(2, STATUS, Formula("=IMAGE(A1)"), "ralpha"))

    assert found.edits == (edit(2, STATUS, "n", "ralpha"),)


@pytest.mark.parametrize(("said", "is_proved"), [("raaab", True), (None, False)])
def test_picture_formula_in_an_empty_cell(said: Written, is_proved: bool):
    """Nobody can see it in a read: it is taken out again where the write proved to have landed in that row."""
    table = [HEADER, row("Alpha", None, notes=None), *TABLE[2:]]
    edits = edit(2, STATUS, Formula("=IMAGE(A1)"), "ralpha"), edit(2, ROW_ID, said, "ralpha")

    assert (edit(2, STATUS, None) in mended(table, inserted(0, table), *edits).edits) is is_proved


def test_picture_formula_in_another_cell_of_ours():
    """What was meant for Row ID met Status: that is written anew, with what this write meant it to say."""
    edits = edit(2, ROW_ID, Formula("=IMAGE(A1)"), "ralpha"), edit(2, STATUS, "Done", "ralpha")

    assert edit(2, ROW_ID, "Done", "ralpha") in mended(TABLE, inserted(0), *edits).edits


def test_cell_that_somebody_typed_over_meanwhile_is_left_alone():
    """It does not hold what we wrote."""
    landing = Landing(TABLE, (edit(2, STATUS, "Done", "ralpha"),))
    after = inserted(0)
    after[1][STATUS] = "typed"

    assert mend(landing, after) == Mending()


@pytest.mark.parametrize("name", [None, "Mood"])
def test_new_column_is_emptied_again(name: Cell):
    """Whoever inserted it had not written into it yet."""
    found = mended(TABLE, inserted(STATUS, name=name), edit(2, STATUS, "Done", "ralpha"))

    assert found.edits == (edit(2, STATUS, None, "ralpha"),)


def test_id_that_was_overwritten_comes_back():
    """The row is told by the rest of what it holds."""
    found = mended(
        TABLE, deleted(NOTES), edit(2, STATUS, "Done", "ralpha"), edit(3, STATUS, "Done", "rbravo")
    )

    assert found.edits == (edit(2, STATUS, "ralpha", "ralpha"), edit(3, STATUS, "rbravo", "rbravo"))


def test_other_cells_of_the_robot_are_put_right_like_any_other():
    """What was meant for Row ID met Status."""
    assert mended(TABLE, inserted(0), edit(4, ROW_ID, "rcharl", "rcharl")) == Mending()


def test_renamed_column_is_the_one_between_the_same_neighbours():
    """Status has another name now, and still is the robot's."""
    renamed = [["Approve", "Headline", "Notes", "State", "Row ID"], *TABLE[1:]]

    assert mended(TABLE, renamed, edit(2, STATUS, "Done", "ralpha")) == Mending()


def test_columns_of_one_name_are_told_by_their_neighbours():
    """Two are called Notes; the second is met."""
    table = inserted(3, name="Notes")
    table[1][3] = "second"
    found = mended(table, inserted(0, table), edit(2, 4, "Done", "ralpha"))

    assert found.edits == (edit(2, 4, "second", "ralpha"),)


def test_cells_beside_the_table_have_no_name_and_are_people_s_too():
    """A column was deleted, and the last of ours met what stands beside."""
    table = [HEADER, [*row("Alpha", "ralpha"), "beside"]]
    found = mended(table, [line[1:] for line in table], edit(2, ROW_ID, "ralpha", "ralpha"))

    assert found.edits == (edit(2, ROW_ID, "beside", "ralpha"),)


# -- boxes --------------------------------------------------------------------


@pytest.mark.parametrize(("held", "lost"), [(True, {"ralpha"}), (False, set())])
def test_box_that_was_written_into_is_emptied(held: bool, lost: set[str]):
    """A tick is never set again: whose it was is told."""
    table = [HEADER, row("Alpha", "ralpha", approve=held)]
    moved = [[*line[1:4], line[0], *line[4:]] for line in table]
    found = mended(table, moved, edit(2, STATUS, "Done", "ralpha"))

    assert found == Mending((edit(2, STATUS, False, "ralpha"),), frozenset(map(RecordId, lost)))


def test_tick_cleared_in_another_row_s_stead():
    """Rows changed places: the box that was emptied is another row's."""
    table = [HEADER, row("Alpha", "ralpha", approve=True), row("Bravo", "rbravo", approve=True)]
    found = mended(table, [HEADER, table[2], table[1]], edit(2, APPROVE, False, "ralpha"))

    assert found == Mending((), frozenset({RecordId("rbravo")}))


def test_retry_cleared_in_another_row_s_stead_was_taken_already():
    """The read before saw it."""
    header: list[Cell] = ["Retry", *HEADER[1:]]
    table = [header, row("Alpha", "ralpha", approve=True), row("Bravo", "rbravo", approve=True)]

    assert mended(table, [header, table[2], table[1]], edit(2, 0, False, "ralpha")) == Mending()


# -- rows ---------------------------------------------------------------------


def test_id_of_a_new_row_that_met_another_row():
    """The row it met gets its own id back."""
    found = mended(TABLE, [HEADER, TABLE[3], TABLE[1], TABLE[2]], edit(4, ROW_ID, "rcharl", "rcharl"))

    assert found.edits == (edit(4, ROW_ID, "rbravo", "rbravo"),)


def test_id_that_met_a_row_somebody_just_inserted():
    """It was blank."""
    found = mended(TABLE, [*TABLE[:3], [], TABLE[3]], edit(4, ROW_ID, "rcharl", "rcharl"))

    assert found.edits == (edit(4, ROW_ID, None),)


def test_rows_that_cannot_be_told_apart_stayed_if_the_others_did():
    """Twins whose ids were overwritten: nothing moved but a column."""
    table = [HEADER, row("Alpha", "ralpha"), row("Alpha", "ralph2"), row("Bravo", "rbravo")]
    moved = [[*line[:2], *line[3:]] for line in table]
    found = mended(table, moved, edit(2, STATUS, "Done", "ralpha"), edit(3, STATUS, "Done", "ralph2"))

    assert found.edits == (edit(2, STATUS, "ralpha", "ralpha"), edit(3, STATUS, "ralph2", "ralph2"))


def test_rows_that_cannot_be_told_apart_are_left_to_their_content_when_others_moved():
    """Their ids: what identifies rows by content has the last word."""
    table = [HEADER, row("Alpha", None), row("Bravo", None), row("Alpha", None)]
    moved = [HEADER, table[2], table[1], table[3]]

    assert mended(table, moved, edit(3, ROW_ID, "rbravo", "rbravo")) == Mending()


def test_cell_of_a_row_that_cannot_be_told_is_beyond_help():
    """Rows and columns moved at once, and twins hold different notes: nobody can tell whose note it was."""
    table = [HEADER, row("Alpha", None, notes=1), row("Alpha", None, notes=2), row("Bravo", "rbravo")]
    moved = inserted(0, [HEADER, table[3], table[1], table[2]])
    found = mended(table, moved, edit(3, STATUS, "Done"))

    assert found == Mending(beyond_help=((3, STATUS),))


def test_rows_move_with_the_columns():
    """A row is found by its id."""
    moved = inserted(0, [HEADER, TABLE[2], TABLE[1], TABLE[3]])
    found = mended(TABLE, moved, edit(2, STATUS, "Done", "ralpha"))

    assert found.edits == (edit(2, STATUS, 7, "rbravo"),)


def test_rows_that_moved_after_the_write_are_followed():
    """A column was inserted before it, and the rows sorted after it: the note is mended where its row is now."""
    after = patched(inserted(0), [edit(2, STATUS, "Done", "ralpha")])
    found = mend(Landing(TABLE, (edit(2, STATUS, "Done", "ralpha"),)), [after[0], *reversed(after[1:])])

    assert found.edits == (edit(4, STATUS, "n", "ralpha"),)


def test_columns_that_moved_after_the_write_tell_no_wrong_row():
    """Ids were exchanged by the write itself: they do not tell where a row stood before it."""
    table = [HEADER, row("Alpha", "rbravo", notes=None), row("Bravo", "ralpha")]
    edits = (edit(2, ROW_ID, "ralpha", "ralpha"), edit(3, ROW_ID, "rbravo", "rbravo"), edit(3, STATUS, None))
    after = inserted(0, patched(table, edits))

    assert mend(Landing(table, edits), after) == Mending()


def test_ids_that_people_swapped_meanwhile_tell_no_wrong_row():
    """What the rows say is stronger."""
    after = patched(inserted(0), [edit(2, STATUS, "Done", "ralpha")])
    swapped = patched(after, [edit(2, ROW_ID + 1, "rbravo"), edit(3, ROW_ID + 1, "ralpha")])
    found = mend(Landing(TABLE, (edit(2, STATUS, "Done", "ralpha"),)), swapped)

    assert found.edits == (edit(2, STATUS, "n", "ralpha"),)


def test_id_that_stands_twice_tells_no_row():
    """The row is told by what it says."""
    table = [HEADER, row("Alpha", "rsame"), row("Bravo", "rsame", notes=7)]
    found = mended(table, inserted(0, [HEADER, table[2], table[1]]), edit(2, STATUS, "Done", "rsame"))

    assert found.edits == (edit(2, STATUS, 7, "rsame"),)


def test_very_many_rows_alike_are_not_compared_one_by_one():
    """Nothing could be told anyway."""
    table = [HEADER, *(row("Alpha", None) for _ in range(30)), row("Bravo", None)]
    moved = [HEADER, table[31], *table[1:31]]

    assert mended(table, moved, edit(32, ROW_ID, "rbravo", "rbravo")) == Mending()


def test_header_that_moved_down_gets_its_names_back():
    """Somebody put a row above it, and the first row's cells met the names."""
    found = mended(TABLE, [[], *TABLE], edit(2, STATUS, "Done", "ralpha"), edit(3, STATUS, "Fine", "rbravo"))

    assert found.edits == (edit(2, STATUS, "Status"),)


def test_table_without_ids():
    """A restored cell whose record nobody can name."""
    header: list[Cell] = ["Approve", "Headline", "Notes", "Status"]
    table = [header, [False, "Alpha", "n", "Old"]]
    found = mended(table, inserted(0, table), edit(2, STATUS, "Done"))

    assert found.edits == (edit(2, STATUS, "n"),)


def test_tab_that_was_emptied():
    """Nothing stands there any more."""
    assert mend(Landing(TABLE, (edit(2, STATUS, None, "ralpha"),)), []) == Mending()

"""Rows are copied, deleted, restored, and their ids played with."""

from __future__ import annotations

import pytest
from fakes.world import World

from bot.domain.intents import State


def test_f_R03_copied_row_gets_its_own_id_and_no_tick(world: World):
    """A copy of a done row is a new row: other id, cleared ticks, no link, nothing charged."""
    world.add("Spring")
    world.approve("Spring")
    world.settle()
    world.sheet.copy(2, to=3)
    world.wait(120)
    upper, lower = world.sheet.row(2), world.sheet.row(3)

    assert upper["Row ID"] != lower["Row ID"]
    assert upper["Status"] == "Done"
    assert (lower["Status"], lower["Video"], lower["Approve"]) == ("Ready to approve", None, False)
    assert lower["What to do"] == "Row copied from row 2. It got its own ID; tick Approve to render it too."
    assert len(world.service.charges) == 1


def test_f_R03_copied_row_is_rendered_when_it_is_ticked(world: World):
    """The copy's own tick makes the copy's own video."""
    world.add("Spring")
    world.approve("Spring")
    world.settle()
    world.sheet.copy(2, to=3)
    world.look()
    world.sheet.tick(3)
    world.wait(16)
    world.settle()

    assert world.charges_for("Spring") == 2
    assert world.sheet.cell(2, "Video") != world.sheet.cell(3, "Video")


def test_f_R03_edited_copy_above_leaves_the_id_with_the_old_content(world: World):
    """The row with the journal's last content keeps id and link, wherever it stands."""
    world.add("Spring")
    world.approve("Spring")
    world.settle()
    kept = world.shown("Spring", "Row ID")
    world.sheet.copy(2, to=2)
    world.sheet.type(2, "Headline", "Summer")
    world.look()

    assert world.shown("Spring", "Row ID") == kept
    assert world.shown("Summer") == "Ready to approve"
    assert world.shown("Summer", "Row ID") != kept


def test_f_R03_copy_of_a_rendering_row_is_not_rendered(world: World):
    """The running job stays with its row."""
    world.add("Spring")
    world.approve("Spring")
    world.sheet.copy(2, to=3)
    world.settle()

    assert world.charges_for("Spring") == 1
    assert world.sheet.cell(2, "Status") == "Done"
    assert world.sheet.cell(3, "Status") == "Ready to approve"


def test_f_R02_deleted_row_that_waits_is_never_sent(world: World):
    """A row that is gone before its undo window ends costs nothing."""
    world.add("Spring")
    world.sheet.tick(2)
    world.look()
    world.sheet.delete(2)
    world.wait(120)

    assert world.service.charges == []
    assert world.states() == [State.CANCELLED]


def test_f_R02_deleted_row_that_renders_is_followed_to_its_end(world: World):
    """The journal learns how the job ended, and no other row shows its link."""
    world.add("Spring")
    world.add("Summer")
    world.approve("Spring")
    [job] = world.service.under_way
    world.sheet.delete(2)
    world.settle()

    assert world.states() == [State.COMPLETED]
    assert world.intents()[0].url == job.url
    assert world.shown("Summer", "Video") is None


def test_f_R11_row_taken_back_from_a_deletion_finds_its_video(world: World):
    """Undo of a deletion: same id, same content, done as before."""
    world.add("Spring")
    world.approve("Spring")
    world.settle()
    gone = world.sheet.delete(2)
    world.wait(60)
    world.sheet.put_back(2, gone)
    world.wait(120)

    assert world.shown("Spring") == "Done"
    assert len(world.service.charges) == 1


def test_f_R04_row_cut_and_pasted_without_its_robot_cells(world: World):
    """A new row that equals exactly one vanished record takes that record over."""
    world.add("Spring")
    world.approve("Spring")
    world.settle()
    kept = world.shown("Spring", "Row ID")
    world.sheet.delete(2)
    world.look()
    world.add("Spring", Approve=True)
    world.wait(120)

    assert world.shown("Spring", "Row ID") == kept
    assert world.shown("Spring") == "Done"
    assert len(world.service.charges) == 1


@pytest.mark.parametrize("spoiled", [None, "", "my row", "12", "r9zzzz", "=A1"])
def test_f_R04_spoiled_id_of_a_done_row_is_restored_and_not_paid_again(world: World, spoiled: str | None):
    """An emptied or overtyped id comes back by content; the standing tick renders nothing anew."""
    world.add("Spring")
    world.add("Summer")
    world.approve("Spring")
    world.settle()
    kept = world.shown("Spring", "Row ID")
    world.sheet.type(2, "Row ID", spoiled)
    world.wait(120)

    assert world.shown("Spring", "Row ID") == kept
    assert world.shown("Spring") == "Done"
    assert len(world.service.charges) == 1


def test_f_R04_swapped_ids_go_back_to_their_rows(world: World):
    """Two ids that changed places are put right; nothing is rendered because of it."""
    world.add("Spring")
    world.add("Summer")
    world.look()
    world.approve("Spring")
    world.settle()
    spring, summer = world.shown("Spring", "Row ID"), world.shown("Summer", "Row ID")
    world.sheet.type(2, "Row ID", summer)
    world.sheet.type(3, "Row ID", spring)
    world.wait(120)

    assert (world.shown("Spring", "Row ID"), world.shown("Summer", "Row ID")) == (spring, summer)
    assert world.shown("Spring") == "Done"
    assert len(world.service.charges) == 1


@pytest.mark.parametrize("is_done", [False, True])
def test_f_R04_ids_swapped_and_both_rows_edited_at_once(world: World, is_done: bool):
    """Neither id nor content says which row is which; the promise beside the tick is another row's: it waits."""
    for headline in ("Spring", "Summer"):
        world.add(headline)
    world.look()
    world.sheet.tick(2)
    if is_done:
        world.settle()
    world.look()
    ids = [world.sheet.cell(number, "Row ID") for number in (2, 3)]
    for number, record, text in ((2, ids[1], "Autumn"), (3, ids[0], "Winter")):
        world.sheet.type(number, "Row ID", record)
        world.sheet.type(number, "Headline", text)
    world.wait(60)

    assert world.charges_for("Autumn") == 0
    assert world.shown("Autumn") == "On hold"
    assert len(world.service.charges) == is_done

    world.sheet.untick(2)
    world.look()
    world.approve("Autumn")
    world.settle()

    assert world.shown("Autumn") == "Done"


def test_f_R04_several_equal_rows_without_ids_bind_no_tick(world: World):
    """Where two lost rows could be meant, nothing is guessed: ticks wait for a person."""
    for _ in range(2):
        world.add("Spring")
    world.look()
    for number in (2, 3):
        world.sheet.type(number, "Row ID", None)
        world.sheet.tick(number)
    world.wait(120)

    assert world.service.charges == []
    assert [world.sheet.cell(number, "Status") for number in (2, 3)] == ["On hold", "On hold"]


def test_f_R04_id_column_deleted_where_rows_say_the_same(world: World):
    """Once it is back, the done one of two equal rows still has its video; the other one's new tick asks again."""
    for _ in range(2):
        world.add("Spring")
    world.look()
    world.sheet.tick(2)
    world.settle()
    kept, link = world.sheet.cell(2, "Row ID"), world.sheet.cell(2, "Video")
    world.sheet.delete_column("Row ID")
    world.look()
    world.sheet.insert_column(12, "Row ID")
    world.sheet.tick(3)
    world.wait(120)

    assert (world.sheet.cell(2, "Row ID"), world.sheet.cell(2, "Video")) == (kept, link)
    assert [world.sheet.cell(number, "Status") for number in (2, 3)] == ["Done", "On hold"]
    assert len(world.service.charges) == 1


@pytest.mark.parametrize("spoiled", [None, "r9zzzz"])
def test_f_R04_row_that_lost_its_id_and_was_edited_is_held(world: World, spoiled: str | None):
    """Nobody can tell which row it was, so its standing tick does not approve the new text."""
    world.add("Spring")
    world.approve("Spring")
    world.settle()
    world.sheet.type(2, "Row ID", spoiled)
    world.sheet.type(2, "Headline", "Summer")
    world.wait(120)

    assert world.shown("Summer") == "On hold"
    assert world.charges_for("Summer") == 0


def test_f_R03_row_pasted_without_its_id_asks(world: World):
    """A copy of the people's columns brings its tick along; nobody meant to pay for the same video twice."""
    world.add("Spring")
    world.approve("Spring")
    world.settle()
    world.sheet.add({"Approve": True, "Headline": "Spring", "Retry": False})
    world.wait(60)

    assert len(world.service.charges) == 1
    assert world.sheet.cell(3, "Approve") is False
    assert world.sheet.cell(3, "What to do") == (
        "Row copied from row 2. It got its own ID; tick Approve to render it too."
    )

    world.sheet.tick(3)
    world.settle()

    assert len(world.service.charges) == 2

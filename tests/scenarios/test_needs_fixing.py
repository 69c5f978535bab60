"""A row does not meet the contract, is mended, and approved."""

from __future__ import annotations

from fakes.world import World


def test_tick_on_a_broken_row_is_cleared_with_the_reason(world: World):
    """An invalid row cannot be approved."""
    world.add("A headline of more than twenty characters")
    world.sheet.tick(2)
    world.wait(60)

    assert world.sheet.cell(2, "Approve") is False
    assert world.sheet.cell(2, "Status") == "Needs fixing"
    assert world.sheet.cell(2, "What to do") == (
        '"Headline" is 41 characters; the limit is 20. Shorten by 21.'
    )
    assert world.intents() == []


def test_mended_row_waits_for_a_new_tick(world: World):
    """The cleared tick does not come back with the mended text."""
    world.add("A headline of more than twenty characters")
    world.sheet.tick(2)
    world.look()
    world.sheet.type(2, "Headline", "Short")
    world.wait(60)

    assert world.shown("Short") == "Ready to approve"
    assert world.service.charges == []


def test_mended_and_approved_row_is_rendered(world: World):
    """After the fix one tick makes one video."""
    world.add("A headline of more than twenty characters")
    world.sheet.tick(2)
    world.look()
    world.sheet.type(2, "Headline", "Short")
    world.look()
    world.approve("Short")
    world.settle()

    assert world.shown("Short") == "Done"
    assert world.charges_for("Short") == 1


def test_row_that_shows_a_formula_error_is_never_sent(world: World):
    """A price that became #REF! voids the approval instead of being rendered."""
    world.add("Spring", Price="9 EUR")
    world.sheet.tick(2)
    world.look()
    world.sheet.type(2, "Price", "#REF!")
    world.wait(60)

    assert world.service.charges == []
    assert world.shown("Spring") == "Needs fixing"
    assert world.shown("Spring", "Problem code") == "CELL-ERROR"


def test_boxes_without_data_are_no_rows(world: World):
    """A column of empty boxes below the table is not a thousand rows."""
    for _ in range(20):
        world.sheet.add({"Approve": False, "Retry": False})
    world.look()

    assert world.memory().entries == {}
    assert world.sheet.log == []

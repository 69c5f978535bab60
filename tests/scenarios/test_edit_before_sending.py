"""A row is edited after its tick, before anything was sent."""

from __future__ import annotations

from fakes.sheet import OUT_OF_REACH
from fakes.world import World

from bot.domain.intents import State


def test_f_R05_edit_voids_the_tick_and_sends_nothing(world: World):
    """An edit in the undo window clears the tick, says what changed, and nothing is charged."""
    world.add("Old")
    world.sheet.tick(2)
    world.look()
    world.sheet.type(2, "Headline", "New")
    world.wait(60)

    assert world.service.charges == []
    assert world.states() == [State.CANCELLED]
    assert world.shown("New", "Approve") is False
    assert world.shown("New") == "Changed"
    assert world.shown("New", "What to do").startswith("Changed: Headline. Nothing was sent.")


def test_f_R05_new_tick_after_the_edit_sends_the_new_text(world: World):
    """The next tick approves what the row says then, and only that is made."""
    world.add("Old")
    world.sheet.tick(2)
    world.look()
    world.sheet.type(2, "Headline", "New")
    world.look()
    world.approve("New")
    world.settle()

    assert world.charges_for("Old") == 0
    assert world.charges_for("New") == 1
    assert world.shown("New") == "Done"


def test_tick_and_edit_between_two_reads_approve_what_the_first_read_shows(world: World):
    """Tick and content are bound as one read shows them together."""
    world.add("Old")
    world.look()
    world.sheet.type(2, "Headline", "New")
    world.approve("New")
    world.settle()

    assert world.charges_for("New") == 1
    assert len(world.service.charges) == 1


def test_edit_of_a_column_that_cannot_change_the_video_keeps_the_tick(world: World):
    """Notes are nobody's content: typing there changes nothing."""
    world.add("Spring")
    world.sheet.tick(2)
    world.look()
    world.sheet.type(2, "Notes", "call Amira first")
    world.settle()

    assert world.shown("Spring") == "Done"
    assert world.shown("Spring", "Notes") == "call Amira first"


def test_changed_format_is_a_change_of_content(world: World):
    """Another format makes another video: the tick is void."""
    world.add("Spring")
    world.sheet.tick(2)
    world.look()
    world.sheet.type(2, "Format", "square")
    world.wait(60)

    assert world.service.charges == []
    assert world.shown("Spring", "What to do").startswith("Changed: Format.")


def test_f_R09_tick_that_failed_to_clear_pays_nothing(world: World):
    """While the clearing write fails, the void tick approves nothing, however often it is read."""
    world.add("Old")
    world.sheet.tick(2)
    world.look()
    world.sheet.failing_writes = [OUT_OF_REACH] * 5
    world.sheet.type(2, "Headline", "New")
    world.wait(120)

    assert world.service.charges == []
    assert world.shown("New", "Approve") is False


def test_f_R06_typing_that_never_settles_sends_nothing(world: World):
    """A cell that changes at every read is never sent, whatever its tick says."""
    world.add("0")
    world.look()
    for second in range(1, 30):
        world.sheet.tick(2)
        world.sheet.type(2, "Headline", f"{second}")
        world.clock.advance(5)
        world.look()
    assert world.service.charges == []
    assert world.memory_is_live() is False or world.states()[-1] is State.WAITING

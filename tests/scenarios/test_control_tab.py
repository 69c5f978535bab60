"""The Control tab: switches people set, what the robot says there, and the stop button."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime, time, timedelta
from pathlib import Path

from fakes.sheet import FakeSheet
from fakes.world import HEADER, World

from bot.domain.control import BoardColumn, Label
from bot.domain.failures import Failure
from bot.domain.intents import State
from bot.planner.actions import CellEdit
from bot.planner.snapshot import Policy
from bot.ports import NOTHING_BESIDE, Beside, Receipt, Target


def told(world: World) -> str:
    return str(world.sheet.said(BoardColumn.GOING_ON))


def test_run_is_the_stop_button(world: World):
    """With Run unticked nothing new starts, a video under way finishes, and the row says why."""
    for name in ("Spring", "Summer"):
        world.add(name)
    world.know_the_tab()
    world.approve("Spring")
    world.sheet.say(Label.RUN, False)
    world.approve("Summer")
    paused = world.shown("Summer"), world.shown("Summer", "What to do"), told(world)
    for _ in range(3):
        world.work()

    assert paused[0] == "On hold"
    assert (
        paused[1] == paused[2] == "Run is not ticked on Control. Nothing new starts; videos under way finish."
    )
    assert (world.shown("Spring"), world.shown("Summer")) == ("Done", "On hold")
    assert len(world.service.charges) == 1

    world.sheet.say(Label.RUN, True)
    world.settle()

    assert world.shown("Summer") == "Done"


def test_emptied_stop_button_is_a_pressed_one(world: World):
    """Somebody deletes the cell's content: nothing new starts."""
    world.add("Spring")
    world.know_the_tab()
    world.sheet.say(Label.RUN, None)
    world.approve("Spring")

    assert world.states() == [State.WAITING]


def test_check_only(world: World):
    """Rows are checked and priced, and nothing is rendered."""
    world.add("Spring")
    world.add("")
    world.sheet.type(3, "Price", "9 EUR")
    world.know_the_tab()
    world.sheet.say(Label.CHECK_ONLY, True)
    world.approve("Spring")

    assert world.shown("Spring", "What to do") == (
        "Check only is ticked on Control. Rows are checked and priced; nothing is rendered."
    )
    assert world.sheet.cell(3, "Status") == "Needs fixing"
    assert world.shown("Spring", "Credits") == "~9"
    assert not world.service.charges


def test_fewer_videos_at_the_same_time(folder: Path):
    """Control lowers the window, and never raises it."""
    world = World(folder, policy=Policy(max_in_flight=3))
    for name in ("Spring", "Summer", "Autumn", "Winter", "Harvest"):
        world.add(name)
    world.know_the_tab()
    world.sheet.say(Label.WINDOW, 1)
    world.approve("Spring", "Summer", "Autumn", "Winter", "Harvest")
    one = len(world.service.charges)
    world.sheet.say(Label.WINDOW, 900)
    world.wait(10)

    assert (one, len(world.service.charges)) == (1, 3)


def test_line_says_what_is_going_on(world: World):
    """Counts, credits, how long it takes, and which version made what."""
    for name in ("Spring", "Summer"):
        world.add(name)
    world.add("")
    world.sheet.type(4, "Price", "9 EUR")
    world.know_the_tab()
    world.approve("Spring", "Summer")
    busy = told(world)
    world.settle()
    world.wait(130)

    assert busy == "2 rows ticked → 2 rendering. 18 credits."
    assert told(world) == "Nothing is waiting. 1 row needs fixing."
    assert [world.sheet.said(one) for one in (BoardColumn.DONE, BoardColumn.TO_FIX, BoardColumn.CREDITS)] == [
        2,
        1,
        18,
    ]
    assert world.sheet.said(BoardColumn.MADE_WITH) == "2 with v1"


def test_ticks_that_were_refused_are_counted_until_the_row_is_edited(folder: Path):
    """Four rows ticked at one go, one of them unfinished: the sentence says what became of each."""
    world = World(folder, policy=Policy(max_in_flight=1, credits_per_day=1_000))
    for name in ("Spring", "Summer", "Autumn", ""):
        world.add(name)
    world.sheet.type(5, "Price", "9 EUR")
    world.know_the_tab()
    for number in (2, 3, 4, 5):
        world.sheet.tick(number)
    world.wait(4)
    ticked = told(world)
    world.wait(130)
    later = told(world)
    world.sheet.type(5, "Headline", "Winter")
    world.settle()
    world.wait(130)

    assert ticked == "4 rows ticked → 3 ready, 1 needs fixing. 27 credits of 1,000."
    assert later == "4 rows ticked → 2 ready, 1 rendering, 1 needs fixing. 27 credits of 1,000."
    assert told(world) == "Nothing is waiting."
    assert world.sheet.cell(5, "Status") == "Ready to approve"


def test_spoiled_cells_of_the_line_heal(world: World):
    """Somebody types into the robot's sentence: it is mended at once; a figure with the next heartbeat."""
    world.add("Spring")
    world.know_the_tab()
    world.sheet.say(BoardColumn.GOING_ON, "party")
    world.sheet.say(BoardColumn.DONE, 99)
    world.wait(5)
    healed = told(world)
    world.wait(130)

    assert healed == "Nothing is waiting."
    assert world.sheet.said(BoardColumn.DONE) == 0


def test_without_control(world: World):
    """Somebody deletes the tab: the rows go on."""
    world.sheet.control = None
    world.add("Spring")
    world.know_the_tab()
    world.approve("Spring")
    world.settle()

    assert world.shown("Spring") == "Done"


def test_day_s_credits(folder: Path):
    """Never a credit over: the rest waits in line with the reason, and goes on after the sheet's midnight."""
    world = World(folder, policy=Policy(max_in_flight=3, credits_per_day=30))
    names = ("Spring", "Summer", "Autumn", "Winter", "Harvest")
    for name in names:
        world.add(name)
    world.know_the_tab()
    world.approve(*names)
    for _ in range(6):
        world.work()
    first = len(world.service.charges), world.shown("Winter", "What to do"), told(world)
    tomorrow = datetime.combine(world.clock.now().date() + timedelta(days=1), time(), UTC)
    world.wait((tomorrow - world.clock.now()).total_seconds() - 60)
    before = len(world.service.charges)
    world.wait(120)
    world.settle()

    limit = "Today's limit of 30 credits is used up. Continues tomorrow at 00:00."
    assert first == (3, limit, limit)
    assert before == 3
    assert [world.shown(name) for name in names] == ["Done"] * 5


def test_sheet_s_own_limit_of_the_day(folder: Path):
    """Control can lower the limit, not raise it."""
    world = World(folder, policy=Policy(max_in_flight=3, credits_per_day=30))
    for name in ("Spring", "Summer", "Autumn", "Winter"):
        world.add(name)
    world.know_the_tab()
    world.sheet.say(Label.DAY_CAP, 10)
    world.approve("Spring", "Summer", "Autumn", "Winter")
    low = len(world.service.charges)
    world.sheet.say(Label.DAY_CAP, 1000)
    world.wait(10)

    assert (low, len(world.service.charges)) == (1, 3)


def test_log_tells_the_story(world: World):
    """Newest first, in people's words; an idle robot does not write it again."""
    world.add("Spring")
    world.know_the_tab()
    world.approve("Spring")
    world.settle()
    world.wait(130)
    story = [(line[1], line[3], line[4]) for line in world.sheet.diary]
    world.sheet.diary = []
    world.wait(600)

    assert story[0] == (2, "Done", 9)
    assert [what for _, what, _ in story] == ["Done", "Rendering", "Accepted by Zvid", "Sending", "Waiting"]
    assert world.sheet.diary == []


def test_log_does_not_wait_for_the_heartbeat(world: World):
    """Once nothing moves any more, the end of a video stands in the Log within seconds, by one write of its own."""
    world.add("Spring")
    world.know_the_tab()
    world.approve("Spring")
    world.service.work()
    world.service.work()
    world.wait(6)
    ended, told = world.shown("Spring"), world.sheet.diary[0][3]
    before = world.sheet.writes
    world.wait(20)

    assert ended == "Done" != told
    assert world.sheet.diary[0][3] == "Done"
    assert world.sheet.writes - before <= 1


def test_log_is_as_long_as_its_rectangle(folder: Path):
    """However much happened, the Log shows the latest part of it."""
    world = World(folder, policy=Policy(max_in_flight=50, ask_above_rows=0, sample_size=0))
    names = [f"Row {number}" for number in range(60)]
    for name in names:
        world.add(name)
    world.know_the_tab()
    world.approve(*names)
    world.settle()
    world.wait(130)

    assert len(world.sheet.diary) == 200


class HalfWritten(FakeSheet):
    """Google's quota cuts a write short: rows get their cells, what goes beside them does not."""

    is_short = False

    def write(
        self, edits: Sequence[CellEdit], target: Target, beside: Beside = NOTHING_BESIDE
    ) -> Receipt | Failure:
        if not (self.is_short and edits):
            return super().write(edits, target, beside)
        said = super().write(edits, target)
        return replace(said, rest_in=1.0) if isinstance(said, Receipt) else said


def test_log_that_was_not_reached_is_still_owed(folder: Path):
    """The rest of a write that was cut short is made up for, the Log and the signature too."""
    sheet = HalfWritten(HEADER)
    world = World(folder, sheet=sheet)
    world.add("Spring")
    world.know_the_tab()
    world.wait(20)
    sheet.is_short = True
    world.approve("Spring")
    world.service.finish()
    world.clock.advance(15)
    world.tick()
    world.clock.advance(15)
    world.tick()
    told = world.shown("Spring"), sheet.diary[0][3]
    world.wait(15)

    assert told[0] == "Done" != told[1]
    assert sheet.diary[0][3] == "Done"

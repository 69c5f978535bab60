"""Links in rows: nothing is sent before its links were looked at, and bad ones are their author's to mend."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest
from builders import NOW, PRICE, Desk, columns, picture_template, policy, row

from bot.domain.cells import as_serial
from bot.domain.contract import PeopleColumn, RobotColumn
from bot.domain.control import Switches
from bot.domain.entries import Tick
from bot.domain.failures import FailureClass, ProblemCode
from bot.domain.holds import Hold, HoldKind
from bot.domain.ids import RecordId
from bot.domain.intents import State, Trouble
from bot.domain.jobs import Quote
from bot.domain.media.files import FileKind
from bot.domain.media.looks import Finding, Look, Sight, Sights, Sizes
from bot.domain.media.reach import WITH_PRIVATE
from bot.planner.actions import Ask, Submit
from bot.planner.plan import plan

SHOE = "https://pictures.example/shoe.png"
SONG = "https://pictures.example/song.mp3"
PICTURE, SOUND = Sight(Finding.THERE, FileKind.PNG, 1_000), Sight(Finding.THERE, FileKind.MP3, 1_000)
PAGE, GONE, SILENT = Sight(Finding.THERE, FileKind.PAGE), Sight(Finding.GONE), Sight(Finding.SILENT)


class LinkDesk(Desk):
    """A desk that also knows what looks at links found."""

    def __init__(self, *rows):
        super().__init__(*rows, template=picture_template())
        self.sights = Sights(sizes=Sizes(sound=5_000_000))

    def found(self, link, sight, *, times=1, age=0.0):
        """Looks at this link ended so, the last one some seconds ago."""
        look = None
        for _ in range(times):
            look = Look.taken(
                sight, look, at=self.sights.monotonic - age, on=self.now - timedelta(seconds=age)
            )
        self.sights = replace(self.sights, looks={**self.sights.looks, link: look})

    def tick(self, *, is_written=True, **passed):
        seconds = timedelta(**passed).total_seconds()
        if self.sights is not None:
            self.sights = replace(self.sights, monotonic=self.sights.monotonic + seconds)
        decided = super().tick(is_written=is_written, **passed)
        for call in decided.calls:
            if isinstance(call, Ask):
                self.answer(call, Quote(PRICE))
        return decided

    def approved(self):
        """The row is ticked, priced, and its undo time is over."""
        self.approve()
        self.tick()
        return self.tick(seconds=16)


def desk(link=SHOE, **cells):
    made = LinkDesk(row(link=link, **cells))
    made.tick()
    return made


def sends(decided):
    return [call for call in decided.calls if isinstance(call, Submit)]


def words(one, at=0):
    return one.status(at), one.advice(at), one.shows(RobotColumn.PROBLEM_CODE, at)


# -- before anything is known ----------------------------------------------------


def test_unknown_link_is_looked_at():
    """As soon as the row is there; until then it can be ticked like any other."""
    one = LinkDesk(row(link=SHOE, badge=SONG))
    decided = one.tick()

    assert decided.wishes.due == (SONG, SHOE)
    assert decided.wishes.links == {SHOE, SONG}
    assert one.status() == "Ready to approve"


def test_approved_row_waits_for_the_look():
    """The tick binds; the undo time is told first, then what is waited for; nothing is sent."""
    one = desk()
    one.approve()
    one.tick()
    assert one.advice().startswith("Starts ")
    decided = one.approved()

    assert sends(decided) == []
    assert words(one) == ("Waiting", 'Looking at the link in "Link" first.', None)
    assert one.is_ticked(PeopleColumn.APPROVE)


def test_fine_link_is_sent():
    """A picture where a picture belongs."""
    one = desk()
    one.found(SHOE, PICTURE)

    assert len(sends(one.approved())) == 1


def test_every_link_of_a_row_counts():
    """One that is fine is not enough."""
    one = desk(badge=SONG)
    one.found(SHOE, PICTURE)

    assert sends(one.approved()) == []
    assert one.advice() == 'Looking at the link in "Badge" first.'


def test_nobody_waits_behind_a_slow_site():
    """The next in line goes while the first one's link is looked at."""
    one = LinkDesk(row(link=SHOE), row("Other", number=3))
    one.tick()
    one.approve(1)
    one.approved()
    decided = one.tick(seconds=1)

    assert [call.intent.content.values[0][1] for call in sends(decided)] == ["Other"]


def test_links_that_are_not_looked_at():
    """With the setting off, and for rows without a link."""
    unchecked, empty = desk(), desk(link=None)
    unchecked.sights = None

    assert len(sends(unchecked.approved())) == 1
    assert len(sends(empty.approved())) == 1
    assert empty.tick().wishes.links == frozenset()


def test_row_with_another_problem_is_not_looked_at():
    """First things first: what stands in the row is mended before anybody is asked."""
    one = LinkDesk(row("", link=SHOE))

    assert one.tick().wishes.due == ()


def test_the_most_urgent_looks_come_first():
    """Promises before rows nobody approved yet; a link in many rows is looked at once."""
    first, second = "https://pictures.example/1.png", "https://pictures.example/2.png"
    one = LinkDesk(row(link=first), row("B", link=second, number=3), row("C", link=second, number=4))
    one.tick()
    one.approve(2)
    one.tick()

    assert one.tick().wishes.due == (second, first)


# -- what is wrong ---------------------------------------------------------------

BAD = [
    (GONE, 3, '"Link" link leads nowhere. Paste a new link.', "MEDIA-404"),
    (
        Sight(Finding.LOCKED),
        1,
        '"Link" needs a sign-in. Share it as "Anyone with the link".',
        "MEDIA-PRIVATE",
    ),
    (PAGE, 1, '"Link" is a web page, not a picture. Use the direct link to the file.', "MEDIA-PAGE"),
    (SOUND, 1, '"Link" is an MP3 sound. Use a PNG or JPEG.', "MEDIA-TYPE"),
]


@pytest.mark.parametrize(("sight", "times", "text", "code"), BAD)
def test_bad_link_needs_fixing(sight, times, text, code):
    """The row says what is wrong with which column, and cannot be approved."""
    one = desk()
    one.found(SHOE, sight, times=times)
    one.tick()
    assert words(one) == ("Needs fixing", text, code)

    one.approve()
    one.tick()

    assert not one.is_ticked(PeopleColumn.APPROVE)
    assert one.live() == []


@pytest.mark.parametrize(("sight", "times", "text", "code"), BAD)
def test_bad_link_of_an_approved_row(sight, times, text, code):
    """It turned out after the tick: the tick is cleared with the reason, and nothing is sent."""
    one = desk()
    one.approved()
    one.found(SHOE, sight, times=times)
    decided = one.tick(seconds=5)

    assert decided.calls == ()
    assert words(one) == ("Needs fixing", text, code)
    assert not one.is_ticked(PeopleColumn.APPROVE)
    assert [intent.state for intent in one.intents()] == [State.CANCELLED]


def test_too_large():
    """A sound beyond the limit."""
    one = desk(link=None, badge=SONG)
    one.found(SONG, replace(SOUND, size=9_000_000))
    one.tick()

    assert words(one)[1:] == ('"Badge" is 9 MB; the limit is 5 MB. Use a smaller file.', "MEDIA-SIZE")


def test_two_bad_links():
    """Both are named."""
    one = desk(badge=SONG)
    one.found(SHOE, PAGE)
    one.found(SONG, PAGE)
    one.tick()

    assert words(one)[1:] == ('2 things to fix: "Badge", "Link".', "DATA-MANY")


@pytest.mark.parametrize(
    ("link", "text", "code"),
    [
        (
            "http://192.168.1.7/a.png",
            '"Link" link is not open to the web. Use a link that anybody can open.',
            "MEDIA-PRIVATE",
        ),
        (
            "https://localhost/a.png",
            '"Link" link is not open to the web. Use a link that anybody can open.',
            "MEDIA-PRIVATE",
        ),
        (
            "https://www.dropbox.com/s/abc/shoe.jpg?dl=0",
            '"Link" shows a page around the file. Use https://www.dropbox.com/s/abc/shoe.jpg?dl=1 instead.',
            "MEDIA-PAGE",
        ),
    ],
)
def test_links_that_speak_for_themselves(link, text, code):
    """Nobody needs to be asked about these, and nobody is."""
    one = desk(link)

    assert words(one) == ("Needs fixing", text, code)
    assert one.tick().wishes.due == ()


def test_private_links_where_they_are_allowed():
    """For stand-ins on the same machine."""
    one = LinkDesk(row(link="http://127.0.0.1:8711/media/a.png"))
    one.sights = replace(one.sights, reach=WITH_PRIVATE)

    assert one.tick().wishes.due == ("http://127.0.0.1:8711/media/a.png",)
    assert one.status() == "Ready to approve"


def test_a_dead_link_is_looked_at_twice_more_before_it_is_said():
    """Until then the row waits as if nothing was known."""
    one = desk()
    one.approved()
    one.found(SHOE, GONE, times=2)
    decided = one.tick(seconds=1)

    assert words(one) == ("Waiting", 'Looking at the link in "Link" first.', None)
    assert decided.wishes.next_in == 11
    assert one.tick(seconds=11).wishes.due == (SHOE,)


# -- sites that are silent -------------------------------------------------------


def test_silent_site_is_tried_again():
    """The row says when; the approval stands, and it goes on by itself."""
    one = desk()
    one.approved()
    one.found(SHOE, SILENT)
    decided = one.tick(seconds=5)

    assert words(one) == ("Retrying", '"Link" site is not answering. Trying again at 12:00:36.', "MEDIA-SLOW")
    assert decided.wishes.next_in == 15
    assert one.tick(seconds=15).wishes.due == (SHOE,)
    one.found(SHOE, PICTURE)
    assert len(sends(one.tick())) == 1


def test_silent_site_is_told_inside_the_undo_time():
    """Nothing will start then, so nothing else is said."""
    one = desk()
    one.found(SHOE, Sight(Finding.UNSAFE))
    one.approve()
    one.tick()
    one.tick()

    assert one.status() == "Retrying"
    assert one.advice().startswith('"Link" site cannot be trusted: its certificate is wrong. Trying again at')


def test_site_that_stays_silent_is_said_as_it_is():
    """Its author may paste another link; the approval stands all the same, and it is still looked at."""
    one = desk()
    one.approved()
    one.found(SHOE, SILENT, times=4)
    one.tick(seconds=5)

    assert words(one) == (
        "Needs fixing",
        '"Link" site is not answering. Paste another link, or wait: looking again at 12:10.',
        "MEDIA-SLOW",
    )
    assert one.is_ticked(PeopleColumn.APPROVE)
    one.found(SHOE, PICTURE)
    assert len(sends(one.tick())) == 1


def test_unticked_row_of_a_silent_site():
    """It can be approved while the site is tried again; the price is what it says."""
    one = desk()
    one.found(SHOE, SILENT, times=3)
    one.tick()

    assert one.status() == "Ready to approve"


# -- right before sending --------------------------------------------------------


def test_old_look_is_made_anew_before_sending():
    """Fine ten minutes ago is not good enough; the row keeps its words meanwhile."""
    one = desk()
    one.found(SHOE, PICTURE, age=590)
    decided = one.approved()

    assert sends(decided) == []
    assert decided.wishes.due == (SHOE,)
    assert words(one) == ("Waiting", "Next in line.", None)
    one.found(SHOE, PICTURE)
    assert len(sends(one.tick(seconds=1))) == 1


def test_only_the_head_of_the_line_is_looked_at_again():
    """A long line is not asked for every ten minutes."""
    links = [f"https://pictures.example/{number}.png" for number in range(40)]
    one = LinkDesk(*(row(f"No {at}", link=link, number=at + 2) for at, link in enumerate(links)))
    one.policy = policy(sample_size=0)
    one.tick()
    for at, link in enumerate(links):
        one.found(link, PICTURE, age=900)
        one.approve(at)
    one.tick()

    assert one.tick(seconds=16).wishes.due == tuple(links[:16])


@pytest.mark.parametrize("held", ["paused", "key refused"])
def test_held_rows_are_not_looked_at_again(held):
    """Nothing is sent, so nothing needs to be known anew."""
    one = desk()
    one.found(SHOE, PICTURE, age=900)
    one.approved()
    seen = one.look()
    if held == "paused":
        seen = replace(seen, control=replace(seen.control, switches=Switches(run=False)))
    else:
        seen = replace(seen, hold=Hold(HoldKind.KEY, 0), hold_left=60, hold_until=NOW)

    assert plan(seen, one.policy).wishes.due == ()


def test_idle_rows_are_not_looked_at_again():
    """A row nobody approved was fine hours ago; that is enough until somebody ticks it."""
    one = desk()
    one.found(SHOE, PICTURE, age=86_400)

    assert one.tick().wishes.due == ()


# -- links that end --------------------------------------------------------------


def signed(minutes):
    start = (NOW - timedelta(hours=1)).strftime("%Y%m%dT%H%M%SZ")
    return f"https://bucket.example/a.png?X-Amz-Date={start}&X-Amz-Expires={3600 + minutes * 60}"


@pytest.mark.parametrize(
    ("minutes", "text"),
    [
        (4, '"Link" link expires at 12:04, before its turn. Use a lasting link.'),
        (-30, '"Link" link expired at 11:30. Use a lasting link.'),
    ],
)
def test_link_that_ends_too_soon(minutes, text):
    """Nothing is asked of it any more."""
    one = desk(signed(minutes))

    assert words(one) == ("Needs fixing", text, "MEDIA-EXPIRES")
    assert one.tick().wishes.due == ()


def test_link_that_ends_before_the_rows_time():
    """It works now, and will not at its hour; another day is named."""
    at = NOW + timedelta(hours=20)
    one = desk(signed(18 * 60), render_at=as_serial(at))

    assert one.advice() == '"Link" link expires at 2026-08-04 06:00, before its turn. Use a lasting link.'


def test_link_that_ends_while_its_row_waits():
    """The robot wakes for it, takes the tick back and says why."""
    link = signed(60)
    one = desk(link)
    one.found(link, PICTURE)
    one.approve()
    decided = one.tick()
    assert decided.wishes.next_in == 55 * 60

    decided = one.tick(minutes=55)

    assert decided.calls == ()
    assert one.advice() == '"Link" link expires at 13:00, before its turn. Use a lasting link.'
    assert not one.is_ticked(PeopleColumn.APPROVE)


# -- mended without touching the sheet -------------------------------------------


def test_ticking_a_bad_row_is_asking_again():
    """Its author shared the file; the link is the same. The tick binds, and one look decides."""
    one = desk()
    one.found(SHOE, Sight(Finding.LOCKED))
    one.tick()
    one.approve()
    decided = one.tick(seconds=31)
    assert decided.wishes.due == (SHOE,)
    one.sights = replace(one.sights, pending={SHOE})
    one.tick(seconds=16)
    assert words(one) == ("Waiting", 'Looking at the link in "Link" first.', None)

    one.sights = replace(one.sights, pending=frozenset())
    one.found(SHOE, PICTURE)

    assert len(sends(one.tick())) == 1


def test_ticking_a_row_that_is_still_bad():
    """The look says the same: the tick is cleared."""
    one = desk()
    one.found(SHOE, Sight(Finding.LOCKED))
    one.tick()
    one.approve()
    one.tick(seconds=31)
    one.found(SHOE, Sight(Finding.LOCKED), times=2)
    one.tick(seconds=1)

    assert one.status() == "Needs fixing"
    assert not one.is_ticked(PeopleColumn.APPROVE)


def test_a_tick_right_after_a_look_changes_nothing():
    """What was seen a moment ago is not asked again."""
    one = desk()
    one.found(SHOE, Sight(Finding.LOCKED))
    one.tick()
    one.approve()

    assert one.tick(seconds=5).wishes.due == ()
    assert not one.is_ticked(PeopleColumn.APPROVE)


def test_bad_links_are_looked_at_again_by_themselves():
    """Seldom, and the row mends itself."""
    one = desk()
    one.found(SHOE, Sight(Finding.LOCKED))
    assert one.tick(seconds=5).wishes.next_in == 115
    assert one.tick(seconds=115).wishes.due == (SHOE,)

    one.found(SHOE, PICTURE)
    one.tick()

    assert one.status() == "Ready to approve"


# -- what was sent is sent -------------------------------------------------------

DEAD = [(GONE, 3), (PAGE, 1), (SILENT, 4)]


@pytest.mark.parametrize(
    "state", [State.SENDING, State.CHECKING, State.SUBMITTED, State.ACTIVE, State.NEEDS_DECISION]
)
@pytest.mark.parametrize(("sight", "times"), DEAD)
def test_running_videos_do_not_care(state, sight, times):
    """Whatever becomes of the link, the job is followed, and nothing is sent a second time."""
    one = desk()
    one.found(SHOE, PICTURE)
    one.approved()
    before = one.settle(state)
    one.found(SHOE, sight, times=times)
    one.tick(seconds=5)
    decided = one.tick(seconds=60)

    assert sends(decided) == []
    assert [intent.state for intent in one.intents()] == [before.state]
    assert decided.wishes.links == frozenset()
    assert one.status() != "Needs fixing"
    assert one.is_ticked(PeopleColumn.APPROVE)


@pytest.mark.parametrize(("sight", "times"), DEAD)
def test_finished_videos_stay_done(sight, times):
    """The video is there, its link of then need not be."""
    one = desk()
    one.found(SHOE, PICTURE)
    one.approved()
    one.settle(State.COMPLETED)
    one.found(SHOE, sight, times=times)
    one.tick(minutes=30)
    decided = one.tick(minutes=30)

    assert one.status() == "Done"
    assert (decided.calls, decided.wishes.due) == ((), ())


def test_edited_while_rendering():
    """The new link is looked at when the row can be approved again."""
    one = desk()
    one.found(SHOE, PICTURE)
    one.approved()
    one.settle(State.ACTIVE)
    one.edit(link="https://pictures.example/other.png")

    assert one.tick().wishes.due == ()


def test_failed_video_has_its_links_looked_at():
    """They may be why; and a bad one is said instead of an invitation to try again."""
    one = desk()
    one.found(SHOE, PICTURE, age=60)
    one.approved()
    trouble = Trouble(FailureClass.TRANSIENT, ProblemCode.RENDER_FAIL, "Zvid could not finish it.", "x")
    one.settle(State.FAILED, trouble=trouble, finished_at=one.now)
    assert one.tick(seconds=1).wishes.due == (SHOE,)
    assert one.status() == "Failed"
    one.found(SHOE, GONE, times=3)
    one.tick(seconds=1)
    assert words(one) == ("Needs fixing", '"Link" link leads nowhere. Paste a new link.', "MEDIA-404")

    one.retry()
    decided = one.tick(seconds=1)

    assert (decided.calls, one.live()) == ((), [])
    assert one.is_ticked(PeopleColumn.APPROVE)


def test_retry_of_a_failed_video_looks_first():
    """A deliberate redo of a row whose look is old waits for a new one."""
    one = desk()
    one.found(SHOE, PICTURE)
    one.approved()
    one.settle(State.FAILED, finished_at=one.now - timedelta(minutes=20))
    one.tick(minutes=20)
    one.retry()
    one.tick()
    decided = one.tick(seconds=16)

    assert sends(decided) == []
    assert decided.wishes.due == (SHOE,)


def test_ticks_of_old_mean_nothing_new():
    """A tick from before the robot knew the tab is no question about its links."""
    one = LinkDesk(row(link=SHOE, approve=True))
    one.memory = replace(one.memory, is_known=False)
    one.tick()
    one.found(SHOE, PAGE, age=60)

    assert one.tick().wishes.due == ()
    assert one.memory.entries[RecordId(one.id())].approve is Tick.UNKNOWN
    assert columns().people[PeopleColumn.APPROVE] == 0

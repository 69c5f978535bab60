"""Rows with links: what is wrong with a link is said before anything is sent, and what was sent is never undone."""

from __future__ import annotations

import dataclasses
from datetime import timedelta

import pytest
from fakes.sheet import FakeSheet
from fakes.world import HEADER, TEMPLATE, World

from bot.domain.cells import as_serial
from bot.domain.contract import Contract, Field, FieldType
from bot.domain.intents import State
from bot.domain.media.files import FileKind
from bot.domain.media.looks import Finding
from bot.planner.snapshot import Policy

SHOE = "https://pictures.example/shoe.png"
OTHER = "https://pictures.example/other.png"
PICTURES = dataclasses.replace(
    TEMPLATE,
    contract=Contract(
        (*TEMPLATE.contract.fields, Field("picture", "Picture", FieldType.IMAGE, required=True)),
        TEMPLATE.contract.formats,
    ),
    projects={
        name: {
            **project,
            "visuals": [
                *project["visuals"],
                {"type": "IMAGE", "src": "{{picture}}", "width": 10, "height": 10},
            ],
        }
        for name, project in TEMPLATE.projects.items()
    },
)


def opened(folder, **options):
    """A world whose rows have a picture, and whose tab the robot knows."""
    made = World(folder, sheet=FakeSheet(("Picture", "Render at", *HEADER)), **options)
    made.template = PICTURES
    made.restart()
    made.know_the_tab()
    return made


@pytest.fixture
def world(folder):
    made = opened(folder)
    yield made
    made.close()


def said(world, headline="Spring"):
    return tuple(world.shown(headline, column) for column in ("Status", "What to do", "Problem code"))


def is_ticked(world, headline="Spring"):
    return world.shown(headline, "Approve") is True


def test_a_good_link(world):
    """Looked at when it is there; a moment later that still counts."""
    world.add("Spring", Picture=SHOE)
    world.approve("Spring")
    world.settle()

    assert world.shown("Spring") == "Done"
    assert world.media.looks == [SHOE]


def test_f_M08_a_thousand_rows_of_one_site(world):
    """A thousand rows with five links are five looks, however often they are read."""
    for number in range(1_000):
        world.add(f"No {number}", Picture=f"https://pictures.example/{number % 5}.png")
    world.look()
    world.wait(60)

    assert sorted(world.media.looks) == [f"https://pictures.example/{number}.png" for number in range(5)]


def test_nothing_is_sent_before_the_look(world):
    """The site takes its time; the row says what is waited for, and goes on by itself."""
    world.scouts.is_held = True
    world.add("Spring", Picture=SHOE)
    world.approve("Spring")
    world.wait(120)
    assert said(world) == ("Waiting", 'Looking at the link in "Picture" first.', None)
    assert world.service.charges == []

    world.scouts.come_back()
    world.scouts.is_held = False
    world.wait(10)

    assert world.charges_for("Spring") == 1


def test_a_dead_link(world):
    """It is looked at twice more before the tick is cleared; with another link it is rendered."""
    world.media.put(SHOE, Finding.GONE)
    world.add("Spring", Picture=SHOE)
    world.sheet.tick(2)
    world.wait(10)
    assert said(world)[0] == "Waiting"
    assert is_ticked(world)
    world.wait(60)
    assert said(world) == ("Needs fixing", '"Picture" link leads nowhere. Paste a new link.', "MEDIA-404")
    assert not is_ticked(world)
    assert world.media.looks == [SHOE] * 3

    world.sheet.type(2, "Picture", OTHER)
    world.look()
    world.approve("Spring")
    world.settle()

    assert world.shown("Spring") == "Done"
    assert world.charges_for("Spring") == 1


def test_a_link_that_is_dead_for_a_moment(world):
    """Two looks found nothing, the third one did: nobody was bothered."""
    world.media.put(SHOE, Finding.GONE, Finding.GONE, FileKind.PNG)
    world.add("Spring", Picture=SHOE)
    world.approve("Spring")
    world.settle()

    assert world.shown("Spring") == "Done"
    assert [change.column for change in world.sheet.log if change.after == "Needs fixing"] == []


@pytest.mark.parametrize(
    ("found", "text", "code"),
    [
        (Finding.LOCKED, '"Picture" needs a sign-in. Share it as "Anyone with the link".', "MEDIA-PRIVATE"),
        (
            FileKind.PAGE,
            '"Picture" is a web page, not a picture. Use the direct link to the file.',
            "MEDIA-PAGE",
        ),
        (FileKind.PDF, '"Picture" is a PDF. Use a PNG or JPEG.', "MEDIA-TYPE"),
    ],
)
def test_an_unusable_link(world, found, text, code):
    """The tick is cleared with the reason beside it; nothing is sent, now or after a restart."""
    world.media.put(SHOE, found)
    world.add("Spring", Picture=SHOE)
    world.sheet.tick(2)
    world.look()
    world.restart()
    world.wait(60)

    assert said(world) == ("Needs fixing", text, code)
    assert not is_ticked(world)
    assert world.service.charges == []


def test_shared_without_touching_the_sheet(world):
    """The link is the same, the file is shared now: one tick is enough."""
    world.media.put(SHOE, Finding.LOCKED)
    world.add("Spring", Picture=SHOE)
    world.wait(60)
    assert said(world)[0] == "Needs fixing"
    world.media.put(SHOE, FileKind.JPEG)

    world.approve("Spring")
    world.settle()

    assert world.shown("Spring") == "Done"
    assert world.charges_for("Spring") == 1


def test_a_bad_link_mends_itself(world):
    """It is looked at again now and then; the row becomes ready without anybody's doing."""
    world.media.put(SHOE, Finding.LOCKED)
    world.add("Spring", Picture=SHOE)
    world.look()
    world.media.put(SHOE, FileKind.JPEG)
    world.wait(150)

    assert world.shown("Spring") == "Ready to approve"
    assert len(world.media.looks) == 2


def test_a_silent_site(world):
    """It is tried again with growing gaps, the tick stays, and the row says when."""
    world.media.put(SHOE, Finding.SILENT, Finding.SILENT, FileKind.PNG)
    world.add("Spring", Picture=SHOE)
    world.approve("Spring")
    status, text, code = said(world)
    assert (status, code) == ("Retrying", "MEDIA-SLOW")
    assert text.startswith('"Picture" site is not answering. Trying again at ')

    world.settle()

    assert world.shown("Spring") == "Done"
    assert world.charges_for("Spring") == 1


def test_a_site_silent_for_long(world):
    """After three more tries it is said as it is; the approval stands and is honoured when the site is back."""
    world.media.put(SHOE, Finding.SILENT)
    world.add("Spring", Picture=SHOE)
    world.approve("Spring")
    world.wait(400)
    status, text, code = said(world)
    assert (status, code) == ("Needs fixing", "MEDIA-SLOW")
    assert text.startswith('"Picture" site is not answering. Paste another link, or wait')
    assert is_ticked(world)
    assert world.service.charges == []

    world.media.put(SHOE, FileKind.PNG)
    world.wait(700)

    assert world.charges_for("Spring") == 1
    assert is_ticked(world)


@pytest.mark.parametrize("found", [Finding.GONE, Finding.LOCKED, Finding.SILENT, FileKind.PAGE])
def test_a_link_that_dies_while_its_video_is_made(world, found):
    """The job is followed to its end, the row stays done for ever after, and nothing is sent again."""
    world.add("Spring", Picture=SHOE)
    world.approve("Spring")
    assert world.charges_for("Spring") == 1
    world.media.put(SHOE, found)
    world.restart()
    world.wait(900)
    world.settle()
    world.wait(3600)
    world.restart()
    world.wait(60)

    assert world.shown("Spring") == "Done"
    assert world.charges_for("Spring") == 1
    assert is_ticked(world)


def test_a_lost_answer_beside_a_dead_link(world):
    """A send in doubt is looked up as ever; found, it is followed, whatever became of the link."""
    world.add("Spring", Picture=SHOE)
    world.service.lost_answers = 1
    world.approve("Spring")
    world.media.put(SHOE, FileKind.PAGE)
    world.wait(600)
    world.settle()

    assert world.shown("Spring") == "Done"
    assert world.charges_for("Spring") == 1


def test_a_link_that_dies_in_line(folder):
    """Fine when it was approved, a quarter of an hour ago: it is looked at again right before its turn."""
    world = opened(folder, policy=Policy(max_in_flight=1))
    world.add("Spring", Picture=SHOE)
    world.add("Summer", Picture=OTHER)
    world.approve("Spring", "Summer")
    assert len(world.service.charges) == 1
    world.media.put(OTHER, FileKind.PAGE)
    world.wait(900)
    world.settle()

    assert said(world, "Summer")[0] == "Needs fixing"
    assert world.charges_for("Summer") == 0
    assert world.shown("Spring") == "Done"
    world.close()


def test_a_long_line_is_not_looked_at_all_the_time(folder):
    """Half an hour behind a slow video costs the sites of those in line a few looks each."""
    world = opened(folder, policy=Policy(max_in_flight=1))
    for number in range(40):
        world.add(f"No {number}", Picture=f"https://pictures.example/{number}.png")
    world.approve(*(f"No {number}" for number in range(40)))
    world.wait(1800)

    assert len(world.media.looks) <= 40 + 3 * 16
    world.close()


def test_a_link_that_ends_before_its_hour(world):
    """Signed for a day, wanted in two: that is said at once; with an hour within the day it is fine."""
    start = f"{world.clock.now():%Y%m%dT%H%M%SZ}"
    link = f"{SHOE}?X-Amz-Date={start}&X-Amz-Expires=86400&X-Amz-Signature=ab"
    at = world.clock.now() + timedelta(days=2)
    number = world.add("Spring", Picture=link, **{"Render at": as_serial(at)})
    world.look()
    assert said(world)[0] == "Needs fixing"
    assert said(world)[2] == "MEDIA-EXPIRES"
    assert world.media.looks == []

    world.sheet.type(number, "Render at", as_serial(at - timedelta(days=1, hours=1)))
    world.look()

    assert world.shown("Spring") == "Ready to approve"


def test_a_signed_link_that_ends_while_its_row_waits(world):
    """The robot wakes for it: the tick is cleared, and nothing is sent."""
    start = f"{world.clock.now():%Y%m%dT%H%M%SZ}"
    link = f"{SHOE}?X-Amz-Date={start}&X-Amz-Expires=3600&X-Amz-Signature=ab"
    world.scouts.is_held = True
    world.add("Spring", Picture=link)
    world.approve("Spring")
    assert is_ticked(world)
    world.wait(3600)

    assert said(world)[2] == "MEDIA-EXPIRES"
    assert not is_ticked(world)
    assert world.states() == [State.CANCELLED]


def test_a_failed_video_of_a_dead_link(world):
    """The reason is found out, and Retry is not offered where it cannot help."""
    world.add("Spring", Picture=SHOE)
    world.approve("Spring")
    world.media.put(SHOE, Finding.GONE)
    world.wait(60)
    world.service.failing_renders = ["Could not download an asset."]
    world.settle()
    world.wait(60)
    assert said(world) == ("Needs fixing", '"Picture" link leads nowhere. Paste a new link.', "MEDIA-404")

    world.sheet.tick(2, "Retry")
    world.wait(60)

    assert world.charges_for("Spring") == 1


def test_quiet_once_all_is_known(world):
    """A sheet whose links are all fine is no work: not a look, not a write, for hours."""
    for number in range(5):
        world.add(f"No {number}", Picture=SHOE)
    world.look()
    writes = len(world.sheet.log)
    world.wait(4 * 3600)

    assert world.media.looks == [SHOE]
    assert len(world.sheet.log) == writes

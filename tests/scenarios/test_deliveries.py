"""Finished videos find their place: the row is done at once, the lasting link comes when the copy is there."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
from fakes.storage import PICTURE, VIDEO, FakeDownloads, FakeStorage, InlineCouriers, PlainLoft
from fakes.world import World

from bot.adapters.journal_archive import JournalArchive
from bot.domain.delivery import COPIES, LOOKS, DeliveryProblem, DeliveryState
from bot.planner.delivering import DeliveryPolicy
from bot.ports import JournalError
from bot.reconciler.couriers import Van
from bot.reconciler.delivery_desk import DeliveryDesk
from bot.reconciler.meter import Meter

DAY = 86_400
MINE = "https://mine.example/"


class Shop:
    """A world with a storage and the web its videos lie on; its couriers carry everything out at once."""

    def __init__(self, world: World, folder: Path, *, public_url: str = MINE, copies: bool = True) -> None:
        self.world = world
        self.web = FakeDownloads()
        self.web.open = MINE
        self.storage = FakeStorage()
        self._policy = DeliveryPolicy(
            "{name}", copies=copies, storage=self.storage.label, public_url=public_url, look_seconds=7 * DAY
        )
        self._van = Van(self.web, self.storage if copies else None, PlainLoft(folder), public_url)
        self.restart()

    def set_public_url(self, public_url: str) -> None:
        """Somebody edits the settings and restarts the robot."""
        self._policy = replace(self._policy, public_url=public_url)
        self._van = replace(self._van, public_url=public_url)
        self.restart()

    def restart(self) -> None:
        """A new process: what couriers had found and nobody wrote down is lost."""
        self.meter = Meter(self.world.clock)
        couriers = InlineCouriers(self._van.carry_out)
        self.desk = DeliveryDesk(self.world.clock, couriers, self._policy, self.meter)

    def make(self, *headlines: str) -> None:
        """These rows are approved and made, and their videos lie on the service's web."""
        for headline in headlines:
            self.world.add(headline)
        self.world.approve(*headlines)
        self.world.settle()
        for headline in headlines:
            [job] = self.world.jobs_for(headline)
            self.web.files |= {job.url: VIDEO + headline.encode(), job.thumbnail_url: PICTURE}

    def look(self) -> None:
        """What the daemon does with each turn, until there is nothing to do."""
        for _ in range(3):
            self.desk.serve(self.world.robot.books)
            self.world.look()

    def wait(self, seconds: float) -> None:
        """Time passes in four steps."""
        for _ in range(4):
            self.world.clock.advance(seconds / 4)
            self.look()

    def says(self, headline: str) -> tuple[object, ...]:
        """(status, what to do, whose link it shows)."""
        status, text, link = (self.world.shown(headline, one) for one in ("Status", "What to do", "Video"))
        return status, text, "mine" if str(link).startswith(MINE) else "the service's"

    def states(self) -> list[DeliveryState]:
        return [one.state for one in self.world.memory().deliveries.values()]


@pytest.fixture
def shop(world: World, tmp_path: Path) -> Shop:
    return Shop(world, tmp_path)


def test_row_is_done_before_its_copy_is_there(shop: Shop):
    """With the service's link; then with the lasting one, and nothing else in the row changes."""
    shop.make("Spring")
    before = shop.world.sheet.row(2)
    shop.look()
    after = shop.world.sheet.row(2)
    changed = {name for name in before if before[name] != after[name]}

    assert before["Status"] == after["Status"] == "Done"
    assert changed == {"Video", "Thumbnail URL"}
    assert (before["Video"] in shop.web.files, str(after["Video"]).startswith(MINE)) == (True, True)
    assert sorted(one.rpartition(".")[2] for one in shop.storage.files) == ["jpg", "mp4"]
    assert shop.world.charges_for("Spring") == 1


def test_quiet_world_is_left_alone(shop: Shop):
    """Once everything is copied, nothing is loaded, written or journaled any more."""
    shop.make("Spring")
    shop.look()
    fetches, writes = len(shop.web.fetches), len(shop.world.sheet.log)
    shop.wait(3600)

    assert (len(shop.web.fetches), len(shop.world.sheet.log)) == (fetches, writes)


def test_edited_after_it_was_copied(shop: Shop):
    """Out of date like any other, with its lasting link; the new video gets a copy of its own."""
    shop.make("Spring")
    shop.look()
    shop.world.sheet.type(2, "Headline", "Summer")
    shop.look()
    outdated = shop.says("Summer")
    shop.world.sheet.untick(2)
    shop.world.look()
    shop.world.approve("Summer")
    shop.world.settle()
    [job] = shop.world.jobs_for("Summer")
    shop.web.files |= {job.url: VIDEO + b"Summer", job.thumbnail_url: PICTURE}
    shop.look()

    assert (outdated[0], outdated[2]) == ("Out of date", "mine")
    assert shop.says("Summer") == ("Done", None, "mine")
    assert len([one for one in shop.storage.files if one.endswith(".mp4")]) == 2


def test_storage_in_trouble_keeps_no_row_from_being_done(shop: Shop):
    """One copy tries, the others wait; told from the second try on; with room again all of them are made."""
    shop.storage.trouble = DeliveryProblem.NO_ROOM
    shop.make("Spring", "Summer", "Autumn")
    shop.look()
    first = [shop.says(one)[1] for one in ("Spring", "Summer", "Autumn")]
    shop.wait(120)
    later = [shop.says(one) for one in ("Spring", "Summer", "Autumn")]
    told = [one.text for one in shop.desk.matters]
    tried = sum(link.endswith(".mp4") for link in shop.web.fetches)
    shop.storage.trouble = None
    shop.wait(2 * 3600)

    assert first == [None] * 3
    assert {one[0] for one in later} == {"Done"}
    assert any("No room for copies." in str(one[1]) for one in later)
    assert tried <= 6
    assert told == ["Finished videos are not copied. No room for copies. See rowreel doctor."]
    assert shop.desk.matters == ()
    assert [shop.says(one) for one in ("Spring", "Summer", "Autumn")] == [("Done", None, "mine")] * 3


def test_f_J02_storage_in_trouble_costs_room_for_one_video(shop: Shop):
    """The same video tries for all, for hours: each one that is loaded lies on the journal's own disk meanwhile."""
    shop.storage.trouble = DeliveryProblem.NO_ROOM
    shop.make("Spring", "Summer", "Autumn")
    shop.look()
    for _ in range(10):
        shop.wait(900)
    loaded = {link for link in shop.web.fetches if link.endswith(".mp4")}
    shop.storage.trouble = None
    shop.wait(2 * 3600)

    assert len(loaded) == 1
    assert set(shop.states()) == {DeliveryState.STORED}


def test_the_video_that_tries_for_all_may_end(shop: Shop):
    """Another one takes its turn."""
    shop.storage.trouble = DeliveryProblem.NO_ROOM
    shop.make("Spring", "Summer", "Autumn")
    shop.look()
    [first] = {link for link in shop.web.fetches if link.endswith(".mp4")}
    del shop.web.files[first]
    for _ in range(30):
        shop.wait(900)
    shop.storage.trouble = None
    shop.wait(2 * 3600)

    assert sorted(shop.states()) == [DeliveryState.REFUSED, DeliveryState.STORED, DeliveryState.STORED]


def test_link_that_ends_before_there_is_a_copy(shop: Shop):
    """Said in the row and in the Log: nobody can copy it any more, and what helps is told."""
    shop.make("Spring")
    shop.web.files.clear()
    shop.wait(600)
    shop.wait(600)
    [job] = shop.world.intents()
    said = JournalArchive(shop.world.path)
    events = [one.text for one in said.story(job.job_id) if one.text]
    said.close()
    gone = "The link has ended, and there is no copy. Tick Retry to make the video again."

    assert shop.says("Spring") == ("Done", gone, "the service's")
    assert shop.world.shown("Spring", "Problem code") == "DELIVER"
    assert events == [gone]


def test_link_without_a_copy_is_found_dead_after_a_week(world: World, tmp_path: Path):
    """Where nothing is copied links are looked at all the same; a dead one is believed at the second look."""
    shop = Shop(world, tmp_path, copies=False)
    shop.make("Spring")
    shop.look()
    shop.web.files.clear()
    shop.wait(7 * DAY)
    once = shop.says("Spring")
    shop.wait(1200)

    assert once == ("Done", None, "the service's")
    assert str(shop.says("Spring")[1]).startswith("The link has ended, and there is no copy.")


def test_service_forgets_a_video_that_is_stored(world: World, tmp_path: Path):
    """Without a public address the row says where the copy is."""
    shop = Shop(world, tmp_path, public_url="")
    shop.make("Spring")
    shop.look()
    shop.web.files.clear()
    shop.wait(8 * DAY)
    shop.wait(1200)
    [name] = [one for one in shop.storage.files if one.endswith(".mp4")]

    assert shop.says("Spring") == ("Done", f"Link expired. Stored copy: {name}.", "the service's")


def test_whoever_watches_sees_how_copies_and_looks_end(shop: Shop):
    """Counted by outcome, in words out of a short list."""
    shop.storage.trouble = DeliveryProblem.NOT_ALLOWED
    shop.make("Spring")
    shop.look()
    shop.storage.trouble = None
    shop.wait(60)
    shop.web.open = ""
    shop.wait(8 * DAY)
    shop.meter.publish()
    counted = shop.meter.latest.tally.copies

    assert (counted["copy", "not allowed"], counted["copy", "stored"]) == (1, 1)
    assert counted["look", "dead"] >= 1
    assert set(counted) <= {*COPIES, *LOOKS}


def test_link_of_a_copy_that_does_not_open(shop: Shop):
    """A private bucket, or a wrong address in the settings: the service's link stays, and an admin is asked for."""
    shop.web.open = ""
    shop.make("Spring")
    shop.look()
    at_first = shop.says("Spring")
    shop.wait(1200)
    then = shop.says("Spring")
    shop.web.open = MINE
    shop.wait(8 * DAY)

    assert at_first == ("Done", None, "the service's")
    assert then[1:] == (
        "The stored copy is there, but its link does not open. Ask an admin.",
        "the service's",
    )
    assert shop.says("Spring") == ("Done", None, "mine")


@pytest.mark.parametrize("at_first", ["", "https://wrong.example/"])
def test_public_address_that_is_set_or_mended_later(world: World, tmp_path: Path, at_first: str):
    """Copies that are there already get their lasting links too, each as soon as it was seen to open."""
    shop = Shop(world, tmp_path, public_url=at_first)
    shop.make("Spring")
    shop.wait(1200)
    before = shop.says("Spring")[2]
    shop.set_public_url(MINE)
    shop.look()

    assert (before, shop.says("Spring")) == ("the service's", ("Done", None, "mine"))
    assert str(shop.world.shown("Spring", "Thumbnail URL")).startswith(MINE)


def test_thumbnail_somebody_deleted_is_shown_from_the_service(shop: Shop):
    """A week later it is missed; for it alone the video is not loaded again, and keeps its lasting link."""
    shop.make("Spring")
    shop.look()
    before = shop.world.shown("Spring", "Thumbnail URL")
    [picture] = [name for name in shop.storage.files if name.endswith(".jpg")]
    del shop.storage.files[picture]
    loaded = len(shop.web.fetches)
    shop.wait(8 * DAY)

    assert str(before).startswith(MINE)
    assert not str(shop.world.shown("Spring", "Thumbnail URL")).startswith(MINE)
    assert shop.says("Spring") == ("Done", None, "mine")
    assert len(shop.web.fetches) == loaded


def test_copy_somebody_deleted_is_made_again(shop: Shop):
    """A week later it is missed, and loaded once more."""
    shop.make("Spring")
    shop.look()
    shop.storage.files.clear()
    shop.wait(8 * DAY)

    assert len(shop.storage.files) == 2
    assert shop.says("Spring") == ("Done", None, "mine")


def test_thumbnail_that_cannot_be_had(shop: Shop):
    """Is no reason to go without the video."""
    shop.make("Spring")
    [job] = shop.world.jobs_for("Spring")
    del shop.web.files[job.thumbnail_url]
    shop.look()

    assert shop.says("Spring") == ("Done", None, "mine")
    assert shop.world.shown("Spring", "Thumbnail URL") == job.thumbnail_url


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"<html>hello</html>", "Its link leads to no video. Ask the video team."),
        (VIDEO + bytes(3_000_000), None),
    ],
)
def test_what_is_no_video_is_not_kept(world: World, tmp_path: Path, content: bytes, words: str | None):
    """A page in its place, or more than may be copied."""
    shop = Shop(world, tmp_path)
    shop._van = Van(shop.web, shop.storage, PlainLoft(tmp_path), MINE, most_bytes=1_000_000)
    shop.restart()
    shop.make("Spring")
    [job] = world.jobs_for("Spring")
    shop.web.files[job.url] = content
    shop.look()
    text = words or "It is too large. Download it from the link."

    assert shop.says("Spring") == ("Done", f"Video ready, but not copied. {text}", "the service's")
    assert shop.storage.files == {}
    assert list(tmp_path.iterdir()) == []


def test_f_P01_killed_between_a_copy_and_its_entry(shop: Shop):
    """The file is there, nobody wrote it down: the next process finds the very same one, and makes no second."""
    shop.make("Spring")
    shop.desk.serve(shop.world.robot.books)  # the couriers are back, nothing is written down
    held = dict(shop.storage.files)
    shop.world.restart()
    shop.restart()
    unknown = shop.states()
    shop.look()

    assert (len(held), unknown) == (2, [])
    assert shop.storage.files == held
    assert shop.says("Spring") == ("Done", None, "mine")


def test_journal_that_refuses_an_entry_loses_no_copy(shop: Shop):
    """What was found waits until it can be written down; it is not loaded twice."""
    shop.make("Spring")
    shop.desk.serve(shop.world.robot.books)
    path = shop.world.path
    path.rename(path.with_suffix(".away"))
    with pytest.raises(JournalError):
        shop.desk.serve(shop.world.robot.books)
    path.with_suffix(".away").rename(path)
    shop.look()

    assert len(shop.web.fetches) == 2
    assert shop.says("Spring") == ("Done", None, "mine")


def test_restart_remembers_what_is_copied(shop: Shop):
    """A new process loads nothing that is stored."""
    shop.make("Spring", "Summer")
    shop.look()
    fetches = len(shop.web.fetches)
    shop.world.restart()
    shop.restart()
    shop.look()

    assert len(shop.web.fetches) == fetches
    assert shop.states() == [DeliveryState.STORED] * 2

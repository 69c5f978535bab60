"""People are told what they must act on and how batches ended: once, also across the end of a process."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from datetime import time
from pathlib import Path
from typing import Any

import pytest
from builders import policy
from fakes.messages import FakeMessenger, InlineRunners
from fakes.world import World

from bot.adapters.journal_news import JournalNews
from bot.domain.failures import Failure, FailureClass, ProblemCode
from bot.domain.letters import Letter, Outcome
from bot.domain.news import Quiet, Topic
from bot.messengers import herald
from bot.planner.post import MOST_TRIES
from bot.planner.telling import Manners
from bot.ports import JournalError, NewsDesk
from bot.reconciler.health import Health
from bot.reconciler.herald import Herald
from bot.reconciler.meter import Meter
from bot.reconciler.report import TickReport
from bot.settings import load_settings

REFUSED = Failure(FailureClass.DENIED, ProblemCode.AUTH, "401: API key required")
ROWS = ("Alpha", "Bravo", "Charlie")


class Office:
    """A world whose robot tells people."""

    def __init__(self, folder: Path, *outcomes: Outcome, manners: Manners | None = None) -> None:
        self.world = World(folder, policy=policy(sample_size=0))
        self.slack = FakeMessenger(*outcomes)
        self.mail = FakeMessenger()
        self.manners = manners or Manners()
        self.health = Health()
        self.open()
        for headline in ROWS:
            self.world.add(headline)
        self.world.know_the_tab()

    def open(self) -> None:
        """A process begins."""
        self.runners = InlineRunners(slack=self.slack)
        self.tries = Counter[tuple[str, str]]()
        self.herald = Herald(
            JournalNews(self.world.journal),
            self.runners,
            self.manners,
            self.world.clock,
            count=lambda channel, outcome: self.tries.update([(channel, outcome)]),
        )
        tick = self.world.robot.tick

        def told() -> TickReport:
            report = tick()
            self.herald.note("Videos", report.affairs)
            self.herald.tend(self.health.matters)
            return report

        self.world.robot.tick = told  # type: ignore[method-assign]

    def restart(self) -> None:
        """The process is killed, and another one begins."""
        self.world.restart()
        self.open()

    @property
    def texts(self) -> list[str]:
        """All that arrived."""
        return [item.text for letter in self.slack.letters for item in letter.items]


@pytest.fixture
def office(folder: Path) -> Iterator[Office]:
    made = Office(folder)
    yield made
    made.world.close()


def finish(office: Office, *headlines: str) -> None:
    office.world.approve(*headlines)
    office.world.settle()


# -- what is told -------------------------------------------------------------------


def test_a_batch_is_told_of_when_its_last_row_ends(office: Office):
    """One message, with what it took and cost."""
    finish(office, *ROWS)
    office.world.wait(3600)

    assert len(office.texts) == 1
    assert office.texts[0].startswith("3 of 3 done in ")
    assert office.texts[0].endswith(" min, 27 credits.")


def test_rows_that_need_somebody_are_named(office: Office):
    """By the number they stand at when it is told."""
    office.world.add("Much too long for this column")
    office.world.sheet.tick(office.world.number("Much too long for this column"))
    finish(office, *ROWS)

    assert office.texts == ["3 of 4 done in 1 min, 27 credits. 1 needs fixing: row 5."]


def test_a_refused_key_is_told_once(office: Office):
    """However often it is tried, and again only when it was accepted in between and an hour has passed."""
    office.world.service.refusals["submit"] = [REFUSED] * 40
    office.world.approve(*ROWS)
    office.world.wait(3600)

    assert office.texts == ["The Zvid key was refused. Rows are safe. An admin must renew the key."]
    assert office.slack.letters[0].is_urgent


def test_nobody_is_told_while_all_goes_by_itself(office: Office):
    """A network that is down for a while is the robot's own matter."""
    down = Failure(FailureClass.TRANSIENT, ProblemCode.NET, "not sent (ConnectError)")
    office.world.service.refusals["submit"] = [down] * 6
    finish(office, "Alpha")

    assert office.texts == []


def test_quiet_hours_are_those_of_the_sheet(folder: Path):
    """Nothing until they end, then one message."""
    office = Office(folder, manners=Manners(Quiet(time(0), time(23, 59))))
    finish(office, *ROWS)
    night = office.texts[:]
    # The one minute of the day that is not quiet.
    while office.manners.quiet.covers(office.world.clock.now(), office.world.sheet.zone):
        office.world.clock.advance(30)
    office.world.wait(5)
    office.world.close()

    assert night == []
    assert len(office.texts) == 1


# -- restarts --------------------------------------------------------------------------


def test_a_restart_tells_nothing_twice(office: Office):
    """The batch and the key were told by a process that is gone."""
    office.world.service.refusals["submit"] = [REFUSED] * 3
    finish(office, *ROWS)
    before = office.texts[:]
    office.restart()
    office.world.wait(7200)

    assert len(before) == 2
    assert office.texts == before


@pytest.mark.parametrize(
    ("arrived", "is_digest"), [(True, True), (False, True), (True, False), (False, False)]
)
def test_f_P02_killed_while_a_letter_is_out(office: Office, arrived: bool, is_digest: bool):
    """Nobody knows whether it arrived: what needs a person goes again under the same id, a digest does not."""
    office.runners.is_slow = True
    if is_digest:
        finish(office, *ROWS)
    else:
        office.world.service.refusals["submit"] = [REFUSED] * 99
        office.world.approve(*ROWS)
        office.world.wait(60)
    [out] = office.runners.on_the_road
    if arrived:
        office.runners.arrive()
    office.restart()
    office.world.wait(120)

    assert {letter.id for letter in office.slack.letters} <= {out.letter.id}
    assert len(office.slack.letters) == arrived + (not is_digest)


def test_f_P02_killed_before_a_letter_left(office: Office):
    """It waited behind another one: it leaves with the next process."""
    office.runners.is_slow = True
    office.world.service.refusals["submit"] = [REFUSED] * 3
    finish(office, *ROWS)
    [first] = office.runners.on_the_road
    office.restart()
    office.world.wait(60)

    assert first.letter.items[0].topic is Topic.KEY
    assert [letter.items[0].topic for letter in office.slack.letters] == [None, Topic.KEY]


def test_a_clean_end_leaves_no_doubt(office: Office):
    """Who is back in time is heard: the next process sends nothing again."""
    office.runners.is_slow = True
    office.world.service.refusals["submit"] = [REFUSED] * 99
    office.world.approve(*ROWS)
    office.world.wait(60)
    office.runners.arrive()
    office.herald.sign_off()
    office.restart()
    office.world.wait(120)

    assert len(office.slack.letters) == 1


def test_killed_before_it_was_journaled(office: Office):
    """Nothing was told, so it is told by whoever comes next."""
    refuse_to_keep(office)
    office.runners.is_slow = True
    finish(office, *ROWS)
    office.restart()
    office.world.wait(60)

    assert len(office.texts) == 1


def test_a_channel_taken_out_of_the_settings(office: Office):
    """What waited for it is dropped; nobody else gets it in its stead."""
    office.runners.is_slow = True
    office.world.service.refusals["submit"] = [REFUSED] * 3
    finish(office, *ROWS)
    runners = InlineRunners(mail=office.mail)
    herald = Herald(JournalNews(office.world.journal), runners, office.manners, office.world.clock)
    herald.tend()

    assert herald.is_idle
    assert office.mail.letters == []


# -- trouble on the way -------------------------------------------------------------------


def test_a_slow_channel_delays_nobody(office: Office):
    """Rows are done and the next letter waits, while the first is under way for ever."""
    office.runners.is_slow = True
    office.world.service.refusals["submit"] = [REFUSED] * 3
    finish(office, *ROWS)

    assert [office.world.shown(one) for one in ROWS] == ["Done"] * 3
    assert len(office.runners.on_the_road) == 1


def test_a_channel_that_is_down_is_tried_again(folder: Path):
    """More and more seldom, and not for ever."""
    office = Office(folder, Outcome.NOT_NOW)
    finish(office, *ROWS)
    office.world.wait(60)
    soon = office.slack.tries
    office.world.wait(7200)
    office.world.close()

    assert 2 <= soon < MOST_TRIES == office.slack.tries
    assert office.herald.is_idle


def test_a_channel_that_comes_back(folder: Path):
    """The letter is told once, and each try counted for whoever watches."""
    office = Office(folder, Outcome.NOT_NOW, Outcome.NOT_NOW, Outcome.DELIVERED)
    finish(office, *ROWS)
    office.world.wait(600)
    office.world.close()

    assert len(office.texts) == 1
    assert office.tries == {("slack", "not now"): 2, ("slack", "delivered"): 1}


def test_a_refusal_is_the_end(folder: Path):
    """An address that is no more is not asked again; the next letter tries it anew."""
    office = Office(folder, Outcome.REFUSED)
    finish(office, *ROWS)
    office.world.wait(600)
    office.world.close()

    assert office.slack.tries == 1


@pytest.mark.parametrize("outcome", [Outcome.REFUSED, Outcome.IN_DOUBT, Outcome.NOT_NOW])
def test_what_is_given_up_is_told_in_the_log(folder: Path, heard: list[Any], outcome: Outcome):
    """Once, under a name of its own, whatever the last try met: nobody else says that a message never arrived."""
    office = Office(folder, outcome)
    finish(office, *ROWS)
    office.world.wait(7200)
    office.world.close()

    assert [one["event"] for one in heard].count("letter_given_up") == 1


def test_the_first_refusal_of_a_way_is_a_rise(
    office: Office, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    """Prometheus sees no rise in a figure that begins at one: those of a way to people begin at nought."""
    monkeypatch.setenv("NOTIFY_SLACK_URL", "https://hooks.example/T0/B0/x")
    file = tmp_path / "bot.toml"
    file.write_text('[[sheets]]\nspreadsheet = "s"\n')
    meter = Meter(office.world.clock)

    assert herald(load_settings(file), office.world.journal, office.world.clock, meter) is not None
    meter.publish()
    assert meter.latest.tally.letters == {("slack", outcome.value): 0 for outcome in Outcome}


# -- the robot itself ------------------------------------------------------------------------


class SickBook:
    """A journal that can be read and not written."""

    def __init__(self, book: JournalNews) -> None:
        self._book = book

    def read(self) -> NewsDesk:
        return self._book.read()

    def keep(self, *_given: NewsDesk) -> None:
        raise JournalError("database or disk is full")


def refuse_to_keep(office: Office) -> None:
    office.herald._book = SickBook(JournalNews(office.world.journal))


def test_a_sick_journal_is_told_although_it_cannot_be_noted(office: Office, heard: list[Any]):
    """Once, as long as this process lives; and nothing of what the disk said, but in the log, once too."""
    refuse_to_keep(office)
    office.health.note("Videos", (), "database or disk is full", Topic.JOURNAL)
    office.health.note("Other", (), "database or disk is full", Topic.JOURNAL)
    office.herald.tend(office.health.matters)
    office.herald.tend(office.health.matters)

    assert office.texts == [
        "The journal cannot be used, so nothing is sent. An admin must read the robot's log."
    ]
    assert [one["event"] for one in heard].count("news_not_kept") == 1


@pytest.mark.parametrize(
    ("topic", "seconds", "text"),
    [
        (Topic.SHEET, 0, "The robot cannot read or write this tab."),
        (Topic.HEADER, 121, "The header cannot be worked with, so nothing is sent."),
    ],
)
def test_a_tab_in_trouble(office: Office, topic: Topic, seconds: float, text: str):
    """A header that is being mended gets its two minutes."""
    office.health.note("Videos", (), "403: a person's words", topic)
    office.herald.tend(office.health.matters)
    office.world.clock.advance(seconds)
    office.herald.tend(office.health.matters)

    assert [one.partition(". ")[0] + "." for one in office.texts] == [text]
    assert office.slack.letters[0].items[0].tab == "Videos"


def test_our_own_mistake_is_told_from_the_third_time(office: Office):
    """Its number is in the log."""
    found: list[list[Letter]] = []
    for _ in range(3):
        office.health.note("Videos", ("R-104200",))
        office.herald.tend(office.health.matters)
        found.append(office.slack.letters[:])

    assert [len(one) for one in found] == [0, 0, 1]
    assert office.texts == [
        "The robot meets the same mistake of ours again and again. An admin must read its log."
    ]

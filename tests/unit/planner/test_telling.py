"""What stands on a tab, and what is told of it, merged into one letter."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, time, timedelta

import pytest
from builders import NOW, TAB, Desk, entry, intent, memory, policy, row, snapshot, template

from bot.domain import wording
from bot.domain.control import Control, blank_control, read_control
from bot.domain.failures import FailureClass, ProblemCode
from bot.domain.gates import Gate
from bot.domain.holds import Hold, HoldKind
from bot.domain.ids import TabKey
from bot.domain.intents import State, Trouble
from bot.domain.letters import Delivery, Item, Letter, Outcome, Parcel
from bot.domain.news import Batch, Matter, Quiet, Topic
from bot.planner.matters import ACCOUNT, ROBOT, owner_of
from bot.planner.plan import plan
from bot.planner.post import MOST_TRIES, after_crash, after_try
from bot.planner.telling import Affairs, Envelope, Manners, News, tell, trial_letter

KEY = Matter(Topic.KEY, ACCOUNT, "The Zvid key was refused. Rows are safe.")
DECIDE = Matter(Topic.DECISION, owner_of(TAB), "Row 4 needs a decision. Look at Zvid.", "job-1", 4, "raaab")
SICK = Matter(Topic.SHEET, ROBOT, "The robot cannot read or write this tab.", "Videos", tab="Videos")
ENVELOPE = Envelope("letter-1", {TAB: "Videos"}, {TAB: "https://sheet.example/"})
NIGHT = Quiet(time(11), time(13))
"""It is noon in the tests."""


# -- what stands ----------------------------------------------------------------


def standing(seen, **rules):
    return plan(seen, policy(**rules)).matters


@pytest.mark.parametrize(
    ("kind", "topics"),
    [
        (HoldKind.KEY, [Topic.KEY]),
        (HoldKind.ADDRESS, [Topic.ADDRESS]),
        (HoldKind.CREDITS, [Topic.CREDITS]),
        (HoldKind.RATE, []),
        (HoldKind.NETWORK, []),
        (HoldKind.COLD, []),
    ],
)
def test_holds_that_need_a_person(kind, topics):
    """What lifts by itself is nobody's matter."""
    found = standing(snapshot(hold=Hold(kind, 1e9), hold_left=60))

    assert [one.topic for one in found] == topics
    assert all(one.owner == ACCOUNT for one in found)


def test_a_breaker_says_nothing_of_what_was_answered():
    """The service's own words may quote a cell."""
    gate = Gate(streak=5, streak_version=template().hash)
    [found] = standing(snapshot(memory=replace(memory(), gate=gate)))

    assert found.topic is Topic.BREAKER
    assert found.text.startswith("Stopped to protect your credits: 5 videos failed the same way.")


def test_a_broken_template_is_told_with_its_reason():
    """Its author wrote it, no cell did."""
    [found] = standing(snapshot(design_trouble="project.json is no JSON."))

    assert (found.topic, found.text) == (
        Topic.TEMPLATE,
        "Template broken: project.json is no JSON. Rows hold until it is mended.",
    )


def crowd(**rules):
    """Three rows ticked at once, of a version nobody has looked at."""
    desk = Desk(*(row(f"Row {number}", number=number) for number in (2, 3, 4)))
    desk.control = read_control(blank_control([("Videos", 0)]), 0)
    desk.policy = policy(**rules)
    desk.tick()
    for position in range(3):
        desk.approve(position)
    desk.tick()
    desk.tick(minutes=1)
    return desk


def test_go_ahead_is_asked_for():
    """In the words of Control."""
    [found] = standing(crowd(sample_size=0, ask_above_rows=2).look(), sample_size=0, ask_above_rows=2)

    assert (found.topic, found.text) == (
        Topic.GO_AHEAD,
        "3 rows wait at once, 27 credits. Tick Go ahead to render them. The box is on Control.",
    )


def test_go_ahead_without_such_a_box():
    """Nobody can tick it: whoever runs the robot is told what to do."""
    desk = crowd(sample_size=0, ask_above_rows=2)
    desk.control = Control()
    [found] = standing(desk.look(), sample_size=0, ask_above_rows=2)

    assert found.text.endswith("An admin must run rowreel init.")


def test_a_sample_is_told_of_when_there_is_something_to_look_at():
    """While it is made, nobody can do anything."""
    desk = crowd(sample_size=1)
    assert standing(desk.look(), sample_size=1) == ()

    record = desk.memory.gate.sample.records[0]
    position = next(place for place in range(3) if desk.id(place) == record)
    desk.settle(State.COMPLETED, position)
    [found] = standing(desk.look(), sample_size=1)
    assert found.text == (
        "Look at 1 sample (1 done). Tick Go ahead for the other 2, 18 credits. The box is on Control."
    )


def test_a_decision_is_told_by_its_row():
    """With the number the row has now, and no word of its content."""
    lost = Trouble(FailureClass.IN_DOUBT, ProblemCode.TIMEOUT, "Took longer than 60 min.", "")
    rows = [row("Secret plan", number=2, id="raaab"), row("Other", number=3, id="raaac")]
    intents = [
        intent("raaab", State.NEEDS_DECISION, trouble=lost),
        intent("raaac", State.NEEDS_DECISION),
        intent("raaad", State.NEEDS_DECISION),
    ]
    entries = [entry("raaab"), entry("raaac", row_number=3)]
    found = standing(snapshot(rows, entries=entries, intents=intents))

    assert [one.text.partition(". ")[0] for one in found] == [
        "Row 2 needs a decision",
        "Row 3 needs a decision",
        "A row that is gone needs a decision",
    ]
    assert found[0].text.endswith("Took longer than 60 min.")
    assert len({one.key for one in found}) == 3


# -- what is told ----------------------------------------------------------------


def affairs(*matters, tab=TAB, held=None, zone=UTC):
    return Affairs(tab, zone, matters, held or memory())


def told(news, *tabs, robot=(), manners=None, at=0.0):
    """(news, letter) after so many minutes."""
    now = NOW + timedelta(minutes=at)
    return tell(news, tabs, robot, manners or Manners(), now, ENVELOPE)


def batch_of(count, state=State.COMPLETED):
    intents = [intent(f"raaa{name}", state, number=number) for number, name in enumerate("bcde"[:count], 1)]
    entries = [entry(one.key.record, row_number=number) for number, one in enumerate(intents, 2)]
    return memory(entries=entries, intents=intents)


BEGUN = News(batches={TAB: Batch()})


def test_one_thing_is_its_own_subject():
    """People read the subject first."""
    news, letter = told(News(), affairs(KEY))

    assert letter == Letter(
        "letter-1",
        NOW,
        "Rowreel: The Zvid key was refused",
        (Item(Topic.KEY, "", KEY.text),),
        is_urgent=True,
        link="https://sheet.example/",
    )
    assert told(news, affairs(KEY), at=600)[1] is None


def test_several_things_are_one_letter():
    """The end of a batch among them."""
    _, letter = told(BEGUN, affairs(KEY, DECIDE, held=batch_of(3)), robot=(SICK,))

    assert letter.subject == "Rowreel: 4 things to know"
    assert [(one.topic, one.tab, one.rows) for one in letter.items] == [
        (Topic.SHEET, "Videos", ()),
        (Topic.KEY, "", ()),
        (Topic.DECISION, "Videos", (4,)),
        (None, "Videos", ()),
    ]


def test_an_accounts_matter_is_told_once_for_all_tabs():
    """Two tabs, one key; and no link, where there are two sheets."""
    other = TabKey("spreadsheet-2", 0)
    _, letter = told(News(), affairs(KEY), affairs(KEY, tab=other))

    assert [one.topic for one in letter.items] == [Topic.KEY]
    assert letter.link == ""


def test_many_decisions_are_one_line():
    """After an outage dozens of rows may ask for one."""
    others = [
        replace(DECIDE, what=f"job-{number}", row=number, record=f"raaa{number}") for number in (7, None)
    ]
    _, letter = told(News(), affairs(DECIDE, *others))

    assert letter.items == (
        Item(
            Topic.DECISION,
            "Videos",
            "3 need a decision: rows 4, 7 and 1 more. Nothing more is sent for them; see the sheet.",
            (4, 7),
            ("raaab", "raaa7", "raaaNone"),
        ),
    )


def test_the_end_of_a_batch_is_told_once():
    """It is no urgent matter."""
    news, letter = told(BEGUN, affairs(held=batch_of(2)))

    assert letter.subject == "Rowreel: Videos: 2 of 2 done in 1 min, 18 credits"
    assert not letter.is_urgent
    assert told(news, affairs(held=batch_of(2)), at=5)[1] is None


@pytest.mark.parametrize(
    ("count", "state", "is_told"),
    [(1, State.COMPLETED, False), (1, State.FAILED, True), (2, State.COMPLETED, True)],
)
def test_a_single_row_that_went_well_is_no_batch(count, state, is_told):
    """Whoever ticked it looks at it; one that failed is told."""
    news, letter = told(BEGUN, affairs(held=batch_of(count, state)))

    assert (letter is not None) is is_told
    assert news.batches[TAB].mark == count


def test_where_telling_begins_nothing_has_ended():
    """The history of a sheet is no news."""
    news, letter = told(News(), affairs(held=batch_of(3)))

    assert letter is None
    assert news.batches == {TAB: Batch(mark=3)}


def test_quiet_hours_hold_everything_back():
    """In the morning there is one letter with what still stands and all that ended in the night."""
    night = Manners(NIGHT)
    news, letter = told(BEGUN, affairs(KEY, DECIDE, held=batch_of(2)), robot=(SICK,), manners=night)
    assert letter is None

    news, letter = told(news, affairs(DECIDE, held=batch_of(4)), manners=night, at=59)
    assert letter is None

    news, letter = told(news, affairs(DECIDE, held=batch_of(4)), manners=night, at=60)
    assert [one.text[:11] for one in letter.items] == ["Row 4 needs", "4 of 4 done"]
    assert told(news, affairs(DECIDE, held=batch_of(4)), manners=night, at=61)[1] is None


def test_a_robot_that_knows_no_tab_yet():
    """It speaks by the clock of the world, and says nothing of the account."""
    before, _ = told(News(), affairs(KEY))
    news, letter = told(before, robot=(SICK,), at=5)

    assert letter.subject == "Rowreel: Videos: The robot cannot read or write this tab"
    assert news.ledger[KEY.key].lifted_at is None


def test_a_trial():
    """What the doctor sends when asked to is nobody's task."""
    letter = trial_letter("letter-2", NOW)

    assert letter.subject == "Rowreel: This is a test"
    assert (letter.id, letter.is_urgent) == ("letter-2", False)
    assert [one.topic for one in letter.items] == [Topic.TRIAL]


# -- on its way -------------------------------------------------------------------

LETTER = Letter("0badcafe", NOW, "Rowreel: Hello", (), is_urgent=False)
PARCEL = Parcel(LETTER, "slack", is_out=True)
URGENT = replace(PARCEL, letter=replace(LETTER, is_urgent=True))


@pytest.mark.parametrize("outcome", [Outcome.DELIVERED, Outcome.REFUSED])
def test_an_answer_is_the_end(outcome):
    """Delivered is delivered, and refused would be refused again."""
    assert after_try(PARCEL, Delivery(outcome), NOW) is None


def test_what_surely_did_not_arrive_goes_again():
    """Later and later, as the one ladder has it, and never before the other side wants it."""
    again = after_try(PARCEL, Delivery(Outcome.NOT_NOW), NOW)
    asked = after_try(PARCEL, Delivery(Outcome.NOT_NOW, retry_after=120), NOW)
    endless = after_try(PARCEL, Delivery(Outcome.NOT_NOW, retry_after=1e9), NOW)

    assert (again.tries, again.is_out) == (1, False)
    assert timedelta(seconds=2.5) <= again.not_before - NOW <= timedelta(seconds=5)
    assert asked.not_before - NOW == timedelta(minutes=2)
    assert endless.not_before - NOW == timedelta(minutes=15)


def test_tries_are_bounded():
    """Somebody who never answers is given up."""
    parcel, tries = URGENT, 0
    while parcel is not None:
        parcel, tries = after_try(parcel, Delivery(Outcome.IN_DOUBT), NOW), tries + 1

    assert tries == MOST_TRIES


def test_a_doubt_repeats_only_what_needs_a_person():
    """A digest that may have arrived is not sent twice; a refused key that may not have arrived is."""
    doubt = Delivery(Outcome.IN_DOUBT)

    assert after_try(PARCEL, doubt, NOW) is None
    assert after_try(URGENT, doubt, NOW).letter is URGENT.letter


def test_a_crash_is_a_doubt():
    """What had not left yet leaves as if nothing had happened."""
    waiting = replace(PARCEL, is_out=False)

    assert after_crash(PARCEL, NOW) is None
    assert after_crash(URGENT, NOW).tries == 1
    assert after_crash(waiting, NOW) is waiting


def test_copies_are_told_apart():
    """One letter goes several ways."""
    assert PARCEL.key == ("0badcafe", "slack") != replace(PARCEL, channel="mail").key


@pytest.mark.parametrize(
    "say",
    [
        wording.sheet_out_of_reach,
        wording.header_out_of_order,
        wording.journal_out_of_order,
        wording.same_mistake_again,
    ],
)
def test_what_the_robot_says_of_itself(say):
    """What is wrong, and who does what about it, in two short sentences or three."""
    assert len(say()) < 120
    assert say().count(".") in {2, 3}

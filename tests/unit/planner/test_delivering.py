"""Copies and looks at links: what is due, what becomes of what was found, and what the row says."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, timedelta

import pytest
from builders import NOW, TAB, columns, content, entry, intent, memory, policy, row, snapshot, written

from bot.domain.contract import RobotColumn
from bot.domain.delivery import (
    FOR_GOOD,
    OF_THE_STORAGE,
    Delivered,
    Delivery,
    DeliveryProblem,
    DeliveryState,
    Digest,
    Looked,
    Stored,
    Undelivered,
)
from bot.domain.entries import Tick
from bot.domain.intents import State
from bot.domain.news import Topic
from bot.planner.actions import KeepDelivery
from bot.planner.delivering import DeliveryPolicy, Fetch, LookAt, delivery_words, matter_of, orders, outcome
from bot.planner.plan import plan

DAY = 86_400.0
COPYING = DeliveryPolicy(
    "{date}/{name}", copies=True, storage="here", public_url="https://mine.example", look_seconds=7 * DAY
)
LOOKING = replace(COPYING, copies=False)
DONE = intent(state=State.COMPLETED, thumbnail_url="https://cdn.example/raaab-0.jpg")
VIDEO = Stored(
    "2026-08-03/big-sale-raaab.mp4", Digest(5, "0" * 64), "https://mine.example/2026-08-03/big-sale-raaab.mp4"
)
PICTURE = Stored("p.jpg", Digest(3, "1" * 64), "https://mine.example/p.jpg")
STORED = Delivery(DONE.job_id, DeliveryState.STORED, NOW, "here", VIDEO, PICTURE, looked_at=NOW)
FETCH = Fetch(TAB, DONE, "2026-08-03/big-sale-raaab")
LOOK = LookAt(TAB, DONE, DONE.url or "", None)
P = DeliveryProblem


def known(*deliveries: Delivery, intents=(DONE,), present: bool = True):
    """A tab with these videos and what is known of their copies."""
    held = memory(entries=[entry(present=present)], intents=intents)
    held.absorb(KeepDelivery(one, DONE.key.record) for one in deliveries)
    return held


def due(held, rules=COPYING, *, days: float = 0, **more):
    return orders(TAB, held, NOW + timedelta(days=days), rules, **more)


def failed(problem: DeliveryProblem, times: int = 1) -> KeepDelivery:
    """What is kept after so many tries that ended like this."""
    change = None
    for _ in range(times):
        before = change.delivery if change else None
        change = outcome(FETCH, before, Undelivered(problem, "seen by developers"), NOW)
    assert change is not None
    return change


def looked(before: Delivery | None, *, is_stored: bool | None = None, is_alive: bool | None = None):
    return outcome(LOOK, before, Looked(is_stored, is_alive), NOW).delivery


# -- what is due ----------------------------------------------------------------


def test_finished_videos_are_copied_under_the_rules_name():
    """At once, each of them; what has not ended well has nothing to copy."""
    others = [intent("rbbbc", state) for state in (State.ACTIVE, State.FAILED)]
    no_link = intent("rcccd", State.COMPLETED, url=None)

    assert due(known(intents=[DONE, *others, no_link])).due == (FETCH,)


def test_what_is_stored_is_copied_no_more():
    """Its link is looked at a week later, and its copy with it."""
    assert due(known(STORED)).due == ()
    [look] = due(known(STORED), days=7).due

    assert look == LookAt(TAB, DONE, VIDEO.link or "", VIDEO, PICTURE)


def test_copy_in_another_storage_is_not_looked_for():
    """Only its link, where it has one; else the service's."""
    elsewhere = replace(STORED, storage="there", video=replace(VIDEO, link=None))

    assert due(known(elsewhere), days=7).due == (LOOK,)


def test_nothing_is_copied_where_there_is_no_storage():
    """Links of rows without a copy are looked at all the same, a week after the video was made at the latest."""
    assert due(known(), LOOKING).due == ()
    assert due(known(), LOOKING, days=7).due == (LOOK,)
    assert due(known(), replace(LOOKING, look_seconds=0), days=700).due == ()


def test_looks_are_spread():
    """Not all videos of one day come up at one moment."""
    many = [intent(f"r{number:03d}x", State.COMPLETED) for number in range(40)]
    held = memory(entries=[entry(f"r{number:03d}x") for number in range(40)], intents=many)
    early = orders(TAB, held, NOW + timedelta(days=6), LOOKING, most=100)

    assert 5 < len(early.due) < 35
    assert early.next_at is not None
    assert NOW + timedelta(days=6) < early.next_at < NOW + timedelta(days=7)


def test_only_links_people_see_are_looked_at():
    """Neither a row that is gone nor an older video of the row."""
    newer = intent(state=State.COMPLETED, attempt=1, number=2)
    unknown = replace(known(), entries={})

    assert due(known(present=False), LOOKING, days=8).due == ()
    assert due(unknown, LOOKING, days=8).due == ()
    assert [one.intent for one in due(known(intents=[DONE, newer]), LOOKING, days=8).due] == [newer]


def test_what_failed_waits_and_comes_after_what_was_never_tried():
    """Its next time is known; a wall clock that was set back does not make it wait for years."""
    again = failed(P.NO_ROOM).delivery
    other = intent("rbbbc", State.COMPLETED, finished_at=NOW + timedelta(days=1))
    early = due(known(again))
    late = due(known(again, intents=[DONE, other]), days=1)

    assert (early.due, early.next_at) == ((), again.not_before)
    assert [one.intent for one in late.due] == [other, DONE]
    assert due(known(again), days=-400).due == (FETCH,)


def test_only_so_many_are_handed_out():
    """Copies first, looks with what room is left; none is copied while the storage rests."""
    old = intent("rbbbc", State.COMPLETED, content=content("Old"), finished_at=NOW - timedelta(days=9))
    held = memory(entries=[entry(), entry("rbbbc")], intents=[DONE, old])
    held.absorb([KeepDelivery(replace(STORED, job_id=old.job_id, looked_at=None), old.key.record)])

    assert [type(one) for one in due(held, most=2).due] == [Fetch, LookAt]
    assert [type(one) for one in due(held, most=1).due] == [Fetch]
    assert [type(one) for one in due(held, copying=False).due] == [LookAt]


def test_where_copies_are_switched_off_no_row_goes_on_speaking_of_them():
    """What failed is forgotten, once."""
    first = due(known(failed(P.NO_ROOM, 3).delivery), LOOKING)
    [change] = first.changes

    assert (change.delivery.problem, change.delivery.tries) == (None, 0)
    assert due(known(change.delivery), LOOKING).changes == ()


# -- what becomes of it ---------------------------------------------------------


def test_copy_is_kept_with_everything_known_of_it():
    """All earlier trouble is forgotten."""
    before = failed(P.NO_ROOM, 3).delivery
    change = outcome(FETCH, before, Delivered("here", VIDEO, PICTURE), NOW)

    assert change == KeepDelivery(STORED, DONE.key.record)
    assert (STORED.link, STORED.thumbnail_link) == (VIDEO.link, PICTURE.link)


@pytest.mark.parametrize("problem", sorted(set(P) - FOR_GOOD))
def test_passing_trouble_is_tried_again_without_end(problem: DeliveryProblem):
    """Soon at first, then every hour; the Log says so once, when the second try failed."""
    gaps = []
    said = []
    for times in (1, 2, 3, 5, 6):
        change = failed(problem, times)
        assert change.delivery.not_before is not None
        gaps.append((change.delivery.not_before - NOW).total_seconds())
        said.append(bool(change.said))

    assert gaps == sorted(gaps)
    assert gaps[0] <= 5
    assert gaps[-2:] == [3600, 3600]
    assert said == [False, True, False, False, False]


@pytest.mark.parametrize("problem", sorted(FOR_GOOD - {P.SOURCE_GONE}))
def test_what_trying_cannot_help_is_left(problem: DeliveryProblem):
    """At once, and said in the Log."""
    change = failed(problem)

    assert change.delivery.state is DeliveryState.REFUSED
    assert change.said.startswith("Video ready, but not copied. ")
    assert due(known(change.delivery)).due == ()


def test_link_that_leads_nowhere_may_need_a_moment():
    """Right after the end the service's link may not work yet; after five tries it never will, until a look finds it."""
    soon, gone = failed(P.SOURCE_GONE, 4), failed(P.SOURCE_GONE, 5)

    assert (soon.delivery.state, soon.said) == (DeliveryState.WAITING, "")
    assert delivery_words(soon.delivery, UTC) == ""
    assert gone.delivery.state is DeliveryState.REFUSED
    assert gone.said == "The link has ended, and there is no copy. Tick Retry to make the video again."
    assert looked(gone.delivery, is_alive=True).state is DeliveryState.WAITING


def test_dead_link_is_looked_at_once_more_before_it_is_called_dead():
    """Ten minutes later, not a week; one that works again is forgiven, and silence says nothing."""
    once = looked(None, is_alive=False)
    soon = due(known(once), LOOKING, days=11 / 24 / 60).due
    twice = looked(once, is_alive=False)

    assert (once.is_link_dead, twice.is_link_dead) == (False, True)
    assert soon == (LOOK,)
    assert due(known(twice), LOOKING, days=1).due == ()
    assert looked(twice, is_alive=True).misses == 0
    assert looked(once, is_alive=None) == once


def test_copy_that_is_gone_is_made_again():
    """As long as the service has the video: it is waiting like a new one."""
    gone = looked(STORED, is_stored=False, is_alive=False)

    assert (gone.state, gone.misses, gone.link) == (DeliveryState.WAITING, 0, None)
    assert due(known(gone)).due == (FETCH,)
    assert looked(STORED, is_stored=True, is_alive=True) == STORED
    assert looked(STORED, is_alive=True) == STORED


# -- words ----------------------------------------------------------------------

DEAD = {"misses": 2}


@pytest.mark.parametrize(
    ("delivery", "words"),
    [
        (None, ""),
        (STORED, ""),
        (failed(P.NO_ROOM).delivery, ""),
        (failed(P.NO_ROOM, 2).delivery, "Video ready. No room for copies. Copying it again at 12:00."),
        (
            failed(P.NO_ROOM, 5).delivery,
            "Video ready, not copied yet. No room for copies. Tried again every hour.",
        ),
        (
            failed(P.TOO_LARGE).delivery,
            "Video ready, but not copied. It is too large. Download it from the link.",
        ),
        (replace(STORED, **DEAD), "The stored copy is there, but its link does not open. Ask an admin."),
        (
            replace(STORED, video=replace(VIDEO, link=None), **DEAD),
            "Link expired. Stored copy: 2026-08-03/big-sale-raaab.mp4.",
        ),
        (
            Delivery(DONE.job_id, DeliveryState.WAITING, NOW, **DEAD),
            "The link has ended, and there is no copy. Tick Retry to make the video again.",
        ),
    ],
)
def test_what_a_finished_row_says(delivery: Delivery | None, words: str):
    """Nothing when all is well, else what is wrong and what to do."""
    assert delivery_words(delivery, UTC) == words


def shown(delivery: Delivery | None, **known_as):
    """The robot's cells of the finished row."""
    held = replace(known(*([delivery] if delivery else [])), entries={DONE.key.record: entry(**known_as)})
    rows = [row(id="raaab", approve=True)]
    [after] = written(rows, plan(snapshot(rows, memory=held), policy()).edits)
    return {column: after.at(columns().robot[column]) for column in RobotColumn}


def test_row_shows_the_lasting_links_and_nothing_else_changes():
    """Video and thumbnail, once there are copies; the job, its approval and its status stay."""
    bound = {"approve": Tick.BOUND}
    before, after = shown(None, **bound), shown(STORED, **bound)
    changed = {column for column in RobotColumn if before[column] != after[column]}

    assert changed == {RobotColumn.VIDEO, RobotColumn.THUMBNAIL_URL}
    assert (before[RobotColumn.VIDEO], after[RobotColumn.VIDEO]) == (DONE.url, VIDEO.link)
    assert after[RobotColumn.THUMBNAIL_URL] == PICTURE.link
    assert after[RobotColumn.STATUS] == "Done"


def test_lasting_link_that_does_not_open_is_not_shown():
    """Right after copying, and whenever a look finds it so; it is looked at again ten minutes later."""
    change = outcome(FETCH, None, Delivered("here", VIDEO, PICTURE, is_link_closed=True), NOW)
    closed = change.delivery
    again = due(known(closed), days=11 / 24 / 60).due
    open_again = looked(closed, is_alive=True)

    assert shown(closed)[RobotColumn.VIDEO] == DONE.url
    assert shown(closed)[RobotColumn.WHAT_TO_DO] is None
    assert again == (LookAt(TAB, DONE, VIDEO.link or "", VIDEO, PICTURE),)
    assert shown(open_again)[RobotColumn.VIDEO] == VIDEO.link
    assert shown(looked(closed, is_alive=False))[RobotColumn.VIDEO] == DONE.url


def test_row_without_a_link_for_its_copy_keeps_the_services():
    """A copy nobody can reach by a link is no reason to take a link away."""
    silent = replace(STORED, video=replace(VIDEO, link=None), thumbnail=None)

    assert shown(silent)[RobotColumn.VIDEO] == DONE.url
    assert shown(silent)[RobotColumn.THUMBNAIL_URL] == DONE.thumbnail_url


def test_deleted_thumbnail_gives_way_to_the_services():
    """The video beside it stays where it was copied to."""
    cells = shown(outcome(LOOK, STORED, Looked(True, True, has_thumbnail=False), NOW).delivery)

    assert cells[RobotColumn.THUMBNAIL_URL] == DONE.thumbnail_url
    assert cells[RobotColumn.VIDEO] == VIDEO.link


def test_trouble_with_a_copy_leaves_the_row_done():
    """It says what, and bears the code."""
    trouble = failed(P.NOT_ALLOWED, 2).delivery
    cells = shown(trouble)

    assert (cells[RobotColumn.STATUS], cells[RobotColumn.PROBLEM_CODE]) == ("Done", "DELIVER")
    assert str(cells[RobotColumn.WHAT_TO_DO]).startswith("Video ready. The storage refuses copies.")


def test_memory_after_changes_leaves_the_one_before_alone():
    """A plan's view of what will be is not what is."""
    before = known()
    after = before.after([KeepDelivery(STORED, DONE.key.record)])

    assert (before.deliveries, after.deliveries) == ({}, {DONE.job_id: STORED})


@pytest.mark.parametrize(("is_alive", "word"), [(True, "works"), (False, "dead"), (None, "unknown")])
def test_a_look_in_one_word(is_alive: bool | None, word: str):
    """For those who count."""
    assert Looked(None, is_alive).outcome == word


def test_storage_in_trouble_is_an_admins_matter():
    """In words that fit a message; whatever the trouble, it is one matter."""
    told = [matter_of(problem) for problem in sorted(OF_THE_STORAGE)]

    assert len({one.key for one in told}) == 1
    assert {one.topic for one in told} == {Topic.COPIES}
    assert all(one.text.endswith("See rowreel doctor.") for one in told)


def test_links_are_those_of_the_settings():
    """Where nobody looks at links they are shown at once; without an address there are none."""
    old = replace(STORED, video=replace(VIDEO, link="https://old.example/x.mp4"), thumbnail=None, misses=2)
    [set_anew] = due(known(old), replace(COPYING, look_seconds=0)).changes
    [unset] = due(known(STORED), replace(COPYING, public_url="")).changes

    assert (set_anew.delivery.video, set_anew.delivery.misses) == (VIDEO, 0)
    assert unset.delivery.link is unset.delivery.thumbnail_link is None
    assert due(known(replace(old, storage="elsewhere"))).changes == ()

"""What is told once, again, and not in quiet hours."""

from __future__ import annotations

from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from builders import NOW

from bot.domain.news import Matter, Quiet, Told, Topic, is_due, noted, told

KEY = Matter(Topic.KEY, "account", "The Zvid key was refused.")
ASKED = Matter(Topic.GO_AHEAD, "book/0", "Tick Go ahead.")


def minutes(count: float) -> datetime:
    return NOW + timedelta(minutes=count)


def test_what_just_began_is_due():
    """A refused key is told at the first look that knows of it."""
    ledger = noted({}, [KEY], {"account"}, NOW)

    assert is_due(KEY, ledger, NOW)


def test_what_people_mend_themselves_gets_a_moment():
    """Whoever ticks 60 boxes and then Go ahead is not written to in between."""
    ledger = noted({}, [ASKED], {"book/0"}, NOW)

    assert [is_due(ASKED, ledger, minutes(after)) for after in (0, 0.9, 1)] == [False, False, True]


def test_told_once_while_it_stands():
    """However long it stands, and however often it is looked at."""
    ledger = told(noted({}, [KEY], {"account"}, NOW), [KEY], NOW)
    later = noted(ledger, [KEY], {"account"}, minutes(600))

    assert later == ledger
    assert not is_due(KEY, later, minutes(600))


@pytest.mark.parametrize(
    ("gone_for", "back_at", "is_told"),
    [(1, 90, False), (5, 30, False), (5, 61, True)],
    ids=["a restart", "it flaps", "another time"],
)
def test_what_comes_back(gone_for: float, back_at: float, is_told: bool):
    """Soon back was never gone; another time is told, but at most once an hour."""
    ledger = told(noted({}, [KEY], {"account"}, NOW), [KEY], NOW)
    ledger = noted(ledger, [], {"account"}, minutes(back_at - gone_for))
    ledger = noted(ledger, [KEY], {"account"}, minutes(back_at))

    assert is_due(KEY, ledger, minutes(back_at)) is is_told


def test_a_flapping_hold_is_told_when_its_hour_is_over():
    """It was back within the hour, and still stands after it."""
    ledger = told(noted({}, [KEY], {"account"}, NOW), [KEY], NOW)
    ledger = noted(ledger, [], {"account"}, minutes(10))
    ledger = noted(ledger, [KEY], {"account"}, minutes(20))

    assert [is_due(KEY, ledger, minutes(at)) for at in (59, 60)] == [False, True]


def test_a_clock_set_back_silences_nothing():
    """Told tomorrow by a clock that was wrong: what begins today is told today."""
    ledger = {KEY.key: Told(minutes(-10), told_at=minutes(24 * 60), lifted_at=minutes(24 * 60))}
    ledger = noted(ledger, [KEY], {"account"}, NOW)
    again = {KEY.key: Told(minutes(25 * 60), told_at=minutes(24 * 60))}

    assert not is_due(KEY, ledger, NOW)  # it was told, and is the same by all that is known
    assert is_due(KEY, again, minutes(26 * 60))


def test_only_its_owner_says_that_it_is_over():
    """A tab that cannot be read says nothing, so nothing of it is over."""
    ledger = told(noted({}, [ASKED], {"book/0"}, NOW), [ASKED], NOW)

    assert noted(ledger, [], {"account"}, minutes(5)) == ledger
    assert noted(ledger, [], {"book/0"}, minutes(5))[ASKED.key].lifted_at == minutes(5)


def test_what_is_long_over_is_forgotten():
    """An hour after it was told, or after it was over where nobody was told."""
    ledger = {
        KEY.key: Told(NOW, told_at=NOW, lifted_at=minutes(10)),
        ASKED.key: Told(NOW, lifted_at=minutes(10)),
    }
    owners = {"account", "book/0"}

    assert set(noted(ledger, [], owners, minutes(59))) == {KEY.key, ASKED.key}
    assert set(noted(ledger, [], owners, minutes(60))) == {ASKED.key}
    assert set(noted(ledger, [], owners, minutes(70))) == set()


@pytest.mark.parametrize(
    ("begins", "ends", "at", "is_quiet"),
    [
        (22, 7, 21, False),
        (22, 7, 22, True),
        (22, 7, 3, True),
        (22, 7, 7, False),
        (12, 14, 13, True),
        (12, 14, 14, False),
        (8, 8, 8, False),
    ],
)
def test_quiet_hours_may_go_past_midnight(begins: int, ends: int, at: int, is_quiet: bool):
    """By the sheet's own time, the end not included; no hours at all where both are the same."""
    zone = ZoneInfo("America/New_York")
    now = datetime(2026, 8, 3, at, tzinfo=zone).astimezone(UTC)

    assert Quiet(time(begins), time(ends)).covers(now, zone) is is_quiet

"""How the robot is: what makes it unhealthy, what keeps it from being ready, and how long things took."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from bot.domain import wording
from bot.domain.intents import State
from bot.domain.vitals import (
    HOLDS,
    JOURNAL,
    Spread,
    TabVitals,
    Vitals,
    ailments,
    obstacles,
)

NOW = datetime(2026, 8, 3, 14, tzinfo=UTC)
READ = TabVitals("Videos", read_at=NOW)


def vitals(*tabs: TabVitals, bugs: tuple[str, ...] = ()) -> Vitals:
    return Vitals(NOW, NOW, tabs, bugs=bugs)


def test_times_are_counted_by_their_bounds():
    """A bound counts what took exactly as long; less than nothing, after a clock was set, is nothing."""
    spread = Spread((1.0, 5.0))
    for seconds in (-3.0, 1.0, 4.0, 70.0):
        spread = spread.with_one(seconds)

    assert (spread.counts, spread.total) == ((2, 1, 1), 75.0)


def test_f_P08_silence_beyond_the_deadline_is_unhealthy():
    """Up to it the worker may be in the middle of a long step."""
    assert ailments(vitals(READ), 240, 240) == []
    assert [one.code for one in ailments(vitals(READ), 241, 240)] == ["stuck"]


def test_f_P11_the_same_bug_again_and_again_is_unhealthy():
    """Its number is told, so that the log can be searched."""
    [reason] = ailments(vitals(READ, bugs=("Videos: the same bug R-104200 3 times in a row",)), 0, 240)

    assert (reason.code, "R-104200" in reason.says) == ("bug", True)


@pytest.mark.parametrize(
    ("tab", "code"),
    [
        (TabVitals("Videos"), "tab_not_read"),
        (TabVitals("Videos", holds=frozenset({JOURNAL})), "journal_not_usable"),
        (TabVitals("Videos", NOW, holds=frozenset({"key refused", "paused"})), "key_refused"),
        (TabVitals("Videos", NOW, holds=frozenset({"address wrong"})), "address_wrong"),
        (TabVitals("Videos", NOW, holds=frozenset({"sheet refused"})), "sheet_refused"),
        (TabVitals("Videos", NOW, holds=frozenset({"sheet gone"})), "sheet_gone"),
        (TabVitals("Videos", holds=frozenset({"sheet gone"})), "sheet_gone"),
    ],
)
def test_what_keeps_it_from_being_ready(tab: TabVitals, code: str):
    """Each names its tab; one tab that is fine does not hide another that is not."""
    assert [(one.code, one.tab) for one in obstacles(vitals(READ, tab))] == [(code, "Videos")]


def test_a_person_s_pause_is_ready():
    """Paused, short of credits or asked for Go ahead: the robot itself has all it needs."""
    assert obstacles(vitals(TabVitals("Videos", NOW, holds=frozenset({"paused", "credits short"})))) == []


def test_what_waits_and_what_is_under_way():
    """A decision that is a person's is neither."""
    tab = TabVitals(
        "Videos", states={State.WAITING: 4, State.ACTIVE: 2, State.CHECKING: 1, State.NEEDS_DECISION: 9}
    )

    assert (tab.waiting, tab.under_way_count) == (4, 3)


@pytest.mark.parametrize("kind", HOLDS)
def test_every_hold_has_a_sentence(kind: str):
    """Whoever runs the robot reads what it means and what lifts it."""
    assert wording.hold_told(kind) != wording.hold_told("nothing of ours").replace("nothing of ours", kind)
    assert len(wording.hold_told(kind)) <= 90


def test_ends_are_told_in_plain_words():
    """A code nobody put into words stands for itself."""
    assert wording.end_told("RENDER-FAIL") == "Zvid could not finish it"
    assert (wording.end_told("MEDIA-404"), wording.end_told("")) == ("MEDIA-404", "Without a reason")


@pytest.mark.parametrize(
    ("figures", "line"),
    [
        ((0, 0, 0), "idle"),
        ((3, 12, 0), "3 rendering, 12 rows waiting"),
        ((0, 1, 1), "1 row waiting, 1 tab held"),
        ((0, 0, 2), "2 tabs held"),
    ],
)
def test_one_line_for_the_service_manager(figures: tuple[int, int, int], line: str):
    """What `systemctl status` shows."""
    assert wording.robot_line(*figures) == line

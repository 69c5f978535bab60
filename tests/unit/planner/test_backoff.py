"""Delays: growing, bounded, and spread by the intent's own name."""

from __future__ import annotations

import pytest
from builders import intent
from hypothesis import given
from hypothesis import strategies as st

from bot.planner.backoff import poll_delay, retry_delay, share_of


@pytest.mark.parametrize(("tries", "longest"), [(0, 5), (1, 10), (3, 40), (6, 300), (1_000_000, 300)])
def test_retry_delay(tries, longest):
    """Tries double from five seconds to five minutes, and are spread down to the half."""
    assert retry_delay(tries, 1) == longest
    assert retry_delay(tries, 0) == longest / 2


@pytest.mark.parametrize(("age", "delay"), [(0, 5), (49, 5), (100, 10), (599, 59.9), (1e9, 60)])
def test_poll_delay(age, delay):
    """Young jobs are looked at often, old ones seldom."""
    assert poll_delay(age, 5, 60) == pytest.approx(delay)


@given(st.uuids())
def test_share(name):
    """A name's share lies between 0 and 1."""
    assert 0 <= share_of(str(name)) <= 1


def test_share_is_steady():
    """The same intent always waits the same; its neighbour does not."""
    assert share_of(intent("raaab").job_id) == share_of(intent("raaab").job_id)
    assert share_of(intent("raaab").job_id) != share_of(intent("rbbbc").job_id)
    assert share_of("") == 0

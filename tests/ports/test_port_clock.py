"""The clock port: the machine's clock and the one tests move."""

from __future__ import annotations

from datetime import timedelta

import pytest
from fakes.clock import FakeClock

from bot.adapters.system_clock import SystemClock
from bot.ports import Clock


@pytest.fixture(params=[SystemClock, FakeClock])
def clock(request: pytest.FixtureRequest) -> Clock:
    made: Clock = request.param()
    return made


def test_wall_time_is_aware_utc(clock: Clock):
    """Times of different machines and zones can be compared."""
    assert clock.now().utcoffset() == timedelta(0)


def test_monotonic_never_goes_back(clock: Clock):
    """Waiting is measured by a clock that only goes forward."""
    seen = [clock.monotonic() for _ in range(100)]

    assert seen == sorted(seen)


def test_wall_jump_leaves_the_monotonic_clock_alone():
    """Somebody who sets the clock shortens no wait."""
    clock = FakeClock()
    before = clock.now(), clock.monotonic()
    clock.jump(-3600)

    assert (clock.now() - before[0]).total_seconds() == -3600
    assert clock.monotonic() == before[1]


def test_time_that_passes_moves_both():
    """An hour is an hour on either clock."""
    clock = FakeClock()
    before = clock.now(), clock.monotonic()
    clock.advance(3600)

    assert (clock.now() - before[0]).total_seconds() == clock.monotonic() - before[1] == 3600

"""The pace of calls to Google: below the quota, and slower after a refusal."""

from __future__ import annotations

import pytest

from bot.domain.pace import Pace, Quota


def made_in(pace: Pace, seconds: float, start: float = 0.0) -> list[float]:
    """When calls are made by somebody who calls as soon as that is allowed."""
    now, calls = start, list[float]()
    while now < start + seconds:
        if pace.wait(now) > 0:
            now += max(pace.wait(now), 0.001)
            continue
        pace.take(now)
        calls.append(now)
    return calls


def test_f_G01_never_sixty_calls_in_any_minute():
    """Also right after the burst, and after a long silence."""
    pace = Pace()
    calls = [*made_in(pace, 200), *made_in(pace, 200, start=10_000)]
    most = max(sum(start <= other < start + 60 for other in calls) for start in calls)

    assert most < 60


def test_f_G01_a_refusal_closes_the_door_and_slows_the_pace():
    """Nothing until the time named; slower from then on, and as fast as ever after a while."""
    pace = Pace()
    pace.take(0.0)
    pace.refused(0.0, 60.0)
    closed = pace.wait(30.0)
    after = len(made_in(pace, 60, start=60.0))
    made_in(pace, 600, start=1000.0)
    later = len(made_in(pace, 60, start=2000.0))

    assert closed >= 30.0
    assert after < 40
    assert after < later < 60


def test_f_G01_refusals_never_stop_it_for_good():
    """However often Google complains, a look every few seconds is left."""
    pace = Pace()
    for _ in range(50):
        pace.refused(0.0, 60.0)

    assert len(made_in(pace, 60, start=60.0)) >= 10


@pytest.mark.parametrize("quota", [Quota(), Quota.of_one_command()])
def test_f_G01_reads_and_writes_are_counted_apart(quota: Quota):
    """Writing much takes nothing from reading."""
    while not quota.writes.wait(0.0):
        quota.writes.take(0.0)

    assert quota.reads.wait(0.0) == 0

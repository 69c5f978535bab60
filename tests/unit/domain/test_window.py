"""The window: halved by a complaint, one wider after every four jobs taken, never beyond the setting."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.window import Window


@pytest.mark.parametrize(("width", "then"), [(12, 6), (3, 1), (2, 1), (1, 1)])
def test_f_Z09_halved(width, then):
    """Down to one, never to none."""
    assert Window(12, width).halved() == Window(12, then)


def test_f_Z09_one_wider_after_every_four():
    """What was taken before a change does not count for the next one."""
    window, widths = Window(3, 1), []
    for _ in range(9):
        window = window.after_accepted()
        widths.append(window.width)

    assert widths == [1, 1, 1, 2, 2, 2, 2, 3, 3]
    assert Window(4, 2, accepted=1).halved() == Window(4, 1)


def test_f_Z26_closed():
    """One job first."""
    assert Window.open(50).closed().width == 1


def test_f_Z26_soon_half_as_wide_again():
    """Every job taken is enough for one more, up to half of what was before the outage; then four are needed."""
    window, widths = Window.open(8).closed(), []
    for _ in range(8):
        window = window.after_accepted()
        widths.append(window.width)

    assert widths == [2, 3, 4, 4, 4, 4, 5, 5]


def test_f_Z26_outages_on_the_heels_of_each_other():
    """Each of them halves what is soon dared again; a complaint ends that."""
    twice = Window.open(8).closed().closed()

    assert twice.after_accepted().after_accepted().width == 2
    assert Window.open(8).closed().halved().after_accepted().width == 1


@given(st.integers(1, 100), st.lists(st.sampled_from(["halved", "closed", "after_accepted"])))
def test_f_Z09_always_between_one_and_the_setting(widest, story):
    """Whatever happens."""
    window = Window.open(widest)
    for step in story:
        window = getattr(window, step)()

        assert 1 <= window.width <= widest

"""Gates: edges of the Go ahead box, and rows of equal failures."""

from __future__ import annotations

import pytest

from bot.domain.entries import Tick
from bot.domain.failures import ProblemCode
from bot.domain.gates import Gate
from bot.domain.ids import TemplateHash


@pytest.mark.parametrize("box", list(Tick))
def test_empty_box_counts_anew(box):
    """Whatever it meant before."""
    assert Gate(box=box).seen(ticked=False, is_known=True).box is Tick.OPEN


@pytest.mark.parametrize(
    ("box", "is_known", "after"),
    [
        (Tick.OPEN, True, Tick.OPEN),
        (Tick.OPEN, False, Tick.SPENT),
        (Tick.SPENT, True, Tick.SPENT),
        (Tick.SPENT, False, Tick.SPENT),
    ],
)
def test_ticked_box(box, is_known, after):
    """A tick from before the tab was known is spent; else it is as good as it was."""
    assert Gate(box=box).seen(ticked=True, is_known=is_known).box is after


def test_go_ahead_settles_everything():
    """Old ticks, waiting rows and the breaker alike."""
    gate = Gate(first_contact=True, released=3, streak=5, streak_code=ProblemCode.RENDER_FAIL)

    assert gate.opened(40, None) == Gate(box=Tick.SPENT, released=40)


def test_versions_go_ahead_was_said_for():
    """Each once, the latest fifty."""
    gate = Gate()
    for number in range(60):
        gate = gate.opened(number, TemplateHash(f"v{number}")).opened(number, TemplateHash(f"v{number}"))

    assert gate.reviewed == tuple(f"v{number}" for number in range(10, 60))


def test_streak():
    """Equal failures add up; another one, or a success, begins anew."""
    gate = Gate()
    for code in (ProblemCode.RENDER_FAIL, ProblemCode.RENDER_FAIL):
        gate = gate.ended(code)
    other = gate.ended(ProblemCode.ZVID_REJECT)

    assert gate.streak == 2
    assert (other.streak, other.streak_code) == (1, ProblemCode.ZVID_REJECT)
    assert gate.ended(None) == Gate()

"""Gates: edges of the Go ahead box, and rows of equal failures."""

from __future__ import annotations

import pytest

from bot.domain.entries import Tick
from bot.domain.failures import ProblemCode
from bot.domain.gates import Gate
from bot.domain.ids import TemplateHash
from bot.domain.window import width_after


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

    assert gate.opened(40, None) == Gate(box=Tick.SPENT, released=40, healthy=0)


def test_versions_go_ahead_was_said_for():
    """Each once, the latest fifty."""
    gate = Gate()
    for number in range(60):
        gate = gate.opened(number, TemplateHash(f"v{number}")).opened(number, TemplateHash(f"v{number}"))

    assert gate.reviewed == tuple(f"v{number}" for number in range(10, 60))


V3, V4 = TemplateHash("v3"), TemplateHash("v4")


def test_streak():
    """Equal failures add up; another one, or a success, begins anew."""
    gate = Gate()
    for code in (ProblemCode.RENDER_FAIL, ProblemCode.RENDER_FAIL):
        gate = gate.ended(code, V3)
    other = gate.ended(ProblemCode.TIMEOUT, V3)

    assert (gate.streak, gate.streak_version) == (2, V3)
    assert (other.streak, other.streak_code) == (1, ProblemCode.TIMEOUT)
    assert gate.ended(None, V3) == Gate()


def test_streak_of_a_version():
    """Each version is counted for itself: jobs of an older one end neither its failures nor its peace."""
    gate = Gate().ended(ProblemCode.RENDER_FAIL, V3).ended(ProblemCode.RENDER_FAIL, V3)

    assert gate.is_shut(V3, 2)
    assert not gate.is_shut(V3, 3)
    assert not gate.is_shut(V4, 2)
    assert gate.ended(None, V4).is_shut(V3, 2)
    assert gate.ended(ProblemCode.RENDER_FAIL, V4).streak == 1


def test_steps_after_go_ahead():
    """Three at first, ten after three good results, all after ten more; a failure takes half of them back."""
    gate = Gate().opened(7, V3)
    widths = []
    for _ in range(14):
        widths.append(width_after(gate.healthy, 50))
        gate = gate.ended(None, V3)
    again = Gate(healthy=12).ended(ProblemCode.RENDER_FAIL, V3)

    assert widths == [3] * 3 + [10] * 10 + [50]
    assert (gate.healthy, gate.ended(ProblemCode.RENDER_FAIL, V3).healthy) == (None, None)
    assert (again.healthy, again.ended(ProblemCode.RENDER_FAIL, V3).healthy) == (6, 3)
    assert (
        width_after(again.ended(ProblemCode.RENDER_FAIL, V3).ended(ProblemCode.RENDER_FAIL, V3).healthy, 50)
        == 3
    )
    assert width_after(0, 2) == 2

"""What makes the robot call itself sick, and what is only an accident between a read and its write."""

from __future__ import annotations

from typing import Any, cast

import pytest

from bot.daemon import _sickness, _Turn
from bot.domain.failures import Failure, FailureClass, ProblemCode
from bot.reconciler.report import TickReport

GONE = Failure(FailureClass.REJECTED, ProblemCode.SERVICE, "Range (Videos!L2003) exceeds grid limits.")


def turn(**counted: int) -> _Turn:
    """One tab's turn that has seen so much trouble."""
    made = _Turn(cast("Any", None))
    for name, count in counted.items():
        setattr(made, name, count)
    return made


@pytest.mark.parametrize(("refused", "is_sick"), [(1, False), (2, True)])
def test_rows_deleted_between_a_read_and_its_write(refused: int, *, is_sick: bool):
    """The last rows went away just then: nobody is called before the next write is refused as well."""
    assert bool(_sickness(turn(unwritten=refused), TickReport(unwritten=GONE))) is is_sick


def test_sheet_that_is_not_shared_any_more():
    """Only a person can help where a read is refused: at once."""
    assert _sickness(turn(troubles=1), TickReport(failure=GONE))

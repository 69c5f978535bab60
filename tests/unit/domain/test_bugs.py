"""Bugs: numbered by where they are, not by what they say."""

from __future__ import annotations

from collections.abc import Callable

from bot.domain.bugs import bug_of


def divide(by: int) -> float:
    return 1 / by


def look(name: str) -> int:
    return {"a": 1}[name]


def caught(deed: Callable[[], object]) -> Exception:
    try:
        deed()
    except Exception as error:  # noqa: BLE001 - what this is about
        return error
    raise AssertionError("nothing went wrong")


def test_same_place_same_number():
    """Whatever the row, and whatever the message says of it."""
    first, second = (bug_of(caught(lambda one=name: look(one)), row) for row, name in enumerate("xy", 2))

    assert first.number == second.number
    assert (first.row, second.row) == (2, 3)
    assert str(first.cause) != str(second.cause)


def test_other_place_other_number():
    """Numbers tell faults apart, and are short enough to be read out."""
    numbers = {bug_of(caught(deed)).number for deed in (lambda: look("x"), lambda: divide(0))}

    assert len(numbers) == 2
    assert all(len(number) == 8 and number.startswith("R-") for number in numbers)

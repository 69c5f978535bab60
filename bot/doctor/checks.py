"""Checks: what was looked at, how it is, and what to do about it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from enum import StrEnum


class State(StrEnum):
    """How a check came out."""

    OK = "ok"
    WARNING = "warning"
    """The robot works, but somebody should know."""

    PROBLEM = "problem"
    """The robot cannot work, or not with this."""


@dataclass(frozen=True, slots=True)
class Check:
    """One line of the doctor's."""

    name: str
    state: State
    says: str
    fix: str = ""
    is_settings: bool = False
    """Whether it is a matter of the settings and files of this machine, not of the world outside."""


def fine(name: str, says: str) -> Check:
    """Nothing to do."""
    return Check(name, State.OK, says)


def warn(name: str, says: str, fix: str) -> Check:
    """Something to know."""
    return Check(name, State.WARNING, says, fix)


def trouble(name: str, says: str, fix: str) -> Check:
    """Something outside is wrong."""
    return Check(name, State.PROBLEM, says, fix)


def ours(name: str, says: str, fix: str) -> Check:
    """Something in the settings or in files of this machine is wrong."""
    return Check(name, State.PROBLEM, says, fix, is_settings=True)


def guarded(name: str, checks: Iterable[Check]) -> Iterator[Check]:
    """The checks of one room; a mistake of ours in it is one more line, and the next room is looked at all the same."""
    try:
        yield from checks
    except Exception as error:  # noqa: BLE001 - whatever it is, the doctor goes on
        # The words of an unexpected error may quote anything: its kind is enough.
        yield trouble(
            name, f"could not be looked at ({type(error).__name__})", "Please report this: it is our mistake."
        )


def exit_code(checks: Iterable[Check]) -> int:
    """0 when nothing is wrong, 2 when settings are, else 1; warnings do not count."""
    wrong = [check for check in checks if check.state is State.PROBLEM]
    if not wrong:
        return 0
    return 2 if any(check.is_settings for check in wrong) else 1

"""What one tick did, for the daemon's pace, the terminal, the log and whoever watches."""

from __future__ import annotations

from dataclasses import dataclass

from bot.domain.bugs import Bug
from bot.domain.contract import HeaderProblem
from bot.domain.failures import Failure
from bot.domain.vitals import TabVitals
from bot.planner.telling import Affairs


@dataclass(frozen=True, slots=True)
class TickReport:
    """One tick, or one look after the jobs alone."""

    failure: Failure | None = None
    """Why the sheet could not be read."""

    unwritten: Failure | None = None
    """Why it could not be written."""

    header: tuple[HeaderProblem, ...] = ()
    has_acted: bool = False
    """Whether anything was decided at all, also where it was only a line of Control."""

    changes: int = 0
    edits: int = 0
    calls: int = 0
    sent: int = 0
    """Of the calls, those that cost money."""

    polled: int = 0
    """Of the calls, looks at jobs that were sent."""

    wake_at_once: bool = False
    """Whether an answer, or a row that moved, is still to be shown."""

    has_strayed: bool = False
    """Whether the write met other rows than it was meant for, and nothing was sent yet."""

    is_aside: bool = False
    """Whether the sheet is another robot's for now."""

    next_due: float | None = None
    """Seconds until something is due even if nobody touches the sheet."""

    bugs: tuple[Bug, ...] = ()
    """Mistakes of ours that rows met."""

    vitals: TabVitals | None = None
    """How the tab stands, as far as this tick saw it; None: as before."""

    affairs: Affairs | None = None
    """What people may have to be told of; None where nothing was decided: then it is as it was."""

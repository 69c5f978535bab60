"""Vitals: how the robot is, as one frozen picture that its worker hands to whoever watches it.

Figures, times, words out of short lists and ids only; of what people wrote there is nothing but the names of
jobs, which are shown only where the settings say so.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime

from bot.domain import wording
from bot.domain.gates import Stop
from bot.domain.holds import HoldKind
from bot.domain.intents import IN_FLIGHT, State

FIRST_CONTACT = "first contact"
"""Ticks from before the robot knew the tab wait for `Go ahead`."""

UNREAD = "sheet not read"
REFUSED = "sheet refused"
"""Google refuses the robot's account, or the sheet is not shared with it."""

GONE = "sheet gone"
"""The spreadsheet or its tab was deleted, or is no Google sheet."""

UNWRITTEN = "sheet not written"
HEADER = "header"
ANOTHER_ROBOT = "another robot"
JOURNAL = "journal"

HOLDS = (
    *(stop.value for stop in Stop),
    FIRST_CONTACT,
    *(kind.value for kind in HoldKind),
    UNREAD,
    REFUSED,
    GONE,
    UNWRITTEN,
    HEADER,
    ANOTHER_ROBOT,
    JOURNAL,
)
"""Everything that can hold a tab."""

NEED_AN_OPERATOR = frozenset({HoldKind.KEY.value, HoldKind.ADDRESS.value, REFUSED, GONE})
"""Holds that only a person outside the sheet lifts: with one of them the robot is not ready."""


@dataclass(frozen=True, slots=True)
class Spread:
    """How long things took: counted by upper bounds, the last count being those beyond all of them."""

    bounds: tuple[float, ...]
    counts: tuple[int, ...] = ()
    total: float = 0.0

    def __post_init__(self) -> None:
        if not self.counts:
            object.__setattr__(self, "counts", (0,) * (len(self.bounds) + 1))

    def with_one(self, seconds: float) -> Spread:
        """One more; less than nothing, after a wall clock was set back, is nothing."""
        seconds = max(seconds, 0.0)
        place = bisect_left(self.bounds, seconds)
        counts = (*self.counts[:place], self.counts[place] + 1, *self.counts[place + 1 :])
        return replace(self, counts=counts, total=self.total + seconds)


@dataclass(frozen=True, slots=True)
class UnderWay:
    """One job that has not ended and is not waiting."""

    row_id: str
    row_number: int | None
    state: State
    percent: int | None
    sent_at: datetime | None
    attempt: int
    name: str
    """Made of what people wrote."""


@dataclass(frozen=True, slots=True)
class TabVitals:
    """How one tab stands."""

    title: str
    """As the settings name it."""

    read_at: datetime | None = None
    """When it was last read; None: never since the robot started."""

    rows: int = 0
    states: Mapping[State, int] = field(default_factory=dict)
    """Promises by state, ended ones too."""

    statuses: Mapping[str, int] = field(default_factory=dict)
    """Rows by the word their status begins with."""

    holds: frozenset[str] = frozenset()
    says: str = ""
    """Why nothing new starts, as a sentence."""

    spent_today: int = 0
    """Credits of all tabs since this one's midnight."""

    day_cap: int | None = None
    reserved: int = 0
    """Credits of jobs under way."""

    under_way: tuple[UnderWay, ...] = ()
    zone: str = "UTC"

    @property
    def waiting(self) -> int:
        """Rows approved and not sent yet."""
        return self.states.get(State.WAITING, 0)

    @property
    def under_way_count(self) -> int:
        """Jobs at the service, or perhaps there."""
        return sum(self.states.get(state, 0) for state in IN_FLIGHT)


@dataclass(frozen=True, slots=True)
class Tally:
    """What was counted since the start."""

    ticks: Mapping[tuple[str, str], int] = field(default_factory=dict)
    """(tab, how it ended)."""

    tick_seconds: Mapping[str, Spread] = field(default_factory=dict)
    google: Mapping[tuple[str, str], int] = field(default_factory=dict)
    """(read or write, outcome)."""

    zvid: Mapping[tuple[str, str], int] = field(default_factory=dict)
    """(call, outcome)."""

    zvid_seconds: Mapping[str, Spread] = field(default_factory=dict)
    ended: Mapping[tuple[str, str], int] = field(default_factory=dict)
    """(state, failure class)."""

    to_sending: Spread = Spread(())
    to_done: Spread = Spread(())
    copies: Mapping[tuple[str, str], int] = field(default_factory=dict)
    """(copy or look, outcome)."""

    letters: Mapping[tuple[str, str], int] = field(default_factory=dict)
    """(way to people, outcome of a try)."""

    journal_errors: int = 0


@dataclass(frozen=True, slots=True)
class Vitals:
    """The whole picture."""

    at: datetime
    started_at: datetime
    tabs: tuple[TabVitals, ...] = ()
    tally: Tally = Tally()
    bugs: tuple[str, ...] = ()
    """Why the robot itself is failing: the same mistake of ours again and again."""


@dataclass(frozen=True, slots=True)
class Reason:
    """Why the robot is not well, or not ready."""

    code: str
    says: str
    tab: str | None = None


def ailments(vitals: Vitals, silent_seconds: float, longest_silence: float) -> list[Reason]:
    """Why starting the robot anew might help; nothing of what only people can mend."""
    found = [Reason("bug", words) for words in vitals.bugs]
    if silent_seconds > longest_silence:
        words = f"No sign of life for {round(silent_seconds)} seconds."
        found.append(Reason("stuck", words))
    return found


def obstacles(vitals: Vitals) -> list[Reason]:
    """Why the robot cannot do its work yet, or any more."""
    found: list[Reason] = []
    for tab in vitals.tabs:
        if JOURNAL in tab.holds:
            found.append(
                Reason("journal_not_usable", "The journal cannot be used; the log says why.", tab.title)
            )
        elif tab.read_at is None and not tab.holds & NEED_AN_OPERATOR:
            words = "The tab was not read yet; the log says why if that lasts."
            found.append(Reason("tab_not_read", words, tab.title))
        found += [
            Reason(hold.replace(" ", "_"), wording.hold_told(hold), tab.title)
            for hold in sorted(tab.holds & NEED_AN_OPERATOR)
        ]
    return found

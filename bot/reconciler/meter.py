"""The meter: counts what the robot does, and hands frozen pictures of it to whoever watches from another thread.

The worker counts; threads that call the service count their own calls. Nobody waits here for more than a few
additions, and nothing that people wrote is kept.
"""

from __future__ import annotations

import threading
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import datetime
from types import MappingProxyType

from bot.domain.intents import Intent, State
from bot.domain.letters import Outcome
from bot.domain.vitals import Spread, TabVitals, Tally, Vitals
from bot.planner.actions import Change, Move, Propose
from bot.ports import Clock

_TICKS = (0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0, 30.0, 60.0, 180.0)
_CALLS = (0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0, 30.0)
_JOURNEYS = (5.0, 10.0, 20.0, 30.0, 60.0, 120.0, 300.0, 600.0, 1800.0, 3600.0, 14400.0)

ENDS = (State.COMPLETED, State.FAILED, State.NEEDS_DECISION, State.CANCELLED)


class Meter:
    """One for a process."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._lock = threading.Lock()
        self._ticks: Counter[tuple[str, str]] = Counter()
        self._tick_seconds: dict[str, Spread] = {}
        self._google: Counter[tuple[str, str]] = Counter()
        self._zvid: Counter[tuple[str, str]] = Counter()
        self._zvid_seconds: dict[str, Spread] = {}
        self._ended: Counter[tuple[str, str]] = Counter()
        self._to_sending = self._to_done = Spread(_JOURNEYS)
        self._copies: Counter[tuple[str, str]] = Counter()
        self._letters: Counter[tuple[str, str]] = Counter()
        self._journal_errors = 0
        self._tabs: dict[str, TabVitals] = {}
        self.last_sign = clock.monotonic()
        """When the worker last came one step further."""

        now = clock.now()
        self.latest = Vitals(now, now)
        """The picture published last; never changed, only replaced."""

    # -- counted by the worker ---------------------------------------------------

    def live(self) -> None:
        """A sign of life."""
        self.last_sign = self._clock.monotonic()

    def requested(self, kind: str, outcome: str) -> None:
        """One request to Google was answered, or was not."""
        self._google[kind, outcome] += 1

    @property
    def requests(self) -> tuple[int, int]:
        """Reads and writes so far."""
        counted = Counter[str]()
        for (kind, _), count in self._google.items():
            counted[kind] += count
        return counted["read"], counted["write"]

    def changed(self, changes: Iterable[Change]) -> None:
        """What just became durable."""
        for change in changes:
            match change:
                case Propose(intent):
                    self._moved(None, intent)
                case Move(before, after) if before.state is not after.state:
                    self._moved(before, after)
                case _:
                    pass

    def _moved(self, before: Intent | None, after: Intent) -> None:
        if after.is_taken_over:
            return
        if after.state is State.SENDING and after.sent_at is not None and not after.tries:
            self._to_sending = self._to_sending.with_one(_seconds(after, after.sent_at))
        if after.state in ENDS:
            failure = (
                after.trouble.kind.value if after.trouble and after.state is not State.COMPLETED else "none"
            )
            self._ended[after.state.value, failure] += 1
        if before is not None and after.state is State.COMPLETED and after.finished_at is not None:
            self._to_done = self._to_done.with_one(_seconds(after, after.finished_at))

    def delivered(self, kind: str, outcome: str) -> None:
        """A courier is back: from copying a video, or from looking at a link."""
        self._copies[kind, outcome] += 1

    def tells_by(self, channel: str) -> None:
        """People are told this way: its figures begin with nought, so that the first trouble counts as a rise."""
        self._letters.update({(channel, outcome.value): 0 for outcome in Outcome})

    def told(self, channel: str, outcome: str) -> None:
        """A message to people came back from a try to deliver it."""
        self._letters[channel, outcome] += 1

    def ticked(self, tab: TabVitals, outcome: str, seconds: float) -> None:
        """One tick of a tab came to its end, and so the tab stands now."""
        self._ticks[tab.title, outcome] += 1
        self._tick_seconds[tab.title] = self._tick_seconds.get(tab.title, Spread(_TICKS)).with_one(seconds)
        self.stands(tab)

    def stands(self, tab: TabVitals) -> None:
        """How a tab stands now."""
        self._tabs[tab.title] = tab

    def journal_failed(self) -> None:
        """The journal could not be read or written."""
        self._journal_errors += 1

    def tab(self, title: str) -> TabVitals:
        """How a tab stood last; from now on it is one of those the robot looks after."""
        return self._tabs.setdefault(title, TabVitals(title))

    # -- counted by whoever calls the service ------------------------------------

    def called(self, kind: str, outcome: str, seconds: float) -> None:
        """One call of the service ended."""
        with self._lock:
            self._zvid[kind, outcome] += 1
            self._zvid_seconds[kind] = self._zvid_seconds.get(kind, Spread(_CALLS)).with_one(seconds)

    # -- for those who watch -----------------------------------------------------

    def publish(self, bugs: tuple[str, ...] = ()) -> None:
        """From now on this is how the robot is."""
        self.latest = replace(
            self.latest,
            at=self._clock.now(),
            tabs=tuple(self._tabs.values()),
            tally=self._tally(),
            bugs=bugs,
        )

    def _tally(self) -> Tally:
        with self._lock:
            zvid, zvid_seconds = dict(self._zvid), dict(self._zvid_seconds)
        return Tally(
            ticks=_frozen(self._ticks),
            tick_seconds=MappingProxyType(dict(self._tick_seconds)),
            google=_frozen(self._google),
            zvid=MappingProxyType(zvid),
            zvid_seconds=MappingProxyType(zvid_seconds),
            ended=_frozen(self._ended),
            to_sending=self._to_sending,
            to_done=self._to_done,
            copies=_frozen(self._copies),
            letters=_frozen(self._letters),
            journal_errors=self._journal_errors,
        )


def _frozen(counted: Counter[tuple[str, str]]) -> Mapping[tuple[str, str], int]:
    return MappingProxyType(dict(counted))


def _seconds(intent: Intent, moment: datetime) -> float:
    return (moment - intent.approved_at).total_seconds()

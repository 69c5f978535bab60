"""News: what stands until a person acts, what was told of it, and when it may be told.

The same matter is told once while it stands. One that comes and goes is told at most once an hour, and what is
back within two minutes never went. In quiet hours nothing is told; what still stands in the morning is.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime, time, timedelta, tzinfo
from enum import StrEnum


class Topic(StrEnum):
    """What a person must act on."""

    KEY = "key refused"
    ADDRESS = "address wrong"
    CREDITS = "credits short"
    BREAKER = "breaker"
    TEMPLATE = "template broken"
    GO_AHEAD = "go ahead asked"
    DECISION = "decision needed"
    HEADER = "header not usable"
    SHEET = "sheet out of reach"
    JOURNAL = "journal sick"
    COPIES = "copies not kept"
    BUG = "our mistake"
    TRIAL = "test"
    """Nobody's task: whether messages arrive."""


PATIENCE = {
    Topic.GO_AHEAD: timedelta(minutes=1),
    Topic.TEMPLATE: timedelta(minutes=2),
    Topic.HEADER: timedelta(minutes=2),
    Topic.COPIES: timedelta(minutes=10),
}
"""What people often put right themselves the moment after; everything else is told at once."""

AGAIN_AFTER = timedelta(hours=1)
"""The least between two tellings of what comes and goes."""

_BACK_WITHIN = timedelta(minutes=2)
"""A restart looks at everything anew: what is found again soon was never gone."""


@dataclass(frozen=True, slots=True)
class Matter:
    """One thing that stands until a person acts."""

    topic: Topic
    owner: str
    """Who says so: the account, a tab, the robot itself; only that one can say that it is over."""

    text: str
    what: str = ""
    """Tells it from others of its owner and topic."""

    row: int | None = None
    record: str = ""
    tab: str = ""
    """The tab's title, where the owner is no tab."""

    @property
    def key(self) -> str:
        """The same for the same matter, across restarts."""
        return f"{self.owner}\t{self.topic}\t{self.what}"


@dataclass(frozen=True, slots=True)
class Told:
    """What is known of one matter."""

    since: datetime
    """When it began to stand, this time."""

    told_at: datetime | None = None
    lifted_at: datetime | None = None
    """When it was over; None while it stands."""


Ledger = Mapping[str, Told]


@dataclass(frozen=True, slots=True)
class Quiet:
    """Hours of a day in which nobody is told anything; they may go past midnight."""

    begins: time
    ends: time

    def covers(self, now: datetime, zone: tzinfo) -> bool:
        """Whether it is quiet there now."""
        at = now.astimezone(zone).time()
        if self.begins <= self.ends:
            return self.begins <= at < self.ends
        return at >= self.begins or at < self.ends


def noted(ledger: Ledger, standing: Iterable[Matter], owners: Collection[str], now: datetime) -> Ledger:
    """The ledger after a look: what began to stand, and what is over by the word of its owner."""
    there = {matter.key for matter in standing}
    after = dict(ledger)
    for key in there:
        known = ledger.get(key)
        if known is None:
            after[key] = Told(now)
        elif known.lifted_at is not None:
            is_back = abs(now - known.lifted_at) < _BACK_WITHIN
            after[key] = replace(known, since=known.since if is_back else now, lifted_at=None)
    for key, known in ledger.items():
        if key in there or key.partition("\t")[0] not in owners:
            continue
        if known.lifted_at is None:
            after[key] = replace(known, lifted_at=now)
        elif abs(now - (known.told_at or known.lifted_at)) >= AGAIN_AFTER:
            del after[key]
    return after


def is_due(matter: Matter, ledger: Ledger, now: datetime) -> bool:
    """Whether a matter that stands is to be told now, quiet hours aside."""
    known = ledger[matter.key]
    if now - known.since < PATIENCE.get(matter.topic, timedelta(0)):
        return False
    if known.told_at is None:
        return True
    return known.told_at < known.since and abs(now - known.told_at) >= AGAIN_AFTER


def told(ledger: Ledger, matters: Iterable[Matter], now: datetime) -> Ledger:
    """The ledger once these were told."""
    return {**ledger, **{one.key: replace(ledger[one.key], told_at=now) for one in matters}}


@dataclass(frozen=True, slots=True)
class Batch:
    """How far a tab's videos were told of."""

    mark: int = 0
    """Promises up to this number were told of, or began before anybody was told anything."""

    left: tuple[int, ...] = ()
    """Of these, those that had not ended then: they are told of with a later batch."""

    refused: frozenset[str] = field(default=frozenset())
    """Rows that were told to need fixing, and have needed it since."""

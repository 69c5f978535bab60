"""Letters: what is told at one moment, and what becomes of each copy on its way.

A matter that needs a person is delivered at least once: when nobody knows whether it arrived it goes again, under
the same id. The end of a batch is delivered at most once: whoever misses it sees it in the sheet, and nobody gets it
twice.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from bot.domain.news import Topic


@dataclass(frozen=True, slots=True)
class Item:
    """One thing told, for programs."""

    topic: Topic | None
    """None for the end of a batch."""

    tab: str
    text: str
    rows: tuple[int, ...] = ()
    records: tuple[str, ...] = ()


Places = tuple[int | None, ...]
"""Row numbers as of now; None for a row that is gone."""


@dataclass(frozen=True, slots=True)
class Tally:
    """How a batch ended."""

    total: int
    done: int
    credits: int
    minutes: int
    to_fix: Places = ()
    failed: Places = ()
    undecided: Places = ()


@dataclass(frozen=True, slots=True)
class Letter:
    """Everything told at one moment."""

    id: str
    at: datetime
    subject: str
    items: tuple[Item, ...]
    is_urgent: bool
    """Whether a person must act."""

    link: str = ""
    """Where the sheet is, if it is one sheet."""


class Outcome(StrEnum):
    """What became of one try to deliver a letter."""

    DELIVERED = "delivered"
    REFUSED = "refused"
    """For good: another try would be refused as well."""

    NOT_NOW = "not now"
    """Surely not delivered, and worth another try."""

    IN_DOUBT = "in doubt"
    """Nobody knows."""


@dataclass(frozen=True, slots=True)
class Delivery:
    """How a try ended."""

    outcome: Outcome
    detail: str = ""
    """For whoever runs the robot; never a secret."""

    retry_after: float = 0


@dataclass(frozen=True, slots=True)
class Parcel:
    """One letter on its way to one channel."""

    letter: Letter
    channel: str
    tries: int = 0
    not_before: datetime | None = None
    is_out: bool = False
    """Durable just before the first byte leaves: after a crash nobody knows whether it arrived."""

    @property
    def key(self) -> tuple[str, str]:
        """One for each letter and channel."""
        return self.letter.id, self.channel

"""Entries: what the journal remembers about one record between two reads."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from bot.domain.failures import ProblemCode
from bot.domain.ids import Fingerprint, RecordKey
from bot.domain.records import Content

_CHURN_CHANGES = 5
"""Changes of the same column, one soon after the other, from which nobody types them."""

_CHURN_WINDOW = timedelta(seconds=90)
"""More than the minute after which a sheet recalculates by itself."""


class Tick(StrEnum):
    """What a checkbox last meant. Ticks are edges: one counts again only after the box was seen empty."""

    OPEN = "open"
    """The box was seen empty: the next tick counts."""

    BOUND = "bound"
    """The tick was taken and stands for the content it was seen with."""

    SPENT = "spent"
    """The tick was taken or is void; the robot clears the box and waits until it has seen it empty."""

    UNKNOWN = "unknown"
    """Ticked before the robot first saw this tab: binds nothing until it was seen empty."""


@dataclass(frozen=True, slots=True)
class Churn:
    """How a row's content changed of late: a formula that never settles changes the same columns every time."""

    columns: tuple[str, ...]
    """Those that changed every time."""

    times: int
    at: datetime
    """When it changed last."""

    @classmethod
    def grown(cls, before: Churn | None, columns: tuple[str, ...], now: datetime) -> Churn:
        """After one more change of these columns."""
        again = tuple(name for name in columns if before is not None and name in before.columns)
        if before is None or not again or now - before.at > _CHURN_WINDOW:
            return cls(columns, 1, now)
        return cls(again, before.times + 1, now)

    @property
    def is_restless(self) -> bool:
        """Whether nobody can tell any more what the row will say when it is sent."""
        return self.times >= _CHURN_CHANGES

    @property
    def settles_at(self) -> datetime:
        """When the row has kept still long enough, unless it changes again."""
        return self.at + _CHURN_WINDOW


@dataclass(frozen=True, slots=True)
class Notice:
    """Why the robot cleared a tick, shown until the row is ticked or edited again."""

    code: ProblemCode | None
    status: str
    text: str


@dataclass(frozen=True, slots=True)
class Entry:
    """One record: its content as last read, and what its ticks meant then."""

    key: RecordKey
    content: Content
    approve: Tick = Tick.OPEN
    retry: Tick = Tick.OPEN
    approved: Fingerprint | None = None
    """The content the standing approval is bound to; set exactly while `approve` is bound."""

    stands_for: tuple[Fingerprint, ...] = ()
    """What the row said when the template asked for other columns, as long as nobody has edited it since."""

    notice: Notice | None = None
    present: bool = True
    """Whether the last read had a row for it."""

    render_at: datetime | None = None
    """When its row last asked to be rendered; one whose time is emptied or moved to now gets the undo time."""

    churn: Churn | None = None
    row_number: int = 0
    """Where it last stood, for people; never an address to write to."""

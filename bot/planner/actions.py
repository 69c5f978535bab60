"""What a plan consists of: changes for the journal, calls to the service, and cells to write."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

from bot.domain.bugs import Bug
from bot.domain.cells import Written
from bot.domain.control import Place
from bot.domain.delivery import Delivery
from bot.domain.entries import Entry
from bot.domain.gates import Gate
from bot.domain.ids import RecordId, TabKey
from bot.domain.intents import Intent
from bot.domain.news import Matter
from bot.domain.templates.template import Payload, Template


@dataclass(frozen=True, slots=True)
class Remember:
    """Keep what a record's row looks like and what its ticks meant."""

    entry: Entry


@dataclass(frozen=True, slots=True)
class Propose:
    """Promise a render: journal the intent with its exact payload and the template it was made of."""

    intent: Intent
    payload: Payload
    template: Template


@dataclass(frozen=True, slots=True)
class Move:
    """Change an intent; refused when it is no longer what it was."""

    before: Intent
    after: Intent


@dataclass(frozen=True, slots=True)
class Renew(Move):
    """The same promise, not sent yet, with another payload: its template was edited."""

    payload: Payload
    template: Template


@dataclass(frozen=True, slots=True)
class SetGate:
    """Keep what stops this tab, and what its `Go ahead` box meant."""

    tab: TabKey
    gate: Gate


@dataclass(frozen=True, slots=True)
class KeepDelivery:
    """Keep how the copy of a finished video stands; the promise itself stays as it is."""

    delivery: Delivery
    record: RecordId
    said: str = ""
    """What the Log says of it; mostly nothing."""


Change = Remember | Propose | Move | SetGate | KeepDelivery


@dataclass(frozen=True, slots=True)
class Ask:
    """Get the service's own price by the free validate call, and see that the job does not exist yet.

    It exists when an older copy of the journal was restored, or a lost one began anew: then it is adopted.
    """

    intent: Intent


@dataclass(frozen=True, slots=True)
class Submit:
    """Send the payload; the intent is made durable as `sending` right before."""

    intent: Intent


@dataclass(frozen=True, slots=True)
class Resolve:
    """Find out whether a job whose answer was lost exists."""

    intent: Intent
    is_late: bool
    """Whether enough time has passed for a 404 to count."""

    is_second: bool
    """Whether a late 404 came before: another one, absent from the listing too, settles the matter."""

    honours_ids: bool | None = None
    """Whether the service was seen to keep our job ids; None while nobody knows."""


@dataclass(frozen=True, slots=True)
class Poll:
    """Ask how an accepted job is doing."""

    intent: Intent
    is_lost: bool = False
    """Whether the service denied knowing it long enough: another denial is believed."""

    is_swept: bool = False
    """Whether one look into the listing serves many of these."""

    is_alone: bool = False
    """Whether to look at it alone if the listing does not show it."""

    by_name: bool = False
    """Whether to look for its name in the listing: the service would not know it by our id."""

    is_overdue: bool = False
    """Whether it took longer than the deadline: unless it has ended by now, a person is told."""


Call = Ask | Submit | Resolve | Poll


def may_search(call: Call) -> bool:
    """Whether it may look for its job in the listing."""
    return (isinstance(call, Resolve) and call.is_second) or (isinstance(call, Poll) and call.by_name)


@dataclass(frozen=True, slots=True)
class CellEdit:
    """One cell to write, addressed by where its row stood on this read."""

    row_number: int
    column: int
    value: Written
    record: RecordId | None
    """Whose row this is: after the write the id there must be this one; None for a row without a record."""


@dataclass(frozen=True, slots=True)
class BoardEdit:
    """One cell of the Control tab to write."""

    place: Place
    value: Written
    is_urgent: bool = False
    """Whether it is worth a write of its own."""


@dataclass(frozen=True, slots=True)
class LinkWishes:
    """What the rows of a tab want to know of their links."""

    due: tuple[str, ...] = ()
    """To be looked at now, the most urgent first."""

    links: frozenset[str] = frozenset()
    """All that rows depend on; what is known of others may be forgotten."""

    next_in: float | None = None
    """Seconds until another look is due, or a link ends."""


@dataclass(frozen=True, slots=True)
class Outlook:
    """How the tab stands after this plan, for whoever watches the robot: figures and words, nothing people wrote."""

    statuses: Mapping[str, int] = field(default_factory=dict)
    """Rows by the word their status begins with."""

    holds: frozenset[str] = frozenset()
    """What keeps anything from being sent: words of Stop and HoldKind, and `FIRST_CONTACT`."""

    says: str = ""
    """The same as a sentence, where nothing new starts."""

    spent_today: int = 0
    day_cap: int | None = None


@dataclass(frozen=True, slots=True)
class Plan:
    """Everything one tick decided, in the order it is carried out."""

    changes: tuple[Change, ...]
    edits: tuple[CellEdit, ...]
    calls: tuple[Call, ...]
    board: tuple[BoardEdit, ...] = ()
    """Cells of the Control tab that differ; they ride along with other edits unless one is urgent."""
    opens_at: datetime | None = None
    """When the first of the rows that wait for their time comes up, by the wall clock."""

    wishes: LinkWishes = LinkWishes()
    """Looks at links; they take their time elsewhere, and a later plan knows what they found."""

    bugs: tuple[Bug, ...] = ()
    """Rows that met a mistake of ours: flagged and otherwise left alone, while the others go on."""

    outlook: Outlook = Outlook()

    matters: tuple[Matter, ...] = ()
    """What stands until a person acts; told by whoever tells such things."""

    @property
    def must_write(self) -> bool:
        """Whether the sheet is to be written now."""
        return bool(self.edits) or any(edit.is_urgent for edit in self.board)

    @property
    def is_empty(self) -> bool:
        """A quiet world gives an empty plan."""
        return not (self.changes or self.must_write or self.calls or self.bugs)

"""What one tick saw, frozen: the sheet, the journal's memory of it, and how long is left to wait."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, field, replace
from datetime import datetime, tzinfo
from uuid import UUID

from bot.domain.bugs import Bug
from bot.domain.contract import Columns
from bot.domain.control import Control
from bot.domain.delivery import Delivery
from bot.domain.entries import Entry
from bot.domain.gates import Gate
from bot.domain.holds import Hold
from bot.domain.ids import JobId, RecordId, TabKey, TemplateHash
from bot.domain.intents import Intent, State
from bot.domain.media.looks import Sights
from bot.domain.records import Record, Rejection
from bot.domain.rows import Row
from bot.domain.templates.template import Template
from bot.domain.wishes import NO_WISH, Wish
from bot.planner.actions import Change, KeepDelivery, Move, Remember, SetGate

_TIMED = 20
"""How many of the latest videos say how long the next ones take."""


@dataclass(slots=True)
class Memory:
    """What the journal holds about one tab."""

    entries: dict[RecordId, Entry] = field(default_factory=dict)
    intents: dict[JobId, Intent] = field(default_factory=dict)
    """Every intent of the tab, ended ones too: content that comes back finds its video again."""

    is_known: bool = False
    """Whether this tab was ever read to the end before."""

    by_record: dict[RecordId, tuple[Intent, ...]] = field(default_factory=dict)
    """The same intents, oldest first."""

    live: dict[JobId, Intent] = field(default_factory=dict)
    """Those that have not ended: what a tick goes through, however long the history is."""

    labels: dict[TemplateHash, str] = field(default_factory=dict)
    """What each template version of the tab's promises is called."""

    states: dict[State, int] = field(default_factory=dict)
    """How many of the tab's promises stand where."""

    made: dict[str, int] = field(default_factory=dict)
    """Finished videos by the version of the template they were made with."""

    took: tuple[float, ...] = ()
    """Seconds the latest finished videos took, as far as known."""

    credits: int = 0
    """Booked for all jobs of the tab that were accepted and did not fail."""

    gate: Gate = field(default_factory=Gate)
    last_number: int = 0
    """The highest number any promise of the tab has."""

    deliveries: dict[JobId, Delivery] = field(default_factory=dict)
    """Copies of finished videos, as far as anything is known of them."""

    def of(self, record: RecordId) -> tuple[Intent, ...]:
        """The record's intents, oldest first."""
        return self.by_record.get(record, ())

    def after(self, changes: Iterable[Change]) -> Memory:
        """What the journal will hold once the changes are in it; this one stays as it is."""
        copy = replace(
            self,
            entries=dict(self.entries),
            intents=dict(self.intents),
            by_record=dict(self.by_record),
            live=dict(self.live),
            labels=dict(self.labels),
            states=dict(self.states),
            made=dict(self.made),
            deliveries=dict(self.deliveries),
        )
        copy.absorb(changes)
        return copy

    def absorb(self, changes: Iterable[Change]) -> None:
        """Takes changes in; for the owner alone, since whoever holds this memory sees them."""
        for change in changes:
            if isinstance(change, Remember):
                self.entries[change.entry.key.record] = change.entry
            elif isinstance(change, SetGate):
                self.gate = change.gate
            elif isinstance(change, KeepDelivery):
                self.deliveries[change.delivery.job_id] = change.delivery
            else:
                self._keep(change.after if isinstance(change, Move) else change.intent)

    def _keep(self, intent: Intent) -> None:
        before = self.intents.get(intent.job_id)
        self.credits += _booked(intent) - (_booked(before) if before is not None else 0)
        if intent.state is State.COMPLETED and (before is None or before.is_live):
            self.made[intent.template_version] = self.made.get(intent.template_version, 0) + 1
            self.took = (*self.took, *_seconds(intent))[-_TIMED:]
        if before is not None:
            self.states[before.state] -= 1
        self.states[intent.state] = self.states.get(intent.state, 0) + 1
        self.intents[intent.job_id] = intent
        self.labels[intent.template_hash] = intent.template_version
        if intent.is_live:
            self.live[intent.job_id] = intent
        else:
            self.live.pop(intent.job_id, None)
        record = intent.key.record
        others = (one for one in self.by_record.get(record, ()) if one.job_id != intent.job_id)
        self.by_record[record] = tuple(sorted((*others, intent), key=_age))
        self.last_number = max(self.last_number, intent.number)

    def learnt(self) -> Memory:
        """The same, of a tab that was read to the end."""
        return replace(self, is_known=True)

    @classmethod
    def holding(
        cls,
        entries: Iterable[Entry],
        intents: Iterable[Intent],
        *,
        is_known: bool,
        gate: Gate | None = None,
        deliveries: Iterable[Delivery] = (),
    ) -> Memory:
        """A memory of all these."""
        kept = {entry.key.record: entry for entry in entries}
        copies = {one.job_id: one for one in deliveries}
        memory = cls(is_known=is_known, entries=kept, gate=gate or Gate(), deliveries=copies)
        for intent in intents:
            memory._keep(intent)
        return memory


def _booked(intent: Intent) -> int:
    is_paid = intent.state not in {State.FAILED, State.CANCELLED}
    return intent.reserved or 0 if is_paid else 0


def _seconds(intent: Intent) -> tuple[float, ...]:
    """How long a finished video took; never less than nothing, whatever the wall clock did."""
    if intent.sent_at is None or intent.finished_at is None:
        return ()
    return (max((intent.finished_at - intent.sent_at).total_seconds(), 0.0),)


def _age(intent: Intent) -> tuple[int, datetime, int]:
    return intent.number, intent.approved_at, intent.attempt


@dataclass(frozen=True, slots=True)
class Line:
    """One row that holds data, with the judgement on its content."""

    row: Row
    judged: Record | Rejection
    wish: Wish = NO_WISH
    bug: Bug | None = None
    """Why it could not be judged, when that is our mistake; `judged` then says what was known before."""


@dataclass(frozen=True, slots=True)
class Doubt:
    """How long this process has been unsure of a job, and how often it was settled and absent."""

    seconds: float
    absences: int


@dataclass(frozen=True, slots=True)
class Snapshot:
    """All that a plan may depend on."""

    tab: TabKey
    namespace: UUID
    """This installation's private namespace: job ids are derived under it."""

    columns: Columns
    lines: tuple[Line, ...]
    blanks: tuple[Row, ...]
    """Rows without data that hold something in a robot column: to be cleaned."""

    template: Template
    memory: Memory
    now: datetime
    zone: tzinfo
    """The sheet's own time zone, for times people read."""

    waits: Mapping[JobId, float] = field(default_factory=dict)
    """Seconds an intent has still to wait before its next step, by the monotonic clock; absent: none."""

    doubts: Mapping[JobId, Doubt] = field(default_factory=dict)
    """How long each job in doubt has been looked for."""

    ages: Mapping[JobId, float] = field(default_factory=dict)
    """Seconds this process has followed each accepted job."""

    alone: AbstractSet[JobId] = frozenset()
    """Jobs the listing does not show, whose time has come to be looked at alone."""

    honours_ids: bool | None = None
    """Whether the service was seen to keep our job ids; None while nobody knows."""

    design_trouble: str = ""
    """Why the template's files as they are now cannot be used; `template` is the last version that could."""

    is_design_changing: bool = False
    """Whether they were changed just now, so that nobody knows what they will say."""

    window: int | None = None
    """How many jobs may be under way as far as the service's answers tell; None: as many as the policy says."""

    hold: Hold | None = None
    """Why nothing is sent for now, on any tab."""

    hold_left: float = 0
    """Seconds until one call may look into the hold."""

    hold_until: datetime | None = None
    """The same as wall time, for people; it does not waver from read to read."""

    spare_ids: tuple[RecordId, ...] = ()
    """Fresh record ids nobody on this tab has, at least as many as there are lines without one."""

    in_flight: int = 0
    """Jobs of all tabs that fill the window."""

    spent_today: int = 0
    """Credits of what was sent since the sheet's midnight, all tabs together."""

    control: Control = field(default_factory=Control)
    """The Control tab; an empty one where there is none."""

    trouble: str = ""
    """What the robot cannot do with the sheet itself, in people's words."""

    is_reviewed: bool = False
    """Whether somebody has said `Go ahead` for the template as it is, or says so now."""

    releases_old_ticks: bool = False
    """Whether somebody just said `Go ahead` for ticks from before the robot knew the tab."""

    lost_ticks: frozenset[RecordId] = frozenset()
    """Rows whose `Approve` the robot cleared by mistake, since rows moved while it wrote."""

    sights: Sights | None = None
    """What is known of links; None where they are not looked at."""

    def after(self, memory: Memory) -> Snapshot:
        """The same look at the sheet with a newer memory."""
        return replace(self, memory=memory)


@dataclass(frozen=True, slots=True)
class Policy:
    """How the queue behaves; all times in seconds."""

    max_in_flight: int = 3
    undo_seconds: float = 15
    poll_seconds: float = 5
    poll_ceiling_seconds: float = 60
    settle_seconds: float = 150
    """From a send, or this process's first look at it, until a 404 may count: client timeout included."""

    sweep_above: int = 10
    """How many jobs due at once are still looked at one by one; more are looked up in the listing."""

    deadline_seconds: float = 3600
    """How long an accepted job may take before a person is told."""

    stale_seconds: float = 120
    """How old a reading may be when something is done about it."""

    credits_per_day: int | None = None
    """The most that may be spent between two midnights of the sheet; None: no limit."""

    credits_per_row: int | None = None
    """The most one video may cost; None: no limit."""

    look_fresh_seconds: float = 600
    """How old a look at a link may be when its row is sent."""

    sample_size: int = 10
    """How many rows of a template version go before somebody has looked at them; 0: all of them."""

    ask_above_rows: int = 50
    """How many rows may wait at once before somebody must say `Go ahead` for them; 0: any number."""

    breaker_failures: int = 5
    """Videos in a row that fail the same way, after which nothing more is sent."""

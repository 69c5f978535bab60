"""The outside world as the core sees it: a sheet, a render service, a journal, a clock.

Each port has one test suite that runs on the fake and on the real adapter. Expected trouble comes back
as a Failure; an exception is a bug or a broken promise.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, tzinfo
from pathlib import Path
from typing import Protocol
from uuid import UUID

from bot.domain.cells import Cell, Written
from bot.domain.delivery import Digest, Fetched, Stored, Undelivered
from bot.domain.events import Event
from bot.domain.failures import Failure
from bot.domain.ids import JobId, PayloadHash, RecordId, TabKey
from bot.domain.jobs import Absent, Accepted, Job, Quote, Sought, Suspects
from bot.domain.letters import Delivery, Letter, Parcel
from bot.domain.media.looks import Sight
from bot.domain.templates.designs import Design
from bot.planner.actions import BoardEdit, CellEdit, Change
from bot.planner.snapshot import Memory
from bot.planner.telling import News


class JournalConflictError(RuntimeError):
    """The journal holds something else than the change expected: another writer, or a bug."""


class JournalError(RuntimeError):
    """The journal cannot be opened or written; the message says what to do. Nothing may be sent."""


@dataclass(frozen=True, slots=True)
class Installation:
    """What a journal says about itself."""

    id: UUID
    """The private namespace job ids are derived under."""

    made_at: datetime
    cold_since: datetime | None = None
    """Since when the service may know of jobs this journal forgot: it was lost, or an older copy was restored."""


@dataclass(frozen=True, slots=True)
class Reading:
    """One tab as read at one moment."""

    title: str
    values: Sequence[Sequence[Cell]]
    control: Sequence[Sequence[Cell]] | None = None
    """The Control tab of the same moment; None where the spreadsheet has none."""


@dataclass(frozen=True, slots=True)
class Beside:
    """What is written on the other tabs along with the rows."""

    board: Sequence[BoardEdit] = ()
    """Cells of the Control tab."""

    log: Sequence[Sequence[Written]] | None = None
    """The whole Log below its header, newest first; None leaves it as it is."""


NOTHING_BESIDE = Beside()


@dataclass(frozen=True, slots=True)
class Target:
    """Where the row id and the boxes stand, and below which header, so that a write's own answer can be checked."""

    row_id: int
    boxes: tuple[int, ...]
    header: Sequence[Cell] = ()


@dataclass(frozen=True, slots=True)
class Refused:
    """Cells that cannot be written, though others can: protected by a person, or not to the service's taste."""

    where: str
    """As people name it: `"Videos" G2:G40`."""

    detail: str
    """What the service said."""


@dataclass(frozen=True, slots=True)
class Receipt:
    """The sheet as it was right after a write, at the rows written to."""

    misplaced: tuple[RecordId, ...]
    """Records whose cells landed on a row that holds another id: repaired by the next tick."""

    emptied: frozenset[tuple[RecordId, int]]
    """(record, column) of boxes seen empty on the right row."""

    columns_moved: bool = False
    """Whether another header stands over the cells: they may be people's. What was left to write was not written."""

    refused: tuple[Refused, ...] = ()
    """What was left out of it, and still is."""

    rest_in: float | None = None
    """Seconds until the rest may be written, when the service's quota did not do for all of it."""


class Sheet(Protocol):
    """One tab of one spreadsheet."""

    @property
    def key(self) -> TabKey:
        """Which tab it is, by numeric id."""
        ...

    @property
    def zone(self) -> tzinfo:
        """The spreadsheet's time zone."""
        ...

    @property
    def locale(self) -> str:
        """The spreadsheet's locale, like `en_US`."""
        ...

    def read(self) -> Reading | Failure:
        """All values of the tab, unformatted, in one request."""
        ...

    def write(
        self, edits: Sequence[CellEdit], target: Target, beside: Beside = NOTHING_BESIDE
    ) -> Receipt | Failure:
        """All edits in one atomic request, those of other tabs too; text is never parsed."""
        ...


class Templates(Protocol):
    """The template folder of one tab."""

    def look(self) -> Design:
        """What it holds now. Cheap as long as its files do not change; what is saved while a look is made is
        believed by a later one.
        """
        ...


class RenderService(Protocol):
    """The paid service."""

    def ask(self, body: str) -> Quote | Failure:
        """Price and verdict of a payload; free."""
        ...

    def submit(self, job_id: JobId | None, body: str) -> Accepted | Failure:
        """Sends a payload, under our job id if one is given; costs money.

        IN_DOUBT when nobody knows whether it arrived, IDS_REFUSED when only the id was in the way.
        """
        ...

    def look_up(self, job_id: JobId) -> Job | Absent | Failure:
        """What became of a job; free."""
        ...

    def sweep(self, wanted: Collection[JobId]) -> Mapping[JobId, Job] | Failure:
        """How many jobs are doing, by the newest pages of the listing; only those that stand there; free.

        Never more requests than a few for every ten jobs wanted. A line that looks like an end is no proof of
        one, and tells no progress.
        """
        ...

    def find(self, sought: Sought) -> Job | Absent | Suspects | Failure:
        """Looks for a job in the service's own listing, newest first, by id and by name; free.

        A name that stands there more than once names nobody: those are Suspects.
        """
        ...


class Media(Protocol):
    """The web, as far as links in cells lead there."""

    def look(self, link: str) -> Sight:
        """What is at a link, by its first bytes; may be called from several threads."""
        ...


class Downloads(Protocol):
    """The web, as far as links of finished videos lead there; may be called from several threads."""

    def fetch(self, link: str, into: Path, limit: int) -> Fetched | Undelivered:
        """Loads a whole file of at most so many bytes; goes on with a part of it that was loaded before."""
        ...

    def is_alive(self, link: str) -> bool | None:
        """Whether a link still leads to something; None when nobody can tell now."""
        ...


class Storage(Protocol):
    """Where copies of finished videos are kept; may be called from several threads."""

    @property
    def label(self) -> str:
        """What it is called, for people and to tell one storage from another."""
        ...

    def keep(self, name: str, ending: str, file: Path, digest: Digest) -> str | Undelivered:
        """Puts a file there under this name, whole or not at all, and says the name it has.

        What has the name already is never replaced: another file gets a number, the same one is left as it is.
        """
        ...

    def holds(self, stored: Stored) -> bool | Undelivered:
        """Whether a copy is there, by its name and size."""
        ...

    def rehearse(self) -> Undelivered | None:
        """Why nothing can be kept there; leaves nothing behind."""
        ...


class JournalView(Protocol):
    """The durable memory, to look at."""

    def remember_tab(self, tab: TabKey) -> Memory:
        """Everything the journal holds about a tab."""
        ...

    def payloads(self, wanted: Collection[PayloadHash]) -> dict[PayloadHash, str]:
        """The exact bodies kept under these hashes. Raises KeyError for an unknown one."""
        ...

    def honours_ids(self) -> bool | None:
        """Whether the service last kept the job id we gave; None while it never accepted anything."""
        ...

    def refuses_ids(self) -> bool:
        """Whether the service was ever seen to refuse our job ids."""
        ...

    def in_flight(self) -> int:
        """Jobs of all tabs that fill the window."""
        ...

    def spent(self) -> int:
        """Credits booked for all jobs that were accepted and did not fail."""
        ...

    def spent_since(self, moment: datetime) -> int:
        """Credits of everything sent since then that did not fail, answered or not."""
        ...

    def latest_events(self, spreadsheet: str, limit: int) -> Sequence[Event]:
        """What happened last to the videos of a spreadsheet, newest first."""
        ...


class Journal(JournalView, Protocol):
    """The durable memory, to write in; what apply() returned from is never forgotten."""

    def confirm(self) -> None:
        """Raises JournalError when the journal is no longer the one that was opened."""
        ...

    def accepted_before(self, sent: Collection[JobId]) -> Mapping[JobId, frozenset[JobId]]:
        """For each of these jobs some of those, by the service's ids, that were surely accepted before it was sent.

        The newest of them; by the order in which it was journaled, whatever any clock said.
        """
        ...

    def learn_tab(self, tab: TabKey, at: datetime) -> None:
        """Notes that a tab was read to the end once: ticks on it count from now on."""
        ...

    def apply(self, changes: Sequence[Change], at: datetime) -> None:
        """Makes all changes durable in one transaction.

        Raises JournalConflictError when an intent is no longer what a change expected, JournalError when
        nothing could be written.
        """
        ...


@dataclass(frozen=True, slots=True)
class NewsDesk:
    """What was told, and what is still on its way."""

    news: News = field(default_factory=News)
    parcels: Mapping[tuple[str, str], Parcel] = field(default_factory=dict)
    """By letter and channel."""


class NewsBook(Protocol):
    """The part of the journal that remembers what people were told."""

    def read(self) -> NewsDesk:
        """Everything that is kept."""
        ...

    def keep(self, before: NewsDesk, after: NewsDesk) -> None:
        """Makes the difference durable in one transaction. Raises JournalError."""
        ...


class Messenger(Protocol):
    """One way to reach people outside the sheet."""

    def deliver(self, letter: Letter) -> Delivery:
        """One try, within a time limit of its own; may be called from another thread than the worker's."""
        ...

    def greet(self) -> Delivery:
        """Whether it would be let in, as far as that can be seen without telling anybody anything."""
        ...


class Clock(Protocol):
    """The only one who knows the time."""

    def now(self) -> datetime:
        """Wall time, aware UTC: for people and for records, never for waiting."""
        ...

    def monotonic(self) -> float:
        """Seconds that only go forward: for waiting."""
        ...

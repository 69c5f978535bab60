"""Intents: journaled promises to have one payload rendered for one record in one format."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum
from typing import Any

from bot.domain.failures import FailureClass, ProblemCode
from bot.domain.ids import Fingerprint, IntentName, JobId, PayloadHash, RecordKey, TemplateHash
from bot.domain.records import Content


class State(StrEnum):
    """Where an intent stands; the sheet shows it in people's words."""

    WAITING = "waiting"
    """Promised, not sent. The queue moves it on; a crash here leaves nothing at the service."""

    SENDING = "sending"
    """Durable just before the request leaves. The answer moves it on; after a crash nobody knows: `checking`."""

    CHECKING = "checking"
    """Nobody knows whether the service accepted. Looking the job up moves it on; nothing is sent meanwhile."""

    SUBMITTED = "submitted"
    """The service accepted the job. Polling moves it on; a crash costs nothing."""

    ACTIVE = "active"
    """The service renders. Polling moves it on; a crash costs nothing."""

    NEEDS_DECISION = "needs_decision"
    """Nobody can tell whether a job exists. A person moves it on; nothing more is sent."""

    COMPLETED = "completed"
    """The video exists. The end."""

    FAILED = "failed"
    """The service or the data refused for good. The end of this attempt."""

    CANCELLED = "cancelled"
    """Withdrawn before anything was sent. The end of this attempt."""


LIVE = frozenset(
    {State.WAITING, State.SENDING, State.CHECKING, State.SUBMITTED, State.ACTIVE, State.NEEDS_DECISION}
)
"""Not ended: a record has at most one of these per format."""

IN_FLIGHT = frozenset({State.SENDING, State.CHECKING, State.SUBMITTED, State.ACTIVE})
"""May hold a place at the service: they fill the window."""

MOVES: dict[State, frozenset[State]] = {
    # Beyond sending: a job of this very name exists already, from a journal that was lost.
    State.WAITING: frozenset(
        {State.SENDING, State.CANCELLED, State.FAILED, State.SUBMITTED, State.ACTIVE, State.COMPLETED}
    ),
    State.SENDING: frozenset(
        {State.WAITING, State.CHECKING, State.SUBMITTED, State.FAILED, State.NEEDS_DECISION}
    ),
    State.CHECKING: frozenset(
        {
            State.WAITING,
            State.SUBMITTED,
            State.ACTIVE,
            State.COMPLETED,
            State.FAILED,
            State.NEEDS_DECISION,
        }
    ),
    State.SUBMITTED: frozenset({State.ACTIVE, State.COMPLETED, State.FAILED, State.NEEDS_DECISION}),
    State.ACTIVE: frozenset({State.COMPLETED, State.FAILED, State.NEEDS_DECISION}),
    State.NEEDS_DECISION: frozenset(
        {State.SUBMITTED, State.ACTIVE, State.COMPLETED, State.FAILED, State.CANCELLED}
    ),
    State.COMPLETED: frozenset(),
    State.FAILED: frozenset(),
    State.CANCELLED: frozenset(),
}
"""Every legal move; staying in a state is always legal while it is live."""


class IllegalMoveError(RuntimeError):
    """A bug: somebody tried to move an intent along an edge that does not exist."""


@dataclass(frozen=True, slots=True)
class Trouble:
    """The last thing that went wrong with an intent."""

    kind: FailureClass
    code: ProblemCode
    text: str
    """For people: what to do."""

    detail: str
    """For developers: what was seen."""


@dataclass(frozen=True, slots=True)
class Intent:
    """One promise and all that became of it; times are aware UTC."""

    job_id: JobId
    key: RecordKey
    content: Content
    """What was approved; what the row says now is told from it."""

    attempt: int
    state: State
    job_name: str
    template_hash: TemplateHash
    template_version: str
    payload_hash: PayloadHash
    price_shown: int
    """Credits the row showed when it was approved; a higher quote voids the approval."""

    approved_at: datetime
    updated_at: datetime
    tries: int = 0
    """Sends of this attempt that surely did not land."""

    losses: int = 0
    """Sends the service surely never saw, though at first nobody knew."""

    not_before: datetime | None = None
    quote: int | None = None
    reserved: int | None = None
    sent_at: datetime | None = None
    finished_at: datetime | None = None
    service_word: str | None = None
    percent: int | None = None
    known_as: JobId | None = None
    """The id the service gave instead, if it did not honour ours."""

    named: bool = True
    """Whether it is sent under our id; a service may refuse that, and then knows it by its name alone."""

    url: str | None = None
    thumbnail_url: str | None = None
    trouble: Trouble | None = None
    number: int = 0
    """Counts the promises of a tab: later ones have higher numbers, whatever the wall clock said."""

    @property
    def format(self) -> str:
        """The format approved."""
        return self.content.format

    @property
    def fingerprint(self) -> Fingerprint:
        """Names the content approved."""
        return self.content.fingerprint

    @property
    def name(self) -> IntentName:
        """What the job id is derived from."""
        return IntentName(self.key, self.format, self.fingerprint, self.attempt)

    @property
    def service_id(self) -> JobId:
        """The id to ask the service about."""
        return self.known_as or self.job_id

    @property
    def is_taken_over(self) -> bool:
        """Whether it stands for another row's job, which this row was copied with: never sent, never paid again."""
        return self.known_as is not None and self.sent_at is None and self.reserved == 0

    @property
    def is_live(self) -> bool:
        """Whether it may still change."""
        return self.state in LIVE

    def moved(self, to: State, **changes: Any) -> Intent:
        """The same intent one move later; the only way a state changes.

        Raises IllegalMoveError for a move that is not in the table.
        """
        stays = to is self.state and self.is_live
        # What a copied row named turned out to be no finished video: nothing was ever sent for this row.
        is_dropped = self.is_taken_over and (self.state, to) == (State.CHECKING, State.CANCELLED)
        if not stays and not is_dropped and to not in MOVES[self.state]:
            raise IllegalMoveError(f"{self.job_id}: {self.state} -> {to}")
        return replace(self, state=to, **changes)

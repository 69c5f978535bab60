"""The job as this service keeps it: what was ordered, and what became of it."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class State(StrEnum):
    """The states this service itself uses (Zvid docs, render-lifecycle); the last three are final."""

    WAITING = "waiting"  # accepted and charged; the queue moves it on; queued still after a crash
    ACTIVE = "active"  # being rendered; a crash puts it back to waiting, without a second charge
    COMPLETED = "completed"
    FAILED = "failed"  # refunded
    CANCELLED = "cancelled"  # taken back by the account, and refunded; only where the switch lets it


@dataclass(frozen=True, slots=True)
class Order:
    """A job that was accepted: what to draw and what it costs."""

    id: str
    name: str
    type: str
    project: str
    width: int
    height: int
    seconds: float
    credits: int
    template_id: str | None = None
    bulk_id: str | None = None
    webhook_url: str | None = None


@dataclass(frozen=True, slots=True)
class Job:
    """One line of the jobs table; `place` orders queue and listing, `runs` counts finished drawings."""

    id: str
    place: int
    name: str
    type: str
    width: int
    height: int
    seconds: float
    credits: int
    state: State
    runs: int
    created_ms: int
    updated_ms: int
    finished_ms: int | None
    video: str | None
    thumbnail: str | None
    failed_reason: str | None
    template_id: str | None
    bulk_id: str | None
    webhook_url: str | None
    removed: str | None  # when the account deleted it; it is kept for the ledger, and shown to nobody

    @property
    def is_final(self) -> bool:
        return self.state in {State.COMPLETED, State.FAILED, State.CANCELLED}

    @property
    def is_lost(self) -> bool:
        """It came to nothing."""
        return self.state in {State.FAILED, State.CANCELLED}

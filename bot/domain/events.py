"""Events: what happened to a video, as the journal keeps it and the Log tab tells it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from bot.domain import wording
from bot.domain.ids import RecordId
from bot.domain.intents import State

CALLED = {
    State.WAITING: wording.WAITING,
    State.SENDING: wording.SENDING,
    State.CHECKING: wording.CHECKING,
    State.SUBMITTED: wording.ACCEPTED,
    State.ACTIVE: wording.RENDERING,
    State.NEEDS_DECISION: wording.NEEDS_DECISION,
    State.COMPLETED: wording.DONE,
    State.FAILED: wording.FAILED,
    State.CANCELLED: wording.WITHDRAWN,
}
"""What each state of a promise is called in lists of what happened."""


@dataclass(frozen=True, slots=True)
class Event:
    """One change of one promise."""

    number: int
    """Grows with every event of the journal."""

    at: datetime
    record: RecordId
    row_number: int
    """Where the row last stood."""

    name: str
    """The video's name."""

    state: State
    credits: int | None
    text: str
    """What it means, in people's words; empty when all went well."""

    said: str = ""
    """Why a render failed, in the service's own words."""

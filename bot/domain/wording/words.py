"""Status words, and words that stand within sentences."""

from __future__ import annotations

from bot.domain.wording.fitting import counted

NEEDS_FIXING = "Needs fixing"
READY = "Ready to approve"
CHANGED = "Changed"
SCHEDULED = "Scheduled"
WAITING = "Waiting"
ON_HOLD = "On hold"
SENDING = "Sending"
CHECKING = "Checking"
RENDERING = "Rendering"
RETRYING = "Retrying"
NEEDS_DECISION = "Needs a decision"
DONE = "Done"
FAILED = "Failed"
OUT_OF_DATE = "Out of date"
CANCELLED = "Cancelled"

STATUS_WORDS = (
    NEEDS_FIXING,
    READY,
    CHANGED,
    SCHEDULED,
    WAITING,
    ON_HOLD,
    SENDING,
    CHECKING,
    RENDERING,
    RETRYING,
    NEEDS_DECISION,
    DONE,
    FAILED,
    OUT_OF_DATE,
    CANCELLED,
)
"""Every word a `Status` cell can begin with; blank means there is nothing to render in the row."""

NEEDS_A_PERSON = (NEEDS_FIXING, READY, CHANGED, NEEDS_DECISION, FAILED, OUT_OF_DATE)
"""Of these, what only a person moves on."""

A_PICTURE = "a picture"
A_VIDEO = "a video"
A_GIF = "a GIF"
A_SOUND = "a sound file"


def credit_words(amount: int) -> str:
    """`9 credits`, `1 credit`."""
    return counted(amount, "credit")


def rows_words(count: int) -> str:
    """`23 rows`, `1 row`."""
    return counted(count, "row")

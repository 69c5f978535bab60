"""Every fault the console offers, in the words people read: what happens, and what the sheet will show."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

# `call`: befalls calls until its time is over. `account`: befalls the credits. `hand`: somebody does it to the
# sheet, once. `ambush`: the same, but exactly between the robot's read and its write.
Kind = Literal["call", "account", "hand", "ambush"]


@dataclass(frozen=True, slots=True)
class Card:
    """One fault; `seconds` is how long it lasts at most, 0 for what is over at once."""

    id: str
    group: str
    kind: Kind
    title: str
    sentence: str
    seconds: int = 0
    struck: str = "Calls hit"
    button: str = "Do it once"
    """What the count counts, and what the button of a fault that is over at once says."""


_ZVID = "Zvid, the paid service"
_GOOGLE = "Google Sheets"
_PEOPLE = "People in the sheet"

CARDS = (
    Card(
        "lost-answer",
        _ZVID,
        "call",
        "Answer to a paid send gets lost",
        "Zvid takes the order and charges, but its answer never arrives and the order shows up 5 seconds late: the "
        "row says Checking until the robot has found it, then Done with one charge.",
        60,
        "Answers lost",
    ),
    Card(
        "zvid-busy",
        _ZVID,
        "call",
        "Too many requests",
        "Zvid takes no new order and says to come back in 5 seconds: approved rows wait with the time of the next "
        "try, and nothing is charged meanwhile.",
        60,
        "Sends refused",
    ),
    Card(
        "zvid-errors",
        _ZVID,
        "call",
        "Storm of server errors",
        "Every call to Zvid ends in an internal error: rows under way keep their state, new ones say Checking or "
        "Retrying, and all go on by themselves.",
        30,
    ),
    Card(
        "zvid-away",
        _ZVID,
        "call",
        "Service cannot be reached",
        "Every connection to Zvid breaks without an answer: nothing is called failed, and the robot asks again at "
        "growing intervals until Zvid is back.",
        30,
        "Connections broken",
    ),
    Card(
        "no-credits",
        _ZVID,
        "account",
        "Credits are gone",
        "The account is empty: approved rows go On hold and say what they need; switch it off to top up, and they "
        "go on within a minute, without a new tick.",
        120,
        "Times met",
    ),
    Card(
        "zvid-slow",
        _ZVID,
        "call",
        "Slow service",
        "Zvid takes 3 seconds for every answer: Sending and Rendering stand longer, and the sheet is still read and "
        "kept in order.",
        60,
        "Calls slowed",
    ),
    Card(
        "key-refused",
        _ZVID,
        "call",
        "Key is refused",
        "Zvid no longer knows the robot's key: rows go On hold and name the key, and go on up to five minutes after "
        "it is accepted again.",
        30,
        "Calls refused",
    ),
    Card(
        "google-busy",
        _GOOGLE,
        "call",
        "Google's quota is used up",
        "Google refuses the robot's reads and writes: the sheet stands still for up to a minute longer, then catches "
        "up with everything that happened meanwhile.",
        45,
        "Calls refused",
    ),
    Card(
        "google-away",
        _GOOGLE,
        "call",
        "Google is down",
        "Google answers that it is unavailable: videos that were ordered go on being made, and their links appear "
        "once the sheet can be written again.",
        45,
        "Calls refused",
    ),
    Card(
        "google-lost",
        _GOOGLE,
        "call",
        "Google's answer to a write gets lost",
        "What the robot writes does arrive, but it is never told so: it reads again, sees what stands there, and "
        "nothing in the sheet goes wrong.",
        30,
        "Answers lost",
    ),
    Card(
        "sort-now",
        _PEOPLE,
        "hand",
        "Sort the sheet",
        "All rows are put into another order, for real: every status and link is on its own row after the robot's "
        "next look.",
        struck="Times sorted",
        button="Sort now",
    ),
    Card(
        "sort-between",
        _PEOPLE,
        "ambush",
        "Sort between its read and its write",
        "The sheet is sorted in the very moment before the robot's next write, so that the write meets other rows: "
        "they are put right at once.",
        120,
        "Writes met",
    ),
    Card(
        "insert-between",
        _PEOPLE,
        "ambush",
        "Insert a row between its read and its write",
        "A blank row pushes all others down in the moment before the robot's next write: what landed one row too "
        "high is put right at once.",
        120,
        "Writes met",
    ),
    Card(
        "delete-row",
        _PEOPLE,
        "hand",
        "Delete a row under way",
        "The first row the robot is working on (or else the last row) is deleted for good: unsent work is dropped, a "
        "video already ordered is followed to its end.",
        struck="Rows deleted",
        button="Delete it",
    ),
)

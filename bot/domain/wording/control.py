"""Sentences of the Control and the Log tab, and of headers."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from bot.domain.wording.fitting import LONGEST, fitted, in_plain_words, listed, short
from bot.domain.wording.words import credit_words, rows_words

ACCEPTED = "Accepted by Zvid"
WITHDRAWN = "Withdrawn before sending"
LOG_LINES = 200
"""How many events the Log shows; the journal keeps them all."""

LOG_HEADER = ("Time", "Row", "Video", "What happened", "Credits", "Row ID")
_LONGEST_OF_LOG = 250
_IN_A_LINE = 70
"""Of a header's problem: a tab's line says more around it."""


def happened(status: str, text: str, said: str = "") -> str:
    """One line of the Log: the state, what to make of it, and what the service gave as its reason."""
    told = f"{status}: {text}" if text else status
    return fitted('{} It said: "{}"', told, in_plain_words(said), longest=_LONGEST_OF_LOG) if said else told


# -- the robot's own line ------------------------------------------------------


def working(spent: int) -> str:
    """What the robot says of itself on Control; the time of its last look stands beside it."""
    return f"working · {credit_words(spent)} used"


def stopped() -> str:
    return "stopped by its operator. Rows are safe"


def stopped_without_journal() -> str:
    return "stopped: its journal cannot be used. Nothing is sent; an admin must read the log"


def sheet_of_another_robot() -> str:
    return "waiting: this sheet is another robot's. If that one is gone, clear Installation"


# -- what is going on on a tab ---------------------------------------------------


def board_first_contact(rows: int, credits_: int) -> str:
    return (
        f"{rows_words(rows)} ticked before the robot knew {'it' if rows == 1 else 'them'}, {credit_words(credits_)}. "
        "Tick Go ahead to render."
    )


def board_template(reason: str) -> str:
    """For the template's author: rows hold, and the old version is not used meanwhile."""
    return fitted("Template broken: {} Rows hold until it is mended.", reason)


def board_version(version: str, rows: int, credits_: int) -> str:
    """`Template version 4 is new: 45 rows wait, 405 credits. Tick Go ahead to use it.`"""
    wait = "waits" if rows == 1 else "wait"
    sentence = f"Template version {{}} is new: {rows_words(rows)} {wait}, {credit_words(credits_)}."
    return fitted(f"{sentence} Tick Go ahead to use it.", version)


def board_sample(first: int, rows: int, ended: int) -> str:
    """`10 of 60 go first as a sample, 4 finished. Look at them, then tick Go ahead.`"""
    return f"{first} of {rows:,} go first as a sample, {ended} finished. Look at them, then tick Go ahead."


def board_sample_ended(videos: int, tally: str, others: int, credits_: int) -> str:
    """`Look at 10 samples (9 done, 1 failed). Tick Go ahead for the other 50, 450 credits.`"""
    samples = "1 sample" if videos == 1 else f"{videos} samples"
    rest = "one" if others == 1 else f"{others:,}"
    sentence = f"Look at {samples} ({{}}). Tick Go ahead for the other {rest}, {credit_words(credits_)}."
    return fitted(sentence, tally)


def board_many_rows(rows: int, credits_: int) -> str:
    return f"{rows_words(rows)} wait at once, {credit_words(credits_)}. Tick Go ahead to render them."


def board_breaker(count: int, reason: str) -> str:
    sentence = "{} videos failed alike: {}. Tick Go ahead to go on."
    # The service ends its sentences as it likes.
    return fitted(sentence, count, in_plain_words(reason).rstrip(". ") or "see the Log")


class Ticked(NamedTuple):
    """What became of the rows people ticked, but for those that are done."""

    ready: int
    rendering: int
    refused: int


def board_line(ticked: Ticked, to_fix: int, cost: int, allowed: int | None) -> str:
    """`23 rows ticked → 21 ready, 2 need fixing. 189 credits of 1,000.`"""
    if not any(ticked):
        return (
            f"Nothing is waiting. {rows_words(to_fix)} {_needs(to_fix)} fixing."
            if to_fix
            else "Nothing is waiting."
        )
    parts = [f"{ticked.ready:,} ready"] if ticked.ready else []
    parts += [f"{ticked.rendering:,} rendering"] if ticked.rendering else []
    parts += [f"{ticked.refused:,} {_needs(ticked.refused)} fixing"] if ticked.refused else []
    said = f"{rows_words(sum(ticked))} ticked → {', '.join(parts)}."
    if not ticked.ready and not ticked.rendering:
        return said
    return f"{said} {credit_words(cost)}{f' of {allowed:,}' if allowed is not None else ''}."


def about(minutes: int) -> str:
    return f" About {minutes} min."


def made_with(counts: Sequence[tuple[str, int]]) -> str:
    """`48 with v3, 12 with v2`."""
    return listed([f"{count:,} with v{short(version, 20)}" for version, count in counts], LONGEST)


def _needs(count: int) -> str:
    return "needs" if count == 1 else "need"


def cells_refused(where: str) -> str:
    return fitted("The robot may not write to {}. Let its account edit there.", where)


def fought_over(columns: Sequence[str]) -> str:
    quoted = listed([f'"{column}"' for column in columns], 22)
    return fitted("What the robot writes to {} does not stay. Another tool, or merged cells?", quoted)


def tab_deleted() -> str:
    return "On hold: this tab was deleted. Undo that, or have an admin take it out of the settings."


# -- headers -------------------------------------------------------------------


def header_unusable(problems: Sequence[str]) -> str:
    """The tab's line on Control while its header cannot be worked with."""
    if len(problems) == 1:
        return fitted("On hold: {}", problems[0])
    return fitted("On hold: {} And {} more.", problems[0], len(problems) - 1)


def header_problem(column: str, kind: str, near: str | None) -> str:
    """One line about a header that cannot be worked with, for Control, the log and the terminal."""
    if kind == "twice":
        return fitted('Column "{}" is there twice. Rename or delete one.', column, longest=_IN_A_LINE)
    if near is None:
        return fitted('Column "{}" not found.', column, longest=_IN_A_LINE)
    return fitted('Column "{}" not found. Did you mean "{}"?', column, near, longest=_IN_A_LINE)

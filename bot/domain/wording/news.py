"""Sentences people get as messages, outside the sheet: never what a cell says, only where to look."""

from __future__ import annotations

from collections.abc import Sequence

from bot.domain.wording.fitting import fitted, short
from bot.domain.wording.words import credit_words

_ROWS_NAMED = 10
_LONGEST_OF_MESSAGES = 200


def rows_named(rows: Sequence[int | None]) -> str:
    """`rows 17 and 33`, `row 17`, `rows 2, 3 and 48 more`; rows that are gone are only counted."""
    there = sorted(row for row in rows if row is not None)
    names = [f"{row:,}" for row in there[:_ROWS_NAMED]]
    more = len(rows) - len(names)
    if not names:
        return "a row that is gone" if more == 1 else "rows that are gone"
    if more:
        names.append(f"{more:,} more")
    word = "row" if len(rows) == 1 else "rows"
    return f"{word} {' and '.join([', '.join(names[:-1]), names[-1]] if len(names) > 1 else names)}"


def _for_so_long(minutes: int) -> str:
    return f"{minutes} min" if minutes < 120 else f"{minutes // 60} h {minutes % 60:02} min"


def batch_ended(total: int, done: int, minutes: int, amount: int) -> str:
    """`48 of 50 done in 21 min, 720 credits.`"""
    return f"{done:,} of {total:,} done in {_for_so_long(minutes)}, {credit_words(amount)}."


def some_need_fixing(rows: Sequence[int | None]) -> str:
    """`2 need fixing: rows 17 and 33.`"""
    return f"{len(rows):,} {'needs' if len(rows) == 1 else 'need'} fixing: {rows_named(rows)}."


def some_failed(rows: Sequence[int | None]) -> str:
    return f"{len(rows):,} failed: {rows_named(rows)}."


def some_need_a_decision(rows: Sequence[int | None]) -> str:
    return f"{len(rows):,} {'needs' if len(rows) == 1 else 'need'} a decision: {rows_named(rows)}."


def decide_on(row: int | None, text: str) -> str:
    """One row whose video only a person can tell about."""
    which = f"Row {row:,}" if row is not None else "A row that is gone"
    return fitted("{} needs a decision. {}", which, text, longest=_LONGEST_OF_MESSAGES)


def decide_on_several(rows: Sequence[int | None]) -> str:
    return f"{some_need_a_decision(rows)} Nothing more is sent for them; see the sheet."


def asked_outside(question: str) -> str:
    """What Control asks, for whoever does not have it before their eyes."""
    return f"{question} The box is on Control."


def breaker_closed(count: int) -> str:
    return (
        f"Stopped to protect your credits: {count} videos failed the same way. "
        "See the Log; tick Go ahead on Control to go on."
    )


def sheet_out_of_reach() -> str:
    return "The robot cannot read or write this tab. Rows are safe. An admin must run rowreel doctor."


def header_out_of_order() -> str:
    return "The header cannot be worked with, so nothing is sent. Control says what to mend."


def journal_out_of_order() -> str:
    return "The journal cannot be used, so nothing is sent. An admin must read the robot's log."


def same_mistake_again() -> str:
    return "The robot meets the same mistake of ours again and again. An admin must read its log."


def greeting() -> str:
    """What a test says."""
    return "This is a test. The robot will write here when somebody must act, and when a batch ends."


def subject(tab: str, text: str) -> str:
    """Of a letter with one thing in it: its first sentence."""
    first = text.partition(". ")[0].rstrip(".")
    return fitted("Rowreel: {}: {}" if tab else "Rowreel: {}{}", short(tab, 40), first, longest=120)


def subject_of_several(count: int) -> str:
    return f"Rowreel: {count} things to know"

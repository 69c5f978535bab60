"""Writes what differs into the sheet, and learns from the write's own answer."""

from __future__ import annotations

from dataclasses import replace

import structlog

from bot.domain import wording
from bot.domain.contract import PeopleColumn
from bot.domain.entries import Entry, Tick
from bot.domain.failures import Failure
from bot.domain.intents import IN_FLIGHT, State
from bot.planner.actions import Plan, Remember
from bot.planner.snapshot import Snapshot
from bot.ports import Clock, JournalView, Receipt, Sheet, Target
from bot.reconciler.books import Books

log = structlog.get_logger()

HEARTBEAT_SECONDS = 120.0
"""How seldom an idle robot writes that it is alive."""


class Publisher:
    """One write a changed tick; an unanswered one is repaired by the next tick's comparison."""

    def __init__(self, sheet: Sheet, books: Books, clock: Clock, journal: JournalView) -> None:
        self._sheet = sheet
        self._books = books
        self._clock = clock
        self._journal = journal
        self._last_beat: float | None = None
        self._last_cry: float | None = None

    def publish(self, decided: Plan, seen: Snapshot) -> bool:
        """Writes the plan's edits; says whether rows moved meanwhile, so that a look is due at once."""
        if not decided.edits:
            return False
        people = seen.columns.people
        boxes = tuple(people[name] for name in (PeopleColumn.APPROVE, PeopleColumn.RETRY) if name in people)
        answer = self._sheet.write(decided.edits, Target(seen.columns.row_id, boxes), self._line())
        if isinstance(answer, Failure):
            log.warning("sheet_not_written", code=answer.code, detail=answer.detail, edits=len(decided.edits))
            return False
        self._last_beat = self._clock.monotonic()
        self._note_emptied(answer, seen)
        if answer.misplaced:
            log.warning("rows_moved_during_write", records=answer.misplaced)
        return bool(answer.misplaced)

    def beat_if_silent(self) -> None:
        """An idle robot says now and then that it is alive."""
        now = self._clock.monotonic()
        if self._last_beat is not None and now - self._last_beat < HEARTBEAT_SECONDS:
            return
        answer = self._sheet.write((), Target(0, ()), self._line())
        if isinstance(answer, Failure):
            log.warning("heartbeat_not_written", code=answer.code, detail=answer.detail)
            return
        self._last_beat = now

    def say_journal_is_sick(self) -> None:
        """Tells people, as far as the sheet can be written, why nothing moves; as seldom as an idle robot speaks."""
        now = self._clock.monotonic()
        if self._last_cry is not None and now - self._last_cry < HEARTBEAT_SECONDS:
            return
        self._last_cry = now
        # Whoever recovers says so at once.
        self._last_beat = None
        self._sheet.write((), Target(0, ()), wording.heartbeat_without_journal(self._local_time()))

    def _note_emptied(self, receipt: Receipt, seen: Snapshot) -> None:
        """A box seen empty in the answer of the clearing write counts again from its next tick."""
        entries = self._books.memory.entries
        touched = {record for record, _ in receipt.emptied}
        found = [
            (entries[record], _opened(entries[record], receipt, seen))
            for record in touched
            if record in entries
        ]
        self._books.apply([Remember(after) for before, after in found if after != before])

    def _line(self) -> str:
        states = [intent.state for intent in self._books.memory.live.values()]
        return wording.heartbeat(
            self._local_time(),
            sum(state in IN_FLIGHT for state in states),
            sum(state is State.WAITING for state in states),
            self._journal.spent(),
        )

    def _local_time(self) -> str:
        return self._clock.now().astimezone(self._sheet.zone).strftime("%Y-%m-%d %H:%M:%S")


def _opened(entry: Entry, receipt: Receipt, seen: Snapshot) -> Entry:
    record = entry.key.record
    after = entry
    if entry.approve is Tick.SPENT and (record, seen.columns.people[PeopleColumn.APPROVE]) in receipt.emptied:
        after = replace(after, approve=Tick.OPEN)
    retry = seen.columns.people.get(PeopleColumn.RETRY)
    if entry.retry is Tick.SPENT and retry is not None and (record, retry) in receipt.emptied:
        after = replace(after, retry=Tick.OPEN)
    return after

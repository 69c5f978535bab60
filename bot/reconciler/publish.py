"""Writes what differs into the sheet, and learns from the write's own answer."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import structlog

from bot.domain import wording
from bot.domain.cells import Written, as_serial
from bot.domain.contract import PeopleColumn
from bot.domain.control import Control, Label
from bot.domain.entries import Entry, Tick
from bot.domain.failures import Failure
from bot.planner.actions import BoardEdit, Plan, Remember
from bot.planner.snapshot import Snapshot
from bot.ports import Beside, JournalView, Receipt, Target
from bot.reconciler.books import Books
from bot.reconciler.diary import Diary
from bot.reconciler.observe import Observer

log = structlog.get_logger()

HEARTBEAT_SECONDS = 120.0
"""How seldom an idle robot writes that it is alive."""


class Publisher:
    """One write a changed tick; an unanswered one is repaired by the next tick's comparison."""

    def __init__(self, observer: Observer, books: Books, journal: JournalView) -> None:
        self._sheet = observer.sheet
        self._clock = observer.clock
        self._presence = observer.presence
        self._books = books
        self._journal = journal
        self._diary = Diary(observer.sheet, journal, observer.clock)
        self._control = Control()
        """As last seen: where to write when the sheet cannot be planned for."""

        self._last_beat: float | None = None
        self._last_cry: float | None = None

    def publish(self, decided: Plan, seen: Snapshot) -> bool:
        """Writes the plan's edits; says whether rows moved meanwhile, so that a look is due at once."""
        self._control = seen.control
        if not decided.must_write:
            return False
        people = seen.columns.people
        boxes = tuple(people[name] for name in (PeopleColumn.APPROVE, PeopleColumn.RETRY) if name in people)
        beside = self._beside(decided.board)
        answer = self._sheet.write(decided.edits, Target(seen.columns.row_id, boxes), beside)
        if isinstance(answer, Failure):
            log.warning("sheet_not_written", code=answer.code, detail=answer.detail, edits=len(decided.edits))
            return False
        self._last_beat = self._clock.monotonic()
        self._diary.was_written(beside.log)
        self._note_emptied(answer, seen)
        if answer.misplaced:
            log.warning("rows_moved_during_write", records=answer.misplaced)
        return bool(answer.misplaced)

    def beat_if_silent(self, control: Control) -> None:
        """An idle robot says now and then that it is alive."""
        self._control = control
        now = self._clock.monotonic()
        if self._last_beat is not None and now - self._last_beat < HEARTBEAT_SECONDS:
            return
        beside = self._beside(())
        answer = self._sheet.write((), Target(0, ()), beside)
        if isinstance(answer, Failure):
            log.warning("heartbeat_not_written", code=answer.code, detail=answer.detail)
            return
        self._last_beat = now
        self._diary.was_written(beside.log)

    def _beside(self, board: Sequence[BoardEdit]) -> Beside:
        signature = self._signature(wording.working(self._journal.spent()))
        return Beside((*board, *signature), self._diary.page())

    def say_journal_is_sick(self) -> None:
        """Tells people, as far as the sheet can be written, why nothing moves; as seldom as an idle robot speaks."""
        if self._may_cry():
            self._write(self._signature(wording.stopped_without_journal()))

    def say_sheet_is_claimed(self, control: Control) -> None:
        """Tells people what to do about a claim of another installation; signs nothing."""
        self._control = control
        says = control.labels.get(Label.SAYS)
        if says is not None and self._may_cry():
            self._write([BoardEdit(says, wording.sheet_of_another_robot())])

    def sign_off(self) -> None:
        """An orderly end: people read that it was meant, and another robot need not wait."""
        if self._last_beat is None:
            return
        labels = self._control.labels
        signed = {Label.SAYS: wording.stopped(), Label.WORKER: None}
        self._write([BoardEdit(labels[label], value) for label, value in signed.items() if label in labels])
        self._last_beat = None

    def _may_cry(self) -> bool:
        now = self._clock.monotonic()
        if self._last_cry is not None and now - self._last_cry < HEARTBEAT_SECONDS:
            return False
        self._last_cry = now
        # Whoever recovers says so at once.
        self._last_beat = None
        return True

    def _write(self, board: Sequence[BoardEdit]) -> Receipt | Failure:
        return self._sheet.write((), Target(0, ()), Beside(board))

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

    def _signature(self, says: str) -> list[BoardEdit]:
        """How the robot is, when it looked, who it is, and under whose name its jobs are made."""
        signed: dict[Label, Written] = {
            Label.SAYS: says,
            Label.LOOKED_AT: as_serial(self._clock.now().astimezone(self._sheet.zone)),
            Label.WORKER: self._presence.signature.worker,
            Label.INSTALLATION: self._presence.claim,
        }
        labels = self._control.labels
        return [BoardEdit(labels[label], value) for label, value in signed.items() if label in labels]


def _opened(entry: Entry, receipt: Receipt, seen: Snapshot) -> Entry:
    record = entry.key.record
    after = entry
    if entry.approve is Tick.SPENT and (record, seen.columns.people[PeopleColumn.APPROVE]) in receipt.emptied:
        after = replace(after, approve=Tick.OPEN)
    retry = seen.columns.people.get(PeopleColumn.RETRY)
    if entry.retry is Tick.SPENT and retry is not None and (record, retry) in receipt.emptied:
        after = replace(after, retry=Tick.OPEN)
    return after

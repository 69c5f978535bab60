"""Writes what differs into the sheet, and learns from the write's own answer."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from enum import Enum, auto

import structlog

from bot.domain import wording
from bot.domain.cells import Written, as_serial, cell_text
from bot.domain.contract import PeopleColumn
from bot.domain.control import BoardColumn, Control, Label
from bot.domain.entries import Entry, Tick
from bot.domain.failures import Failure
from bot.planner.actions import BoardEdit, CellEdit, Plan, Remember
from bot.planner.snapshot import Snapshot
from bot.ports import NOTHING_BESIDE, Beside, JournalView, Reading, Receipt, Target
from bot.reconciler.books import Books
from bot.reconciler.diary import Diary
from bot.reconciler.fights import Fights
from bot.reconciler.landings import Landings, Mended
from bot.reconciler.observe import Observer
from bot.reconciler.troubles import Troubles

log = structlog.get_logger()

HEARTBEAT_SECONDS = 120.0
"""How seldom an idle robot writes that it is alive."""


class Landed(Enum):
    """Where a write went."""

    IN_PLACE = auto()
    IN_OTHER_ROWS = auto()
    """Another look at once puts them right."""

    IN_OTHER_COLUMNS = auto()
    """In cells of people's perhaps: before anything else they get them back."""

    UNKNOWN = auto()


@dataclass(frozen=True, slots=True)
class Published:
    """What became of a write."""

    landed: Landed = Landed.IN_PLACE
    failure: Failure | None = None
    rest_in: float | None = None
    """Seconds until the rest of it may be written."""


class Publisher:
    """One write a changed tick; an unanswered one is repaired by the next tick's comparison."""

    def __init__(self, observer: Observer, books: Books, journal: JournalView) -> None:
        self._sheet = observer.sheet
        self._clock = observer.clock
        self._presence = observer.presence
        self._books = books
        self._journal = journal
        self._diary = Diary(observer.sheet, journal, observer.clock)
        self._landings = Landings()
        self._control = Control()
        """As last seen: where to write when the sheet cannot be planned for."""

        self._last_beat: float | None = None
        self._last_cry: float | None = None
        self._said_of_tab = ""
        self._troubles = Troubles()
        self._fights = Fights()
        self._fight_troubles = Troubles()
        self._refused = ""
        """What cannot be written, in people's words; empty when everything can."""

    @property
    def trouble(self) -> str:
        """What the robot cannot do with the tab, or what is done to it all the time, in people's words."""
        columns = self._fights.columns(self._clock.monotonic())
        if columns:
            self._fight_troubles.begin("cells_fought_over", columns)
        else:
            self._fight_troubles.end()
        return self._refused or (wording.fought_over(columns) if columns else "")

    def look_back(self, reading: Reading) -> Mended:
        """What people must be given back, since earlier writes met other rows or columns than they were meant for."""
        return self._landings.look(reading)

    def publish(self, decided: Plan, seen: Snapshot, mended: Mended) -> Published:
        """Writes the plan's edits, and what people are given back; says how they landed."""
        self._control = seen.control
        if not decided.must_write and not mended.edits:
            self._landings.nothing_left()
            return Published()
        people = seen.columns.people
        boxes = tuple(people[name] for name in (PeopleColumn.APPROVE, PeopleColumn.RETRY) if name in people)
        target = Target(seen.columns.row_id, boxes, mended.reading.values[0])
        beside = self._beside(decided.board)
        edits = _with_given_back(mended.edits, decided.edits)
        answer = self._write_rows(edits, target, mended.reading, beside)
        if isinstance(answer, Failure):
            return Published(Landed.UNKNOWN, answer)
        self._note_refused(answer)
        if answer.rest_in is None:
            self._last_beat = self._clock.monotonic()
        if answer.columns_moved:
            log.warning("columns_moved_during_write")
            return Published(Landed.IN_OTHER_COLUMNS)
        if answer.rest_in is None:
            # What goes beside the rows comes with their last part.
            self._diary.was_written(beside.log)
        self._note_emptied(answer, seen)
        if answer.misplaced:
            log.warning("rows_moved_during_write", records=answer.misplaced)
            return Published(Landed.IN_OTHER_ROWS, rest_in=answer.rest_in)
        if not answer.refused:
            self._fights.wrote(decided.edits, target.header, self._clock.monotonic())
        return Published(rest_in=answer.rest_in)

    def give_back(self, mended: Mended) -> None:
        """Gives people their cells back on a tab whose header cannot be worked with."""
        if not mended.edits:
            self._landings.nothing_left()
            return
        edits = tuple(replace(edit, record=None) for edit in mended.edits)
        self._write_rows(edits, Target(0, (), mended.reading.values[0]), mended.reading, NOTHING_BESIDE)

    def _write_rows(
        self, edits: tuple[CellEdit, ...], target: Target, reading: Reading, beside: Beside
    ) -> Receipt | Failure:
        answer = self._sheet.write(edits, target, beside)
        self._landings.wrote(reading, edits, target, answer)
        if isinstance(answer, Failure):
            self._troubles.begin("sheet_not_written", answer.code, answer.detail)
        return answer

    def _note_refused(self, receipt: Receipt) -> None:
        """Says in the log and, from the next look on, on Control what cannot be written."""
        places = ", ".join(one.where for one in receipt.refused)
        self._refused = wording.cells_refused(places) if places else ""
        if places:
            self._troubles.begin("cells_refused", places, receipt.refused[0].detail)
        else:
            self._troubles.end()

    def beat_if_silent(self, control: Control) -> None:
        """An idle robot says now and then that it is alive; news of the Log do not wait for that."""
        self._control = control
        if self._is_beat_due() or self._diary.is_behind(self._books.edition):
            self._beat(())

    def say_of_tab(self, words: str, control: Control | None = None) -> None:
        """Tells people on the tab's line why it stands still; without a look at Control, where its line was last."""
        self._control = control or self._control
        place = self._control.board.get(BoardColumn.GOING_ON)
        is_told = control is None and self._said_of_tab == words
        if place is not None and not is_told and cell_text(self._control.said(place)) != words:
            self._beat([BoardEdit(place, words)])
        elif self._is_beat_due():
            # Without a line of its own the robot's one line says it.
            self._beat((), words if place is None else None)
        self._said_of_tab = words

    def _is_beat_due(self) -> bool:
        now = self._clock.monotonic()
        return self._last_beat is None or now - self._last_beat >= HEARTBEAT_SECONDS

    def _beat(self, board: Sequence[BoardEdit], says: str | None = None) -> None:
        beside = self._beside(board, says)
        answer = self._sheet.write((), Target(0, ()), beside)
        if isinstance(answer, Failure):
            self._troubles.begin("heartbeat_not_written", answer.code, answer.detail)
            return
        self._last_beat = self._clock.monotonic()
        self._diary.was_written(beside.log)

    def _beside(self, board: Sequence[BoardEdit], says: str | None = None) -> Beside:
        signature = self._signature(says or wording.working(self._journal.spent()))
        return Beside((*board, *signature), self._diary.page(self._books.edition))

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


def _with_given_back(given_back: tuple[CellEdit, ...], planned: tuple[CellEdit, ...]) -> tuple[CellEdit, ...]:
    """What people are given back, but for cells the robot fills itself, and what is planned."""
    if not given_back:
        return planned
    taken = {(edit.row_number, edit.column) for edit in planned}
    return (*(edit for edit in given_back if (edit.row_number, edit.column) not in taken), *planned)


def _opened(entry: Entry, receipt: Receipt, seen: Snapshot) -> Entry:
    record = entry.key.record
    after = entry
    if entry.approve is Tick.SPENT and (record, seen.columns.people[PeopleColumn.APPROVE]) in receipt.emptied:
        after = replace(after, approve=Tick.OPEN)
    retry = seen.columns.people.get(PeopleColumn.RETRY)
    if entry.retry is Tick.SPENT and retry is not None and (record, retry) in receipt.emptied:
        after = replace(after, retry=Tick.OPEN)
    return after

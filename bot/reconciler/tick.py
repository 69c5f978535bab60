"""One tick: read, plan, journal, write the sheet, call the service.

If the process dies on any line, the next start finds either nothing (plan again), an intent not yet
marked sending (send it), one marked sending (look it up before anything else), or an accepted job (poll it).
"""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from dataclasses import dataclass, field, replace

import structlog

from bot.domain import wording
from bot.domain.cells import Cell, cell_text
from bot.domain.contract import HeaderProblem, PeopleColumn
from bot.domain.entries import Tick
from bot.domain.failures import Failure
from bot.domain.ids import RecordId
from bot.domain.intents import IN_FLIGHT, Intent, State
from bot.domain.jobs import Absent, Accepted, Job, Quote
from bot.domain.templates import Template
from bot.planner.actions import Ask, Call, Change, Move, Plan, Poll, Remember, Resolve, Submit
from bot.planner.outcomes import Outcomes, is_only_a_wait
from bot.planner.plan import plan
from bot.planner.snapshot import Memory, Policy, Snapshot
from bot.ports import Clock, Journal, JournalConflictError, JournalError, Receipt, Sheet, Target
from bot.reconciler.execute import Answer, Executor
from bot.reconciler.observe import Judge, Sighting, spare_ids
from bot.reconciler.timers import Timers

log = structlog.get_logger()

HEARTBEAT_SECONDS = 120.0
"""How seldom an idle robot writes that it is alive."""


@dataclass(frozen=True, slots=True)
class Ports:
    """The outside world of one tab."""

    sheet: Sheet
    journal: Journal
    clock: Clock
    executor: Executor


@dataclass(frozen=True, slots=True)
class TickReport:
    """What one tick did, for the log, the daemon's pace and the terminal."""

    failure: Failure | None = None
    header: tuple[HeaderProblem, ...] = ()
    changes: int = 0
    edits: int = 0
    calls: int = 0
    is_moving: bool = False
    """Whether anything is waiting or under way: worth looking again soon."""

    wake_at_once: bool = False
    next_due: float | None = None
    """Seconds until something is due even if nobody touches the sheet."""


@dataclass
class Reconciler:
    """Keeps one tab and the journal in step; one per tab, called by one thread."""

    ports: Ports
    template: Template
    policy: Policy
    namespace: uuid.UUID
    _memory: Memory | None = None
    _timers: Timers = field(default_factory=Timers)
    _judge: Judge | None = None
    _last_values: Sequence[Sequence[Cell]] | None = None
    _is_settled: bool = False
    """Whether the last plan on the last values was empty: the same values then need no plan."""

    _last_heartbeat: float | None = None

    def tick(self) -> TickReport:
        """One pass. Raises JournalError when the journal cannot be trusted: nothing was sent then."""
        memory = self._recall()
        reading = self.ports.sheet.read()
        if isinstance(reading, Failure):
            log.warning("sheet_not_read", code=reading.code, detail=reading.detail)
            return TickReport(failure=reading, is_moving=self._is_moving(), next_due=None)
        monotonic = self.ports.clock.monotonic()
        if self._is_quiet(reading.values, monotonic):
            return self._report(None, self._beat(monotonic))
        seen = self._observe(reading.values, memory)
        if not isinstance(seen, Snapshot):
            log.warning(
                "header_not_usable", problems=[wording.header_problem(p.column, p.kind, p.near) for p in seen]
            )
            return TickReport(header=seen)
        decided = plan(seen, self.policy)
        self._apply(decided.changes)
        if not memory.is_known:
            self._learn()
        receipt = self._publish(decided, seen)
        self._call(decided)
        self._last_values = reading.values
        self._is_settled = decided.is_empty
        return self._report(decided, receipt)

    def preview(self) -> tuple[Snapshot, Plan] | Failure | tuple[HeaderProblem, ...]:
        """What the next tick would decide; reads, and does nothing."""
        memory = self._recall()
        reading = self.ports.sheet.read()
        if isinstance(reading, Failure):
            return reading
        seen = self._observe(reading.values, memory)
        return (seen, plan(seen, self.policy)) if isinstance(seen, Snapshot) else seen

    # -- memory ---------------------------------------------------------------

    def recover(self) -> None:
        """Before the first tick: whatever was being sent when the last process ended is in doubt now."""
        memory = self._recall()
        now = self.ports.clock.now()
        lost = [intent for intent in memory.intents.values() if intent.state is State.SENDING]
        if lost:
            log.warning("sends_in_doubt", count=len(lost), jobs=[intent.job_id for intent in lost])
        self._apply([Move(one, one.moved(State.CHECKING, updated_at=now, not_before=None)) for one in lost])

    def _recall(self) -> Memory:
        if self._memory is None:
            self._memory = self.ports.journal.remember_tab(self.ports.sheet.key)
            now, monotonic = self.ports.clock.now(), self.ports.clock.monotonic()
            for intent in self._memory.intents.values():
                self._timers.follow(intent, now=now, monotonic=monotonic)
        return self._memory

    def _apply(self, changes: Sequence[Change]) -> None:
        """Journal first, memory after; a journal that refused makes the memory worthless."""
        if not changes:
            return
        lasting = [change for change in changes if not is_only_a_wait(change)]
        now, monotonic = self.ports.clock.now(), self.ports.clock.monotonic()
        try:
            if lasting:
                self.ports.journal.apply(lasting, now)
        except (JournalError, JournalConflictError):
            self._memory = None
            raise
        assert self._memory is not None  # a tick begins with recalling it
        self._memory = self._memory.after(changes)
        for change in changes:
            intent = _intent_of(change)
            if intent is not None:
                self._timers.follow(intent, now=now, monotonic=monotonic)
        if lasting:
            self._is_settled = False

    def _learn(self) -> None:
        self.ports.journal.learn_tab(self.ports.sheet.key, self.ports.clock.now())
        assert self._memory is not None  # a tick begins with recalling it
        self._memory = replace(self._memory, is_known=True)

    # -- observe --------------------------------------------------------------

    def _is_quiet(self, values: Sequence[Sequence[Cell]], monotonic: float) -> bool:
        """The same sheet as last time, when there was nothing to do, and nothing has become due since."""
        due = self._timers.next_due(monotonic)
        return self._is_settled and (due is None or due > 0) and values == self._last_values

    def _observe(
        self, values: Sequence[Sequence[Cell]], memory: Memory
    ) -> Snapshot | tuple[HeaderProblem, ...]:
        if self._judge is None:
            self._judge = Judge(self.template)
        sighting = self._judge.look(values)
        if not isinstance(sighting, Sighting):
            return sighting
        monotonic = self.ports.clock.monotonic()
        return Snapshot(
            tab=self.ports.sheet.key,
            namespace=self.namespace,
            columns=sighting.columns,
            lines=sighting.lines,
            blanks=sighting.blanks,
            template=self.template,
            memory=memory,
            now=self.ports.clock.now(),
            zone=self.ports.sheet.zone,
            waits=self._timers.waits(monotonic),
            doubts=self._timers.doubts(monotonic),
            spare_ids=self._spare_ids(sighting, memory),
            in_flight=self.ports.journal.in_flight(),
        )

    def _spare_ids(self, sighting: Sighting, memory: Memory) -> tuple[RecordId, ...]:
        """One for every line that might turn out to need one: without an id, or sharing one."""
        column = sighting.columns.row_id
        claimed = [cell_text(line.row.at(column)) for line in sighting.lines]
        wanted = len(claimed) - len({text for text in claimed if text in memory.entries})
        if not wanted:
            return ()
        return spare_ids(wanted, {RecordId(text) for text in claimed} | set(memory.entries))

    # -- publish --------------------------------------------------------------

    def _publish(self, decided: Plan, seen: Snapshot) -> Receipt | None:
        """Writes what differs; an unanswered write is repaired by the next tick's comparison."""
        if not decided.edits:
            return None
        boxes = tuple(
            seen.columns.people[column]
            for column in (PeopleColumn.APPROVE, PeopleColumn.RETRY)
            if column in seen.columns.people
        )
        target = Target(seen.columns.row_id, boxes)
        answer = self.ports.sheet.write(decided.edits, target, self._heartbeat_line())
        if isinstance(answer, Failure):
            log.warning("sheet_not_written", code=answer.code, detail=answer.detail, edits=len(decided.edits))
            return None
        self._last_heartbeat = self.ports.clock.monotonic()
        if answer.misplaced:
            log.warning("rows_moved_during_write", records=answer.misplaced)
        self._note_emptied(answer, seen)
        return answer

    def _note_emptied(self, receipt: Receipt, seen: Snapshot) -> None:
        """A box seen empty in the answer of the clearing write counts again from its next tick."""
        assert self._memory is not None  # a tick begins with recalling it
        changes = []
        approve = seen.columns.people[PeopleColumn.APPROVE]
        retry = seen.columns.people.get(PeopleColumn.RETRY)
        for record, entry in self._memory.entries.items():
            fresh = entry
            if entry.approve is Tick.SPENT and (record, approve) in receipt.emptied:
                fresh = replace(fresh, approve=Tick.OPEN)
            if entry.retry is Tick.SPENT and retry is not None and (record, retry) in receipt.emptied:
                fresh = replace(fresh, retry=Tick.OPEN)
            if fresh != entry:
                changes.append(Remember(fresh))
        self._apply(changes)

    def _beat(self, monotonic: float) -> Receipt | None:
        """An idle robot says seldom that it is alive."""
        last = self._last_heartbeat
        if last is not None and monotonic - last < HEARTBEAT_SECONDS:
            return None
        answer = self.ports.sheet.write((), Target(0, ()), self._heartbeat_line())
        if isinstance(answer, Failure):
            log.warning("heartbeat_not_written", code=answer.code, detail=answer.detail)
            return None
        self._last_heartbeat = monotonic
        return answer

    def _heartbeat_line(self) -> str:
        assert self._memory is not None  # a tick begins with recalling it
        states = [intent.state for intent in self._memory.intents.values() if intent.is_live]
        at = self.ports.clock.now().astimezone(self.ports.sheet.zone)
        return wording.heartbeat(
            at.strftime("%Y-%m-%d %H:%M:%S"),
            sum(state in IN_FLIGHT for state in states),
            sum(state is State.WAITING for state in states),
            self.ports.journal.spent(),
        )

    # -- call -----------------------------------------------------------------

    def _call(self, decided: Plan) -> None:
        if not decided.calls:
            return
        calls = self._mark_sending(decided.calls)
        bodies = {
            call.intent.payload_hash: self.ports.journal.payload(call.intent.payload_hash)
            for call in calls
            if isinstance(call, (Ask, Submit))
        }
        self.ports.executor.run(calls, bodies, self._take)

    def _mark_sending(self, calls: Sequence[Call]) -> list[Call]:
        """Durable before the first byte leaves: after a crash from here on, nobody knows."""
        now = self.ports.clock.now()
        marked: list[Call] = []
        moves: list[Move] = []
        for call in calls:
            if isinstance(call, Submit):
                sending = call.intent.moved(State.SENDING, updated_at=now, sent_at=now, not_before=None)
                moves.append(Move(call.intent, sending))
                marked.append(Submit(sending))
            else:
                marked.append(call)
        self._apply(moves)
        return marked

    def _take(self, call: Call, answer: Answer) -> None:
        """Keeps one answer, the moment it is here."""
        assert self._memory is not None  # a tick begins with recalling it
        entry = self._memory.entries.get(call.intent.key.record)
        outcomes = Outcomes(self.ports.clock.now(), self.policy)
        changes: tuple[Change, ...]
        match call, answer:
            case Ask(intent), (Quote() | Failure()) as said:
                changes = outcomes.asked(intent, entry, said)
            case Submit(intent), (Accepted() | Failure()) as said:
                changes = outcomes.sent(intent, entry, said)
            case (Resolve() | Poll()) as look, (Job() | Absent() | Failure()) as said:
                if isinstance(look, Resolve) and look.is_late and isinstance(said, Absent):
                    self._timers.count_absence(look.intent.job_id)
                changes = outcomes.looked_up(look, said)
            case _:
                raise TypeError(f"{type(answer).__name__} is no answer to {type(call).__name__}")
        self._apply(changes)
        _log_answer(call, answer, changes)

    # -- report ---------------------------------------------------------------

    def _is_moving(self) -> bool:
        return self._memory is not None and any(one.is_live for one in self._memory.intents.values())

    def _report(self, decided: Plan | None, receipt: Receipt | None) -> TickReport:
        done = decided or Plan((), (), ())
        report = TickReport(
            changes=len(done.changes),
            edits=len(done.edits),
            calls=len(done.calls),
            is_moving=self._is_moving(),
            wake_at_once=bool(done.calls) or bool(receipt and receipt.misplaced),
            next_due=self._timers.next_due(self.ports.clock.monotonic()),
        )
        say = log.debug if done.is_empty else log.info
        say("tick_done", changes=report.changes, edits=report.edits, calls=report.calls)
        return report


def _intent_of(change: Change) -> Intent | None:
    if isinstance(change, Remember):
        return None
    return change.after if isinstance(change, Move) else change.intent


def _log_answer(call: Call, answer: Answer, changes: Sequence[Change]) -> None:
    after = next((change.after for change in changes if isinstance(change, Move)), call.intent)
    facts = {"key": str(after.key), "job_id": after.job_id, "state": after.state.value}
    if isinstance(answer, Failure):
        log.warning(
            "service_refused", call=type(call).__name__, kind=answer.kind, detail=answer.detail, **facts
        )
    elif after.state is not call.intent.state:
        log.info("job_moved", was=call.intent.state.value, **facts)

"""One tick: read, plan, journal, write the sheet, call the service.

If the process dies on any line, the next start finds either nothing (plan again), an intent not yet
marked sending (send it), one marked sending (look it up before anything else), or an accepted job (poll it).
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import timedelta

import structlog

from bot.domain import wording
from bot.domain.bugs import Bug, bug_of
from bot.domain.cells import Cell, cells_mark
from bot.domain.contract import HeaderProblem
from bot.domain.control import Control
from bot.domain.entries import Entry
from bot.domain.failures import Failure, FailureClass, ProblemCode
from bot.domain.holds import Account
from bot.domain.ids import RecordId
from bot.domain.intents import State
from bot.domain.jobs import Absent, Accepted, Job, Quote, Suspects, Unlisted
from bot.planner.actions import Ask, Call, Change, Move, Plan, Poll, Remember, Resolve, SetGate, Submit
from bot.planner.gate import after_endings
from bot.planner.outcomes import Outcomes
from bot.planner.plan import plan
from bot.planner.queue import Patience, looks
from bot.planner.snapshot import Policy, Snapshot
from bot.ports import Clock, Journal, JournalError
from bot.reconciler.account import AccountWatch
from bot.reconciler.books import Books
from bot.reconciler.execute import Answer, Executor, NotMade
from bot.reconciler.observe import Observer
from bot.reconciler.presence import Standing
from bot.reconciler.publish import Publisher

log = structlog.get_logger()


@dataclass(frozen=True, slots=True)
class TickReport:
    """What one tick did, for the daemon's pace and the terminal."""

    failure: Failure | None = None
    header: tuple[HeaderProblem, ...] = ()
    changes: int = 0
    edits: int = 0
    calls: int = 0
    wake_at_once: bool = False
    """Whether an answer, or a row that moved, is still to be shown."""

    next_due: float | None = None
    """Seconds until something is due even if nobody touches the sheet."""

    bugs: tuple[Bug, ...] = ()
    """Mistakes of ours that rows met."""


class Reconciler:
    """Keeps one tab and the journal in step; one per tab, called by one thread."""

    def __init__(
        self,
        observer: Observer,
        journal: Journal,
        executor: Executor,
        policy: Policy,
        account: AccountWatch | None = None,
    ) -> None:
        """Tabs that share a service share what they hear of the account."""
        self._observer = observer
        self._journal = journal
        self._clock: Clock = observer.clock
        self._executor = executor
        self._shift = executor.shift
        self._policy = policy
        self.books = Books(observer.sheet.key, journal, observer.clock)
        self._publisher = Publisher(observer, self.books, journal)
        self._standing = Standing.OURS
        self.account = account or AccountWatch(observer.clock, Account.fresh(policy.max_in_flight))
        self._settled: tuple[object, ...] | None = None
        """All that was known when a plan was empty: the same again needs no plan."""

        self._settled_at = 0.0
        self._told: set[str] = set()
        """Bugs whose trace is in the log."""

    def recover(self) -> None:
        """Before the first tick: what the last process left unfinished."""
        self.books.open()

    def sign_off(self) -> None:
        """After the last tick: says on Control that this robot is gone."""
        if self._standing is Standing.OURS:
            self._publisher.sign_off()

    def tick(self) -> TickReport:
        """One pass. Raises JournalError when the journal cannot be trusted: nothing was sent then."""
        try:
            self._journal.confirm()
            return self._tick()
        except JournalError:
            self._publisher.say_journal_is_sick()
            raise

    def _tick(self) -> TickReport:
        memory = self.books.open()
        is_fresh = self._freshness()
        reading = self._observer.sheet.read()
        self._shift.live()
        if not is_fresh():
            return self._abandoned()
        if isinstance(reading, Failure):
            log.warning("sheet_not_read", code=reading.code, detail=reading.detail)
            return TickReport(failure=reading, calls=self._look_at_jobs(), next_due=self._next_due())
        control = self._observer.control(reading)
        if self._stands_aside(control):
            return TickReport(calls=self._look_at_jobs(), next_due=self._next_due())
        known = self._known(reading.values, control)
        if self._is_quiet(known):
            self._publisher.beat_if_silent(control)
            return TickReport(next_due=self._next_due())
        # Until this tick has come to its end, nothing is settled: one that breaks off is done again.
        self._settled = None
        seen = self._observer.snapshot(reading, memory, self.books.timers)
        if not isinstance(seen, Snapshot):
            log.warning(
                "header_not_usable", problems=[wording.header_problem(p.column, p.kind, p.near) for p in seen]
            )
            return TickReport(header=seen, calls=self._look_at_jobs(), next_due=self._next_due())
        seen = self.account.shown_to(seen)
        decided = plan(seen, self._policy)
        self._tell_of(decided.bugs)
        self.books.apply(decided.changes)
        self.books.learn()
        if not is_fresh():
            return self._abandoned()
        edition = self.books.edition
        self._settled_at = self._clock.monotonic()
        moved = self._publisher.publish(decided, seen)
        self._shift.live()
        self._call(decided.calls, is_fresh)
        self._settled = self._known(reading.values, control) if decided.is_empty else None
        return self._report(decided, wake=moved or self.books.edition != edition)

    def _freshness(self) -> Callable[[], bool]:
        """Asks, from now on, whether what was read since may still be acted upon.

        Both clocks count: in a laptop's sleep the one stands still, in a paused machine's the other. A wall
        clock that was set costs one more read.
        """
        monotonic, wall = self._clock.monotonic(), self._clock.now()
        longest = self._policy.stale_seconds

        def is_fresh() -> bool:
            age = max(self._clock.monotonic() - monotonic, (self._clock.now() - wall) / timedelta(seconds=1))
            return age <= longest and not self._shift.is_over

        return is_fresh

    def _abandoned(self) -> TickReport:
        """What was read is too old to act upon, or nothing new may begin: what is journaled is carried on from."""
        if not self._shift.is_over:
            log.warning("reading_too_old", longest=self._policy.stale_seconds)
        return TickReport(wake_at_once=True)

    def _stands_aside(self, control: Control) -> bool:
        """Whether the spreadsheet is another robot's for now: then it is neither planned for nor written to."""
        standing = self._observer.presence.of(control)
        if standing is not self._standing:
            self._standing = standing
            if standing is Standing.OURS:
                log.info("sheet_is_ours_again")
            else:
                log.warning(
                    "sheet_is_of_another_robot",
                    standing=standing.value,
                    worker=control.worker,
                    reason="Another robot signed Control. Nothing is written or sent until it was silent for five "
                    "minutes. If it is gone for good: clear the cell beside Working here."
                    if standing is Standing.WATCHED
                    else "The Installation cell on Control names another robot's jobs. If that one is gone for "
                    "good: clear that cell.",
                )
        if standing is Standing.CLAIMED:
            self._publisher.say_sheet_is_claimed(control)
        return standing is not Standing.OURS

    def _is_quiet(self, known: tuple[object, ...]) -> bool:
        """The same sheet as last time, when there was nothing to do, and nothing has become due since."""
        if self._settled is None or self._settled != known:
            return False
        return not self.books.timers.came_due(self._settled_at, self._clock.monotonic())

    def _known(self, values: Sequence[Sequence[Cell]], control: Control) -> tuple[object, ...]:
        """Another tab's job that ended makes room for this one's; a hold that lifts does so for all."""
        is_held = self.account.next_due() is not None
        return (
            cells_mark(*values),
            control.switches,
            self._observer.midnight(),
            self.books.edition,
            self._journal.in_flight(),
            self.account.edition,
            is_held,
        )

    def _next_due(self) -> float | None:
        waits = (self.books.timers.next_due(self._clock.monotonic()), self.account.next_due())
        return min((wait for wait in waits if wait is not None), default=None)

    # -- call -----------------------------------------------------------------

    def _look_at_jobs(self) -> int:
        """All that may happen without knowing the sheet: jobs at the service are followed; says how many."""
        monotonic, timers = self._clock.monotonic(), self.books.timers
        patience = Patience(
            timers.waits(monotonic),
            timers.doubts(monotonic),
            timers.ages(monotonic),
            self._journal.honours_ids(),
            timers.alone(monotonic),
        )
        calls = looks(self.books.memory, patience, self._policy)
        self._call(calls)
        return len(calls)

    def _call(self, decided: Sequence[Call], may_send: Callable[[], bool] = lambda: True) -> None:
        if not may_send():
            decided = [call for call in decided if not isinstance(call, Submit)]
        if not decided or self._shift.is_over:
            return
        calls = self._mark_sending(decided)
        wanted = {call.intent.payload_hash for call in calls if isinstance(call, (Ask, Submit))}
        try:
            self._executor.run(calls, self._journal.payloads(wanted), self._take, may_send)
        except Exception:
            # An answer could not be kept: from here on only what the journal says is sure.
            self.books.forget()
            raise

    def _mark_sending(self, calls: Sequence[Call]) -> list[Call]:
        """Durable before the first byte leaves: after a crash from here on, nobody knows."""
        now = self._clock.now()
        refuses_ids = self._journal.refuses_ids()
        marked: list[Call] = []
        moves: list[Move] = []
        for call in calls:
            if isinstance(call, Submit):
                named = call.intent.named and not refuses_ids
                sending = call.intent.moved(
                    State.SENDING, updated_at=now, sent_at=now, not_before=None, named=named
                )
                moves.append(Move(call.intent, sending))
                marked.append(Submit(sending))
            else:
                marked.append(call)
        self.books.apply(moves)
        return marked

    def _take(self, given: Sequence[tuple[Call, Answer | NotMade]]) -> None:
        """Keeps answers the moment they are here, in one commit."""
        self._take_back([call for call, answer in given if isinstance(answer, NotMade)])
        answers = [(call, answer) for call, answer in given if not isinstance(answer, NotMade)]
        outcomes = Outcomes(self._clock.now(), self._policy)
        entries = dict[RecordId, Entry]()
        changes: list[Change] = []
        for call, answer in _one_by_one(answers):
            self.account.heard(answer, was_paid=isinstance(call, Submit))
        for call, answer in answers:
            record = call.intent.key.record
            entry = entries.get(record) or self.books.memory.entries.get(record)
            found = self._understood(outcomes, call, entry, answer)
            entries |= {
                change.entry.key.record: change.entry for change in found if isinstance(change, Remember)
            }
            changes += found
        changes += self._ask_again(outcomes, answers, changes)
        gate = self.books.memory.gate
        after = after_endings(gate, changes)
        if after != gate:
            changes.append(SetGate(self._observer.sheet.key, after))
        self.books.apply(changes)
        for call, answer in answers:
            _log_answer(call, answer, changes)

    def _ask_again(
        self, outcomes: Outcomes, answers: Sequence[tuple[Call, Answer]], changes: Sequence[Change]
    ) -> tuple[Change, ...]:
        """Prices went up between a quote and its send: what is not sent yet is quoted anew before it leaves."""
        dearer = [call.intent.key for call, answer in answers if _cost_more(call, answer)]
        if not dearer:
            return ()
        log.warning("charged_more_than_quoted", keys=[str(key) for key in dearer])
        changed = {change.before.job_id for change in changes if isinstance(change, Move)}
        return outcomes.unquoted(one for one in self.books.memory.live.values() if one.job_id not in changed)

    def _take_back(self, calls: Sequence[Call]) -> None:
        """Surely nothing was sent: what was marked as being sent waits again."""
        now = self._clock.now()
        sends = [call.intent for call in calls if isinstance(call, Submit)]
        self.books.apply([Move(one, one.moved(State.WAITING, updated_at=now, sent_at=None)) for one in sends])

    def _understood(
        self, outcomes: Outcomes, call: Call, entry: Entry | None, answer: Answer
    ) -> tuple[Change, ...]:
        """What an answer changes; one that we fail to understand takes no neighbour with it."""
        try:
            return self._outcome(outcomes, call, entry, answer)
        except Exception as error:
            log.exception("answer_met_a_bug", number=bug_of(error).number, job_id=call.intent.job_id)
            if not isinstance(call, Submit):
                return ()
            # It may have been a yes.
            unclear = Failure(
                FailureClass.IN_DOUBT, ProblemCode.BUG, f"not understood ({type(error).__name__})"
            )
            return outcomes.sent(call.intent, entry, unclear)

    def _outcome(
        self, outcomes: Outcomes, call: Call, entry: Entry | None, answer: Answer
    ) -> tuple[Change, ...]:
        match call, answer:
            case Ask(intent), (Quote() | Job() | Failure()) as said:
                return outcomes.asked(intent, entry, said)
            case Submit(intent), (Accepted() | Failure()) as said:
                return outcomes.sent(intent, entry, said)
            case (Resolve() | Poll()) as look, (
                Job() | Absent() | Suspects() | Unlisted() | Failure()
            ) as said:
                self._time_doubt(look, said)
                return outcomes.looked_up(look, said)
            case _:
                raise TypeError(f"{type(answer).__name__} is no answer to {type(call).__name__}")

    def _time_doubt(self, look: Resolve | Poll, said: Job | Absent | Suspects | Unlisted | Failure) -> None:
        timers, job_id = self.books.timers, look.intent.job_id
        if isinstance(look, Poll) and look.is_swept:
            self._time_look_alone(look, said)
        if isinstance(said, Job):
            timers.end_doubt(job_id)
        elif isinstance(said, Absent):
            timers.begin_doubt(job_id, self._clock.monotonic())
            if isinstance(look, Resolve) and look.is_late:
                timers.count_absence(job_id)

    def _time_look_alone(self, look: Poll, said: Job | Absent | Suspects | Unlisted | Failure) -> None:
        """What the listing does not show has a slow schedule of its own."""
        timers, job_id = self.books.timers, look.intent.job_id
        if isinstance(said, Job) and not look.is_alone:
            timers.was_listed(job_id)
        else:
            soon = self._clock.monotonic() + self._policy.poll_ceiling_seconds
            timers.look_alone(job_id, soon, anew=look.is_alone)

    def _report(self, decided: Plan, *, wake: bool) -> TickReport:
        report = TickReport(
            changes=len(decided.changes),
            edits=len(decided.edits),
            calls=len(decided.calls),
            wake_at_once=wake,
            next_due=self._next_due(),
            bugs=decided.bugs,
        )
        say = log.debug if decided.is_empty else log.info
        say("tick_done", changes=report.changes, edits=report.edits, calls=report.calls)
        return report

    def _tell_of(self, bugs: Sequence[Bug]) -> None:
        """The trace of each once; a row that keeps meeting it fills no log."""
        for bug in bugs:
            if bug.number not in self._told:
                self._told.add(bug.number)
                log.error("row_met_a_bug", number=bug.number, row=bug.row, exc_info=bug.cause)


def _one_by_one(answers: Sequence[tuple[Call, Answer]]) -> list[tuple[Call, Answer]]:
    """Answers as the service gave them: one failed look into the listing answers many calls."""
    given: dict[int, tuple[Call, Answer]] = {}
    for call, answer in answers:
        is_shared = isinstance(call, Poll) and call.is_swept and isinstance(answer, Failure)
        given[id(answer) if is_shared else id(call)] = call, answer
    return list(given.values())


def _cost_more(call: Call, answer: Answer) -> bool:
    """Whether a send was charged more than its quote said."""
    if not isinstance(call, Submit) or not isinstance(answer, Accepted):
        return False
    return (answer.reserved or 0) > (call.intent.quote or 0)


def _log_answer(call: Call, answer: Answer, changes: Sequence[Change]) -> None:
    mine = (one.after for one in changes if isinstance(one, Move) and one.after.job_id == call.intent.job_id)
    after = next(mine, call.intent)
    facts = {"key": str(after.key), "job_id": after.job_id, "state": after.state.value}
    if isinstance(answer, Failure):
        log.warning(
            "service_refused", call=type(call).__name__, kind=answer.kind, detail=answer.detail, **facts
        )
    elif after.state is not call.intent.state:
        log.info("job_moved", was=call.intent.state.value, **facts)

"""One tick: read, plan, journal, write the sheet, call the service. A write that went astray is mended at once.

If the process dies on any line, the next start finds either nothing (plan again), an intent not yet
marked sending (send it), one marked sending (look it up before anything else), or an accepted job (poll it).
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import datetime, timedelta

import structlog

from bot.domain import wording
from bot.domain.bugs import Bug
from bot.domain.cells import Cell, cells_mark
from bot.domain.control import Control
from bot.domain.failures import Failure, ProblemCode
from bot.domain.holds import Account
from bot.domain.intents import State
from bot.planner.actions import Call, Move, Outlook, Plan, Poll, Resolve, Submit
from bot.planner.plan import plan
from bot.planner.snapshot import Policy, Snapshot
from bot.planner.telling import Affairs
from bot.ports import Clock, Journal, JournalError
from bot.reconciler.account import AccountWatch
from bot.reconciler.answers import Answers
from bot.reconciler.books import Books
from bot.reconciler.execute import Executor
from bot.reconciler.follower import Follower
from bot.reconciler.landings import Mended
from bot.reconciler.media_desk import MediaDesk
from bot.reconciler.meter import Meter
from bot.reconciler.observe import Observer
from bot.reconciler.portrait import portrait
from bot.reconciler.presence import Standing
from bot.reconciler.publish import Landed, Published, Publisher
from bot.reconciler.report import TickReport
from bot.reconciler.shrink import ShrinkGuard
from bot.reconciler.troubles import Troubles

log = structlog.get_logger()


class Reconciler:
    """Keeps one tab and the journal in step; one per tab, called by one thread."""

    def __init__(
        self,
        observer: Observer,
        journal: Journal,
        executor: Executor,
        policy: Policy,
        account: AccountWatch | None = None,
        media: MediaDesk | None = None,
    ) -> None:
        """Tabs that share a service share what they hear of the account, and all what is known of links."""
        self._observer = observer
        self._journal = journal
        self._clock: Clock = observer.clock
        self._shift = executor.shift
        self._policy = policy
        meter = executor.meter or Meter(observer.clock)
        self.books = Books(observer.sheet.key, journal, observer.clock, meter)
        self._publisher = Publisher(observer, self.books, journal)
        self._troubles = Troubles()
        self._standing = Standing.OURS
        self.account = account or AccountWatch(observer.clock, Account.fresh(policy.max_in_flight))
        self._media = media or MediaDesk(observer.clock)
        answers = Answers(self.books, self.account, policy, lambda: observer.template)
        self._follower = Follower(self.books, journal, executor, answers, policy)
        self._settled: tuple[bytes, tuple[object, ...]] | None = None
        """The sheet's mark, and all else that was known when a plan was empty: the same again needs no plan."""

        self._settled_at = 0.0
        self._guard = ShrinkGuard()
        self._opens_at: datetime | None = None
        """When the first row that waits for its time comes up; by the wall clock, as people mean it."""

        self._outlook = Outlook()
        """Of the last plan."""

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
            first = self._tick()
            if not first.has_strayed:
                return first
            # The write met other rows than it was meant for: they are put right before anything is sent.
            then = self._tick(is_second=True)
            both = (first.changes + then.changes, first.edits + then.edits)
            return replace(then, has_acted=True, changes=both[0], edits=both[1])
        except JournalError:
            self._publisher.say_journal_is_sick()
            raise

    def _tick(self, *, is_second: bool = False) -> TickReport:
        memory = self.books.open()
        is_fresh = self._freshness()
        self._observer.designs.look()
        reading = self._observer.sheet.read()
        self._shift.live()
        if not is_fresh():
            return self._abandoned()
        if isinstance(reading, Failure):
            return self._without_sheet(reading)
        control = self._observer.control(reading)
        if self._stands_aside(control):
            return self._followed(TickReport(is_aside=True))
        mended = self._publisher.look_back(reading)
        reading = mended.reading
        known = self._known(control)
        if self._is_quiet(reading.values, known):
            self._publisher.beat_if_silent(control)
            return TickReport(next_due=self._next_due())
        # Until this tick has come to its end, nothing is settled: one that breaks off is done again.
        self._settled = None
        # Before the waits are looked at: one that ends while this tick is at work came due after it.
        self._settled_at = self._clock.monotonic()
        seen = self._observer.snapshot(reading, memory, self.books.timers)
        if not isinstance(seen, Snapshot):
            words = [wording.header_problem(one.column, one.kind, one.near) for one in seen]
            self._troubles.begin("header_not_usable", words)
            self._publisher.give_back(mended)
            self._publisher.say_of_tab(wording.header_unusable(words), control)
            return self._followed(TickReport(header=seen))
        self._troubles.end()
        if self._guard.doubts(seen, reading):
            return self._followed()
        trouble = self._publisher.trouble
        seen = self._media.shown_to(self.account.shown_to(seen))
        seen = replace(seen, lost_ticks=mended.lost_ticks, trouble=trouble)
        report, is_settled = self._act_on(seen, mended, is_fresh, is_second=is_second)
        # What was known before the rows were looked at: news that came meanwhile is news for the next tick.
        self._settled = (cells_mark(*reading.values), known) if is_settled else None
        return report

    def _act_on(
        self, seen: Snapshot, mended: Mended, is_fresh: Callable[[], bool], *, is_second: bool
    ) -> tuple[TickReport, bool]:
        """(report, whether there was nothing to do)."""
        decided = plan(seen, self._policy)
        self._outlook = decided.outlook
        self._opens_at = decided.opens_at
        self._tell_of(decided.bugs)
        self.books.apply(decided.changes)
        self.books.learn()
        self._media.want(seen.tab, decided.wishes)
        if not is_fresh():
            return self._abandoned(), False
        edition = self.books.edition
        published = self._publisher.publish(decided, seen, mended)
        self._shift.live()
        moved = published.landed is Landed.IN_OTHER_ROWS
        if published.landed is Landed.IN_OTHER_COLUMNS or (moved and not is_second):
            report = self._report(replace(decided, calls=()), published, wake=True)
            return replace(report, has_strayed=moved), False
        self._call(decided.calls, is_fresh)
        is_news = self.books.edition != edition or self._media.is_back
        report = self._report(decided, published, wake=moved or is_news)
        return report, decided.is_empty and not mended.edits

    def follow(self) -> TickReport:
        """Looks after the jobs at the service alone, while the sheet has to wait."""
        self._journal.confirm()
        self.books.open()
        return self._followed()

    def _followed(self, report: TickReport | None = None) -> TickReport:
        """Jobs at the service are looked after, whatever keeps the sheet from being acted upon."""
        calls = self._look_at_jobs()
        # What was spent is known without any row; of a new process's tab nothing else is.
        spent = self._journal.spent_since(self._observer.midnight())
        self._outlook = replace(self._outlook, spent_today=spent)
        return replace(
            report or TickReport(),
            calls=calls,
            polled=calls,
            next_due=self._next_due(),
            vitals=portrait(self.books.memory, self._outlook, self._observer.sheet.zone),
        )

    def _without_sheet(self, failure: Failure) -> TickReport:
        """Nothing is decided on what was seen earlier; jobs under way are followed."""
        self._troubles.begin("sheet_not_read", failure.code, failure.detail)
        if failure.code is ProblemCode.HEADER:
            # The spreadsheet answers, only the tab is gone: its line on Control may still be there.
            self._publisher.say_of_tab(wording.tab_deleted())
        return self._followed(TickReport(failure=failure))

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

    def _is_quiet(self, values: Sequence[Sequence[Cell]], known: tuple[object, ...]) -> bool:
        """The same sheet as last time, when there was nothing to do, and nothing has become due since."""
        if self._settled is None or self._settled[1] != known or self._media.has_news:
            return False
        if self._opens_at is not None and self._opens_at <= self._clock.now():
            return False
        has_come_due = self.books.timers.came_due(self._settled_at, self._clock.monotonic())
        return not has_come_due and self._settled[0] == cells_mark(*values)

    def _known(self, control: Control) -> tuple[object, ...]:
        """Another tab's job that ended makes room for this one's; a hold that lifts does so for all."""
        is_held = self.account.next_due() is not None
        return (
            control.switches,
            self._publisher.trouble,
            self._observer.midnight(),
            self._observer.designs.mark,
            self.books.edition,
            self._journal.in_flight(),
            self.account.edition,
            self._media.edition,
            self._media.next_due(self._observer.sheet.key) is None,
            is_held,
        )

    def _next_due(self) -> float | None:
        waits = [self.books.timers.next_due(self._clock.monotonic()), self.account.next_due()]
        waits += [self._media.next_due(self._observer.sheet.key), self._observer.designs.next_due]
        if self._opens_at is not None and self._opens_at > self._clock.now():
            waits.append((self._opens_at - self._clock.now()).total_seconds())
        return min((wait for wait in waits if wait is not None), default=None)

    # -- call -----------------------------------------------------------------

    def _look_at_jobs(self) -> int:
        """All that may happen without knowing the sheet: jobs at the service are followed; says how many."""
        self._media.take_in()
        return self._follower.look()

    def _call(self, decided: Sequence[Call], may_send: Callable[[], bool] = lambda: True) -> None:
        if not may_send():
            decided = [call for call in decided if not isinstance(call, Submit)]
        if not decided or self._shift.is_over:
            return
        self._follower.make(self._mark_sending(decided), may_send)

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

    def _report(self, decided: Plan, published: Published, *, wake: bool) -> TickReport:
        due = (self._next_due(), published.rest_in)
        return TickReport(
            unwritten=published.failure,
            has_acted=not decided.is_empty,
            changes=len(decided.changes),
            edits=len(decided.edits),
            calls=len(decided.calls),
            sent=sum(isinstance(call, Submit) for call in decided.calls),
            polled=sum(isinstance(call, (Poll, Resolve)) for call in decided.calls),
            wake_at_once=wake,
            next_due=min((one for one in due if one is not None), default=None),
            bugs=decided.bugs,
            vitals=portrait(self.books.memory, decided.outlook, self._observer.sheet.zone),
            affairs=Affairs(self.books.tab, self._observer.sheet.zone, decided.matters, self.books.memory),
        )

    def _tell_of(self, bugs: Sequence[Bug]) -> None:
        """The trace of each once; a row that keeps meeting it fills no log."""
        for bug in bugs:
            if bug.number not in self._told:
                self._told.add(bug.number)
                log.error("row_met_a_bug", number=bug.number, row=bug.row, exc_info=bug.cause)

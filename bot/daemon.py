"""The daemon: one worker that ticks, a calendar that wakes it, a clean end.

The worker's own monotonic wait is the clock, so a jump of the wall clock cannot stop it. The calendar only
ever wakes the worker early; whatever it forgets, the next interval finds.
"""

from __future__ import annotations

import contextlib
import threading
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta

import structlog
from apscheduler.schedulers.background import BackgroundScheduler

from bot.domain import wording
from bot.domain.bugs import bug_of
from bot.domain.failures import Failure, FailureClass
from bot.domain.ids import JobId
from bot.domain.news import Matter, Topic
from bot.ports import Clock, JournalConflictError, JournalError
from bot.reconciler.health import Health
from bot.reconciler.meter import Meter
from bot.reconciler.report import TickReport
from bot.watchman import Watchman
from bot.wiring import Desk, Robot

log = structlog.get_logger()

_SLOWEST_AFTER_TROUBLE = 60.0
_SLOWEST_UNWRITTEN = 20.0
_LONG_TROUBLE = 6
"""Ticks in a row."""

_SECONDS_BETWEEN_BACKUPS = 3600.0
_LONGEST_GOOGLE_CALL = 180.0
"""More than a read or a write of a sheet may take; the longest step of a tick besides calls to the service."""

_HINTS_KEPT = 1000
"""Of jobs that may have ended; those beyond are found by polling."""

_LONGEST_NAP = 20.0
"""Between two signs of life of an idle worker: a service manager is told that often."""


@dataclass
class _Turn:
    """When a desk is looked at next, by the monotonic clock."""

    desk: Desk
    due: float = 0.0
    jobs_due: float | None = None
    """When its jobs at the service are looked at, should the sheet have to wait."""

    troubles: int = 0
    """Ticks in a row that could not read the sheet or broke."""

    unwritten: int = 0
    """Ticks in a row that could read it, but not write it."""


class Daemon:
    """Runs until stopped; every tick happens in the thread that called run()."""

    def __init__(
        self,
        robot: Robot,
        on_tick: Callable[[Desk, TickReport], None] | None = None,
        leave: Callable[[int], None] = lambda _code: None,
    ) -> None:
        """`leave` ends the process at once with an exit code; used when the worker can no longer end it."""
        self._clock: Clock = robot.clock
        self._turns = [_Turn(desk) for desk in robot.desks]
        self._on_tick = on_tick
        self._shift = robot.shift
        self._manager = robot.manager
        self._watchman = Watchman(
            robot.shift,
            leave,
            drain_seconds=robot.drain_seconds,
            stuck_seconds=longest_silence(robot),
        )
        self._wake = threading.Event()
        self._is_news = threading.Event()
        self._hints: deque[JobId] = deque(maxlen=_HINTS_KEPT)
        if robot.scouts is not None:
            robot.scouts.on_news = self.hear
        self._deliveries = robot.deliveries
        if robot.deliveries is not None and robot.deliveries.couriers is not None:
            robot.deliveries.couriers.on_news = self.hear
        self._herald = robot.herald
        if robot.herald is not None:
            robot.herald.runners.on_back = self.wake
        self._pace = robot.reads
        self._next_backup = 0.0
        self._backups = robot.backups
        self._upkeep = robot.upkeep
        self._health = Health()
        self._meter = robot.meter or Meter(robot.clock)
        self._told: tuple[str, ...] | None = None
        self._keep_health = robot.keep_health
        self._follow_strays = robot.follow_strays
        self._calendar = BackgroundScheduler(
            timezone="UTC", job_defaults={"max_instances": 1, "coalesce": True, "misfire_grace_time": None}
        )

    def stop(self) -> None:
        """Nothing new begins, answers under way are kept, then run() returns; may be called from any thread, and
        from a signal that does not interrupt the worker's own.
        """
        self._shift.end()
        self._wake.set()
        self._manager.stopping()

    def hang_up(self) -> None:
        """SIGHUP changes nothing and is said."""
        self._watchman.hang_up()

    def wake(self) -> None:
        """Looks again now instead of at the next interval."""
        self._wake.set()

    def hear(self) -> None:
        """Something was found out beside the ticks: every tab is looked at soon; may be called from any thread."""
        self._is_news.set()
        self._wake.set()

    def hear_of(self, job_id: JobId) -> None:
        """Somebody says that this job may have ended: it is looked at now instead of at its time. From any thread."""
        self._hints.append(job_id)
        self._wake.set()

    def run(self) -> None:
        """Ticks until stopped."""
        log.info("robot_started", tabs=[turn.desk.title for turn in self._turns])
        self._calendar.start()
        self._watchman.start()
        self._manager.ready()
        # The calendar only wakes; the worker looks whether a day has passed, and copies.
        self._calendar.add_job(self.wake, "interval", hours=1, id="backup")
        try:
            while not self._shift.is_over:
                self._wake.clear()
                self._shift.live()
                self._bring_forward()
                self._take_hints()
                # Whoever has waited longest: where Google's pace is too slow for all, nobody is left out.
                for turn in sorted(self._turns, key=lambda one: one.due):
                    self._take_turn(turn)
                self._follow_strays()
                self._back_up()
                self._upkeep.tend()
                self._show()
                self._tell_people()
                if not self._shift.is_over:
                    self._wake.wait(min(self._until_next(), _LONGEST_NAP))
        finally:
            self._calendar.shutdown(wait=False)
            self._watchman.stop()
            self._sign_off()
            log.info("robot_stopped")

    def _show(self) -> None:
        """How things stand, for the service manager and for whoever watches."""
        self._meter.publish(self._health.bugs)
        tabs = self._meter.latest.tabs
        away, waiting = sum(tab.under_way_count for tab in tabs), sum(tab.waiting for tab in tabs)
        self._manager.status(wording.robot_line(away, waiting, sum(bool(tab.holds) for tab in tabs)))

    def _sign_off(self) -> None:
        """Best effort, where the sheet was in reach a moment ago: nothing depends on it."""
        if self._herald is not None:
            with contextlib.suppress(Exception):
                self._herald.sign_off()
        for turn in self._turns:
            if not turn.troubles:
                with contextlib.suppress(Exception):
                    turn.desk.reconciler.sign_off()

    def _bring_forward(self) -> None:
        """After news a tab that is well does not wait for its time."""
        if self._is_news.is_set():
            self._is_news.clear()
            for turn in self._turns:
                if not turn.troubles and not turn.unwritten:
                    turn.due = min(turn.due, self._clock.monotonic())

    def _take_hints(self) -> None:
        named: set[JobId] = set()
        while self._hints:
            named.add(self._hints.popleft())
        now = self._clock.monotonic()
        for turn in self._turns if named else ():
            if not turn.desk.reconciler.hasten(named):
                continue
            if turn.troubles or turn.unwritten:
                # The sheet has to wait, its jobs need not.
                turn.jobs_due = now
            else:
                turn.due = min(turn.due, now)

    def _take_turn(self, turn: _Turn) -> None:
        now = self._clock.monotonic()
        if self._shift.is_over:
            return
        if turn.due <= now and not self._pace.wait(now):
            self._tick(turn)
        elif turn.jobs_due is not None and turn.jobs_due <= now:
            self._follow(turn)

    def _tick(self, turn: _Turn) -> None:
        report, bugs, sick = self._done(turn, turn.desk.reconciler.tick)
        turn.troubles = turn.troubles + 1 if _is_trouble(report) else 0
        turn.unwritten = turn.unwritten + 1 if report is not None and report.unwritten else 0
        topic = Topic.JOURNAL if sick else _topic(report)
        self._health.note(turn.desk.title, bugs, sick or _sickness(turn, report), topic)
        self._tell_health()
        if self._herald is not None and report is not None:
            self._herald.note(turn.desk.title, report.affairs)
        self._plan_next(turn, report)
        if report is not None and self._on_tick is not None:
            self._on_tick(turn.desk, report)

    def _follow(self, turn: _Turn) -> None:
        """The sheet has to wait, its jobs need not."""
        report, _, _ = self._done(turn, turn.desk.reconciler.follow)
        turn.jobs_due = self._jobs_due(turn, report)

    def _done(
        self, turn: _Turn, work: Callable[[], TickReport]
    ) -> tuple[TickReport | None, tuple[str, ...], str]:
        """(report, bugs, what makes the robot sick) of one piece of work; no trouble of one tab reaches another."""
        try:
            report = work()
            return report, tuple(sorted({bug.number for bug in report.bugs})), ""
        except (JournalError, JournalConflictError) as error:
            # The message says it all; a trace would only bury it.
            log.error("journal_not_usable", tab=turn.desk.title, reason=str(error))  # noqa: TRY400
            return None, (), str(error)
        except Exception as error:
            # One tab's bug must not stop the others; the next tick tries again.
            bug = bug_of(error).number
            log.exception("tick_broke", tab=turn.desk.title, number=bug)
            return None, (bug,), ""

    def _plan_next(self, turn: _Turn, report: TickReport | None) -> None:
        turn.due = self._clock.monotonic() + self._gap(turn, report)
        turn.jobs_due = self._jobs_due(turn, report)

    def _jobs_due(self, turn: _Turn, report: TickReport | None) -> float | None:
        if report is None or report.next_due is None:
            return None
        return self._clock.monotonic() + max(report.next_due, turn.desk.interval_seconds)

    def _tell_health(self) -> None:
        """Says it in the log, and where other commands can read it, whenever it changes."""
        reasons = self._health.reasons
        if reasons == self._told:
            return
        self._told = reasons
        if reasons:
            log.error("health_failing", reasons=reasons)
        else:
            log.info("health_good")
        self._keep_health(reasons, self._clock.now())

    def _of_copies(self) -> tuple[Matter, ...]:
        return self._deliveries.desk.matters if self._deliveries is not None else ()

    def _tell_people(self) -> None:
        if self._herald is None or self._shift.is_over:
            return
        try:
            self._herald.tend((*self._health.matters, *self._of_copies()))
        except Exception:
            # People see the same in the sheet: a mistake in telling must not stop the work.
            log.exception("telling_broke")

    def _back_up(self) -> None:
        now, monotonic = self._clock.now(), self._clock.monotonic()
        if self._shift.is_over or monotonic < self._next_backup or not self._backups.is_due(now):
            return
        # Also after a failure: an hour later is soon enough.
        self._next_backup = monotonic + _SECONDS_BETWEEN_BACKUPS
        self._backups.take(now)

    def _gap(self, turn: _Turn, report: TickReport | None) -> float:
        interval = turn.desk.interval_seconds
        if turn.troubles:
            wait = report.failure.retry_after if report and report.failure else None
            return max(wait or 0.0, min(interval * 2.0 ** min(turn.troubles, 6), _SLOWEST_AFTER_TROUBLE))
        if turn.unwritten:
            # People's ticks and the stop button are still heard.
            return min(interval * 2.0 ** min(turn.unwritten, 6), max(interval, _SLOWEST_UNWRITTEN))
        assert report is not None  # no trouble means there is a report
        if report.wake_at_once:
            return 0.0
        if report.next_due is not None and report.next_due < interval:
            self._wake_in(report.next_due)
            return report.next_due
        return interval

    def _wake_in(self, seconds: float) -> None:
        """The calendar's part: an early look at the moment something is due."""
        at = self._clock.now() + timedelta(seconds=seconds)
        self._calendar.add_job(self.wake, "date", run_date=at, id="next-due", replace_existing=True)

    def _until_next(self) -> float:
        now = self._clock.monotonic()
        wait = self._pace.wait(now)
        dues = [max(turn.due - now, wait) for turn in self._turns]
        dues += [turn.jobs_due - now for turn in self._turns if turn.jobs_due is not None]
        return max(min(dues), 0.0)


def longest_silence(robot: Robot) -> float:
    """Seconds without a sign of life after which the worker counts as stuck."""
    return _LONGEST_GOOGLE_CALL + 2 * robot.drain_seconds


def _sickness(turn: _Turn, report: TickReport | None) -> str:
    """What somebody should look at: at once where only a person can help, else when it goes on for long."""
    failure = report.failure or report.unwritten if report is not None else None
    if failure is not None:
        # A write is refused once where rows went away since its read: the next one knows.
        is_news = report is not None and report.failure is None and turn.unwritten < 2
        only_people_help = failure.kind in {FailureClass.DENIED, FailureClass.REJECTED} and not is_news
        is_long = max(turn.troubles, turn.unwritten) >= _LONG_TROUBLE
        return failure.detail if only_people_help or is_long else ""
    return "its header cannot be worked with; see Control or the log" if report and report.header else ""


def _topic(report: TickReport | None) -> Topic:
    return Topic.HEADER if report is not None and report.header else Topic.SHEET


def _is_trouble(report: TickReport | None) -> bool:
    return report is None or bool(report.header) or isinstance(report.failure, Failure)

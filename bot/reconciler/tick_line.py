"""One line in the log for each tick of a tab, with all that it came to; the same is counted for whoever watches."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import structlog

from bot.domain.failures import Failure, FailureClass, ProblemCode
from bot.domain.vitals import ANOTHER_ROBOT, GONE, HEADER, JOURNAL, REFUSED, UNREAD, UNWRITTEN, TabVitals
from bot.ports import Clock, JournalConflictError, JournalError
from bot.reconciler.meter import Meter
from bot.reconciler.report import TickReport

log = structlog.get_logger()

DONE = "done"
QUIET = "quiet"
BROKE = "broke"

OUTCOMES = (DONE, QUIET, UNREAD, REFUSED, GONE, UNWRITTEN, HEADER, ANOTHER_ROBOT, JOURNAL, BROKE)
"""How a tick may end."""

_OF_THE_SHEET = frozenset({UNREAD, REFUSED, GONE, UNWRITTEN, HEADER, ANOTHER_ROBOT, JOURNAL})


class TickLine:
    """Knows one tab's name, and how its last tick ended."""

    def __init__(self, title: str, meter: Meter, clock: Clock) -> None:
        self._title = title
        self._meter = meter
        self._clock = clock
        self._last = ""
        meter.tab(title)

    def measure(self, work: Callable[[], TickReport]) -> TickReport:
        """Does the work, says what it came to, and hands on whatever it raises."""
        began, (reads, writes) = self._clock.monotonic(), self._meter.requests
        report, outcome = TickReport(), BROKE
        try:
            report = work()
            outcome = _outcome(report)
        except (JournalError, JournalConflictError):
            outcome = JOURNAL
            self._meter.journal_failed()
            raise
        finally:
            seconds = self._clock.monotonic() - began
            now_reads, now_writes = self._meter.requests
            self._meter.ticked(self._standing(report, outcome), outcome, seconds)
            requests = (now_reads - reads, now_writes - writes)
            self._say(report, outcome, requests, seconds)
        return report

    def followed(self, report: TickReport) -> TickReport:
        """A look after the jobs alone is no tick, but shows how they stand."""
        before = self._meter.tab(self._title)
        if report.vitals is not None:
            holds = report.vitals.holds | (before.holds & _OF_THE_SHEET)
            self._meter.stands(replace(report.vitals, title=self._title, read_at=before.read_at, holds=holds))
        return report

    def _say(self, report: TickReport, outcome: str, requests: tuple[int, int], seconds: float) -> None:
        # Nothing to tell twice: an idle tick, or the same trouble as before.
        is_news = outcome == DONE or report.calls or outcome not in {self._last, QUIET}
        say = log.info if is_news else log.debug
        self._last = outcome
        say(
            "tick_done",
            tab=self._title,
            outcome=outcome,
            rows=self._meter.tab(self._title).rows,
            changed=report.changes,
            cells=report.edits,
            reads=requests[0],
            writes=requests[1],
            sent=report.sent,
            polled=report.polled,
            calls=report.calls,
            seconds=round(seconds, 3),
        )

    def _standing(self, report: TickReport, outcome: str) -> TabVitals:
        before = self._meter.tab(self._title)
        after = report.vitals or before
        is_read = outcome in {DONE, QUIET, UNWRITTEN, HEADER, ANOTHER_ROBOT}
        holds = after.holds - _OF_THE_SHEET
        return replace(
            after,
            title=self._title,
            read_at=self._clock.now() if is_read else before.read_at,
            holds=holds | {outcome} if outcome in _OF_THE_SHEET else holds,
        )


def _outcome(report: TickReport) -> str:
    if report.failure is not None:
        return _unread(report.failure)
    if report.header:
        return HEADER
    if report.is_aside:
        return ANOTHER_ROBOT
    if report.unwritten is not None:
        return UNWRITTEN
    return DONE if report.has_acted or report.calls else QUIET


def _unread(failure: Failure) -> str:
    if failure.kind is FailureClass.DENIED:
        return REFUSED
    is_gone = failure.kind is FailureClass.REJECTED and failure.code in {
        ProblemCode.HEADER,
        ProblemCode.SHARING,
    }
    return GONE if is_gone else UNREAD

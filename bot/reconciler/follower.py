"""Follows one tab's jobs at the service, and makes every other call for it: for that no sheet is needed."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from bot.planner.actions import Ask, Call, Submit, may_search
from bot.planner.queue import Patience, looks
from bot.planner.snapshot import Policy
from bot.ports import Journal
from bot.reconciler.account import AccountWatch
from bot.reconciler.answers import Answers
from bot.reconciler.books import Books
from bot.reconciler.execute import Executor, Papers


class Follower:
    """Answers are in the books the moment they are here."""

    def __init__(
        self, books: Books, journal: Journal, executor: Executor, answers: Answers, policy: Policy
    ) -> None:
        self.books = books
        self._journal = journal
        self._executor = executor
        self._answers = answers
        self._policy = policy

    def look(self) -> int:
        """One look at whatever is due of jobs under way or in doubt; says at how many."""
        monotonic, timers = self.books.clock.monotonic(), self.books.timers
        patience = Patience(
            timers.waits(monotonic),
            timers.doubts(monotonic),
            timers.ages(monotonic),
            self._journal.honours_ids(),
            timers.alone(monotonic),
        )
        calls = looks(self.books.memory, patience, self._policy)
        if calls and not self._executor.shift.is_over:
            self.make(calls)
        return len(calls)

    def make(self, calls: Sequence[Call], may_send: Callable[[], bool] = lambda: True) -> None:
        """Makes the calls; a paid one is journaled as being sent by now."""
        wanted = {call.intent.payload_hash for call in calls if isinstance(call, (Ask, Submit))}
        looked_for = {call.intent.job_id for call in calls if may_search(call)}
        try:
            papers = Papers(self._journal.payloads(wanted), self._journal.accepted_before(looked_for))
            self._executor.run(calls, papers, self._answers.take, may_send)
        except Exception:
            # An answer could not be kept: from here on only what the journal says is sure.
            self.books.forget()
            raise


def follower_of(
    books: Books, journal: Journal, executor: Executor, account: AccountWatch, policy: Policy
) -> Follower:
    """Of a tab that nobody reads."""
    return Follower(books, journal, executor, Answers(books, account, policy), policy)

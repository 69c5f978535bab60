"""Answers that come close together are kept in one commit; a slow one holds none of them up."""

from __future__ import annotations

import threading
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor

from builders import intent

from bot.domain.ids import JobId
from bot.domain.intents import State
from bot.domain.jobs import Absent
from bot.planner.actions import Call, Poll
from bot.reconciler.execute import Answer, Executor, Papers


class SlowForOne:
    """Answers at once, but for one job whose answer waits until it is let go."""

    def __init__(self, slow: JobId) -> None:
        self.slow = slow
        self.let_go = threading.Event()

    def look_up(self, job_id: JobId) -> Absent:
        if job_id == self.slow:
            assert self.let_go.wait(10), "nobody kept the other answers meanwhile"
        return Absent(job_id)


def test_slow_answer_holds_no_other_up():
    """What is known is kept while one call still hangs; its answer follows."""
    quick, slow = intent("raaab", State.SUBMITTED), intent("raaac", State.SUBMITTED)
    service = SlowForOne(slow.service_id)
    kept: list[list[JobId]] = []

    def take(answers: Sequence[tuple[Call, Answer]]) -> None:
        kept.append([call.intent.job_id for call, _ in answers])
        service.let_go.set()

    with ThreadPoolExecutor(2) as pool:
        Executor(service, pool).run([Poll(slow), Poll(quick)], Papers(), take)  # type: ignore[arg-type]

    assert kept == [[quick.job_id], [slow.job_id]]

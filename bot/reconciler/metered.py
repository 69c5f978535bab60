"""The render service with a meter on it: how often it is asked what, how that ended, and how long it took."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from typing import TypeVar

from bot.domain.failures import Failure
from bot.domain.ids import JobId
from bot.domain.jobs import Absent, Accepted, Job, Quote, Sought, Suspects
from bot.ports import Clock, RenderService
from bot.reconciler.meter import Meter

Said = TypeVar("Said")

KINDS = ("price", "send", "look", "list", "find")
"""What the service is asked."""


class MeteredService:
    """Changes nothing about the service."""

    def __init__(self, service: RenderService, meter: Meter, clock: Clock) -> None:
        self._service = service
        self._meter = meter
        self._clock = clock

    def ask(self, body: str) -> Quote | Failure:
        return self._measured("price", lambda: self._service.ask(body))

    def submit(self, job_id: JobId | None, body: str) -> Accepted | Failure:
        return self._measured("send", lambda: self._service.submit(job_id, body))

    def look_up(self, job_id: JobId) -> Job | Absent | Failure:
        return self._measured("look", lambda: self._service.look_up(job_id))

    def sweep(self, wanted: Collection[JobId]) -> Mapping[JobId, Job] | Failure:
        return self._measured("list", lambda: self._service.sweep(wanted))

    def find(self, sought: Sought) -> Job | Absent | Suspects | Failure:
        return self._measured("find", lambda: self._service.find(sought))

    def _measured(self, kind: str, call: Callable[[], Said]) -> Said:
        began, outcome = self._clock.monotonic(), "broke"
        try:
            answer = call()
            outcome = _outcome(answer)
            return answer
        finally:
            self._meter.called(kind, outcome, self._clock.monotonic() - began)


def _outcome(answer: object) -> str:
    match answer:
        case Failure():
            return answer.kind.value
        case Absent():
            return "absent"
        case Suspects():
            return "several"
        case _:
            return "ok"

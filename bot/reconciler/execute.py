"""Carries out calls: one short function per kind; alone in calling the render service."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait
from dataclasses import dataclass, field
from typing import Any, assert_never

import structlog

from bot.domain.failures import Failure, FailureClass, ProblemCode
from bot.domain.ids import JobId, PayloadHash
from bot.domain.intents import Intent
from bot.domain.jobs import Absent, Accepted, Job, Quote, Sought, Suspects, Unlisted, agreed
from bot.planner.actions import Ask, Call, Poll, Resolve, Submit
from bot.ports import RenderService
from bot.reconciler.meter import Meter
from bot.reconciler.shift import Shift

log = structlog.get_logger()

_TOGETHER_SECONDS = 0.03
"""How long the first answer waits for its neighbours: a commit reaches the disk, which takes longer than an answer."""

Answer = Quote | Accepted | Job | Absent | Suspects | Unlisted | Failure
Listing = Mapping[JobId, Job] | Failure


@dataclass(frozen=True, slots=True)
class NotMade:
    """A call that never began: the shift ended, or what it was decided on is too old by now."""


@dataclass(frozen=True, slots=True)
class Papers:
    """What the journal holds that calls need beside their intents."""

    bodies: Mapping[PayloadHash, str] = field(default_factory=dict)
    older: Mapping[JobId, frozenset[JobId]] = field(default_factory=dict)
    """For jobs that may be looked for in the listing: which ones were accepted before they were sent."""


@dataclass(frozen=True, slots=True)
class Executor:
    """Makes calls side by side; answers come back to the one thread that writes the journal."""

    service: RenderService
    pool: ThreadPoolExecutor
    shift: Shift = field(default_factory=Shift)
    meter: Meter | None = None
    """What the process counts; None where nobody watches."""

    def run(
        self,
        calls: Sequence[Call],
        papers: Papers,
        take: Callable[[Sequence[tuple[Call, Answer | NotMade]]], None],
        may_send: Callable[[], bool] = lambda: True,
    ) -> None:
        """Makes every call and hands the answers over as they arrive, those that came together in one go.

        `may_send` is asked by every paid request right before it leaves. Whatever taking some raises is
        raised only after every other answer was taken: an answer to a paid request is never dropped because
        of its neighbour.
        """
        with self.shift.calls():
            swept = [call for call in calls if isinstance(call, Poll) and call.is_swept]
            single = [call for call in calls if not (isinstance(call, Poll) and call.is_swept)]
            running: dict[Future[Any], Call] = {
                self.pool.submit(self._answer, call, papers, may_send): call for call in single
            }
            sweep: Future[Listing] | None = self.pool.submit(self._sweep, swept) if swept else None
            broken: list[Exception] = []
            waiting: set[Future[Any]] = set(running) | ({sweep} if sweep else set())
            while waiting:
                first, waiting = wait(waiting, return_when=FIRST_COMPLETED)
                together, waiting = wait(waiting, _TOGETHER_SECONDS) if waiting else (set(), waiting)
                self.shift.live()
                done, answers = first | together, list[tuple[Call, Answer | NotMade]]()
                if sweep is not None and sweep in done:
                    done.remove(sweep)
                    answers, looks = self._sort(swept, sweep.result())
                    running |= looks
                    waiting |= set(looks)
                try:
                    take([*answers, *((running[one], one.result()) for one in done)])
                except Exception as error:  # noqa: BLE001 - raised again below
                    broken.append(error)
        if broken:
            raise broken[0]

    def _sweep(self, swept: Sequence[Poll]) -> Listing:
        if self.shift.is_over:
            return {}
        try:
            return self.service.sweep([call.intent.service_id for call in swept])
        except Exception as error:
            log.exception("sweep_broke", jobs=len(swept))
            return Failure(FailureClass.MALFORMED, ProblemCode.BUG, f"sweep broke ({type(error).__name__})")

    def _sort(
        self, swept: Sequence[Poll], listing: Listing
    ) -> tuple[list[tuple[Call, Answer | NotMade]], dict[Future[Any], Call]]:
        """What the listing answers by itself, and looks under way at ends and at jobs it does not show.

        A listing that fails shows nothing, so that jobs are followed where it never works.
        """
        shown = {} if isinstance(listing, Failure) else listing
        answers: list[tuple[Call, Answer | NotMade]] = []
        looks: dict[Future[Any], Call] = {}
        for call in swept:
            job = shown.get(call.intent.service_id)
            if job.looks_ended if job else call.is_alone:
                looks[self.pool.submit(self._confirm, call, job)] = call
            else:
                none = listing if isinstance(listing, Failure) else Unlisted(call.intent.service_id)
                answers.append((call, job or none))
        return answers, looks

    def _confirm(self, call: Poll, listed: Job | None) -> Answer | NotMade:
        if self.shift.is_over:
            return NotMade()
        try:
            return self._look_up(call.intent.service_id, listed)
        except Exception as error:
            log.exception("call_broke", call="Poll", job_id=call.intent.job_id)
            return Failure(FailureClass.MALFORMED, ProblemCode.BUG, f"call broke ({type(error).__name__})")

    def _answer(self, call: Call, papers: Papers, may_send: Callable[[], bool]) -> Answer | NotMade:
        if self.shift.is_over or (isinstance(call, Submit) and not may_send()):
            return NotMade()
        try:
            return self._call(call, papers)
        except Exception as error:
            # A bug in our client after the request may have left: the money's side of it is a doubt.
            log.exception("call_broke", call=type(call).__name__, job_id=call.intent.job_id)
            return Failure(FailureClass.IN_DOUBT, ProblemCode.BUG, f"call broke ({type(error).__name__})")

    def _call(self, call: Call, papers: Papers) -> Answer:
        match call:
            case Ask(intent):
                return self._ask(intent, papers.bodies[intent.payload_hash])
            case Submit(intent):
                ours = intent.job_id if intent.named else None
                return self.service.submit(ours, papers.bodies[intent.payload_hash])
            case Resolve():
                return self._resolve(call, papers)
            case Poll(intent, by_name=True):
                return self._find(intent, papers)
            case Poll(intent):
                return self._look_up(intent.service_id)
            case _:
                assert_never(call)

    def _look_up(self, job_id: JobId, listed: Job | None = None) -> Job | Absent | Failure:
        """An end is believed only when two looks say the same: the listing and one, or two.

        The second one is asked for at once: it costs one free request a job, and no waiting.
        """
        first = self.service.look_up(job_id)
        if not isinstance(first, Job) or not first.has_ended or (listed and listed.phase is first.phase):
            return first
        second = self.service.look_up(job_id)
        job = agreed(first, second)
        if not job.has_ended:
            said = second.word if isinstance(second, Job) else type(second).__name__
            log.warning("service_contradicted_itself", job_id=job_id, first=first.word, then=said)
        return job

    def _ask(self, intent: Intent, body: str) -> Quote | Job | Failure:
        """Nothing is ever sent without having asked for its id first."""
        quote = self.service.ask(body)
        if isinstance(quote, Failure):
            return quote
        found = self._look_up(intent.job_id)
        return quote if isinstance(found, Absent) else found

    def _resolve(self, call: Resolve, papers: Papers) -> Job | Absent | Suspects | Failure:
        """A settled absence must also be an absence from the listing."""
        intent = call.intent
        answer = self._look_up(intent.service_id)
        if isinstance(answer, Absent) and call.is_second:
            return self._find(intent, papers)
        return answer

    def _find(self, intent: Intent, papers: Papers) -> Job | Absent | Suspects | Failure:
        since = intent.sent_at or intent.approved_at
        credits_ = intent.quote or intent.price_shown
        older = papers.older.get(intent.job_id, frozenset())
        return self.service.find(Sought(intent.service_id, intent.job_name, since, credits_, older))

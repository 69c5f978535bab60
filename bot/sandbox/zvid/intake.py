"""Takes requests in: judges them, then charges and queues what is to be rendered."""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from typing import Any

import orjson

from bot.sandbox.zvid.jobs import Job, JobStore, Order, now_ms
from bot.sandbox.zvid.ledger import NotEnoughCreditsError
from bot.sandbox.zvid.plans import plan_limits
from bot.sandbox.zvid.refusals import Problem, Refusal, invalid, too_expensive, too_many
from bot.sandbox.zvid.switchboard import Switchboard
from bot.sandbox.zvid.verdict import SCHEMA_VERSION, Bench, Verdict, schema_of

HOUR_MS = 3_600_000


@dataclass(frozen=True, slots=True)
class Receipt:
    """What became of an accepted submit."""

    job: Job
    credits_reserved: int
    has_new_work: bool


class Intake:
    """The counter where requests are accepted or refused.

    Called from one thread, the server's: limit checks and acceptance belong together, or two submits could
    both take the last place. A judgement is a millisecond of pure Python, so a second thread would gain
    nothing.
    """

    def __init__(self, store: JobStore, board: Switchboard) -> None:
        self._store = store
        self._board = board
        self._bench = Bench()

    def validate(self, body: object) -> dict[str, Any]:
        """The free check: what a submit of the same body would cost."""
        switches = self._board.now
        verdict = self._bench.judge(body, switches)
        return {
            "valid": True,
            "creditsRequired": verdict.credits,
            "payload": verdict.project,
            "warnings": [{"field": each.field, "message": each.message} for each in verdict.warnings],
            "schemaVersion": SCHEMA_VERSION,
            "planLimits": plan_limits(switches).as_json(),
        }

    def schema(self, target: str) -> dict[str, Any]:
        return schema_of(target, plan_limits(self._board.now))

    def submit(self, body: object) -> Receipt:
        verdict = self._bench.judge(body, self._board.now)
        try:
            return self._accept(verdict)
        except NotEnoughCreditsError as error:
            raise too_expensive(error.required, error.available) from None

    def _accept(self, verdict: Verdict) -> Receipt:
        switches = self._board.now
        if verdict.job_id and switches.refuse_job_id:
            raise invalid([Problem("payload.jobId", "jobId is not allowed")], {})
        job_id = verdict.job_id if verdict.job_id and switches.honour_job_id else str(uuid.uuid4())
        if job_id in switches.stranger_jobs:
            raise _conflict()
        known = self._store.find(job_id)
        order = _order(job_id, verdict)
        if known is not None:
            return self._repeat(known, order)
        self._check_limits()
        return Receipt(self._store.accept(order), order.credits, has_new_work=True)

    def _repeat(self, known: Job, order: Order) -> Receipt:
        """A second submit under one job id; what the service does with it nobody outside knows."""
        match self._board.now.duplicate_job_id:
            case "409":
                raise _conflict()
            case "charge-twice":
                self._check_limits()
                return Receipt(self._store.charge_again(order), order.credits, has_new_work=False)
            case "rerun" if known.is_final:
                self._check_limits()
                return Receipt(self._store.run_again(order), order.credits, has_new_work=True)
            case _:
                return Receipt(known, known.credits, has_new_work=False)

    def _check_limits(self) -> None:
        """Raises 429 when the hour or the queue is full (Zvid docs, errors-and-retries)."""
        limits = plan_limits(self._board.now)
        if limits.jobs_per_hour:
            since = now_ms() - HOUR_MS
            used = self._store.accepted_since(since)
            if used >= limits.jobs_per_hour:
                wait = _seconds_until((self._store.oldest_since(since) or now_ms()) + HOUR_MS)
                message = (
                    f"{used} of {limits.jobs_per_hour} renders used this hour, try again in {wait} seconds"
                )
                raise too_many("hourly_limit_exceeded", message, wait, used, limits.jobs_per_hour)
        if limits.concurrent_jobs:
            live = self._store.live_count()
            if live >= limits.concurrent_jobs:
                raise too_many(
                    "Rate limit exceeded", "Too many concurrent jobs", 5, live, limits.concurrent_jobs
                )


def _order(job_id: str, verdict: Verdict) -> Order:
    return Order(
        id=job_id,
        name=verdict.name,
        type=verdict.type,
        project=orjson.dumps(verdict.project).decode(),
        width=verdict.width,
        height=verdict.height,
        seconds=verdict.seconds,
        credits=verdict.credits,
    )


def _conflict() -> Refusal:
    return Refusal(409, "Conflict", "A job with this ID already exists")


def _seconds_until(at_ms: int) -> int:
    return max(1, -(-(at_ms - now_ms()) // 1000))

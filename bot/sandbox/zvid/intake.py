"""Takes requests in: judges them, then charges and queues what is to be rendered."""

from __future__ import annotations

import uuid
from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any

import orjson

from bot.sandbox.zvid.batch import Batch, open_batch
from bot.sandbox.zvid.job import Job, Order
from bot.sandbox.zvid.jobs import JobStore, now_ms
from bot.sandbox.zvid.ledger import NotEnoughCreditsError
from bot.sandbox.zvid.plans import plan_limits
from bot.sandbox.zvid.refusals import Problem, Refusal, invalid, too_expensive, too_many
from bot.sandbox.zvid.shelf import new_id
from bot.sandbox.zvid.switchboard import Switchboard
from bot.sandbox.zvid.verdict import SCHEMA_VERSION, Bench, Verdict

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

    def __init__(
        self, store: JobStore, board: Switchboard, template: Callable[[str], dict[str, Any]] | None = None
    ) -> None:
        self._store = store
        self._board = board
        self._bench = Bench(template)

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

    def judge(self, payload: dict[str, Any]) -> Verdict:
        """What a check finds out about one project."""
        return self._bench.judge({"payload": payload}, self._board.now)

    def preview(self, template_id: str, variables: object, overrides: object) -> Verdict:
        """A stored template filled, free of charge."""
        body = {"template": template_id, "variables": variables or {}, "overrides": overrides or {}}
        return self._bench.judge(body, self._board.now)

    def submit(self, body: object, *, still: bool = False) -> Receipt:
        verdict = self._bench.judge(body, self._board.now, still=still, single=True)
        try:
            return self._accept(verdict)
        except NotEnoughCreditsError as error:
            raise too_expensive(error.required, error.available) from None

    def submit_all(self, body: object, *, still: bool) -> Batch:
        """A batch: what is wrong with an item costs nothing, the rest is charged and queued together."""
        switches = self._board.now
        wishes = open_batch(body, strip_unknown=switches.unknown_property == "strip")
        limits = plan_limits(switches)
        if len(wishes.bodies) > limits.bulk_items:
            message = f"Your plan allows {limits.bulk_items} items in a batch, {len(wishes.bodies)} were sent"
            raise Refusal(switches.bulk_limit_status, "Bulk limit exceeded", message)
        bulk_id = new_id("blk")
        orders: dict[int, Order] = {}
        refused: dict[int, Refusal] = {}
        for index, one in enumerate(wishes.bodies):
            try:
                verdict = self._bench.judge(one, switches, still=still)
            except Refusal as refusal:
                refused[index] = refusal
            else:
                orders[index] = replace(
                    _order(str(uuid.uuid4()), verdict, switches.zoom_depth), bulk_id=bulk_id
                )
        if not orders:
            raise next(iter(refused.values()))
        lost = min(switches.bulk_fails_to_queue, len(orders))
        for index in sorted(orders)[len(orders) - lost :]:
            del orders[index]
        self._check_limits(len(orders))
        ahead = self._store.live_count()
        try:
            self._store.accept_all(list(orders.values()))
        except NotEnoughCreditsError as error:
            raise too_expensive(error.required, error.available) from None
        return Batch(bulk_id, wishes.name, wishes.template, orders, refused, lost, ahead)

    def _accept(self, verdict: Verdict) -> Receipt:
        switches = self._board.now
        if verdict.job_id and switches.refuse_job_id:
            raise invalid([Problem("payload.jobId", "jobId is not allowed")], {})
        job_id = verdict.job_id if verdict.job_id and switches.honour_job_id else str(uuid.uuid4())
        if job_id in switches.stranger_jobs:
            raise _conflict()
        known = self._store.find(job_id)
        order = _order(job_id, verdict, switches.zoom_depth)
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

    def _check_limits(self, wanted: int = 1) -> None:
        """Raises 429 when the hour or the queue is full (Zvid docs, errors-and-retries)."""
        limits = plan_limits(self._board.now)
        if limits.jobs_per_hour:
            since = now_ms() - HOUR_MS
            used = self._store.accepted_since(since)
            if used + wanted > limits.jobs_per_hour:
                wait = _seconds_until((self._store.oldest_since(since) or now_ms()) + HOUR_MS)
                message = (
                    f"{used} of {limits.jobs_per_hour} renders used this hour, try again in {wait} seconds"
                )
                raise self.too_many("hourly_limit_exceeded", message, wait, used, limits.jobs_per_hour)
        if limits.concurrent_jobs:
            live = self._store.live_count()
            if live + wanted > limits.concurrent_jobs:
                raise self.too_many(
                    "Rate limit exceeded", "Too many concurrent jobs", 5, live, limits.concurrent_jobs
                )

    def too_many(self, error: str, message: str, wait: int, current: int, limit: int) -> Refusal:
        """429, as talkative as the switch has it."""
        match self._board.now.too_many_form:
            case "bare":
                return Refusal(429, error)
            case "older":
                return too_many(error, message, wait)
            case _:
                return too_many(error, message, wait, current=current, limit=limit)


def _order(job_id: str, verdict: Verdict, zoom_depth: float) -> Order:
    return Order(
        id=job_id,
        name=verdict.name,
        type=verdict.type,
        project=orjson.dumps(_drawn(verdict.project, zoom_depth)).decode(),
        width=verdict.width,
        height=verdict.height,
        seconds=verdict.seconds,
        credits=verdict.credits,
        template_id=verdict.template_id,
        webhook_url=verdict.webhook_url,
    )


def _drawn(project: dict[str, Any], zoom_depth: float) -> dict[str, Any]:
    """The project for the renderer, with a depth for every zoom that names none."""
    return {key: _deepened(value, zoom_depth) for key, value in project.items()}


def _deepened(value: Any, depth: float) -> Any:
    match value:
        case list():
            return [_deepened(inner, depth) for inner in value]
        case {"zoom": True}:
            return {**value, "zoom": {"depth": depth}}
        case {"visuals": list()}:
            return {**value, "visuals": _deepened(value["visuals"], depth)}
        case _:
            return value


def _conflict() -> Refusal:
    return Refusal(409, "Conflict", "A job with this ID already exists")


def _seconds_until(at_ms: int) -> int:
    return max(1, -(-(at_ms - now_ms()) // 1000))

"""A batch of renders: one project, many sets of variables (Zvid docs, submit-bulk-render)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from bot.sandbox.zvid.complaints import problems_with
from bot.sandbox.zvid.envelope import BulkRequest
from bot.sandbox.zvid.job import Job, Order, State
from bot.sandbox.zvid.options import Switches
from bot.sandbox.zvid.refusals import Problem, Refusal, invalid
from bot.sandbox.zvid.wire import iso, thumbnail_url, video_url

Json = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Wishes:
    """A batch as single requests, one an item."""

    bodies: list[Json]
    name: str | None
    template: str | None


@dataclass(frozen=True, slots=True)
class Batch:
    """A batch that was accepted; items are numbered as they were sent."""

    id: str
    name: str | None
    template: str | None
    orders: Mapping[int, Order]
    refused: Mapping[int, Refusal]
    lost: int
    ahead: int

    @property
    def credits(self) -> int:
        return sum(order.credits for order in self.orders.values())


def open_batch(body: object, *, strip_unknown: bool) -> Wishes:
    """Raises Refusal when its outside is wrong."""
    if not isinstance(body, dict):
        raise invalid([Problem("body", "The body must be a JSON object")], {})
    problems = problems_with(body, BulkRequest, "body", allow_loopback=False, strip_unknown=strip_unknown)
    if not problems and ("payload" in body) == ("template" in body):
        problems = [Problem("body", 'Provide either "payload" or "template", not both')]
    if problems:
        raise invalid(problems, {})
    shared = {key: body[key] for key in ("payload", "template", "webhookUrl") if key in body}
    return Wishes(
        [_single(body, item, shared) for item in body["items"]], body.get("name"), body.get("template")
    )


def _single(body: Json, item: Json, shared: Json) -> Json:
    """Variables of the item beat those of the batch; its name beats one in the overrides."""
    overrides = {**body.get("overrides", {}), **({"name": item["name"]} if "name" in item else {})}
    return {
        **shared,
        "variables": {**body.get("variables", {}), **item.get("variables", {})},
        **({"overrides": overrides} if overrides else {}),
    }


def receipt(batch: Batch, switches: Switches) -> Json:
    """The answer to the submit. `index` and `item` are the only way from a row to its job."""
    older = switches.bulk_error_spelling == "itemErrors"
    item, details = ("index", "errors") if older else ("item", "details")
    return {
        "bulkId": batch.id,
        "queued": True,
        "totalJobs": len(batch.orders),
        "rejectedItems": len(batch.refused),
        "failedToQueue": batch.lost,
        "creditsReserved": batch.credits,
        "queueAhead": batch.ahead,
        "jobs": [{"index": index, "jobId": order.id} for index, order in sorted(batch.orders.items())],
        switches.bulk_error_spelling: [
            {item: index, "error": refusal.body["error"], details: refusal.body.get("details", [])}
            for index, refusal in sorted(batch.refused.items())
        ],
    }


def record(batch: Batch, created: str | None, *, still: bool) -> Json:
    """What is kept of a batch beside its jobs."""
    return {
        "id": batch.id,
        "name": batch.name,
        "templateId": batch.template,
        "type": "image" if still else "video",
        "totalJobs": len(batch.orders),
        "creditsReserved": batch.credits,
        "createdAt": created,
    }


def summary(kept: Json, jobs: list[Job]) -> Json:
    completed = sum(job.state is State.COMPLETED for job in jobs)
    failed = sum(job.is_lost for job in jobs)
    pending = len(jobs) - completed - failed
    if pending:
        status = "processing"
    elif failed == len(jobs):
        status = "failed"
    else:
        status = "completed_with_errors" if failed else "completed"
    counts = {"completed": completed, "failed": failed, "pending": pending}
    return {**kept, "status": status, "counts": counts}


def child(job: Job, switches: Switches, media_base: str) -> Json:
    """One job of a batch, in camel case; nameless until it is completed."""
    completed = job.state is State.COMPLETED
    return {
        "id": job.id,
        "status": switches.state_word if job.state is State.ACTIVE else str(job.state),
        "name": job.name if completed else None,
        "creditsEstimated": job.credits,
        "creditsConsumed": job.credits if completed else (0 if job.is_lost else None),
        "videoDuration": job.seconds if completed else None,
        "videoResolution": f"{job.width}x{job.height}" if completed else None,
        "outputUrl": video_url(job, media_base),
        "thumbnailUrl": thumbnail_url(job, media_base),
        "errorMessage": job.failed_reason,
        "createdAt": iso(job.created_ms),
        "completedAt": iso(job.finished_ms),
    }

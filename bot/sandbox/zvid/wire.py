"""The shapes of successful answers.

`state` in the single read and `status` in lists, camel case here and snake case there: that is how the
service does it (Zvid docs, get-render-job and list-render-jobs).
"""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from bot.sandbox.zvid.job import Job, State
from bot.sandbox.zvid.ledger import Balance, Entry
from bot.sandbox.zvid.options import Switches
from bot.sandbox.zvid.workshop import Progress


def iso(at_ms: int | None) -> str | None:
    if at_ms is None:
        return None
    return datetime.fromtimestamp(at_ms / 1000, UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")


def job_status(job: Job, progress: Progress | None, switches: Switches, media_base: str) -> dict[str, Any]:
    """GET of one job. Times are epoch milliseconds while live, ISO from history (Zvid docs, render-lifecycle)."""
    as_iso = switches.ts_form == "iso" or (switches.ts_form == "by-age" and job.is_final)

    def moment(at_ms: int | None) -> int | str | None:
        return iso(at_ms) if as_iso else at_ms

    shown = {"progress": _progress(job, progress, switches)} if switches.progress_form != "absent" else {}
    return {
        "id": job.id,
        "state": _state_word(job, switches),
        **shown,
        "result": _result(job, switches, media_base),
        "failedReason": job.failed_reason,
        "ts": {
            "created": moment(job.created_ms),
            "updated": moment(job.updated_ms),
            "finished": moment(job.finished_ms),
        },
    }


def job_line(job: Job, switches: Switches, media_base: str) -> dict[str, Any]:
    """One job of the listing."""
    completed = job.state is State.COMPLETED
    return {
        "id": job.id,
        "status": _state_word(job, switches),
        "job_type": job.type,
        "credits_estimated": job.credits,
        "credits_consumed": job.credits if completed else (0 if job.is_lost else None),
        "video_duration": job.seconds if job.type == "video" else None,
        "video_resolution": f"{job.width}x{job.height}",
        "output_url": video_url(job, media_base),
        "thumbnail_url": thumbnail_url(job, media_base),
        "error_message": job.failed_reason,
        "created_at": iso(job.created_ms),
        "completed_at": iso(job.finished_ms),
        "name": job.name if completed or switches.name_before_completion else None,
        "template_id": job.template_id,
    }


def pagination(page: int, limit: int, total: int) -> dict[str, Any]:
    return {
        "page": page,
        "limit": limit,
        "total": total,
        "totalPages": -(-total // limit),
        "hasNext": page * limit < total,
    }


def balance(left: Balance, form: str = "camel") -> dict[str, Any]:
    """The current form, or one of the two that came before it."""
    if form == "oldest":
        return {"balance": left.total, "reserved": 0, "available": left.total}
    if form == "snake":
        addon = {"balance": left.addon, "total_earned": left.addon_earned, "total_spent": left.addon_spent}
        return {"balance": left.total, "subscription_credits": left.subscription, "addon_credits": addon}
    return {
        "balance": left.total,
        "subscriptionCredits": left.subscription,
        "addonCredits": {
            "balance": left.addon,
            "totalEarned": left.addon_earned,
            "totalSpent": left.addon_spent,
        },
    }


def ledger_line(entry: Entry) -> dict[str, Any]:
    """One transaction. The route is documented, its shape is not: this spelling follows the job list."""
    return {
        "id": entry.seq,
        "type": str(entry.kind),
        "amount": entry.amount,
        "subscription_amount": entry.subscription,
        "addon_amount": entry.addon,
        "job_id": entry.job_id,
        "created_at": iso(entry.at_ms),
    }


def _state_word(job: Job, switches: Switches) -> str:
    return switches.state_word if job.state is State.ACTIVE else str(job.state)


def _progress(job: Job, progress: Progress | None, switches: Switches) -> Any:
    if switches.progress_form == "null":
        return None
    if job.state is State.COMPLETED:
        now = (100, "completed")
    elif progress is None:
        now = (0, str(job.state))
    else:
        now = (round(progress.fraction * 100), progress.phase)
    percentage, phase = now
    if switches.progress_form == "number":
        return percentage
    return {"phase": phase, "percentage": percentage, "message": f"{phase.capitalize()}: {percentage}%"}


def _result(job: Job, switches: Switches, media_base: str) -> Any:
    url = video_url(job, media_base)
    if url is None or switches.result_form == "string":
        return url
    result: dict[str, Any] = {"url": url, "thumbnailUrl": thumbnail_url(job, media_base)}
    if switches.result_form == "rich":
        result |= {"type": job.type, "duration": job.seconds, "creditsCharged": job.credits}
    return result


def video_url(job: Job, media_base: str) -> str | None:
    folder = "images" if job.type == "image" else "videos"
    return f"{media_base}/{folder}/{_path(job.video)}" if job.video else None


def thumbnail_url(job: Job, media_base: str) -> str | None:
    return f"{media_base}/thumbnails/{_path(job.thumbnail)}" if job.thumbnail else None


def _path(name: str) -> str:
    """A name may hold blanks, and nothing else that a URL would mind."""
    return name.replace(" ", "%20")

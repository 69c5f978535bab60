"""Delivers webhooks: what happened to a job, to the account's endpoints and to the address in its request.

Ten seconds a try, any 2xx is a success, five tries in all: at once, then after 30, 60, 120 and 240 seconds;
twenty exhausted deliveries in a row switch an endpoint off (Zvid docs, automation/webhooks). Deliveries are kept
through a restart. Nobody outside this machine is ever called.
"""

from __future__ import annotations

import asyncio
import contextlib
import hashlib
import hmac
import http.client
import time
from typing import Any
from urllib.parse import urlsplit

import orjson

from bot.sandbox.zvid import wire
from bot.sandbox.zvid.addresses import LOOPBACK
from bot.sandbox.zvid.job import Job, State
from bot.sandbox.zvid.jobs import now_ms
from bot.sandbox.zvid.shelf import Shelf, Thing, new_id
from bot.sandbox.zvid.switchboard import Switchboard

HOOK, DELIVERY = "whk", "dlv"
EVENTS = ("render.completed", "render.failed")
PAUSES = (30, 60, 120, 240)
_SECONDS = 10.0
_EXHAUSTED_IN_A_ROW = 20
_LOG = 500


class Courier:
    """One task that looks for what is due."""

    def __init__(self, shelf: Shelf, board: Switchboard, secret: str) -> None:
        self._shelf = shelf
        self._board = board
        self._secret = secret  # for requests' own webhooks, where the switch has them signed
        self._news = asyncio.Event()
        self._task: asyncio.Task[None] | None = None
        self._open: dict[str, Thing] = {}

    def start(self) -> None:
        self._open = {one["id"]: one for one in self._shelf.all(DELIVERY) if one["status"] == "pending"}
        self._task = asyncio.create_task(self._run(), name="webhooks")

    async def stop(self) -> None:
        """A delivery under way is made again by the next process."""
        if self._task is not None:
            self._task.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await self._task

    def tell(self, job: Job, media_base: str, size: int | None, seconds: float) -> None:
        """A job has ended: everybody who wants to know is to be told."""
        switches = self._board.now
        if switches.webhook_deliveries == "never":
            return
        completed = job.state is State.COMPLETED
        body = {
            "event": EVENTS[0] if completed else EVENTS[1],
            "jobId": job.id,
            "timestamp": wire.iso(job.finished_ms),
            "data": _completed(job, media_base, size, seconds) if completed else _failed(job),
        }
        hooks = [
            hook
            for hook in self._shelf.all(HOOK)
            if hook.get("status", "active") == "active" and body["event"] in hook["events"]
        ]
        for _ in range(2 if switches.webhook_deliveries == "twice" else 1):
            for hook in hooks:
                self.send(body, hook["url"], hook)
            if job.webhook_url:
                self.send(body, job.webhook_url, None)

    def send(self, body: dict[str, Any], url: str, hook: Thing | None) -> Thing:
        """Puts one delivery into the bag."""
        delivery = {
            "id": new_id(DELIVERY),
            "webhookId": hook["id"] if hook else None,
            "url": url,
            "event": body["event"],
            "jobId": body["jobId"],
            "body": orjson.dumps(body).decode(),
            "status": "pending",
            "attempts": 0,
            "responseStatus": None,
            "error": None,
            "dueMs": now_ms() + int(self._board.now.webhook_delay_seconds * 1000),
            "createdAt": wire.iso(now_ms()),
        }
        self._keep(delivery)
        self._shelf.keep_newest(DELIVERY, _LOG)
        self._news.set()
        return delivery

    async def _run(self) -> None:
        while True:
            due = [one for one in self._open.values() if one["dueMs"] <= now_ms()]
            await asyncio.gather(*(self._try(one) for one in due))
            self._news.clear()
            if not due:
                soonest = min((one["dueMs"] for one in self._open.values()), default=None)
                pause = None if soonest is None else max(soonest - now_ms(), 1) / 1000
                with contextlib.suppress(TimeoutError):
                    await asyncio.wait_for(self._news.wait(), pause)

    async def _try(self, delivery: Thing) -> None:
        hook = self._shelf.find(HOOK, delivery["webhookId"]) if delivery["webhookId"] else None
        if delivery["webhookId"] and hook is None:
            self._keep({**delivery, "status": "failed", "error": "The webhook was deleted"})
            return
        secret = hook["secret"] if hook else (self._secret if self._board.now.sign_request_webhooks else None)
        status, error = await asyncio.to_thread(_post, delivery, secret)
        tried = {**delivery, "attempts": delivery["attempts"] + 1, "responseStatus": status, "error": error}
        if status is not None and 200 <= status < 300:
            self._keep({**tried, "status": "success", "error": None})
            self._count(hook, exhausted=False)
        elif tried["attempts"] > len(PAUSES):
            self._keep({**tried, "status": "failed"})
            self._count(hook, exhausted=True)
        else:
            pause = PAUSES[tried["attempts"] - 1] * self._board.now.webhook_pause_factor
            self._keep({**tried, "dueMs": now_ms() + int(pause * 1000)})

    def _keep(self, delivery: Thing) -> None:
        self._shelf.put(DELIVERY, delivery)
        if delivery["status"] == "pending":
            self._open[delivery["id"]] = delivery
        else:
            self._open.pop(delivery["id"], None)

    def _count(self, hook: Thing | None, *, exhausted: bool) -> None:
        now = self._shelf.find(HOOK, hook["id"]) if hook else None
        if now is None:
            return
        in_a_row = now["exhausted"] + 1 if exhausted else 0
        if in_a_row != now["exhausted"]:
            status = "disabled" if in_a_row >= _EXHAUSTED_IN_A_ROW else now.get("status", "active")
            self._shelf.put(HOOK, {**now, "exhausted": in_a_row, "status": status})


def signature(secret: str, timestamp: str, body: bytes) -> str:
    digest = hmac.new(secret.encode(), timestamp.encode() + b"." + body, hashlib.sha256).hexdigest()
    return f"sha256={digest}"


def _post(delivery: Thing, secret: str | None) -> tuple[int | None, str | None]:
    """The status of the answer, or why there was none. Redirects are answers like others."""
    parts = urlsplit(delivery["url"])
    if parts.hostname not in LOOPBACK:
        return None, "This stand-in calls addresses of this machine only"
    body = delivery["body"].encode()
    timestamp = str(int(time.time()))
    headers = {
        "Content-Type": "application/json",
        "User-Agent": "Zvid-Webhooks/1.0",
        "X-Zvid-Event": delivery["event"],
        "X-Zvid-Job-Id": str(delivery["jobId"]),
        "X-Zvid-Delivery-Id": delivery["id"],
        "X-Zvid-Timestamp": timestamp,
    }
    if secret:
        headers["X-Zvid-Signature"] = signature(secret, timestamp, body)
    connection = http.client.HTTPConnection(parts.hostname, parts.port or 80, timeout=_SECONDS)
    try:
        connection.request(
            "POST", f"{parts.path or '/'}{f'?{parts.query}' if parts.query else ''}", body, headers
        )
        status = connection.getresponse().status
    except (OSError, http.client.HTTPException) as error:
        return None, str(error) or type(error).__name__
    finally:
        connection.close()
    return status, None if 200 <= status < 300 else f"The endpoint answered {status}"


def _completed(job: Job, media_base: str, size: int | None, seconds: float) -> dict[str, Any]:
    return {
        "status": "completed",
        "type": job.type,
        "url": wire.video_url(job, media_base),
        "thumbnailUrl": wire.thumbnail_url(job, media_base),
        "duration": job.seconds if job.type == "video" else None,
        "size": size,
        "renderDuration": round(seconds, 1),
        "creditsCharged": job.credits,
        "templateId": job.template_id,
    }


def _failed(job: Job) -> dict[str, Any]:
    return {"status": "failed", "type": job.type, "error": job.failed_reason, "creditsCharged": 0}

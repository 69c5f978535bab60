"""Takes webhooks of the render service: whatever is wrong with a call, the answer says no more than no.

A genuine one is handed on as the id of a job to look at soon. Memory is bounded, and so is the time for a body.
"""

from __future__ import annotations

import asyncio
import hashlib
from collections.abc import Callable
from datetime import datetime

import structlog
from pydantic import SecretStr

from bot.adapters.web.server import Receive, Scope, Send
from bot.domain.hints import LARGEST_BODY, Deliveries, is_genuine, job_of
from bot.domain.ids import JobId
from bot.domain.pace import Pace

log = structlog.get_logger()

PATH = "/zvid"
SECONDS_FOR_A_BODY = 5.0

_TAKEN, _REFUSED, _ELSEWHERE, _TOO_MANY = 204, 400, 404, 429
_LONGEST_HEADER = 200
_LINES_A_MINUTE = 6.0


class HintApp:
    """One ASGI application; calls come one after the other, since it runs in one event loop."""

    def __init__(
        self,
        secret: SecretStr,
        hear: Callable[[JobId], None],
        now: Callable[[], datetime],
        monotonic: Callable[[], float],
        *,
        a_minute: float = 1200,
        burst: float = 100,
    ) -> None:
        """`hear` is called from the server's thread."""
        self._secret = secret.get_secret_value().encode()
        self._hear = hear
        self._now = now
        self._monotonic = monotonic
        self._pace = Pace(a_minute, burst)
        self._said = Pace(_LINES_A_MINUTE, _LINES_A_MINUTE)
        """How often refusals are told: a flood fills no log."""

        self._deliveries = Deliveries()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            return
        status = await self._status(scope, receive)
        headers = [(b"cache-control", b"no-store"), (b"content-length", b"0")]
        if status != _TAKEN:
            # What was not read of the body is not waited for either.
            headers.append((b"connection", b"close"))
        await send({"type": "http.response.start", "status": status, "headers": headers})
        await send({"type": "http.response.body", "body": b""})

    async def _status(self, scope: Scope, receive: Receive) -> int:
        if scope["path"] != PATH or scope["method"] != "POST":
            return _ELSEWHERE
        monotonic = self._monotonic()
        if self._pace.wait(monotonic):
            self._refuse("too many calls")
            return _TOO_MANY
        self._pace.take(monotonic)
        said = _headers(scope)
        if said is None or not said.get("content-type", "").lower().startswith("application/json"):
            return self._refuse("headers")
        try:
            body = await asyncio.wait_for(_whole(receive), SECONDS_FOR_A_BODY)
        except TimeoutError:
            return self._refuse("slow body")
        if body is None:
            return self._refuse("large or broken body")
        signature, stamp = said.get("x-zvid-signature", ""), said.get("x-zvid-timestamp", "")
        if not is_genuine(self._secret, signature, stamp, body, self._now()):
            return self._refuse("signature or time")
        self._take(said.get("x-zvid-delivery-id", ""), signature, body)
        return _TAKEN

    def _take(self, delivery: str, signature: str, body: bytes) -> None:
        # The delivery's id is not signed: a call that is only given another one is the same all the same.
        names = [f"signature {hashlib.sha256(signature.encode('latin-1')).hexdigest()}"]
        names += [f"delivery {delivery}"] if delivery else []
        job_id = job_of(body)
        is_new = self._deliveries.is_new(*names)
        log.debug("hint_taken", job_id=job_id, is_new=is_new)
        if job_id is not None and is_new:
            self._hear(job_id)

    def _refuse(self, why: str) -> int:
        monotonic = self._monotonic()
        if not self._said.wait(monotonic):
            self._said.take(monotonic)
            log.warning("hint_refused", why=why)
        return _REFUSED


def _headers(scope: Scope) -> dict[str, str] | None:
    """The few that count; None where one is there twice or too long."""
    wanted = {"content-type", "x-zvid-signature", "x-zvid-timestamp", "x-zvid-delivery-id"}
    found: dict[str, str] = {}
    for raw_name, raw in scope["headers"]:
        name = raw_name.decode("latin-1").lower()
        if name not in wanted:
            continue
        if name in found or len(raw) > _LONGEST_HEADER:
            return None
        found[name] = raw.decode("latin-1")
    return found


async def _whole(receive: Receive) -> bytes | None:
    """The body, byte for byte; None where it is too large or breaks off."""
    parts: list[bytes] = []
    size = 0
    while True:
        message = await receive()
        if message["type"] != "http.request":
            return None
        part: bytes = message.get("body", b"")
        size += len(part)
        if size > LARGEST_BODY:
            return None
        parts.append(part)
        if not message.get("more_body", False):
            return b"".join(parts)

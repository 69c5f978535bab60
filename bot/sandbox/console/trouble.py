"""Lets calls go wrong on their way in, by the console's switches, and counts how often.

Around the whole application, so that a fault meets every path of a half, whatever that half offers. The browser's
own page is spared, or nobody could watch.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from dataclasses import dataclass

import orjson
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from bot.sandbox.broken import KeptAnswer, break_off

_SUBMIT = "/api/render/api-key"
_SLOW_SECONDS = 3.0


@dataclass(frozen=True, slots=True)
class Blow:
    """What meets a call: a refusal in its stead, a broken line, a lost answer, or a wait."""

    meets: Callable[[Scope], bool]
    status: int = 0
    body: bytes = b""
    retry_after: str = ""
    loses_answer: bool = False
    waits: float = 0.0


def _zvid(scope: Scope) -> bool:
    return str(scope["path"]).startswith("/api/")


def _submit(scope: Scope) -> bool:
    return bool(scope["path"] == _SUBMIT and scope["method"] == "POST")


def _google(scope: Scope) -> bool:
    by_page = (b"authorization", b"Bearer page") in scope["headers"]
    return str(scope["path"]).startswith("/v4/") and not by_page


def _google_write(scope: Scope) -> bool:
    return _google(scope) and scope["method"] != "GET"


def _google_error(code: int, status: str, message: str) -> bytes:
    return orjson.dumps({"error": {"code": code, "message": message, "status": status}})


BLOWS = {
    "lost-answer": Blow(_submit, loses_answer=True),
    "zvid-busy": Blow(
        _submit,
        429,
        b'{"error":"Rate limit exceeded","message":"Too many requests","retryAfter":5}',
        retry_after="5",
    ),
    "zvid-errors": Blow(_zvid, 500, b'{"error":"server_error","message":"Something went wrong"}'),
    "zvid-away": Blow(_zvid),
    "zvid-slow": Blow(_zvid, waits=_SLOW_SECONDS),
    "key-refused": Blow(_zvid, 401, b'{"error":"Unauthorized","message":"Invalid API key"}'),
    "google-busy": Blow(
        _google,
        429,
        _google_error(
            429,
            "RESOURCE_EXHAUSTED",
            "Quota exceeded for quota metric 'Read requests' and limit 'Read requests per minute per user' of "
            "service 'sheets.googleapis.com' for consumer 'project_number:000000000000'.",
        ),
    ),
    "google-away": Blow(
        _google, 503, _google_error(503, "UNAVAILABLE", "The service is currently unavailable.")
    ),
    "google-lost": Blow(_google_write, loses_answer=True),
}
# Credits are gone at the service itself; a look at the balance is how a careful client meets it.
_NO_CREDITS = "no-credits"


class Trouble:
    """The middleware; `is_on` says which faults are on, `struck` is told of every call one of them met."""

    def __init__(self, app: ASGIApp, *, is_on: Callable[[str], bool], struck: Callable[[str], None]) -> None:
        self._app = app
        self._is_on = is_on
        self._struck = struck

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        met = [name for name, blow in BLOWS.items() if blow.meets(scope) and self._is_on(name)]
        for name in met:
            self._struck(name)
            await asyncio.sleep(BLOWS[name].waits)
        refusing = next((name for name in met if not BLOWS[name].waits), None)
        if refusing is None:
            await self._app(scope, receive, self._watched(scope, send))
        else:
            await _befall(BLOWS[refusing], self._app, scope, receive, send)

    def _watched(self, scope: Scope, send: Send) -> Send:
        """The same, counting how often the empty account was met."""
        if not (_zvid(scope) and self._is_on(_NO_CREDITS)):
            return send

        async def watched(message: Message) -> None:
            if message.get("status") == 402 or (
                message["type"] == "http.response.start" and scope["path"] == "/api/credits/balance"
            ):
                self._struck(_NO_CREDITS)
            await send(message)

        return watched


async def _befall(blow: Blow, app: ASGIApp, scope: Scope, receive: Receive, send: Send) -> None:
    kept = KeptAnswer()
    if blow.loses_answer:
        await app(scope, receive, kept.send)
    if not blow.status:
        await break_off("close", kept, scope, receive, send)
        return
    headers = [(b"content-type", b"application/json"), (b"content-length", str(len(blow.body)).encode())]
    if blow.retry_after:
        headers.append((b"retry-after", blow.retry_after.encode()))
    await send({"type": "http.response.start", "status": blow.status, "headers": headers})
    await send({"type": "http.response.body", "body": blow.body})

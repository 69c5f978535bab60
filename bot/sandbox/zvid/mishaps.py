"""Lets calls to the Zvid half go wrong: ordered statuses and bodies, broken connections, slow answers.

Sits around one route as ASGI middleware.
"""

from __future__ import annotations

import asyncio

import orjson
from starlette.types import ASGIApp, Receive, Scope, Send

from bot.sandbox.broken import KeptAnswer, break_off
from bot.sandbox.zvid.options import Mishap
from bot.sandbox.zvid.switchboard import Switchboard

ERRORS: dict[int, dict[str, object]] = {
    401: {"error": "Unauthorized", "message": "Invalid API key"},
    402: {"error": "Insufficient credits", "message": "Top up", "creditsRequired": 9, "creditsAvailable": 0},
    404: {"error": "Job not found"},
    429: {"error": "Rate limit exceeded", "message": "Too many requests"},
    500: {"error": "server_error", "message": "Something went wrong"},
    502: {"error": "Bad Gateway"},
    503: {"error": "Service Unavailable", "message": "Maintenance"},
    504: {"error": "Gateway Timeout"},
}


class Mishaps:
    """Counts the calls of one route, slows them down and lets the ordered ones go wrong."""

    def __init__(self, app: ASGIApp, *, board: Switchboard, route: str) -> None:
        self._app = app
        self._board = board
        self._route = route

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        self._board.count_call(self._route)
        slow = self._board.now.slow_seconds
        if slow:
            await asyncio.sleep(slow)
        mishap = self._board.take_mishap(self._route)
        if mishap is None:
            await self._app(scope, receive, send)
            return
        kept = KeptAnswer()
        if mishap.after_work or mishap.answer == "half":
            await self._app(scope, receive, kept.send)
        await _befall(mishap, kept, scope, receive, send)


async def _befall(mishap: Mishap, kept: KeptAnswer, scope: Scope, receive: Receive, send: Send) -> None:
    if isinstance(mishap.answer, int):
        await _answer(mishap.answer, mishap, send)
    else:
        await break_off(mishap.answer, kept, scope, receive, send)


async def _answer(status: int, mishap: Mishap, send: Send) -> None:
    error = dict(ERRORS.get(status, {"error": f"Status {status}"}))
    headers = []
    if mishap.retry_after is not None:
        headers.append((b"retry-after", mishap.retry_after.encode("latin-1")))
        if mishap.retry_after.isdecimal():
            error["retryAfter"] = int(mishap.retry_after)
    body = orjson.dumps(error) if mishap.body is None else mishap.body.encode()
    kind = b"text/html" if body.lstrip().startswith(b"<") else b"application/json"
    headers += [(b"content-type", kind), (b"content-length", str(len(body)).encode())]
    await send({"type": "http.response.start", "status": status, "headers": headers})
    await send({"type": "http.response.body", "body": body})

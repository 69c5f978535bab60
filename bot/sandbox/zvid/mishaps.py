"""Lets a call go wrong on the wire, for real: the connection is closed, reset or left silent.

Sits around one route as ASGI middleware. To break a connection it needs the transport, which the server
puts into the request's state under `transport`.
"""

from __future__ import annotations

import asyncio
import socket
import struct
from dataclasses import dataclass, field

import orjson
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from bot.sandbox.zvid.options import Mishap
from bot.sandbox.zvid.switchboard import Switchboard

# SO_LINGER on, with no time to linger: the kernel answers RST and drops what was not sent.
NO_LINGER = struct.pack("ii", 1, 0)

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


@dataclass(slots=True)
class _Kept:
    """An answer that was given but not sent."""

    start: Message = field(default_factory=dict)
    body: bytes = b""

    async def send(self, message: Message) -> None:
        if message["type"] == "http.response.start":
            self.start = message
        elif message["type"] == "http.response.body":
            self.body += message.get("body", b"")


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
        kept = _Kept()
        if mishap.after_work or mishap.answer == "half":
            await self._app(scope, receive, kept.send)
        await _befall(mishap, kept, scope, receive, send)


async def _befall(mishap: Mishap, kept: _Kept, scope: Scope, receive: Receive, send: Send) -> None:
    match mishap.answer:
        case "hang":
            await _until_gone(receive)
        case "close":
            _transport(scope).close()
            await _until_gone(receive)
        case "reset":
            transport = _transport(scope)
            transport.get_extra_info("socket").setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, NO_LINGER)
            transport.abort()
            await _until_gone(receive)
        case "half":
            await send(kept.start)
            half = kept.body[: len(kept.body) // 2]
            await send({"type": "http.response.body", "body": half, "more_body": True})
            _transport(scope).close()
            await _until_gone(receive)
        case status:
            await _answer(status, mishap, send)


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


def _transport(scope: Scope) -> asyncio.Transport:
    transport = scope.get("state", {}).get("transport")
    if not isinstance(transport, asyncio.Transport):
        raise TypeError("This server does not hand over its transport, so no connection can be broken.")
    return transport


async def _until_gone(receive: Receive) -> None:
    """Returns when the connection is no more; the server then asks for no answer."""
    while (await receive())["type"] != "http.disconnect":
        pass

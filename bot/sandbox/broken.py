"""Breaks a connection for real: closed, reset, silent, or cut in the middle of an answer.

Works on bare ASGI. To break a connection it needs the transport, which the server puts into the request's
state under `transport`.
"""

from __future__ import annotations

import asyncio
import socket
import struct
from dataclasses import dataclass, field
from typing import Literal

from starlette.types import Message, Receive, Scope, Send

Break = Literal["close", "reset", "hang", "half"]

# SO_LINGER on, with no time to linger: the kernel answers RST and drops what was not sent.
_NO_LINGER = struct.pack("ii", 1, 0)


@dataclass(slots=True)
class KeptAnswer:
    """An answer that was given but not sent."""

    start: Message = field(default_factory=dict)
    body: bytes = b""

    async def send(self, message: Message) -> None:
        if message["type"] == "http.response.start":
            self.start = message
        elif message["type"] == "http.response.body":
            self.body += message.get("body", b"")


async def break_off(how: Break, kept: KeptAnswer, scope: Scope, receive: Receive, send: Send) -> None:
    """Returns when the connection is no more; the server then asks for no answer."""
    match how:
        case "hang":
            pass
        case "close":
            _transport(scope).close()
        case "reset":
            transport = _transport(scope)
            transport.get_extra_info("socket").setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, _NO_LINGER)
            transport.abort()
        case "half":
            await send(kept.start)
            half = kept.body[: len(kept.body) // 2]
            await send({"type": "http.response.body", "body": half, "more_body": True})
            _transport(scope).close()
    while (await receive())["type"] != "http.disconnect":
        pass


def _transport(scope: Scope) -> asyncio.Transport:
    transport = scope.get("state", {}).get("transport")
    if not isinstance(transport, asyncio.Transport):
        raise TypeError("This server does not hand over its transport, so no connection can be broken.")
    return transport

"""The `Date` of every answer: each stand-in's own time, which may be told to run ahead of or behind this machine's."""

from __future__ import annotations

import time
from collections.abc import Callable
from email.utils import formatdate

from starlette.datastructures import MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send


class OwnTime:
    """Around the whole application; `ahead` says by how many seconds the clock behind a path is ahead."""

    def __init__(self, app: ASGIApp, *, ahead: Callable[[str], float]) -> None:
        self._app = app
        self._ahead = ahead

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return

        async def dated(message: Message) -> None:
            if message["type"] == "http.response.start":
                now = time.time() + self._ahead(scope["path"])
                MutableHeaders(scope=message).setdefault("date", formatdate(now, usegmt=True))
            await send(message)

        await self._app(scope, receive, dated)

"""Connections that say nothing are ended: uvicorn itself waits for a first request for ever."""

from __future__ import annotations

import asyncio

from uvicorn.protocols.http.h11_impl import H11Protocol

SECONDS_FOR_A_HEADER = 10.0
"""From the connection to the end of the first request's header."""


class ImpatientProtocol(H11Protocol):
    """Ends a connection whose first header did not arrive in time."""

    _waiting: asyncio.TimerHandle | None = None

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]  # as its parent
        super().connection_made(transport)
        self._waiting = self.loop.call_later(SECONDS_FOR_A_HEADER, self._give_up, transport)

    def connection_lost(self, exc: Exception | None) -> None:
        if self._waiting is not None:
            self._waiting.cancel()
        super().connection_lost(exc)

    def _give_up(self, transport: asyncio.Transport) -> None:
        # A cycle begins with a whole header; uvicorn says there always is one.
        cycle: object | None = self.cycle
        if cycle is None:
            transport.abort()

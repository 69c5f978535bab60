"""Connections that say nothing, or dribble, are ended: uvicorn itself waits for a request for ever.

So does it for the rest of a body nobody reads, and for somebody who does not take the answer.
"""

from __future__ import annotations

import asyncio

from uvicorn.protocols.http.h11_impl import H11Protocol, RequestResponseCycle

SECONDS_FOR_A_HEADER = 10.0
"""From the connection, or from the last answer, to the end of the next request's header; and twice that for an answer."""


class ImpatientProtocol(H11Protocol):
    """Ends a connection whose next request is not there in time."""

    _waiting: asyncio.TimerHandle | None = None
    _under_way: object | None = None
    """The answer that was being given when this was last looked at."""

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]  # as its parent
        super().connection_made(transport)
        self._wait()

    def on_response_complete(self) -> None:
        self._wait()
        super().on_response_complete()

    def connection_lost(self, exc: Exception | None) -> None:
        if self._waiting is not None:
            self._waiting.cancel()
        super().connection_lost(exc)

    def _wait(self) -> None:
        if self._waiting is not None:
            self._waiting.cancel()
        self._waiting = self.loop.call_later(SECONDS_FOR_A_HEADER, self._look)

    def _look(self) -> None:
        # A cycle begins with a whole header; uvicorn says there always is one.
        cycle: RequestResponseCycle | None = self.cycle
        if cycle is None or cycle.response_complete or cycle is self._under_way:
            self.transport.abort()
            return
        self._under_way = cycle
        self._wait()

"""Serves an ASGI application on an address of this machine, from a thread of its own.

Whatever happens in there, the robot's worker does not wait for it: the port is bound at once, the server
itself comes up beside the worker, and an end takes two seconds at most.
"""

from __future__ import annotations

import asyncio
import errno
import socket
import threading
from collections.abc import Awaitable, Callable, Iterator, MutableMapping
from contextlib import contextmanager
from typing import Any

import structlog

from bot.domain.listening import Place

log = structlog.get_logger()

Scope = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[MutableMapping[str, Any]]]
Send = Callable[[MutableMapping[str, Any]], Awaitable[None]]
App = Callable[[Scope, Receive, Send], Awaitable[None]]

MOST_CONNECTIONS = 40
"""More at once are answered with 503: memory stays flat whoever calls."""

_SECONDS_TO_END = 2.0


class ListenError(RuntimeError):
    """Nobody can listen there; the message names the setting and the fix."""


class WebServer:
    """One application at one address, from start() to stop()."""

    def __init__(self, app: App, place: Place, *, setting: str) -> None:
        """`setting` is what the address comes from, as people write it in the settings file."""
        self._app = _Sheltered(app, setting)
        self._setting = setting
        self.place = place
        """Where it listens; after start() with the port it really has."""

        self._server: Any = None
        self._is_over = threading.Event()
        self._thread: threading.Thread | None = None

    def start(self) -> None:
        """Requests are taken from now on, and answered a moment later. Raises ListenError."""
        try:
            listener = _bound(self.place)
        except _TakenError as error:
            raise ListenError(f"{self._setting}: {error}") from error
        self.place = Place(self.place.host, listener.getsockname()[1])
        if not self.place.is_local:
            log.warning(
                "listening_beyond_this_machine",
                setting=self._setting,
                address=str(self.place),
                reason="Whoever reaches this address can read what is said there.",
            )
        self._thread = threading.Thread(target=self._run, args=(listener,), name=self._setting, daemon=True)
        self._thread.start()

    def stop(self) -> None:
        """Nobody is answered any more; may be called from any thread, and twice."""
        self._is_over.set()
        if self._server is not None:
            self._server.should_exit = True
        if self._thread is not None:
            self._thread.join(_SECONDS_TO_END)

    def _run(self, listener: socket.socket) -> None:
        with listener:
            # Imported here: the robot's first tick does not wait for it.
            import uvicorn

            from bot.adapters.web.impatience import ImpatientProtocol

            config = uvicorn.Config(
                self._app,
                http=ImpatientProtocol,
                ws="none",
                lifespan="off",
                log_config=None,
                # It would quote what strangers send; what breaks of ours is told by _Sheltered.
                log_level="critical",
                access_log=False,
                server_header=False,
                proxy_headers=False,
                limit_concurrency=MOST_CONNECTIONS,
                timeout_keep_alive=5,
                timeout_graceful_shutdown=1,
            )
            self._server = uvicorn.Server(config)
            if self._is_over.is_set():
                return
            self._server.run(sockets=[listener])


class _Sheltered:
    """A mistake in the application is told in the log and answered; the robot never hears of it."""

    def __init__(self, app: App, setting: str) -> None:
        self._app = app
        self._setting = setting

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        begun = asyncio.Event()

        async def watched(message: MutableMapping[str, Any]) -> None:
            begun.set()
            await send(message)

        try:
            await self._app(scope, receive, watched)
        except Exception:
            log.exception("web_answer_broke", setting=self._setting, path=str(scope.get("path", ""))[:80])
            if not begun.is_set():
                await _refuse(send)


async def _refuse(send: Send) -> None:
    await send(
        {
            "type": "http.response.start",
            "status": 500,
            "headers": [(b"content-type", b"text/plain; charset=utf-8"), (b"cache-control", b"no-store")],
        }
    )
    await send({"type": "http.response.body", "body": b"A mistake of ours; the log has it.\n"})


@contextmanager
def serving(server: WebServer | None, *, told_as: str) -> Iterator[Place | None]:
    """Serves while the block lasts; gives the place, or None where nobody listens.

    A port somebody else has is told in the log under this name, and no reason to render nothing.
    """
    place = None
    if server is not None:
        try:
            server.start()
            place = server.place
        except ListenError as error:
            log.warning(told_as, reason=str(error))
    try:
        yield place
    finally:
        if server is not None and place is not None:
            server.stop()


def refusal(place: Place) -> str | None:
    """Why nobody can listen there now; None when somebody could."""
    try:
        _bound(place).close()
    except _TakenError as error:
        return str(error)
    return None


class _TakenError(Exception):
    """Why, with the fix."""


def _bound(place: Place) -> socket.socket:
    try:
        # The first address of a name is the one that is meant.
        family, kind, _, _, address = socket.getaddrinfo(
            place.host, place.port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE
        )[0]
    except OSError:
        raise _TakenError(f"{place.host} is no address of this machine. Usual is 127.0.0.1.") from None
    # With the protocol named, asyncio sends small answers at once (TCP_NODELAY).
    listener = socket.socket(family, kind, socket.IPPROTO_TCP)
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listener.bind(address)
        listener.listen(MOST_CONNECTIONS)
    except OSError as error:
        listener.close()
        raise _TakenError(_problem(error, place)) from error
    return listener


def _problem(error: OSError, place: Place) -> str:
    match error.errno:
        case errno.EADDRINUSE:
            return f"{place} is already in use by another program. Name another port, or port 0 for any free one."
        case errno.EACCES:
            return f"this user may not listen on port {place.port}. Name one above 1023."
        case errno.EADDRNOTAVAIL:
            return f"{place.host} is no address of this machine. Usual is 127.0.0.1."
        case _:
            return f"nobody can listen on {place}: {error.strerror}."

"""Serves the stand-ins on a loopback port from a thread of the calling process."""

from __future__ import annotations

import asyncio
import socket
import threading
from types import TracebackType
from typing import Self

import uvicorn
from uvicorn.protocols.http.h11_impl import H11Protocol

from bot.sandbox.app import Sandbox

HOST = "127.0.0.1"


class PortTakenError(OSError):
    """The wished-for port is in use by someone else."""


def free_port(wanted: int | None = None) -> socket.socket:
    """A bound loopback socket: the wanted port, or any free one when none is named.

    Raises PortTakenError when the wanted port is in use.
    """
    # With the protocol named, asyncio sets TCP_NODELAY; without it answers wait 40 ms for delayed ACKs.
    listener = socket.socket(socket.AF_INET, socket.SOCK_STREAM, socket.IPPROTO_TCP)
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listener.bind((HOST, wanted or 0))
    except OSError as error:
        listener.close()
        raise PortTakenError(f"Port {wanted} is already in use.") from error
    return listener


class OpenProtocol(H11Protocol):
    """Hands the connection's transport to the application, which may be told to break it."""

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]  # as its parent
        super().connection_made(transport)
        self.app_state = {**self.app_state, "transport": transport}


class SandboxServer:
    """Runs a Sandbox until closed; usable as a context manager."""

    def __init__(self, sandbox: Sandbox, listener: socket.socket | None = None) -> None:
        self.sandbox = sandbox
        self._listener = listener or free_port()
        self.port: int = self._listener.getsockname()[1]
        self.base_url = f"http://{HOST}:{self.port}"
        sandbox.zvid.base_url = self.base_url
        config = uvicorn.Config(
            sandbox.app,
            http=OpenProtocol,
            log_level="warning",
            access_log=False,
            # The application dates its answers itself: a stand-in may have a clock of its own.
            date_header=False,
            timeout_graceful_shutdown=1,
            timeout_keep_alive=75,
        )
        self._server = uvicorn.Server(config)
        self._thread = threading.Thread(target=self._run, name="sandbox", daemon=True)

    def _run(self) -> None:
        self._server.run(sockets=[self._listener])

    def start(self) -> Self:
        """Returns when requests are answered. Raises RuntimeError when the application did not start."""
        self._thread.start()
        while not self._server.started:
            if not self._thread.is_alive():
                raise RuntimeError("The sandbox did not start.")
            self._thread.join(0.01)
        return self

    def close(self) -> None:
        """Ends the server and waits for it; running renders are ended with it."""
        # Live streams never end by themselves, and uvicorn waits for open connections.
        self.sandbox.sheets.end_streams()
        self._server.should_exit = True
        self._thread.join(15)
        self._listener.close()

    def __enter__(self) -> Self:
        return self.start()

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

"""A server that answers byte by byte, as no framework would: for everything a wire can do wrong."""

from __future__ import annotations

import contextlib
import socket
import ssl
import struct
import threading
from collections.abc import Callable, Iterator
from typing import Any, Protocol


class Peer(Protocol):
    """What a script gets: a connection with one whole request read off it."""

    def __call__(self, line: socket.socket, request: bytes) -> object: ...


class RawServer:
    """Listens on loopback; each request is handed to the script, over and over on a connection kept open."""

    def __init__(
        self,
        script: Peer,
        *,
        reads_requests: bool = True,
        host: str = "127.0.0.1",
        tls: ssl.SSLContext | None = None,
    ) -> None:
        """Any address of the loopback network may be its host: 127.0.0.2 is another machine to a client."""
        self._script = script
        self._reads = reads_requests
        self._tls = tls
        self._listener = socket.create_server((host, 0))
        self.host, self.port = self._listener.getsockname()
        self.requests: list[bytes] = []
        self.connections = 0
        self.is_over = threading.Event()
        """Set when the test is done: whoever drips or waits stops."""

        self._lines: list[socket.socket] = []
        self._threads = [threading.Thread(target=self._listen, daemon=True)]
        self._threads[0].start()

    @property
    def base_url(self) -> str:
        return f"http://{self.host}:{self.port}"

    def close(self) -> None:
        self.is_over.set()
        with contextlib.suppress(OSError):
            self._listener.shutdown(socket.SHUT_RDWR)
        self._listener.close()
        for line in self._lines:
            with contextlib.suppress(OSError):
                line.shutdown(socket.SHUT_RDWR)
        for thread in self._threads:
            thread.join(5)

    def _listen(self) -> None:
        while True:
            try:
                line, _ = self._listener.accept()
            except OSError:
                return
            self.connections += 1
            if self._tls is not None:
                line = self._tls.wrap_socket(line, server_side=True, do_handshake_on_connect=False)
            self._lines.append(line)
            thread = threading.Thread(target=self._serve, args=(line,), daemon=True)
            self._threads.append(thread)
            thread.start()

    def _serve(self, line: socket.socket) -> None:
        # A client that gives up is what most of these tests are about.
        with line, contextlib.suppress(OSError):
            line.settimeout(5)
            if not self._reads:
                self._script(line, b"")
                return
            while request := _request(line):
                self.requests.append(request)
                if self._script(line, request) is not None:
                    return


def _request(line: socket.socket) -> bytes:
    """One whole request; empty when the other side hung up."""
    taken = b""
    while b"\r\n\r\n" not in taken:
        more = line.recv(65536)
        if not more:
            return b""
        taken += more
    head, _, body = taken.partition(b"\r\n\r\n")
    length = next(
        (int(one.split(b":")[1]) for one in head.split(b"\r\n") if one.lower().startswith(b"content-length")),
        0,
    )
    while len(body) < length:
        body += line.recv(65536)
    return head + b"\r\n\r\n" + body


def answer(status: str, body: bytes = b"{}", *headers: str) -> bytes:
    """A whole answer as bytes."""
    lines = [f"HTTP/1.1 {status}", f"Content-Length: {len(body)}", *headers]
    return "\r\n".join(lines).encode() + b"\r\n\r\n" + body


def reset(line: socket.socket) -> None:
    """Ends a connection with a reset instead of a farewell."""
    line.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    line.close()


@contextlib.contextmanager
def serving(script: Callable[..., object], **options: Any) -> Iterator[RawServer]:
    """A server for one test."""
    server = RawServer(script, **options)
    try:
        yield server
    finally:
        server.close()

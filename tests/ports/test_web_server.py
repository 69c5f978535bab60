"""An application served from a thread: it comes up, refuses what it must, and ends in time."""

from __future__ import annotations

import asyncio
import http.client
import socket
import threading
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager, suppress
from typing import Any

import pytest

from bot.adapters.web import impatience
from bot.adapters.web.server import App, ListenError, WebServer
from bot.domain.listening import Place

HERE = Place("127.0.0.1", 0)


async def greets(scope: Any, _receive: Any, send: Any) -> None:
    """The smallest application."""
    if scope["path"] == "/broken":
        raise RuntimeError("a mistake")
    await send({"type": "http.response.start", "status": 200, "headers": [(b"content-length", b"5")]})
    await send({"type": "http.response.body", "body": b"hello"})


@contextmanager
def served(app: App = greets, place: Place = HERE) -> Iterator[WebServer]:
    server = WebServer(app, place, setting="watch.listen")
    server.start()
    try:
        yield server
    finally:
        server.stop()


def get(place: Place, path: str = "/") -> tuple[int, bytes]:
    with closing(http.client.HTTPConnection("127.0.0.1", place.port, timeout=10)) as connection:
        connection.request("GET", path)
        answer = connection.getresponse()
        return answer.status, answer.read()


def test_it_answers_at_the_port_it_says():
    """Port 0 is any free one; a request made right after the start is answered."""
    with served() as server:
        assert server.place.port
        assert get(server.place) == (200, b"hello")


def test_a_taken_port_is_named_with_its_setting():
    """Whoever reads it knows which line to change."""
    with (
        served() as first,
        pytest.raises(
            ListenError, match=rf"^watch.listen: 127\.0\.0\.1:{first.place.port} is already in use"
        ),
    ):
        WebServer(greets, first.place, setting="watch.listen").start()


@pytest.mark.parametrize("host", ["192.0.2.1", "no-such-host.invalid"])
def test_an_address_of_another_machine_is_told(host: str):
    """Also where it is a name nobody knows."""
    with pytest.raises(ListenError, match=rf"^watch.listen: {host} is no address of this machine"):
        WebServer(greets, Place(host, 0), setting="watch.listen").start()


def test_f_S09_listening_to_everybody_is_said(heard: list[Any], monkeypatch: pytest.MonkeyPatch):
    """One line at start names the setting; nothing is said on this machine's own address."""
    with served():
        quiet = list(heard)
    # Nothing of ours binds beyond loopback, not even for a test.
    monkeypatch.setattr(Place, "is_local", False)
    with served():
        pass

    assert quiet == []
    assert [(one["event"], one["setting"]) for one in heard] == [
        ("listening_beyond_this_machine", "watch.listen")
    ]


def test_a_mistake_in_the_application_is_answered_and_told(heard: list[Any]):
    """The next request is answered as if nothing had been."""
    with served() as server:
        broken, then = get(server.place, "/broken"), get(server.place)

    assert broken == (500, b"A mistake of ours; the log has it.\n")
    assert then == (200, b"hello")
    assert [one["event"] for one in heard] == ["web_answer_broke"]


def test_it_ends_in_time_with_an_answer_under_way():
    """An answer that never comes holds nobody up; then the port is free again."""
    asked = threading.Event()

    async def hangs(_scope: Any, _receive: Any, _send: Any) -> None:
        asked.set()
        await asyncio.Event().wait()

    with served(hangs) as server, socket.create_connection(("127.0.0.1", server.place.port)) as client:
        client.sendall(b"GET / HTTP/1.1\r\nHost: localhost\r\n\r\n")
        assert asked.wait(10)
        began = time.monotonic()
        server.stop()
        took = time.monotonic() - began

    assert took < 5
    with served(place=server.place) as again:
        assert get(again.place) == (200, b"hello")


def test_a_stop_right_after_the_start_is_a_stop():
    """Before the server itself came up."""
    with served() as server:
        pass

    with pytest.raises(OSError, match="refused"):
        get(server.place)


WHOLE = b"GET / HTTP/1.1\r\nHost: localhost\r\n"


@pytest.mark.parametrize(
    ("first", "then"),
    [
        (b"GET / HTTP/1.1\r\nHost: loc", b"a"),
        (WHOLE + b"\r\n", b"a"),
        (WHOLE + b"Content-Length: 100000\r\n\r\n", b"a"),
    ],
    ids=["first header", "second header", "body nobody reads"],
)
def test_a_connection_that_dribbles_is_ended(monkeypatch: pytest.MonkeyPatch, first: bytes, then: bytes):
    """What never becomes a whole request keeps no place, however often a byte of it comes."""
    monkeypatch.setattr(impatience, "SECONDS_FOR_A_HEADER", 0.3)
    with served() as server, socket.create_connection(("127.0.0.1", server.place.port)) as client:
        client.settimeout(0.05)
        client.sendall(first)
        for _ in range(100):
            with suppress(TimeoutError):
                if not client.recv(1000):
                    break
            client.sendall(then)
        else:
            raise AssertionError("still there")


def test_a_connection_that_asks_again_and_again_is_kept(monkeypatch: pytest.MonkeyPatch):
    """Each answer begins a new wait."""
    monkeypatch.setattr(impatience, "SECONDS_FOR_A_HEADER", 0.5)
    with (
        served() as server,
        closing(http.client.HTTPConnection("127.0.0.1", server.place.port, timeout=10)) as client,
    ):
        for _ in range(4):
            client.request("GET", "/")
            first = client.sock
            assert client.getresponse().read() == b"hello"
            time.sleep(0.2)

        assert client.sock is first


def test_who_does_not_take_the_answer_is_left(monkeypatch: pytest.MonkeyPatch):
    """Neither is an answer waited for that nobody reads."""
    monkeypatch.setattr(impatience, "SECONDS_FOR_A_HEADER", 0.2)
    ended = threading.Event()

    async def large(_scope: Any, _receive: Any, send: Any) -> None:
        await send({"type": "http.response.start", "status": 200, "headers": []})
        for _ in range(400):
            await send({"type": "http.response.body", "body": b"x" * 100_000, "more_body": True})
        ended.set()

    with served(large) as server, socket.create_connection(("127.0.0.1", server.place.port)) as client:
        client.sendall(WHOLE + b"\r\n")

        assert ended.wait(5)

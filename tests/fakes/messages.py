"""Whoever carries messages, as tests need them: a fake of the port, runners without threads, a real mail server."""

from __future__ import annotations

import asyncio
import ssl
import threading
from collections.abc import Callable, Sequence
from email import message_from_bytes, policy
from email.message import EmailMessage
from typing import Any

from aiosmtpd.smtp import SMTP, AuthResult

from bot.domain.letters import Delivery, Letter, Outcome, Parcel
from bot.ports import Messenger


class FakeMessenger:
    """Says what it is told to say, one answer after the other, the last one again and again."""

    def __init__(self, *outcomes: Outcome) -> None:
        self.outcomes = list(outcomes or [Outcome.DELIVERED])
        self.letters: list[Letter] = []
        """All that arrived."""

        self.tries = 0

    def deliver(self, letter: Letter) -> Delivery:
        self.tries += 1
        outcome = self.outcomes.pop(0) if len(self.outcomes) > 1 else self.outcomes[0]
        if outcome is Outcome.DELIVERED:
            self.letters.append(letter)
        return Delivery(outcome, outcome.value)

    def greet(self) -> Delivery:
        return Delivery(self.outcomes[0])


class InlineRunners:
    """Delivers at once, in the caller's thread; on the road until the test says otherwise, when it is slow."""

    def __init__(self, **messengers: Messenger) -> None:
        self._messengers = messengers
        self._back: list[tuple[Parcel, Delivery]] = []
        self.on_the_road: list[Parcel] = []
        self.is_slow = False
        self.on_back: Callable[[], None] = lambda: None

    @property
    def channels(self) -> Sequence[str]:
        return tuple(self._messengers)

    @property
    def busy(self) -> set[str]:
        return {one.channel for one in self.on_the_road}

    def send(self, parcel: Parcel) -> None:
        assert parcel.channel not in self.busy
        self.on_the_road.append(parcel)
        if not self.is_slow:
            self.arrive()

    def arrive(self) -> None:
        """Everybody on the road comes to the door."""
        self._back += [(one, self._messengers[one.channel].deliver(one.letter)) for one in self.on_the_road]
        self.on_the_road = []

    def wait(self, seconds: float) -> None:
        """Who is on the road stays there."""

    def returned(self) -> list[tuple[Parcel, Delivery]]:
        found, self._back = self._back, []
        return found


class MailHouse:
    """A real mail server on loopback, with one account if it has a password, and what it took in."""

    def __init__(
        self,
        *,
        tls: ssl.SSLContext | None = None,
        password: str = "",
        refuses: dict[str, str] | None = None,
        hangs_up: bool = False,
    ) -> None:
        """One that hangs up does so when it has the message, without a word."""
        self.mail: list[EmailMessage] = []
        self.sign_ins = 0
        self._password = password
        self._hangs_up = hangs_up
        self._refuses = refuses or {}

        def serve() -> SMTP:
            return SMTP(
                self,
                tls_context=tls,
                require_starttls=tls is not None,
                auth_require_tls=True,
                auth_required=bool(password),
                authenticator=self._let_in,
                loop=self._loop,
            )

        self._loop = asyncio.new_event_loop()
        server = self._loop.run_until_complete(self._loop.create_server(serve, "127.0.0.1", 0))
        self._server = server
        self.port: int = server.sockets[0].getsockname()[1]
        self._thread = threading.Thread(target=self._loop.run_forever, daemon=True)
        self._thread.start()

    def _let_in(self, _server: Any, _session: Any, _envelope: Any, _mechanism: str, given: Any) -> AuthResult:
        self.sign_ins += 1
        return AuthResult(success=given.password.decode() == self._password, handled=False)

    async def handle_RCPT(
        self, _server: Any, _session: Any, envelope: Any, address: str, _options: list[str]
    ) -> str:
        if (answer := self._refuses.get(address)) is not None:
            return answer
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server: Any, _session: Any, envelope: Any) -> str:
        found = message_from_bytes(envelope.content, policy=policy.default)
        assert isinstance(found, EmailMessage)
        self.mail.append(found)
        if self._hangs_up:
            server.transport.abort()
        return "250 OK"

    def close(self) -> None:
        async def leave() -> None:
            self._server.close()
            others = asyncio.all_tasks() - {asyncio.current_task()}
            for one in others:
                one.cancel()
            await asyncio.gather(*others, return_exceptions=True)

        asyncio.run_coroutine_threadsafe(leave(), self._loop).result(5)
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join(5)
        self._loop.close()

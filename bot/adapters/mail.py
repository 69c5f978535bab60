"""E-mail, through aiosmtplib: its one time limit covers a whole delivery, whatever trickles in.

Certificates are checked; a password never leaves over a connection in the clear.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Coroutine
from dataclasses import dataclass
from email.message import EmailMessage
from email.utils import format_datetime
from typing import Any, Literal

import aiosmtplib
from pydantic import SecretStr

from bot.adapters.certificates import refused_certificate
from bot.domain.letters import Delivery, Letter, Outcome

Security = Literal["starttls", "tls", "none"]


@dataclass(frozen=True, slots=True)
class MailServer:
    """Who takes mail from us."""

    host: str
    port: int
    security: Security
    user: str = ""
    password: SecretStr | None = None


class Mail:
    """Letters as plain text to a few addresses."""

    def __init__(
        self, server: MailServer, sender: str, recipients: tuple[str, ...], timeout_seconds: float
    ) -> None:
        self._server = server
        self._sender = sender
        self._recipients = recipients
        self._seconds = timeout_seconds

    def deliver(self, letter: Letter) -> Delivery:
        message = written(letter, self._sender, self._recipients)
        return self._run(lambda visit: self._send(message, visit))

    def greet(self) -> Delivery:
        """Signs in and leaves again."""
        return self._run(self._sign_in)

    async def _send(self, message: EmailMessage, visit: _Visit) -> str:
        async with self._client() as client:
            visit.is_handing_over = True
            refused, _ = await client.send_message(message)
            visit.is_handing_over = False
        return f"accepted, but not for {len(refused)} of {len(self._recipients)}" if refused else "accepted"

    async def _sign_in(self, _visit: _Visit) -> str:
        async with self._client():
            return "signed in" if self._server.user else "would be let in"

    def _client(self) -> aiosmtplib.SMTP:
        server = self._server
        return aiosmtplib.SMTP(
            hostname=server.host,
            port=server.port,
            use_tls=server.security == "tls",
            start_tls=server.security == "starttls",
            username=server.user or None,
            password=server.password.get_secret_value() if server.user and server.password else None,
            timeout=self._seconds,
        )

    def _run(self, work: Callable[[_Visit], Coroutine[Any, Any, str]]) -> Delivery:
        visit = _Visit()

        async def in_time() -> str:
            return await asyncio.wait_for(work(visit), self._seconds)

        try:
            return Delivery(Outcome.DELIVERED, asyncio.run(in_time()))
        except aiosmtplib.SMTPRecipientsRefused as error:
            for_good = all(one.code >= 500 for one in error.recipients)
            return Delivery(Outcome.REFUSED if for_good else Outcome.NOT_NOW, "no recipient was accepted")
        except aiosmtplib.SMTPResponseException as error:
            return Delivery(Outcome.REFUSED if error.code >= 500 else Outcome.NOT_NOW, _said(error))
        except (aiosmtplib.SMTPException, OSError) as error:
            # Before the message was handed over, surely nothing arrived.
            outcome = Outcome.IN_DOUBT if visit.is_handing_over else Outcome.NOT_NOW
            return Delivery(outcome, refused_certificate(error) or f"not delivered ({_said(error)})")


@dataclass(slots=True)
class _Visit:
    """How far a visit at the server came."""

    is_handing_over: bool = False


def _said(error: Exception) -> str:
    """Its kind alone: a server's words may repeat what it was given."""
    code = getattr(error, "code", None)
    return f"{type(error).__name__}{f', {code}' if isinstance(code, int) else ''}"


def written(letter: Letter, sender: str, recipients: tuple[str, ...]) -> EmailMessage:
    """The letter as mail; sent twice it is still one, by its id."""
    message = EmailMessage()
    message["From"] = sender
    message["To"] = ", ".join(recipients)
    message["Subject"] = letter.subject
    message["Date"] = format_datetime(letter.at)
    message["Message-ID"] = f"<{letter.id}@rowreel.invalid>"
    message["Auto-Submitted"] = "auto-generated"
    lines = [f"{item.tab}: {item.text}" if item.tab else item.text for item in letter.items]
    message.set_content("\n\n".join([*lines, letter.link] if letter.link else lines) + "\n")
    return message

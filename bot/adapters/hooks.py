"""Webhooks out, through httpx: a Slack-compatible one, and one for programs that may be signed.

An address is a secret: whoever has it may write there. No redirects, certificates are checked, answers are read to a
bound and thrown away, and nothing of an address or a body is ever said.
"""

from __future__ import annotations

import hashlib
import hmac
import json
from typing import Any
from urllib.parse import urlsplit

import httpx
from pydantic import SecretStr

from bot.adapters.certificates import refused_certificate
from bot.adapters.render_connection import Deadline, TimedBackend
from bot.domain.letters import Delivery, Item, Letter, Outcome
from bot.ports import Clock

_NOT_SENT = (httpx.ConnectError, httpx.ConnectTimeout, httpx.PoolTimeout)
_LATER = frozenset({408, 425, 429})
_ENOUGH_OF_AN_ANSWER = 64 * 1024


class _Hook:
    """One address that letters are posted to."""

    def __init__(self, url: SecretStr, clock: Clock, timeout_seconds: float) -> None:
        self._url = url
        self._clock = clock
        self._deadline = Deadline(timeout_seconds, clock.monotonic)
        # Messages are rare: no connection is kept for the next one.
        limits = httpx.Limits(max_connections=1, max_keepalive_connections=0)
        transport = httpx.HTTPTransport(trust_env=False, limits=limits)
        pool: Any = transport._pool  # noqa: SLF001 - httpx offers no other door to its streams
        pool._network_backend = TimedBackend(pool._network_backend, self._deadline, httpx.ReadTimeout)  # noqa: SLF001 - as above
        self._client = httpx.Client(
            timeout=timeout_seconds, follow_redirects=False, trust_env=False, transport=transport
        )

    def greet(self) -> Delivery:
        """Asks the host's front page for its head: nobody is told anything by that."""
        parts = urlsplit(self._url.get_secret_value())
        delivery = self._sent("HEAD", f"{parts.scheme}://{parts.netloc}/", b"", {})
        # Whatever the front page says: somebody is there, with a good certificate.
        is_there = delivery.detail.startswith("answered")
        return Delivery(Outcome.DELIVERED, delivery.detail) if is_there else delivery

    def _post(self, body: bytes, headers: dict[str, str]) -> Delivery:
        usual = {"content-type": "application/json", "user-agent": "rowreel"}
        return self._sent("POST", self._url.get_secret_value(), body, {**usual, **headers})

    def _sent(self, method: str, url: str, body: bytes, headers: dict[str, str]) -> Delivery:
        try:
            with (
                self._deadline.running(),
                self._client.stream(method, url, content=body, headers=headers) as answer,
            ):
                size = 0
                for part in answer.iter_raw():
                    size += len(part)
                    if size > _ENOUGH_OF_AN_ANSWER:
                        break
        except _NOT_SENT as error:
            words = refused_certificate(error) or f"not reached ({type(error).__name__})"
            return Delivery(Outcome.NOT_NOW, words)
        except httpx.TransportError as error:
            return Delivery(Outcome.IN_DOUBT, f"no answer ({type(error).__name__})")
        return _sorted(answer)


def _sorted(answer: httpx.Response) -> Delivery:
    status = answer.status_code
    detail = f"answered {status}"
    if answer.is_success:
        return Delivery(Outcome.DELIVERED, detail)
    if status in _LATER or answer.is_server_error:
        asked = answer.headers.get("retry-after", "")
        wait = float(asked) if asked.isascii() and asked.isdigit() and len(asked) < 8 else 0.0
        return Delivery(Outcome.NOT_NOW, detail, wait)
    if answer.is_redirect:
        detail += ": it sends elsewhere, which is not followed"
    return Delivery(Outcome.REFUSED, detail)


class SlackHook(_Hook):
    """What Slack, and those who speak like it, call an incoming webhook."""

    def deliver(self, letter: Letter) -> Delivery:
        return self._post(json.dumps({"text": slack_text(letter)}).encode(), {})


def slack_text(letter: Letter) -> str:
    """The letter as Slack reads it: its three signs of markup are text here (Slack docs, escaping text)."""
    lines = [_line(item) for item in letter.items]
    text = "\n".join(escaped(line) for line in (lines if len(lines) == 1 else [letter.subject, *lines]))
    return f"{text}\n{escaped(letter.link)}" if letter.link else text


def escaped(text: str) -> str:
    """No mention, no link and no channel comes about by what a text says."""
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def _line(item: Item) -> str:
    return f"{item.tab}: {item.text}" if item.tab else item.text


class JsonHook(_Hook):
    """For programs: facts beside the words, and a signature where a secret is set."""

    def __init__(
        self, url: SecretStr, clock: Clock, timeout_seconds: float, secret: SecretStr | None = None
    ) -> None:
        super().__init__(url, clock, timeout_seconds)
        self._secret = secret

    def deliver(self, letter: Letter) -> Delivery:
        body = json.dumps(facts(letter), ensure_ascii=False).encode()
        stamp = str(int(self._clock.now().timestamp()))
        headers = {"x-rowreel-id": letter.id, "x-rowreel-timestamp": stamp}
        if self._secret is not None:
            key = self._secret.get_secret_value().encode()
            signed = hmac.new(key, f"{stamp}.".encode() + body, hashlib.sha256).hexdigest()
            headers["x-rowreel-signature"] = f"sha256={signed}"
        return self._post(body, headers)


def facts(letter: Letter) -> dict[str, Any]:
    """Keys are added, never renamed."""
    return {
        "id": letter.id,
        "at": letter.at.isoformat(timespec="seconds"),
        "is_urgent": letter.is_urgent,
        "subject": letter.subject,
        "link": letter.link,
        "items": [
            {
                "topic": item.topic.value if item.topic else "batch ended",
                "tab": item.tab,
                "text": item.text,
                "rows": list(item.rows),
                "row_ids": list(item.records),
            }
            for item in letter.items
        ],
    }

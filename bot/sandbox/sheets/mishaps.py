"""Lets Sheets calls go wrong, for real: refusals, HTML pages, broken connections, lost answers.

Told through `PUT /sandbox/sheets/faults` or `SheetsStandIn.change`. Wraps the endpoints as ASGI, since a
connection can only be broken from its transport, which the server puts into the request's state.
"""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Collection
from dataclasses import asdict, dataclass, replace
from typing import Annotated, Any, Literal

import orjson
from pydantic import ConfigDict, Field, TypeAdapter, ValidationError, with_config
from starlette.types import ASGIApp, Receive, Scope, Send

from bot.sandbox.broken import KeptAnswer, break_off
from bot.sandbox.sheets.access import Access, refusal
from bot.sandbox.sheets.wire import ApiError, Json, invalid

# Gateways in front of the service answer pages, not JSON (gspread issue 1504).
_PAGES = {502: "Bad Gateway", 504: "Gateway Timeout", 413: "Request Entity Too Large"}
_STATUSES = {
    400: ("INVALID_ARGUMENT", "Request contains an invalid argument."),
    401: ("UNAUTHENTICATED", "Request had invalid authentication credentials."),
    403: ("PERMISSION_DENIED", "The caller does not have permission"),
    404: ("NOT_FOUND", "Requested entity was not found."),
    429: ("RESOURCE_EXHAUSTED", "Quota exceeded for quota metric 'Read requests'."),
    500: ("INTERNAL", "Internal error encountered."),
    503: ("UNAVAILABLE", "The service is currently unavailable."),
}


@with_config(ConfigDict(extra="forbid", strict=True))
@dataclass(frozen=True, slots=True, kw_only=True)
class Mishap:
    """What befalls the next `times` calls.

    `calls` are `read`, `write`, `token` or `*`. `answer` is a status, or what happens to the connection
    instead: `close` (a clean end without a byte), `reset` (RST), `hang` (silence until the client gives
    up), `half` (half of the body, then the end). With `after_work` the call is carried out all the same;
    `half` always is. `body` replaces the body, also of a 200.
    """

    calls: Literal["read", "write", "token", "*"] = "*"
    answer: Annotated[int, Field(ge=200, le=599)] | Literal["close", "reset", "hang", "half"] = 503
    times: Annotated[int, Field(ge=1)] = 1
    after_work: bool = False
    body: str | None = None
    retry_after: str | None = None
    location: str | None = None


@with_config(ConfigDict(extra="forbid", strict=True))
@dataclass(frozen=True, slots=True, kw_only=True)
class Hands:
    """What somebody does to the workbook between a client's read and the write that follows it.

    `requests` are those of a batchUpdate (`sortRange`, `insertDimension`, `moveDimension`, ...), carried out right
    before the next batchUpdate that writes cells of the tab `sheet_id`; one entry for each such write.
    """

    sheet_id: int = 0
    requests: tuple[dict[str, Any], ...]


@with_config(ConfigDict(extra="forbid", strict=True))
@dataclass(frozen=True, slots=True, kw_only=True)
class Faults:
    """What is to go wrong from now on."""

    mishaps: tuple[Mishap, ...] = ()
    # Somebody moves rows or columns exactly when a client is about to write; used up from the front.
    hands: tuple[Hands, ...] = ()
    # Every call waits so long first.
    slow_seconds: Annotated[float, Field(ge=0, le=600)] = 0.0
    # Why every client but the page is kept out, until it is told otherwise.
    access: Access = "open"
    # By how much the service's own clock is ahead of this machine's; tokens are judged by it too.
    clock_ahead_seconds: Annotated[float, Field(ge=-1e8, le=1e8)] = 0.0


class FaultBoard:
    """The faults of the moment; safe to read and set from any thread."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self.now = Faults()

    def change(self, wanted: Json) -> Faults:
        """Sets the named faults. Raises ApiError (400) and changes nothing when one of them is wrong."""
        with self._lock:
            try:
                content = orjson.dumps({**asdict(self.now), **wanted})
                self.now = TypeAdapter(Faults).validate_json(content)
            except (ValidationError, TypeError) as error:
                raise invalid(f"Unknown or wrong fault: {error}") from error
            return self.now

    def take(self, kind: str) -> Mishap | None:
        """The next mishap meant for a call of this kind, used up by one."""
        with self._lock:
            for at, mishap in enumerate(self.now.mishaps):
                if mishap.calls in {"*", kind}:
                    left = (replace(mishap, times=mishap.times - 1),) if mishap.times > 1 else ()
                    rest = self.now.mishaps
                    self.now = replace(self.now, mishaps=(*rest[:at], *left, *rest[at + 1 :]))
                    return mishap
        return None

    def take_hands(self, sheet_ids: Collection[int]) -> Hands | None:
        """Somebody's hands, if they are in one of these tabs next; used up by one write."""
        with self._lock:
            if not self.now.hands or self.now.hands[0].sheet_id not in sheet_ids:
                return None
            first, *rest = self.now.hands
            self.now = replace(self.now, hands=tuple(rest))
            return first


class Mishaps:
    """Around one endpoint: slows its calls and lets the ordered ones go wrong."""

    def __init__(self, app: ASGIApp, *, board: FaultBoard) -> None:
        self._app = app
        self._board = board

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if self._board.now.slow_seconds:
            await asyncio.sleep(self._board.now.slow_seconds)
        kept_out = None if _is_page(scope) else refusal(self._board.now.access, _kind(scope))
        if kept_out is not None:
            await _answer(kept_out.code, Mishap(body=orjson.dumps(kept_out.body()).decode()), send)
            return
        mishap = self._board.take(_kind(scope))
        if mishap is None:
            await self._app(scope, receive, send)
            return
        kept = KeptAnswer()
        if mishap.after_work or mishap.answer == "half":
            await self._app(scope, receive, kept.send)
        await _befall(mishap, kept, scope, receive, send)


def _is_page(scope: Scope) -> bool:
    """Whether the browser's own page asks: its user keeps seeing the sheet."""
    return (b"authorization", b"Bearer page") in scope["headers"]


def _kind(scope: Scope) -> str:
    if scope["path"] == "/token":
        return "token"
    reads = scope["method"] == "GET" or scope["path"].endswith(":batchGetByDataFilter")
    return "read" if reads else "write"


async def _befall(mishap: Mishap, kept: KeptAnswer, scope: Scope, receive: Receive, send: Send) -> None:
    if isinstance(mishap.answer, int):
        await _answer(mishap.answer, mishap, send)
    else:
        await break_off(mishap.answer, kept, scope, receive, send)


async def _answer(status: int, mishap: Mishap, send: Send) -> None:
    if mishap.body is not None:
        body = mishap.body.encode()
    elif mishap.calls == "token":
        body = orjson.dumps(
            {"error": "invalid_grant", "error_description": "Invalid grant: account not found"}
        )
    elif status in _PAGES:
        body = f"<!DOCTYPE html><title>Error {status} ({_PAGES[status]})!!1</title>".encode()
    else:
        word, text = _STATUSES.get(status, ("UNKNOWN", f"Status {status}"))
        body = orjson.dumps(ApiError(status, word, text).body())
    is_page = body.lstrip().startswith(b"<")
    headers = [(b"content-type", b"text/html" if is_page else b"application/json; charset=UTF-8")]
    for name, value in ((b"retry-after", mishap.retry_after), (b"location", mishap.location)):
        if value is not None:
            headers.append((name, value.encode("latin-1")))
    headers.append((b"content-length", str(len(body)).encode()))
    await send({"type": "http.response.start", "status": status, "headers": headers})
    await send({"type": "http.response.body", "body": body})

"""What every route of the Zvid half has around it: the key, the mishaps, refusals as answers, bodies and pages."""

from __future__ import annotations

import secrets
from collections.abc import Awaitable, Callable
from typing import Any

import orjson
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from bot.sandbox.zvid.mishaps import Mishaps
from bot.sandbox.zvid.options import RouteName
from bot.sandbox.zvid.refusals import Problem, Refusal, invalid, unauthorized
from bot.sandbox.zvid.switchboard import Switchboard

Handler = Callable[[Request], Awaitable[Response]]
LARGEST_BODY = 4_000_000
LARGEST_PAGE = 100


class Door:
    """Makes routes."""

    def __init__(self, board: Switchboard, api_key: str) -> None:
        self._board = board
        self._api_key = api_key

    def keyed(self, name: RouteName, path: str, handler: Handler, *methods: str) -> Route:
        """For who has the account's key."""

        async def guarded(request: Request) -> Response:
            self._check_key(request)
            return await handler(request)

        return self.open(name, path, guarded, *methods)

    def tailed(self, name: RouteName, path: str, handler: Handler, *methods: str) -> list[Route]:
        """A route of the render family: with the tail for keys, and without it as the vendor's OAuth clients call it."""
        return [self.keyed(name, f"{path}{tail}", handler, *methods) for tail in ("/api-key", "")]

    def open(self, name: RouteName, path: str, handler: Handler, *methods: str) -> Route:
        """For everybody."""

        async def answered(request: Request) -> Response:
            try:
                return await handler(request)
            except Refusal as refusal:
                return answer(refusal.body, refusal.status, refusal.headers)

        around = Middleware(Mishaps, board=self._board, route=name)
        return Route(path, answered, methods=methods, name=f"zvid-{name}", middleware=[around])

    def _check_key(self, request: Request) -> None:
        """The key in its own header, or as a bearer's token (Zvid docs, zvid-api)."""
        sent = request.headers.get("x-api-key")
        if sent is None:
            scheme, _, token = request.headers.get("authorization", "").partition(" ")
            sent = token.strip() if scheme.lower() == "bearer" else None
        if sent is None or not secrets.compare_digest(sent.encode(), self._api_key.encode()):
            raise unauthorized(key_was_sent=sent is not None)


async def read_json(request: Request) -> object:
    """The body as JSON; raises Refusal when it is too large or no JSON."""
    taken = bytearray()
    async for chunk in request.stream():
        taken += chunk
        if len(taken) > LARGEST_BODY:
            raise Refusal(413, "Payload too large")
    try:
        return orjson.loads(taken)
    except orjson.JSONDecodeError:
        raise Refusal(400, "Validation failed", "The body is not valid JSON") from None


def page_wanted(request: Request) -> tuple[int, int]:
    problems = []
    numbers = []
    for name, default, highest in (("page", 1, 1_000_000), ("limit", 20, LARGEST_PAGE)):
        text = request.query_params.get(name, str(default))
        number = int(text) if text.isascii() and text.isdecimal() and len(text) < 9 else 0
        if not 1 <= number <= highest:
            problems.append(Problem(name, f"{name} must be a number from 1 to {highest}"))
        numbers.append(number)
    if problems:
        raise invalid(problems, {})
    return numbers[0], numbers[1]


def answer(content: Any, status: int = 200, headers: dict[str, str] | None = None) -> Response:
    return Response(orjson.dumps(content), status, headers, media_type="application/json")

"""What every answer of the robot's own pages has in common: who may ask by which name, and strict headers."""

from __future__ import annotations

from collections.abc import Callable, MutableMapping
from typing import Any

from bot.adapters.web.server import App, Receive, Scope, Send
from bot.domain.listening import is_called

_STRICT = {
    b"content-security-policy": b"default-src 'none'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
    b"cache-control": b"no-store",
    b"x-content-type-options": b"nosniff",
    b"x-frame-options": b"DENY",
    b"referrer-policy": b"no-referrer",
    b"cross-origin-resource-policy": b"same-origin",
    b"cross-origin-opener-policy": b"same-origin",
}


class Guard:
    """Stands before an application that is built with the first request: a start does not wait for it."""

    def __init__(self, build: Callable[[], App], names: frozenset[str] = frozenset()) -> None:
        self._build = build
        self._app: App | None = None
        self._names = frozenset(name.lower() for name in names)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        async def strictly(message: MutableMapping[str, Any]) -> None:
            if message["type"] == "http.response.start":
                said = list(message.get("headers", ()))
                names = {name.lower() for name, _ in said}
                extra = [(name, value) for name, value in _STRICT.items() if name not in names]
                message = {**message, "headers": [*said, *extra]}
            await send(message)

        if not self._is_meant(scope):
            await _misdirect(strictly)
            return
        if self._app is None:
            self._app = self._build()
        await self._app(scope, receive, strictly)

    def _is_meant(self, scope: Scope) -> bool:
        hosts = [value for name, value in scope.get("headers", ()) if name == b"host"]
        return len(hosts) == 1 and is_called(hosts[0].decode("latin-1"), self._names)


async def _misdirect(send: Send) -> None:
    """421: it came to the wrong place."""
    headers = [(b"content-type", b"text/plain; charset=utf-8")]
    await send({"type": "http.response.start", "status": 421, "headers": headers})
    await send({"type": "http.response.body", "body": b"Not under this name; see watch.hosts.\n"})

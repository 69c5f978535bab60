"""Puts the stand-ins together: one Starlette application, one origin.

The rooms are independent: the Sheets half, the Zvid half, the sample pictures and the page each hand over
their routes and say what must be started and stopped with them. The fault console alone knows both halves.
"""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path

from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.requests import ClientDisconnect, Request
from starlette.responses import JSONResponse, Response

from bot.sandbox.console.desk import Desk
from bot.sandbox.console.routes import console_routes
from bot.sandbox.console.trouble import Trouble
from bot.sandbox.own_time import OwnTime
from bot.sandbox.page.routes import page_routes
from bot.sandbox.pictures.shelf import PictureShelf
from bot.sandbox.sheets.service import SheetsOptions, SheetsStandIn
from bot.sandbox.zvid.service import ZvidOptions, ZvidStandIn


@dataclass(frozen=True, slots=True)
class SandboxOptions:
    """How the two stand-ins behave; every field has a default that suits a demo."""

    sheets: SheetsOptions = field(default_factory=SheetsOptions)
    zvid: ZvidOptions = field(default_factory=ZvidOptions)


class Sandbox:
    """Both stand-ins over one folder; `app` serves them, `sheets` and `zvid` are open for tests to look at."""

    def __init__(self, home: Path, options: SandboxOptions | None = None) -> None:
        options = options or SandboxOptions()
        home.mkdir(parents=True, exist_ok=True)
        self.sheets = SheetsStandIn(home, options.sheets)
        self.zvid = ZvidStandIn(home, options.zvid)
        self.desk = Desk(home, self.sheets, self.zvid)
        pictures = PictureShelf(home / "pictures")
        self.app = Starlette(
            routes=[
                *self.sheets.routes(),
                *self.zvid.routes(),
                *pictures.routes(),
                *page_routes(),
                *console_routes(self.desk),
            ],
            middleware=[
                Middleware(OwnTime, ahead=self._ahead),
                Middleware(Trouble, is_on=self.desk.is_on, struck=self.desk.struck),
            ],
            lifespan=self._lifespan,
            exception_handlers={404: _not_built, ClientDisconnect: _nobody_there},
        )

    def _ahead(self, path: str) -> float:
        """By how many seconds the clock of the half behind a path is ahead."""
        half = self.zvid.switches() if path.startswith("/api/") else self.sheets.faults.now
        return half.clock_ahead_seconds

    @asynccontextmanager
    async def _lifespan(self, _app: Starlette) -> AsyncIterator[None]:
        await self.sheets.start()
        await self.zvid.start()
        self.desk.start()
        try:
            yield
        finally:
            self.desk.all_off()
            await self.zvid.stop()
            await self.sheets.stop()


async def _nobody_there(_request: Request, _error: Exception) -> Response:
    """Whoever asked is gone, perhaps killed in the middle of a request: nobody hears the answer."""
    return Response(status_code=400)


async def _not_built(request: Request, _error: Exception) -> Response:
    """A path no room knows: 501 by name, so that a missing part is never mistaken for a missing thing."""
    name = f"{request.method} {request.url.path}"
    return JSONResponse(
        {
            "error": {
                "code": 501,
                "message": f"The stand-in has not built: {name}",
                "status": "UNIMPLEMENTED",
            }
        },
        status_code=501,
    )

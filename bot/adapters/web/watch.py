"""The robot's answers to whoever watches it: health, readiness, figures. All of it read, nothing changed."""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime
from pathlib import Path

from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import HTMLResponse, Response
from starlette.routing import Route

from bot.adapters.web.metrics import Figures
from bot.adapters.web.page import Page, zone_of
from bot.adapters.web.past import History
from bot.domain.vitals import Reason, Vitals, ailments, obstacles


@dataclass(frozen=True, slots=True)
class Watched:
    """What is watched, and how much of it is shown."""

    latest: Callable[[], Vitals]
    silent_seconds: Callable[[], float]
    """Since the worker's last sign of life."""

    longest_silence: float
    now: Callable[[], datetime]
    journal: Path
    version: str
    show_names: bool = False

    def ailments(self) -> list[Reason]:
        """Why starting the robot anew might help."""
        return ailments(self.latest(), self.silent_seconds(), self.longest_silence)

    def obstacles(self) -> list[Reason]:
        """Why the robot cannot do its work."""
        return obstacles(self.latest())


def watch_app(watched: Watched) -> Starlette:
    """The application; the worker is never waited for."""
    figures, history = Figures(watched), History(watched.journal)
    page = Page(watched.version, show_names=watched.show_names)

    async def healthz(_request: Request) -> Response:
        return _verdict("healthy", watched.ailments(), silent_seconds=round(watched.silent_seconds(), 1))

    async def readyz(_request: Request) -> Response:
        return _verdict("ready", watched.obstacles())

    def metrics(request: Request) -> Response:
        body, kind = figures.written(request.headers.get("accept", ""))
        return Response(body, headers={"content-type": kind})

    def front(_request: Request) -> Response:
        seen, reasons = watched.latest(), [*watched.ailments(), *watched.obstacles()]
        past = history.look(watched.now(), zone_of(seen))
        headers = {"content-security-policy": page.policy}
        return HTMLResponse(page.written(seen, reasons, past), headers=headers)

    routes = [
        Route("/", front),
        Route("/healthz", healthz),
        Route("/readyz", readyz),
        Route("/metrics", metrics),
    ]
    return Starlette(routes=routes)


def _verdict(question: str, reasons: Sequence[Reason], **facts: float) -> Response:
    said = {question: not reasons, "reasons": [asdict(one) for one in reasons], **facts}
    return Response(
        json.dumps(said, ensure_ascii=False) + "\n",
        status_code=503 if reasons else 200,
        media_type="application/json",
    )

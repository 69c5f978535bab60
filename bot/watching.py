"""The robot's web server for whoever watches it: started beside the worker, and never in its way."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from importlib.metadata import version

import structlog

from bot.adapters.web.guard import Guard
from bot.adapters.web.server import App, WebServer, serving
from bot.domain.listening import Place, read_place
from bot.settings import Settings
from bot.wiring import Robot

log = structlog.get_logger()

SETTING = "watch.listen"


@contextmanager
def watching(settings: Settings, robot: Robot, longest_silence: float) -> Iterator[Place | None]:
    """The robot may be watched while the block lasts; gives the place, or None where nobody listens."""
    with serving(_server(settings, robot, longest_silence), told_as="not_watched") as place:
        if place is not None:
            log.info("watch_listening", address=f"http://{place}/")
        yield place


def _server(settings: Settings, robot: Robot, longest_silence: float) -> WebServer | None:
    meter = robot.meter
    if not settings.watch.listen or meter is None:
        return None

    def build() -> App:
        # Imported with the first request: a start does not wait for it.
        from bot.adapters.web.watch import Watched, watch_app

        watched = Watched(
            latest=lambda: meter.latest,
            silent_seconds=lambda: robot.clock.monotonic() - meter.last_sign,
            longest_silence=longest_silence,
            now=robot.clock.now,
            journal=settings.journal_path,
            version=version("rowreel"),
            show_names=settings.watch.show_names,
        )
        return watch_app(watched)

    # Tabs that were not read yet are known from the first answer on.
    meter.publish()
    guard = Guard(build, frozenset(settings.watch.hosts))
    return WebServer(guard, read_place(settings.watch.listen), setting=SETTING)

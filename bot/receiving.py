"""Takes webhooks of the render service, where the settings want that: a listener of its own beside the worker."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager

import structlog

from bot.adapters.web.hints import PATH, HintApp
from bot.adapters.web.server import ListenError, WebServer
from bot.domain.ids import JobId
from bot.domain.listening import Place, read_place
from bot.ports import Clock
from bot.settings import Settings

log = structlog.get_logger()

SETTING = "webhooks.listen"


@contextmanager
def receiving(settings: Settings, clock: Clock, hear: Callable[[JobId], None]) -> Iterator[Place | None]:
    """Webhooks are taken while the block lasts; without them videos are found by polling all the same.

    Raises SettingsError where there is no secret to know them by.
    """
    server = _started(settings, clock, hear)
    try:
        yield server.place if server is not None else None
    finally:
        if server is not None:
            server.stop()


def _started(settings: Settings, clock: Clock, hear: Callable[[JobId], None]) -> WebServer | None:
    if not settings.webhooks.listen:
        return None
    app = HintApp(settings.webhook_secret(), hear, clock.now, clock.monotonic)
    server = WebServer(app, read_place(settings.webhooks.listen), setting=SETTING)
    try:
        server.start()
    except ListenError as error:
        log.warning("webhooks_not_taken", reason=str(error))
        return None
    log.info("webhooks_listening", address=f"http://{server.place}{PATH}")
    return server

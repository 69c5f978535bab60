"""Takes webhooks of the render service, where the settings want that: a listener of its own beside the worker."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager

import structlog

from bot.adapters.web.hints import PATH, HintApp
from bot.adapters.web.server import WebServer, serving
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
    with serving(_server(settings, clock, hear), told_as="webhooks_not_taken") as place:
        if place is not None:
            log.info("webhooks_listening", address=f"http://{place}{PATH}")
        yield place


def _server(settings: Settings, clock: Clock, hear: Callable[[JobId], None]) -> WebServer | None:
    if not settings.webhooks.listen:
        return None
    app = HintApp(settings.webhook_secret(), hear, clock.now, clock.monotonic)
    return WebServer(app, read_place(settings.webhooks.listen), setting=SETTING)

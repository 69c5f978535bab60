"""A robot's meter, and its real web server that shows it."""

from __future__ import annotations

import http.client
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from fakes.clock import FakeClock
from prometheus_client.parser import text_string_to_metric_families

from bot.adapters.web.guard import Guard
from bot.adapters.web.server import WebServer
from bot.adapters.web.watch import Watched, watch_app
from bot.domain.listening import Place
from bot.domain.vitals import TabVitals
from bot.reconciler.meter import Meter

NAME = "spring-sale-big"
"""Made of what people wrote."""


class Stage:
    """A robot's meter, and a server that shows it."""

    def __init__(self, folder: Path) -> None:
        self.clock = FakeClock()
        self.meter = Meter(self.clock)
        self.journal = folder / "journal.db"
        self.show_names = False
        self.server = WebServer(
            Guard(self._app, frozenset({"robot.lan"})), Place("127.0.0.1", 0), setting="watch.listen"
        )
        self.server.start()

    def _app(self) -> Any:
        return watch_app(
            Watched(
                latest=lambda: self.meter.latest,
                silent_seconds=lambda: self.clock.monotonic() - self.meter.last_sign,
                longest_silence=240,
                now=self.clock.now,
                journal=self.journal,
                show_names=self.show_names,
                version="1.2.3",
            )
        )

    def stands(self, **facts: Any) -> None:
        """The worker ticked, and so the tab stands."""
        moment = datetime(2026, 8, 3, 14, tzinfo=UTC)
        self.meter.ticked(TabVitals("Videos", moment, **facts), "done", 0.2)
        self.meter.publish()

    def get(self, path: str, method: str = "GET", **headers: str) -> tuple[int, dict[str, str], str]:
        with closing(
            http.client.HTTPConnection("127.0.0.1", self.server.place.port, timeout=10)
        ) as connection:
            connection.request(method, path, headers=headers)
            answer = connection.getresponse()
            said = {name.lower(): value for name, value in answer.getheaders()}
            return answer.status, said, answer.read().decode()

    def figures(self) -> dict[tuple[str, tuple[tuple[str, str], ...]], float]:
        _, _, text = self.get("/metrics")
        return {
            (sample.name, tuple(sorted(sample.labels.items()))): sample.value
            for family in text_string_to_metric_families(text)
            for sample in family.samples
        }

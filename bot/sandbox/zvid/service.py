"""What the Zvid half offers to the application that serves it."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from starlette.routing import BaseRoute


@dataclass(frozen=True, slots=True)
class ZvidOptions:
    """How the Zvid half behaves."""

    concurrency: int = 2
    balance: int = 1164


class ZvidStandIn:
    """Placeholder until the room is furnished."""

    base_url: str = ""

    def __init__(self, home: Path, options: ZvidOptions) -> None:
        self.home = home
        self.options = options

    def routes(self) -> list[BaseRoute]:
        return []

    async def start(self) -> None:
        """Opens the store and starts the queue."""

    async def stop(self) -> None:
        """Stops the queue and ends running renders."""

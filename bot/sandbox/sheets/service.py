"""What the Sheets half offers to the application that serves it."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from starlette.routing import BaseRoute


@dataclass(frozen=True, slots=True)
class SheetsOptions:
    """How the Sheets half behaves."""

    reads_per_minute: int = 60
    writes_per_minute: int = 60


class SheetsStandIn:
    """Placeholder until the room is furnished."""

    def __init__(self, home: Path, options: SheetsOptions) -> None:
        self.home = home
        self.options = options

    def routes(self) -> list[BaseRoute]:
        return []

    async def start(self) -> None:
        """Opens the store."""

    async def stop(self) -> None:
        """Closes the store."""

"""What the Sheets half offers to the application that serves it, and to whoever sets up a demo."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from starlette.routing import BaseRoute

from bot.sandbox.sheets.entry import Entry, raw
from bot.sandbox.sheets.grid import Scalar, Tab
from bot.sandbox.sheets.habits import Habits
from bot.sandbox.sheets.library import Library
from bot.sandbox.sheets.mishaps import FaultBoard
from bot.sandbox.sheets.quota import Quotas, UserCounts
from bot.sandbox.sheets.routes import sheet_routes
from bot.sandbox.sheets.workbook import default_properties


@dataclass(frozen=True, slots=True)
class SheetsOptions(Habits):
    """How the Sheets half behaves; what is unknown of the real one stands at a client's worst case."""

    # A limit of 0 switches it off.
    reads_per_minute: int = 60
    writes_per_minute: int = 60
    # Users (Authorization bearer values) the quotas do not apply to: the page in the browser.
    unlimited_users: frozenset[str] = frozenset({"page"})
    # Refuse requests whose bearer token was not handed out by `/token` here (401, as the real service).
    require_token: bool = False
    # Whether values:batchGetByDataFilter, a POST that reads, is charged as a write (not documented).
    data_filter_reads_are_writes: bool = False
    # Whether a service account may own files. Google gives new ones no storage (gspread issue 1592), so that a
    # person has to make the file and share it.
    robots_own_files: bool = True


class SheetsStandIn:
    """Workbooks under `home`, served as Google Sheets and Drive."""

    def __init__(self, home: Path, options: SheetsOptions) -> None:
        self.home = home
        self.options = options
        self.quotas = Quotas(
            reads_per_minute=options.reads_per_minute,
            writes_per_minute=options.writes_per_minute,
            unlimited=options.unlimited_users,
        )
        self.faults = FaultBoard()
        self._library: Library | None = None
        self._opening = threading.Lock()
        self._clock: asyncio.Task[None] | None = None
        self.is_over = False

    @property
    def library(self) -> Library:
        """The workbooks; opened when first needed, since a demo fills them before the server runs."""
        with self._opening:
            if self._library is None:
                self._library = Library(self.home / "sheets.db", self.options)
            return self._library

    @property
    def counts(self) -> dict[str, UserCounts]:
        """Calls per user since the start."""
        return self.quotas.counts

    def routes(self) -> list[BaseRoute]:
        return sheet_routes(self)

    async def start(self) -> None:
        """Opens the store."""
        self.is_over = False
        _ = self.library
        self._clock = asyncio.create_task(self._every_minute())

    async def stop(self) -> None:
        """Ends the live streams and closes the store."""
        self.end_streams()
        if self._clock is not None:
            self._clock.cancel()
            with suppress(asyncio.CancelledError):
                await self._clock
        self.close()

    def change(self, **faults: Any) -> None:
        """Says what is to go wrong from now on, as `PUT /sandbox/sheets/faults` does."""
        self.faults.change(faults)

    def close(self) -> None:
        """Closes the file; it opens again when it is needed again."""
        with self._opening:
            if self._library is not None:
                self._library.close()
                self._library = None

    def end_streams(self) -> None:
        """Lets every live stream end now; a server that waits for its connections calls it first."""
        self.is_over = True
        if self._library is not None:
            self._library.wake_all()

    async def _every_minute(self) -> None:
        while True:
            await asyncio.sleep(60)
            self.library.tick()

    # ------------------------------------------------------------ for a demo

    def workbook_ids(self) -> list[str]:
        return self.library.ids()

    def create_workbook(
        self,
        title: str,
        tabs: Mapping[str, Sequence[Sequence[Scalar]]],
        spreadsheet_id: str | None = None,
        time_zone: str = "Etc/UTC",
        locale: str = "en_US",
    ) -> str:
        """A workbook with these tabs, numbered from sheet id 0; an id that exists is left as it is.

        Texts are taken as they are, but those that begin with `=` are formulas.
        """
        library = self.library
        if spreadsheet_id is not None and spreadsheet_id in library.ids():
            return spreadsheet_id
        made = [
            Tab(number, name, max(1000, len(rows)), max(26, max((len(row) for row in rows), default=0)))
            for number, (name, rows) in enumerate(tabs.items())
        ] or [Tab(0, "Sheet1")]
        with library.lock:
            workbook = library.create(default_properties(title, locale, time_zone), made, spreadsheet_id)
            with library.change(workbook.id):
                for tab, rows in zip(made, tabs.values(), strict=False):
                    for index, row in enumerate(rows):
                        for column, value in enumerate(row):
                            if value is not None:
                                workbook.enter(tab, index, column, _given(value))
        return workbook.id


def _given(value: Scalar) -> Entry:
    if isinstance(value, str) and value.startswith("="):
        return Entry(formula=value)
    return raw(value)

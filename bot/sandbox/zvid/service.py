"""What the Zvid half offers to the application that serves it, and to tests that want to look inside."""

from __future__ import annotations

import json
import os
import secrets
from collections import Counter
from pathlib import Path
from typing import Any

from starlette.routing import BaseRoute

from bot.sandbox.render.pool import RenderPool
from bot.sandbox.zvid.account import AccountRoutes
from bot.sandbox.zvid.api import ZvidApi
from bot.sandbox.zvid.authoring import AuthoringRoutes
from bot.sandbox.zvid.bulk import BulkRoutes
from bot.sandbox.zvid.courier import Courier
from bot.sandbox.zvid.door import Door
from bot.sandbox.zvid.drafts import DraftRoutes
from bot.sandbox.zvid.intake import Intake
from bot.sandbox.zvid.job import Job, State
from bot.sandbox.zvid.jobs import JobStore
from bot.sandbox.zvid.ledger import Entry, Kind
from bot.sandbox.zvid.media import MediaFolder
from bot.sandbox.zvid.options import Switches, ZvidOptions
from bot.sandbox.zvid.renderers import InstantRenderer, Renderer
from bot.sandbox.zvid.shelf import Shelf
from bot.sandbox.zvid.switchboard import Switchboard
from bot.sandbox.zvid.templates import TemplateRoutes, Templates
from bot.sandbox.zvid.webhooks import WebhookRoutes
from bot.sandbox.zvid.workshop import Workshop

__all__ = ["ZvidOptions", "ZvidStandIn"]


class ZvidStandIn:
    """The service over one folder: `zvid.db`, `zvid-key` and the finished files under `media`."""

    def __init__(self, home: Path, options: ZvidOptions, renderer: Renderer | None = None) -> None:
        self.home = home
        self.options = options
        self.api_key = options.api_key or _kept_key(home / "zvid-key")
        self._board = Switchboard(options)
        self._store = JobStore(home / "zvid.db")
        addon = min(options.addon_credits, options.balance)
        self._store.open_account(options.balance - addon, addon)
        self._renderer = renderer
        media = home / "media"
        self._shelf = Shelf(home / "zvid.db")
        templates = Templates(self._shelf, self._board)
        intake = Intake(self._store, self._board, templates.project)
        self._courier = Courier(self._shelf, self._board, self.api_key)
        self._workshop = Workshop(
            self._store, self._board, MediaFolder(media, options.media_bytes), self._ended
        )
        door = Door(self._board, self.api_key)
        self._api = ZvidApi(self._store, intake, self._workshop, self._board, media, door)
        self._bulk = BulkRoutes(door, intake, self._workshop, self._store, self._shelf, self._board)
        self._more = [
            *AccountRoutes(door, self._store, intake, self._board).routes(),
            *AuthoringRoutes(door, self._board, intake).routes(),
            *DraftRoutes(door, self._shelf).routes(),
            *self._bulk.routes(),
            *TemplateRoutes(door, templates, intake).routes(),
            *WebhookRoutes(door, self._shelf, self._board, self._courier).routes(),
        ]

    @property
    def base_url(self) -> str:
        """Where the service says its files are; set by whoever serves it."""
        return self._api.base_url

    @base_url.setter
    def base_url(self, url: str) -> None:
        self._api.base_url = url
        self._bulk.media_base = f"{url}/media"

    def routes(self) -> list[BaseRoute]:
        return self._api.routes(self._more)

    async def start(self) -> None:
        """Queues again what an earlier process left unfinished, and starts to render."""
        self._store.requeue_unfinished()
        self._courier.start()
        self._workshop.start(self._renderer or self._chosen_renderer(), self.options.concurrency)

    async def stop(self) -> None:
        """Ends running renders; their jobs go on with the next process."""
        await self._workshop.stop()
        await self._courier.stop()
        self._shelf.close()
        self._store.close()

    def _ended(self, job_id: str, size: int | None, seconds: float) -> None:
        job = self._store.find(job_id)
        if job is not None and job.state is not State.CANCELLED:
            self._courier.tell(job, f"{self.base_url}/media", size, seconds)

    # ---------------------------------------------------------------- for tests

    def jobs(self) -> list[Job]:
        """Every job ever accepted, oldest first."""
        return self._store.all()

    def project(self, job_id: str) -> dict[str, Any]:
        """What a job draws: its payload with everything resolved."""
        found: dict[str, Any] = json.loads(self._store.project_of(job_id))
        return found

    def charges(self) -> list[Entry]:
        """Every reservation ever made, oldest first; one a job when all is well."""
        return self._store.entries(Kind.RESERVE)

    def refunds(self) -> list[Entry]:
        return self._store.entries(Kind.REFUND)

    def balance(self) -> int:
        return self._store.balance().total

    def set_balance(self, total: int) -> None:
        self._store.set_balance(total)

    def calls(self) -> Counter[str]:
        """How often each route was called, lost and refused calls included."""
        return self._board.calls()

    def switches(self) -> Switches:
        return self._board.now

    def change(self, **switches: Any) -> None:
        """Sets switches while running, as `PUT /sandbox/zvid/faults` does."""
        self._board.change(switches)

    def _chosen_renderer(self) -> Renderer:
        if self.options.render == "instant":
            return InstantRenderer(self.home)
        return RenderPool(self.options.concurrency)


def _kept_key(file: Path) -> str:
    """The folder's own key, drawn on first use and readable by the owner alone."""
    if file.exists():
        return file.read_text().strip()
    key = f"zvid_{secrets.token_hex(32)}"
    descriptor = os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "w") as opened:
        opened.write(f"{key}\n")
    return key

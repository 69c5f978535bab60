"""`/api/render/bulk…`: batches of renders, and of stills, over HTTP."""

from __future__ import annotations

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute

from bot.sandbox.zvid import batch, wire
from bot.sandbox.zvid.door import Door, answer, page_wanted, read_json
from bot.sandbox.zvid.intake import Intake
from bot.sandbox.zvid.jobs import JobStore, now_ms
from bot.sandbox.zvid.refusals import Refusal
from bot.sandbox.zvid.shelf import Shelf
from bot.sandbox.zvid.switchboard import Switchboard
from bot.sandbox.zvid.workshop import Workshop

KIND = "blk"


class BulkRoutes:
    media_base: str = ""

    def __init__(
        self,
        door: Door,
        intake: Intake,
        workshop: Workshop,
        store: JobStore,
        shelf: Shelf,
        board: Switchboard,
    ) -> None:
        self._door = door
        self._intake = intake
        self._workshop = workshop
        self._store = store
        self._shelf = shelf
        self._board = board

    def routes(self) -> list[BaseRoute]:
        return [
            *self._door.tailed("bulk", "/api/render/bulk", self._submit, "POST"),
            *self._door.tailed("bulk", "/api/render/image/bulk", self._submit, "POST"),
            self._door.keyed("bulk", "/api/render/bulk", self._list, "GET"),
            self._door.keyed("bulk", "/api/render/bulk/{id}", self._one, "GET"),
        ]

    async def _submit(self, request: Request) -> Response:
        still = "/image/" in request.url.path
        accepted = self._intake.submit_all(await read_json(request), still=still)
        self._shelf.put(KIND, batch.record(accepted, wire.iso(now_ms()), still=still))
        for _ in accepted.orders:
            self._workshop.wake()
        return answer(batch.receipt(accepted, self._board.now), 202)

    async def _one(self, request: Request) -> Response:
        kept = self._shelf.find(KIND, request.path_params["id"])
        if kept is None:
            raise Refusal(404, "Bulk render not found")
        jobs = self._store.of_bulk(kept["id"])
        match self._board.now.bulk_order:
            case "oldest":
                jobs.reverse()
            case "mixed":
                jobs.sort(key=lambda job: job.id)
        children = [batch.child(job, self._board.now, self.media_base) for job in jobs]
        return answer({"bulk": batch.summary(kept, jobs), "jobs": children})

    async def _list(self, request: Request) -> Response:
        page, limit = page_wanted(request)
        kept = self._shelf.all(KIND)
        shown = kept[(page - 1) * limit : page * limit]
        bulks = [batch.summary(one, self._store.of_bulk(one["id"])) for one in shown]
        return answer({"bulks": bulks, "pagination": wire.pagination(page, limit, len(kept))})

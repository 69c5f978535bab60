"""The HTTP face of the Zvid half: which path does what, and who may call it."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from pathlib import Path

import orjson
from starlette.requests import Request
from starlette.responses import FileResponse, Response
from starlette.routing import BaseRoute, Route

from bot.sandbox.zvid import wire
from bot.sandbox.zvid.door import Door, answer, page_wanted, read_json
from bot.sandbox.zvid.intake import Intake
from bot.sandbox.zvid.job import Job
from bot.sandbox.zvid.jobs import JobStore, now_ms
from bot.sandbox.zvid.options import SwitchError
from bot.sandbox.zvid.plans import plan_limits
from bot.sandbox.zvid.refusals import Problem, Refusal, invalid, not_built
from bot.sandbox.zvid.switchboard import Switchboard
from bot.sandbox.zvid.templates import USER
from bot.sandbox.zvid.workshop import Workshop

ANY_METHOD = ["GET", "POST", "PUT", "PATCH", "DELETE"]
FOLDERS = {
    "videos": {".mp4", ".mov"},
    "images": {".png", ".jpg", ".jpeg", ".webp"},
    "thumbnails": {".jpg"},
}


class ZvidApi:
    """Handlers of every route; `base_url` is where the service says its files are."""

    base_url: str = ""

    def __init__(
        self,
        store: JobStore,
        intake: Intake,
        workshop: Workshop,
        board: Switchboard,
        media: Path,
        door: Door,
    ) -> None:
        self._store = store
        self._intake = intake
        self._workshop = workshop
        self._board = board
        self._media = media
        self._door = door

    def routes(self, more: Sequence[BaseRoute]) -> list[BaseRoute]:
        """Its own, and those of the other counters before the one that answers for everything unbuilt."""
        return [
            self._door.keyed("submit", "/api/render/api-key", self._submit, "POST"),
            self._door.keyed("image", "/api/render/image/api-key", self._submit, "POST"),
            self._door.keyed("validate", "/api/render/validate/api-key", self._validate, "POST"),
            self._door.keyed("schema", "/api/render/schema/api-key", self._schema, "GET"),
            self._door.keyed("jobs", "/api/jobs", self._jobs, "GET"),
            self._door.keyed("job", "/api/jobs/{id}", self._job, "GET"),
            self._door.keyed("balance", "/api/credits/balance", self._balance, "GET"),
            self._door.keyed("transactions", "/api/credits/transactions", self._transactions, "GET"),
            self._door.keyed("profile", "/api/user/profile", self._profile, "GET"),
            *more,
            self._door.keyed("unbuilt", "/api/{rest:path}", self._unbuilt, *ANY_METHOD),
            self._door.open("media", "/media/videos/{file}", self._file, "GET"),
            self._door.open("media", "/media/images/{file}", self._file, "GET"),
            self._door.open("media", "/media/thumbnails/{file}", self._file, "GET"),
            Route("/sandbox/zvid/faults", self._faults, methods=["GET", "PUT"]),
            Route("/sandbox/zvid/credits", self._credits, methods=["PUT"]),
        ]

    # ---------------------------------------------------------------- renders

    async def _submit(self, request: Request) -> Response:
        body = await read_json(request)
        receipt = self._intake.submit(body, still=request.url.path.startswith("/api/render/image/"))
        if receipt.has_new_work:
            self._workshop.wake()
        job = receipt.job
        accepted = {
            "jobId": job.id,
            "status": "queued",
            "queuePosition": self._store.waiting_up_to(job.place),
            "creditsReserved": receipt.credits_reserved,
        }
        return answer(accepted, 202)

    async def _validate(self, request: Request) -> Response:
        body = await read_json(request)
        return answer(self._intake.validate(body))

    async def _schema(self, request: Request) -> Response:
        return answer(self._intake.schema(request.query_params.get("target", "project")))

    # ---------------------------------------------------------------- reads

    async def _job(self, request: Request) -> Response:
        job_id = request.path_params["id"]
        # Versions 1 to 5 only, says the vendor's validator.
        if not _is_readable_uuid(job_id):
            raise Refusal(400, "Invalid job ID", "Job ID must be a valid UUID")
        switches = self._board.now
        if job_id.lower() in switches.stranger_jobs:
            if switches.stranger_status == 403:
                raise Refusal(403, "Access denied")
            raise Refusal(404, "Job not found")
        job = self._store.find(job_id.lower())
        if job is None or not self._is_visible(job):
            raise Refusal(404, "Job not found")
        return answer(wire.job_status(job, self._workshop.progress_of(job.id), switches, self._media_base))

    def _is_visible(self, job: Job) -> bool:
        return job.created_ms <= self._visible_until_ms()

    def _visible_until_ms(self) -> int:
        return now_ms() - int(self._board.now.visibility_delay_seconds * 1000)

    async def _jobs(self, request: Request) -> Response:
        page, limit = page_wanted(request)
        kind = request.query_params.get("type")
        if kind not in {None, "video", "image"}:
            raise invalid([Problem("type", "type must be one of: video, image")], {})
        jobs, total = self._store.page((page - 1) * limit, limit, kind, self._visible_until_ms())
        switches = self._board.now
        return answer(
            {
                "jobs": [wire.job_line(job, switches, self._media_base) for job in jobs],
                "pagination": wire.pagination(page, limit, total),
            }
        )

    async def _balance(self, _request: Request) -> Response:
        return answer(wire.balance(self._store.balance(), self._board.now.balance_form))

    async def _profile(self, _request: Request) -> Response:
        plan = plan_limits(self._board.now)
        user = {"id": USER, "email": "sandbox@localhost", "name": "Sandbox", "plan": plan.plan_name}
        return answer({"user": user, "credits": wire.balance(self._store.balance())})

    async def _transactions(self, request: Request) -> Response:
        page, limit = page_wanted(request)
        entries, total = self._store.ledger_page((page - 1) * limit, limit)
        return answer(
            {
                "transactions": [wire.ledger_line(entry) for entry in entries],
                "pagination": wire.pagination(page, limit, total),
            }
        )

    async def _unbuilt(self, request: Request) -> Response:
        raise not_built(f"{request.method} {request.url.path}")

    # ---------------------------------------------------------------- files

    @property
    def _media_base(self) -> str:
        return f"{self.base_url}/media"

    async def _file(self, request: Request) -> Response:
        """A finished file. Like the service's file host it may deny a new file for a moment."""
        name = request.path_params["file"]
        folder = request.url.path.split("/")[2]
        path = self._media / name
        if Path(name).name != name or not path.is_file() or path.suffix not in FOLDERS[folder]:
            raise Refusal(404, "Not found")
        if self._board.hides_file(name):
            raise Refusal(404, "Not found")
        return FileResponse(path)

    # ---------------------------------------------------------------- control of the stand-in

    async def _faults(self, request: Request) -> Response:
        if request.method == "PUT":
            try:
                self._board.change(orjson.loads(await request.body()))
            except (SwitchError, orjson.JSONDecodeError) as error:
                return answer({"error": "Unknown or wrong switch", "message": str(error)}, 400)
        return answer(self._board.now.as_json())

    async def _credits(self, request: Request) -> Response:
        try:
            wanted = orjson.loads(await request.body())
        except orjson.JSONDecodeError:
            wanted = None
        match wanted:
            case {"balance": int(total)} if len(wanted) == 1 and total >= 0:
                self._store.set_balance(total)
                return answer(wire.balance(self._store.balance()))
            case _:
                return answer({"error": "Expected", "message": '{"balance": credits}'}, 400)


def _is_readable_uuid(text: str) -> bool:
    try:
        found = uuid.UUID(text)
    except ValueError:
        return False
    return str(found) == text.lower() and found.version in {1, 2, 3, 4, 5}

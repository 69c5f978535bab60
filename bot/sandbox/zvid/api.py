"""The HTTP face of the Zvid half: which path does what, and who may call it."""

from __future__ import annotations

import time
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
from bot.sandbox.zvid.refusals import Problem, Refusal, invalid, not_built
from bot.sandbox.zvid.switchboard import Switchboard
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
            *self._door.tailed("submit", "/api/render", self._submit, "POST"),
            *self._door.tailed("image", "/api/render/image", self._submit, "POST"),
            *self._door.tailed("validate", "/api/render/validate", self._validate, "POST"),
            self._door.keyed("jobs", "/api/jobs", self._jobs, "GET"),
            self._door.keyed("job", "/api/jobs/{id}", self._job, "GET"),
            self._door.keyed("removal", "/api/jobs/{id}", self._remove, "DELETE"),
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
        receipt = self._intake.submit(body, still=request.url.path.startswith("/api/render/image"))
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

    # ---------------------------------------------------------------- reads

    async def _job(self, request: Request) -> Response:
        self._count_read()
        job = self._found(request)
        progress = self._workshop.progress_of(job.id)
        return answer(wire.job_status(job, progress, self._board.now, self._media_base))

    async def _remove(self, request: Request) -> Response:
        """Takes a job back. That there is a way is documented (409 for a live one, credits back), its path is not."""
        may = self._board.now.job_removal
        if may == "unknown":
            raise not_built(f"DELETE {request.url.path}")
        job = self._found(request)
        if job.is_final:
            self._store.remove(job.id, wire.iso(now_ms()) or "")
            return answer({"deleted": True, "id": job.id})
        if may == "ended":
            raise Refusal(409, "Conflict", "An active job cannot be deleted")
        self._store.cancel(job.id)
        return answer({"cancelled": True, "id": job.id})

    def _found(self, request: Request) -> Job:
        """Raises Refusal when the account cannot see such a job."""
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
        return job

    def _is_visible(self, job: Job) -> bool:
        until, since = self._seen()
        is_forgotten = job.finished_ms is not None and job.finished_ms < since
        return job.removed is None and job.created_ms <= until and not is_forgotten

    def _seen(self) -> tuple[int, int]:
        """Jobs made after the first moment are not visible yet, those ended before the second not any more."""
        switches, at = self._board.now, now_ms()
        kept = switches.forget_jobs_after_seconds
        return at - int(switches.visibility_delay_seconds * 1000), at - int(kept * 1000) if kept else 0

    def _count_read(self) -> None:
        if wait := self._board.read_wait():
            raise self._intake.too_many(
                "Rate limit exceeded",
                "Too many requests",
                wait,
                self._board.now.reads_per_minute,
                self._board.now.reads_per_minute,
            )

    async def _jobs(self, request: Request) -> Response:
        self._count_read()
        page, limit = page_wanted(request)
        kind = request.query_params.get("type")
        if kind not in {None, "video", "image"}:
            raise invalid([Problem("type", "type must be one of: video, image")], {})
        jobs, total = self._store.page((page - 1) * limit, limit, kind, self._seen())
        switches = self._board.now
        return answer(
            {
                "jobs": [wire.job_line(job, switches, self._media_base) for job in jobs],
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
        kept = self._board.now.forget_files_after_seconds
        if self._board.hides_file(name) or (kept and path.stat().st_mtime < time.time() - kept):
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

"""The HTTP face of the Zvid half: which path does what, and who may call it."""

from __future__ import annotations

import secrets
import uuid
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any

import orjson
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import FileResponse, Response
from starlette.routing import BaseRoute, Route

from bot.sandbox.zvid import wire
from bot.sandbox.zvid.intake import Intake
from bot.sandbox.zvid.jobs import Job, JobStore, now_ms
from bot.sandbox.zvid.mishaps import Mishaps
from bot.sandbox.zvid.options import RouteName, SwitchError
from bot.sandbox.zvid.refusals import Problem, Refusal, invalid, not_built, unauthorized
from bot.sandbox.zvid.switchboard import Switchboard
from bot.sandbox.zvid.workshop import Workshop

Handler = Callable[[Request], Awaitable[Response]]
ANY_METHOD = ["GET", "POST", "PUT", "PATCH", "DELETE"]
LARGEST_BODY = 4_000_000
LARGEST_PAGE = 100


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
        api_key: str,
    ) -> None:
        self._store = store
        self._intake = intake
        self._workshop = workshop
        self._board = board
        self._media = media
        self._api_key = api_key

    def routes(self) -> list[BaseRoute]:
        return [
            self._api("submit", "/api/render/api-key", self._submit, "POST"),
            self._api("validate", "/api/render/validate/api-key", self._validate, "POST"),
            self._api("schema", "/api/render/schema/api-key", self._schema, "GET"),
            self._api("jobs", "/api/jobs", self._jobs, "GET"),
            self._api("job", "/api/jobs/{id}", self._job, "GET"),
            self._api("balance", "/api/credits/balance", self._balance, "GET"),
            self._api("transactions", "/api/credits/transactions", self._transactions, "GET"),
            self._api("unbuilt", "/api/{rest:path}", self._unbuilt, *ANY_METHOD),
            self._open("media", "/media/videos/{file}", self._file, "GET"),
            self._open("media", "/media/thumbnails/{file}", self._file, "GET"),
            Route("/sandbox/zvid/faults", self._faults, methods=["GET", "PUT"]),
            Route("/sandbox/zvid/credits", self._credits, methods=["PUT"]),
        ]

    # ---------------------------------------------------------------- around a handler

    def _api(self, name: RouteName, path: str, handler: Handler, *methods: str) -> Route:
        async def guarded(request: Request) -> Response:
            self._check_key(request)
            return await handler(request)

        return self._open(name, path, guarded, *methods)

    def _open(self, name: RouteName, path: str, handler: Handler, *methods: str) -> Route:
        async def answered(request: Request) -> Response:
            try:
                return await handler(request)
            except Refusal as refusal:
                return _json(refusal.body, refusal.status, refusal.headers)

        around = Middleware(Mishaps, board=self._board, route=name)
        return Route(path, answered, methods=methods, name=f"zvid-{name}", middleware=[around])

    def _check_key(self, request: Request) -> None:
        sent = request.headers.get("x-api-key")
        if sent is None or not secrets.compare_digest(sent.encode(), self._api_key.encode()):
            raise unauthorized(key_was_sent=sent is not None)

    # ---------------------------------------------------------------- renders

    async def _submit(self, request: Request) -> Response:
        body = await _read_json(request)
        receipt = self._intake.submit(body)
        if receipt.has_new_work:
            self._workshop.wake()
        job = receipt.job
        answer = {
            "jobId": job.id,
            "status": "queued",
            "queuePosition": self._store.waiting_up_to(job.place),
            "creditsReserved": receipt.credits_reserved,
        }
        return _json(answer, 202)

    async def _validate(self, request: Request) -> Response:
        body = await _read_json(request)
        return _json(self._intake.validate(body))

    async def _schema(self, request: Request) -> Response:
        return _json(self._intake.schema(request.query_params.get("target", "project")))

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
        return _json(wire.job_status(job, self._workshop.progress_of(job.id), switches, self._media_base))

    def _is_visible(self, job: Job) -> bool:
        return job.created_ms <= self._visible_until_ms()

    def _visible_until_ms(self) -> int:
        return now_ms() - int(self._board.now.visibility_delay_seconds * 1000)

    async def _jobs(self, request: Request) -> Response:
        page, limit = _page_wanted(request)
        kind = request.query_params.get("type")
        if kind not in {None, "video", "image"}:
            raise invalid([Problem("type", "type must be one of: video, image")], {})
        jobs, total = self._store.page((page - 1) * limit, limit, kind, self._visible_until_ms())
        switches = self._board.now
        return _json(
            {
                "jobs": [wire.job_line(job, switches, self._media_base) for job in jobs],
                "pagination": wire.pagination(page, limit, total),
            }
        )

    async def _balance(self, _request: Request) -> Response:
        return _json(wire.balance(self._store.balance()))

    async def _transactions(self, request: Request) -> Response:
        page, limit = _page_wanted(request)
        entries, total = self._store.ledger_page((page - 1) * limit, limit)
        return _json(
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
        kind = "videos" if request.url.path.startswith("/media/videos/") else "thumbnails"
        path = self._media / name
        if Path(name).name != name or not path.is_file() or (path.suffix == ".mp4") != (kind == "videos"):
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
                return _json({"error": "Unknown or wrong switch", "message": str(error)}, 400)
        return _json(self._board.now.as_json())

    async def _credits(self, request: Request) -> Response:
        try:
            wanted = orjson.loads(await request.body())
        except orjson.JSONDecodeError:
            wanted = None
        match wanted:
            case {"balance": int(total)} if len(wanted) == 1 and total >= 0:
                self._store.set_balance(total)
                return _json(wire.balance(self._store.balance()))
            case _:
                return _json({"error": "Expected", "message": '{"balance": credits}'}, 400)


async def _read_json(request: Request) -> object:
    """The body as JSON; raises Refusal when it is too large or no JSON."""
    taken = bytearray()
    async for chunk in request.stream():
        taken += chunk
        if len(taken) > LARGEST_BODY:
            raise Refusal(413, "Payload too large")
    try:
        return orjson.loads(taken)
    except orjson.JSONDecodeError:
        raise Refusal(400, "Validation failed", "The body is not valid JSON") from None


def _page_wanted(request: Request) -> tuple[int, int]:
    problems = []
    numbers = []
    for name, default, highest in (("page", 1, 1_000_000), ("limit", 20, LARGEST_PAGE)):
        text = request.query_params.get(name, str(default))
        number = int(text) if text.isascii() and text.isdecimal() and len(text) < 9 else 0
        if not 1 <= number <= highest:
            problems.append(Problem(name, f"{name} must be a number from 1 to {highest}"))
        numbers.append(number)
    if problems:
        raise invalid(problems, {})
    return numbers[0], numbers[1]


def _is_readable_uuid(text: str) -> bool:
    try:
        found = uuid.UUID(text)
    except ValueError:
        return False
    return str(found) == text.lower() and found.version in {1, 2, 3, 4, 5}


def _json(content: Any, status: int = 200, headers: dict[str, str] | None = None) -> Response:
    return Response(orjson.dumps(content), status, headers, media_type="application/json")

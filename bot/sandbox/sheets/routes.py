"""The wire: paths, users, quotas, gzip, error bodies. What a method does is decided elsewhere."""

from __future__ import annotations

import gzip
from collections import OrderedDict
from collections.abc import Awaitable, Callable
from dataclasses import asdict
from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qs

import orjson
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import Response, StreamingResponse
from starlette.routing import BaseRoute, Route

from bot.sandbox.sheets import batch, live
from bot.sandbox.sheets.api import Method, find
from bot.sandbox.sheets.calls import Call
from bot.sandbox.sheets.drive import drive_routes
from bot.sandbox.sheets.masks import parse
from bot.sandbox.sheets.mishaps import Mishaps
from bot.sandbox.sheets.sharing import ANYBODY, Caller
from bot.sandbox.sheets.tokens import Tokens, token_route
from bot.sandbox.sheets.wire import MALFORMED, ApiError, Json, invalid, not_built

if TYPE_CHECKING:
    from bot.sandbox.sheets.service import SheetsStandIn

_V4 = "/v4/spreadsheets"
_VERBS = ["GET", "POST", "PUT", "PATCH", "DELETE"]
_REMEMBERED_ANSWERS = 16
Endpoint = Callable[[Request], Awaitable[Response]]


def sheet_routes(service: SheetsStandIn) -> list[BaseRoute]:
    """Every route of the Sheets half."""
    tokens = Tokens()
    wire = Wire(service, tokens)
    may_fail = Middleware(Mishaps, board=service.faults)
    return [
        Route(_V4 + "{rest:path}", guarded(wire.v4), methods=_VERBS, middleware=[may_fail]),
        Route("/sandbox/sheets/counts", guarded(wire.counts), methods=["GET"]),
        Route("/sandbox/sheets/{id}/events", guarded(wire.events), methods=["GET"]),
        Route("/sandbox/sheets/{id}/grid", guarded(wire.grid), methods=["GET"]),
        *drive_routes(service, wire.caller),
        token_route(tokens, service.faults, may_fail),
        Route("/sandbox/sheets/faults", guarded(wire.faults), methods=["GET", "PUT"]),
    ]


def guarded(endpoint: Endpoint) -> Endpoint:
    """Turns a refusal into its error body."""

    async def answer(request: Request) -> Response:
        try:
            return await endpoint(request)
        except ApiError as error:
            return json_answer(error.body(), error.code)

    return answer


def json_answer(body: Json | list[Json], code: int = 200) -> Response:
    return Response(orjson.dumps(body), code, media_type="application/json; charset=UTF-8")


async def json_body(request: Request) -> Json:
    """The body as JSON, gunzipped where the client zipped it. Raises ApiError (400) for anything else."""
    content = await request.body()
    if request.headers.get("content-encoding", "").lower() == "gzip":
        try:
            content = gzip.decompress(content)
        except (OSError, EOFError) as error:
            raise invalid("Invalid gzip body.") from error
    if not content.strip():
        return {}
    try:
        body = orjson.loads(content)
    except orjson.JSONDecodeError as error:
        raise invalid(f"Invalid JSON payload received. {error}") from error
    if not isinstance(body, dict):
        raise invalid("Invalid JSON payload received. Root element must be a message.")
    return body


class Wire:
    """The endpoints over one service."""

    def __init__(self, service: SheetsStandIn, tokens: Tokens) -> None:
        self._service = service
        self._tokens = tokens
        # Encoded reads: they hold as long as the workbook's revision does.
        self._answers: OrderedDict[tuple[str, int, str], bytes] = OrderedDict()

    def user(self, request: Request) -> str:
        """Who calls: the account behind a token from here, else the bearer value itself."""
        kind, _, value = request.headers.get("authorization", "").partition(" ")
        token = value if kind.lower() == "bearer" else request.query_params.get("access_token", "")
        known = self._tokens.account(token)
        if self._service.options.require_token and not (
            known or token in self._service.options.unlimited_users
        ):
            raise ApiError(401, "UNAUTHENTICATED", "Request had invalid authentication credentials.")
        return known or token or "anonymous"

    def caller(self, request: Request) -> Caller:
        """On whose behalf: an account known here, or an address; anybody else owns this machine."""
        user = self.user(request)
        return Caller(user) if "@" in user else ANYBODY

    async def v4(self, request: Request) -> Response:
        raw_path = request.scope["raw_path"].decode("ascii").removeprefix(_V4)
        found = find(request.method, raw_path)
        if found is None:
            raise not_built(f"{request.method} {request.url.path}")
        method = found.method
        writes = method.writes
        if method.name.endswith("etByDataFilter"):
            writes = self._service.options.data_filter_reads_are_writes
        self._service.quotas.spend(self.user(request), method.name, write=writes)
        query = parse_qs(request.url.query, keep_blank_values=True)
        body = await json_body(request) if request.method in {"POST", "PUT"} else {}
        caller = self.caller(request)
        call = Call(self._service.library, found.spreadsheet_id, found.range, found.part, query, body, caller)
        if not found.spreadsheet_id:
            return _answered(method, call)
        if method.name == "spreadsheets.batchUpdate":
            self._reach_in(call)
        with call.library.as_caller(call.spreadsheet_id, caller, writes=method.writes and method.edits):
            if request.method != "GET":
                return _answered(method, call)
            return self._remembered(method, call, f"{caller.address} {raw_path}?{request.url.query}")

    def _reach_in(self, call: Call) -> None:
        """Somebody's hands get in before cells are written, where that was ordered."""
        hands = self._service.faults.take_hands(_tabs_written(call.body.get("requests")))
        if hands is not None:
            with call.library.change(call.spreadsheet_id) as workbook:
                batch.apply(workbook, [dict(one) for one in hands.requests])

    def _remembered(self, method: Method, call: Call, path: str) -> Response:
        workbook = call.library.open(call.spreadsheet_id)
        # The moment of creation tells a workbook from an earlier one under the same id.
        key = (workbook.created, workbook.revision, path)
        if key in self._answers:
            self._answers.move_to_end(key)
            return Response(self._answers[key], media_type="application/json; charset=UTF-8")
        response = _answered(method, call)
        self._answers[key] = bytes(response.body)
        if len(self._answers) > _REMEMBERED_ANSWERS:
            self._answers.popitem(last=False)
        return response

    async def counts(self, _request: Request) -> Response:
        return json_answer({user: counts.as_json() for user, counts in self._service.counts.items()})

    async def faults(self, request: Request) -> Response:
        if request.method == "PUT":
            self._service.faults.change(await json_body(request))
        return json_answer(asdict(self._service.faults.now))

    async def grid(self, request: Request) -> Response:
        with self._service.library.lock:
            workbook = self._service.library.open(request.path_params["id"])
            try:
                query = {name: int(value) for name, value in request.query_params.items()}
            except ValueError as error:
                raise invalid(f"Query parameters must be numbers: {error}") from error
            sheet_id = query.get("sheetId", workbook.tabs[0].sheet_id)
            return json_answer(live.grid(workbook, sheet_id, query.get("start", 0), query.get("end")))

    async def events(self, request: Request) -> Response:
        spreadsheet_id = request.path_params["id"]
        self._service.library.open(spreadsheet_id)
        text = request.headers.get("last-event-id") or request.query_params.get("lastEventId") or ""
        stream = live.events(
            self._service.library,
            spreadsheet_id,
            int(text) if text.isdigit() else None,
            lambda: self._service.is_over,
        )
        headers = {"Cache-Control": "no-store", "X-Accel-Buffering": "no"}
        return StreamingResponse(stream, media_type="text/event-stream", headers=headers)


def _answered(method: Method, call: Call) -> Response:
    try:
        body = method.answer(call)
    except MALFORMED as error:
        raise invalid(f"Invalid JSON payload received. A field has the wrong type ({error!r}).") from error
    # Methods that read grids have used the mask already; using it again changes nothing.
    return json_answer(parse(call.get("fields")).pick(body))


def _tabs_written(steps: Any) -> set[int]:
    """Whose cells a batch writes; whatever else is wrong with it is told later."""
    if not isinstance(steps, list):
        return set()
    written = [step.get("updateCells") for step in steps if isinstance(step, dict)]
    places = [one.get("start") or one.get("range") for one in written if isinstance(one, dict)]
    found = [place.get("sheetId", 0) for place in places if isinstance(place, dict)]
    return {tab for tab in found if isinstance(tab, int)}

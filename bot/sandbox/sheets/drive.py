"""The part of Drive v3 that finding, making, copying and removing spreadsheets needs.

Drive's error bodies have an older shape than those of Sheets.
"""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Awaitable, Callable
from copy import deepcopy
from typing import TYPE_CHECKING

import orjson
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute, Route

from bot.sandbox.sheets import values
from bot.sandbox.sheets.a1 import Rect, quoted
from bot.sandbox.sheets.batch_copies import copied_tab
from bot.sandbox.sheets.batch_tabs import free_id
from bot.sandbox.sheets.grid import Scalar, Tab
from bot.sandbox.sheets.masks import parse
from bot.sandbox.sheets.permissions import drive_body, permission_routes
from bot.sandbox.sheets.sharing import Caller, may_write, role_of
from bot.sandbox.sheets.wire import ApiError, Json, invalid, not_built
from bot.sandbox.sheets.workbook import Workbook, default_properties

if TYPE_CHECKING:
    from bot.sandbox.sheets.service import SheetsStandIn

MIME_TYPE = "application/vnd.google-apps.spreadsheet"
_EXPORTS = {"text/csv": ",", "text/tab-separated-values": "\t"}
_FIELDS = "kind,id,name,mimeType"
_IN_FOLDER = re.compile(r"""parents in ["'][^"']*["']|["'][^"']*["'] in parents""")
_TERM = re.compile(
    r"""\s*(?P<name>\w+)\s*(?P<operator>=|contains|!=)\s*(?P<quote>["'])(?P<value>(?:\\.|(?!(?P=quote)).)*)(?P=quote)\s*"""
    r"""|\s*trashed\s*=\s*(?P<trashed>true|false)\s*"""
)


def drive_routes(service: SheetsStandIn, caller: Callable[[Request], Caller]) -> list[BaseRoute]:
    """`/drive/v3/files` and one file."""
    drive = Drive(service, caller)
    return [
        Route("/drive/v3/files", guarded(drive.files), methods=["GET", "POST"]),
        Route("/drive/v3/files/{id}", guarded(drive.file), methods=["GET", "DELETE", "PATCH"]),
        Route("/drive/v3/files/{id}/comments", guarded(drive.comments), methods=["GET"]),
        Route("/upload/drive/v2/files/{id}", guarded(drive.replace_by_csv), methods=["PUT"]),
        Route("/drive/v3/files/{id}/copy", guarded(drive.copy), methods=["POST"]),
        Route("/drive/v3/files/{id}/export", guarded(drive.export), methods=["GET"]),
        *permission_routes(drive, guarded),
    ]


def guarded(endpoint: Callable[[Request], Awaitable[Response]]) -> Callable[[Request], Awaitable[Response]]:
    async def answer(request: Request) -> Response:
        try:
            return await endpoint(request)
        except ApiError as error:
            reasons = {401: "authError", 404: "notFound", 501: "notImplemented"}
            # Where the cause has a word of its own in Drive, it is the error's status.
            own = error.status if error.status[0].islower() else ""
            reason = own or reasons.get(error.code, "badRequest")
            one = {"domain": "global", "reason": reason, "message": error.message}
            body = {"error": {"errors": [one], "code": error.code, "message": error.message}}
            return Response(orjson.dumps(body), error.code, media_type="application/json; charset=UTF-8")

    return answer


class Drive:
    """The endpoints over one service."""

    def __init__(self, service: SheetsStandIn, caller: Callable[[Request], Caller]) -> None:
        self._service = service
        self._caller = caller

    def file_of(self, request: Request, least: str = "reader") -> Workbook:
        """The file that the path names. Raises ApiError where the caller has no such role in it."""
        key = request.path_params["id"]
        workbook = self._service.library.file(key)
        role = role_of(workbook.permissions, self._caller(request))
        if role is None:
            raise ApiError(404, "NOT_FOUND", f"File not found: {key}.")
        if (least == "writer" and not may_write(role)) or (least == "owner" and role != "owner"):
            text = "The user does not have sufficient permissions for this file."
            raise ApiError(403, "insufficientFilePermissions", text)
        return workbook

    def new_file(self, request: Request, properties: Json, tabs: list[Tab]) -> Workbook:
        """A file of the caller's. Raises ApiError (403) for a service account, where those have no storage."""
        caller = self._caller(request)
        if not self._service.options.robots_own_files and caller.is_robot:
            text = "The user's Drive storage quota has been exceeded."
            raise ApiError(403, "storageQuotaExceeded", text)
        return self._service.library.create(properties, tabs, caller=caller)

    def share(self, request: Request, permissions: list[Json]) -> None:
        """Keeps whom the file is shared with."""
        with self._service.library.change(request.path_params["id"]) as workbook:
            workbook.permissions = permissions
            workbook.properties_changed = True

    async def files(self, request: Request) -> Response:
        if request.method == "POST":
            return await self._create(request)
        wanted = _matcher(request.query_params.get("q", ""))
        library = self._service.library
        with library.lock:
            books = [library.open(known) for known in library.ids()]
            caller = self._caller(request)
            found = [_resource(book) for book in books if role_of(book.permissions, caller)]
        body = {
            "kind": "drive#fileList",
            "incompleteSearch": False,
            "files": [resource for resource in found if wanted(resource)],
        }
        mask = parse(request.query_params.get("fields") or f"kind,incompleteSearch,files({_FIELDS})")
        return _answer(mask.pick(body))

    async def _create(self, request: Request) -> Response:
        body = await drive_body(request)
        if body.get("mimeType", MIME_TYPE) != MIME_TYPE:
            raise not_built(f"Drive files of type {body['mimeType']}")
        properties = default_properties(body.get("name") or "Untitled")
        workbook = self.new_file(request, properties, [Tab(0, "Sheet1")])
        return _answer(parse(request.query_params.get("fields") or _FIELDS).pick(_resource(workbook)))

    async def file(self, request: Request) -> Response:
        library = self._service.library
        spreadsheet_id = request.path_params["id"]
        body = await drive_body(request) if request.method == "PATCH" else {}
        for name in body.keys() - {"name", "mimeType"}:
            raise not_built(f"files.update of {name}")
        with library.lock:
            least = {"DELETE": "owner", "PATCH": "writer"}.get(request.method, "reader")
            workbook = self.file_of(request, least)
            if request.method == "DELETE":
                library.delete(spreadsheet_id)
                # 204 with an empty text/html body, as recorded.
                return Response(status_code=204, media_type="text/html")
            if "name" in body:
                with library.change(spreadsheet_id) as changed:
                    changed.set_properties({**changed.properties, "title": str(body["name"])})
            mask = parse(request.query_params.get("fields") or _FIELDS)
            return _answer(mask.pick(_resource(workbook)))

    async def copy(self, request: Request) -> Response:
        """A whole spreadsheet again, under a new id; whom the first was shared with is not taken along."""
        body = await drive_body(request)
        library = self._service.library
        with library.lock:
            source = self.file_of(request)
            title = str(body.get("name") or f"Copy of {source.title}")
            tabs = [copied_tab(tab, tab.sheet_id, tab.title) for tab in source.tabs]
            if library.habits.copies_take_metadata:
                for tab, original in zip(tabs, source.tabs, strict=True):
                    tab.marks["developerMetadata"] = deepcopy(original.marks["developerMetadata"])
                    tab.marks["namedRanges"] = deepcopy(original.marks["namedRanges"])
            workbook = self.new_file(request, {**source.properties, "title": title}, tabs)
        return _answer(parse(request.query_params.get("fields") or _FIELDS).pick(_resource(workbook)))

    async def comments(self, request: Request) -> Response:
        """None: comments are not kept here, and making one is refused by name."""
        self.file_of(request)
        return _answer({"kind": "drive#commentList", "comments": []})

    async def replace_by_csv(self, request: Request) -> Response:
        """The whole file anew from a CSV: one tab, read like typing (what gspread's import_csv asks of Drive v2)."""
        workbook = self.file_of(request, "writer")
        if not request.headers.get("content-type", "").startswith("text/csv"):
            raise not_built(f"upload of {request.headers.get('content-type') or 'nothing'}")
        lines = list(csv.reader(io.StringIO((await request.body()).decode("utf-8-sig"), newline="")))
        width = max(map(len, lines), default=0)
        with self._service.library.change(workbook.id):
            for tab in list(workbook.tabs):
                workbook.remove_tab(tab)
            fresh = Tab(free_id(set()), "Sheet1", max(1000, len(lines)), max(26, width))
            workbook.add_tab(fresh)
            block = Rect(0, 0, len(lines), width)
            cells: list[list[Scalar]] = [list(line) for line in lines]
            values.write_block(workbook, fresh, block, cells, values.InputOption.USER_ENTERED)
        return _answer(
            {"kind": "drive#file", "id": workbook.id, "title": workbook.title, "mimeType": MIME_TYPE}
        )

    async def export(self, request: Request) -> Response:
        """The first tab as CSV or TSV, as the service exports those."""
        kind = request.query_params.get("mimeType", "")
        if kind not in _EXPORTS:
            raise not_built(f"Drive export as {kind or 'nothing'}")
        library = self._service.library
        with library.lock:
            workbook = self.file_of(request)
            first = quoted(workbook.tabs[0].title)
            rows = values.read(workbook, first, values.Reading()).get("values", [])
        width = max((len(row) for row in rows), default=0)
        text = io.StringIO()
        writer = csv.writer(text, delimiter=_EXPORTS[kind], lineterminator="\r\n")
        writer.writerows([*row, *[""] * (width - len(row))] for row in rows)
        return Response(text.getvalue().removesuffix("\r\n"), media_type=kind)


def _resource(workbook: Workbook) -> Json:
    """`version` grows with every change; the real one may lag minutes behind people's edits."""
    return {
        "kind": "drive#file",
        "id": workbook.id,
        "name": workbook.title,
        "mimeType": MIME_TYPE,
        "createdTime": workbook.created,
        "modifiedTime": workbook.modified,
        "version": str(workbook.revision),
        "trashed": False,
    }


def _matcher(query: str) -> Callable[[Json], bool]:
    """The search of `q`: terms on name, mimeType and trashed, joined by `and`."""
    terms = [
        term
        for term in re.split(r"\s+and\s+(?=(?:name|mimeType|trashed|parents)\b|[\"'])", query.strip())
        if term
    ]
    checks = [_check(term) for term in terms]
    return lambda resource: all(check(resource) for check in checks)


def _check(term: str) -> Callable[[Json], bool]:
    match = _TERM.fullmatch(term)
    if _IN_FOLDER.fullmatch(term.strip()):
        # Folders are not built: every file lies in the caller's own drive, whatever it is called.
        return lambda _resource: True
    if match is None:
        raise invalid(f"Invalid Value: q {term}")
    if match["trashed"]:
        return lambda resource: resource["trashed"] is (match["trashed"] == "true")
    name, operator = match["name"], match["operator"]
    if name not in {"name", "mimeType"}:
        raise not_built(f"Drive query term {name}")
    value = re.sub(r"\\(.)", r"\1", match["value"])
    if operator == "contains":
        return lambda resource: value.lower() in resource[name].lower()
    return lambda resource: (resource[name] == value) is (operator == "=")


def _answer(body: Json) -> Response:
    return Response(orjson.dumps(body), media_type="application/json; charset=UTF-8")

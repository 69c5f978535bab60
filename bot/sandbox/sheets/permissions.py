"""Drive v3 permissions: whom a spreadsheet is shared with. Kept and told; nobody is kept out by them."""

from __future__ import annotations

import secrets
from collections.abc import Awaitable, Callable
from typing import TYPE_CHECKING

import orjson
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute, Route

from bot.sandbox.sheets.masks import parse
from bot.sandbox.sheets.wire import ApiError, Json, invalid

if TYPE_CHECKING:
    from bot.sandbox.sheets.service import SheetsStandIn

Endpoint = Callable[[Request], Awaitable[Response]]
_ROLES = {"owner", "organizer", "fileOrganizer", "writer", "commenter", "reader"}
_TYPES = {"user", "group", "domain", "anyone"}
_FIELDS = "kind,id,type,role"
_OWNER: Json = {
    "kind": "drive#permission",
    "id": "00000000000000000001",
    "type": "user",
    "role": "owner",
    "emailAddress": "owner@sandbox.example",
    "displayName": "Owner",
    "deleted": False,
    "pendingOwner": False,
}


def permission_routes(service: SheetsStandIn, guarded: Callable[[Endpoint], Endpoint]) -> list[BaseRoute]:
    """`/permissions` of a file, and one of them."""
    shared = Permissions(service)
    path = "/drive/v3/files/{id}/permissions"
    return [
        Route(path, guarded(shared.all), methods=["GET", "POST"]),
        Route(path + "/{permission}", guarded(shared.one), methods=["GET", "PATCH", "DELETE"]),
    ]


class Permissions:
    """The endpoints over one service."""

    def __init__(self, service: SheetsStandIn) -> None:
        self._service = service

    async def all(self, request: Request) -> Response:
        key = request.path_params["id"]
        if request.method == "GET":
            self._service.library.file(key)
            body = {"kind": "drive#permissionList", "permissions": self._known(key)}
            mask = parse(request.query_params.get("fields") or f"kind,permissions({_FIELDS})")
            return _answer(mask.pick(body))
        wished = await _body(request)
        if wished.get("role") not in _ROLES or wished.get("type") not in _TYPES:
            raise invalid("The permission role and type fields are required.")
        if wished["type"] in {"user", "group"} and not wished.get("emailAddress"):
            raise invalid("The emailAddress field is required for this type of permission.")
        drawn = "anyoneWithLink" if wished["type"] == "anyone" else str(secrets.randbelow(10**20)).zfill(20)
        made = {"kind": "drive#permission", "id": drawn}
        for name in ("type", "role", "emailAddress", "domain", "allowFileDiscovery"):
            if name in wished:
                made[name] = wished[name]
        self._keep(key, [one for one in self._known(key)[1:] if one["id"] != drawn] + [made])
        return _answer(parse(request.query_params.get("fields") or _FIELDS).pick(made))

    async def one(self, request: Request) -> Response:
        key, wanted = request.path_params["id"], request.path_params["permission"]
        found = next((one for one in self._known(key) if one["id"] == wanted), None)
        if found is None:
            raise ApiError(404, "NOT_FOUND", f"Permission not found: {wanted}.")
        others = [one for one in self._known(key)[1:] if one["id"] != wanted]
        if request.method == "DELETE":
            self._keep(key, others)
            return Response(status_code=204, media_type="text/html")
        if request.method == "PATCH":
            role = (await _body(request)).get("role")
            if role not in _ROLES:
                raise invalid("The permission role field is required.")
            found = {**found, "role": role}
            self._keep(key, [*others, found])
        return _answer(parse(request.query_params.get("fields") or _FIELDS).pick(found))

    def _known(self, key: str) -> list[Json]:
        return [_OWNER, *self._service.library.file(key).permissions]

    def _keep(self, key: str, permissions: list[Json]) -> None:
        with self._service.library.change(key) as workbook:
            workbook.permissions = permissions
            workbook.properties_changed = True


async def _body(request: Request) -> Json:
    try:
        body = orjson.loads(await request.body() or b"{}")
    except orjson.JSONDecodeError as error:
        raise invalid("Parse Error") from error
    if not isinstance(body, dict):
        raise invalid("Parse Error")
    return body


def _answer(body: Json) -> Response:
    return Response(orjson.dumps(body), media_type="application/json; charset=UTF-8")

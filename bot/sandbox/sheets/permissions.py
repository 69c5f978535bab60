"""Drive v3 permissions: whom a spreadsheet is shared with, told and changed by those who may edit it."""

from __future__ import annotations

import secrets
from collections.abc import Awaitable, Callable
from typing import TYPE_CHECKING

import orjson
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute, Route

from bot.sandbox.sheets.masks import parse
from bot.sandbox.sheets.wire import ApiError, Json, invalid, truthy

if TYPE_CHECKING:
    from bot.sandbox.sheets.drive import Drive

Endpoint = Callable[[Request], Awaitable[Response]]
_ROLES = {"owner", "organizer", "fileOrganizer", "writer", "commenter", "reader"}
_TYPES = {"user", "group", "domain", "anyone"}
_FIELDS = "kind,id,type,role"


def permission_routes(drive: Drive, guarded: Callable[[Endpoint], Endpoint]) -> list[BaseRoute]:
    """`/permissions` of a file, and one of them."""
    shared = Permissions(drive)
    path = "/drive/v3/files/{id}/permissions"
    return [
        Route(path, guarded(shared.all), methods=["GET", "POST"]),
        Route(path + "/{permission}", guarded(shared.one), methods=["GET", "PATCH", "DELETE"]),
    ]


class Permissions:
    """The endpoints over one service."""

    def __init__(self, drive: Drive) -> None:
        self._drive = drive

    async def all(self, request: Request) -> Response:
        workbook = self._drive.file_of(request, "writer")
        if request.method == "GET":
            body = {"kind": "drive#permissionList", "permissions": workbook.permissions}
            mask = parse(request.query_params.get("fields") or f"kind,permissions({_FIELDS})")
            return _answer(mask.pick(body))
        wished = await drive_body(request)
        if wished.get("role") not in _ROLES or wished.get("type") not in _TYPES:
            raise invalid("The permission role and type fields are required.")
        if wished["type"] in {"user", "group"} and not wished.get("emailAddress"):
            raise invalid("The emailAddress field is required for this type of permission.")
        if wished["type"] == "domain" and not wished.get("domain"):
            raise invalid("The domain field is required for this type of permission.")
        before = next((one for one in workbook.permissions if _same(one, wished)), None)
        if before is not None and before["role"] == "owner":
            return _told(request, before)
        drawn = "anyoneWithLink" if wished["type"] == "anyone" else str(secrets.randbelow(10**20)).zfill(20)
        made = {"kind": "drive#permission", "id": before["id"] if before else drawn}
        for name in ("type", "role", "emailAddress", "domain", "allowFileDiscovery"):
            if name in wished:
                made[name] = wished[name]
        self._keep(request, [*(one for one in workbook.permissions if one is not before), made])
        return _told(request, made)

    async def one(self, request: Request) -> Response:
        workbook, wanted = self._drive.file_of(request, "writer"), request.path_params["permission"]
        found = next((one for one in workbook.permissions if one["id"] == wanted), None)
        if found is None:
            raise ApiError(404, "NOT_FOUND", f"Permission not found: {wanted}.")
        others = [one for one in workbook.permissions if one["id"] != wanted]
        if request.method == "GET":
            return _told(request, found)
        if found["role"] == "owner":
            raise ApiError(403, "insufficientFilePermissions", "The owner of a file cannot be removed.")
        if request.method == "DELETE":
            self._keep(request, others)
            return Response(status_code=204, media_type="text/html")
        wished = await drive_body(request)
        role = wished.get("role", found["role"])
        if role not in _ROLES:
            raise invalid("The permission role field is invalid.")
        changed = {**found, "role": role}
        if "pendingOwner" in wished:
            changed["pendingOwner"] = bool(wished["pendingOwner"])
        if role == "owner":
            others = [{**one, "role": "writer"} if one["role"] == "owner" else one for one in others]
            self._keep(request, [changed, *others])
        else:
            self._keep(request, [changed if one is found else one for one in workbook.permissions])
        return _told(request, changed)

    def _keep(self, request: Request, permissions: list[Json]) -> None:
        """Raises ApiError (403) where a file would get another owner without that being said."""
        owned = [one for one in permissions if one["role"] == "owner"]
        known = self._drive.file_of(request, "writer").permissions
        moved = owned != [one for one in known if one["role"] == "owner"]
        if moved and not truthy(request.query_params.get("transferOwnership")):
            text = "The transferOwnership parameter must be enabled when the permission role is 'owner'."
            raise ApiError(403, "forbidden", text)
        self._drive.share(request, permissions)


def _same(known: Json, wished: Json) -> bool:
    """Whether both are about the same people."""
    return known["type"] == wished["type"] and all(
        str(known.get(name, "")).lower() == str(wished.get(name, "")).lower()
        for name in ("emailAddress", "domain")
    )


def _told(request: Request, permission: Json) -> Response:
    return _answer(parse(request.query_params.get("fields") or _FIELDS).pick(permission))


async def drive_body(request: Request) -> Json:
    """A body as Drive takes it. Raises ApiError (400) for what is no object."""
    try:
        body = orjson.loads(await request.body() or b"{}")
    except orjson.JSONDecodeError as error:
        raise invalid("Parse Error") from error
    if not isinstance(body, dict):
        raise invalid("Parse Error")
    return body


def _answer(body: Json) -> Response:
    return Response(orjson.dumps(body), media_type="application/json; charset=UTF-8")

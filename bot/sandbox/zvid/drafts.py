"""`/api/projects…`: projects the account keeps without rendering them, as its editor does (Zvid docs, list-projects).

A draft is kept as it is, sound or not: it is judged when it is validated or submitted. The listing leaves the
projects themselves out. Every change raises `version`.
"""

from __future__ import annotations

from typing import Any

import orjson
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute

from bot.sandbox.zvid import wire
from bot.sandbox.zvid.door import Door, answer, page_wanted, read_json
from bot.sandbox.zvid.jobs import now_ms
from bot.sandbox.zvid.refusals import Problem, Refusal, invalid
from bot.sandbox.zvid.shelf import Shelf, new_id
from bot.sandbox.zvid.verdict import LARGEST_PROJECT

Json = dict[str, Any]
KIND = "prj"
LONGEST_NAME = 255
_FIELDS = {"name", "payload"}


class DraftRoutes:
    def __init__(self, door: Door, shelf: Shelf) -> None:
        self._door = door
        self._shelf = shelf

    def routes(self) -> list[BaseRoute]:
        return [
            self._door.keyed("projects", "/api/projects", self._list, "GET"),
            self._door.keyed("projects", "/api/projects", self._create, "POST"),
            self._door.keyed("projects", "/api/projects/{id}", self._one, "GET", "PUT", "DELETE"),
        ]

    async def _list(self, request: Request) -> Response:
        page, limit = page_wanted(request)
        kept = self._shelf.all(KIND)
        shown = [
            {key: value for key, value in draft.items() if key != "payload"}
            for draft in kept[(page - 1) * limit : page * limit]
        ]
        return answer({"projects": shown, "pagination": wire.pagination(page, limit, len(kept))})

    async def _create(self, request: Request) -> Response:
        wished = _checked(await read_json(request), needed=_FIELDS)
        at = wire.iso(now_ms())
        fixed = {"id": new_id(KIND), "version": 1, "createdAt": at, "updatedAt": at}
        return answer({"project": self._shelf.put(KIND, _typed({**fixed, **wished}))}, 201)

    async def _one(self, request: Request) -> Response:
        found = self._shelf.find(KIND, request.path_params["id"])
        if found is None:
            raise Refusal(404, "Project not found")
        match request.method:
            case "DELETE":
                self._shelf.drop(KIND, found["id"])
                return answer({"deleted": True, "id": found["id"]})
            case "PUT":
                wished = _checked(await read_json(request), needed=set())
                newer = {"version": found["version"] + 1, "updatedAt": wire.iso(now_ms())}
                found = self._shelf.put(KIND, _typed({**found, **wished, **newer}))
        return answer({"project": found})


def _checked(body: object, needed: set[str]) -> Json:
    """Raises Refusal for anything but a name, a project, or both."""
    if not isinstance(body, dict) or not body:
        raise invalid([Problem("body", "The body must be a JSON object that names at least one field")], {})
    problems = [Problem(key, f"{key} is not allowed") for key in sorted(set(body) - _FIELDS)]
    problems += [Problem(key, f"{key} is required") for key in sorted(needed - set(body))]
    name = body.get("name", "-")
    if not isinstance(name, str) or not 0 < len(name.strip()) <= LONGEST_NAME:
        problems.append(Problem("name", f"name must be 1 to {LONGEST_NAME} characters"))
    payload = body.get("payload", {})
    if not isinstance(payload, dict):
        problems.append(Problem("payload", "payload must be an object"))
    if problems:
        raise invalid(problems, {})
    if len(orjson.dumps(payload)) > LARGEST_PROJECT:
        raise Refusal(413, "Payload too large", "A project must stay below 2 MB")
    return body


def _typed(draft: Json) -> Json:
    return {**draft, "type": "image" if draft["payload"].get("type") == "image" else "video"}

"""Stored templates: projects with placeholders that the account keeps at the service (Zvid docs, templates).

Every placeholder needs a default when a template is saved, and scenes need a duration of their own. An update
raises `version`; there is no way back to an older one. Deleting archives.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute

from bot.sandbox.zvid import wire
from bot.sandbox.zvid.door import Door, answer, page_wanted, read_json
from bot.sandbox.zvid.intake import Intake
from bot.sandbox.zvid.jobs import now_ms
from bot.sandbox.zvid.placeholders import PATH, PLACEHOLDER
from bot.sandbox.zvid.plans import plan_limits
from bot.sandbox.zvid.refusals import Problem, Refusal, invalid
from bot.sandbox.zvid.shelf import Shelf, new_id
from bot.sandbox.zvid.switchboard import Switchboard

Json = dict[str, Any]
KIND = "tpl"
USER = "usr_sandbox"
SENT = ("name", "description", "payload")  # so the vendor's clients send it; it is read back as `project`
LONGEST_NAME, LONGEST_DESCRIPTION = 255, 2000
_TYPES = {str: "string", bool: "boolean", int: "number", float: "number", list: "array", dict: "object"}


class Templates:
    """What the templates are, and what may be done with them."""

    def __init__(self, shelf: Shelf, board: Switchboard) -> None:
        self._shelf = shelf
        self._board = board

    def project(self, template_id: str) -> Json:
        """What a render by this id draws."""
        found = self.find(template_id)
        if found["status"] == "archived" and self._board.now.archived_template == "refuse":
            raise Refusal(404, "Template not found", "This template is archived")
        project: Json = found["project"]
        return project

    def find(self, template_id: str) -> Json:
        found = self._shelf.find(KIND, template_id)
        if found is None:
            raise Refusal(404, "Template not found")
        return found

    def all(self) -> list[Json]:
        return [one for one in self._shelf.all(KIND) if one["status"] == "active"]

    def create(self, wished: Json) -> Json:
        most = plan_limits(self._board.now).templates
        if most and len(self.all()) >= most:
            raise Refusal(403, "Template limit reached", f"Your plan allows {most} templates")
        at = wire.iso(now_ms())
        fixed = {
            "id": new_id(KIND),
            "userId": USER,
            "version": 1,
            "status": "active",
            "createdAt": at,
            "updatedAt": at,
        }
        return self._shelf.put(KIND, {**fixed, **self._checked(wished)})

    def update(self, template_id: str, wished: Json) -> Json:
        old = self.find(template_id)
        if old["status"] == "archived":
            raise Refusal(404, "Template not found", "This template is archived")
        changed = {
            **old,
            **self._checked({**_as_sent(old), **wished}),
        }
        return self._shelf.put(
            KIND, {**changed, "version": old["version"] + 1, "updatedAt": wire.iso(now_ms())}
        )

    def archive(self, template_id: str) -> Json:
        self._shelf.put(KIND, {**self.find(template_id), "status": "archived"})
        return {"archived": True, "id": template_id}

    def duplicate(self, template_id: str) -> Json:
        old = self.find(template_id)
        return self.create({**_as_sent(old), "name": f"{old['name'][: LONGEST_NAME - 7]} (copy)"})

    def _checked(self, wished: Json) -> Json:
        name, description, project = (wished.get(key) for key in SENT)
        problems = []
        if not isinstance(name, str) or not 0 < len(name.strip()) <= LONGEST_NAME:
            problems.append(Problem("name", f"name must be 1 to {LONGEST_NAME} characters"))
        if not isinstance(description, str | None) or len(description or "") > LONGEST_DESCRIPTION:
            problems.append(
                Problem(
                    "description", f"description must be a string of up to {LONGEST_DESCRIPTION} characters"
                )
            )
        if not isinstance(project, dict):
            problems.append(Problem("payload", "payload must be an object"))
        problems += [Problem(key, f"{key} is not allowed") for key in sorted(set(wished) - set(SENT))]
        if not problems and isinstance(project, dict):
            problems = list(_project_problems(project))
        if problems:
            raise invalid(problems, plan_limits(self._board.now).as_json())
        variables = project.get("variables") if isinstance(project, dict) else None
        return {
            "name": name,
            "description": description,
            "project": project,
            "type": project.get("type", "video") if isinstance(project, dict) else "video",
            "variablesSummary": [
                {"name": each, "type": _TYPES.get(type(value), "null"), "default": value}
                for each, value in (variables if isinstance(variables, dict) else {}).items()
            ],
        }


class TemplateRoutes:
    """`/api/templates` and below."""

    def __init__(self, door: Door, templates: Templates, intake: Intake) -> None:
        self._door = door
        self._templates = templates
        self._intake = intake

    def routes(self) -> list[BaseRoute]:
        one = "/api/templates/{id}"
        return [
            self._door.keyed("templates", "/api/templates", self._list, "GET"),
            self._door.keyed("templates", "/api/templates", self._create, "POST"),
            self._door.keyed("templates", one, self._one, "GET", "PUT", "DELETE"),
            self._door.keyed("templates", f"{one}/duplicate", self._duplicate, "POST"),
            self._door.keyed("templates", f"{one}/preview", self._preview, "POST"),
        ]

    async def _list(self, request: Request) -> Response:
        page, limit = page_wanted(request)
        found = self._templates.all()
        shown = found[(page - 1) * limit : page * limit]
        return answer({"templates": shown, "pagination": wire.pagination(page, limit, len(found))})

    async def _create(self, request: Request) -> Response:
        return answer({"template": self._templates.create(await _object(request))}, 201)

    async def _one(self, request: Request) -> Response:
        template_id = request.path_params["id"]
        match request.method:
            case "PUT":
                return answer({"template": self._templates.update(template_id, await _object(request))})
            case "DELETE":
                return answer(self._templates.archive(template_id))
            case _:
                return answer({"template": self._templates.find(template_id)})

    async def _duplicate(self, request: Request) -> Response:
        return answer({"template": self._templates.duplicate(request.path_params["id"])}, 201)

    async def _preview(self, request: Request) -> Response:
        body = await _object(request)
        verdict = self._intake.preview(
            request.path_params["id"], body.get("variables"), body.get("overrides")
        )
        stats = {
            "creditsRequired": verdict.credits,
            "duration": verdict.seconds,
            "resolution": f"{verdict.width}x{verdict.height}",
            "scenes": len(verdict.project.get("scenes", ())),
        }
        return answer({"project": verdict.project, "stats": stats})


async def _object(request: Request) -> Json:
    body = await read_json(request)
    if not isinstance(body, dict):
        raise invalid([Problem("body", "The body must be a JSON object")], {})
    return body


def _as_sent(template: Json) -> Json:
    """What a request would have to say to make this template: its project travels as `payload`."""
    return {"name": template["name"], "description": template["description"], "payload": template["project"]}


def _project_problems(project: Json) -> Iterator[Problem]:
    own = project.get("variables")
    known = set(own) if isinstance(own, dict) else set()
    yield from _undefaulted(
        {key: value for key, value in project.items() if key != "variables"}, known, "payload"
    )
    scenes = project.get("scenes")
    for index, scene in enumerate(scenes if isinstance(scenes, list) else ()):
        seconds = scene.get("duration") if isinstance(scene, dict) else None
        is_filled_in = isinstance(seconds, str) and PLACEHOLDER.search(seconds)
        if not is_filled_in and not (isinstance(seconds, int | float) and seconds > 0):
            yield Problem(
                f"payload.scenes[{index}].duration", "Scenes of a template need an explicit duration"
            )


def _undefaulted(value: Any, known: set[str], where: str) -> Iterator[Problem]:
    """Placeholders that nothing would fill if a request left them out."""
    match value:
        case str():
            for found in PLACEHOLDER.finditer(value):
                path = found[1].strip()
                if not PATH.match(path):
                    yield Problem(where, f'Malformed placeholder "{{{{{path}}}}}"')
                elif path.partition(".")[0] not in known:
                    yield Problem(where, f'Variable "{path}" needs a default')
        case list():
            for index, inner in enumerate(value):
                yield from _undefaulted(inner, known, f"{where}[{index}]")
        case dict():
            own = value.get("variables")
            alias = {str(value.get("iterateAs", "item")), "index"} if "iterate" in value else set()
            inside = known | (set(own) if isinstance(own, dict) else set()) | alias
            for key, inner in value.items():
                if key != "variables":
                    yield from _undefaulted(inner, inside, f"{where}.{key}")

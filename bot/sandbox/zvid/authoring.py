"""`/api/render/{schema,elements,examples,repair}`: what may stand in a project, for those who write one.

Every answer carries the account's limits (vendor's clients, zvid-make samples). The targets `project` and
`render-request` are documented; those of the bulk request and of a webhook are this stand-in's own.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import asdict
from typing import Any

from pydantic.json_schema import JsonSchemaValue
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute

from bot.sandbox.zvid import manual
from bot.sandbox.zvid.door import Door, answer, read_json
from bot.sandbox.zvid.elements import VISUALS
from bot.sandbox.zvid.envelope import BulkRequest, Envelope
from bot.sandbox.zvid.fields import Part
from bot.sandbox.zvid.intake import Intake
from bot.sandbox.zvid.plans import plan_limits
from bot.sandbox.zvid.project import Audio, Project, Scene
from bot.sandbox.zvid.refusals import Problem, Refusal, invalid
from bot.sandbox.zvid.repair import repaired
from bot.sandbox.zvid.subtitle import Subtitle
from bot.sandbox.zvid.switchboard import Switchboard
from bot.sandbox.zvid.verdict import SCHEMA_VERSION
from bot.sandbox.zvid.webhooks import webhook_schema

Json = dict[str, Any]
DIALECT = "https://json-schema.org/draft/2020-12/schema"


class AuthoringRoutes:
    def __init__(self, door: Door, board: Switchboard, intake: Intake) -> None:
        self._door = door
        self._intake = intake
        self._board = board

    def routes(self) -> list[BaseRoute]:
        render = "/api/render"
        return [
            *self._door.tailed("schema", f"{render}/schema", self._schema, "GET"),
            *self._door.tailed("elements", f"{render}/elements", self._elements, "GET"),
            *self._door.tailed("elements", f"{render}/elements/{{type}}", self._element, "GET"),
            *self._door.tailed("examples", f"{render}/examples", self._examples, "GET"),
            *self._door.tailed("examples", f"{render}/examples/{{name}}", self._example, "GET"),
            *self._door.tailed("repair", f"{render}/repair", self._repair, "POST"),
        ]

    async def _schema(self, request: Request) -> Response:
        target = request.query_params.get("target", "project")
        if target not in SCHEMAS:
            words = ", ".join(SCHEMAS)
            raise invalid([Problem("target", f"target must be one of: {words}")], self._limits())
        return self._answer(
            target=target,
            jsonSchema={"$schema": DIALECT, **SCHEMAS[target]()},
            validationNotes=manual.VALIDATION_NOTES,
            authoringGuidelines=manual.GUIDELINES,
            authoringWorkflow=manual.WORKFLOW,
        )

    async def _elements(self, _request: Request) -> Response:
        lines = [each.line() for each in manual.ELEMENTS.values()]
        return self._answer(elements=lines, notes=manual.NOTES, authoringGuidelines=manual.GUIDELINES)

    async def _element(self, request: Request) -> Response:
        found = manual.ELEMENTS.get(request.path_params["type"].upper())
        if found is None:
            raise Refusal(404, "Element not found", f"Known types: {', '.join(manual.ELEMENTS)}")
        return self._answer(element=found.page())

    async def _examples(self, request: Request) -> Response:
        """All of them, or the one named in the query, as the vendor's Make app asks for it."""
        name = request.query_params.get("name")
        if name is not None:
            return self._one(name)
        every = [manual.example(each) for each in manual.EXAMPLES]
        return self._answer(examples=every, authoringWorkflow=manual.WORKFLOW)

    async def _example(self, request: Request) -> Response:
        return self._one(request.path_params["name"])

    async def _repair(self, request: Request) -> Response:
        body = await read_json(request)
        payload = body.get("payload") if isinstance(body, dict) else None
        if not isinstance(payload, dict):
            raise invalid([Problem("payload", "payload must be an object")], self._limits())
        project, changes, left, warnings = repaired(payload, self._intake.judge)
        lists = {"changes": changes, "remainingErrors": left, "warnings": warnings}
        shown = {name: [asdict(each) for each in problems] for name, problems in lists.items()}
        return self._answer(repaired=project, valid=not left, **shown)

    def _one(self, name: str) -> Response:
        found = manual.example(name)
        if found is None:
            raise Refusal(404, "Example not found", f"Known examples: {', '.join(manual.EXAMPLES)}")
        return self._answer(example=found, authoringWorkflow=manual.WORKFLOW)

    def _limits(self) -> Json:
        return plan_limits(self._board.now).as_json()

    def _answer(self, **more: Any) -> Response:
        head = {"schemaVersion": SCHEMA_VERSION, "sourceOfTruth": "stand-in", "planLimits": self._limits()}
        return answer({**head, **more})


def _project_schema() -> JsonSchemaValue:
    schema = Project.model_json_schema()
    definitions = schema.setdefault("$defs", {})
    parts: dict[str, type[Part]] = {**VISUALS, "SCENE": Scene, "AUDIO": Audio, "SUBTITLE": Subtitle}
    for name, model in parts.items():
        inner = model.model_json_schema(ref_template="#/$defs/{model}")
        definitions |= inner.pop("$defs", {})
        definitions[name] = inner
    return schema


SCHEMAS: dict[str, Callable[[], JsonSchemaValue]] = {
    "project": _project_schema,
    "render-request": Envelope.schema,
    "bulk-render-request": BulkRequest.model_json_schema,
    "webhook": webhook_schema,
}

"""`/api/webhooks…`: the account's own endpoints, their secrets and what was delivered to them."""

from __future__ import annotations

import secrets
from typing import Any

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute

from bot.sandbox.zvid import wire
from bot.sandbox.zvid.addresses import LONGEST, webhook_problem
from bot.sandbox.zvid.courier import DELIVERY, EVENTS, HOOK, Courier
from bot.sandbox.zvid.door import Door, answer, page_wanted, read_json
from bot.sandbox.zvid.jobs import now_ms
from bot.sandbox.zvid.plans import plan_limits
from bot.sandbox.zvid.refusals import Problem, Refusal, invalid
from bot.sandbox.zvid.shelf import Shelf, new_id
from bot.sandbox.zvid.switchboard import Switchboard

Json = dict[str, Any]
_LONGEST = 255
_FIELDS = {"url", "events", "description", "status"}
_STATUSES = ("active", "disabled")
_TEST_JOB = "00000000-0000-4000-8000-000000000000"


class WebhookRoutes:
    def __init__(self, door: Door, shelf: Shelf, board: Switchboard, courier: Courier) -> None:
        self._door = door
        self._shelf = shelf
        self._board = board
        self._courier = courier

    def routes(self) -> list[BaseRoute]:
        one = "/api/webhooks/{id}"
        return [
            self._door.keyed("webhooks", "/api/webhooks", self._list, "GET"),
            self._door.keyed("webhooks", "/api/webhooks", self._create, "POST"),
            self._door.keyed("webhooks", one, self._one, "GET", "PUT", "DELETE"),
            self._door.keyed("webhooks", f"{one}/deliveries", self._deliveries, "GET"),
            self._door.keyed("webhooks", f"{one}/test", self._test, "POST"),
        ]

    async def _list(self, _request: Request) -> Response:
        hooks = [_shown(hook, with_secret=False) for hook in self._shelf.all(HOOK)]
        usage = {"count": len(hooks), "limit": plan_limits(self._board.now).webhooks}
        return answer({"webhooks": hooks, "usage": usage})

    async def _create(self, request: Request) -> Response:
        wished = self._checked(await read_json(request), {"events": list(EVENTS), "description": None})
        most = plan_limits(self._board.now).webhooks
        if len(self._shelf.all(HOOK)) >= most:
            raise Refusal(403, "Webhook limit reached", f"Your plan allows {most} webhooks")
        at = wire.iso(now_ms())
        hook = {
            "id": new_id(HOOK),
            "status": "active",
            **wished,
            "secret": f"whsec_{secrets.token_hex(24)}",
            "exhausted": 0,
            "createdAt": at,
            "updatedAt": at,
        }
        shown = _shown(self._shelf.put(HOOK, hook), with_secret=True)
        return answer({"webhook": shown} if self._board.now.webhook_answer == "wrapped" else shown, 201)

    async def _one(self, request: Request) -> Response:
        hook = self._found(request)
        match request.method:
            case "DELETE":
                self._shelf.drop(HOOK, hook["id"])
                return answer({"deleted": True, "id": hook["id"]})
            case "PUT":
                changed = self._checked(await read_json(request), hook)
                # Switching it on again forgives what went wrong before.
                exhausted = 0 if changed["status"] == "active" else hook["exhausted"]
                updated = wire.iso(now_ms())
                hook = self._shelf.put(HOOK, {**changed, "exhausted": exhausted, "updatedAt": updated})
        shown = _shown(hook, with_secret=request.method == "GET")
        return answer({"webhook": shown} if self._board.now.webhook_answer == "wrapped" else shown)

    async def _deliveries(self, request: Request) -> Response:
        hook = self._found(request)
        shown = [
            {key: value for key, value in one.items() if key not in {"body", "dueMs"}}
            for one in self._shelf.all(DELIVERY)
            if one["webhookId"] == hook["id"]
        ]
        page, limit = page_wanted(request)
        deliveries = shown[(page - 1) * limit : page * limit]
        return answer({"deliveries": deliveries, "pagination": wire.pagination(page, limit, len(shown))})

    async def _test(self, request: Request) -> Response:
        hook = self._found(request)
        body = {
            "event": EVENTS[0],
            "jobId": _TEST_JOB,
            "timestamp": wire.iso(now_ms()),
            "test": True,
            "data": {"status": "completed", "type": "video"},
        }
        delivery = self._courier.send(body, hook["url"], hook)
        return answer({"deliveryId": delivery["id"], "queued": True})

    def _found(self, request: Request) -> Json:
        hook = self._shelf.find(HOOK, request.path_params["id"])
        if hook is None:
            raise Refusal(404, "Webhook not found")
        return hook

    def _checked(self, body: object, before: Json) -> Json:
        """`before` with what the request says, found sound."""
        if not isinstance(body, dict):
            raise invalid([Problem("body", "The body must be a JSON object")], {})
        if not body and before.get("url"):
            raise invalid([Problem("body", "The body must name at least one field")], {})
        after = {**before, **body}
        problems = [Problem(name, f"{name} is not allowed") for name in sorted(set(body) - _FIELDS)]
        url, events, description = after.get("url"), after["events"], after["description"]
        if not isinstance(url, str):
            problems.append(Problem("url", "url is required"))
        elif wrong := webhook_problem(url, self._board.now.webhook_hosts):
            problems.append(Problem("url", f"url {wrong}"))
        words = list(map(str, events)) if isinstance(events, list) else []
        if not words or set(words) - set(EVENTS) or len(set(words)) < len(words):
            problems.append(Problem("events", f"events must be some of: {', '.join(EVENTS)}, each once"))
        if description is not None and (not isinstance(description, str) or len(description) > _LONGEST):
            problems.append(Problem("description", f"description cannot exceed {_LONGEST} characters"))
        if after.get("status", "active") not in _STATUSES:
            problems.append(Problem("status", f"status must be one of: {', '.join(_STATUSES)}"))
        if problems:
            raise invalid(problems, {})
        return after


def webhook_schema() -> Json:
    """What a request for an endpoint may carry, as JSON schema."""
    return {
        "type": "object",
        "properties": {
            "url": {"type": "string", "format": "uri", "maxLength": LONGEST},
            "description": {"type": ["string", "null"], "maxLength": _LONGEST},
            "events": {
                "type": "array",
                "items": {"type": "string", "enum": list(EVENTS)},
                "minItems": 1,
                "uniqueItems": True,
            },
            "status": {"type": "string", "enum": list(_STATUSES)},
        },
        "required": ["url"],
        "additionalProperties": False,
    }


def _shown(hook: Json, *, with_secret: bool) -> Json:
    hidden = {"exhausted"} if with_secret else {"exhausted", "secret"}
    return {key: value for key, value in hook.items() if key not in hidden}

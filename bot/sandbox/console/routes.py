"""Serves the console: its page at `/faults`, its files, and the API behind the switches."""

from __future__ import annotations

from pathlib import Path

import orjson
from starlette.requests import Request
from starlette.responses import FileResponse, Response
from starlette.routing import BaseRoute, Mount, Route

from bot.sandbox.console.desk import Desk
from bot.sandbox.page.routes import HEADERS, PageFiles

_OWN = Path(__file__).with_name("static")


def console_routes(desk: Desk) -> list[BaseRoute]:
    """`GET /sandbox/faults` tells everything, `PUT` with `{"on": false}` ends all; one fault has its id behind it."""

    def tell(_request: Request) -> Response:
        return _json(desk.tell())

    async def turn(request: Request) -> Response:
        name = request.path_params.get("id")
        try:
            wanted = orjson.loads(await request.body())
        except orjson.JSONDecodeError:
            wanted = None
        match wanted:
            case {"on": bool(on), **rest} if not rest and (name or not on):
                pass
            case _:
                return _json({"error": 'Expected {"on": true} or {"on": false}; all at once only off.'}, 400)
        if name is None:
            desk.all_off()
            return _json(desk.tell())
        try:
            refused = desk.turn(name, on=on)
        except KeyError:
            return _json({"error": f"There is no fault {name}."}, 404)
        return _json({"error": refused}, 409) if refused else _json(desk.tell())

    async def page(_request: Request) -> Response:
        return FileResponse(_OWN / "faults.html", headers=HEADERS)

    return [
        Route("/sandbox/faults", tell, methods=["GET"]),
        Route("/sandbox/faults", turn, methods=["PUT"]),
        Route("/sandbox/faults/{id}", turn, methods=["PUT"]),
        Route("/faults", page),
        Mount("/console", PageFiles(directory=_OWN), name="console"),
    ]


def _json(body: object, status: int = 200) -> Response:
    return Response(orjson.dumps(body), status, {"Cache-Control": "no-store"}, media_type="application/json")

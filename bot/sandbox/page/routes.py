"""Serves the page: the files beside this module, as they are.

Every answer carries the same strict headers: nothing but this origin may be loaded, nothing may frame the
page, and a changed file is seen within seconds (files are revalidated by their ETag).
"""

from __future__ import annotations

from pathlib import Path

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import FileResponse, PlainTextResponse, Response
from starlette.routing import BaseRoute, Mount, Route
from starlette.staticfiles import StaticFiles
from starlette.types import Scope

_OWN = Path(__file__).with_name("static")

# Pictures and videos may come from either spelling of loopback: the links in the cells name 127.0.0.1 even
# when a person opened the page as localhost.
_LOOPBACK = "http://127.0.0.1:* http://localhost:*"
_POLICY = "; ".join(
    (
        "default-src 'none'",
        "script-src 'self'",
        "style-src 'self'",
        f"img-src 'self' {_LOOPBACK}",
        f"media-src 'self' {_LOOPBACK}",
        "connect-src 'self'",
        "base-uri 'none'",
        "form-action 'none'",
        "frame-ancestors 'none'",
    )
)
HEADERS = {
    "Content-Security-Policy": _POLICY,
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "Cache-Control": "no-cache",
}


class PageFiles(StaticFiles):
    """Files with the page's headers; a missing one is a plain 404 and not the application's "not built"."""

    async def get_response(self, path: str, scope: Scope) -> Response:
        try:
            response = await super().get_response(path, scope)
        except HTTPException as error:
            response = PlainTextResponse(error.detail, error.status_code)
        response.headers.update(HEADERS)
        if response.status_code in {200, 304}:
            # Some forty files: asking for each of them at every reload would take longer than all the rest.
            response.headers["Cache-Control"] = "max-age=10"
        return response


async def _index(_request: Request) -> Response:
    return FileResponse(_OWN / "index.html", headers=HEADERS)


def page_routes() -> list[BaseRoute]:
    """Routes of the page: `/` and its files."""
    return [Route("/", _index), Mount("/page", PageFiles(directory=_OWN), name="page")]

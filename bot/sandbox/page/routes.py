"""Serves the page's own files and the grid library out of its installed package."""

from __future__ import annotations

from starlette.routing import BaseRoute


def page_routes() -> list[BaseRoute]:
    """Routes of the page: `/` and its files."""
    return []

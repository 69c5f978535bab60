"""Imported by every Python process the tests start: watches what goes to Google, or comes from its stand-in, there as well."""

from __future__ import annotations

import importlib.abc
import importlib.machinery
import os
import sys
from pathlib import Path
from types import ModuleType
from typing import Any

_WATCHED = {
    "bot.adapters.google_connection": "watch",
    "bot.sandbox.sheets.routes": "watch_answers",
    "bot.sandbox.sheets.drive": "watch_answers",
}


class _Loader(importlib.abc.Loader):
    """Loads a module as ever, and puts the watch in front of it."""

    def __init__(self, honest: Any) -> None:
        self._honest = honest

    def create_module(self, spec: importlib.machinery.ModuleSpec) -> ModuleType | None:
        return self._honest.create_module(spec)

    def exec_module(self, module: ModuleType) -> None:
        self._honest.exec_module(module)
        sys.path.append(str(Path(__file__).parents[1]))
        import google_watch

        getattr(google_watch, _WATCHED[module.__name__])(module)


class _Finder(importlib.abc.MetaPathFinder):
    """Steps in for these modules only."""

    def find_spec(self, name: str, path: Any, target: Any = None) -> importlib.machinery.ModuleSpec | None:
        if name not in _WATCHED:
            return None
        spec = importlib.machinery.PathFinder.find_spec(name, path, target)
        if spec is not None:
            spec.loader = _Loader(spec.loader)
        return spec


if os.environ.get("WATCHED_REQUESTS"):
    sys.meta_path.insert(0, _Finder())

"""Imported by every Python process the tests start: watches the robot's requests to Google there as well."""

from __future__ import annotations

import importlib.abc
import importlib.machinery
import os
import sys
from pathlib import Path
from types import ModuleType
from typing import Any

_CONNECTION = "bot.adapters.google_connection"


class _Loader(importlib.abc.Loader):
    """Loads the robot's connection as ever, and puts the watch in front of it."""

    def __init__(self, honest: Any) -> None:
        self._honest = honest

    def create_module(self, spec: importlib.machinery.ModuleSpec) -> ModuleType | None:
        return self._honest.create_module(spec)

    def exec_module(self, module: ModuleType) -> None:
        self._honest.exec_module(module)
        sys.path.append(str(Path(__file__).parents[1]))
        import google_watch

        google_watch.watch(module)


class _Finder(importlib.abc.MetaPathFinder):
    """Steps in for one module only."""

    def find_spec(self, name: str, path: Any, target: Any = None) -> importlib.machinery.ModuleSpec | None:
        if name != _CONNECTION:
            return None
        spec = importlib.machinery.PathFinder.find_spec(name, path, target)
        if spec is not None:
            spec.loader = _Loader(spec.loader)
        return spec


if os.environ.get("WATCHED_REQUESTS"):
    sys.meta_path.insert(0, _Finder())

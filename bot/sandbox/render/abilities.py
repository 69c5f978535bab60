"""Says what of a project cannot be drawn here, so that nothing is ever drawn wrong in silence."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any


def undrawable(project: Mapping[str, Any]) -> list[tuple[str, str]]:
    """(field path, message) of everything this engine cannot draw; empty when it can draw it all."""
    return []

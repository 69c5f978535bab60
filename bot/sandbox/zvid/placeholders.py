"""Fills `{{placeholders}}` and drops what its `condition` switches off (Zvid docs, dynamic-content).

No escaping, as at the service: a value lands in html or svg exactly as it is.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from typing import Any

from bot.sandbox.zvid import clones
from bot.sandbox.zvid.refusals import Problem

PLACEHOLDER = re.compile(r"\{\{([^{}]*)\}\}")
PATH = re.compile(r"[a-zA-Z][a-zA-Z0-9_]*(?:\.(?:[a-zA-Z][a-zA-Z0-9_]*|\d+))*\Z")
FORBIDDEN_NAMES = frozenset({"__proto__", "prototype", "constructor"})
TEMPLATE_KEYS = frozenset({"variables", "condition", "iterate", "iterateAs"})
PASSES = 10
LONGEST_TEXT = 2_000_000

_MISSING = object()


def resolve(
    project: dict[str, Any], given: Mapping[str, Any], *, clones_from: int = 1
) -> tuple[dict[str, Any], list[Problem]]:
    """The project with every placeholder filled, and what could not be filled.

    `clones_from` is the number of the first scene made by `iterate`: pages and the vendor's code disagree.
    """
    own = project.get("variables")
    known = {**(own if isinstance(own, dict) else {}), **given}
    filler = _Filler(clones_from)
    filled = filler.fill(project, _settled(known), "")
    return filled, filler.problems


class _Filler:
    """One walk through a project; collects what went wrong on the way."""

    def __init__(self, clones_from: int = 1) -> None:
        self.problems: list[Problem] = []
        self._clones_from = clones_from

    def fill(self, value: Any, known: Mapping[str, Any], where: str) -> Any:
        match value:
            case str():
                return self._fill_text(value, known, where)
            case list():
                return self._fill_list(value, known, where)
            case dict():
                return self._fill_object(value, known, where)
            case _:
                return value

    def _fill_object(self, value: dict[str, Any], known: Mapping[str, Any], where: str) -> dict[str, Any]:
        return {
            key: self.fill(inner, known, f"{where}.{key}" if where else key)
            for key, inner in value.items()
            if key not in TEMPLATE_KEYS and key not in FORBIDDEN_NAMES
        }

    def _fill_list(self, value: list[Any], known: Mapping[str, Any], where: str) -> list[Any]:
        filled: list[Any] = []
        first_clones: dict[str, str] = {}
        for index, inner in enumerate(value):
            place = f"{where}[{index}]"
            seen = known
            if isinstance(inner, dict):
                # Only a scene has variables of its own; they shadow the request's inside it.
                if where == "scenes" and isinstance(inner.get("variables"), dict):
                    seen = _settled({**known, **inner["variables"]})
                if where == "scenes" and "iterate" in inner:
                    made = self._clones(inner, index + 1, seen, place)
                    if made:
                        first_clones[clones.original_id(inner, index + 1)] = made[0]["id"]
                    filled += made
                    continue
                if "condition" in inner and not self._holds(inner["condition"], seen, place):
                    continue
            filled.append(self.fill(inner, seen, place))
        if first_clones and len(filled) > clones.MOST_SCENES:
            self.problems.append(Problem(where, f"Max scenes after iterating is {clones.MOST_SCENES}"))
        return clones.redirected(filled, first_clones)

    def _clones(
        self, scene: dict[str, Any], position: int, known: Mapping[str, Any], place: str
    ) -> list[dict[str, Any]]:
        path = scene["iterate"]
        found = _look_up(path, known) if isinstance(path, str) and PATH.match(path) else _MISSING
        items, problems = clones.items_of(scene, found, place)
        self.problems += problems
        made = []
        for index, item in enumerate(items):
            seen = clones.seen_by(scene, known, item, index)
            if "condition" not in scene or self._holds(scene["condition"], seen, place):
                clone = clones.clone_of(scene, position, index + self._clones_from)
                made.append(self._fill_object(clone, seen, place))
        return clones.chained(made)

    def _holds(self, condition: Any, known: Mapping[str, Any], place: str) -> bool:
        """False, 0, "" and null switch off, anything else does not: not even the string "false"."""
        if isinstance(condition, str) and (inner := _whole(condition)) is not None and PATH.match(inner):
            found = _look_up(inner, known)
            return found is not _MISSING and _is_truthy(found)
        return _is_truthy(self.fill(condition, known, f"{place}.condition"))

    def _fill_text(self, text: str, known: Mapping[str, Any], where: str) -> Any:
        inner = _whole(text)
        if inner is not None:
            found = self._find(inner, known, where)
            return text if found is _MISSING else found

        pieces: list[str] = []
        end = length = 0
        for match in PLACEHOLDER.finditer(text):
            found = self._find(match[1].strip(), known, where)
            pieces += [text[end : match.start()], match[0] if found is _MISSING else _as_text(found)]
            end = match.end()
            length += len(pieces[-1])
            # Variables that double each other would fill the memory long before the project's size is looked at.
            if length > LONGEST_TEXT:
                self.problems.append(Problem(where, f"cannot exceed {LONGEST_TEXT} characters"))
                return text
        return "".join((*pieces, text[end:]))

    def _find(self, path: str, known: Mapping[str, Any], where: str) -> Any:
        if not PATH.match(path):
            self.problems.append(Problem(where, f'Malformed placeholder "{{{{{path}}}}}"'))
            return _MISSING
        found = _look_up(path, known)
        if found is _MISSING:
            self.problems.append(Problem(where, f'Unresolved variable "{path}"'))
        return found


def _settled(known: Mapping[str, Any]) -> dict[str, Any]:
    """Variables that use variables, resolved in repeated passes; a cycle stays as it is."""
    settled = dict(known)
    for _ in range(PASSES):
        quiet = _Filler()
        after = {name: quiet.fill(value, settled, name) for name, value in settled.items()}
        if after == settled:
            break
        settled = after
    return settled


def _whole(text: str) -> str | None:
    """The path of a string that is one placeholder and nothing else."""
    match = PLACEHOLDER.fullmatch(text.strip())
    return match[1].strip() if match else None


def _look_up(path: str, known: Mapping[str, Any]) -> Any:
    found: Any = known
    for step in path.split("."):
        if step in FORBIDDEN_NAMES:
            return _MISSING
        if isinstance(found, Mapping) and step in found:
            found = found[step]
        elif isinstance(found, list) and step.isdecimal() and int(step) < len(found):
            found = found[int(step)]
        else:
            return _MISSING
    return found


def _is_truthy(value: Any) -> bool:
    return value not in (None, False, 0, "")


def _as_text(value: Any) -> str:
    match value:
        case str():
            return value
        case None:
            return ""
        case bool():
            return "true" if value else "false"
        case float() if value.is_integer():
            return str(int(value))
        case int() | float():
            return str(value)
        case _:
            return json.dumps(value, ensure_ascii=False, separators=(",", ":"))

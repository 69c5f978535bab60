"""Placeholders: `{{name}}` in a project, and the project's own variables, which are settled before any row.

The language is the service's (Zvid docs, dynamic-content): names and dotted paths, no functions, no filters. What a
row fills stays a placeholder here; everything else becomes a plain value, bounded in size and in passes.
"""

from __future__ import annotations

import json
import re
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from typing import Any

Path = tuple[str | int, ...]

PLACEHOLDER = re.compile(r"\{\{\s*([a-zA-Z][a-zA-Z0-9_]*)\s*\}\}")
"""What a row fills."""

_ANY = re.compile(r"\{\{\s*([a-zA-Z][a-zA-Z0-9_]*(?:\.[a-zA-Z0-9_]+)*)\s*\}\}")
_STEP = re.compile(r"\[[0-9]{1,6}\]|[^.\[\]]+")
_FORBIDDEN = frozenset({"__proto__", "prototype", "constructor"})
_MOST_PASSES = 10
_LARGEST_TEXT = 2_000_000


@dataclass(frozen=True, slots=True)
class Flaw:
    """What is wrong with a template, and where; for its author."""

    path: Path
    words: str

    def __str__(self) -> str:
        return f"{spelled(self.path)}: {self.words}"


def spelled(path: Path) -> str:
    """`scenes[0].visuals[2].svg`."""
    text = "".join(f"[{step}]" if isinstance(step, int) else f".{step}" for step in path)
    return text.removeprefix(".") or "the project"


def read_path(named: str) -> Path:
    """What `spelled` wrote, or the service: its paths may begin with the envelope's `payload`."""
    steps = _STEP.findall(named.removeprefix("payload."))
    return tuple(int(step[1:-1]) if step.startswith("[") else step for step in steps)


@dataclass
class Settler:
    """Replaces a project's own variables by their values; knows which names a row fills."""

    fillable: Collection[str]
    flaws: list[Flaw] = field(default_factory=list)
    unknown: set[str] = field(default_factory=set)
    """Placeholders that neither a row nor a variable fills."""

    constants: set[str] = field(default_factory=set)
    """Names that the project's own variables filled."""

    def settled(self, project: Mapping[str, Any]) -> dict[str, Any]:
        """The project with nothing but a row's placeholders left; `variables` are gone."""
        own = project.get("variables")
        scope = {name: value for name, value in (own or {}).items() if name not in self.fillable}
        return {key: self._node(value, scope, (key,)) for key, value in project.items() if key != "variables"}

    def _node(self, node: Any, scope: Mapping[str, Any], path: Path) -> Any:
        if isinstance(node, str):
            return self._text(node, scope, path) if "{{" in node else node
        if isinstance(node, list):
            return [self._node(one, scope, (*path, index)) for index, one in enumerate(node)]
        if not isinstance(node, Mapping):
            return node
        if len(path) == 2 and path[0] == "scenes" and isinstance(node.get("variables"), Mapping):
            scope = {**scope, **self._own_to_scene(node["variables"], path)}
            node = {key: value for key, value in node.items() if key != "variables"}
        return {key: self._node(value, scope, (*path, key)) for key, value in node.items()}

    def _own_to_scene(self, variables: Mapping[str, Any], path: Path) -> Mapping[str, Any]:
        for name in sorted(set(variables) & set(self.fillable)):
            self.flaws.append(
                Flaw((*path, "variables", name), f"hides [fields.{name}]; rename the scene's variable")
            )
        return variables

    def _text(self, text: str, scope: Mapping[str, Any], path: Path) -> Any:
        for _ in range(_MOST_PASSES):
            whole = _ANY.fullmatch(text.strip())
            if whole and _first(whole[1]) in scope:
                value = self._constant(whole[1], scope)
                if not isinstance(value, str):
                    # Its inner texts may use variables, but not this one: there are fewer each time.
                    rest = {name: one for name, one in scope.items() if name != _first(whole[1])}
                    return self._node(value, rest, path)
                after = value
            elif self._grows_too_much(text, scope):
                self.flaws.append(Flaw(path, "its variables grow beyond two million characters"))
                return ""
            else:
                after = _ANY.sub(lambda found: self._inner(found, scope), text)
            if after == text:
                break
            text = after
        self._look_at_rest(text, path)
        return text

    def _grows_too_much(self, text: str, scope: Mapping[str, Any]) -> bool:
        """Known before it is done: a million short placeholders and one long value would fill the memory."""
        length = len(text)
        for found in _ANY.finditer(text):
            length += len(self._inner(found, scope)) - len(found[0])
            if length > _LARGEST_TEXT:
                return True
        return False

    def _inner(self, found: re.Match[str], scope: Mapping[str, Any]) -> str:
        if _first(found[1]) not in scope:
            return found[0]
        value = self._constant(found[1], scope)
        return value if isinstance(value, str) else _as_text(value)

    def _constant(self, name: str, scope: Mapping[str, Any]) -> Any:
        """What a dotted path leads to; noted where it leads nowhere."""
        first, *steps = name.split(".")
        self.constants.add(first)
        value = scope[first]
        for step in steps:
            if isinstance(value, Mapping) and step in value and step not in _FORBIDDEN:
                value = value[step]
            elif isinstance(value, list) and step.isdecimal() and int(step) < len(value):
                value = value[int(step)]
            else:
                self.unknown.add(name)
                return ""
        return value

    def _look_at_rest(self, text: str, path: Path) -> None:
        for name in _ANY.findall(text):
            if name not in self.fillable:
                self.unknown.add(name)
        if "{{" in _ANY.sub("", text):
            self.flaws.append(Flaw(path, 'holds "{{" that begins no placeholder like {{name}}'))


def _first(dotted: str) -> str:
    return dotted.partition(".")[0]


def _as_text(value: Any) -> str:
    """How the service writes a value amid other text."""
    if value is None:
        return ""
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))

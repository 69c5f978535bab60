"""What Google's discovery document allows, read out of the copy google-api-python-client ships."""

from __future__ import annotations

import json
from functools import cache
from importlib.resources import files
from typing import Any

TYPES = {"string": {str}, "integer": {int}, "number": {int, float}, "boolean": {bool}}


@cache
def discovery() -> dict[str, Any]:
    """The sheets.v4 discovery document that google-api-python-client ships."""
    path = files("googleapiclient.discovery_cache") / "documents" / "sheets.v4.json"
    document: dict[str, Any] = json.loads(path.read_text())
    return document


def complaints(value: Any, schema: dict[str, Any], where: str = "$") -> list[str]:
    """What in a JSON value the schema does not allow: unknown names, wrong types, unlisted enum words."""
    if "$ref" in schema:
        return complaints(value, discovery()["schemas"][schema["$ref"]], where)
    kind = schema["type"]
    if kind == "object" and isinstance(value, dict):
        known, other = schema.get("properties", {}), schema.get("additionalProperties")
        inner = {name: known.get(name, other) for name in value}
        unknown = [f"{where}.{name}: unknown" for name in value if inner[name] is None]
        pairs = [(item, inner[name], f"{where}.{name}") for name, item in value.items() if inner[name]]
        return unknown + [text for pair in pairs for text in complaints(*pair)]
    if kind == "array" and isinstance(value, list):
        inside = [complaints(item, schema["items"], f"{where}[{at}]") for at, item in enumerate(value)]
        return [text for found in inside for text in found]
    is_right = kind == "any" or (type(value) in TYPES[kind] and value in schema.get("enum", [value]))
    return [] if is_right else [f"{where}: {value!r} is no {kind}"]

"""What Google's discovery document allows, read out of the copy google-api-python-client ships."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from functools import cache
from importlib.resources import files
from typing import Any
from urllib.parse import unquote

TYPES = {"string": {str}, "integer": {int}, "number": {int, float}, "boolean": {bool}}

_MASK_TOKEN = re.compile(r"[A-Za-z0-9_]+|[./(),*]")
_MASKED = {
    "UpdateCellsRequest": "CellData",
    "RepeatCellRequest": "CellData",
    "UpdateSheetPropertiesRequest": "SheetProperties",
    "UpdateSpreadsheetPropertiesRequest": "SpreadsheetProperties",
    "UpdateDimensionPropertiesRequest": "DimensionProperties",
    "UpdateDimensionGroupRequest": "DimensionGroup",
    "UpdateFilterViewRequest": "FilterView",
}
"""What the mask of a request is about; the document says so only in prose."""

Schema = Mapping[str, Any]


@cache
def discovery(api: str = "sheets.v4") -> dict[str, Any]:
    """A discovery document that google-api-python-client ships."""
    path = files("googleapiclient.discovery_cache") / "documents" / f"{api}.json"
    document: dict[str, Any] = json.loads(path.read_text())
    return document


def complaints(value: Any, schema: Schema, where: str = "$", api: str = "sheets.v4") -> list[str]:
    """What in a JSON value the schema does not allow: unknown names, wrong types, unlisted enum words."""
    if "$ref" in schema:
        return complaints(value, discovery(api)["schemas"][schema["$ref"]], where, api)
    kind = schema["type"]
    if kind == "object" and isinstance(value, dict):
        known, other = schema.get("properties", {}), schema.get("additionalProperties")
        inner = {name: known.get(name, other) for name in value}
        unknown = [f"{where}.{name}: unknown" for name in value if inner[name] is None]
        pairs = [(item, inner[name], f"{where}.{name}") for name, item in value.items() if inner[name]]
        found = unknown + [text for pair in pairs for text in complaints(*pair, api)]
        return found + list(_of_message(value, schema, where))
    if kind == "array" and isinstance(value, list):
        if schema["items"].get("type") == "any":
            return []  # cells of a ValueRange: thousands, and anything goes
        inside = [complaints(item, schema["items"], f"{where}[{at}]", api) for at, item in enumerate(value)]
        return [text for found in inside for text in found]
    is_right = kind == "any" or (type(value) in TYPES[kind] and value in schema.get("enum", [value]))
    return [] if is_right else [f"{where}: {value!r} is no {kind}"]


def _of_message(value: Mapping[str, Any], schema: Schema, where: str) -> Iterator[str]:
    """What the document says in prose: a request is of one kind, and a mask names fields there are."""
    name = schema.get("id", "")
    if name == "Request" and len(value) != 1:
        yield f"{where}: {len(value)} kinds of request in one"
    properties = schema.get("properties", {})
    if properties.get("fields", {}).get("format") == "google-fieldmask":
        if name not in _MASKED:
            yield f"{where}: nobody says yet what the mask of {name} is about"
        elif not value.get("fields"):
            yield f"{where}: no fields are named"
        else:
            yield from mask_complaints(value["fields"], {"$ref": _MASKED[name]}, f"{where}.fields")


def mask_complaints(mask: str, schema: Schema, where: str) -> list[str]:
    """Names in a field mask such as `sheets(properties.title,data/rowData)` that the message does not have."""
    tokens = _MASK_TOKEN.findall(mask)
    found: list[str] = []

    def walk(at: int, schema: Schema, path: str) -> int:
        """Reads one comma-separated list; answers where it ended."""
        while True:
            name, here = tokens[at], _below(schema, tokens[at])
            if here is None:
                found.append(f"{where}: {path}{name} is no field")
                here = {"type": "any"}
            at += 1
            while at < len(tokens) and tokens[at] in {".", "/"}:
                path_here, name = f"{path}{name}.", tokens[at + 1]
                inner = _below(here, name)
                if inner is None:
                    found.append(f"{where}: {path_here}{name} is no field")
                    inner = {"type": "any"}
                here, at = inner, at + 2
            if at < len(tokens) and tokens[at] == "(":
                at = walk(at + 1, here, f"{path}{name}.") + 1
            if at >= len(tokens) or tokens[at] == ")":
                return at
            at += 1

    walk(0, schema, "")
    return found


def _below(schema: Schema, name: str) -> Schema | None:
    while "$ref" in schema or schema.get("type") == "array":
        schema = discovery()["schemas"][schema["$ref"]] if "$ref" in schema else schema["items"]
    if name == "*" or schema.get("type") == "any":
        return {"type": "any"}
    found: Schema | None = schema.get("properties", {}).get(name, schema.get("additionalProperties"))
    return found


# -- whole requests -----------------------------------------------------------


def answer_complaints(verb: str, path: str, code: int, body: Any) -> list[str]:
    """What Google's documents do not allow in one answer of the Sheets or Drive API, a refusal included."""
    api = "sheets.v4" if path.startswith("/v4/") else "drive.v3"
    if code >= 400:
        known = (
            {"code", "message", "status", "details"} if api == "sheets.v4" else {"code", "message", "errors"}
        )
        error = body.get("error") if isinstance(body, dict) else None
        if not isinstance(error, dict) or set(body) != {"error"} or not set(error) <= known:
            return [f"{code}: {body!r} is no error body"]
        return [] if error["code"] == code else [f"{code}: the body says {error['code']}"]
    # A slash before a custom verb (`ID/:batchUpdate`) is how google-spreadsheet asks.
    path = (
        path.rstrip("/").replace("/:", ":")
        if api == "sheets.v4"
        else path.removeprefix("/drive/v3").rstrip("/")
    )
    method = _method(verb, path, api)
    if method is None:
        return [f"{verb} {path}: no such method"]
    return (
        complaints(body, method["response"], api=api) if "response" in method else ["$: nothing is answered"]
    )


def _method(verb: str, path: str, api: str) -> dict[str, Any] | None:
    return next(
        (one for known, form, one in _methods(api) if known == verb and form.fullmatch(unquote(path))), None
    )


@cache
def _methods(api: str = "sheets.v4") -> tuple[tuple[str, re.Pattern[str], dict[str, Any]], ...]:
    def every(resource: Schema) -> Iterator[dict[str, Any]]:
        yield from resource.get("methods", {}).values()
        for inner in resource.get("resources", {}).values():
            yield from every(inner)

    return tuple(
        (
            method["httpMethod"],
            re.compile("/" + _form(method.get("flatPath") or method["path"])),
            method,
        )
        for method in every(discovery(api))
    )


def _form(path: str) -> str:
    """A range may have a colon of its own, written out or not; nothing else in a path may."""
    ranged = re.escape(path).replace(re.escape("{range}"), ".+")
    return re.sub(r"\\\{\w+\\\}", "[^/:]+", ranged)


def request_complaints(verb: str, path: str, query: Mapping[str, list[str]], body: Any | None) -> list[str]:
    """What the document does not allow in one request to the Sheets API, anywhere in it."""
    method = _method(verb, path, "sheets.v4")
    if method is None:
        return [f"{verb} {path}: no such method"]
    found: list[str] = []
    known = {**discovery()["parameters"], **method.get("parameters", {})}
    for name, values in query.items():
        if name not in known or known[name].get("location") != "query":
            found.append(f"?{name}: unknown")
            continue
        if len(values) > 1 and not known[name].get("repeated"):
            found.append(f"?{name}: given {len(values)} times")
        found += [text for value in values for text in _of_text(value, known[name], f"?{name}")]
        if name == "fields":
            found += [
                text for value in values for text in mask_complaints(value, method["response"], "?fields")
            ]
    if "request" in method:
        found += complaints(body, method["request"]) if body is not None else ["$: there is no body"]
    elif body is not None:
        found.append("$: a body that nobody reads")
    return found


def _of_text(value: str, schema: Schema, where: str) -> list[str]:
    """A parameter is text; what it must look like depends on its type."""
    forms = {"boolean": r"true|false", "integer": r"-?\d+"}
    is_right = re.fullmatch(forms.get(schema["type"], r"(?s).*"), value) and value in schema.get(
        "enum", [value]
    )
    return [] if is_right else [f"{where}: {value!r} is no {schema['type']}"]

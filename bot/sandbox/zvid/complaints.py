"""Says in the service's manner what a model found wrong: a path in dots and brackets and a short clause.

The wording is not contractual; the paths are what clients show to people (Zvid docs, errors-and-retries).
"""

from __future__ import annotations

import re
from typing import Any

from pydantic import ValidationError
from pydantic_core import ErrorDetails

from bot.sandbox.zvid.fields import ALLOW_LOOPBACK, Part
from bot.sandbox.zvid.refusals import Problem

PATTERNS = {
    "#(?:[A-Fa-f0-9]{3}": "must be a valid hex color (#rgb or #rrggbb)",
    "#(?:[A-Fa-f0-9]{6}": "must be a valid hex color (#rrggbb or #rrggbbaa)",
    "[a-zA-Z0-9_\\- ]": "may only contain letters, digits, spaces, _ and -",
    "[a-zA-Z0-9_\\-]": "may only contain letters, digits, _ and -",
    "[0-9a-fA-F]{8}-": "must be a valid UUID",
    "^tpl_": "must be a template ID",
}
NUMBER = re.compile(r"-?\d{1,9}(\.\d{1,9})?")
TYPES = {
    "float_type": "must be a number",
    "int_type": "must be a whole number",
    "int_from_float": "must be a whole number",
    "finite_number": "must be a number",
    "string_type": "must be a string",
    "bool_type": "must be true or false",
    "dict_type": "must be an object",
    "model_type": "must be an object",
    "model_attributes_type": "must be an object",
    "list_type": "must be an array",
    "missing": "is required",
    "extra_forbidden": "is not allowed",
}


def problems_with(
    raw: dict[str, Any], model: type[Part], where: str, *, allow_loopback: bool, strip_unknown: bool = False
) -> list[Problem]:
    """What `model` finds wrong with `raw`, one problem a place.

    With `strip_unknown` properties the model does not know are taken out of `raw` instead of refused, and numbers
    written as strings are made numbers (vendor's mirror of the validator).
    """
    while True:
        try:
            model.model_validate(raw, context={ALLOW_LOOPBACK: allow_loopback})
        except ValidationError as error:
            errors = error.errors(include_url=False, include_input=False)
            unknown = [each for each in errors if each["type"] == "extra_forbidden"]
            if strip_unknown and unknown:
                for each in unknown:
                    _take_out(raw, each["loc"])
                continue
            if strip_unknown and any(_make_number(raw, each) for each in errors):
                continue
            return _problems(raw, errors, where)
        return []


def _problems(raw: dict[str, Any], errors: list[ErrorDetails], where: str) -> list[Problem]:
    found: dict[str, Problem] = {}
    for each in errors:
        steps = _real_steps(raw, each["loc"], is_missing=each["type"] == "missing")
        place = join(where, steps)
        found.setdefault(place, Problem(place, f"{place.rpartition('.')[2]} {_clause(each)}"))
    return list(found.values())


def join(where: str, steps: list[str | int]) -> str:
    """`scenes[1].visuals[0].text` out of a beginning and steps."""
    place = where
    for step in steps:
        place += f"[{step}]" if isinstance(step, int) else (f".{step}" if place else step)
    return place


def _real_steps(raw: object, loc: tuple[int | str, ...], *, is_missing: bool = False) -> list[str | int]:
    """Leaves out the steps pydantic adds for the branches of a union: they are in no one's data."""
    steps: list[str | int] = []
    here: object = raw
    for index, step in enumerate(loc):
        is_last = index == len(loc) - 1
        if isinstance(here, dict) and (step in here or (is_last and is_missing)):
            here = here.get(step)
        elif isinstance(here, list) and isinstance(step, int) and step < len(here):
            here = here[step]
        else:
            continue
        steps.append(step)
    return steps


def _take_out(raw: object, loc: tuple[int | str, ...]) -> None:
    *path, last = _real_steps(raw, loc)
    here: Any = raw
    for step in path:
        here = here[step]
    here.pop(last)


def _make_number(raw: object, error: ErrorDetails) -> bool:
    """Whether a number had been written as a string there and is one now."""
    if error["type"] not in {"float_type", "int_type"}:
        return False
    *path, last = _real_steps(raw, error["loc"])
    here: Any = raw
    for step in path:
        here = here[step]
    text = here[last]
    if not isinstance(text, str) or not NUMBER.fullmatch(text.strip()):
        return False
    here[last] = float(text) if "." in text else int(text)
    return True


def _clause(error: ErrorDetails) -> str:  # noqa: PLR0911, one kind a line
    kind, context = error["type"], error.get("ctx", {})
    if kind in TYPES:
        return TYPES[kind]
    match kind:
        case "value_error":
            return str(context["error"])
        case "greater_than_equal":
            return f"must be at least {_plain(context['ge'])}"
        case "greater_than":
            return f"must be greater than {_plain(context['gt'])}"
        case "less_than_equal":
            return f"cannot exceed {_plain(context['le'])}"
        case "string_too_long":
            return f"cannot exceed {context['max_length']} characters"
        case "string_too_short":
            return "must not be empty"
        case "literal_error":
            return f"must be one of: {context['expected'].replace(' or ', ', ').replace(chr(39), '')}"
        case "string_pattern_mismatch":
            return next(words for piece, words in PATTERNS.items() if piece in context["pattern"])
        case _:
            return error["msg"]


def _plain(number: float) -> str:
    return f"{number:g}"

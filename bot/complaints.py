"""Settings that are wrong, in words: each is named, with what was probably meant."""

from __future__ import annotations

import difflib
from typing import get_args

from pydantic import BaseModel, ValidationError
from pydantic_core import ErrorDetails

from bot.environment import variables_of

_Place = tuple[int | str, ...]


def complaints(error: ValidationError, settings: type[BaseModel]) -> list[str]:
    """One line for each setting that is wrong, with what was probably meant."""
    return [complaint(one, settings) for one in news(error)]


def news(error: ValidationError) -> list[ErrorDetails]:
    """Everything that is wrong, but for what only follows from it."""
    found = error.errors()
    # A broken [[sheets]] part is dropped before the parts are counted: that they are none is no news.
    inner = {one["loc"][0] for one in found if len(one["loc"]) > 1}
    return [one for one in found if not (one["type"] == "too_short" and one["loc"][0] in inner)]


def complaint(wrong: ErrorDetails, settings: type[BaseModel]) -> str:
    """One line: the setting, what is wrong with it, and what to do where that can be told."""
    place = tuple(wrong["loc"])
    said = _words(place, wrong, settings)
    variables = variables_of(*place)
    return f"{said} Mend {', '.join(variables)} in the environment." if variables else said


def _words(place: _Place, wrong: ErrorDetails, settings: type[BaseModel]) -> str:
    kind = wrong["type"]
    name = ".".join(str(part) for part in place)
    if place == ("sheets",) and kind == "missing":
        return "there is no [[sheets]] part: name at least one spreadsheet."
    if place == ("sheets",) and isinstance(wrong["input"], dict) and not variables_of("sheets"):
        return "sheets is one part for each tab. Write [[sheets]], with two brackets on either side."
    message = wrong["msg"].removeprefix("Value error, ")
    if kind == "tuple_type":
        message = 'should be a list, like ["one", "two"]'
    if kind != "extra_forbidden":
        return f"{name}: {message[0].lower()}{message[1:]}."
    near = difflib.get_close_matches(str(place[-1]), _names_at(place[:-1], settings), 1, 0.6)
    return f"{name} is not a setting.{_meant(name, near)}"


def _meant(name: str, near: list[str]) -> str:
    if near:
        return f" Did you mean {near[0]}?"
    if "zvid" in name and "key" in name:
        return " The key belongs into ZVID_API_KEY, or into a file of its own named in zvid.key_file."
    return ""


def _names_at(place: _Place, settings: type[BaseModel]) -> list[str]:
    """Names of the settings at this level."""
    model = settings
    for part in place:
        if isinstance(part, int):
            continue
        kind = model.model_fields[part].annotation
        inner = next((one for one in get_args(kind) if isinstance(one, type)), kind)
        if isinstance(inner, type) and issubclass(inner, BaseModel):
            model = inner
    return [name for name in model.model_fields if (model, name) != (settings, "folder")]

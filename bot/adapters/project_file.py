"""Project files as the service's editor exports them: strict JSON, bounded before anything is built of it."""

from __future__ import annotations

import json
import math
import re
from pathlib import Path
from typing import Any, NoReturn

from bot.adapters.contract_file import TemplateError

LARGEST_PROJECT = 2_000_000
"""Characters; the service takes no more (zvid docs, errors-and-retries)."""

_DEEPEST = 100
_MOST_VALUES = 100_000
_MOST_DIGITS = 15
_TOKEN = re.compile(r'"(?:[^"\\]|\\.)*"|[\[\]{},]', re.DOTALL)
_STEP = re.compile(r"([^.\[\]]+)|\[(\d+)\]")
_DECODER = json.JSONDecoder()
_SURROGATE = re.compile("[\ud800-\udfff]")


class _ProjectError(ValueError):
    """What JSON allows and no project needs."""


def read_project(path: Path) -> dict[str, Any]:
    """Raises TemplateError, naming file and fix, for what is no project."""
    try:
        project = _parsed(_text(path))
    except FileNotFoundError:
        raise TemplateError(f"{path} is missing; contract.toml names it.") from None
    except (OSError, UnicodeDecodeError) as error:
        raise TemplateError(f"{path} cannot be read: {error}.") from error
    except json.JSONDecodeError as error:
        raise TemplateError(f"{path} is no JSON: {error}.") from error
    except _ProjectError as error:
        raise TemplateError(f"{path} cannot be used: {error}.") from error
    if not isinstance(project, dict):
        raise TemplateError(f"{path} holds no project: the outermost thing must be an object.")
    return project


def line_of(text: str, place: str) -> int | None:
    """In which line of a project's text the value at `scenes[0].visuals[2].svg` begins; None where it is not there."""
    at = 0
    try:
        for key, index in _STEP.findall(place):
            at = _member(text, at, key) if key else _element(text, at, int(index))
    except (ValueError, IndexError):
        return None
    return text.count("\n", 0, at) + 1


def _member(text: str, at: int, wanted: str) -> int:
    """Where the value of this key begins, in the object that begins here or later."""
    at = text.index("{", at) + 1
    while True:
        key, at = _DECODER.raw_decode(text, _after_blanks(text, at))
        at = _after_blanks(text, text.index(":", at) + 1)
        if key == wanted:
            return at
        at = text.index(",", _DECODER.raw_decode(text, at)[1]) + 1


def _element(text: str, at: int, wanted: int) -> int:
    """Where this element begins, of the list that begins here or later."""
    at = _after_blanks(text, text.index("[", at) + 1)
    for _ in range(wanted):
        at = _after_blanks(text, text.index(",", _DECODER.raw_decode(text, at)[1]) + 1)
    return at


def _after_blanks(text: str, at: int) -> int:
    while text[at].isspace():
        at += 1
    return at


def _text(path: Path) -> str:
    size = path.stat().st_size
    if size > 4 * LARGEST_PROJECT:
        raise _ProjectError(
            f"it is too large: {size:,} bytes; the service takes {LARGEST_PROJECT:,} characters"
        )
    return path.read_text(encoding="utf-8-sig")


def _parsed(text: str) -> Any:
    _look_over(text)
    project = json.loads(
        text, object_pairs_hook=_object, parse_constant=_no_number, parse_int=_integer, parse_float=_float
    )
    if _SURROGATE.search(json.dumps(project, ensure_ascii=False)):
        raise _ProjectError("it holds half a character (a lone surrogate); export it again")
    return project


def _look_over(text: str) -> None:
    """Counts before it builds: a small file can nest deeper, and hold more values, than anything may."""
    if len(text) > LARGEST_PROJECT:
        raise _ProjectError(
            f"it is too large: {len(text):,} characters; the service takes {LARGEST_PROJECT:,}"
        )
    depth = values = 0
    for token in _TOKEN.finditer(text):
        match token[0]:
            case "[" | "{":
                depth += 1
                values += 1
            case "]" | "}":
                depth -= 1
            case ",":
                values += 1
        if depth > _DEEPEST:
            raise _ProjectError(f"it is nested deeper than {_DEEPEST} levels")
        if values > _MOST_VALUES:
            raise _ProjectError(f"it holds more than {_MOST_VALUES:,} values")


def _object(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) < len(pairs):
        names = [name for name, _ in pairs]
        twice = next(name for name in names if names.count(name) > 1)
        raise _ProjectError(f'an object has "{twice}" twice; remove one')
    return found


def _no_number(name: str) -> NoReturn:
    raise _ProjectError(f"{name} is no number JSON knows")


def _integer(digits: str) -> int:
    length = len(digits.lstrip("-"))
    if length > _MOST_DIGITS:
        raise _ProjectError(f"a number has {length:,} digits; {_MOST_DIGITS} are the most")
    return int(digits)


def _float(digits: str) -> float:
    value = float(digits)
    if not math.isfinite(value):
        raise _ProjectError(f"{digits[:20]} is too large a number")
    return value

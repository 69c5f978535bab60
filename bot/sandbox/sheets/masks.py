"""Field masks: `sheets(properties.title,data/rowData)` as Google's APIs accept them.

`parse` gives a tree; `Mask.pick` cuts an answer down to it, `Mask.merge` writes only its fields.
"""

from __future__ import annotations

import re
from typing import Any

from bot.sandbox.sheets.wire import ApiError, Json, invalid

_TOKEN = re.compile(r"\s*([A-Za-z0-9_@*]+|[./(),])")


class Mask:
    """A tree of field names. No children means: everything below here."""

    __slots__ = ("children",)

    def __init__(self, children: dict[str, Mask] | None = None) -> None:
        self.children = children or {}

    @property
    def is_all(self) -> bool:
        return not self.children or "*" in self.children

    def wants(self, *path: str) -> bool:
        """Whether anything at or below this path is asked for."""
        mask: Mask | None = self
        for name in path:
            if mask is None or mask.is_all:
                return mask is not None
            mask = mask.children.get(name)
        return mask is not None

    def below(self, *path: str) -> Mask:
        """The mask that applies at the path; everything when the path itself was named."""
        mask = self
        for name in path:
            mask = mask.children.get(name) or mask.children.get("*") or Mask()
        return mask

    def pick(self, value: Any) -> Any:
        """The value with only the fields of this mask."""
        if self.is_all:
            return value
        if isinstance(value, list):
            return [self.pick(item) for item in value]
        if not isinstance(value, dict):
            return value
        return {name: self.children[name].pick(item) for name, item in value.items() if name in self.children}

    def merge(self, old: Json, new: Json) -> Json:
        """`old` with the fields of this mask taken from `new`; a masked field absent in `new` is cleared."""
        if self.is_all:
            return dict(new)
        result = dict(old)
        for name, mask in self.children.items():
            value = new.get(name)
            if mask.is_all or not isinstance(old.get(name, {}), dict) or not isinstance(value or {}, dict):
                merged = value
            else:
                merged = mask.merge(old.get(name) or {}, value or {}) or None
            if merged is None:
                result.pop(name, None)
            else:
                result[name] = merged
        return result

    def add(self, path: list[str]) -> Mask:
        """Adds a path and answers the mask at its end."""
        mask = self
        for name in path:
            mask = mask.children.setdefault(name, Mask())
        return mask


def parse(text: str | None) -> Mask:
    """The tree of a mask text; everything when the text is missing or empty.

    Raises ApiError (400) when the text is no mask.
    """
    root = Mask()
    if not text or not text.strip():
        return root
    tokens = _tokens(text)
    rest = _read_list(tokens, 0, [], root)
    if rest != len(tokens):
        raise _unreadable(text)
    return root


def _tokens(text: str) -> list[str]:
    tokens, position = [], 0
    stripped = text.rstrip()
    while position < len(stripped):
        match = _TOKEN.match(stripped, position)
        if match is None:
            raise _unreadable(text)
        tokens.append(match[1])
        position = match.end()
    return tokens


def _read_list(tokens: list[str], at: int, prefix: list[str], root: Mask) -> int:
    while True:
        at = _read_path(tokens, at, prefix, root)
        if at >= len(tokens) or tokens[at] != ",":
            return at
        at += 1


def _read_path(tokens: list[str], at: int, prefix: list[str], root: Mask) -> int:
    path = list(prefix)
    while True:
        if at >= len(tokens) or tokens[at] in "./(),":
            raise _unreadable("".join(tokens))
        path.append(tokens[at])
        at += 1
        if at < len(tokens) and tokens[at] in "./":
            at += 1
            continue
        break
    if at < len(tokens) and tokens[at] == "(":
        at = _read_list(tokens, at + 1, path, root)
        if at >= len(tokens) or tokens[at] != ")":
            raise _unreadable("".join(tokens))
        return at + 1
    # Naming a field whole after naming a part of it asks for all of it.
    root.add(path).children.clear()
    return at


def _unreadable(text: str) -> ApiError:
    return invalid(f"Request contains an invalid argument. Error expanding 'fields' parameter: '{text}'")

"""A request to a v4 method, with its path already taken apart."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from bot.sandbox.sheets.library import Library
from bot.sandbox.sheets.sharing import ANYBODY, Caller
from bot.sandbox.sheets.wire import Json, truthy


@dataclass(frozen=True, slots=True)
class Call:
    """One request: the spreadsheet's id, the range in the path, the query and the body."""

    library: Library
    spreadsheet_id: str = ""
    range: str = ""
    # What the path names beside the spreadsheet: a tab, or a piece of developer metadata.
    part: str = ""
    query: Mapping[str, list[str]] = field(default_factory=dict)
    body: Json = field(default_factory=dict)
    caller: Caller = ANYBODY

    def get(self, name: str) -> str | None:
        found = self.query.get(name)
        return found[-1] if found else None

    def all(self, name: str) -> list[str]:
        return self.query.get(name, [])

    def says(self, name: str) -> bool:
        return truthy(self.get(name))

    def from_body(self, name: str) -> str | None:
        value = self.body.get(name)
        return None if value is None else str(value)

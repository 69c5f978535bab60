"""Proven values: parts of a payload that were looked at when the template was made, and need no look with every row.

They are plain values to everybody but the checks. Reading a payload back makes them unproven again.
"""

from __future__ import annotations

from typing import Any


class Proven:
    """Marks what was checked before."""

    __slots__ = ()


class ProvenDict(Proven, dict[str, Any]):
    """An object nothing is filled into."""

    __slots__ = ()


class PartlyProven(dict[str, Any]):
    """An object of which only a few keys are filled."""

    __slots__ = ("filled",)

    def __init__(self, fixed: ProvenDict, filled: dict[str, Any]) -> None:
        super().__init__(fixed)
        self.update(filled)
        self.filled = filled
        """What must be looked at."""


class ProvenList(Proven, list[Any]):
    """A list nothing is filled into."""

    __slots__ = ()


class ProvenText(Proven, str):
    """Markup that was parsed with its places empty, and values spelled so that they cannot change it."""

    __slots__ = ()

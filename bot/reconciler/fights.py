"""Cells of the robot's that something else keeps writing to: put right every time, and told of when it goes on.

A slip of a hand is mended once. A cell that has to be written with the very same value again and again is fought
over: by another tool, a script, a formula, or because it lies inside a merged block and keeps nothing.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import islice

from bot.domain.cells import Cell, Written, cell_text, fold
from bot.domain.contract import RobotColumn
from bot.domain.ids import RecordId
from bot.planner.actions import CellEdit

_ROUNDS = 5
_WITHIN_SECONDS = 600.0
_WATCHED = 200
"""Cells of one write that are looked after: whoever spoils thousands spoils these."""

_ROBOTS = {fold(name) for name in RobotColumn}


@dataclass(frozen=True, slots=True)
class _Round:
    value: Written
    times: int
    since: float
    last: float


class Fights:
    """Counts how often the same value had to be written to the same row's cell."""

    def __init__(self) -> None:
        self._rounds: dict[tuple[RecordId, str], _Round] = {}

    def wrote(self, edits: Sequence[CellEdit], header: Sequence[Cell], now: float) -> None:
        """Takes in a write that landed where it was meant to."""
        self._forget_old(now)
        for edit in islice(edits, _WATCHED):
            name = cell_text(header[edit.column]) if edit.column < len(header) else ""
            if edit.record is None or fold(name) not in _ROBOTS:
                continue
            key = edit.record, name
            before = self._rounds.get(key)
            if before is None or before.value != edit.value:
                self._rounds[key] = _Round(edit.value, 1, now, now)
            else:
                self._rounds[key] = _Round(edit.value, before.times + 1, before.since, now)

    def columns(self, now: float) -> tuple[str, ...]:
        """The columns that are fought over, by name."""
        self._forget_old(now)
        return tuple(sorted({name for (_, name), one in self._rounds.items() if one.times >= _ROUNDS}))

    def _forget_old(self, now: float) -> None:
        """One that was left alone for a while is over; what never became a fight is forgotten as a slip."""
        self._rounds = {
            key: one
            for key, one in self._rounds.items()
            if now - (one.last if one.times >= _ROUNDS else one.since) < _WITHIN_SECONDS
        }

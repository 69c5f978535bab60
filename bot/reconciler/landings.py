"""Writes nobody knows to have landed where they were meant to, until a read has shown it.

Kept in memory only: a process that dies between such a write and the next read leaves what it spoiled to the
version history of the spreadsheet.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import structlog

from bot.domain.failures import Failure
from bot.domain.ids import RecordId
from bot.planner.actions import CellEdit
from bot.planner.landing import Landing, mend, patched
from bot.ports import Reading, Receipt, Target

log = structlog.get_logger()

_MOST_LOOKS = 12


@dataclass(frozen=True, slots=True)
class Mended:
    """A tab as it reads once people have their cells back, and what that takes."""

    reading: Reading
    edits: tuple[CellEdit, ...] = ()
    lost_ticks: frozenset[RecordId] = frozenset()


class Landings:
    """The writes of one tab that are still to be looked after; nearly always none."""

    def __init__(self) -> None:
        self._open: list[tuple[Landing, int]] = []
        """Each with the number of looks it has had."""

    def look(self, reading: Reading) -> Mended:
        """Compares what was read with what earlier writes were meant for."""
        mended = Mended(reading)
        landings, self._open = self._open, []
        for landing, looks in landings:
            found = mend(landing, mended.reading.values)
            if (found.edits or found.lost_ticks) and looks < _MOST_LOOKS:
                # Until a write has proved to be in place; never so long that people could not have it otherwise.
                self._open.append((landing, looks + 1))
            values = patched(mended.reading.values, found.edits)
            mended = Mended(
                replace(mended.reading, values=values),
                (*mended.edits, *found.edits),
                mended.lost_ticks | found.lost_ticks,
            )
            if found.beyond_help:
                log.error(
                    "cells_overwritten", cells=found.beyond_help, reason="Rows and columns moved at once."
                )
        if mended.edits:
            log.warning(
                "cells_given_back",
                cells=[(edit.row_number, edit.column) for edit in mended.edits],
                reason="Columns or rows moved while the robot wrote. Formulas come back as the values they showed.",
            )
        return mended

    def wrote(
        self, reading: Reading, edits: tuple[CellEdit, ...], target: Target, answer: Receipt | Failure
    ) -> None:
        """Keeps a write in mind unless its answer proved that all is in place, which clears up earlier ones too."""
        # An id that was written itself proves nothing, and no id even less.
        is_proved = (
            isinstance(answer, Receipt)
            and not (answer.misplaced or answer.columns_moved)
            and all(edit.record is not None and edit.column != target.row_id for edit in edits)
        )
        if is_proved:
            self._open.clear()
        elif edits:
            self._open.append((Landing(reading.values, edits), 0))

    def nothing_left(self) -> None:
        """A read showed that there is nothing to put back."""
        self._open.clear()

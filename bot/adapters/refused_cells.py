"""Cells Google would not take: found by asking for less at a time, then left out so that the others get written.

A person protected them, or a value is not to Google's taste. After some minutes they are tried again.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import groupby

from bot.domain.cells import column_letters
from bot.domain.failures import Failure, FailureClass
from bot.planner.actions import CellEdit
from bot.ports import NOTHING_BESIDE, Beside, Receipt, Refused

REFUSALS = (FailureClass.REJECTED, FailureClass.DENIED)
"""A write that Google did not want; anything else is no matter of its cells."""

_AGAIN_SECONDS = 120.0
_CUT_INTO = 4


@dataclass(frozen=True, slots=True)
class Piece:
    """A part of a write that may be refused by itself: cells of one column, or what goes to another tab."""

    edits: tuple[CellEdit, ...] = ()
    beside: Beside = NOTHING_BESIDE

    @property
    def where(self) -> str:
        """As people name the place."""
        if not self.edits:
            return '"Control"' if self.beside.board else '"Log"'
        first, last = self.edits[0], self.edits[-1]
        corner = f"{column_letters(first.column)}{first.row_number}"
        return corner if first == last else f"{corner}:{column_letters(last.column)}{last.row_number}"

    def quarters(self) -> list[Piece]:
        """The same cells in up to four pieces."""
        size = -(-len(self.edits) // _CUT_INTO)
        return [Piece(self.edits[start : start + size]) for start in range(0, len(self.edits), size)]


def pieces(edits: Sequence[CellEdit], beside: Beside) -> Iterator[Piece]:
    """The whole write, column by column: people protect columns, not scattered cells."""
    if beside.board:
        yield Piece(beside=replace(beside, log=None))
    if beside.log is not None:
        yield Piece(beside=replace(beside, board=()))
    ordered = sorted(edits, key=lambda edit: (edit.column, edit.row_number))
    for _, column in groupby(ordered, key=lambda edit: edit.column):
        yield Piece(tuple(column))


@dataclass(frozen=True, slots=True)
class _Standing:
    where: str
    detail: str
    until: float


class Refusals:
    """What is left out for now."""

    def __init__(self) -> None:
        self._cells: dict[tuple[str, int], _Standing] = {}
        self._tabs: dict[str, _Standing] = {}

    def without_refused(
        self, edits: Sequence[CellEdit], beside: Beside, now: float
    ) -> tuple[list[CellEdit], Beside]:
        """What may be tried now."""
        self._cells = {name: one for name, one in self._cells.items() if one.until > now}
        self._tabs = {name: one for name, one in self._tabs.items() if one.until > now}
        allowed = Beside(
            () if '"Control"' in self._tabs else beside.board, None if '"Log"' in self._tabs else beside.log
        )
        return [edit for edit in edits if _name(edit) not in self._cells], allowed

    def note(self, piece: Piece, said: Failure, now: float) -> None:
        """What Google does not take is this very piece."""
        standing = _Standing(piece.where, said.detail, now + _AGAIN_SECONDS)
        if not piece.edits:
            self._tabs[piece.where] = standing
        for edit in piece.edits:
            self._cells[_name(edit)] = standing

    def forget(self) -> None:
        """Nothing at all may be written: that is no matter of some cells."""
        self._cells.clear()
        self._tabs.clear()

    def told(self, title: str) -> tuple[Refused, ...]:
        """What people should know, each place once."""
        found = {f'"{title}" {one.where}': one.detail for one in self._cells.values()}
        found |= {one.where: one.detail for one in self._tabs.values()}
        return tuple(Refused(where, detail) for where, detail in found.items())


class Sieve:
    """Writes a refused write piece by piece, and narrows down what it was refused for."""

    def __init__(self, write: Callable[[Piece], Receipt | Failure], refusals: Refusals, now: float) -> None:
        self._write = write
        self._refusals = refusals
        self._now = now
        self.taken: list[Receipt] = []
        self.stopped: Failure | None = None
        """Trouble of another kind; the rest is left for later."""

        self.has_moved = False
        """Whether another header stands over the cells by now."""

    def sift(self, piece: Piece) -> None:
        """Writes it, or as much of it as is taken."""
        said = self._tried(piece)
        if said is not None:
            self._narrow(piece, said)

    def _narrow(self, piece: Piece, said: Failure) -> None:
        if len(piece.edits) <= 1:
            self._refusals.note(piece, said, self._now)
            return
        quarters = piece.quarters()
        refused = [(quarter, why) for quarter in quarters if (why := self._tried(quarter)) is not None]
        if len(refused) == len(quarters):
            # Not some cells, the whole range; it is not asked for cell by cell.
            self._refusals.note(piece, said, self._now)
            return
        for quarter, why in refused:
            self._narrow(quarter, why)

    def _tried(self, piece: Piece) -> Failure | None:
        """Why it was refused; None when it was taken, or when there is no use in going on."""
        if self.stopped is not None or self.has_moved:
            return None
        said = self._write(piece)
        if isinstance(said, Receipt):
            self.taken.append(said)
            self.has_moved = said.columns_moved
        elif said.kind in REFUSALS:
            return said
        else:
            self.stopped = said
        return None


def _name(edit: CellEdit) -> tuple[str, int]:
    """The cell, wherever its row stands."""
    return edit.record or str(edit.row_number), edit.column

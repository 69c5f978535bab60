"""Whether another robot works on the same spreadsheet: each signs the Control tab, and reads the signature first.

A signature that is not ours and still changes belongs to a robot that lives: nothing is planned, written or
sent beside it. One that stands still long enough was left behind. Own former lives are known by name, so a
restart waits for nobody. Times are monotonic seconds of this process; the other clock is never trusted.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from enum import StrEnum
from uuid import UUID

from bot.domain.cells import Cell
from bot.domain.control import Control
from bot.ports import Clock

ALIVE_SECONDS = 300.0
"""A robot signs at least every two minutes: after this long in silence it is taken to be gone."""


class Standing(StrEnum):
    """Whose spreadsheet it is."""

    OURS = "ours"
    WATCHED = "watched"
    """Another robot signed; whether it lives is not yet known, or it does."""

    CLAIMED = "claimed"
    """Its videos were made by another installation: their job ids are not ours to tell."""


@dataclass(frozen=True, slots=True)
class Signature:
    """Who this process is, and under which name its jobs are derived."""

    worker: str
    former: Collection[str]
    installation: str

    def claim(self, spreadsheet: str) -> str:
        """What the Installation cell holds; a copied workbook's does not name the copy."""
        return f"{self.installation} {spreadsheet[-6:]}"


class Presence:
    """Watches one spreadsheet's signatures."""

    def __init__(self, signature: Signature, spreadsheet: str, clock: Clock) -> None:
        self.signature = signature
        self._spreadsheet = spreadsheet
        self._clock = clock
        self._seen: tuple[str, Cell] | None = None
        self._since = 0.0

    @property
    def claim(self) -> str:
        """Our own claim on this spreadsheet."""
        return self.signature.claim(self._spreadsheet)

    def of(self, control: Control) -> Standing:
        """Takes one look in."""
        worker = control.worker
        if worker and worker != self.signature.worker and worker not in self.signature.former:
            sign = (worker, control.looked_at)
            monotonic = self._clock.monotonic()
            if sign != self._seen:
                self._seen, self._since = sign, monotonic
            if monotonic - self._since < ALIVE_SECONDS:
                return Standing.WATCHED
        else:
            self._seen = None
        claimed = claimed_by(control, self._spreadsheet)
        is_foreign = claimed is not None and str(claimed) != self.signature.installation
        return Standing.CLAIMED if is_foreign else Standing.OURS


def claimed_by(control: Control, spreadsheet: str) -> UUID | None:
    """The installation that claims this spreadsheet; a copy of a workbook is claimed by nobody."""
    name, _, where = control.installation.partition(" ")
    if where != spreadsheet[-6:]:
        return None
    try:
        return UUID(name)
    except ValueError:
        return None

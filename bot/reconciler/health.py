"""Health: what has gone wrong often enough in a row that somebody should look at the robot itself."""

from __future__ import annotations

from collections.abc import Collection

BUGS_IN_A_ROW = 3


class Health:
    """Counts, tab by tab, what one tick after the other met; whatever a tick does not meet is over."""

    def __init__(self) -> None:
        self._in_a_row: dict[str, dict[str, int]] = {}
        self._sick: dict[str, str] = {}

    def note(self, tab: str, bugs: Collection[str], sick: str = "") -> None:
        """One tick of a tab: the mistakes of ours it met, and what else kept it from its work at all."""
        before = self._in_a_row.get(tab, {})
        self._in_a_row[tab] = {number: before.get(number, 0) + 1 for number in bugs}
        self._sick[tab] = sick

    @property
    def bugs(self) -> tuple[str, ...]:
        """The same mistakes of ours, met again and again."""
        return tuple(
            f"{tab}: the same bug {number} {BUGS_IN_A_ROW} times in a row"
            for tab, counted in self._in_a_row.items()
            for number, count in counted.items()
            if count >= BUGS_IN_A_ROW
        )

    @property
    def reasons(self) -> tuple[str, ...]:
        """Why the robot is failing; none while it is well."""
        return (*self.bugs, *(f"{tab}: {words}" for tab, words in self._sick.items() if words))

"""Health: what has gone wrong often enough in a row that somebody should look at the robot itself."""

from __future__ import annotations

from collections.abc import Collection, Iterator

from bot.domain import wording
from bot.domain.news import Matter, Topic
from bot.planner.matters import ROBOT

BUGS_IN_A_ROW = 3


class Health:
    """Counts, tab by tab, what one tick after the other met; whatever a tick does not meet is over."""

    def __init__(self) -> None:
        self._in_a_row: dict[str, dict[str, int]] = {}
        self._sick: dict[str, str] = {}
        self._topics: dict[str, Topic] = {}

    def note(self, tab: str, bugs: Collection[str], sick: str = "", topic: Topic = Topic.SHEET) -> None:
        """One tick of a tab: the mistakes of ours it met, and what else kept it from its work at all."""
        before = self._in_a_row.get(tab, {})
        self._in_a_row[tab] = {number: before.get(number, 0) + 1 for number in bugs}
        self._sick[tab], self._topics[tab] = sick, topic

    @property
    def bugs(self) -> tuple[str, ...]:
        """The same mistakes of ours, met again and again."""
        return tuple(
            f"{tab}: the same bug {number} {BUGS_IN_A_ROW} times in a row" for tab, number in self._stubborn()
        )

    @property
    def reasons(self) -> tuple[str, ...]:
        """Why the robot is failing; none while it is well."""
        return (*self.bugs, *(f"{tab}: {words}" for tab, words in self._sick.items() if words))

    @property
    def matters(self) -> tuple[Matter, ...]:
        """The same for people who get messages: what is wrong, without what anybody answered."""
        bugs = {
            tab: Matter(Topic.BUG, ROBOT, wording.same_mistake_again(), tab, tab=tab)
            for tab, _ in self._stubborn()
        }
        sick = (self._matter(tab) for tab, words in self._sick.items() if words)
        # The journal is everybody's: one message for all tabs.
        return (*bugs.values(), *{one.key: one for one in sick}.values())

    def _stubborn(self) -> Iterator[tuple[str, str]]:
        for tab, counted in self._in_a_row.items():
            yield from ((tab, number) for number, count in counted.items() if count >= BUGS_IN_A_ROW)

    def _matter(self, tab: str) -> Matter:
        topic = self._topics[tab]
        if topic is Topic.JOURNAL:
            return Matter(topic, ROBOT, wording.journal_out_of_order())
        is_header = topic is Topic.HEADER
        text = wording.header_out_of_order() if is_header else wording.sheet_out_of_reach()
        return Matter(topic, ROBOT, text, tab, tab=tab)

"""Strays: jobs at the service whose tab nobody looks after any more, or not yet.

A tab taken out of the settings, deleted or out of reach at the start may have left videos under way. They are paid for
and fill the window that all tabs share: unless they are followed to their end, nothing else is ever sent.
"""

from __future__ import annotations

from collections.abc import Callable, Collection

import structlog

from bot.domain.bugs import bug_of
from bot.domain.ids import TabKey
from bot.domain.intents import IN_FLIGHT
from bot.ports import Journal, JournalConflictError, JournalError
from bot.reconciler.follower import Follower

log = structlog.get_logger()


class Strays:
    """Only the worker comes here, between two ticks."""

    def __init__(
        self,
        journal: Journal,
        tabs: Collection[TabKey],
        served: Callable[[], Collection[TabKey | None]],
        follower: Callable[[TabKey], Follower],
    ) -> None:
        """`tabs` have jobs under way; none begins on a tab nobody serves. Whatever is served is left alone."""
        self._journal = journal
        self._served = served
        self._start = follower
        self._left: dict[TabKey, Follower | None] = dict.fromkeys(tabs)
        self._told = set[str]()

    def follow(self) -> None:
        """One look at all of them that are due; trouble with one is nobody else's."""
        served = self._served()
        for tab in [one for one in self._left if one in served]:
            # Whoever opened it reads the journal for itself.
            del self._left[tab]
        for tab in list(self._left):
            try:
                self._follow(tab)
            except (JournalError, JournalConflictError):
                # Every tab says so, in words.
                return
            except Exception as error:
                bug = bug_of(error).number
                if bug not in self._told:
                    self._told.add(bug)
                    log.exception("stray_broke", number=bug)

    def _follow(self, tab: TabKey) -> None:
        self._journal.confirm()
        follower = self._left[tab]
        if follower is None:
            follower = self._left[tab] = self._start(tab)
            log.warning(
                "jobs_without_a_tab",
                spreadsheet=tab.spreadsheet,
                tab_id=tab.tab,
                reason="The settings do not name their tab, or it cannot be opened. They are followed to their end.",
            )
        memory = follower.books.open()
        if not any(one.state in IN_FLIGHT for one in memory.live.values()):
            del self._left[tab]
            return
        follower.look()

"""What this process knows of links: one desk for all tabs, since the same file is the same for all of them."""

from __future__ import annotations

from dataclasses import replace
from urllib.parse import urlsplit

import structlog

from bot.domain.ids import TabKey
from bot.domain.media.looks import Finding, Look, Sights, Sizes
from bot.domain.media.reach import PUBLIC, Reach
from bot.planner.actions import LinkWishes
from bot.planner.snapshot import Snapshot
from bot.ports import Clock
from bot.reconciler.scouts import Scouting

log = structlog.get_logger()

_SPARE = 1_000
"""Looks that are kept although no row depends on them now: rows are edited back and forth."""


class MediaDesk:
    """Keeps what looks found, and hands out the next ones. Only the worker comes here."""

    def __init__(
        self,
        clock: Clock,
        scouts: Scouting | None = None,
        *,
        reach: Reach = PUBLIC,
        sizes: Sizes | None = None,
    ) -> None:
        """Without scouts no link is looked at, and none is in the way."""
        self._clock = clock
        self._scouts = scouts
        self._reach = reach
        self._sizes = sizes or Sizes()
        self._looks: dict[str, Look] = {}
        self._wishes: dict[TabKey, LinkWishes] = {}
        self._due: dict[TabKey, float] = {}
        self.edition = 0
        """Grows whenever something that was found is taken in."""

    @property
    def has_news(self) -> bool:
        """Whether something was found that no plan knows yet."""
        return self._scouts is not None and self._scouts.has_news

    @property
    def is_back(self) -> bool:
        """Whether there is news, and no more of it to come for now: worth a tick of its own."""
        return self._scouts is not None and self._scouts.has_news and self._scouts.is_idle

    def shown_to(self, seen: Snapshot) -> Snapshot:
        """The snapshot with all that is known of links."""
        if self._scouts is None:
            return seen
        self.take_in()
        monotonic = self._clock.monotonic()
        sights = Sights(self._looks, self._scouts.pending, monotonic, self._reach, self._sizes)
        return replace(seen, sights=sights)

    def want(self, tab: TabKey, wishes: LinkWishes) -> None:
        """What a tab's plan wants to know next."""
        if self._scouts is None:
            return
        self._wishes[tab] = wishes
        self._due[tab] = self._clock.monotonic() + (wishes.next_in or 0.0)
        self._forget()
        self._scouts.send(tab, wishes.due)

    def next_due(self, tab: TabKey) -> float | None:
        """Seconds until a look is due again, or a link ends; None when that is now, or nothing is."""
        left = self._due.get(tab, 0.0) - self._clock.monotonic()
        return left if left > 0 else None

    def open_in(self) -> float | None:
        """Seconds until the next look without which a row cannot be judged; None when there is none to come."""
        if self._scouts is None:
            return None
        links = {link for wishes in self._wishes.values() for link in wishes.links}
        if self._scouts.has_news or any(link in links for link in self._scouts.pending):
            return 0.0
        looks = (self._looks[link] for link in links if link in self._looks)
        monotonic = self._clock.monotonic()
        return min((max(one.again_at - monotonic, 0.0) for one in looks if one.is_doubtful), default=None)

    def wait(self, seconds: float) -> bool:
        """Whether everything wanted was looked at, after at most so long; for commands that end."""
        return self._scouts is None or self._scouts.wait(seconds)

    def take_in(self) -> None:
        """What was found, as of now: also called where no plan asks, so that it does not look fresh later."""
        for link, sight in self._scouts.returned() if self._scouts is not None else ():
            now, monotonic = self._clock.now(), self._clock.monotonic()
            look = Look.taken(sight, self._looks.get(link), at=monotonic, on=now)
            self._looks[link] = look
            self.edition += 1
            say = log.debug if sight.finding is Finding.THERE else log.info
            say(
                "link_looked_at",
                host=urlsplit(link).hostname,
                finding=sight.finding.value,
                kind=sight.kind.value,
                size=sight.size,
                times=look.times,
                detail=sight.detail,
            )

    def _forget(self) -> None:
        """What no row depends on, the oldest first; what one depends on is never forgotten, or it would be looked
        at again for ever.
        """
        kept = frozenset[str]().union(*(wishes.links for wishes in self._wishes.values()))
        spare = len(self._looks) - len(kept) - _SPARE
        if spare <= 0:
            return
        loose = sorted(
            (link for link in self._looks if link not in kept), key=lambda one: self._looks[one].at
        )
        for link in loose[: max(len(loose) - _SPARE, 0)]:
            del self._looks[link]

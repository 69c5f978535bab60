"""Scouts: look at links beside the ticks, a few at a time and never more than two on one host; a slow site delays
nobody but its own links.
"""

from __future__ import annotations

import threading
from collections import Counter, deque
from collections.abc import Callable, Hashable, Iterable, Sequence
from collections.abc import Set as AbstractSet
from typing import Protocol
from urllib.parse import urlsplit

import structlog

from bot.domain.media.looks import Finding, Sight

log = structlog.get_logger()

_SCOUTS = 8
_ON_ONE_HOST = 2
Look = Callable[[str], Sight]


class Scouting(Protocol):
    """Whoever carries out looks."""

    def send(self, who: Hashable, links: Sequence[str]) -> None:
        """These are what somebody wants looked at now; what he wanted before is forgotten, unless under way."""
        ...

    def returned(self) -> list[tuple[str, Sight]]:
        """What was found since the last time this was asked."""
        ...

    @property
    def pending(self) -> AbstractSet[str]:
        """Links whose look is still to come, or was not asked for yet."""
        ...

    @property
    def has_news(self) -> bool:
        """Whether something was found that nobody asked for yet."""
        ...

    @property
    def is_idle(self) -> bool:
        """Whether all that was wanted has been looked at."""
        ...

    def wait(self, seconds: float) -> bool:
        """Whether all that was wanted has been looked at, after at most so long."""
        ...


class Scouts:
    """A few threads; they begin with the first link and end when the process does, whatever they wait for."""

    def __init__(self, look: Look, on_news: Callable[[], None] = lambda: None) -> None:
        """`on_news` is called by a scout when all that was wanted has been looked at."""
        self._look = look
        self.on_news = on_news
        self._changed = threading.Condition()
        self._wanted: dict[Hashable, tuple[str, ...]] = {}
        self._queues: dict[str, deque[str]] = {}
        """What is still to be looked at, by host; the host whose turn it is comes first."""

        self._under_way: dict[str, str] = {}
        """Links that are being looked at, and their hosts."""

        self._returned: list[tuple[str, Sight]] = []
        self._threads: list[threading.Thread] = []
        self._is_over = False

    def send(self, who: Hashable, links: Sequence[str]) -> None:
        with self._changed:
            if self._is_over:
                return
            self._wanted[who] = tuple(links)
            self._line_up(self._wanted.values())
            useful = len(self._under_way) + sum(map(len, self._queues.values()))
            for _ in range(min(_SCOUTS, useful) - len(self._threads)):
                thread = threading.Thread(target=self._work, daemon=True, name="scout")
                self._threads.append(thread)
                thread.start()
            self._changed.notify_all()

    def returned(self) -> list[tuple[str, Sight]]:
        with self._changed:
            found, self._returned = self._returned, []
            return found

    @property
    def pending(self) -> AbstractSet[str]:
        with self._changed:
            waiting = (link for queue in self._queues.values() for link in queue)
            return {*self._under_way, *waiting, *(link for link, _ in self._returned)}

    @property
    def has_news(self) -> bool:
        return bool(self._returned)

    @property
    def is_idle(self) -> bool:
        return not self._queues and not self._under_way

    def wait(self, seconds: float) -> bool:
        with self._changed:
            return self._changed.wait_for(lambda: self.is_idle, seconds)

    def close(self) -> None:
        """Nothing more is begun; looks under way end with the process, or in their own time."""
        with self._changed:
            self._is_over = True
            self._queues.clear()
            self._changed.notify_all()

    def _line_up(self, wanted: Iterable[Sequence[str]]) -> None:
        """Each host has a line of its own, so that one with many links keeps no other waiting."""
        done = {*self._under_way, *(link for link, _ in self._returned)}
        self._queues.clear()
        for link in dict.fromkeys(link for links in wanted for link in links):
            if link not in done:
                self._queues.setdefault(urlsplit(link).hostname or "", deque()).append(link)

    def _next(self) -> str | None:
        """The next link of a host that is not busy; that host's turn comes last from now on."""
        busy = Counter(self._under_way.values())
        host = next((one for one in self._queues if busy[one] < _ON_ONE_HOST), None)
        if host is None:
            return None
        queue = self._queues.pop(host)
        link = queue.popleft()
        if queue:
            self._queues[host] = queue
        self._under_way[link] = host
        return link

    def _work(self) -> None:
        while True:
            with self._changed:
                link = None
                while not self._is_over and (link := self._next()) is None:
                    self._changed.wait()
            if link is None:
                return
            sight = self._sight(link)
            with self._changed:
                del self._under_way[link]
                self._returned.append((link, sight))
                is_news = self.is_idle and not self._is_over
                self._changed.notify_all()
            if is_news:
                self.on_news()

    def _sight(self, link: str) -> Sight:
        try:
            return self._look(link)
        except Exception as error:
            # A mistake of ours says nothing of the link.
            log.exception("look_broke", host=urlsplit(link).hostname)
            return Sight(Finding.SILENT, detail=f"look broke ({type(error).__name__})")

"""Couriers: copy finished videos and look at links beside the ticks, two at a time; no tick waits for one.

A courier notes nothing: what it found waits until the worker has written it down. One that is cut off leaves at most a
part of a file behind.
"""

from __future__ import annotations

import threading
from collections import deque
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

import structlog

from bot.domain.delivery import (
    ENDINGS,
    FOR_GOOD,
    OF_THE_STORAGE,
    Delivered,
    DeliveryProblem,
    Fetched,
    Looked,
    Stored,
    Undelivered,
)
from bot.domain.filenames import public_link
from bot.domain.ids import JobId, TabKey
from bot.planner.delivering import Fetch, Found, LookAt, Order
from bot.ports import Downloads, Storage

log = structlog.get_logger()

_AT_ONCE = 2
_THUMBNAIL_BYTES = 25_000_000


class Loft(Protocol):
    """Where parts of files lie until they are whole and kept."""

    def place(self, name: str) -> Path:
        """Where a file of this name is loaded to."""
        ...

    def loaded(self, into: Path) -> Path | None:
        """The file that was loaded there."""
        ...

    def discard(self, into: Path) -> None:
        """Forgets it."""
        ...


@dataclass(frozen=True, slots=True)
class Van:
    """Everything a courier needs."""

    downloads: Downloads
    storage: Storage | None
    """None: nothing is copied, links are only looked at."""

    loft: Loft
    public_url: str = ""
    most_bytes: int = 2_000_000_000
    looks: bool = True
    """Whether links are looked at."""

    def carry_out(self, order: Order) -> Found:
        """Does what was ordered."""
        return self._copied(order) if isinstance(order, Fetch) else self._looked(order)

    def _copied(self, order: Fetch) -> Found:
        intent, storage = order.intent, self.storage
        if storage is None:
            return Undelivered(DeliveryProblem.STORAGE_AWAY, "there is no storage")
        video = self._kept(storage, intent.job_id, intent.url or "", order.name, self.most_bytes)
        if isinstance(video, Undelivered):
            return video
        thumbnail = None
        if intent.thumbnail_url:
            name = f"{order.name}-thumbnail"
            found = self._kept(
                storage,
                f"{intent.job_id}-t",
                intent.thumbnail_url,
                name,
                min(_THUMBNAIL_BYTES, self.most_bytes),
            )
            if isinstance(found, Undelivered):
                if found.problem in OF_THE_STORAGE:
                    return found
                # A video without its picture is worth more than none.
                log.warning("thumbnail_not_copied", job_id=intent.job_id, reason=found.detail)
            else:
                thumbnail = found
        is_alive = self.downloads.is_alive(video.link) if video.link and self.looks else None
        return Delivered(storage.label, video, thumbnail, is_link_closed=is_alive is False)

    def _kept(self, storage: Storage, part: str, link: str, name: str, limit: int) -> Stored | Undelivered:
        into = self.loft.place(part)
        got = self._whole(link, into, limit)
        kept: str | Undelivered = ""
        if isinstance(got, Undelivered):
            kept = got
        else:
            file = self.loft.loaded(into)
            assert file is not None  # it was loaded just now
            kept = storage.keep(name, ENDINGS[got.kind], file, got.digest)
        if not isinstance(kept, Undelivered) or kept.problem in FOR_GOOD:
            self.loft.discard(into)
        if isinstance(kept, Undelivered) or isinstance(got, Undelivered):
            return kept if isinstance(kept, Undelivered) else Undelivered(DeliveryProblem.BUG, "")
        return Stored(kept, got.digest, public_link(self.public_url, kept))

    def _whole(self, link: str, into: Path, limit: int) -> Fetched | Undelivered:
        got = self.downloads.fetch(link, into, limit)
        if isinstance(got, Fetched) and got.kind not in ENDINGS:
            return Undelivered(DeliveryProblem.NO_VIDEO, got.kind.value)
        return got

    def _looked(self, order: LookAt) -> Looked:
        there = [self._held(one) for one in (order.stored, order.thumbnail)]
        return Looked(there[0], self.downloads.is_alive(order.link), there[1])

    def _held(self, stored: Stored | None) -> bool | None:
        if stored is None or self.storage is None:
            return None
        held = self.storage.holds(stored)
        return None if isinstance(held, Undelivered) else held


class Couriers:
    """Two threads; they begin with the first order and end when the process does, whatever they wait for."""

    def __init__(
        self, carry_out: Callable[[Order], Found], on_news: Callable[[], None] = lambda: None
    ) -> None:
        self._carry_out = carry_out
        self.on_news = on_news
        self._changed = threading.Condition()
        self._waiting: deque[Order] = deque()
        self._with: set[JobId] = set()
        """Videos somebody is under way for, or whose result nobody has written down yet."""

        self._returned: list[tuple[Order, Found]] = []
        self._threads: list[threading.Thread] = []
        self._is_over = False

    def send(self, tab: TabKey, orders: Sequence[Order]) -> None:
        """These are what a tab wants now; what it wanted before and nobody began is forgotten."""
        with self._changed:
            if self._is_over:
                return
            others = [one for one in self._waiting if one.tab != tab]
            mine = [one for one in orders if one.intent.job_id not in self._with]
            self._waiting = deque([*others, *mine])
            for _ in range(min(_AT_ONCE, len(self._waiting)) - len(self._threads)):
                thread = threading.Thread(target=self._work, daemon=True, name="courier")
                self._threads.append(thread)
                thread.start()
            self._changed.notify_all()

    def returned(self, tab: TabKey) -> list[tuple[Order, Found]]:
        """What was found for a tab and is not written down yet."""
        with self._changed:
            return [one for one in self._returned if one[0].tab == tab]

    def written_down(self, orders: Sequence[Order]) -> None:
        """These results are in the journal."""
        with self._changed:
            self._returned = [one for one in self._returned if one[0] not in orders]
            self._with -= {one.intent.job_id for one in orders}

    def close(self) -> None:
        """Nothing more is begun; what is under way ends with the process and is begun again by the next one."""
        with self._changed:
            self._is_over = True
            self._waiting.clear()
            self._changed.notify_all()

    def _work(self) -> None:
        while True:
            with self._changed:
                self._changed.wait_for(lambda: self._waiting or self._is_over)
                if self._is_over:
                    return
                order = self._waiting.popleft()
                self._with.add(order.intent.job_id)
            found = self._found(order)
            with self._changed:
                self._returned.append((order, found))
                if isinstance(found, Undelivered) and found.problem in OF_THE_STORAGE:
                    # No other copy would fare better: what was ordered is thought over first.
                    self._waiting = deque(one for one in self._waiting if isinstance(one, LookAt))
            self.on_news()

    def _found(self, order: Order) -> Found:
        try:
            return self._carry_out(order)
        except Exception as error:
            # A mistake of ours with one video stops no other.
            log.exception("courier_broke", job_id=order.intent.job_id)
            if isinstance(order, LookAt):
                return Looked(None, None)
            return Undelivered(DeliveryProblem.BUG, type(error).__name__)

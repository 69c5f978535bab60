"""Deliveries of all tabs: hands orders out, and writes down what became of them. Only the worker comes here."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Protocol

import structlog

from bot.domain.delivery import OF_THE_STORAGE, DeliveryProblem, Looked, Undelivered
from bot.domain.ids import JobId, TabKey
from bot.domain.news import Matter
from bot.planner.actions import KeepDelivery
from bot.planner.delivering import DeliveryPolicy, Fetch, Found, Order, matter_of, orders, outcome
from bot.planner.snapshot import Memory
from bot.ports import Clock
from bot.reconciler.books import Books
from bot.reconciler.meter import Meter

log = structlog.get_logger()

_HANDED_OUT = 20
"""Orders of a tab at a time: all others are thought over again before anybody begins."""

_GONE_THROUGH_A_SECOND = 5_000
"""Videos; so that going through a long history takes a small share of the time."""


class Delivering(Protocol):
    """Whoever carries orders out."""

    def send(self, tab: TabKey, orders: Sequence[Order]) -> None:
        """These are what a tab wants now."""
        ...

    def returned(self, tab: TabKey) -> list[tuple[Order, Found]]:
        """What was found for a tab and is not written down yet."""
        ...

    def written_down(self, orders: Sequence[Order]) -> None:
        """These results are in the journal."""
        ...


@dataclass(frozen=True, slots=True)
class _Round:
    """When a tab's videos were last gone through."""

    edition: int
    """Of its books."""

    at: float
    next_at: datetime | None
    """When something is due even if nothing changes."""


class DeliveryDesk:
    """One for all tabs: trouble of the storage is everybody's."""

    def __init__(
        self, clock: Clock, couriers: Delivering | None, policy: DeliveryPolicy, meter: Meter | None = None
    ) -> None:
        """Without couriers nothing is copied and no link is looked at again."""
        self._meter = meter or Meter(clock)
        self._clock = clock
        self._couriers = couriers
        self._policy = policy
        self._rounds: dict[TabKey, _Round] = {}
        self._trouble: DeliveryProblem | None = None
        """While the storage is in trouble, one copy tries and the others wait."""

        self._trier: JobId | None = None
        """The video of that copy, every time the same: it lies loaded already, and no other needs to."""

        self._rests_until = 0.0

    @property
    def matters(self) -> tuple[Matter, ...]:
        """What an admin must act on."""
        return (matter_of(self._trouble),) if self._trouble is not None else ()

    def serve(self, books: Books) -> None:
        """Writes results down, then hands out what is due. Raises what the journal raises; nothing is lost then."""
        if self._couriers is None:
            return
        memory = books.open()
        returned = self._couriers.returned(books.tab)
        if returned:
            self._write_down(books, returned)
        if self._is_worth_a_round(books, len(memory.intents)):
            self._hand_out(books, memory)

    def _is_worth_a_round(self, books: Books, size: int) -> bool:
        """Whether anything changed or became due; a long history is gone through less often."""
        last = self._rounds.get(books.tab)
        if last is None:
            return True
        is_due = last.next_at is not None and last.next_at <= self._clock.now()
        is_changed = last.edition != books.edition
        return (is_due or is_changed) and self._clock.monotonic() - last.at >= size // _GONE_THROUGH_A_SECOND

    def _hand_out(self, books: Books, memory: Memory) -> None:
        now, monotonic = self._clock.now(), self._clock.monotonic()
        is_resting = monotonic < self._rests_until
        policy = replace(self._policy, first=self._trier)
        found = orders(books.tab, memory, now, policy, copying=not is_resting, most=_HANDED_OUT)
        books.apply(found.changes)
        assert self._couriers is not None  # whoever is served has some
        due = found.due
        if self._trouble is not None:
            # The first of them tries for all, whatever tab it is of.
            fetches = [one for one in due if isinstance(one, Fetch)]
            is_ours = self._trier is None or any(one.intent.job_id == self._trier for one in fetches)
            due = tuple(one for one in due if one not in fetches[int(is_ours) :])
        self._couriers.send(books.tab, due)
        self._rounds[books.tab] = _Round(books.edition, monotonic, now if is_resting else found.next_at)

    def _write_down(self, books: Books, returned: Sequence[tuple[Order, Found]]) -> None:
        now, memory = self._clock.now(), books.memory
        changes = [
            outcome(order, memory.deliveries.get(order.intent.job_id), found, now)
            for order, found in returned
        ]
        books.apply(changes)
        # Only now they are sure.
        assert self._couriers is not None  # somebody found these
        self._couriers.written_down([order for order, _ in returned])
        for (order, found), change in zip(returned, changes, strict=True):
            self._note(order, found, change, now)

    def _note(self, order: Order, found: Found, change: KeepDelivery, now: datetime) -> None:
        after, job_id = change.delivery, order.intent.job_id
        if isinstance(found, Looked):
            self._meter.delivered("look", found.outcome)
        else:
            problem = found.problem.value if isinstance(found, Undelivered) else "stored"
            self._meter.delivered("copy", problem)
        if isinstance(found, Undelivered):
            log.warning(
                "video_not_delivered",
                job_id=job_id,
                problem=found.problem.value,
                reason=found.detail,
                tries=after.tries,
            )
            if found.problem in OF_THE_STORAGE and after.not_before is not None:
                wait = (after.not_before - now).total_seconds()
                self._rests_until = self._clock.monotonic() + wait
                self._trouble, self._trier = found.problem, self._trier or job_id
                # Whatever was ordered, of any tab, may have been laid aside.
                self._rounds.clear()
            elif job_id == self._trier:
                self._trier = None
        elif isinstance(order, Fetch) and after.video is not None:
            self._trouble, self._trier, self._rests_until = None, None, 0.0
            facts = {"name": after.video.name, "size": after.video.digest.size}
            log.info("video_delivered", job_id=job_id, storage=after.storage, **facts)
        elif after.misses:
            log.warning("link_leads_nowhere", job_id=job_id, times=after.misses)

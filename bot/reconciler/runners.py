"""Runners: carry letters beside the ticks, one thread for each channel; a slow channel delays nobody, not even the
others.
"""

from __future__ import annotations

import queue
import threading
from collections.abc import Callable, Mapping, Sequence
from collections.abc import Set as AbstractSet
from typing import Protocol

import structlog

from bot.domain.letters import Delivery, Outcome, Parcel
from bot.ports import Messenger

log = structlog.get_logger()


class Carrying(Protocol):
    """Whoever carries letters."""

    on_back: Callable[[], None]
    """Called with every try that ended, from whatever thread."""

    @property
    def channels(self) -> Sequence[str]:
        """All there are."""
        ...

    @property
    def busy(self) -> AbstractSet[str]:
        """Those with a letter under way."""
        ...

    def send(self, parcel: Parcel) -> None:
        """Sets out with it; its channel must not be busy."""
        ...

    def returned(self) -> list[tuple[Parcel, Delivery]]:
        """How tries ended since the last time this was asked."""
        ...

    def wait(self, seconds: float) -> None:
        """Until everybody is back, but no longer."""
        ...


class Runners:
    """Threads begin with the first letter and end when the process does, whatever they wait for."""

    def __init__(
        self, messengers: Mapping[str, Messenger], on_back: Callable[[], None] = lambda: None
    ) -> None:
        self._messengers = messengers
        self.on_back = on_back
        self._back: queue.SimpleQueue[tuple[Parcel, Delivery]] = queue.SimpleQueue()
        self._roads: dict[str, queue.SimpleQueue[Parcel]] = {}
        self._busy: set[str] = set()
        self._out = 0
        self._all_back = threading.Condition()

    @property
    def channels(self) -> Sequence[str]:
        return tuple(self._messengers)

    @property
    def busy(self) -> AbstractSet[str]:
        return self._busy

    def send(self, parcel: Parcel) -> None:
        self._busy.add(parcel.channel)
        road = self._roads.get(parcel.channel)
        if road is None:
            road = self._roads[parcel.channel] = queue.SimpleQueue()
            threading.Thread(
                target=self._ride,
                args=(road, self._messengers[parcel.channel]),
                daemon=True,
                name=f"runner-{parcel.channel}",
            ).start()
        with self._all_back:
            self._out += 1
        road.put(parcel)

    def returned(self) -> list[tuple[Parcel, Delivery]]:
        found = []
        while not self._back.empty():
            found.append(self._back.get_nowait())
        self._busy.difference_update(parcel.channel for parcel, _ in found)
        return found

    def _ride(self, road: queue.SimpleQueue[Parcel], messenger: Messenger) -> None:
        while True:
            parcel = road.get()
            self._back.put((parcel, _delivered(messenger, parcel)))
            with self._all_back:
                self._out -= 1
                self._all_back.notify_all()
            self.on_back()

    def wait(self, seconds: float) -> None:
        with self._all_back:
            self._all_back.wait_for(lambda: self._out == 0, seconds)


def _delivered(messenger: Messenger, parcel: Parcel) -> Delivery:
    try:
        return messenger.deliver(parcel.letter)
    except Exception as error:  # noqa: BLE001 - whatever it is, the next letter is carried
        # A mistake of ours; its words may quote an address that is a secret.
        log.error("runner_broke", channel=parcel.channel, kind=type(error).__name__)  # noqa: TRY400 - as said above
        return Delivery(Outcome.IN_DOUBT, f"our mistake ({type(error).__name__})")

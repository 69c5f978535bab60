"""The herald: has people told what they must act on and how batches ended, beside the ticks.

Journal first, here too: that something is told is journaled before it leaves. A journal that cannot be written is
itself a matter: then this process's memory has to do.
"""

from __future__ import annotations

import uuid
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta

import structlog

from bot.domain.ids import TabKey
from bot.domain.letters import Delivery, Letter, Outcome, Parcel
from bot.domain.news import Matter
from bot.planner.post import after_crash, after_try
from bot.planner.telling import Affairs, Envelope, Manners, tell
from bot.ports import Clock, JournalError, NewsBook
from bot.reconciler.runners import Carrying

log = structlog.get_logger()

_LAST_WAIT = 2.0
"""Seconds of the end of a process."""


class Herald:
    """Only the worker comes here, between two ticks."""

    def __init__(
        self,
        book: NewsBook,
        runners: Carrying,
        manners: Manners,
        clock: Clock,
        link_to: Callable[[TabKey], str] = lambda _tab: "",
        count: Callable[[str, str], None] = lambda _channel, _outcome: None,
    ) -> None:
        """Takes over what an earlier process left on its way. Every try that ended is counted. Raises JournalError."""
        self._book = book
        self.runners = runners
        self._manners = manners
        self._clock = clock
        self._link_to = link_to
        self._count = count
        self._kept = book.read()
        """What is durable."""

        self._trouble = ""
        """Why the last entry could not be made."""

        self._affairs: dict[str, Affairs] = {}
        """Of each tab, by its title."""

        self._due: dict[tuple[str, str], float] = {}
        """When a parcel may leave again, by the monotonic clock."""

        found = [one for one in self._kept.parcels.values() if one.channel in runners.channels]
        recovered = (after_crash(one, clock.now()) for one in found)
        self._desk = replace(self._kept, parcels={one.key: one for one in recovered if one is not None})
        for parcel in self._desk.parcels.values():
            self._wait(parcel)

    def note(self, title: str, affairs: Affairs | None) -> None:
        """What a tick left to tell; None: the same as before."""
        if affairs is not None:
            self._affairs[title] = affairs

    def tend(self, robot: tuple[Matter, ...] = ()) -> None:
        """Tells what is due, with what the robot has to say of itself; called between two ticks. Never waits."""
        for parcel, delivery in self.runners.returned():
            self._take_back(parcel, delivery)
        self._tell(robot)
        leaving = self._leaving()
        self._keep()
        for parcel in leaving:
            self.runners.send(parcel)

    def sign_off(self) -> None:
        """After the last tick: who is about to come back is heard, so that the next process is not in doubt."""
        self.runners.wait(_LAST_WAIT)
        for parcel, delivery in self.runners.returned():
            self._take_back(parcel, delivery)
        self._keep()

    @property
    def is_idle(self) -> bool:
        """Whether nothing is on its way."""
        return not self._desk.parcels

    def _tell(self, robot: tuple[Matter, ...]) -> None:
        titles = {one.tab: title for title, one in self._affairs.items()}
        envelope = Envelope(uuid.uuid4().hex, titles, {tab: self._link_to(tab) for tab in titles})
        news, letter = tell(
            self._desk.news, tuple(self._affairs.values()), robot, self._manners, self._clock.now(), envelope
        )
        self._desk = replace(self._desk, news=news)
        if letter is not None:
            self._post(letter)

    def _post(self, letter: Letter) -> None:
        log.info("news_told", letter=letter.id, items=len(letter.items), is_urgent=letter.is_urgent)
        new = {one.key: one for one in (Parcel(letter, channel) for channel in self.runners.channels)}
        self._desk = replace(self._desk, parcels={**self._desk.parcels, **new})

    def _leaving(self) -> list[Parcel]:
        """The first parcel of each channel that is free, marked as out."""
        taken, leaving = set(self.runners.busy), list[Parcel]()
        monotonic = self._clock.monotonic()
        for parcel in sorted(self._desk.parcels.values(), key=lambda one: one.letter.at):
            if parcel.channel in taken or self._due.get(parcel.key, monotonic) > monotonic:
                continue
            taken.add(parcel.channel)
            leaving.append(replace(parcel, is_out=True))
        out = {one.key: one for one in leaving}
        self._desk = replace(self._desk, parcels={**self._desk.parcels, **out})
        return leaving

    def _take_back(self, parcel: Parcel, delivery: Delivery) -> None:
        self._count(parcel.channel, delivery.outcome.value)
        after = after_try(parcel, delivery, self._clock.now())
        others = {key: one for key, one in self._desk.parcels.items() if key != parcel.key}
        self._due.pop(parcel.key, None)
        if after is not None:
            others[after.key] = after
            self._wait(after)
        self._desk = replace(self._desk, parcels=others)
        _say_of(parcel, delivery, is_last=after is None)

    def _wait(self, parcel: Parcel) -> None:
        if parcel.not_before is None:
            return
        left = max(parcel.not_before - self._clock.now(), timedelta(0))
        # A clock that was set must not make it wait for days.
        self._due[parcel.key] = self._clock.monotonic() + min(left.total_seconds(), 900.0)

    def _keep(self) -> None:
        if self._desk == self._kept:
            return
        try:
            self._book.keep(self._kept, self._desk)
        except JournalError as error:
            # Once: a disk that is full for a night fills no log.
            if str(error) != self._trouble:
                self._trouble = str(error)
                log.error("news_not_kept", reason=self._trouble)  # noqa: TRY400 - the message says it all
            return
        self._kept, self._trouble = self._desk, ""


def _say_of(parcel: Parcel, delivery: Delivery, *, is_last: bool) -> None:
    """How a try ended; the last one of a letter that did not arrive says so."""
    has_arrived = delivery.outcome is Outcome.DELIVERED
    say = log.info if has_arrived else log.warning
    say(
        "letter_given_up" if is_last and not has_arrived else f"letter_{delivery.outcome.replace(' ', '_')}",
        channel=parcel.channel,
        letter=parcel.letter.id,
        tries=parcel.tries + 1,
        detail=delivery.detail,
    )

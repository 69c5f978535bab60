"""The books of one tab: the journal, what this process remembers of it, and what it waits for, kept in step."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from contextlib import contextmanager

import structlog

from bot.domain.ids import JobId, TabKey
from bot.domain.intents import Intent, State
from bot.planner.actions import Change, Move, Propose
from bot.planner.outcomes import is_only_a_wait
from bot.planner.snapshot import Memory
from bot.ports import Clock, Journal, JournalConflictError, JournalError
from bot.reconciler.meter import Meter
from bot.reconciler.timers import Timers

log = structlog.get_logger()

_LOOKED_AT = frozenset({State.CHECKING, State.SUBMITTED, State.ACTIVE})
"""At the service, or perhaps."""


class Books:
    """Journal first, memory after; a journal that refused makes the memory worthless."""

    def __init__(self, tab: TabKey, journal: Journal, clock: Clock, meter: Meter | None = None) -> None:
        self.timers = Timers()
        self._meter = meter or Meter(clock)
        self.tab = tab
        self._journal = journal
        self.clock = clock
        self._memory: Memory | None = None
        self._is_opened = False
        self.edition = 0
        """Grows with every lasting change: whoever saw this edition has missed nothing."""

    @property
    def memory(self) -> Memory:
        """What the journal holds about the tab; read from it once, and again after any trouble with it."""
        if self._memory is None:
            self._memory = self._journal.remember_tab(self.tab)
            for intent in self._memory.live.values():
                self._follow(intent)
        return self._memory

    def open(self) -> Memory:
        """The memory at the start of a tick: whatever still counts as being sent then is in doubt.

        No call runs between two ticks, so such a send was cut off: by the end of a process, or by trouble
        with keeping its answer.
        """
        if self._memory is None:
            self._doubt_unfinished_sends()
        if not self._is_opened:
            self._ask_again()
            self._is_opened = True
        return self.memory

    def forget(self) -> None:
        """Trusts the journal alone from here on."""
        self._memory = None

    def apply(self, changes: Sequence[Change]) -> bool:
        """Makes changes durable, then believes them; says whether any was worth journaling.

        Raises what the journal raises; nothing was changed then.
        """
        if not changes:
            return False
        lasting = [change for change in changes if not is_only_a_wait(change)]
        if lasting:
            with self._trusted():
                self._journal.apply(lasting, self.clock.now())
            self.edition += 1
            self._meter.changed(lasting)
        self.memory.absorb(changes)
        _tell_of(lasting)
        for change in changes:
            match change:
                case Propose(intent) | Move(_, intent):
                    self._follow(intent)
                case _:
                    pass
        return bool(lasting)

    def hasten(self, named: Collection[JobId]) -> bool:
        """Jobs of these ids at the service are looked at as soon as may be; whether any is ours and had to wait.

        It is no more than that: what became of them, the service is asked.
        """
        if self._memory is None:
            # The next tick reads the journal anew.
            return False
        monotonic = self.clock.monotonic()
        live = [one for one in self._memory.live.values() if one.state in _LOOKED_AT]
        hastened = [self.timers.hasten(one.job_id, monotonic) for one in live if one.service_id in named]
        return any(hastened)

    def learn(self) -> None:
        """From now on ticks on this tab count."""
        if not self.memory.is_known:
            with self._trusted():
                self._journal.learn_tab(self.tab, self.clock.now())
            self._memory = self.memory.learnt()

    @contextmanager
    def _trusted(self) -> Iterator[None]:
        """Whether a write that failed landed all the same is only known by reading the journal anew."""
        try:
            yield
        except (JournalError, JournalConflictError):
            self.forget()
            raise

    def _doubt_unfinished_sends(self) -> None:
        lost = [intent for intent in self.memory.live.values() if intent.state is State.SENDING]
        if lost:
            log.warning("sends_in_doubt", count=len(lost), jobs=[intent.job_id for intent in lost])
        now = self.clock.now()
        self.apply([Move(one, one.moved(State.CHECKING, updated_at=now, not_before=None)) for one in lost])

    def _ask_again(self) -> None:
        """At a start nobody knows how old this journal is: what it holds as waiting may have been sent long ago.

        Whatever waits is priced anew, and the service is asked for its id together with the price.
        """
        now = self.clock.now()
        asked = [
            one for one in self.memory.live.values() if one.state is State.WAITING and one.quote is not None
        ]
        self.apply([Move(one, one.moved(State.WAITING, updated_at=now, quote=None)) for one in asked])

    def _follow(self, intent: Intent) -> None:
        self.timers.follow(intent, now=self.clock.now(), monotonic=self.clock.monotonic())


def _tell_of(changes: Sequence[Change]) -> None:
    """One line for each change of a state; it is durable by now."""
    say = log.bind()
    for change in changes:
        match change:
            case Propose(after):
                was = "new"
            case Move(before, after) if before.state is not after.state:
                was = before.state.value
            case _:
                continue
        say.info(
            "job_moved",
            row_id=after.key.record,
            was=was,
            now=after.state.value,
            job_id=after.job_id,
            attempt=after.attempt,
            code=after.trouble.code.value if after.trouble else None,
        )

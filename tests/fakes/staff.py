"""A robot around fake desks, and a wake-up whose waiting is the world's clock's."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from fakes.clock import FakeClock
from fakes.world import World

from bot.adapters.journal_copies import Backups
from bot.adapters.journal_upkeep import Upkeep
from bot.adapters.service_manager import ServiceManager
from bot.daemon import Daemon
from bot.reconciler.media_desk import MediaDesk
from bot.reconciler.shift import Shift
from bot.reconciler.tick import TickReport
from bot.wiring import Desk, Robot


class Ticks:
    """Stands in for a reconciler: every tick is a call of the test's."""

    def __init__(self, tick: Callable[[], TickReport]) -> None:
        self.tick = tick
        self.follow = TickReport


def desk(tick: Callable[[], TickReport], title: str = "Videos", interval: float = 5) -> Desk:
    return Desk(title, interval, Ticks(tick))  # type: ignore[arg-type]


def staffed(world: World, *desks: Desk, environment: Mapping[str, str] | None = None) -> Robot:
    """A robot with the world's journal and clock."""
    manager = ServiceManager(environment or {})
    return Robot(
        desks,
        world.clock,
        Backups(world.journal, 7),
        Upkeep(world.journal, world.clock, 400),
        manager,
        Shift(manager.alive),
        drain_seconds=30,
        keep_health=lambda _reasons, _at: None,
        follow_strays=lambda: None,
        knows_tabs=True,
        media=MediaDesk(world.clock),
    )


class Nap:
    """Waiting that takes no time but the fake clock's."""

    def __init__(self, clock: FakeClock) -> None:
        self._clock = clock
        self.waits: list[float] = []

    def wait(self, seconds: float) -> None:
        self.waits.append(seconds)
        # No wait is so short that the clock does not notice.
        self._clock.advance(max(seconds, 0.001))

    def set(self) -> None:
        """Nobody waits in another thread."""

    def clear(self) -> None:
        """As above."""


def in_virtual_time(daemon: Daemon, clock: FakeClock) -> Nap:
    """Makes the daemon wait by the fake clock."""
    nap = Nap(clock)
    daemon._wake = nap  # type: ignore[assignment]
    return nap

"""Several tabs at a pace that is too slow for all of them: each has its turn."""

from __future__ import annotations

from collections import Counter

import pytest
from fakes.staff import desk, in_virtual_time, staffed
from fakes.world import World

from bot.daemon import Daemon
from bot.reconciler.tick import TickReport


@pytest.mark.parametrize("tabs", [2, 3, 7])
def test_f_G08_nobody_is_left_out(world: World, tabs: int):
    """Every tab wants a look twice a second, all together may have one in a little more than a second."""
    looks: Counter[int] = Counter()

    def tick_of(number: int):
        def tick() -> TickReport:
            looks[number] += 1
            robot.reads.take(world.clock.monotonic())
            if sum(looks.values()) >= 140:
                daemon.stop()
            return TickReport()

        return tick

    robot = staffed(world, *(desk(tick_of(number), f"Tab {number}", 0.5) for number in range(tabs)))
    daemon = Daemon(robot)
    in_virtual_time(daemon, world.clock)
    daemon.run()

    assert len(looks) == tabs
    assert max(looks.values()) - min(looks.values()) <= 1

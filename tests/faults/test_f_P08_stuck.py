"""A tick that never ends: the service manager hears no sign of life, and the process ends itself."""

from __future__ import annotations

import configparser
import contextlib
import os
import socket
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from fakes.staff import desk, staffed
from fakes.world import World

from bot import daemon as daemon_module
from bot.adapters.service_manager import ServiceManager
from bot.daemon import Daemon
from bot.reconciler.shift import Shift
from bot.reconciler.tick import TickReport
from bot.watchman import SECONDS_TO_LEAVE, Watchman

UNIT = Path(__file__).parents[2] / "deploy" / "rowreel.service"


@pytest.fixture
def world(folder: Path) -> Iterator[World]:
    world = World(folder)
    yield world
    world.close()


class Manager:
    """A service manager's end of the socket."""

    def __init__(self, address: str) -> None:
        self.address = address
        self._socket = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
        self._socket.bind("\0" + address[1:] if address.startswith("@") else address)
        self._socket.settimeout(5)

    def next(self) -> str:
        return self._socket.recv(100).decode()

    def has_more(self, within: float) -> bool:
        self._socket.settimeout(within)
        with contextlib.suppress(TimeoutError):
            return bool(self._socket.recv(100))
        return False

    def until(self, word: str) -> list[str]:
        """Everything up to a word."""
        self._socket.settimeout(5)
        said = [self.next()]
        while said[-1] != word:
            said.append(self.next())
        return said

    def close(self) -> None:
        self._socket.close()


@pytest.mark.parametrize("kind", ["path", "abstract"])
def test_f_P08_no_sign_of_life_while_a_tick_hangs(world: World, tmp_path: Path, kind: str):
    """Ready, alive with every turn of the loop, silent while a tick hangs, alive again, stopping."""
    manager = Manager(f"@rowreel-{os.getpid()}" if kind == "abstract" else str(tmp_path / "notify"))
    hangs, go_on = threading.Event(), threading.Event()

    def tick() -> TickReport:
        hangs.set()
        go_on.wait(10)
        return TickReport()

    robot = staffed(world, desk(tick, interval=0.01), environment={"NOTIFY_SOCKET": manager.address})
    daemon = Daemon(robot)
    worker = threading.Thread(target=daemon.run)
    worker.start()
    hangs.wait(5)
    world.clock.advance(60)
    first = [manager.next(), manager.next()]
    while_hanging = manager.has_more(0.3)
    go_on.set()
    alive_again = manager.until("WATCHDOG=1")
    daemon.stop()
    worker.join(10)
    last = manager.until("STOPPING=1")
    manager.close()

    assert first == ["READY=1", "WATCHDOG=1"]
    assert not while_hanging
    assert alive_again[-1] == "WATCHDOG=1"
    assert last[-1] == "STOPPING=1"


def test_f_P08_the_manager_reads_what_goes_on(tmp_path: Path):
    """One line for `systemctl status`, told when it changes and not with every look."""
    manager = Manager(str(tmp_path / "notify"))
    service = ServiceManager({"NOTIFY_SOCKET": manager.address})
    service.status("3 rendering")
    service.status("3 rendering")
    service.status("idle")
    service.stopping()
    said = [manager.next() for _ in range(3)]
    manager.close()

    assert said == ["STATUS=3 rendering", "STATUS=idle", "STOPPING=1"]


def test_f_P08_a_manager_that_went_away_is_no_trouble(world: World, tmp_path: Path):
    """Nobody listens at the address: the robot works on."""
    ticks = []

    def tick() -> TickReport:
        ticks.append(1)
        daemon.stop()
        return TickReport()

    daemon = Daemon(staffed(world, desk(tick), environment={"NOTIFY_SOCKET": str(tmp_path / "gone")}))
    daemon.run()

    assert ticks == [1]


def test_f_P08_the_process_ends_itself(world: World, heard: list[Any], monkeypatch: pytest.MonkeyPatch):
    """Somebody has to start it anew where no watchdog does: exit code 1, and a line that says why."""
    shift = Shift()
    left: list[int] = []
    watchman = Watchman(shift, left.append, drain_seconds=30, stuck_seconds=3)
    for _ in range(3):
        watchman.look()
    early = list(left)
    watchman.look()

    assert (early, left) == ([], [1])
    assert [one["event"] for one in heard] == ["tick_stuck"]


def test_f_P08_a_log_nobody_reads_holds_no_exit_up(monkeypatch: pytest.MonkeyPatch):
    """What everybody waits for may be the log itself."""
    never = threading.Event()
    monkeypatch.setattr("bot.watchman._say", lambda *_given, **_facts: never.wait(30))
    left: list[int] = []
    watchman = Watchman(Shift(), left.append, drain_seconds=0, stuck_seconds=1)
    watchman.look()
    watchman.look()
    never.set()

    assert left == [1]


def test_f_P08_the_unit_gives_it_the_time_it_needs():
    """The watchdog waits longer than the robot itself, stopping takes as long as it may, and failure restarts."""
    unit = configparser.ConfigParser(strict=False, interpolation=None)
    unit.optionxform = str  # type: ignore[assignment, method-assign]
    unit.read(UNIT)
    service = unit["Service"]
    drain = 30

    assert (service["Type"], service["NotifyAccess"]) == ("notify", "main")
    assert service["Restart"] == "on-failure"
    assert int(service["WatchdogSec"]) > daemon_module._LONGEST_GOOGLE_CALL + 2 * drain
    assert int(service["TimeoutStopSec"]) > SECONDS_TO_LEAVE + drain

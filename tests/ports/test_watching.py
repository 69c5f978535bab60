"""The web server beside a robot: where the settings say, nowhere without them, and never in the robot's way."""

from __future__ import annotations

import socket
import urllib.request
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from fakes.staff import desk, in_virtual_time, staffed
from fakes.world import World

from bot.daemon import Daemon
from bot.doctor.checks import State
from bot.doctor.watch import watch_checks
from bot.reconciler.meter import Meter
from bot.reconciler.report import TickReport
from bot.settings import load_settings
from bot.watching import watching
from bot.wiring import Robot


@pytest.fixture
def robot(tmp_path: Path) -> Iterator[Robot]:
    world = World(tmp_path)
    yield replace(staffed(world), meter=Meter(world.clock))
    world.close()


def settings(home: Path, listen: str) -> Any:
    (home / "bot.toml").write_text(f'[watch]\nlisten = "{listen}"\n[[sheets]]\nspreadsheet = "abc"\n')
    return load_settings(home / "bot.toml")


def test_it_answers_while_the_robot_is_there(tmp_path: Path, robot: Robot, heard: list[Any]):
    """The log says where; afterwards nobody listens."""
    with (
        watching(settings(tmp_path, "127.0.0.1:0"), robot, 240) as place,
        urllib.request.urlopen(f"http://{place}/healthz", timeout=10) as answer,
    ):
        status = answer.status
    with pytest.raises(OSError, match="refused"):
        urllib.request.urlopen(f"http://{place}/healthz", timeout=10)

    assert status == 200
    assert [(one["event"], one["address"]) for one in heard] == [("watch_listening", f"http://{place}/")]


def test_a_taken_port_is_a_warning(tmp_path: Path, robot: Robot, heard: list[Any]):
    """It names the setting and the fix; the robot's work goes on."""
    with socket.create_server(("127.0.0.1", 0)) as other:
        wanted = f"127.0.0.1:{other.getsockname()[1]}"
        with watching(settings(tmp_path, wanted), robot, 240) as place:
            pass

    assert place is None
    assert [(one["event"], one["log_level"]) for one in heard] == [("not_watched", "warning")]
    assert heard[0]["reason"].startswith(f"watch.listen: {wanted} is already in use")


def test_nobody_listens_where_nobody_wants_it(tmp_path: Path, robot: Robot, heard: list[Any]):
    """An empty address is a choice, not a fault."""
    with watching(settings(tmp_path, ""), robot, 240) as place:
        pass

    assert (place, heard) == (None, [])


def test_the_doctor_finds_a_taken_port(tmp_path: Path):
    """Before anybody starts the robot; a free one is told where the page will be."""
    with socket.create_server(("127.0.0.1", 0)) as other:
        wanted = f"127.0.0.1:{other.getsockname()[1]}"
        [taken] = watch_checks(settings(tmp_path, wanted))
    [free] = watch_checks(settings(tmp_path, wanted))

    assert (taken.state, taken.says) == (
        State.WARNING,
        f"watch.listen: {wanted} is already in use by another program",
    )
    assert taken.fix.startswith("Name another port")
    assert (free.state, free.says) == (State.OK, f"the robot's page is at http://{wanted}/ while it runs")


def test_f_S09_the_doctor_warns_of_an_address_others_reach(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    """Nothing is bound there to find it out."""
    monkeypatch.setattr("bot.doctor.watch.refusal", lambda _place: None)
    first, _ = watch_checks(settings(tmp_path, "0.0.0.0:9464"))

    assert (first.state, "whoever reaches 0.0.0.0:9464" in first.says) == (State.WARNING, True)
    assert list(watch_checks(settings(tmp_path, ""))) == []


def test_f_P11_what_health_knows_is_published(robot: Robot):
    """The daemon hands bugs that come again and again to whoever watches, and good news too."""
    left = [ValueError("again") for _ in range(3)]
    seen: list[int] = []

    def tick() -> TickReport:
        seen.append(len(robot.meter.latest.bugs) if robot.meter else -1)
        if left:
            raise left.pop()
        if len(seen) > 5:
            daemon.stop()
        return TickReport()

    daemon = Daemon(replace(robot, desks=(desk(tick),)))
    in_virtual_time(daemon, robot.clock)  # type: ignore[arg-type]
    daemon.run()

    assert seen == [0, 0, 0, 1, 0, 0]

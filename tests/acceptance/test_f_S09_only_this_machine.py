"""With the settings as they come, nobody but this machine can reach anything of ours."""

from __future__ import annotations

import time
from collections.abc import Callable
from ipaddress import ip_address
from pathlib import Path

import psutil
import pytest
from stage import free_port, running

from bot.cli import commands


def listening(pid: int) -> set[tuple[str, int]]:
    """Addresses and ports at which a process and all it started wait for others; of UDP, whatever is bound."""
    found: set[tuple[str, int]] = set()
    try:
        whole = psutil.Process(pid)
        for one in (whole, *whole.children(recursive=True)):
            for socket in one.net_connections("inet"):
                if socket.status in {psutil.CONN_LISTEN, psutil.CONN_NONE} and socket.laddr:
                    found.add((socket.laddr.ip, socket.laddr.port))
    except psutil.Error:
        pass  # one of them ended between two looks
    return found


def seen(
    pid: int, is_enough: Callable[[set[tuple[str, int]]], bool], seconds: float = 60
) -> set[tuple[str, int]]:
    """All that ever listened until it is enough."""
    found: set[tuple[str, int]] = set()
    ends = time.monotonic() + seconds
    while not is_enough(found):
        assert time.monotonic() < ends, found
        found |= listening(pid)
        time.sleep(0.05)
    return found


def are_local(places: set[tuple[str, int]]) -> bool:
    return all(ip_address(host).is_loopback for host, _ in places)


def test_f_S09_robot(place: tuple[Path, str, str]):
    """`rowreel run` has one door, its page, and that is of this machine; the stand-ins beside it too."""
    folder, origin, _ = place
    settings, port = folder / "bot.toml", free_port()
    # Its usual port may be taken by another test.
    with running("run", cwd=folder, ROWREEL_WATCH__LISTEN=f"127.0.0.1:{port}") as robot:
        found = seen(robot.pid, lambda found: port in {one for _, one in found})
        stand_ins = [one for one in psutil.Process().children() if "sandbox" in one.cmdline()]

        assert "listen" not in settings.read_text()
        assert found == {("127.0.0.1", port)}
        assert [listening(one.pid) for one in stand_ins] == [{("127.0.0.1", int(origin.rpartition(":")[2]))}]


def test_f_S09_demo(tmp_path: Path):
    """`rowreel demo` and the processes that draw its films, from the first second to the finished film."""
    port = free_port()
    words = ("demo", "--no-browser", "--until-done", "--rows", "1", "--port", str(port), "--dir", "D")
    with running(*words, cwd=tmp_path) as demo:
        found = seen(demo.pid, lambda _: demo.poll() is not None, 120)

        assert demo.returncode == 0
        assert port in {one for _, one in found}
        assert are_local(found), found


@pytest.mark.parametrize("name", ["demo", "sandbox"])
def test_f_S09_stand_ins_have_no_other_door(name: str):
    """Nothing can be said to them that would open them to others: they ask for no password."""
    options = {option for one in commands.commands[name].params for option in one.opts}

    assert options.isdisjoint({"--host", "--listen", "--bind", "--address"})

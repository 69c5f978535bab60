"""The real `rowreel run` meets signals and closed streams at every phase; the stand-ins live in this process."""

from __future__ import annotations

import os
import signal
import sqlite3
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from fakes.builtin_sheet import HEADER
from stage import call, running, tick, until

from bot.adapters.google_sheet import look_at
from bot.adapters.sheet_builder import build, survey
from bot.adapters.template_folder import BUILT_IN, load_template
from bot.sandbox.app import Sandbox, SandboxOptions
from bot.sandbox.serve import SandboxServer
from bot.sandbox.sheets.service import SheetsOptions
from bot.sandbox.zvid.service import ZvidOptions
from bot.settings import load_settings
from bot.wiring import google


@dataclass(frozen=True, slots=True)
class Place:
    """A sheet with one good row, and a robot's folder."""

    server: SandboxServer
    name: str
    home: Path

    def approve(self) -> None:
        tick(self.server.base_url, self.name)

    def approve_and_see_sent(self) -> None:
        """Until a paid request has reached the service, whatever it answers."""
        before = self.server.sandbox.zvid.calls()["submit"]
        self.approve()
        for _ in range(400):
            if self.server.sandbox.zvid.calls()["submit"] > before:
                return
            time.sleep(0.03)
        raise AssertionError(self.states())

    def fault(self, half: str, **faults: object) -> None:
        call(f"{self.server.base_url}/sandbox/{half}/faults", faults, method="PUT")

    def until(self, status: str) -> None:
        until(self.server.base_url, self.name, status)

    def states(self) -> list[str]:
        """What the journal's file says of every video."""
        with closing(sqlite3.connect(f"file:{self.home}/state/journal.db?mode=ro", uri=True)) as file:
            return [row[0] for row in file.execute("SELECT state FROM intents")]

    def paid(self) -> int:
        """Videos this sheet's robot paid for."""
        key = self.server.sandbox.zvid.api_key
        jobs = call(f"{self.server.base_url}/api/jobs?limit=100", **{"x-api-key": key})["jobs"]
        with closing(sqlite3.connect(f"file:{self.home}/state/journal.db?mode=ro", uri=True)) as file:
            mine = {row[0] for row in file.execute("SELECT job_id FROM intents")}
        return sum(job["id"] in mine for job in jobs)

    def reads(self) -> int:
        counts = call(f"{self.server.base_url}/sandbox/sheets/counts")
        return sum(one["reads"] for user, one in counts.items() if user != "page")


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[SandboxServer]:
    options = SandboxOptions(
        sheets=SheetsOptions(reads_per_minute=10_000, writes_per_minute=10_000),
        zvid=ZvidOptions(render="instant", concurrency=20, balance=1_000_000),
    )
    with SandboxServer(Sandbox(tmp_path_factory.mktemp("signals"), options)) as made:
        yield made


@pytest.fixture
def place(server: SandboxServer, tmp_path: Path) -> Iterator[Place]:
    name = tmp_path.name
    row = [False, None, "A headline", None, "€ 5", None, None, "Wide", None]
    server.sandbox.sheets.create_workbook(name, {"Videos": [HEADER, row]}, spreadsheet_id=name)
    (tmp_path / "bot.toml").write_text(
        f'[google]\nbase_url = "{server.base_url}"\ncredentials = "anonymous"\n'
        f'[zvid]\nbase_url = "{server.base_url}"\nkey_file = "zvid-key"\npoll_seconds = 0.5\n'
        f"timeout_seconds = 5\n[queue]\nundo_seconds = 0\n"
        f'[[sheets]]\nspreadsheet = "{name}"\ninterval_seconds = 0.5\n'
    )
    (tmp_path / "zvid-key").write_text(server.sandbox.zvid.api_key)
    client = google(load_settings(tmp_path / "bot.toml"))
    book = look_at(client, name)
    build(client, book, survey(client, book, "Videos", load_template(BUILT_IN)))
    place = Place(server, name, tmp_path)
    yield place
    place.fault("zvid", slow_seconds=0, mishaps=[])
    place.fault("sheets", slow_seconds=0, mishaps=[])


def test_f_P04_sigterm_inside_a_post(place: Place):
    """The answer under way is waited for and kept; nothing else begins."""
    with running("run", cwd=place.home) as robot:
        place.until("Ready to approve")
        place.fault("zvid", slow_seconds=0.7)
        place.approve_and_see_sent()
        robot.send_signal(signal.SIGTERM)
        _, errors = robot.communicate(timeout=15)

    assert robot.returncode == 0
    assert place.states() == ["submitted"]
    assert "left_before_an_answer" not in errors
    assert place.paid() == 1


def test_f_P04_sigterm_while_a_read_hangs(place: Place):
    """Nobody waits for Google at the end: exit code 0 within ten seconds."""
    with running("run", cwd=place.home) as robot:
        place.until("Ready to approve")
        place.fault("sheets", slow_seconds=60)
        time.sleep(1)
        robot.send_signal(signal.SIGTERM)
        _, errors = robot.communicate(timeout=12)

    assert robot.returncode == 0
    assert "left_before_an_answer" in errors


def test_f_P04_sigterm_while_waiting_for_quota(place: Place):
    """Told to wait a minute, it ends at once."""
    with running("run", cwd=place.home) as robot:
        place.until("Ready to approve")
        place.fault("sheets", mishaps=[{"calls": "read", "answer": 429, "times": 3}])
        time.sleep(1)
        robot.send_signal(signal.SIGTERM)
        _, errors = robot.communicate(timeout=6)

    assert robot.returncode == 0
    assert "sheet_not_read" in errors
    assert "robot_stopped" in errors


def test_f_P05_a_second_signal_inside_a_post(place: Place):
    """The answer is not waited for; the next start asks the service and pays for nothing again."""
    with running("run", cwd=place.home) as robot:
        place.until("Ready to approve")
        place.fault("zvid", mishaps=[{"route": "submit", "answer": "hang", "after_work": True}])
        place.approve_and_see_sent()
        robot.send_signal(signal.SIGTERM)
        time.sleep(0.2)
        waits = robot.poll() is None
        robot.send_signal(signal.SIGINT)
        code = robot.wait(2)
    with running("run", cwd=place.home):
        place.until("Done")

    assert (waits, code) == (True, 128 + signal.SIGINT)
    assert place.paid() == 1


def test_f_P07_stopped_for_a_while(place: Place):
    """After SIGCONT it goes on at its usual pace, and nobody took it for stuck."""
    with running("run", cwd=place.home) as robot:
        place.until("Ready to approve")
        robot.send_signal(signal.SIGSTOP)
        time.sleep(5)
        before = place.reads()
        robot.send_signal(signal.SIGCONT)
        time.sleep(1)
        after = place.reads()
        place.approve()
        place.until("Done")

    assert 1 <= after - before <= 4
    assert place.paid() == 1


@pytest.mark.parametrize("kind", ["full disk", "closed pipe"])
def test_f_P10_a_log_that_cannot_be_written(place: Place, kind: str):
    """Lines are lost, work is not; the exit code says nothing of it."""
    reader, writer = os.pipe()
    os.close(reader)
    full = os.open("/dev/full", os.O_WRONLY)
    end: Any = full if kind == "full disk" else writer
    with running("run", cwd=place.home, stdout=end, stderr=end) as robot:
        os.close(full)
        os.close(writer)
        place.until("Ready to approve")
        place.approve()
        place.until("Done")
        robot.send_signal(signal.SIGTERM)
        code = robot.wait(10)

    assert code == 0


def test_f_P10_bad_settings_with_closed_streams(tmp_path: Path):
    """Words nobody can read change no exit code."""
    with running("run", cwd=tmp_path, stderr=os.open("/dev/full", os.O_WRONLY)) as robot:
        code = robot.wait(20)

    assert code == 2


def test_f_L02_the_lock_is_no_childs(place: Place):
    """A child that outlives the robot, forked or started, does not keep the next one out."""
    script = (
        "import os, subprocess, sys, time\n"
        "from pathlib import Path\n"
        "from bot.settings import load_settings\n"
        "from bot.wiring import robot\n"
        "with robot(load_settings(Path('bot.toml'))):\n"
        "    started = subprocess.Popen(['sleep', '60'], close_fds=False)\n"
        "    forked = os.fork()\n"
        "    if forked == 0:\n"
        "        time.sleep(60)\n"
        "    print(started.pid, forked, flush=True)\n"
        "    os.kill(os.getpid(), 9)\n"
    )
    with running("once", cwd=place.home) as first:
        first.wait(20)
    parent = subprocess.Popen(
        [sys.executable, "-c", script],
        cwd=place.home,
        stdout=subprocess.PIPE,
        text=True,
    )
    assert parent.stdout is not None
    children = [int(pid) for pid in parent.stdout.readline().split()]
    parent.wait(20)
    parent.stdout.close()
    try:
        alive = [os.kill(pid, 0) for pid in children]
        with running("once", cwd=place.home) as after:
            _, errors = after.communicate(timeout=20)
    finally:
        for pid in children:
            os.kill(pid, signal.SIGKILL)

    assert len(alive) == 2
    assert after.returncode == 0, errors


_OUT_OF_FILES = """
import contextlib, os, resource, sys, time
from pathlib import Path
from bot.logs import set_up_logs
from bot.ports import JournalError
from bot.settings import load_settings
from bot.wiring import robot

set_up_logs("json", "info")

def tick(reconciler):
    try:
        report = reconciler.tick()
        return report.failure is None
    except JournalError as error:
        print("journal", error)
        return False

with robot(load_settings(Path("bot.toml"))) as built:
    reconciler = built.desks[0].reconciler
    while reconciler.tick().edits:
        pass
    print("ready", flush=True)
    sys.stdin.readline()
    limit = resource.getrlimit(resource.RLIMIT_NOFILE)
    most = max(int(name) for name in os.listdir("/proc/self/fd")) + 1
    resource.setrlimit(resource.RLIMIT_NOFILE, (most, limit[1]))
    held = []
    with contextlib.suppress(OSError):
        while True:
            held.append(os.open("/dev/null", os.O_RDONLY))
    for _ in range(4):
        tick(reconciler)
    print("meanwhile", *(one.state.value for one in reconciler._reconciler.books.memory.intents.values()), flush=True)
    for one in held:
        os.close(one)
    sys.stdin.readline()
    resource.setrlimit(resource.RLIMIT_NOFILE, limit)
    while reconciler._reconciler.books.memory.live:
        time.sleep(1.3)
        tick(reconciler)
    # Google's quota is kept here too: a look a second would be put off.
    time.sleep(2.6)
    tick(reconciler)
"""


def test_f_P09_no_more_files_can_be_opened(place: Place):
    """A connection that cannot even be begun was surely not sent; nothing fails, and it goes on by itself."""
    robot = subprocess.Popen(
        [sys.executable, "-c", _OUT_OF_FILES],
        cwd=place.home,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    assert robot.stdout is not None
    assert robot.stdin is not None
    ready = robot.stdout.readline()
    place.approve()
    robot.stdin.write("\n")
    robot.stdin.flush()
    said = robot.stdout.readline()
    paid = place.paid()
    _, errors = robot.communicate("\n", timeout=30)

    assert ready == "ready\n"
    assert (said, paid) == ("meanwhile waiting\n", 0), errors
    assert robot.returncode == 0, errors
    assert "not sent (ConnectError)" in errors
    place.until("Done")
    assert place.paid() == 1

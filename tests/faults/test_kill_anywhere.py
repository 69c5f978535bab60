"""The real `rowreel run` is killed at random moments and at chosen system calls, and started again.

Whatever it was doing, every row ends with its own video, paid for once. `KILL_SECONDS=600` kills more often.
"""

from __future__ import annotations

import json
import os
import random
import shutil
import signal
import sqlite3
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from fakes.builtin_sheet import HEADER

from bot.adapters.google_sheet import look_at
from bot.adapters.sheet_builder import build, survey
from bot.adapters.template_folder import BUILT_IN, load_template
from bot.sandbox.app import Sandbox, SandboxOptions
from bot.sandbox.serve import SandboxServer
from bot.sandbox.sheets.service import SheetsOptions
from bot.sandbox.zvid.service import ZvidOptions
from bot.settings import load_settings
from bot.wiring import google, robot

SECONDS = float(os.environ.get("KILL_SECONDS", "8"))
"""How long each test here goes on beginning new rounds; a round takes about four."""

ROWS = 3
RUN = (sys.executable, "-m", "bot", "run")
CALLS = {
    # About how many a whole run makes: kills are spread over them.
    "pwrite64": 60,
    "fdatasync": 14,
    "sendto": 24,
}
_PATIENCE = 40.0


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[SandboxServer]:
    """The stand-ins, which nobody kills, with an instant service."""
    folder = tmp_path_factory.mktemp("killed")
    options = SandboxOptions(
        # Dozens of robots in a row share one account here, so its quota would only make them wait.
        sheets=SheetsOptions(reads_per_minute=10_000, writes_per_minute=10_000),
        zvid=ZvidOptions(render="instant", concurrency=20, balance=1_000_000),
    )
    with SandboxServer(Sandbox(folder, options)) as made:
        made.folder = folder  # type: ignore[attr-defined]
        yield made


@dataclass(frozen=True, slots=True)
class Round:
    """One sheet of ticked rows, with a robot's folder of its own."""

    server: SandboxServer
    name: str
    home: Path
    charges_before: int

    @classmethod
    def begin(cls, server: SandboxServer, name: str) -> Round:
        """A tab the robot has seen, and then every row ticked."""
        home = server.folder / name  # type: ignore[attr-defined]
        home.mkdir()
        lines = [[False, None, f"Film {n}", None, "€ 5", None, None, "Wide", None] for n in range(ROWS)]
        server.sandbox.sheets.create_workbook(name, {"Videos": [HEADER, *lines]}, spreadsheet_id=name)
        (home / "bot.toml").write_text(
            f'[google]\nbase_url = "{server.base_url}"\ncredentials = "anonymous"\n'
            f'[zvid]\nbase_url = "{server.base_url}"\nkey_file = "../zvid-key"\n'
            "poll_seconds = 0.5\ntimeout_seconds = 2\nsettle_seconds = 0\n"
            f'[queue]\nundo_seconds = 0\n[[sheets]]\nspreadsheet = "{name}"\ninterval_seconds = 0.5\n'
        )
        settings = load_settings(home / "bot.toml")
        client = google(settings)
        book = look_at(client, name)
        build(client, book, survey(client, book, "Videos", load_template(BUILT_IN)))
        with robot(settings) as built:
            built.desks[0].reconciler.tick()
        found = cls(server, name, home, len(_charges(server)))
        found._put(f"Videos!A2:A{ROWS + 1}?valueInputOption=RAW", [[True]] * ROWS)
        return found

    def _put(self, place: str, values: list[list[Any]]) -> None:
        self._call(f"/v4/spreadsheets/{self.name}/values/{place}", {"values": values}, method="PUT")

    def _call(self, path: str, body: object = None, method: str = "GET") -> Any:
        key = (self.home.parent / "zvid-key").read_text().strip()
        request = urllib.request.Request(
            self.server.base_url + path,
            data=json.dumps(body).encode() if body is not None else None,
            method=method,
            headers={"Authorization": "Bearer page", "x-api-key": key, "Content-Type": "application/json"},
        )
        with urllib.request.urlopen(request, timeout=10) as answer:
            return json.loads(answer.read())

    def rows(self) -> list[dict[str, Any]]:
        """The rows by header, as people see them."""
        said = self._call(f"/v4/spreadsheets/{self.name}/values/Videos?valueRenderOption=UNFORMATTED_VALUE")
        header, *lines = said["values"]
        return [dict(zip(header, [*line, *[""] * len(header)], strict=False)) for line in lines]

    @property
    def is_done(self) -> bool:
        """Whether every row shows its video."""
        return [row["Status"] for row in self.rows()] == ["Done"] * ROWS

    @contextmanager
    def running(self, *before: str) -> Iterator[subprocess.Popen[bytes]]:
        """The robot in a process group of its own; nothing of it is left behind."""
        process = subprocess.Popen(
            [*before, *RUN],
            cwd=self.home,
            env={**os.environ, "NO_COLOR": "1"},
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            start_new_session=True,
        )
        try:
            yield process
        finally:
            _kill(process)

    def finish(self) -> None:
        """A robot nobody kills goes on where the others were."""
        with self.running() as process:
            ends = time.monotonic() + _PATIENCE
            while not self.is_done:
                assert process.poll() is None, "the robot left by itself"
                assert time.monotonic() < ends, [row["Status"] for row in self.rows()]
                time.sleep(0.1)

    def check(self) -> None:
        """One charge a row, and on every row the video that was made of it."""
        charges = _charges(self.server)[self.charges_before :]
        rows = self.rows()
        names = {job["id"]: job["name"] for job in self._call("/api/jobs?limit=100")["jobs"]}

        assert len(charges) == len(set(charges)) == ROWS
        assert {row["Job ID"] for row in rows} == set(charges)
        for row in rows:
            assert row["Row ID"] in names[row["Job ID"]]
            assert row["Video"] == self._call(f"/api/jobs/{row['Job ID']}")["result"]["url"]


def _kill(process: subprocess.Popen[bytes]) -> None:
    if process.poll() is None:
        os.killpg(process.pid, signal.SIGKILL)
    process.wait()


def _charges(server: SandboxServer) -> list[str]:
    """The job of every charge ever made."""
    with closing(sqlite3.connect(server.folder / "zvid.db")) as books:  # type: ignore[attr-defined]
        found = books.execute("SELECT job_id FROM ledger WHERE kind = 'reserve' ORDER BY rowid")
        return [job_id for (job_id,) in found]


def test_f_P01_killed_at_random_moments(server: SandboxServer):
    """Killed again and again at moments nobody chose, the robot pays once a row and mixes up no link."""
    chance = random.Random(20)
    ends = time.monotonic() + SECONDS
    rounds = 0
    while time.monotonic() < ends:
        one = Round.begin(server, f"moments{rounds}")
        for _ in range(2):
            with one.running() as process:
                # The first second goes into starting up.
                time.sleep(chance.uniform(0.5, 2.5))
                _kill(process)
        one.finish()
        one.check()
        rounds += 1

    assert rounds > 0


def _strace() -> str:
    found = shutil.which("strace")
    assert found, "This test aims kills at system calls and needs strace: apt-get install strace"
    return found


@pytest.mark.parametrize("call", CALLS)
def test_f_P01_killed_at_a_chosen_system_call(server: SandboxServer, call: str):
    """Killed at the n-th write, sync or send of its life, the robot pays once a row and mixes up no link."""
    strace = _strace()
    points = random.Random(call).sample(range(1, CALLS[call] + 1), CALLS[call])
    ends = time.monotonic() + SECONDS
    killed = []
    for point in points:
        if time.monotonic() > ends:
            break
        one = Round.begin(server, f"{call}{point}")
        aim = ("-f", "-qq", "-o", os.devnull, "-e", f"trace={call}")
        with one.running(strace, *aim, "-e", f"inject={call}:signal=SIGKILL:when={point}") as process:
            while process.poll() is None and not one.is_done:
                time.sleep(0.1)
            if process.poll() is not None:
                killed.append(point)
        one.finish()
        one.check()

    assert killed

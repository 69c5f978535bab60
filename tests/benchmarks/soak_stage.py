"""Where the soak plays: the stand-ins in one process, the real robot in another, and the sheet between them."""

from __future__ import annotations

import contextlib
import json
import os
import signal
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).parents[1]))
sys.path.insert(0, str(Path(__file__).parents[1] / "acceptance"))

import psutil
from fakes.builtin_sheet import HEADER
from stage import COMMAND, call

from bot.adapters.template_folder import BUILT_IN

SPREADSHEET = "soak"
TAB = "Videos"


def film(root: int, version: int = 1) -> str:
    """A headline: no two rows say the same, and none is part of another."""
    return f"Film {root:05} v{version}."


def serve(rows: int, home: Path, *, is_calm: bool) -> None:
    """The stand-ins' process: serves until it is ended."""
    from bot.sandbox.app import Sandbox, SandboxOptions
    from bot.sandbox.serve import SandboxServer
    from bot.sandbox.sheets.service import SheetsOptions
    from bot.sandbox.zvid.options import ZvidOptions

    options = SandboxOptions(
        # Google's own pace for the robot; the people are not counted.
        sheets=SheetsOptions(reads_per_minute=0, writes_per_minute=0) if is_calm else SheetsOptions(),
        zvid=ZvidOptions(
            render="instant",
            concurrency=30,
            balance=10_000_000,
            extra_render_seconds=0.3 if is_calm else 3,
        ),
    )
    sandbox = Sandbox(home, options)
    lines = [data(film(number)) for number in range(rows)]
    sandbox.sheets.create_workbook("Soak", {TAB: [HEADER, *lines]}, spreadsheet_id=SPREADSHEET)
    with SandboxServer(sandbox) as server:
        print(server.base_url, flush=True)
        signal.sigwait({signal.SIGTERM})


def data(headline: str) -> list[Any]:
    """A row as people fill it in."""
    return [False, "Spring", headline, "A line about it", "€ 9.90", "Shop now", None, "Wide", None]


@dataclass(frozen=True, slots=True)
class Sizes:
    """What the robot's process and its files take at one moment; sizes in megabytes."""

    memory: float
    handles: int
    threads: int
    journal: float
    wal: float
    log: float
    stand_ins: float


class Stage:
    """Starts and ends both processes; the sheet is reached over HTTP only, as people reach it."""

    def __init__(self, home: Path, rows: int, *, is_calm: bool = False) -> None:
        """Calm: a Google without quota, and videos that take no time."""
        self.home = home
        self.kills = -1
        self._robot: subprocess.Popen[bytes] | None = None
        self._stand_ins = subprocess.Popen(
            [sys.executable, __file__, str(rows), str(home), *(["calm"] if is_calm else [])],
            stdout=subprocess.PIPE,
            text=True,
        )
        assert self._stand_ins.stdout is not None
        self.url = self._stand_ins.stdout.readline().strip()
        self.template = home / "template"
        self._prepare()

    def _prepare(self) -> None:
        self.template.mkdir()
        for file in BUILT_IN.iterdir():
            (self.template / file.name).write_bytes(file.read_bytes())
        (self.home / "bot.toml").write_text(
            f'[google]\nbase_url = "{self.url}"\ncredentials = "anonymous"\n'
            f'[zvid]\nbase_url = "{self.url}"\nkey_file = "zvid-key"\nmax_in_flight = 20\n'
            "poll_seconds = 1\ntimeout_seconds = 3\nsettle_seconds = 5\n"
            "[queue]\nundo_seconds = 5\n"
            f'[[sheets]]\nspreadsheet = "{SPREADSHEET}"\ntemplate = "template"\ninterval_seconds = 2\n'
        )
        subprocess.run([*COMMAND, "init", "--yes"], cwd=self.home, check=True, stdout=subprocess.DEVNULL)

    # -- the robot ------------------------------------------------------------

    @property
    def runs(self) -> bool:
        """Whether the robot lives."""
        return self._robot is not None and self._robot.poll() is None

    def start(self) -> None:
        """The robot, as its service manager starts it."""
        self.kills += 1
        with (self.home / "robot.log").open("ab") as log:
            self._robot = subprocess.Popen(
                [*COMMAND, "run"], cwd=self.home, stdout=log, stderr=log, start_new_session=True
            )

    def end(self, how: signal.Signals) -> int | None:
        """Ends the robot, and waits for its end."""
        if self._robot is None:
            return None
        with contextlib.suppress(ProcessLookupError):
            os.killpg(self._robot.pid, how)
        code = self._robot.wait(90)
        self._robot = None
        return code

    def sizes(self) -> Sizes | None:
        """How much everything takes; None while the robot is not there."""
        if self._robot is None:
            return None
        state = self.home / "state"
        with contextlib.suppress(psutil.Error):
            robot, stand_ins = psutil.Process(self._robot.pid), psutil.Process(self._stand_ins.pid)
            return Sizes(
                robot.memory_info().rss / 1e6,
                robot.num_fds(),
                robot.num_threads(),
                _megabytes(state / "journal.db"),
                _megabytes(state / "journal.db-wal"),
                _megabytes(self.home / "robot.log"),
                stand_ins.memory_info().rss / 1e6,
            )
        return None

    def close(self) -> None:
        """Ends whatever still runs."""
        self.end(signal.SIGKILL)
        self._stand_ins.terminate()
        self._stand_ins.wait(30)

    # -- over HTTP ------------------------------------------------------------

    def values(self, place: str) -> list[list[Any]]:
        """What stands there now."""
        url = f"{self.url}/v4/spreadsheets/{SPREADSHEET}/values/{place}"
        return call(f"{url}?valueRenderOption=UNFORMATTED_VALUE").get("values", [])

    def write(self, place: str, values: list[list[Any]]) -> None:
        """Types into cells."""
        url = f"{self.url}/v4/spreadsheets/{SPREADSHEET}/values/{place}?valueInputOption=RAW"
        call(url, {"values": values}, method="PUT")

    def change(self, *requests: dict[str, Any]) -> None:
        """Everything else that is done to a sheet."""
        call(f"{self.url}/v4/spreadsheets/{SPREADSHEET}:batchUpdate", {"requests": list(requests)})

    def zvid(self, **switches: Any) -> None:
        """How the render service misbehaves from now on."""
        call(f"{self.url}/sandbox/zvid/faults", switches, method="PUT")

    def google(self, **faults: Any) -> None:
        """How Google misbehaves from now on."""
        call(f"{self.url}/sandbox/sheets/faults", faults, method="PUT")

    def edit_template(self) -> None:
        """Somebody changes the design while rows wait."""
        contract = self.template / "contract.toml"
        contract.write_text(contract.read_text().replace('version = "1"', 'version = "2"'))
        for name in ("wide", "square", "vertical"):
            project = json.loads((self.template / f"{name}.json").read_text())
            project["backgroundColor"] = "#101418"
            (self.template / f"{name}.json").write_text(json.dumps(project))


def _megabytes(file: Path) -> float:
    return file.stat().st_size / 1e6 if file.exists() else 0.0


if __name__ == "__main__":
    serve(int(sys.argv[1]), Path(sys.argv[2]), is_calm="calm" in sys.argv)

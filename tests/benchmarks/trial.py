"""One sheet of ticked rows, one render service, and the real robot in a process of its own.

Plays everybody around the robot: the service manager that starts it again, and the person who does what the
sheet asks for, which is counted. What became of the rows is told from the service's books and the sheet.
"""

from __future__ import annotations

import contextlib
import json
import logging
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).parents[1]))
sys.path.insert(0, str(Path(__file__).parents[1] / "acceptance"))

from fakes.builtin_sheet import HEADER
from line import Line
from stage import COMMAND, call

from bot.domain.control import BoardColumn, read_control
from bot.sandbox.app import Sandbox, SandboxOptions
from bot.sandbox.serve import SandboxServer
from bot.sandbox.sheets.service import SheetsOptions
from bot.sandbox.zvid.options import Switches, ZvidOptions

SPREADSHEET = "trial"
TAB = "Videos"
_LOOK_SECONDS = 0.3
_PATIENCE = 900.0
_NEEDS_DECISION = "Needs a decision"
_STUCK = {"Needs fixing", "Changed", "Failed"}


class NoEndError(RuntimeError):
    """The rows did not come to their end."""


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of the rows."""

    jobs: int
    charges: int
    own_links: int
    wrong_links: int
    restarts: int
    seconds: float
    manual_steps: int
    leaks: tuple[str, ...]
    """Places that show the key of the service."""

    def is_right(self, rows: int) -> bool:
        """One paid job a row, on every row its own video, and nothing told to anybody."""
        return self.jobs == self.charges == self.own_links == rows and not (self.wrong_links or self.leaks)


class Trial:
    """A run from the ticks of all rows to the last link; make one with `trial()`."""

    def __init__(self, home: Path, server: SandboxServer, rows: int, tell: Callable[[str], None]) -> None:
        self.home = home
        self.rows = rows
        self.restarts = -1
        self.manual_steps = 0
        self.line = Line(server.port)
        self._server = server
        self._tell = tell
        self._robot: subprocess.Popen[bytes] | None = None
        self._letters: dict[str, str] = {}
        self._decided: set[int] = set()
        self._ends = time.monotonic() + _PATIENCE

    def prepare(self) -> None:
        """A sheet as `rowreel init` leaves it, and settings in a hurry."""
        lines = [
            [False, "Spring", headline(n), "A line about it", "€ 9.90", "Shop now", None, "Wide", None]
            for n in range(self.rows)
        ]
        sheets = self._server.sandbox.sheets
        sheets.create_workbook("Trial", {TAB: [HEADER, *lines]}, spreadsheet_id=SPREADSHEET)
        window = max(3, min(100, self.rows // 5))
        (self.home / "bot.toml").write_text(
            f'[google]\nbase_url = "{self._server.base_url}"\ncredentials = "anonymous"\n'
            f'[zvid]\nbase_url = "{self.line.url}"\nkey_file = "zvid-key"\nmax_in_flight = {window}\n'
            "poll_seconds = 0.5\ntimeout_seconds = 2\nsettle_seconds = 1\n"
            # So many rows at once are meant here.
            "[queue]\nundo_seconds = 0\nask_above_rows = 100000\nsample_size = 0\n"
            f'[[sheets]]\nspreadsheet = "{SPREADSHEET}"\ninterval_seconds = 0.5\n'
        )
        subprocess.run([*COMMAND, "init", "--yes"], cwd=self.home, check=True, stdout=subprocess.DEVNULL)
        [header] = self._get(f"{TAB}!1:1")
        self._letters = {name: _letter(place) for place, name in enumerate(header)}

    # -- the robot, and who keeps it running ----------------------------------

    def start(self) -> None:
        """The robot, as its service manager starts it."""
        self.restarts += 1
        with (self.home / "robot.log").open("ab") as log:
            self._robot = subprocess.Popen(
                [*COMMAND, "run"], cwd=self.home, stdout=log, stderr=log, start_new_session=True
            )

    def end(self, how: signal.Signals) -> None:
        """Ends the robot, and waits for its end."""
        if self._robot is not None:
            with contextlib.suppress(ProcessLookupError):
                os.killpg(self._robot.pid, how)
            self._robot.wait(20)
            self._robot = None

    def lose_journal(self) -> None:
        """Somebody deletes the journal; the folder's name and count are left."""
        for file in (self.home / "state").glob("journal.db*"):
            file.unlink()

    def _keep_running(self) -> None:
        if self._robot is None or self._robot.poll() is not None:
            self.start()

    # -- the sheet, and the person before it ----------------------------------

    def learn(self) -> None:
        """The robot meets the sheet, and every row says that it may be approved."""
        self.start()
        self.play_until(lambda said: said.count("Ready to approve") == self.rows)

    def approve(self) -> None:
        """One fill-down over the whole column."""
        self._put("Approve", [[True]] * self.rows)

    def sort(self, *, downwards: bool) -> None:
        """Sorts all rows by their headline."""
        call(
            f"{self._server.base_url}/v4/spreadsheets/{SPREADSHEET}:batchUpdate",
            {"requests": [self.sorting(downwards=downwards)]},
            method="POST",
        )

    def sorting(self, *, downwards: bool) -> dict[str, Any]:
        """The request that sorts all rows by their headline."""
        place = next(n for n, name in enumerate(self._letters) if name == "Headline")
        order = "DESCENDING" if downwards else "ASCENDING"
        return {
            "sortRange": {
                "range": {
                    "sheetId": 0,
                    "startRowIndex": 1,
                    "endRowIndex": self.rows + 1,
                    "startColumnIndex": 0,
                    "endColumnIndex": len(self._letters),
                },
                "sortSpecs": [{"dimensionIndex": place, "sortOrder": order}],
            }
        }

    def statuses(self) -> list[str]:
        """What every row says now."""
        said = [str(line[0]) if line else "" for line in self._column("Status")]
        return said + [""] * (self.rows - len(said))

    def done(self) -> int:
        """How many rows are done."""
        return self.statuses().count("Done")

    @property
    def is_done(self) -> bool:
        """Whether nothing is left to wait for."""
        return self.done() == self.rows

    def play(self, seconds: float) -> None:
        """Lets everything run for a while, or to its end."""
        ends = time.monotonic() + seconds
        self.play_until(lambda said: time.monotonic() > ends or said.count("Done") == self.rows)

    def play_until(self, is_enough: Callable[[list[str]], bool]) -> None:
        """Lets everything run, the service manager and the person at their posts. Raises NoEndError."""
        while True:
            self._keep_running()
            said = self.statuses()
            self._tell(f"{said.count('Done')} of {self.rows} done, {self.restarts} restarts")
            if is_enough(said):
                return
            if time.monotonic() > self._ends:
                raise NoEndError(str(sorted(set(said))))
            self._do_as_asked(said)
            time.sleep(_LOOK_SECONDS)

    def _do_as_asked(self, said: list[str]) -> None:
        """Says Go ahead when Control asks for it. A row that nobody can tell of is tried again by hand, once
        everything else has come to rest.
        """
        if "On hold" in said:
            self._say_go_ahead()
        if not set(said) <= {"Done", _NEEDS_DECISION, *_STUCK}:
            return
        for place, status in enumerate(said):
            if status != "Done" and place not in self._decided:
                self._decided.add(place)
                self.manual_steps += 1
                self._put("Retry", [[True]], place)

    def _say_go_ahead(self) -> None:
        control = read_control(self._get("Control"), self._tab_id())
        box = control.board[BoardColumn.GO_AHEAD]
        asks = "Tick Go ahead" in str(control.said(control.board[BoardColumn.GOING_ON]))
        if asks and control.said(box) is not True:
            self.manual_steps += 1
            self._write(f"Control!{_letter(box.column)}{box.row}", [[True]])

    # -- the service ----------------------------------------------------------

    def misbehave(self, **switches: Any) -> None:
        """Sets switches of the service."""
        self._server.sandbox.zvid.change(**switches)

    def behave(self) -> None:
        """Whatever was to go wrong is over."""
        self.misbehave(mishaps=Switches().mishaps)

    def outcome(self, seconds: float) -> Outcome:
        """Counts what was paid for, and looks whose video every link is."""
        zvid = self._server.sandbox.zvid
        jobs = {job.video: job.id for job in zvid.jobs()}
        own = wrong = 0
        headlines, links = self._column("Headline"), self._column("Video")
        links += [[] for _ in range(len(headlines) - len(links))]
        for [name], link in zip(headlines, links, strict=True):
            if link and link[0]:
                job = jobs.get(str(link[0]).rsplit("/", 1)[-1].replace("%20", " "))
                is_own = job is not None and name in str(zvid.project(job))
                own, wrong = own + is_own, wrong + (not is_own)
        charges = len(zvid.charges()) - len(zvid.refunds())
        return Outcome(
            len(zvid.jobs()),
            charges,
            own,
            wrong,
            self.restarts,
            seconds,
            self.manual_steps,
            self._leaks(zvid.api_key.encode()),
        )

    def _leaks(self, secret: bytes) -> tuple[str, ...]:
        """Whether the key stands in the log, in anything the robot keeps, or in the sheet."""
        kept = [self.home / "robot.log", *(one for one in (self.home / "state").rglob("*") if one.is_file())]
        found = [str(one) for one in kept if secret in one.read_bytes()]
        sheet = json.dumps(self._get(TAB)).encode()
        return (*found, *(["the sheet"] if secret in sheet else []))

    # -- its HTTP -------------------------------------------------------------

    def _tab_id(self) -> int:
        book = call(f"{self._server.base_url}/v4/spreadsheets/{SPREADSHEET}")
        return next(
            one["properties"]["sheetId"] for one in book["sheets"] if one["properties"]["title"] == TAB
        )

    def _column(self, name: str) -> list[list[Any]]:
        letter = self._letters[name]
        return self._get(f"{TAB}!{letter}2:{letter}{self.rows + 1}")

    def _get(self, place: str) -> list[list[Any]]:
        url = f"{self._server.base_url}/v4/spreadsheets/{SPREADSHEET}/values/{place}"
        return call(f"{url}?valueRenderOption=UNFORMATTED_VALUE").get("values", [])

    def _put(self, column: str, values: list[list[Any]], place: int = 0) -> None:
        letter, first = self._letters[column], place + 2
        self._write(f"{TAB}!{letter}{first}:{letter}{first + len(values) - 1}", values)

    def _write(self, where: str, values: list[list[Any]]) -> None:
        url = f"{self._server.base_url}/v4/spreadsheets/{SPREADSHEET}/values/{where}?valueInputOption=RAW"
        call(url, {"values": values}, method="PUT")


@contextlib.contextmanager
def trial(home: Path, rows: int, tell: Callable[[str], None]) -> Iterator[Trial]:
    """A trial over an empty folder; ends whatever it started."""
    options = SandboxOptions(
        # One page looks on here far more often than people do.
        sheets=SheetsOptions(reads_per_minute=0, writes_per_minute=0),
        zvid=ZvidOptions(render="instant", concurrency=100, balance=1_000_000),
    )
    with SandboxServer(Sandbox(home, options)) as server:
        # A killed robot hangs up in the middle of a request, which the server would tell at length.
        logging.getLogger("uvicorn.error").setLevel(logging.CRITICAL)
        made = Trial(home, server, rows, tell)
        try:
            made.prepare()
            yield made
        finally:
            made.end(signal.SIGKILL)
            made.line.close()


def headline(number: int) -> str:
    """No two rows say the same, and none is part of another."""
    return f"Film {number:05}"


def _letter(place: int) -> str:
    """A column's name by its place: A is 0."""
    first, last = divmod(place, 26)
    return (chr(64 + first) if first else "") + chr(65 + last)

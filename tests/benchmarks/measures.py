"""Measures time and memory, each in a process of its own; the robot works against the stand-ins in another one, over
real sockets.
"""

from __future__ import annotations

import argparse
import gc
import json
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).parents[1]))
sys.path.insert(0, str(Path(__file__).parents[1] / "acceptance"))

from clip import demo_clip
from fakes.builtin_sheet import HEADER
from hundred_rows import hundred_rows
from life import start_and_stop
from meter import Meter
from one_row import one_row
from reading import reads_a_second

from bot.domain.pace import Pace, Quota

HERE = Path(__file__)
SPREADSHEET = "figures"


@contextmanager
def stage(rows: int) -> Iterator[tuple[str, Path]]:
    """Stand-ins in a process of their own: an instant service, and a sheet with so many rows."""
    with tempfile.TemporaryDirectory() as home:
        process = subprocess.Popen(
            [sys.executable, str(HERE), "--serve", str(rows), home], stdout=subprocess.PIPE, text=True
        )
        assert process.stdout is not None
        try:
            yield process.stdout.readline().strip(), Path(home)
        finally:
            process.terminate()
            process.wait()


def serve(rows: int, home: Path) -> None:
    """The other process: serves until it is ended."""
    from bot.adapters.google_account import connect
    from bot.adapters.google_sheet import look_at
    from bot.adapters.sheet_builder import build, survey
    from bot.adapters.template_folder import BUILT_IN, load_template
    from bot.sandbox.app import Sandbox, SandboxOptions
    from bot.sandbox.serve import SandboxServer
    from bot.sandbox.sheets.service import SheetsOptions
    from bot.sandbox.zvid.service import ZvidOptions

    options = SandboxOptions(
        sheets=SheetsOptions(reads_per_minute=0, writes_per_minute=0),
        zvid=ZvidOptions(render="instant", concurrency=100, balance=1_000_000),
    )
    lines: list[list[Any]] = [
        [
            False,
            "Spring",
            f"Headline {number}",
            "A line about it",
            "€ 9.90",
            "Shop now",
            "#2DD4BF",
            "Wide",
            "x",
        ]
        for number in range(rows)
    ]
    sandbox = Sandbox(home, options)
    sandbox.sheets.create_workbook("Figures", {"Videos": [HEADER, *lines]}, spreadsheet_id=SPREADSHEET)
    with SandboxServer(sandbox) as server:
        client = connect(None, server.base_url, anonymous=True)
        book = look_at(client, SPREADSHEET)
        build(client, book, survey(client, book, "Videos", load_template(BUILT_IN)))
        (home / "bot.toml").write_text(
            f'[google]\nbase_url = "{server.base_url}"\ncredentials = "anonymous"\n'
            f'[zvid]\nbase_url = "{server.base_url}"\nkey_file = "zvid-key"\nmax_in_flight = 100\npoll_seconds = 0.2\n'
            f'[queue]\nundo_seconds = 0\nask_above_rows = 0\nsample_size = 0\n[[sheets]]\nspreadsheet = "{SPREADSHEET}"\n'
        )
        print(server.base_url, flush=True)
        signal.sigwait({signal.SIGTERM})


def in_a_process(measure: str, *arguments: str) -> dict[str, float]:
    """Runs one measurement in a fresh process, so that its memory is its own."""
    done = subprocess.run(
        [sys.executable, str(HERE), "--measure", measure, *arguments],
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode:
        raise SystemExit(done.stderr)
    return json.loads(done.stdout.splitlines()[-1])


def unhurried() -> Quota:
    """Google's quota lifted: it would be measured instead of the robot."""
    return Quota(Pace(1e9, 1e9), Pace(1e9, 1e9))


def idle_rows(home: Path) -> dict[str, float]:
    """One tick over a sheet nobody touches, after those that learnt it or, in a second process, knew it."""
    from bot.settings import load_settings
    from bot.wiring import robot

    with robot(load_settings(home / "bot.toml"), unhurried()) as built:
        reconciler = built.desks[0].reconciler._reconciler
        while True:
            report = reconciler.tick()
            if not (report.changes or report.edits or report.calls):
                break
        before = time.process_time()
        reconciler.tick()
        return {"cpu": time.process_time() - before, "megabytes": peak()}


def thousand_rows(home: Path, base_url: str) -> dict[str, float]:
    """Every row ticked at once, until every row is done and shown."""
    from stage import call

    from bot.adapters.google_account import GoogleSheets
    from bot.adapters.journal import SqliteJournal
    from bot.domain.intents import State
    from bot.logs import set_up_logs
    from bot.settings import load_settings
    from bot.wiring import robot

    # As the daemon does; the library's default draws colours.
    set_up_logs("json", "info")
    meter = Meter()
    with (
        robot(load_settings(home / "bot.toml"), unhurried()) as built,
        meter.around("journal", SqliteJournal, "apply"),
        meter.around("google", GoogleSheets, "request"),
    ):
        gc.freeze()
        reconciler = built.desks[0].reconciler._reconciler
        while reconciler.tick().edits:
            pass
        values = f"{base_url}/v4/spreadsheets/{SPREADSHEET}/values"
        rows = len(reconciler.books.memory.entries)
        call(
            f"{values}/Videos!A2:A{rows + 1}?valueInputOption=RAW", {"values": [[True]] * rows}, method="PUT"
        )
        meter.seconds.clear()
        meter.calls.clear()
        started, cpu, worker = time.monotonic(), time.process_time(), time.thread_time()
        ticks = 0
        while True:
            report = reconciler.tick()
            ticks += 1
            intents = reconciler.books.memory.intents.values()
            if (
                len(intents) == rows
                and all(one.state is State.COMPLETED for one in intents)
                and not report.edits
            ):
                break
        wall, used = time.monotonic() - started, time.process_time() - cpu
        mine = time.thread_time() - worker
    counts = call(f"{base_url}/sandbox/sheets/counts")
    journal, asking = meter.seconds["journal"], meter.seconds["google"]
    return {
        "wall": wall,
        "own": (mine - journal - asking) / rows,
        "journal": journal / rows,
        "commits": meter.calls["journal"] / rows,
        "google": asking / rows,
        # Whatever the other threads used: they do nothing but call the service.
        "zvid": (used - mine) / rows,
        "ticks": ticks,
        "megabytes": peak(),
        "counts": counts,
    }


def long_history(home: Path, base_url: str) -> dict[str, float]:
    """One row's story in a journal with 200,000 ended videos and 1,000,000 events, and in one without."""
    from fakes.history import grow_old
    from stage import call

    from bot.logs import set_up_logs
    from bot.settings import load_settings
    from bot.wiring import robot

    set_up_logs("json", "warning")

    def story(row: int) -> dict[str, float]:
        started = time.process_time()
        with robot(load_settings(home / "bot.toml"), unhurried()) as built:
            reconciler = built.desks[0].reconciler._reconciler
            while reconciler.tick().edits:
                pass
            opened = time.process_time() - started
            place = f"{base_url}/v4/spreadsheets/{SPREADSHEET}/values/Videos!A{row}?valueInputOption=RAW"
            call(place, {"values": [[True]]}, method="PUT")
            before, ticks = time.process_time(), 0
            while ticks < 3 or reconciler.books.memory.live:
                reconciler.tick()
                ticks += 1
            return {"opened": opened, "tick": (time.process_time() - before) / ticks, "megabytes": peak()}

    story(2)
    short = story(3)
    grow_old(home / "state" / "journal.db", 200_000)
    return {f"short_{name}": value for name, value in short.items()} | story(4)


def peak() -> float:
    """Largest memory this program ever had, in megabytes.

    What getrusage() says begins with the largest memory of the process that started this one.
    """
    status = dict(line.split(":", 1) for line in Path("/proc/self/status").read_text().splitlines())
    return int(status["VmHWM"].split()[0]) / 1024


if __name__ == "__main__":
    parser = argparse.ArgumentParser()
    parser.add_argument("--serve", nargs=2)
    parser.add_argument("--measure", nargs="+")
    wanted = parser.parse_args()
    if wanted.serve:
        serve(int(wanted.serve[0]), Path(wanted.serve[1]))
    else:
        name, *rest = wanted.measure
        measures: dict[str, Callable[..., dict[str, float]]] = {
            "idle_rows": lambda home: idle_rows(Path(home)),
            "thousand_rows": lambda home, url: thousand_rows(Path(home), url),
            "long_history": lambda home, url: long_history(Path(home), url),
            "start_and_stop": lambda home: start_and_stop(Path(home)),
            "demo_clip": demo_clip,
            "one_row": one_row,
            "hundred_rows": hundred_rows,
            "reads_a_second": reads_a_second,
        }
        print(json.dumps(measures[name](*rest)))

"""How long the demo takes for a hundred of its rows, from the command to the last video, and what it costs."""

from __future__ import annotations

import os
import resource
import sqlite3
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

_TICKS = os.sysconf("SC_CLK_TCK")


def hundred_rows() -> dict[str, float]:
    """Runs the real command; `render` is the time from the first video sent to the last one finished."""
    with tempfile.TemporaryDirectory() as home:
        command = [sys.executable, "-m", "bot", "demo", "--rows", "100", "--until-done", "--dir", f"{home}/D"]
        before = _children()
        started = time.monotonic()
        with subprocess.Popen(command, stdout=subprocess.DEVNULL) as process:
            workers: dict[int, float] = {}
            while process.poll() is None:
                workers |= dict(_render_workers(process.pid))
                time.sleep(0.2)
        wall = time.monotonic() - started
        assert process.returncode == 0
        with sqlite3.connect(f"{home}/D/zvid.db") as database:
            ((films, first, last, seconds),) = database.execute(
                "SELECT count(*), min(created_ms), max(finished_ms), sum(seconds) FROM jobs WHERE state = 'completed'"
            )
    drawing = sum(workers.values())
    return {
        "films": films,
        "film_seconds": seconds,
        "wall": wall,
        "render": (last - first) / 1000,
        "cpu": _children() - before,
        "per_film": drawing / films,
    }


def _children() -> float:
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


def _render_workers(parent: int) -> Iterator[tuple[int, float]]:
    """The processes that draw, and the CPU each has used."""
    for child in Path(f"/proc/{parent}/task").glob("*/children"):
        try:
            for number in child.read_text().split():
                fields = Path(f"/proc/{number}/stat").read_text().rpartition(")")[2].split()
                if b"spawn_main" in Path(f"/proc/{number}/cmdline").read_bytes():
                    yield int(number), (int(fields[11]) + int(fields[12])) / _TICKS
        except FileNotFoundError:
            continue


if __name__ == "__main__":
    sys.stdout.write(f"{hundred_rows()}\n")

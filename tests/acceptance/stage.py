"""The real command as a subprocess, and a person's hands on the stand-in."""

from __future__ import annotations

import json
import os
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from canaries import spoken

COMMAND = (sys.executable, "-m", "bot")


def rowreel(
    *arguments: str, cwd: Path, timeout: float = 120, **environment: str
) -> subprocess.CompletedProcess[str]:
    """One run of the command to its end; one that comes to none says in which lines its threads were."""
    with subprocess.Popen(
        [*COMMAND, *arguments],
        cwd=cwd,
        env=_environment({"PYTHONFAULTHANDLER": "1", **environment}),
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    ) as process:
        try:
            said, told = process.communicate(timeout=timeout)
        except subprocess.TimeoutExpired:
            process.send_signal(signal.SIGABRT)
            said, told = process.communicate()
            raise AssertionError(f"no end after {timeout:.0f} s: {arguments}\n{said}\n{told}") from None
    spoken(said, told)
    return subprocess.CompletedProcess(process.args, process.returncode, said, told)


@contextmanager
def running(
    *arguments: str,
    cwd: Path,
    stdout: Any = subprocess.PIPE,
    stderr: Any = subprocess.PIPE,
    **environment: str,
):
    """The command in the background, in a process group of its own; ended with everything it started."""
    process = subprocess.Popen(
        [*COMMAND, *arguments],
        cwd=cwd,
        env=_environment(environment),
        stdout=stdout,
        stderr=stderr,
        text=True,
        start_new_session=True,
    )
    try:
        yield process
    finally:
        kill_group(process)
        # Also what was read before: communicate() hands it out again.
        spoken(*process.communicate())


def kill_group(process: subprocess.Popen[str]) -> None:
    """SIGKILL for the process and its children, as a power cut would."""
    try:
        os.killpg(process.pid, signal.SIGKILL)
    except ProcessLookupError:
        return


def _environment(extra: dict[str, str]) -> dict[str, str]:
    inherited = {
        name: value
        for name, value in os.environ.items()
        if not name.startswith(("ROWREEL_", "ZVID_", "NOTIFY_"))
    }
    # Many robots run side by side: none takes the usual port.
    return {**inherited, "ROWREEL_WATCH__LISTEN": "", "NO_COLOR": "1", "COLUMNS": "200", **extra}


def free_port() -> int:
    """A port nobody uses right now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def call(url: str, body: object = None, method: str | None = None, **headers: str) -> Any:
    """One JSON request by the standard library, sharing no code with the robot."""
    request = urllib.request.Request(
        url,
        data=json.dumps(body).encode() if body is not None else None,
        method=method or ("POST" if body is not None else "GET"),
        headers={"Authorization": "Bearer page", "Content-Type": "application/json", **headers},
    )
    with urllib.request.urlopen(request, timeout=10) as answer:
        return json.loads(answer.read())


def rows_of(base_url: str, spreadsheet: str, tab: str = "Videos") -> list[dict[str, Any]]:
    """The tab's rows by header, as people see them."""
    said = call(f"{base_url}/v4/spreadsheets/{spreadsheet}/values/{tab}?valueRenderOption=UNFORMATTED_VALUE")
    header, *lines = said["values"]
    rows = [dict(zip(header, [*line, *[""] * (len(header) - len(line))], strict=True)) for line in lines]
    return [row for row in rows if row.get("Row ID")]


def tick(base_url: str, key: str, row: int = 2) -> None:
    """Somebody approves a row, by its number in the sheet."""
    cell = f"{base_url}/v4/spreadsheets/{key}/values/Videos!A{row}?valueInputOption=RAW"
    call(cell, {"values": [[True]]}, method="PUT")


def until(base_url: str, key: str, status: str, row: int = 0) -> None:
    """Waits until the status of one row, the first if none is named, begins with this word."""
    for _ in range(300):
        rows = rows_of(base_url, key)
        if len(rows) > row and str(rows[row]["Status"]).startswith(status):
            return
        time.sleep(0.1)
    raise AssertionError(f"never {status}: {rows}")

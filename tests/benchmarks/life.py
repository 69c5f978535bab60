"""How long the robot takes to begin and to end."""

from __future__ import annotations

import subprocess
import sys
import time
from pathlib import Path


def start_and_stop(home: Path) -> dict[str, float]:
    """From the command to its first tick in the log, and from SIGTERM to its end."""
    started = time.monotonic()
    process = subprocess.Popen(
        [sys.executable, "-m", "bot", "run", "--config", str(home / "bot.toml")],
        stderr=subprocess.PIPE,
        text=True,
    )
    assert process.stderr is not None
    for line in process.stderr:
        if "tick_done" in line:
            break
    first = time.monotonic() - started
    started = time.monotonic()
    process.terminate()
    process.wait()
    return {"start": first, "stop": time.monotonic() - started}

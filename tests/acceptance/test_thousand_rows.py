"""The benchmark of a thousand rows, with fewer of them."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

BENCHMARK = Path(__file__).parents[1] / "benchmarks" / "thousand_rows.py"


def test_f_P01_rows_through_bad_luck():
    """Answers lost, kill -9 every few seconds, a sheet that is sorted all the time: a job and a link for each row."""
    stories = ("lost-answers", "kills", "sorted")
    chosen = [part for name in stories for part in ("--story", name)]
    ended = subprocess.run(
        [sys.executable, str(BENCHMARK), "--rows", "60", *chosen], capture_output=True, text=True, check=False
    )

    assert ended.returncode == 0, ended.stdout + ended.stderr

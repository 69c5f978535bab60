"""A team's whole day at the stand-ins, and what they hold hour by hour: python tests/benchmarks/day_of_use.py [days]

17,280 looks of a robot, 3,456 edits, sorts, viewers, sign-ins, 576 real videos with their webhooks. Ends with 1
when the second half of it took memory, handles, threads or processes that it did not give back.
"""

from __future__ import annotations

import sys
import tempfile
import time
from contextlib import closing
from pathlib import Path

from rich.console import Console
from rich.table import Table

sys.path.insert(0, str(Path(__file__).parents[1] / "sandbox"))

from one_day import Day, Held, ear, settled, stand_ins

_HOUR = 72  # steps
_MEMORY = 10_000_000  # bytes in half a day: caches that are not full yet


def main() -> int:
    hours = 24 * int(sys.argv[1] if len(sys.argv) > 1 else 1)
    table = Table(
        "hour", "memory, MB", "drawing, MB", "handles", "threads", "processes", "media, kB", "disk, MB"
    )
    seen: list[Held] = []
    started = time.monotonic()
    with (
        tempfile.TemporaryDirectory() as folder,
        ear() as hook,
        stand_ins(home := Path(folder)) as (base, process),
        closing(Day(base, home, hook)) as day,
    ):
        for hour in range(1, hours + 1):
            day.part(_HOUR)
            now = settled(process, home, seen[0].handles if seen else 1000)
            seen.append(now)
            if hour % (hours // 12) == 0:
                table.add_row(
                    f"{hour}",
                    f"{now.memory / 1e6:.1f}",
                    f"{now.drawing / 1e6:.1f}",
                    f"{now.handles}",
                    f"{now.threads}",
                    f"{now.children}",
                    f"{now.media / 1e3:.0f}",
                    f"{now.disk / 1e6:.1f}",
                )
    console = Console()
    console.print(table)
    console.print(f"{hours} hours in {time.monotonic() - started:.0f} s")
    leaks = leaked(seen[: hours // 2], seen[-1])
    console.print("Leaked: " + ", ".join(leaks) if leaks else "Nothing leaked.")
    return 1 if leaks else 0


def leaked(before: list[Held], end: Held) -> list[str]:
    middle = before[-1]
    grown = {
        "memory": end.memory > middle.memory + _MEMORY,
        "memory of the drawing processes": end.drawing > middle.drawing + _MEMORY,
        "handles": end.handles > max(one.handles for one in before),
        "threads": end.threads > max(one.threads for one in before),
        "processes": end.children > middle.children,
    }
    return [what for what, is_more in grown.items() if is_more]


if __name__ == "__main__":
    sys.exit(main())

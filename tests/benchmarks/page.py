"""Measures the sheet page in a real Chromium and prints it beside what it should be: python tests/benchmarks/page.py

The stand-in runs in a process of its own, over real sockets; a machine that does other things shows other figures.
"""

from __future__ import annotations

import argparse
import shutil
import signal
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

import httpx
from rich.console import Console
from rich.table import Table

sys.path.insert(0, str(Path(__file__).parents[1] / "sandbox" / "page"))

from page_workbook import COLUMN, ROWS, Book, create_book

if TYPE_CHECKING:
    from playwright.sync_api import Browser, CDPSession, Page

HERE = Path(__file__)
QUIET = ["--no-sandbox", "--disable-gpu", "--disable-background-networking", "--no-first-run"]

# The moment of the first frame in which the grid shows certain words.
SHOWN = """(words) => new Promise((resolve) => {
  const look = () => document.querySelector('#grid').textContent.includes(words)
    ? resolve(performance.timeOrigin + performance.now()) : requestAnimationFrame(look);
  look();
})"""

# The lengths of the frames of a scroll by so many pixels a frame.
SCROLL = """async ([pixels, frames]) => {
  const grid = document.querySelector('#grid');
  const lengths = [];
  let last = await new Promise(requestAnimationFrame);
  for (let frame = 0; frame < frames; frame += 1) {
    grid.scrollTop += pixels;
    const now = await new Promise(requestAnimationFrame);
    lengths.push(now - last);
    last = now;
  }
  return lengths;
}"""


@contextmanager
def stand_in() -> Iterator[str]:
    """The stand-in in a process of its own."""
    with tempfile.TemporaryDirectory() as home:
        process = subprocess.Popen(
            [sys.executable, str(HERE), "--serve", home], stdout=subprocess.PIPE, text=True
        )
        assert process.stdout is not None
        try:
            yield process.stdout.readline().strip()
        finally:
            process.terminate()
            process.wait()


def serve(home: Path) -> None:
    """The other process: serves until it is ended."""
    from bot.sandbox.app import Sandbox
    from bot.sandbox.serve import SandboxServer

    with SandboxServer(Sandbox(home)) as server:
        print(server.base_url, flush=True)
        signal.sigwait({signal.SIGTERM})


def a_book(base_url: str, http: httpx.Client, rows: int) -> Book:
    """A sheet of so many rows in all states; its pictures are left out, as nobody serves them here."""
    plain = [{name: value for name, value in row.items() if name != "clip"} for row in ROWS]
    return create_book(base_url, http, [plain[number % len(plain)] for number in range(rows)])


def open_page(browser: Browser, book: Book) -> tuple[Page, float]:
    """The page, and the ms from asking for it to rows that can be edited."""
    page = browser.new_page(viewport={"width": 1440, "height": 900})
    page.set_default_timeout(60_000)
    page.goto(f"{book.base_url}/#{book.id}")
    page.wait_for_selector("html[data-ready]")
    return page, float(page.get_attribute("html", "data-ready") or 0)


def seen(page: Page, book: Book, words: str, change: dict[str, Any]) -> float:
    """The ms from sending a write to the frame that shows it."""
    page.evaluate(f"words => {{ window.shown = ({SHOWN})(words); }}", words)
    sent = time.time() * 1000
    book.change(change)
    return float(page.evaluate("window.shown")) - sent


def state(row: int, words: str) -> dict[str, Any]:
    return {
        "updateCells": {
            "start": {"sheetId": 0, "rowIndex": row, "columnIndex": COLUMN["Status"]},
            "rows": [{"values": [{"userEnteredValue": {"stringValue": words}}]}],
            "fields": "userEnteredValue",
        }
    }


def main_thread(session: CDPSession) -> float:
    """The ms the page's main thread has worked so far, other processes not counted."""
    found = session.send("Performance.getMetrics")["metrics"]
    return next(float(one["value"]) for one in found if one["name"] == "TaskDuration") * 1000


def measured(
    browser: Browser, base_url: str, http: httpx.Client, rows: int
) -> Iterator[tuple[str, str, str]]:
    """What, how much, and how much it should be, for a sheet of so many rows."""
    book = a_book(base_url, http, rows)
    readies = []
    for _ in range(3):
        page, ready = open_page(browser, book)
        readies.append(ready)
        page.close()
    goal = "<= 1,000" if rows <= 1000 else ""
    yield f"{rows:,} rows: ready", f"{min(readies):,.0f} ms (of 3: {max(readies):,.0f})", goal
    page, _ = open_page(browser, book)
    waits = [seen(page, book, f"Rendering {at}1%", state(6, f"Rendering {at}1%")) for at in range(1, 10)]
    yield "   a changed cell visible", f"{statistics.median(waits):.0f} ms (worst {max(waits):.0f})", "<= 100"
    for pixels, pace in ((60, "reading"), (400, "rushing")):
        session = page.context.new_cdp_session(page)
        session.send("Performance.enable", {"timeDomain": "threadTicks"})
        page.evaluate("document.querySelector('#grid').scrollTop = 0")
        before = main_thread(session)
        frames = sorted(page.evaluate(SCROLL, [pixels, 120]))
        worked = (main_thread(session) - before) / 120
        yield (
            f"   scrolling, {pace} ({pixels} px a frame)",
            f"{statistics.median(frames):.1f} ms a frame (95 %: {frames[113]:.1f}), {worked:.1f} ms of it worked",
            "<= 16.7 worked",
        )
    where = {"sheetId": 0, "dimension": "ROWS", "startIndex": 1, "endIndex": 2}
    page.evaluate("document.querySelector('#grid').scrollTop = 0")
    book.change({"insertDimension": {"range": where, "inheritFromBefore": False}})
    inserted = seen(page, book, "inserted", state(1, "inserted"))
    yield "   a row inserted and written, visible", f"{inserted:.0f} ms", ""
    page.close()


def main() -> None:
    from playwright.sync_api import sync_playwright

    table = Table("what", "figure", "goal")
    chromium = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
    if chromium is None:
        raise SystemExit("This machine has no Chromium.")
    with (
        stand_in() as base_url,
        httpx.Client(headers={"Authorization": "Bearer page"}, timeout=60) as http,
        sync_playwright() as driver,
    ):
        browser = driver.chromium.launch(executable_path=chromium, args=QUIET)
        for rows in (1_000, 10_000):
            for line in measured(browser, base_url, http, rows):
                table.add_row(*line)
        browser.close()
    Console().print(table)


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--serve", type=Path, help=argparse.SUPPRESS)
    arguments = parser.parse_args()
    if arguments.serve:
        serve(arguments.serve)
    else:
        main()

"""One whole story: the real robot, the page, a first tick, and the video that comes of it."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from contextlib import contextmanager
from typing import TYPE_CHECKING

import pytest
from sheet_page import news, until

from bot.sandbox.serve import free_port

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from playwright.sync_api import BrowserContext, Page

pytestmark = pytest.mark.browser

PATIENCE = 40_000  # ms, on a machine that does other things as well


@contextmanager
def demo(folder: Path) -> Iterator[str]:
    """`rowreel demo` with three rows, in a process group of its own, ended with all it started."""
    listener = free_port()
    port = listener.getsockname()[1]
    listener.close()
    command = [sys.executable, "-m", "bot", "demo", "--no-browser", "--rows", "3", "--port", str(port)]
    process = subprocess.Popen(
        [*command, "--dir", str(folder)],
        env={**os.environ, "ROWREEL_QUEUE__UNDO_SECONDS": "1", "NO_COLOR": "1"},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        start_new_session=True,
        text=True,
    )
    assert process.stdout is not None
    try:
        for line in process.stdout:
            if "The sheet:" in line:
                break
        yield f"http://127.0.0.1:{port}"
    finally:
        os.killpg(process.pid, signal.SIGKILL)
        process.communicate()


def column(page: Page, header: str) -> int:
    """Where a header stands in the sheet that the robot prepared."""
    labels = page.locator('.head .row[aria-rowindex="1"] .cell')
    return int(labels.filter(has_text=header).first.get_attribute("data-column") or -1)


def text(page: Page, row: int, at: int) -> str:
    return page.locator(f'.row[aria-rowindex="{row}"] .cell[data-column="{at}"]').inner_text().strip()


def test_from_the_first_tick_to_the_playing_video(
    window: BrowserContext, tmp_path: Path, picture: Callable[[Page, str], None]
):
    """A person opens the page, ticks one row, sees it start, render and end, and plays what came of it."""
    with demo(tmp_path / "demo") as address:
        page = window.new_page()
        complaints: list[str] = []
        page.on("console", lambda message: complaints.append(message.text) if message.type != "log" else None)
        page.goto(address)
        page.wait_for_selector("html[data-ready]")
        status, credits_ = column(page, "Status"), column(page, "Credits")
        until(page, lambda: text(page, 2, status), "Ready to approve", PATIENCE)
        price = text(page, 2, credits_)
        page.get_by_role("checkbox", name="Approve, row 2", exact=True).click()
        seen: list[str] = []

        def state() -> str:
            word = text(page, 2, status)
            if not seen or seen[-1] != word:
                seen.append(word)
            return word

        done = until(page, state, "Done", PATIENCE)
        told = until(page, lambda: "Done" in news(page), wanted=True)
        picture(page, "story")
        page.get_by_role("button", name="Watch the video of row 2").click()
        video = page.locator("#player video")
        plays = until(
            page, lambda: video.evaluate("node => node.currentTime > 0.2 && !node.paused"), True, 9000
        )
        shape = video.evaluate("node => [node.videoWidth, node.videoHeight, Math.round(node.duration)]")
        picture(page, "story player")
        page.close()

    assert done == "Done", seen
    assert any(word.startswith(("Starts", "Sending", "Rendering")) for word in seen)
    assert price == "~9"
    assert told is True
    assert plays is True
    assert shape == [1080, 1920, 9]
    assert complaints == []

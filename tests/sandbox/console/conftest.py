"""A running sandbox with a small sheet, and the system's Chromium to look at its console."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from console_bench import Bench, make_bench

from bot.sandbox.serve import SandboxServer

if TYPE_CHECKING:
    from playwright.sync_api import Browser


@pytest.fixture
def bench(tmp_path: Path) -> Iterator[Bench]:
    sandbox, book = make_bench(tmp_path / "home")
    with SandboxServer(sandbox) as server:
        yield Bench(sandbox, server.base_url, book)


@pytest.fixture(scope="module")
def browser(chromium: str) -> Iterator[Browser]:
    """The system's Chromium."""
    from playwright.sync_api import sync_playwright

    with sync_playwright() as driver:
        running = driver.chromium.launch(executable_path=chromium, args=["--no-sandbox", "--disable-gpu"])
        yield running
        running.close()

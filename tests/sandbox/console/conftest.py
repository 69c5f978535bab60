"""A running sandbox with a small sheet, and the system's Chromium to look at its console."""

from __future__ import annotations

import os
import shutil
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
def browser() -> Iterator[Browser]:
    """The system's Chromium; a machine without one says so and goes on, unless it must not."""
    from playwright.sync_api import sync_playwright

    found = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
    if found is None and os.environ.get("ROWREEL_REQUIRE_BROWSER") == "1":
        pytest.fail("ROWREEL_REQUIRE_BROWSER=1, and this machine has no Chromium.")
    if found is None:
        pytest.skip("This machine has no Chromium: the console was not looked at.")
    with sync_playwright() as driver:
        running = driver.chromium.launch(executable_path=found, args=["--no-sandbox", "--disable-gpu"])
        yield running
        running.close()

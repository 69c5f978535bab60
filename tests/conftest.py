"""What every test shares: no setting of the machine leaks in."""

from __future__ import annotations

import logging
import os
import shutil
from collections.abc import Iterator
from typing import Any

import demand_table
import google_watch
import pytest
import structlog

# Hooks: secrets are looked for in all that a run leaves behind.
from canaries import (  # noqa: F401
    pytest_runtest_logreport,
    pytest_sessionfinish,
    pytest_sessionstart,
    pytest_terminal_summary,
)


def pytest_configure(config: pytest.Config) -> None:
    """Every request to Google is watched; a whole run gives account of the demands."""
    config.pluginmanager.register(google_watch)
    if not hasattr(config, "workerinput"):
        config.pluginmanager.register(demand_table.Account())


def pytest_xdist_auto_num_workers() -> int:
    """One more than there are processors: many tests wait for another process, a browser or a clock."""
    return (os.cpu_count() or 1) + 1


@pytest.fixture(scope="session")
def chromium() -> str:
    """The system's browser. A machine without one says so and goes on with what needs none, unless it must not."""
    names = ("chromium", "chromium-browser", "google-chrome")
    found = next((path for name in names if (path := shutil.which(name))), None)
    if found is None and os.environ.get("ROWREEL_REQUIRE_BROWSER") == "1":
        pytest.fail("ROWREEL_REQUIRE_BROWSER=1, and this machine has no Chromium.")
    if found is None:
        pytest.skip("This machine has no Chromium: what only a browser shows was not looked at.")
    return found


@pytest.fixture(autouse=True)
def _no_settings_from_outside(monkeypatch: pytest.MonkeyPatch) -> None:
    """Settings and keys in the developer's environment are none of the tests' business."""
    for name in list(os.environ):
        if name.startswith("ROWREEL_") and not name.startswith("ROWREEL_REQUIRE_"):
            monkeypatch.delenv(name)
    monkeypatch.delenv("ZVID_API_KEY", raising=False)


@pytest.fixture
def heard() -> Iterator[list[Any]]:
    """Everything that is logged meanwhile, as facts; also where the other tests' logs are kept quiet."""
    before = structlog.get_config()
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(logging.DEBUG))
    with structlog.testing.capture_logs() as said:
        yield said
    structlog.configure(**before)

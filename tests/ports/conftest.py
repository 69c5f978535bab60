"""The stand-ins served over real HTTP, and the Google client on a real service account."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from pathlib import Path

import pytest
import structlog

from bot.adapters.google_account import GoogleSheets, connect
from bot.domain.pace import Pace, Quota
from bot.sandbox.app import Sandbox, SandboxOptions
from bot.sandbox.serve import SandboxServer
from bot.sandbox.sheets.service import SheetsOptions
from bot.sandbox.sheets.tokens import write_service_account
from bot.sandbox.zvid.service import ZvidOptions


@pytest.fixture(scope="session", autouse=True)
def _quiet() -> Iterator[None]:
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(logging.CRITICAL))
    yield
    structlog.reset_defaults()


@pytest.fixture(scope="session")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[SandboxServer]:
    """One for all tests of the ports: no quotas, only its own tokens are good, videos are made at once."""
    options = SandboxOptions(
        sheets=SheetsOptions(reads_per_minute=0, writes_per_minute=0, require_token=True),
        zvid=ZvidOptions(render="instant", balance=1_000_000),
    )
    with SandboxServer(Sandbox(tmp_path_factory.mktemp("sandbox"), options)) as server:
        yield server


@pytest.fixture(scope="session")
def account_file(server: SandboxServer, tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write_service_account(tmp_path_factory.mktemp("account"), server.base_url)


@pytest.fixture(scope="session")
def google(server: SandboxServer, account_file: Path) -> GoogleSheets:
    """The robot's own client: unmodified gspread, a signed claim, a token from the exchange."""
    unlimited = Quota(Pace(burst=1e9), Pace(burst=1e9))
    return connect(account_file, server.base_url, quota=unlimited)

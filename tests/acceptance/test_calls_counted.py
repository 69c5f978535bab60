"""How often Google is called, counted by the one who is called."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from stage import call, rows_of

from bot.adapters.google_sheet import look_at
from bot.adapters.sheet_builder import build, survey
from bot.adapters.template_folder import BUILT_IN, load_template
from bot.domain.pace import Pace, Quota
from bot.sandbox.app import Sandbox, SandboxOptions
from bot.sandbox.serve import SandboxServer
from bot.sandbox.sheets.service import SheetsOptions
from bot.sandbox.zvid.service import ZvidOptions
from bot.settings import load_settings
from bot.wiring import google, robot

HEADER = ["Approve", "Campaign", "Headline", "Subline", "Price", "CTA", "Accent colour", "Format", "Notes"]
ROWS = 50


@pytest.fixture
def stage(tmp_path: Path) -> Iterator[tuple[SandboxServer, Path]]:
    """Fifty good rows at an instant service, under the real quotas."""
    with prepared(tmp_path, ROWS, SheetsOptions()) as place:
        yield place


@contextmanager
def prepared(tmp_path: Path, rows: int, sheets: SheetsOptions) -> Iterator[tuple[SandboxServer, Path]]:
    """So many good rows at an instant service."""
    zvid = ZvidOptions(render="instant", concurrency=100, balance=1_000_000)
    sandbox = Sandbox(tmp_path, SandboxOptions(sheets=sheets, zvid=zvid))
    lines = [
        [False, None, f"Headline {number}", None, "€ 5", None, None, "Wide", None] for number in range(rows)
    ]
    sandbox.sheets.create_workbook("Fifty", {"Videos": [HEADER, *lines]}, spreadsheet_id="fifty")
    with SandboxServer(sandbox) as server:
        config = tmp_path / "bot.toml"
        config.write_text(
            f'[google]\nbase_url = "{server.base_url}"\ncredentials = "anonymous"\n'
            f'[zvid]\nbase_url = "{server.base_url}"\nkey_file = "zvid-key"\nmax_in_flight = 100\n'
            f'poll_seconds = 0.2\n[queue]\nundo_seconds = 0\nask_above_rows = 0\nsample_size = 0\n[[sheets]]\nspreadsheet = "fifty"\n'
        )
        client = google(load_settings(config))
        book = look_at(client, "fifty")
        build(client, book, survey(client, book, "Videos", load_template(BUILT_IN)))
        yield server, config


def counts(server: SandboxServer) -> tuple[int, int]:
    """(reads, writes) of everybody but the page."""
    said = call(f"{server.base_url}/sandbox/sheets/counts")
    robots = [one for user, one in said.items() if user != "page"]
    return sum(one["reads"] for one in robots), sum(one["writes"] for one in robots)


def test_one_read_a_tick_and_one_write_a_changed_tick(stage: tuple[SandboxServer, Path]):
    """Fifty rows learn their state in one write, fifty ticks are taken in one write, and quiet costs no write."""
    server, config = stage
    with robot(load_settings(config)) as built:
        tick = built.desks[0].reconciler.tick

        def cost() -> tuple[int, int]:
            reads, writes = counts(server)
            tick()
            after = counts(server)
            return after[0] - reads, after[1] - writes

        learning = cost()
        quiet = [cost() for _ in range(3)]
        call(
            f"{server.base_url}/v4/spreadsheets/fifty/values/Videos!A2:A51?valueInputOption=RAW",
            {"values": [[True]] * ROWS},
            method="PUT",
        )
        approving = cost()

    assert learning == (1, 1)
    assert quiet == [(1, 0)] * 3
    assert approving == (1, 1)


def test_many_rows_from_start_to_finish(tmp_path: Path):
    """However many rows: each tick is one read, and one write where something changed (figures.py counts a thousand)."""
    unlimited = Quota(Pace(burst=1e9), Pace(burst=1e9))
    costs = []
    with (
        prepared(tmp_path, 200, SheetsOptions(reads_per_minute=0, writes_per_minute=0)) as (server, config),
        robot(load_settings(config), unlimited) as built,
    ):
        tick = built.desks[0].reconciler.tick
        tick()
        call(
            f"{server.base_url}/v4/spreadsheets/fifty/values/Videos!A2:A201?valueInputOption=RAW",
            {"values": [[True]] * 200},
            method="PUT",
        )
        while not costs or costs[-1][2]:
            before = counts(server)
            report = tick()
            after = counts(server)
            is_due = bool(report.changes or report.edits or report.calls or report.next_due is not None)
            costs.append((after[0] - before[0], after[1] - before[1], is_due))
        done = [row["Status"] for row in rows_of(server.base_url, "fifty")]

    assert done == ["Done"] * 200
    assert {reads for reads, _, _ in costs} == {1}
    assert {writes for _, writes, _ in costs} == {0, 1}


def test_a_second_robot_is_refused_with_the_holder_named(stage: tuple[SandboxServer, Path]):
    """f_L01: one journal, one robot; the second one leaves at once."""
    from bot.adapters.state_folder import AlreadyRunningError

    _, config = stage
    settings = load_settings(config)

    with robot(settings), pytest.raises(AlreadyRunningError, match=r"process \d+, since 20"), robot(settings):
        pass

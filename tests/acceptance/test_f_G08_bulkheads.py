"""Several spreadsheets, each broken in its own way: the good one is served, the others join when they are mended."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from stage import call, rows_of, tick

from bot.adapters.google_account import SheetUnavailableError
from bot.adapters.google_sheet import look_at
from bot.adapters.sheet_builder import build, survey
from bot.adapters.template_folder import BUILT_IN, load_template
from bot.domain.pace import Quota
from bot.sandbox.app import Sandbox, SandboxOptions
from bot.sandbox.serve import SandboxServer
from bot.settings import load_settings
from bot.wiring import google, journal_view, robot

HEADER = ["Approve", "Campaign", "Headline", "Subline", "Price", "CTA", "Accent colour", "Format", "Notes"]
ROW = [False, None, "Headline", None, "€ 5", None, None, "Wide", None]


@pytest.fixture
def server(tmp_path: Path) -> Iterator[SandboxServer]:
    with SandboxServer(Sandbox(tmp_path, SandboxOptions())) as server:
        yield server


def prepared(server: SandboxServer, config: Path, name: str, tab: str = "Videos") -> None:
    server.sandbox.sheets.create_workbook(name, {tab: [HEADER, ROW]}, spreadsheet_id=name)
    client = google(load_settings(config))
    book = look_at(client, name)
    build(client, book, survey(client, book, tab, load_template(BUILT_IN)))
    client.close()


def settings_for(server: SandboxServer, folder: Path, *names: str) -> Path:
    config = folder / "bot.toml"
    sheets = "".join(f'[[sheets]]\nspreadsheet = "{name}"\n' for name in names)
    config.write_text(
        f'[google]\nbase_url = "{server.base_url}"\ncredentials = "anonymous"\n'
        f'[zvid]\nbase_url = "{server.base_url}"\nkey_file = "zvid-key"\n{sheets}'
    )
    return config


def test_f_G08_one_robot_for_good_and_broken_spreadsheets(server: SandboxServer, tmp_path: Path):
    """Deleted, without the tab, without a header: each is told, none is in the way, and each is taken up later."""
    config = settings_for(server, tmp_path, "deleted", "tabless", "headless", "good-1")
    for name in ("good-1", "headless"):
        prepared(server, config, name)
    call(
        f"{server.base_url}/v4/spreadsheets/headless/values/Videos!C1?valueInputOption=RAW",
        {"values": [["Overline"]]},
        method="PUT",
    )
    server.sandbox.sheets.create_workbook("tabless", {"Sheet1": []}, spreadsheet_id="tabless")
    with robot(load_settings(config), Quota.of_one_command()) as built:
        first = [desk.reconciler.tick() for desk in built.desks]
        served = rows_of(server.base_url, "good-1")[0]["Status"]
        prepared(server, config, "deleted")
        later = [desk.reconciler.tick() for desk in built.desks]
        titles = [desk.title for desk in built.desks]

    assert served == "Ready to approve"
    assert first[0].failure is not None
    assert "There is no spreadsheet deleted" in first[0].failure.detail
    assert first[1].failure is not None
    assert 'has no tab "Videos"' in first[1].failure.detail
    assert [problem.column for problem in first[2].header] == ["Headline"]
    assert later[0].failure is None
    assert rows_of(server.base_url, "deleted")[0]["Status"] == "Ready to approve"
    # Tabs of the same name can be told apart in the log and in health.
    assert len(set(titles)) == 4


def test_f_G08_first_start_without_any_sheet_in_reach_is_refused(server: SandboxServer, tmp_path: Path):
    """Whoever sets it up reads at once what is wrong."""
    config = settings_for(server, tmp_path, "deleted")

    with (
        pytest.raises(SheetUnavailableError, match="There is no spreadsheet deleted"),
        robot(load_settings(config)),
    ):
        pass


def test_f_G08_later_starts_wait_for_the_sheet(server: SandboxServer, tmp_path: Path):
    """A robot that knew its sheet once starts without it, and takes it up when it is back."""
    config = settings_for(server, tmp_path, "good-1")
    prepared(server, config, "good-1")
    with robot(load_settings(config)) as built:
        built.desks[0].reconciler.tick()
    server.sandbox.sheets.change(mishaps=[{"answer": 403, "times": 2}])
    with robot(load_settings(config)) as built:
        away = built.desks[0].reconciler.tick()
        back = built.desks[0].reconciler.tick()

    assert away.failure is not None
    assert "Share it, as editor" in away.failure.detail
    assert back.failure is None


def test_f_G08_videos_of_a_tab_taken_out_of_the_settings_block_nobody(server: SandboxServer, tmp_path: Path):
    """They are followed to their end: until then they fill the window that all tabs share."""
    both = settings_for(server, tmp_path, "kept", "dropped")
    both.write_text(f"[queue]\nundo_seconds = 0\n{both.read_text()}")
    for name in ("kept", "dropped"):
        prepared(server, both, name)
    with robot(load_settings(both), Quota.of_one_command()) as built:
        dropped = built.desks[1].reconciler
        dropped.tick()
        tick(server.base_url, "dropped")
        until(lambda: dropped.tick().sent)
    settings = load_settings(settings_for(server, tmp_path, "kept"))
    with robot(settings, Quota.of_one_command()) as built, journal_view(settings) as journal:
        before = journal.in_flight()
        until(lambda: built.follow_strays() or not journal.in_flight())

    assert before == 1


def until(is_so: Callable[[], object]) -> None:
    for _ in range(100):
        if is_so():
            return
        time.sleep(0.1)
    raise AssertionError("never")

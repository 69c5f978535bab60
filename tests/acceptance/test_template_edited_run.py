"""A template folder edited under a running robot, with real files and real processes."""

from __future__ import annotations

import shutil
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from stage import call, kill_group, rows_of, running

from bot.adapters.google_sheet import look_at
from bot.adapters.sheet_builder import build, survey
from bot.adapters.template_folder import BUILT_IN, load_template
from bot.domain.control import BoardColumn, read_control
from bot.sandbox.app import Sandbox, SandboxOptions
from bot.sandbox.serve import SandboxServer
from bot.sandbox.sheets.service import SheetsOptions
from bot.sandbox.zvid.options import ZvidOptions
from bot.settings import load_settings
from bot.wiring import google

HEADER = ["Approve", "Campaign", "Headline", "Subline", "Price", "CTA", "Accent colour", "Format", "Notes"]


@dataclass
class Place:
    """Two tabs, each with a template of its own, at one stand-in."""

    home: Path
    server: SandboxServer

    def row(self, tab: str) -> dict[str, object]:
        return next(iter(rows_of(self.server.base_url, "both", tab)), {"Status": ""})

    def told(self, tab: int) -> str:
        url = (
            f"{self.server.base_url}/v4/spreadsheets/both/values/Control?valueRenderOption=UNFORMATTED_VALUE"
        )
        control = read_control(call(url)["values"], tab)
        return str(control.said(control.board[BoardColumn.GOING_ON]))

    def put(self, where: str, value: object) -> None:
        url = f"{self.server.base_url}/v4/spreadsheets/both/values/{where}?valueInputOption=RAW"
        call(url, {"values": [[value]]}, method="PUT")

    def go_ahead(self, tab: int) -> None:
        url = (
            f"{self.server.base_url}/v4/spreadsheets/both/values/Control?valueRenderOption=UNFORMATTED_VALUE"
        )
        place = read_control(call(url)["values"], tab).board[BoardColumn.GO_AHEAD]
        self.put(f"Control!{chr(65 + place.column)}{place.row}", True)

    def until(self, tab: str, text: str, column: str = "Status") -> None:
        """Waits until the tab's row says so."""
        for _ in range(300):
            if text in str(self.row(tab)[column]):
                return
            time.sleep(0.1)
        raise AssertionError(f"never {text}: {self.row(tab)}")


@pytest.fixture
def place(tmp_path: Path) -> Iterator[Place]:
    # Two robots in a minute are one more than Google's quota is meant for.
    options = SandboxOptions(SheetsOptions(0, 0), ZvidOptions(render="instant", concurrency=9))
    sandbox = Sandbox(tmp_path, options)
    row = [False, None, "A headline", None, "€ 5", None, None, "Wide", None]
    tabs = {"Spring": [HEADER, row], "Summer": [HEADER, row]}
    sandbox.sheets.create_workbook("Both", tabs, spreadsheet_id="both")
    for name in tabs:
        shutil.copytree(BUILT_IN, tmp_path / name)
    with SandboxServer(sandbox) as server:
        sheets = "".join(
            f'[[sheets]]\nspreadsheet = "both"\ntab = "{name}"\ntemplate = "{name}"\ninterval_seconds = 0.5\n'
            for name in tabs
        )
        (tmp_path / "bot.toml").write_text(
            f'[google]\nbase_url = "{server.base_url}"\ncredentials = "anonymous"\n'
            f'[zvid]\nbase_url = "{server.base_url}"\nkey_file = "zvid-key"\npoll_seconds = 0.5\n'
            f"[queue]\nundo_seconds = 3\n{sheets}"
        )
        client = google(load_settings(tmp_path / "bot.toml"))
        for name in tabs:
            book = look_at(client, "both")
            build(client, book, survey(client, book, name, load_template(BUILT_IN)))
        client.close()
        yield Place(tmp_path, server)


def test_edited_broken_killed_and_mended(place: Place):
    """Counted up in the undo time the row holds; broken and started anew the other tab goes on; mended and said yes
    to, the row is made with the version of by then.
    """
    contract = place.home / "Spring" / "contract.toml"
    whole = contract.read_text(encoding="utf-8")
    with running("run", cwd=place.home) as robot:
        for tab in ("Spring", "Summer"):
            place.until(tab, "Ready to approve")
        place.put("Spring!A2", True)
        place.until("Spring", "Waiting")
        contract.write_text(whole.replace('version = "1"', 'version = "2"'), encoding="utf-8")
        place.until("Spring", "On hold")
        held, asked = place.row("Spring")["What to do"], place.told(0)
        kill_group(robot)
    contract.write_text("= = =", encoding="utf-8")
    with running("run", cwd=place.home):
        place.put("Summer!A2", True)
        place.until("Summer", "Done")
        broken, told = place.row("Spring")["What to do"], place.told(0)
        contract.write_text(whole.replace('version = "1"', 'version = "3"'), encoding="utf-8")
        place.until("Spring", "version 3", "What to do")
        place.go_ahead(0)
        place.until("Spring", "Done")
        made = place.row("Spring")["Template version"], place.row("Summer")["Template version"]

    assert held == "Waits for version 2 of the template. Tick Go ahead on Control to use it."
    assert asked == "Template version 2 is new: 1 row waits, 9 credits. Tick Go ahead to use it."
    assert broken == 'Template "Promo" has a problem. Your row is fine. Video team told.'
    assert told.startswith("Template broken: ")
    assert told.endswith("Rows hold until it is mended.")
    assert made == ("v3", "v1")

"""A prepared sheet at a stand-in in a process of its own."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from stage import call, free_port, rowreel, running


@pytest.fixture
def place(tmp_path: Path) -> Iterator[tuple[Path, str, str]]:
    """A prepared sheet with one good row: (folder, origin, spreadsheet)."""
    with running("sandbox", "--dir", "S", "--port", str(port := free_port()), cwd=tmp_path) as sandbox:
        assert sandbox.stdout is not None
        sandbox.stdout.readline()
        base_url = f"http://127.0.0.1:{port}"
        book = call(f"{base_url}/v4/spreadsheets", {"sheets": [{"properties": {"title": "Videos"}}]})
        key = book["spreadsheetId"]
        (tmp_path / "bot.toml").write_text(
            f'[google]\nbase_url = "{base_url}"\ncredentials = "anonymous"\n'
            f'[zvid]\nbase_url = "{base_url}"\nkey_file = "S/zvid-key"\npoll_seconds = 0.5\n'
            f'[queue]\nundo_seconds = 1\n[[sheets]]\nspreadsheet = "{key}"\ninterval_seconds = 1\n'
        )
        assert rowreel("init", "--yes", cwd=tmp_path).returncode == 0
        call(
            f"{base_url}/v4/spreadsheets/{key}/values/Videos!A2:E2?valueInputOption=RAW",
            {"values": [[False, None, "A headline", None, "€ 5"]]},
            method="PUT",
        )
        yield tmp_path, base_url, key

"""The README's way to a real sheet, walked at the stand-in: every command of it, and each place where people get stuck."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from stage import free_port, rowreel, running

from bot import cli
from bot.adapters.google_account import SheetUnavailableError
from bot.sandbox.app import Sandbox, SandboxOptions
from bot.sandbox.serve import SandboxServer
from bot.sandbox.sheets.service import SheetsOptions
from bot.sandbox.sheets.tokens import write_service_account
from bot.sandbox.zvid.service import ZvidOptions

README = (Path(__file__).parents[2] / "README.md").read_text(encoding="utf-8")
GUIDE = README.split("## Point it at a real sheet\n")[1].split("\n## ")[0]
ADDRESS = "https://docs.google.com/spreadsheets/d/…"


@dataclass(frozen=True, slots=True)
class Beginner:
    """A folder with a downloaded key, an empty sheet with a tab `Videos`, and Google and Zvid elsewhere."""

    server: SandboxServer
    folder: Path
    sheet: str

    def words(self, command: str) -> list[str]:
        """A line of the guide, with the sheet's own address in it."""
        own = command.replace(ADDRESS, f"https://docs.google.com/spreadsheets/d/{self.sheet}/edit#gid=0")
        program, *words = re.findall(r"'[^']*'|\S+", own)
        assert program == ".venv/bin/rowreel"
        return [word.strip("'") for word in words]

    @property
    def elsewhere(self) -> dict[str, str]:
        """What makes the stand-in Google and Zvid; and other tests' robots keep their ports."""
        standing_in = {f"ROWREEL_{name}__BASE_URL": self.server.base_url for name in ("GOOGLE", "ZVID")}
        return {**standing_in, "ROWREEL_WATCH__LISTEN": "127.0.0.1:0"}

    @property
    def zvid_key(self) -> str:
        return self.server.sandbox.zvid.api_key


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[SandboxServer]:
    options = SandboxOptions(sheets=SheetsOptions(require_token=True), zvid=ZvidOptions(render="instant"))
    home = tmp_path_factory.mktemp("guide")
    with SandboxServer(Sandbox(home, options)) as made:
        write_service_account(home, made.base_url)
        yield made


@pytest.fixture
def beginner(server: SandboxServer, tmp_path: Path) -> Iterator[Beginner]:
    shutil.copy(server.sandbox.zvid.home / "service-account.json", tmp_path)
    server.sandbox.sheets.create_workbook("Spring", {"Videos": [[]]}, tmp_path.name)
    yield Beginner(server, tmp_path, tmp_path.name)
    server.sandbox.sheets.change(access="open")


def commands() -> list[str]:
    """The guide's own lines for a terminal that are ours, in order."""
    blocks = re.findall(r"```sh\n(.*?)```", GUIDE.split("### Rehearse")[0], re.DOTALL)
    return [
        line.strip()
        for block in blocks
        for line in block.splitlines()
        if "rowreel " in line and "mv" not in line
    ]


def test_the_guide_word_for_word(beginner: Beginner):
    """Prepared, looked over without a complaint, planned; the last line is the robot itself."""
    prepare, doctor, plan, run = commands()
    told = {**beginner.elsewhere, "ZVID_API_KEY": beginner.zvid_key}
    prepared, looked, planned = (
        rowreel(*beginner.words(line), cwd=beginner.folder, **told)
        for line in (f"{prepare} --yes", doctor, plan)
    )

    assert prepared.returncode == 0, prepared.stderr
    assert looked.returncode == 0, looked.stdout
    assert looked.stdout.splitlines()[-1].startswith("All ")
    assert planned.returncode == 0, planned.stderr
    assert run == ".venv/bin/rowreel run"


def test_the_rehearsal_word_for_word(tmp_path: Path):
    """The stand-ins alone are enough to walk the guide: their sheet, their keys, and the doctor has no complaint."""
    port = str(free_port())
    [block] = re.findall(r"```sh\n(.*?)```", GUIDE.split("### Rehearse")[1], re.DOTALL)
    script = block.replace("8711", port).replace(".venv/bin/rowreel", f"{sys.executable} -m bot")
    with running("sandbox", "--port", port, cwd=tmp_path) as sandbox:
        assert sandbox.stdout is not None
        while "Google key file" not in sandbox.stdout.readline():
            pass
        environment = {**os.environ, "ROWREEL_WATCH__LISTEN": "127.0.0.1:0"}
        ended = subprocess.run(
            ["bash", "-euc", f"{script.rstrip()} --yes; {sys.executable} -m bot doctor"],
            cwd=tmp_path,
            env=environment,
            capture_output=True,
            text=True,
            check=False,
        )

    assert ended.returncode == 0, ended.stdout + ended.stderr
    assert ended.stdout.splitlines()[-1].startswith("All ")


def stuck() -> list[list[str]]:
    """What each line of the table says will be said."""
    table = GUIDE.split("### Where people get stuck")[1]
    cells = [line.split("|")[1] for line in table.splitlines() if line.startswith("| `")]
    return [re.findall(r"`([^`]+)`", one) for one in cells]


MISTAKES = [
    ("api_disabled", 0, 0),
    ("client secret", 1, 0),
    ("not_shared", 2, 0),
    ("viewer", 2, 1),
    ("office_file", 3, 0),
    ("no zvid key", 4, 0),
    ("half a zvid key", 4, 1),
]
"""What went wrong, and which words of which line of the table tell it."""


@pytest.mark.parametrize(("mistake", "line", "which"), MISTAKES)
def test_where_people_get_stuck(
    beginner: Beginner,
    mistake: str,
    line: int,
    which: int,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
):
    """The doctor, and before it the preparation where that meets it, say what the guide says they do."""
    words = stuck()[line][which].lower()
    prepare, doctor, *_ = commands()
    monkeypatch.chdir(beginner.folder)
    for name, value in beginner.elsewhere.items():
        monkeypatch.setenv(name, value)
    if mistake == "client secret":
        Path("service-account.json").write_text('{"installed": {"client_id": "x"}}')
    elif "zvid" not in mistake:
        beginner.server.sandbox.sheets.change(access=mistake)
    if mistake == "half a zvid key":
        monkeypatch.setenv("ZVID_API_KEY", beginner.zvid_key[:9])
    elif mistake != "no zvid key":
        monkeypatch.setenv("ZVID_API_KEY", beginner.zvid_key)

    refused = ""
    try:
        cli.commands.main([*beginner.words(prepare), "--yes"], standalone_mode=False)
    except SheetUnavailableError as error:
        refused = str(error)
    prepared = refused + capsys.readouterr().err
    Path("bot.toml").write_text(
        f'[google]\ncredentials = "service-account.json"\n[[sheets]]\nspreadsheet = "{beginner.sheet}"\n'
    )
    code = cli.commands.main([*beginner.words(doctor), "--json"], standalone_mode=False)
    problems = [one for one in json.loads(capsys.readouterr().out) if one["state"] == "problem"]

    assert any(words in f"{one['check']}: {one['says']}".lower() for one in problems), problems
    assert all(one["fix"] for one in problems)
    assert code != 0
    assert "zvid" in mistake or words in prepared.lower()


def test_every_line_of_the_table_is_provoked():
    """Nothing stands in it that was not seen."""
    told = [(line, which) for line, words in enumerate(stuck()) for which in range(len(words))]

    assert sorted((line, which) for _, line, which in MISTAKES) == told

"""No secret is ever said: the search through everything the suite leaves behind works, and finds nothing."""

from __future__ import annotations

import base64
import json
import os
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from urllib.parse import quote

import pytest
from canaries import canary, forms, known_secrets, leaks, note
from fakes.builtin_sheet import HEADER
from stage import call, rowreel, rows_of, running

from bot.adapters.google_account import connect
from bot.adapters.google_sheet import look_at
from bot.adapters.sheet_builder import build, survey
from bot.adapters.template_folder import BUILT_IN, load_template
from bot.sandbox.app import Sandbox, SandboxOptions
from bot.sandbox.serve import SandboxServer
from bot.sandbox.sheets.service import SheetsOptions
from bot.sandbox.sheets.tokens import write_service_account
from bot.sandbox.zvid.service import ZvidOptions

TESTS = Path(__file__).parents[1]
SECRET = "zvid_QwErTyUiOpAsDfGhJkLzXcVbNm"
KEY = f"-----BEGIN PRIVATE KEY-----\n{'Ab1+' * 16}\n{'/Zy9' * 16}\nshort==\n-----END PRIVATE KEY-----\n"

SPELLED: dict[str, Callable[[str], str]] = {
    "raw": str,
    "backwards": lambda one: one[::-1],
    "in an address": lambda one: quote(f"https://x/?key={one}&a=1", safe=""),
    "base64": lambda one: base64.b64encode(one.encode()).decode(),
    "base64 of more": lambda one: base64.urlsafe_b64encode(f"key {one}.".encode()).decode(),
    "first eight": lambda one: f"key {one.removeprefix('zvid_')[:8]}…",
    "last eight": lambda one: f"key …{one[-8:]}",
    "in json": lambda one: json.dumps({"a": [one]}),
}


@pytest.mark.parametrize("spelling", SPELLED)
@pytest.mark.parametrize("before", ["", "\0\1binary ", "x" * 5000])
def test_f_S01_every_spelling_is_found(tmp_path: Path, spelling: str, before: str):
    """In text and between binary pages, at any depth; a neighbour without it is left out."""
    (tmp_path / "deep").mkdir()
    (tmp_path / "deep" / "journal.db").write_text(f"{before}{SPELLED[spelling](SECRET)}{before}")
    (tmp_path / "clean.log").write_text("zvid_ and nothing else")

    assert leaks(tmp_path, {SECRET}) == [tmp_path / "deep" / "journal.db"]


@pytest.mark.parametrize("spell", [str, json.dumps, repr], ids=["plain", "json", "repr"])
def test_f_S01_a_line_of_a_private_key_is_enough(tmp_path: Path, spell: Callable[[str], str]):
    """A key in several lines is found however its line ends are spelled."""
    (tmp_path / "said").write_text(f"refused: {spell(KEY)}")

    assert leaks(tmp_path, {KEY}) == [tmp_path / "said"]


def test_f_S01_its_own_files_are_no_leak(tmp_path: Path):
    """Where a secret is kept on purpose it is not a leak, and is known from there."""
    (tmp_path / "zvid-key").write_text(f"{SECRET}\n")
    (tmp_path / "service-account.json").write_text(json.dumps({"private_key": KEY}))

    known = known_secrets(tmp_path)
    found = leaks(tmp_path, known)
    # Known to the search at the end of this very run otherwise, which has files here that it must not find.
    for file in tmp_path.iterdir():
        file.unlink()

    assert known == {SECRET, KEY}
    assert found == []


def test_f_S01_hashes_spell_no_key_by_chance():
    """Of a key of hexadecimal digits more than eight are needed."""
    assert min(len(one) for one in forms("zvid_" + "0f" * 32)) == 12


_LEAKY = """
from canaries import canary

def test_leaks(tmp_path):
    secret = canary()
    {deed}
"""


@pytest.mark.parametrize(
    ("deed", "code"),
    [
        ('(tmp_path / "robot.log").write_text(f"Bearer {secret[-8:]}")', 1),
        ('print("said", secret)', 1),
        ('print("said nothing")', 0),
    ],
)
def test_f_S01_a_leak_fails_the_run(tmp_path: Path, deed: str, code: int):
    """All tests pass, and yet the run does not."""
    (tmp_path / "test_it.py").write_text(_LEAKY.replace("{deed}", deed))
    (tmp_path / "conftest.py").write_text((TESTS / "conftest.py").read_text())
    ended = subprocess.run(
        [
            sys.executable,
            "-m",
            "pytest",
            "-q",
            "-p",
            "no:cacheprovider",
            "--basetemp",
            str(tmp_path / "t"),
            ".",
        ],
        cwd=tmp_path,
        env={**os.environ, "PYTHONPATH": os.pathsep.join([str(TESTS), str(TESTS.parent)])},
        capture_output=True,
        text=True,
        check=False,
    )

    assert "1 passed" in ended.stdout, ended.stdout
    assert ended.returncode == code
    assert ("S01 secrets were written" in ended.stdout) == bool(code)
    # What this run leaves behind is searched as well, and this leak is deliberate.
    for file in tmp_path.rglob("*"):
        if file.name in {"robot.log", "spoken.txt"}:
            file.unlink()


def test_f_S01_a_whole_run_at_debug_level(tmp_path: Path):
    """A service that echoes the key, a refused token, every command: nothing of them in logs, sheet, journal."""
    key = canary()
    options = SandboxOptions(
        sheets=SheetsOptions(reads_per_minute=0, writes_per_minute=0, require_token=True),
        zvid=ZvidOptions(render="instant", api_key=key),
    )
    lines = [[True, None, f"Film {n}", None, "€ 5", None, None, "Wide", None] for n in range(2)]
    robot_home = tmp_path / "robot"
    robot_home.mkdir()
    with SandboxServer(Sandbox(tmp_path / "S", options)) as server:
        account = write_service_account(robot_home, server.base_url)
        secret = json.loads(account.read_text())["private_key"]
        note(secret)
        name = "secrets"
        server.sandbox.sheets.create_workbook(name, {"Videos": [HEADER]}, spreadsheet_id=name)
        client = connect(account, server.base_url)
        book = look_at(client, name)
        build(client, book, survey(client, book, "Videos", load_template(BUILT_IN)))
        client.close()
        (robot_home / "bot.toml").write_text(
            f'[google]\nbase_url = "{server.base_url}"\ncredentials = "service-account.json"\n'
            f'[zvid]\nbase_url = "{server.base_url}"\npoll_seconds = 0.2\n'
            f'[queue]\nundo_seconds = 0\n[log]\nlevel = "debug"\n'
            f'[[sheets]]\nspreadsheet = "{name}"\ninterval_seconds = 0.5\n'
        )
        echo = json.dumps({"error": "invalid", "message": f"what about {key}?"})
        with running("run", cwd=robot_home, ZVID_API_KEY=key) as robot:
            _until((robot_home / "state" / "health.json").exists)
            mishaps = [
                {"route": "validate", "answer": 400, "body": echo},
                {"route": "submit", "answer": 500, "body": echo},
            ]
            server.sandbox.zvid.change(mishaps=mishaps)
            place = f"{server.base_url}/v4/spreadsheets/{name}/values/Videos!A2:I3?valueInputOption=RAW"
            call(place, {"values": lines}, method="PUT")
            _until(
                lambda: (
                    {"Needs fixing", "Checking"} <= {row["Status"] for row in rows_of(server.base_url, name)}
                )
            )
            said = [
                rowreel(*one, cwd=robot_home, ZVID_API_KEY=key) for one in (["status", "--json"], ["plan"])
            ]
            robot.terminate()
            _, errors = robot.communicate(timeout=20)
        shown = [row["What to do"] for row in rows_of(server.base_url, name)]
    (tmp_path / "robot.log").write_text(errors + "".join(one.stdout + one.stderr for one in said))

    assert [one.returncode for one in said] == [0, 0]
    assert "what about [hidden]?" in errors
    assert any("what about [hidden]?" in str(one) for one in shown)
    assert '"level": "debug"' in errors
    assert leaks(tmp_path, {key, secret}) == []


def _until(is_so: Callable[[], bool]) -> None:
    for _ in range(200):
        if is_so():
            return
        time.sleep(0.1)
    raise AssertionError("it never came about")

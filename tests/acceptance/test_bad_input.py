"""Bad input: one clear line on stderr that names the thing and the fix, the right exit code, no traceback."""

from __future__ import annotations

import json
import shlex
import subprocess
from pathlib import Path

import pytest
from stage import COMMAND, call, free_port, rowreel, running

SHEET = '[[sheets]]\nspreadsheet = "nobody"\n'
AWAY = f'[google]\nbase_url = "http://127.0.0.1:9"\ncredentials = "anonymous"\n{SHEET}'

CASES = {
    "no settings file": ({}, ["run"], 2, "There is no bot.toml. Write one with: rowreel init"),
    "unknown setting": (
        {"bot.toml": f"[zvid]\nmax_in_flite = 3\n{SHEET}"},
        ["run"],
        2,
        "zvid.max_in_flite is not a setting. Did you mean max_in_flight?",
    ),
    "unknown sheet setting": (
        {"bot.toml": f"{SHEET}interval_second = 3\n"},
        ["plan"],
        2,
        "Did you mean interval_seconds?",
    ),
    "wrong type": (
        {"bot.toml": f'[zvid]\nmax_in_flight = "many"\n{SHEET}'},
        ["run"],
        2,
        "zvid.max_in_flight",
    ),
    "no toml": ({"bot.toml": "zvid = ["}, ["run"], 2, "bot.toml cannot be parsed"),
    "no sheets": ({"bot.toml": ""}, ["run"], 2, "name at least one spreadsheet"),
    "no key": ({"bot.toml": AWAY}, ["run"], 2, "Set the environment variable ZVID_API_KEY."),
    "unreachable sheet": ({"bot.toml": AWAY}, ["plan"], 1, "The spreadsheet cannot be reached"),
    "no credentials": (
        {"bot.toml": f'[google]\ncredentials = "absent.json"\n{SHEET}'},
        ["plan"],
        1,
        "google.credentials: there is no file",
    ),
    "anonymous at Google": (
        {"bot.toml": f'[google]\ncredentials = "anonymous"\n{SHEET}'},
        ["plan"],
        2,
        "only together with google.base_url",
    ),
    "no template": ({"bot.toml": f'{AWAY}template = "absent"\n'}, ["plan"], 2, "There is no template folder"),
    "template does not parse": (
        {
            "bot.toml": f'{AWAY}template = "t"\n',
            "t/contract.toml": 'version = "1"\n[formats]\na = "hd"\n[fields.h]\ncolumn = "H"\n',
            "t/project.json": '{"visuals": [',
        },
        ["plan"],
        2,
        "project.json is no JSON",
    ),
    "template with an unfilled placeholder": (
        {
            "bot.toml": f'{AWAY}template = "t"\n',
            "t/contract.toml": 'version = "1"\n[formats]\na = "hd"\n[fields.h]\ncolumn = "H"\n',
            "t/project.json": '{"visuals": [{"type": "TEXT", "text": "{{other}}"}]}',
        },
        ["plan"],
        2,
        "no field fills {{other}}",
    ),
    "no journal yet": ({"bot.toml": AWAY}, ["status"], 1, "Start the robot once: rowreel run"),
    "no journal to copy": ({"bot.toml": AWAY}, ["journal", "backup"], 1, "Start the robot once: rowreel run"),
    "a file where a folder is meant": (
        {"D": "x"},
        ["sandbox", "--dir", "D/box"],
        1,
        "D/box cannot be used: Not a directory.",
    ),
    "unknown command": ({}, ["rnu"], 2, "No such command"),
    "somebody else's folder": ({"D/mine.txt": "x"}, ["demo", "--dir", "D"], 2, "holds something else"),
    "unknown fault": ({}, ["sandbox", "--fault", "nosuch=1"], 2, "Unknown switches: nosuch"),
}


@pytest.mark.parametrize("name", CASES)
def test_bad_input_is_told_in_one_line(tmp_path: Path, name: str):
    """The line names what is wrong and what to do about it."""
    files, arguments, code, words = CASES[name]
    for path, text in files.items():
        (tmp_path / path).parent.mkdir(exist_ok=True)
        (tmp_path / path).write_text(text)

    ended = rowreel(*arguments, cwd=tmp_path)

    assert ended.returncode == code, ended.stderr
    assert words in ended.stderr
    assert "Traceback" not in ended.stderr


def test_output_that_cannot_be_written(tmp_path: Path):
    """A full disk behind the output: one line, no trace."""
    with Path("/dev/full").open("w") as full, running("--help", cwd=tmp_path, stdout=full) as process:
        _, told = process.communicate(timeout=60)

    assert process.returncode == 1
    assert told == "rowreel: Nothing more can be written: No space left on device.\n"


def test_streams_that_are_closed(tmp_path: Path):
    """Nobody reads: the command does its work all the same, and its exit code is the work's."""
    (tmp_path / "bot.toml").write_text(AWAY)
    line = f"{shlex.join(COMMAND)} template check builtin <&- >&- 2>&-"
    ended = subprocess.run(["sh", "-c", line], cwd=tmp_path, check=False, timeout=60)

    assert ended.returncode == 0


def test_terminal_that_cannot_show_every_sign(tmp_path: Path):
    """What has no place in its letters is spelled, whoever wrote it."""
    draft = {"visuals": [{"type": "TEXT", "text": "{{headline}}"}], "variables": {"headline": "Grüße [/b] …"}}
    (tmp_path / "p.json").write_text(json.dumps(draft))
    ended = rowreel("template", "new", "p.json", "--dir", "t", cwd=tmp_path, PYTHONIOENCODING="ascii")

    assert "Traceback" not in ended.stderr
    assert "Gr\\xfc\\xdfe [/b] \\u2026" in ended.stdout


def test_a_sheet_without_a_header(tmp_path: Path):
    """`run` leaves with the fix instead of waiting for ever, and `init` is that fix."""
    with running("sandbox", "--dir", "S", "--port", str(port := free_port()), cwd=tmp_path) as sandbox:
        assert sandbox.stdout is not None
        sandbox.stdout.readline()
        base_url = f"http://127.0.0.1:{port}"
        key = (tmp_path / "S" / "zvid-key").read_text().strip()
        book = call(f"{base_url}/v4/spreadsheets", {"sheets": [{"properties": {"title": "Videos"}}]})
        (tmp_path / "bot.toml").write_text(
            f'[google]\nbase_url = "{base_url}"\ncredentials = "anonymous"\n'
            f'[zvid]\nbase_url = "{base_url}"\n[[sheets]]\nspreadsheet = "{book["spreadsheetId"]}"\n'
        )
        refused = rowreel("run", cwd=tmp_path, ZVID_API_KEY=key)
        built = rowreel("init", "--yes", cwd=tmp_path)
        again = rowreel("init", "--yes", cwd=tmp_path)
        ticked = rowreel("once", cwd=tmp_path, ZVID_API_KEY=key)

    assert refused.returncode == 1
    assert "Add them with: rowreel init" in refused.stderr
    assert (built.returncode, again.returncode, ticked.returncode) == (0, 0, 0)
    assert "nothing to add" in again.stdout


def test_the_port_is_taken(tmp_path: Path):
    """A sandbox on a port in use names the port and the option."""
    with running("sandbox", "--dir", "S", "--port", str(port := free_port()), cwd=tmp_path) as other:
        assert other.stdout is not None
        other.stdout.readline()
        ended = rowreel("sandbox", "--dir", "T", "--port", str(port), cwd=tmp_path)

    assert ended.returncode == 2
    assert f"Port {port} is already in use. Choose another one with --port." in ended.stderr

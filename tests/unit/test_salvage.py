"""Settings that are wrong in places: every place is named once, and the rest is kept."""

from __future__ import annotations

from pathlib import Path

import pytest

from bot.doctor.salvage import salvage_settings
from bot.settings import SheetSettings, load_settings

SHEET = '[[sheets]]\nspreadsheet = "mine"\n'
CASES = {
    "empty": ("", 0, ["there is no [[sheets]] part: name at least one spreadsheet."]),
    "no toml": ("zvid = [", 0, ["bot.toml cannot be parsed"]),
    "unknown part": (f"[nonsense]\na = 1\n{SHEET}", 1, ["nonsense is not a setting."]),
    "unknown and wrong": (
        f'[zvid]\nmax_in_flite = 3\npoll_seconds = "often"\n{SHEET}tabb = "z"\n',
        1,
        [
            "zvid.poll_seconds: input",
            "zvid.max_in_flite is not",
            "sheets.0.tabb is not a setting. Did you mean tab?",
        ],
    ),
    "a sheet without its spreadsheet": (
        f'{SHEET}[[sheets]]\ntab = "x"\n',
        1,
        ["sheets.1.spreadsheet: field required."],
    ),
    "a sheet that is none": (
        f'{SHEET}[[sheets]]\nspreadsheet = ""\n',
        1,
        ["sheets.1.spreadsheet: string should have at least 1 character."],
    ),
    "no tables at all": ("sheets = 3\nzvid = 4\n", 0, ["zvid: input", "sheets: should be a list"]),
    "nobody at Google": (
        f'[google]\ncredentials = "anonymous"\n{SHEET}',
        1,
        ["google.credentials may be anonymous only together with google.base_url."],
    ),
}


@pytest.mark.parametrize("name", CASES)
def test_what_is_wrong_is_named_and_the_rest_is_kept(tmp_path: Path, name: str):
    """As many complaints as there are mistakes, and the sheets that can be used."""
    text, sheets, beginnings = CASES[name]
    (tmp_path / "bot.toml").write_text(f"{text}\n")
    settings, complaints = salvage_settings(tmp_path / "bot.toml")
    told = [one.replace(f"{tmp_path}/", "") for one in complaints]

    assert len(settings.sheets) == sheets
    assert len(told) == len(beginnings)
    assert all(one.startswith(beginning) for one, beginning in zip(told, beginnings, strict=True)), told


def test_wrong_environment_is_named_and_left_aside(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    """What the file says is kept then."""
    monkeypatch.setenv("ROWREEL_ZVID__MAX_IN_FLIGHT", "lots")
    (tmp_path / "bot.toml").write_text(f"[zvid]\npoll_seconds = 9\n{SHEET}")
    settings, complaints = salvage_settings(tmp_path / "bot.toml")

    assert [one.partition(":")[0] for one in complaints] == ["zvid.max_in_flight"]
    assert (settings.zvid.poll_seconds, settings.zvid.max_in_flight) == (9, 3)
    assert settings.sheets == (SheetSettings(spreadsheet="mine"),)


def test_one_wrong_variable_costs_no_other(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    """What else the environment says counts: the doctor asks the machines the robot would ask."""
    monkeypatch.setenv("ROWREEL_GOOGLE__BASE_URL", "http://127.0.0.1:9")
    monkeypatch.setenv("ROWREEL_LOG__LEVEL", "loud")
    monkeypatch.setenv("ROWREEL_NOTIFY__MAIL_TO", "ann@example.com")
    (tmp_path / "bot.toml").write_text(f"[google]\ncredentials = 'key.json'\n{SHEET}")
    settings, complaints = salvage_settings(tmp_path / "bot.toml")

    assert settings.google.model_dump() == {"credentials": "key.json", "base_url": "http://127.0.0.1:9"}
    assert [one.split()[0] for one in complaints] == ["ROWREEL_NOTIFY__MAIL_TO", "log.level:"]


def test_good_settings_are_what_they_are(tmp_path: Path):
    """The same as for everybody else."""
    (tmp_path / "bot.toml").write_text(f"[zvid]\npoll_seconds = 9\n{SHEET}")

    assert salvage_settings(tmp_path / "bot.toml") == (load_settings(tmp_path / "bot.toml"), ())

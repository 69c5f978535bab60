"""Settings: safe defaults, the environment on top, every mistake named."""

from __future__ import annotations

from pathlib import Path

import pytest

from bot.secret_files import SettingsError
from bot.settings import load_settings

SHEET = '[[sheets]]\nspreadsheet = "abc"\n'


def load(home: Path, text: str = SHEET):
    (home / "bot.toml").write_text(text, encoding="utf-8")
    return load_settings(home / "bot.toml")


def test_defaults(tmp_path: Path):
    """What nobody sets is careful: few at a time, long waits, no address but the real ones."""
    settings = load(tmp_path)

    assert settings.zvid.model_dump() == {
        "base_url": "https://api.zvid.io",
        "key_file": None,
        "max_in_flight": 3,
        "timeout_seconds": 30,
        "poll_seconds": 5,
        "settle_seconds": 120,
        "deadline_minutes": 60,
    }
    assert settings.queue.undo_seconds == 15
    assert settings.google.model_dump() == {"credentials": "", "base_url": ""}
    assert settings.sheets[0].model_dump() == {
        "spreadsheet": "abc",
        "tab": "Videos",
        "template": None,
        "header_row": 1,
        "interval_seconds": 5,
    }
    assert settings.journal_path == tmp_path / "state" / "journal.db"


def test_environment_beats_the_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    """One value is overridden, its neighbours in the file stay."""
    monkeypatch.setenv("ROWREEL_ZVID__MAX_IN_FLIGHT", "7")
    settings = load(tmp_path, f"[zvid]\nmax_in_flight = 2\npoll_seconds = 9\n{SHEET}")

    assert (settings.zvid.max_in_flight, settings.zvid.poll_seconds) == (7, 9)


def test_the_key_comes_from_the_environment_first(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    """Then from the file the settings name; it never shows when settings are printed."""
    (tmp_path / "key").write_text("zvid_from-file\n")
    settings = load(tmp_path, f'[zvid]\nkey_file = "key"\n{SHEET}')
    from_file = settings.zvid_key()
    monkeypatch.setenv("ZVID_API_KEY", "zvid_from-environment")

    assert from_file.get_secret_value() == "zvid_from-file"
    assert settings.zvid_key().get_secret_value() == "zvid_from-environment"
    assert "from-file" not in repr(from_file) + repr(settings)


@pytest.mark.parametrize(
    ("text", "words"),
    [
        (f"[zvid]\nkey_fiel = 1\n{SHEET}", "zvid.key_fiel is not a setting. Did you mean key_file?"),
        (f"[zivd]\nx = 1\n{SHEET}", "zivd is not a setting. Did you mean zvid?"),
        (f"[qq]\nx = 1\n{SHEET}", "qq is not a setting."),
        (f"{SHEET}tabb = 1\n", "sheets.0.tabb is not a setting. Did you mean tab?"),
        (f"[zvid]\nmax_in_flight = 0\n{SHEET}", "zvid.max_in_flight: input should be greater than"),
        (f'[zvid]\nbase_url = "ftp://x"\n{SHEET}', "zvid.base_url"),
        ("", "there is no [[sheets]] part"),
        ('[sheets]\nspreadsheet = "abc"\n', "Write [[sheets]], with two brackets on either side."),
        (f'[zvid]\napi_key = "zvid_0"\n{SHEET}', "The key belongs into ZVID_API_KEY"),
        (f"{SHEET}{SHEET}", 'the tab "Videos" of one spreadsheet is named 2 times'),
        (
            '[[sheets]]\nspreadsheet = "https://example.com/x"\n',
            '"https://example.com/x" is neither the address',
        ),
    ],
)
def test_mistakes_are_named(tmp_path: Path, text: str, words: str):
    """File, setting, and where it is near a real one, that one."""
    with pytest.raises(SettingsError) as refused:
        load(tmp_path, text)

    assert words in str(refused.value)
    assert str(refused.value).count("\n") == 0


def test_a_mark_at_the_beginning_is_no_mistake(tmp_path: Path):
    """Some editors put one there."""
    assert load(tmp_path, f"\ufeff{SHEET}") == load(tmp_path)


@pytest.mark.parametrize("content", ["", "\n"])
def test_an_empty_key_file_is_no_key(tmp_path: Path, content: str):
    """Nothing is no key."""
    (tmp_path / "key").write_text(content)
    settings = load(tmp_path, f'[zvid]\nkey_file = "key"\n{SHEET}')

    with pytest.raises(SettingsError, match="is empty"):
        settings.zvid_key()


@pytest.mark.parametrize(
    ("name", "said", "words"),
    [
        (
            "ROWREEL_NOTIFY__MAIL_TO",
            "ann@example.com",
            "ROWREEL_NOTIFY__MAIL_TO in the environment cannot be read.",
        ),
        ("ROWREEL_LOG__LEVEL", "loud", "Mend ROWREEL_LOG__LEVEL in the environment."),
        (
            "ROWREEL_ZVID__TIMEOUT",
            "9",
            "zvid.timeout is not a setting. Did you mean timeout_seconds? Mend ROWREEL_ZVID__",
        ),
        ("ROWREEL_SHEETS__0__TAB", "x", "Mend ROWREEL_SHEETS__0__TAB in the environment."),
    ],
)
def test_mistakes_of_the_environment_are_named(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str, said: str, words: str
):
    """By the variable, which is where to mend them."""
    monkeypatch.setenv(name, said)
    with pytest.raises(SettingsError) as refused:
        load(tmp_path)

    assert words in str(refused.value)


def test_where_the_settings_lie_is_not_set(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    """A variable that happens to have the name would lead to another journal."""
    monkeypatch.setenv("ROWREEL_FOLDER", "/elsewhere")

    assert load(tmp_path).folder == tmp_path

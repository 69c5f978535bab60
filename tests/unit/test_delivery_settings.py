"""Settings of copies: refused where they contradict each other, and keys that come from elsewhere."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

from bot.adapters.folder_storage import FolderStorage
from bot.adapters.s3_storage import S3Storage
from bot.secret_files import SettingsError
from bot.settings import load_settings
from bot.storing import storage_of

S3 = 'to = "s3"\nbucket = "videos"\nprefix = "/team/"\n'


@pytest.fixture(autouse=True)
def _no_key(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY", "AWS_SESSION_TOKEN"):
        monkeypatch.delenv(name, raising=False)


def load(folder: Path, said: str):
    (folder / "bot.toml").write_text(f'[delivery]\n{said}\n[[sheets]]\nspreadsheet = "abc"\n')
    return load_settings(folder / "bot.toml")


@pytest.mark.parametrize(
    ("said", "words"),
    [
        ('to = "folder"', "delivery.to is folder, but delivery.folder names none."),
        ('to = "s3"', "delivery.to is s3, but delivery.bucket names none."),
        ('to = "ftp"', "delivery.to"),
        ('name = "{date}"', "could not be told apart"),
        ('name = "../{name}"', "a folder in it has no name"),
        ('public_url = "cdn.example"', "delivery.public_url"),
        ('endpoint = "minio:9000"', "delivery.endpoint"),
        ("fodler = 1", "Did you mean folder?"),
    ],
)
def test_mistakes_are_named(tmp_path: Path, said: str, words: str):
    """Before anything starts."""
    with pytest.raises(SettingsError) as refused:
        load(tmp_path, said)

    assert words in str(refused.value)


def test_where_copies_go(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    """Nowhere by default; a folder counts from the settings file; a bucket is called by its prefix."""
    nowhere = storage_of(load(tmp_path, ""))
    folder = storage_of(load(tmp_path, 'to = "folder"\nfolder = "out"'))
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "id")
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "secret")
    bucket = storage_of(load(tmp_path, S3))

    assert nowhere is None
    assert isinstance(folder, FolderStorage)
    assert folder.label == f"folder {tmp_path / 'out'}"
    assert isinstance(bucket, S3Storage)
    assert bucket.label == "s3://videos/team"


def test_f_S01_the_key_comes_from_the_environment_or_a_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    """The environment first; it never shows when it is printed."""
    (tmp_path / "key").write_text("file-id\nfile-secret\n")
    settings = load(tmp_path, f'{S3}key_file = "key"')
    from_file = settings.bucket_key()
    for name in ("ACCESS_KEY_ID", "SECRET_ACCESS_KEY", "SESSION_TOKEN"):
        monkeypatch.setenv(f"AWS_{name}", f"env-{name}")
    from_environment = settings.bucket_key()

    assert (from_file.id.get_secret_value(), from_file.secret.get_secret_value()) == (
        "file-id",
        "file-secret",
    )
    assert from_file.token is None
    assert from_environment.token is not None
    assert from_environment.token.get_secret_value() == "env-SESSION_TOKEN"
    assert "file-secret" not in repr(from_file) + repr(settings)


@pytest.mark.parametrize(("content", "words"), [("only-an-id\n", "two lines"), (None, "cannot be read")])
def test_key_file_that_is_none(tmp_path: Path, content: str | None, words: str):
    """Named with what it should be."""
    if content is not None:
        (tmp_path / "key").write_text(content)
    settings = load(tmp_path, f'{S3}key_file = "key"')

    with pytest.raises(SettingsError, match=words):
        storage_of(settings)


def test_no_key_at_all(tmp_path: Path):
    """Says where to put one."""
    with pytest.raises(SettingsError, match=r"AWS_ACCESS_KEY_ID.*delivery\.key_file"):
        storage_of(load(tmp_path, S3))


def test_without_the_extra_the_robot_says_what_to_install(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    """S3 is an extra; a folder needs nothing."""
    (tmp_path / "key").write_text("id\nsecret\n")
    monkeypatch.setitem(sys.modules, "obstore.store", None)

    with pytest.raises(SettingsError, match=r"pip install 'rowreel\[delivery\]'"):
        storage_of(load(tmp_path, f'{S3}key_file = "key"'))

"""Secrets: out of the environment or out of a file the settings name, and never into anything that is kept."""

from __future__ import annotations

import contextlib
import os
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Annotated, Any

from pydantic import BeforeValidator, SecretStr

from bot.adapters.private_files import looks_like_a_key
from bot.adapters.s3_storage import StorageKey


class SettingsError(RuntimeError):
    """Settings that cannot be used; the message names the setting and the fix, and never a secret."""


def _blank_is_none(value: Any) -> Any:
    return None if value == "" else value


OptionalPath = Annotated[Path | None, BeforeValidator(_blank_is_none)]
"""A setting that may name a file or a folder; empty: none."""


BUCKET_KEY = ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY", "AWS_SESSION_TOKEN")
"""Variables of a bucket's key; the last one only with keys that end by themselves."""

_PAIR = 2


def secret(variable: str, path: Path | None) -> SecretStr | None:
    """The environment goes before the file; None where neither is there. Raises SettingsError."""
    if said := os.environ.get(variable, "").strip():
        return SecretStr(said)
    if path is None:
        return None
    said = _text(path, variable)
    if not said:
        raise SettingsError(f"The file {path} is empty. Mend it, or set {variable}.")
    return SecretStr(said)


def bucket_key(path: Path | None) -> StorageKey | None:
    """The same for a key with two parts: a file has them on two lines. Raises SettingsError."""
    name, word, token = (os.environ.get(one, "").strip() for one in BUCKET_KEY)
    if name and word:
        return StorageKey(SecretStr(name), SecretStr(word), SecretStr(token) if token else None)
    if path is None:
        return None
    parts = _text(path, " and ".join(BUCKET_KEY[:_PAIR])).split()
    if len(parts) != _PAIR:
        raise SettingsError(f"The bucket's key file {path} must hold two lines: the key's id and its secret.")
    return StorageKey(*(SecretStr(part) for part in parts))


def in_sight(sought: Iterable[Callable[[], SecretStr | None]]) -> list[str]:
    """All that this process can see: a command that needs none is not stopped by one it may not read."""
    found: list[str] = []
    for look in sought:
        with contextlib.suppress(SettingsError):
            if (one := look()) is not None:
                found.append(one.get_secret_value())
    return found


def _text(path: Path, variable: str) -> str:
    try:
        return path.read_text(encoding="utf-8").strip()
    except (OSError, UnicodeDecodeError):
        if looks_like_a_key(path):
            words = "There stands a secret itself where a file is to be named. Put it into a file"
        else:
            words = f"The file {path} cannot be read. Mend it"
        raise SettingsError(f"{words}, or set {variable}.") from None

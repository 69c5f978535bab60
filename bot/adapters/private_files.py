"""Files with secrets in them: whether they are what they should be, and who else may read them. Never what they say."""

from __future__ import annotations

import json
import re
import stat
from dataclasses import dataclass
from pathlib import Path
from typing import Any

_HANDED_IN = (Path("/run/secrets"), Path("/var/run/secrets"))
"""Where containers are handed secrets, readable by all of the few users inside."""

_LIKE_A_KEY = re.compile(r"-----BEGIN|private_key|zvid_\w{8}|https?:/|[{}\n]|(?:^|/)[\w+=-]{40,}$")

_NEEDED = ("client_email", "private_key", "token_uri")


@dataclass(frozen=True, slots=True)
class Verdict:
    """What a file is not; `fix` says what to do."""

    says: str
    fix: str


def looks_like_a_key(path: Path) -> bool:
    """Whether somebody wrote a secret where the name of its file belongs: it must not be repeated."""
    return _LIKE_A_KEY.search(str(path)) is not None


def refusal_of_file(path: Path) -> Verdict | None:
    """Why a file cannot be read; None when it can."""
    try:
        if path.is_dir():
            return Verdict(f"{path} is a folder", "Name the file in it.")
        with path.open("rb") as file:
            file.read(1)
    except OSError as error:
        return _refusal(path, error)
    return None


def _refusal(path: Path, error: OSError) -> Verdict:
    if looks_like_a_key(path):
        return Verdict("there stands a key itself, it seems", "Put it into a file, and name the file.")
    if not isinstance(error, FileNotFoundError):
        return Verdict(
            f"{path} cannot be read ({error.strerror})",
            "Give the user who runs the robot the right to read it.",
        )
    if path.is_symlink():
        return Verdict(
            f"{path} is a link to {path.readlink()}, which is not there",
            "Mount what it points to, or name another file.",
        )
    return Verdict(f"there is no file {path}", "Put the file there, or name another one.")


def is_open_to_others(path: Path) -> bool:
    """Whether anybody on this machine may read or change it."""
    if any(path.absolute().is_relative_to(folder) for folder in _HANDED_IN):
        return False
    return bool(stat.S_IMODE(path.stat().st_mode) & 0o007)


def refusal_of_account(path: Path) -> Verdict | None:
    """Why a file that can be read holds no service account's key; None when it does."""
    try:
        said: Any = json.loads(path.read_text(encoding="utf-8"))
    except (ValueError, RecursionError):
        return Verdict(f"{path} is no JSON file", _ANOTHER)
    if not isinstance(said, dict):
        return Verdict(f"{path} is no service account's key", _ANOTHER)
    if "installed" in said or "web" in said:
        return Verdict(f"{path} is an OAuth client secret, which is for people who sign in", _ANOTHER)
    kind = said.get("type")
    if kind == "authorized_user":
        return Verdict(f"{path} is a person's own sign-in", _ANOTHER)
    if kind != "service_account":
        return Verdict(f"{path} is no service account's key", _ANOTHER)
    if missing := [name for name in _NEEDED if not said.get(name)]:
        return Verdict(f"{path} lacks {', '.join(missing)}", "Download the key anew: it was cut or changed.")
    return None


_ANOTHER = "In Google's console open IAM & Admin, Service accounts, your robot's account, Keys, and add a key of type JSON."

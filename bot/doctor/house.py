"""What is on this machine: the settings, the program, the folder with the robot's memory."""

from __future__ import annotations

import os
import platform
import re
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from datetime import datetime
from importlib.metadata import version
from pathlib import Path

from bot.adapters.journal_file import JournalPlaceError, refuse_old_sqlite
from bot.adapters.journal_laws import look_over
from bot.adapters.journal_looks import JournalReader
from bot.adapters.private_files import is_open_to_others
from bot.adapters.state_folder import StateFolder
from bot.doctor.checks import Check, fine, ours, trouble, warn
from bot.domain import wording
from bot.ports import JournalError
from bot.settings import Settings

_SECRET = re.compile(r"zvid_[0-9a-fA-F]{16,}|-----BEGIN|ya29\.|\bprivate_key\b")
_OVERRIDES = "ROWREEL_"


def settings_checks(file: Path, settings: Settings, complaints: tuple[str, ...]) -> Iterator[Check]:
    """Every setting that is not one, and secrets where they should not be."""
    for complaint in complaints:
        first, _, fix = complaint.partition(". ")
        yield ours(
            "settings", first.rstrip("."), fix or f"Mend it in {file}; the README lists every setting."
        )
    if not complaints:
        tabs = ", ".join(f'"{sheet.tab}"' for sheet in settings.sheets)
        yield fine("settings", f"{file}: {tabs}{_overridden()}")
    try:
        is_secret = bool(_SECRET.search(file.read_text(encoding="utf-8", errors="replace")))
        is_open = is_open_to_others(file)
    except OSError:
        return
    if is_secret:
        who = "and everybody on this machine may read it" if is_open else "which is easily copied along"
        yield warn(
            "secrets",
            f"{file} holds a key, {who}",
            "Take it out: the key belongs into ZVID_API_KEY, or into a file of its own named in zvid.key_file.",
        )


def _overridden() -> str:
    names = sorted(name for name in os.environ if name.upper().startswith(_OVERRIDES))
    return f"; the environment sets {', '.join(names)}" if names else ""


def program_checks() -> Iterator[Check]:
    """Whether this Python will do."""
    says = (
        f"rowreel {version('rowreel')} on Python {platform.python_version()}, SQLite {sqlite3.sqlite_version}"
    )
    try:
        refuse_old_sqlite()
    except JournalError as error:
        yield ours("program", says, str(error))
        return
    yield fine("program", says)


def memory_checks(settings: Settings) -> Iterator[Check]:
    """The folder of the journal, who works with it, and whether the journal holds together."""
    path = settings.journal_path
    folder = StateFolder(path.parent)
    if not path.parent.parent.is_dir():
        yield ours(
            "state folder",
            f"there is no folder {path.parent.parent} to keep the journal in",
            "Make it, mount the volume it is on, or set journal.url.",
        )
        return
    if (refusal := folder.refusal()) is not None:
        yield ours(
            "state folder",
            f"nothing can be written in {path.parent}: {refusal}",
            f"Give the user who runs the robot (uid {os.getuid()}) the right to write there, and room on the disk.",
        )
    elif not path.parent.exists():
        yield fine("state folder", f"{path.parent} is made at the first start")
    else:
        yield fine("state folder", f"{path.parent} can be written")
    yield from _robot(folder)
    yield from _journal(path, folder)


def _robot(folder: StateFolder) -> Iterator[Check]:
    who = folder.holder()
    if who is None:
        yield fine("robot", "none is running here")
        return
    failing, since = folder.health() or ((), None)
    if failing and since is not None:
        yield warn(
            "robot",
            f"running ({who}), but failing since {_moment(since)}: {'; '.join(failing)}",
            "Look at its log.",
        )
    else:
        yield fine("robot", f"running ({who})")


def _journal(path: Path, folder: StateFolder) -> Iterator[Check]:
    try:
        known = folder.known_installation()
    except JournalError as error:
        yield ours("journal", *_parted(error))
        return
    if not path.exists() and not path.is_symlink() and known is None:
        yield fine("journal", f"{path} is made at the first start")
        return
    try:
        with closing(JournalReader(path)) as reader:
            cold_since = reader.installation().cold_since
            tabs = len(reader.tabs())
    except JournalPlaceError as error:
        yield ours("journal", *_parted(error))
        return
    except JournalError as error:
        is_older = "older program" in str(error)
        yield (warn if is_older else trouble)("journal", *_parted(error))
        return
    broken = [finding for finding in look_over(path, known) if not finding.holds]
    for finding in broken:
        yield trouble(
            "journal",
            f"{finding.law}: not so: {'; '.join(finding.wrong[:3])}",
            "See all of it with: rowreel journal check. Bring a copy back with: rowreel journal recover --from FILE",
        )
    if cold_since is not None:
        yield warn(
            "journal",
            f"cold since {_moment(cold_since)}: it was lost, or an older copy took its place",
            "If you have a newer copy: rowreel journal recover --from FILE. Otherwise the robot asks Zvid before it pays.",
        )
    elif not broken:
        yield fine("journal", f"{path} holds together, and knows {wording.counted(tabs, 'tab')}")


def _parted(error: Exception) -> tuple[str, str]:
    """What is wrong, and what to do: such errors say both, one after the other."""
    says, _, fix = str(error).partition(". ")
    return says.rstrip("."), fix


def _moment(moment: datetime) -> str:
    return f"{moment:%Y-%m-%d %H:%M} UTC"

"""Secrets that are looked for when all tests are over, in everything the suite left behind.

Tests take their keys from here, or from stand-ins whose keys and tokens are noted as they are made. At the
end every file under the run's temporary folders is searched: journals, workbooks, logs, what commands and
tests said. A secret found anywhere but in its own file fails the run.
"""

from __future__ import annotations

import base64
import json
import os
import secrets
import string
import subprocess
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any
from urllib.parse import quote

import pytest

NOTED = "canaries.txt"
NEEDLES = "needles.txt"
SPOKEN = "spoken.txt"
HOMES = (NOTED, NEEDLES, "zvid-key", "service-account.json")
"""Files that hold secrets on purpose."""

PREFIXES = ("zvid_", "ya29.")
_LETTERS = string.ascii_letters
_HEX = set("0123456789abcdef")
_notes: list[Path] = []
_early: list[str] = []


def canary(shape: str = "zvid_{}") -> str:
    """A secret nobody else has; letters only, so that even eight of them are found nowhere by chance."""
    made = shape.format("".join(secrets.choice(_LETTERS) for _ in range(40)))
    note(made)
    return made


def note(secret: str) -> None:
    """From now on nobody may say it."""
    if not _notes:
        _early.append(secret)
        return
    with (_notes[0] / NOTED).open("a", encoding="utf-8") as file:
        file.write(json.dumps(secret) + "\n")


def spoken(*texts: object) -> None:
    """Keeps what a command or a test said, to be searched too."""
    if _notes:
        with (_notes[0] / SPOKEN).open("a", encoding="utf-8", errors="replace") as file:
            file.writelines(f"{text}\n" for text in texts if text)


# -- what to look for, and where ----------------------------------------------


def forms(secret: str) -> Iterator[str]:
    """How a secret may be spelled: as it is, in base64 at any place, in an address, backwards, its ends alone."""
    bare = secret
    for prefix in PREFIXES:
        bare = bare.removeprefix(prefix)
    yield secret
    yield secret[::-1]
    yield quote(secret, safe="")
    yield from _base64(secret)
    # Chance spells eight hexadecimal digits often enough among millions of hashes.
    length = 12 if set(bare) <= _HEX else 8
    yield bare[:length]
    yield bare[-length:]
    yield bare[::-1][:length]


def _base64(secret: str) -> Iterator[str]:
    for before in range(3):
        coded = base64.b64encode(b"\0" * before + secret.encode())
        # The ends depend on their neighbours.
        sure = coded[-(-before * 8 // 6) : len(coded) // 4 * 4 - 4].decode()
        yield sure
        yield sure.replace("+", "-").replace("/", "_")


def needles(secret: str) -> set[str]:
    """What to search for; of a key in several lines, each long one."""
    lines = [line for line in secret.splitlines() if "PRIVATE KEY" not in line]
    if len(lines) > 1:
        return {form for line in lines if len(line) == 64 for form in (line, line[::-1], *_base64(line))}
    return set(forms(secret))


def known_secrets(folder: Path) -> set[str]:
    """Everything noted, and what the stand-ins keep in files of their own."""
    found = {json.loads(line) for file in folder.rglob(NOTED) for line in file.read_text().splitlines()}
    found |= {file.read_text().strip() for file in folder.rglob("zvid-key")}
    for file in folder.rglob("service-account.json"):
        try:
            found.add(json.loads(file.read_text())["private_key"])
        except (ValueError, KeyError, TypeError):
            continue
    return {one for one in found if len(one) >= 16}


def leaks(folder: Path, wanted: Iterable[str]) -> list[Path]:
    """Files below a folder that hold a secret in any form."""
    searched = sorted({needle for secret in wanted for needle in needles(secret)})
    if not searched:
        return []
    pattern = folder / NEEDLES
    pattern.write_text("\n".join(searched) + "\n")
    homes = [f"--exclude={name}" for name in HOMES]
    found = subprocess.run(
        ["grep", "-rlaF", "-D", "skip", *homes, "-f", str(pattern), str(folder)],
        capture_output=True,
        env={**os.environ, "LC_ALL": "C"},
        text=True,
        check=False,
    )
    return sorted(Path(line) for line in found.stdout.splitlines())


# -- around the run; taken over by the outermost conftest ---------------------


def pytest_sessionstart(session: pytest.Session) -> None:
    """Tokens the stand-in hands out are noted as well."""
    from bot.sandbox.sheets.tokens import Tokens

    _notes[:] = [session.config._tmp_path_factory.getbasetemp()]  # type: ignore[attr-defined]
    while _early:
        note(_early.pop())
    honest = Tokens.hand_out

    def hand_out(self: Tokens, account: str) -> str:
        token = honest(self, account)
        note(token)
        return token

    Tokens.hand_out = hand_out  # type: ignore[method-assign]


def pytest_runtest_logreport(report: pytest.TestReport) -> None:
    """What a test said, and what it died of."""
    spoken(report.longreprtext, *(text for _, text in report.sections))


@pytest.hookimpl(trylast=True)
def pytest_sessionfinish(session: pytest.Session, exitstatus: int | pytest.ExitCode) -> None:
    """The search; a run beside others leaves it to the one that leads them."""
    if hasattr(session.config, "workerinput") or not _notes:
        return
    found = leaks(_notes[0], known_secrets(_notes[0]))
    session.config.stash[_FOUND] = found
    if found and exitstatus == pytest.ExitCode.OK:
        session.exitstatus = pytest.ExitCode.TESTS_FAILED


_FOUND = pytest.StashKey[list[Path]]()


def pytest_terminal_summary(terminalreporter: Any, config: pytest.Config) -> None:
    """Names the files; the secrets themselves stay unsaid."""
    found = config.stash.get(_FOUND, [])
    if found:
        terminalreporter.section("S01 secrets were written where they should not be", red=True)
        for path in found:
            terminalreporter.line(str(path))

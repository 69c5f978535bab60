"""The folder beside the journal: the lock that keeps a second robot out, and the installation's private name."""

from __future__ import annotations

import contextlib
import errno
import json
import os
import secrets
import socket
import tempfile
import uuid
from datetime import datetime
from pathlib import Path
from typing import Self

from filelock import FileLock, Timeout

from bot.adapters.journal_file import JournalPlaceError
from bot.adapters.whole_files import put_in_place
from bot.ports import JournalError

_WORKERS_KEPT = 100
_ROOM_TRIED = 64 * 1024


class AlreadyRunningError(RuntimeError):
    """Another robot works with this journal; the message names it."""


class StateFolder:
    """Holds the folder's lock while open; the lock dies with the process, however that dies."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._lock = FileLock(folder / "robot.lock")
        self._holder = folder / "robot.json"

    def open(self, now: datetime) -> Self:
        """Takes the lock. Raises AlreadyRunningError when somebody holds it, JournalPlaceError when it cannot be had,
        JournalError while there is no room: that may pass.
        """
        if not self.folder.parent.is_dir():
            # A volume that is not mounted looks like this: a new journal there would be a second one.
            raise JournalPlaceError(
                f"There is no folder {self.folder.parent} to keep the journal in. Make it, mount the volume it is on, "
                "or set journal.url."
            )
        try:
            self.folder.mkdir(exist_ok=True)
            self._lock.acquire(timeout=0)
            self._holder.write_text(
                json.dumps({"pid": os.getpid(), "since": now.isoformat(timespec="seconds")})
            )
        except Timeout:
            raise AlreadyRunningError(self._held_by()) from None
        except OSError as error:
            self._lock.release()
            if error.errno in {errno.ENOSPC, errno.EDQUOT}:
                raise JournalError(
                    f"The disk with {self.folder} is full. The journal, its lock and its copies are kept there: make room."
                ) from error
            raise JournalPlaceError(
                f"The folder {self.folder} cannot be used: {error.strerror}. The journal, its lock and its copies are "
                f"kept there: give the user who runs the robot (uid {os.getuid()}) the right to write in it."
            ) from error
        return self

    def close(self) -> None:
        """Gives the lock back."""
        self._holder.unlink(missing_ok=True)
        self._lock.release()

    def _held_by(self) -> str:
        who = self._named() or "another process"
        return f"A robot already works with {self.folder} ({who}). Stop it first, or wait until it has ended."

    def _named(self) -> str | None:
        """Who wrote that it holds the folder, whether or not it still lives."""
        try:
            holder = json.loads(self._holder.read_text())
            return f"process {int(holder['pid'])}, since {holder['since']}"
        except (OSError, ValueError, KeyError, TypeError):
            return None

    def holder(self) -> str | None:
        """The robot that works with this folder now, as `process 17, since …`; None when there is none.

        The lock is tried for a moment, but only where somebody said to hold it, so that no start is disturbed.
        """
        who = self._named()
        if who is None:
            return None
        try:
            self._lock.acquire(timeout=0)
        except Timeout:
            return who
        except OSError:
            # Not ours to lock, so nobody can tell.
            return None
        self._lock.release()
        return None

    def refusal(self) -> str | None:
        """Why nothing can be written in the folder; None when it can. A folder that is not there yet can be made."""
        place = self.folder if self.folder.exists() else self.folder.parent
        try:
            with tempfile.NamedTemporaryFile(dir=place, prefix=".rowreel-doctor-") as file:
                file.write(bytes(_ROOM_TRIED))
                file.flush()
                return None
        except OSError as error:
            return error.strerror or type(error).__name__

    def sign_in(self) -> tuple[str, tuple[str, ...]]:
        """A name for this process, and those of the former ones in this folder, newest last.

        By them a robot knows its own signature of an earlier life from a stranger's. Raises JournalError.
        """
        path = self.folder / "workers"
        former = tuple((_read(path) or "").split("\n"))[-_WORKERS_KEPT:]
        host = "".join(sign for sign in socket.gethostname() if sign.isascii() and sign.isprintable())
        worker = f"{host[:40] or 'robot'} {secrets.token_hex(3)}"
        _write(path, "\n".join([*(one for one in former if one), worker]))
        return worker, former

    # -- beside the journal, so that its loss is noticed ------------------------

    def known_installation(self) -> uuid.UUID | None:
        """The private name job ids are derived under; None before the first start. Raises JournalError."""
        path = self.folder / "installation-id"
        said = _read(path)
        if said is None:
            return None
        try:
            return uuid.UUID(said)
        except ValueError:
            raise JournalError(
                f"The file {path} holds no installation id. The journal keeps it too: delete the file, "
                "and the next start writes it again."
            ) from None

    def keep_installation(self, name: uuid.UUID) -> None:
        """Writes the name down beside the journal."""
        _write(self.folder / "installation-id", str(name))

    def known_namespace(self) -> uuid.UUID:
        """The installation's name, to look at things; the nil one before the first start."""
        return self.known_installation() or uuid.UUID(int=0)

    def generation(self) -> int:
        """How often a journal was begun here: one that counts less is an older copy."""
        said = _read(self.folder / "generation")
        return int(said) if said is not None and said.isdecimal() else 0

    def keep_generation(self, number: int) -> None:
        """Writes the count down beside the journal."""
        _write(self.folder / "generation", str(number))

    # -- for other commands to look at ----------------------------------------

    def keep_health(self, reasons: tuple[str, ...], at: datetime) -> None:
        """Why the robot is failing, if it is; a disk that is full loses this, and nothing else."""
        facts = {"failing": list(reasons), "since": at.isoformat(timespec="seconds")}
        with contextlib.suppress(OSError):
            (self.folder / "health.json").write_text(json.dumps(facts), encoding="ascii")

    def health(self) -> tuple[tuple[str, ...], datetime] | None:
        """What keep_health() last wrote; None when there is nothing to read."""
        try:
            said = json.loads((self.folder / "health.json").read_text(encoding="ascii"))
            return tuple(map(str, said["failing"])), datetime.fromisoformat(said["since"])
        except (OSError, ValueError, KeyError, TypeError):
            return None


def _read(path: Path) -> str | None:
    try:
        return path.read_text(encoding="ascii", errors="replace").strip()
    except FileNotFoundError:
        return None
    except OSError as error:
        raise JournalError(f"The file {path} cannot be read: {error.strerror}.") from error


def _write(path: Path, text: str) -> None:
    """Whole or not at all, also after a power cut."""
    aside = path.with_name(f"{path.name}.new")
    descriptor = os.open(aside, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(descriptor, "w", encoding="ascii") as file:
        file.write(f"{text}\n")
    put_in_place(aside, path)

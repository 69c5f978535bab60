"""The folder beside the journal: the lock that keeps a second robot out, and the installation's private name."""

from __future__ import annotations

import json
import os
import uuid
from datetime import datetime
from pathlib import Path
from typing import Self

from filelock import FileLock, Timeout


class AlreadyRunningError(RuntimeError):
    """Another robot works with this journal; the message names it."""


class StateFolder:
    """Holds the folder's lock while open; the lock dies with the process, however that dies."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._lock = FileLock(folder / "robot.lock")
        self._holder = folder / "robot.json"

    def open(self, now: datetime) -> Self:
        """Takes the lock. Raises AlreadyRunningError when somebody holds it, OSError when the folder cannot be used."""
        self.folder.mkdir(parents=True, exist_ok=True)
        try:
            self._lock.acquire(timeout=0)
        except Timeout:
            raise AlreadyRunningError(self._held_by()) from None
        self._holder.write_text(json.dumps({"pid": os.getpid(), "since": now.isoformat(timespec="seconds")}))
        return self

    def close(self) -> None:
        """Gives the lock back."""
        self._holder.unlink(missing_ok=True)
        self._lock.release()

    def _held_by(self) -> str:
        try:
            holder = json.loads(self._holder.read_text())
            who = f"process {holder['pid']}, since {holder['since']}"
        except (OSError, ValueError, KeyError):
            who = "another process"
        return f"A robot already works with {self.folder} ({who}). Stop it first, or wait until it has ended."

    def namespace(self) -> uuid.UUID:
        """The private namespace job ids are derived under; drawn once, then kept for ever."""
        path = self.folder / "installation-id"
        if not path.exists():
            aside = path.with_suffix(".new")
            descriptor = os.open(aside, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
            with os.fdopen(descriptor, "w") as file:
                file.write(f"{uuid.uuid4()}\n")
                file.flush()
                os.fsync(file.fileno())
            aside.replace(path)
        return self.known_namespace()

    def known_namespace(self) -> uuid.UUID:
        """The namespace as it is, to look at things; the nil one before the first start."""
        path = self.folder / "installation-id"
        return uuid.UUID(path.read_text().strip()) if path.exists() else uuid.UUID(int=0)

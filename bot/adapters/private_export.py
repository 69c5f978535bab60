"""A file for people to take away: whole or not at all, for its owner's eyes alone, never over another one by mistake."""

from __future__ import annotations

import contextlib
import os
import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO

from bot.adapters.whole_files import sync


class ExportError(RuntimeError):
    """The file cannot be written; the message says what to do."""


@contextmanager
def private_file(path: Path, *, may_replace: bool) -> Iterator[BinaryIO]:
    """Written beside its place, and put there once it is complete and on the disk.

    What is there already, also a link that leads somewhere else, is only replaced on request, and never followed.
    Raises ExportError.
    """
    if not may_replace and (path.exists() or path.is_symlink()):
        raise ExportError(_taken(path))
    if path.is_dir() and not path.is_symlink():
        raise ExportError(f"{path} is a folder. Name a file in it.")
    if path.exists() and not path.is_file() and not path.is_dir():
        raise ExportError(f"{path} is a device or a pipe, which no file may replace. Name a file.")
    aside = path.with_name(f".{path.name[:100]}.{secrets.token_hex(4)}.part")
    try:
        descriptor = os.open(aside, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        try:
            with os.fdopen(descriptor, "wb") as file:
                yield file
                file.flush()
                os.fsync(file.fileno())
            _put(aside, path, may_replace=may_replace)
            sync(path.parent)
        finally:
            aside.unlink(missing_ok=True)
    except FileExistsError:
        raise ExportError(_taken(path)) from None
    except (OSError, ValueError) as error:
        reason = error.strerror if isinstance(error, OSError) and error.strerror else str(error)
        raise ExportError(f"{path} cannot be written: {reason}.") from error


def _put(aside: Path, path: Path, *, may_replace: bool) -> None:
    if not may_replace:
        with contextlib.suppress(PermissionError, NotImplementedError):
            # Fails where somebody was faster; a rename would not.
            path.hardlink_to(aside)
            return
        if path.exists() or path.is_symlink():
            raise FileExistsError
    aside.replace(path)


def _taken(path: Path) -> str:
    return f"{path} is there already. Name another file, or add --force to replace it."

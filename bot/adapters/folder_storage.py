"""Copies in a folder: each there as a whole or not at all, and never in another one's place.

Every folder on the way is opened relative to the one above it and without following links, so that nothing somebody
puts there leads a copy elsewhere. A copy is written beside its place, synced, and then given its name.
"""

from __future__ import annotations

import contextlib
import errno
import hashlib
import os
import stat
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from bot.adapters.disk_words import disk_trouble
from bot.domain.delivery import DeliveryProblem, Digest, Stored, Undelivered
from bot.domain.filenames import numbered

_AT_ONCE = 1 << 20
_MOST_NUMBERS = 1000
_FOLDER = os.O_RDONLY | os.O_DIRECTORY
_NO_HARD_LINKS = {errno.EPERM, errno.ENOTSUP, errno.EOPNOTSUPP, errno.ENOSYS}
_OPEN_TO_READ = 0o644
_FOLDERS_MODE = 0o755


class FolderStorage:
    """One folder that exists; it is never made here, since an empty mount point would take its place."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._one_at_a_time = threading.Lock()

    @property
    def label(self) -> str:
        return f"folder {self._folder.absolute()}"

    def keep(self, name: str, ending: str, file: Path, digest: Digest) -> str | Undelivered:
        *folders, last = name.split("/")
        try:
            with self._one_at_a_time, self._opened(folders, make=True) as place:
                return "/".join((*folders, _placed(place, last, ending, file, digest)))
        except OSError as error:
            return disk_trouble(error)

    def holds(self, stored: Stored) -> bool | Undelivered:
        *folders, last = stored.name.split("/")
        try:
            with self._opened([], make=False) as place, os.scandir(place) as entries:
                is_empty = next(entries, None) is None
        except OSError as error:
            # The whole folder is away: that says nothing of a single copy.
            return disk_trouble(error)
        if is_empty:
            # So looks the place where a disk should be.
            return Undelivered(DeliveryProblem.STORAGE_AWAY, "the folder is empty: is its disk there?")
        try:
            with self._opened(folders, make=False) as place:
                found = os.stat(last, dir_fd=place, follow_symlinks=False)
        except OSError as error:
            if error.errno in {errno.ENOENT, errno.ENOTDIR, errno.ELOOP}:
                return False
            return disk_trouble(error)
        return stat.S_ISREG(found.st_mode) and found.st_size == stored.digest.size

    def rehearse(self) -> Undelivered | None:
        name = f".rowreel-{os.getpid()}.trial"
        try:
            with self._opened([], make=False) as place:
                trial = os.open(name, _new_file(), 0o600, dir_fd=place)
                try:
                    os.write(trial, b"rowreel")
                    os.fsync(trial)
                finally:
                    os.close(trial)
                    os.unlink(name, dir_fd=place)
        except OSError as error:
            return disk_trouble(error)
        return None

    @contextmanager
    def _opened(self, folders: list[str], *, make: bool) -> Iterator[int]:
        """The folder within the folder."""
        place = os.open(self._folder, _FOLDER)
        try:
            for name in folders:
                if make:
                    with contextlib.suppress(FileExistsError):
                        os.mkdir(name, _FOLDERS_MODE, dir_fd=place)
                        os.fsync(place)
                inner = os.open(name, _FOLDER | os.O_NOFOLLOW, dir_fd=place)
                os.close(place)
                place = inner
            yield place
        finally:
            os.close(place)


def _new_file() -> int:
    return os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW


def _placed(place: int, name: str, ending: str, file: Path, digest: Digest) -> str:
    """The name a copy has got, or had already from a try whose end nobody wrote down."""
    with contextlib.suppress(FileNotFoundError):
        # Of a robot that was cut off.
        os.unlink(_beside(digest), dir_fd=place)
    for number in range(1, _MOST_NUMBERS):
        called = numbered(name, number, ending)
        if _is_free(place, called):
            if _written(place, called, file, digest):
                return called
        elif _is_same(place, called, digest):
            return called
    raise OSError(errno.EEXIST, "too many files of one name")


def _beside(digest: Digest) -> str:
    """What a copy is called until it is whole."""
    return f".rowreel-{digest.sha256[:16]}.part"


def _is_free(place: int, name: str) -> bool:
    try:
        os.stat(name, dir_fd=place, follow_symlinks=False)
    except FileNotFoundError:
        return True
    return False


def _is_same(place: int, name: str, digest: Digest) -> bool:
    """Whether the file there is this very one; anything that is no plain file is another one."""
    found = os.stat(name, dir_fd=place, follow_symlinks=False)
    if not stat.S_ISREG(found.st_mode) or found.st_size != digest.size:
        return False
    try:
        opened = os.open(name, os.O_RDONLY | os.O_NOFOLLOW, dir_fd=place)
    except OSError:
        return False
    with os.fdopen(opened, "rb") as there:
        return hashlib.file_digest(there, "sha256").hexdigest() == digest.sha256


def _written(place: int, name: str, file: Path, digest: Digest) -> bool:
    """Whether the copy has its name now; somebody else may have taken it meanwhile."""
    beside = _beside(digest)
    try:
        with os.fdopen(os.open(beside, _new_file(), _OPEN_TO_READ, dir_fd=place), "wb") as copy:
            _copy(file, copy.fileno(), digest)
        return _named(place, beside, name)
    finally:
        with contextlib.suppress(OSError):
            os.unlink(beside, dir_fd=place)


def _copy(file: Path, to: int, digest: Digest) -> None:
    seen = hashlib.sha256()
    with file.open("rb") as source:
        while piece := source.read(_AT_ONCE):
            seen.update(piece)
            view = memoryview(piece)
            while view:
                view = view[os.write(to, view) :]
    if seen.hexdigest() != digest.sha256:
        raise OSError(errno.EIO, "the loaded file changed on this disk")
    os.fsync(to)


def _named(place: int, beside: str, name: str) -> bool:
    try:
        # Unlike a rename, a second name replaces nothing.
        os.link(beside, name, src_dir_fd=place, dst_dir_fd=place, follow_symlinks=False)
    except FileExistsError:
        return False
    except OSError as error:
        if error.errno not in _NO_HARD_LINKS:
            raise
        if not _is_free(place, name):
            return False
        os.replace(beside, name, src_dir_fd=place, dst_dir_fd=place)
    os.fsync(place)
    return True

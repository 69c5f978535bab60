"""The folder of finished files, kept below a bound: the oldest go first.

How long the service keeps its files nobody outside knows; what a sheet links to can go away here as there.
"""

from __future__ import annotations

import os
from collections import deque
from pathlib import Path

_LEFT = 0.9  # of the bound, after a clearing


class MediaFolder:
    def __init__(self, path: Path, most_bytes: int) -> None:
        self.path = path
        self._most = most_bytes
        self._files: deque[tuple[Path, int]] = deque()
        self._bytes = 0

    def open(self) -> None:
        """Looks at what an earlier process left; what a killed one had half made goes."""
        self.path.mkdir(parents=True, exist_ok=True)
        for unfinished in self.path.glob(".*"):
            unfinished.unlink(missing_ok=True)
        with os.scandir(self.path) as entries:
            found = sorted(
                (stat.st_mtime, entry.path, stat.st_size)
                for entry in entries
                if entry.is_file() and (stat := entry.stat())
            )
        self._files = deque((Path(path), size) for _, path, size in found)
        self._bytes = sum(size for _, size in self._files)
        self._clear()

    def add(self, *paths: Path) -> None:
        """New files; older ones may go for them."""
        for path in paths:
            size = path.stat().st_size
            self._files.append((path, size))
            self._bytes += size
        self._clear(spared=len(paths))

    def _clear(self, spared: int = 0) -> None:
        if self._bytes <= self._most:
            return
        while self._bytes > self._most * _LEFT and len(self._files) > spared:
            path, size = self._files.popleft()
            path.unlink(missing_ok=True)
            self._bytes -= size

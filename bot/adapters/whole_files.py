"""Files that are there whole or not at all, also after a power cut: written beside their place, then renamed."""

from __future__ import annotations

import os
from pathlib import Path


def put_in_place(aside: Path, path: Path) -> None:
    """Renames a finished file; after this it is there whole, also after a power cut."""
    sync(aside)
    aside.replace(path)
    sync(path.parent)


def sync(place: Path) -> None:
    """Makes the bytes of a file durable, or what was renamed in a folder."""
    descriptor = os.open(place, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)

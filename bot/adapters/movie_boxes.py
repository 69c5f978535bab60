"""Whether an MP4 or QuickTime file is all there, by the lengths its own boxes say (ISO/IEC 14496-12, 4.2).

A server that lost half of a file says the length of what it has left; the file itself still says what it was.
"""

from __future__ import annotations

from typing import BinaryIO

_MOST_BOXES = 10_000
_HEAD = 8


def is_whole_movie(file: BinaryIO, size: int) -> bool:
    """Whether the outer boxes end where the file does, and its index is among them."""
    at, has_index = 0, False
    for _ in range(_MOST_BOXES):
        if at == size:
            return has_index
        file.seek(at)
        head = file.read(_HEAD)
        if len(head) < _HEAD:
            return False
        length = int.from_bytes(head[:4], "big")
        if length == 1:
            length = int.from_bytes(file.read(_HEAD), "big")
        elif length == 0:
            length = size - at
        if length < _HEAD or at + length > size:
            return False
        has_index = has_index or head[4:] == b"moov"
        at += length
    return False

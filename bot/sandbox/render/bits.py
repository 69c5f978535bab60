"""Reads and writes the bits of H.264's headers: fixed numbers and Exp-Golomb codes (ITU-T H.264, 7.2 and 9.1)."""

from __future__ import annotations

import re

_HIDDEN = re.compile(b"\x00\x00\x03")
_TO_HIDE = re.compile(b"\x00\x00(?=[\x00-\x03])")


class Bits:
    """A row of bits that grows at its end."""

    def __init__(self) -> None:
        self._value = 0
        self.length = 0

    def put(self, value: int, width: int) -> None:
        """A number of so many bits."""
        self._value = self._value << width | value
        self.length += width

    def flag(self, *flags: bool) -> None:
        for one in flags:
            self.put(int(one), 1)

    def code(self, value: int) -> None:
        """A number of any size, small ones short: ue(v)."""
        self.put(value + 1, 2 * (value + 1).bit_length() - 1)

    def signed(self, value: int) -> None:
        """The same with a sign: se(v)."""
        self.code(2 * value - 1 if value > 0 else -2 * value)

    def filled(self, bit: int) -> bytes:
        """All of it in whole bytes, with the gap at the end filled."""
        gap = -self.length % 8
        return (self._value << gap | ((1 << gap) - 1) * bit).to_bytes((self.length + gap) // 8)

    def closed(self) -> bytes:
        """All of it with the mark that ends every unit."""
        self.put(1, 1)
        return self.filled(0)


class BitReader:
    """Reads a row of bytes bit by bit; `at` is where it stands."""

    def __init__(self, data: bytes) -> None:
        self._value = int.from_bytes(data)
        self._length = len(data) * 8
        self.at = 0

    def take(self, width: int) -> int:
        self.at += width
        return self.between(self.at - width, self.at)

    def between(self, start: int, end: int) -> int:
        return self._value >> (self._length - end) & ((1 << (end - start)) - 1)

    def code(self) -> int:
        zeros = 0
        while not self.take(1):
            zeros += 1
        return (1 << zeros) - 1 + self.take(zeros)

    def skip_codes(self, count: int) -> None:
        for _ in range(count):
            self.code()


def units(stream: bytes) -> list[bytes]:
    """The units between the start codes of a stream, each with its first byte."""
    return [unit.rstrip(b"\x00") for unit in stream.split(b"\x00\x00\x01") if unit.rstrip(b"\x00")]


def joined(*parts: bytes) -> bytes:
    return b"".join(b"\x00\x00\x00\x01" + part for part in parts)


def hidden(unit: bytes) -> bytes:
    """So that nothing within a unit looks like a start code."""
    return _TO_HIDE.sub(b"\x00\x00\x03", unit)


def shown(unit: bytes) -> bytes:
    return _HIDDEN.sub(b"\x00\x00", unit)

"""Writes those pictures of an H.264 stream that need no encoder, and fits the encoder's own among them.

A picture like the one before says "all skipped" in a dozen bytes. A picture on the way from one picture to
another is the sum of both with weights, which the format has a word for (explicit weighted prediction of B
pictures): so a fade of any length costs the encoder its two ends alone. The pictures by hand are never
referred to, so the encoder's own count of pictures stays right; only the order in which they are shown, which
the encoder takes for the order in which they come, is added to its slices. ITU-T H.264, clauses 7.3 and 8.4.2.3.
"""

from __future__ import annotations

from dataclasses import dataclass

from bot.sandbox.render.bits import BitReader, Bits, hidden, joined, shown, units

_SLICE, _KEY_SLICE, _SEQUENCE, _SETTINGS = 1, 5, 7, 8  # kinds of units
_P, _B = 0, 1  # kinds of slices
_ORDER_BITS = 16
_BY_HAND = 1  # the number of the settings that pictures by hand are written with; the encoder's are 0
_WEIGHTS = 6  # both weights together are twice 2^6
# The least level whose decoders hold two whole pictures: level -> macroblocks held (table A-1).
_LEVELS = {10: 396, 11: 900, 12: 2376, 21: 4752, 22: 8100, 31: 18000, 32: 20480, 40: 32768, 42: 34816}
_LEVELS |= {50: 110400, 51: 184320}


@dataclass(frozen=True, slots=True)
class Turn:
    """Which picture is meant: the place in the order of showing since the last key picture."""

    order: int
    is_key: bool = False


class Splicer:
    """The stream of one film. `heads` go to the start of the file."""

    def __init__(self, encoder_heads: bytes, size: tuple[int, int], rate: int) -> None:
        kept = {unit[0] & 31: unit for unit in units(encoder_heads)}
        level = kept[_SEQUENCE][3]
        reader = BitReader(shown(kept[_SEQUENCE])[4:])
        reader.skip_codes(4)  # the sequence's number, the kind of colour, two depths
        reader.take(2)
        self._count_bits = reader.code() + 4
        self._blocks = -(-size[0] // 16) * -(-size[1] // 16)
        level = next((one for one in _LEVELS if one >= level and _LEVELS[one] >= 2 * self._blocks), 52)
        sequence = _sequence(level, self._count_bits, size, rate)
        self.heads = joined(sequence, kept[_SETTINGS], _settings_by_hand())
        self._count = 0
        self._key_number = 0

    def encoded(self, packet: bytes, turn: Turn) -> bytes:
        """The encoder's picture, with its turn written into it."""
        (unit,) = (one for one in units(packet) if one[0] & 31 in (_SLICE, _KEY_SLICE))
        is_key = unit[0] & 31 == _KEY_SLICE
        if is_key != turn.is_key:
            raise RuntimeError("The encoder made a key picture of its own accord.")
        body = shown(unit[1:])
        reader = BitReader(body[:64])
        reader.code()
        kind = reader.code() % 5
        reader.code()
        count = reader.take(self._count_bits)
        if is_key:
            reader.code()
        place = reader.at
        _skip_to_the_end(reader, kind, is_key=is_key)
        head = Bits()
        head.put(reader.between(0, place), place)
        head.put(2 * turn.order % (1 << _ORDER_BITS), _ORDER_BITS)
        head.put(reader.between(place, reader.at), reader.at - place)
        self._count = (count + 1) % (1 << self._count_bits)
        return joined(unit[:1] + hidden(head.filled(1) + body[-(-reader.at // 8) :]))

    def repeated(self, turn: Turn) -> bytes:
        """The picture that was encoded last, once more."""
        head = self._head(_P, turn)
        head.flag(False, False)  # the usual number of pictures to look at, in the usual order
        return self._skipped(head)

    def mixed(self, turn: Turn, share: float) -> bytes:
        """Between the last two pictures in their order of showing: so much (0..1) of the later one."""
        head = self._head(_B, turn)
        head.flag(True, False, False, False)  # nothing moves; numbers and orders as usual
        scale, later = _WEIGHTS, round(share * (2 << _WEIGHTS))
        if later in (0, 2 << scale):  # twice 2^6 is too large a weight
            scale, later = _WEIGHTS - 1, later // 2
        head.code(scale)
        head.code(scale)
        for weight in ((2 << scale) - later, later):
            for colours in (1, 2):
                head.flag(True)
                for _ in range(colours):
                    head.signed(weight)
                    head.signed(0)
        return self._skipped(head)

    def _head(self, kind: int, turn: Turn) -> Bits:
        head = Bits()
        head.code(0)  # the slice begins with the first block
        head.code(kind + 5)  # and all of the picture is of this kind
        head.code(_BY_HAND)
        head.put(self._count, self._count_bits)
        head.put(2 * turn.order % (1 << _ORDER_BITS), _ORDER_BITS)
        return head

    def _skipped(self, head: Bits) -> bytes:
        head.signed(0)  # as coarse as ever
        head.code(1)  # edges are not smoothed again
        head.code(self._blocks)
        return joined(bytes([_SLICE]) + hidden(head.closed()))


def _skip_to_the_end(reader: BitReader, kind: int, *, is_key: bool) -> None:
    """Reads the rest of the encoder's slice header, which ends where its coded data begin."""
    if kind == _P:
        if reader.take(1):
            reader.code()
        _expect_none(reader)  # the pictures to look at are in the usual order
    if is_key:
        reader.take(2)
    else:
        _expect_none(reader)  # and forgotten in the usual order
    reader.skip_codes(2 if kind == _P else 1)
    if reader.code() != 1:
        reader.skip_codes(2)


def _expect_none(reader: BitReader) -> None:
    if reader.take(1):
        raise RuntimeError("The encoder keeps its pictures in an unusual order.")


def _sequence(level: int, count_bits: int, size: tuple[int, int], rate: int) -> bytes:
    """What the encoder says of its stream, save that pictures are shown in another order than they come."""
    wide, high = (-(-side // 16) for side in size)
    head = Bits()
    head.put(100, 8)  # High profile
    head.put(0, 8)
    head.put(level, 8)
    for value in (0, 1, 0, 0):  # sequence 0, colours at half the size, eight bits each
        head.code(value)
    head.flag(False, False)
    head.code(count_bits - 4)
    head.code(0)  # each picture says when it is shown
    head.code(_ORDER_BITS - 4)
    head.code(2)  # pictures are kept
    head.flag(False)
    head.code(wide - 1)
    head.code(high - 1)
    head.flag(True, True)  # whole frames
    cut = (wide * 16 - size[0], high * 16 - size[1])
    head.flag(any(cut))
    if any(cut):
        for value in (0, cut[0] // 2, 0, cut[1] // 2):
            head.code(value)
    head.flag(True)
    _how_to_show(head, rate)
    return bytes([3 << 5 | _SEQUENCE]) + hidden(head.closed())


def _how_to_show(head: Bits, rate: int) -> None:
    head.flag(True)
    head.put(1, 8)  # square pixels
    head.flag(False, True)
    head.put(5, 3)
    head.flag(False, True)  # limited range
    for _ in range(3):
        head.put(1, 8)  # BT.709
    head.flag(False, True)
    head.put(1, 32)
    head.put(2 * rate, 32)
    head.flag(True, False, False, False)  # a constant rate
    head.flag(True, True)
    for value in (0, 0, 15, 15, 1, 2):  # one picture may be shown later than it comes; two are kept
        head.code(value)


def _settings_by_hand() -> bytes:
    head = Bits()
    head.code(_BY_HAND)
    head.code(0)
    head.flag(False, False)  # plain codes
    for value in (0, 0, 0):  # one group of slices, one picture to look at on each side
        head.code(value)
    head.flag(False)
    head.put(1, 2)  # B pictures say their weights
    for _ in range(3):
        head.signed(0)
    head.flag(True, False, False)
    return bytes([3 << 5 | _SETTINGS]) + hidden(head.closed())

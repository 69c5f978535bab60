"""Frames of a stretch in which something moves.

Fading is mixing two pictures, and mixing is the same before and after the conversion to the encoder's
colour planes. So where the moving parts lie apart, the stretch is painted twice (all gone, all there) and
each frame mixes those two, region by region. Parts that overlap while they fade, and everything that moves in
another way, are painted frame by frame.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace

import av
from av.video.reformatter import ColorRange, Colorspace
from PIL import Image

from bot.sandbox.render.encode import planar
from bot.sandbox.render.film import FADE
from bot.sandbox.render.look import Look, Shown
from bot.sandbox.render.paint import Painter

_Box = tuple[int, int, int, int]
_SMEAR = 4  # pixels: half the width of the converter's bicubic filter


@dataclass(frozen=True, slots=True)
class _Part:
    """Something that moves: where it lies and how strong it is in each frame."""

    box: _Box
    strengths: tuple[float, ...]


class Motion:
    def __init__(self, painter: Painter, looks: tuple[Look, ...]) -> None:
        self._painter = painter
        self._looks = looks

    def frames(self) -> Iterator[av.VideoFrame]:
        parts = self._parts()
        if parts is None:
            for look in self._looks:
                yield planar(self._painter.paint(look))
            return
        gone = _Planes.of(planar(self._painter.paint(_with_all(self._looks, 0.0))))
        there = _Planes.of(planar(self._painter.paint(_with_all(self._looks, 1.0))))
        for index in range(len(self._looks)):
            yield gone.mixed(there, [(part.box, part.strengths[index]) for part in parts])

    def _parts(self) -> list[_Part] | None:
        """What fades, or None when two such parts touch or something moves in another way."""
        parts: list[_Part] = []
        for number in range(1, len(self._looks[0].stages)):
            mixes = tuple(look.stages[number].mix for look in self._looks)
            if len(set(mixes)) > 1:
                if self._looks[0].stages[number].effect != FADE:
                    return None
                parts.append(_Part(self._painter.whole, mixes))
        for row in zip(*(look.all_shown for look in self._looks), strict=True):
            if len({(one.passages, one.moment) for one in row}) > 1:
                return None
            strengths = tuple(one.strength for one in row)
            layer = self._painter.layer(row[0])
            if len(set(strengths)) > 1 and layer is not None:
                parts.append(_Part(_reach(layer.box, self._painter.whole), strengths))
        apart = all(not _touch(one.box, two.box) for i, one in enumerate(parts) for two in parts[:i])
        return parts if apart else None


@dataclass(frozen=True, slots=True)
class _Planes:
    """The three planes of a frame as grey pictures, each as wide as the encoder's rows are long."""

    size: tuple[int, int]
    planes: tuple[Image.Image, ...]

    @classmethod
    def of(cls, frame: av.VideoFrame) -> _Planes:
        planes = tuple(
            Image.frombytes("L", (plane.line_size, plane.height), bytes(plane)) for plane in frame.planes
        )
        return cls((frame.width, frame.height), planes)

    def mixed(self, other: _Planes, parts: list[tuple[_Box, float]]) -> av.VideoFrame:
        frame = av.VideoFrame(*self.size, "yuv420p")
        frame.colorspace, frame.color_range = Colorspace.ITU709, ColorRange.MPEG
        for index, (mine, theirs) in enumerate(zip(self.planes, other.planes, strict=True)):
            plane = mine.copy()
            for box, strength in parts:
                inner = box if index == 0 else (box[0] // 2, box[1] // 2, box[2] // 2, box[3] // 2)
                plane.paste(Image.blend(mine.crop(inner), theirs.crop(inner), strength), inner)
            frame.planes[index].update(plane.tobytes())
        return frame


def _with_all(looks: tuple[Look, ...], strength: float) -> Look:
    """The first look with everything that moves in the stretch at one strength."""
    moving = {
        row[0].who
        for row in zip(*(look.all_shown for look in looks), strict=True)
        if len({one.strength for one in row}) > 1
    }

    def settle(shown: tuple[Shown, ...]) -> tuple[Shown, ...]:
        return tuple(replace(one, strength=strength) if one.who in moving else one for one in shown)

    stages = []
    for number, stage in enumerate(looks[0].stages):
        mixes = {look.stages[number].mix for look in looks}
        mix = strength if number and len(mixes) > 1 else stage.mix
        stages.append(replace(stage, shown=settle(stage.shown), mix=mix))
    return Look(tuple(stages), settle(looks[0].overlays))


def _reach(box: _Box, whole: _Box) -> _Box:
    """On even pixels, with what the thinning of the colour planes smears over the element's edge."""
    left, top = (max(side // 2 * 2 - _SMEAR, 0) for side in box[:2])
    right, bottom = (
        min(-(-side // 2) * 2 + _SMEAR, end) for side, end in zip(box[2:], whole[2:], strict=True)
    )
    return left, top, right, bottom


def _touch(one: _Box, two: _Box) -> bool:
    return one[0] < two[2] and two[0] < one[2] and one[1] < two[3] and two[1] < one[3]

"""Lets one picture turn into another: the effects of the service's list, by the filter that gave them their names.

They are ffmpeg's `xfade` transitions (Zvid docs, concepts/transitions), and PyAV carries that filter with all
58 of them, so nothing here imitates. The filter wants its frames in order of time; going back means a new one.
"""

from __future__ import annotations

from fractions import Fraction

import av
from av.filter import Graph
from av.filter.context import FilterContext
from PIL import Image

_STEPS = 100_000  # an effect's whole length on the filter's own clock
_FORMATS = {"RGBA": ("rgba", "gbrap"), "RGB": ("rgb24", "gbrp")}


class Turn:
    """One effect between pictures of one size and one mode, RGB or RGBA."""

    def __init__(self, effect: str, size: tuple[int, int], mode: str) -> None:
        self._effect, self._size, self._mode = effect, size, mode
        self._graph = Graph()  # kept: its filters do not keep it alive, and die with it
        self._sources: list[FilterContext] = []
        self._sink: FilterContext | None = None
        self._last = 0

    def between(self, one: Image.Image, two: Image.Image, progress: float) -> Image.Image:
        """`one` at 0, `two` at 1, the effect between them."""
        moment = round(progress * _STEPS)
        if moment <= 0 or moment >= _STEPS:
            return one if moment <= 0 else two
        if self._sink is None or moment <= self._last:
            self._sources, self._sink = self._built()
            self._passed(self._sink, (one, two), 0)  # the filter counts from its first pair
        self._last = moment
        return self._passed(self._sink, (one, two), moment)

    def _built(self) -> tuple[list[FilterContext], FilterContext]:
        packed, planar = _FORMATS[self._mode]
        wide, high = self._size
        frames = f"video_size={wide}x{high}:pix_fmt={packed}:time_base=1/{_STEPS}:frame_rate=25/1"
        graph = self._graph = Graph()
        effect = graph.add("xfade", f"transition={self._effect}:duration=1:offset=0")
        sources = []
        for number in (0, 1):
            source = graph.add("buffer", f"{frames}:pixel_aspect=1/1")
            split = graph.add("format", f"pix_fmts={planar}")
            source.link_to(split)
            split.link_to(effect, 0, number)
            sources.append(source)
        joined, sink = graph.add("format", f"pix_fmts={packed}"), graph.add("buffersink")
        effect.link_to(joined)
        joined.link_to(sink)
        graph.configure()
        return sources, sink

    def _passed(self, sink: FilterContext, pair: tuple[Image.Image, Image.Image], moment: int) -> Image.Image:
        for source, picture in zip(self._sources, pair, strict=True):
            frame = packed_frame(picture)
            frame.pts, frame.time_base = moment, Fraction(1, _STEPS)
            source.push(frame)
        made = sink.pull()
        if not isinstance(made, av.VideoFrame):
            raise TypeError("The effect made no picture.")
        return packed_picture(made, self._mode)


def packed_frame(picture: Image.Image) -> av.VideoFrame:
    """The picture's own pixels, RGB or RGBA, row by row as long as the frame wants them."""
    frame = av.VideoFrame(picture.width, picture.height, _FORMATS[picture.mode][0])
    plane = frame.planes[0]
    pixels = picture.tobytes()
    row = len(pixels) // picture.height
    if plane.line_size != row:
        gap = bytes(plane.line_size - row)
        pixels = b"".join(pixels[at : at + row] + gap for at in range(0, len(pixels), row))
    plane.update(pixels)
    return frame


def packed_picture(frame: av.VideoFrame, mode: str) -> Image.Image:
    plane = frame.planes[0]
    return Image.frombytes(mode, (frame.width, frame.height), bytes(plane), "raw", mode, plane.line_size)

"""Hands out the pictures of a VIDEO or GIF element by the moment.

A VIDEO plays its part from `videoBegin` to `videoEnd` at its `speed` and then stands still on its last picture;
a GIF starts over as long as it is shown (Zvid docs, structure/video and structure/gif). Both are decoded as the
film goes on, one picture at a time, so a long clip needs no more memory than a short one.
"""

from __future__ import annotations

import io
from collections.abc import Iterator, Mapping
from typing import Any

import av
from av.container import InputContainer
from PIL import Image, ImageSequence

from bot.sandbox.render.effects import packed_picture
from bot.sandbox.render.faults import RenderError
from bot.sandbox.render.film import Kind, number

_NEAR = 1e-4  # seconds; decoded times are fractions, film times are decimals
_JUMP = 3.0  # seconds; a longer way ahead is sought, not decoded
_PIXELS = 4096 * 2304
_GIF_PIXELS = 400_000_000  # all pictures of one GIF together


class VideoClip:
    """The pictures of one video, mostly asked for in order."""

    def __init__(self, body: bytes, url: str, spec: Mapping[str, Any]) -> None:
        self._url = url
        self._begin = number(spec.get("videoBegin"), 0.0)
        self._end = number(spec.get("videoEnd"), float("inf"))
        self._speed = number(spec.get("speed"), 1.0)
        try:
            self._container: InputContainer = av.open(io.BytesIO(body), "r")
            self._stream = self._container.streams.video[0]
        except (av.FFmpegError, IndexError) as error:
            raise RenderError(f"This address does not hold a video: {url}") from error
        if self._stream.width * self._stream.height > _PIXELS:
            raise RenderError(f"A video is larger than 4096 x 2304 pixels: {url}")
        self._stream.thread_type = "SLICE"
        self._offset = float((self._stream.start_time or 0) * (self._stream.time_base or 0))
        self._frames = self._decoded(0.0)
        self._now: av.VideoFrame | None = None
        self._next: av.VideoFrame | None = None

    def at(self, moment: float) -> Image.Image:
        """What is seen so many seconds after the element has come."""
        wanted = min(self._begin + moment * self._speed, self._end)
        try:
            frame = self._frame(wanted)
        except av.FFmpegError as error:
            raise RenderError(f"A video is damaged ({error}): {self._url}") from error
        return packed_picture(frame.reformat(format="rgba"), "RGBA")

    def _time(self, frame: av.VideoFrame | None) -> float:
        """On the clip's own clock, which begins with its first picture."""
        return float(frame.time or 0.0) - self._offset if frame is not None else 0.0

    def _frame(self, wanted: float) -> av.VideoFrame:
        here = self._time(self._now)
        if wanted < here - _NEAR or (self._now is not None and wanted > here + _JUMP):
            self._now = self._next = None
            self._frames = self._decoded(wanted)
        if self._now is None:
            self._now, self._next = next(self._frames, None), next(self._frames, None)
        while self._next is not None and self._time(self._next) <= wanted + _NEAR:
            self._now, self._next = self._next, next(self._frames, None)
        if self._now is None:
            raise RenderError(f"A video has no pictures from {wanted:g} s on: {self._url}")
        return self._now

    def _decoded(self, start: float) -> Iterator[av.VideoFrame]:
        """From the last key picture before a moment on."""
        base = self._stream.time_base
        if base is not None:
            self._container.seek((self._stream.start_time or 0) + int(start / base), stream=self._stream)
        yield from self._container.decode(self._stream)


class GifClip:
    """The pictures of one GIF, over and over."""

    def __init__(self, body: bytes, url: str) -> None:
        try:
            image = Image.open(io.BytesIO(body))
            count = getattr(image, "n_frames", 1)
            if image.width * image.height * count > _GIF_PIXELS:
                raise RenderError(f"A GIF has too many or too large pictures: {url}")
            self._ends: list[float] = []
            self._pictures: list[Image.Image] = []
            end = 0.0
            for frame in ImageSequence.Iterator(image):
                # Browsers give a picture without a time, or with a very short one, a tenth of a second.
                seconds = frame.info.get("duration", 0) / 1000
                end += seconds if seconds > 0.01 else 0.1
                self._ends.append(end)
                self._pictures.append(frame.convert("RGBA"))
        except (OSError, SyntaxError, ValueError) as error:
            raise RenderError(f"This address does not hold a GIF ({error}): {url}") from error

    def at(self, moment: float) -> Image.Image:
        """What is seen so many seconds after the element has come."""
        rest = (moment + _NEAR) % self._ends[-1]
        return next(
            picture for end, picture in zip(self._ends, self._pictures, strict=True) if rest < end + _NEAR
        )


def open_clip(kind: Kind, body: bytes, url: str, spec: Mapping[str, Any]) -> VideoClip | GifClip:
    return GifClip(body, url) if kind is Kind.GIF else VideoClip(body, url, spec)

"""Writes H.264 in mp4 or mov: High profile, yuv420p, BT.709, faststart, a constant frame rate, sound as AAC.

The encoder sees each picture once. What stands still and what fades evenly from one picture to another is
written beside it by hand: real frames for every player, at almost no cost. That needs an encoder without
look-ahead or reordering, one packet for each frame; the settings below give that, and a packet too many or too
few is an error rather than a shifted film.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable, Iterator
from fractions import Fraction
from pathlib import Path
from types import TracebackType
from typing import Self

import av
from av.video.frame import PictureType
from av.video.reformatter import ColorPrimaries, ColorRange, Colorspace, ColorTrc
from PIL import Image

from bot.sandbox.render.h264 import Splicer, Turn

_KEY_SECONDS = 2  # so far apart are the pictures at which a player can start, where the film allows
# The fastest preset, with what High profile adds put back: half the time of the next slower one and, on flat
# designs, no larger a file.
_SETTINGS = {
    "preset": "ultrafast",
    "tune": "stillimage,zerolatency",
    "qp": "15",
    "forced-idr": "1",
    "x264-params": (
        "8x8dct=1:cabac=1:deblock=1,0,0:scenecut=0:bframes=0:threads=1:sliced-threads=0:force-cfr=1:keyint=infinite"
    ),
}


def even(size: tuple[int, int]) -> tuple[int, int]:
    """yuv420p halves the colour planes, so an odd side (twitter-landscape: 675) gets one line more."""
    return size[0] + size[0] % 2, size[1] + size[1] % 2


def planar(picture: Image.Image) -> av.VideoFrame:
    """The picture as the encoder wants it; an added line repeats its neighbour."""
    size = even(picture.size)
    if size != picture.size:
        padded = picture.resize(size, Image.Resampling.NEAREST, box=(0, 0, *picture.size))
        padded.paste(picture, (0, 0))
        picture = padded
    frame = av.VideoFrame(*size, "rgb24")
    plane = frame.planes[0]
    plane.update(picture.tobytes("raw", "RGB", plane.line_size, 1))
    return frame.reformat(format="yuv420p", dst_colorspace=Colorspace.ITU709, dst_color_range=ColorRange.MPEG)


class Movie:
    """A file being written; frames go in one after another. Closes itself as a context manager."""

    def __init__(
        self,
        path: Path,
        size: tuple[int, int],
        rate: int,
        sound: Iterable[av.AudioFrame] | None = None,
    ) -> None:
        self.frames = 0
        self._size, self._rate = even(size), rate
        self._time_base = Fraction(1, rate)
        kind = path.suffix.removeprefix(".")
        self._container = av.open(str(path), "w", format=kind, options={"movflags": "+faststart"})
        stream = self._container.add_stream("libx264", rate=rate, options=dict(_SETTINGS))
        stream.width, stream.height = self._size
        stream.pix_fmt = "yuv420p"
        context = stream.codec_context
        context.time_base = self._time_base
        context.profile = "High"
        context.thread_count = 1
        context.color_primaries = ColorPrimaries.BT709
        context.color_trc = ColorTrc.BT709
        context.colorspace = Colorspace.ITU709
        context.color_range = ColorRange.MPEG
        self._stream = stream
        self._sound = deque(self._heard(sound) if sound is not None else ())
        self._splicer: Splicer | None = None
        self._last: av.VideoFrame | None = None
        self._key = 0  # the frame that is the last key picture
        self._encoded = 0
        self._packets = 0

    def show(self, frame: av.VideoFrame) -> None:
        """Shows one picture for one frame."""
        self._encode(frame, self.frames, key=self._last is None or self._is_key_due())
        self.frames += 1

    def hold(self, times: int) -> None:
        """Shows the last picture for so many frames more."""
        for _ in range(times):
            if self._last is not None and self._is_key_due():
                self.show(self._last)
                continue
            self._write(self._splice.repeated(self._turn(self.frames)), self.frames)
            self.frames += 1

    def glide(self, frame: av.VideoFrame, times: int) -> None:
        """Goes evenly from the last picture to this one, which the last of so many frames shows."""
        begin, end = self.frames - 1, self.frames + times - 1
        self._encode(frame, end, key=False)
        for step in range(1, times):
            self._write(self._splice.mixed(self._turn(begin + step), step / times), begin + step)
        self.frames += times

    @property
    def _splice(self) -> Splicer:
        if self._splicer is None:
            raise ValueError("A film begins with a picture.")
        return self._splicer

    def _turn(self, frame: int) -> Turn:
        return Turn(frame - self._key)

    def _is_key_due(self) -> bool:
        return self.frames - self._key >= _KEY_SECONDS * self._rate

    def _encode(self, picture: av.VideoFrame, frame: int, *, key: bool) -> None:
        picture.pts = self._encoded
        picture.time_base = self._time_base
        picture.pict_type = PictureType.I if key else PictureType.P
        packets = self._stream.encode(picture)
        if len(packets) != 1:
            raise RuntimeError(f"The encoder answered one frame with {len(packets)} packets.")
        context = self._stream.codec_context
        if self._splicer is None:
            self._splicer = Splicer(context.extradata or b"", self._size, self._rate)
            context.extradata = self._splicer.heads
        self._encoded += 1
        self._last = picture
        if key:
            self._key = frame
        self._write(self._splicer.encoded(bytes(packets[0]), Turn(frame - self._key, key)), frame, key=key)

    def _heard(self, sound: Iterable[av.AudioFrame]) -> Iterator[av.Packet[av.AudioStream]]:
        """The whole sound, encoded before the pictures: it is small, and so both can be laid side by side."""
        stream = self._container.add_stream("aac", rate=44_100, layout="stereo", bit_rate=160_000)
        for frame in sound:
            frame.pts = None  # counted by the encoder
            yield from stream.encode(frame)
        yield from stream.encode(None)

    def _write(self, body: bytes, frame: int, *, key: bool = False) -> None:
        packet = av.Packet(body)
        packet.pts, packet.dts = frame, self._packets - 1  # the end of a glide comes before what leads to it
        packet.duration = 1
        packet.time_base = self._time_base
        packet.is_keyframe = key
        packet.stream = self._stream
        self._container.mux(packet)
        self._packets += 1
        until = self._packets * self._time_base
        while self._sound and (self._sound[0].pts or 0) * (self._sound[0].time_base or 0) <= until:
            self._container.mux(self._sound.popleft())

    def close(self) -> None:
        while self._sound:
            self._container.mux(self._sound.popleft())
        self._container.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

"""Writes H.264 in mp4 or mov: High profile, yuv420p, BT.709, faststart, a constant frame rate, sound as AAC.

A standstill is encoded once as a short closed group of pictures whose packets are then written again with
new times: real frames for every player, at almost no cost. That needs an encoder without look-ahead or
reordering, one packet for each frame; the settings below give that, and a packet too many or too few is an
error rather than a shifted film.
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

_GROUP = 12  # frames; long enough that a key frame is rare, short enough to be quick to encode
# The fastest preset, with what High profile adds put back: half the time of the next slower one and, on flat
# designs, no larger a file.
_SETTINGS = {
    "preset": "ultrafast",
    "tune": "stillimage,zerolatency",
    "crf": "16",
    "forced-idr": "1",
    "x264-params": (
        "8x8dct=1:cabac=1:deblock=1,0,0:scenecut=0:bframes=0:threads=1:sliced-threads=0:force-cfr=1:keyint=60"
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
    frame: av.VideoFrame = av.VideoFrame.from_image(picture)  # type: ignore[no-untyped-call]
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
        self._time_base = Fraction(1, rate)
        kind = path.suffix.removeprefix(".")
        self._container = av.open(str(path), "w", format=kind, options={"movflags": "+faststart"})
        stream = self._container.add_stream("libx264", rate=rate, options=dict(_SETTINGS))
        stream.width, stream.height = even(size)
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

    def hold(self, frame: av.VideoFrame, times: int) -> None:
        """Shows one picture for so many frames."""
        group = [self._encode(frame, index, key=index == 0) for index in range(min(times, _GROUP))]
        for index in range(times):
            self._write(group[index % len(group)])

    def show(self, frame: av.VideoFrame, *, key: bool) -> None:
        """Shows one picture for one frame; the first after a standstill must be a key frame."""
        self._write(self._encode(frame, self.frames, key=key))

    def _encode(self, frame: av.VideoFrame, number: int, *, key: bool) -> av.Packet[av.VideoStream]:
        frame.pts = number
        frame.time_base = self._time_base
        frame.pict_type = PictureType.I if key else PictureType.NONE
        packets = self._stream.encode(frame)
        if len(packets) != 1:
            raise RuntimeError(f"The encoder answered one frame with {len(packets)} packets.")
        return packets[0]

    def _heard(self, sound: Iterable[av.AudioFrame]) -> Iterator[av.Packet[av.AudioStream]]:
        """The whole sound, encoded before the pictures: it is small, and so both can be laid side by side."""
        stream = self._container.add_stream("aac", rate=44_100, layout="stereo", bit_rate=160_000)
        for frame in sound:
            frame.pts = None  # counted by the encoder
            yield from stream.encode(frame)
        yield from stream.encode(None)

    def _write(self, source: av.Packet[av.VideoStream]) -> None:
        packet = av.Packet(bytes(source))
        packet.pts = packet.dts = self.frames
        packet.duration = 1
        packet.time_base = self._time_base
        packet.is_keyframe = source.is_keyframe
        packet.stream = self._stream
        self._container.mux(packet)
        self.frames += 1
        until = self.frames * self._time_base
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

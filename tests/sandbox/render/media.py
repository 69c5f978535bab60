"""Makes small clips and sounds whose every moment can be told apart."""

from __future__ import annotations

import io
import math
import struct
import wave
from itertools import pairwise
from pathlib import Path

import av
from PIL import Image


def video(colours: list[str], *, seconds_each: float = 0.5, rate: int = 10, tone: float = 0) -> bytes:
    """Flat pictures of 64x36, one colour after the other, with a tone of so many hertz if wished."""
    body = io.BytesIO()
    with av.open(body, "w", format="mp4") as container:
        stream = container.add_stream("libx264", rate=rate, options={"crf": "10"})
        stream.width, stream.height, stream.pix_fmt = 64, 36, "yuv420p"
        heard = container.add_stream("aac", rate=44_100, layout="mono") if tone else None
        for colour in colours:
            picture = Image.new("RGB", (64, 36), colour)
            for _ in range(round(seconds_each * rate)):
                container.mux(stream.encode(av.VideoFrame.from_image(picture)))
        container.mux(stream.encode(None))
        if heard is not None:
            container.mux(heard.encode(_samples(tone, seconds_each * len(colours))))
            container.mux(heard.encode(None))
    return body.getvalue()


def _samples(tone: float, seconds: float) -> av.AudioFrame:
    values = [0.5 * math.sin(2 * math.pi * tone * at / 44_100) for at in range(round(44_100 * seconds))]
    frame = av.AudioFrame(format="fltp", layout="mono", samples=len(values))
    frame.planes[0].update(struct.pack(f"<{len(values)}f", *values))
    frame.sample_rate = 44_100
    return frame


def gif(colours: list[str], seconds_each: float = 0.2) -> bytes:
    pictures = [Image.new("RGB", (40, 20), colour) for colour in colours]
    body = io.BytesIO()
    pictures[0].save(
        body, "GIF", save_all=True, append_images=pictures[1:], duration=round(seconds_each * 1000), loop=0
    )
    return body.getvalue()


def sound(tone: float, seconds: float) -> bytes:
    """A WAV file with a sine of half the greatest strength."""
    body = io.BytesIO()
    with wave.open(body, "wb") as file:
        file.setnchannels(1)
        file.setsampwidth(2)
        file.setframerate(22_050)
        values = (
            16_000 * math.sin(2 * math.pi * tone * at / 22_050) for at in range(round(22_050 * seconds))
        )
        file.writeframes(b"".join(struct.pack("<h", round(value)) for value in values))
    return body.getvalue()


def loudness(path: Path, step: float = 0.1) -> list[float]:
    """How strong the sound of a film is in each step of time, 0..1 (root of the mean square, left side)."""
    resampler = av.AudioResampler(format="fltp", layout="mono", rate=8_000)
    values: list[float] = []
    with av.open(str(path)) as container:
        for frame in container.decode(audio=0):
            for piece in resampler.resample(frame):
                values += struct.unpack(f"<{piece.samples}f", bytes(piece.planes[0])[: 4 * piece.samples])
    size = round(8_000 * step)
    pieces = [values[at : at + size] for at in range(0, len(values) - size // 2, size)]
    return [math.sqrt(sum(value * value for value in piece) / len(piece)) for piece in pieces]


def pitch(path: Path, begin: float, end: float) -> float:
    """The number of hertz heard between two moments, by counting how often the wave rises through zero."""
    resampler = av.AudioResampler(format="fltp", layout="mono", rate=8_000)
    values: list[float] = []
    with av.open(str(path)) as container:
        for frame in container.decode(audio=0):
            for piece in resampler.resample(frame):
                values += struct.unpack(f"<{piece.samples}f", bytes(piece.planes[0])[: 4 * piece.samples])
    part = values[round(begin * 8_000) : round(end * 8_000)]
    rises = sum(1 for before, after in pairwise(part) if before < 0 <= after)
    return rises / (end - begin)

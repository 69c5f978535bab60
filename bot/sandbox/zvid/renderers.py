"""Who draws a job: the real render pool, or one that hands out the same small clip at once.

The instant one exists for load tests and for tests that are not about pictures. Its clip is a real H.264
file, encoded once on first use.
"""

from __future__ import annotations

import asyncio
import os
from collections.abc import Callable
from pathlib import Path
from typing import Any, Protocol

from bot.sandbox.render.pool import Rendered

Report = Callable[[float, str], None]

CLIP_WIDTH, CLIP_HEIGHT, CLIP_FRAMES, CLIP_RATE = 64, 36, 10, 10


class Renderer(Protocol):
    """Draws one resolved project into files named `name` in `folder`; raises RenderError when it cannot."""

    async def render(self, project: dict[str, Any], folder: Path, name: str, report: Report) -> Rendered: ...

    async def close(self) -> None: ...


class InstantRenderer:
    """Hands out one small clip, whatever the project says."""

    def __init__(self, home: Path) -> None:
        self._clip = home / "instant.mp4"
        self._still = home / "instant.jpg"
        self._lock = asyncio.Lock()

    async def render(self, project: dict[str, Any], folder: Path, name: str, report: Report) -> Rendered:
        async with self._lock:
            if not (self._clip.exists() and self._still.exists()):
                await asyncio.to_thread(_encode_clip, self._clip, self._still)
        report(0.5, "encoding")
        if project.get("type") == "image":
            return self._still_of(project, folder, name)
        video, thumbnail = folder / f"{name}.mp4", folder / f"{name}.jpg"
        # Linked, not copied: a load test waits for nothing here.
        os.link(self._clip, video)
        os.link(self._still, thumbnail)
        return Rendered(
            video=video,
            thumbnail=thumbnail,
            width=int(project["width"]),
            height=int(project["height"]),
            seconds=CLIP_FRAMES / CLIP_RATE,
            frames=CLIP_FRAMES,
        )

    def _still_of(self, project: dict[str, Any], folder: Path, name: str) -> Rendered:
        from PIL import Image  # with the real pool this process never needs it

        picture = folder / f"{name}.{project.get('outputFormat', 'png')}"
        thumbnail = folder / f"{name}.thumbnail.jpg"
        Image.new("RGB", (CLIP_WIDTH, CLIP_HEIGHT), "#336699").save(picture)
        os.link(self._still, thumbnail)
        return Rendered(picture, thumbnail, int(project["width"]), int(project["height"]), 0.0, 1)

    async def close(self) -> None:
        """Nothing runs between two renders."""


def _encode_clip(clip: Path, still: Path) -> None:
    import av  # the codecs take a moment to load, and a real pool never needs this
    from PIL import Image

    picture = Image.new("RGB", (CLIP_WIDTH, CLIP_HEIGHT), "#336699")
    picture.save(still, quality=85)
    unfinished = clip.with_suffix(".part")
    with av.open(str(unfinished), "w", format="mp4", options={"movflags": "faststart"}) as container:
        stream = container.add_stream("libx264", rate=CLIP_RATE)
        stream.width, stream.height, stream.pix_fmt = CLIP_WIDTH, CLIP_HEIGHT, "yuv420p"
        for _ in range(CLIP_FRAMES):
            frame = av.VideoFrame.from_image(picture)  # type: ignore[no-untyped-call]  # Pillow is optional to av
            container.mux(stream.encode(frame))
        container.mux(stream.encode(None))
    unfinished.replace(clip)

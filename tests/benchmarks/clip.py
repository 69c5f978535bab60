"""How long the sandbox takes for a clip that stands still."""

from __future__ import annotations

import asyncio
import tempfile
import time
from pathlib import Path


def demo_clip() -> dict[str, float]:
    """The static 9 s, 1280x720, 30 fps clip, rendered warm."""
    from bot.sandbox.render.pool import RenderPool

    svg = (
        '<svg xmlns="http://www.w3.org/2000/svg" width="1280" height="720"><rect width="1280" height="720" '
        'fill="#0f172a"/><text x="640" y="380" font-size="90" fill="white" text-anchor="middle" '
        'font-family="Arial">Spring sale</text></svg>'
    )
    project = {
        "type": "video",
        "name": "clip",
        "resolution": "hd",
        "duration": 9,
        "frameRate": 30,
        "visuals": [{"type": "SVG", "svg": svg, "width": 1280, "height": 720}],
    }

    async def render() -> float:
        pool = RenderPool(1)
        with tempfile.TemporaryDirectory() as folder:
            await pool.render(project, Path(folder), "warm", lambda *_: None)
            started = time.monotonic()
            done = await pool.render(project, Path(folder), "clip", lambda *_: None)
            took = time.monotonic() - started
            assert done.frames == 270
        await pool.close()
        return took

    return {"wall": asyncio.run(render())}

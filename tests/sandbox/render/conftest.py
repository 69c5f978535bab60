"""Renders small projects for real and hands out their decoded pictures."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

import av
import pytest
from av.video.reformatter import ColorRange, Colorspace
from PIL import Image, ImageChops

from bot.sandbox.render.drawings import Pens
from bot.sandbox.render.engine import Order, Rendered, render
from bot.sandbox.render.picture import fetch_over_http


@dataclass(frozen=True)
class Shot:
    """A film that was made, with every frame decoded as a player would."""

    made: Rendered
    frames: list[Image.Image]

    def at(self, second: float) -> Image.Image:
        return self.frames[round(second * len(self.frames) / self.made.seconds)]


def decode(path: Path) -> list[Image.Image]:
    with av.open(str(path)) as container:
        return [
            frame.reformat(
                format="rgb24", src_colorspace=Colorspace.ITU709, src_color_range=ColorRange.MPEG
            ).to_image()
            for frame in container.decode(video=0)
        ]


@pytest.fixture(scope="session")
def pens() -> Pens:
    return Pens()


@pytest.fixture
def shoot(pens, tmp_path):
    """Renders a project of 320x180 at 10 frames a second unless it says otherwise."""

    def run(project: dict[str, Any], fetch=fetch_over_http) -> Shot:
        whole = {
            "resolution": "custom",
            "width": 320,
            "height": 180,
            "frameRate": 10,
            "duration": 0.5,
        } | project
        made = render(Order(whole, tmp_path, "film", "growing"), pens, fetch, lambda _fraction, _phase: None)
        return Shot(made, decode(made.video))

    return run


@pytest.fixture
def box():
    """An SVG element that is one flat rectangle."""

    def build(colour: str, width: float = 80, height: float = 40, **more: Any) -> dict[str, Any]:
        svg = f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 8 4"><rect width="8" height="4" fill="{colour}"/></svg>'
        return {"type": "SVG", "svg": svg, "width": width, "height": height} | more

    return build


@pytest.fixture
def near():
    """Whether two colours are the same within what encoding may change."""

    def compare(one, two, tolerance: int = 6) -> bool:
        return all(abs(a - b) <= tolerance for a, b in zip(one, two, strict=True))

    return compare


@pytest.fixture
def found():
    """The box of all pixels that differ clearly from the upper left corner."""

    def search(picture: Image.Image, threshold: int = 40):
        ground = Image.new("RGB", picture.size, picture.getpixel((0, 0)))
        channels = ImageChops.difference(picture, ground).split()
        strongest = ImageChops.lighter(ImageChops.lighter(channels[0], channels[1]), channels[2])
        return strongest.point([255 if level > threshold else 0 for level in range(256)]).getbbox()

    return search

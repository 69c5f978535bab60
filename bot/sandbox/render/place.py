"""Turns, flips and puts a finished element on the canvas (Zvid docs, concepts/positioning)."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from PIL import Image

ACROSS = {"left": 0.0, "center": 0.5, "right": 1.0}
DOWN = {"top": 0.0, "center": 0.5, "bottom": 1.0}
PLACES = frozenset(f"{down}-{across}" for down in DOWN for across in ACROSS)


@dataclass(frozen=True, slots=True)
class Layer:
    """Colour and alpha of an element cut to the canvas and to what can be seen, its opacity in the alpha.

    `box` is where it lies. No alpha: nothing shines through.
    """

    colour: Image.Image
    alpha: Image.Image | None
    box: tuple[int, int, int, int]

    @property
    def weight(self) -> int:
        """In bytes."""
        return self.colour.width * self.colour.height * (4 if self.alpha is None else 5)


@dataclass(frozen=True, slots=True)
class Placed:
    """A whole element, turned and flipped, and where its upper left corner lies."""

    picture: Image.Image
    corner: tuple[int, int]


def place(picture: Image.Image, spec: Mapping[str, Any], canvas: tuple[int, int]) -> Placed:
    """Where an element belongs.

    A preset puts its point on the frame's edge or middle and overrides x and y; the element is hung up by
    its anchor, which follows the preset unless it is given.
    """
    corner = _corner(picture.size, spec, canvas)
    picture = _with_opacity(picture, 1.0 if spec.get("opacity") is None else float(spec["opacity"]))
    if spec.get("flipH"):
        picture = picture.transpose(Image.Transpose.FLIP_LEFT_RIGHT)
    if spec.get("flipV"):
        picture = picture.transpose(Image.Transpose.FLIP_TOP_BOTTOM)
    angle = float(spec.get("angle") or 0) % 360
    if angle:
        before = picture.size
        picture = _turned(picture, angle)
        # The turned box has grown around the same middle.
        corner = (corner[0] - (picture.width - before[0]) / 2, corner[1] - (picture.height - before[1]) / 2)
    return Placed(picture, (math.floor(corner[0] + 0.5), math.floor(corner[1] + 0.5)))


def _corner(size: tuple[int, int], spec: Mapping[str, Any], canvas: tuple[int, int]) -> tuple[float, float]:
    preset = spec.get("position")
    if preset in PLACES:
        across, down = _fractions(str(preset))
        point = (across * canvas[0], down * canvas[1])
    else:
        point = (float(spec.get("x") or 0), float(spec.get("y") or 0))
    anchor = spec.get("anchor")
    if anchor not in PLACES:
        anchor = preset if preset in PLACES else "top-left"
    across, down = _fractions(str(anchor))
    return point[0] - across * size[0], point[1] - down * size[1]


def _fractions(name: str) -> tuple[float, float]:
    down, _, across = name.partition("-")
    return ACROSS[across], DOWN[down]


def _with_opacity(picture: Image.Image, opacity: float) -> Image.Image:
    if opacity >= 1:
        return picture
    faded = picture.copy()
    faded.putalpha(picture.getchannel("A").point([round(level * max(opacity, 0.0)) for level in range(256)]))
    return faded


def _turned(picture: Image.Image, clockwise: float) -> Image.Image:
    quarters = {
        90: Image.Transpose.ROTATE_270,
        180: Image.Transpose.ROTATE_180,
        270: Image.Transpose.ROTATE_90,
    }
    if clockwise in quarters:
        return picture.transpose(quarters[int(clockwise)])
    # Premultiplied, or the edges of the turned picture would show the black of its empty pixels.
    turned = picture.convert("RGBa").rotate(-clockwise, Image.Resampling.BICUBIC, expand=True)
    return turned.convert("RGBA")


def cut(placed: Placed, canvas: tuple[int, int]) -> Layer | None:
    """What of it is to be seen on the canvas, None when nothing is."""
    picture, corner = placed.picture, placed.corner
    alpha = picture.getchannel("A")
    seen = alpha.getbbox()
    if seen is None:
        return None
    left, top = max(seen[0], -corner[0]), max(seen[1], -corner[1])
    right, bottom = min(seen[2], canvas[0] - corner[0]), min(seen[3], canvas[1] - corner[1])
    if right <= left or bottom <= top:
        return None
    inner = (left, top, right, bottom)
    if inner != (0, 0, *picture.size):
        picture, alpha = picture.crop(inner), alpha.crop(inner)
    box = (left + corner[0], top + corner[1], right + corner[0], bottom + corner[1])
    return Layer(picture.convert("RGB"), None if alpha.getextrema()[0] == 255 else alpha, box)

"""Product shots: one object in studio light, in any tone."""

from __future__ import annotations

from collections.abc import Callable

from bot.sandbox.pictures.canvas import Canvas
from bot.sandbox.pictures.furnishings import armchair, lamp
from bot.sandbox.pictures.studio import SIDE
from bot.sandbox.pictures.tabletop import bottle, headphones, mug, watch

_THINGS: dict[str, Callable[[Canvas, str], None]] = {
    "mug": mug,
    "lamp": lamp,
    "headphones": headphones,
    "bottle": bottle,
    "armchair": armchair,
    "watch": watch,
}


def product(thing: str, tone: str) -> str:
    """The picture of a thing in a tone, as SVG."""
    canvas = Canvas(SIDE, SIDE)
    _THINGS[thing](canvas, tone)
    return canvas.svg()

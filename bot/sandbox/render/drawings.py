"""Draws elements that keep still, each once: in this film and, as long as there is room, in later ones.

Films of one template share most of their elements: the grounds, the words that never change, a logo.
"""

from __future__ import annotations

import hashlib
from collections import OrderedDict
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import pytakumi
from PIL import Image

from bot.sandbox.render.film import Kind, Visual
from bot.sandbox.render.fonts import font_shelf
from bot.sandbox.render.picture import Fetch, open_picture, shape
from bot.sandbox.render.place import Layer, Placed, cut, place
from bot.sandbox.render.svg import SvgRasteriser
from bot.sandbox.render.text import TextSetter, text_renderer

_KEPT = 96 * 1024 * 1024  # bytes
_TIMES = frozenset(("enterBegin", "enterEnd", "exitBegin", "exitEnd", "enterAnimation", "exitAnimation"))

_Size = tuple[int, int]


@dataclass(frozen=True, slots=True)
class Sketch:
    """An element that is not drawn yet; equal sketches are equal pictures."""

    kind: Kind
    spec: Mapping[str, Any]
    canvas: _Size
    body: bytes = b""  # of its file
    url: str = ""

    @classmethod
    def of(cls, visual: Visual, canvas: _Size, fetch: Fetch) -> Sketch:
        """Raises RenderError."""
        if visual.kind is not Kind.IMAGE:
            return cls(visual.kind, visual.spec, canvas)
        url = str(visual.spec["src"]).strip()
        return cls(visual.kind, visual.spec, canvas, fetch(url), url)

    @property
    def content(self) -> str:
        spec = sorted((name, value) for name, value in self.spec.items() if name not in _TIMES)
        told = repr((self.kind, spec, self.canvas)).encode()
        return hashlib.sha256(hashlib.sha256(self.body).digest() + told).hexdigest()


class Pens:
    """What draws elements; costly to make, so a process makes it once and keeps it."""

    def __init__(self) -> None:
        shelf = font_shelf()
        renderer: pytakumi.Renderer = text_renderer(shelf)
        self.text = TextSetter(renderer)
        self.svg = SvgRasteriser(shelf, renderer)
        self._kept: OrderedDict[str, Layer | None] = OrderedDict()
        self._bytes = 0

    def layer(self, sketch: Sketch) -> Layer | None:
        """What is to be seen of the element on the canvas. Raises RenderError."""
        name = sketch.content
        if name not in self._kept:
            layer = self._kept[name] = cut(self.placed(sketch), sketch.canvas)
            self._bytes += layer.weight if layer else 0
            while self._bytes > _KEPT and len(self._kept) > 1:
                _, oldest = self._kept.popitem(last=False)
                self._bytes -= oldest.weight if oldest else 0
        self._kept.move_to_end(name)
        return self._kept[name]

    def placed(self, sketch: Sketch) -> Placed:
        return place(self._draw(sketch), sketch.spec, sketch.canvas)

    def _draw(self, sketch: Sketch) -> Image.Image:
        spec = sketch.spec
        match sketch.kind:
            case Kind.SVG:
                return self.svg.draw(str(spec["svg"]), spec.get("width"), spec.get("height"))
            case Kind.TEXT:
                return self.text.draw(spec, sketch.canvas[0])
            case Kind.IMAGE:
                return shape(open_picture(sketch.body, sketch.url), spec, sketch.canvas)
            case Kind.GIF | Kind.VIDEO:
                raise ValueError("A clip has no one picture.")

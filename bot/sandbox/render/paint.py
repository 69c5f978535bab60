"""Paints looks: every visual is drawn once, then laid over the ground as strongly as the look says."""

from __future__ import annotations

from collections.abc import Sequence

from PIL import Image

from bot.sandbox.render.encode import even
from bot.sandbox.render.film import Film, Kind, Visual
from bot.sandbox.render.fonts import font_shelf
from bot.sandbox.render.look import Look, Shown
from bot.sandbox.render.picture import Fetch, open_picture, shape
from bot.sandbox.render.place import Layer, place
from bot.sandbox.render.svg import SvgRasteriser
from bot.sandbox.render.text import TextSetter, text_renderer


class Pens:
    """What draws elements; costly to make, so a process makes it once and keeps it."""

    def __init__(self) -> None:
        shelf = font_shelf()
        renderer = text_renderer(shelf)
        self.text = TextSetter(renderer)
        self.svg = SvgRasteriser(shelf, renderer)


class Painter:
    """Draws the visuals of one film and composes its looks."""

    def __init__(self, film: Film, cast: Sequence[Visual], pens: Pens, fetch: Fetch) -> None:
        self._canvas = (film.width, film.height)
        self.whole = (0, 0, *even(self._canvas))
        self._pens = pens
        self._fetch = fetch
        self._cast = cast
        self._layers: dict[int, Layer | None] = {}

    def layer(self, who: int) -> Layer | None:
        """The element on the canvas, None when it lies outside. Raises RenderError."""
        if who not in self._layers:
            spec = self._cast[who].spec
            self._layers[who] = place(self._draw(self._cast[who]), spec, self._canvas)
        return self._layers[who]

    def paint(self, look: Look) -> Image.Image:
        picture: Image.Image | None = None
        for stage in look.stages:
            ground = Image.new("RGB", self._canvas, stage.background)
            self._lay(ground, stage.shown)
            hidden = picture is None or stage.mix >= 1
            picture = ground if picture is None or hidden else Image.blend(picture, ground, stage.mix)
        if picture is None:
            raise ValueError("A look without a stage.")
        self._lay(picture, look.overlays)
        return picture

    def _lay(self, ground: Image.Image, shown: Sequence[Shown]) -> None:
        for one in shown:
            layer = self.layer(one.who)
            if layer is None or one.strength <= 0:
                continue
            alpha = layer.alpha
            if one.strength < 1:
                alpha = alpha.point([round(level * one.strength) for level in range(256)])
            ground.paste(layer.colour, layer.box, alpha)

    def _draw(self, visual: Visual) -> Image.Image:
        spec = visual.spec
        match visual.kind:
            case Kind.SVG:
                return self._pens.svg.draw(str(spec["svg"]), spec.get("width"), spec.get("height"))
            case Kind.TEXT:
                return self._pens.text.draw(spec, self._canvas[0])
            case Kind.IMAGE:
                url = str(spec["src"]).strip()
                return shape(open_picture(self._fetch(url), url), spec, self._canvas)

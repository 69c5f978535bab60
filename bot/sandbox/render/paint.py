"""Paints looks: a visual that keeps still is drawn once, then laid over the ground as strongly as the look says.

Clips, zooms and effects give a visual another picture at every moment (order of operations: Zvid docs,
concepts/layers: turned and flipped, then the effects, then the zoom).
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Mapping, Sequence

from PIL import Image

from bot.sandbox.render.clip import GifClip, VideoClip, open_clip
from bot.sandbox.render.effects import Turn
from bot.sandbox.render.encode import even
from bot.sandbox.render.film import FADE, Film, Kind, Passage, Visual, number
from bot.sandbox.render.fonts import font_shelf
from bot.sandbox.render.look import Look, Shown
from bot.sandbox.render.picture import Fetch, open_picture, shape
from bot.sandbox.render.place import Layer, Placed, cut, place
from bot.sandbox.render.svg import SvgRasteriser
from bot.sandbox.render.text import TextSetter, text_renderer

ZOOM_DEPTH = 1.2  # `zoom: true` at the service; its open renderer goes to 1.5 (Zvid docs, structure/image)
_REMEMBERED = 256  # drawings; a long film with captions has thousands
_TURNS = 32


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
        self._ground = film.transparent
        self._still: OrderedDict[int, tuple[Placed, Layer | None]] = OrderedDict()
        self._clips: dict[int, VideoClip | GifClip] = {}
        self._turns: dict[tuple[object, ...], Turn] = {}

    def layer(self, shown: Shown) -> Layer | None:
        """The element on the canvas, None when it lies outside. Raises RenderError."""
        visual = self._cast[shown.who]
        if not (visual.kind.moves or visual.zooms or shown.passages):
            return self._drawn(shown.who)[1]
        if visual.kind.moves:
            placed = place(self._picture_of_clip(shown.who, shown.moment), visual.spec, self._canvas)
        else:
            placed = self._drawn(shown.who)[0]
        picture = placed.picture
        for passage in shown.passages:
            picture = self._passing(shown.who, picture, passage)
        if visual.zooms:
            picture = zoomed(picture, visual.spec["zoom"], visual.share(shown.moment))
        return cut(Placed(picture, placed.corner), self._canvas)

    def paint(self, look: Look) -> Image.Image:
        picture: Image.Image | None = None
        for layer_number, stage in enumerate(look.stages):
            ground = self._empty(stage.background)
            self._lay(ground, stage.shown)
            if picture is None or stage.mix >= 1:
                picture = ground
            elif stage.effect == FADE:
                picture = Image.blend(picture, ground, stage.mix)
            else:
                picture = self._turn(layer_number, stage.effect, picture).between(picture, ground, stage.mix)
        if picture is None:
            raise ValueError("A look without a stage.")
        self._lay(picture, look.overlays)
        return picture

    def _empty(self, background: str) -> Image.Image:
        if self._ground:
            return Image.new("RGBA", self._canvas, (0, 0, 0, 0))
        return Image.new("RGB", self._canvas, background)

    def _lay(self, ground: Image.Image, shown: Sequence[Shown]) -> None:
        for one in shown:
            layer = self.layer(one)
            if layer is None or one.strength <= 0:
                continue
            alpha = layer.alpha
            if one.strength < 1:
                alpha = alpha.point([round(level * one.strength) for level in range(256)])
            if ground.mode == "RGBA":
                colour = layer.colour.copy()
                colour.putalpha(alpha)
                ground.alpha_composite(colour, layer.box[:2])
            else:
                ground.paste(layer.colour, layer.box, alpha)

    def _drawn(self, who: int) -> tuple[Placed, Layer | None]:
        if who not in self._still:
            placed = place(self._draw(self._cast[who]), self._cast[who].spec, self._canvas)
            self._still[who] = (placed, cut(placed, self._canvas))
            if len(self._still) > _REMEMBERED:
                self._still.popitem(last=False)
        return self._still[who]

    def _passing(self, who: int, picture: Image.Image, passage: Passage) -> Image.Image:
        """From or to the same picture without a trace of it, so that its edges keep their colour."""
        gone = picture.copy()
        gone.putalpha(0)
        turn = self._turn((who, passage.leaving), passage.effect, picture)
        pair = (picture, gone) if passage.leaving else (gone, picture)
        return turn.between(*pair, passage.progress)

    def _turn(self, whose: object, effect: str, picture: Image.Image) -> Turn:
        key = (whose, effect, picture.size, picture.mode)
        if key not in self._turns:
            if len(self._turns) >= _TURNS:
                self._turns.clear()
            self._turns[key] = Turn(effect, picture.size, picture.mode)
        return self._turns[key]

    def _picture_of_clip(self, who: int, moment: float) -> Image.Image:
        visual = self._cast[who]
        if who not in self._clips:
            url = str(visual.spec["src"]).strip()
            self._clips[who] = open_clip(visual.kind, self._fetch(url), url, visual.spec)
        picture = self._clips[who].at(moment)
        return shape(picture, visual.spec, self._canvas, Image.Resampling.BILINEAR)

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
            case Kind.GIF | Kind.VIDEO:
                raise ValueError("A clip has no one picture.")


def zoomed(picture: Image.Image, zoom: object, share: float) -> Image.Image:
    """Grown around its middle within its own box, by `share` of the way to the whole depth."""
    depth = number(zoom.get("depth"), ZOOM_DEPTH) if isinstance(zoom, Mapping) else ZOOM_DEPTH
    scale = 1 + (depth - 1) * share
    wide, high = picture.width / scale, picture.height / scale
    left, top = (picture.width - wide) / 2, (picture.height - high) / 2
    box = (left, top, left + wide, top + high)
    if picture.getchannel("A").getextrema() == (255, 255):
        return picture.resize(picture.size, Image.Resampling.BILINEAR, box=box)
    # Premultiplied, or the edges of the picture would take on the black of empty pixels.
    return picture.convert("RGBa").resize(picture.size, Image.Resampling.BILINEAR, box=box).convert("RGBA")

"""Paints looks: a visual that keeps still is drawn once, then laid over the ground as strongly as the look says.

Clips, zooms and effects give a visual another picture at every moment (order of operations: Zvid docs,
concepts/layers: turned and flipped, then the effects, then the zoom).
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable, Mapping, Sequence
from typing import TypeVar

from PIL import Image

from bot.sandbox.render.clip import GifClip, VideoClip, open_clip
from bot.sandbox.render.drawings import Pens, Sketch
from bot.sandbox.render.effects import Turn
from bot.sandbox.render.film import FADE, Film, Passage, Visual, number
from bot.sandbox.render.look import Look, Shown, Stage
from bot.sandbox.render.picture import Fetch, shape
from bot.sandbox.render.place import Layer, Placed, cut, place

ZOOM_DEPTH = 1.2  # `zoom: true` at the service; its open renderer goes to 1.5 (Zvid docs, structure/image)
_REMEMBERED = 256  # drawings; a long film with captions has thousands
_TURNS = 32

_T = TypeVar("_T")


class Painter:
    """Draws the visuals of one film and composes its looks."""

    def __init__(self, film: Film, cast: Sequence[Visual], pens: Pens, fetch: Fetch) -> None:
        self._canvas = (film.width, film.height)
        self._pens = pens
        self._fetch = fetch
        self._cast = cast
        self._transparent = film.transparent
        self._still: OrderedDict[int, Layer | None] = OrderedDict()
        self._placed: OrderedDict[int, Placed] = OrderedDict()
        self._clips: dict[int, VideoClip | GifClip] = {}
        self._turns: dict[tuple[object, ...], Turn] = {}

    def layer(self, shown: Shown) -> Layer | None:
        """The element on the canvas, None when it lies outside. Raises RenderError."""
        visual = self._cast[shown.who]
        if not (visual.kind.moves or visual.zooms or shown.passages):
            return _remembered(self._still, shown.who, lambda: self._pens.layer(self._sketch(visual)))
        if visual.kind.moves:
            placed = place(self._picture_of_clip(shown.who, shown.moment), visual.spec, self._canvas)
        else:
            placed = _remembered(self._placed, shown.who, lambda: self._pens.placed(self._sketch(visual)))
        picture = placed.picture
        for passage in shown.passages:
            picture = self._passing(shown.who, picture, passage)
        if visual.zooms:
            picture = zoomed(picture, visual.spec["zoom"], visual.share(shown.moment))
        return cut(Placed(picture, placed.corner), self._canvas)

    def box(self, part: Stage | Shown) -> tuple[int, int, int, int] | None:
        """Where on the canvas it lies, None when nowhere."""
        if isinstance(part, Stage):
            return (0, 0, *self._canvas)
        layer = self.layer(part)
        return layer.box if layer else None

    def paint(self, look: Look) -> Image.Image:
        picture: Image.Image | None = None
        for layer_number, stage in enumerate(look.stages):
            ground = self._ground(stage)
            if picture is None or stage.mix >= 1:
                picture = ground
            elif stage.effect == FADE:
                picture = Image.blend(picture, ground, stage.mix)
            else:
                picture = self._turn(layer_number, stage.effect, picture).between(picture, ground, stage.mix)
        if picture is None:
            raise ValueError("A look without a stage.")
        return self._laid(picture, look.overlays)

    def _ground(self, stage: Stage) -> Image.Image:
        if self._transparent:
            return self._laid(Image.new("RGBA", self._canvas, (0, 0, 0, 0)), stage.shown)
        lowest = self.layer(stage.shown[0]) if stage.shown and stage.shown[0].strength >= 1 else None
        if lowest is not None and lowest.alpha is None and lowest.colour.size == self._canvas:
            return self._laid(lowest.colour.copy(), stage.shown[1:])
        return self._laid(Image.new("RGB", self._canvas, stage.background), stage.shown)

    def _laid(self, ground: Image.Image, shown: Sequence[Shown]) -> Image.Image:
        for one in shown:
            layer = self.layer(one)
            if layer is None:
                continue
            alpha = layer.alpha
            if one.strength < 1:
                alpha = alpha or Image.new("L", layer.colour.size, 255)
                alpha = alpha.point([round(level * one.strength) for level in range(256)])
            if ground.mode == "RGBA":
                colour = layer.colour.convert("RGBA")
                if alpha is not None:
                    colour.putalpha(alpha)
                ground.alpha_composite(colour, layer.box[:2])
            else:
                ground.paste(layer.colour, layer.box, alpha)
        return ground

    def _sketch(self, visual: Visual) -> Sketch:
        return Sketch.of(visual, self._canvas, self._fetch)

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


def _remembered(kept: OrderedDict[int, _T], who: int, draw: Callable[[], _T]) -> _T:
    if who not in kept:
        kept[who] = draw()
        if len(kept) > _REMEMBERED:
            kept.popitem(last=False)
    return kept[who]


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

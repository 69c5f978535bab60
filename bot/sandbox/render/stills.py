"""Single moments of a film, painted as the film would show them, and sheets on which several lie side by side.

The moments are chosen so that between them they show everything that is ever fully there.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise
from typing import Any

from PIL import Image, ImageDraw, ImageFont

from bot.sandbox.render.abilities import undrawable
from bot.sandbox.render.captions import caption_visuals
from bot.sandbox.render.drawings import Pens
from bot.sandbox.render.faults import RenderError
from bot.sandbox.render.film import Film, is_image, number, read_film
from bot.sandbox.render.fonts import DEFAULT_FAMILY, font_shelf
from bot.sandbox.render.look import Look, Screenplay
from bot.sandbox.render.paint import Painter
from bot.sandbox.render.picture import Fetch

_MOST = 6
_LONG_SIDE = 460
_GAP, _EDGE = 24, 40
_PAPER, _INK, _GREY = "#F4F4F2", "#1D1D1F", "#6E6E73"


@dataclass(frozen=True, slots=True)
class Still:
    """One moment of a film."""

    seconds: float
    picture: Image.Image


@dataclass(frozen=True, slots=True)
class Strip:
    """The stills of one film, its name, and the words that stand above them."""

    name: str
    words: str
    stills: tuple[Still, ...]


def stills(project: Mapping[str, Any], fetch: Fetch, pens: Pens, at: Sequence[float] = ()) -> list[Still]:
    """The named moments, or those where the film is fullest. Raises RenderError for what cannot be drawn."""
    refusals = undrawable(project)
    if refusals:
        raise RenderError("; ".join(f"{field}: {message}" for field, message in refusals))
    film = read_film(project)
    if subtitle := project.get("subtitle"):
        captions = caption_visuals(subtitle, (film.width, film.height), film.seconds, fetch)
        film = replace(film, overlays=(*film.overlays, *captions))
    screenplay = Screenplay(film)
    painter = Painter(film, screenplay.cast, pens, fetch)
    moments = sorted(at) or list(_chosen(project, film, screenplay))
    if moments[-1] > film.seconds:
        raise RenderError(f"The film is {film.seconds:g} seconds long: there is nothing at {moments[-1]:g}.")
    return [Still(one, painter.paint(_look(screenplay, one)).convert("RGB")) for one in moments]


def _look(screenplay: Screenplay, seconds: float) -> Look:
    film = screenplay.film
    return screenplay.look(min(round(seconds * film.rate), film.frames - 1))


def _chosen(project: Mapping[str, Any], film: Film, screenplay: Screenplay) -> Iterator[float]:
    """As few moments as show everything, in their order; each the middle of the longest time with so much to see."""
    if is_image(project):
        yield number(project.get("snapshotTime"), 0.0)
        return
    spans = [(start, end) for start, end in pairwise(_turning_points(film)) if end - start > 1 / film.rate]
    middles = {(start + end) / 2: end - start for start, end in spans}
    seen = {at: _settled(_look(screenplay, at)) for at in middles}
    left = frozenset[int]().union(*seen.values())
    chosen: list[float] = []
    while left and len(chosen) < _MOST:
        best = max(middles, key=lambda at: (len(seen[at] & left), len(seen[at]), middles[at]))
        chosen.append(best)
        left -= seen[best]
    yield from sorted(chosen) or [film.seconds / 2]


def _turning_points(film: Film) -> list[float]:
    """When anything begins or ends to move, come or go."""
    points = {0.0, film.seconds}
    for scene in film.scenes:
        points |= {scene.start, scene.start + scene.overlap, scene.start + scene.seconds}
        for one in scene.visuals:
            own = (one.enter_begin, one.enter_end, one.exit_begin, one.exit_end)
            points |= {scene.start + at for at in own if at <= scene.seconds}
    for one in film.overlays:
        points |= {one.enter_begin, one.enter_end, one.exit_begin, one.exit_end}
    return sorted(at for at in points if 0 <= at <= film.seconds)


def _settled(look: Look) -> frozenset[int]:
    """What is fully there and does not come or go just now."""
    if any(stage.mix < 1 for stage in look.stages[1:]):
        return frozenset()
    return frozenset(one.who for one in look.all_shown if one.strength >= 1 and not one.passages)


def contact_sheet(title: str, strips: Sequence[Strip]) -> Image.Image:
    """Every strip a line, every still with its second below it."""
    fonts = {size: _font(size) for size in (34, 24, 20)}
    cells = [[_small(one.picture) for one in strip.stills] for strip in strips]
    lines = [max(one.height for one in row) + 96 for row in cells]
    widest = max(sum(one.width + _GAP for one in row) - _GAP for row in cells)
    words = [fonts[34].getlength(title), *(fonts[24].getlength(strip.words) for strip in strips)]
    width = round(max(widest, *words)) + 2 * _EDGE
    sheet = Image.new("RGB", (width, _EDGE + 70 + sum(lines) + _EDGE // 2), _PAPER)
    pen = ImageDraw.Draw(sheet)
    pen.text((_EDGE, _EDGE), title, _INK, fonts[34])
    top = _EDGE + 70
    for strip, row, high in zip(strips, cells, lines, strict=True):
        pen.text((_EDGE, top), strip.words, _INK, fonts[24])
        left = _EDGE
        for still, small in zip(strip.stills, row, strict=True):
            sheet.paste(small, (left, top + 38))
            pen.text((left, top + 44 + small.height), f"{still.seconds:.1f} s", _GREY, fonts[20])
            left += small.width + _GAP
        top += high
    return sheet


def _small(picture: Image.Image) -> Image.Image:
    small = picture.copy()
    small.thumbnail((_LONG_SIDE, _LONG_SIDE), Image.Resampling.LANCZOS)
    return small


def _font(size: int) -> ImageFont.FreeTypeFont:
    return ImageFont.truetype(str(font_shelf().files(DEFAULT_FAMILY)[0]), size)

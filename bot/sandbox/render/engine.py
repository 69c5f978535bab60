"""Makes one film: reads the project, draws, encodes, leaves a video and a thumbnail in a folder.

Both files are written aside and moved into place at the end, so a reader never sees half of one and a
killed render leaves nothing under a final name.
"""

from __future__ import annotations

import glob
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from itertools import groupby
from pathlib import Path
from typing import Any

import av
from PIL import Image

from bot.sandbox.render.abilities import undrawable
from bot.sandbox.render.captions import caption_visuals
from bot.sandbox.render.course import Leg, legs
from bot.sandbox.render.drawings import Pens
from bot.sandbox.render.encode import Movie, even, planar
from bot.sandbox.render.faults import RenderError
from bot.sandbox.render.film import Film, is_image, number, read_film
from bot.sandbox.render.look import Look, Screenplay, Shown
from bot.sandbox.render.paint import Painter
from bot.sandbox.render.picture import Fetch, open_picture
from bot.sandbox.render.sound import mixed, sounds_of

Report = Callable[[float, str], None]

_THUMBNAIL = (640, 640)
_DRAWN_AHEAD = 200  # elements; captions of a long film are drawn when they are due
_KEPT = 200 * 1024 * 1024  # bytes
_TOLD = 8  # frames between two reports
_RESTS = 4  # frames; a shorter standstill is no rest for the eye
_DRAWN = 0.2  # share of the work that is done when every element has been drawn


@dataclass(frozen=True, slots=True)
class Rendered:
    """What was made; width, height, seconds and frames are those of the file."""

    video: Path
    thumbnail: Path
    width: int
    height: int
    seconds: float
    frames: int


@dataclass(frozen=True, slots=True)
class Order:
    """What to make and where; `aside` is where the files grow."""

    project: Mapping[str, Any]
    folder: Path
    name: str
    aside: str

    @property
    def ending(self) -> str:
        return str(self.project.get("outputFormat") or ("png" if is_image(self.project) else "mp4"))

    @property
    def video(self) -> Path:
        """The film, or the still image."""
        return self.folder / f"{self.name}.{self.ending}"

    @property
    def thumbnail(self) -> Path:
        return (
            self.folder / f"{self.name}.thumbnail.jpg"
            if is_image(self.project)
            else self.folder / f"{self.name}.jpg"
        )

    @property
    def growing(self) -> tuple[Path, Path]:
        return self.folder / f".{self.aside}.{self.ending}", self.folder / f".{self.aside}.thumbnail"

    def discard(self) -> None:
        """Removes what has grown so far, sounds lying by included."""
        for path in self.folder.glob(f".{glob.escape(self.aside)}.*"):
            path.unlink(missing_ok=True)


def render(order: Order, pens: Pens, fetch: Fetch, report: Report) -> Rendered:
    """Raises RenderError; then nothing is left in the folder."""
    refusals = undrawable(order.project)
    if refusals:
        raise RenderError("; ".join(f"{field}: {message}" for field, message in refusals))
    fetch = _each_once(fetch)
    film = _with_captions(read_film(order.project), order.project, fetch)
    screenplay = Screenplay(film)
    painter = Painter(film, screenplay.cast, pens, fetch)
    growing_video, growing_thumbnail = order.growing
    order.folder.mkdir(parents=True, exist_ok=True)
    frames = 1
    try:
        if is_image(order.project):
            best = screenplay.look(round(number(order.project.get("snapshotTime"), 0.0) * film.rate))
            _still(painter.paint(best), order.project, growing_video)
        else:
            frames = film.frames
            looks = list(screenplay.looks())
            _draw(painter, looks, report)
            course = list(legs(looks, painter.box))
            sound = mixed(
                sounds_of(order.project, film), film.seconds, fetch, growing_video.with_suffix(".sound")
            )
            _film(growing_video, film, painter, course, sound, report)
            best = _best_look(course)
        _thumbnail(_chosen_thumbnail(order.project, fetch) or painter.paint(best), growing_thumbnail)
        growing_thumbnail.replace(order.thumbnail)
        growing_video.replace(order.video)
    finally:
        order.discard()
    whole = (film.width, film.height)
    width, height = whole if is_image(order.project) else even(whole)
    report(1.0, "done")
    return Rendered(
        video=order.video,
        thumbnail=order.thumbnail,
        width=width,
        height=height,
        seconds=0.0 if is_image(order.project) else frames / film.rate,
        frames=frames,
    )


def _each_once(fetch: Fetch) -> Fetch:
    """A clip is fetched for its pictures and for its sound, a logo often for every scene."""
    kept: dict[str, bytes] = {}

    def fetched(url: str) -> bytes:
        if url in kept:
            return kept[url]
        body = fetch(url)
        if sum(map(len, kept.values())) + len(body) <= _KEPT:
            kept[url] = body
        return body

    return fetched


def _with_captions(film: Film, project: Mapping[str, Any], fetch: Fetch) -> Film:
    subtitle = project.get("subtitle")
    if not subtitle:
        return film
    captions = caption_visuals(subtitle, (film.width, film.height), film.seconds, fetch)
    return replace(film, overlays=(*film.overlays, *captions))


def _draw(painter: Painter, looks: list[Look], report: Report) -> None:
    """Draws what keeps still, and finds out early what cannot be fetched."""
    firsts: dict[int, Shown] = {}
    for look, _ in groupby(looks):
        for one in look.all_shown:
            firsts.setdefault(one.who, one)
    for count, one in enumerate(list(firsts.values())[:_DRAWN_AHEAD]):
        report(_DRAWN * count / len(firsts), "drawing")
        painter.layer(one)


def _film(
    path: Path,
    film: Film,
    painter: Painter,
    course: list[Leg],
    sound: Iterator[av.AudioFrame] | None,
    report: Report,
) -> None:
    last: Look | None = None
    told = 0
    with Movie(path, (film.width, film.height), film.rate, sound) as movie:
        for leg in course:
            if movie.frames >= told:
                report(_DRAWN + (0.98 - _DRAWN) * movie.frames / film.frames, "encoding")
                told = movie.frames + _TOLD
            if leg.look == last:
                movie.hold(leg.frames)
                continue
            picture, last = planar(painter.paint(leg.look)), leg.look
            if leg.glides:
                movie.glide(picture, leg.frames)
            else:
                movie.show(picture)
                movie.hold(leg.frames - 1)


def _still(picture: Image.Image, project: Mapping[str, Any], path: Path) -> None:
    match path.suffix:
        case ".png":
            picture.save(path, "PNG")
        case ".webp":
            picture.save(path, "WEBP", quality=int(number(project.get("quality"), 90)))
        case _:
            picture.convert("RGB").save(path, "JPEG", quality=int(number(project.get("quality"), 90)))


def _chosen_thumbnail(project: Mapping[str, Any], fetch: Fetch) -> Image.Image | None:
    url = str(project.get("thumbnail") or "").strip()
    return open_picture(fetch(url), url) if url else None


def _best_look(course: list[Leg]) -> Look:
    """The one seen longest, and of equals the one with the most in it: that is the composed picture."""
    still = [leg for leg in course if leg.frames >= _RESTS and not leg.glides] or course
    return max(still, key=lambda leg: (leg.frames, len(leg.look.stages[-1].shown))).look


def _thumbnail(picture: Image.Image, path: Path) -> None:
    picture = picture.copy()
    picture.thumbnail(_THUMBNAIL, Image.Resampling.LANCZOS, reducing_gap=1.0)
    picture.convert("RGB").save(path, "JPEG", quality=88, optimize=True)

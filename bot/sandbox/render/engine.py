"""Makes one film: reads the project, draws, encodes, leaves a video and a thumbnail in a folder.

Both files are written aside and moved into place at the end, so a reader never sees half of one and a
killed render leaves nothing under a final name.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from PIL import Image

from bot.sandbox.render.abilities import undrawable
from bot.sandbox.render.encode import Movie, even, planar
from bot.sandbox.render.faults import RenderError
from bot.sandbox.render.film import Film, read_film
from bot.sandbox.render.look import Look, Screenplay, Stretch
from bot.sandbox.render.motion import Motion
from bot.sandbox.render.paint import Painter, Pens
from bot.sandbox.render.picture import Fetch

Report = Callable[[float, str], None]

_THUMBNAIL = (640, 640)
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
    def video(self) -> Path:
        return self.folder / f"{self.name}.mp4"

    @property
    def thumbnail(self) -> Path:
        return self.folder / f"{self.name}.jpg"

    @property
    def growing(self) -> tuple[Path, Path]:
        return self.folder / f".{self.aside}.mp4", self.folder / f".{self.aside}.jpg"

    def discard(self) -> None:
        """Removes what has grown so far."""
        for path in self.growing:
            path.unlink(missing_ok=True)


def render(order: Order, pens: Pens, fetch: Fetch, report: Report) -> Rendered:
    """Raises RenderError; then nothing is left in the folder."""
    refusals = undrawable(order.project)
    if refusals:
        raise RenderError("; ".join(f"{field}: {message}" for field, message in refusals))
    film = read_film(order.project)
    screenplay = Screenplay(film)
    stretches = list(screenplay.stretches())
    painter = Painter(film, screenplay.cast, pens, fetch)
    growing_video, growing_thumbnail = order.growing
    order.folder.mkdir(parents=True, exist_ok=True)
    try:
        _draw(painter, len(screenplay.cast), report)
        _film(growing_video, film, painter, stretches, report)
        _thumbnail(painter.paint(_best_look(stretches)), growing_thumbnail)
        growing_thumbnail.replace(order.thumbnail)
        growing_video.replace(order.video)
    finally:
        order.discard()
    width, height = even((film.width, film.height))
    report(1.0, "done")
    return Rendered(
        video=order.video,
        thumbnail=order.thumbnail,
        width=width,
        height=height,
        seconds=film.frames / film.rate,
        frames=film.frames,
    )


def _draw(painter: Painter, count: int, report: Report) -> None:
    for who in range(count):
        report(_DRAWN * who / count, "drawing")
        painter.layer(who)


def _film(path: Path, film: Film, painter: Painter, stretches: list[Stretch], report: Report) -> None:
    def tell(frames: int) -> None:
        report(_DRAWN + (0.98 - _DRAWN) * frames / film.frames, "encoding")

    with Movie(path, (film.width, film.height), film.rate) as movie:
        for stretch in stretches:
            tell(movie.frames)
            if stretch.still:
                movie.hold(planar(painter.paint(stretch.looks[0])), len(stretch.looks))
                continue
            for index, frame in enumerate(Motion(painter, stretch.looks).frames()):
                movie.show(frame, key=index == 0)
                if index % 8 == 7:
                    tell(movie.frames)


def _best_look(stretches: list[Stretch]) -> Look:
    """The one seen longest, and of equals the one with the most in it: that is the composed picture."""
    still = [stretch for stretch in stretches if stretch.still] or stretches
    longest = max(still, key=lambda stretch: (len(stretch.looks), len(stretch.looks[0].stages[-1].shown)))
    return longest.looks[-1]


def _thumbnail(picture: Image.Image, path: Path) -> None:
    picture.thumbnail(_THUMBNAIL, Image.Resampling.LANCZOS)
    picture.save(path, "JPEG", quality=88, optimize=True)

"""Draws the sample pictures on first wish, keeps them as files and serves them under `/media/pictures/`.

The same name is the same picture on every machine. A file carries the fingerprint of its drawing, so that a
newer drawing takes the place of one kept from an older version.
"""

from __future__ import annotations

import hashlib
import io
import random
import threading
from collections.abc import Callable
from functools import partial
from pathlib import Path
from types import MappingProxyType

import pytakumi
from PIL import Image, ImageChops
from starlette.requests import Request
from starlette.responses import FileResponse, PlainTextResponse, Response
from starlette.routing import BaseRoute, Route

from bot.sandbox.pictures.houses import house
from bot.sandbox.pictures.people import person
from bot.sandbox.pictures.products import product
from bot.sandbox.pictures.rooms import room
from bot.sandbox.pictures.screens import screen
from bot.sandbox.render.fonts import font_shelf
from bot.sandbox.render.svg import SvgRasteriser
from bot.sandbox.render.svgtree import own_size, parse_svg

ADDRESS = "/media/pictures"

_PRODUCTS = {
    "mug": {"sage": "#5E8C7A", "rust": "#B5573A", "ink": "#3C4A6B"},
    "lamp": {"coral": "#C8553D", "moss": "#5B7B4E"},
    "headphones": {"navy": "#3D5A80", "sand": "#C2A482"},
    "bottle": {"amber": "#B5651D"},
    "armchair": {"forest": "#2F6B5E", "ochre": "#C98A2B"},
    "watch": {"cognac": "#8C4A2F"},
}
_SCREENS = {"board": "#2E7D6B", "calendar": "#4C5FD5", "table": "#D1603D", "form": "#7A4FC2"}

PICTURES: MappingProxyType[str, Callable[[], str]] = MappingProxyType(
    {
        **{
            f"product-{thing}-{name}.jpg": partial(product, thing, tone)
            for thing, tones in _PRODUCTS.items()
            for name, tone in tones.items()
        },
        **{f"home-{name}.jpg": partial(house, name) for name in ("villa", "cottage", "canal", "cabin")},
        **{f"room-{name}.jpg": partial(room, name) for name in ("living", "kitchen", "terrace")},
        **{f"agent-{name}.jpg": partial(person, name) for name in ("ines", "tomasz", "amara")},
        **{f"screen-{name}.png": partial(screen, name, tone) for name, tone in _SCREENS.items()},
    }
)
"""Every picture by its file name, and what draws it."""

_TYPES = {".jpg": "image/jpeg", ".png": "image/png"}
_GRAIN_SIDE = 512


class PictureShelf:
    """The pictures of one sandbox, kept in a folder of it."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._lock = threading.Lock()
        self._rasteriser: SvgRasteriser | None = None
        self._grains: dict[tuple[int, int], Image.Image] = {}

    def routes(self) -> list[BaseRoute]:
        return [Route(f"{ADDRESS}/{{name}}", self._answer, methods=["GET"], name="pictures")]

    def file(self, name: str) -> Path:
        """The file of a picture, drawn if need be. Raises KeyError for a name there is not."""
        svg = PICTURES[name]()
        stem, suffix = Path(name).stem, Path(name).suffix
        path = self._folder / f"{stem}.{hashlib.sha256(svg.encode()).hexdigest()[:10]}{suffix}"
        with self._lock:  # one at a time: they share the engine, and two wishes for one name are common
            if not path.exists():
                self._folder.mkdir(parents=True, exist_ok=True)
                growing = path.with_suffix(".part")
                growing.write_bytes(self._drawn(svg, suffix))
                growing.replace(path)
        return path

    # Starlette runs a plain function in a thread: drawing does not keep other requests waiting.
    def _answer(self, request: Request) -> Response:
        name = request.path_params["name"]
        if name not in PICTURES:
            return PlainTextResponse("Not found", 404)
        return FileResponse(self.file(name), media_type=_TYPES[Path(name).suffix])

    def _drawn(self, svg: str, suffix: str) -> bytes:
        if self._rasteriser is None:
            self._rasteriser = SvgRasteriser(font_shelf(), pytakumi.Renderer(cache_max_bytes=1024 * 1024))
        width, height = own_size(parse_svg(svg))
        picture = self._rasteriser.draw(svg, width, height).convert("RGB")
        out = io.BytesIO()
        if suffix == ".png":
            picture.save(out, "PNG", compress_level=3)
        else:
            self._with_grain(picture).save(out, "JPEG", quality=88, subsampling=0)
        return out.getvalue()

    def _with_grain(self, picture: Image.Image) -> Image.Image:
        """A trace of noise, without which long gradients show steps."""
        if picture.size not in self._grains:
            self._grains[picture.size] = _grain(picture.size)
        return ImageChops.add(picture, self._grains[picture.size], offset=-1)


def _grain(size: tuple[int, int]) -> Image.Image:
    noise = random.Random(7).randbytes(_GRAIN_SIDE * _GRAIN_SIDE)  # nosec B311  # noqa: S311 - film grain, no secret
    tile = Image.frombytes("L", (_GRAIN_SIDE, _GRAIN_SIDE), bytes(byte % 3 for byte in noise))
    grain = Image.new("L", size)
    for left in range(0, size[0], _GRAIN_SIDE):
        for top in range(0, size[1], _GRAIN_SIDE):
            grain.paste(tile, (left, top))
    return Image.merge("RGB", (grain, grain, grain))

"""Gets the files that elements show, and shapes the picture of an IMAGE element.

Fetching keeps to http and https, a few seconds and a few megabytes, so that one bad link delays one film
and harms nothing else. Whether an address may be asked at all is decided before a film comes here.
"""

from __future__ import annotations

import http.client
import io
import math
import urllib.request
import warnings
from collections.abc import Callable, Mapping
from functools import lru_cache
from typing import Any
from urllib.error import URLError
from urllib.parse import urlsplit

from PIL import Image, ImageChops, ImageDraw, ImageOps, UnidentifiedImageError

from bot.sandbox.render.faults import RenderError

Fetch = Callable[[str], bytes]

_SECONDS = 10.0
_BYTES = 100 * 1024 * 1024  # a clip
_PICTURE_BYTES = 25 * 1024 * 1024
_PIXELS = 60_000_000


def fetch_over_http(url: str) -> bytes:
    """The bytes behind an http or https address. Raises RenderError."""
    parts = urlsplit(url)
    if parts.scheme not in ("http", "https"):
        raise RenderError(f"A file must have an http or https address: {url}")
    opener = urllib.request.OpenerDirector()
    handlers: list[urllib.request.BaseHandler] = [
        urllib.request.HTTPHandler(),
        urllib.request.HTTPSHandler(),
        urllib.request.HTTPRedirectHandler(),
        urllib.request.HTTPErrorProcessor(),
        urllib.request.HTTPDefaultErrorHandler(),
    ]
    if parts.hostname not in ("127.0.0.1", "localhost", "::1"):
        handlers.append(urllib.request.ProxyHandler())
    for handler in handlers:
        opener.add_handler(handler)
    request = urllib.request.Request(url, headers={"User-Agent": "zvid-stand-in", "Accept": "*/*"})  # noqa: S310
    try:
        with opener.open(request, timeout=_SECONDS) as answer:
            body: bytes = answer.read(_BYTES + 1)
    except (URLError, http.client.HTTPException, OSError, ValueError) as error:
        raise RenderError(f"A file could not be fetched ({error}): {url}") from error
    if len(body) > _BYTES:
        raise RenderError(f"A file is larger than {_BYTES // (1024 * 1024)} MB: {url}")
    return body


def open_picture(body: bytes, url: str) -> Image.Image:
    """The picture upright and in RGBA. Raises RenderError."""
    if len(body) > _PICTURE_BYTES:
        raise RenderError(f"A picture is larger than {_PICTURE_BYTES // (1024 * 1024)} MB: {url}")
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("error", Image.DecompressionBombWarning)
            picture = Image.open(io.BytesIO(body))
            if picture.width * picture.height > _PIXELS:
                raise RenderError(f"A picture has more than {_PIXELS // 1_000_000} megapixels: {url}")
            return ImageOps.exif_transpose(picture).convert("RGBA")
    except (UnidentifiedImageError, Image.DecompressionBombError, Image.DecompressionBombWarning) as error:
        raise RenderError(f"This address does not hold a picture: {url}") from error
    except (OSError, SyntaxError, ValueError) as error:  # Pillow's own kinds for broken files
        raise RenderError(f"A picture is damaged ({error}): {url}") from error


def shape(
    picture: Image.Image,
    spec: Mapping[str, Any],
    canvas: tuple[int, int],
    resampling: Image.Resampling = Image.Resampling.LANCZOS,
) -> Image.Image:
    """Crop, then size, then rounded corners.

    `resize` fits the source to the whole canvas and ignores the element's own size; without it the picture
    covers width x height undistorted (Zvid docs, structure/image).
    """
    crop = spec.get("cropParams")
    if isinstance(crop, Mapping):
        picture = _crop(picture, crop)
    resize = spec.get("resize")
    if resize in ("contain", "cover"):
        scale = (min if resize == "contain" else max)(canvas[0] / picture.width, canvas[1] / picture.height)
        picture = picture.resize((_whole(picture.width * scale), _whole(picture.height * scale)), resampling)
    else:
        size = _size(picture, spec.get("width"), spec.get("height"))
        picture = ImageOps.fit(picture, size, resampling)
    radius = spec.get("radius")
    return _round_corners(picture, radius) if isinstance(radius, Mapping) else picture


def _crop(picture: Image.Image, crop: Mapping[str, Any]) -> Image.Image:
    left, top = max(0, round(crop["x"])), max(0, round(crop["y"]))
    right = min(picture.width, left + round(crop["width"]))
    bottom = min(picture.height, top + round(crop["height"]))
    if right <= left or bottom <= top:
        raise RenderError("cropParams lie outside the picture.")
    return picture.crop((left, top, right, bottom))


def _size(picture: Image.Image, width: float | None, height: float | None) -> tuple[int, int]:
    aspect = picture.width / picture.height
    if width is None and height is None:
        return picture.size
    if width is None:
        return _whole((height or 0) * aspect), _whole(height or 0)
    return _whole(width), _whole(width / aspect if height is None else height)


def _round_corners(picture: Image.Image, radius: Mapping[str, Any]) -> Image.Image:
    """Drawn four times too large and shrunk, since Pillow's shapes have hard edges."""
    sizes = tuple(float(radius.get(name) or 0) for name in ("tl", "tr", "bl", "br"))
    mask = _corner_mask(picture.size, sizes)
    picture.putalpha(ImageChops.multiply(picture.getchannel("A"), mask))
    return picture


@lru_cache(maxsize=16)  # every picture of a clip has the same
def _corner_mask(whole: tuple[int, int], sizes: tuple[float, ...]) -> Image.Image:
    mask = Image.new("L", whole, 255)
    corners = ((0, 0), (1, 0), (0, 1), (1, 1))
    for wished, (right, lower) in zip(sizes, corners, strict=True):
        size = min(math.floor(wished), *whole)
        if size < 1:
            continue
        quarter = Image.new("L", (size * 4, size * 4), 0)
        left, top = (-size * 4 if right else 0), (-size * 4 if lower else 0)
        ImageDraw.Draw(quarter).ellipse((left, top, left + size * 8, top + size * 8), fill=255)
        place = (whole[0] - size if right else 0, whole[1] - size if lower else 0)
        mask.paste(quarter.resize((size, size), Image.Resampling.BOX), place)
    return mask


def _whole(size: float) -> int:
    return max(1, math.floor(size + 0.5))

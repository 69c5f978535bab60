"""Rasterises an SVG element.

Two engines draw the same picture, both built on resvg: the one inside pytakumi hands out raw pixels (ten
times faster on a full frame, since nothing is packed as PNG), the one in resvg_py can be given fonts. So
only a drawing with words in it takes the slow way.

Words in letters that their font lacks are given one that has them before the rasteriser starts.
"""

from __future__ import annotations

import io
import math
from dataclasses import dataclass
from xml.etree.ElementTree import Element, tostring  # nosec B405  # the class only; defusedxml parses

import pytakumi
import resvg_py
from PIL import Image

from bot.sandbox.render.faults import RenderError
from bot.sandbox.render.fonts import DEFAULT_FAMILY, FontShelf
from bot.sandbox.render.lettering import give_every_letter_a_font
from bot.sandbox.render.svgtree import own_size, parse_svg

_SVG = "http://www.w3.org/2000/svg"
_TEXT = f"{{{_SVG}}}text"


@dataclass(frozen=True, slots=True)
class Box:
    width: int
    height: int


class SvgRasteriser:
    def __init__(self, shelf: FontShelf, takumi: pytakumi.Renderer) -> None:
        self._shelf = shelf
        self._takumi = takumi

    def draw(self, svg: str, width: float | None, height: float | None) -> Image.Image:
        """The drawing in a box of the wished size; a box of another shape is filled and the rest cut off."""
        root = parse_svg(svg)
        own_width, own_height = own_size(root)
        box = _box(width, height, own_width / own_height, Box(_whole(own_width), _whole(own_height)))
        scale = max(box.width / own_width, box.height / own_height)
        full = Box(max(box.width, _whole(own_width * scale)), max(box.height, _whole(own_height * scale)))
        if root.get("viewBox") is None:
            root.set("viewBox", f"0 0 {own_width:g} {own_height:g}")
        root.set("width", str(full.width))
        root.set("height", str(full.height))
        picture = self._with_words(root) if _has_words(root) else self._wordless(root, full)
        if full == box:
            return picture
        left, top = (full.width - box.width) // 2, (full.height - box.height) // 2
        return picture.crop((left, top, left + box.width, top + box.height))

    def _wordless(self, root: Element, size: Box) -> Image.Image:
        try:
            pixels = self._takumi.render(
                pytakumi.image_node("drawing", width=size.width, height=size.height),
                width=size.width,
                height=size.height,
                format="raw",
                images={"drawing": tostring(root)},
            )
        except (KeyboardInterrupt, SystemExit):
            raise
        except BaseException as error:  # a panic inside the binding is no Exception
            raise RenderError(f"An SVG could not be drawn: {error}") from error
        return Image.frombytes("RGBA", (size.width, size.height), pixels)

    def _with_words(self, root: Element) -> Image.Image:
        used = give_every_letter_a_font(root, self._shelf)
        text = tostring(root, encoding="unicode")
        lowered = text.lower()
        named = {family for family, _ in self._shelf if family.lower() in lowered}
        files = [
            str(path)
            for family in sorted({DEFAULT_FAMILY} | named | used)
            for path in self._shelf.files(family)
        ]
        try:
            png = resvg_py.svg_to_bytes(
                svg_string=text,
                skip_system_fonts=True,
                font_files=files,
                # Without every one of these, words in an unknown family vanish without a word.
                font_family=DEFAULT_FAMILY,
                serif_family=DEFAULT_FAMILY,
                sans_serif_family=DEFAULT_FAMILY,
                cursive_family=DEFAULT_FAMILY,
                fantasy_family=DEFAULT_FAMILY,
                monospace_family=DEFAULT_FAMILY,
            )
        except (KeyboardInterrupt, SystemExit):
            raise
        except BaseException as error:  # a panic inside resvg is no Exception
            raise RenderError(f"An SVG could not be drawn: {error}") from error
        return Image.open(io.BytesIO(png)).convert("RGBA")


def _box(width: float | None, height: float | None, aspect: float, own: Box) -> Box:
    if width is None and height is None:
        return own
    if width is None:
        return Box(_whole((height or 0) * aspect), _whole(height or 0))
    return Box(_whole(width), _whole(width / aspect if height is None else height))


def _whole(size: float) -> int:
    return max(1, math.floor(size + 0.5))


def _has_words(root: Element) -> bool:
    return next(root.iter(_TEXT), None) is not None

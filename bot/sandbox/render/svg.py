"""Rasterises an SVG element.

Two engines draw the same picture, both built on resvg: the one inside pytakumi hands out raw pixels (ten
times faster on a full frame, since nothing is packed as PNG), the one in resvg_py can be given fonts. So
only a drawing with words in it takes the slow way.

Words in letters that their font lacks are given one that has them before the rasteriser starts.
"""

from __future__ import annotations

import io
import math
import re
from dataclasses import dataclass
from xml.etree.ElementTree import Element, ParseError, register_namespace, tostring

import defusedxml.ElementTree as SafeXml
import pytakumi
import resvg_py
from defusedxml import DefusedXmlException
from PIL import Image

from bot.sandbox.render.faults import RenderError
from bot.sandbox.render.fonts import DEFAULT_FAMILY, FontShelf
from bot.sandbox.render.lettering import give_every_letter_a_font

_SVG = "http://www.w3.org/2000/svg"
_TEXT = f"{{{_SVG}}}text"
_LENGTH = re.compile(r"\s*([0-9]*\.?[0-9]+(?:e[+-]?[0-9]+)?)\s*(px)?\s*$", re.IGNORECASE)
_INTRINSIC = 100.0  # neither size nor viewBox (Zvid docs, structure/svg)

register_namespace("", _SVG)
register_namespace("xlink", "http://www.w3.org/1999/xlink")


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
        root = _parse(svg)
        own_width, own_height = _own_size(root)
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


def _parse(svg: str) -> Element:
    try:
        root: Element = SafeXml.fromstring(svg)
    except (ParseError, DefusedXmlException, ValueError) as error:
        raise RenderError(f"An SVG is not well-formed: {error}") from error
    if root.tag != f"{{{_SVG}}}svg":
        raise RenderError('An SVG does not say xmlns="http://www.w3.org/2000/svg".')
    return root


def _own_size(root: Element) -> tuple[float, float]:
    width, height = _length(root.get("width")), _length(root.get("height"))
    numbers = [_length(part) or 0.0 for part in re.split(r"[\s,]+", (root.get("viewBox") or "").strip())]
    view = (numbers[2], numbers[3]) if len(numbers) == 4 and numbers[2] > 0 and numbers[3] > 0 else None
    if width and height:
        return width, height
    if view is None:
        return width or height or _INTRINSIC, height or width or _INTRINSIC
    if width:
        return width, width * view[1] / view[0]
    if height:
        return height * view[0] / view[1], height
    return view


def _length(text: str | None) -> float | None:
    found = _LENGTH.match(text or "")
    return float(found.group(1)) if found else None


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

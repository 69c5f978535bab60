"""Reads an SVG into a tree, without following entities, and tells how large it wants to be."""

from __future__ import annotations

import re
from xml.etree.ElementTree import Element, ParseError, register_namespace  # nosec B405  # the class only; defusedxml parses

import defusedxml.ElementTree as SafeXml
from defusedxml import DefusedXmlException

from bot.sandbox.render.faults import RenderError

_SVG = "http://www.w3.org/2000/svg"
_LENGTH = re.compile(r"\s*([0-9]*\.?[0-9]+(?:e[+-]?[0-9]+)?)\s*(px)?\s*$", re.IGNORECASE)
_INTRINSIC = 100.0  # neither size nor viewBox (Zvid docs, structure/svg)

register_namespace("", _SVG)
register_namespace("xlink", "http://www.w3.org/1999/xlink")


def parse_svg(svg: str) -> Element:
    """Raises RenderError."""
    try:
        root: Element = SafeXml.fromstring(svg)
    except (ParseError, DefusedXmlException, ValueError) as error:
        raise RenderError(f"An SVG is not well-formed: {error}") from error
    if root.tag != f"{{{_SVG}}}svg":
        raise RenderError('An SVG does not say xmlns="http://www.w3.org/2000/svg".')
    return root


def own_size(root: Element) -> tuple[float, float]:
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

"""Sets a TEXT element: HTML and CSS boxes, drawn by pytakumi.

The box follows the service's own page: Poppins, 42 px, black, every margin and padding of the content
reset, `content-box` sizing, content at the top, everything outside width x height cut off (Zvid docs,
structure/text). A bare number is a length in pixels where browsers in quirks mode take it so.
"""

from __future__ import annotations

import html
import math
import re
from collections.abc import Mapping
from typing import Any

import pytakumi
from PIL import Image

from bot.sandbox.render.faults import RenderError
from bot.sandbox.render.fonts import STRONG_FALLBACK, TEXT_FAMILY, FontShelf, font_shelf
from bot.sandbox.render.styling import kebab

_RESET = "p,ul,ol,li,div,span{margin:0;padding:0;list-style:none}"
_DEFAULTS = {"font-family": TEXT_FAMILY, "font-size": "42px", "color": "#000000"}
_BARE_NUMBER = re.compile(r"-?\d+(\.\d+)?$")
# https://quirks.spec.whatwg.org/#the-unitless-length-quirk
_UNITLESS_LENGTHS = frozenset(
    [
        *("font-size", "letter-spacing", "word-spacing", "text-indent", "vertical-align", "border-spacing"),
        *("top", "right", "bottom", "left", "width", "height"),
        *("max-width", "max-height", "min-width", "min-height"),
        *("margin", "margin-top", "margin-right", "margin-bottom", "margin-left"),
        *("padding", "padding-top", "padding-right", "padding-bottom", "padding-left"),
        *(
            "border-width",
            "border-top-width",
            "border-right-width",
            "border-bottom-width",
            "border-left-width",
        ),
    ]
)


def text_renderer(shelf: FontShelf) -> pytakumi.Renderer:
    """A renderer that knows every family here; the first registered one stands in for unknown names."""
    renderer = pytakumi.Renderer(cache_max_bytes=1024 * 1024)
    for _, files in shelf:
        for path in files:
            renderer.register_font(path.read_bytes())
    return renderer


class TextSetter:
    def __init__(self, renderer: pytakumi.Renderer) -> None:
        self._renderer = renderer

    def draw(self, spec: Mapping[str, Any], available: int) -> Image.Image:
        """The element in a box of its own size, or as large as its content within `available` pixels."""
        width, height = spec.get("width"), spec.get("height")
        try:
            if width is None:
                width = min(self._measure(spec, None, available)[0], available)
            if height is None:
                height = self._measure(spec, width, available)[1]
            size = (max(1, math.ceil(width)), max(1, math.ceil(height)))
            pixels = self._renderer.render_html(
                _page(spec, width, height),
                width=size[0],
                height=size[1],
                format="raw",
                stylesheets=[_RESET],
            )
        except (KeyboardInterrupt, SystemExit):
            raise
        except BaseException as error:  # a panic inside the binding is no Exception
            raise RenderError(f"A TEXT element could not be drawn: {error}") from error
        return Image.frombytes("RGBA", size, pixels)

    def _measure(self, spec: Mapping[str, Any], width: float | None, available: int) -> tuple[float, float]:
        tree = pytakumi.from_html(f'<div style="display:flex">{_page(spec, width, None)}</div>')
        measured = self._renderer.measure(
            tree, width=available if width is None else None, stylesheets=[_RESET]
        )
        box = measured["children"][0]
        return float(box["width"]), float(box["height"])


def _page(spec: Mapping[str, Any], width: float | None, height: float | None) -> str:
    content = spec.get("html") or html.escape(str(spec.get("text") or ""), quote=False)
    style = _DEFAULTS | {
        name: value
        for key, raw in (spec.get("style") or {}).items()
        if (value := _css(name := kebab(key), raw))
    }
    # Letters that the family lacks: this one has the weights of a headline, the general fallback has not.
    style["font-family"] = f"'{font_shelf().known(style['font-family'])}', {STRONG_FALLBACK}"
    # The element's own size wins over one in its style: the service cuts its picture to it.
    if width is not None:
        style["width"] = f"{width:g}px"
    if height is not None:
        style["height"] = f"{height:g}px"
    style.setdefault("box-sizing", "content-box")
    declared = ";".join(f"{name}:{value}" for name, value in style.items())
    return f'<div style="{html.escape(declared)}">{content}</div>'


def _css(name: str, value: object) -> str:
    if value is None or isinstance(value, bool):
        return ""
    text = f"{value:g}" if isinstance(value, float) else str(value).strip()
    if name in _UNITLESS_LENGTHS and _BARE_NUMBER.match(text):
        return f"{text}px"
    return text

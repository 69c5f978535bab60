"""Which CSS the TEXT engine really follows.

The list was made by drawing a box with and without each property and comparing pixels; what is not on it
would be skipped without a word by the engine, so it is refused by name instead.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache

_DRAWN = frozenset(
    [
        *("color", "opacity", "visibility", "display", "position", "top", "right", "bottom", "left", "inset"),
        *("z-index", "order", "float", "overflow", "overflow-x", "overflow-y", "direction", "box-sizing"),
        *("width", "height", "min-width", "min-height", "max-width", "max-height", "aspect-ratio"),
        *("margin", "margin-top", "margin-right", "margin-bottom", "margin-left"),
        *("padding", "padding-top", "padding-right", "padding-bottom", "padding-left"),
        *("flex", "flex-basis", "flex-direction", "flex-grow", "flex-shrink", "flex-wrap", "flex-flow"),
        *("align-content", "align-items", "align-self", "justify-content", "justify-items", "justify-self"),
        *("place-content", "place-items", "gap", "row-gap", "column-gap", "grid-gap", "grid-auto-flow"),
        *("grid-column", "grid-row", "grid-template-columns", "grid-template-rows"),
        *("background", "background-color", "background-image", "background-position", "background-repeat"),
        *("background-size", "background-clip", "-webkit-background-clip"),
        *("border", "border-width", "border-style", "border-color", "border-radius", "outline", "box-shadow"),
        *("border-top", "border-right", "border-bottom", "border-left"),
        *("border-top-color", "border-right-color", "border-bottom-color", "border-left-color"),
        *("border-top-width", "border-right-width", "border-bottom-width", "border-left-width"),
        *("border-top-style", "border-right-style", "border-bottom-style", "border-left-style"),
        *("border-top-left-radius", "border-top-right-radius"),
        *("border-bottom-left-radius", "border-bottom-right-radius"),
        *("font-family", "font-size", "font-weight", "font-style", "font-kerning", "font-variant-numeric"),
        *(
            "font-feature-settings",
            "font-variation-settings",
            "letter-spacing",
            "word-spacing",
            "line-height",
        ),
        *(
            "text-align",
            "text-indent",
            "text-overflow",
            "text-shadow",
            "text-transform",
            "text-underline-offset",
        ),
        *("text-wrap", "text-wrap-mode", "text-wrap-style", "white-space", "word-break", "overflow-wrap"),
        *("word-wrap", "line-clamp", "-webkit-line-clamp", "-webkit-text-fill-color", "-webkit-text-stroke"),
        *("transform", "transform-origin", "rotate", "scale", "translate"),
        *("filter", "clip-path", "mask-image", "mix-blend-mode"),
    ]
)
# Hints to a browser that change no pixel of a still picture here.
_WITHOUT_EFFECT = frozenset(
    [
        *("-webkit-box-orient", "-webkit-font-smoothing", "-moz-osx-font-smoothing", "text-rendering"),
        *("font-synthesis", "font-optical-sizing", "user-select", "cursor", "pointer-events", "will-change"),
    ]
)
_STYLE_ATTRIBUTE = re.compile(r"""\sstyle\s*=\s*(?:"([^"]*)"|'([^']*)')""", re.IGNORECASE)


@lru_cache(maxsize=1024)  # the same few names stand in every project
def kebab(name: str) -> str:
    """The CSS name of a camelCase one; custom properties keep their letters."""
    if name.startswith("--"):
        return name
    return re.sub(r"([A-Z])", lambda found: f"-{found.group(1).lower()}", name)


def is_drawn(name: str) -> bool:
    return name.startswith("--") or name in _DRAWN or name in _WITHOUT_EFFECT


def inline_properties(markup: str) -> Iterator[str]:
    """The names in every style attribute of a piece of HTML."""
    for found in _STYLE_ATTRIBUTE.finditer(markup):
        for declaration in (found.group(1) or found.group(2) or "").split(";"):
            name, colon, _ = declaration.partition(":")
            if colon:
                yield name.strip().lower()

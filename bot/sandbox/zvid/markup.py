"""What may stand inside `svg`, `html`, `text` and `style` (vendor's schema mirror, sanitising rules).

These are deny lists over strings, as at the service: a drawing that passes may still be bad XML and fail
while rendering.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from functools import lru_cache
from html.parser import HTMLParser
from typing import Any

CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]")
SVG_TAGS = re.compile(r"<\s*/?\s*(script|foreignObject|iframe|object|embed|audio|video)\b", re.IGNORECASE)
SVG_EVENT = re.compile(r"[\s\"'/]on[a-z]+\s*=", re.IGNORECASE)
SVG_URL = re.compile(r"url\((?!\s*[\"']?\s*#)", re.IGNORECASE)
SVG_LINK = re.compile(
    r"(?<![\w-])(?:xlink:href|href|src)\s*=\s*(?:\"([^\"]*)\"|'([^']*)'|([^\s>]*))", re.IGNORECASE
)
SVG_LONG_NUMBER = re.compile(r"(?<![\d.])\d{8,}(?![\d.])")
SVG_ROOT = re.compile(r"<svg\b([^>]*)>", re.IGNORECASE | re.DOTALL)
SVG_SIZE = re.compile(r"(?<![\w-])(width|height|viewBox)\s*=\s*[\"']([^\"']*)[\"']")
NUMBER = re.compile(r"-?\d+(?:\.\d+)?(?:e[+-]?\d+)?", re.IGNORECASE)
LARGEST_SIDE = 4096

CSS_REFUSED = [
    (re.compile(r"\burl\s*\(", re.IGNORECASE), "url("),
    (re.compile(r"@import\b", re.IGNORECASE), "@import"),
    (re.compile(r"\bimage-set\s*\(", re.IGNORECASE), "image-set("),
    (re.compile(r"\bexpression\s*\(", re.IGNORECASE), "expression("),
    (re.compile(r"\bbehavior\s*:", re.IGNORECASE), "behavior:"),
    (re.compile(r"-moz-binding\b", re.IGNORECASE), "-moz-binding"),
    (re.compile(r"/\*"), "comments"),
]
CSS_NAME = re.compile(r"(?:[a-zA-Z_][a-zA-Z0-9_-]*|--[a-zA-Z0-9_-]+)\Z")
MOST_PROPERTIES = 120
LONGEST_VALUE = 4000

HTML_TAGS = frozenset(
    [
        "b",
        "strong",
        "i",
        "em",
        "u",
        "s",
        "br",
        "span",
        "div",
        "p",
        "ul",
        "ol",
        "li",
        "img",
        "canvas",
        "svg",
        "g",
        "defs",
        "lineargradient",
        "radialgradient",
        "stop",
        "path",
        "circle",
        "ellipse",
        "rect",
        "polygon",
        "polyline",
        "line",
    ]
)
HTML_ATTRIBUTES = frozenset({"style", "class", "src", "alt", "width", "height"})
# Drawing needs more attributes than the six; which ones the service takes inside svg is not published.
SVG_SUBTREE = HTML_TAGS - frozenset(
    ["b", "strong", "i", "em", "u", "s", "br", "span", "div", "p", "ul", "ol", "li", "img", "canvas"]
)

AddressCheck = Callable[[str], str | None]


@lru_cache(1024)
def svg_problem(svg: str) -> str | None:
    """Why this drawing is refused, or None."""
    if not svg.lstrip().lower().startswith("<svg"):
        return 'must begin with "<svg"'
    if CONTROL.search(svg):
        return "must not contain control characters"
    if tag := SVG_TAGS.search(svg):
        return f"must not contain <{tag[1]}>"
    if SVG_EVENT.search(svg):
        return "must not contain event handler attributes"
    if SVG_URL.search(svg):
        return "must not contain external url() references"
    for link in SVG_LINK.finditer(svg):
        target = next((group for group in link.groups() if group is not None), "")
        if target and not target.startswith("#"):
            return "must not contain external references"
    if SVG_LONG_NUMBER.search(svg):
        return "must not contain whole numbers of eight or more digits"
    return _size_problem(svg)


def _size_problem(svg: str) -> str | None:
    root = SVG_ROOT.search(svg)
    for name, value in SVG_SIZE.findall(root[1]) if root else ():
        numbers = [float(number) for number in NUMBER.findall(value)]
        # The first two numbers of a viewBox are an offset, not a size.
        sizes = numbers[2:] if name == "viewBox" else numbers
        if any(size < 0 or size > LARGEST_SIDE for size in sizes):
            return f"{name} must be between 0 and {LARGEST_SIDE}"
    return None


def text_problem(text: str) -> str | None:
    """Why this plain text is refused, or None."""
    if CONTROL.search(text):
        return "must not contain control characters"
    if "<" in text or ">" in text:
        return "must not contain < or >"
    return None


@lru_cache(maxsize=1024)  # the same few values stand in every row's project
def css_problem(css: str) -> str | None:
    """Why this piece of CSS is refused, or None."""
    for pattern, what in CSS_REFUSED:
        if pattern.search(css):
            return f"must not contain {what}"
    return None


def style_problem(style: dict[str, Any]) -> str | None:
    """Why this style object is refused, or None."""
    if len(style) > MOST_PROPERTIES:
        return f"cannot have more than {MOST_PROPERTIES} properties"
    for name, value in style.items():
        if not CSS_NAME.match(name):
            return f'has an invalid property name "{name}"'
        if isinstance(value, bool) or not isinstance(value, str | int | float | None):
            return f'property "{name}" must be a string, a number or null'
        if isinstance(value, str):
            if len(value) > LONGEST_VALUE:
                return f'property "{name}" cannot exceed {LONGEST_VALUE} characters'
            if problem := css_problem(value):
                return f'property "{name}" {problem}'
    return None


def html_problem(html: str, check_address: AddressCheck) -> str | None:
    """Why this HTML is refused, or None."""
    if CONTROL.search(html):
        return "must not contain control characters"
    reader = _Reader(check_address)
    reader.feed(html)
    reader.close()
    return reader.problem


class _Reader(HTMLParser):
    """Remembers the first thing that is not allowed."""

    def __init__(self, check_address: AddressCheck) -> None:
        super().__init__()
        self._check_address = check_address
        self.problem: str | None = None

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag not in HTML_TAGS:
            self._note(f"must not contain <{tag}>")
        for name, value in attrs:
            self._look_at(tag, name, value or "")

    def handle_decl(self, decl: str) -> None:
        self._note(f"must not contain <!{decl}>")

    def handle_pi(self, data: str) -> None:
        self._note(f"must not contain <?{data}>")

    def _look_at(self, tag: str, name: str, value: str) -> None:
        if name.startswith("on") or (name not in HTML_ATTRIBUTES and tag not in SVG_SUBTREE):
            self._note(f'must not contain the attribute "{name}" on <{tag}>')
        elif name in {"href", "xlink:href"} and not value.startswith("#"):
            self._note("must not contain external references")
        elif name == "src" and (problem := self._check_address(value.strip())):
            self._note(f"image source {problem}")
        elif name == "style" and (problem := css_problem(value)):
            self._note(f"style {problem}")

    def _note(self, problem: str) -> None:
        self.problem = self.problem or problem

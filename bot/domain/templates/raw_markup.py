"""What the service looks for in the raw markup of a payload, without parsing it (its validator's own deny lists).

These find words as well as deeds: a text that only speaks of such things is refused all the same, which is why
values are spelled so that they cannot look like any of them.
"""

from __future__ import annotations

import re
from functools import lru_cache

from bot.domain.templates.spellings import has_long_number

_SVG_ROOT = re.compile(r"\s*<svg\b", re.IGNORECASE)
_SVG_TAGS = re.compile(r"<\s*/?\s*(script|foreignObject|iframe|object|embed|audio|video)\b", re.IGNORECASE)
_EVENT = re.compile(r"[\s\"'/]on[a-z]+\s*=", re.IGNORECASE)
_URL = re.compile(r"\burl\s*\(([^)]*)", re.IGNORECASE)
_LINK = re.compile(r"(?<![\w-])(?:xlink:href|href|src)\s*=\s*[\"']?\s*([^\"'\s>]?)", re.IGNORECASE)
_SIZE = re.compile(r"(?<![\w-])(?:width|height)\s*=\s*[\"']\s*(-?[0-9.]+)(?:px)?\s*[\"']")
_VIEW_BOX = re.compile(r"\bviewBox\s*=\s*[\"']([^\"']*)[\"']")
_ROOT_TAG = re.compile(r"<svg\b[^>]*>", re.IGNORECASE)
_HTML_TAGS = re.compile(r"<\s*/?\s*(script|style)\b", re.IGNORECASE)
_LARGEST_SIDE = 4096


@lru_cache(maxsize=512)  # most drawings are the same in every row
def wrong_in_svg(svg: str) -> str | None:
    """Why this drawing would be refused, or None."""
    if not _SVG_ROOT.match(svg):
        return "must begin with <svg"
    if tag := _SVG_TAGS.search(svg):
        return f"must not contain <{tag[1]}>"
    if _EVENT.search(svg):
        return "must not contain event attributes"
    if not all(found[1].strip(" \t\r\n\"'").startswith("#") for found in _URL.finditer(svg)):
        return "must not point outside with url()"
    if any(link[1] not in {"", "#"} for link in _LINK.finditer(svg)):
        return 'must not point outside: only to "#…", its own parts'
    if has_long_number(svg):
        return "must hold no number of eight or more digits"
    return _size_words(svg)


def _size_words(svg: str) -> str | None:
    root = _ROOT_TAG.search(svg)
    sizes = _SIZE.findall(root[0]) if root else []
    if root and (view := _VIEW_BOX.search(root[0])):
        sizes += view[1].replace(",", " ").split()[2:]
    for size in sizes:
        try:
            is_fine = 0 <= float(size) <= _LARGEST_SIDE
        except ValueError:
            is_fine = False
        if not is_fine:
            return f"must have a width and height from 0 to {_LARGEST_SIDE:,}"
    return None


@lru_cache(maxsize=512)
def wrong_in_html(html: str) -> str | None:
    """Why this formatted text would be refused, or None."""
    if tag := _HTML_TAGS.search(html):
        return f"must not contain <{tag[1]}>"
    return "must not contain event attributes" if _EVENT.search(html) else None


def wrong_in_text(plain: str) -> str | None:
    """Why this plain text would be refused, or None."""
    return "must not contain < or >" if "<" in plain or ">" in plain else None

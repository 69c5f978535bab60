"""CSS in a project: what the service refuses in it, and where a value may stand (Zvid docs, elements/text)."""

from __future__ import annotations

import re
from functools import lru_cache

_REFUSED = (
    (re.compile(r"\burl\s*\(", re.IGNORECASE), "url("),
    (re.compile(r"@import\b", re.IGNORECASE), "@import"),
    (re.compile(r"\bimage-set\s*\(", re.IGNORECASE), "image-set("),
    (re.compile(r"\bexpression\s*\(", re.IGNORECASE), "expression("),
    (re.compile(r"\bbehavior\s*:", re.IGNORECASE), "behavior:"),
    (re.compile(r"-moz-binding\b", re.IGNORECASE), "-moz-binding"),
    (re.compile(r"javascript\s*:", re.IGNORECASE), "javascript:"),
    (re.compile(r"/\*"), "a comment"),
    # A backslash spells any of the above in signs nobody looks for.
    (re.compile(r"\\"), "a backslash"),
)
_INSIDE_SVG = re.compile(r"url\(\s*([\"']?)#[^)\"']*\1\s*\)", re.IGNORECASE)
PROPERTY = re.compile(r"[a-zA-Z_][a-zA-Z0-9_-]*|--[a-zA-Z0-9_-]+")
"""Names a `style` may use."""


@lru_cache(maxsize=2048)  # the same few values stand in every row's project
def refused_in_css(text: str, *, is_svg: bool = False) -> str | None:
    """The first thing in a piece of CSS that the service refuses; SVG may point to its own parts."""
    looked_at = _INSIDE_SVG.sub("", text) if is_svg else text
    return next((what for pattern, what in _REFUSED if pattern.search(looked_at)), None)

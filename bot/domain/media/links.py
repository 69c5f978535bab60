"""Links: what a cell must hold where the template needs an address, judged by its spelling alone."""

from __future__ import annotations

from enum import Enum, auto
from urllib.parse import urlsplit

import regex

LONGEST_LINK = 2_040
"""Characters; the service takes 2,048 (Zvid docs, elements/image)."""

_NEVER_IN_LINKS = regex.compile(r"[\s\\\p{C}\p{Z}\u00ad]")
_MARKUP = frozenset('<>"`')


class LinkFlaw(Enum):
    """Why a text is no link that can be used."""

    NO_LINK = auto()
    """No `http://` or `https://` with a host after it."""

    LONG = auto()
    """Longer than the service takes."""

    BLANK = auto()
    """A blank, a backslash or an invisible character inside."""

    SECRET = auto()
    """A user name or password before the host: it would be stored, shown and sent."""


def link_flaw(text: str) -> LinkFlaw | None:
    """What is wrong with this link, or None. Whether it leads anywhere is not judged here."""
    if len(text) > LONGEST_LINK:
        return LinkFlaw.LONG
    if not text.lower().startswith(("http://", "https://")):
        return LinkFlaw.NO_LINK
    if _NEVER_IN_LINKS.search(text):
        return LinkFlaw.BLANK
    try:
        parts = urlsplit(text)
        is_whole = bool(parts.hostname) and parts.port != 0
    except ValueError:
        return LinkFlaw.NO_LINK
    if "@" in parts.netloc:
        return LinkFlaw.SECRET
    return None if is_whole and not _MARKUP & set(text) else LinkFlaw.NO_LINK

"""Makes sentences fit a cell, whatever names and texts people and the service put into them."""

from __future__ import annotations

import re
from collections.abc import Sequence

from bot.domain.cells import clipped

LONGEST = 90
"""Characters of a cell people read without widening anything."""

LONGEST_AT_ALL = 300
"""Of a cell with a link in it, and of anything else that was put together elsewhere."""

_QUERY = re.compile(r"(https?://[^\s?]*)\?\S*", re.IGNORECASE)
_STATUS = re.compile(
    r"\b(?:https?|status(?:[ _]?code)?|error(?:[ _]?code)?|code)[ :=]*[1-5]\d\d\b:?|^[1-5]\d\d\b:? ?",
    re.IGNORECASE,
)
_CODE_WORD = re.compile(r"\b[A-Za-z]+(?:_[A-Za-z]+)+\b")


_UNSEEN = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]")
"""Signs that draw nothing and turn what stands around them about: colours of terminals, directions of writing."""


def clip(text: str) -> str:
    """Bounded text for a cell."""
    return clipped(text, LONGEST_AT_ALL)


def short(text: str, length: int = 40) -> str:
    """Foreign text in one line, bounded."""
    return clipped(" ".join(_UNSEEN.sub("", text).split()), length)


def fitted(sentence: str, *parts: object, longest: int = LONGEST) -> str:
    """The sentence with these parts in its gaps; where it would be longer than a cell, the longest ones are cut."""
    texts = [short(str(part), longest) for part in parts]
    room = longest - len(sentence.format(*([""] * len(texts))))
    cap = longest
    while cap > 1 and sum(min(len(text), cap) for text in texts) > room:
        cap -= 1
    return clipped(sentence.format(*(clipped(text, cap) for text in texts)), longest)


def counted(count: int, what: str) -> str:
    """`1,200 tabs`, `1 tab`."""
    return f"{count:,} {what}{'' if count == 1 else 's'}"


def listed(names: Sequence[str], room: int) -> str:
    """`Headline, Price and 3 more`: as many names as there is room for, and at least the first."""
    for count in range(len(names), 1, -1):
        text = _first(names, count)
        if len(text) <= room:
            return text
    return _first(names, 1)


def _first(names: Sequence[str], count: int) -> str:
    rest = f" and {len(names) - count} more" if count < len(names) else ""
    return ", ".join(names[:count]) + rest


def in_plain_words(foreign: str) -> str:
    """What a service said, without the numbers and words it says to machines and without what a link may give away."""
    told = _CODE_WORD.sub(
        lambda found: found[0].replace("_", " ").lower(), _STATUS.sub("", _QUERY.sub(r"\1", foreign))
    )
    return " ".join(told.split())

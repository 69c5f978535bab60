"""Spellings: how a value is written in each kind of place, so that it stays a value there.

Nothing is guessed from what a value looks like: a place has one spelling, and what that cannot carry is refused in
words for the value's author.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from urllib.parse import quote

from bot.domain import wording

_MARKUP = str.maketrans(
    {
        "&": "&amp;",
        "<": "&lt;",
        ">": "&gt;",
        '"': "&quot;",
        "'": "&#39;",
        "`": "&#96;",
        # The service fills placeholders in inline payloads too.
        "{": "&#123;",
        "}": "&#125;",
        # It looks for ` on…=`, `href=` and `url(` in the raw markup, also where they are only somebody's words.
        "=": "&#61;",
        "(": "&#40;",
    }
)
_LONG_NUMBER = re.compile(r"[0-9]{8}")
_LONG_DIGITS = re.compile(r"[0-9]{4,}")
_ONE_WORD = re.compile(r"[a-zA-Z0-9#.%, _-]*")


@dataclass(frozen=True, slots=True)
class Spelling:
    """A way to write a value; None where the place cannot hold it, and the words for that."""

    spell: Callable[[str], str | None]
    refusal: Callable[[str], str]


def has_long_number(text: str) -> bool:
    """Eight digits in a row: the service refuses them anywhere in a drawing (Zvid docs, elements/svg)."""
    return _LONG_NUMBER.search(text) is not None


def is_one_word(text: str) -> bool:
    """Whether a choice is harmless in a style or a drawing's attribute."""
    return _ONE_WORD.fullmatch(text) is not None


def _in_markup(text: str) -> str:
    return text.translate(_MARKUP)


def _unbracketed(text: str) -> str | None:
    return None if "<" in text or ">" in text else text


def _in_address(text: str) -> str | None:
    """One piece of an address, never a step up in it."""
    return quote(text, safe="") if text.strip(".") or not text else None


def _digits_in_drawing(text: str) -> str:
    """The robot's own values are nobody's to mend: their long numbers are written in another way."""
    spelled = text.translate(_MARKUP)
    return _LONG_DIGITS.sub(lambda found: "".join(f"&#{ord(digit)};" for digit in found[0]), spelled)


in_markup = Spelling(_in_markup, wording.not_plain_text)
"""Inside SVG or HTML: no value can become markup, an attribute's end or a placeholder."""

robots_in_drawing = Spelling(_digits_in_drawing, wording.not_plain_text)
unbracketed = Spelling(_unbracketed, wording.not_plain_text)
"""Inside `text`, where the service refuses angle brackets (Zvid docs, elements/text)."""

in_address = Spelling(_in_address, wording.only_dots)
plainly = Spelling(lambda text: text, wording.not_plain_text)
"""Elsewhere."""

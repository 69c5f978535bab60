"""Text fit: whether a text fits its box, measured with the very font it is drawn in.

Lines are broken as a browser breaks them: greedily, at blanks, after hyphens between letters, and between the signs of
scripts that use no blanks. Opportunities that only some renderers take are not counted on, so that what fits here fits
there; only for Thai and its neighbours, whose words a dictionary would tell apart, is this an estimate.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import regex

from bot.domain.cells import graphemes


@dataclass(frozen=True, slots=True)
class Fit:
    """A box a text must fit into."""

    font: str
    """The font file, as the contract names it."""

    font_hash: str
    """Of the file's content: another cut of the font is another rule."""

    size: float
    width: float
    lines: int = 1
    weight: float | None = None
    """Of a variable font; None means as the file is."""

    letter_spacing: float = 0.0
    """Pixels after every sign."""

    uppercase: bool = False

    @property
    def rules(self) -> list[object]:
        """What counts for whether a text fits; 40 and 40.0 are the same room."""
        weight = None if self.weight is None else float(self.weight)
        sizes = [float(self.size), float(self.width), float(self.letter_spacing)]
        return [self.font_hash, *sizes, self.lines, weight, self.uppercase]


Measure = Callable[[Fit, str], float]
"""How many pixels wide a piece of text is in the font and size of a box."""

_SCRIPTS = r"\p{Han}\p{Hiragana}\p{Katakana}\p{Thai}\p{Lao}\p{Khmer}\p{Myanmar}"
_UNBROKEN = regex.compile(
    # A grapheme of a script without blanks, with the punctuation that must not be parted from it ...
    rf"(?:[\p{{Ps}}\p{{Pi}}]*(?=[{_SCRIPTS}])\X[\p{{Pe}}\p{{Pf}}\p{{Po}}ー々]*)"
    # ... or signs up to a hyphen between letters, or to the next such script.
    rf"|(?:(?![{_SCRIPTS}])[^\-‐–—]|\B[\-‐–—]|[\-‐–—](?!\p{{L}}))+[\-‐–—]?|[\-‐–—]+",
)
_BLANKS = regex.compile(r"[ \t\n]+")


def fits(text: str, box: Fit, measure: Measure) -> bool:
    """Whether the text needs no more lines than the box has, and no piece is wider than the box."""
    shown = text.upper() if box.uppercase else text
    blank = measure(box, " ")
    lines, used, gap = 1, 0.0, 0.0
    for word in _BLANKS.split(shown.strip()):
        for piece in _UNBROKEN.findall(word):
            width = measure(box, piece)
            if used and used + gap + width > box.width:
                lines, used, gap = lines + 1, 0.0, 0.0
            if width > box.width or lines > box.lines:
                return False
            used, gap = used + gap + width, 0.0
        gap = blank
    return True


def longest_that_fits(text: str, box: Fit, measure: Measure) -> int:
    """How many of the text's own characters fit from its beginning; at least one, for a message."""
    ends = [found.end() for found in regex.finditer(r"\X", text)]
    low, high = 1, len(ends)
    while low < high:
        middle = (low + high + 1) // 2
        if fits(text[: ends[middle - 1]], box, measure):
            low = middle
        else:
            high = middle - 1
    shown = text[: ends[low - 1]].rstrip()
    return max(1, graphemes(shown))

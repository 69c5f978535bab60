"""Gives every letter of an SVG's words a font that has it.

The rasteriser shapes a whole line with each font named in it and then picks glyphs by place, which goes
wrong (letters lost, or a panic) as soon as two fonts join letters differently: Arabic and Indic scripts,
joined emoji, flags. So a line with such letters is set in one font that has them all, other missing letters
and emoji are marked one by one, and joined emoji are taken apart.

Promise: a letter that some font here has never becomes an empty box; a line that cannot be set right raises
RenderError.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from xml.etree.ElementTree import Element  # nosec B405  # the class only; defusedxml parses

from bot.sandbox.render.faults import RenderError
from bot.sandbox.render.fonts import DEFAULT_FAMILY, STRONG_FALLBACK, FontShelf

_SVG = "{http://www.w3.org/2000/svg}"
_TEXT = f"{_SVG}text"
_TSPAN = f"{_SVG}tspan"
_STYLE_FAMILY = re.compile(r"(?:^|;)\s*font-family\s*:\s*([^;]+)", re.IGNORECASE)

# Letters that change shape with their neighbours: Arabic and kin; Indic, Thai, Lao, Myanmar, Khmer.
_JOINING_LEFTWARDS = re.compile("[\u0600-\u08ff\ufb50-\ufdff\ufe70-\ufefc]")
_JOINING_RIGHTWARDS = re.compile("[\u0900-\u0eff\u1000-\u109f\u1780-\u17ff]")
_HEBREW = re.compile("[\u0590-\u05ff]")
# What only changes the emoji before it: joiner, variation selectors, keycap, skin tones.
_EMOJI_TAILS = re.compile("[\u200d\ufe0e\ufe0f\u20e3\U0001f3fb-\U0001f3ff]")
_FLAG_LETTER = re.compile("([\U0001f1e6-\U0001f1ff])")
_INVISIBLE = re.compile("[\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff]")


@dataclass(frozen=True, slots=True)
class _Lettered:
    """An element whose character data is drawn, and the family it has by itself or by its parents."""

    element: Element
    family: str


def give_every_letter_a_font(root: Element, shelf: FontShelf) -> set[str]:
    """Changes the drawing in place; says which families it brought in. Raises RenderError."""
    used: set[str] = set()
    for line, family in _lines(root, DEFAULT_FAMILY, shelf):
        words = "".join(line.itertext())
        if _joins(words):
            _refuse_a_second_script(words)
            used |= _set_in_one(line, words, family, shelf)
        if not words.isascii():
            used |= _mark(line, family, shelf)
    return used


def _lines(element: Element, family: str, shelf: FontShelf) -> Iterator[tuple[Element, str]]:
    named = _named_family(element)
    family = shelf.known(named) if named else family
    if element.tag == _TEXT:
        yield element, family
        return
    for child in element:
        yield from _lines(child, family, shelf)


def _named_family(element: Element) -> str | None:
    styled = _STYLE_FAMILY.search(element.get("style") or "")
    return styled.group(1) if styled else element.get("font-family")


def _joins(words: str) -> bool:
    return bool(_JOINING_LEFTWARDS.search(words) or _JOINING_RIGHTWARDS.search(words))


def _refuse_a_second_script(words: str) -> None:
    """The rasteriser takes the first script of a run for all of it, and then joins none of the second."""
    leftwards = _JOINING_LEFTWARDS.search(words) and _HEBREW.search(words)
    rightwards = _JOINING_RIGHTWARDS.search(words) and any(
        char.isalpha() and not _JOINING_RIGHTWARDS.match(char) for char in words
    )
    if leftwards or rightwards:
        raise _unsettable(words)


def _unsettable(words: str) -> RenderError:
    line = " ".join(words.split())[:60]
    return RenderError(f"The scripts of the SVG line “{line}” cannot be set together; use a TEXT element.")


def _set_in_one(line: Element, words: str, family: str, shelf: FontShelf) -> set[str]:
    """Puts the whole line into one family that has all its letters (emoji aside)."""
    letters = {
        char
        for char in words
        if not char.isspace() and not _INVISIBLE.match(char) and not _is_pictorial(char, shelf)
    }

    def has_all(name: str) -> bool:
        return all(shelf.covers(name, char) for char in letters)

    if has_all(family):
        return set()
    chosen = next((name for name in (STRONG_FALLBACK, *(name for name, _ in shelf)) if has_all(name)), None)
    if chosen is None:
        raise _unsettable(words)
    for element in line.iter():
        _name_family(element, chosen)
    return {chosen}


def _name_family(element: Element, family: str) -> None:
    style = _STYLE_FAMILY.sub("", element.get("style") or "")
    if style:
        element.set("style", style.lstrip(";"))
    elif "style" in element.keys():  # noqa: SIM118  # an Element is no mapping
        del element.attrib["style"]
    element.set("font-family", family)


def _mark(line: Element, family: str, shelf: FontShelf) -> set[str]:
    """Wraps runs that their family cannot show; says which families were needed for them."""
    used: set[str] = set()
    for lettered in list(_inside(line, family, shelf)):
        element, own = lettered.element, lettered.family
        children = list(element)
        for child in children:
            element.remove(child)
        element.text, marks = _split(element.text, own, shelf)
        element.extend(marks)
        for child in children:
            child.tail, after = _split(child.tail, own, shelf)
            element.append(child)
            element.extend(after)
            marks += after
        used |= {str(mark.get("font-family")) for mark in marks}
    return used


def _inside(element: Element, family: str, shelf: FontShelf) -> Iterator[_Lettered]:
    named = _named_family(element)
    family = shelf.known(named) if named else family
    yield _Lettered(element, family)
    for child in element:
        yield from _inside(child, family, shelf)


def _split(text: str | None, family: str, shelf: FontShelf) -> tuple[str | None, list[Element]]:
    """The leading part that the family can show, then marked runs, each with what follows it as its tail."""
    if not text or text.isascii():
        return text, []
    # A flag is two letters that a font may join: a non-joiner between them keeps the glyphs countable.
    apart = _FLAG_LETTER.sub("\\1\u200c", _EMOJI_TAILS.sub("", text))
    lead = ""
    marks: list[Element] = []
    for char in apart:
        stranger = _stranger(char, family, shelf)
        if stranger is None:
            if marks:
                marks[-1].tail = (marks[-1].tail or "") + char
            else:
                lead += char
        elif marks and marks[-1].get("font-family") == stranger and not marks[-1].tail:
            marks[-1].text = (marks[-1].text or "") + char
        else:
            mark = Element(_TSPAN, {"font-family": stranger})
            mark.text = char
            marks.append(mark)
    return lead, marks


def _stranger(char: str, family: str, shelf: FontShelf) -> str | None:
    """The family to borrow a letter from; None when the element's own has it, or nobody."""
    if char.isspace() or _INVISIBLE.match(char) or shelf.covers(family, char):
        return None
    return shelf.family_with(char)


def _is_pictorial(char: str, shelf: FontShelf) -> bool:
    """Emoji and symbols: they never join, so they may come from another font."""
    return ord(char) > 0x2000 and not _joins(char) and shelf.family_with(char) is not None

"""Markup in a template: what may be drawn, and in what kind of place each placeholder stands.

A drawing or text is parsed once, with markers in the placeholders' stead, DTDs forbidden. Only listed elements and
attributes pass, nothing points outside, and a placeholder stands in text or in a quoted attribute value, or the
template is refused. What a row fills in later is escaped for its spot, so it cannot change what was parsed here.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from enum import Enum, auto
from html.parser import HTMLParser
from xml.etree.ElementTree import Element, ParseError  # nosec B405  # the class only; defusedxml parses

from defusedxml import DefusedXmlException
from defusedxml.ElementTree import fromstring

from bot.domain.media.links import link_flaw
from bot.domain.templates.placeholders import PLACEHOLDER
from bot.domain.templates.spellings import has_long_number
from bot.domain.templates.styles import refused_in_css
from bot.domain.templates.vocabulary import (
    DRAWING_IN_HTML,
    HTML_ATTRIBUTES,
    HTML_ELEMENTS,
    LINKS,
    SVG_ATTRIBUTES,
    SVG_ELEMENTS,
    is_free_attribute,
    is_svg_attribute,
)

_SVG = "{http://www.w3.org/2000/svg}"
_PREFIXES = {"{http://www.w3.org/1999/xlink}": "xlink:", "{http://www.w3.org/XML/1998/namespace}": "xml:"}
_DRAWING_ATTRIBUTES = frozenset(name.lower() for name in SVG_ATTRIBUTES)
_DECLARATION = re.compile(r"<\?|<!(?!--)")
_NO_DECLARATION = "must have no DOCTYPE, entity, CDATA or processing instruction; remove it"
_QUOTED = re.compile(r"=\s*(?:\"[^\"]*\"|'[^']*')")
_OPEN_ADDRESS = re.compile(r"https?://[^/?#\s]+[/?#]", re.IGNORECASE)


class Spot(Enum):
    """The kind of place a placeholder stands in; it decides what may be filled in, and how."""

    TEXT = auto()
    """Between tags."""

    FREE = auto()
    """In an attribute that takes any text."""

    WORD = auto()
    """In an attribute that draws: a colour, a number, one of a few words."""

    STYLE = auto()
    """Amid CSS."""

    LINK = auto()
    """A whole address."""

    LINK_PART = auto()
    """After the host of an address."""


@dataclass
class Reading:
    """What stands in one piece of markup."""

    spots: dict[int, Spot] = field(default_factory=dict)
    """By the placeholder's number, from left to right."""

    flaws: list[str] = field(default_factory=list)


def link_spot(before: str, after: str) -> Spot | None:
    """Where a placeholder stands in an address; None where a value could change its scheme or host."""
    if not before.strip() and not after.strip():
        return Spot.LINK
    return Spot.LINK_PART if _OPEN_ADDRESS.match(before.lstrip()) else None


def read_svg(text: str) -> Reading:
    """A drawing."""
    if _DECLARATION.search(text):
        return Reading(flaws=[_NO_DECLARATION])
    if has_long_number(text):
        return Reading(flaws=["has a number of eight or more digits, which the service refuses; round it"])
    marked = _Marked(text)
    try:
        root = fromstring(marked.text, forbid_dtd=True)
    except (ParseError, DefusedXmlException, ValueError) as error:
        return Reading(flaws=[f"is no well-formed SVG: {error}; export it again"])
    for element in root.iter():
        _look_at_element(element, marked)
    return marked.done()


def read_html(text: str) -> Reading:
    """A text with its formatting."""
    if _DECLARATION.search(text):
        return Reading(flaws=[_NO_DECLARATION])
    marked = _Marked(text)
    parser = _HtmlParser(marked)
    parser.feed(marked.text)
    parser.close()
    return marked.done()


class _Marked:
    """Markup with a marker for every placeholder, and what was found out about them."""

    def __init__(self, text: str) -> None:
        self._stem = "qslot"
        while self._stem in text.lower():
            self._stem += "x"
        pieces = PLACEHOLDER.split(text)
        self._count = len(pieces) // 2
        # Every second piece is a name.
        self.text = "".join(
            piece if index % 2 == 0 else f"{self._stem}{index // 2}e" for index, piece in enumerate(pieces)
        )
        self._pattern = re.compile(rf"{self._stem}(\d+)e")
        self._reading = Reading()
        self._is_misplaced = False

    def done(self) -> Reading:
        lost = self._count - len(self._reading.spots)
        if lost and not self._is_misplaced:
            self.refuse(
                "has a placeholder in a comment or amid a tag; it may stand in text and in quoted values"
            )
        return self._reading

    def refuse(self, words: str) -> None:
        if words not in self._reading.flaws:
            self._reading.flaws.append(words)

    def misplaced(self, words: str) -> None:
        self._is_misplaced = True
        self.refuse(words)

    def has_marker(self, text: str) -> bool:
        return self._stem in text

    def note(self, text: str, spot: Spot) -> None:
        for found in self._pattern.finditer(text):
            self._reading.spots[int(found[1])] = spot

    def note_link(self, value: str, where: str) -> None:
        for found in self._pattern.finditer(value):
            spot = link_spot(value[: found.start()], value[found.end() :])
            if spot is None:
                self.misplaced(
                    f"has a placeholder in the host of {where}; it may be all of it, or come after the host"
                )
            else:
                self._reading.spots[int(found[1])] = spot


def _look_at_element(element: Element, marked: _Marked) -> None:
    tag = _plain_name(element.tag)
    if marked.has_marker(element.tag):
        marked.misplaced("has a placeholder as the name of a tag")
    elif tag not in SVG_ELEMENTS:
        marked.refuse(f"must not contain <{tag}>; remove it, or export as plain SVG")
    for key, value in element.attrib.items():
        _look_at_attribute(tag, _plain_name(key), value, marked)
    inside = element.text or ""
    if tag == "style":
        if marked.has_marker(inside):
            marked.misplaced("has a placeholder inside <style>; use an attribute like fill instead")
        if what := refused_in_css(inside, is_svg=True):
            marked.refuse(f"must not contain {what} in <style>")
    else:
        marked.note(inside, Spot.TEXT)
    marked.note(element.tail or "", Spot.TEXT)


def _look_at_attribute(tag: str, name: str, value: str, marked: _Marked) -> None:
    """One attribute of a drawing."""
    if marked.has_marker(name):
        marked.misplaced("has a placeholder as the name of an attribute")
    elif name.lower().startswith("on"):
        marked.misplaced(f"must not contain the event attribute {name}")
    elif not is_svg_attribute(name):
        marked.refuse(f"must not contain the attribute {name} on <{tag}>; remove it, or export as plain SVG")
    elif name in LINKS:
        if value and not value.startswith("#"):
            marked.misplaced(f'must not point outside: {name} takes only "#…", a part of the same drawing')
        marked.note(value, Spot.WORD)
    elif name == "attributeName" and (value.lower() in {*LINKS, "style"} or value.lower().startswith("on")):
        marked.refuse(f"must not animate {value}")
    elif is_free_attribute(name):
        marked.note(value, Spot.FREE)
    elif what := refused_in_css(value, is_svg=True):
        marked.refuse(f"must not contain {what} in {name}")
    else:
        marked.note(value, Spot.STYLE if name == "style" else Spot.WORD)


def _plain_name(name: object) -> str:
    """Without the namespaces a drawing has by rights; others keep theirs and are on no list."""
    text = str(name).removeprefix(_SVG)
    return next(
        (prefix + text.removeprefix(space) for space, prefix in _PREFIXES.items() if text.startswith(space)),
        text,
    )


class _HtmlParser(HTMLParser):
    """Looks at every part of a text; character references are left alone, so a raw `<` shows."""

    def __init__(self, marked: _Marked) -> None:
        super().__init__(convert_charrefs=False)
        self._marked = marked

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self._look_at_tag(tag)
        raw = self.get_starttag_text() or ""
        if self._marked.has_marker(_QUOTED.sub("", raw)) and not self._marked.has_marker(tag):
            self._marked.misplaced(
                "has a placeholder amid a tag or without quotes around it; quote the whole value"
            )
        for name, value in attrs:
            self._look_at_attribute(tag, name, value or "")

    def handle_endtag(self, tag: str) -> None:
        self._look_at_tag(tag)

    def handle_data(self, data: str) -> None:
        if "<" in data:
            self._marked.misplaced('has a "<" that begins no tag; write it as &lt;')
        self._marked.note(data, Spot.TEXT)

    def _look_at_tag(self, tag: str) -> None:
        if self._marked.has_marker(tag):
            self._marked.misplaced("has a placeholder as the name of a tag")
        elif tag not in HTML_ELEMENTS:
            self._marked.misplaced(f"must not contain <{tag}>; the service takes no such tag in html")

    def _look_at_attribute(self, tag: str, name: str, value: str) -> None:
        is_drawing = tag in DRAWING_IN_HTML
        if self._marked.has_marker(name):
            self._marked.misplaced("has a placeholder as the name of an attribute")
        elif name.startswith("on") or not (
            name in HTML_ATTRIBUTES
            or (is_drawing and (name in _DRAWING_ATTRIBUTES or is_svg_attribute(name)))
        ):
            self._marked.misplaced(f"must not contain the attribute {name} on <{tag}>")
        elif name == "src" and not is_drawing:
            if not self._marked.has_marker(value) and value and link_flaw(value):
                self._marked.refuse("has an image whose src is no plain https:// address")
            self._marked.note_link(value, "a src")
        elif name in LINKS:
            if value and not value.startswith("#"):
                self._marked.misplaced(f'must not point outside: {name} takes only "#…"')
            self._marked.note(value, Spot.WORD)
        elif is_free_attribute(name):
            self._marked.note(value, Spot.FREE)
        elif what := refused_in_css(value, is_svg=is_drawing):
            self._marked.refuse(f"must not contain {what} in {name}")
        else:
            self._marked.note(value, Spot.STYLE if name == "style" else Spot.WORD)

"""Markup: only listed parts, nothing that points outside, and placeholders only where a value is harmless."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.templates.markup import Spot, link_spot, read_html, read_svg

NS = 'xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink"'


def svg(inside: str) -> str:
    return f"<svg {NS}>{inside}</svg>"


LAUGHS = '<!DOCTYPE svg [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;">]>'

HOSTILE_SVG = {
    "doctype": ("<!DOCTYPE svg>" + svg(""), "DOCTYPE"),
    "billion laughs": (LAUGHS + svg("<text>&b;</text>"), "DOCTYPE"),
    "external entity": ('<!DOCTYPE svg [<!ENTITY x SYSTEM "file:///etc/passwd">]>' + svg("&x;"), "DOCTYPE"),
    "cdata": (svg("<text><![CDATA[ {{headline}} ]]></text>"), "CDATA"),
    "stylesheet": ('<?xml-stylesheet href="https://e.example/x.css"?>' + svg(""), "processing instruction"),
    "xinclude": (
        svg('<xi:include xmlns:xi="http://www.w3.org/2001/XInclude" href="/etc/passwd"/>'),
        "XInclude",
    ),
    "foreign object": (svg("<foreignObject><p>x</p></foreignObject>"), "<foreignObject>"),
    "script": (svg("<script>alert(1)</script>"), "<script>"),
    "iframe": (svg('<iframe src="#"/>'), "<iframe>"),
    "unknown element": (svg("<blink/>"), "<blink>"),
    "unknown attribute": (svg('<g blink="1"/>'), "the attribute blink on <g>"),
    "foreign attribute": (svg('<g xmlns:i="http://inkscape.org" i:label="x"/>'), "inkscape"),
    "event": (svg('<g onload="x()"/>'), "the event attribute onload"),
    "external link": (svg('<image href="https://e.example/x.png"/>'), "point outside: href"),
    "old external link": (svg('<use xlink:href="other.svg#a"/>'), "point outside: xlink:href"),
    "data link": (svg('<image href="data:image/png;base64,AA"/>'), "point outside"),
    "script link": (svg('<a href="javascript:alert(1)"><text>x</text></a>'), "point outside"),
    "import": (svg("<style>@import 'https://e.example/x.css';</style>"), "@import in <style>"),
    "file": (svg('<rect style="fill:url(file:///etc/passwd)"/>'), "url( in style"),
    "outside fill": (svg('<rect fill="url(https://e.example/x)"/>'), "url( in fill"),
    "spelled differently": (svg("<style>rect{fill:u\\72l(https://e.example)}</style>"), "a backslash"),
    "expression": (svg('<rect style="width:expression(alert(1))"/>'), "expression("),
    "animated link": (svg('<a href="#x"><set attributeName="href" to="javascript:x"/></a>'), "animate href"),
    "animated event": (svg('<animate attributeName="onload" to="x"/>'), "animate onload"),
    "broken": (svg("<g>"), "no well-formed SVG"),
    "unbound prefix": ('<svg><use xlink:href="#a"/></svg>', "no well-formed SVG"),
    "entity": (svg("<text>&nbsp;</text>"), "no well-formed SVG"),
    "half a character": (svg("<text>\ud800</text>"), "no well-formed SVG"),
    "long number": (svg('<g id="a12345678"/>'), "eight or more digits"),
    "placeholder as tag": (svg("<{{headline}}/>"), "as the name of a tag"),
    "placeholder as attribute": (svg('<g {{headline}}="1"/>'), "as the name of an attribute"),
    "placeholder amid a tag": (svg("<g {{headline}}/>"), "no well-formed SVG"),
    "placeholder in an event": (svg('<g onload="{{headline}}"/>'), "the event attribute onload"),
    "placeholder in a style sheet": (svg("<style>.a{fill:{{accent}}}</style>"), "inside <style>"),
    "placeholder in a comment": (svg("<!-- {{headline}} -->"), "in a comment"),
    "placeholder in a namespace": (svg('<g xmlns:x="{{headline}}"/>'), "in a comment or amid a tag"),
    "placeholder in a link": (svg('<use href="{{headline}}"/>'), "point outside: href"),
}


@pytest.mark.parametrize("name", HOSTILE_SVG)
def test_f_X03_hostile_drawings(name):
    """A drawing that could fetch, run, hide or explode is refused, and the reason is named."""
    text, words = HOSTILE_SVG[name]

    flaws = read_svg(text).flaws

    assert flaws
    assert any(words in flaw for flaw in flaws)
    assert "slot" not in " ".join(flaws)


HOSTILE_HTML = {
    "script": ("<script>alert(1)</script>", "<script>"),
    "style": ("<style>b{}</style>", "<style>"),
    "link": ('<a href="https://e.example">x</a>', "<a>"),
    "event": ('<b onclick="x">y</b>', "the attribute onclick on <b>"),
    "id": ('<b id="x">y</b>', "the attribute id on <b>"),
    "css": ('<b style="background:url(https://e.example/x)">y</b>', "url( in style"),
    "image": ('<img src="file:///etc/passwd">', "src is no plain https:// address"),
    "drawing's link": ('<svg><path href="https://e.example"/></svg>', "point outside"),
    "doctype": ("<!DOCTYPE html>x", "DOCTYPE"),
    "instruction": ("<?php x ?>", "processing"),
    "cdata": ("<![CDATA[x]]>", "CDATA"),
    "stray bracket": ("1 < 2", "begins no tag"),
    "unfinished tag": ("<b>x</b><b", "begins no tag"),
    "unfinished quote": ('<b class="{{headline}}>x</b>', "begins no tag"),
    "placeholder as tag": ("<{{headline}}>x", "as the name of a tag"),
    "placeholder in a tag": ("<b{{headline}}>x</b>", "as the name of a tag"),
    "placeholder as closing tag": ("<b>x</b{{headline}}>", "as the name of a tag"),
    "placeholder as attribute": ('<b {{headline}}="x">y</b>', "amid a tag or without quotes"),
    "placeholder without quotes": ("<b class={{headline}}>y</b>", "without quotes"),
    "placeholder in an event": ('<b onclick="{{headline}}">y</b>', "the attribute onclick"),
    "placeholder in a comment": ("<!-- {{headline}} -->x", "in a comment"),
    "placeholder in a host": ('<img src="https://{{headline}}/x.png">', "in the host of a src"),
    "placeholder in a scheme": ('<img src="{{headline}}://x.example/">', "in the host of a src"),
}


@pytest.mark.parametrize("name", HOSTILE_HTML)
def test_f_X03_hostile_texts(name):
    """Formatted text takes a few tags, and values only where they stay text."""
    text, words = HOSTILE_HTML[name]

    flaws = read_html(text).flaws

    assert any(words in flaw for flaw in flaws)
    assert "slot" not in " ".join(flaws)


@pytest.mark.parametrize(
    ("text", "spots"),
    [
        (svg("<text>{{a}} and <tspan>{{b}}</tspan>{{c}}</text>"), [Spot.TEXT] * 3),
        (svg('<g id="{{a}}" data-x="{{b}}" class="x {{c}}"/>'), [Spot.FREE] * 3),
        (svg('<rect fill="{{a}}" width="{{b}}" rx="1{{c}}"/>'), [Spot.WORD] * 3),
        (svg('<rect style="fill:{{a}}"/><use href="#{{b}}"/>'), [Spot.STYLE, Spot.WORD]),
        (svg("<style>.a { fill: url(#b) }</style><title>{{a}}</title>"), [Spot.TEXT]),
        (svg("<!-- a note --><metadata/>") + "\n", []),
    ],
)
def test_places_in_a_drawing(text, spots):
    """Every placeholder's place is known from the parsed drawing."""
    reading = read_svg(text)

    assert reading.flaws == []
    assert [reading.spots[at] for at in range(len(spots))] == spots
    assert len(reading.spots) == len(spots)


@pytest.mark.parametrize(
    ("text", "spots"),
    [
        ("{{a}} <b>{{b}}</b><br>&amp; &#39;{{c}}", [Spot.TEXT] * 3),
        ('<div class="{{a}}" style="color:{{b}}">x</div>', [Spot.FREE, Spot.STYLE]),
        ("<img src='{{a}}' alt='{{b}}' width='{{c}}'/>", [Spot.LINK, Spot.FREE, Spot.WORD]),
        ('<img src="https://cdn.example/{{a}}?x={{b}}">', [Spot.LINK_PART] * 2),
        ('<svg viewBox="0 0 9 9"><path d="M0 0" fill="{{a}}"/><line href="#{{b}}"/></svg>', [Spot.WORD] * 2),
        ('<svg><rect fill="url(#a)"/></svg><!-- a note --><img src="https://cdn.example/a.png">', []),
    ],
)
def test_places_in_a_text(text, spots):
    """The same for formatted text."""
    reading = read_html(text)

    assert reading.flaws == []
    assert [reading.spots[at] for at in range(len(spots))] == spots


def test_markers_are_no_words_of_the_template():
    """A template may use the very words of the markers."""
    assert read_svg(svg("<text>qslot0e {{a}} Qslotx</text>")).spots == {0: Spot.TEXT}


@pytest.mark.parametrize(
    ("before", "after", "spot"),
    [
        ("", "", Spot.LINK),
        (" ", " ", Spot.LINK),
        ("https://cdn.example/", ".png", Spot.LINK_PART),
        ("HTTPS://cdn.example?x=", "", Spot.LINK_PART),
        ("https://cdn.example#", "", Spot.LINK_PART),
        ("https://cdn.example", "", None),
        ("https://", "/a.png", None),
        ("", "https://cdn.example/", None),
        ("cdn/", ".png", None),
        ("javascript:", "", None),
    ],
)
def test_f_X02_places_in_an_address(before, after, spot):
    """A value may be an address or stand after its host; it never makes the scheme or the host."""
    assert link_spot(before, after) is spot


@given(st.text(max_size=60), st.sampled_from([read_svg, read_html]))
def test_any_text_is_read(text, read):
    """Whatever a template holds, reading it ends with a verdict."""
    reading = read(f"<svg>{text}{{{{a}}}}</svg>")

    assert reading.flaws or 0 in reading.spots

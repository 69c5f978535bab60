"""Every letter that some font has is drawn as a letter."""

from __future__ import annotations

import pytest
from PIL import ImageChops

from bot.sandbox.render.abilities import undrawable
from bot.sandbox.render.faults import RenderError

LINES = {
    "accents": "Žluťoučký kůň, l’été, Grüße",
    "greek": "Ωραία μέρα",
    "cyrillic": "Весна пришла",
    "hebrew": "שלום עולם",
    "arabic": "السلام عليكم",
    "devanagari": "नमस्ते",
    "thai": "สวัสดี",
    "emoji": "🌷 🎉 ☕",
    "joined emoji": "👩‍🍳 👍🏽 ❤️",
    "flag": "🇩🇪",
    "symbols": "✓ ★ → €₪",
    "mixed": "Spring مرحبا & 🌷 été",
}


def svg_line(words: str, family: str = "Arial") -> str:
    return (
        '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 640 80" width="640" height="80">'
        f'<text x="10" y="55" font-size="40" font-family="{family}">{words.replace("&", "&amp;")}</text></svg>'
    )


def ink(picture) -> bytes:
    return picture.getchannel("A").tobytes()


@pytest.mark.parametrize("kind", LINES)
def test_text_elements_show_letters(pens, kind):
    """A line never looks like the same number of unknown characters."""
    words = LINES[kind]
    box = {"width": 640, "height": 80, "style": {"fontFamily": "Archivo", "fontSize": 40}}
    drawn = pens.text.draw({"text": words, **box}, 640)
    empty = pens.text.draw(
        {"text": "".join("\U000e0fff" if not c.isspace() else c for c in words), **box}, 640
    )

    assert drawn.getbbox() is not None
    assert ink(drawn) != ink(empty)


@pytest.mark.parametrize("kind", LINES)
def test_svg_lines_show_letters(pens, kind):
    """Each letter is drawn by a font that has it: the line gets wider with it and is not a row of boxes."""
    drawn = pens.svg.draw(svg_line(LINES[kind]), None, None)
    boxes = svg_line("".join("\ue000" if not c.isspace() else c for c in LINES[kind]))
    without = pens.svg.draw(svg_line(LINES[kind][:-1].rstrip()), None, None)

    assert ink(drawn) != ink(pens.svg.draw(boxes, None, None))
    assert drawn.getbbox()[2] > without.getbbox()[2] - 12  # a joined letter may be narrower than a last one


@pytest.mark.parametrize("kind", ["accents", "greek", "hebrew", "arabic", "emoji", "symbols"])
def test_latin_words_beside_them_change_nothing(pens, kind):
    """What stands before the Latin word is the same picture, whatever follows."""
    one, other = (
        pens.svg.draw(svg_line(f"{LINES[kind]} {word}", "Rubik"), None, None) for word in ("ab", "cd")
    )
    same = ImageChops.difference(one.getchannel("A"), other.getchannel("A")).getbbox()

    assert same[0] > one.getbbox()[2] - 60


def test_arabic_in_an_svg_is_joined_as_in_a_text(pens):
    """No letter is lost: the line is as wide as the same font sets it in a TEXT element."""
    words = "Hello مرحبا بالعالم end"
    drawn = pens.svg.draw(svg_line(words), None, None).getbbox()
    style = {"fontFamily": "Rubik", "fontSize": 40}
    set_by_other = pens.text.draw({"text": words, "width": 640, "height": 80, "style": style}, 640).getbbox()

    assert abs((drawn[2] - drawn[0]) - (set_by_other[2] - set_by_other[0])) <= 4


def test_mixed_svg_line_is_set_whole(pens):
    """Latin, Arabic and an emoji in one line: nothing is lost between them."""
    wide = pens.svg.draw(svg_line(LINES["mixed"]), None, None).getbbox()
    short = pens.svg.draw(svg_line(LINES["mixed"].replace("مرحبا", "")), None, None).getbbox()

    assert wide[2] - short[2] > 60


def test_unknown_family_in_an_svg_keeps_its_words(pens):
    """The rasteriser drops words in an unknown family unless every fallback is named."""
    unknown = pens.svg.draw(svg_line("Words", "No Such Face"), None, None)
    arial = pens.svg.draw(svg_line("Words", "Arial"), None, None)

    assert ink(unknown) == ink(arial) != ink(pens.svg.draw(svg_line("", "Arial"), None, None))


def test_anchor_middle_centres(pens):
    svg = svg_line("Middle").replace('x="10"', 'x="320" text-anchor="middle"')
    left, _, right, _ = pens.svg.draw(svg, None, None).getbbox()

    assert abs((left + right) / 2 - 320) <= 3


@pytest.mark.parametrize("words", ["สวัสดี abc", "ab नमस्ते", "שלום مرحبا"])
def test_scripts_that_would_not_join_are_refused(pens, words):
    """The rasteriser would set the second script in loose letters, so the line is refused, before and during."""
    with pytest.raises(RenderError, match="use a TEXT element"):
        pens.svg.draw(svg_line(words), None, None)
    ((field, message),) = undrawable({"visuals": [{"type": "SVG", "svg": svg_line(words)}]})

    assert field == "visuals[0].svg"
    assert words in message


@pytest.mark.parametrize("field", ["text", "html", "svg"])
def test_letters_without_any_font_are_refused_by_name(field):
    """An empty box in a film is a surprise; a refusal is not."""
    words = "spring 漢字"
    visual = {
        "text": {"type": "TEXT", "text": words},
        "html": {"type": "TEXT", "html": f"<b>{words}</b>"},
        "svg": {"type": "SVG", "svg": svg_line(words)},
    }[field]

    assert [(where, message[-3:]) for where, message in undrawable({"visuals": [visual]})] == [
        (f"visuals[0].{field}", "字 漢")
    ]

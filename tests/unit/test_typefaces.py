"""Typefaces: real fonts, measured as they are drawn."""

from __future__ import annotations

import re
import shutil
from pathlib import Path

import fontpkg_inter
import fontpkg_poppins
import pytest
from PIL import ImageFont

from bot.adapters.template_folder import TemplateError, load_template
from bot.adapters.typefaces import FontError, FontShelf
from bot.domain.records import Content, Record, Rejection, judge
from bot.domain.templates.fits import Fit

INTER = Path(fontpkg_inter.__file__).parent / "files" / "Inter[opsz,wght].ttf"
POPPINS = Path(fontpkg_poppins.__file__).parent / "files" / "Poppins-Bold.ttf"


def shelf(path: Path) -> tuple[FontShelf, Fit]:
    """A shelf with this font, and a box of ten pixels' type."""
    fonts = FontShelf()
    return fonts, Fit("x.ttf", fonts.add("x.ttf", path), size=10, width=100)


def test_widths_follow_the_font():
    """A wide letter is wider, twice the text about twice as wide, and kerning brings letters together."""
    fonts, box = shelf(INTER)

    assert fonts.measure(box, "W") > 2 * fonts.measure(box, "i")
    assert fonts.measure(box, "nn") == pytest.approx(2 * fonts.measure(box, "n"))
    assert fonts.measure(box, "AV") < fonts.measure(box, "A") + fonts.measure(box, "V")
    assert fonts.measure(box, "") == 0


def test_size_weight_and_spacing():
    """The width grows with the size, the weight of a variable font, and the space between letters."""
    fonts, box = shelf(INTER)
    large = Fit("x.ttf", box.font_hash, size=20, width=100)
    bold = Fit("x.ttf", box.font_hash, size=10, width=100, weight=900)
    wide = Fit("x.ttf", box.font_hash, size=10, width=100, letter_spacing=2)

    plain = fonts.measure(box, "Headline")
    assert fonts.measure(large, "Headline") == pytest.approx(2 * plain)
    assert fonts.measure(bold, "Headline") > plain * 1.05
    assert fonts.measure(wide, "Headline") == pytest.approx(plain + 16)


@pytest.mark.parametrize(
    "text", ["Discover the collection", "AVAVAV To We", "Größe: 42 €", "fi ffl 1,000.50"]
)
def test_widths_are_those_of_the_drawn_text(text: str):
    """What is measured is what another program draws with the same font."""
    fonts, box = shelf(POPPINS)
    drawn = ImageFont.truetype(str(POPPINS), 1000).getlength(text)

    assert fonts.measure(box, text) == pytest.approx(drawn / 100, rel=0.01)


def test_signs_the_font_lacks():
    """They count as a square: nobody knows which font will stand in."""
    fonts, box = shelf(POPPINS)

    assert fonts.measure(box, "\u65e5") == pytest.approx(10)


@pytest.mark.parametrize("content", [b"", b"no font at all", b"\x00\x01\x00\x00" + b"\xff" * 400])
def test_no_font(tmp_path: Path, content: bytes):
    """A file that is no font is refused."""
    (tmp_path / "x.ttf").write_bytes(content)

    with pytest.raises(FontError, match="is no font file"):
        FontShelf().add("x.ttf", tmp_path / "x.ttf")


def test_font_that_cannot_be_read(tmp_path: Path):
    """Nor may it be missing, or of any size."""
    with pytest.raises(FontError, match="cannot be read: No such file"):
        FontShelf().add("x.ttf", tmp_path / "x.ttf")
    with (tmp_path / "x.ttf").open("wb") as huge:
        huge.truncate(30_000_001)
    with pytest.raises(FontError, match="is too large for a font"):
        FontShelf().add("x.ttf", tmp_path / "x.ttf")


CONTRACT = """
version = "1"
title = "Shop"
formats = { wide = "hd", square = "squared" }

[fields.cta]
column = "CTA"
required = true
max_chars = 60
fit = { font = "fonts/Poppins.ttf", size = 40, width = 700 }
fit_per_format = { square = { width = 330 } }
"""
PROJECT = '{"duration": 3, "visuals": [{"type": "TEXT", "text": "{{cta}}"}]}'


def shop(home: Path, contract: str = CONTRACT) -> Path:
    """A template folder with a font in it."""
    (home / "fonts").mkdir(exist_ok=True)
    shutil.copy(POPPINS, home / "fonts" / "Poppins.ttf")
    (home / "contract.toml").write_text(contract)
    (home / "project.json").write_text(PROJECT)
    return home


@pytest.mark.parametrize(
    ("format_name", "text", "words"),
    [
        ("wide", "Discover the collection", None),
        ("square", "Shop now", None),
        (
            "square",
            "Discover the collection",
            '"CTA" does not fit the Square format. Try 16 characters or fewer.',
        ),
        ("wide", "W" * 30, '"CTA" does not fit the Wide format. Try 16 characters or fewer.'),
        ("wide", "i" * 30, None),
    ],
)
def test_text_fit_in_real_letters(tmp_path: Path, format_name: str, text: str, words: str | None):
    """Thirty narrow letters fit where seventeen wide ones do not: measured, not counted."""
    template = load_template(shop(tmp_path))
    judged = judge(Content((("cta", text),), format_name), template.contract, measure=template.measure)

    if words is None:
        assert isinstance(judged, Record)
    else:
        assert isinstance(judged, Rejection)
        assert (judged.code.value, judged.text) == ("TEXT-FIT", words)


def test_another_font_is_another_version(tmp_path: Path):
    """The file's content counts, not its name."""
    before = load_template(shop(tmp_path)).hash
    shutil.copy(INTER, tmp_path / "fonts" / "Poppins.ttf")

    assert load_template(tmp_path).hash != before


@pytest.mark.parametrize(
    ("old", "new", "words"),
    [
        ("size = 40, ", "", 'the fit of [fields.cta] in "wide" lacks size; add it.'),
        ("fonts/Poppins.ttf", "fonts/None.ttf", "cannot be read: No such file or directory; [fields.cta] measures with it."),
        ("fonts/Poppins.ttf", "contract.toml", "is no font file; TrueType and OpenType can be read; [fields.cta]"),
        ("fonts/Poppins.ttf", "../Poppins.ttf", "../Poppins.ttf is outside the template's folder; copy it into it."),
        ("fonts/Poppins.ttf", "/etc/passwd", "/etc/passwd is outside the template's folder"),
        ("size = 40", "size = 0", "fields.cta.fit.size: Input should be greater than 0"),
        ("size = 40", "sice = 40", "fields.cta.fit.sice is no key of a contract; did you mean size?"),
        ("{ square =", "{ tall =", 'limits the unknown format "tall" in fit_per_format'),
        ("required = true", 'fallback = "Discover the collection"', "breaks its own rule"),
    ],
)  # fmt: skip
def test_fit_that_cannot_be_measured(tmp_path: Path, old: str, new: str, words: str):
    """Told with the place and the fix."""
    with pytest.raises(TemplateError, match=re.escape(words)):
        load_template(shop(tmp_path, CONTRACT.replace(old, new)))

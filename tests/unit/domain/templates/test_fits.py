"""Text fit: lines break as a browser breaks them, and the message names a number that fits."""

from __future__ import annotations

from dataclasses import replace

import pytest
import regex
from builders import contract
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.contract import Field
from bot.domain.records import Content, Record, Rejection, judge
from bot.domain.templates.fits import Fit, fits, longest_that_fits

BOX = Fit("fonts/x.ttf", "0" * 64, size=20, width=100, lines=2)


def tens(_box, text):
    """Every sign is ten pixels wide."""
    return 10.0 * len(text)


@pytest.mark.parametrize(
    ("text", "does_fit"),
    [
        ("", True),
        ("0123456789", True),
        ("01234567890", False),  # no line holds the word
        ("0123456789 0123456789", True),
        ("0123456789 0123456789 x", False),
        ("aaaa bbbbb ccccccccc", True),
        ("aaaaa bbbbb cccccccccc", False),  # the first two need eleven signs, the blank included
        ("aaaaa bbbbb", True),
        ("  aaaa \n\n bbbbb  ", True),  # line ends are blanks there
        ("wonderful-looking", True),  # breaks after the hyphen
        ("wonderful_looking", False),
        ("12345-67890", False),  # a number is not broken
        ("日本語のテキストです日本語のテキストです", True),
        ("日本語のテキストです日本語のテキストです日", False),
        ("日本語のテキストです、日本語のテキストです", False),  # no line begins with a comma
        ("no\u00a0break here", True),
        ("never\u00a0a\u00a0break", False),
    ],
)
def test_lines_of_ten_signs(text, does_fit):
    """Two lines of ten signs."""
    assert fits(text, BOX, tens) is does_fit


def test_capitals_are_measured_as_capitals():
    """What a style turns into capitals is wider than it was typed."""

    def measured(box, text):
        return sum(12.0 if sign.isupper() else 8.0 for sign in text)

    assert fits("a" * 12, replace(BOX, lines=1), measured)
    assert not fits("a" * 12, replace(BOX, lines=1, uppercase=True), measured)


@pytest.mark.parametrize(
    ("text", "longest"),
    [("aaaaa bbbbb ccccc ddddd", 16), ("x" * 30, 10), ("👨‍👩‍👧‍👦" * 9, 1), ("aaaa " + "b" * 20, 15)],
)
def test_how_much_fits(text, longest):
    """Counted in what the eye takes for one character, without the blank at the end."""
    assert longest_that_fits(text, BOX, tens) == longest


@given(st.text("ab -日、👩‍", min_size=1, max_size=60))
def test_what_is_named_fits(text):
    """The beginning of that length really fits, unless not even one sign does."""
    if not text.strip():
        return
    longest = longest_that_fits(text.strip(), BOX, tens)

    assert longest == 1 or fits(text.strip()[: _end(text.strip(), longest)], BOX, tens)


def _end(text, characters):
    ends = [found.end() for found in regex.finditer(r"\X", text)]
    return ends[min(characters, len(ends)) - 1]


FIELD = Field("cta", "CTA", max_chars=30, fits={"square": replace(BOX, lines=1)})


@pytest.mark.parametrize(
    ("format_name", "text", "code", "words"),
    [
        ("wide", "Buy it right now", None, None),
        ("square", "Buy it now", None, None),
        (
            "square",
            "Buy it right now",
            "TEXT-FIT",
            '"CTA" does not fit the Square format. Try 10 characters or fewer.',
        ),
        ("square", "x" * 31, "TEXT-LONG", '"CTA" is 31 characters; the limit is 30. Shorten by 1.'),
    ],
)
def test_text_that_does_not_fit(format_name, text, code, words):
    """Only in the format that is too narrow, and after the plain limit; the message says what to do."""
    judged = judge(Content((("cta", text),), format_name), contract(FIELD), measure=tens)

    if code is None:
        assert isinstance(judged, Record)
    else:
        assert isinstance(judged, Rejection)
        assert (judged.code.value, judged.text) == (code, words)


def test_nobody_to_measure():
    """A payload made again was measured before: its font need not be there any more."""
    judged = judge(Content((("cta", "Buy it right now"),), "square"), contract(FIELD))

    assert isinstance(judged, Record)


def test_not_even_one_sign():
    """Where nothing fits, no number is named."""
    narrow = replace(FIELD, fits={"square": replace(BOX, width=5)})
    judged = judge(Content((("cta", "Buy"),), "square"), contract(narrow), measure=tens)

    assert isinstance(judged, Rejection)
    assert judged.text == '"CTA" does not fit the Square format. Try shorter words.'

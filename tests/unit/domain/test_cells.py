"""Cells: one normal form, lengths as people count, ticks however they arrive."""

from __future__ import annotations

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.cells import (
    Cell,
    cell_text,
    cells_mark,
    clipped,
    column_letters,
    fold,
    graphemes,
    is_error,
    is_ticked,
    undrawable,
)

CELLS = st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text()


@pytest.mark.parametrize(
    ("cell", "text"),
    [
        (None, ""),
        (True, "TRUE"),
        (False, "FALSE"),
        (12, "12"),
        (12.0, "12"),
        (-3.0, "-3"),
        (19.9, "19.9"),
        (1e15, "1.00000000000000e+15"),
        (12345678901234567890, "1.23456789012346e+19"),
        (0.1 + 0.2, "0.3"),
        (1e-7, "0.0000001"),
        (float("inf"), "inf"),
        ("a\ud800b", "a\ufffeb"),
        ("  Sale ", "Sale"),
        ("\u00a0\u3000Sale\u200b\ufeff", "Sale"),
        ("one\r\ntwo\rthree", "one\ntwo\nthree"),
        ("\nSale\t", "Sale"),
        ("a  b", "a  b"),
        ("Cafe\u0301", "Café"),
        ("", ""),
    ],
)
def test_normal_text(cell, text):
    """Differences nobody sees are gone; everything else stays."""
    assert cell_text(cell) == text


@given(CELLS)
def test_normal_text_is_final(cell):
    """Normal text is its own normal text, so a fingerprint does not depend on how often it was read."""
    text = cell_text(cell)

    assert cell_text(text) == text
    assert unicodedata.is_normalized("NFC", text)


@pytest.mark.parametrize("cell", [True, 1, 1.0, "TRUE", " true ", "True"])
def test_ticked(cell):
    """A tick counts also when it arrived as text or as a number."""
    assert is_ticked(cell)


@pytest.mark.parametrize("cell", [None, False, 0, 2, 0.5, "", "FALSE", "yes", "x", "TRUE?"])
def test_not_ticked(cell):
    """Nothing else is a tick: a guess would cost money."""
    assert not is_ticked(cell)


@pytest.mark.parametrize("cell", ["#REF!", "#N/A", " #ERROR! ", "Loading..."])
def test_formula_errors(cell):
    """A broken or unfinished formula is told from text."""
    assert is_error(cell)


@pytest.mark.parametrize("cell", [None, 0, True, "#REF! is an error", "#sale", "Loading"])
def test_no_formula_errors(cell):
    """Text that only mentions an error is text."""
    assert not is_error(cell)


@pytest.mark.parametrize(
    ("text", "length"),
    [
        ("", 0),
        ("Sale", 4),
        ("👨‍👩‍👧‍👦", 1),
        ("🇩🇪🇫🇷", 2),
        ("👍🏽", 1),
        ("e\u0301a\u0308", 2),
        ("नि", 1),
        ("a\r\nb", 3),
    ],
)
def test_f_C03_length_as_people_count(text, length):
    """What the eye takes for one character counts one."""
    assert graphemes(text) == length


@pytest.mark.parametrize(
    ("text", "sign"),
    [
        ("a\x00b", "\x00"),
        ("a\x1bb", "\x1b"),
        ("\ud800", "\ud800"),
        ("\ufffe", "\ufffe"),
        ("\u0378", "\u0378"),
        ("Grüße 👨‍👩‍👧 مرحبا\n\tline", None),
    ],
)
def test_undrawable(text, sign):
    """Controls, lone surrogates and unassigned signs are found; line ends, tabs and joiners are fine."""
    assert undrawable(text) == sign


@pytest.mark.parametrize(
    "header", ["What to do", "what_to_do", " WHAT-TO-DO? ", "What\u00a0to  do", "Ｗhat to do"]
)
def test_folded_headers(header):
    """Capitals, blanks, punctuation and width do not matter in a header."""
    assert fold(header) == "whattodo"


@pytest.mark.parametrize(
    ("position", "letters"), [(0, "A"), (25, "Z"), (26, "AA"), (701, "ZZ"), (702, "AAA")]
)
def test_column_letters(position, letters):
    """Columns are spelled as a spreadsheet does."""
    assert column_letters(position) == letters


ROWS = st.lists(st.lists(CELLS, max_size=4), max_size=4)


@given(one=ROWS, other=ROWS)
def test_marks_are_equal_for_the_very_same_cells_only(one: list[list[Cell]], other: list[list[Cell]]):
    """Cells that look alike to Python, such as True, 1 and 1.0, still differ."""
    assert (cells_mark(*one) == cells_mark(*other)) is (repr(one) == repr(other))


@pytest.mark.parametrize(("one", "other"), [(True, 1), (1, 1.0), (1, "1"), (None, ""), ("\ud800", "?")])
def test_equal_numbers_have_marks_of_their_own(one: Cell, other: Cell):
    """A checkbox that became a number is a change."""
    assert cells_mark([one]) != cells_mark([other])


def test_rows_do_not_run_together():
    """Two cells in one row are not one cell in each of two rows."""
    assert cells_mark(["a", "b"]) != cells_mark(["a"], ["b"])


@pytest.mark.parametrize(
    ("text", "longest", "kept"),
    [
        ("Sale", 4, "Sale"),
        ("Sales", 4, "Sal…"),
        ("a👨‍👩‍👧‍👦b", 5, "a…"),
        ("a🇩🇪🇫🇷", 4, "a🇩🇪…"),
        ("ae\u0301c", 3, "a…"),
    ],
)
def test_f_C03_cut_between_characters(text, longest, kept):
    """Cutting a text never splits what the eye takes for one character."""
    assert clipped(text, longest) == kept

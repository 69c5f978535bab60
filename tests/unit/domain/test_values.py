"""Values: numbers, amounts, dates and boxes, in any spreadsheet's locale, strictly."""

from __future__ import annotations

from decimal import Decimal

import pytest
from builders import columns, contract, label, project, row, template
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.contract import Field, FieldType, locate
from bot.domain.records import Record, Rejection, judge, read_content
from bot.domain.templates.template import Payload, fill
from bot.domain.values import PATTERNS, Locale, locale_named, value_text

ENGLISH, GERMAN = locale_named("en_US"), locale_named("de_DE")
NUMBER, MONEY, DATE, BOOL = FieldType.NUMBER, FieldType.MONEY, FieldType.DATE, FieldType.BOOL


@pytest.mark.parametrize(
    ("name", "sign"),
    [("en_US", "."), ("en", "."), ("de_DE", ","), ("de", ","), ("de_CH", "."), ("fr_FR", ","), ("es_MX", "."),
     ("pt_BR", ","), ("ja_JP", "."), ("fil", "."), ("", ".")],
)  # fmt: skip
def test_locales(name, sign):
    """The spreadsheet's own setting says how numbers are written in it."""
    assert locale_named(name).decimal_sign == sign


@pytest.mark.parametrize(
    ("kind", "cell", "locale", "text"),
    [
        # What the sheet understood itself is the same number in every locale.
        (NUMBER, 1.5, GERMAN, "1.5"),
        (NUMBER, 12, ENGLISH, "12"),
        (NUMBER, 0.1 + 0.2, ENGLISH, "0.3"),
        (NUMBER, "1,5", GERMAN, "1.5"),
        (NUMBER, "1.5", ENGLISH, "1.5"),
        (NUMBER, " -3 ", ENGLISH, "-3"),
        (MONEY, 19.9, ENGLISH, "19.90"),
        (MONEY, 19, ENGLISH, "19"),
        (MONEY, 59.699999999999996, ENGLISH, "59.70"),
        (MONEY, "19,90", GERMAN, "19.90"),
        (MONEY, "19.9", ENGLISH, "19.90"),
        (DATE, 46_237.0, ENGLISH, "2026-08-03"),
        (DATE, 46_237.58333333, ENGLISH, "2026-08-03 14:00"),
        (DATE, 61, ENGLISH, "1900-03-01"),
        (DATE, 60_000, ENGLISH, "2064-04-08"),
        (BOOL, True, ENGLISH, "TRUE"),
        (BOOL, "true", ENGLISH, "TRUE"),
        (BOOL, False, ENGLISH, ""),
        (BOOL, "FALSE", ENGLISH, ""),
        (BOOL, None, ENGLISH, ""),
    ],
)
def test_one_spelling(kind, cell, locale, text):
    """However it was typed, a value has one spelling."""
    assert value_text(kind, cell, locale) == text


@pytest.mark.parametrize("locale", [ENGLISH, GERMAN])
@pytest.mark.parametrize(
    ("kind", "cell"),
    [
        *((kind, text) for kind in (NUMBER, MONEY) for text in (
            "1e999", "NaN", "inf", "١٢", "0x10", "12 %", "12%", "€ 9", "$9", "9 EUR", "1 000", "1.234,56", "1,234.56",
            "--1", "1-", ".5", ",5", "5.", "²", "1_000", "9" * 20, True, False, 1e15, 12345678901234567890,
        )),
        (MONEY, 1.999), (MONEY, "1.999"), (MONEY, "1,999"),
        *((DATE, cell) for cell in ("2026-08-03", "03.08.2026", "8/3/26", "tomorrow", 0, 0.5, 60, -1, 1e300, True)),
        *((BOOL, cell) for cell in ("WAHR", "yes", "x", 1, 0)),
    ],
)  # fmt: skip
def test_f_C08_C09_nothing_is_guessed(kind, cell, locale):
    """Whatever is not strictly of the type is refused, and the message names the column."""
    field = Field("it", "It", kind)
    [text] = [value_text(kind, cell, locale)]

    assert not text or not PATTERNS[kind].fullmatch(text)
    judged = judge(read(cell, field, locale), contract(field), locale)
    assert isinstance(judged, Rejection)
    assert judged.text.startswith('"It" ')


def read(cell, field, locale=ENGLISH):
    found = locate(["Approve", field.column, *(one.value for one in columns().robot)], contract(field))
    line = row().__class__(2, [False, cell])
    return read_content(line, found, contract(field), locale)


@pytest.mark.parametrize(
    ("cell", "locale", "words"),
    [
        ("1,5", ENGLISH, '"It" should look like 12.5. Now: "1,5".'),
        ("1.5", GERMAN, '"It" should look like 12,5. Now: "1.5".'),
        ("12 %", GERMAN, '"It" should look like 12,5. Now: "12 %".'),
        (1e20, ENGLISH, '"It" is longer than a number can be. Format it as plain text and retype it.'),
    ],
)
def test_f_C08_examples_are_of_the_sheet_s_locale(cell, locale, words):
    """The message shows how a number is written in this very sheet."""
    field = Field("it", "It", NUMBER)
    judged = judge(read(cell, field, locale), contract(field), locale)

    assert isinstance(judged, Rejection)
    assert judged.text == words


@pytest.mark.parametrize("cell", ["12345678901234567890", "00123", "1e5", "+49 170"])
def test_f_C08_long_ids_stay_text(cell):
    """Digits in a text column are no number: none gets lost."""
    field = Field("it", "It")

    assert judge(read(cell, field), contract(field)).content.values == (("it", cell),)


def test_f_C08_long_id_that_became_a_number():
    """Where the sheet itself turned an id into a number, digits are lost already: nothing is rendered of it."""
    field = Field("it", "It")
    judged = judge(read(12345678901234567890, field), contract(field))

    assert isinstance(judged, Rejection)
    assert judged.text.startswith('"It" is longer than a number can be.')


def test_text_of_a_date_column():
    """A date as text is refused in the words for dates."""
    judged = judge(read("2026-08-03", Field("it", "It", DATE)), contract(Field("it", "It", DATE)))

    assert isinstance(judged, Rejection)
    assert (judged.code.value, judged.text) == (
        "DATA-DATE",
        '"It" is text, not a date. Use Format → Number → Date time.',
    )


def test_boxes_alone_make_no_row():
    """A column of empty boxes is not a thousand rows."""
    assert read(False, Field("it", "It", BOOL)).is_blank


@pytest.mark.parametrize(("cell", "stays"), [(True, True), (False, False)])
def test_a_box_decides_what_is_shown(cell, stays):
    """`condition` takes a box for what it is."""
    fields = (Field("headline", "Headline"), Field("count", "Count", BOOL))
    badge = {"type": "TEXT", "text": "Sale", "condition": "{{count}}"}
    design = template(
        contract=contract(*fields, formats=("wide",)), projects={"wide": project(badge)}, name_rule="{row_id}"
    )
    content = read_content(row(count=cell), columns(), design.contract)
    judged = judge(content, design.contract)
    assert isinstance(judged, Record)
    filled = fill(design, judged, label())

    assert isinstance(filled, Payload)
    assert len(filled.project["visuals"]) == stays


@given(st.floats(allow_nan=False) | st.integers() | st.text(max_size=20), st.sampled_from(["de", "en"]))
def test_f_C08_money_is_exact(cell, name):
    """An amount that passes has no or two decimals, and is what the sheet shows, to the cent."""
    text = value_text(MONEY, cell, locale_named(name))

    if PATTERNS[MONEY].fullmatch(text) and not isinstance(cell, str):
        assert Decimal(text) == Decimal(f"{cell:.15g}")


@given(st.text(max_size=20), st.sampled_from([NUMBER, MONEY, DATE, BOOL]), st.sampled_from([",", "."]))
def test_one_spelling_is_final(text, kind, sign):
    """What was read once reads the same again where points are used."""
    once = value_text(kind, text, Locale(sign))

    assert kind is DATE or value_text(kind, once, Locale(".")) == once or once.startswith("'")

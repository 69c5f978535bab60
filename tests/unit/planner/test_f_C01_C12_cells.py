"""Cells as hostile data: whatever people type is rendered faithfully or refused by name, and harms no neighbour."""

from __future__ import annotations

import json
import unicodedata
from dataclasses import replace
from html import unescape

import pytest
from builders import FIELDS, Desk, columns, content, contract, label, record, row, template
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.domain.cells import ERROR_WORDS, LOADING_WORDS, Formula, cell_text
from bot.domain.contract import PeopleColumn, RobotColumn
from bot.domain.records import Record, judge, read_content
from bot.domain.templates.template import Payload, fill
from bot.planner.plan import plan

ANY_TEXT = st.text(st.characters(), max_size=40)
"""Half characters too: JSON can spell them."""

ANY_CELL = (
    ANY_TEXT
    | st.booleans()
    | st.integers()
    | st.floats(allow_nan=False)
    | st.sampled_from(
        [*sorted(ERROR_WORDS), "=1+1", "+49", "-x", "@a", "\t=A1", "{{price}}", "{% raw %}", "${a}"]
    )
)
TYPED = {
    **{one.column: ("data", one.key) for one in FIELDS},
    **{name.value: ("people", name) for name in PeopleColumn},
}


def drawn(headline):
    """What a template shows of this headline, after its markup is read."""
    design = template({"type": "SVG", "svg": "<svg><text>{{headline}}</text></svg>"})
    said = record(headline)
    filled = fill(design, said, label())
    assert isinstance(filled, Payload)
    return unescape(
        json.loads(filled.body)["visuals"][0]["svg"].removeprefix("<svg><text>").removesuffix("</text></svg>")
    )


def desk_with(column, cell):
    """Two rows, the first with this cell; both were seen twice."""
    desk = Desk(row("First"), row("Second", number=3))
    desk.tick()
    line = list(desk.rows[0].cells)
    kind, key = TYPED[column]
    line[(columns().data if kind == "data" else columns().people)[key]] = cell
    desk.rows[0] = replace(desk.rows[0], cells=line)
    return desk


@pytest.mark.parametrize("column", [one.column for one in FIELDS])
@pytest.mark.parametrize("word", sorted(ERROR_WORDS))
def test_f_C01_broken_formulas(column, word):
    """A formula that is broken or still loading is never drawn; the row names its cell."""
    desk = desk_with(column, word)
    desk.tick()

    assert desk.status() == "Needs fixing"
    is_loading = word in LOADING_WORDS
    assert desk.advice().startswith(
        f'"{column}" is still loading.' if is_loading else f'"{column}" shows {word}'
    )
    assert desk.shows(RobotColumn.PROBLEM_CODE) == "CELL-ERROR"


@pytest.mark.parametrize(
    "text",
    ["👨‍👩‍👧‍👦 🇩🇪 👍🏽", "Cafe\u0301", "مرحبا 123", "שלום abc", "a\u200bb\u200dc", "𝕊𝕒𝕝𝕖 𠜎", "नि", "ﷺ"],
)
def test_f_C03_every_script_stays(text):
    """Joined emoji, marks, right-to-left and signs beyond the first plane reach the payload as they are."""
    assert drawn(cell_text(text)) == unicodedata.normalize("NFC", text)


@pytest.mark.parametrize(
    ("cell", "text"),
    [
        ("a\r\nb\rc", "a\nb\nc"),
        ("\u00a0 a \u3000", "a"),
        ("a\u00a0b\u3000c", "a\u00a0b\u3000c"),
        ("a\tb", "a\tb"),
        ("\ufeffa\u200b", "a"),
    ],
)
def test_f_C04_line_ends_and_blanks(cell, text):
    """Outer blanks go and line ends are newlines; what stands inside stays."""
    assert drawn(cell_text(cell)) == text


@pytest.mark.parametrize(
    "sign", ["\x00", "\x07", "\x1b", "\x7f", "\x85", "\ud800", "\ufffe", "\uffff", "\U0001fffe"]
)
@pytest.mark.parametrize("column", ["Headline", "Badge", "Link"])
def test_f_C05_control_characters(column, sign):
    """What nobody can see or draw is refused by name before anything is built of it."""
    desk = desk_with(column, f"https://a{sign}b")
    desk.tick()

    assert desk.status() == "Needs fixing"
    assert desk.advice().startswith(f'"{column}" holds an invisible character (U+')


def test_f_C06_fifty_thousand_characters_everywhere():
    """A row full of text names its columns in one short sentence, and its neighbour goes on."""
    long = "{ <a\u0301👨‍👩‍👧‍👦" * 5_000
    desk = Desk(row(long, price=long, accent=long, badge=long, link=long, mood=long, count=long, format=long,
                    render_at=long, priority=long), row("Second", number=3))  # fmt: skip
    desk.tick()

    assert desk.status() == "Needs fixing"
    assert desk.advice().startswith('9 things to fix: "Format", "Headline", "Price", "Accent colour", "Link"')
    assert all(len(str(cell)) <= 1000 for cell in (desk.shows(column) or "" for column in RobotColumn))
    assert desk.status(1) == "Ready to approve"


@pytest.mark.parametrize("text", ["=1+1", "+49 170", "-5", "@home", "\t=A1", "=IMPORTXML(A1)"])
def test_f_C07_formula_like_text(text):
    """It is drawn as text; no formula of ours is made of it, and what the robot echoes begins otherwise."""
    assert drawn(cell_text(text)) == cell_text(text)
    desk = desk_with("Format", text)
    decided = plan(desk.look(), desk.policy)

    formulas = [edit.value.text for edit in decided.edits if isinstance(edit.value, Formula)]
    echoed = [edit.value for edit in decided.edits if isinstance(edit.value, str)]
    assert formulas == []
    assert any(cell_text(text) in one for one in echoed)
    assert not any(one.startswith(("=", "+", "-", "@", "\t")) for one in echoed)


@pytest.mark.parametrize("spelled", ["{0}", " {0} ", "{0}\u00a0", "{1}"])
def test_f_C10_ids_are_compared_in_one_spelling(spelled):
    """Capitals and blanks around an id are no other id; the robot's own spelling comes back."""
    desk = Desk(row())
    desk.tick()
    known = desk.id()
    desk.spoil(RobotColumn.ROW_ID, spelled.format(known, known.upper()))
    desk.tick()

    assert desk.id() == known
    assert len(desk.memory.entries) == 1


@pytest.mark.parametrize(
    "junk",
    [
        "../x",
        "con",
        "__proto__",
        "r" * 300,
        "rаааb",
        "r 1",
        "r7k3q\u0301",
        "ｒ７ｋ３ｑ",
        "r7k3q\x00",
        "=r7k3q",
        "true",
        True,
        7,
    ],
)
def test_f_C10_no_id_is_made_of_junk(junk):
    """What is no id of ours names nothing, is used for nothing, and is put right."""
    desk = Desk(row())
    desk.tick()
    known = desk.id()
    desk.spoil(RobotColumn.ROW_ID, junk)
    desk.tick()
    desk.tick()

    assert desk.id() == known
    assert set(desk.memory.entries) == {known}


@pytest.mark.parametrize("text", ["{{price}}", "{{ x | y }}", "a {{", "{{{a}}}"])
def test_f_C11_placeholders_in_values(text):
    """Double braces are refused: neither we nor the service fill them in again."""
    desk = desk_with("Headline", text)
    desk.tick()

    assert desk.advice() == '"Headline" holds "{{". Please write it without double braces.'


@pytest.mark.parametrize(
    "text", ["{% raw %}", "${price}", "{price}", "#{x}", "<%= x %>", "}} {", "%s %(a)s", "\\n \\u0041"]
)
def test_f_C11_other_template_languages_are_text(text):
    """Signs of other languages mean nothing and are drawn as they are."""
    assert drawn(text) == text


@pytest.mark.parametrize(
    ("cell", "text"), [(True, "TRUE"), (False, "FALSE"), (46_237.0, "46237"), (0.12, "0.12")]
)
def test_f_C12_cells_that_hold_no_text(cell, text):
    """A checkbox, a date and a per cent in a text column are what the sheet holds, not how it shows them."""
    assert read_content(row(badge=cell), columns(), contract()) == content(badge=text)


@settings(max_examples=150, deadline=None)
@given(st.sampled_from(sorted(TYPED)), ANY_CELL)
def test_any_text_in_any_cell(column, cell):
    """Whatever is typed into whichever of people's cells: faithful, or refused by the cell's name; no crash, and the
    neighbour does not notice."""
    desk = desk_with(column, cell)
    neighbour = list(desk.rows[1].cells)

    decided = desk.tick()

    assert decided.bugs == ()
    assert desk.rows[1].cells == neighbour
    json.dumps([edit.value for edit in decided.edits if isinstance(edit.value, str)]).encode()
    refused = desk.status() == "Needs fixing"
    if refused:
        assert f'"{column}"' in desk.advice()
    else:
        judged = judge(read_content(desk.rows[0], columns(), contract()), contract())
        assert isinstance(judged, Record)
    if column == "Headline" and not refused:
        assert drawn(cell_text(cell)) == cell_text(cell)

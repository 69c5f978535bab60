"""Contracts drafted for projects that have none."""

from __future__ import annotations

import tomllib
from dataclasses import replace
from typing import Any

import pytest

from bot.domain.contract import Field, FieldType
from bot.domain.templates.drafting.columns import Drafted
from bot.domain.templates.drafting.contract_text import contract_text
from bot.domain.templates.drafting.draft import Draft, draft


def drafted(*visuals: dict[str, Any], **keys: Any) -> Draft:
    return draft({"type": "video", "resolution": "hd", "visuals": list(visuals), **keys}, "Spring")


def only(*visuals: dict[str, Any], default: Any = None, name: str = "x") -> Drafted:
    """The one column of these visuals."""
    variables = {name: default} if default is not None else {}
    [column] = drafted(*visuals, variables=variables).columns
    return column


def text(words: str) -> dict[str, Any]:
    return {"type": "TEXT", "text": words}


@pytest.mark.parametrize(
    ("default", "kind", "fallback", "limit"),
    [
        (None, FieldType.TEXT, "", None),
        ("", FieldType.TEXT, "", None),
        ("Hello", FieldType.TEXT, "Hello", 10),
        ("x" * 40, FieldType.TEXT, "x" * 40, 50),
        ("#2dd4bf", FieldType.COLOR, "#2dd4bf", None),
        ("#abc", FieldType.COLOR, "#aabbcc", None),
        ("https://example.com/", FieldType.URL, "https://example.com/", None),
        (19.9, FieldType.NUMBER, "19.9", None),
        (True, FieldType.BOOL, "", None),
    ],
)
def test_a_place_for_anything_takes_what_its_default_is(
    default: Any, kind: FieldType, fallback: str, limit: int | None
):
    """Required where there is no default; with room beyond the default where it is text."""
    field = only(text("{{x}}"), default=default).field

    assert (field.type, field.fallback, field.max_chars) == (kind, fallback, limit)
    assert field.required is (not fallback and kind is not FieldType.BOOL)


@pytest.mark.parametrize(
    ("visuals", "default", "kind"),
    [
        ([text("{{x}}"), {"backgroundColor": "{{x}}"}], None, FieldType.COLOR),
        (
            [{"html": '<b style="border: 1px solid {{x}}">'}, {"svg": '<rect fill="{{x}}"/>'}],
            None,
            FieldType.COLOR,
        ),
        ([{"html": '<b style="border: 1px solid {{x}}">'}], "#123456", FieldType.COLOR),
        ([{"html": '<b style="border: {{x}}">'}], 3, FieldType.NUMBER),
        ([{"html": '<b style="border: {{x}}">'}], None, FieldType.NUMBER),
        ([{"type": "IMAGE", "src": "{{x}}"}, text("{{x}}")], None, FieldType.IMAGE),
    ],
)
def test_every_place_has_a_say(visuals: list[dict[str, Any]], default: Any, kind: FieldType):
    """What does for all of them; where several would, the default tells."""
    column = only(*visuals, default=default)

    assert column.field.type is kind
    assert not any("stands where" in remark for remark in column.remarks)


def test_a_name_may_tell_a_colour():
    """Where neither place nor default do."""
    column = only({"html": '<b style="border: {{brandTint}}">'}, name="brandTint")

    assert column.field.type is FieldType.COLOR


def test_places_that_cannot_agree_are_remarked():
    """The first one is taken."""
    column = only({"type": "IMAGE", "src": "{{x}}"}, {"backgroundColor": "{{x}}"})

    assert column.field.type is FieldType.IMAGE
    assert column.remarks == ("stands where color and image must stand: give it two names, or choose",)


@pytest.mark.parametrize(
    ("default", "font"), [("Inter", "Inter"), (None, "Poppins")], ids=["its own", "the service's"]
)
def test_a_font_is_a_choice(default: str | None, font: str):
    """Nobody may type styles: the fonts are listed."""
    column = only({"text": "a", "style": {"fontFamily": "{{x}}"}}, default=default)

    assert (column.field.type, column.field.choices) == (FieldType.CHOICE, (font,))
    assert column.remarks == ("list the fonts people may choose from in choices",)


@pytest.mark.parametrize(
    ("visual", "default", "words"),
    [
        ({"backgroundColor": "{{x}}"}, "red", "its default in the project does not do: "),
        ({"width": "{{x}}"}, "wide", "its default in the project does not do: "),
        (text("{{x}}"), "Hello {{y}}", "its default in the project does not do: "),
        (text("{{x}}"), ["a"], "its default in the project is a list or an object, which no cell can hold"),
        (
            text("{{x}}"),
            {"a": 1},
            "its default in the project is a list or an object, which no cell can hold",
        ),
    ],
)
def test_a_default_no_cell_could_hold_is_left_out(visual: dict[str, Any], default: Any, words: str):
    """Then the column must be filled."""
    column = only(visual, default=default)

    assert column.remarks[0].startswith(words)
    assert (column.field.fallback, column.field.required) == ("", True)


def test_columns_are_called_by_people_s_words():
    """Camel case and underscores are taken apart; no title twice, none that means something to the robot."""
    names = ("productImageUrl", "cta_text", "headLine", "head_line", "Head_Line", "status", "Status2", "h1")
    columns = drafted(text(" ".join("{{" + name + "}}" for name in names))).columns

    assert [one.field.column for one in columns] == [
        *("Product image URL", "CTA text", "Head line", "Head line text", "Head line 2"),
        *("Status text", "Status 2", "H 1"),
    ]
    assert [one.field.key for one in columns] == list(names)


def test_names_that_leave_no_word_are_kept():
    """One letter, a thousand times alike."""
    names = ["a" + "_" * count for count in range(1002)]
    columns = drafted(text(" ".join("{{" + name + "}}" for name in names))).columns

    assert columns[0].field.column == "A"
    assert columns[2].field.column == "A 2"
    assert columns[-1].field.column == names[-1]


def test_what_no_column_fills_is_remarked():
    """Paths, a scene's own variables, variables nothing uses; the robot's own names need no column."""
    made = drafted(
        text("{{item.name}} {{row_id}} {{format}}"),
        scenes=[{"variables": {"own": "1"}, "visuals": [text("{{own}} {{a}}")]}],
        variables={"left": "1"},
    )

    assert [one.field.key for one in made.columns] == ["a"]
    assert made.remarks == (
        "visuals[0].text: {{item.name}} cannot be filled by a column; a plain name could.",
        "scenes[0].visuals[0].text: {{own}} is its scene's own variable, alike in every video.",
        "Nothing in the project uses left.",
    )


@pytest.mark.parametrize(
    ("keys", "shape", "resolution", "remarks"),
    [
        ({"resolution": "instagram-reel"}, "vertical", "instagram-reel", 0),
        ({"resolution": "squared"}, "square", "squared", 0),
        ({"resolution": "custom", "width": 800, "height": 600}, "wide", "custom", 0),
        ({"resolution": None}, "wide", "hd", 1),
        ({"resolution": "gigantic", "variables": "none"}, "wide", "hd", 1),
    ],
)
def test_the_format_follows_from_the_size(keys: dict[str, Any], shape: str, resolution: str, remarks: int):
    """Named as people would; where the project says nothing, so does the draft."""
    made = drafted(text("{{x}}"), **keys)

    assert (made.format, made.resolution, len(made.remarks)) == (shape, resolution, remarks)


def test_without_placeholders_there_are_candidates():
    """Texts people read and links, with their paths and a name for each; nothing twice, nothing blank."""
    made = drafted(
        text("Big sale today"),
        text("Big sale tomorrow"),
        text("  "),
        text("€ 9"),
        {"type": "SVG", "svg": "<svg><text>Shop\n now</text><text> </text></svg>"},
        {"type": "IMAGE", "src": "https://cdn.example/a.jpg"},
        {"type": "TEXT", "text": "a b", "style": {"text": "x"}, "position": "center-center"},
    )

    assert made.columns == ()
    assert [(one.path, one.text, one.name) for one in made.candidates] == [
        ("visuals[0].text", "Big sale today", "big_sale"),
        ("visuals[1].text", "Big sale tomorrow", "big_sale2"),
        ("visuals[3].text", "€ 9", "text"),
        ("visuals[4].svg", "Shop now", "shop_now"),
        ("visuals[5].src", "https://cdn.example/a.jpg", "image"),
        ("visuals[6].text", "a b", "a_b"),
    ]


def test_the_contract_says_all_of_it():
    """Valid TOML, whatever stands in the project; every line that was guessed has a word beside it."""
    nasty = 'Say "hi"\\ \n[fields.x]'
    made = drafted(
        text("{{headline}} {{note}}"),
        {"type": "IMAGE", "src": "{{picture}}"},
        {"text": "a", "style": {"fontFamily": "{{font}}", "color": "{{tint}}"}},
        *(text("{{headline}}") for _ in range(4)),
        variables={"headline": nasty, "tint": "red"},
    )
    written = contract_text(replace(made, title='"\x7f"'))
    said = tomllib.loads(written)

    assert (said["version"], said["title"], said["name"]) == ("1", '"\x7f"', "{headline}-{row_id}-{format}")
    assert said["formats"] == {"wide": "hd"}
    assert said["fields"] == {
        "headline": {"column": "Headline", "type": "text", "max_chars": 30, "fallback": nasty},
        "note": {"column": "Note", "type": "text", "required": True},
        "picture": {"column": "Picture", "type": "image", "required": True},
        "font": {"column": "Font", "type": "choice", "choices": ["Poppins"], "required": True},
        "tint": {"column": "Tint", "type": "color", "required": True},
    }
    assert (
        "# {{headline}} in visuals[0].text, visuals[3].text, visuals[4].text and 2 more places: any text"
        in written
    )
    assert "# LOOK: its default in the project does not do: " in written
    assert "# max_chars = 40" in written


def test_a_contract_without_texts_is_named_by_the_row():
    """There is nothing else to name it by."""
    said = tomllib.loads(contract_text(drafted({"type": "IMAGE", "src": "{{picture}}"})))

    assert said["name"] == "{row_id}-{format}"
    assert Field("picture", said["fields"]["picture"]["column"]).column == "Picture"

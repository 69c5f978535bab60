"""Blueprints: a value is spelled for its place, and a placeholder where any value could do harm is a flaw."""

from __future__ import annotations

from urllib.parse import urlsplit

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.contract import Field, FieldType
from bot.domain.templates.blueprint import draw_up
from bot.domain.templates.nodes import DoesNotFitError
from bot.domain.templates.proven import Proven

FIELDS = {
    one.key: one
    for one in (
        Field("words", "Words"),
        Field("tint", "Tint", FieldType.COLOR),
        Field("count", "Count", FieldType.NUMBER),
        Field("sale", "Sale", FieldType.BOOL),
        Field("photo", "Photo", FieldType.IMAGE),
        Field("site", "Site", FieldType.URL),
        Field("mood", "Mood", FieldType.CHOICE, choices=("Calm", "Very loud", "10%")),
        Field("trick", "Trick", FieldType.CHOICE, choices=("Calm", "red;background:url(x)")),
    )
}


def slot(name):
    return "{{" + name + "}}"


BLANK = {**dict.fromkeys(FIELDS, ""), "row_id": "raaab", "format": "wide"}


def drawn(project):
    return draw_up(project, FIELDS, ("row_id", "format"))


def filled(project, **values):
    blueprint = drawn(project)
    assert blueprint.flaws == ()
    return blueprint.root.fill({**BLANK, **values})


def flaws(project):
    return [str(flaw) for flaw in drawn(project).flaws]


@pytest.mark.parametrize("name", ["words", "photo", "trick", "row_id"])
@pytest.mark.parametrize(
    ("key", "markup"),
    [
        ("svg", '<svg><rect fill="NAME"/></svg>'),
        ("svg", '<svg><rect style="fill:NAME"/></svg>'),
        ("html", '<b style="color:NAME">x</b>'),
        ("style", "NAME"),
        ("style", "NAME solid"),
    ],
)
def test_f_X01_free_texts_draw_nothing(key, markup, name):
    """Where a value would be CSS or geometry, the template may only use columns whose values are plain signs."""
    value = markup.replace("NAME", slot(name))
    part = {"style": {"color": value}} if key == "style" else {key: value}

    [told] = flaws({"visuals": [part]})

    assert told.startswith(
        f"visuals[0].{'style.color' if key == 'style' else key}: {{{{{name}}}}} stands where only"
    )


@pytest.mark.parametrize(
    ("name", "value"),
    [("tint", "#a1B2c3"), ("count", "-12.5"), ("mood", "Very loud"), ("sale", "TRUE"), ("format", "wide")],
)
def test_f_X02_plain_signs_may_draw(name, value):
    """Colours, numbers, boxes and choices of plain words are what their type says, and nothing else."""
    drawing = '<svg><rect fill="NAME" style="fill:NAME"/></svg>'.replace("NAME", slot(name))

    visual = filled({"visuals": [{"svg": drawing, "style": {"margin": f"{slot(name)} 0"}}]}, **{name: value})

    assert visual["visuals"][0] == {
        "svg": f'<svg><rect fill="{value}" style="fill:{value}"/></svg>',
        "style": {"margin": f"{value} 0"},
    }


@pytest.mark.parametrize("path", ["src", "thumbnail"])
@pytest.mark.parametrize("name", ["photo", "site"])
def test_whole_addresses(path, name):
    """A whole address comes from a column of links."""
    assert filled({path: f" {slot(name)} "}, **{name: "https://e.example/a?b=1&c"}) == {
        path: "https://e.example/a?b=1&c"
    }


@pytest.mark.parametrize("name", ["words", "count", "row_id"])
@pytest.mark.parametrize("part", [{"src": "NAME"}, {"html": '<img src="NAME">'}])
def test_f_X02_other_columns_are_no_addresses(part, name):
    """Any other column could hold a scheme like `javascript:`."""
    [told] = flaws({key: value.replace("NAME", slot(name)) for key, value in part.items()})

    assert "is a whole address, so its field must be of type image, video, gif, audio or url" in told


@pytest.mark.parametrize(
    "text", ["{{words}}://x.example", "https://{{words}}/x", "https://x.example{{words}}"]
)
def test_f_X02_no_value_makes_a_scheme_or_host(text):
    """A value stands behind the host or is all of the address."""
    assert flaws({"src": text}) == [
        "src: has a placeholder in its scheme or host; it may be all of it, or come after the host"
    ]


@given(st.text(max_size=30), st.sampled_from(["src", "html"]))
def test_f_X02_values_never_change_an_address(text, key):
    """After the host every value is one percent-encoded piece of the path, or refused."""
    address = "https://cdn.example/p/{{words}}/x.png"
    blueprint = drawn({key: address if key == "src" else f'<img src="{address}">'})
    if text and not text.strip("."):
        with pytest.raises(DoesNotFitError) as raised:
            blueprint.root.fill({**BLANK, "words": text})
        assert "only dots" in raised.value.words("Words")
        return
    said = blueprint.root.fill({**BLANK, "words": text})[key]
    whole = urlsplit(said if key == "src" else said.removeprefix('<img src="').removesuffix('">'))

    assert (whole.scheme, whole.netloc, whole.query, whole.fragment) == ("https", "cdn.example", "", "")
    assert whole.path.startswith("/p/")
    assert whole.path.endswith("/x.png")
    assert whole.path.count("/") == 3


@pytest.mark.parametrize(
    ("project", "words"),
    [
        ({"visuals": [{"customCode": {"js": "alert('{{words}}')"}}]}, "would run as code"),
        ({"visuals": [{"svg": "<svg><script/></svg>"}]}, "visuals[0].svg: must not contain <script>"),
        ({"scenes": [{"iterate": "items"}]}, "scenes[0].iterate: cannot be used yet"),
        ({"scenes": [{"iterateAs": "item"}]}, "scenes[0].iterateAs: cannot be used yet"),
    ],
)
def test_what_cannot_be_filled(project, words):
    """The service's loops and its code are no place for what people type."""
    [told] = flaws(project)

    assert words in told


def test_the_editor_s_own_notes_are_plain():
    """What only the editor reads is no markup, whatever its keys are called."""
    notes = {"svg": "<svg>{{words}}", "src": "{{words}}", "style": {"x": "{{words}}"}, "text": "a{{words}}"}

    assert filled({"designer": notes}, words="<b>")["designer"] == {
        "svg": "<svg><b>",
        "src": "<b>",
        "style": {"x": "<b>"},
        "text": "a<b>",
    }


def test_the_project_s_own_name_is_not_filled():
    """The name rule takes its place."""
    assert filled({"name": "{{words}} promo"}, words="<x>") == {"name": ""}


def test_what_does_not_change_is_shared():
    """Parts without a placeholder are the same objects in every payload, and count as looked at."""
    blueprint = drawn({"visuals": [{"type": "SVG", "svg": "<svg/>"}, {"text": "{{words}}"}], "audios": []})
    one, two = (blueprint.root.fill({**BLANK, "words": word}) for word in "ab")

    assert one["visuals"][0] is two["visuals"][0]
    assert isinstance(one["visuals"][0], Proven)
    assert isinstance(one["audios"], Proven)
    assert not isinstance(one["visuals"][1], Proven)
    assert blueprint.used == {"words"}


def test_names_of_a_place():
    """What stands anywhere in a filled project can be traced to the values that made it."""
    sign = {"type": "TEXT", "text": "Sale", "condition": "{{sale}}"}
    words = {"type": "TEXT", "text": "{{words}} {{count}}", "x": "{{count}}", "y": 1}
    blueprint = drawn({"visuals": [sign, words], "duration": 3})
    shown, hidden = {**BLANK, "sale": "TRUE"}, BLANK

    assert blueprint.root.names(("visuals", 1, "x"), shown) == {"count"}
    assert blueprint.root.names(("visuals", 0, "x"), hidden) == {"count"}
    assert blueprint.root.names(("visuals", 0, "text"), hidden) == {"words", "count"}
    assert blueprint.root.names(("visuals", 0), hidden) == {"words", "count"}
    assert blueprint.root.names(("visuals",), hidden) == {"words", "count"}
    assert blueprint.root.names(("visuals", 0, "y"), hidden) == set()
    assert blueprint.root.names(("visuals", 7), hidden) == set()
    assert blueprint.root.names(("duration",), hidden) == set()

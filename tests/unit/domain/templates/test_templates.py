"""Templates: every value is escaped for the place it lands in, or refused by the name of its column."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import Any
from xml.etree.ElementTree import Element

import pytest
from builders import FIELDS, contract, label, project, record, template
from defusedxml.ElementTree import fromstring
from hypothesis import example, given
from hypothesis import strategies as st

from bot.adapters.template_folder import BUILT_IN, load_template
from bot.domain.contract import Contract, Field, FieldType
from bot.domain.records import Content, Problem, Record, judge
from bot.domain.templates.fits import Fit
from bot.domain.templates.rules import check
from bot.domain.templates.template import Payload, Template, fill, unknown_placeholders

ANY_TEXT = st.text(max_size=40) | st.text("<>&\"'{}] \n0123456789;/!-=", max_size=20)
SVG = (
    '<svg xmlns="http://www.w3.org/2000/svg"><g id="{{badge}}"><text>{{headline}} {{price}}</text></g></svg>'
)
HTML = "<div><b>{{headline}}</b></div>"


KINDS = {"svg": "SVG", "html": "TEXT", "text": "TEXT", "src": "IMAGE"}
"""The element each key belongs to."""


def element(**keys: Any) -> dict[str, Any]:
    """An element with the type its keys need."""
    kind = next((KINDS[key] for key in keys if key in KINDS), "TEXT")
    return {
        "type": kind,
        **({"text": "Some words"} if kind == "TEXT" and not {"text", "html"} & set(keys) else {}),
        **keys,
    }


COUNTED = contract(*FIELDS[:-1], replace(FIELDS[-1], fallback="1"))
"""The default contract, where a blank Count means one."""


def counted(count: str, **keys: Any) -> Any:
    """A text's element with a count in it."""
    return filled(design=template(element(text="Some words", **keys), contract=COUNTED), count=count)


def filled(*visuals: dict[str, Any], design: Template | None = None, **data: str) -> Any:
    """The first visual as it is sent, or the problems."""
    payload = fill(design or template(*(element(**one) for one in visuals)), record(**data), label())
    return payload.project["visuals"][0] if isinstance(payload, Payload) else payload


def shape(node: Element) -> list[Any]:
    """An element tree without its texts and attribute values."""
    return [node.tag, sorted(node.attrib), [shape(child) for child in node]]


@pytest.mark.parametrize("key", ["svg", "html"])
def test_f_X01_markup_is_escaped(key):
    """A value in SVG or HTML can become neither markup, nor an attribute's end, nor a placeholder."""
    visual = filled({key: '<svg class="{{headline}}"/>'}, headline="<b a=\"1\" b='2'> & {x}")

    assert visual[key] == (
        '<svg class="&lt;b a&#61;&quot;1&quot; b&#61;&#39;2&#39;&gt; &amp; &#123;x&#125;"/>'
    )


def test_plain_text_is_not_escaped():
    """`text` is no markup: what was typed is what is shown."""
    assert (
        filled({"text": "{{headline}}!"}, headline='Tom & Jerry\'s "best"')["text"]
        == 'Tom & Jerry\'s "best"!'
    )


@pytest.mark.parametrize("sign", ["<", ">"])
def test_plain_text_takes_no_brackets(sign):
    """`text` refuses angle brackets, and the author is told in which column."""
    problems = filled({"text": "{{headline}}"}, headline=f"1 {sign} 2")

    assert [(one.column, one.text) for one in problems] == [
        ("Headline", '"Headline" holds "<" or ">". Please write it without them.')
    ]


@pytest.mark.parametrize(
    ("around", "headline"),
    [("{{headline}}", "Call 12345678"), ("123{{headline}}", "45678"), ("{{headline}}5678 m", "1234")],
)
def test_long_numbers_in_drawings(around, headline):
    """Eight digits in a row, also together with the template's own, are refused in a drawing by name."""
    problems = filled({"svg": f"<svg><text>{around}</text></svg>"}, headline=headline)

    assert [(one.column, one.text) for one in problems] == [
        ("Headline", '"Headline" holds a number of eight or more digits. Please break it up with spaces.')
    ]


@pytest.mark.parametrize("key", ["text", "html"])
def test_long_numbers_elsewhere(key):
    """Outside drawings a long number is fine."""
    assert filled({key: "{{headline}}"}, headline="Call 12345678")[key] == "Call 12345678"


@pytest.mark.parametrize(
    ("typed", "value"),
    [("3", 3), ("-3", -3), ("12.5", 12.5), ("007", 7), ("-007.50", -7.5)],
)
def test_whole_number(typed, value):
    """A string that is one placeholder of a number field becomes a number, however it is spelled."""
    visual = counted(typed, x=" {{ count }} ")

    assert visual["x"] == value
    assert type(visual["x"]) is type(value)


def test_whole_number_of_a_style():
    """Also where it is CSS."""
    fields = (Field("size", "Size", FieldType.NUMBER, fallback="42"),)
    design = template(element(text="x", style={"fontSize": "{{size}}"}), contract=contract(*fields))
    said = judge(Content((("size", ""),), "wide"), design.contract)
    assert isinstance(said, Record)

    assert fill(design, said, label()).project["visuals"][0]["style"] == {"fontSize": 42}


def test_number_inside_an_address():
    """Amid other signs a number stays text."""
    visual = filled({"src": "https://cdn.example/img-{{count}}.png"}, count="3")

    assert visual["src"] == "https://cdn.example/img-3.png"


def test_whole_text():
    """A text field stays text, also when it looks like a number."""
    assert filled({"designer": {"words": "{{headline}}"}}, headline="12")["designer"] == {"words": "12"}


def test_problem_of_a_rule():
    """What the service would refuse is told in the column of the value that is there."""
    problems = counted("7", opacity="{{count}}")

    assert [(one.code.value, one.column, one.text) for one in problems] == [
        ("DATA-FORMAT", "Count", '"Count" must be a number from 0 to 1. Now: "7".')
    ]


def test_problem_of_two_values():
    """Where two places do not go together, the value in either is told."""
    problems = counted("5", enterBegin="{{count}}", enterEnd=3)

    assert [one.text for one in problems] == ['"Count" must not come before enterBegin. Now: "5".']


@pytest.mark.parametrize(
    ("condition", "data", "stays"),
    [
        (True, {}, True),
        (False, {}, False),
        (0, {}, False),
        (None, {}, False),
        ("", {}, False),
        ("false", {}, True),
        ("{{badge}}", {"badge": "New"}, True),
        ("{{badge}}", {"badge": ""}, False),
        ("{{count}}", {"count": "0"}, False),
        ("{{count}}", {"count": "2"}, True),
    ],
)
def test_condition(condition, data, stays):
    """`condition` decides whether an object in a list stays, by the service's own idea of true; it is not sent."""
    sign = {"type": "SVG", "svg": "<svg/>"}
    design = template({**sign, "condition": condition}, sign)

    payload = fill(design, record(**data), label())

    assert isinstance(payload, Payload)
    assert payload.project["visuals"] == [sign] * (2 if stays else 1)


def test_variables_are_not_sent():
    """The editor's sample values are no part of the payload: nothing is left for the service to fill in."""
    design = template(projects={"wide": project(variables={"headline": "Sample"})})

    payload = fill(design, record(), label())

    assert isinstance(payload, Payload)
    assert "variables" not in payload.project
    assert "Sample" not in payload.body


def test_robot_values():
    """Every template may show the row id and the format."""
    assert filled({"text": "{{row_id}} {{format}}"})["text"] == "raaab wide"


def test_adopted_row_id_with_many_digits():
    """A row id found in the sheet may look like a number; it is nobody's text to mend."""
    design = template(element(svg="<svg><text>{{row_id}}</text></svg>"))
    payload = fill(design, record(), label("r123456789a"))

    assert isinstance(payload, Payload)
    drawing = fromstring(payload.project["visuals"][0]["svg"])
    assert "".join(drawing.itertext()) == "r123456789a"
    assert check(payload.project) == ()


def test_fallback_is_filled_in():
    """A blank optional cell shows the template's value."""
    assert filled({"style": {"color": "{{accent}}"}})["style"] == {"color": "#2DD4BF"}


def test_same_input_same_bytes():
    """Filling twice makes the same body, the same hash and the same name."""
    one, two = (fill(template(), record(), label()) for _ in range(2))

    assert isinstance(one, Payload)
    assert isinstance(two, Payload)
    assert (one.body, one.hash, one.name, one.price) == (two.body, two.hash, two.name, two.price)
    assert one.price == 9


def test_other_input_other_hash():
    """Another text makes another payload."""
    one = fill(template(), record(), label())
    two = fill(template(), record("Bigger sale"), label())

    assert isinstance(one, Payload)
    assert isinstance(two, Payload)
    assert one.hash != two.hash


# -- names --------------------------------------------------------------------


@pytest.mark.parametrize(
    ("rule", "headline", "begins"),
    [
        ("{headline}-{row_id}", "Big Sale", "big-sale-raaab-"),
        ("{headline}", "Große Übergrößen", "groe-ubergroen-raaab-"),
        ("{headline}", "../../etc/passwd", "etc-passwd-raaab-"),
        ("{headline}", "x" * 45, f"{'x' * 45}-raaab-"),
        ("{headline}", "\u4e2d\u6587", "raaab-"),
        ("{line2}-{row_id}-{format}", "Big", "second-raaab-wide-"),
        ("{headline}" * 4 + "{row_id}", "x" * 45, f"{'x' * 80}-raaab-"),
    ],
)
def test_job_names(rule, headline, begins):
    """A name follows the template's rule, in signs every file system takes, and always names the record."""
    fields = (*FIELDS[:2], Field("line2", "Line 2", fallback="Second"))
    design = template(element(svg="<svg/>"), name_rule=rule, contract=contract(*fields))
    said = judge(Content((("headline", headline), ("price", "9"), ("line2", "")), "wide"), design.contract)
    assert isinstance(said, Record)

    payload = fill(design, said, label(attempt=2))

    assert isinstance(payload, Payload)
    assert payload.name.startswith(begins)
    assert payload.name.endswith(f"-{label(attempt=2).job_id[:8]}-2")
    assert payload.project["name"] == payload.name


@given(ANY_TEXT.filter(str.strip))
def test_job_names_are_safe(text):
    """Whatever the rule fills in, a name has only letters, digits and dashes, and is bounded."""
    values = tuple((one.key, "" if one.key != "headline" else text) for one in FIELDS)
    content = Content(values, "wide")

    payload = fill(template(element(svg="<svg/>")), Record(content, content.texts), label())

    assert isinstance(payload, Payload)
    assert set(payload.name) <= set("abcdefghijklmnopqrstuvwxyz0123456789-_")
    assert payload.name[0] != "-"
    assert len(payload.name) < 120


# -- nothing gets in ----------------------------------------------------------


@given(st.fixed_dictionaries({"headline": ANY_TEXT, "price": ANY_TEXT, "badge": ANY_TEXT}))
@example({"headline": "</text><image href='x'/>", "price": "]]>", "badge": '" onload="x'})
@example({"headline": "&amp;", "price": "<!DOCTYPE x [<!ENTITY a 'b'>]>", "badge": "&#0;"})
def test_any_text_stays_text(data):
    """Any text in any cell: the filled SVG has the template's own elements, or the author is told the column."""
    design = template(element(svg=SVG), element(html=HTML))
    judged = judge(
        Content(tuple((one.key, data.get(one.key, "")) for one in FIELDS), "wide"), design.contract
    )
    outcome = fill(design, judged, label()) if isinstance(judged, Record) else judged.problems

    if isinstance(outcome, Payload):
        drawing, words = outcome.project["visuals"]
        tree = fromstring(drawing["svg"], forbid_dtd=True)
        blank = fromstring(SVG, forbid_dtd=True)
        assert shape(tree) == shape(blank)
        assert "".join(tree.itertext()) == f"{data['headline']} {data['price']}"
        assert shape(fromstring(words["html"], forbid_dtd=True)) == shape(fromstring(HTML))
        assert "{{" not in outcome.body
    else:
        assert {one.column for one in outcome} <= {"Headline", "Price", "Badge"}


@given(st.text("{}ab ", max_size=4), st.text("{}ab ", max_size=4), st.sampled_from(["text", "designer"]))
@example("{", "{price}}", "text")
def test_f_C11_values_never_make_a_placeholder(headline, badge, key):
    """Values that only together, or with the template's own braces, would make a placeholder are refused."""
    values = tuple((one.key, {"headline": headline, "badge": badge}.get(one.key, "")) for one in FIELDS)
    if "{{" in headline or "{{" in badge:
        return  # refused before filling, see the records

    words = "a{{headline}}{{badge}}"
    design = template(element(**{key: words if key == "text" else {"x": words}}))
    outcome = fill(design, Record(Content(values, "wide"), Content(values, "wide").texts), label())

    if isinstance(outcome, Payload):
        visual = outcome.project["visuals"][0]
        assert (visual["text"] if key == "text" else visual["designer"]["x"]) == f"a{headline}{badge}"
        assert "{{" not in outcome.body
    else:
        assert outcome[0].column in {"Headline", "Badge"}
        assert "double braces" in outcome[0].text


@pytest.mark.parametrize("name", ["vertical", "square", "wide"])
def test_built_in_template(name):
    """The built-in template takes hostile text in every format, leaves no placeholder and keeps its drawings whole."""
    design = load_template(BUILT_IN)
    hostile = '"><script>&{'
    values = tuple(
        (one.key, hostile if one.type is FieldType.TEXT else "#A1B2C3") for one in design.contract.fields
    )

    payload = fill(design, Record(Content(values, name), Content(values, name).texts), label())

    assert isinstance(payload, Payload)
    assert "{{" not in payload.body
    assert "<script" not in payload.body
    drawings = [one["svg"] for scene in payload.project["scenes"] for one in scene["visuals"] if "svg" in one]
    assert drawings
    for drawing in drawings:
        fromstring(drawing, forbid_dtd=True)


# -- lint and hash ------------------------------------------------------------


def test_unknown_placeholders():
    """Placeholders no field fills are found in every format, in lists, and in the name rule."""
    design = template(
        name_rule="{campaign}-{row_id}",
        projects={
            "wide": project({"text": "{{headline}} {{ tagline }}"}),
            "square": project({"points": ["{{zone}}"], "opacity": 1}),
        },
    )

    assert unknown_placeholders(design) == ("campaign", "tagline", "zone")
    assert unknown_placeholders(template()) == ()


def _with_field(**changes: Any) -> Contract:
    usual: dict[str, Any] = {"key": "headline", "column": "Headline"}
    return contract(Field(**{**usual, **changes}))


BOX = Fit("fonts/Inter.ttf", "0" * 64, size=40, width=400, lines=2)
BASE = template(element(text="{{headline}}"), contract=_with_field())


@pytest.mark.parametrize(
    "other",
    [
        template(element(text="{{headline}}!"), contract=_with_field()),
        template(element(text="{{headline}}"), contract=_with_field(), name_rule="{row_id}"),
        template(element(text="{{headline}}"), contract=_with_field(column="Title")),
        template(element(text="{{headline}}"), contract=_with_field(required=True)),
        template(element(text="{{headline}}"), contract=_with_field(type=FieldType.NUMBER)),
        template(element(text="{{headline}}"), contract=_with_field(max_chars=3)),
        template(element(text="{{headline}}"), contract=_with_field(per_format={"wide": 3})),
        template(element(text="{{headline}}"), contract=_with_field(fallback="x")),
        template(element(text="{{headline}}"), contract=_with_field(choices=("a",))),
        template(element(text="{{headline}}"), contract=_with_field(fits={"wide": BOX})),
        template(element(text="{{headline}}"), contract=_with_field(fits={"wide": replace(BOX, lines=3)})),
        template(element(text="{{headline}}"), contract=Contract(_with_field().fields, ("square", "wide"))),
    ],
    ids=[
        "project",
        "name",
        "column",
        "required",
        "type",
        "length",
        "per format",
        "fallback",
        "choices",
        "fit",
        "lines",
        "default",
    ],
)
def test_hash_changes(other):
    """Anything that can change a payload, or what a row must hold, changes the template's hash."""
    assert other.hash != BASE.hash


@pytest.mark.parametrize(
    "other",
    [
        template(element(text="{{headline}}"), contract=_with_field(), title="Summer"),
        template(element(text="{{headline}}"), contract=_with_field(note="For the header")),
    ],
    ids=["title", "note"],
)
def test_hash_stays(other):
    """People's words about a template are no part of it; only what they call its version is."""
    assert other.hash == BASE.hash
    assert template(element(text="{{headline}}"), contract=_with_field(), version="4").hash != BASE.hash


def test_hash_of_a_template_without_boxes():
    """What journals remember as approved stays approved: the hash is spelled as it always was."""
    assert template().hash == "be2308cd577594d90f5fda7a8529d3867c6eaba9151f17429e09bcedcaa687f9"


def test_body_is_canonical():
    """The body that is sent reads back as the project and is spelled one way."""
    payload = fill(template(), record("Größe"), label())

    assert isinstance(payload, Payload)
    assert json.loads(payload.body) == payload.project
    assert "Größe" in payload.body


def test_a_problem_names_its_column():
    """What cannot be placed is a problem like any other, for the same column and words."""
    problems = filled({"text": "{{headline}}"}, headline="a<b")

    assert all(isinstance(one, Problem) for one in problems)

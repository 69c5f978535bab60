"""Proofs: what the service would refuse of every row is the template's mistake, found before any row."""

from __future__ import annotations

import pytest
from builders import FIELDS, contract, label, project, record, template

from bot.domain.contract import Field, FieldType
from bot.domain.records import Problem
from bot.domain.templates.template import fill

SIGN = {"type": "TEXT", "text": "Sale"}


def flaws(*visuals, fields=(), **keys):
    parts = project(*visuals, **keys)
    return template(contract=contract(*(fields or FIELDS), formats=("wide",)), projects={"wide": parts}).flaws


def test_sound_template():
    """The default template has no flaw."""
    assert template().flaws == ()


@pytest.mark.parametrize(
    ("visual", "words"),
    [
        ({**SIGN, "opacity": 3}, "visuals[0].opacity must be a number from 0 to 1"),
        (
            {"type": "TEXT", "text": "{{badge}}"},
            'visuals[0].text must not be empty where "Badge" is empty; give [fields.badge] a fallback or required = true',
        ),
        (
            {"type": "IMAGE", "src": "{{link}}"},
            'visuals[0].src must be a link like https://… where "Link" is empty; give [fields.link] a fallback or required = true',
        ),
        (
            {**SIGN, "x": "{{count}}"},
            'visuals[0].x must be a number of at most 3,840 where "Count" is empty; give [fields.count] a fallback or required = true',
        ),
        ({**SIGN, "text": "{{nobody}}"}, "no field fills {{nobody}}"),
    ],
)  # fmt: skip
def test_flaws(visual, words):
    """Told with the path, and with the fix where a blank cell brings it about."""
    assert flaws(visual) == (words,)


@pytest.mark.parametrize(
    "visual",
    [
        {"type": "TEXT", "text": "{{badge}}", "condition": "{{badge}}"},
        {"type": "TEXT", "text": "New: {{badge}}"},
        {"type": "TEXT", "html": "<b>{{badge}}</b>"},
        {"type": "IMAGE", "src": "{{link}}", "condition": "{{link}}"},
        {**SIGN, "style": {"color": "{{accent}}"}},
    ],
)
def test_blank_cells_that_do_no_harm(visual):
    """An element that is left out, or has something else to show, needs no fallback."""
    assert flaws(visual) == ()


def test_all_flaws_at_once():
    """What cannot be filled and what the service would refuse are told together, each place once."""
    drawing = {"type": "SVG", "svg": '<svg><g onload="x"/></svg>', "opacty": 1}

    assert flaws(drawing, {**SIGN, "x": "far"}) == (
        "visuals[0].svg: must not contain the event attribute onload",
        "visuals[0].opacty is no key the service knows here; did you mean opacity?",
        "visuals[1].x must be a number of at most 3,840",
    )


def test_fallback_that_breaks_a_rule():
    """A fallback is the template author's own."""
    fields = (Field("count", "Count", FieldType.NUMBER, fallback="7"),)

    assert flaws({**SIGN, "opacity": "{{count}}"}, fields=fields) == (
        "visuals[0].opacity must be a number from 0 to 1 with the fallback of [fields.count]",
    )


def test_fallback_that_cannot_stand_there():
    """Nor may it hold what its place does not take."""
    fields = (Field("title", "Title", fallback="Hi"), Field("words", "Words", fallback="1 < 2"))

    assert flaws({"type": "TEXT", "text": "{{title}} {{words}}"}, fields=fields) == (
        'the fallback of [fields.words]: "Words" holds "<" or ">". Please write it without them.',
    )


def test_values_only_a_row_can_bring():
    """A made-up value that would not do says nothing about the rows'."""
    fields = (
        Field("mood", "Mood", FieldType.CHOICE, required=True, choices=("calm", "fade")),
        Field("x", "X"),
    )

    assert flaws({**SIGN, "enterAnimation": "{{mood}}"}, fields=fields) == ()


@pytest.mark.parametrize("kind", list(FieldType))
def test_every_type_can_be_made_up(kind):
    """Each type has a value that stands for a row's."""
    choices = ("calm",) if kind is FieldType.CHOICE else ()

    assert flaws({**SIGN, "html": "{{it}}"}, fields=(Field("it", "It", kind, choices=choices),)) == ()


def test_robot_s_own_values():
    """The robot's values are nobody's to mend: where they do not fit, the template does not."""
    assert flaws({"type": "TEXT", "text": "x", "opacity": "{{row_id}}"}) == (
        "visuals[0].opacity must be a number from 0 to 1",
    )


def test_the_dearest_row_is_the_format_s_price():
    """Where rows decide on the length, the price before a row is known is that of everything shown."""
    scenes = [
        {"duration": 3, "visuals": [SIGN]},
        {"duration": 4, "visuals": [SIGN], "condition": "{{badge}}"},
    ]
    design = template(projects={"wide": {"scenes": scenes}, "square": {"scenes": scenes}})

    assert design.price("wide") == 7
    assert design.price("tall") is None
    assert fill(design, record(), label()).price == 3
    assert fill(design, record(badge="New"), label()).price == 7


def test_a_flawed_template_fills_nothing():
    """Its rows are told that they are fine."""
    [problem] = fill(template({**SIGN, "opacity": 3}), record(), label())

    assert isinstance(problem, Problem)
    assert (problem.code.value, problem.column) == ("TEMPLATE-BUG", "")
    assert problem.text == 'Template "Spring" has a problem. Your row is fine. Video team told.'


@pytest.mark.parametrize(
    "scene", [{"id": "{{row_id}}"}, {"visuals": [{"type": "TEXT", "text": "{{row_id}}"}]}]
)
def test_robot_s_value_that_does_not_fit(scene):
    """What no made-up row brought about is still the template's where no column's value stands in that place."""
    whole = {"scenes": [{"duration": 3, **scene}]}
    design = template(projects={"wide": whole, "square": whole})
    assert design.flaws == ()

    [problem] = fill(design, record(), label("r<x"))

    assert problem.code.value == "TEMPLATE-BUG"


def test_what_a_template_uses():
    """Which names are constants, and which columns nobody sees."""
    design = template(
        {"type": "TEXT", "text": "{{headline}} by {{brand}}"},
        name_rule="{price}-{row_id}",
        contract=contract(*FIELDS[:3]),
        projects={
            "wide": project({"type": "TEXT", "text": "{{brand}} {{headline}}"}, variables={"brand": "Acme"})
        },
    )

    assert design.constants == ("brand",)
    assert design.unused_fields == ("accent",)
    assert design.flaws == ()

"""What a place in a project asks of a value."""

from __future__ import annotations

from typing import Any

import pytest

from bot.domain.contract import FieldType
from bot.domain.templates.drafting.spots import Spot, spots

COLOR, NUMBER, IMAGE, ANY = (FieldType.COLOR,), (FieldType.NUMBER,), (FieldType.IMAGE,), ()
WORD = (FieldType.COLOR, FieldType.NUMBER)


def found(project: dict[str, Any]) -> list[Spot]:
    """Every spot that holds the placeholder, looked at from it."""
    return [
        spot.around(spot.text.index("{{x}}"), spot.text.index("{{x}}") + 5)
        for spot in spots(project)
        if "{{x}}" in spot.text
    ]


@pytest.mark.parametrize(
    ("markup", "types"),
    [
        ("<svg><text>{{x}}</text></svg>", ANY),
        ("{{x}}", ANY),
        ('<svg><rect fill="{{x}}"/></svg>', COLOR),
        ("<svg><stop stop-color='{{x}}'/></svg>", COLOR),
        ('<svg><rect width="{{x}}"/></svg>', NUMBER),
        ('<svg><circle cx="{{x}}"/></svg>', NUMBER),
        ('<svg><path marker="{{x}}"/></svg>', WORD),
        ('<svg><rect id="{{x}}"/></svg>', ANY),
        ('<svg><rect data-who="{{x}}"/></svg>', ANY),
        ('<svg><rect fill="red" {{x}}/></svg>', ANY),
        ('<div style="color: {{x}}">', COLOR),
        ('<div style="color: red; font-size: {{x}}px">', NUMBER),
        ("<div style='border: 2px solid {{x}}'>", WORD),
        ('<div style="font-family: {{x}}">', (FieldType.CHOICE,)),
        ('<div style="{{x}}">', WORD),
        ("<svg><style>.a { fill: {{x}} }</style></svg>", COLOR),
        ('<p><img src="{{x}}"></p>', IMAGE),
        ('<p title="a > b {{x}}">', ANY),
    ],
)
def test_markup_is_looked_at_up_to_the_placeholder(markup: str, types: tuple[FieldType, ...]):
    """Attribute, property, link, free text."""
    for key in ("svg", "html"):
        [spot] = found({"visuals": [{"type": "TEXT", key: markup}]})

        assert spot.types() == types


@pytest.mark.parametrize(
    ("part", "types"),
    [
        ({"type": "IMAGE", "src": "{{x}}"}, IMAGE),
        ({"type": "video", "src": " {{x}} "}, (FieldType.VIDEO,)),
        ({"type": "GIF", "src": "{{x}}"}, (FieldType.GIF,)),
        ({"type": "IMAGE", "src": "https://cdn.example/{{x}}.jpg"}, ANY),
        ({"type": 7, "width": "{{x}}"}, NUMBER),
        ({"text": "{{x}}"}, ANY),
        ({"text": "a", "condition": "{{x}}"}, (FieldType.BOOL,)),
        ({"text": "a", "style": {"fontSize": "{{x}}"}}, NUMBER),
        ({"text": "a", "style": {"color": "{{x}}"}}, COLOR),
        ({"text": "a", "style": {"fontFamily": "{{x}}"}}, (FieldType.CHOICE,)),
        ({"backgroundColor": "{{x}}"}, COLOR),
        ({"backgroundColor": "#{{x}}"}, ANY),
        ({"label": "{{x}}"}, ANY),
    ],
)
def test_keys_say_what_stands_in_them(part: dict[str, Any], types: tuple[FieldType, ...]):
    """Whole values by their key; parts of a text are text."""
    [spot] = found({"visuals": [part]})

    assert spot.types() == types


def test_sounds_are_known_by_their_list():
    """An audio item has no type of its own."""
    [spot] = found({"audios": [{"src": "{{x}}"}]})

    assert (spot.types(), spot.path) == ((FieldType.AUDIO,), "audios[0].src")


def test_paths_and_a_scenes_own_names():
    """As the service spells them; the project's variables are no place, a scene's shadow the rest."""
    project = {
        "variables": {"x": "{{x}}"},
        "name": "{{x}}",
        "scenes": [
            {"variables": {"x": "1", "y": "{{x}}"}, "visuals": [{"text": "{{x}}", "lines": ["{{x}}", 3]}]}
        ],
    }

    assert [(spot.path, spot.key, sorted(spot.own)) for spot in found(project)] == [
        ("name", "name", []),
        ("scenes[0].visuals[0].text", "text", ["x", "y"]),
        ("scenes[0].visuals[0].lines[0]", "lines", ["x", "y"]),
    ]

"""What cannot be drawn is refused by the name of its field, in plain words."""

from __future__ import annotations

import pytest

from bot.sandbox.render.abilities import undrawable
from bot.sandbox.render.faults import RenderError

SVG = '<svg xmlns="http://www.w3.org/2000/svg" width="9" height="9"/>'
TEXT = {"type": "TEXT", "text": "Hi"}


@pytest.mark.parametrize(
    ("project", "field", "word"),
    [
        ({"type": "image", "outputFormat": "tiff"}, "outputFormat", "tiff"),
        ({"outputFormat": "webm"}, "outputFormat", "webm"),
        ({"subtitle": {"captions": [], "animation": "bounce"}}, "subtitle.animation", "bounce"),
        ({"subtitle": {"captions": [], "styles": {"a": 1}}}, "subtitle.styles", "old styles"),
        ({"subtitle": {"captions": [{"text": "\U00012000"}]}}, "subtitle.captions", "\U00012000"),
        (
            {"visuals": [TEXT, {"type": "video", "src": "x", "transition": "fade"}]},
            "visuals[1].transition",
            "clips",
        ),
        ({"visuals": [{"type": "LOTTIE"}]}, "visuals[0].type", "LOTTIE"),
        ({"visuals": [TEXT | {"customCode": {"js": "1"}}]}, "visuals[0].customCode", "custom code"),
        ({"visuals": [TEXT | {"filter": {"blur": "2px"}}]}, "visuals[0].filter", "filters"),
        ({"visuals": [TEXT | {"chromaKey": {"color": "#0f0"}}]}, "visuals[0].chromaKey", "chroma"),
        (
            {"visuals": [TEXT | {"style": {"writingMode": "vertical-rl"}}]},
            "visuals[0].style.writingMode",
            "writing-mode",
        ),
        ({"visuals": [{"type": "TEXT", "html": '<p style="columns:2">a</p>'}]}, "visuals[0].html", "columns"),
        ({"visuals": [{"type": "TEXT", "html": 'a<img src="x">'}]}, "visuals[0].html", "<img>"),
        ({"visuals": [{"type": "SVG", "svg": SVG[:-2] + "><animate/></svg>"}]}, "visuals[0].svg", "moving"),
        (
            {"scenes": [{"duration": 2, "transition": "fade", "transitionDuration": 3}, {"duration": 2}]},
            "scenes[0].transitionDuration",
            "longer",
        ),
        ({"scenes": [{"visuals": [{"type": "LOTTIE"}]}]}, "scenes[0].visuals[0].type", "LOTTIE"),
    ],
)
def test_refusals_name_the_field(project, field, word):
    (refusal,) = undrawable(project)

    assert refusal[0] == field
    assert word in refusal[1]
    assert refusal[1].startswith("This local stand-in cannot")


def test_all_problems_are_told_at_once():
    project = {"outputFormat": "avi", "visuals": [{"type": "A"}, {"type": "B"}]}

    assert [field for field, _ in undrawable(project)] == [
        "outputFormat",
        "visuals[0].type",
        "visuals[1].type",
    ]


def test_a_drawable_project_has_none():
    """Everything the engine can do, and empty forms of what it cannot."""
    visual = TEXT | {
        "enterAnimation": "fade",
        "exitAnimation": "wipeup",
        "zoom": True,
        "style": {"fontSize": 42, "--brand": "#fff", "boxShadow": "0 0 9px #000", "textDecoration": None},
    }
    project = {"type": "video", "outputFormat": "mp4", "audios": [{}], "subtitle": None, "visuals": [visual]}

    assert undrawable(project) == []


def test_the_engine_itself_refuses_too(shoot):
    """Nobody can have something drawn wrong by forgetting to ask first."""
    with pytest.raises(
        RenderError,
        match=r"visuals\[0\]\.type: This local stand-in cannot draw elements of the type “LOTTIE”",
    ):
        shoot({"visuals": [{"type": "LOTTIE", "src": "https://example.com/a.gif"}]})

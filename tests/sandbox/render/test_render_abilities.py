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
        ({"type": "image"}, "type", "still images"),
        ({"outputFormat": "webm"}, "outputFormat", "webm"),
        ({"audios": [{"src": "https://example.com/a.mp3"}]}, "audios", "sound"),
        ({"subtitle": {"captions": []}}, "subtitle", "subtitles"),
        ({"thumbnail": "https://example.com/a.png"}, "thumbnail", "thumbnail"),
        ({"visuals": [TEXT, {"type": "video", "src": "x"}]}, "visuals[1].type", "video"),
        ({"visuals": [{"type": "GIF", "src": "x"}]}, "visuals[0].type", "GIF"),
        ({"visuals": [{"type": "LOTTIE"}]}, "visuals[0].type", "LOTTIE"),
        ({"visuals": [TEXT | {"customCode": {"js": "1"}}]}, "visuals[0].customCode", "custom code"),
        ({"visuals": [TEXT | {"filter": {"blur": "2px"}}]}, "visuals[0].filter", "filters"),
        ({"visuals": [TEXT | {"chromaKey": {"color": "#0f0"}}]}, "visuals[0].chromaKey", "chroma"),
        ({"visuals": [{"type": "IMAGE", "src": "x", "zoom": True}]}, "visuals[0].zoom", "zooming"),
        ({"visuals": [TEXT | {"enterAnimation": "slideleft"}]}, "visuals[0].enterAnimation", "slideleft"),
        ({"visuals": [TEXT | {"exitAnimation": "wipeup"}]}, "visuals[0].exitAnimation", "wipeup"),
        (
            {"visuals": [TEXT | {"style": {"writingMode": "vertical-rl"}}]},
            "visuals[0].style.writingMode",
            "writing-mode",
        ),
        ({"visuals": [{"type": "TEXT", "html": '<p style="columns:2">a</p>'}]}, "visuals[0].html", "columns"),
        ({"visuals": [{"type": "TEXT", "html": 'a<img src="x">'}]}, "visuals[0].html", "<img>"),
        ({"visuals": [{"type": "SVG", "svg": SVG[:-2] + "><animate/></svg>"}]}, "visuals[0].svg", "moving"),
        (
            {"scenes": [{"id": "a", "duration": 2, "transition": "wipeleft"}, {"id": "b", "duration": 2}]},
            "scenes[0].transition",
            "wipeleft",
        ),
        (
            {"scenes": [{"duration": 2, "transition": "fade", "transitionDuration": 3}, {"duration": 2}]},
            "scenes[0].transitionDuration",
            "longer",
        ),
        ({"scenes": [{"visuals": [{"type": "VIDEO"}]}]}, "scenes[0].visuals[0].type", "video"),
        ({"scenes": [{"audios": [{}]}]}, "scenes[0].audios", "sound"),
    ],
)
def test_refusals_name_the_field(project, field, word):
    (refusal,) = undrawable(project)

    assert refusal[0] == field
    assert word in refusal[1]
    assert refusal[1].startswith("This local stand-in cannot")


def test_all_problems_are_told_at_once():
    project = {"outputFormat": "mov", "audios": [{}], "visuals": [{"type": "GIF"}, {"type": "VIDEO"}]}

    assert [field for field, _ in undrawable(project)] == [
        "outputFormat",
        "audios",
        "visuals[0].type",
        "visuals[1].type",
    ]


def test_a_drawable_project_has_none():
    """Everything the engine can do, and empty forms of what it cannot."""
    visual = TEXT | {
        "enterAnimation": "fade",
        "exitAnimation": None,
        "zoom": False,
        "style": {"fontSize": 42, "--brand": "#fff", "boxShadow": "0 0 9px #000", "textDecoration": None},
    }
    project = {"type": "video", "outputFormat": "mp4", "audios": [], "subtitle": None, "visuals": [visual]}

    assert undrawable(project) == []


def test_the_engine_itself_refuses_too(shoot):
    """Nobody can have something drawn wrong by forgetting to ask first."""
    with pytest.raises(RenderError, match=r"visuals\[0\]\.type: This local stand-in cannot draw GIF"):
        shoot({"visuals": [{"type": "GIF", "src": "https://example.com/a.gif"}]})

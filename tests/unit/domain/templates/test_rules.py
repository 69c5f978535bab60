"""Rules: what the service would refuse is found here, with the path of what is wrong."""

from __future__ import annotations

import pytest
from builders import project

from bot.domain.templates.rules import check

SVG = {"type": "SVG", "svg": "<svg/>"}
TEXT = {"type": "TEXT", "text": "Hi"}
IMAGE = {"type": "IMAGE", "src": "https://cdn.example/a.png"}
VIDEO = {"type": "video", "src": "https://cdn.example/a.mp4"}


def told(whole):
    return [str(issue) for issue in check(whole)]


@pytest.mark.parametrize(
    "whole",
    [
        {},
        project(SVG, TEXT, IMAGE, VIDEO, {**IMAGE, "type": "Gif"}),
        project({**IMAGE, "zoom": True, "cropParams": {"x": 0, "y": 0, "width": 9, "height": 9}}),
        project(
            {**IMAGE, "zoom": {"depth": 2}, "radius": {"tl": 4}, "filter": {"blur": "4px", "invert": True}}
        ),
        project(
            {**IMAGE, "position": "center-center", "anchor": "custom", "resize": "cover", "opacity": 0.5}
        ),
        project(
            {
                **VIDEO,
                "transition": None,
                "transitionId": None,
                "volume": 1,
                "frameRate": 30.0,
                "hasAudio": True,
            }
        ),
        project({**SVG, "chromaKey": {"color": "#0f0"}, "designer": {"any": "thing"}}),
        project({**TEXT, "style": {"fontSize": 42, "--own": "1px", "color": None}, "fitToBox": True}),
        project({"type": "TEXT", "html": "<b>Hi</b>", "text": ""}),
        project(TEXT, audios=[{"src": "https://cdn.example/a.mp3", "enter": 1, "exit": 2}], subtitle=None),
        project(TEXT, subtitle={"captions": [{"start": 0, "end": 1, "text": "Hi"}], "position": "top"}),
        project(
            TEXT,
            subtitle={
                "src": "https://cdn.example/a.srt",
                "font": {"family": "Inter"},
                "stroke": {"color": "#000000ff", "width": 2},
                "margin": {"x": 4},
            },
        ),
        {
            "scenes": [
                {"id": "a", "duration": -1},
                {"id": "b", "duration": 3.5},
                {"duration": 1},
                {"duration": 1},
            ]
        },
        {"type": "image", "visuals": [SVG], "outputFormat": "webp", "quality": 80, "transparent": True},
        {
            "resolution": "custom",
            "width": 1200,
            "height": 628,
            "backgroundColor": "#fff",
            "thumbnail": IMAGE["src"],
        },
    ],
)
def test_sound_projects(whole):
    """What the documentation shows passes."""
    assert told(whole) == []


@pytest.mark.parametrize(
    ("visual", "words"),
    [
        ({}, "visuals[0].type must be one of: IMAGE, GIF, VIDEO, SVG, TEXT"),
        ({"type": "BLOB"}, "visuals[0].type must be one of: IMAGE, GIF, VIDEO, SVG, TEXT"),
        ("text", "visuals[0].type must be one of: IMAGE, GIF, VIDEO, SVG, TEXT"),
        ({**TEXT, "colour": "red"}, "visuals[0].colour is no key the service knows here; remove it"),
        ({**TEXT, "opacty": 1}, "visuals[0].opacty is no key the service knows here; did you mean opacity?"),
        ({**TEXT, "opacity": 2}, "visuals[0].opacity must be a number from 0 to 1"),
        ({**TEXT, "opacity": True}, "visuals[0].opacity must be a number from 0 to 1"),
        ({**TEXT, "x": "12"}, "visuals[0].x must be a number of at most 3,840"),
        ({**TEXT, "enterBegin": -1}, "visuals[0].enterBegin must be a number of at least 0"),
        ({**TEXT, "track": 1.5}, "visuals[0].track must be a whole number from 0 to 1,000,000"),
        ({**TEXT, "flipH": 1}, "visuals[0].flipH must be true or false"),
        ({**TEXT, "enterAnimation": "boom"}, "visuals[0].enterAnimation must be an effect the service knows, like fade"),
        ({**TEXT, "resize": "fill"}, "visuals[0].resize must be one of: contain, cover"),
        ({**TEXT, "enterBegin": 3, "enterEnd": 2}, "visuals[0].enterEnd must not come before enterBegin"),
        ({**TEXT, "exitBegin": 3, "exitEnd": 2}, "visuals[0].exitEnd must not come before exitBegin"),
        ({"type": "TEXT", "text": "  "}, "visuals[0].text must not be empty"),
        ({"type": "TEXT", "text": 7}, "visuals[0].text must be text"),
        ({"type": "TEXT", "text": "x" * 20_001}, "visuals[0].text must have no more than 20,000 characters"),
        ({"type": "TEXT", "text": "a\x07"}, "visuals[0].text must hold no control characters"),
        ({"type": "TEXT", "text": "a<b"}, "visuals[0].text must not contain < or >"),
        ({"type": "TEXT", "html": "<script>"}, "visuals[0].html must not contain <script>"),
        ({"type": "TEXT", "html": "come one = x"}, "visuals[0].html must not contain event attributes"),
        ({**TEXT, "style": "bold"}, "visuals[0].style must be an object"),
        ({**TEXT, "style": {"a b": 1}}, "visuals[0].style.a b is no name of a CSS property"),
        ({**TEXT, "style": {"color": True}}, "visuals[0].style.color must be text, a number or null"),
        ({**TEXT, "style": {"color": "x" * 4001}}, "visuals[0].style.color must have no more than 4,000 characters"),
        ({**TEXT, "style": {"color": "url(x)"}}, "visuals[0].style.color must not contain url("),
        (
            {**TEXT, "style": {f"--a{n}": 1 for n in range(121)}},
            "visuals[0].style must have at most 120 properties",
        ),
        ({**TEXT, "designer": {"x": "y" * 200_000}}, "visuals[0].designer must have no more than 200,000 characters"),
        ({"type": "SVG"}, "visuals[0].svg is missing"),
        ({"type": "SVG", "svg": ""}, "visuals[0].svg must have 1 to 200,000 characters"),
        ({"type": "SVG", "svg": "<g/>"}, "visuals[0].svg must begin with <svg"),
        ({"type": "SVG", "svg": "<svg><script/></svg>"}, "visuals[0].svg must not contain <script>"),
        ({"type": "SVG", "svg": '<svg onload="x"/>'}, "visuals[0].svg must not contain event attributes"),
        ({"type": "SVG", "svg": '<svg a="url( x )"/>'}, "visuals[0].svg must not point outside with url()"),
        (
            {"type": "SVG", "svg": '<svg><use href="x.svg#a"/></svg>'},
            'visuals[0].svg must not point outside: only to "#…", its own parts',
        ),
        ({"type": "SVG", "svg": "<svg>12345678</svg>"}, "visuals[0].svg must hold no number of eight or more digits"),
        *(
            ({"type": "SVG", "svg": f"<svg {size}/>"}, "visuals[0].svg must have a width and height from 0 to 4,096")
            for size in ('width="4097"', 'height="-1px"', 'viewBox="0 0 10 5000"', 'width="1.2.3"')
        ),
        ({"type": "IMAGE"}, "visuals[0].src is missing"),
        ({**IMAGE, "src": "ftp://x"}, "visuals[0].src must be a link like https://…"),
        ({**IMAGE, "src": "https://a:b@c.example"}, "visuals[0].src must be a link without a password"),
        ({**IMAGE, "src": "https://c.example/" + "x" * 2_025}, "visuals[0].src must be a shorter link"),
        ({**IMAGE, "src": ["x"]}, "visuals[0].src must be text"),
        ({**IMAGE, "zoom": {"depth": 11}}, "visuals[0].zoom.depth must be a number from 1 to 10"),
        ({**IMAGE, "cropParams": {"x": 0, "y": 0, "width": 1}}, "visuals[0].cropParams.height is missing"),
        ({**IMAGE, "radius": 4}, "visuals[0].radius must be an object"),
        ({**IMAGE, "filter": {"colorTint": "red"}}, "visuals[0].filter.colorTint must look like #2DD4BF"),
    ],
)  # fmt: skip
def test_unsound_elements(visual, words):
    """Each rule about an element says what must be, after the path of what is not."""
    assert told({"visuals": [visual]}) == [words]


@pytest.mark.parametrize(
    ("whole", "words"),
    [
        ({"visuals": {}}, "visuals must be a list"),
        ({"frameRate": 61}, "frameRate must be a whole number from 1 to 60"),
        ({"resolution": "imax"}, "resolution must be a preset of the service, like hd, or custom"),
        ({"name": "a/b"}, "name must have only letters, digits, blanks, _ and -"),
        ({"outputFormat": "png"}, "outputFormat must be one of: mp4, mov, avi, webm"),
        ({"snapshotTime": 1}, "snapshotTime cannot be used in a video"),
        ({"type": "image", "duration": 3}, "duration cannot be used in an image"),
        ({"type": "image", "quality": 80}, "quality cannot be used with png"),
        ({"type": "image", "outputFormat": "jpg", "transparent": True}, "transparent cannot be used with jpg"),
        ({"type": "image", "outputFormat": "mp4"}, "outputFormat must be one of: png, jpg, jpeg, webp"),
        ({"type": "image", "visuals": [VIDEO]}, "visuals[0].type cannot be VIDEO in an image"),
        ({"type": "image", "visuals": [{**SVG, "exitEnd": 1}]}, "visuals[0].exitEnd cannot be used in an image"),
        ({"scenes": [{"duration": 0}]}, "scenes[0].duration must be a number from 0.1 to 3,600"),
        ({"scenes": [{"id": "a"}, {"id": "a"}]}, "scenes[1].id must differ from the other scenes' ids"),
        ({"scenes": [{"visuals": [{**TEXT, "x": None}]}]}, "scenes[0].visuals[0].x must be a number of at most 3,840"),
        (
            {"scenes": [{"duration": 1800}, {"duration": 1900}]},
            "scenes[1].duration brings the scenes to 3,700 seconds in all; 3,600 are the most",
        ),
        ({"audios": [{"enter": 2, "exit": 1}]}, "audios[0].exit must not come before enter"),
        ({"audios": [{"audioBegin": 2, "audioEnd": 1}]}, "audios[0].audioEnd must not come before audioBegin"),
        ({"subtitle": {"animation": "pop"}}, "subtitle must have either src or captions"),
        ({"subtitle": {"captions": []}}, "subtitle.captions must not be empty"),
        ({"subtitle": {"captions": [{"start": 0, "end": 1}]}}, "subtitle.captions[0] must have text or words"),
        ({"subtitle": {"src": "https://c.example/a", "font": {}}}, "subtitle.font must not be empty"),
        (
            {"subtitle": {"src": "https://c.example/a", "styles": {}, "position": "top"}},
            "subtitle.styles cannot be combined with position",
        ),
    ],
)  # fmt: skip
def test_unsound_projects(whole, words):
    """The same for a project, its scenes, sounds and captions, and for what several of them say together."""
    assert told(whole) == [words]


def test_every_problem_of_a_kind_is_named():
    """The author sees them all, not one after another."""
    assert told({"frameRate": 0, "visuals": [{**TEXT, "x": "a"}, {**TEXT, "y": "b"}]}) == [
        "frameRate must be a whole number from 1 to 60",
        "visuals[0].x must be a number of at most 3,840",
        "visuals[1].y must be a number of at most 3,840",
    ]


@pytest.mark.parametrize(
    "drawing",
    [
        '<svg width="100%" viewBox="0,0,4096 10"/>',
        "<svg><rect fill='url(#a)' style=\"fill: url( '#a' )\"/></svg>",
        '<svg><use href="#a"/><use xlink:href=""/></svg>',
        "<svg><text>font-size on its own</text></svg>",
    ],
)
def test_sound_drawings(drawing):
    """What only looks like trouble is none."""
    assert told({"visuals": [{"type": "SVG", "svg": drawing}]}) == []

"""Prices: the published rule and its worked examples."""

from __future__ import annotations

import pytest
from builders import project, template

from bot.domain.prices import pixels, price, seconds


def scene(name: str, duration: float, **transition: object) -> dict[str, object]:
    return {"id": name, "duration": duration, "visuals": [], **transition}


def fade(to: str | None, length: float) -> dict[str, object]:
    return {"transition": "fade", "transitionId": to, "transitionDuration": length}


def test_scenes_with_overlaps():
    """3.8 + 3.4 + 4.0 seconds with overlaps of 0.5 and 0.45 are 10.25 seconds: 11 credits."""
    worked = project(
        scenes=[scene("a", 3.8, **fade("b", 0.5)), scene("b", 3.4, **fade("c", 0.45)), scene("c", 4.0)]
    )

    assert str(seconds(worked)) == "10.25"
    assert price(worked) == 11


def test_large_area():
    """2.1 seconds above 1920x1080 cost 9 credits."""
    assert price({"width": 2560, "height": 1440, "duration": 2.1}) == 9


def test_still():
    """A still costs one credit, whatever its size."""
    assert price({"type": "image", "width": 8000, "height": 8000}) == 1


@pytest.mark.parametrize(
    ("changes", "length"),
    [
        ({}, "8.00"),
        ({"transition": "fade"}, "7.50"),
        ({"transition": "fade", "transitionId": "b"}, "7.50"),
        ({"transition": "fade", "transitionId": "none"}, "8.00"),
        ({"transition": "fade", "transitionId": None}, "8.00"),
        ({"transition": "fade", "transitionId": "elsewhere"}, "8.00"),
        ({"transition": None, "transitionId": "b", "transitionDuration": 2}, "8.00"),
    ],
)
def test_overlaps(changes, length):
    """A transition shortens the video only where it leads to the very next scene; half a second if unsaid."""
    two = project(scenes=[scene("a", 5, **changes), scene("b", 3)])

    assert str(seconds(two)) == length


def test_last_transition_shortens_nothing():
    """After the last scene nothing overlaps."""
    assert price(project(scenes=[scene("a", 5), scene("b", 3, **fade("a", 1))])) == 8


@pytest.mark.parametrize("auto", [-1, 0])
def test_automatic_scene_length(auto):
    """Without every scene's length the project's own counts."""
    assert price(project(scenes=[scene("a", 5), scene("b", auto)])) == 9


def test_nothing_said():
    """Ten seconds of 1280x720 unless the project says otherwise."""
    assert pixels({}) == (1280, 720)
    assert price({}) == 10


@pytest.mark.parametrize(
    ("said", "size"),
    [
        ({"resolution": "instagram-reel", "width": 10, "height": 10}, (1080, 1920)),
        ({"resolution": "squared"}, (1080, 1080)),
        ({"resolution": "custom", "width": 640, "height": 360}, (640, 360)),
        ({"resolution": None, "width": 640, "height": 360}, (640, 360)),
        ({"resolution": ["hd"]}, (1280, 720)),
    ],
)
def test_presets(said, size):
    """A preset beats width and height; anything else leaves them standing."""
    assert pixels(said) == size


def test_portrait_is_priced_like_landscape():
    """1080x1920 has the area of 1920x1080."""
    assert price(project(resolution="tiktok")) == price(project(resolution="full-hd")) == 9


def test_price_of_a_format():
    """A template knows the price of its formats and of no other."""
    assert template().price("square") == 9
    assert template().price("tall") is None

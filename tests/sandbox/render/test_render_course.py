"""How a film is cut into pictures that stand and even ways between them, and that nobody can tell from the frames."""

from __future__ import annotations

from itertools import pairwise

import av
import pytest
from PIL import Image, ImageChops, ImageStat

from bot.sandbox.render.course import legs
from bot.sandbox.render.encode import Movie, planar
from bot.sandbox.render.film import read_film
from bot.sandbox.render.look import Screenplay
from bot.sandbox.render.paint import Painter

BLACK, WHITE = "#000000", "#ffffff"


def decoded(path) -> list[av.VideoFrame]:
    """Every frame, by a decoder that takes offence at everything."""
    with av.open(str(path)) as container:
        stream = container.streams.video[0]
        stream.codec_context.options = {"err_detect": "explode+crccheck+bitstream+buffer"}
        return list(container.decode(stream))


def planes(frame) -> list[Image.Image]:
    return [
        Image.frombytes("L", (plane.width, plane.height), bytes(plane), "raw", "L", plane.line_size)
        for plane in frame.planes
    ]


def word(**more) -> dict:
    return {"type": "TEXT", "text": "Fade", "x": 31, "y": 17, "width": 121, "height": 61} | more


def disc(**more) -> dict:
    svg = '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 9 9"><circle cx="5" cy="5" r="4" fill="red"/></svg>'
    return {"type": "SVG", "svg": svg, "x": 201, "y": 93, "width": 75, "height": 75, "opacity": 0.6} | more


def stage(project, pens) -> tuple[Screenplay, Painter]:
    film = read_film({"width": 320, "height": 180, "duration": 1, "frameRate": 10} | project)
    screenplay = Screenplay(film)
    return screenplay, Painter(film, screenplay.cast, pens, lambda _url: b"")


def course(project, pens) -> list[tuple[int, bool]]:
    screenplay, painter = stage(project, pens)
    return [(leg.frames, leg.glides) for leg in legs(list(screenplay.looks()), painter.box)]


IN = {"enterEnd": 0.5, "enterAnimation": "fade"}


@pytest.mark.parametrize(
    ("project", "expected"),
    [
        ({"visuals": [word()]}, [(10, False)]),
        ({"visuals": [word(**IN)]}, [(1, False), (5, True), (4, False)]),
        ({"visuals": [word(**IN), disc(**IN)]}, [(1, False), (5, True), (4, False)]),
        ({"visuals": [word(**IN), disc(**IN | {"enterEnd": 0.3})]}, [(1, False), (3, True), (2, True), (4, False)]),
        ({"visuals": [word(enterBegin=0.4)]}, [(4, False), (6, False)]),
        ({"visuals": [word(enterEnd=0.3, enterAnimation="wipeleft")]}, [(1, False)] * 3 + [(7, False)]),
        ({"visuals": [word(**IN), word(**IN)]}, [(1, False)] * 5 + [(5, False)]),
        (
            {"scenes": [{"id": "a", "duration": 0.8, "transition": "fade", "visuals": [word()]}, {"id": "b", "duration": 0.7}]},
            [(4, False), (5, True), (1, False)],
        ),
    ],
    ids=["still", "fade", "together", "of-two-lengths", "cut", "wipe", "on-one-spot", "scenes"],
)  # fmt: skip
def test_a_film_is_cut_where_something_begins_or_ends(project, expected, pens):
    """Frames that stand, and frames on an even way; what is neither stands for one frame."""
    assert course(project, pens) == expected


@pytest.mark.parametrize("size", [(320, 180), (322, 182), (640, 360)])
def test_every_frame_is_what_painting_it_gives(size, pens, shoot):
    """Standing, fading, fading on one spot, and from scene to scene: each frame as if it were made by itself."""
    project = {
        "width": size[0],
        "height": size[1],
        "frameRate": 12,
        "scenes": [
            {
                "id": "a",
                "duration": 1.5,
                "backgroundColor": "#00aaff",
                "transition": "fade",
                "visuals": [word(**IN), disc(enterBegin=0.25, enterEnd=1, enterAnimation="fade"), word(x=200, **IN)],
            },
            {"id": "b", "duration": 1.5, "backgroundColor": "#ffee00", "visuals": [disc(x=90, exitBegin=1, exitAnimation="fade")]},
        ],
    }  # fmt: skip
    screenplay, painter = stage(project, pens)
    frames = decoded(shoot(project).made.video)

    assert len(frames) == screenplay.film.frames == 30
    for look, frame in zip(screenplay.looks(), frames, strict=True):
        wanted = planar(painter.paint(look))
        for seen, plane in zip(planes(frame), planes(wanted), strict=True):
            apart = ImageStat.Stat(ImageChops.difference(seen, plane))
            assert apart.rms[0] < 1.5
            assert apart.extrema[0][1] <= 12  # single pixels, by encoding


def test_a_long_film_can_be_entered_every_two_seconds(tmp_path):
    """Standing or moving, so a player that jumps need not begin far ahead."""
    pictures = [planar(Image.new("RGB", (64, 48), (level, 90, 200))) for level in range(0, 250, 5)]
    with Movie(tmp_path / "film.mp4", (64, 48), 10) as movie:
        movie.show(pictures[0])
        movie.hold(99)
        for picture in pictures:
            movie.show(picture)
        movie.glide(pictures[0], 10)
    with av.open(str(tmp_path / "film.mp4")) as container:
        packets = [packet for packet in container.demux(video=0) if packet.size]
        keys = [packet.pts * packet.time_base for packet in packets if packet.is_keyframe]

    assert [frame.key_frame for frame in decoded(tmp_path / "film.mp4")].count(True) == len(keys)
    assert len(packets) == 160
    assert keys[0] == 0
    assert all(after - before == 2 for before, after in pairwise(keys))
    assert len(keys) == 8


@pytest.mark.parametrize("frames", [1, 2, 127, 128, 300])
def test_a_way_of_any_length_is_even(frames, tmp_path):
    """From black to white: each frame as bright as its place says, within a step of the weights."""
    with Movie(tmp_path / "film.mp4", (48, 32), 30) as movie:
        movie.show(planar(Image.new("RGB", (48, 32), BLACK)))
        movie.glide(planar(Image.new("RGB", (48, 32), WHITE)), frames)
    levels = [planes(frame)[0].getpixel((20, 20)) for frame in decoded(tmp_path / "film.mp4")]

    assert len(levels) == frames + 1
    assert all(abs(level - (16 + 219 * at / frames)) <= 2 for at, level in enumerate(levels))


def test_the_pictures_by_hand_weigh_nothing(shoot):
    """Ten seconds of a fade are as large as their two ends."""
    fade = {"visuals": [word(enterEnd=10, enterAnimation="fade")], "duration": 10}
    short = shoot(fade | {"duration": 10, "frameRate": 2}).made.video.stat().st_size
    long = shoot(fade | {"frameRate": 60}).made.video.stat().st_size

    assert long - short < 580 * 60  # a few dozen bytes each, the file's index included

"""The file itself: what a player, an editor or an upload check would look at."""

from __future__ import annotations

from itertools import pairwise

import av
import pytest
from PIL import Image

from bot.sandbox.render.film import PRESETS, frame_size


def test_frames_are_real_and_evenly_spaced(shoot, box):
    """A still of nine seconds holds 270 frames, each 1/30 s after the one before."""
    shot = shoot({"resolution": "hd", "frameRate": 30, "duration": 9, "visuals": [box("#123456", 1280, 720)]})

    with av.open(str(shot.made.video)) as container:
        stream = container.streams.video[0]
        times = [frame.time for frame in container.decode(stream)]

        assert (stream.width, stream.height) == (1280, 720)
        assert stream.average_rate == 30
        assert float(stream.duration * stream.time_base) == pytest.approx(9.0)
    assert len(times) == 270 == shot.made.frames
    assert {round(after - before, 5) for before, after in pairwise(times)} == {round(1 / 30, 5)}


def test_file_says_how_to_show_it(shoot, box):
    """High profile, yuv420p and BT.709 are written down, so no player has to guess."""
    shot = shoot({"visuals": [box("red")]})

    with av.open(str(shot.made.video)) as container:
        context = container.streams.video[0].codec_context
        assert (context.name, context.profile, context.pix_fmt) == ("h264", "High", "yuv420p")
        assert (context.color_primaries, context.color_trc, context.colorspace, context.color_range) == (
            1,
            1,
            1,
            1,
        )


def test_index_comes_before_the_pictures(shoot, box):
    """A browser can start to play before the file has arrived."""
    content = shoot({"visuals": [box("red")]}).made.video.read_bytes()

    assert content.index(b"moov") < content.index(b"mdat")


def test_seeking_lands_on_the_right_picture(shoot, box, near):
    """A jump into a standstill or behind a cut shows what belongs there."""
    shot = shoot(
        {
            "frameRate": 30,
            "duration": 4,
            "visuals": [box("#ff0000", 320, 180), box("#0000ff", 320, 180, enterBegin=2)],
        }
    )

    with av.open(str(shot.made.video)) as container:
        stream = container.streams.video[0]
        for second, colour in ((3.5, (0, 0, 255)), (1.5, (255, 0, 0)), (2.0, (0, 0, 255))):
            container.seek(round(second / stream.time_base), stream=stream)
            frame = next(frame for frame in container.decode(stream) if frame.time >= second - 0.001)
            assert near(frame.to_image().getpixel((160, 90)), colour, 12), second


@pytest.mark.parametrize("rate", [1, 24, 60])
def test_frame_rate_is_kept(shoot, box, rate):
    """From one to sixty frames a second."""
    shot = shoot({"frameRate": rate, "duration": 2, "visuals": [box("red")]})

    assert len(shot.frames) == 2 * rate
    with av.open(str(shot.made.video)) as container:
        assert container.streams.video[0].average_rate == rate


@pytest.mark.parametrize("preset", sorted(PRESETS))
def test_presets_have_their_sizes(preset):
    """A preset wins over width and height."""
    assert frame_size({"resolution": preset, "width": 10, "height": 10}) == PRESETS[preset]


def test_odd_sides_get_one_line_more(shoot, box, near):
    """1200 x 675 cannot be halved as yuv420p asks, so the last line is there twice."""
    shot = shoot({"resolution": "twitter-landscape", "duration": 0.2, "visuals": [box("#00aa00", 1200, 675)]})

    assert shot.frames[0].size == (1200, 676) == (shot.made.width, shot.made.height)
    assert near(shot.frames[0].getpixel((600, 675)), (0, 170, 0))


def test_thumbnail_shows_the_composed_picture(shoot, box, near):
    """It is taken where the film rests longest, not from the empty first frame."""
    shot = shoot(
        {
            "duration": 2,
            "visuals": [box("#ff0000", 320, 180, enterBegin=0, enterEnd=0.8, enterAnimation="fade")],
        }
    )

    with Image.open(shot.made.thumbnail) as thumbnail:
        assert thumbnail.format == "JPEG"
        assert near(thumbnail.convert("RGB").getpixel((160, 90)), (255, 0, 0), 10)


def test_nothing_else_is_left_behind(shoot, box, tmp_path):
    """The parts that grew aside are gone."""
    shoot({"visuals": [box("red")]})

    assert sorted(path.name for path in tmp_path.iterdir()) == ["film.jpg", "film.mp4"]

"""Clips, sound, effects, zooms and captions: what moves or is heard, looked at frame by frame."""

from __future__ import annotations

import av
import pytest
from PIL import Image
from sandbox.render.media import gif, loudness, pitch, sound, video

from bot.sandbox.render.effects import Turn
from bot.sandbox.render.faults import RenderError
from bot.sandbox.zvid.fields import EFFECTS

RED, GREEN, BLUE, WHITE = (255, 0, 0), (0, 128, 0), (0, 0, 255), (255, 255, 255)
CLIP = {"type": "VIDEO", "src": "https://example.com/clip.mp4", "width": 320, "height": 180}
TONE = "https://example.com/tone.wav"


@pytest.fixture(scope="module")
def files():
    """What stands at every address of these tests."""
    return {
        "https://example.com/clip.mp4": video(["red", "green", "blue"], tone=440),
        "https://example.com/mute.mp4": video(["red"]),
        "https://example.com/pair.gif": gif(["red", "blue"]),
        TONE: sound(880, 1.0),
        "https://example.com/words.srt": (
            b"1\n00:00:00,100 --> 00:00:00,400\nHello <i>you</i>\n\n2\r\n00:00:00,600 --> 00:00:00,900\r\nBye\r\n"
        ),
        "https://example.com/no.mp4": b"nothing of the kind",
    }


@pytest.fixture
def film(shoot, files):
    def run(project):
        return shoot(project, fetch=files.__getitem__)

    return run


def test_a_clip_plays_in_time(film, near):
    """Each picture of a clip is seen when it belongs, and its last one stays."""
    shot = film({"duration": 2, "visuals": [CLIP]})

    for second, colour in ((0.1, RED), (0.4, RED), (0.5, GREEN), (0.9, GREEN), (1.0, BLUE), (1.9, BLUE)):
        assert near(shot.at(second).getpixel((160, 90)), colour, 12), second


def test_a_clip_is_cut_and_sped_up(film, near):
    """From its middle on, at double speed, beginning when the element comes."""
    part = {"videoBegin": 0.5, "videoEnd": 1.5, "speed": 2, "enterBegin": 0.5}
    shot = film({"duration": 1.5, "visuals": [CLIP | part]})

    for second, colour in ((0.4, WHITE), (0.5, GREEN), (0.7, GREEN), (0.8, BLUE), (1.4, BLUE)):
        assert near(shot.at(second).getpixel((160, 90)), colour, 12), second


def test_a_gif_starts_over(film, near):
    shot = film({"duration": 1, "visuals": [{"type": "GIF", "src": "https://example.com/pair.gif"}]})

    seen = [shot.at(second).getpixel((20, 10)) for second in (0.1, 0.3, 0.5, 0.7, 0.9)]
    assert all(near(got, want, 12) for got, want in zip(seen, (RED, BLUE, RED, BLUE, RED), strict=True))


def test_a_clip_that_is_none(film):
    """A file of another kind ends the film with a reason that names it."""
    with pytest.raises(RenderError, match=r"does not hold a video: https://example\.com/no\.mp4"):
        film({"visuals": [CLIP | {"src": "https://example.com/no.mp4"}]})


def test_sound_lies_where_it_belongs(film):
    """An audio is heard from `enter` to `exit`, as loud as wished, and the track is as long as the film."""
    audio = {"src": TONE, "enter": 0.5, "exit": 1.2, "volume": 0.5}
    shot = film({"duration": 2, "audios": [audio]})
    heard = loudness(shot.made.video)

    assert len(heard) == pytest.approx(20, abs=1)
    assert max(heard[:4]) < 0.01
    assert all(value == pytest.approx(0.173, rel=0.15) for value in heard[6:11])
    assert max(heard[13:]) < 0.01


def test_sounds_are_mixed(film):
    """The clip's own sound and an audio of a scene are heard together, each at its own pitch and time."""
    scenes = [
        {"id": "a", "duration": 1, "visuals": [CLIP]},
        {"id": "b", "duration": 1, "audios": [{"src": TONE, "speed": 0.5}]},
    ]
    shot = film({"scenes": scenes})

    assert pitch(shot.made.video, 0.2, 0.8) == pytest.approx(440, abs=12)
    assert pitch(shot.made.video, 1.2, 1.8) == pytest.approx(880, abs=24)
    with av.open(str(shot.made.video)) as container:
        assert container.streams.audio[0].codec_context.name == "aac"


def test_silent_clips_make_no_sound(film):
    """Without anything to hear there is no sound track."""
    muted = [CLIP | {"volume": 0}, CLIP | {"hasAudio": False}, CLIP | {"src": "https://example.com/mute.mp4"}]
    shot = film({"visuals": muted, "audios": [{}]})

    with av.open(str(shot.made.video)) as container:
        assert not container.streams.audio


def test_sound_that_is_none(film, tmp_path):
    """A film whose sound cannot be read is not made, and nothing of it stays behind."""
    with pytest.raises(RenderError, match="does not hold a sound"):
        film({"audios": [{"src": "https://example.com/no.mp4"}]})

    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("effect", EFFECTS)
def test_every_effect_is_drawn(effect):
    """Half way through, each of the listed effects shows neither the one picture nor the other."""
    one, two = Image.linear_gradient("L").convert("RGB"), Image.radial_gradient("L").convert("RGB")
    half = Turn(effect, one.size, "RGB").between(one, two, 0.5)

    assert half.size == one.size
    assert half.tobytes() not in {one.tobytes(), two.tobytes()}


def test_effects_go_backwards(near):
    """A moment may be asked for again after a later one."""
    one, two = Image.new("RGB", (100, 10), "red"), Image.new("RGB", (100, 10), "blue")
    turn = Turn("wipeleft", one.size, "RGB")
    early, late, again = (turn.between(one, two, share) for share in (0.25, 0.75, 0.25))

    assert early.tobytes() == again.tobytes() != late.tobytes()
    assert near(early.getpixel((10, 5)), RED)
    assert near(late.getpixel((90, 5)), BLUE)


def test_a_scene_wipes_in(film, near):
    scenes = [
        {
            "id": "a",
            "duration": 1,
            "backgroundColor": "#ff0000",
            "transition": "wiperight",
            "transitionDuration": 1,
        },
        {"id": "b", "duration": 1, "backgroundColor": "#0000ff"},
    ]
    shot = film({"scenes": scenes})

    assert near(shot.at(0.5).getpixel((40, 90)), BLUE, 12)
    assert near(shot.at(0.5).getpixel((280, 90)), RED, 12)


def test_an_element_slides_in_and_wipes_out(film, box, near):
    """Inside its own box, from and to nothing."""
    moves = {
        "enterEnd": 1,
        "enterAnimation": "slideleft",
        "exitBegin": 2,
        "exitEnd": 3,
        "exitAnimation": "wipedown",
    }
    shot = film({"duration": 3, "visuals": [box("#0000ff", 200, 100, x=60, y=40, **moves)]})

    coming, there, going = shot.at(0.5), shot.at(1.5), shot.at(2.5)
    assert near(coming.getpixel((80, 90)), WHITE)
    assert near(coming.getpixel((240, 90)), BLUE, 12)
    assert near(there.getpixel((80, 90)), BLUE, 12)
    assert near(going.getpixel((160, 60)), WHITE)
    assert near(going.getpixel((160, 120)), BLUE, 12)


def test_a_picture_zooms(film, files, found, near):
    """It grows around its middle, in its own box, until the element goes."""
    picture = Image.new("RGB", (100, 100), "white")
    picture.paste((0, 0, 255), (40, 40, 60, 60))
    files["https://example.com/dot.png"] = _png(picture)
    element = {"type": "IMAGE", "src": "https://example.com/dot.png", "zoom": {"depth": 2}}
    shot = film({"duration": 1, "visuals": [element]})

    first, last = found(shot.frames[0]), found(shot.frames[-1])
    assert first[2] - first[0] == pytest.approx(20, abs=2)
    assert last[2] - last[0] == pytest.approx(38, abs=3)
    assert near(shot.frames[-1].getpixel((150, 50)), WHITE)


@pytest.mark.parametrize(
    "animation", ["normal", "karaoke", "highlight", "progressive", "typewriter", "fade", "slide"]
)
def test_captions_come_and_go(film, found, animation):
    """Words are read at the foot of the picture while their time lasts, and are gone after it."""
    caption = {"start": 0.5, "end": 1.5, "text": "Hello there you"}
    font = {"size": 24, "color": "#000000"}
    shot = film({"duration": 2, "subtitle": {"captions": [caption], "animation": animation, "font": font}})

    assert found(shot.at(0.2)) is None
    assert found(shot.at(1.8)) is None
    left, top, right, bottom = found(shot.at(1.3))
    assert top > 120
    assert bottom <= 180
    assert (left + right) / 2 == pytest.approx(160, abs=12)


def test_one_word_at_a_time(film, found):
    """Each word alone, at the times it is given."""
    words = [{"start": 0, "end": 0.5, "text": "I"}, {"start": 0.5, "end": 1, "text": "Wonderful"}]
    subtitle = {
        "captions": [{"start": 0, "end": 1, "words": words}],
        "animation": "one-word",
        "font": {"size": 24, "color": "#000000"},
        "position": "top",
    }
    shot = film({"duration": 1, "subtitle": subtitle})
    short, long = found(shot.at(0.2)), found(shot.at(0.7))

    assert short[2] - short[0] < 12
    assert long[2] - long[0] > 80
    assert long[3] < 60


def test_captions_from_a_file(film, found):
    shot = film(
        {"duration": 1, "subtitle": {"src": "https://example.com/words.srt", "font": {"color": "#000000"}}}
    )

    assert [found(shot.at(second)) is not None for second in (0.0, 0.2, 0.5, 0.7, 0.9)] == [
        False,
        True,
        False,
        True,
        False,
    ]


@pytest.mark.parametrize(
    ("ending", "kind"), [("png", "PNG"), ("jpg", "JPEG"), ("jpeg", "JPEG"), ("webp", "WEBP")]
)
def test_a_still_image(film_maker, box, ending, kind):
    """An image project ends in one picture of the wished kind, and a thumbnail."""
    made = film_maker({"type": "image", "outputFormat": ending, "visuals": [box("#0000ff", 320, 90)]})

    with Image.open(made.video) as picture:
        assert (picture.format, picture.size) == (kind, (320, 180))
        assert picture.convert("RGB").getpixel((160, 40))[2] > 240
        assert picture.convert("RGB").getpixel((160, 140)) > (240, 240, 240)
    assert made.thumbnail.exists()


def test_a_transparent_still(film_maker, box):
    made = film_maker(
        {"type": "image", "transparent": True, "visuals": [box("#0000ff", 320, 90, opacity=0.5)]}
    )

    with Image.open(made.video) as picture:
        assert picture.getpixel((160, 140)) == (0, 0, 0, 0)
        assert picture.getpixel((160, 40))[3] == pytest.approx(128, abs=2)


@pytest.fixture
def film_maker(pens, tmp_path):
    """Renders a project of 320x180 and says only what was made."""
    from bot.sandbox.render.engine import Order, render

    def run(project):
        whole = {"resolution": "custom", "width": 320, "height": 180, **project}
        return render(Order(whole, tmp_path, "still", "growing"), pens, {}.__getitem__, lambda *_: None)

    return run


def _png(picture: Image.Image) -> bytes:
    import io

    body = io.BytesIO()
    picture.save(body, "PNG")
    return body.getvalue()

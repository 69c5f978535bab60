"""What elements look like and where they lie."""

from __future__ import annotations

import io
import threading
from http.server import BaseHTTPRequestHandler, HTTPServer

import pytest
from PIL import Image

from bot.sandbox.render.faults import RenderError

GREY = "#808080"


@pytest.mark.parametrize("colour", ["#ff0000", "#00ff00", "#0000ff", "#2dd4bf", "#facc15", "#101020"])
def test_colours_survive_the_way_through_bt709(shoot, near, colour):
    """A player that follows the tags sees the colour of the project."""
    wanted = tuple(int(colour[at : at + 2], 16) for at in (1, 3, 5))

    assert near(shoot({"backgroundColor": colour}).frames[0].getpixel((10, 10)), wanted)


def test_background_is_white_when_nobody_says(shoot, near):
    assert near(shoot({}).frames[0].getpixel((0, 0)), (255, 255, 255))


@pytest.mark.parametrize(
    ("place", "corner"),
    [
        ({"x": 20, "y": 30}, (20, 30)),
        ({"position": "top-right"}, (240, 0)),
        ({"position": "center-center", "x": 5, "y": 5}, (120, 70)),
        ({"position": "bottom-left"}, (0, 140)),
        ({"x": 160, "y": 90, "anchor": "center-center"}, (120, 70)),
        ({"position": "bottom-right", "anchor": "top-left"}, None),
        ({"x": -40, "y": 0}, (0, 0)),
    ],
)
def test_elements_hang_where_they_are_put(shoot, box, found, place, corner):
    """Presets touch the edge, the anchor follows the preset, what is outside is cut."""
    picture = shoot({"backgroundColor": GREY, "visuals": [box("#ff0000", **place)]}).frames[0]
    picture.putpixel((0, 0), (128, 128, 128))

    area = found(picture)
    assert (area[:2] if area else None) == corner


def test_angle_turns_clockwise_around_the_middle(shoot, box, found):
    """A quarter turn swaps the sides and keeps the middle."""
    picture = shoot(
        {"backgroundColor": GREY, "visuals": [box("#ff0000", 80, 40, x=100, y=60, angle=90)]}
    ).frames[0]

    assert found(picture) == (120, 40, 160, 120)


def test_slanted_edges_do_not_go_dark(shoot, box):
    """The empty pixels around a turned element do not shine through at its edges."""
    picture = shoot(
        {"backgroundColor": "#ffffff", "visuals": [box("#ffffff", x=100, y=60, angle=30)]}
    ).frames[0]

    assert min(low for low, _ in picture.getextrema()) > 245


def test_flips_swap_sides(shoot, near):
    svg = (
        '<svg xmlns="http://www.w3.org/2000/svg" width="100" height="100"><rect width="50" height="50" fill="red"/>'
        '<rect x="50" y="50" width="50" height="50" fill="blue"/></svg>'
    )
    plain, flipped = (
        shoot({"visuals": [{"type": "SVG", "svg": svg, **more}]}).frames[0] for more in ({}, {"flipH": True})
    )

    assert near(plain.getpixel((25, 25)), (255, 0, 0))
    assert near(flipped.getpixel((75, 25)), (255, 0, 0))
    assert near(flipped.getpixel((25, 25)), (255, 255, 255))


def test_opacity_mixes_with_the_ground(shoot, box, near):
    picture = shoot({"backgroundColor": "#000000", "visuals": [box("#ffffff", opacity=0.5)]}).frames[0]

    assert near(picture.getpixel((40, 20)), (128, 128, 128))


def test_opacity_of_nothing_hides(shoot, box, near):
    picture = shoot({"backgroundColor": "#000000", "visuals": [box("#ffffff", opacity=0)]}).frames[0]

    assert near(picture.getpixel((40, 20)), (0, 0, 0))


def test_tracks_order_before_the_list_does(shoot, box, near):
    """The higher track is in front, among equals the later one."""
    layers = [box("#ff0000", track=5), box("#00ff00"), box("#0000ff", width=40)]
    picture = shoot({"visuals": layers}).frames[0]

    assert near(picture.getpixel((20, 20)), (255, 0, 0))


def test_svg_gradient_runs_from_end_to_end(shoot, near):
    svg = (
        '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 320 180"><defs><linearGradient id="g">'
        '<stop offset="0" stop-color="#000"/><stop offset="1" stop-color="#fff"/></linearGradient></defs>'
        '<rect width="320" height="180" fill="url(#g)"/></svg>'
    )
    picture = shoot({"visuals": [{"type": "SVG", "svg": svg, "width": 320, "height": 180}]}).frames[0]
    row = [picture.getpixel((x, 90))[0] for x in range(0, 320, 20)]

    assert row == sorted(row)
    assert row[0] < 12
    assert row[-1] > 225


def test_svg_box_of_another_shape_is_filled_and_cut(shoot, near):
    """The drawing covers its box, centred; it is never squeezed."""
    svg = (
        '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 100 100"><rect width="100" height="100" fill="red"/>'
        '<circle cx="50" cy="50" r="25" fill="blue"/></svg>'
    )
    picture = shoot({"visuals": [{"type": "SVG", "svg": svg, "width": 200, "height": 100}]}).frames[0]

    assert near(picture.getpixel((195, 95)), (255, 0, 0))
    assert near(picture.getpixel((100, 50)), (0, 0, 255))
    assert near(picture.getpixel((55, 50)), (0, 0, 255))  # a circle of 50 px, not an ellipse of 25


@pytest.mark.parametrize(
    ("attributes", "size"),
    [
        ('width="60" height="30"', (60, 30)),
        ('viewBox="0 0 70 20"', (70, 20)),
        ("", (100, 100)),
        ('width="50" viewBox="0 0 100 40"', (50, 20)),
    ],
)
def test_svg_without_a_size_takes_its_own(shoot, found, attributes, size):
    svg = f'<svg xmlns="http://www.w3.org/2000/svg" {attributes}><rect width="500" height="500" fill="red"/></svg>'
    visual = {"type": "SVG", "svg": svg, "x": 10, "y": 10}

    assert found(shoot({"visuals": [visual]}).frames[0]) == (10, 10, 10 + size[0], 10 + size[1])


def test_broken_svg_fails_with_a_reason(shoot):
    with pytest.raises(RenderError, match="not well-formed"):
        shoot({"visuals": [{"type": "SVG", "svg": "<svg"}]})


def test_entity_bombs_are_refused(shoot):
    bomb = '<!DOCTYPE svg [<!ENTITY a "aaaa">]><svg xmlns="http://www.w3.org/2000/svg"><text>&a;</text></svg>'

    with pytest.raises(RenderError, match="not well-formed"):
        shoot({"visuals": [{"type": "SVG", "svg": bomb}]})


def test_text_starts_at_the_top_in_poppins_at_42(shoot, found):
    """The defaults of the service: a line of 42 px, black, content at the top of its box."""
    visual = {"type": "TEXT", "text": "HEH", "width": 300, "height": 170}
    left, top, right, bottom = found(shoot({"visuals": [visual]}).frames[0])

    assert 14 <= top <= 22  # half leading of Poppins, then ascender to cap height
    assert 26 <= bottom - top <= 34  # caps of a 42 px face
    assert 68 <= right - left <= 84


def test_text_wraps_inside_its_width(shoot, found):
    visual = {
        "type": "TEXT",
        "text": "one two three four",
        "width": 150,
        "height": 180,
        "style": {"fontSize": 30},
    }
    area = found(shoot({"visuals": [visual]}).frames[0])

    assert area[2] <= 150
    assert area[3] > 60


def test_text_is_cut_at_its_box(shoot, found):
    visual = {"type": "TEXT", "text": "one two three four five six seven", "width": 120, "height": 50}

    assert found(shoot({"visuals": [visual]}).frames[0])[3] <= 50


def test_text_without_a_size_fits_its_words(shoot, box, found):
    """Hung up by its middle, the words are in the middle."""
    visual = {"type": "TEXT", "text": "Hi", "position": "center-center", "style": {"fontSize": "60px"}}
    left, _, right, _ = found(shoot({"visuals": [visual]}).frames[0])

    assert abs((left + right) / 2 - 160) <= 3


def test_html_wins_over_text_and_style_counts(shoot, near, found):
    visual = {
        "type": "TEXT",
        "text": "nothing",
        "html": '<div style="background:#00aa00;width:100%;height:100%">&amp;</div>',
        "width": 100,
        "height": 60,
        "style": {"backgroundColor": "#ff0000", "borderRadius": "30px"},
    }
    picture = shoot({"backgroundColor": "#ffffff", "visuals": [visual]}).frames[0]

    assert near(picture.getpixel((90, 50)), (0, 170, 0))


def test_bare_numbers_are_pixels(shoot, found):
    heights = [
        found(shoot({"visuals": [{"type": "TEXT", "text": "HH", "style": {"fontSize": size}}]}).frames[0])
        for size in (80, "80px", "80")
    ]

    assert heights[0] == heights[1] == heights[2]


@pytest.mark.parametrize("family", ["Poppins", "Inter", "Archivo", "Arial", "Rubik"])
def test_families_are_really_different(pens, family):
    """Each known family draws its own letters; an unknown one draws Arimo's, as Arial does."""

    def drawn(name: str) -> bytes:
        spec = {"text": "Rag 195", "style": {"fontFamily": name}, "width": 200, "height": 60}
        return pens.text.draw(spec, 320).tobytes()

    assert (drawn(family) == drawn("No Such Face")) == (family == "Arial")


def test_bold_is_bolder(pens):
    def ink(weight: int) -> int:
        spec = {
            "text": "Bold",
            "width": 200,
            "height": 60,
            "style": {"fontFamily": "Inter", "fontWeight": weight},
        }
        return sum(
            level * count for level, count in enumerate(pens.text.draw(spec, 320).getchannel("A").histogram())
        )

    assert ink(300) < ink(500) < ink(800)


def png(width: int = 100, height: int = 100, colour: str = "red", right: str = "blue") -> bytes:
    picture = Image.new("RGB", (width, height), colour)
    picture.paste(Image.new("RGB", (width // 2, height), right), (width - width // 2, 0))
    stream = io.BytesIO()
    picture.save(stream, "PNG")
    return stream.getvalue()


def image(**more) -> dict:
    return {"type": "IMAGE", "src": "https://example.com/a.png", **more}


def test_image_covers_its_box_undistorted(shoot, near):
    """A square in a wide box loses top and bottom, not its shape."""
    shot = shoot({"visuals": [image(width=200, height=50)]}, lambda _url: png())

    assert near(shot.frames[0].getpixel((50, 25)), (255, 0, 0), 10)
    assert near(shot.frames[0].getpixel((150, 25)), (0, 0, 255), 10)
    assert near(shot.frames[0].getpixel((50, 60)), (255, 255, 255), 10)


@pytest.mark.parametrize(("resize", "far"), [("contain", (255, 255, 255)), ("cover", (0, 0, 255))])
def test_resize_fits_the_whole_canvas(shoot, near, resize, far):
    """Contain leaves the rest of the canvas empty, cover does not; the element's own size is ignored."""
    shot = shoot({"visuals": [image(width=5, height=5, resize=resize)]}, lambda _url: png())

    assert near(shot.frames[0].getpixel((310, 100)), far, 10)


def test_crop_takes_source_pixels(shoot, near):
    crop = {"x": 50, "y": 0, "width": 50, "height": 100}
    shot = shoot({"visuals": [image(width=100, height=100, cropParams=crop)]}, lambda _url: png())

    assert near(shot.frames[0].getpixel((10, 50)), (0, 0, 255), 10)


def test_radius_rounds_the_named_corner_only(shoot, near):
    radius = {"tl": 50, "tr": 0, "bl": 0, "br": 0}
    shot = shoot({"visuals": [image(width=100, height=100, radius=radius)]}, lambda _url: png())

    assert near(shot.frames[0].getpixel((3, 3)), (255, 255, 255), 10)
    assert near(shot.frames[0].getpixel((96, 3)), (0, 0, 255), 10)


def test_image_comes_over_real_http(shoot, near):
    class Pictures(BaseHTTPRequestHandler):
        def do_GET(self):
            self.send_response(200)
            self.end_headers()
            self.wfile.write(png())

        def log_message(self, *_):
            pass

    with HTTPServer(("127.0.0.1", 0), Pictures) as server:
        threading.Thread(target=server.handle_request, daemon=True).start()
        src = f"http://127.0.0.1:{server.server_port}/a.png"
        picture = shoot({"visuals": [{"type": "IMAGE", "src": src}]}).frames[0]

    assert near(picture.getpixel((20, 20)), (255, 0, 0), 10)


@pytest.mark.parametrize(
    ("src", "reason"),
    [("http://127.0.0.1:9/a.png", "could not be fetched"), ("file:///etc/hostname", "http or https")],
)
def test_missing_pictures_fail_with_their_address(shoot, src, reason, tmp_path):
    with pytest.raises(RenderError, match=reason) as refusal:
        shoot({"visuals": [{"type": "IMAGE", "src": src}]})

    assert src in refusal.value.reason
    assert list(tmp_path.iterdir()) == []


def test_what_is_no_picture_fails(shoot):
    with pytest.raises(RenderError, match="does not hold a picture"):
        shoot({"visuals": [image()]}, lambda _url: b"<html>not found</html>")

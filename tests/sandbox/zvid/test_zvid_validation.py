"""What a request may say: ranges, colours, markup, media hosts, plan limits, and how refusals name the place."""

import copy
import uuid

import pytest

from bot.sandbox.zvid.markup import html_problem
from bot.sandbox.zvid.options import Switches
from bot.sandbox.zvid.refusals import Refusal
from bot.sandbox.zvid.verdict import judge

DRAWING = '<svg xmlns="http://www.w3.org/2000/svg"/>'
STRICT = Switches(field_prefix="bare")


def text(**fields: object) -> dict:
    return {"type": "TEXT", "text": "Hello", **fields}


def svg(source: str, **fields: object) -> dict:
    return {"type": "SVG", "svg": source, **fields}


def image(source: object, **fields: object) -> dict:
    return {"type": "IMAGE", "src": source, **fields}


def refused(body: object, switches: Switches = STRICT) -> list[str]:
    """The places a request is refused for; empty when it is fine."""
    try:
        judge(copy.deepcopy(body), switches)
    except Refusal as refusal:
        # A refusal of another status has no details, and fails the test here.
        return [each["field"] for each in refusal.body["details"]]
    return []


def message(body: object, switches: Switches = STRICT) -> str:
    with pytest.raises(Refusal) as caught:
        judge(body, switches)
    return caught.value.body["details"][0]["message"]


def of_project(**fields: object) -> dict:
    return {"payload": fields}


def of_visual(visual: dict) -> dict:
    return of_project(visuals=[visual])


# ---------------------------------------------------------------- around the project


@pytest.mark.parametrize("body", [None, [], "x", 7, {}, {"payload": {}, "template": "tpl_" + "a" * 20}])
def test_body(body):
    """The body is an object with exactly one of payload and template."""
    assert refused(body) == ["body"]


@pytest.mark.parametrize(
    ("more", "place"),
    [
        ({"jobId": "seven"}, "body.jobId"),
        ({"jobId": 7}, "body.jobId"),
        ({"metadata": {}}, "body.metadata"),
        ({"idempotencyKey": "x"}, "body.idempotencyKey"),
        ({"webhookUrl": "https://example.com/hook"}, "body.webhookUrl"),
        ({"variables": []}, "body.variables"),
        ({"overrides": {"duration": 3}}, "body.overrides.duration"),
        ({"overrides": {"width": "9"}}, "body.overrides.width"),
        ({"payload": []}, "body.payload"),
    ],
)
def test_envelope(more, place):
    """What stands beside the project is refused under `body`."""
    assert refused({"payload": {}, **more}) == [place]


@pytest.mark.parametrize("version", [1, 3, 4, 5])
def test_job_ids(version):
    """Any UUID may be a job id; it is kept in lower case."""
    given = str(uuid.UUID(int=7, version=version)).upper()

    assert judge({"payload": {}, "jobId": given}, STRICT).job_id == given.lower()


def test_client_key_is_ignored():
    """`clientKey` is taken and has no effect."""
    assert refused({"payload": {}, "clientKey": "x"}) == []


def test_stored_template():
    """One that nobody has stored is not found."""
    with pytest.raises(Refusal) as caught:
        judge({"template": "tpl_" + "a" * 20}, STRICT)

    assert caught.value.status == 404
    assert caught.value.body["error"] == "Template not found"


def test_overrides():
    """Overrides win; a width or height leaves the preset."""
    verdict = judge(
        {"payload": {"resolution": "hd", "name": "a"}, "overrides": {"width": 600, "name": "b"}}, STRICT
    )

    assert (verdict.name, verdict.width, verdict.project["resolution"]) == ("b", 600, "custom")


def test_too_large():
    """A project of two megabytes is too large, not invalid."""
    body = of_project(visuals=[text(text="x" * 20_000) for _ in range(101)])
    with pytest.raises(Refusal) as caught:
        judge(body, STRICT)

    assert caught.value.status == 413


# ---------------------------------------------------------------- the project's own fields


@pytest.mark.parametrize(
    ("field", "good", "bad"),
    [
        ("type", ["video"], ["film", None]),
        ("name", ["a-b_c 9", "x" * 1000], ["", "a.b", "a/b", "é", "x" * 1001, 7, "a\n"]),
        ("resolution", ["hd", "custom", "snapchat"], ["4k", "snapshat", "HD"]),
        ("width", [1, 1920, 30.0], [0, 1921, 10.5, "10", True, None]),
        ("height", [1, 1920], [0, -5, 1921]),
        ("duration", [0.1, 600], [0, 0.05, 600.1, "9", None]),
        ("frameRate", [1, 60], [0, 61, 29.97]),
        ("outputFormat", ["mp4"], ["gif", "png", "MP4"]),
        ("backgroundColor", ["#fff", "#A0B1C2"], ["fff", "#ffff", "#ggg", "red", "#ffffff80", "#fff\n"]),
        ("visuals", [[]], [{}, "x", [7]]),
        ("subtitle", [None], [7]),
        ("snapshotTime", [], [1]),
        ("transparent", [], [True]),
        ("quality", [], [50]),
        ("unheard", [], [1]),
    ],
)
def test_top_level(field, good, bad):
    """Each field of the project takes what is documented and nothing else."""
    for value in good:
        assert refused(of_project(**{field: value})) == [], value
    for value in bad:
        places = refused(of_project(**{field: value}))
        assert len(places) == 1, value
        assert places[0].split("[")[0] == field, value


def test_top_level_hides_elements():
    """Errors come in stages: elements are looked at only when the top is sound."""
    body = of_project(frameRate=99, visuals=[text(opacity=2)])

    assert refused(body) == ["frameRate"]


def test_every_element_is_named():
    """Within a stage every problem is told, with its place."""
    body = of_project(
        visuals=[text(opacity=2), text(track=-1)],
        scenes=[{"duration": 2}, {"duration": 2, "visuals": [text(text="a<b")]}],
    )

    assert refused(body) == ["visuals[0].opacity", "visuals[1].track", "scenes[1].visuals[0].text"]


# ---------------------------------------------------------------- elements


@pytest.mark.parametrize(
    ("field", "good", "bad"),
    [
        ("x", [-500, 3840, 0.5], [3841, "0", None]),
        ("width", [1, 3840], [0.5, 3841, 0]),
        ("position", ["top-left", "center-center", "custom"], ["middle", "center", None]),
        ("anchor", ["bottom-right"], ["left"]),
        ("resize", ["contain", "cover"], ["fill"]),
        ("enterBegin", [0, 1], [-0.1, "1"]),
        ("opacity", [0, 1, 0.5], [-0.1, 1.1]),
        ("angle", [-360, 360], [361]),
        ("flipH", [True], [1, "true"]),
        ("track", [0, 1_000_000], [-1, 1_000_001, 0.5]),
        ("enterAnimation", ["fade", None], ["sparkle", 3]),
        ("colour", [], ["red"]),
        ("style", [{"fontSize": 72, "--own": "1px", "font-family": None}], ["red", {"color": True}]),
    ],
)
def test_element_fields(field, good, bad):
    """Each field of an element takes what is documented and nothing else."""
    for value in good:
        assert refused(of_visual(text(**{field: value}))) == [], value
    for value in bad:
        assert refused(of_visual(text(**{field: value}))) == [f"visuals[0].{field}"], value


@pytest.mark.parametrize("kind", ["text", "Text", "TEXT"])
def test_type_in_any_case(kind):
    """The type may be written in any case."""
    assert refused(of_visual({"type": kind, "text": "x"})) == []


@pytest.mark.parametrize("visual", [{}, {"type": "LINE"}, {"type": 7}])
def test_unknown_type(visual):
    """An element of no known type is refused, with the types there are."""
    assert refused(of_visual(visual)) == ["visuals[0].type"]
    assert "IMAGE, VIDEO, GIF, SVG, TEXT" in message(of_visual(visual))


def test_ends_before_begins():
    """An end before its beginning is refused at the end; a left-out end is fine."""
    assert refused(of_visual(text(enterBegin=2, enterEnd=1))) == ["visuals[0].enterEnd"]
    assert refused(of_visual(text(exitBegin=2, exitEnd=1))) == ["visuals[0].exitEnd"]
    assert refused(of_visual(text(enterBegin=2))) == []


@pytest.mark.parametrize("visual", [{"type": "TEXT"}, text(text="  "), text(text="", html=" ")])
def test_text_needs_words(visual):
    """A TEXT has words."""
    assert refused(of_visual(visual)) == ["visuals[0].text"]


@pytest.mark.parametrize("words", ["a < b", "a > b", "bell\x07"])
def test_text_refuses(words):
    """Plain text holds no angle brackets and no control characters."""
    assert refused(of_visual(text(text=words))) == ["visuals[0].text"]


@pytest.mark.parametrize(
    "source",
    [
        DRAWING,
        "  <svg></svg>",
        '<svg viewBox="-10 -10 4096 4096"><use href="#a" xlink:href="#b"/></svg>',
        '<svg><path fill="url(#grad)" d="M0 1234567"/><text>one on = two</text></svg>',
        "<svg><path fill=\"url('#grad')\" style='fill: url( \"#grad\" )'/></svg>",
        '<svg width="100%" data-href="x"><g class="onward"/></svg>',
    ],
)
def test_svg_accepts(source):
    """Drawings of the plain kind pass, words included."""
    assert refused(of_visual(svg(source))) == []


@pytest.mark.parametrize(
    "source",
    [
        "",
        "<div/>",
        '<?xml version="1.0"?><svg/>',
        "<svg><script/></svg>",
        "<svg><ForeignObject/></svg>",
        "<svg><video/></svg>",
        '<svg onload="x()"/>',
        "<svg><rect\nonclick = 'x'/></svg>",
        '<svg><rect fill="url(https://x.example/a)"/></svg>',
        "<svg><rect fill=\"url('data:x')\"/></svg>",
        '<svg><image href="https://x.example/a.png"/></svg>',
        "<svg><image xlink:href='data:image/png;base64,aa'/></svg>",
        '<svg><image src="a.png"/></svg>',
        "<svg><text>Order 12345678</text></svg>",
        '<svg width="4097"/>',
        '<svg height="-1"/>',
        '<svg viewBox="0 0 5000 10"/>',
        "<svg>\x01</svg>",
    ],
)
def test_svg_refuses(source):
    """Drawings with scripts, outside references, long numbers or huge sizes are refused."""
    assert refused(of_visual(svg(source))) == ["visuals[0].svg"]


@pytest.mark.parametrize(
    "source",
    [
        '<p style="color: red">a<br>b</p>',
        '<div class="x"><span>ü</span></div>',
        '<svg viewBox="0 0 9 9"><path d="M0 0" fill="#fff"/></svg>',
    ],
)
def test_html_accepts(source):
    """The listed tags and attributes pass."""
    assert refused(of_visual(text(html=source))) == []


def test_pictures_in_html():
    """A picture with a public address is allowed; that it is not drawn here is another refusal."""
    picture = '<img src="https://example.com/a.png" alt="a" width="9">'

    assert html_problem(picture, lambda _address: None) is None
    assert "cannot draw" in message(of_visual(text(html=picture)))


@pytest.mark.parametrize(
    "source",
    [
        "<script>x</script>",
        "<h1>x</h1>",
        "<a href='https://example.com'>x</a>",
        '<p onclick="x">x</p>',
        '<p id="x">x</p>',
        '<img src="http://10.0.0.1/a.png">',
        '<p style="background: url(x)">x</p>',
        '<p style="color: red /* x */">x</p>',
        "<style>p{}</style>",
        "<!DOCTYPE html><p>x</p>",
    ],
)
def test_html_refuses(source):
    """Any other tag, attribute or reference is refused."""
    assert refused(of_visual(text(html=source))) == ["visuals[0].html"]


@pytest.mark.parametrize(
    "style",
    [
        {"background": "URL (x)"},
        {"a": "@import x"},
        {"a": "expression(1)"},
        {"a": "/* x"},
        {"1a": "x"},
        {"a": "x" * 4001},
        {f"p{number}": 1 for number in range(121)},
        {"a": ["x"]},
    ],
)
def test_style_refuses(style):
    """CSS that loads or runs something is refused, and so are endless styles."""
    assert refused(of_visual(text(style=style))) == ["visuals[0].style"]


@pytest.mark.parametrize(
    "address",
    [
        "https://example.com/a.png",
        "http://example.com:80/a.png?x=1",
        "https://93.184.216.34/a.png",
        " https://example.com/a.png ",
        "https://example.com:443/ü.png",
    ],
)
def test_media_accepts(address):
    """Public http and https addresses pass; they are not fetched."""
    assert refused(of_visual(image(address))) == []


@pytest.mark.parametrize(
    "address",
    [
        "",
        "a.png",
        "ftp://example.com/a.png",
        "data:image/png;base64,aa",
        "https://user:pw@example.com/a.png",
        "https://example.com:8443/a.png",
        "https://example.com/a b.png",
        "https://example.com\\a.png",
        "https://example.com/\x07.png",
        "http://localhost/a.png",
        "http://a.localhost/a.png",
        "http://printer.local/a.png",
        "http://localhost./a.png",
        "http://127.0.0.1/a.png",
        "http://10.1.2.3/a.png",
        "http://172.31.0.1/a.png",
        "http://192.168.1.1/a.png",
        "http://169.254.169.254/latest",
        "http://0.0.0.0/a.png",
        "http://[::1]/a.png",
        "http://[fe80::1]/a.png",
        "http://[fd00::1]/a.png",
        "http://[::ffff:127.0.0.1]/a.png",
        "http://[::1/a.png",
        "https://example.com/" + "a" * 2048,
        None,
        7,
    ],
)
def test_media_refuses(address):
    """Anything but a public address is refused."""
    assert refused(of_visual(image(address))) == ["visuals[0].src"]


def test_media_details():
    """A crop has all four sides; a zoom is a yes, a no or a depth."""
    fine = "https://example.com/a.png"

    assert refused(of_visual(image(fine, cropParams={"x": 0, "y": 0, "width": 9}))) == [
        "visuals[0].cropParams.height"
    ]
    assert refused(of_visual(image(fine, radius={"tl": -1}))) == ["visuals[0].radius.tl"]
    assert "visuals[0].zoom.depth" in refused(of_visual(image(fine, zoom={"depth": 11})))
    assert refused(of_visual(image(fine, filter={"hue-rotate": 7}))) == ["visuals[0].filter.hue-rotate"]


# ---------------------------------------------------------------- scenes, stills, plans


@pytest.mark.parametrize(
    ("scene", "place"),
    [
        ({"duration": 0}, "duration"),
        ({"duration": -2}, "duration"),
        ({"duration": 601}, "duration"),
        ({"duration": 2, "id": "a b"}, "id"),
        ({"duration": 2, "transition": "swirl"}, "transition"),
        ({"duration": 2, "transitionDuration": 61}, "transitionDuration"),
        ({"duration": 2, "backgroundColor": "blue"}, "backgroundColor"),
        ({"duration": 2, "title": "x"}, "title"),
    ],
)
def test_scenes_refuse(scene, place):
    """A scene's own fields are checked like any other."""
    assert refused(of_project(scenes=[{"duration": 1}, scene])) == [f"scenes[1].{place}"]


def test_scene_ids_are_unique():
    """Two scenes may not share an id."""
    assert refused(of_project(scenes=[{"id": "a", "duration": 1}, {"id": "a", "duration": 1}])) == ["scenes"]


def test_scenes_in_all():
    """The sum of the scenes has to fit the plan."""
    body = of_project(scenes=[{"duration": 400}, {"duration": 400}])

    assert refused(body) == ["scenes"]
    assert "800s" in message(body)


@pytest.mark.parametrize("field", ["duration", "frameRate", "audios", "scenes", "thumbnail", "subtitle"])
def test_stills_take_no_time(field):
    """A still has no time and no sound."""
    value = {"duration": 3, "frameRate": 30, "thumbnail": "https://example.com/a.png", "subtitle": None}.get(
        field, []
    )

    assert field in refused(of_project(type="image", **{field: value}))


def test_stills_take_no_timed_elements():
    """Elements of a still do not come and go."""
    body = of_project(type="image", visuals=[text(enterBegin=1)])

    assert refused(body) == ["visuals[0].enterBegin"]


def test_audio_order():
    """A sound may not end before it begins."""
    body = of_project(audios=[{"src": "https://example.com/a.mp3", "enter": 3, "exit": 2}])

    assert refused(body) == ["audios[0].exit"]


@pytest.mark.parametrize(
    ("subtitle", "place"),
    [
        ({}, "subtitle"),
        ({"src": "https://example.com/a.srt", "captions": []}, "subtitle"),
        ({"captions": [{"start": 0, "end": 1, "text": "x" * 1001}]}, "subtitle.captions[0].text"),
        ({"src": "https://example.com/a.srt", "font": {"size": 0}}, "subtitle.font.size"),
        ({"src": "https://example.com/a.srt", "styles": {}, "position": "top"}, "subtitle.styles"),
    ],
)
def test_subtitles_refuse(subtitle, place):
    """Subtitles have one source, and bounded words."""
    assert refused(of_project(subtitle=subtitle)) == [place]


@pytest.mark.parametrize(
    ("plan", "most"),
    [(Switches(field_prefix="bare"), 30), (Switches(field_prefix="bare", plan="Free"), 20)],
)
def test_counts_over_all_scenes(plan, most):
    """Elements are counted over the project and all its scenes."""
    picture = image("https://example.com/a.png")
    half = [picture] * (most // 2)
    body = of_project(visuals=half, scenes=[{"duration": 1, "visuals": half}])
    one_more = of_project(visuals=[*half, picture], scenes=[{"duration": 1, "visuals": half}])

    assert refused(body, plan) == []
    assert refused(one_more, plan) == ["visuals"]
    assert f"Max images allowed is {most}" in message(one_more, plan)


def test_free_plan():
    """The Free plan is tighter, and says which plan it is."""
    plan = Switches(field_prefix="bare", plan="Free")

    assert refused(of_visual(text(width=1921)), plan) == ["visuals[0].width"]
    assert refused(of_project(scenes=[{"duration": 1}] * 26), plan) == ["scenes"]
    assert "Free plan" in message(of_project(duration=301), plan)


@pytest.mark.parametrize(
    ("fields", "place"),
    [
        ({"outputFormat": "webm"}, "outputFormat"),
        ({"subtitle": {"captions": [], "animation": "bounce"}}, "subtitle.animation"),
        ({"visuals": [text(customCode={"css": "a"})]}, "visuals[0].customCode"),
        ({"scenes": [{"duration": 2, "visuals": [text(style={"columns": 2})]}]}, "scenes[0].visuals[0]"),
    ],
)
def test_what_cannot_be_drawn(fields, place):
    """What the renderer cannot draw is refused by name, before anything is charged."""
    places = refused(of_project(**fields))

    assert places
    assert places[0].startswith(place)


# ---------------------------------------------------------------- warnings


@pytest.mark.parametrize(
    ("visuals", "place"),
    [
        ([text(position="top-left", x=5)], "visuals[0]"),
        ([text(style={"paddingTop": 4})], "visuals[0].style"),
        ([text(x=1270, y=0, width=100, height=10)], "visuals[0]"),
        ([text(style={"color": "#eeeeee"})], "visuals[0].style.color"),
        ([svg(DRAWING, width=9, height=9), text(width=9, height=9)], "visuals[1]"),
    ],
)
def test_warnings(visuals, place):
    """What is probably not meant is told, and does not block."""
    warnings = judge(of_project(visuals=visuals), STRICT).warnings

    assert [warning.field for warning in warnings] == [place]


def test_no_warning():
    """A sound layout is not nagged about: apart in place, or in time."""
    boxes = [
        svg(DRAWING, width=1280, height=720),
        text(x=0, y=0, width=100, height=50, exitEnd=3),
        text(x=0, y=0, width=100, height=50, enterBegin=3),
        text(position="bottom-right", width=100, height=50, style={"color": "#000"}),
    ]

    assert judge(of_project(visuals=boxes), STRICT).warnings == []

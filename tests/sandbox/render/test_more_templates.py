"""The product, listing and lesson templates: they fit their sample rows, their contracts and the frame."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from PIL import Image, ImageChops, ImageStat

from bot.adapters.built_in_templates import find_template
from bot.adapters.template_folder import load_template
from bot.cli.sample_sheet import sample_file, sample_rows
from bot.domain.cells import Cell
from bot.domain.contract import FieldType
from bot.domain.ids import JobId, RecordId
from bot.domain.records import Content, Record, Rejection, judge
from bot.domain.templates.template import Label, Payload, fill
from bot.domain.values import Locale, value_text
from bot.sandbox.pictures.shelf import PICTURES, PictureShelf
from bot.sandbox.render.film import frame_size, read_film
from bot.sandbox.render.styling import kebab
from bot.sandbox.zvid import verdict
from bot.sandbox.zvid.options import Switches

NAMES = ("lesson", "listing", "product")
FORMATS = ("vertical", "square", "wide")
EVERY = [(name, wanted) for name in NAMES for wanted in FORMATS]
TEMPLATES = {name: load_template(find_template(Path(name))) for name in NAMES}
Box = tuple[int, int, int, int]
MARGIN = 400
PLACE = "http://127.0.0.1:9/media/pictures"
CAPITALS = (
    "GRÜNES WOHNEN MIT WEITBLICK, GARTEN UND HAMAM ÜBER DEM SEE: WER MAG DAS NICHT, WENN ES ÖFTER KOMMT"
)


def rows_of(name: str) -> list[dict[str, Cell]]:
    header, *rows = sample_rows(sample_file(Path(name)), TEMPLATES[name], PLACE, None)
    return [dict(zip(header, row, strict=True)) for row in rows]


def judged(name: str, row: dict[str, Cell]) -> Record | Rejection:
    contract = TEMPLATES[name].contract
    values = tuple((one.key, value_text(one.type, row[one.column], Locale())) for one in contract.fields)
    return judge(Content(values, contract.format_named(row["Format"]) or "?"), contract)


def payload(name: str, record: Record | Rejection) -> Payload:
    assert isinstance(record, Record), record
    label = Label(RecordId("r7k3q"), JobId("3f0c2a7e-5d55-5b1e-9a53-8c1d6f1f2ab1"), 1)
    filled = fill(TEMPLATES[name], record, label)
    assert isinstance(filled, Payload), filled
    return filled


def good(name: str) -> list[dict[str, Cell]]:
    return [row for row in rows_of(name) if isinstance(judged(name, row), Record)]


def with_limits(name: str, wanted: str, words: str) -> dict[str, Any]:
    """The project with every text as long as it may be."""
    texts: dict[str, str] = {}
    for one in TEMPLATES[name].contract.fields:
        limit = one.limit(wanted) or 0
        is_figure = one.key in {"price", "old_price", "area", "phone"}
        long = (
            ("888 " * 9 if is_figure else words * 90)[:limit].strip().ljust(limit, "8" if is_figure else "E")
        )
        short = {
            FieldType.IMAGE: f"{PLACE}/{next(iter(PICTURES))}",
            FieldType.COLOR: "#2DD4BF",
            FieldType.BOOL: "TRUE",
            FieldType.NUMBER: "88",
        }
        texts[one.key] = short.get(one.type, long)
    return payload(name, judge(Content(tuple(texts.items()), wanted), TEMPLATES[name].contract)).project


def solid(pens, visual: dict[str, Any]) -> Box:
    """The box of what is drawn, without soft shadows."""
    alpha = pens.text.draw(visual, 3000).getchannel("A")
    return alpha.point([0] * 200 + [255] * 56).getbbox()


def unbounded(pens, visual: dict[str, Any]) -> Box:
    """The same where nothing is cut off: the element as a box within a larger one, measured from its corner."""
    width, height = visual["width"], visual["height"]
    style = "".join(f"{kebab(name)}:{value};" for name, value in visual["style"].items())
    inner = f"{style}width:{width}px;height:{height}px;margin:{MARGIN}px"
    roomy = visual | {
        "width": width + 2 * MARGIN,
        "height": height + 2 * MARGIN,
        "style": {},
        "html": f'<div style="{inner}">{visual["html"]}</div>',
    }
    left, top, right, bottom = solid(pens, roomy)
    return left - MARGIN, top - MARGIN, right - MARGIN, bottom - MARGIN


def worded(project: dict[str, Any]) -> list[tuple[str, dict[str, Any]]]:
    return [
        (scene["id"], visual)
        for scene in project["scenes"]
        for visual in scene["visuals"]
        if visual["type"] == "TEXT"
    ]


@pytest.mark.parametrize(("name", "price"), [("lesson", 12), ("listing", 10), ("product", 9)])
def test_every_format_costs_the_same(name: str, price: int):
    """A film of eight to fourteen seconds, and no format above the area that costs four times as much."""
    assert {TEMPLATES[name].price(wanted) for wanted in FORMATS} == {price}


@pytest.mark.parametrize(
    ("name", "bad"),
    [
        ("lesson", {12: "Step", 13: "Title"}),
        ("listing", {12: "Beds", 13: "Title"}),
        ("product", {12: "Picture", 13: "Price"}),
    ],
)
def test_sample_rows_are_good_but_for_two_that_teach(name: str, bad: dict[int, str]):
    """Ten rows in all formats are accepted; the other two name the one column that is wrong."""
    found = {number: judged(name, row) for number, row in enumerate(rows_of(name), start=2)}

    refused = {number: one for number, one in found.items() if isinstance(one, Rejection)}
    assert {number: [each.column for each in one.problems] for number, one in refused.items()} == {
        number: [column] for number, column in bad.items()
    }
    assert len(found) == 12
    assert {row["Format"] for row in good(name)} == {"Vertical", "Square", "Wide", None}


@pytest.mark.parametrize("name", NAMES)
def test_sample_rows_name_pictures_there_are(name: str):
    """Every picture a good row links to is on the shelf, and every optional one is left out somewhere."""
    columns = [one.column for one in TEMPLATES[name].contract.fields if one.type is FieldType.IMAGE]
    optional = [
        one.column
        for one in TEMPLATES[name].contract.fields
        if not one.required and one.type is not FieldType.BOOL
    ]

    links = {row[column] for row in good(name) for column in columns} - {None}
    assert links <= {f"{PLACE}/{each}" for each in PICTURES}
    assert all(any(row[column] is None for row in good(name)) for column in optional)


@pytest.mark.parametrize("name", NAMES)
def test_the_service_accepts_every_good_row_at_the_price_told(name: str):
    """The stand-in's check has nothing against the payloads and can draw all of them."""
    for row in good(name):
        filled = payload(name, judged(name, row))

        told = verdict.judge({"payload": filled.project}, Switches(allow_loopback_media=True))

        assert told.credits == filled.price == TEMPLATES[name].price("vertical")


@pytest.mark.parametrize(("name", "wanted"), EVERY)
def test_every_field_is_used_and_has_a_default(name: str, wanted: str):
    """The project can be opened in an editor as it is, and asks for nothing the contract does not have."""
    project = TEMPLATES[name].projects[wanted]

    assert set(project["variables"]) == {one.key for one in TEMPLATES[name].contract.fields}
    assert all(f"{{{{{key}}}}}" in str(project["scenes"]) for key in project["variables"])


@pytest.mark.parametrize("words", [CAPITALS, "W"], ids=["capitals", "widest"])
@pytest.mark.parametrize(("name", "wanted"), EVERY)
def test_the_longest_texts_are_not_cut(pens, name: str, wanted: str, words: str):
    """Capitals with accents, and the widest letter alone, at every limit: whole in their boxes."""
    width, height = frame_size(TEMPLATES[name].projects[wanted])
    for scene, visual in worded(with_limits(name, wanted, words)):
        left, top, right, bottom = unbounded(pens, visual)

        inside = left >= 0 and top >= 0 and right <= visual["width"] and bottom <= visual["height"]
        assert inside, (scene, visual["html"], (left, top, right, bottom), visual["width"], visual["height"])
        assert visual["x"] + visual["width"] <= width
        assert visual["y"] + visual["height"] <= height


@pytest.mark.parametrize(("name", "wanted"), EVERY)
def test_long_texts_do_not_collide(pens, name: str, wanted: str):
    """In each scene, what is solid of any two text elements lies apart."""
    places: dict[str, list[tuple[int, ...]]] = {}
    for scene, visual in worded(with_limits(name, wanted, CAPITALS)):
        ink, (left, top) = solid(pens, visual), (visual["x"], visual["y"])
        here = (left + ink[0], top + ink[1], left + ink[2], top + ink[3])
        for other in places.setdefault(scene, []):
            apart = here[3] <= other[1] or other[3] <= here[1] or here[2] <= other[0] or other[2] <= here[0]
            assert apart, (scene, visual["html"], here, other)
        places[scene].append(here)


@pytest.mark.parametrize("name", NAMES)
def test_words_keep_clear_of_an_apps_own_buttons(name: str):
    """On a phone the top 200 and the bottom 280 pixels belong to the app; only backgrounds reach there."""
    for scene, visual in worded(payload(name, judged(name, good(name)[0])).project):
        assert visual["y"] >= 200, (scene, visual["html"])
        assert visual["y"] + (0 if "flex-start" in str(visual["style"]) else visual["height"]) <= 1640


@pytest.mark.parametrize(
    ("name", "picture", "empty"), [("product", 1.0, 0.0), ("listing", 2.5, 0.0), ("lesson", 7.0, 3.2)]
)
def test_a_film_shows_its_picture_and_its_words(
    name: str, picture: float, empty: float, shoot, tmp_path: Path
):
    """Really rendered: the picture is there in its place, and where there was nothing words have come."""
    shelf = PictureShelf(tmp_path / "pictures")
    project = payload(name, judged(name, good(name)[0])).project
    film = read_film(project)
    shot = shoot(project | {"frameRate": 2}, fetch=lambda url: shelf.file(url.rsplit("/", 1)[1]).read_bytes())
    number = next(
        place for place, scene in enumerate(film.scenes) if scene.covers(picture) and scene.mix(picture) == 1
    )
    visuals = project["scenes"][number]["visuals"]
    image = next(each for each in visuals if each["type"] == "IMAGE")
    words = next(each for each in visuals if "{{" not in each.get("html", "{{") and each["x"] < 200)

    assert shot.frames[0].size == frame_size(project) == (1080, 1920)
    assert shot.made.seconds == film.seconds
    assert min(ImageStat.Stat(cut(shot.at(picture), image)).stddev) > 15
    changed = ImageChops.difference(cut(shot.at(picture), words), cut(shot.at(empty), words)).convert("L")
    assert sum(changed.histogram()[100:]) > 2000


def cut(frame: Image.Image, visual: dict[str, Any]) -> Image.Image:
    left, top = visual["x"], visual["y"]
    return frame.crop((left, top, left + visual["width"], top + visual["height"]))

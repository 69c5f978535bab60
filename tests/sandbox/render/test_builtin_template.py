"""The built-in promo and the sample sheet: they fit each other, the contract and the frame."""

from __future__ import annotations

import csv
import html
import json
import re
import tomllib
from itertools import pairwise
from pathlib import Path

import pytest
from PIL import ImageChops

from bot.sandbox.render.abilities import undrawable
from bot.sandbox.render.course import legs
from bot.sandbox.render.film import frame_size, read_film
from bot.sandbox.render.look import Screenplay
from bot.sandbox.render.paint import Painter

ROOT = Path(__file__).parents[3]
FOLDER = ROOT / "bot" / "templates" / "builtin"
CONTRACT = tomllib.loads((FOLDER / "contract.toml").read_text("utf-8"))
FORMATS = CONTRACT["formats"]
FIELDS = CONTRACT["fields"]
ROWS = list(csv.DictReader((ROOT / "sample_sheet.csv").read_text("utf-8").splitlines()))


def limit(field: str, wanted: str) -> int:
    return FIELDS[field].get("per_format", {}).get(wanted, FIELDS[field]["max_chars"])


def wanted_format(row: dict[str, str]) -> str:
    return row["Format"].lower() or next(iter(FORMATS))


def problems(row: dict[str, str]) -> list[str]:
    values = {name: row[field["column"]] for name, field in FIELDS.items()}
    missing = [name for name, field in FIELDS.items() if field.get("required") and not values[name]]
    long = [
        name
        for name, field in FIELDS.items()
        if "max_chars" in field and len(values[name]) > limit(name, wanted_format(row))
    ]
    return missing + long


GOOD = [row for row in ROWS if not problems(row)]


def filled(wanted: str, values: dict[str, str]) -> dict:
    project = json.loads((FOLDER / FORMATS[wanted]["project"]).read_text("utf-8"))
    del project["variables"]

    def fill(part):
        if isinstance(part, dict):
            return {key: fill(value) for key, value in part.items()}
        if isinstance(part, list):
            return [fill(value) for value in part]
        if isinstance(part, str):
            return re.sub(r"\{\{(\w+)\}\}", lambda found: html.escape(values[found.group(1)]), part)
        return part

    return fill(project)


def values_of(row: dict[str, str]) -> dict[str, str]:
    return {name: row[field["column"]] or field.get("fallback", "") for name, field in FIELDS.items()}


def elements(project: dict) -> list[dict]:
    return project["visuals"] + [visual for scene in project["scenes"] for visual in scene["visuals"]]


def words_in(project: dict) -> list[dict]:
    return [visual for visual in elements(project) if visual["type"] == "TEXT"]


@pytest.mark.parametrize("wanted", FORMATS)
def test_each_format_is_nine_seconds_of_drawable_scenes(wanted):
    """Nine credits: every scene has its id and length, and the overlaps come off."""
    project = filled(wanted, values_of(GOOD[0]))

    assert undrawable(project) == []
    assert project["resolution"] == FORMATS[wanted]["resolution"]
    assert read_film(project).seconds == 9.0
    assert [set(scene) >= {"id", "duration"} for scene in project["scenes"]] == [True] * len(
        project["scenes"]
    )
    assert len({scene["id"] for scene in project["scenes"]}) == len(project["scenes"]) == 3
    assert {visual["type"] for visual in elements(project)} == {"SVG", "TEXT"}
    assert not any("src" in visual for visual in elements(project))


@pytest.mark.parametrize("wanted", FORMATS)
def test_placeholders_are_the_fields(wanted):
    """Every field is used, nothing else is asked for, and each has a default in the project."""
    text = (FOLDER / FORMATS[wanted]["project"]).read_text("utf-8")

    assert set(re.findall(r"\{\{(\w+)\}\}", text)) == set(FIELDS) == set(json.loads(text)["variables"])


@pytest.mark.parametrize("wanted", FORMATS)
def test_svgs_keep_to_what_the_service_takes(wanted):
    """No long whole number (refused as a suspicious id) and no reference outside the drawing."""
    for visual in elements(filled(wanted, values_of(GOOD[0]))):
        if visual["type"] == "SVG":
            assert not re.search(r"\d{8}", visual["svg"])
            assert all(target.startswith("#") for target in re.findall(r"url\(([^)]*)\)", visual["svg"]))


@pytest.mark.parametrize("wanted", FORMATS)
def test_the_longest_texts_fit(pens, wanted):
    """Nothing of the widest letters at their full number is cut off by the box they stand in."""
    widest = {
        name: "W" * limit(name, wanted) if "max_chars" in field else field["fallback"]
        for name, field in FIELDS.items()
    }
    project = filled(wanted, widest)
    width, height = frame_size(project)
    for visual in words_in(project):
        room = visual | {"width": visual["width"], "height": visual["height"] + 400}

        # Solid parts only: a soft shadow may end at the box.
        def solid(spec):
            return pens.text.draw(spec, width).getchannel("A").point([0] * 200 + [255] * 56)

        drawn, roomy = solid(visual), solid(room)
        ink, all_ink = drawn.getbbox(), roomy.getbbox()
        assert (ink[2] - ink[0], ink[3] - ink[1]) == (all_ink[2] - all_ink[0], all_ink[3] - all_ink[1])
        assert visual["x"] + visual["width"] <= width
        assert visual["y"] + visual["height"] <= height


@pytest.mark.parametrize("wanted", FORMATS)
def test_the_longest_texts_do_not_collide(pens, wanted):
    """In each scene, the solid parts of any two text elements lie apart."""
    widest = {
        name: "W" * limit(name, wanted) if "max_chars" in field else field["fallback"]
        for name, field in FIELDS.items()
    }
    for scene in filled(wanted, widest)["scenes"]:
        places = []
        for visual in scene["visuals"]:
            if visual["type"] == "TEXT":
                ink = pens.text.draw(visual, 1920).getchannel("A").point([0] * 200 + [255] * 56).getbbox()
                left, top = visual["x"], visual["y"]
                places.append((left + ink[0], top + ink[1], left + ink[2], top + ink[3]))
        for number, one in enumerate(places):
            for other in places[:number]:
                apart = one[3] <= other[1] or other[3] <= one[1] or one[2] <= other[0] or other[2] <= one[0]
                assert apart, (scene["id"], one, other)


def test_sample_sheet_has_the_columns_of_the_contract():
    columns = [field["column"] for field in FIELDS.values()]

    assert list(ROWS[0]) == ["Approve", *columns, "Format", "Notes"]
    assert {row["Approve"] for row in ROWS} == {"FALSE"}


def test_sample_sheet_has_ten_good_rows_and_two_to_mend():
    """One lacks its headline, one has a headline of 68 characters; every format is asked for, and none."""
    bad = [row for row in ROWS if problems(row)]

    assert (len(ROWS), len(GOOD)) == (12, 10)
    assert sorted((problems(row), len(row["Headline"])) for row in bad) == [
        (["headline"], 0),
        (["headline"], 68),
    ]
    assert {row["Format"] for row in GOOD} == {"Vertical", "Square", "Wide", ""}


@pytest.mark.parametrize("row", GOOD, ids=lambda row: row["Headline"])
def test_good_rows_render_in_their_format(row, shoot):
    """The film has its nine seconds and three different scenes with words on each."""
    project = filled(wanted_format(row), values_of(row))
    # Four frames a second: what is to be seen is the same, and it is sooner made.
    shot = shoot(project | {"frameRate": 4})
    resting = [shot.at(second) for second in (2.5, 5.5, 8.5)]

    assert (len(shot.frames), shot.made.seconds) == (36, 9.0)
    assert shot.frames[0].size == frame_size(project)
    for one, other in pairwise(resting):
        assert ImageChops.difference(one, other).getbbox() is not None
    ground = [shot.at(second) for second in (0, 2.5)]
    assert max(high for _, high in ImageChops.difference(*ground).getextrema()) > 150


@pytest.mark.parametrize("wanted", FORMATS)
def test_a_film_takes_few_pictures(wanted, pens):
    """All of its frames stand still or fade evenly, so a dozen pictures are drawn and encoded for 270 frames."""
    film = read_film(filled(wanted, values_of(GOOD[0])))
    screenplay = Screenplay(film)
    course = list(
        legs(
            list(screenplay.looks()),
            Painter(film, screenplay.cast, pens, lambda _url: b"").box,
        )
    )

    assert sum(leg.frames for leg in course) == 270
    assert len({leg.look for leg in course}) <= 12
    assert sum(leg.frames for leg in course if not leg.glides) > 0.55 * 270

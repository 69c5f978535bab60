"""Stills: between them they show everything that is ever fully there, and nothing half gone."""

from __future__ import annotations

from typing import Any

import pytest

from bot.sandbox.render.drawings import Pens
from bot.sandbox.render.faults import RenderError
from bot.sandbox.render.stills import Strip, contact_sheet, stills


def box(colour: str, x: int, **times: float | str) -> dict[str, Any]:
    svg = f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 20 20"><rect width="20" height="20" fill="{colour}"/></svg>'
    return {"type": "SVG", "svg": svg, "x": x, "y": 0, "width": 20, "height": 20, **times}


def project(*visuals: dict[str, Any], **more: Any) -> dict[str, Any]:
    return {"type": "video", "width": 100, "height": 20, "duration": 4, "visuals": list(visuals), **more}


def no_web(url: str) -> bytes:
    raise AssertionError(url)


@pytest.fixture(scope="module")
def pens() -> Pens:
    return Pens()


def colours(picture: Any) -> list[tuple[int, ...]]:
    return [picture.getpixel((x, 10)) for x in (10, 50, 90)]


def test_one_moment_where_everything_is_there(pens: Pens):
    """What fades in one after the other is shown when the last one has come, and before the first one goes."""
    fading = {"enterAnimation": "fade", "exitAnimation": "fade", "exitBegin": 3.5, "exitEnd": 4}
    parts = [box("#FF0000", 0, enterBegin=0, enterEnd=0.5, **fading)]
    parts += [box("#00FF00", 40, enterBegin=1, enterEnd=1.5, **fading), box("#0000FF", 80)]
    [still] = stills(project(*parts), no_web, pens)

    assert 1.5 < still.seconds < 3.5
    assert colours(still.picture) == [(255, 0, 0), (0, 255, 0), (0, 0, 255)]


def test_as_many_moments_as_it_takes(pens: Pens):
    """What never meets is shown apart."""
    first, second = box("#FF0000", 0, exitEnd=2), box("#00FF00", 40, enterBegin=2.2)
    found = stills(project(first, second), no_web, pens)

    assert [one.seconds < 2 for one in found] == [True, False]


def test_scenes_are_shown_apart_from_their_change(pens: Pens):
    """No still lies where one scene turns into the next."""
    scenes = [
        {
            "id": "a",
            "duration": 2,
            "transition": "fade",
            "transitionDuration": 1,
            "visuals": [box("#FF0000", 0)],
        },
        {"id": "b", "duration": 2, "visuals": [box("#00FF00", 40)]},
    ]
    found = stills({"type": "video", "width": 100, "height": 20, "scenes": scenes}, no_web, pens)

    assert [one.seconds < 1 or one.seconds > 2 for one in found] == [True, True]


def test_moment_that_is_not_there(pens: Pens):
    """A moment behind the end is refused with how long the film is."""
    with pytest.raises(RenderError, match="4 seconds"):
        stills(project(box("#FF0000", 0)), no_web, pens, [5])


def test_sheet_holds_every_still(pens: Pens):
    """Two lines of stills on one picture, none outside it."""
    made = tuple(stills(project(box("#FF0000", 0)), no_web, pens, [1, 2]))
    sheet = contact_sheet("Two", [Strip("a", "a, 100x20", made), Strip("b", "b", made)])

    colours_found = sheet.getcolors(1 << 24) or []
    assert sum(count for count, colour in colours_found if colour == (255, 0, 0)) == 4 * 20 * 20

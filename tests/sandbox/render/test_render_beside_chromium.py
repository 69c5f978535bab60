"""The package's templates, drawn by the sandbox and by Chromium from the same SVG and HTML."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from os import environ
from typing import TYPE_CHECKING

import pytest
from chromium_stage import QUIET, differences
from template_films import NAMES, film_of

from bot.sandbox.pictures.shelf import PictureShelf

if TYPE_CHECKING:
    from playwright.sync_api import Browser

FORMAT = {"builtin": "wide", "lesson": "square", "listing": "wide", "product": "square"}


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    found = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
    if found is None and environ.get("ROWREEL_REQUIRE_BROWSER") == "1":
        pytest.fail("ROWREEL_REQUIRE_BROWSER=1, and this machine has no Chromium.")
    if found is None:
        pytest.skip("This machine has no Chromium: nothing was drawn beside the sandbox.")
    from playwright.sync_api import sync_playwright

    with sync_playwright() as driver:
        running = driver.chromium.launch(executable_path=found, args=QUIET)
        yield running
        running.close()


@pytest.mark.parametrize("name", NAMES)
def test_templates_look_as_in_chromium(name, pens, browser, tmp_path):
    """Nearly the same pixels, and every text as strong in its place: none is missing, none is another size."""
    shelf = PictureShelf(tmp_path / "pictures")
    project = film_of(name, FORMAT[name])
    told = next(
        differences(
            project, pens, lambda url: shelf.file(url.rsplit("/", 1)[1]).read_bytes(), browser, tmp_path
        )
    )

    assert told.mean < 2.5, told
    assert told.share < 0.012, told
    assert told.words > 0.9, told


def test_a_missing_text_is_noticed(pens, browser, tmp_path):
    """The measure itself: words that only Chromium draws are told as missing."""
    words = {"type": "TEXT", "text": "Hello", "x": 20, "y": 20, "width": 200, "height": 60}
    project = {"resolution": "custom", "width": 320, "height": 180, "duration": 1, "visuals": [words]}

    class Forgetful:
        """Draws no words."""

        svg = pens.svg

        class text:  # noqa: N801, named as in the pens
            @staticmethod
            def draw(spec, _available):
                from PIL import Image

                return Image.new("RGBA", (spec["width"], spec["height"]))

    told = next(differences(project, Forgetful, {}.__getitem__, browser, tmp_path))
    true = next(differences(project, pens, {}.__getitem__, browser, tmp_path))

    assert told.words == 0
    assert true.words > 0.85

"""The package's templates, drawn by the sandbox and by Chromium from the same SVG and HTML."""

from __future__ import annotations

import base64
from collections.abc import Iterator
from typing import TYPE_CHECKING

import pytest
from chromium_stage import QUIET, differences
from PIL import Image
from template_films import NAMES, film_of

from bot.sandbox.pictures.shelf import PictureShelf
from bot.sandbox.render.drawings import Pens

if TYPE_CHECKING:
    from playwright.sync_api import Browser

FORMAT = {"builtin": "wide", "lesson": "square", "listing": "wide", "product": "square"}


@pytest.fixture(scope="module")
def browser(chromium: str) -> Iterator[Browser]:
    from playwright.sync_api import sync_playwright

    with sync_playwright() as driver:
        running = driver.chromium.launch(executable_path=chromium, args=QUIET)
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

        @staticmethod
        def draw(spec, _available):
            return Image.new("RGBA", (spec["width"], spec["height"]))

    forgetful = Pens()
    forgetful.text = Forgetful
    told = next(differences(project, forgetful, {}.__getitem__, browser, tmp_path))
    true = next(differences(project, pens, {}.__getitem__, browser, tmp_path))

    assert told.words == 0
    assert true.words > 0.85


def test_a_browser_plays_what_was_painted(shoot, box, browser):
    """Its own player, sought here and there: standing, in the middle of a fade, behind a key picture, at the end."""
    fades = box("#ffffff", 320, 180, enterBegin=1, enterEnd=2, enterAnimation="fade")
    shot = shoot({"backgroundColor": "#000000", "duration": 6, "frameRate": 10, "visuals": [fades]})
    moments = [0.05, 1.25, 1.55, 1.95, 2.55, 5.95, 1.45]
    page = browser.new_page()
    film = base64.b64encode(shot.made.video.read_bytes()).decode()
    page.set_content(f"<video muted src='data:video/mp4;base64,{film}'></video>")
    told = page.evaluate(
        """async (moments) => {
            const video = document.querySelector('video');
            if (video.readyState < 2) await new Promise((done) => { video.onloadeddata = done; });
            const canvas = Object.assign(document.createElement('canvas'), {width: 320, height: 180});
            const pen = canvas.getContext('2d');
            const levels = [];
            for (const moment of moments) {
                const sought = new Promise((done) => { video.onseeked = done; });
                video.currentTime = moment;
                await sought;
                await new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)));
                pen.drawImage(video, 0, 0);
                levels.push(pen.getImageData(160, 90, 1, 1).data[0]);
            }
            return {levels, seconds: video.duration};
        }""",
        moments,
    )
    page.close()

    assert told["seconds"] == pytest.approx(6, abs=0.02)
    wanted = [shot.frames[int(moment * 10)].getpixel((160, 90))[0] for moment in moments]
    assert told["levels"] == pytest.approx(wanted, abs=4)

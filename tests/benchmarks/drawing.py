"""How far the sandbox's drawing is from Chromium's, for every template, format and scene of the package.

    PYTHONPATH=. python tests/benchmarks/drawing.py [folder]

The two pictures of each scene are left in the folder, to be looked at.
"""

from __future__ import annotations

import shutil
import sys
import tempfile
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1] / "sandbox" / "render"))

from chromium_stage import QUIET, differences
from playwright.sync_api import sync_playwright
from template_films import FORMATS, NAMES, film_of

from bot.sandbox.pictures.shelf import PictureShelf
from bot.sandbox.render.drawings import Pens


def main() -> None:
    folder = Path(sys.argv[1] if len(sys.argv) > 1 else tempfile.mkdtemp(prefix="rowreel-drawing-"))
    pens, shelf = Pens(), PictureShelf(folder / "pictures")
    worst = 0.0
    with sync_playwright() as driver:
        browser = driver.chromium.launch(executable_path=shutil.which("chromium"), args=QUIET)
        for name in NAMES:
            for wanted in FORMATS:
                here = folder / f"{name}-{wanted}"
                here.mkdir(parents=True, exist_ok=True)
                fetch = lambda url: shelf.file(url.rsplit("/", 1)[1]).read_bytes()  # noqa: E731, one use
                for told in differences(film_of(name, wanted), pens, fetch, browser, here):
                    worst = max(worst, told.share)
                    sys.stdout.write(f"{name:8} {wanted:8} {told}\n")
        browser.close()
    sys.stdout.write(f"worst: {worst:.2%} of a picture clearly other; pictures in {folder}\n")


if __name__ == "__main__":
    main()

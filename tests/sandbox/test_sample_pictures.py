"""The sample pictures: drawn when wished for, the same every time, served as what they are."""

from __future__ import annotations

import io
import urllib.error
import urllib.request
from pathlib import Path

import pytest
from PIL import Image

from bot.sandbox.app import Sandbox
from bot.sandbox.pictures.shelf import ADDRESS, PICTURES, PictureShelf
from bot.sandbox.serve import SandboxServer


@pytest.fixture
def place(tmp_path: Path):
    with SandboxServer(Sandbox(tmp_path)) as server:
        yield f"{server.base_url}{ADDRESS}"


@pytest.mark.parametrize(
    ("name", "kind", "size"),
    [
        ("product-mug-sage.jpg", "image/jpeg", (1200, 1200)),
        ("home-canal.jpg", "image/jpeg", (1600, 1200)),
        ("agent-amara.jpg", "image/jpeg", (800, 800)),
        ("screen-table.png", "image/png", (1600, 1000)),
    ],
)
def test_pictures_are_served_as_what_they_are(place: str, name: str, kind: str, size: tuple[int, int]):
    """The type told, the bytes and the size agree."""
    with urllib.request.urlopen(f"{place}/{name}", timeout=20) as answer:
        body = answer.read()

    assert answer.headers["content-type"] == kind
    picture = Image.open(io.BytesIO(body))
    assert (picture.get_format_mimetype(), picture.size) == (kind, size)


@pytest.mark.parametrize("name", ["product-mug-pink.jpg", "..%2Fzvid-key", "zvid.db"])
def test_other_names_are_not_found(place: str, name: str):
    """Nothing but the pictures is served there."""
    with pytest.raises(urllib.error.HTTPError) as refused:
        urllib.request.urlopen(f"{place}/{name}", timeout=20)

    refused.value.close()
    assert refused.value.code in {404, 501}


def test_a_picture_is_drawn_once_and_the_same_everywhere(tmp_path: Path):
    """A second wish takes the file; another folder gets the same bytes."""
    shelf = PictureShelf(tmp_path / "one")
    first = shelf.file("agent-ines.jpg")
    drawn = first.stat().st_mtime_ns

    assert shelf.file("agent-ines.jpg") == first
    assert first.stat().st_mtime_ns == drawn
    assert PictureShelf(tmp_path / "two").file("agent-ines.jpg").read_bytes() == first.read_bytes()


@pytest.mark.parametrize("name", sorted(PICTURES))
def test_every_drawing_is_made_of_known_parts(name: str):
    """Each drawing draws, names only gradients it has, and follows nothing outside itself."""
    svg = PICTURES[name]()

    used = {part.split(")")[0] for part in svg.split("url(#")[1:]}
    assert all(f'id="{each}"' in svg for each in used)
    assert "href" not in svg

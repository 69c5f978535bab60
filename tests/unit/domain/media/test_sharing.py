"""Sharing: links to pages around files are recognised, and the way to the file itself is named."""

from __future__ import annotations

import pytest

from bot.domain.media.sharing import direct_link, is_sign_in

ID = "1aBcD_efGhIjKlMnOpQrStUvWxYz-0123"


@pytest.mark.parametrize(
    ("link", "direct"),
    [
        (
            f"https://drive.google.com/file/d/{ID}/view?usp=sharing",
            f"https://drive.google.com/uc?export=download&id={ID}",
        ),
        (
            f"https://drive.google.com/file/u/1/d/{ID}/edit",
            f"https://drive.google.com/uc?export=download&id={ID}",
        ),
        (f"https://drive.google.com/file/d/{ID}", f"https://drive.google.com/uc?export=download&id={ID}"),
        (f"https://drive.google.com/open?id={ID}", f"https://drive.google.com/uc?export=download&id={ID}"),
        (
            f"https://drive.google.com/file/d/{ID}/view?resourcekey=0-abc",
            f"https://drive.google.com/uc?export=download&id={ID}&resourcekey=0-abc",
        ),
        ("https://www.dropbox.com/s/abc/shoe.jpg?dl=0", "https://www.dropbox.com/s/abc/shoe.jpg?dl=1"),
        ("https://dropbox.com/s/abc/shoe.jpg", "https://dropbox.com/s/abc/shoe.jpg?dl=1"),
        (
            "https://www.dropbox.com/scl/fi/abc/shoe.jpg?rlkey=k&dl=0",
            "https://www.dropbox.com/scl/fi/abc/shoe.jpg?rlkey=k&dl=1",
        ),
        (
            "https://acme-my.sharepoint.com/:i:/g/personal/x/abc?e=Wq1",
            "https://acme-my.sharepoint.com/:i:/g/personal/x/abc?e=Wq1&download=1",
        ),
        (
            "https://github.com/acme/art/blob/main/img/a.png",
            "https://raw.githubusercontent.com/acme/art/main/img/a.png",
        ),
    ],
)
def test_way_to_the_file(link, direct):
    """What "Copy link" gives shows a page; the file has an address of its own, which is left alone."""
    assert direct_link(link) == direct
    assert direct_link(direct) is None


@pytest.mark.parametrize(
    "link",
    [
        "https://example.com/file/d/abc/view",
        "https://drive.google.com/drive/folders/abc",
        "https://drive.google.com/open?id=no",
        "https://drive.google.com/file/d/short/view",
        "https://www.dropbox.com/scl/fo/folder/abc?dl=0",
        "https://www.dropbox.com/s/abc/shoe.jpg?raw=1",
        "https://acme.sharepoint.com/sites/art/a.png",
        "https://github.com/acme/art/blob/main/a.png?raw=true",
        "https://github.com/acme/art",
        "https://drive.google.com.evil.example/file/d/1aBcD_efGhIjKl/view",
    ],
)
def test_other_links_are_left_alone(link):
    """Folders, files themselves, and everything that only looks alike."""
    assert direct_link(link) is None


@pytest.mark.parametrize(
    ("link", "is_one"),
    [
        ("https://accounts.google.com/ServiceLogin?continue=x", True),
        ("https://example.com/users/sign_in", True),
        ("https://example.com/en/login?next=/a.png", True),
        ("https://example.com/oauth2/authorize", True),
        ("https://example.com/blog/in-login-we-trust.png", False),
        ("https://example.com/signing.png", False),
    ],
)
def test_where_people_are_asked_who_they_are(link, is_one):
    """By the well-known hosts, and by the words of the path."""
    assert is_sign_in(link) is is_one

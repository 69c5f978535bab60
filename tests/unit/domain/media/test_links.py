"""Links: only a plain web address is one, and what is wrong with another is named."""

from __future__ import annotations

import pytest
from builders import contract
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.contract import Field, FieldType
from bot.domain.media.links import LONGEST_LINK, LinkFlaw, link_flaw
from bot.domain.records import Content, Record, Rejection, judge

MEDIA = [FieldType.IMAGE, FieldType.VIDEO, FieldType.GIF, FieldType.AUDIO]


@pytest.mark.parametrize(
    "text",
    [
        "https://example.com/a.jpg",
        "http://example.com",
        "HTTPS://Example.com:8443/a%20b.png?x=1&y=[2]#top",
        "http://127.0.0.1:8765/media/shoe.jpg",
        "https://[2001:db8::1]/a.gif",
        "https://bücher.example/größe.png",
        "https://example.com/a?redirect=user@mail.example",
        "https://e.example/" + "x" * (LONGEST_LINK - 18),
    ],
)
def test_links(text):
    """What a browser would open as a web address passes."""
    assert link_flaw(text) is None


@pytest.mark.parametrize(
    ("text", "flaw"),
    [
        ("", LinkFlaw.NO_LINK),
        ("shoe.jpg", LinkFlaw.NO_LINK),
        ("//example.com/a.jpg", LinkFlaw.NO_LINK),
        ("javascript:alert(1)", LinkFlaw.NO_LINK),
        ("data:image/png;base64,AAAA", LinkFlaw.NO_LINK),
        ("file:///etc/passwd", LinkFlaw.NO_LINK),
        ("ftp://example.com/a.jpg", LinkFlaw.NO_LINK),
        ("https:example.com", LinkFlaw.NO_LINK),
        ("https:///a.jpg", LinkFlaw.NO_LINK),
        ("https://?x", LinkFlaw.NO_LINK),
        ("https://[::1", LinkFlaw.NO_LINK),
        ("https://example.com:port/", LinkFlaw.NO_LINK),
        ("https://example.com:0/", LinkFlaw.NO_LINK),
        ("https://example.com:99999/", LinkFlaw.NO_LINK),
        ('https://example.com/"onload="x', LinkFlaw.NO_LINK),
        ("https://example.com/<b>", LinkFlaw.NO_LINK),
        ("https://example.com/a b.jpg", LinkFlaw.BLANK),
        ("https://example.com/a\nb.jpg", LinkFlaw.BLANK),
        ("https://example.com\\@evil.example/", LinkFlaw.BLANK),
        ("https://example.com/a\u200bb.jpg", LinkFlaw.BLANK),
        ("https://example.com/a\u202egpj.exe", LinkFlaw.BLANK),
        ("https://example.com/a\u00a0b", LinkFlaw.BLANK),
        ("https://example.com/\ud800", LinkFlaw.BLANK),
        ("https://me:secret@example.com/a.jpg", LinkFlaw.SECRET),
        ("https://token@example.com/a.jpg", LinkFlaw.SECRET),
        ("https://e.example/" + "x" * (LONGEST_LINK - 17), LinkFlaw.LONG),
    ],
)
def test_f_M03_no_links(text, flaw):
    """Other schemes, hidden characters, secrets and endless links are no links."""
    assert link_flaw(text) is flaw


@pytest.mark.parametrize("kind", MEDIA)
def test_media_columns_take_links(kind):
    """A column of pictures, videos, GIFs or sounds holds a link, as does its fallback."""
    field = Field("photo", "Photo", kind, fallback="https://example.com/standard.jpg")
    judged = judge(Content((("photo", "https://example.com/a.jpg"),), "wide"), contract(field))
    blank = judge(Content((("photo", ""),), "wide"), contract(field))

    assert kind.is_media
    assert isinstance(judged, Record)
    assert isinstance(blank, Record)
    assert blank.values == (("photo", "https://example.com/standard.jpg"),)


def test_other_columns_are_no_media():
    """An address the service does not fetch is a link, yet no medium."""
    assert [kind for kind in FieldType if kind.is_media] == MEDIA
    assert [kind for kind in FieldType if kind.is_link] == [FieldType.URL, *MEDIA]


@pytest.mark.parametrize(
    ("kind", "text", "words"),
    [
        ("image", "shoe.jpg", '"It" should be a link to a picture, like https://…. Now: "shoe.jpg".'),
        ("video", "clip", '"It" should be a link to a video, like https://…. Now: "clip".'),
        ("gif", "wow", '"It" should be a link to a GIF, like https://…. Now: "wow".'),
        ("audio", "song", '"It" should be a link to a sound file, like https://…. Now: "song".'),
        ("url", "example.com", '"It" should look like https://…. Now: "example.com".'),
        (
            "image",
            "https://a b",
            '"It" has a blank or an invisible character in its link. Copy the link again.',
        ),
        ("url", "https://me:pw@a.example", '"It" has a password in its link. Use a link without one.'),
        (
            "image",
            "https://a.example/" + "x" * 2_482,
            '"It" is a link of 2,500 characters; the limit is 2,040. Use a shorter one.',
        ),
    ],
)
def test_what_to_fix_in_a_link(kind, text, words):
    """The message names the column, what is wrong and what to do, and never repeats a password."""
    judged = judge(Content((("it", text),), "wide"), contract(Field("it", "It", FieldType(kind))))

    assert isinstance(judged, Rejection)
    assert (judged.code.value, judged.text) == ("DATA-FORMAT", words)


@given(st.text("htps:/@\\ \t.a0[]%?#<>\"'`", max_size=30).map("http".__add__) | st.text())
def test_any_text_is_judged(text):
    """Whatever is typed, the verdict comes without an exception; what passes is a single plain address."""
    if link_flaw(text) is None:
        assert text.lower().startswith(("http://", "https://"))
        assert not set(text) & set(' \t\n\\<>"`')

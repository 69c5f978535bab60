"""Files: the first bytes say what a file is, whatever its name or its server says."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.contract import FieldType
from bot.domain.media.files import FIRST_BYTES, FileKind, file_kind, serves

FTYP = b"\x00\x00\x00\x20ftyp"
EBML = b"\x1aE\xdf\xa3\x9fB\x86\x81\x01B\xf7\x81\x01B\x82\x84"

KINDS = [
    (b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR", FileKind.PNG),
    (b"\xff\xd8\xff\xe0\x00\x10JFIF", FileKind.JPEG),
    (b"RIFF\x10\x00\x00\x00WEBPVP8 ", FileKind.WEBP),
    (FTYP + b"avif\x00\x00\x00\x00", FileKind.AVIF),
    (b"BM\x36\x00\x0c\x00\x00\x00\x00\x00\x36\x00", FileKind.BMP),
    (b"GIF89a\x01\x00", FileKind.GIF),
    (b"GIF87a\x01\x00", FileKind.GIF),
    (b'<svg xmlns="http://www.w3.org/2000/svg"/>', FileKind.SVG),
    (b'\xef\xbb\xbf<?xml version="1.0"?>\n<!-- drawn -->\n<svg:svg/>', FileKind.SVG),
    (b'<!DOCTYPE svg PUBLIC "-//W3C//DTD SVG 1.1//EN" "x"><svg/>', FileKind.SVG),
    (FTYP + b"heic\x00\x00\x00\x00", FileKind.HEIC),
    (b"II*\x00\x08\x00\x00\x00", FileKind.TIFF),
    (b"MM\x00*\x00\x00\x00\x08", FileKind.TIFF),
    (b"8BPS\x00\x01", FileKind.PHOTOSHOP),
    (FTYP + b"isom\x00\x00\x02\x00", FileKind.MP4),
    (FTYP + b"qt  \x00\x00\x00\x00", FileKind.MOV),
    (b"\x00\x00\x10\x00moov\x00\x00\x00\x6cmvhd", FileKind.MOV),
    (EBML + b"webm", FileKind.WEBM),
    (EBML + b"matroska", FileKind.MATROSKA),
    (b"RIFF\x10\x00\x00\x00AVI LIST", FileKind.AVI),
    (b"ID3\x04\x00\x00", FileKind.MP3),
    (b"\xff\xfb\x90\x64\x00", FileKind.MP3),
    (b"\xff\xf3\x84\x64\x00", FileKind.MP3),
    (b"RIFF\x10\x00\x00\x00WAVEfmt ", FileKind.WAV),
    (b"OggS\x00\x02", FileKind.OGG),
    (FTYP + b"M4A \x00\x00\x00\x00", FileKind.M4A),
    (b"\xff\xf1\x50\x80", FileKind.AAC),
    (b"fLaC\x00\x00", FileKind.FLAC),
    (b"<!doctype html><html>", FileKind.PAGE),
    (b"\n\n <!-- hello --> <!-- again --><HTML lang=de>", FileKind.PAGE),
    (b'<?xml version="1.0"?><html xmlns="http://www.w3.org/1999/xhtml">', FileKind.PAGE),
    (b"<script>location='/login'</script>", FileKind.PAGE),
    (b"%PDF-1.7\n", FileKind.PDF),
    (b"PK\x03\x04\x14\x00", FileKind.ZIP),
    (b'<?xml version="1.0"?><rss version="2.0">', FileKind.TEXT),
    (b'{"error": "not yours"}', FileKind.TEXT),
    (b"BMW is a brand of cars", FileKind.TEXT),
    (b"<!-- never closed", FileKind.TEXT),
    (b"", FileKind.EMPTY),
    (b"RIFF\x10\x00\x00\x00ACONLIST", FileKind.UNKNOWN),
    (b"\x00\x01\x02\x03", FileKind.UNKNOWN),
]


@pytest.mark.parametrize(
    ("first", "kind"), KINDS, ids=[f"{at}-{kind.name}" for at, (_, kind) in enumerate(KINDS)]
)
def test_kind_by_first_bytes(first, kind):
    """Each kind by its own signature."""
    assert file_kind(first) is kind


@pytest.mark.parametrize(
    ("first", "declared", "kind"),
    [
        (b"<!doctype html>", "image/png", FileKind.PAGE),
        (b"%PDF-1.7", "audio/mpeg", FileKind.PDF),
        (b"\x89PNG\r\n\x1a\n", "text/html", FileKind.PNG),
        (b"\x00\x07\x00", "image/x-rare; charset=binary", FileKind.SOME_PICTURE),
        (b"\x00\x07\x00", "Video/Rare", FileKind.SOME_VIDEO),
        (b"\x00\x07\x00", "audio/rare", FileKind.SOME_SOUND),
        (b"\x00\x07\x00", "application/octet-stream", FileKind.UNKNOWN),
        (b"Please sign in", "text/html; charset=utf-8", FileKind.PAGE),
        (b"\xff\xfe<\x00h\x00t\x00", "text/html", FileKind.PAGE),
        (b"no such file", "image/png", FileKind.TEXT),
    ],
)
def test_what_the_server_declares(first, declared, kind):
    """It counts only where the first bytes tell nothing."""
    assert file_kind(first, declared) is kind


@pytest.mark.parametrize(
    "end", [b"\xff\x00\x00\x00", b"\xff\xff\xff", b"\xff\xe0\x00\x00", b"\xff\xfb\xf0\x00", b"\xff\xfb"]
)
def test_set_bits_alone_are_no_sound(end):
    """What begins like a frame, without being one, is nothing we know."""
    assert file_kind(end) is FileKind.UNKNOWN


@pytest.mark.parametrize(
    ("wanted", "good", "bad"),
    [
        (FieldType.IMAGE, (FileKind.PNG, FileKind.GIF, FileKind.SOME_PICTURE), (FileKind.SVG, FileKind.MP4)),
        (FieldType.VIDEO, (FileKind.MP4, FileKind.WEBM, FileKind.SOME_VIDEO), (FileKind.GIF, FileKind.MP3)),
        (FieldType.GIF, (FileKind.GIF,), (FileKind.PNG, FileKind.WEBP, FileKind.MP4)),
        (FieldType.AUDIO, (FileKind.MP3, FileKind.WAV, FileKind.MP4), (FileKind.PNG, FileKind.PDF)),
    ],
)
def test_what_serves(wanted, good, bad):
    """Each type of column has its kinds of file; none takes a page, a text or nothing at all."""
    never = (FileKind.PAGE, FileKind.TEXT, FileKind.EMPTY, FileKind.UNKNOWN, FileKind.ZIP)

    assert all(serves(kind, wanted) for kind in good)
    assert not any(serves(kind, wanted) for kind in (*bad, *never))


@given(st.binary(max_size=200), st.text(max_size=30))
def test_every_file_is_something(first, declared):
    """Whatever comes is named."""
    assert file_kind(first, declared) in FileKind


def test_markup_is_found_in_one_pass():
    """Thousands of comments before anything else cost no more than reading them."""
    first = b"<!---->" * (FIRST_BYTES // 7)

    assert file_kind(first) is FileKind.TEXT

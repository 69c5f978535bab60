"""Files: what kind a file is by its first bytes, and which kinds serve where a template wants a picture or a sound.

A name's ending and what a server says of its files are often wrong; the first bytes seldom are. The signatures
are those of the MIME Sniffing Standard (WHATWG, sections 6 and 7) and of the formats it leaves out.
"""

from __future__ import annotations

import re
from enum import StrEnum

from bot.domain.contract import FieldType

FIRST_BYTES = 16 * 1024
"""As many as are looked at."""


class FileKind(StrEnum):
    """What people call it, as it stands in a sentence."""

    PNG = "a PNG picture"
    JPEG = "a JPEG picture"
    WEBP = "a WebP picture"
    AVIF = "an AVIF picture"
    BMP = "a BMP picture"
    GIF = "a GIF"
    SVG = "an SVG drawing"
    HEIC = "a HEIC photo"
    TIFF = "a TIFF picture"
    PHOTOSHOP = "a Photoshop file"
    MP4 = "an MP4 video"
    MOV = "a QuickTime video"
    WEBM = "a WebM video"
    MATROSKA = "a Matroska video"
    AVI = "an AVI video"
    MP3 = "an MP3 sound"
    WAV = "a WAV sound"
    OGG = "an Ogg sound"
    M4A = "an M4A sound"
    AAC = "an AAC sound"
    FLAC = "a FLAC sound"
    PAGE = "a web page"
    PDF = "a PDF"
    ZIP = "a ZIP or Office file"
    TEXT = "a text file"
    EMPTY = "an empty file"
    SOME_PICTURE = "a picture of a rare kind"
    """Nothing we know, but the server calls it a picture; the service may know better."""

    SOME_VIDEO = "a video of a rare kind"
    SOME_SOUND = "a sound of a rare kind"
    UNKNOWN = "a file of an unknown kind"


_STARTS: tuple[tuple[bytes, FileKind], ...] = (
    (b"\x89PNG\r\n\x1a\n", FileKind.PNG),
    (b"\xff\xd8\xff", FileKind.JPEG),
    (b"GIF87a", FileKind.GIF),
    (b"GIF89a", FileKind.GIF),
    (b"II*\x00", FileKind.TIFF),
    (b"MM\x00*", FileKind.TIFF),
    (b"8BPS", FileKind.PHOTOSHOP),
    (b"OggS", FileKind.OGG),
    (b"fLaC", FileKind.FLAC),
    (b"ID3", FileKind.MP3),
    (b"%PDF-", FileKind.PDF),
    (b"PK\x03\x04", FileKind.ZIP),
)
_IN_RIFF = {b"WEBP": FileKind.WEBP, b"WAVE": FileKind.WAV, b"AVI ": FileKind.AVI}
_BRANDS = {
    **dict.fromkeys((b"avif", b"avis"), FileKind.AVIF),
    **dict.fromkeys((b"heic", b"heix", b"hevc", b"heim", b"heis", b"mif1", b"msf1"), FileKind.HEIC),
    **dict.fromkeys((b"M4A ", b"M4B ", b"M4P "), FileKind.M4A),
    b"qt  ": FileKind.MOV,
}
"""Of the ISO base media family; any other brand is an MP4."""

_OLD_QUICKTIME = (b"moov", b"mdat", b"wide", b"free")
_BEFORE_MARKUP = re.compile(rb"\s*(?:<!--.*?-->|<\?.*?\?>)", re.DOTALL)
_MARKUP = re.compile(rb"\s*<(?:!DOCTYPE\s+)?(?:[a-z0-9]+:)?([a-z]+)", re.IGNORECASE)
_MARK = b"\xef\xbb\xbf"
_BY_FAMILY = {
    "image": FileKind.SOME_PICTURE,
    "video": FileKind.SOME_VIDEO,
    "audio": FileKind.SOME_SOUND,
}
_PICTURES = {
    FileKind.PNG,
    FileKind.JPEG,
    FileKind.WEBP,
    FileKind.AVIF,
    FileKind.BMP,
    FileKind.GIF,
    FileKind.SOME_PICTURE,
}
_VIDEOS = {
    FileKind.MP4,
    FileKind.MOV,
    FileKind.WEBM,
    FileKind.MATROSKA,
    FileKind.AVI,
    FileKind.SOME_VIDEO,
}
_SOUNDS = {
    FileKind.MP3,
    FileKind.WAV,
    FileKind.OGG,
    FileKind.M4A,
    FileKind.AAC,
    FileKind.FLAC,
    # Both may hold sound alone, under the same first bytes.
    FileKind.MP4,
    FileKind.WEBM,
    FileKind.SOME_SOUND,
}
_SERVES: dict[FieldType, set[FileKind]] = {
    # Pictures are raster images (Zvid docs, structure/image-elements): a drawing (SVG) is none.
    FieldType.IMAGE: _PICTURES,
    FieldType.VIDEO: _VIDEOS,
    FieldType.GIF: {FileKind.GIF},
    FieldType.AUDIO: _SOUNDS,
}


def serves(kind: FileKind, wanted: FieldType) -> bool:
    """Whether such a file can be used in a column of this type."""
    return kind in _SERVES[wanted]


def file_kind(first: bytes, declared: str = "") -> FileKind:
    """What the first bytes are; what the server declares counts only where they tell nothing."""
    if not first:
        return FileKind.EMPTY
    found = _by_start(first) or _by_container(first) or _by_frame(first) or _by_markup(first)
    if found is not None:
        return found
    declared = declared.partition(";")[0].strip().lower()
    if declared in {"text/html", "application/xhtml+xml"}:
        return FileKind.PAGE
    if _is_text(first[:512]):
        return FileKind.TEXT
    return _BY_FAMILY.get(declared.partition("/")[0], FileKind.UNKNOWN)


def _is_text(first: bytes) -> bool:
    has_controls = any(sign < 9 or 13 < sign < 32 for sign in first)
    return not has_controls and sum(sign < 128 for sign in first) * 2 > len(first)


def _by_start(first: bytes) -> FileKind | None:
    return next((kind for start, kind in _STARTS if first.startswith(start)), None)


def _by_container(first: bytes) -> FileKind | None:
    if first[:4] == b"RIFF":
        return _IN_RIFF.get(first[8:12])
    if first[4:8] == b"ftyp":
        return _BRANDS.get(first[8:12], FileKind.MP4)
    if first[4:8] in _OLD_QUICKTIME:
        return FileKind.MOV
    if first[:4] == b"\x1aE\xdf\xa3":
        return FileKind.WEBM if b"webm" in first[:64] else FileKind.MATROSKA
    # "BM" alone begins words, too.
    return FileKind.BMP if first[:2] == b"BM" and first[6:10] == bytes(4) else None


def _by_frame(first: bytes) -> FileKind | None:
    """Sounds without a head begin with a frame's twelve or eleven set bits, its layer and its rate."""
    if len(first) < 3 or first[0] != 0xFF or first[1] & 0xE0 != 0xE0:
        return None
    layer = first[1] >> 1 & 3
    if layer == 0:
        return FileKind.AAC if first[1] & 0xF0 == 0xF0 else None
    # The first layer is history, and its sign is how text in two bytes a letter begins.
    return FileKind.MP3 if layer != 3 and first[2] & 0xF0 != 0xF0 else None


def _by_markup(first: bytes) -> FileKind | None:
    at, is_xml = len(_MARK) if first.startswith(_MARK) else 0, False
    while skipped := _BEFORE_MARKUP.match(first, at):
        at, is_xml = skipped.end(), is_xml or b"<?" in skipped[0]
    found = _MARKUP.match(first, at)
    if found is None:
        return None
    name = found[1].lower()
    if name == b"svg":
        return FileKind.SVG
    return FileKind.TEXT if is_xml and name != b"html" else FileKind.PAGE

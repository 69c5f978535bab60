"""Typefaces: how wide a text is in a font file, as the renderer's own shaping engine measures it.

The only module that knows uharfbuzz. A template's fonts are read once; words are remembered, since rows share many.
"""

from __future__ import annotations

import hashlib
from functools import lru_cache
from pathlib import Path

import uharfbuzz

from bot.domain.cells import graphemes
from bot.domain.templates.fits import Fit

_LARGEST_FONT = 30_000_000
_WORDS_KEPT = 20_000


class FontError(RuntimeError):
    """A file that is no usable font; the message goes on from its name."""


class FontShelf:
    """The fonts of one template folder, by the names the contract gives them."""

    def __init__(self) -> None:
        self._faces: dict[str, uharfbuzz.Face] = {}
        self._hashes: dict[str, str] = {}
        self._width = lru_cache(maxsize=_WORDS_KEPT)(self._shaped)
        self._fonts: dict[tuple[str, float | None], uharfbuzz.Font] = {}

    def add(self, name: str, path: Path) -> str:
        """Reads a font once and returns its content's hash; raises FontError."""
        if name not in self._faces:
            try:
                if path.stat().st_size > _LARGEST_FONT:
                    raise FontError("is too large for a font")
                data = path.read_bytes()
            except OSError as error:
                raise FontError(f"cannot be read: {error.strerror}") from error
            face = uharfbuzz.Face(data)
            if not face.upem or not face.glyph_count:
                raise FontError("is no font file; TrueType and OpenType can be read")
            self._faces[name] = face
            self._hashes[name] = hashlib.sha256(data).hexdigest()
        return self._hashes[name]

    def measure(self, box: Fit, text: str) -> float:
        """Pixels, letter spacing included."""
        spacing = box.letter_spacing * graphemes(text) if box.letter_spacing else 0.0
        return self._width(box.font, box.weight, text) * box.size + spacing

    def _shaped(self, name: str, weight: float | None, text: str) -> float:
        """The text's width at size 1; a sign the font lacks counts as a square, about what a stand-in takes."""
        font = self._fonts.get((name, weight))
        if font is None:
            font = self._fonts[name, weight] = uharfbuzz.Font(self._faces[name])
            if weight is not None:
                font.set_variations({"wght": weight})
        buffer = uharfbuzz.Buffer()
        buffer.add_str(text)
        buffer.guess_segment_properties()
        uharfbuzz.shape(font, buffer)
        unit = self._faces[name].upem
        pairs = zip(buffer.glyph_infos or (), buffer.glyph_positions or (), strict=True)
        return float(sum(abs(at.x_advance) if glyph.codepoint else unit for glyph, at in pairs) / unit)

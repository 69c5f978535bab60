"""The fonts a film is set in: files from installed packages, never those of the machine.

The hosted service sets TEXT in Google fonts and leaves SVG text to whatever its rasteriser has. Here the
same few families are always there, so a film looks the same on every machine: Arimo (the metrics of
Arial), those the templates are set in, and the Noto faces for other scripts, symbols and emoji. All are
under the SIL Open Font License.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator, Mapping
from functools import cached_property, lru_cache
from importlib.util import find_spec
from pathlib import Path
from types import MappingProxyType

import uharfbuzz

DEFAULT_FAMILY = "Arimo"  # what an unknown family becomes
TEXT_FAMILY = "Poppins"  # what a TEXT element without a family gets (Zvid docs, structure/text)
STRONG_FALLBACK = "Rubik"  # Latin, Hebrew and Arabic in one font, from light to black

_PACKAGED: Mapping[str, str] = MappingProxyType(
    {
        "Arimo": "fontpkg_arimo",
        "Poppins": "fontpkg_poppins",
        "Inter": "fontpkg_inter",
        "Archivo": "fontpkg_archivo",
        STRONG_FALLBACK: "fontpkg_rubik",
        "Bricolage Grotesque": "fontpkg_bricolage_grotesque",
        "Fraunces": "fontpkg_fraunces",
        "Plus Jakarta Sans": "fontpkg_plus_jakarta_sans",
    }
)
_NOTO = "manimgx_fonts"
# These names mean Arimo: the same widths, so the same line breaks.
_ALIASES = frozenset({"arial", "helvetica", "helvetica neue", "liberation sans"})


class FontShelf:
    """Knows the files of each family and which family has a glyph for a character."""

    def __init__(self, families: Mapping[str, tuple[Path, ...]]) -> None:
        self._families = families
        self._names = {name.lower(): name for name in families}

    @cached_property
    def _coverage(self) -> dict[str, frozenset[int]]:
        return {}

    def __iter__(self) -> Iterator[tuple[str, tuple[Path, ...]]]:
        return iter(self._families.items())

    def files(self, family: str) -> tuple[Path, ...]:
        return self._families[family]

    def known(self, wanted: str) -> str:
        """The family that a CSS font-family list gets: its first one that is on the shelf."""
        for name in wanted.split(","):
            plain = name.strip().strip("'\"").lower()
            if plain in _ALIASES:
                return DEFAULT_FAMILY
            if plain in self._names:
                return self._names[plain]
        return DEFAULT_FAMILY

    def covers(self, family: str, char: str) -> bool:
        covered = self._coverage.get(family)
        if covered is None:
            covered = self._coverage[family] = _code_points(self._families[family][0])
        return ord(char) in covered

    def family_with(self, char: str) -> str | None:
        """The first family that has this character; None when it would be an empty box anyway."""
        return next((family for family in self._families if self.covers(family, char)), None)

    def is_lost(self, char: str) -> bool:
        """Whether a visible character has no glyph anywhere here."""
        invisible = char.isspace() or unicodedata.category(char) in ("Cf", "Cc", "Mn")
        return not char.isascii() and not invisible and self.family_with(char) is None


@lru_cache(maxsize=1)
def font_shelf() -> FontShelf:
    """The shelf of this process; fonts do not change while it runs."""
    families = {family: _files(package, "files/*.ttf") for family, package in _PACKAGED.items()}
    for path in _files(_NOTO, "*.ttf"):
        family = _spaced(path.stem.partition("[")[0].partition("-")[0])
        families[family] = (*families.get(family, ()), path)
    # Symbols and emoji last: they hold plain letters and digits as well.
    late = ("Noto Sans Symbols", "Noto Emoji")
    return FontShelf({name: families[name] for name in (*(n for n in families if n not in late), *late)})


def _files(package: str, pattern: str) -> tuple[Path, ...]:
    """The upright file first: it answers for the whole family."""
    spec = find_spec(package)
    if spec is None or spec.origin is None:
        raise LookupError(f"The font package {package} is missing; install rowreel[demo].")
    found = Path(spec.origin).parent.glob(pattern)
    return tuple(
        sorted(found, key=lambda path: ("Italic" in path.name, "-Regular" not in path.name, path.name))
    )


def _spaced(name: str) -> str:
    """NotoSansArabic -> Noto Sans Arabic."""
    return "".join(f" {char}" if char.isupper() else char for char in name).strip()


def _code_points(path: Path) -> frozenset[int]:
    face = uharfbuzz.Face(uharfbuzz.Blob.from_file_path(path))
    return frozenset(face.unicodes)

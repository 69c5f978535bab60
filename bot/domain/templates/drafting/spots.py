"""Where texts and placeholders stand in a project, and what that place alone asks of a value."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from bot.domain.contract import FieldType

_STYLE_BLOCK = re.compile(r"style\b[^>]*>", re.IGNORECASE)
_OPEN_ATTRIBUTE = re.compile(r"([\w:-]+)\s*=\s*(?:\"([^\"]*)|'([^']*))$")
_LAST_PROPERTY = re.compile(r"([\w-]+)\s*:[^;:{}]*$")
_COLOURS = frozenset({"fill", "stroke", "background", "colortint"})
_FONTS = frozenset({"fontfamily", "font-family"})
_FREE = frozenset({"id", "class", "alt", "title", "lang", "aria-label"})
_LINKS = frozenset({"src", "href", "xlink:href"})
_NUMBERS = frozenset(
    [
        *(
            "x",
            "y",
            "width",
            "height",
            "track",
            "angle",
            "opacity",
            "volume",
            "speed",
            "duration",
            "frameRate",
        ),
        *("enter", "exit", "enterBegin", "enterEnd", "exitBegin", "exitEnd", "transitionDuration"),
        *(
            "videoBegin",
            "videoEnd",
            "videoDuration",
            "audioBegin",
            "audioEnd",
            "audioDuration",
            "snapshotTime",
        ),
        *(
            "depth",
            "similarity",
            "blend",
            "quality",
            "brightness",
            "contrast",
            "saturate",
            "size",
            "start",
            "end",
        ),
    ]
)
_MEASURES = frozenset(
    {"cx", "cy", "r", "rx", "ry", "dx", "dy", "x1", "y1", "x2", "y2", "top", "left", "right", "bottom"}
)
_MEASURED = ("size", "width", "height", "radius", "spacing", "opacity", "offset", "weight")
_MEDIA = {"IMAGE": FieldType.IMAGE, "VIDEO": FieldType.VIDEO, "GIF": FieldType.GIF}
_Path = tuple[str | int, ...]
Types = tuple[FieldType, ...]


@dataclass(frozen=True, slots=True)
class Spot:
    """One text of a project, looked at as a whole or from one placeholder in it."""

    path: str
    key: str
    text: str
    media: FieldType
    """What a link would lead to here."""

    own: frozenset[str] = frozenset()
    """Names its scene fills by itself."""

    is_style: bool = False
    before: str = ""
    """What stands in front of the placeholder."""

    is_whole: bool = True
    """Whether the placeholder is all there is."""

    def around(self, start: int, end: int) -> Spot:
        """The same, looked at from what stands between these two."""
        is_whole = not self.text[:start].strip() and not self.text[end:].strip()
        return replace(self, before=self.text[:start], is_whole=is_whole)

    def types(self) -> Types:
        """What may stand here, by the place alone, the likeliest first; empty where any text may."""
        if self.key in {"svg", "html"}:
            return _in_markup(self.before)
        if self.is_style:
            return _in_style(self.key)
        if not self.is_whole:
            return ()
        if self.key in {"src", "thumbnail"}:
            return (self.media,)
        if self.key == "condition":
            return (FieldType.BOOL,)
        if self.key in _NUMBERS:
            return (FieldType.NUMBER,)
        return (FieldType.COLOR,) if _is_colour(self.key) else ()


def _in_markup(before: str) -> Types:
    """By the attribute or the property the placeholder stands in; between tags anything may stand."""
    _, opened, tag = before.rpartition("<")
    if not opened:
        return ()
    if _STYLE_BLOCK.match(tag):
        return _in_style(_last_property(tag))
    found = _OPEN_ATTRIBUTE.search(tag)
    if found is None or ">" in tag[: found.start()]:
        return ()
    name = found[1].lower()
    if name == "style":
        return _in_style(_last_property(found[2] or found[3] or ""))
    if name in _LINKS:
        return (FieldType.IMAGE,)
    return () if name in _FREE or name.startswith("data-") else _in_style(name)


def _last_property(style: str) -> str:
    found = _LAST_PROPERTY.search(style)
    return found[1] if found else ""


def _in_style(name: str) -> Types:
    """Nothing but a word that draws something is taken there."""
    if name.lower() in _FONTS:
        return (FieldType.CHOICE,)
    if _is_colour(name):
        return (FieldType.COLOR,)
    is_measure = name in _NUMBERS or name.lower() in _MEASURES or name.lower().endswith(_MEASURED)
    return (FieldType.NUMBER,) if is_measure else (FieldType.COLOR, FieldType.NUMBER)


def _is_colour(name: str) -> bool:
    return name.lower() in _COLOURS or name.lower().endswith("color")


def spots(project: Mapping[str, Any]) -> Iterator[Spot]:
    """Every text with where it stands, but for the project's own variables."""
    yield from _inside(project, (), FieldType.IMAGE, frozenset())


def _inside(node: Any, path: _Path, media: FieldType, own: frozenset[str]) -> Iterator[Spot]:
    if isinstance(node, str):
        key = next((step for step in reversed(path) if isinstance(step, str)), "")
        yield Spot(_spelled(path), key, node, media, own, is_style="style" in path[:-1])
    elif isinstance(node, list):
        for index, one in enumerate(node):
            yield from _inside(one, (*path, index), media, own)
    elif isinstance(node, Mapping):
        if path and isinstance(node.get("variables"), Mapping):
            own = own | frozenset(node["variables"])
        media = _media_of(node, path) or media
        for key, one in node.items():
            if key != "variables":
                yield from _inside(one, (*path, key), media, own)


def _media_of(node: Mapping[str, Any], path: _Path) -> FieldType | None:
    if len(path) > 1 and path[-2] == "audios":
        return FieldType.AUDIO
    kind = node.get("type")
    return _MEDIA.get(kind.upper()) if isinstance(kind, str) else None


def _spelled(path: Sequence[str | int]) -> str:
    text = "".join(f"[{step}]" if isinstance(step, int) else f".{step}" for step in path)
    return text.removeprefix(".")

"""The service's rules for a whole project, applied here before its free check is asked.

Problems are named with the path of what is wrong; whose matter it is, the template's or a row's, is found out by
what filled that place. As at the service, what compares several values comes after each is fine by itself.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from bot.domain.ids import canonical_json
from bot.domain.prices import seconds
from bot.domain.templates import elements
from bot.domain.templates.placeholders import Path, spelled

_VIDEO_ONLY = ("duration", "frameRate", "audios", "scenes", "thumbnail", "subtitle")
_IMAGE_ONLY = ("snapshotTime", "quality", "transparent")
_TIMED = (
    *("enterBegin", "enterEnd", "exitBegin", "exitEnd", "videoBegin", "videoEnd", "videoDuration"),
    *("transition", "transitionId", "transitionDuration"),
)
_FLAT_SUBTITLE = (
    "animation",
    "direction",
    "font",
    "stroke",
    "background",
    "activeWord",
    "position",
    "margin",
)


@dataclass(frozen=True, slots=True)
class Issue:
    """Something the service would refuse."""

    path: Path
    words: str
    beside: tuple[str, ...] = ()
    """Other keys of the same object that may be to blame as well."""

    def __str__(self) -> str:
        return f"{spelled(self.path)} {self.words}"


def check(project: Mapping[str, Any]) -> tuple[Issue, ...]:
    """Everything in this project that the service would refuse on any plan."""
    own = tuple(Issue(path, words) for path, words in elements.project(project))
    return own or tuple(_together(project))


def _together(project: Mapping[str, Any]) -> Iterator[Issue]:
    is_image = project.get("type") == "image"
    yield from _top(project, is_image=is_image)
    yield from _part(project, (), is_image=is_image)
    ids: set[str] = set()
    for at, scene in enumerate(project.get("scenes") or ()):
        yield from _part(scene, ("scenes", at), is_image=is_image)
        if (name := scene.get("id")) in ids:
            yield Issue(("scenes", at, "id"), "must differ from the other scenes' ids")
        ids.add(name or f"scene {at}")
    yield from _length(project)
    yield from _subtitle(project.get("subtitle") or {})


def _top(project: Mapping[str, Any], *, is_image: bool) -> Iterator[Issue]:
    kind = "an image" if is_image else "a video"
    for key in _VIDEO_ONLY if is_image else _IMAGE_ONLY:
        if key in project:
            yield Issue((key,), f"cannot be used in {kind}")
    formats = elements.IMAGE_FORMATS if is_image else elements.VIDEO_FORMATS
    wanted = project.get("outputFormat", formats[0])
    if wanted not in formats:
        yield Issue(("outputFormat",), f"must be one of: {', '.join(formats)}")
    if is_image and wanted == "png" and "quality" in project:
        yield Issue(("quality",), "cannot be used with png")
    if is_image and wanted in {"jpg", "jpeg"} and project.get("transparent"):
        yield Issue(("transparent",), "cannot be used with jpg")


def _part(part: Mapping[str, Any], path: Path, *, is_image: bool) -> Iterator[Issue]:
    """The lists of a project or a scene."""
    for at, visual in enumerate(part.get("visuals", ())):
        yield from _visual(visual, (*path, "visuals", at), is_image=is_image)
    for at, sound in enumerate(part.get("audios", ())):
        yield from _order(sound, (*path, "audios", at), ("enter", "exit"), ("audioBegin", "audioEnd"))


def _visual(visual: Mapping[str, Any], path: Path, *, is_image: bool) -> Iterator[Issue]:
    kind = visual["type"].upper()
    yield from _order(visual, path, ("enterBegin", "enterEnd"), ("exitBegin", "exitEnd"))
    if kind == "TEXT" and not any(visual.get(key, "").strip() for key in ("text", "html")):
        yield Issue((*path, "text"), "must not be empty", ("html",))
    if "designer" in visual and len(canonical_json(visual["designer"])) > elements.LARGEST_DESIGNER:
        yield Issue((*path, "designer"), f"must have no more than {elements.LARGEST_DESIGNER:,} characters")
    if is_image:
        if kind in {"VIDEO", "GIF"}:
            yield Issue((*path, "type"), f"cannot be {kind} in an image")
        for key in _TIMED:
            if key in visual:
                yield Issue((*path, key), "cannot be used in an image")


def _order(part: Mapping[str, Any], path: Path, *pairs: tuple[str, str]) -> Iterator[Issue]:
    for begin, end in pairs:
        if begin in part and end in part and part[end] < part[begin]:
            yield Issue((*path, end), f"must not come before {begin}", (begin,))


def _length(project: Mapping[str, Any]) -> Iterator[Issue]:
    """The scenes' total, where each says how long it is."""
    scenes = project.get("scenes") or ()
    if scenes and all(scene.get("duration", -1) > 0 for scene in scenes):
        total = seconds(project)
        if not 0 < total <= elements.LONGEST_VIDEO:
            longest = max(range(len(scenes)), key=lambda at: scenes[at]["duration"])
            words = f"brings the scenes to {float(total):,g} seconds in all; {elements.LONGEST_VIDEO:,} are the most"
            yield Issue(("scenes", longest, "duration"), words)


def _subtitle(subtitle: Mapping[str, Any]) -> Iterator[Issue]:
    if subtitle and ("src" in subtitle) == ("captions" in subtitle):
        yield Issue(("subtitle",), "must have either src or captions")
    if "styles" in subtitle and (flat := [key for key in _FLAT_SUBTITLE if key in subtitle]):
        yield Issue(("subtitle", "styles"), f"cannot be combined with {', '.join(flat)}")
    for at, caption in enumerate(subtitle.get("captions", ())):
        if not {"text", "words"} & set(caption):
            yield Issue(("subtitle", "captions", at), "must have text or words")

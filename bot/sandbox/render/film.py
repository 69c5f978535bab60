"""Reads a resolved project (no placeholders left) into plain, frozen nouns.

A Film is a row of Scenes with their places on the film's clock, and the Visuals that play over all of
them. Defaults, presets and the arithmetic of scene overlaps are those of the Zvid documentation (pages
structure/project, structure/scenes, concepts/timing); nothing here touches a file or draws a pixel.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

PRESETS: Mapping[str, tuple[int, int]] = {
    "sd": (640, 480),
    "hd": (1280, 720),
    "full-hd": (1920, 1080),
    "youtube-video": (1920, 1080),
    "squared": (1080, 1080),
    "twitter-square": (1080, 1080),
    "facebook-post": (1080, 1080),
    "instagram-post": (1080, 1080),
    "instagram-feed": (1080, 1080),
    "twitter-landscape": (1200, 675),
    "twitter-portrait": (1080, 1350),
    "youtube-short": (1080, 1920),
    "tiktok": (1080, 1920),
    "instagram-reel": (1080, 1920),
    "instagram-story": (1080, 1920),
    "facebook-video": (1080, 1920),
    "facebook-story": (1080, 1920),
    "snapchat": (1080, 1920),
}
DEFAULT_SECONDS = 10.0  # a project, or an automatic scene with nothing to measure
DEFAULT_OVERLAP = 0.5


class Kind(StrEnum):
    SVG = "SVG"
    TEXT = "TEXT"
    IMAGE = "IMAGE"


@dataclass(frozen=True, slots=True)
class Visual:
    """One element with its times in seconds on its own scene's clock (or the film's)."""

    kind: Kind
    spec: Mapping[str, Any]
    enter_begin: float
    enter_end: float
    exit_begin: float
    exit_end: float
    fades_in: bool
    fades_out: bool

    def strength(self, at: float) -> float | None:
        """How far the element has come in (0..1), None while it is not there at all."""
        if at < self.enter_begin - _TICK or at > self.exit_end + _TICK:
            return None
        strength = 1.0
        if self.fades_in and at < self.enter_end:
            strength = (at - self.enter_begin) / (self.enter_end - self.enter_begin)
        if self.fades_out and at > self.exit_begin:
            strength = min(strength, (self.exit_end - at) / (self.exit_end - self.exit_begin))
        return round(min(max(strength, 0.0), 1.0), 4)


@dataclass(frozen=True, slots=True)
class Scene:
    """A stretch of the film; `overlap` seconds at its start are shared with the scene before."""

    start: float
    seconds: float
    overlap: float
    background: str
    visuals: tuple[Visual, ...]

    def covers(self, at: float) -> bool:
        return self.start - _TICK <= at < self.start + self.seconds - _TICK

    def mix(self, at: float) -> float:
        """How much of this scene is seen over the one before, 0..1."""
        if self.overlap <= 0 or at >= self.start + self.overlap:
            return 1.0
        return round(max((at - self.start) / self.overlap, 0.0), 4)


@dataclass(frozen=True, slots=True)
class Film:
    width: int
    height: int
    rate: int
    seconds: float
    background: str
    scenes: tuple[Scene, ...]
    overlays: tuple[Visual, ...]

    @property
    def frames(self) -> int:
        return max(1, round(self.seconds * self.rate))


_TICK = 1e-6  # times are decimal fractions of a second, frames are not


def read_film(project: Mapping[str, Any]) -> Film:
    width, height = frame_size(project)
    background = str(project.get("backgroundColor") or "#ffffff")
    top = _list(project.get("visuals"))
    raw_scenes = _list(project.get("scenes"))
    if not raw_scenes:
        seconds = _number(project.get("duration"), DEFAULT_SECONDS)
        scenes: tuple[Scene, ...] = (Scene(0.0, seconds, 0.0, background, _visuals(top, seconds)),)
        overlays: tuple[Visual, ...] = ()
    else:
        scenes = _scenes(raw_scenes, background)
        seconds = _total(project, raw_scenes, scenes)
        overlays = _visuals(top, seconds)
    rate = int(_number(project.get("frameRate"), 30))
    return Film(width, height, rate, seconds, background, scenes, overlays)


def frame_size(project: Mapping[str, Any]) -> tuple[int, int]:
    """A preset other than custom wins over width and height (Zvid docs, structure/project)."""
    preset = PRESETS.get(str(project.get("resolution") or ""))
    if preset is not None:
        return preset
    return int(_number(project.get("width"), 1280)), int(_number(project.get("height"), 720))


def _scenes(raw: Sequence[Mapping[str, Any]], background: str) -> tuple[Scene, ...]:
    scenes: list[Scene] = []
    start, overlap = 0.0, 0.0
    for index, spec in enumerate(raw):
        seconds = scene_seconds(spec)
        scenes.append(
            Scene(
                start=start,
                seconds=seconds,
                overlap=overlap,
                background=str(spec.get("backgroundColor") or background),
                visuals=_visuals(_list(spec.get("visuals")), seconds),
            )
        )
        overlap = scene_overlap(spec, raw[index + 1]) if index + 1 < len(raw) else 0.0
        start = round(start + seconds - overlap, 4)
    return tuple(scenes)


def scene_seconds(spec: Mapping[str, Any]) -> float:
    """An automatic length is the end of its last element, else ten seconds."""
    seconds = _number(spec.get("duration"), -1.0)
    if seconds > 0:
        return seconds
    ends = [_number(visual.get("exitEnd"), 0.0) for visual in _list(spec.get("visuals"))]
    return max(ends, default=0.0) or DEFAULT_SECONDS


def scene_overlap(spec: Mapping[str, Any], following: Mapping[str, Any]) -> float:
    """How long a scene and the next are seen together: only with an effect that leads to that next one."""
    leads_elsewhere = "transitionId" in spec and spec["transitionId"] in (None, "none")
    leads_elsewhere = leads_elsewhere or spec.get("transitionId", following.get("id")) != following.get("id")
    if not spec.get("transition") or leads_elsewhere:
        return 0.0
    return _number(spec.get("transitionDuration"), DEFAULT_OVERLAP)


def _total(project: Mapping[str, Any], raw: Sequence[Mapping[str, Any]], scenes: Sequence[Scene]) -> float:
    """The scenes' own length; with an automatic scene among them the project's, if that is longer."""
    total = round(max(scene.start + scene.seconds for scene in scenes), 2)
    if all(_number(spec.get("duration"), -1.0) > 0 for spec in raw):
        return total
    return max(total, _number(project.get("duration"), DEFAULT_SECONDS))


def _visuals(raw: Sequence[Mapping[str, Any]], length: float) -> tuple[Visual, ...]:
    """Front last: by track, then by when they enter, then as written (Zvid docs, concepts/layers)."""
    ordered = sorted(
        enumerate(raw),
        key=lambda item: (
            _number(item[1].get("track"), 0),
            _number(item[1].get("enterBegin"), 0),
            item[0],
        ),
    )
    return tuple(_visual(spec, length) for _, spec in ordered)


def _visual(spec: Mapping[str, Any], length: float) -> Visual:
    enter_begin = _number(spec.get("enterBegin"), 0.0)
    enter_end = max(_number(spec.get("enterEnd"), 0.0), enter_begin)
    exit_end = _number(spec.get("exitEnd"), length)
    exit_begin = min(_number(spec.get("exitBegin"), length), exit_end)
    return Visual(
        kind=Kind(str(spec["type"]).upper()),
        spec=spec,
        enter_begin=enter_begin,
        enter_end=enter_end,
        exit_begin=exit_begin,
        exit_end=exit_end,
        fades_in=bool(spec.get("enterAnimation")) and enter_end > enter_begin,
        fades_out=bool(spec.get("exitAnimation")) and exit_end > exit_begin,
    )


def _list(value: object) -> list[Mapping[str, Any]]:
    return [item for item in value if isinstance(item, Mapping)] if isinstance(value, list) else []


def _number(value: object, default: float) -> float:
    return float(value) if isinstance(value, int | float) and not isinstance(value, bool) else default

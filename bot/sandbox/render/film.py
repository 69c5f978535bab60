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
FADE = "fade"


class Kind(StrEnum):
    SVG = "SVG"
    TEXT = "TEXT"
    IMAGE = "IMAGE"
    GIF = "GIF"
    VIDEO = "VIDEO"

    @property
    def moves(self) -> bool:
        """Whether its picture changes by itself."""
        return self in {Kind.GIF, Kind.VIDEO}


@dataclass(frozen=True, slots=True)
class Passage:
    """An effect under way on an element: which one, how far, and whether the element comes or goes."""

    effect: str
    progress: float
    leaving: bool


@dataclass(frozen=True, slots=True)
class Visual:
    """One element with its times in seconds on its own scene's clock (or the film's)."""

    kind: Kind
    spec: Mapping[str, Any]
    enter_begin: float
    enter_end: float
    exit_begin: float
    exit_end: float
    entering: str = ""  # the effects, none where there is no time for one
    leaving: str = ""

    @property
    def zooms(self) -> bool:
        return bool(self.spec.get("zoom"))

    def strength(self, at: float) -> float | None:
        """How far the element has come in (0..1), None while it is not there at all."""
        if at < self.enter_begin - _TICK or at > self.exit_end + _TICK:
            return None
        strength = 1.0
        if self.entering == FADE and at < self.enter_end:
            strength = self._come(at)
        if self.leaving == FADE and at > self.exit_begin:
            strength = min(strength, 1 - self._gone(at))
        return round(min(max(strength, 0.0), 1.0), 4)

    def passages(self, at: float) -> tuple[Passage, ...]:
        """The effects under way, other than fades, in the order in which they are applied."""
        found = []
        if self.entering not in {"", FADE} and at < self.enter_end:
            found.append(Passage(self.entering, round(max(self._come(at), 0.0), 4), leaving=False))
        if self.leaving not in {"", FADE} and at > self.exit_begin:
            found.append(Passage(self.leaving, round(min(self._gone(at), 1.0), 4), leaving=True))
        return tuple(found)

    def moment(self, at: float) -> float:
        """How long the element has been there; always 0 where that changes nothing about its picture."""
        return round(max(at - self.enter_begin, 0.0), 4) if self.kind.moves or self.zooms else 0.0

    def share(self, moment: float) -> float:
        """How much of its time on the canvas has passed, 0..1."""
        return min(moment / max(self.exit_end - self.enter_begin, _TICK), 1.0)

    def _come(self, at: float) -> float:
        return (at - self.enter_begin) / (self.enter_end - self.enter_begin)

    def _gone(self, at: float) -> float:
        return (at - self.exit_begin) / (self.exit_end - self.exit_begin)


@dataclass(frozen=True, slots=True)
class Scene:
    """A stretch of the film; `overlap` seconds at its start are shared with the scene before."""

    start: float
    seconds: float
    overlap: float
    background: str
    visuals: tuple[Visual, ...]
    arriving: str = FADE  # the effect by which it takes the place of the scene before

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
    transparent: bool = False

    @property
    def frames(self) -> int:
        return max(1, round(self.seconds * self.rate))


_STILL = 3601.0  # seconds; the latest moment of which a still can be taken is 3600
_TICK = 1e-6  # times are decimal fractions of a second, frames are not


def read_film(project: Mapping[str, Any]) -> Film:
    """A still image is the one picture at `snapshotTime` of a film without end."""
    width, height = frame_size(project)
    background = str(project.get("backgroundColor") or "#ffffff")
    top = listed(project.get("visuals"))
    raw_scenes = listed(project.get("scenes"))
    if not raw_scenes:
        seconds = _STILL if is_image(project) else number(project.get("duration"), DEFAULT_SECONDS)
        scenes: tuple[Scene, ...] = (Scene(0.0, seconds, 0.0, background, _visuals(top, seconds)),)
        overlays: tuple[Visual, ...] = ()
    else:
        scenes = _scenes(raw_scenes, background)
        seconds = _total(project, raw_scenes, scenes)
        overlays = _visuals(top, seconds)
    rate = int(number(project.get("frameRate"), 30))
    transparent = is_image(project) and bool(project.get("transparent"))
    return Film(width, height, rate, seconds, background, scenes, overlays, transparent)


def is_image(project: Mapping[str, Any]) -> bool:
    return project.get("type") == "image"


def frame_size(project: Mapping[str, Any]) -> tuple[int, int]:
    """A preset other than custom wins over width and height (Zvid docs, structure/project)."""
    preset = PRESETS.get(str(project.get("resolution") or ""))
    if preset is not None:
        return preset
    return int(number(project.get("width"), 1280)), int(number(project.get("height"), 720))


def _scenes(raw: Sequence[Mapping[str, Any]], background: str) -> tuple[Scene, ...]:
    scenes: list[Scene] = []
    start, overlap, arriving = 0.0, 0.0, FADE
    for index, spec in enumerate(raw):
        seconds = scene_seconds(spec)
        scenes.append(
            Scene(
                start=start,
                seconds=seconds,
                overlap=overlap,
                background=str(spec.get("backgroundColor") or background),
                visuals=_visuals(listed(spec.get("visuals")), seconds),
                arriving=arriving,
            )
        )
        arriving = str(spec.get("transition") or FADE)
        overlap = scene_overlap(spec, raw[index + 1]) if index + 1 < len(raw) else 0.0
        start = round(start + seconds - overlap, 4)
    return tuple(scenes)


def scene_seconds(spec: Mapping[str, Any]) -> float:
    """An automatic length is the end of its last element, clip or sound, else ten seconds."""
    seconds = number(spec.get("duration"), -1.0)
    if seconds > 0:
        return seconds
    ends = [_visual_end(visual) for visual in listed(spec.get("visuals"))]
    ends += [_audio_end(audio) for audio in listed(spec.get("audios"))]
    return max(ends, default=0.0) or DEFAULT_SECONDS


def _visual_end(spec: Mapping[str, Any]) -> float:
    end = number(spec.get("exitEnd"), 0.0)
    if "videoEnd" in spec:
        clip = number(spec["videoEnd"], 0.0) - number(spec.get("videoBegin"), 0.0)
        end = max(end, number(spec.get("enterBegin"), 0.0) + clip / number(spec.get("speed"), 1.0))
    return end


def _audio_end(spec: Mapping[str, Any]) -> float:
    if "exit" in spec:
        return number(spec["exit"], 0.0)
    if "audioEnd" in spec:
        clip = number(spec["audioEnd"], 0.0) - number(spec.get("audioBegin"), 0.0)
        return number(spec.get("enter"), 0.0) + clip / number(spec.get("speed"), 1.0)
    return 0.0


def scene_overlap(spec: Mapping[str, Any], following: Mapping[str, Any]) -> float:
    """How long a scene and the next are seen together: only with an effect that leads to that next one."""
    leads_elsewhere = "transitionId" in spec and spec["transitionId"] in (None, "none")
    leads_elsewhere = leads_elsewhere or spec.get("transitionId", following.get("id")) != following.get("id")
    if not spec.get("transition") or leads_elsewhere:
        return 0.0
    return number(spec.get("transitionDuration"), DEFAULT_OVERLAP)


def _total(project: Mapping[str, Any], raw: Sequence[Mapping[str, Any]], scenes: Sequence[Scene]) -> float:
    """The scenes' own length; with an automatic scene among them the project's, if that is longer."""
    total = round(max(scene.start + scene.seconds for scene in scenes), 2)
    if all(number(spec.get("duration"), -1.0) > 0 for spec in raw):
        return total
    return max(total, number(project.get("duration"), DEFAULT_SECONDS))


def _visuals(raw: Sequence[Mapping[str, Any]], length: float) -> tuple[Visual, ...]:
    """Front last: by track, then by when they enter, then as written (Zvid docs, concepts/layers)."""
    ordered = sorted(
        enumerate(raw),
        key=lambda item: (
            number(item[1].get("track"), 0),
            number(item[1].get("enterBegin"), 0),
            item[0],
        ),
    )
    return tuple(_visual(spec, length) for _, spec in ordered)


def _visual(spec: Mapping[str, Any], length: float) -> Visual:
    enter_begin = number(spec.get("enterBegin"), 0.0)
    enter_end = max(number(spec.get("enterEnd"), 0.0), enter_begin)
    exit_end = number(spec.get("exitEnd"), length)
    exit_begin = min(number(spec.get("exitBegin"), length), exit_end)
    return Visual(
        kind=Kind(str(spec["type"]).upper()),
        spec=spec,
        enter_begin=enter_begin,
        enter_end=enter_end,
        exit_begin=exit_begin,
        exit_end=exit_end,
        entering=str(spec.get("enterAnimation") or "") if enter_end > enter_begin else "",
        leaving=str(spec.get("exitAnimation") or "") if exit_end > exit_begin else "",
    )


def listed(value: object) -> list[Mapping[str, Any]]:
    return [item for item in value if isinstance(item, Mapping)] if isinstance(value, list) else []


def number(value: object, default: float) -> float:
    return float(value) if isinstance(value, int | float) and not isinstance(value, bool) else default

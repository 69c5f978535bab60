"""How large and how long a project comes out, and what it costs.

Presets win over width and height; scenes overlap by their transitions (Zvid docs, structure pages); a
credit buys a second up to 1920x1080 pixels of area, a quarter of one above (Zvid docs, credits-and-plans).
"""

from __future__ import annotations

import math
from typing import Any

from bot.sandbox.render.film import DEFAULT_OVERLAP, DEFAULT_SECONDS, PRESETS

DEFAULT_SIZE = (1280, 720)
AREA_OF_ONE_CREDIT = 2_073_600

Json = dict[str, Any]


def size_of(project: Json) -> tuple[int, int]:
    preset = PRESETS.get(project.get("resolution", "custom"))
    if preset is not None:
        return preset
    return int(project.get("width", DEFAULT_SIZE[0])), int(project.get("height", DEFAULT_SIZE[1]))


def seconds_of(project: Json) -> float:
    """Length of the finished video; 0 for a still."""
    if project.get("type") == "image":
        return 0.0
    wished = float(project.get("duration", DEFAULT_SECONDS))
    scenes = project.get("scenes") or []
    if not scenes:
        return wished
    total = scenes_total(scenes)
    return total if has_explicit_scenes(project) else max(wished, total)


def has_explicit_scenes(project: Json) -> bool:
    """Whether every scene says how long it is; then the project's own duration does not count."""
    scenes = project.get("scenes") or []
    return bool(scenes) and all(scene.get("duration", -1) > 0 for scene in scenes)


def scenes_total(scenes: list[Json]) -> float:
    lengths = [_scene_seconds(scene) for scene in scenes]
    return round(sum(lengths) - sum(_overlap(scenes, index) for index in range(len(scenes))), 2)


def credits_for(project: Json) -> int:
    """Whole credits, rounded up."""
    if project.get("type") == "image":
        return 1
    width, height = size_of(project)
    per_second = 1 if width * height <= AREA_OF_ONE_CREDIT else 4
    # Rounded first: 2.3 * 4 is a hair more than 9.2 in binary, and must not cost more for it.
    return math.ceil(round(seconds_of(project) * per_second, 6))


def _overlap(scenes: list[Json], index: int) -> float:
    """By how much a scene runs into the next one."""
    scene = scenes[index]
    if index == len(scenes) - 1 or scene.get("transition") is None:
        return 0.0
    following = scenes[index + 1].get("id", f"scene-{index + 2}")
    if scene.get("transitionId") not in {None, "none", following}:
        return 0.0
    return float(scene.get("transitionDuration", DEFAULT_OVERLAP))


def _scene_seconds(scene: Json) -> float:
    explicit = float(scene.get("duration", -1))
    if explicit > 0:
        return explicit
    ends = [_visual_end(visual) for visual in scene.get("visuals") or []]
    ends += [_audio_end(audio) for audio in scene.get("audios") or []]
    longest = max(ends, default=0.0)
    return longest or DEFAULT_SECONDS


def _visual_end(visual: Json) -> float:
    end = float(visual.get("exitEnd", 0))
    if "videoEnd" in visual:
        clip = (visual["videoEnd"] - visual.get("videoBegin", 0)) / visual.get("speed", 1)
        end = max(end, visual.get("enterBegin", 0) + clip)
    return end


def _audio_end(audio: Json) -> float:
    if "exit" in audio:
        return float(audio["exit"])
    if "audioEnd" in audio:
        clip = (audio["audioEnd"] - audio.get("audioBegin", 0)) / audio.get("speed", 1)
        return float(audio.get("enter", 0) + clip)
    return 0.0

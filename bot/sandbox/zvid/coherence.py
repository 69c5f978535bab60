"""Rules that hang on two fields at once, on the kind of project, or on the plan.

Called after each part has passed by itself, so types can be relied on here.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from typing import Any

from bot.sandbox.zvid.plans import PlanLimits
from bot.sandbox.zvid.refusals import Problem
from bot.sandbox.zvid.timeline import has_explicit_scenes, scenes_total

Json = dict[str, Any]

VIDEO_ONLY = ("duration", "frameRate", "audios", "scenes", "thumbnail", "subtitle")
IMAGE_ONLY = ("snapshotTime", "quality", "transparent")
TIMED = (
    "enterBegin",
    "enterEnd",
    "exitBegin",
    "exitEnd",
    "videoBegin",
    "videoEnd",
    "videoDuration",
    "transition",
    "transitionId",
    "transitionDuration",
)
VIDEO_FORMATS = ("mp4", "mov", "avi", "webm")
IMAGE_FORMATS = ("png", "jpg", "jpeg", "webp")
LARGEST_DESIGNER = 200_000


def top_level_problems(project: Json, limits: PlanLimits) -> Iterator[Problem]:
    """What the project's own fields say about each other and the plan."""
    plan = f"(based on your {limits.plan_name} plan)"
    is_image = project.get("type") == "image"
    for name in VIDEO_ONLY if is_image else IMAGE_ONLY:
        if name in project:
            yield Problem(name, f"{name} is not allowed for {'image' if is_image else 'video'} projects")
    formats = IMAGE_FORMATS if is_image else VIDEO_FORMATS
    wanted = project.get("outputFormat", formats[0])
    if wanted not in formats:
        yield Problem("outputFormat", f"outputFormat must be one of: {', '.join(formats)}")
    if is_image and "quality" in project and wanted == "png":
        yield Problem("quality", "quality cannot be used with png")
    if is_image and project.get("transparent") and wanted in {"jpg", "jpeg"}:
        yield Problem("transparent", "transparent cannot be used with jpg")
    for side in ("width", "height"):
        if project.get(side, 1) > limits.max_output_side:
            yield Problem(side, f"{side} cannot exceed {limits.max_output_side} {plan}")
    if project.get("duration", 1) > limits.max_duration:
        yield Problem("duration", f"duration cannot exceed {limits.max_duration} {plan}")
    if len(project.get("scenes", ())) > limits.max_scenes:
        yield Problem("scenes", f"Max scenes allowed is {limits.max_scenes} {plan}")


def element_problems(visual: Json, where: str, limits: PlanLimits, *, is_image: bool) -> Iterator[Problem]:
    """What one element's fields say about each other, the plan and the kind of project."""
    kind = visual["type"].upper()
    for side in ("x", "y", "width", "height"):
        if visual.get(side, 1) > limits.max_input_side:
            yield Problem(
                f"{where}.{side}",
                f"{side} cannot exceed {limits.max_input_side} (based on your {limits.plan_name} plan)",
            )
    yield from _order_problems(visual, where, [("enterBegin", "enterEnd"), ("exitBegin", "exitEnd")])
    if kind == "TEXT" and not any(str(visual.get(field, "")).strip() for field in ("text", "html")):
        yield Problem(f"{where}.text", 'TEXT element needs non-empty "text" and/or "html"')
    if "designer" in visual and len(str(visual["designer"])) > LARGEST_DESIGNER:
        yield Problem(f"{where}.designer", f"designer cannot exceed {LARGEST_DESIGNER} characters")
    if is_image:
        if kind in {"VIDEO", "GIF"}:
            yield Problem(f"{where}.type", f"{kind} elements are not allowed in image projects")
        for name in TIMED:
            if name in visual:
                yield Problem(f"{where}.{name}", f"{name} is not allowed in image projects")


def audio_problems(audio: Json, where: str) -> Iterator[Problem]:
    yield from _order_problems(audio, where, [("enter", "exit"), ("audioBegin", "audioEnd")])


def scene_problems(scene: Json, where: str, limits: PlanLimits) -> Iterator[Problem]:
    seconds = scene.get("duration", -1)
    if seconds != -1 and seconds < 0.1:
        yield Problem(f"{where}.duration", "duration must be -1 (auto) or at least 0.1")
    if seconds > limits.max_duration:
        yield Problem(
            f"{where}.duration",
            f"duration cannot exceed {limits.max_duration} (based on your {limits.plan_name} plan)",
        )


def subtitle_problems(subtitle: Json) -> Iterator[Problem]:
    """Exactly one source of captions; the old `styles` excludes the flat keys."""
    if ("src" in subtitle) == ("captions" in subtitle):
        yield Problem("subtitle", 'subtitle needs exactly one of "src" and "captions"')
    flat = set(subtitle) - {"src", "captions", "styles", "maxWordsPerLine"}
    if "styles" in subtitle and flat:
        yield Problem("subtitle.styles", f"styles cannot be combined with {', '.join(sorted(flat))}")


def whole_problems(project: Json, limits: PlanLimits) -> Iterator[Problem]:
    """Counts over the project and all its scenes, scene ids, and the sum of the scenes."""
    plan = f"(based on your {limits.plan_name} plan)"
    scenes = project.get("scenes", [])
    parts = [project, *scenes]
    visuals = [visual for part in parts for visual in part.get("visuals", ())]
    kinds = Counter(visual["type"].upper() for visual in visuals)
    counts = [
        ("visuals", "visual elements", len(visuals), limits.max_visuals),
        ("visuals", "images", kinds["IMAGE"], limits.max_images),
        ("visuals", "videos", kinds["VIDEO"], limits.max_videos),
        ("visuals", "gifs", kinds["GIF"], limits.max_gifs),
        ("audios", "audios", sum(len(part.get("audios", ())) for part in parts), limits.max_audios),
        (
            "subtitle",
            "captions",
            len((project.get("subtitle") or {}).get("captions", ())),
            limits.max_captions,
        ),
    ]
    for field, what, count, most in counts:
        if count > most:
            yield Problem(field, f"Max {what} allowed is {most} {plan}")
    for scene_id, count in Counter(scene["id"] for scene in scenes if "id" in scene).items():
        if count > 1:
            yield Problem("scenes", f'Scene id "{scene_id}" is used more than once')
    if has_explicit_scenes(project) and (total := scenes_total(scenes)) > limits.max_duration:
        yield Problem(
            "scenes", f"Total scenes duration ({total:g}s) cannot exceed {limits.max_duration} seconds {plan}"
        )


def _order_problems(part: Json, where: str, pairs: list[tuple[str, str]]) -> Iterator[Problem]:
    """An end may not come before its beginning; a left-out one has a default that fits."""
    for begin, end in pairs:
        if begin in part and end in part and part[end] < part[begin]:
            yield Problem(f"{where}.{end}", f"{end} cannot be before {begin}")

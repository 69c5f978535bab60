"""What a render costs, by the published rule; the service's own quote is asked before anything is sent."""

from __future__ import annotations

import math
from collections.abc import Mapping
from decimal import Decimal
from itertools import pairwise
from typing import Any

PRESETS = {
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
"""Resolution presets and their pixels (Zvid docs, structure/resolution)."""

_LARGE_AREA = 2_073_600
_DEFAULT_SECONDS = Decimal(10)
_DEFAULT_OVERLAP = Decimal("0.5")


def pixels(project: Mapping[str, Any]) -> tuple[int, int]:
    """Width and height; a preset beats width and height, which default to 1280x720."""
    preset = project.get("resolution")
    if isinstance(preset, str) and preset in PRESETS:
        return PRESETS[preset]
    return int(project.get("width", 1280)), int(project.get("height", 720))


def seconds(project: Mapping[str, Any]) -> Decimal:
    """Length of the finished video: the scenes' total less their overlaps, else the project's duration."""
    scenes = project.get("scenes") or []
    lengths = [Decimal(str(scene.get("duration", -1))) for scene in scenes]
    if not scenes or any(length <= 0 for length in lengths):
        return Decimal(str(project.get("duration", _DEFAULT_SECONDS)))
    total = sum(lengths, Decimal(0)) - sum(
        (_overlap(scene, following) for scene, following in pairwise(scenes)), Decimal(0)
    )
    return total.quantize(Decimal("0.01"))


def _overlap(scene: Mapping[str, Any], following: Mapping[str, Any]) -> Decimal:
    if not scene.get("transition"):
        return Decimal(0)
    target = scene.get("transitionId", following.get("id"))
    if target is None or target == "none" or target != following.get("id"):
        return Decimal(0)
    return Decimal(str(scene.get("transitionDuration", _DEFAULT_OVERLAP)))


def price(project: Mapping[str, Any]) -> int:
    """Credits: one a second, four a second above 1920x1080 pixels, a still costs one (Zvid docs, credits-and-plans)."""
    if project.get("type", "video") == "image":
        return 1
    width, height = pixels(project)
    rate = 1 if width * height <= _LARGE_AREA else 4
    return math.ceil(seconds(project) * rate)

"""What a plan allows (figures: vendor's schema mirror, its Default and Free tiers)."""

from __future__ import annotations

from dataclasses import dataclass, fields, replace
from typing import Any

from bot.sandbox.zvid.options import Switches

# How the service spells each limit in `planLimits`; the two last ones it does not show.
SPELLING = {
    "plan_name": "planName",
    "max_duration": "maxDuration",
    "max_output_side": "maxOutputResolution",
    "max_input_side": "maxInputResolution",
    "max_visuals": "maxVisualElements",
    "max_images": "maxImagesCount",
    "max_videos": "maxVideosCount",
    "max_gifs": "maxGifsCount",
    "max_audios": "maxAudioElements",
    "max_captions": "maxCaptionElements",
    "max_scenes": "maxScenes",
}


@dataclass(frozen=True, slots=True)
class PlanLimits:
    """Ceilings for one project, and how much the account may have; 0 jobs or templates means no limit."""

    plan_name: str = "Default"
    max_duration: int = 600
    max_output_side: int = 1920
    max_input_side: int = 3840
    max_visuals: int = 200
    max_images: int = 30
    max_videos: int = 15
    max_gifs: int = 10
    max_audios: int = 100
    max_captions: int = 1000
    max_scenes: int = 100
    jobs_per_hour: int = 0
    concurrent_jobs: int = 0
    bulk_items: int = 500
    templates: int = 0
    webhooks: int = 10

    def as_json(self) -> dict[str, Any]:
        return {shown: getattr(self, name) for name, shown in SPELLING.items()}


FREE = PlanLimits(
    plan_name="Free",
    max_duration=300,
    max_input_side=1920,
    max_visuals=50,
    max_images=20,
    max_videos=5,
    max_audios=50,
    max_captions=200,
    max_scenes=25,
    jobs_per_hour=20,
    bulk_items=5,
    templates=5,
    webhooks=1,
)
LIMIT_NAMES = frozenset(each.name for each in fields(PlanLimits)) - {"plan_name"}


def plan_limits(switches: Switches) -> PlanLimits:
    """The plan's figures, with the switches' own numbers laid over them."""
    plan = FREE if switches.plan == "Free" else PlanLimits()
    shown = {spelled: name for name, spelled in SPELLING.items()}
    own: dict[str, Any] = {shown[key]: value for key, value in switches.limit_overrides.items()}
    if switches.hourly_limit is not None:
        own["jobs_per_hour"] = switches.hourly_limit
    if switches.concurrent_limit:
        own["concurrent_jobs"] = switches.concurrent_limit
    return replace(plan, **own)

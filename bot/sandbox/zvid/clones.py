"""Turns a scene that iterates over a list into one scene an item (Zvid docs, dynamic-content).

A transition of the scene leads from clone to clone, and from the last one to where it led before; who named the
scene now means its first clone.
"""

from __future__ import annotations

from collections.abc import Mapping
from itertools import pairwise
from typing import Any

from bot.sandbox.zvid.refusals import Problem

Json = dict[str, Any]
MOST_ITEMS = 50
MOST_SCENES = 100


def items_of(scene: Json, found: Any, place: str) -> tuple[list[Any], list[Problem]]:
    """What a scene iterates over; `found` is what its path leads to."""
    path = scene["iterate"]
    if not isinstance(found, list):
        return [], [Problem(f"{place}.iterate", f'iterate "{path}" must lead to an array')]
    if len(found) > MOST_ITEMS:
        return [], [Problem(f"{place}.iterate", f"Max items of one scene is {MOST_ITEMS}")]
    return found, []


def clone_of(scene: Json, position: int, number: int) -> Json:
    """The scene for one item, under an id of its own; `position` counts scenes from 1."""
    kept = {key: value for key, value in scene.items() if key not in {"iterate", "iterateAs"}}
    return {**kept, "id": f"{original_id(scene, position)}-{number}"}


def seen_by(scene: Json, known: Mapping[str, Any], item: Any, index: int) -> dict[str, Any]:
    """What a clone's placeholders may ask for."""
    return {**known, str(scene.get("iterateAs") or "item"): item, "index": index}


def original_id(scene: Json, position: int) -> str:
    return str(scene.get("id") or f"scene-{position}")


def chained(clones: list[Json]) -> list[Json]:
    """Each clone leads to the next, if the scene had a transition at all."""
    if not clones or not clones[0].get("transition"):
        return clones
    linked = [{**clone, "transitionId": following["id"]} for clone, following in pairwise(clones)]
    return [*linked, clones[-1]]


def redirected(scenes: list[Any], first_clones: Mapping[str, str]) -> list[Any]:
    """References to a scene that was cloned mean its first clone."""
    return [
        {**scene, "transitionId": first_clones[scene["transitionId"]]}
        if isinstance(scene, dict) and scene.get("transitionId") in first_clones
        else scene
        for scene in scenes
    ]

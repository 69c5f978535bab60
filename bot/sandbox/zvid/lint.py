"""Warnings: things that are allowed and probably not meant. They never block (Zvid docs, validate-render-job)."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import combinations
from typing import Any

from bot.sandbox.zvid.placeholders import TEMPLATE_KEYS
from bot.sandbox.zvid.refusals import Problem
from bot.sandbox.zvid.timeline import seconds_of, size_of

Json = dict[str, Any]

FRACTION = {"left": 0.0, "top": 0.0, "center": 0.5, "right": 1.0, "bottom": 1.0}
SLACK = 2.0  # px a box may stick out before it is worth a word
LOWEST_CONTRAST = 3.0


@dataclass(frozen=True, slots=True)
class _Box:
    """Where an element with a known size stands, and when."""

    where: str
    kind: str
    left: float
    top: float
    right: float
    bottom: float
    begin: float
    end: float

    def covers(self, canvas: tuple[int, int]) -> bool:
        return self.left <= 0 and self.top <= 0 and self.right >= canvas[0] and self.bottom >= canvas[1]

    def meets(self, other: _Box) -> bool:
        return (
            self.left < other.right
            and other.left < self.right
            and self.top < other.bottom
            and other.top < self.bottom
            and self.begin < other.end
            and other.begin < self.end
        )


def warnings_for(sent: Json, project: Json) -> list[Problem]:
    """Warnings about a sound project; `sent` is what it was before its placeholders were filled."""
    found = list(_template_keys(sent))
    for part, where, seconds in _parts(project):
        found += _part_warnings(part, where, project, seconds)
    return found


def _parts(project: Json) -> Iterator[tuple[Json, str, float]]:
    total = seconds_of(project)
    yield project, "", total
    for index, scene in enumerate(project.get("scenes", ())):
        yield scene, f"scenes[{index}].", scene.get("duration", total)


def _template_keys(sent: Json) -> Iterator[Problem]:
    for name in sorted(TEMPLATE_KEYS & set(sent) - {"variables"}):
        yield Problem(name, f"{name} only works in scenes and array items and was removed")


def _part_warnings(part: Json, where: str, project: Json, seconds: float) -> Iterator[Problem]:
    background: str = part.get("backgroundColor") or project.get("backgroundColor", "#ffffff")
    boxes = []
    for index, visual in enumerate(part.get("visuals", ())):
        place = f"{where}visuals[{index}]"
        yield from _visual_warnings(visual, place)
        box = _box(visual, place, size_of(project), seconds)
        if box is not None:
            yield from _outside(box, size_of(project))
            boxes.append(box)
        # Only the very first element is sure to stand on nothing but the background.
        if index == 0:
            yield from _contrast_warnings(visual, place, background)
    for index, audio in enumerate(part.get("audios", ())):
        if "src" not in audio:
            yield Problem(f"{where}audios[{index}]", "An audio without src plays nothing")
    # What fills the canvas is a backdrop; everything overlaps it, and is meant to.
    worded = [box for box in boxes if box.kind in {"TEXT", "SVG"} and not box.covers(size_of(project))]
    for one, other in combinations(worded, 2):
        if one.meets(other):
            yield Problem(other.where, f"Overlaps {one.where} at the same time")


def _visual_warnings(visual: Json, place: str) -> Iterator[Problem]:
    preset = visual.get("position", "custom")
    if preset != "custom" and ("x" in visual or "y" in visual):
        yield Problem(place, f'x and y are ignored with position "{preset}"')
    style = visual.get("style", {})
    if visual["type"].upper() == "TEXT" and any(name.lower().startswith("padding") for name in style):
        yield Problem(f"{place}.style", "padding grows the box and is cut off at its edge")


def _box(visual: Json, place: str, canvas: tuple[int, int], seconds: float) -> _Box | None:
    if "width" not in visual or "height" not in visual:
        return None
    width, height = visual["width"], visual["height"]
    preset: str = visual.get("position", "custom")
    x, y = visual.get("x", 0), visual.get("y", 0)
    if preset != "custom":
        across, down = _fractions(preset)
        x, y = across * canvas[0], down * canvas[1]
    anchor: str = visual.get("anchor", preset)
    across, down = _fractions(anchor) if anchor != "custom" else (0.0, 0.0)
    left, top = x - across * width, y - down * height
    return _Box(
        where=place,
        kind=visual["type"].upper(),
        left=left,
        top=top,
        right=left + width,
        bottom=top + height,
        begin=visual.get("enterBegin", 0),
        end=visual.get("exitEnd", seconds),
    )


def _fractions(preset: str) -> tuple[float, float]:
    row, column = preset.split("-")
    return FRACTION[column], FRACTION[row]


def _outside(box: _Box, canvas: tuple[int, int]) -> Iterator[Problem]:
    over = max(-box.left, -box.top, box.right - canvas[0], box.bottom - canvas[1])
    if over > SLACK:
        yield Problem(box.where, f"The box reaches {over:g} px outside the canvas")


def _contrast_warnings(visual: Json, place: str, background: str) -> Iterator[Problem]:
    color = visual.get("style", {}).get("color") if visual["type"].upper() == "TEXT" else None
    if not isinstance(color, str) or not color.startswith("#") or len(color) not in {4, 7}:
        return
    try:
        ratio = _contrast(color, background)
    except ValueError:
        return
    if ratio < LOWEST_CONTRAST and "backgroundColor" not in visual["style"]:
        yield Problem(f"{place}.style.color", f"Contrast to the background is only {ratio:.1f}:1")


def _contrast(one: str, other: str) -> float:
    """The WCAG contrast ratio of two hex colours."""
    light, dark = sorted((_luminance(one), _luminance(other)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


def _luminance(color: str) -> float:
    digits = color[1:] if len(color) == 7 else "".join(digit * 2 for digit in color[1:])
    channels = [int(digits[at : at + 2], 16) / 255 for at in (0, 2, 4)]
    red, green, blue = (
        channel / 12.92 if channel <= 0.03928 else ((channel + 0.055) / 1.055) ** 2.4 for channel in channels
    )
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue

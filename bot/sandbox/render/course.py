"""Cuts a film into legs: a picture that stands, or an even way from the picture before to another one.

Fades are linear in time and mixing is linear in the pictures, also in the encoder's colour planes. So between
two moments at which a fade begins or ends, every frame is a mixture of the first and the last, as long as no two
things fade on one spot. Everything that moves in another way is a leg of one frame each.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

from bot.sandbox.render.film import FADE
from bot.sandbox.render.look import Look, Shown, Stage

_Box = tuple[int, int, int, int]
_Part = Stage | Shown
_Name = tuple[
    int, int | None
]  # a scene, and an element's number in the cast unless the scene itself is meant
Boxes = Callable[[_Part], _Box | None]  # where on the canvas a part lies, None when nowhere

_OVER_ALL = -1
_ROUNDED = 2.5e-4  # strengths are rounded to four places


@dataclass(frozen=True, slots=True)
class Leg:
    """So many frames: all of them this look, or an even way to it from the look before."""

    look: Look
    frames: int
    glides: bool = False


def legs(looks: Sequence[Look], boxes: Boxes) -> Iterator[Leg]:
    at = 0
    while at < len(looks):
        frames = _way(looks, at - 1, boxes) if at else 0
        if frames > 1:
            yield Leg(looks[at + frames - 1], frames, glides=True)
        else:
            frames = _standstill(looks, at)
            yield Leg(looks[at], frames)
        at += frames


def _standstill(looks: Sequence[Look], at: int) -> int:
    end = at + 1
    while end < len(looks) and looks[end] == looks[at]:
        end += 1
    return end - at


def _way(looks: Sequence[Look], begin: int, boxes: Boxes) -> int:
    """How many frames after this one go on evenly from it."""
    first = _step(looks[begin], looks[begin + 1])
    if not first:
        return 0
    parts = _parts(looks[begin]) | _parts(looks[begin + 1])
    if not _lie_apart([parts[name] for name in first], boxes):
        return 0
    end = begin + 1
    while end + 1 < len(looks):
        step = _step(looks[end], looks[end + 1])
        if step is None or any(
            abs(step.get(one, 0) - first.get(one, 0)) > _ROUNDED for one in step.keys() | first
        ):
            break
        end += 1
    return end - begin


def _step(one: Look, two: Look) -> dict[_Name, float] | None:
    """By how much each part is stronger in the second look; None where they differ in more than strength."""
    before, after = _parts(one), _parts(two)
    ground = two.stages[0].number
    if (ground, None) not in before:  # a cut
        return None
    # What the second look covers may be thought to be there as it was, and what comes with a new scene to have
    # been there already.
    order = [stage.number for stage in one.stages]
    unseen = set(order[: order.index(ground)])
    fresh = {stage.number for stage in two.stages}.difference(order)
    step = {}
    for name in before.keys() | after:
        if name[0] in unseen or (name[0] in fresh and name[1] is not None):
            continue
        old, new = before.get(name), after.get(name)
        change = _strength(new) - _strength(old)
        if (old and new and _rest(old) != _rest(new)) or (change and not _fades(old or new)):
            return None
        if change:
            step[name] = change
    return step


def _parts(look: Look) -> dict[_Name, _Part]:
    parts: dict[_Name, _Part] = {(stage.number, None): stage for stage in look.stages}
    parts |= {(stage.number, one.who): one for stage in look.stages for one in stage.shown}
    return parts | {(_OVER_ALL, one.who): one for one in look.overlays}


def _strength(part: _Part | None) -> float:
    if part is None:
        return 0.0
    return part.mix if isinstance(part, Stage) else part.strength


def _rest(part: _Part) -> object:
    return (part.background, part.effect) if isinstance(part, Stage) else (part.passages, part.moment)


def _fades(part: _Part | None) -> bool:
    return not isinstance(part, Stage) or part.effect == FADE


def _lie_apart(parts: Sequence[_Part], boxes: Boxes) -> bool:
    if len(parts) < 2:
        return True
    found = [box for part in parts if (box := boxes(part))]
    return not any(_touch(one, two) for place, one in enumerate(found) for two in found[:place])


def _touch(one: _Box, two: _Box) -> bool:
    return one[0] < two[2] and two[0] < one[2] and one[1] < two[3] and two[1] < one[3]

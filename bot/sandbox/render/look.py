"""What is to be seen in one frame of a film, as a value that can be compared.

Equal looks are equal pictures, so a stretch of equal looks needs painting and encoding only once. Two
looks of one outline show the same things and differ only in how strongly.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import groupby

from bot.sandbox.render.film import FADE, Film, Passage, Scene, Visual

Outline = tuple[tuple[str, tuple[int, ...]], ...]


@dataclass(frozen=True, slots=True)
class Shown:
    """A visual, by its number in the cast, how far it has come in, and the moment its picture shows."""

    who: int
    strength: float
    passages: tuple[Passage, ...] = ()
    moment: float = 0.0


@dataclass(frozen=True, slots=True)
class Stage:
    """A flat ground with visuals on it, taking the place of what came before: so far (`mix`) by this effect."""

    background: str
    shown: tuple[Shown, ...]
    mix: float
    effect: str = FADE


@dataclass(frozen=True, slots=True)
class Look:
    """Stages from back to front, then the visuals over all of them."""

    stages: tuple[Stage, ...]
    overlays: tuple[Shown, ...]

    @property
    def all_shown(self) -> tuple[Shown, ...]:
        return tuple(one for stage in self.stages for one in stage.shown) + self.overlays

    @property
    def outline(self) -> Outline:
        stages = tuple((stage.background, _who(stage.shown)) for stage in self.stages)
        return (*stages, ("", _who(self.overlays)))


@dataclass(frozen=True, slots=True)
class Stretch:
    """Consecutive frames of one outline; `still` when they are all the same picture."""

    looks: tuple[Look, ...]
    still: bool


class Screenplay:
    """Numbers the visuals of a film and tells the look of each frame."""

    def __init__(self, film: Film) -> None:
        self.film = film
        self.cast: list[Visual] = []
        self._scenes = [(scene, self._enlist(scene.visuals)) for scene in film.scenes]
        self._overlays = self._enlist(film.overlays)

    def look(self, frame: int) -> Look:
        at = frame / self.film.rate
        stages = tuple(self._stage(scene, first, at) for scene, first in self._scenes if scene.covers(at))
        if not stages:  # the film is longer than its scenes
            stages = (Stage(self.film.background, (), 1.0),)
        # What lies under a scene that is fully there cannot be seen.
        opaque = max((index for index, stage in enumerate(stages) if stage.mix >= 1.0), default=0)
        return Look(stages[opaque:], self._shown(self.film.overlays, self._overlays, at))

    def stretches(self) -> Iterator[Stretch]:
        """The whole film, in order: standstills as one stretch each, movements by their outline."""
        looks = [self.look(frame) for frame in range(self.film.frames)]
        runs = [tuple(run) for _, run in groupby(looks)]
        for is_still, near in groupby(runs, key=lambda run: len(run) >= _WORTH_HOLDING):
            if is_still:
                yield from (Stretch(run, still=True) for run in near)
                continue
            moving = [look for run in near for look in run]
            for _, same in groupby(moving, key=lambda look: look.outline):
                yield Stretch(tuple(same), still=False)

    def _enlist(self, visuals: tuple[Visual, ...]) -> int:
        first = len(self.cast)
        self.cast.extend(visuals)
        return first

    def _stage(self, scene: Scene, first: int, at: float) -> Stage:
        shown = self._shown(scene.visuals, first, at - scene.start)
        return Stage(scene.background, shown, scene.mix(at), scene.arriving)

    @staticmethod
    def _shown(visuals: tuple[Visual, ...], first: int, at: float) -> tuple[Shown, ...]:
        return tuple(
            Shown(first + index, strength, visual.passages(at), visual.moment(at))
            for index, visual in enumerate(visuals)
            if (strength := visual.strength(at)) is not None
        )


_WORTH_HOLDING = 4  # frames; a shorter standstill is cheaper encoded with its neighbours


def _who(shown: tuple[Shown, ...]) -> tuple[int, ...]:
    return tuple(one.who for one in shown)

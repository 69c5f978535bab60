"""What is to be seen in one frame of a film, as a value that can be compared: equal looks are equal pictures."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from bot.sandbox.render.film import FADE, Film, Passage, Scene, Visual


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

    number: int  # of its scene
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


class Screenplay:
    """Numbers the visuals of a film and tells the look of each frame."""

    def __init__(self, film: Film) -> None:
        self.film = film
        self.cast: list[Visual] = []
        self._scenes = [(scene, self._enlist(scene.visuals)) for scene in film.scenes]
        self._overlays = self._enlist(film.overlays)

    def look(self, frame: int) -> Look:
        at = frame / self.film.rate
        stages = tuple(
            self._stage(number, scene, first, at)
            for number, (scene, first) in enumerate(self._scenes)
            if scene.covers(at) and scene.mix(at)
        )
        if not stages:  # the film is longer than its scenes
            stages = (Stage(len(self._scenes), self.film.background, (), 1.0),)
        # What lies under a scene that is fully there cannot be seen.
        opaque = max((index for index, stage in enumerate(stages) if stage.mix >= 1.0), default=0)
        return Look(stages[opaque:], self._shown(self.film.overlays, self._overlays, at))

    def looks(self) -> Iterator[Look]:
        """The whole film, frame by frame."""
        return map(self.look, range(self.film.frames))

    def _enlist(self, visuals: tuple[Visual, ...]) -> int:
        first = len(self.cast)
        self.cast.extend(visuals)
        return first

    def _stage(self, number: int, scene: Scene, first: int, at: float) -> Stage:
        shown = self._shown(scene.visuals, first, at - scene.start)
        return Stage(number, scene.background, shown, scene.mix(at), scene.arriving)

    @staticmethod
    def _shown(visuals: tuple[Visual, ...], first: int, at: float) -> tuple[Shown, ...]:
        return tuple(
            Shown(first + index, strength, visual.passages(at), visual.moment(at))
            for index, visual in enumerate(visuals)
            if (strength := visual.strength(at))
        )

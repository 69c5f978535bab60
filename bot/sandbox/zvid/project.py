"""A project, its scenes and sounds, and what a request may override (Zvid docs, structure pages).

What stands inside the lists is checked in a later stage; what hangs on the plan, or on two fields at once,
elsewhere.
"""

from __future__ import annotations

from typing import Annotated, Any, Literal

from pydantic import Field

from bot.sandbox.zvid.fields import (
    WHOLE,
    Address,
    Effect,
    Hex,
    Id,
    Name,
    NonNegative,
    Part,
    Positive,
    Resolution,
    optional,
)


class Project(Part):
    """Top level; what stands inside the lists is looked at in a later stage."""

    type: Literal["video", "image"] = optional()
    name: Name = optional()
    resolution: Resolution = optional()
    width: Annotated[int, Field(ge=1), WHOLE] = optional()
    height: Annotated[int, Field(ge=1), WHOLE] = optional()
    duration: Positive = optional()
    frameRate: Annotated[int, Field(ge=1, le=60), WHOLE] = optional()  # noqa: N815, the wire's spelling
    outputFormat: Literal["mp4", "mov", "avi", "webm", "png", "jpg", "jpeg", "webp"] = optional()  # noqa: N815
    backgroundColor: Hex = optional()  # noqa: N815
    visuals: list[dict[str, Any]] = optional()
    audios: list[dict[str, Any]] = optional()
    scenes: list[dict[str, Any]] = optional()
    subtitle: dict[str, Any] | None = None
    thumbnail: Address = optional()
    snapshotTime: Annotated[float, Field(ge=0, le=3600)] = optional()  # noqa: N815
    quality: Annotated[int, Field(ge=1, le=100), WHOLE] = optional()
    transparent: bool = optional()


class Overrides(Part):
    """What a request may change about a project."""

    name: Name = optional()
    resolution: Resolution = optional()
    width: Annotated[int, Field(ge=1), WHOLE] = optional()
    height: Annotated[int, Field(ge=1), WHOLE] = optional()
    outputFormat: str = optional()  # noqa: N815
    frameRate: Annotated[int, Field(ge=1, le=60), WHOLE] = optional()  # noqa: N815
    backgroundColor: Hex = optional()  # noqa: N815
    snapshotTime: Annotated[float, Field(ge=0, le=3600)] = optional()  # noqa: N815
    quality: Annotated[int, Field(ge=1, le=100), WHOLE] = optional()
    transparent: bool = optional()


class Scene(Part):
    id: Id = optional()
    duration: float = optional()
    transition: Effect | None = None
    transitionDuration: Annotated[float, Field(ge=0, le=60)] = optional()  # noqa: N815
    transitionId: str | None = None  # noqa: N815
    backgroundColor: Hex = optional()  # noqa: N815
    visuals: list[dict[str, Any]] = optional()
    audios: list[dict[str, Any]] = optional()


class Audio(Part):
    src: Address = optional()
    enter: NonNegative = optional()
    exit: NonNegative = optional()
    volume: Annotated[float, Field(ge=0, le=1)] = optional()
    speed: Annotated[float, Field(ge=0.1, le=10)] = optional()
    audioBegin: NonNegative = optional()  # noqa: N815
    audioEnd: NonNegative = optional()  # noqa: N815
    audioDuration: NonNegative = optional()  # noqa: N815

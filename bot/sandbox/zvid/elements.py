"""The five kinds of element on the canvas (Zvid docs, structure pages; vendor's schema mirror)."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from pydantic import Field

from bot.sandbox.zvid.fields import (
    WHOLE,
    Address,
    Effect,
    Hex,
    Html,
    Id,
    NonNegative,
    Number,
    Part,
    Percent,
    Place,
    PlainText,
    Positive,
    Side,
    Style,
    SvgSource,
    absent,
    optional,
)


class Visual(Part):
    """What every element on the canvas has."""

    type: str
    x: Number = optional()
    y: Number = optional()
    width: Side = optional()
    height: Side = optional()
    position: Place = optional()
    anchor: Place = optional()
    resize: Literal["contain", "cover"] = optional()
    enterBegin: NonNegative = optional()  # noqa: N815
    enterEnd: NonNegative = optional()  # noqa: N815
    exitBegin: NonNegative = optional()  # noqa: N815
    exitEnd: NonNegative = optional()  # noqa: N815
    opacity: Annotated[float, Field(ge=0, le=1)] = optional()
    angle: Annotated[float, Field(ge=-360, le=360)] = optional()
    flipH: bool = optional()  # noqa: N815
    flipV: bool = optional()  # noqa: N815
    track: Annotated[int, Field(ge=0, le=1_000_000), WHOLE] = optional()
    enterAnimation: Effect | None = None  # noqa: N815
    exitAnimation: Effect | None = None  # noqa: N815


class Crop(Part):
    x: NonNegative
    y: NonNegative
    width: Side
    height: Side


class Radius(Part):
    tl: NonNegative = optional()
    tr: NonNegative = optional()
    bl: NonNegative = optional()
    br: NonNegative = optional()


class Filter(Part):
    brightness: Annotated[float, Field(ge=-100, le=100)] = optional()
    contrast: Annotated[float, Field(ge=-100, le=100)] = optional()
    saturate: Annotated[float, Field(ge=-100, le=100)] = optional()
    hue_rotate: str = Field(default_factory=absent, alias="hue-rotate")
    blur: str = optional()
    invert: bool = optional()
    colorTint: Hex = optional()  # noqa: N815


class ChromaKey(Part):
    color: Hex
    similarity: Percent = optional()
    blend: Percent = optional()


class Zoom(Part):
    depth: Annotated[float, Field(ge=1, le=10)] = optional()


class CustomCode(Part):
    css: Annotated[str, Field(max_length=200_000)] = optional()
    js: Annotated[str, Field(max_length=200_000)] = optional()
    animationDuration: Annotated[float, Field(gt=0, le=15)] = optional()  # noqa: N815


class Media(Visual):
    src: Address
    cropParams: Crop = optional()  # noqa: N815
    radius: Radius = optional()
    filter: Filter = optional()
    chromaKey: ChromaKey = optional()  # noqa: N815
    zoom: bool | Zoom = optional()


class Image(Media):
    pass


class Gif(Media):
    pass


class Video(Media):
    id: Id = optional()
    videoBegin: NonNegative = optional()  # noqa: N815
    videoEnd: NonNegative = optional()  # noqa: N815
    videoDuration: Positive = optional()  # noqa: N815
    volume: Annotated[float, Field(ge=0, le=1)] = optional()
    speed: Annotated[float, Field(ge=0.1, le=10)] = optional()
    frameRate: Annotated[int, Field(ge=1, le=60), WHOLE] = optional()  # noqa: N815
    hasAudio: bool = optional()  # noqa: N815
    transition: Effect | None = None
    transitionId: str | None = None  # noqa: N815
    transitionDuration: Annotated[float, Field(ge=0, le=60)] = optional()  # noqa: N815


class Svg(Visual):
    svg: SvgSource
    filter: Filter = optional()
    chromaKey: ChromaKey = optional()  # noqa: N815
    customCode: CustomCode = optional()  # noqa: N815
    designer: Any = optional()


class Text(Visual):
    text: PlainText = optional()
    html: Html = optional()
    style: Style = optional()
    customCode: CustomCode = optional()  # noqa: N815
    designer: Any = optional()


VISUALS: dict[str, type[Visual]] = {"IMAGE": Image, "VIDEO": Video, "GIF": Gif, "SVG": Svg, "TEXT": Text}

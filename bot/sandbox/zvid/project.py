"""The fields of a project, their types and ranges (Zvid docs, structure pages; vendor's schema mirror).

pydantic carries the ranges: each rule is one line here, its errors name the exact place, and the same
classes print the JSON schema. What hangs on the plan, or on two fields at once, is checked elsewhere.
"""

from __future__ import annotations

from typing import Annotated, Any, Literal

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field, ValidationInfo

from bot.sandbox.zvid.addresses import address_problem
from bot.sandbox.zvid.markup import html_problem, style_problem, svg_problem, text_problem
from bot.sandbox.zvid.timeline import PRESETS

ALLOW_LOOPBACK = "allow_loopback"  # key of the validation context

EFFECTS = [
    "fade",
    "fadeblack",
    "fadewhite",
    "fadegrays",
    "fadefast",
    "fadeslow",
    "distance",
    "dissolve",
    "pixelize",
    "radial",
    "hblur",
    "zoomin",
    "wipeleft",
    "wiperight",
    "wipeup",
    "wipedown",
    "wipetl",
    "wipetr",
    "wipebl",
    "wipebr",
    "slideleft",
    "slideright",
    "slideup",
    "slidedown",
    "smoothleft",
    "smoothright",
    "smoothup",
    "smoothdown",
    "circlecrop",
    "rectcrop",
    "circleclose",
    "circleopen",
    "horzclose",
    "horzopen",
    "vertclose",
    "vertopen",
    "diagbl",
    "diagbr",
    "diagtl",
    "diagtr",
    "hlslice",
    "hrslice",
    "vuslice",
    "vdslice",
    "squeezeh",
    "squeezev",
    "hlwind",
    "hrwind",
    "vuwind",
    "vdwind",
    "coverleft",
    "coverright",
    "coverup",
    "coverdown",
    "revealleft",
    "revealright",
    "revealup",
    "revealdown",
]
PLACES = tuple(
    f"{row}-{column}" for row in ("top", "center", "bottom") for column in ("left", "center", "right")
)


def _absent() -> Any:
    return None


def optional() -> Any:
    """A field that may be left out but, unlike one typed `| None`, may not be null."""
    return Field(default_factory=_absent)


def _one_of(*words: str) -> Any:
    def check(value: str) -> str:
        if value not in words:
            raise ValueError(f"must be one of: {', '.join(words)}")
        return value

    return AfterValidator(check)


def _whole(value: object) -> object:
    """JSON knows no integers: 30.0 is as good as 30."""
    return int(value) if isinstance(value, float) and value.is_integer() else value


def _raise(problem: str | None) -> None:
    if problem:
        raise ValueError(problem)


def _address(value: str, info: ValidationInfo) -> str:
    _raise(address_problem(value.strip(), allow_loopback=(info.context or {}).get(ALLOW_LOOPBACK, False)))
    return value


def _svg(value: str) -> str:
    _raise(svg_problem(value))
    return value


def _text(value: str) -> str:
    _raise(text_problem(value))
    return value


def _html(value: str, info: ValidationInfo) -> str:
    loopback = (info.context or {}).get(ALLOW_LOOPBACK, False)
    _raise(html_problem(value, lambda address: address_problem(address, allow_loopback=loopback)))
    return value


def _style(value: dict[str, Any]) -> dict[str, Any]:
    _raise(style_problem(value))
    return value


Number = float
NonNegative = Annotated[float, Field(ge=0)]
Positive = Annotated[float, Field(ge=0.1)]
Side = Annotated[float, Field(ge=1)]
Percent = Annotated[float, Field(ge=0, le=100)]
Whole = Annotated[int, BeforeValidator(_whole)]
Hex = Annotated[str, Field(pattern=r"^#(?:[A-Fa-f0-9]{3}|[A-Fa-f0-9]{6})$")]
HexAlpha = Annotated[str, Field(pattern=r"^#(?:[A-Fa-f0-9]{6}|[A-Fa-f0-9]{8})$")]
Name = Annotated[str, Field(pattern=r"^[a-zA-Z0-9_\- ]+$", min_length=1, max_length=1000)]
Id = Annotated[str, Field(pattern=r"^[a-zA-Z0-9_\-]+$", min_length=1, max_length=100)]
Effect = Annotated[str, _one_of(*EFFECTS)]
Place = Annotated[str, _one_of(*PLACES, "custom")]
Address = Annotated[str, AfterValidator(_address)]
Resolution = Annotated[str, _one_of(*PRESETS, "custom")]


class Part(BaseModel):
    """Nothing is converted and nothing unknown is let through."""

    model_config = ConfigDict(extra="forbid", strict=True)


class Project(Part):
    """Top level; what stands inside the lists is looked at in a later stage."""

    type: Literal["video", "image"] = optional()
    name: Name = optional()
    resolution: Resolution = optional()
    width: Annotated[Whole, Field(ge=1)] = optional()
    height: Annotated[Whole, Field(ge=1)] = optional()
    duration: Positive = optional()
    frameRate: Annotated[Whole, Field(ge=1, le=60)] = optional()  # noqa: N815, the wire's spelling
    outputFormat: Literal["mp4", "mov", "avi", "webm", "png", "jpg", "jpeg", "webp"] = optional()  # noqa: N815
    backgroundColor: Hex = optional()  # noqa: N815
    visuals: list[dict[str, Any]] = optional()
    audios: list[dict[str, Any]] = optional()
    scenes: list[dict[str, Any]] = optional()
    subtitle: dict[str, Any] | None = None
    thumbnail: Address = optional()
    snapshotTime: Annotated[float, Field(ge=0, le=3600)] = optional()  # noqa: N815
    quality: Annotated[Whole, Field(ge=1, le=100)] = optional()
    transparent: bool = optional()


class Overrides(Part):
    """What a request may change about a project."""

    name: Name = optional()
    resolution: Resolution = optional()
    width: Annotated[Whole, Field(ge=1)] = optional()
    height: Annotated[Whole, Field(ge=1)] = optional()
    outputFormat: str = optional()  # noqa: N815
    frameRate: Annotated[Whole, Field(ge=1, le=60)] = optional()  # noqa: N815
    backgroundColor: Hex = optional()  # noqa: N815
    snapshotTime: Annotated[float, Field(ge=0, le=3600)] = optional()  # noqa: N815
    quality: Annotated[Whole, Field(ge=1, le=100)] = optional()
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
    track: Annotated[Whole, Field(ge=0, le=1_000_000)] = optional()
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
    hue_rotate: str = Field(default_factory=_absent, alias="hue-rotate")
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
    frameRate: Annotated[Whole, Field(ge=1, le=60)] = optional()  # noqa: N815
    hasAudio: bool = optional()  # noqa: N815
    transition: Effect | None = None
    transitionId: str | None = None  # noqa: N815
    transitionDuration: Annotated[float, Field(ge=0, le=60)] = optional()  # noqa: N815


class Svg(Visual):
    svg: Annotated[str, Field(min_length=1, max_length=200_000), AfterValidator(_svg)]
    filter: Filter = optional()
    chromaKey: ChromaKey = optional()  # noqa: N815
    customCode: CustomCode = optional()  # noqa: N815
    designer: Any = optional()


class Text(Visual):
    text: Annotated[str, Field(max_length=20_000), AfterValidator(_text)] = optional()
    html: Annotated[str, Field(max_length=200_000), AfterValidator(_html)] = optional()
    style: Annotated[dict[str, Any], AfterValidator(_style)] = optional()
    customCode: CustomCode = optional()  # noqa: N815
    designer: Any = optional()


VISUALS: dict[str, type[Visual]] = {"IMAGE": Image, "VIDEO": Video, "GIF": Gif, "SVG": Svg, "TEXT": Text}


class Audio(Part):
    src: Address = optional()
    enter: NonNegative = optional()
    exit: NonNegative = optional()
    volume: Annotated[float, Field(ge=0, le=1)] = optional()
    speed: Annotated[float, Field(ge=0.1, le=10)] = optional()
    audioBegin: NonNegative = optional()  # noqa: N815
    audioEnd: NonNegative = optional()  # noqa: N815
    audioDuration: NonNegative = optional()  # noqa: N815


class Word(Part):
    start: NonNegative
    end: NonNegative
    text: Annotated[str, Field(max_length=100)]


class Caption(Part):
    start: NonNegative
    end: NonNegative
    text: Annotated[str, Field(max_length=1000)] = optional()
    words: list[Word] = optional()


class SubtitleFont(Part):
    family: str = optional()
    size: Annotated[float, Field(ge=1, le=1000)] = optional()
    color: HexAlpha = optional()
    bold: bool = optional()
    italic: bool = optional()
    transform: Literal["uppercase", "lowercase", "capitalize"] = optional()


class SubtitleStroke(Part):
    color: HexAlpha = optional()
    width: Percent = optional()


class SubtitleBackground(Part):
    color: HexAlpha = optional()
    opacity: Annotated[float, Field(ge=0, le=1)] = optional()
    padding: Annotated[float, Field(ge=0, le=200)] = optional()
    radius: Annotated[float, Field(ge=0, le=200)] = optional()


class ActiveWord(Part):
    color: HexAlpha = optional()
    background: HexAlpha = optional()
    radius: Annotated[float, Field(ge=0, le=200)] = optional()


class SubtitleMargin(Part):
    x: Number = optional()
    y: Number = optional()


class Subtitle(Part):
    src: Address = optional()
    captions: list[Caption] = optional()
    animation: Literal[
        "normal",
        "none",
        "one-word",
        "karaoke",
        "progressive",
        "highlight",
        "fill",
        "pop",
        "bounce",
        "fade",
        "slide",
        "typewriter",
    ] = optional()
    direction: Literal["up", "down", "left", "right"] = optional()
    font: SubtitleFont = optional()
    stroke: SubtitleStroke = optional()
    background: SubtitleBackground = optional()
    activeWord: ActiveWord = optional()  # noqa: N815
    position: Annotated[str, _one_of(*PLACES, "top", "center", "bottom")] = optional()
    margin: SubtitleMargin = optional()
    maxWordsPerLine: Annotated[Whole, Field(ge=1, le=20)] = optional()  # noqa: N815
    styles: dict[str, Any] = optional()

"""What the fields of a project are made of: number ranges, colours, names, addresses, markup.

pydantic carries them: each rule is one line, its errors name the exact place, and the same classes print
the JSON schema (rules: Zvid docs, structure pages; vendor's schema mirror).
"""

from __future__ import annotations

from typing import Annotated, Any

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field, ValidationInfo

from bot.sandbox.render.film import PRESETS
from bot.sandbox.zvid.addresses import address_problem
from bot.sandbox.zvid.markup import html_problem, style_problem, svg_problem, text_problem

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


def absent() -> Any:
    return None


def optional() -> Any:
    """A field that may be left out but, unlike one typed `| None`, may not be null."""
    return Field(default_factory=absent)


def one_of(*words: str) -> Any:
    """One of these words, and a message that lists them."""

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
WHOLE = BeforeValidator(_whole)
Hex = Annotated[str, Field(pattern=r"^#(?:[A-Fa-f0-9]{3}|[A-Fa-f0-9]{6})$")]
HexAlpha = Annotated[str, Field(pattern=r"^#(?:[A-Fa-f0-9]{6}|[A-Fa-f0-9]{8})$")]
Name = Annotated[str, Field(pattern=r"^[a-zA-Z0-9_\- ]+$", min_length=1, max_length=1000)]
Id = Annotated[str, Field(pattern=r"^[a-zA-Z0-9_\-]+$", min_length=1, max_length=100)]
Effect = Annotated[str, one_of(*EFFECTS)]
Place = Annotated[str, one_of(*PLACES, "custom")]
Address = Annotated[str, AfterValidator(_address)]
Resolution = Annotated[str, one_of(*PRESETS, "custom")]
SvgSource = Annotated[str, Field(min_length=1, max_length=200_000), AfterValidator(_svg)]
PlainText = Annotated[str, Field(max_length=20_000), AfterValidator(_text)]
Html = Annotated[str, Field(max_length=200_000), AfterValidator(_html)]
Style = Annotated[dict[str, Any], AfterValidator(_style)]


class Part(BaseModel):
    """Nothing is converted and nothing unknown is let through."""

    model_config = ConfigDict(extra="forbid", strict=True)

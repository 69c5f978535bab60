"""Captions and how they look (Zvid docs, structure pages; vendor's schema mirror)."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from pydantic import Field

from bot.sandbox.zvid.fields import (
    PLACES,
    WHOLE,
    Address,
    HexAlpha,
    NonNegative,
    Number,
    Part,
    Percent,
    one_of,
    optional,
)


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
    position: Annotated[str, one_of(*PLACES, "top", "center", "bottom")] = optional()
    margin: SubtitleMargin = optional()
    maxWordsPerLine: Annotated[int, Field(ge=1, le=20), WHOLE] = optional()  # noqa: N815
    styles: dict[str, Any] = optional()

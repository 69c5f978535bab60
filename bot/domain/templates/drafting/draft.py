"""The draft as a whole: every placeholder's column, the format, and what a person should look at."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from bot.domain.cells import fold
from bot.domain.contract import PeopleColumn, RobotColumn
from bot.domain.prices import PRESETS, pixels
from bot.domain.templates.drafting.columns import Drafted, column
from bot.domain.templates.drafting.spots import Spot, spots

_ANY_PLACEHOLDER = re.compile(r"\{\{\s*([^{}]*?)\s*\}\}")
_NAME = re.compile(r"[a-zA-Z][a-zA-Z0-9_]*")
_ROBOTS = frozenset({"row_id", "format"})
_TAG = re.compile(r"<[^>]*>")


@dataclass(frozen=True, slots=True)
class Candidate:
    """A text of the project that could become a placeholder."""

    path: str
    text: str
    name: str
    """How the placeholder might be called."""


@dataclass(frozen=True, slots=True)
class Draft:
    """What a contract for the project would have to say."""

    title: str
    format: str
    resolution: str
    columns: tuple[Drafted, ...]
    remarks: tuple[str, ...]
    candidates: tuple[Candidate, ...] = ()
    """Where there is no placeholder at all: what could be one."""


def draft(project: Mapping[str, Any], title: str) -> Draft:
    """Looks the project over."""
    found: dict[str, list[Spot]] = {}
    remarks: list[str] = []
    every = list(spots(project))
    for spot in every:
        for inner in _ANY_PLACEHOLDER.finditer(spot.text):
            name = inner[1]
            if not _NAME.fullmatch(name):
                remarks.append(
                    f"{spot.path}: {{{{{name}}}}} cannot be filled by a column; a plain name could."
                )
            elif name in spot.own:
                remarks.append(
                    f"{spot.path}: {{{{{name}}}}} is its scene's own variable, alike in every video."
                )
            elif name not in _ROBOTS:
                found.setdefault(name, []).append(spot.around(inner.start(), inner.end()))
    variables = project.get("variables")
    defaults = variables if isinstance(variables, Mapping) else {}
    taken = {fold(one) for one in (*PeopleColumn, *RobotColumn)}
    columns = tuple(column(name, where, defaults.get(name), taken) for name, where in found.items())
    if unused := sorted(set(defaults) - set(found)):
        remarks.append(f"Nothing in the project uses {', '.join(unused)}.")
    resolution = _resolution(project)
    if resolution is None:
        remarks.append("The project names no size; it is drafted as 1280x720 (hd).")
    return Draft(
        title,
        _shape(project, resolution or "hd"),
        resolution or "hd",
        columns,
        tuple(dict.fromkeys(remarks)),
        () if columns else tuple(_candidates(every)),
    )


def _resolution(project: Mapping[str, Any]) -> str | None:
    said = project.get("resolution")
    if isinstance(said, str) and said in PRESETS:
        return said
    has_size = all(isinstance(project.get(side), int) for side in ("width", "height"))
    return "custom" if has_size else None


def _shape(project: Mapping[str, Any], resolution: str) -> str:
    """What people would call such a format."""
    width, height = pixels({**project, "resolution": resolution})
    if width == height:
        return "square"
    return "vertical" if width < height else "wide"


def _candidates(every: Sequence[Spot]) -> Iterator[Candidate]:
    """Words people read, and links to media: what is most often wanted in a column."""
    taken: set[str] = set()
    for spot in every:
        for text in _readable(spot):
            base = (
                spot.media.value if spot.key == "src" else "_".join(re.findall(r"[a-z]+", text.lower())[:2])
            )
            names = (f"{base or 'text'}{number or ''}" for number in (0, *range(2, 10_000)))
            name = next(one for one in names if one not in taken)
            taken.add(name)
            yield Candidate(spot.path, text, name)


def _readable(spot: Spot) -> list[str]:
    if spot.key in {"svg", "html"}:
        return [words for piece in _TAG.split(spot.text) if (words := " ".join(piece.split()))]
    is_read = spot.key in {"src", "text"} and not spot.is_style
    return [spot.text.strip()] if is_read and spot.text.strip() else []

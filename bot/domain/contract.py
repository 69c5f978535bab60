"""The contract: which columns a sheet must have, who owns each, and what a data column may hold."""

from __future__ import annotations

import difflib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum

from bot.domain.cells import Cell, cell_text, fold
from bot.domain.templates.fits import Fit


class PeopleColumn(StrEnum):
    """Columns people own besides their data; the robot may only clear a tick in the first two."""

    APPROVE = "Approve"
    RETRY = "Retry"
    FORMAT = "Format"
    RENDER_AT = "Render at"
    PRIORITY = "Priority"
    MAX_CREDITS = "Max credits"


OPTIONAL_COLUMNS = frozenset(set(PeopleColumn) - {PeopleColumn.APPROVE})
"""Columns a sheet may do without."""


class RobotColumn(StrEnum):
    """Columns the robot owns: a projection of the journal, repaired on every tick."""

    STATUS = "Status"
    WHAT_TO_DO = "What to do"
    VIDEO = "Video"
    PREVIEW = "Preview"
    CREDITS = "Credits"
    ROW_ID = "Row ID"
    JOB_ID = "Job ID"
    TEMPLATE_VERSION = "Template version"
    ATTEMPT = "Attempt"
    UPDATED = "Updated"
    SUBMITTED = "Submitted"
    FINISHED = "Finished"
    THUMBNAIL_URL = "Thumbnail URL"
    APPROVED_AS = "Approved as"
    PROBLEM_CODE = "Problem code"


VISIBLE_ROBOT_COLUMNS = (
    RobotColumn.STATUS,
    RobotColumn.WHAT_TO_DO,
    RobotColumn.VIDEO,
    RobotColumn.PREVIEW,
    RobotColumn.CREDITS,
)
"""What people look at; the other robot columns are grouped and collapsed."""


class FieldType(StrEnum):
    """What a data column holds."""

    TEXT = "text"
    COLOR = "color"
    NUMBER = "number"
    MONEY = "money"
    DATE = "date"
    BOOL = "bool"
    CHOICE = "choice"
    URL = "url"
    IMAGE = "image"
    VIDEO = "video"
    GIF = "gif"
    AUDIO = "audio"

    @property
    def is_media(self) -> bool:
        """Whether a cell links to a file the service fetches."""
        return self in {FieldType.IMAGE, FieldType.VIDEO, FieldType.GIF, FieldType.AUDIO}

    @property
    def is_link(self) -> bool:
        """Whether a cell holds an address."""
        return self is FieldType.URL or self.is_media


@dataclass(frozen=True, slots=True)
class Field:
    """One data column of the contract."""

    key: str
    column: str
    type: FieldType = FieldType.TEXT
    required: bool = False
    max_chars: int | None = None
    """Longest text in graphemes."""

    per_format: Mapping[str, int] = field(default_factory=dict)
    """Tighter limits where a layout is narrower."""

    fallback: str = ""
    choices: tuple[str, ...] = ()
    note: str = ""
    fits: Mapping[str, Fit] = field(default_factory=dict)
    """The box the text must fit into, in the formats where it is measured."""

    @property
    def rules(self) -> list[object]:
        """What a cell must hold and what becomes of it, for the template's hash."""
        counted = [self.max_chars, dict(self.per_format), self.fallback, list(self.choices)]
        boxes = {name: box.rules for name, box in self.fits.items()}
        return [self.key, self.column, self.type, self.required, *counted, *([boxes] if boxes else [])]

    def limit(self, format_name: str) -> int | None:
        """The length limit in this format."""
        return self.per_format.get(format_name, self.max_chars)


@dataclass(frozen=True, slots=True)
class Contract:
    """The agreed columns and formats of one template; the first format is the default."""

    fields: tuple[Field, ...]
    formats: tuple[str, ...]

    def format_named(self, cell: Cell) -> str | None:
        """The format a `Format` cell names; blank means the default, None an unknown name."""
        if not cell_text(cell):
            return self.formats[0]
        wanted = fold(cell_text(cell))
        return next((name for name in self.formats if fold(name) == wanted), None)


@dataclass(frozen=True, slots=True)
class Columns:
    """Where each column stands on this read; positions are zero-based and never remembered."""

    people: Mapping[PeopleColumn, int]
    robot: Mapping[RobotColumn, int]
    data: Mapping[str, int]

    @property
    def row_id(self) -> int:
        """The identity column; every usable header has it."""
        return self.robot[RobotColumn.ROW_ID]


@dataclass(frozen=True, slots=True)
class HeaderProblem:
    """Why a header cannot be worked with."""

    column: str
    kind: str
    """`missing` or `twice`."""

    near: str | None = None
    """A header that may have been meant."""


def locate(header: Sequence[Cell], contract: Contract) -> Columns | tuple[HeaderProblem, ...]:
    """Finds every column by its header text; capitals, blanks and punctuation do not matter.

    Data columns, `Approve` and every robot column must be there once; the rest of people's may be absent.
    """
    places: dict[str, list[int]] = {}
    for position, cell in enumerate(header):
        if folded := fold(cell_text(cell)):
            places.setdefault(folded, []).append(position)
    wanted = [*PeopleColumn, *(one.column for one in contract.fields), *RobotColumn]
    known = {fold(name) for name in wanted}
    strangers = [cell_text(cell) for cell in header if fold(cell_text(cell)) not in known]
    problems = []
    for name in wanted:
        found = places.get(fold(name), [])
        if len(found) > 1:
            problems.append(HeaderProblem(name, "twice"))
        elif not found and name not in OPTIONAL_COLUMNS:
            near = difflib.get_close_matches(name, [word for word in strangers if word], 1, 0.7)
            problems.append(HeaderProblem(name, "missing", near[0] if near else None))
    if problems:
        return tuple(problems)
    return Columns(
        people={name: places[fold(name)][0] for name in PeopleColumn if fold(name) in places},
        robot={name: places[fold(name)][0] for name in RobotColumn},
        data={one.key: places[fold(one.column)][0] for one in contract.fields},
    )

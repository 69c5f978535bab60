"""The Control tab: the few switches people set for the whole robot, and where each of its cells stands.

Cells are found by their labels on every read. Settings are ceilings: Control can only lower them.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum

from bot.domain import wording
from bot.domain.cells import Cell, cell_text, fold, is_ticked

TABLE_HEAD = "Tab"
"""The first header of the table with one line per tab."""


class Label(StrEnum):
    """What stands in column A; the value is beside it in column B."""

    RUN = "Run"
    CHECK_ONLY = "Check only"
    WINDOW = "Videos at the same time"
    DAY_CAP = "Credits per day"
    SAYS = "Robot"
    LOOKED_AT = "Last looked"
    WORKER = "Working here"
    INSTALLATION = "Installation"


class BoardColumn(StrEnum):
    """The table's columns: one line per tab, all the robot's but the box."""

    TAB = TABLE_HEAD
    GO_AHEAD = "Go ahead"
    GOING_ON = "What is going on"
    PROGRESS = "Progress"
    WAITING = "Waiting"
    RENDERING = "Rendering"
    DONE = "Done"
    TO_FIX = "To fix"
    FAILED = "Failed"
    CREDITS = "Credits"
    MADE_WITH = "Made with"
    TAB_ID = "Tab ID"


@dataclass(frozen=True, slots=True)
class Switches:
    """What people said; the defaults hold where there is no Control tab."""

    run: bool = True
    check_only: bool = False
    window: int | None = None
    day_cap: int | None = None
    go_ahead: bool = False
    """The box on this tab's own line."""

    has_go_ahead: bool = False
    """Whether there is such a box."""


@dataclass(frozen=True, slots=True)
class Place:
    """One cell of the Control tab; rows count from 1, columns from 0."""

    row: int
    column: int


@dataclass(frozen=True, slots=True)
class Control:
    """The Control tab as one tab's robot sees it."""

    switches: Switches = field(default_factory=Switches)
    values: Sequence[Sequence[Cell]] = ()
    labels: Mapping[Label, Place] = field(default_factory=dict)
    board: Mapping[BoardColumn, Place] = field(default_factory=dict)
    """The cells of this tab's line."""

    def said(self, place: Place | None) -> Cell:
        """What a cell holds; None also for one that is not there."""
        if place is None or place.row > len(self.values):
            return None
        line = self.values[place.row - 1]
        cell = line[place.column] if place.column < len(line) else None
        return None if cell == "" else cell

    @property
    def worker(self) -> str:
        """Which robot signed last."""
        return cell_text(self.said(self.labels.get(Label.WORKER)))

    @property
    def looked_at(self) -> Cell:
        """When it did, as a spreadsheet counts time."""
        return self.said(self.labels.get(Label.LOOKED_AT))

    @property
    def installation(self) -> str:
        """Whose job ids this spreadsheet's videos have."""
        return cell_text(self.said(self.labels.get(Label.INSTALLATION)))


_SWITCHES: tuple[tuple[Label, Cell, str], ...] = (
    (Label.RUN, True, wording.RUN_NOTE),
    (Label.CHECK_ONLY, False, wording.CHECK_ONLY_NOTE),
    (Label.WINDOW, None, wording.WINDOW_NOTE),
    (Label.DAY_CAP, None, wording.DAY_CAP_NOTE),
)
_SIGNATURE: tuple[tuple[Label, str], ...] = (
    (Label.SAYS, wording.SIGNATURE_NOTE),
    (Label.LOOKED_AT, ""),
    (Label.WORKER, wording.WORKER_NOTE),
    (Label.INSTALLATION, wording.INSTALLATION_NOTE),
)
_SIGNATURE_BEGINS = 40
"""Row number of what only an admin looks at: far below the table, which may grow."""


def blank_control(tabs: Sequence[tuple[str, int]]) -> list[list[Cell]]:
    """A fresh Control tab for these tabs, without its first line, which says how the robot is."""
    lines: list[list[Cell]] = [[], []]
    lines += [[label, value, note] for label, value, note in _SWITCHES]
    lines += [[], list(BoardColumn), *(board_line(title, tab) for title, tab in tabs)]
    lines += [[] for _ in range(_SIGNATURE_BEGINS - 1 - len(lines))]
    return lines + [[label, None, note or None] for label, note in _SIGNATURE]


def board_line(title: str, tab: int) -> list[Cell]:
    """A tab's fresh line."""
    given: dict[BoardColumn, Cell] = {
        BoardColumn.TAB: title,
        BoardColumn.GO_AHEAD: False,
        BoardColumn.TAB_ID: tab,
    }
    return [given.get(column) for column in BoardColumn]


def read_control(values: Sequence[Sequence[Cell]], tab: int) -> Control:
    """Finds the labels, and the line of the tab with this numeric id."""
    labels = _labels(values)
    board = _line(values, tab)
    bare = Control(values=values, labels=labels, board=board)
    box = board.get(BoardColumn.GO_AHEAD)
    run = labels.get(Label.RUN)
    switches = Switches(
        # An emptied stop button is a pressed one.
        run=is_ticked(bare.said(run)) if run else True,
        check_only=is_ticked(bare.said(labels.get(Label.CHECK_ONLY))),
        window=_whole(bare.said(labels.get(Label.WINDOW))),
        day_cap=_whole(bare.said(labels.get(Label.DAY_CAP))),
        go_ahead=is_ticked(bare.said(box)),
        has_go_ahead=box is not None,
    )
    return Control(switches, values, labels, board)


def _labels(values: Sequence[Sequence[Cell]]) -> dict[Label, Place]:
    wanted = {fold(label): label for label in Label}
    found: dict[Label, Place] = {}
    for number, line in enumerate(values, start=1):
        label = wanted.get(fold(cell_text(line[0]))) if line else None
        if label is not None:
            found.setdefault(label, Place(number, 1))
    return found


def head_of_board(values: Sequence[Sequence[Cell]]) -> tuple[int, Mapping[BoardColumn, int]] | None:
    """The row number of the table's header and where its columns stand; None without a table."""
    wanted = {fold(column): column for column in BoardColumn}
    for number, line in enumerate(values, start=1):
        places = {
            wanted[word]: column
            for column, cell in enumerate(line)
            if (word := fold(cell_text(cell))) in wanted
        }
        if {BoardColumn.TAB, BoardColumn.GO_AHEAD, BoardColumn.TAB_ID} <= set(places):
            return number, places
    return None


def _line(values: Sequence[Sequence[Cell]], tab: int) -> dict[BoardColumn, Place]:
    head = head_of_board(values)
    if head is None:
        return {}
    top, places = head
    column = places[BoardColumn.TAB_ID]
    for number, line in enumerate(values[top:], start=top + 1):
        if column < len(line) and cell_text(line[column]) == str(tab):
            return {name: Place(number, at) for name, at in places.items()}
    return {}


def _whole(cell: Cell) -> int | None:
    """A count people typed; anything else is no limit."""
    text = cell_text(cell)
    return int(text) if text.isascii() and text.isdecimal() and len(text) < 10 else None

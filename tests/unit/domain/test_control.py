"""The Control tab as values: labels found wherever they stand, and what is typed badly."""

from __future__ import annotations

import pytest
from builders import NOW

from bot.domain.cells import as_serial
from bot.domain.control import (
    BoardColumn,
    Control,
    Label,
    Place,
    Switches,
    blank_control,
    head_of_board,
    read_control,
)


def blank(**said):
    """A fresh Control tab with these cells beside their labels."""
    lines = blank_control([("Videos", 7), ("Shorts", 9)])
    for name, value in said.items():
        place = read_control(lines, 7).labels[Label[name]]
        lines[place.row - 1][place.column] = value
    return lines


def test_fresh_one_stops_nothing():
    """A new Control lets everything pass."""
    assert read_control(blank(), 7).switches == Switches(has_go_ahead=True)


def test_no_control_at_all():
    """Without the tab the defaults hold, and nobody can say Go ahead."""
    assert read_control((), 7) == Control()


@pytest.mark.parametrize(
    ("cell", "run"), [(True, True), ("true", True), (False, False), (None, False), ("", False), ("on", False)]
)
def test_run(cell, run):
    """Only a ticked box runs; an emptied one stops."""
    assert read_control(blank(RUN=cell), 7).switches.run is run


@pytest.mark.parametrize(
    ("cell", "window"),
    [
        (2, 2),
        (2.0, 2),
        ("4", 4),
        (0, 0),
        (None, None),
        ("many", None),
        (-1, None),
        (2.5, None),
        (10**12, None),
    ],
)
def test_counts(cell, window):
    """A whole number is a ceiling; anything else is none."""
    assert read_control(blank(WINDOW=cell), 7).switches.window == window


def test_each_tab_has_its_own_box():
    """A tick on another tab's line says nothing here."""
    lines = blank()
    box = read_control(lines, 9).board[BoardColumn.GO_AHEAD]
    lines[box.row - 1][box.column] = True

    assert read_control(lines, 9).switches.go_ahead
    assert not read_control(lines, 7).switches.go_ahead
    assert not read_control(lines, 8).board


def test_people_move_things():
    """Rows above, other capitals, another order: labels and columns are found again."""
    lines = [
        ["Hello"],
        [],
        *(
            [str(cell).upper() if isinstance(cell, str) else cell for cell in line]
            for line in blank(SAYS="working")
        ),
    ]
    control = read_control(lines, 7)

    assert control.said(control.labels[Label.SAYS]) == "WORKING"
    assert control.said(control.board[BoardColumn.TAB]) == "VIDEOS"


def test_second_label_is_not_asked():
    """Of two equal labels the upper one counts."""
    lines = [["Run", False], ["Run", True]]

    assert not read_control(lines, 7).switches.run


def test_no_table():
    """A table whose header is spoiled is none."""
    lines = blank()
    head = head_of_board(lines)
    assert head is not None
    lines[head[0] - 1][0] = "Sheet"

    assert head_of_board(lines) is None
    assert not read_control(lines, 7).switches.has_go_ahead


def test_cells_beyond_what_was_read():
    """Blank ends are left out of a read: such a cell holds nothing."""
    control = Control(values=[["Run"]])

    assert control.said(None) is None
    assert control.said(Place(1, 4)) is None
    assert control.said(Place(9, 0)) is None


def test_signature():
    """Who signed, when, and whose job names."""
    control = read_control(blank(WORKER="host 1a2b3c", LOOKED_AT=46000.5, INSTALLATION="x y"), 7)

    assert (control.worker, control.looked_at, control.installation) == ("host 1a2b3c", 46000.5, "x y")


def test_time_as_a_sheet_counts_it():
    """Noon of a day in August 2026."""
    assert as_serial(NOW) == 46237.5

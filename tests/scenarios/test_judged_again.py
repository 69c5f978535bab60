"""Rows are judged again only when their cells changed, and always when they did."""

from __future__ import annotations

from builders import HEADER, row, template

from bot.domain.cells import Cell
from bot.domain.rows import Row
from bot.planner.snapshot import Line, Memory
from bot.reconciler.judge import Judge, Sighting


def seen(judge: Judge, line: Row, memory: Memory | None = None) -> Line:
    """The one line of a tab that holds just this row."""
    found = judge.look([HEADER, line.cells], memory)
    assert isinstance(found, Sighting)
    (only,) = found.lines
    return only


def test_row_at_rest_keeps_its_judgement():
    """The same cells at the next read cost no second judgement, whatever the robot wrote beside them."""
    judge = Judge(template())
    first = seen(judge, row("Big sale"))

    assert seen(judge, row("Big sale", approve=True)).judged is first.judged


def test_edited_row_is_judged_anew():
    """What the row says now counts."""
    judge = Judge(template())
    seen(judge, row("Big sale"))

    assert dict(seen(judge, row("Small sale")).judged.content.values)["headline"] == "Small sale"


def test_box_that_became_a_number_is_judged_anew():
    """True and 1 are equal to Python; to a video they are TRUE and 1."""
    judge = Judge(template())
    texts = []
    cells: tuple[Cell, ...] = (True, 1, "1")
    for cell in cells:
        line = list(row().cells)
        line[HEADER.index("Headline")] = cell
        texts.append(dict(seen(judge, Row(2, line)).judged.content.values)["headline"])

    assert texts == ["TRUE", "1", "1"]


def test_moved_columns_change_no_judgement():
    """A row whose columns were moved around says what it said."""
    judge = Judge(template())
    line = row("Big sale", price="9")
    before = seen(judge, line).judged
    found = judge.look([HEADER[::-1], line.cells[::-1]])

    assert isinstance(found, Sighting)
    assert [one.judged for one in found.lines] == [before]

"""Inserting, deleting, moving and sorting rows against a plain list."""

from __future__ import annotations

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bot.sandbox.sheets.batch import apply
from bot.sandbox.sheets.library import Library
from bot.sandbox.sheets.service import SheetsOptions, SheetsStandIn
from bot.sandbox.sheets.wire import ApiError

ROWS = 12


def dimension(start, end):
    return {"sheetId": 0, "dimension": "ROWS", "startIndex": start, "endIndex": end}


def contents(library: Library, book: str) -> list[object]:
    """The first column, every row of the grid."""
    tab = library.open(book).tabs[0]
    return [row.value(0) for row in tab.rows]


def in_model(model: list[object], step) -> list[object] | None:
    """What the step makes of a plain list; None when it must be refused."""
    match step:
        case ("insert", at, count):
            return None if at > len(model) else [*model[:at], *[None] * count, *model[at:]]
        case ("delete", start, count):
            end = start + count
            return None if end > len(model) or count >= len(model) else [*model[:start], *model[end:]]
        case ("move", start, count, to):
            end = start + count
            if end > len(model) or to > len(model) or start < to < end:
                return None
            rest = [*model[:start], *model[end:]]
            at = to if to <= start else to - count
            return [*rest[:at], *model[start:end], *rest[at:]]
        case ("sort", start, end, is_down):
            end = min(end, len(model))
            if start >= end:
                return None
            part = model[start:end]
            filled = sorted((value for value in part if value is not None), reverse=is_down)
            return [*model[:start], *filled, *[None] * (len(part) - len(filled)), *model[end:]]
    raise AssertionError(step)


def as_request(step, count_of_rows):
    match step:
        case ("insert", at, count):
            return {"insertDimension": {"range": dimension(at, at + count)}}
        case ("delete", start, count):
            return {"deleteDimension": {"range": dimension(start, start + count)}}
        case ("move", start, count, to):
            return {"moveDimension": {"source": dimension(start, start + count), "destinationIndex": to}}
        case ("sort", start, end, is_down):
            area = {"sheetId": 0, "startRowIndex": start, "endRowIndex": min(end, count_of_rows)}
            order = "DESCENDING" if is_down else "ASCENDING"
            return {"sortRange": {"range": area, "sortSpecs": [{"dimensionIndex": 0, "sortOrder": order}]}}
    raise AssertionError(step)


PLACE = st.integers(0, ROWS + 4)
COUNT = st.integers(1, 5)
STEPS = st.lists(
    st.one_of(
        st.tuples(st.just("insert"), PLACE, COUNT),
        st.tuples(st.just("delete"), PLACE, COUNT),
        st.tuples(st.just("move"), PLACE, COUNT, PLACE),
        st.tuples(st.just("sort"), PLACE, PLACE, st.booleans()),
    ),
    max_size=8,
)


@pytest.fixture(scope="module")
def stand_in(tmp_path_factory):
    stand_in = SheetsStandIn(tmp_path_factory.mktemp("rows"), SheetsOptions())
    yield stand_in
    stand_in.close()


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(steps=STEPS, values=st.lists(st.integers(0, 99) | st.none(), min_size=ROWS, max_size=ROWS))
def test_rows_move_like_a_list(stand_in, steps, values):
    """Whatever the order of changes, the grid equals a list, refusals included, also after a reload."""
    book = stand_in.create_workbook("Model", {"A": [[value] for value in values]})
    with stand_in.library.change(book) as workbook:
        workbook.tabs[0].remove_tail(ROWS)
    model = list(values)
    keys: dict[int, object] = {
        row.key: row.value(0) for row in stand_in.library.open(book).tabs[0].rows if row.value(0) is not None
    }

    for step in steps:
        expected = in_model(model, step)
        try:
            with stand_in.library.change(book) as workbook:
                apply(workbook, [as_request(step, len(model))])
        except ApiError:
            assert expected is None, step
        else:
            assert expected is not None, step
            model = expected
        assert contents(stand_in.library, book) == model, step

    stand_in.close()
    rows = stand_in.library.open(book).tabs[0].rows
    assert [row.value(0) for row in rows] == model
    # A row's key belongs to its content for life.
    assert all(keys[row.key] == row.value(0) for row in rows if row.value(0) is not None)


@settings(max_examples=30, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(steps=STEPS)
def test_formulas_follow_their_cells(stand_in, steps):
    """A reference names the same record wherever inserts, deletes and moves carry it."""
    book = stand_in.create_workbook("Follow", {"A": [[n] for n in range(ROWS)], "B": [["=A!A6"]]})

    for step in steps:
        if step[0] == "sort":
            continue
        try:
            with stand_in.library.change(book) as workbook:
                apply(workbook, [as_request(step, workbook.tabs[0].row_count)])
        except ApiError:
            continue

    workbook = stand_in.library.open(book)
    here = [index for index, row in enumerate(workbook.tabs[0].rows) if row.value(0) == 5]
    formula = workbook.tabs[1].rows[0].formulas[0].text
    assert formula == (f"=A!A{here[0] + 1}" if here else "=#REF!")
    assert workbook.tabs[1].rows[0].value(0) == (5 if here else "#REF!")

"""The table of demands can be trusted: each is listed, each named test exists, and a missing proof is seen."""

from __future__ import annotations

import re

import pytest
from demand_table import NUMBERS, TABLE, TESTS, not_shown, read_demands, table

DEMANDS = read_demands()


def test_every_demand_is_listed_once():
    """All numbers, in order."""
    assert [demand.number for demand in DEMANDS] == list(NUMBERS)


@pytest.mark.parametrize("demand", DEMANDS, ids=lambda demand: str(demand.number))
def test_every_named_test_exists(demand):
    """A test that was renamed shows nothing."""
    assert demand.shown_by
    for name in demand.shown_by:
        file, _, test = name.partition("::")
        assert re.search(rf"\bdef {test or 'test_'}", (TESTS / file).read_text(encoding="utf-8")), name


def test_the_page_is_the_one_a_good_run_writes():
    """The page people read says what the list says."""
    assert TABLE.read_text(encoding="utf-8") == table(DEMANDS, [])


def _a_good_run() -> dict[str, str]:
    return {
        name if "::" in name else f"{name}::test_any[1]": "passed"
        for demand in DEMANDS
        for name in demand.shown_by
    }


def test_a_good_run_shows_every_demand():
    """Parametrized tests count for the name in the list."""
    assert not_shown(DEMANDS, _a_good_run()) == []


@pytest.mark.parametrize(
    ("outcome", "words"), [("failed", "failed and passed"), ("skipped", "passed and skipped")]
)
def test_one_case_of_many_is_enough_to_owe_a_demand(outcome: str, words: str):
    """A failed or skipped case shows nothing."""
    run = _a_good_run()
    run["unit/planner/test_queue.py::test_window"] = "passed"
    run["unit/planner/test_queue.py::test_window[4]"] = outcome

    owed = not_shown(DEMANDS, run)

    assert {line.split()[1] for line in owed} == {"3", "21", "66"}
    assert all(line.endswith(words) for line in owed)


def test_a_test_that_did_not_run_owes_its_demands():
    """Silence is no proof."""
    run = _a_good_run()
    del run["unit/planner/test_queue.py::test_newest_first"]

    owed = not_shown(DEMANDS, run)

    assert "demand 103 (New jobs first): unit/planner/test_queue.py::test_newest_first did not run" in owed
    assert "| 103 | New jobs first | [unit/planner/test_queue.py test_newest_first]" in table(DEMANDS, owed)
    assert "| not shown |" in table(DEMANDS, owed)

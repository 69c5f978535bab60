"""The table of demands: which tests show each of the 151, written and held to account by every whole run.

`demands.toml` names the tests. A run of the whole suite notes how each of them ended, writes `demands.md`
anew and fails if one demand was not shown: a named test that is gone, was skipped or failed shows nothing.
"""

from __future__ import annotations

import tomllib
from collections import defaultdict
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

TESTS = Path(__file__).parent
LIST = TESTS / "demands.toml"
TABLE = TESTS / "demands.md"
NUMBERS = range(1, 152)


@dataclass(frozen=True)
class Demand:
    """One demand and the tests that show it, as `file` or `file::test` below tests/."""

    chapter: str
    number: int
    says: str
    shown_by: tuple[str, ...]


def read_demands() -> list[Demand]:
    """All demands in order."""
    chapters = tomllib.loads(LIST.read_text(encoding="utf-8"))["chapter"]
    return [
        Demand(chapter["title"], number, says, tuple(names))
        for chapter in chapters
        for number, says, names in chapter["demands"]
    ]


def is_test_of(name: str, node: str) -> bool:
    """Whether a test that ran, say `a/test_b.py::test_c[1]`, is one a line of the list names."""
    return node == name or node.startswith((f"{name}::", f"{name}["))


def not_shown(demands: list[Demand], outcomes: dict[str, str]) -> list[str]:
    """One line for each demand that lacks proof, with the test that owes it.

    Args:
        demands: The list.
        outcomes: How each test of the run ended: `passed`, `failed` or `skipped`, by its name below tests/.
    """
    by_file: dict[str, dict[str, str]] = defaultdict(dict)
    for node, outcome in outcomes.items():
        by_file[node.partition("::")[0]][node] = outcome
    owed = []
    for demand in demands:
        for name in demand.shown_by:
            ended = {
                outcome
                for node, outcome in by_file[name.partition("::")[0]].items()
                if is_test_of(name, node)
            }
            if ended != {"passed"}:
                owed.append(f"demand {demand.number} ({demand.says}): {name} {_said(ended)}")
    return owed


def _said(ended: set[str]) -> str:
    return " and ".join(sorted(ended)) if ended else "did not run"


def table(demands: list[Demand], owed: list[str]) -> str:
    """The page of demands, as it is linked from the README."""
    missing = {int(line.split()[1]) for line in owed}
    lines = [
        "# What was asked for, and what shows it",
        "",
        "Written by the test run (`demand_table.py`) from `demands.toml`. A demand is shown when every test named",
        f"beside it ran and passed: {len(demands) - len(missing)} of {len(demands)} are.",
    ]
    chapter = ""
    for demand in demands:
        if demand.chapter != chapter:
            chapter = demand.chapter
            lines += ["", f"## {chapter}", "", "| | demand | shown by | |", "|---|---|---|---|"]
        tests = "<br>".join(
            f"[{name.replace('::', ' ')}]({name.partition('::')[0]})" for name in demand.shown_by
        )
        verdict = "not shown" if demand.number in missing else "shown"
        lines.append(f"| {demand.number} | {demand.says} | {tests} | {verdict} |")
    return "\n".join(lines) + "\n"


class Account:
    """The hooks that follow a run; registered where tests are handed out, not in the workers."""

    def __init__(self) -> None:
        self._outcomes: dict[str, str] = {}
        self._owed: list[str] = []
        self._held = False

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        """Notes how a test ended; a failure in any phase counts."""
        node = report.nodeid.removeprefix("tests/")
        counts = report.when == "call" or report.outcome != "passed"
        if counts and self._outcomes.get(node) != "failed":
            self._outcomes[node] = report.outcome

    def pytest_sessionfinish(self, session: pytest.Session) -> None:
        """Writes the table and fails a run that owes a demand; only where the whole suite ran."""
        if not is_whole_run(session.config) or session.config.option.collectonly:
            return
        self._held = True
        demands = read_demands()
        self._owed = not_shown(demands, self._outcomes)
        TABLE.write_text(table(demands, self._owed), encoding="utf-8")
        if self._owed and session.exitstatus == pytest.ExitCode.OK:
            session.exitstatus = pytest.ExitCode.TESTS_FAILED

    def pytest_terminal_summary(self, terminalreporter: Any) -> None:
        """Says how many demands were shown, and names what is owed."""
        if not self._held:
            return
        terminalreporter.section("demands")
        for line in self._owed:
            terminalreporter.write_line(line)
        missing = {line.split()[1] for line in self._owed}
        terminalreporter.write_line(f"{len(NUMBERS) - len(missing)} of {len(NUMBERS)} demands shown")


def is_whole_run(config: pytest.Config) -> bool:
    """Whether nothing was picked out: no path, no name, no mark."""
    option = config.option
    return config.args == config.getini("testpaths") and not (
        option.keyword or option.markexpr or option.deselect or getattr(option, "lf", False)
    )

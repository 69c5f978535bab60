"""Five hundred rows, sorted exactly between the robot's read and its write, again and again."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

sys.path.insert(0, str(Path(__file__).parents[1] / "benchmarks"))

from trial import SPREADSHEET, Trial, trial

from bot.sandbox.sheets.changes import Change, ChangeLog

ROWS = 500
MOST_SORTS = 12

Links = list[tuple[str, str]]


class Watch(ChangeLog):
    """Sees every revision of the sheet as it is made, and has rows sorted right before a write of the robot's.

    After the write that was struck comes the one that repairs it: only then the next sort is ordered.
    """

    def __init__(self, one: Trial) -> None:
        super().__init__()
        self._sheets = one._server.sandbox.sheets
        self._sort = one.sorting
        self._until_next = 0
        self._was_ordered = False
        self.sorts = 0
        self.struck: list[Links] = []
        """Headline and link of each row after each write that met sorted rows."""

        self.repaired: list[Links] = []
        """The same after the write that followed."""

    def add(self, change: Change) -> None:
        super().add(change)
        if 0 not in change.tabs:
            return
        if self._was_ordered and not self._sheets.faults.now.hands:
            # This very change is the sort itself; the robot's write and its repair come next.
            self._was_ordered, self._until_next = False, 2
            self.sorts += 1
        elif self._until_next:
            self._until_next -= 1
            (self.struck if self._until_next else self.repaired).append(self._links())
        if (
            not self._until_next
            and not self._was_ordered
            and self.sorts < MOST_SORTS
            and self._is_rendering()
        ):
            self._was_ordered = True
            self._sheets.change(hands=[{"requests": [self._sort(downwards=self.sorts % 2 == 0)]}])

    def _is_rendering(self) -> bool:
        return any(link for _, link in self._links())

    def _links(self) -> Links:
        tab = self._sheets.library.open(SPREADSHEET).tabs[0]
        header = [tab.rows[0].value(place) for place in range(40)]
        name, video = header.index("Headline"), header.index("Video")
        return [(str(row.value(name)), str(row.value(video) or "")) for row in tab.rows[1 : ROWS + 1]]


@contextmanager
def watched(home: Path) -> Iterator[tuple[Trial, Watch]]:
    with trial(home, ROWS, lambda _: None) as one:
        one.learn()
        watch = Watch(one)
        library: Any = one._server.sandbox.sheets.library
        with library.lock:
            library._logs[SPREADSHEET] = watch
        yield one, watch


def wrong(links: Links, right: dict[str, str]) -> int:
    return sum(link not in ("", right[name]) for name, link in links)


def test_f_R01_rows_sorted_in_the_middle_of_ticks(tmp_path: Path, capsys: pytest.CaptureFixture[str]):
    """Links that land on other rows stand on their own again one tick later, and nothing is paid twice."""
    with watched(tmp_path) as (one, watch):
        one.approve()
        one.play_until(lambda said: said.count("Done") == ROWS)
        outcome = one.outcome(0)
        right = dict(watch._links())
    struck = [wrong(links, right) for links in watch.struck]
    repaired = [wrong(links, right) for links in watch.repaired]
    with capsys.disabled():
        print(  # noqa: T201 - the count is what this is about
            f"\n{ROWS} rows, sorted {watch.sorts} times between a read and its write: wrong links right after "
            f"those writes {struck}, one tick later {repaired}"
        )

    assert outcome.is_right(ROWS)
    assert watch.sorts >= 3
    assert sum(struck) > 0
    assert sum(repaired) == 0

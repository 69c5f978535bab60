"""One thousand approved rows through every kind of bad luck: python tests/benchmarks/thousand_rows.py

Each story ticks all rows of a fresh sheet, lets the real `rowreel run` work against the stand-ins over real
HTTP, and makes trouble meanwhile. It ends well with exactly one paid job a row and every row's own link.
`--rows N` takes another number of rows, `--story NAME` (again and again) plays some of the stories only.
"""

from __future__ import annotations

import argparse
import random
import signal
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

from rich.console import Console
from rich.table import Table
from trial import NoEndError, Outcome, Trial, trial

from bot.sandbox.zvid.options import Mishap

Play = Callable[[Trial], None]

ALWAYS = 1_000_000
"""So many mishaps as no run comes to."""

LOST = Mishap(route="submit", answer="close", after_work=True)
"""The service accepts and charges; its answer never arrives."""


def undisturbed(_one: Trial) -> None:
    """Nothing goes wrong."""


def one_lost_answer(one: Trial) -> None:
    """One 202 is lost after the service accepted."""
    one.misbehave(mishaps=(LOST,))


def lost_answers(one: Trial) -> None:
    """5 % of the 202s are lost, from the first row to the last."""
    one.misbehave(
        mishaps=(Mishap(route="submit", answer="close", after_work=True, share=0.05, times=ALWAYS),)
    )


def kills(one: Trial) -> None:
    """kill -9 every few seconds, from the ticks to the end."""
    chance = random.Random(9)
    while not one.is_done:
        # A lost request needs one life long enough to be sure of it.
        one.play(chance.uniform(1.5, 9.0))
        one.end(signal.SIGKILL)


def storm(one: Trial) -> None:
    """30 % of all calls are answered 500 for 20 seconds, one half of them carried out all the same."""
    one.misbehave(
        mishaps=(
            Mishap(answer=500, share=0.15, times=ALWAYS),
            Mishap(answer=500, after_work=True, share=0.15 / 0.85, times=ALWAYS),
        )
    )
    one.play(20)
    one.behave()


def refused(one: Trial) -> None:
    """No connection to the service for a while, from a third of the rows on."""
    one.play_until(lambda said: said.count("Done") >= one.rows / 3)
    one.line.cut()
    one.play(10)
    one.line.mend()


def sorted_midway(one: Trial) -> None:
    """Somebody sorts the sheet, ticks and all, up and down without a pause."""
    downwards = True
    while not one.is_done:
        one.sort(downwards=downwards)
        downwards = not downwards
        one.play(0.7)


def journal_lost(one: Trial) -> None:
    """Killed, and the journal deleted, when half of the rows are done; a person says Go ahead."""
    one.play_until(lambda said: said.count("Done") >= one.rows / 2)
    one.end(signal.SIGKILL)
    one.lose_journal()


STORIES: dict[str, Play] = {
    "undisturbed": undisturbed,
    "one-lost-answer": one_lost_answer,
    "lost-answers": lost_answers,
    "kills": kills,
    "storm": storm,
    "refused": refused,
    "sorted": sorted_midway,
    "journal-lost": journal_lost,
}


def tell_story(play: Play, rows: int, tell: Callable[[str], None]) -> Outcome:
    """One story on a fresh sheet, from the ticks to the last link."""
    with tempfile.TemporaryDirectory(prefix="rowreel-trial-") as home, trial(Path(home), rows, tell) as one:
        one.learn()
        one.approve()
        started = time.monotonic()
        play(one)
        try:
            one.play_until(lambda said: said.count("Done") == rows)
        except NoEndError as error:
            tell(f"no end: {error}")
        took = time.monotonic() - started
        # Whatever is still under way, or wrongly so, has a moment to show.
        one.play_until(lambda _: time.monotonic() - started > took + 1.5)
        one.end(signal.SIGTERM)
        return one.outcome(took)


def main(rows: int, names: list[str]) -> int:
    """All wanted stories, one table; 1 unless each of them ended well."""
    table = Table("story", "what happens", title=f"{rows} approved rows")
    for column in ("paid jobs", "charges", "own link", "wrong links", "restarts", "seconds", "manual steps"):
        table.add_column(column, justify="right")
    is_right = True
    console = Console(stderr=True)
    for name in names:
        play = STORIES[name]
        with console.status(name) as line:
            ended = tell_story(play, rows, lambda said, at=line, who=name: at.update(f"{who}: {said}"))
        is_right = is_right and ended.is_right(rows)
        figures = (ended.jobs, ended.charges, ended.own_links, ended.wrong_links, ended.restarts)
        mark = "" if ended.is_right(rows) else "[red]"
        table.add_row(
            f"{mark}{name}",
            play.__doc__,
            *map(str, figures),
            f"{ended.seconds:.1f}",
            str(ended.manual_steps),
        )
        console.print(f"{name}: {'as it should be' if ended.is_right(rows) else f'WRONG: {ended}'}")
    Console().print(table)
    return 0 if is_right else 1


if __name__ == "__main__":
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--rows", type=int, default=1000)
    parser.add_argument("--story", action="append", choices=STORIES)
    wanted = parser.parse_args()
    sys.exit(main(wanted.rows, wanted.story or list(STORIES)))

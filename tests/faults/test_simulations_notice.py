"""What would simulations be worth that cannot fail? Each bug put into the robot here must be noticed."""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from simulation import SimulationError, simulate

from bot.adapters.journal import SqliteJournal
from bot.domain import intents, wording
from bot.domain.cells import cell_text
from bot.domain.contract import RobotColumn
from bot.domain.gates import Sample
from bot.domain.intents import State
from bot.domain.jobs import Accepted
from bot.planner import approval, gate, plan, queue, status
from bot.planner.actions import CellEdit, Move, Poll, Resolve, Submit
from bot.planner.identity import Origin, Placed
from bot.planner.outcomes import Outcomes
from bot.planner.snapshot import Memory, Snapshot
from bot.reconciler.books import Books
from bot.reconciler.tick import Reconciler, TickReport

MOST_SEEDS = 400
NOTICED_BY = {"forget_limits_of_rows": 197, "book_the_price_shown": 66, "give_up_on_unfinished_sends": 40}
"""The seeds that noticed them last; they are tried first, since these bugs need a rare story."""

Patch = pytest.MonkeyPatch


@pytest.fixture(scope="module")
def desk() -> Iterator[Path]:
    memory = Path("/dev/shm")  # noqa: S108 - a folder in memory, where there is one
    with tempfile.TemporaryDirectory(prefix="rowreel-bugs-", dir=memory if memory.is_dir() else None) as made:
        yield Path(made)


def trust_the_first_404(patch: Patch) -> None:
    """A job that cannot be found at once is sent again."""
    honest = queue._resolves

    def hasty(*given: Any) -> list[Resolve]:
        return [replace(one, is_late=True, is_second=True, honours_ids=True) for one in honest(*given)]

    patch.setattr(queue, "_resolves", hasty)


def count_a_tick_twice(patch: Patch) -> None:
    """The approval that was carried out is carried out again."""

    def promise_anyway(self: Any) -> None:
        self._promise()

    patch.setattr(approval._Row, "_promise_if_new", promise_anyway)


def give_up_on_unfinished_sends(patch: Patch) -> None:
    """What was being sent when the process died is taken for not sent."""

    def forget(self: Books) -> None:
        now = self.clock.now()
        lost = [one for one in self.memory.intents.values() if one.state is State.SENDING]
        self.apply([Move(one, one.moved(State.FAILED, updated_at=now, finished_at=now)) for one in lost])

    patch.setattr(Books, "_doubt_unfinished_sends", forget)


def send_before_the_commit(patch: Patch) -> None:
    """`sending` is noted in memory only."""

    def in_memory_alone(self: Reconciler, calls: Any) -> list[Any]:
        now = self._clock.now()
        return [
            Submit(one.intent.moved(State.SENDING, updated_at=now, sent_at=now, not_before=None))
            if isinstance(one, Submit)
            else one
            for one in calls
        ]

    patch.setattr(Reconciler, "_mark_sending", in_memory_alone)


def commit_later(patch: Patch) -> None:
    """The journal says that changes are durable, and writes them with the next ones."""
    honest = SqliteJournal.apply

    def lazy(self: SqliteJournal, changes: Any, at: Any) -> None:
        kept = getattr(self, "_kept", None)
        if kept is not None:
            honest(self, *kept)
        self._kept = (changes, at)  # type: ignore[attr-defined]

    patch.setattr(SqliteJournal, "apply", lazy)


def let_an_end_move_on(patch: Patch) -> None:
    """A failed attempt is looked at again, and takes on what the service says now."""
    patch.setitem(intents.MOVES, State.FAILED, frozenset(State))
    patch.setattr(queue, "_LOOKED_AT", queue._LOOKED_AT | {State.FAILED})
    honest = Memory._keep

    def keep_alive(self: Memory, intent: Any) -> None:
        honest(self, intent)
        if intent.state is State.FAILED:
            self.live[intent.job_id] = intent

    patch.setattr(Memory, "_keep", keep_alive)


def identify_by_row_number(patch: Patch) -> None:
    """A record is what stands in its row."""

    def by_number(seen: Snapshot) -> tuple[Placed, ...]:
        at = {entry.row_number: entry for entry in seen.memory.entries.values()}
        spare = iter(seen.spare_ids)
        fresh = (f"r{number:04}x" for number in range(10_000))
        found = []
        for line in seen.lines:
            entry = at.get(line.row.number)
            record = entry.key.record if entry else next(spare, None) or next(fresh)
            found.append(Placed(line, record, entry, Origin.KNOWN if entry else Origin.NEW))  # type: ignore[arg-type]
        return tuple(found)

    patch.setattr(plan, "identify", by_number)


def write_where_rows_stood(patch: Patch) -> None:
    """Cells are written to the row a record had at the read before."""
    honest = status._row_edits

    def late(placed: Placed, *given: Any) -> Any:
        stood = placed.entry.row_number if placed.entry else 0
        for edit in honest(placed, *given):
            yield replace(edit, row_number=stood or edit.row_number)

    patch.setattr(status, "_row_edits", late)


def tidy_up_headlines(patch: Patch) -> None:
    """What people typed is put in order for them."""
    honest = plan.project

    def tidy(placed: Any, after: Any, line: Any, broken: Any) -> Any:
        found = honest(placed, after, line, broken)
        spot = after.columns.data["headline"]
        texts = [(one.line.row.number, one.line.row.at(spot), one.record) for one in placed]
        untidy = tuple(
            CellEdit(number, spot, text.upper(), record)
            for number, text, record in texts
            if isinstance(text, str) and text != text.upper()
        )
        return replace(found, edits=(*found.edits, *untidy[:1]))

    patch.setattr(plan, "project", tidy)


def believe_the_job_id_cell(patch: Patch) -> None:
    """A job a row names is taken for the one it waits for."""
    honest = plan.decide_row

    def credulous(placed: Placed, seen: Snapshot, policy: Any) -> Any:
        entry, changes = honest(placed, seen, policy)
        named = cell_text(placed.line.row.at(seen.columns.robot[RobotColumn.JOB_ID]))
        believed = tuple(
            Move(one, one.moved(one.state, known_as=named))
            for one in seen.memory.of(placed.record)
            if one.state is State.SUBMITTED and len(named) == len(one.job_id) and named != one.service_id
        )
        return entry, (*changes, *believed)

    patch.setattr(plan, "decide_row", credulous)


def call_doubt_a_failure(patch: Patch) -> None:
    """A lost answer is shown as a failed video."""
    honest = status.describe

    def hopeless(*given: Any) -> Any:
        shown = honest(*given)
        is_doubt = shown.intent is not None and shown.intent.state is State.CHECKING
        return shown._replace(status=wording.FAILED) if is_doubt else shown

    patch.setattr(status, "describe", hopeless)


def stop_looking_half_way(patch: Patch) -> None:
    """A job that was seen at work is not looked at again."""
    honest = queue._polls

    def tired(due: Any, *given: Any) -> list[Poll]:
        return honest([one for one in due if one.state is not State.ACTIVE], *given)

    patch.setattr(queue, "_polls", tired)


def book_the_price_shown(patch: Patch) -> None:
    """What the service said it took is not kept."""
    honest = Outcomes.sent

    def careless(self: Outcomes, intent: Any, entry: Any, answer: Any) -> Any:
        if isinstance(answer, Accepted):
            answer = replace(answer, reserved=intent.price_shown)
        return honest(self, intent, entry, answer)

    patch.setattr(Outcomes, "sent", careless)


def wait_for_each_other(patch: Patch) -> None:
    """As long as one tab cannot be read, nothing is done for the others."""
    honest = Reconciler.tick

    def loyal(self: Reconciler) -> TickReport:
        broken = vars(self.account).setdefault("broken", set())
        if broken - {id(self)}:
            return TickReport()
        report = honest(self)
        (broken.add if report.failure else broken.discard)(id(self))
        return report

    patch.setattr(Reconciler, "tick", loyal)


def send_all_at_once(patch: Patch) -> None:
    """Every row has a place in the sample."""

    def crowded(before: Any, seen: Snapshot, waiting: Any, *_: Any) -> Any:
        return replace(before, sample=Sample(seen.template.hash, tuple(one.key.record for one in waiting)))

    patch.setattr(plan, "drawn", crowded)


def forget_limits_of_rows(patch: Patch) -> None:
    """Nobody looks at what a row may cost."""
    patch.setattr(plan, "within_caps", lambda placed, *_: placed)


def forget_the_limit_of_the_day(patch: Patch) -> None:
    """Nobody counts what was spent today."""
    patch.setattr(gate, "left_today", lambda *_: None)
    patch.setattr(queue, "left_today", lambda *_: None)


def send_what_was_approved(patch: Patch) -> None:
    """A promise made with an older version of the template is sent as it is."""
    patch.setattr(gate, "is_outdated", lambda *_: False)


def renew_without_asking(patch: Patch) -> None:
    """Promises are made anew as soon as the template is edited."""
    honest = plan.renewed

    def eager(sound: Any, seen: Snapshot, before: Any) -> Any:
        return honest(sound, seen, replace(before, reviewed=(seen.template.hash,)))

    patch.setattr(plan, "renewed", eager)


@pytest.mark.parametrize(
    ("bug", "noticed"),
    [
        (trust_the_first_404, "I1 paid twice"),
        (count_a_tick_twice, "I1 paid without a tick"),
        (give_up_on_unfinished_sends, "I2"),
        (send_before_the_commit, "I3"),
        (commit_later, "I4"),
        (let_an_end_move_on, "I5"),
        (identify_by_row_number, "I6"),
        (write_where_rows_stood, "I6"),
        (tidy_up_headlines, "I7"),
        (believe_the_job_id_cell, "I8"),
        (call_doubt_a_failure, "I9"),
        (wait_for_each_other, "I10"),
        (stop_looking_half_way, "I12"),
        (book_the_price_shown, "I15"),
        (send_all_at_once, "129 more than a sample"),
        (send_what_was_approved, "128 sent with another version"),
        (renew_without_asking, "128 made anew without a word"),
        (forget_limits_of_rows, "Z28 beyond a row's limit"),
        (forget_the_limit_of_the_day, "Z28 beyond a day's limit"),
    ],
)
def test_a_bug_is_noticed(
    desk: Path, monkeypatch: pytest.MonkeyPatch, bug: Callable[[Patch], None], noticed: str
):
    """With this bug in the robot some seed breaks the invariant that stands against it."""
    bug(monkeypatch)
    found: set[str] = set()
    for seed in (NOTICED_BY.get(bug.__name__, 0), *range(MOST_SEEDS)):
        try:
            simulate(seed, desk)
        except SimulationError as error:
            found.add(error.broken)
            if error.broken.startswith(noticed):
                return

    pytest.fail(f"{MOST_SEEDS} seeds noticed only {sorted(found)[:5]}")

"""A small world for the real reconciler: a sheet, a service, a clock, and a real journal file.

Nothing in it is threaded or slept for: calls are made one after the other, time is moved by the test.
"""

from __future__ import annotations

import shutil
import uuid
from collections.abc import Callable, Mapping
from concurrent.futures import Future
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from fakes.clock import FakeClock
from fakes.mortal import Life, Mortal
from fakes.render_service import FakeJob, FakeRenderService
from fakes.sheet import FakeSheet
from fakes.templates import FakeTemplates
from fakes.web import FakeMedia, InlineScouts

from bot.adapters.journal import SqliteJournal
from bot.adapters.journal_opening import make_journal
from bot.domain.cells import Cell
from bot.domain.contract import Contract, Field, PeopleColumn, RobotColumn
from bot.domain.intents import Intent, State
from bot.domain.templates.template import Template
from bot.planner.snapshot import Memory, Policy
from bot.ports import Installation, Journal, RenderService, Sheet
from bot.reconciler.account import AccountWatch
from bot.reconciler.execute import Executor
from bot.reconciler.media_desk import MediaDesk
from bot.reconciler.meter import Meter
from bot.reconciler.observe import Observer
from bot.reconciler.presence import Presence, Signature
from bot.reconciler.shift import Shift
from bot.reconciler.tick import Reconciler, TickReport

NAMESPACE = uuid.UUID("5b1d3c52-9c3b-4f0e-8a53-1f1b7a0c9d11")

PEOPLES = ("Approve", "Headline", "Price", "Format", "Retry", "Notes")
HEADER = (*PEOPLES, *RobotColumn)

TEMPLATE = Template(
    title="Spring",
    version="1",
    name_rule="{row_id}-{format}",
    contract=Contract(
        fields=(
            Field("headline", "Headline", required=True, max_chars=20),
            Field("price", "Price", fallback="9 EUR"),
        ),
        formats=("wide", "square"),
    ),
    projects={
        name: {
            "type": "video",
            "resolution": resolution,
            "duration": 9,
            "visuals": [{"type": "TEXT", "text": "{{headline}} for {{price}}"}],
        }
        for name, resolution in (("wide", "hd"), ("square", "squared"))
    },
)


class _OrderedFuture(Future[Any]):
    """Hashes by its turn, so that answers of one tick are always taken in the same order."""

    def __init__(self, turn: int) -> None:
        super().__init__()
        self._turn = turn

    def __hash__(self) -> int:
        return self._turn


class InlinePool:
    """Makes each call at once, in the caller's thread: all answers are in before the first is taken."""

    def __init__(self) -> None:
        self._turn = 0

    def submit(self, call: Callable[..., Any], *given: Any) -> Future[Any]:
        self._turn += 1
        future = _OrderedFuture(self._turn)
        try:
            future.set_result(call(*given))
        except BaseException as error:  # noqa: BLE001 - as a pool does; taking the result raises it again
            future.set_exception(error)
        return future


def fresh_journal(path: Path) -> SqliteJournal:
    """A new journal file; its tables are copied from one made before, since making them takes a while."""
    made = path.with_name("empty-journal.db")
    if not made.exists():
        make_journal(made, Installation(NAMESPACE, datetime(2026, 3, 2, tzinfo=UTC)))
    shutil.copyfile(made, path)
    return SqliteJournal(path)


class World:
    """Everything one robot has to do with."""

    def __init__(
        self,
        folder: Path,
        *,
        service: FakeRenderService | None = None,
        clock: FakeClock | None = None,
        policy: Policy | None = None,
        life: Life | None = None,
        sheet: FakeSheet | None = None,
    ) -> None:
        self.clock = clock or FakeClock()
        self.sheet = sheet or FakeSheet(HEADER)
        self.service = service or FakeRenderService(self.clock)
        self.policy = policy or Policy()
        self.path = folder / f"journal-{len(list(folder.glob('journal-*.db')))}.db"
        self.journal = fresh_journal(self.path)
        self.life = life
        self.expects_bugs = False
        """Whether rows may meet mistakes of ours."""

        self.shift = Shift()
        self.meter = Meter(self.clock)
        self.signature = Signature("robot one", ("robot one",), str(NAMESPACE))
        self._template = TEMPLATE
        self.folders: list[FakeTemplates] = []
        """The template folder as each tab's robot sees it."""

        self.media = FakeMedia()
        self.scouts = InlineScouts(self.media)
        self.robot = self._start()

    def _start(self) -> Reconciler:
        life, sheet, journal, service = self.life, self.sheet, self.journal, self.service
        if life is None:
            return self.start(sheet, journal, service)
        return self.start(
            Mortal(sheet, life, "read", "write"),  # type: ignore[arg-type]
            Mortal(journal, life, "apply", "learn_tab", "payloads"),  # type: ignore[arg-type]
            Mortal(service, life, "ask", "submit", "look_up", "find", "sweep"),  # type: ignore[arg-type]
        )

    @property
    def template(self) -> Template:
        """What the template folder holds."""
        return self._template

    @template.setter
    def template(self, edited: Template) -> None:
        """Somebody saves another version."""
        self._template = edited
        for folder in self.folders:
            folder.edit(edited)

    def start(
        self,
        sheet: Sheet,
        journal: Journal,
        service: RenderService,
        account: AccountWatch | None = None,
        media: MediaDesk | None = None,
    ) -> Reconciler:
        """A new process's reconciler over these ports."""
        self.folders.append(FakeTemplates(self.template))
        presence = Presence(self.signature, sheet.key.spreadsheet, self.clock)
        observer = Observer(sheet, journal, self.clock, self.folders[-1], NAMESPACE, presence)
        executor = Executor(service, InlinePool(), self.shift, self.meter)  # type: ignore[arg-type]
        media = media or MediaDesk(self.clock, self.scouts)
        robot = Reconciler(observer, journal, executor, self.policy, account, media)
        robot.recover()
        return robot

    def close(self) -> None:
        self.journal.close()

    # -- time -----------------------------------------------------------------

    def tick(self) -> TickReport:
        report = self.robot.tick()
        if report.bugs and not self.expects_bugs:
            raise report.bugs[0].cause
        return report

    def look(self) -> None:
        """Ticks until there is nothing to show at once, as the daemon does."""
        for _ in range(20):
            if not self.tick().wake_at_once:
                return
        raise AssertionError("the robot does not come to rest")

    def wait(self, seconds: float) -> None:
        """Time passes; the robot looks every few seconds and whenever something is due."""
        ends = self.clock.monotonic() + seconds
        self.look()
        while (left := ends - self.clock.monotonic()) > 0:
            self.clock.advance(min(left, 5.0))
            self.look()

    def work(self) -> None:
        """The service takes a step, and the robot notices."""
        self.service.work()
        self.wait(60)

    def settle(self, seconds: float = 3600) -> None:
        """Runs everything to its end."""
        ends = self.clock.monotonic() + seconds
        self.look()
        while self.memory_is_live():
            assert self.clock.monotonic() < ends, [one.state for one in self.intents()]
            self.service.work()
            due = self.robot.tick().next_due
            self.clock.advance(min(due or 5.0, 60.0) + 0.001)
            self.look()
        self.look()

    def memory_is_live(self) -> bool:
        return any(intent.is_live for intent in self.intents())

    def restart(self, life: Life | None = None) -> None:
        """A new process opens the same journal file; nothing but the file is left of the old one."""
        self.journal.close()
        self.life = life
        self.journal = SqliteJournal(self.path)
        self.shift = Shift()
        self.robot = self._start()

    # -- people ---------------------------------------------------------------

    def add(self, headline: str, **cells: Cell) -> int:
        """A row with this headline, not ticked."""
        given: Mapping[str, Cell] = {"Approve": False, "Headline": headline, "Retry": False, **cells}
        return self.sheet.add(given)

    def know_the_tab(self) -> None:
        """The robot has seen the tab once: ticks count from now on."""
        self.look()

    def approve(self, *headlines: str) -> None:
        """Ticks these rows, and the undo window passes."""
        for headline in headlines:
            self.sheet.tick(self.number(headline))
        self.wait(self.policy.undo_seconds + 1)

    def number(self, headline: str) -> int:
        return self.sheet.find("Headline", headline)

    def shown(self, headline: str, column: str = "Status") -> Cell:
        return self.sheet.cell(self.number(headline), column)

    # -- what is the case -----------------------------------------------------

    def memory(self) -> Memory:
        """What the journal file holds, read anew."""
        return self.journal.remember_tab(self.sheet.key)

    def intents(self) -> list[Intent]:
        """Every intent, oldest first."""
        return sorted(self.memory().intents.values(), key=lambda one: (one.approved_at, one.attempt))

    def states(self) -> list[State]:
        return [intent.state for intent in self.intents()]

    def jobs_for(self, headline: str) -> list[FakeJob]:
        """The service's jobs that draw this headline."""
        return [job for job in self.service.jobs.values() if f'"{headline} for ' in job.body]

    def charges_for(self, headline: str) -> int:
        """How often this headline was paid for."""
        return sum(f'"{headline} for ' in charge.body for charge in self.service.charges)

    def peoples_cells(self) -> list[dict[str, Cell]]:
        """All that people typed, row by row."""
        return [
            {name: self.sheet.cell(number, name) for name in PEOPLES if name in self.sheet_columns()}
            for number in self.sheet.numbers
        ]

    def sheet_columns(self) -> tuple[str, ...]:
        return tuple(self.sheet.row(1))

    def changed_peoples_cells(self) -> list[tuple[str, Cell]]:
        """Cells of people the robot wrote to, other than clearing a tick."""
        return changed_peoples_cells(self.sheet)


def changed_peoples_cells(sheet: FakeSheet) -> list[tuple[str, Cell]]:
    """Cells of people the robot wrote to, other than clearing a tick."""
    allowed = {PeopleColumn.APPROVE, PeopleColumn.RETRY}
    return [
        (one.column, one.after)
        for one in sheet.log
        if one.column not in set(RobotColumn)
        and not (one.column in allowed and one.after is False)
        # What people had put there, given back.
        and one.after != one.given
    ]

"""The sheet, the service and the journal of a simulation: as in other stories, but troubled and watched."""

from __future__ import annotations

import json
import shutil
import sqlite3
import uuid
from collections import Counter
from collections.abc import Callable, Sequence
from contextlib import closing
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from pathlib import Path
from typing import Any

from fakes.clock import FakeClock
from fakes.mortal import Life, Mortal
from fakes.render_service import CONFLICT, IDS_REFUSED, NO_CREDITS, Charge, FakeJob, FakeRenderService
from fakes.sheet import OUT_OF_REACH, FakeSheet
from fakes.templates import FakeTemplates
from fakes.world import HEADER, World, changed_peoples_cells, fresh_journal
from watched import WatchedJournal

from bot.adapters.journal import SqliteJournal
from bot.domain.cells import Cell, is_ticked
from bot.domain.contract import PeopleColumn
from bot.domain.failures import Failure
from bot.domain.ids import JobId, RecordId, TabKey, TemplateHash
from bot.domain.jobs import Absent, Accepted, Job, JobPhase, Quote
from bot.planner.actions import CellEdit
from bot.planner.snapshot import Memory, Policy
from bot.ports import NOTHING_BESIDE, Beside, Reading, Receipt, Target
from bot.reconciler.account import AccountWatch
from bot.reconciler.media_desk import MediaDesk
from bot.reconciler.tick import Reconciler

ROW_TOKEN = "Row token"
CAP = str(PeopleColumn.MAX_CREDITS)
_DIALECTS: dict[str, Any] = {}
_COMPILED: dict[Any, Any] = {}
_A_RESTORE = 120.0
"""Nobody puts a copy in place within seconds; until then the service shows every job."""


class OnSend(StrEnum):
    """What the service does with the job id of a submit."""

    SAME_JOB = "keeps ids, answers a repeat with the job it has"
    CONFLICT = "keeps ids, refuses a repeat with 409"
    CHARGES_TWICE = "keeps ids, charges a repeat once more"
    RERUNS = "keeps ids, renders and charges a repeat anew"
    IGNORES = "gives ids of its own"
    REFUSES = "refuses a submit that carries an id"


NAMELESS = {OnSend.IGNORES, OnSend.REFUSES}
"""Where a job has an id we may never learn."""


@dataclass(frozen=True, slots=True)
class Mode:
    """Everything about the service that nobody outside knows."""

    on_send: OnSend
    visible_after: float
    names_at_once: bool
    listed_at_once: bool
    sweep_above: int
    """A habit of the robot's: from how many jobs on it looks into the listing."""


@dataclass(frozen=True, slots=True)
class Acceptance:
    """One paid submit that was accepted: the id asked for, and the id given."""

    asked: JobId
    given: JobId


class TroubledService(FakeRenderService):
    """Knows which of our ids each job was asked for under, and may be out of order for a while."""

    def __init__(self, clock: FakeClock, mode: Mode) -> None:
        super().__init__(clock, visible_after=mode.visible_after)
        self.mode = mode
        self.honours_ids = mode.on_send is not OnSend.IGNORES
        self.names_at_once = mode.names_at_once
        self.listed_at_once = mode.listed_at_once
        self.accepted: list[Acceptance] = []
        self.days: list[date] = []
        """On which day each charge was made."""

        self.sent: dict[JobId, list[float]] = {}
        """When each of our ids was sent, whether or not it arrived."""

        self.refused: Counter[JobId] = Counter()
        self.looked: dict[JobId, list[float]] = {}
        self.outages: dict[str, tuple[float, Failure]] = {}
        """For each call: until when it is answered with what."""

        self._is_named = True
        self.hands: list[Callable[[], None]] = []
        """People who get in while a call is made; each is used once."""

        self.whose: Callable[[str], JobId] = JobId
        """Which of our ids belongs to a job name."""

        self.witness: Callable[[JobId], None] = lambda _: None
        """Called when a paid request leaves the robot."""

    def submit(self, job_id: JobId | None, body: str) -> Accepted | Failure:
        """Without an id, whose it is is told by the name it carries."""
        self._let_people_in()
        is_named, job_id = job_id is not None, job_id or self.whose(str(json.loads(body)["name"]))
        self._is_named = is_named
        self.witness(job_id)
        self.sent.setdefault(job_id, []).append(self.clock.monotonic())
        answer = super().submit(job_id, body)
        if isinstance(answer, Failure):
            self.refused[job_id] += 1
        return answer

    def _let_people_in(self) -> None:
        if self.hands:
            self.hands.pop(0)()

    def ask(self, body: str) -> Quote | Failure:
        self._let_people_in()
        return super().ask(body)

    def look_up(self, job_id: JobId) -> Job | Absent | Failure:
        self._let_people_in()
        self.looked.setdefault(job_id, []).append(self.clock.monotonic())
        return super().look_up(job_id)

    def _refusal(self, call: str) -> Failure | None:
        until, failure = self.outages.get(call, (0.0, OUT_OF_REACH))
        return failure if self.clock.monotonic() < until else super()._refusal(call)

    def _accept(self, job_id: JobId | None, body: str) -> Accepted | Failure:
        assert job_id is not None
        on_send = self.mode.on_send
        if self._is_named and on_send is OnSend.REFUSES:
            return IDS_REFUSED
        known = self.jobs.get(job_id)
        if known and on_send is OnSend.CONFLICT:
            return CONFLICT
        if known and on_send is OnSend.SAME_JOB:
            return Accepted(job_id, self.price)
        if self.balance < self.price:
            return NO_CREDITS
        given = job_id
        if on_send in NAMELESS:
            given = JobId(str(uuid.uuid5(uuid.NAMESPACE_URL, f"{job_id} {len(self.accepted)}")))
        if known and on_send is OnSend.RERUNS:
            known.phase = JobPhase.WAITING
        self.jobs.setdefault(given, FakeJob(given, body, self.clock.monotonic()))
        self.balance -= self.price
        self.charges.append(Charge(given, body, self.price))
        self.accepted.append(Acceptance(job_id, given))
        self.days.append(self.clock.now().date())
        return Accepted(given, self.price)


class TroubledSheet(FakeSheet):
    """Keeps which content each tick stood beside when the robot took it, and may be out of reach."""

    def __init__(self, clock: FakeClock, tab: int = 0) -> None:
        super().__init__((*HEADER, CAP, ROW_TOKEN, "Approve token", "Retry token"), tab)
        self._clock = clock
        self.reads_fail_until = self.writes_fail_until = 0.0
        self.meant: dict[Cell, set[Cell]] = {}
        """What each tick, by its token, may have approved."""

        self._taken_anew: set[Cell] = set()
        self._just_read: dict[Cell, tuple[Cell, bool]] = {}
        self.answered: set[TemplateHash] = set()
        """Template versions somebody has said `Go ahead` for, as far as anybody may have meant it."""

        self.caps: dict[Cell, Cell] = {}
        """What each row may cost at most, by its id, as last read."""

        self.is_clean = True
        """Whether the last write, if any since this was last set, landed whole and where it was meant to."""

        self.has_strayed = False
        """Whether a write since this was last set met other rows than it was meant for."""

    def read(self) -> Reading | Failure:
        if self._clock.monotonic() < self.reads_fail_until:
            return OUT_OF_REACH
        reading = super().read()
        self._just_read = {}
        self.caps = {self.cell(number, "Row ID"): self.cell(number, CAP) for number in self.numbers}
        for number in self.numbers:
            for box in ("Approve", "Retry"):
                token = self.cell(number, f"{box} token")
                is_row = self.cell(number, "Headline") is not None
                if is_row and token is not None and is_ticked(self.cell(number, box)):
                    has_id = self.cell(number, "Row ID") is not None
                    self._just_read[token] = (self.cell(number, "Headline"), has_id)
        return reading

    def believe(self) -> None:
        """What was read last was also taken: a process that died over a read has taken nothing.

        A tick means what it first stood beside. Only in a row that got no id yet, since somebody reached in
        as it was written, nobody can tell an edited row from a new one: there it means what it says now.
        """
        for token, (headline, has_id) in self._just_read.items():
            meant = self.meant.setdefault(token, set())
            if not meant or not has_id or token in self._taken_anew:
                meant.add(headline)
        self._taken_anew -= self._just_read.keys()

    def robot_forgot(self) -> None:
        """An older journal: a tick that stands is taken once more, for what its row says by then."""
        self._taken_anew = set(self.meant)

    def write(
        self, edits: Sequence[CellEdit], target: Target, beside: Beside = NOTHING_BESIDE
    ) -> Receipt | Failure:
        if self._clock.monotonic() < self.writes_fail_until:
            self.is_clean = False
            return OUT_OF_REACH
        had_hands = bool(self.before_write)
        answer = super().write(edits, target, beside)
        if had_hands or not isinstance(answer, Receipt) or answer.misplaced or answer.columns_moved:
            self.is_clean = False
        if isinstance(answer, Receipt) and answer.misplaced and not answer.columns_moved:
            # Such a tick looks once more, and what it read first was taken by then.
            self.has_strayed = True
            self.believe()
        return answer

    def cell(self, number: int, name: str) -> Cell:
        """Nothing where somebody deleted the column."""
        return super().cell(number, name) if name in self.header else None

    def type(self, number: int, name: str, value: Cell) -> None:
        if name in self.header:
            super().type(number, name, value)

    def forgive(self) -> None:
        """A process died over a write: what it spoiled is for the version history to bring back."""
        for row in self._table:
            for cell in row:
                cell.given = cell.value


class AimedLife(Life):
    """A life that may also end at a certain kind of call, whenever that comes."""

    aim: tuple[str, bool] | None = None
    """At which call, and whether only after it was carried out."""

    def live_through(self, name: str, call: Callable[..., Any], *given: Any) -> Any:
        if self.aim is not None and self.aim[0] == name:
            self.die_in(1, after=self.aim[1])
            self.aim = None
        return super().live_through(name, call, *given)


class TroubledWorld(World):
    """A world of several tabs whose journal is watched; each of its processes may die of any port call."""

    service: TroubledService
    sheet: TroubledSheet
    life: AimedLife

    def __init__(self, folder: Path, mode: Mode, tabs: int = 1, policy: Policy | None = None) -> None:
        self.watched = WatchedJournal()
        whose = self.watched.id_of
        self.robots: list[Reconciler] = []
        self.copies: list[Path] = []
        self.forgotten: set[Acceptance] = set()
        """What was paid for before the journal was lost or an older one took its place."""

        self.gone_first: dict[tuple[TabKey, TemplateHash], set[RecordId]] = {}
        """Rows sent with a template version before anybody had said `Go ahead` for it, as far as the journal knows."""

        self.paid_when_forgotten = 0
        self._is_another = False
        self.is_accountable = True
        """Whether days, prices and books are as they were from the beginning, so that a day's spending is known."""

        self.is_edited = False
        """Whether the template was ever edited."""

        clock = FakeClock()
        self.sheets = [TroubledSheet(clock, tab) for tab in range(tabs)]
        super().__init__(
            folder,
            clock=clock,
            service=TroubledService(clock, mode),
            sheet=self.sheets[0],
            life=AimedLife(),
            policy=policy or Policy(sweep_above=mode.sweep_above),
        )
        self.service.whose = whose

    def _start(self) -> Reconciler:
        for sheet in self.sheets:
            sheet.forgive()
        _hurry(self.journal)
        self.watched.begin(self.journal)
        if self._is_another:
            self.watched.believe(self.memories())
            self._is_another = False
        account, media = AccountWatch(self.clock), MediaDesk(self.clock, self.scouts)
        self.robots = [
            self.start(
                Mortal(sheet, self.life, "read", "write"),  # type: ignore[arg-type]
                Mortal(self.watched, self.life, "apply", "learn_tab", "payloads"),  # type: ignore[arg-type]
                Mortal(self.service, self.life, "ask", "submit", "look_up", "find", "sweep"),  # type: ignore[arg-type]
                account,
                media,
            )
            for sheet in self.sheets
        ]
        return self.robots[0]

    def folder_of(self, sheet: TroubledSheet) -> FakeTemplates:
        """The template folder as the robot of this tab sees it."""
        return self.folders[self.sheets.index(sheet) - len(self.sheets)]

    def hear_go_ahead(self, sheet: TroubledSheet) -> None:
        """Somebody's word may be meant for what the folder holds, or for what the robot has seen of it."""
        sheet.answered |= {self.template.hash, self.folder_of(sheet).believed.template.hash}

    def memories(self) -> list[Memory]:
        """What the journal file holds of each tab, read anew."""
        return [self.journal.remember_tab(sheet.key) for sheet in self.sheets]

    def changed_peoples_cells(self) -> list[tuple[str, Cell]]:
        return [one for sheet in self.sheets for one in changed_peoples_cells(sheet)]

    # -- the journal's file ---------------------------------------------------

    def keep_a_copy(self) -> None:
        """Somebody backs the journal up while the robot works."""
        copy = self.path.with_name(f"{self.path.name}.copy{len(self.copies)}")
        with closing(sqlite3.connect(self.path)) as source, closing(sqlite3.connect(copy)) as target:
            source.backup(target)
        self.copies.append(copy)

    def replace_journal(self, copy: Path | None, *, keep: bool = False) -> None:
        """The process ends, and the next one finds an older journal, or none and begins a new one.

        With `keep` what the last one had becomes the copy: two folders take turns.
        """
        self.journal.close()
        kept = self.path.with_name(f"{self.path.name}.kept")
        if keep:
            shutil.copyfile(self.path, kept)
        for left in (self.path, *self.path.parent.glob(f"{self.path.name}-*")):
            left.unlink()
        if copy is None:
            fresh_journal(self.path).close()
        else:
            shutil.copyfile(copy, self.path)
            if keep:
                kept.replace(copy)
        self.is_accountable = False
        self.gone_first.clear()
        self.forgotten |= set(self.service.accepted)
        self.paid_when_forgotten = len(self.service.accepted)
        if self.service.mode.on_send in NAMELESS:
            self.service.sent.clear()
        for sheet in self.sheets:
            sheet.robot_forgot()
        self._is_another = True
        self.clock.advance(_A_RESTORE)

    def state_on_disk(self, job_id: JobId) -> str | None:
        """What another process reads of an intent: committed or not there."""
        with closing(sqlite3.connect(f"file:{self.path}?mode=ro", uri=True)) as file:
            found = file.execute("SELECT state FROM intents WHERE job_id = ?", (job_id,)).fetchone()
        return found[0] if found else None


def _hurry(journal: SqliteJournal) -> None:
    """Processes die here, not machines: what was handed to the kernel is kept, so nobody waits for a disk.

    Statements are compiled once for all of them: hundreds of journals are opened, each with the same ones.
    """
    engine = journal.file.engine
    engine.dialect = _DIALECTS.setdefault("sqlite", engine.dialect)
    engine.update_execution_options(compiled_cache=_COMPILED)
    connection = engine.raw_connection()
    connection.cursor().execute("PRAGMA synchronous=OFF")
    connection.close()

"""Rows, records, intents and snapshots with sensible defaults, and a desk that moves them by plan() alone.

Pure: no I/O and no clock. A test names what matters to it; everything else is a plain, valid row.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from functools import cache
from itertools import islice
from typing import Any
from uuid import UUID

from bot.domain.cells import Cell, Formula, is_ticked
from bot.domain.contract import Columns, Contract, Field, FieldType, PeopleColumn, RobotColumn, locate
from bot.domain.control import Control
from bot.domain.entries import Entry, Tick
from bot.domain.failures import Failure, FailureClass, ProblemCode
from bot.domain.ids import IntentName, JobId, PayloadHash, RecordId, RecordKey, TabKey, derive_job_id
from bot.domain.intents import LIVE, Intent, State
from bot.domain.jobs import Sought
from bot.domain.media.looks import Sights
from bot.domain.records import Content, Record, Rejection, judge
from bot.domain.rows import Row
from bot.domain.templates.template import Label, Payload, Template
from bot.planner.actions import Ask, Call, CellEdit, Plan
from bot.planner.outcomes import Outcomes
from bot.planner.plan import plan
from bot.planner.snapshot import Doubt, Memory, Policy, Snapshot
from bot.reconciler.judge import Judge, Sighting

NOW = datetime(2026, 8, 3, 12, 0, tzinfo=UTC)
TAB = TabKey("spreadsheet-1", 0)
NAMESPACE = UUID("6f0f3c52-6c0e-4b2e-9a55-0d8f6a3c1e11")
PRICE = 9
"""What one video of the default template costs, in any of its formats."""

FIELDS = (
    Field("headline", "Headline", required=True, max_chars=45, per_format={"square": 30}),
    Field("price", "Price", required=True, max_chars=12),
    Field("accent", "Accent colour", FieldType.COLOR, fallback="#2DD4BF"),
    Field("badge", "Badge"),
    Field("link", "Link", FieldType.URL),
    Field("mood", "Mood", FieldType.CHOICE, choices=("Calm", "Loud")),
    Field("count", "Count", FieldType.NUMBER),
)
HEADER: tuple[str, ...] = (
    PeopleColumn.APPROVE,
    *(one.column for one in FIELDS),
    PeopleColumn.RETRY,
    PeopleColumn.FORMAT,
    PeopleColumn.RENDER_AT,
    PeopleColumn.PRIORITY,
    PeopleColumn.MAX_CREDITS,
    *RobotColumn,
)


def contract(*fields: Field, formats: tuple[str, ...] = ("wide", "square")) -> Contract:
    """The default contract, or one of these fields."""
    return Contract(fields or FIELDS, formats)


def project(*visuals: Mapping[str, Any], **keys: Any) -> dict[str, Any]:
    """A nine-second project with these visuals."""
    shown = visuals or ({"type": "SVG", "svg": '<svg fill="{{accent}}"><text>{{headline}}</text></svg>'},)
    return {
        "type": "video",
        "resolution": "hd",
        "duration": 9,
        "visuals": [dict(one) for one in shown],
        **keys,
    }


def template(*visuals: Mapping[str, Any], **changes: Any) -> Template:
    """The default template, or one with these visuals in every format."""
    usual = {
        "title": "Spring",
        "version": "3",
        "name_rule": "{headline}-{row_id}",
        "contract": contract(),
        "projects": {"wide": project(*visuals), "square": project(*visuals, resolution="squared")},
    }
    return Template(**{**usual, **changes})


def picture_template() -> Template:
    """The default one, whose `Link` is a picture and whose `Badge` a sound."""
    kinds = {"link": FieldType.IMAGE, "badge": FieldType.AUDIO}
    fields = [replace(one, type=kinds.get(one.key, one.type)) for one in FIELDS]
    return template(contract=contract(*fields))


_SPRING = template()
_SPRING_HASH = _SPRING.hash


def policy(**changes: Any) -> Policy:
    """The default policy."""
    return Policy(**changes)


@cache
def columns() -> Columns:
    """Where the default header has its columns."""
    found = locate(HEADER, contract())
    assert isinstance(found, Columns)
    return found


def content(headline: str = "Big sale", *, format: str = "wide", **data: str) -> Content:  # noqa: A002
    """What a row says, in normal form."""
    said = {"headline": headline, "price": "€ 9", **data}
    assert set(said) <= {one.key for one in FIELDS}
    return Content(tuple((one.key, said.get(one.key, "")) for one in FIELDS), format)


def record(headline: str = "Big sale", **data: str) -> Record:
    """Content that passed the default contract."""
    judged = judge(content(headline, **data), contract())
    assert isinstance(judged, Record)
    return judged


def rejection(headline: str = "", **data: str) -> Rejection:
    """Content that did not pass the default contract."""
    judged = judge(content(headline, **data), contract())
    assert isinstance(judged, Rejection)
    return judged


def label(record_id: str = "raaab", *, attempt: int = 0) -> Label:
    """Names a payload."""
    return Label(
        RecordId(record_id),
        derive_job_id(
            NAMESPACE, IntentName(RecordKey(TAB, RecordId(record_id)), "wide", content().fingerprint, attempt)
        ),
        attempt,
    )


def row(
    headline: Cell = "Big sale",
    *,
    number: int = 2,
    id: str | None = None,  # noqa: A002
    approve: Cell = False,
    retry: Cell = False,
    format: Cell = None,  # noqa: A002
    render_at: Cell = None,
    priority: Cell = None,
    max_credits: Cell = None,
    robot: Mapping[RobotColumn, Cell] | None = None,
    **data: Cell,
) -> Row:
    """A line of the sheet under the default header."""
    where = columns()
    line: list[Cell] = [None] * len(HEADER)
    line[where.people[PeopleColumn.APPROVE]] = approve
    line[where.people[PeopleColumn.RETRY]] = retry
    line[where.people[PeopleColumn.FORMAT]] = format
    line[where.people[PeopleColumn.RENDER_AT]] = render_at
    line[where.people[PeopleColumn.PRIORITY]] = priority
    line[where.people[PeopleColumn.MAX_CREDITS]] = max_credits
    for key, value in {"headline": headline, "price": "€ 9", **data}.items():
        line[where.data[key]] = value
    for column, value in (robot or {}).items():
        line[where.robot[column]] = value
    if id is not None:
        line[where.row_id] = id
    return Row(number, line)


def intent(
    record_id: str = "raaab",
    state: State = State.WAITING,
    *,
    content: Content | None = None,
    attempt: int = 0,
    **changes: Any,
) -> Intent:
    """A journaled promise for the default content; what its state implies is filled in."""
    said = content if content is not None else globals()["content"]()
    key = RecordKey(TAB, RecordId(record_id))
    usual: dict[str, Any] = {
        "job_name": f"big-sale-{record_id}",
        "template_hash": _SPRING_HASH,
        "template_version": "3",
        "payload_hash": PayloadHash("0" * 64),
        "price_shown": PRICE,
        "approved_at": NOW - timedelta(minutes=5) + timedelta(seconds=attempt),
        "updated_at": NOW,
        "quote": PRICE,
    }
    if state not in {State.WAITING, State.CANCELLED}:
        usual |= {"sent_at": NOW - timedelta(minutes=1), "reserved": PRICE}
    if state not in LIVE:
        usual["finished_at"] = NOW
    if state is State.COMPLETED:
        usual |= {"url": f"https://cdn.example/{record_id}-{attempt}.mp4", "percent": 100}
    return Intent(
        job_id=derive_job_id(NAMESPACE, IntentName(key, said.format, said.fingerprint, attempt)),
        key=key,
        content=said,
        attempt=attempt,
        state=state,
        **{**usual, **changes},
    )


def entry(record_id: str = "raaab", *, content: Content | None = None, **changes: Any) -> Entry:
    """What the journal remembers of a record; a bound one is bound to its content."""
    said = content if content is not None else globals()["content"]()
    if changes.get("approve") is Tick.BOUND:
        changes.setdefault("approved", said.fingerprint)
    return Entry(RecordKey(TAB, RecordId(record_id)), said, **{"row_number": 2, **changes})


def memory(*, entries: Iterable[Entry] = (), intents: Iterable[Intent] = (), is_known: bool = True) -> Memory:
    """What the journal holds about the tab."""
    return Memory.holding(entries, intents, is_known=is_known)


def snapshot(
    rows: Sequence[Row] = (),
    *,
    entries: Iterable[Entry] = (),
    intents: Iterable[Intent] = (),
    is_known: bool = True,
    template: Template | None = None,
    **changes: Any,
) -> Snapshot:
    """One look at a tab that holds these rows in this order, beginning with line 2."""
    design = template if template is not None else _SPRING
    zone = changes.setdefault("zone", UTC)
    found = Judge(design, zone).look([HEADER, *(one.cells for one in rows)])
    assert isinstance(found, Sighting)
    held = changes.pop("memory", None) or memory(entries=entries, intents=intents, is_known=is_known)
    now: datetime = changes.setdefault("now", NOW)
    left = {
        one.job_id: (one.not_before - now).total_seconds()
        for one in held.intents.values()
        if one.is_live and one.not_before is not None
    }
    taken = {str(cell).casefold() for one in rows for cell in one.cells} | set(held.entries)
    fresh = (f"r{number:04d}x" for number in range(1, 10_000))
    usual: dict[str, Any] = {
        "tab": TAB,
        "namespace": NAMESPACE,
        "columns": found.columns,
        "lines": found.lines,
        "blanks": found.blanks,
        "template": design,
        "memory": held,
        "waits": {job: seconds for job, seconds in left.items() if seconds > 0},
        "spare_ids": tuple(RecordId(one) for one in islice((x for x in fresh if x not in taken), len(rows))),
    }
    return Snapshot(**{**usual, **changes})


def written(rows: Sequence[Row], edits: Iterable[CellEdit]) -> list[Row]:
    """The rows as they read after the edits: formulas read back empty, as picture formulas do."""
    lines = [list(one.cells) for one in rows]
    for edit in edits:
        value = None if isinstance(edit.value, Formula) else edit.value
        lines[edit.row_number - 2][edit.column] = value
    return [Row(number, line) for number, line in enumerate(lines, start=2)]


def failure(kind: FailureClass, code: ProblemCode = ProblemCode.SERVICE, **changes: Any) -> Failure:
    """Trouble of this class."""
    return Failure(kind, code, **{"detail": "503: seen by developers only", **changes})


def sought(job_id: str, name: str = "nobody-has-this-name") -> Sought:
    """A job to look for in the listing."""
    return Sought(JobId(job_id), name, NOW, PRICE)


class Desk:
    """A sheet and a journal in memory: people edit, tick() plans and carries out all but the calls."""

    def __init__(self, *rows: Row, is_known: bool = True, template: Template | None = None) -> None:
        self.rows = list(rows)
        self.memory = memory(is_known=is_known)
        self.policy = policy()
        self.now = NOW
        self.template = template
        self.trouble = ""
        self.is_changing = False
        self.doubts: dict[Any, Doubt] = {}
        self.control = Control()
        self.sights: Sights | None = None

    # -- people ---------------------------------------------------------------

    def edit(self, position: int = 0, **data: Cell) -> None:
        """Somebody types into data cells of one row."""
        self._write(position, {columns().data[key]: value for key, value in data.items()})

    def tick_box(self, column: PeopleColumn, value: Cell = True, position: int = 0) -> None:
        """Somebody ticks or clears a box."""
        self._write(position, {columns().people[column]: value})

    def approve(self, position: int = 0) -> None:
        """Somebody ticks Approve."""
        self.tick_box(PeopleColumn.APPROVE, position=position)

    def unapprove(self, position: int = 0) -> None:
        """Somebody clears Approve."""
        self.tick_box(PeopleColumn.APPROVE, value=False, position=position)

    def retry(self, position: int = 0) -> None:
        """Somebody ticks Retry."""
        self.tick_box(PeopleColumn.RETRY, position=position)

    def spoil(self, column: RobotColumn, value: Cell, position: int = 0) -> None:
        """Somebody writes into a robot's cell."""
        self._write(position, {columns().robot[column]: value})

    def _write(self, position: int, cells: Mapping[int, Cell]) -> None:
        line = list(self.rows[position].cells)
        for column, value in cells.items():
            line[column] = value
        self.rows[position] = Row(position + 2, line)

    # -- the robot ------------------------------------------------------------

    def look(self) -> Snapshot:
        """What a tick sees now."""
        return snapshot(
            self.rows,
            memory=self.memory,
            now=self.now,
            template=self.template,
            doubts=self.doubts,
            control=self.control,
            sights=self.sights,
            in_flight=sum(one.state is not State.WAITING for one in self.live()),
            design_trouble=self.trouble,
            is_design_changing=self.is_changing,
        )

    def tick(self, *, is_written: bool = True, **passed: float) -> Plan:
        """One tick after some time: journals the changes, writes the cells (or fails to), hands out the plan."""
        self.now += timedelta(**passed)
        decided = plan(self.look(), self.policy)
        self.memory = self.memory.after(decided.changes).learnt()
        if is_written:
            self.rows = written(self.rows, decided.edits)
        return decided

    def answer(self, call: Call, answer: Any) -> None:
        """Keeps an answer of the service as the reconciler would."""
        outcomes = Outcomes(self.now, self.policy)
        known = self.memory.entries.get(call.intent.key.record)
        if isinstance(call, Ask):
            changes = outcomes.asked(call.intent, known, answer)
        elif hasattr(call, "is_late") or call.intent.state in {State.SUBMITTED, State.ACTIVE}:
            changes = outcomes.looked_up(call, answer)
        else:
            sending = call.intent.moved(State.SENDING, sent_at=self.now)
            changes = outcomes.sent(sending, known, answer)
        self.memory = self.memory.after(changes)

    def settle(self, state: State, position: int = 0, **changes: Any) -> Intent:
        """The row's live intent is suddenly in this state, as if the service had answered."""
        before = self.live(position)[-1]
        usual = intent(str(before.key.record), state, content=before.content, attempt=before.attempt)
        after = replace(usual, quote=before.quote, **changes)
        held = {**self.memory.intents, after.job_id: after}.values()
        known = memory(entries=self.memory.entries.values(), intents=held)
        self.memory = replace(known, gate=self.memory.gate)
        return after

    # -- what is so -----------------------------------------------------------

    def shows(self, column: RobotColumn, position: int = 0) -> Cell:
        """A robot's cell."""
        return self.rows[position].at(columns().robot[column])

    def status(self, position: int = 0) -> str:
        """The first column people look at."""
        return str(self.shows(RobotColumn.STATUS, position) or "")

    def advice(self, position: int = 0) -> str:
        """What the row asks for."""
        return str(self.shows(RobotColumn.WHAT_TO_DO, position) or "")

    def is_ticked(self, column: PeopleColumn, position: int = 0) -> bool:
        """Whether a box is ticked."""
        return is_ticked(self.rows[position].at(columns().people[column]))

    def id(self, position: int = 0) -> str:
        """The row's id cell."""
        return str(self.shows(RobotColumn.ROW_ID, position) or "")

    def intents(self, position: int = 0) -> tuple[Intent, ...]:
        """All promises for the row, oldest first."""
        return self.memory.of(RecordId(self.id(position)))

    def live(self, position: int | None = None) -> list[Intent]:
        """Promises that may still change."""
        found = self.memory.intents.values() if position is None else self.intents(position)
        return [one for one in found if one.is_live]


def payload(body: str = "{}", name: str = "big-sale", price: int = PRICE) -> Payload:
    """A filled-in project."""
    return Payload.of(body, name, price)

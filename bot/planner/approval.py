"""Ticks: what a row's boxes mean now, given what they meant at the last read.

An approval is bound to the content it was given for. Each tick counts once: after it was taken or became
void, the box must be seen empty before it counts again.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from datetime import timedelta
from typing import NamedTuple

from bot.domain import wording
from bot.domain.cells import cell_text, is_ticked
from bot.domain.contract import PeopleColumn, RobotColumn
from bot.domain.entries import Entry, Notice, Tick
from bot.domain.failures import ProblemCode
from bot.domain.ids import IntentName, JobId, RecordKey, derive_job_id, read_job_id
from bot.domain.intents import Intent, State
from bot.domain.records import Record, Rejection, changed_columns
from bot.domain.templates.template import Label, Payload, fill
from bot.planner.actions import Change, Move, Propose, Remember
from bot.planner.budget import price
from bot.planner.carrying import followed, is_about, is_edited, is_refused_elsewhere, is_void, was_refused
from bot.planner.hours import kept_to_time
from bot.planner.identity import Origin, Placed
from bot.planner.media import is_lasting
from bot.planner.restless import watched
from bot.planner.snapshot import Policy, Snapshot
from bot.planner.versions import label_of

_ATTEMPTS_TRIED = 20
"""Attempts whose job id a row's own `Job ID` is compared with on first contact."""


class Boxes(NamedTuple):
    """What a read showed."""

    approve: bool
    retry: bool


def decide_row(placed: Placed, seen: Snapshot, policy: Policy) -> tuple[Entry, tuple[Change, ...]]:
    """The row's new entry, and all changes that its content and boxes ask for."""
    row = _Row(placed, seen, policy)
    row.decide()
    changes = row.changes
    if row.entry != placed.entry:
        changes = [Remember(row.entry), *changes]
    return row.entry, tuple(changes)


def withdraw(intent: Intent, seen: Snapshot) -> Move:
    """Takes back a promise nothing was sent for."""
    return Move(intent, intent.moved(State.CANCELLED, updated_at=seen.now, finished_at=seen.now))


def _binding_nothing_new(entry: Entry) -> Entry:
    """What was taken stays taken; a tick not seen before waits until its box was seen empty."""
    return replace(
        entry,
        approve=Tick.UNKNOWN if entry.approve is Tick.OPEN else entry.approve,
        retry=Tick.UNKNOWN if entry.retry is Tick.OPEN else entry.retry,
    )


class _Row:
    """One row's decision in the making."""

    def __init__(self, placed: Placed, seen: Snapshot, policy: Policy) -> None:
        self._seen = seen
        self._placed = placed
        self._policy = policy
        self._judged = placed.line.judged
        self._content = placed.line.judged.content
        self._print = self._content.fingerprint
        self._intents = seen.memory.of(placed.record)
        self._before = placed.entry
        self.changes: list[Change] = []
        row = placed.line.row
        self._boxes = Boxes(
            approve=is_ticked(row.at(seen.columns.people[PeopleColumn.APPROVE])),
            retry=PeopleColumn.RETRY in seen.columns.people
            and is_ticked(row.at(seen.columns.people[PeopleColumn.RETRY])),
        )
        self.entry = self._start(placed)

    def _start(self, placed: Placed) -> Entry:
        number = placed.line.row.number
        if placed.entry is not None:
            kept = placed.entry
            # Of a row that cannot be understood the time is not known, rather than none.
            at = placed.line.wish.at if isinstance(self._judged, Record) else kept.render_at
            kept = followed(kept, self._content)
            if (kept.row_number, kept.render_at) != (number, at) or not kept.present:
                kept = replace(kept, present=True, row_number=number, render_at=at)
            if self._seen.releases_old_ticks and kept.approve is Tick.UNKNOWN:
                kept = replace(kept, approve=Tick.OPEN)
            is_unsure = placed.origin is Origin.MOVED or self._stands_beside_another()
            return _binding_nothing_new(kept) if is_unsure else kept
        key = RecordKey(self._seen.tab, placed.record)
        fresh = Entry(key, self._content, row_number=number, render_at=placed.line.wish.at)
        if placed.origin is Origin.COPY:
            notice = Notice(ProblemCode.DATA_DUP, wording.READY, wording.copied_from(placed.copied_from))
            return replace(fresh, approve=Tick.SPENT, retry=Tick.SPENT, notice=notice)
        if not self._seen.memory.is_known or placed.origin is Origin.UNCERTAIN:
            return replace(fresh, approve=Tick.UNKNOWN, retry=Tick.UNKNOWN)
        return fresh

    def _stands_beside_another(self) -> bool:
        """Whether an edited row shows a promise of another: ids changed places, and its tick may be that one's."""
        if self._before is None or self._before.content == self._content:
            return False
        said = cell_text(self._placed.line.row.at(self._seen.columns.robot[RobotColumn.APPROVED_AS]))
        return bool(said) and said not in {one.fingerprint[:8] for one in self._intents}

    def decide(self) -> None:
        """Reads the boxes in the order a person would mean them: content first, then approval, then retry."""
        if self._before is None and not self._seen.memory.is_known and self._inherit():
            return
        self._forget_stale_notice()
        self._see_empty_boxes()
        self._tell_of_lost_tick()
        self.entry = watched(self.entry, self._changed(), self._seen.now)
        self._recognise_done()
        if self.entry.approve is Tick.BOUND and is_void(self.entry):
            self._void_for_change()
        self._void_for_budget()
        if self.entry.approve is Tick.BOUND and is_lasting(self._judged):
            self._void_for_links()
        if self._boxes.approve and self.entry.approve is Tick.OPEN:
            self._bind()
        self._carry_over()
        self._withdraw_unapproved()
        if self._boxes.retry and self.entry.retry is Tick.OPEN:
            self._retry()
        elif self.entry.approve is Tick.BOUND and not any(intent.is_live for intent in self._intents):
            self._promise_if_new()
        before = self._before.render_at if self._before is not None else None
        undo = timedelta(seconds=self._policy.undo_seconds)
        self.changes.extend(kept_to_time(self._intents, before, self.entry.render_at, self._seen.now, undo))

    def _inherit(self) -> bool:
        """On a tab this journal does not know: a job the row names, which only this installation could have
        named for this very content, was ours. The service is asked; a tick beside it stands for it.
        """
        named = read_job_id(cell_text(self._placed.line.row.at(self._seen.columns.robot[RobotColumn.JOB_ID])))
        if named is None or not isinstance(self._judged, Record):
            return False
        attempts = (attempt for attempt in range(_ATTEMPTS_TRIED) if self._job_id(attempt) == named)
        attempt = next(attempts, None)
        if attempt is None:
            return self._take_over(named)
        is_bound = self._boxes.approve
        self.entry = replace(
            self.entry,
            approve=Tick.BOUND if is_bound else Tick.OPEN,
            approved=self._print if is_bound else None,
        )
        self._promise(attempt, inherited=True)
        return True

    def _take_over(self, named: JobId) -> bool:
        """On a copy of a spreadsheet: a job that was made for this very content, as the row says, and that the
        service may confirm as finished, is its video too. Its tick stands for nothing more until then.
        """
        said = cell_text(self._placed.line.row.at(self._seen.columns.robot[RobotColumn.APPROVED_AS]))
        if said != self._print[:8]:
            return False
        self._promise(0, inherited=True, known_as=named)
        return True

    def _recognise_done(self) -> None:
        """A tick from before the robot knew the tab, beside a video of this very content: it has what it asks for."""
        if self.entry.approve is not Tick.UNKNOWN or not self._boxes.approve:
            return
        made = [one for one in self._attempts(self._intents) if one.state is not State.CANCELLED][-1:]
        if any(one.state is State.COMPLETED for one in made):
            self.entry = replace(self.entry, approve=Tick.BOUND, approved=self._print)

    def _forget_stale_notice(self) -> None:
        if self._before is None or self.entry.notice is None:
            return
        is_fixed = self.entry.notice.status == wording.NEEDS_FIXING and isinstance(self._judged, Record)
        if is_fixed or is_edited(self._before, self._content):
            self.entry = replace(self.entry, notice=None)

    def _changed(self) -> tuple[str, ...]:
        """Columns somebody changed since the last look."""
        if self._before is None or not is_edited(self._before, self._content):
            return ()
        return changed_columns(self._before.content, self._content, self._seen.template.contract)

    def _see_empty_boxes(self) -> None:
        if not self._boxes.approve and self.entry.approve is not Tick.OPEN:
            if self.entry.approve is Tick.BOUND:
                self._untick()
            self.entry = replace(self.entry, approve=Tick.OPEN, approved=None)
        if not self._boxes.retry and self.entry.retry is not Tick.OPEN:
            self.entry = replace(self.entry, retry=Tick.OPEN)

    def _tell_of_lost_tick(self) -> None:
        """Only a person ticks: a tick that was cleared in another row's stead is told of, where it was still needed."""
        if self.entry.key.record not in self._seen.lost_ticks or self._boxes.approve:
            return
        if all(one.state is State.CANCELLED for one in self._attempts(self._intents)):
            self.entry = replace(self.entry, notice=Notice(None, wording.READY, wording.tick_lost()))

    def _untick(self) -> None:
        """A person takes an approval back."""
        self._give_up(State.CANCELLED)
        is_first = all(intent.state in {State.WAITING, State.CANCELLED} for intent in self._intents)
        if self._withdraw_waiting() and is_first:
            self.entry = replace(self.entry, notice=Notice(None, wording.CANCELLED, wording.withdrawn()))

    def _void_for_change(self) -> None:
        """The content is not what was approved: nothing unsent leaves, the tick is cleared with the reason."""
        names = self._changed()
        notice = None
        if self._withdraw_waiting():
            notice = Notice(None, wording.CHANGED, wording.changed_while_waiting(names))
        self.entry = replace(self.entry, approve=Tick.SPENT, approved=None, notice=notice)

    def _void_for_budget(self) -> None:
        """It would cost more than it may by now: nothing unsent leaves, the row says why."""
        is_too_dear = isinstance(self._judged, Rejection) and self._judged.code is ProblemCode.BUDGET_ROW
        if is_too_dear and self.entry.approve is Tick.BOUND and self._withdraw_waiting():
            self.entry = replace(self.entry, approve=Tick.SPENT, approved=None, notice=None)

    def _void_for_links(self) -> None:
        """A link turned out to be of no use before anything was sent: the row says so beside its cleared tick."""
        if self._withdraw_waiting() or not self._attempts(self._intents):
            self.entry = replace(self.entry, approve=Tick.SPENT, approved=None, notice=None)

    def _carry_over(self) -> None:
        """The template asks for other columns by now, and somebody has said yes to that: promised by their content."""
        is_outdated = self.entry.approve is Tick.BOUND and self.entry.approved != self._print
        if is_outdated and self._seen.is_reviewed and isinstance(self._judged, Record):
            self.entry = replace(self.entry, approved=self._print)

    def _withdraw_unapproved(self) -> None:
        """What waits again after a doubt is sent only if its approval stood through the doubt."""
        if any(
            intent.state is State.WAITING and intent.fingerprint != self.entry.approved
            for intent in self._intents
        ):
            self._withdraw_waiting()

    def _withdraw_waiting(self) -> bool:
        waiting = [intent for intent in self._intents if intent.state is State.WAITING]
        for intent in waiting:
            self.changes.append(withdraw(intent, self._seen))
        gone = {intent.job_id for intent in waiting}
        self._intents = tuple(intent for intent in self._intents if intent.job_id not in gone)
        return bool(waiting)

    def _give_up(self, to: State) -> None:
        """A person decided on what nobody could tell: the old job is no longer waited for."""
        for intent in self._intents:
            if intent.state is State.NEEDS_DECISION:
                ended = intent.moved(
                    to, updated_at=self._seen.now, finished_at=self._seen.now, not_before=None
                )
                self.changes.append(Move(intent, ended))
        self._intents = tuple(one for one in self._intents if one.state is not State.NEEDS_DECISION)

    def _bind(self) -> None:
        is_restless = self.entry.churn is not None and self.entry.churn.is_restless
        if isinstance(self._judged, Record) and not is_restless and not self._was_refused():
            self.entry = replace(self.entry, approve=Tick.BOUND, approved=self._print, notice=None)
        else:
            self.entry = replace(self.entry, approve=Tick.SPENT, approved=None)
            if isinstance(self._judged, Rejection):
                notice = Notice(self._judged.code, wording.NEEDS_FIXING, self._judged.text)
                self.entry = replace(self.entry, notice=notice)

    def _was_refused(self) -> bool:
        """Whether the service already refused this very content: only an edit can help."""
        return any(was_refused(one, self._seen.template.hash) for one in self._all_attempts()[-1:])

    def _retry(self) -> None:
        """A deliberate redo: a new attempt under a new job id, once the former one has ended."""
        self.entry = replace(self.entry, retry=Tick.SPENT)
        if self.entry.approve is Tick.BOUND:
            self._give_up(State.FAILED)
        if any(intent.is_live for intent in self._intents):
            return
        if self.entry.approve is Tick.BOUND:
            self._promise()
        elif not self._boxes.approve:
            notice = Notice(None, wording.READY, wording.retry_needs_approval())
            self.entry = replace(self.entry, notice=notice)

    def _promise_if_new(self) -> None:
        """The standing approval gets its intent, unless one for this very content already ended."""
        ended = self._attempts(self._intents)
        version = self._seen.template.hash
        if not ended or ended[-1].state is State.CANCELLED or is_refused_elsewhere(ended[-1], version):
            self._promise()

    def _promise(
        self, attempt: int | None = None, *, inherited: bool = False, known_as: JobId | None = None
    ) -> None:
        record = self._judged
        if not isinstance(record, Record):
            return
        if attempt is None:
            attempt = 1 + max((one.attempt for one in self._all_attempts()), default=-1)
        label = Label(self.entry.key.record, self._job_id(attempt), attempt)
        payload = fill(self._seen.template, record, label)
        if isinstance(payload, Payload):
            intent = self._intent(payload, attempt)
            if inherited:
                # Sent long ago: only looked for. `losses` keeps it from ever being sent again by itself.
                intent = replace(intent, state=State.CHECKING, losses=1, not_before=None, known_as=known_as)
                if known_as is not None:
                    intent = replace(intent, reserved=0)
            self.changes.append(Propose(intent, payload, self._seen.template))

    def _job_id(self, attempt: int) -> JobId:
        name = IntentName(self.entry.key, self._content.format, self._print, attempt)
        return derive_job_id(self._seen.namespace, name)

    def _all_attempts(self) -> list[Intent]:
        return self._attempts(self._seen.memory.of(self.entry.key.record))

    def _attempts(self, intents: Iterable[Intent]) -> list[Intent]:
        """Those for this very content, in their own count: a wall clock set back does not make an old one the last."""
        return sorted((one for one in intents if is_about(one, self.entry)), key=lambda one: one.attempt)

    def _intent(self, payload: Payload, attempt: int) -> Intent:
        now = self._seen.now
        return Intent(
            job_id=self._job_id(attempt),
            key=self.entry.key,
            content=self._content,
            attempt=attempt,
            state=State.WAITING,
            job_name=payload.name,
            template_hash=self._seen.template.hash,
            template_version=label_of(self._seen.template, self._seen.memory),
            payload_hash=payload.hash,
            price_shown=max(payload.price, price(self._placed, self._seen) or 0),
            approved_at=now,
            updated_at=now,
            not_before=now + timedelta(seconds=self._policy.undo_seconds),
        )

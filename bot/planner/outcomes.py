"""Answers: what the journal keeps of each answer the service gave. Pure; the calls happen elsewhere."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime, timedelta

from bot.domain import wording
from bot.domain.entries import Entry, Notice, Tick
from bot.domain.failures import Failure, FailureClass, ProblemCode
from bot.domain.intents import Intent, State, Trouble
from bot.domain.jobs import Absent, Accepted, Job, JobPhase, Quote, Suspects, Unlisted
from bot.domain.templates.template import Template, column_behind
from bot.planner.actions import Change, Move, Poll, Remember, Resolve
from bot.planner.backoff import poll_delay, retry_delay, share_of
from bot.planner.snapshot import Policy


class Outcomes:
    """Turns answers into changes, as of one moment."""

    def __init__(self, now: datetime, policy: Policy, template: Template | None = None) -> None:
        """The template tells which column a refusal is about, of what was made with it."""
        self._now = now
        self._policy = policy
        self._template = template

    def asked(self, intent: Intent, entry: Entry | None, answer: Quote | Job | Failure) -> tuple[Change, ...]:
        """A quote is kept; a dearer one than the row showed voids the approval; a job that exists is adopted."""
        if isinstance(answer, Job):
            adopted = replace(intent, quote=intent.quote or intent.price_shown, sent_at=intent.approved_at)
            return (Move(intent, self._as_job(Poll(adopted), answer).after),)
        if isinstance(answer, Quote):
            if answer.credits > intent.price_shown:
                return self._void_dearer(intent, entry, answer.credits)
            return (self._move(intent, State.WAITING, quote=answer.credits, trouble=None),)
        if answer.kind is FailureClass.REJECTED:
            return self._refused(intent, entry, answer)
        return (self._waits(intent, answer),)

    def sent(self, intent: Intent, entry: Entry | None, answer: Accepted | Failure) -> tuple[Change, ...]:
        """The answer to the paid request."""
        if isinstance(answer, Accepted):
            other = answer.job_id if answer.job_id != intent.job_id else None
            reserved = answer.reserved if answer.reserved is not None else intent.quote
            return (
                self._move(
                    intent,
                    State.SUBMITTED,
                    reserved=reserved,
                    known_as=other,
                    trouble=None,
                    not_before=self._in(self._policy.poll_seconds),
                ),
            )
        match answer.kind:
            case FailureClass.REJECTED:
                return self._refused(intent, entry, answer)
            case FailureClass.IDS_REFUSED:
                return (self._waits(replace(intent, named=False), answer, since=intent),)
            case FailureClass.IN_DOUBT | FailureClass.MALFORMED | FailureClass.CONFLICT:
                trouble = Trouble(answer.kind, ProblemCode.UNSURE, wording.making_sure(), answer.detail)
                return (self._move(intent, State.CHECKING, trouble=trouble, not_before=None),)
            case _:
                return (self._waits(intent, answer),)

    def unquoted(self, intents: Iterable[Intent]) -> tuple[Change, ...]:
        """Quotes that are worth nothing any more; a dearer one then voids the approval as ever."""
        return tuple(
            self._move(one, State.WAITING, quote=None)
            for one in intents
            if one.state is State.WAITING and one.quote is not None
        )

    def looked_up(
        self, call: Resolve | Poll, answer: Job | Absent | Suspects | Unlisted | Failure
    ) -> tuple[Change, ...]:
        """What the service says of a job."""
        intent = call.intent
        if isinstance(call, Resolve) and intent.is_taken_over:
            return (self._taken_over(call, answer),)
        if isinstance(answer, Job):
            return (self._as_job(call, answer),)
        if isinstance(call, Poll):
            if isinstance(answer, Absent) and call.is_lost and intent.state is not State.NEEDS_DECISION:
                return (
                    self._undecided(intent, ProblemCode.TIMEOUT, wording.lost_at_service(), "404 for good"),
                )
            return (self._overdue(call) or self._later(intent),)
        if call.is_second and isinstance(answer, (Absent, Suspects)):
            return (self._settled(call, answer),)
        return (replace_wait(intent, self._in(self._probe_gap(call))),)

    def _taken_over(self, call: Resolve, answer: Job | Absent | Suspects | Unlisted | Failure) -> Move:
        """The job a copied row names: only a finished video of it is of use, and nothing is lost without."""
        intent = call.intent
        if isinstance(answer, (Failure, Unlisted)):
            return replace_wait(intent, self._in(self._probe_gap(call)))
        if isinstance(answer, Job) and answer.phase is JobPhase.COMPLETED and answer.url:
            return self._as_job(call, answer)
        return self._move(intent, State.CANCELLED, finished_at=self._now, not_before=None)

    def _settled(self, call: Resolve, answer: Absent | Suspects) -> Move:
        """The service does not know the id, late and twice: one more send, if that cannot pay twice.

        It can when the service does not keep our ids, when it said the id was taken, or when the listing has
        nameless jobs that may be this one. A person decides then, and when a second send got lost as well.
        """
        intent = call.intent
        is_taken = intent.trouble is not None and intent.trouble.kind is FailureClass.CONFLICT
        may_be_there = isinstance(answer, Suspects) and call.honours_ids is not True
        if is_taken or may_be_there or call.honours_ids is False or intent.losses:
            return self._undecided(
                intent, ProblemCode.UNSURE, wording.nobody_can_tell(), "settled, yet unclear"
            )
        detail = "settled: the service has no such job"
        trouble = Trouble(FailureClass.TRANSIENT, ProblemCode.NET, wording.cause_network(), detail)
        return self._move(
            intent,
            State.WAITING,
            tries=intent.tries + 1,
            losses=intent.losses + 1,
            trouble=trouble,
            not_before=None,
        )

    def _undecided(self, intent: Intent, code: ProblemCode, text: str, detail: str) -> Move:
        """Nothing more is sent; the job is still looked for, seldom."""
        trouble = Trouble(FailureClass.IN_DOUBT, code, text, detail)
        slowly = self._in(self._policy.poll_ceiling_seconds)
        return self._move(intent, State.NEEDS_DECISION, trouble=trouble, not_before=slowly)

    def _overdue(self, call: Resolve | Poll) -> Move | None:
        """A job that takes longer than the deadline: nobody knows yet, so it is never called failed."""
        intent = call.intent
        if not isinstance(call, Poll) or not call.is_overdue or intent.state is State.NEEDS_DECISION:
            return None
        minutes = round(self._policy.deadline_seconds / 60)
        return self._undecided(intent, ProblemCode.TIMEOUT, wording.overdue(minutes), "deadline passed")

    def _as_job(self, call: Resolve | Poll, job: Job) -> Move:
        intent = call.intent
        keeps: dict[str, object] = {"service_word": job.word, "percent": job.percent, "trouble": None}
        if job.percent is None:
            keeps["percent"] = intent.percent
        if intent.reserved is None:
            keeps["reserved"] = intent.quote
        if job.job_id != intent.service_id:
            keeps["known_as"] = job.job_id
        if job.phase is JobPhase.COMPLETED and job.url:
            keeps |= {"url": job.url, "thumbnail_url": job.thumbnail_url, "percent": 100}
            return self._move(intent, State.COMPLETED, finished_at=self._now, not_before=None, **keeps)
        if job.phase is JobPhase.FAILED and job.url and intent.state is not State.WAITING:
            return self._contradicted(intent)
        if job.phase is JobPhase.FAILED and not job.url:
            reason = job.failed_reason or "no reason given"
            text = wording.render_failed()
            keeps["trouble"] = Trouble(FailureClass.TRANSIENT, ProblemCode.RENDER_FAIL, text, reason)
            return self._move(intent, State.FAILED, finished_at=self._now, not_before=None, **keeps)
        return self._overdue(call) or self._under_way(intent, job, keeps)

    def _contradicted(self, intent: Intent) -> Move:
        """Failed, and yet there is a video: to call it either would be a guess, and Retry may pay twice."""
        known = intent.trouble.code if intent.trouble else None
        if intent.state is State.NEEDS_DECISION and known is ProblemCode.SERVICE:
            return self._later(intent)
        return self._undecided(
            intent, ProblemCode.SERVICE, wording.failed_with_a_video(), "failed, yet a link"
        )

    def _under_way(self, intent: Intent, job: Job, keeps: dict[str, object]) -> Move:
        if (
            intent.state is State.NEEDS_DECISION
            and intent.trouble
            and intent.trouble.code is ProblemCode.TIMEOUT
        ):
            return self._later(intent)
        to = State.ACTIVE if job.phase is JobPhase.ACTIVE or intent.state is State.ACTIVE else State.SUBMITTED
        changed = (
            to is not intent.state or keeps["percent"] != intent.percent or job.word != intent.service_word
        )
        if not changed:
            return self._later(intent)
        return self._move(intent, to, not_before=self._next_poll(intent), **keeps)

    def _later(self, intent: Intent) -> Move:
        return replace_wait(intent, self._next_poll(intent))

    def _next_poll(self, intent: Intent) -> datetime:
        if intent.state is State.NEEDS_DECISION:
            return self._in(self._policy.poll_ceiling_seconds)
        age = (self._now - (intent.sent_at or self._now)).total_seconds()
        return self._in(poll_delay(max(age, 0), self._policy.poll_seconds, self._policy.poll_ceiling_seconds))

    def _probe_gap(self, call: Resolve) -> float:
        """Looks for a lost job come quickly at first, then a few within the settle time."""
        return 2.0 if call.is_late else max(1.0, min(15.0, self._policy.settle_seconds / 4))

    def _waits(self, intent: Intent, failure: Failure, *, since: Intent | None = None) -> Move:
        """Surely nothing was accepted: back into the line.

        Where the account is held, the row keeps its place and the hold says when; else its own delay does.
        """
        delay: float | None = None
        match failure.kind:
            case FailureClass.THROTTLED:
                text = wording.cause_rate()
            case FailureClass.IDS_REFUSED:
                delay = retry_delay(0, share_of(intent.job_id))
                text = wording.cause_ids()
            case FailureClass.EXHAUSTED:
                text = wording.credits_short(*(failure.credits or ()))
            case FailureClass.DENIED:
                is_address = failure.code is ProblemCode.ADDRESS
                text = wording.address_wrong() if is_address else wording.key_refused()
            case _:
                delay = retry_delay(intent.tries, share_of(intent.job_id))
                causes = {
                    ProblemCode.NET: wording.cause_network,
                    ProblemCode.CERTIFICATE: wording.cause_certificate,
                }
                text = causes.get(failure.code, wording.cause_service)()
        trouble = Trouble(failure.kind, failure.code, text, failure.detail)
        until = self._in(delay) if delay is not None else None
        move = self._move(intent, State.WAITING, tries=intent.tries + 1, trouble=trouble, not_before=until)
        return move if since is None else Move(since, move.after)

    def _refused(self, intent: Intent, entry: Entry | None, failure: Failure) -> tuple[Change, ...]:
        """The data is wrong: this attempt ends, the tick is cleared, the author edits."""
        text = wording.refused_by_service(*self._what_was_wrong(intent, failure))
        trouble = Trouble(FailureClass.REJECTED, failure.code, text, failure.detail)
        ended = self._move(intent, State.FAILED, trouble=trouble, finished_at=self._now, not_before=None)
        return (ended, *self._cleared(entry, None))

    def _what_was_wrong(self, intent: Intent, failure: Failure) -> tuple[str, str | None]:
        """The service's words, and the column they are about where one of the row's cells stands there."""
        if not failure.fields:
            return "it gave no reason.", None
        place, words = failure.fields[0]
        template = self._template
        if template is None or template.hash != intent.template_hash:
            return words, None
        return words.replace(place, "").strip() or words, column_behind(template, intent.content, place)

    def _void_dearer(self, intent: Intent, entry: Entry | None, now: int) -> tuple[Change, ...]:
        notice = Notice(None, wording.CHANGED, wording.dearer(now, intent.price_shown))
        ended = self._move(intent, State.CANCELLED, quote=now, finished_at=self._now, not_before=None)
        return (ended, *self._cleared(entry, notice))

    def _cleared(self, entry: Entry | None, notice: Notice | None) -> tuple[Change, ...]:
        if entry is None:
            return ()
        return (Remember(replace(entry, approve=Tick.SPENT, approved=None, notice=notice)),)

    def _in(self, seconds: float) -> datetime:
        return self._now + timedelta(seconds=seconds)

    def _move(self, intent: Intent, to: State, **changes: object) -> Move:
        return Move(intent, intent.moved(to, updated_at=self._now, **changes))


def replace_wait(intent: Intent, until: datetime) -> Move:
    """Only the time of the next step changes: worth a timer, not a journal commit."""
    return Move(intent, replace(intent, not_before=until))


def is_only_a_wait(change: Change) -> bool:
    """Whether a change says nothing but when to look again."""
    return (
        isinstance(change, Move)
        and change.before.state is change.after.state
        and replace(change.before, not_before=change.after.not_before) == change.after
    )

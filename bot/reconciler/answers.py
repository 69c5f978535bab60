"""Takes answers in: what each one changes is journaled the moment it is here, and timed by this process's own clock."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import structlog

from bot.domain.bugs import bug_of
from bot.domain.entries import Entry
from bot.domain.failures import Failure, FailureClass, ProblemCode
from bot.domain.ids import RecordId
from bot.domain.intents import State
from bot.domain.jobs import Absent, Accepted, Job, Quote, Suspects, Unlisted
from bot.domain.templates.template import Template
from bot.planner.actions import Ask, Call, Change, Move, Poll, Remember, Resolve, SetGate, Submit
from bot.planner.gate import after_endings
from bot.planner.outcomes import Outcomes
from bot.planner.snapshot import Policy
from bot.reconciler.account import AccountWatch
from bot.reconciler.books import Books
from bot.reconciler.execute import Answer, NotMade

log = structlog.get_logger()


class Answers:
    """One tab's way from what the service said into the books."""

    def __init__(
        self,
        books: Books,
        account: AccountWatch,
        policy: Policy,
        template: Callable[[], Template | None] = lambda: None,
    ) -> None:
        """The template tells which column a refusal is about."""
        self._books = books
        self._account = account
        self._clock = books.clock
        self._template = template
        self._policy = policy

    def take(self, given: Sequence[tuple[Call, Answer | NotMade]]) -> None:
        """Keeps answers the moment they are here, in one commit."""
        self._take_back([call for call, answer in given if isinstance(answer, NotMade)])
        answers = [(call, answer) for call, answer in given if not isinstance(answer, NotMade)]
        outcomes = Outcomes(self._clock.now(), self._policy, self._template())
        entries = dict[RecordId, Entry]()
        changes: list[Change] = []
        for call, answer in _one_by_one(answers):
            self._account.heard(answer, was_paid=isinstance(call, Submit))
        for call, answer in answers:
            record = call.intent.key.record
            entry = entries.get(record) or self._books.memory.entries.get(record)
            found = self._understood(outcomes, call, entry, answer)
            entries |= {
                change.entry.key.record: change.entry for change in found if isinstance(change, Remember)
            }
            changes += found
        changes += self._ask_again(outcomes, answers, changes)
        gate = self._books.memory.gate
        after = after_endings(gate, changes)
        if after != gate:
            changes.append(SetGate(self._books.tab, after))
        self._books.apply(changes)
        for call, answer in answers:
            _tell_of_refusal(call, answer, changes)

    def _ask_again(
        self, outcomes: Outcomes, answers: Sequence[tuple[Call, Answer]], changes: Sequence[Change]
    ) -> tuple[Change, ...]:
        """Prices went up between a quote and its send: what is not sent yet is quoted anew before it leaves."""
        dearer = [call.intent.key for call, answer in answers if _cost_more(call, answer)]
        if not dearer:
            return ()
        log.warning("charged_more_than_quoted", keys=[str(key) for key in dearer])
        changed = {change.before.job_id for change in changes if isinstance(change, Move)}
        return outcomes.unquoted(one for one in self._books.memory.live.values() if one.job_id not in changed)

    def _take_back(self, calls: Sequence[Call]) -> None:
        """Surely nothing was sent: what was marked as being sent waits again."""
        now = self._clock.now()
        sends = [call.intent for call in calls if isinstance(call, Submit)]
        self._books.apply(
            [Move(one, one.moved(State.WAITING, updated_at=now, sent_at=None)) for one in sends]
        )

    def _understood(
        self, outcomes: Outcomes, call: Call, entry: Entry | None, answer: Answer
    ) -> tuple[Change, ...]:
        """What an answer changes; one that we fail to understand takes no neighbour with it."""
        try:
            return self._outcome(outcomes, call, entry, answer)
        except Exception as error:
            log.exception("answer_met_a_bug", number=bug_of(error).number, job_id=call.intent.job_id)
            if not isinstance(call, Submit):
                return ()
            # It may have been a yes.
            unclear = Failure(
                FailureClass.IN_DOUBT, ProblemCode.BUG, f"not understood ({type(error).__name__})"
            )
            return outcomes.sent(call.intent, entry, unclear)

    def _outcome(
        self, outcomes: Outcomes, call: Call, entry: Entry | None, answer: Answer
    ) -> tuple[Change, ...]:
        match call, answer:
            case Ask(intent), (Quote() | Job() | Failure()) as said:
                return outcomes.asked(intent, entry, said)
            case Submit(intent), (Accepted() | Failure()) as said:
                return outcomes.sent(intent, entry, said)
            case (Resolve() | Poll()) as look, (
                Job() | Absent() | Suspects() | Unlisted() | Failure()
            ) as said:
                self._time_doubt(look, said)
                return outcomes.looked_up(look, said)
            case _:
                raise TypeError(f"{type(answer).__name__} is no answer to {type(call).__name__}")

    def _time_doubt(self, look: Resolve | Poll, said: Job | Absent | Suspects | Unlisted | Failure) -> None:
        timers, job_id = self._books.timers, look.intent.job_id
        if isinstance(look, Poll) and look.is_swept:
            self._time_look_alone(look, said)
        if isinstance(said, Job):
            timers.end_doubt(job_id)
        elif isinstance(said, Absent):
            timers.begin_doubt(job_id, self._clock.monotonic())
            if isinstance(look, Resolve) and look.is_late:
                timers.count_absence(job_id)

    def _time_look_alone(self, look: Poll, said: Job | Absent | Suspects | Unlisted | Failure) -> None:
        """What the listing does not show has a slow schedule of its own."""
        timers, job_id = self._books.timers, look.intent.job_id
        if isinstance(said, Job) and not look.is_alone:
            timers.was_listed(job_id)
        else:
            soon = self._clock.monotonic() + self._policy.poll_ceiling_seconds
            timers.look_alone(job_id, soon, anew=look.is_alone)


def _one_by_one(answers: Sequence[tuple[Call, Answer]]) -> list[tuple[Call, Answer]]:
    """Answers as the service gave them: one failed look into the listing answers many calls."""
    given: dict[int, tuple[Call, Answer]] = {}
    for call, answer in answers:
        is_shared = isinstance(call, Poll) and call.is_swept and isinstance(answer, Failure)
        given[id(answer) if is_shared else id(call)] = call, answer
    return list(given.values())


def _cost_more(call: Call, answer: Answer) -> bool:
    """Whether a send was charged more than its quote said."""
    if not isinstance(call, Submit) or not isinstance(answer, Accepted):
        return False
    return (answer.reserved or 0) > (call.intent.quote or 0)


def _tell_of_refusal(call: Call, answer: Answer, changes: Sequence[Change]) -> None:
    if not isinstance(answer, Failure):
        return
    mine = (one.after for one in changes if isinstance(one, Move) and one.after.job_id == call.intent.job_id)
    after = next(mine, call.intent)
    log.warning(
        "service_refused",
        call=type(call).__name__,
        kind=answer.kind,
        detail=answer.detail,
        row_id=after.key.record,
        job_id=after.job_id,
        state=after.state.value,
    )

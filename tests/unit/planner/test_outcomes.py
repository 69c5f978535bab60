"""Answers: what becomes of an intent for every answer the service can give in every state."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest
from builders import NOW, PRICE, entry, failure, intent, policy, template

from bot.domain.entries import Tick
from bot.domain.failures import FailureClass, ProblemCode
from bot.domain.ids import JobId
from bot.domain.intents import State, Trouble
from bot.domain.jobs import Absent, Accepted, Job, JobPhase, Quote, Suspects, Unlisted
from bot.planner.actions import Move, Poll, Remember, Resolve
from bot.planner.outcomes import Outcomes, is_only_a_wait, replace_wait

F, P = FailureClass, ProblemCode
OUTCOMES = Outcomes(NOW, policy())
BOUND = entry(approve=Tick.BOUND)
SENDING = intent(state=State.SENDING, reserved=None)
SECRET = "503: seen by developers only"


def after(changes):
    """The intent the only move leads to."""
    (move,) = [one for one in changes if isinstance(one, Move)]
    return move.after


def remembered(changes):
    (kept,) = [one.entry for one in changes if isinstance(one, Remember)]
    return kept


def wait(one):
    return (one.not_before - NOW).total_seconds()


def job(phase=JobPhase.ACTIVE, word=None, **facts):
    return Job(intent().job_id, phase, word or phase.value, **facts)


# -- the free question --------------------------------------------------------


@pytest.mark.parametrize("amount", [0, 1, PRICE])
def test_quote_is_kept(amount):
    """A quote up to the price shown is kept, and clears old trouble."""
    changes = OUTCOMES.asked(intent(quote=None, tries=2), BOUND, Quote(amount))

    assert len(changes) == 1
    assert (after(changes).state, after(changes).quote, after(changes).trouble) == (
        State.WAITING,
        amount,
        None,
    )


def test_dearer_quote():
    """A higher quote withdraws the promise and voids the approval with both prices."""
    changes = OUTCOMES.asked(intent(quote=None), BOUND, Quote(36))

    assert (after(changes).state, after(changes).finished_at) == (State.CANCELLED, NOW)
    assert (remembered(changes).approve, remembered(changes).approved) == (Tick.SPENT, None)
    assert "36 credits, was 9" in remembered(changes).notice.text


def test_quote_refused():
    """Data the service refuses ends the attempt before anything was sent, and clears the tick."""
    refusal = failure(F.REJECTED, P.ZVID_REJECT, fields=(("a", "One."), ("b", "Two."), ("c", "Three.")))

    changes = OUTCOMES.asked(intent(quote=None), BOUND, refusal)

    assert after(changes).state is State.FAILED
    assert after(changes).trouble.text == "Zvid did not accept the row: One."
    assert remembered(changes).approve is Tick.SPENT


@pytest.mark.parametrize(
    ("made_with", "words"),
    [("now", '"Headline": Too long.'), ("an earlier version", "visuals[0].text Too long.")],
)
def test_quote_refused_for_one_cell(made_with, words):
    """Which column a refusal is about, as far as the template it was made with is still the one at hand."""
    design = template({"type": "TEXT", "text": "{{headline}}"})
    refusal = failure(F.REJECTED, P.ZVID_REJECT, fields=(("visuals[0].text", "visuals[0].text Too long."),))
    asked = intent(quote=None, **({"template_hash": design.hash} if made_with == "now" else {}))

    changes = Outcomes(NOW, policy(), design).asked(asked, BOUND, refusal)

    assert after(changes).trouble.text == f"Zvid did not accept the row: {words}"


@pytest.mark.parametrize(
    ("phase", "then"),
    [
        (JobPhase.WAITING, State.SUBMITTED),
        (JobPhase.ACTIVE, State.ACTIVE),
        (JobPhase.FAILED, State.FAILED),
    ],
)
def test_job_that_exists_before_it_was_sent(phase, then):
    """A job of this very name is ours, from a journal that was lost: adopted, never sent again."""
    one = after(OUTCOMES.asked(intent(quote=None), BOUND, job(phase)))

    assert (one.state, one.reserved, one.sent_at) == (then, PRICE, one.approved_at)


ACCOUNT = {F.THROTTLED, F.EXHAUSTED, F.DENIED}
"""Trouble of the whole account: a hold says when, and nobody loses the place in line."""


def keeps_its_place(one):
    return one.not_before is None


@pytest.mark.parametrize("kind", sorted(set(F) - {F.REJECTED}))
def test_quote_that_failed(kind):
    """Whatever else happens to the free question, the row waits and asks again later."""
    changes = OUTCOMES.asked(intent(quote=None), BOUND, failure(kind))

    assert len(changes) == 1
    assert (after(changes).state, after(changes).tries) == (State.WAITING, 1)
    assert keeps_its_place(after(changes)) == (kind in ACCOUNT)


# -- the paid request ---------------------------------------------------------


def test_accepted():
    """An accepted job is followed from now on, with what was reserved for it."""
    one = after(OUTCOMES.sent(SENDING, BOUND, Accepted(SENDING.job_id, 9)))

    assert (one.state, one.reserved, one.known_as, one.trouble) == (State.SUBMITTED, 9, None, None)
    assert wait(one) == 5


def test_accepted_under_another_id():
    """A service that names the job itself is asked by that name; ours stays."""
    one = after(OUTCOMES.sent(SENDING, BOUND, Accepted(JobId("theirs"), 9)))

    assert (one.job_id, one.service_id) == (SENDING.job_id, "theirs")


def test_accepted_without_a_sum():
    """Where the answer names no sum, the quote is what was spent."""
    assert after(OUTCOMES.sent(SENDING, BOUND, Accepted(SENDING.job_id, None))).reserved == PRICE


def test_f_Z28_quotes_worth_nothing():
    """Only what waits with a quote is asked for again; its turn and its approval stand."""
    waiting = intent("raaab", not_before=NOW)
    others = [intent("rbbbc", quote=None), intent("rcccd", State.ACTIVE)]

    (move,) = OUTCOMES.unquoted([waiting, *others])

    assert move.before == waiting
    assert (move.after.state, move.after.quote, move.after.not_before) == (State.WAITING, None, NOW)


@pytest.mark.parametrize("kind", [F.IN_DOUBT, F.MALFORMED])
def test_unclear_answer(kind):
    """When nobody knows whether a send arrived, it is looked up; it is neither repeated nor failed."""
    changes = OUTCOMES.sent(SENDING, BOUND, failure(kind))

    assert len(changes) == 1
    assert (after(changes).state, after(changes).tries) == (State.CHECKING, 0)
    assert after(changes).trouble.code is P.UNSURE
    assert after(changes).not_before is None


@pytest.mark.parametrize(
    ("trouble", "text"),
    [
        (failure(F.TRANSIENT, P.NET), "Connection trouble."),
        (failure(F.TRANSIENT, P.SERVICE), "Zvid had a hiccup."),
        (failure(F.THROTTLED, P.RATE), "Zvid's limit is reached."),
        (failure(F.EXHAUSTED, P.CREDITS), "Not enough credits at Zvid. Continues by itself after a top-up."),
        (
            failure(F.DENIED, P.ADDRESS),
            "Zvid is not at the address in the settings. Rows are safe. An admin must correct it.",
        ),
        (failure(F.DENIED, P.AUTH), "The Zvid key was refused. Rows are safe. An admin must renew the key."),
    ],
    ids=lambda given: given.kind if hasattr(given, "kind") else "",
)
def test_clear_refusal(trouble, text):
    """A send that surely was not accepted goes back into the line, says why, and counts as a try."""
    changes = OUTCOMES.sent(SENDING, BOUND, trouble)

    one = after(changes)
    assert len(changes) == 1
    assert (one.state, one.tries, one.trouble.kind, one.trouble.text) == (
        State.WAITING,
        1,
        trouble.kind,
        text,
    )
    assert one.attempt == SENDING.attempt
    assert keeps_its_place(one) == (trouble.kind in ACCOUNT)


def test_f_Z01_id_refused():
    """The same attempt goes out again soon, without the id; nothing is held and the tick stands."""
    changes = OUTCOMES.sent(SENDING, BOUND, failure(F.IDS_REFUSED))

    one = after(changes)
    assert len(changes) == 1
    assert changes[0].before == SENDING
    assert (one.state, one.named, one.attempt, one.tries) == (State.WAITING, False, 0, 1)
    assert 2 <= wait(one) <= 5


def test_sent_and_refused():
    """Data refused on the paid request ends the attempt and clears the tick."""
    changes = OUTCOMES.sent(SENDING, BOUND, failure(F.REJECTED, P.ZVID_REJECT, fields=(("", "Too long."),)))

    assert after(changes).state is State.FAILED
    assert remembered(changes).approve is Tick.SPENT


def test_refused_without_words():
    """A refusal that names nothing still keeps status codes out of the cell."""
    one = after(OUTCOMES.sent(SENDING, BOUND, failure(F.REJECTED, P.ZVID_REJECT)))

    assert "503" not in one.trouble.text
    assert one.trouble.detail == SECRET


@pytest.mark.parametrize("answer", [Quote(36), failure(F.REJECTED)])
def test_row_nobody_remembers(answer):
    """An answer for a record without an entry changes the intent alone."""
    assert len(OUTCOMES.asked(intent(quote=None), None, answer)) == 1


def test_delays_grow():
    """Each further try of the same send waits longer, up to five minutes."""
    waits = [
        wait(after(OUTCOMES.sent(replace(SENDING, tries=tries), BOUND, failure(F.TRANSIENT))))
        for tries in range(12)
    ]

    assert waits == sorted(waits)
    assert waits[0] <= 5
    assert 150 <= waits[-1] <= 300


# -- looks --------------------------------------------------------------------

LOOKS = [State.CHECKING, State.SUBMITTED, State.ACTIVE]


def look(state, *, is_late=False, is_second=False, **facts):
    one = intent(state=state, **facts)
    return Resolve(one, is_late, is_second) if state is State.CHECKING else Poll(one)


@pytest.mark.parametrize("state", LOOKS)
def test_finished(state):
    """A finished video ends the attempt with its links, from whatever state."""
    done = job(JobPhase.COMPLETED, url="https://cdn.example/a.mp4", thumbnail_url="https://cdn.example/a.jpg")

    one = after(OUTCOMES.looked_up(look(state), done))

    assert (one.state, one.url, one.thumbnail_url, one.percent) == (
        State.COMPLETED,
        "https://cdn.example/a.mp4",
        "https://cdn.example/a.jpg",
        100,
    )
    assert (one.finished_at, one.not_before, one.trouble) == (NOW, None, None)


@pytest.mark.parametrize("state", LOOKS)
def test_finished_without_a_link(state):
    """Completed without a link is not done yet: it is looked at again."""
    one = after(OUTCOMES.looked_up(look(state), job(JobPhase.COMPLETED)))

    assert one.is_live
    assert wait(one) > 0


@pytest.mark.parametrize(("reason", "words"), [("Disk on fire.", "Disk on fire."), (None, "no reason given")])
@pytest.mark.parametrize("state", LOOKS)
def test_failed_at_the_service(state, reason, words):
    """A job the service gave up ends the attempt: what to do in plain words, its reason beside them for developers."""
    one = after(OUTCOMES.looked_up(look(state), job(JobPhase.FAILED, failed_reason=reason)))

    assert (one.state, one.finished_at, one.trouble.code) == (State.FAILED, NOW, P.RENDER_FAIL)
    assert one.trouble.detail == words
    assert one.trouble.text == (
        "Zvid could not finish this video. Not charged. Tick Retry, or ask the video team."
    )


TORN = job(JobPhase.FAILED, failed_reason="No.", url="https://cdn.example/a.mp4")


@pytest.mark.parametrize("state", LOOKS)
def test_f_Z21_failed_with_a_link(state):
    """Failed and yet there: a person decides, and hearing it again is no news."""
    one = after(OUTCOMES.looked_up(look(state), TORN))
    (again,) = OUTCOMES.looked_up(Poll(one), TORN)

    assert (one.state, one.trouble.code, one.finished_at) == (State.NEEDS_DECISION, P.SERVICE, None)
    assert is_only_a_wait(again)


def test_f_Z21_failed_with_a_link_before_it_was_sent():
    """A job from a journal that was lost is followed first."""
    one = after(OUTCOMES.asked(intent(quote=None), BOUND, TORN))

    assert (one.state, one.url) == (State.SUBMITTED, None)


def test_progress_the_service_keeps_to_itself():
    """An answer without a figure does not wipe out the one known before."""
    one = after(OUTCOMES.looked_up(look(State.SUBMITTED, percent=40), job(JobPhase.ACTIVE)))

    assert (one.state, one.percent) == (State.ACTIVE, 40)


@pytest.mark.parametrize(
    ("state", "phase", "then"),
    [
        (State.CHECKING, JobPhase.WAITING, State.SUBMITTED),
        (State.CHECKING, JobPhase.ACTIVE, State.ACTIVE),
        (State.SUBMITTED, JobPhase.WAITING, State.SUBMITTED),
        (State.SUBMITTED, JobPhase.ACTIVE, State.ACTIVE),
        (State.ACTIVE, JobPhase.ACTIVE, State.ACTIVE),
        (State.ACTIVE, JobPhase.WAITING, State.ACTIVE),
    ],
)
def test_going_on(state, phase, then):
    """A job that goes on is followed; what was in doubt is adopted, and status never runs backwards."""
    one = after(OUTCOMES.looked_up(look(state), job(phase, percent=40)))

    assert (one.state, one.percent, one.service_word, one.trouble) == (then, 40, phase.value, None)
    assert wait(one) > 0


def test_unknown_word():
    """A word the service never published is kept, and means neither success nor failure."""
    one = after(OUTCOMES.looked_up(look(State.ACTIVE), job(JobPhase.WAITING, "paused")))

    assert (one.state, one.service_word) == (State.ACTIVE, "paused")


@pytest.mark.parametrize("state", [State.SUBMITTED, State.ACTIVE])
@pytest.mark.parametrize("answer", [Absent(JobId("x")), Unlisted(JobId("x")), *(failure(kind) for kind in F)])
def test_poll_without_news(state, answer):
    """An accepted job is never failed, forgotten or sent again because a look at it went wrong."""
    changes = OUTCOMES.looked_up(look(state), answer)

    assert all(is_only_a_wait(one) for one in changes)
    assert wait(after(changes)) > 0


@pytest.mark.parametrize(
    "call", [look(State.CHECKING), look(State.CHECKING, is_late=True)], ids=["early", "first late"]
)
@pytest.mark.parametrize("answer", [Absent(JobId("x")), *(failure(kind) for kind in F)])
def test_doubt_stays(call, answer):
    """Before an absence is settled a job in doubt stays in doubt, whatever is answered but the job itself."""
    changes = OUTCOMES.looked_up(call, answer)

    assert all(is_only_a_wait(one) for one in changes)
    assert 1 <= wait(after(changes)) <= 15


def test_settled_absence():
    """Only the second late absence allows one more send: the same attempt under the same id, at once."""
    call = look(State.CHECKING, is_late=True, is_second=True)

    one = after(OUTCOMES.looked_up(call, Absent(call.intent.job_id)))

    assert (one.state, one.tries, one.not_before) == (State.WAITING, 1, None)
    assert (one.job_id, one.attempt) == (call.intent.job_id, 0)


SUSPECTS = Suspects((JobId("stranger"),))
CONFLICTED = Trouble(F.CONFLICT, P.UNSURE, "", "409")


@pytest.mark.parametrize(
    ("answer", "honours_ids", "facts"),
    [
        (Absent(JobId("x")), False, {}),
        (Absent(JobId("x")), True, {"losses": 1}),
        (Absent(JobId("x")), True, {"trouble": CONFLICTED}),
        (SUSPECTS, None, {}),
        (SUSPECTS, False, {}),
    ],
    ids=["ids ignored", "lost before", "conflict", "suspects", "suspects and ids ignored"],
)
def test_settled_yet_unclear(answer, honours_ids, facts):
    """Where one more send might pay twice, a person decides; the job is still looked for, seldom."""
    call = replace(look(State.CHECKING, is_late=True, is_second=True, **facts), honours_ids=honours_ids)

    one = after(OUTCOMES.looked_up(call, answer))

    assert (one.state, one.trouble.code) == (State.NEEDS_DECISION, P.UNSURE)
    assert wait(one) == 60


def test_suspects_are_none_where_ids_are_kept():
    """A service that keeps our ids would have shown the job under its own: the strangers are strangers."""
    call = replace(look(State.CHECKING, is_late=True, is_second=True), honours_ids=True)

    one = after(OUTCOMES.looked_up(call, SUSPECTS))

    assert (one.state, one.losses) == (State.WAITING, 1)


@pytest.mark.parametrize("answer", [Absent(JobId("x")), job(percent=40), failure(F.TRANSIENT)])
def test_overdue(answer):
    """Past the deadline, whatever is said but an end, a person is told; it is not called failed."""
    call = replace(look(State.ACTIVE, percent=40, service_word="active"), is_overdue=True)

    one = after(OUTCOMES.looked_up(call, answer))

    assert (one.state, one.trouble.code) == (State.NEEDS_DECISION, P.TIMEOUT)


def test_lost_at_the_service():
    """An accepted job that is denied for good needs a person; one more denial says nothing new."""
    lost = after(OUTCOMES.looked_up(replace(look(State.ACTIVE), is_lost=True), Absent(JobId("x"))))
    (again,) = OUTCOMES.looked_up(Poll(lost, is_lost=True, is_overdue=True), Absent(JobId("x")))

    assert (lost.state, lost.trouble.code) == (State.NEEDS_DECISION, P.TIMEOUT)
    assert is_only_a_wait(again)


@pytest.mark.parametrize(("code", "then"), [(P.TIMEOUT, State.NEEDS_DECISION), (P.UNSURE, State.ACTIVE)])
def test_undecided_job_that_is_seen_at_work(code, then):
    """A job nobody was sure of is followed once it is seen; an overdue one stays overdue until it ends."""
    one = intent(state=State.NEEDS_DECISION, trouble=Trouble(F.IN_DOUBT, code, "", ""))

    assert after(OUTCOMES.looked_up(Poll(one, is_overdue=code is P.TIMEOUT), job(percent=40))).state is then


def test_adopted_under_another_id():
    """A job found by its name is asked for by the id the service gave it from then on."""
    call = look(State.CHECKING, quote=9, reserved=None)
    found = replace(job(JobPhase.WAITING), job_id=JobId("theirs"))

    one = after(OUTCOMES.looked_up(call, found))

    assert (one.service_id, one.reserved) == (JobId("theirs"), 9)


@pytest.mark.parametrize("kind", F)
def test_second_look_that_failed(kind):
    """A failed look settles nothing, however late it is."""
    changes = OUTCOMES.looked_up(look(State.CHECKING, is_late=True, is_second=True), failure(kind))

    assert after(changes).state is State.CHECKING


def test_f_Z01_undecided_job_with_strangers_about():
    """Nameless jobs in the listing say nothing about a job a person must decide on."""
    one = intent(state=State.NEEDS_DECISION, named=False)

    (move,) = OUTCOMES.looked_up(Poll(one, by_name=True), SUSPECTS)

    assert is_only_a_wait(move)


def test_same_news():
    """A look that shows what is known already is worth a timer, not a commit."""
    call = look(State.ACTIVE, percent=40, service_word="active")

    (move,) = OUTCOMES.looked_up(call, job(percent=40))

    assert is_only_a_wait(move)


@pytest.mark.parametrize(("age", "gap"), [(0, 5), (200, 20), (86_400, 60), (-60, 5)])
def test_polls_thin_out(age, gap):
    """Old jobs are looked at less often; a clock that jumped back does no harm."""
    call = look(State.ACTIVE, sent_at=NOW - timedelta(seconds=age))

    assert wait(after(OUTCOMES.looked_up(call, Absent(JobId("x"))))) == gap


def test_what_is_only_a_wait():
    """A move that changes anything but the time of the next step is journaled."""
    one = intent()

    assert is_only_a_wait(replace_wait(one, NOW))
    assert not is_only_a_wait(Move(one, replace(one, not_before=NOW, percent=3)))
    assert not is_only_a_wait(Remember(BOUND))


# -- jobs that a copied row names ---------------------------------------------


TAKEN = intent(state=State.CHECKING, known_as=JobId("elsewhere"), sent_at=None, reserved=0, quote=None)


def test_finished_job_of_a_copied_row_is_taken_over():
    """Its video is shown, and nothing is booked for it."""
    said = Job(JobId("elsewhere"), JobPhase.COMPLETED, "completed", url="https://cdn.example/a.mp4")
    one = after(OUTCOMES.looked_up(Resolve(TAKEN, is_late=False, is_second=False), said))

    assert (one.state, one.url, one.reserved) == (State.COMPLETED, "https://cdn.example/a.mp4", 0)


@pytest.mark.parametrize(
    "said",
    [Absent(JobId("elsewhere")), job(), job(JobPhase.FAILED, failed_reason="no"), job(JobPhase.COMPLETED)],
)
def test_any_other_job_of_a_copied_row_is_let_go(said):
    """Nothing was sent for this row: nobody must decide anything."""
    one = after(OUTCOMES.looked_up(Resolve(TAKEN, is_late=False, is_second=False), said))

    assert (one.state, one.finished_at) == (State.CANCELLED, NOW)


def test_job_of_a_copied_row_is_asked_for_again_when_nobody_answers():
    """An outage says nothing about the job."""
    one = after(OUTCOMES.looked_up(Resolve(TAKEN, is_late=False, is_second=False), failure(F.TRANSIENT)))

    assert (one.state, wait(one) > 0) == (State.CHECKING, True)

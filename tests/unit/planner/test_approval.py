"""Approval: a tick means exactly this content, counts once, and is bound to what was seen."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest
from builders import FIELDS, NOW, PRICE, Desk, content, contract, failure, intent, row, template, written

from bot.domain.contract import PeopleColumn, RobotColumn
from bot.domain.entries import Tick
from bot.domain.failures import FailureClass, ProblemCode
from bot.domain.ids import IntentName, RecordId, derive_job_id
from bot.domain.intents import State
from bot.domain.jobs import Quote
from bot.planner.actions import Ask, Propose, Resolve
from bot.planner.plan import plan

APPROVE, RETRY = PeopleColumn.APPROVE, PeopleColumn.RETRY


def states(desk: Desk, position: int = 0) -> list[State]:
    return [one.state for one in desk.intents(position)]


def done() -> Desk:
    """A row that was approved and rendered."""
    desk = Desk(row(approve=True))
    desk.tick()
    desk.settle(State.COMPLETED)
    desk.tick()
    return desk


# -- approving ----------------------------------------------------------------


def test_tick_makes_a_promise():
    """A ticked valid row is promised once, as it stands, at the price shown, after the undo time."""
    desk = Desk(row("Big sale"))
    desk.tick()
    desk.approve()

    desk.tick()
    desk.tick()

    (one,) = desk.intents()
    assert (one.state, one.content.values[0], one.price_shown) == (
        State.WAITING,
        ("headline", "Big sale"),
        PRICE,
    )
    assert one.attempt == 0
    assert (one.not_before - one.approved_at).total_seconds() == 15
    assert one.job_id == derive_job_id(desk.look().namespace, one.name)
    assert desk.advice() == "Starts 12:00:15. Untick Approve to stop it."


@pytest.mark.parametrize("cell", [True, 1, "TRUE", "true"])
def test_ticks_however_they_arrive(cell):
    """A tick counts also where the box was overwritten with text."""
    desk = Desk(row(approve=cell))

    desk.tick()

    assert states(desk) == [State.WAITING]


def test_no_tick_no_promise():
    """Nothing is ever promised for a row nobody ticked."""
    desk = Desk(row(), row("Other"))
    for _ in range(3):
        desk.tick()

    assert desk.live() == []
    assert desk.status() == "Ready to approve"


def test_invalid_row_cannot_be_approved():
    """A tick on a row that needs fixing is cleared; the reason stays; fixing it alone sends nothing."""
    desk = Desk(row("", approve=True))

    desk.tick()

    assert not desk.is_ticked(APPROVE)
    assert desk.status() == "Needs fixing"
    assert desk.advice() == '"Headline" is empty. Please fill it in.'
    desk.edit(headline="Sale")
    desk.tick()
    assert desk.live() == []
    assert desk.status() == "Ready to approve"


def test_untick_withdraws():
    """Unticking before anything was sent takes the promise back; ticking again is a new one."""
    desk = Desk(row(approve=True))
    desk.tick()
    desk.unapprove()

    desk.tick()

    assert states(desk) == [State.CANCELLED]
    assert desk.status() == "Cancelled"
    desk.approve()
    desk.tick()
    assert states(desk) == [State.CANCELLED, State.WAITING]
    assert len({one.job_id for one in desk.intents()}) == 2


@pytest.mark.parametrize("state", [State.SENDING, State.CHECKING, State.SUBMITTED, State.ACTIVE])
def test_untick_after_sending(state):
    """Once something may have been sent, unticking changes nothing: the job is followed to its end."""
    desk = Desk(row(approve=True))
    desk.tick()
    desk.settle(state)
    desk.unapprove()

    desk.tick()

    assert states(desk) == [state]


# -- edits --------------------------------------------------------------------


def test_edit_before_sending():
    """An edited row drops its unsent promise, loses its tick and says which columns changed."""
    desk = Desk(row(approve=True))
    desk.tick()
    desk.edit(headline="Bigger sale", price="€ 8")

    desk.tick()

    assert states(desk) == [State.CANCELLED]
    assert not desk.is_ticked(APPROVE)
    assert desk.status() == "Changed"
    assert (
        desk.advice() == "Changed: Headline, Price. Nothing was sent. Tick Approve again if it is right now."
    )


def test_edit_and_tick_again():
    """The new content is promised when it is ticked anew."""
    desk = Desk(row(approve=True))
    desk.tick()
    desk.edit(headline="Bigger sale")
    desk.tick()
    desk.tick()
    desk.approve()

    desk.tick()

    assert states(desk) == [State.CANCELLED, State.WAITING]
    assert desk.live()[0].content.values[0] == ("headline", "Bigger sale")


def test_format_is_content():
    """Another format is other content."""
    desk = Desk(row(approve=True))
    desk.tick()
    desk.rows[0] = row(approve=True, format="square", id=desk.id())

    desk.tick()

    assert states(desk) == [State.CANCELLED]
    assert desk.advice().startswith("Changed: Format.")


def test_edit_while_rendering():
    """A job under way is followed; the row says that it shows earlier text, and loses its tick."""
    desk = Desk(row(approve=True))
    desk.tick()
    desk.settle(State.ACTIVE, percent=40)
    desk.edit(headline="Bigger sale")

    desk.tick()

    assert states(desk) == [State.ACTIVE]
    assert not desk.is_ticked(APPROVE)
    assert (desk.status(), desk.advice()) == (
        "Rendering 40%",
        "Rendering the earlier text. Changed since: Headline.",
    )


def test_edit_after_done():
    """A finished row that was edited is out of date, keeps its link and says what a refresh costs."""
    desk = done()
    link = desk.shows(RobotColumn.VIDEO)
    desk.edit(headline="Bigger sale")

    desk.tick()

    assert desk.status() == "Out of date"
    assert desk.shows(RobotColumn.VIDEO) == link
    assert desk.advice() == "Changed: Headline. Tick Approve to render it again for 9 credits."
    assert not desk.is_ticked(APPROVE)
    assert desk.live() == []


def test_edited_back():
    """Content that comes back finds its video again, and ticking it pays nothing."""
    desk = done()
    desk.edit(headline="Bigger sale")
    desk.tick()
    desk.edit(headline="Big sale")
    desk.tick()
    desk.approve()

    desk.tick()

    assert states(desk) == [State.COMPLETED]
    assert desk.status() == "Done"


def test_refresh():
    """An edited finished row that is ticked again is rendered for its new content."""
    desk = done()
    desk.edit(headline="Bigger sale")
    desk.tick()
    desk.tick()
    desk.approve()

    desk.tick()

    assert states(desk) == [State.COMPLETED, State.WAITING]


# -- ticks are edges ----------------------------------------------------------


def test_clear_that_failed():
    """A void tick that could not be cleared does not count again, however often it is read."""
    desk = Desk(row(approve=True))
    desk.tick()
    desk.edit(headline="Bigger sale")
    for _ in range(3):
        desk.tick(is_written=False)

    assert desk.is_ticked(APPROVE)
    assert desk.live() == []


def test_undo_of_the_clearing():
    """A box the robot cleared and somebody restored before it was seen empty stays void."""
    desk = Desk(row(approve=True))
    desk.tick()
    desk.edit(headline="Bigger sale")
    desk.tick()
    desk.approve()

    desk.tick()

    assert desk.live() == []
    assert not desk.is_ticked(APPROVE)


def test_tick_after_empty_box_counts():
    """Once the box was seen empty, a tick is a tick."""
    desk = Desk(row("", approve=True))
    desk.tick()
    desk.edit(headline="Sale")
    desk.tick()
    desk.approve()

    desk.tick()

    assert states(desk) == [State.WAITING]


def test_standing_tick_pays_once():
    """A tick that stays after the video is done is the same tick."""
    desk = done()
    for _ in range(3):
        desk.tick()

    assert states(desk) == [State.COMPLETED]
    assert desk.is_ticked(APPROVE)


# -- retry --------------------------------------------------------------------


@pytest.mark.parametrize("ended", [State.COMPLETED, State.FAILED])
def test_retry(ended):
    """Retry on an approved row is a new attempt under a new job id; its box is cleared."""
    desk = Desk(row(approve=True))
    desk.tick()
    desk.settle(ended)
    desk.tick()
    desk.retry()

    desk.tick()

    assert states(desk) == [ended, State.WAITING]
    assert [one.attempt for one in desk.intents()] == [0, 1]
    assert len({one.job_id for one in desk.intents()}) == 2
    assert not desk.is_ticked(RETRY)


def test_retry_counts_once():
    """A Retry box that could not be cleared, or was restored at once, starts nothing more."""
    desk = done()
    desk.retry()
    desk.tick(is_written=False)
    desk.settle(State.FAILED)
    desk.tick()
    desk.retry()

    desk.tick()

    assert states(desk) == [State.COMPLETED, State.FAILED]


def test_retry_needs_approval():
    """Retry without Approve starts nothing and says what is missing."""
    desk = Desk(row(retry=True))

    desk.tick()

    assert desk.live() == []
    assert not desk.is_ticked(RETRY)
    assert desk.advice() == "Retry needs Approve. Tick Approve as well, then Retry."


def test_words_about_a_tick_end_with_an_edit():
    """Why a tick was cleared is told until the row is edited."""
    desk = Desk(row(retry=True))
    desk.tick()
    desk.edit(headline="Bigger sale")

    desk.tick()

    assert desk.advice() == "Tick Approve to render it for 9 credits."


def test_retry_of_a_row_the_service_refused():
    """Both boxes ticked on a refused row: the advice stays what to fix, not to tick what is ticked."""
    desk = Desk(row(approve=True))
    (ask,) = desk.tick().calls
    desk.answer(ask, failure(FailureClass.REJECTED, ProblemCode.ZVID_REJECT, fields=(("", "Too wild."),)))
    desk.tick()
    desk.tick()

    desk.approve()
    desk.retry()
    desk.tick()

    assert desk.advice() == "Zvid did not accept the row: Too wild."


def test_retry_with_approval_at_once():
    """Both boxes ticked on a fresh row are one render."""
    desk = Desk(row(approve=True, retry=True))

    desk.tick()
    desk.tick()

    assert states(desk) == [State.WAITING]


@pytest.mark.parametrize("state", [State.WAITING, State.CHECKING, State.ACTIVE])
def test_retry_while_under_way(state):
    """Retry does not start a second job beside one that has not ended."""
    desk = Desk(row(approve=True))
    desk.tick()
    desk.settle(state)
    desk.retry()

    desk.tick()

    assert states(desk) == [state]
    assert not desk.is_ticked(RETRY)


def test_unsent_after_a_doubt_and_edited_meanwhile():
    """What turns out never to have arrived is sent again only if its approval stood through the doubt."""
    desk = Desk(row(approve=True))
    desk.tick()
    desk.settle(State.CHECKING)
    desk.edit(headline="Another text")
    desk.tick()
    desk.settle(State.WAITING)

    desk.tick()

    assert states(desk) == [State.CANCELLED]


def test_retry_of_what_nobody_could_tell():
    """A person decides for a new attempt: the old job is given up, the new one has its own id."""
    desk = Desk(row(approve=True))
    desk.tick()
    desk.settle(State.NEEDS_DECISION)

    desk.retry()
    desk.tick()

    assert states(desk) == [State.FAILED, State.WAITING]
    assert [one.attempt for one in desk.intents()] == [0, 1]


def test_unticking_what_nobody_could_tell():
    """A person decides to leave it: nothing is waited for any more, and the row is open again."""
    desk = Desk(row(approve=True))
    desk.tick()
    desk.settle(State.NEEDS_DECISION)

    desk.unapprove()
    desk.tick()

    assert states(desk) == [State.CANCELLED]
    assert desk.status() == "Ready to approve"


def test_retry_of_changed_content():
    """An edit voids the approval, so Retry in the same read renders nothing."""
    desk = done()
    desk.edit(headline="Bigger sale")
    desk.retry()

    desk.tick()

    assert states(desk) == [State.COMPLETED]


def test_failed_render_is_not_repeated_by_a_tick():
    """A failed render waits for Retry: unticking and ticking Approve alone does not pay again."""
    desk = Desk(row(approve=True))
    desk.tick()
    desk.settle(State.FAILED)
    desk.unapprove()
    desk.tick()
    desk.approve()

    desk.tick()

    assert states(desk) == [State.FAILED]
    assert desk.status() == "Failed"


# -- refusals -----------------------------------------------------------------


def asked(answer) -> Desk:
    """An approved row whose quote was answered so."""
    desk = Desk(row(approve=True))
    (call,) = desk.tick().calls
    assert isinstance(call, Ask)
    desk.answer(call, answer)
    desk.tick()
    desk.tick()
    return desk


def test_refused_content():
    """Content the service refused cannot be approved again; an edit opens the way."""
    desk = asked(
        failure(FailureClass.REJECTED, ProblemCode.ZVID_REJECT, fields=(("visuals", "Too many visuals."),))
    )
    desk.approve()
    desk.tick()

    assert states(desk) == [State.FAILED]
    assert (desk.status(), desk.advice()) == (
        "Needs fixing",
        "Zvid did not accept the row: Too many visuals.",
    )
    assert not desk.is_ticked(APPROVE)
    desk.edit(headline="Bigger sale")
    desk.tick()
    desk.approve()
    desk.tick()
    assert states(desk) == [State.FAILED, State.WAITING]


def test_dearer_than_shown():
    """A quote above the price shown voids the approval and says both prices."""
    desk = asked(Quote(36))

    assert states(desk) == [State.CANCELLED]
    assert not desk.is_ticked(APPROVE)
    assert (desk.status(), desk.advice()) == (
        "Changed",
        "Now 36 credits, was 9. Nothing was sent. Tick Approve if that is fine.",
    )


def test_dearer_and_accepted():
    """Ticking again accepts the new price: the same quote does not void it a second time, a higher one does."""
    desk = asked(Quote(36))
    desk.approve()
    (call,) = desk.tick().calls

    desk.answer(call, Quote(36))
    assert [one.state for one in desk.intents()] == [State.CANCELLED, State.WAITING]
    assert desk.live()[0].price_shown == 36


def test_dearer_still():
    """A price that rises above the one accepted is asked about again."""
    desk = asked(Quote(36))
    desk.approve()
    (call,) = desk.tick().calls

    desk.answer(call, Quote(37))
    assert desk.live() == []


# -- first contact ------------------------------------------------------------


def test_first_contact_binds_nothing():
    """Ticks found on a tab the journal does not know stand for nothing until they are set anew."""
    desk = Desk(row(approve=True, retry=True), row("Other"), is_known=False)

    for _ in range(3):
        desk.tick()

    assert desk.live() == []
    assert desk.is_ticked(APPROVE)
    assert (desk.status(), desk.advice()) == (
        "On hold",
        "Ticked before the robot knew this sheet. Untick Approve and tick it again to render.",
    )
    desk.unapprove()
    desk.tick()
    desk.approve()
    desk.tick()
    assert states(desk) == [State.WAITING]


def test_later_ticks_bind_after_first_contact():
    """Rows that were not ticked at first contact are approved as usual."""
    desk = Desk(row(approve=True), row("Other"), is_known=False)
    desk.tick()
    desk.approve(1)

    desk.tick()

    assert [one.key.record for one in desk.live()] == [desk.id(1)]


def test_ids_are_adopted_at_first_contact():
    """Ids a tab brings along are kept."""
    desk = Desk(row(id="rkept"), is_known=False)

    desk.tick()

    assert desk.id() == "rkept"


# -- odd templates ------------------------------------------------------------


def test_value_that_cannot_be_placed():
    """A value that passes the contract but cannot stand in the template needs fixing before any tick counts."""
    desk = Desk(row("1 < 2", approve=True), template=template({"type": "TEXT", "text": "{{headline}}"}))

    desk.tick()

    assert desk.live() == []
    assert desk.advice() == '"Headline" holds "<" or ">". Please write it without them.'


def test_template_that_stopped_accepting():
    """When the template now refuses a standing approval's content, Retry promises nothing."""
    desk = done()
    strict = (replace(one, required=True) if one.key == "badge" else one for one in FIELDS)
    desk.template = template({"type": "TEXT", "text": "{{badge}}"}, contract=contract(*strict))
    desk.retry()

    desk.tick()

    assert states(desk) == [State.COMPLETED]


def test_value_the_template_has_no_place_for():
    """Whatever judged the row, a value the template refuses is never promised."""
    desk = Desk(row("1 < 2", approve=True))
    strict = replace(desk.look(), template=template({"type": "TEXT", "text": "{{headline}}"}))

    changes = plan(strict, desk.policy).changes

    assert not any(isinstance(one, Propose) for one in changes)


def test_sheet_without_retry_column():
    """A sheet without Retry approves as usual."""
    desk = Desk(row(approve=True))
    seen = desk.look()
    bare = replace(seen.columns, people={APPROVE: seen.columns.people[APPROVE]})
    changes = plan(replace(seen, columns=bare), desk.policy).changes

    assert sum(isinstance(one, Propose) for one in changes) == 1


def test_attempts_are_counted_per_content():
    """Another content begins with its own first attempt, so a rebuilt journal finds the same job ids."""
    desk = done()
    desk.edit(headline="Bigger sale")
    desk.tick()
    desk.tick()
    desk.approve()
    desk.tick()

    (fresh,) = desk.live()
    assert fresh.attempt == 0
    assert fresh.job_id == derive_job_id(
        desk.look().namespace, IntentName(fresh.key, "wide", fresh.content.fingerprint, 0)
    )


def test_withdrawn_promise_says_when():
    """A promise that was taken back has an end."""
    desk = Desk(row(approve=True))
    desk.tick()
    desk.unapprove()
    desk.tick(seconds=5)

    (one,) = desk.intents()
    assert (one.finished_at - NOW).total_seconds() == 5
    assert one.sent_at is None
    assert intent().sent_at is None


# -- first contact with rows that name their jobs -------------------------------


def inheriting(*, approve: bool, attempt: int = 0, headline: str = "Big sale") -> Desk:
    """A tab the journal does not know, with a row that names a job this installation gave its content."""
    named = intent("rkept", content=content(headline), attempt=attempt).job_id
    desk = Desk(row("Big sale", id="rkept", approve=approve), is_known=False)
    desk.spoil(RobotColumn.JOB_ID, named)
    return desk


@pytest.mark.parametrize("approve", [True, False])
@pytest.mark.parametrize("attempt", [0, 3])
def test_inherited_job_is_looked_for(approve, attempt):
    """A job only we could have named for this very content is looked for, never sent."""
    desk = inheriting(approve=approve, attempt=attempt)

    calls = desk.tick().calls

    (one,) = desk.intents()
    assert (one.state, one.attempt, one.losses) == (State.CHECKING, attempt, 1)
    assert [type(call) for call in calls] == [Resolve]
    assert desk.is_ticked(APPROVE) is approve


def test_job_named_for_other_content():
    """A job of an earlier text says nothing of this one: its tick binds nothing."""
    desk = inheriting(approve=True, headline="Earlier text")

    desk.tick()

    assert states(desk) == []
    assert desk.status() == "On hold"


def test_job_named_by_a_row_that_needs_fixing():
    """A row that does not fit is not looked into; its author mends it first."""
    desk = Desk(row("", id="rkept"), is_known=False)
    desk.spoil(RobotColumn.JOB_ID, "anything")

    desk.tick()

    assert desk.status() == "Needs fixing"


def test_an_attempt_after_the_wall_clock_was_set_back():
    """An attempt withdrawn at a later wall time than the one that followed it is not the last one."""
    desk = Desk(row("Autumn", approve=True))
    desk.tick()
    desk.unapprove()
    desk.tick()
    desk.now -= timedelta(hours=1)
    desk.approve()
    desk.tick()
    desk.settle(State.COMPLETED)
    desk.tick()

    assert [one.state for one in desk.live()] == []
    assert desk.status() == "Done"


# -- ticks the robot cleared by mistake ---------------------------------------


LOST = "Rows moved while the robot wrote, and this tick was lost. Nothing was sent. Tick again."


def lose_tick(desk: Desk) -> None:
    """The box was emptied in another row's stead, and the robot found out."""
    desk.unapprove()
    seen = replace(desk.look(), lost_ticks=frozenset({RecordId(desk.id())}))
    decided = plan(seen, desk.policy)
    desk.memory = desk.memory.after(decided.changes)
    desk.rows = written(desk.rows, decided.edits)


def test_lost_tick_of_a_row_in_line():
    """It is withdrawn, the row says why, and a tick of a person's starts it anew."""
    desk = Desk(row())
    desk.tick()
    desk.approve()
    desk.tick()
    lose_tick(desk)
    said = desk.status(), desk.advice(), states(desk)
    desk.approve()
    desk.tick()

    assert said == ("Ready to approve", LOST, [State.CANCELLED])
    assert (desk.status(), states(desk)) == ("Waiting", [State.CANCELLED, State.WAITING])


def test_lost_tick_of_a_row_that_needs_none():
    """What is done stays done; there is nothing to say."""
    desk = done()
    lose_tick(desk)

    assert (desk.status(), desk.advice()) == ("Done", "")


def test_lost_tick_that_was_set_again_already():
    """Somebody was quicker than we: the tick counts."""
    desk = Desk(row())
    desk.tick()
    desk.approve()
    seen = replace(desk.look(), lost_ticks=frozenset({RecordId(desk.id())}))
    decided = plan(seen, desk.policy)

    assert any(isinstance(change, Propose) for change in decided.changes)


# -- rows of a copied spreadsheet ---------------------------------------------


ELSEWHERE = "7d3f0c2a-5d55-5b1e-9a53-8c1d6f1f2ab1"


def copied_row(approved_as: str, job: str = ELSEWHERE) -> Desk:
    """A ticked row of a tab the journal does not know, naming a job of another spreadsheet."""
    desk = Desk(row(approve=True), is_known=False)
    desk.spoil(RobotColumn.JOB_ID, job)
    desk.spoil(RobotColumn.APPROVED_AS, approved_as)
    desk.tick()
    return desk


def test_job_a_copied_row_was_made_with_is_looked_for():
    """When the service has it finished, its tick has what it asks for: nothing more is promised."""
    desk = copied_row(content().fingerprint[:8])
    (asked,) = desk.intents()
    desk.settle(State.COMPLETED, known_as=asked.known_as)
    desk.tick()
    desk.tick()

    assert (asked.state, asked.known_as, asked.is_taken_over) == (State.CHECKING, ELSEWHERE, True)
    assert (desk.status(), states(desk), desk.is_ticked(APPROVE)) == ("Done", [State.COMPLETED], True)
    assert desk.memory.entries[asked.key.record].approve is Tick.BOUND


@pytest.mark.parametrize(
    "cell", ["elsewhere", "../profile", f"{ELSEWHERE}?x=1", ELSEWHERE[:-1] + "\uff11", "0" * 36]
)
def test_what_is_no_job_id_is_never_asked_for(cell):
    """The cell is anybody's: only a job id goes out to the service."""
    desk = copied_row(content().fingerprint[:8], cell)

    assert (desk.status(), desk.intents()) == ("On hold", ())


def test_job_a_copied_row_was_not_made_with_is_nothing_to_it():
    """It was edited: it waits for a person's word like any ticked row nobody knew."""
    desk = copied_row("0" * 8)

    assert (desk.status(), desk.intents()) == ("On hold", ())

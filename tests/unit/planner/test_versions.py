"""Template versions: what waits when a template is edited, what is made anew, and what stays as it is."""

from __future__ import annotations

from dataclasses import replace

import pytest
from builders import PRICE, Desk, content, contract, intent, memory, policy, project, row, snapshot, template

from bot.domain.contract import Field, RobotColumn
from bot.domain.control import BoardColumn, blank_control, read_control
from bot.domain.entries import Tick
from bot.domain.failures import FailureClass, ProblemCode
from bot.domain.gates import Gate
from bot.domain.intents import State, Trouble
from bot.domain.jobs import Quote
from bot.planner.actions import Ask, Poll, Renew, Submit
from bot.planner.identity import identify
from bot.planner.plan import plan
from bot.planner.versions import label_of, renewed

V3, V4 = template(), template(version="4", name_rule="new-{headline}-{row_id}")
DEARER = template(
    version="4", projects={"wide": project(duration=20), "square": project(duration=20, resolution="squared")}
)
HOLDS = "Waits for version 4 of the template. Tick Go ahead on Control to use it."


def control(**switches):
    found = read_control(blank_control([("Videos", 0)]), 0)
    return replace(found, switches=replace(found.switches, **switches))


def approved(count=1, **rules):
    """A desk with so many approved rows, priced and about to be sent."""
    desk = Desk(*(row(f"Row {number}", number=number) for number in range(2, 2 + count)))
    desk.template = V3
    desk.control = control()
    desk.policy = policy(max_in_flight=50, **rules)
    desk.tick()
    for position in range(count):
        desk.approve(position)
    desk.tick()
    price_all(desk)
    return desk


def price_all(desk, credits_=PRICE):
    for call in desk.tick(seconds=1).calls:
        if isinstance(call, Ask):
            desk.answer(call, Quote(credits_))


def go_ahead(desk):
    desk.control = control(go_ahead=True)
    decided = desk.tick(seconds=1)
    desk.control = control()
    return decided


def kinds(decided):
    return [type(call) for call in decided.calls]


def said(desk):
    place = desk.control.board[BoardColumn.GOING_ON]
    return next(str(edit.value) for edit in plan(desk.look(), desk.policy).board if edit.place == place)


def test_edited_before_sending():
    """What was approved with the version before holds, ticked as it is; its price then is of no use."""
    desk = approved(2)
    desk.template = V4
    decided = desk.tick(seconds=20)

    assert kinds(decided) == []
    assert [desk.status(place) for place in (0, 1)] == ["On hold"] * 2
    assert (desk.advice(), desk.shows(RobotColumn.TEMPLATE_VERSION)) == (HOLDS, "v3")
    assert desk.is_ticked("Approve")
    assert said(desk) == "Template version 4 is new: 2 rows wait, 18 credits. Tick Go ahead to use it."
    assert kinds(desk.tick(seconds=60)) == []


def test_go_ahead_makes_them_anew():
    """The same promise under the same job id, with the new version's payload and its price."""
    desk = approved()
    before = desk.live()[0]
    desk.template = V4
    desk.tick()
    decided = go_ahead(desk)
    [renewal] = [one for one in decided.changes if isinstance(one, Renew)]
    [after] = desk.live()

    assert (after.job_id, after.attempt, after.price_shown) == (before.job_id, 0, PRICE)
    assert (after.template_hash, after.template_version, after.quote) == (V4.hash, "4", None)
    assert after.payload_hash == renewal.payload.hash != before.payload_hash
    assert (after.job_name, renewal.template) == (renewal.payload.name, V4)
    assert kinds(decided) == [Ask]
    desk.answer(decided.calls[0], Quote(PRICE))
    assert kinds(desk.tick(seconds=20)) == [Submit]
    assert desk.shows(RobotColumn.TEMPLATE_VERSION) == "v4"


def test_dearer_version_voids():
    """Go ahead is a word about the template; a row that costs more than it showed wants its own."""
    desk = approved()
    desk.template = DEARER
    desk.tick()
    question = said(desk)
    go_ahead(desk)
    price_all(desk, 20)
    desk.tick()

    assert question == "Template version 4 is new: 1 row waits, 20 credits. Tick Go ahead to use it."
    assert (desk.status(), desk.advice()) == (
        "Changed",
        "Now 20 credits, was 9. Nothing was sent. Tick Approve if that is fine.",
    )
    assert desk.live() == []


@pytest.mark.parametrize("state", [State.SUBMITTED, State.ACTIVE, State.CHECKING, State.NEEDS_DECISION])
def test_sent_jobs_keep_their_version(state):
    """They are followed to their end, whatever the folder says by now."""
    desk = approved()
    sent = desk.settle(state)
    desk.template = V4
    desk.tick()
    go_ahead(desk)

    assert desk.live() == [sent]
    assert desk.shows(RobotColumn.TEMPLATE_VERSION) == "v3"


def test_finished_rows_stay_done():
    """The tick beside them, too; Control says what was made with what."""
    desk = approved()
    desk.settle(State.COMPLETED)
    desk.tick()
    desk.template = V4
    desk.tick()
    done = desk.status(), desk.is_ticked("Approve"), desk.intents()[0].template_version
    desk.retry()
    desk.tick()
    again = desk.live()[0]

    assert done == ("Done", True, "3")
    assert (again.template_version, again.attempt) == ("4", 1)


def test_rows_ticked_later_are_a_sample_of_the_new_version():
    """They were approved as they are now, and go first; the older ones hold until somebody has looked."""
    desk = approved(3, sample_size=1)
    desk.template = V4
    for number in (5, 6):
        desk.rows.append(row(f"Late {number}", number=number))
    desk.tick()
    for place in (3, 4):
        desk.approve(place)
    desk.tick()
    price_all(desk)
    calls = desk.tick(seconds=20).calls
    sent = [call.intent.key.record for call in calls if isinstance(call, Submit)]

    assert sent == [desk.id(3)]
    assert desk.advice(4).startswith("Waits until the first video was looked at.")
    assert said(desk) == "Template version 4 is new: 4 rows wait, 36 credits. Tick Go ahead to use it."
    go_ahead(desk)
    price_all(desk)
    assert {one.template_version for one in desk.live()} == {"4"}


def test_version_that_was_reviewed_before():
    """Back to what somebody has seen: nothing to ask."""
    desk = approved()
    go_ahead(desk)
    desk.template = V4
    desk.tick()
    asked = desk.status()
    desk.template = V3
    back = desk.tick(seconds=20)

    assert asked == "On hold"
    assert kinds(back) == [Submit]


def test_approved_with_a_version_that_is_gone_again():
    """Ticked while another version stood there; the reviewed one is used without a question."""
    desk = approved()
    go_ahead(desk)
    desk.template = V4
    desk.rows.append(row("Late", number=3))
    desk.tick()
    desk.approve(1)
    desk.tick()
    desk.template = V3
    desk.tick()

    assert [one.template_version for one in desk.live()] == ["3", "3"]


def test_row_that_does_not_fit_the_new_version():
    """It waits for its author, and is made anew once it fits; the others go on."""
    narrow = contract(Field("headline", "Headline", max_chars=4), *contract().fields[1:])
    desk = approved(2)
    desk.template = template(version="4", contract=narrow)
    desk.tick()
    go_ahead(desk)

    assert [desk.status(place) for place in (0, 1)] == ["Needs fixing"] * 2
    assert {one.template_version for one in desk.live()} == {"3"}
    desk.template = template(version="5")
    desk.tick()
    go_ahead(desk)
    assert {one.template_version for one in desk.live()} == {"5"}


def test_value_that_cannot_be_placed_any_more():
    """The new version wants plain text where that row has signs: it says so, and nothing is made of it."""
    desk = approved()
    desk.edit(headline="A > B")
    desk.tick()
    desk.tick()
    desk.approve()
    desk.tick()
    desk.template = template({"type": "TEXT", "text": "{{headline}}"}, version="4")
    desk.tick()
    go_ahead(desk)

    assert desk.status() == "Needs fixing"
    assert [one.template_version for one in desk.live()] == ["3"]


def test_retrying_promise_is_made_anew_too():
    """Its delay stands, its payload does not."""
    desk = approved()
    trouble = Trouble(FailureClass.TRANSIENT, ProblemCode.NET, "Connection trouble.", "reset")
    desk.settle(State.WAITING, tries=2, trouble=trouble)
    desk.template = V4
    desk.tick()
    go_ahead(desk)

    assert [(one.tries, one.template_version) for one in desk.live()] == [(2, "4")]


# -- broken edits ------------------------------------------------------------------


def test_broken_template_holds_the_tab():
    """Nothing is made with the old version meanwhile; what is under way is followed."""
    desk = approved(2)
    desk.settle(State.ACTIVE, 1, percent=40)
    desk.trouble = "project.json is no JSON: line 3."
    decided = desk.tick(seconds=60)

    assert kinds(decided) == [Poll]
    assert (desk.status(0), desk.status(1)) == ("On hold", "Rendering 40%")
    assert desk.advice() == 'Template "Spring" has a problem. Your row is fine. Video team told.'
    assert desk.shows(RobotColumn.PROBLEM_CODE) == "TEMPLATE-BUG"
    assert said(desk) == "Template broken: project.json is no JSON: line 3. Rows hold until it is mended."


def test_mended_as_it_was():
    """The same content is the same version: rows go on without a word."""
    desk = approved()
    desk.trouble = "project.json is no JSON."
    desk.tick(seconds=60)
    desk.trouble = ""

    assert kinds(desk.tick(seconds=1)) == [Submit]


def test_go_ahead_beside_a_broken_template():
    """It was said for the version that could be used, and makes nothing anew before there is one."""
    desk = approved()
    desk.template = V4
    desk.trouble = "project.json is no JSON."
    desk.tick()
    go_ahead(desk)
    broken = [one.template_version for one in desk.live()]
    desk.trouble = ""
    desk.tick()

    assert (broken, [one.template_version for one in desk.live()]) == (["3"], ["4"])


def test_nothing_is_sent_while_files_are_saved():
    """Nobody knows yet what they will say; rows keep their words."""
    desk = approved()
    desk.is_changing = True
    decided = desk.tick(seconds=60)
    told = desk.status(), desk.advice()
    desk.is_changing = False

    assert kinds(decided) == []
    assert told == ("Waiting", "Next in line.")
    assert kinds(desk.tick()) == [Submit]


def test_paused_tab_says_that_it_is_paused():
    """People's own switches come first."""
    desk = approved()
    desk.trouble = "project.json is no JSON."
    desk.control = control(run=False)
    desk.tick(seconds=60)

    assert desk.advice().startswith("Run is not ticked")


# -- what versions are called ------------------------------------------------------


def test_same_version_with_other_content():
    """Whoever forgets to count up is told apart by some of the content's digits."""
    silent = template(name_rule="other-{row_id}")
    known = memory(intents=[intent()])
    again = memory(intents=[intent(), intent("rbbbc", template_hash=silent.hash, template_version="3+abcd")])

    assert label_of(V3, known) == "3"
    assert label_of(silent, known) == f"3+{silent.hash[:4]}"
    assert label_of(silent, again) == "3+abcd"
    assert label_of(V4, known) == "4"
    assert label_of(V3, memory()) == "3"


def test_other_version_with_the_same_content():
    """A version of its own: people counted up for a reason."""
    desk = approved()
    desk.template = template(version="4")
    desk.tick()

    assert (desk.status(), desk.advice()) == ("On hold", HOLDS)


def test_made_with():
    """Each by its own name."""
    desk = approved(3)
    for place in (0, 1):
        desk.settle(State.COMPLETED, place)
    desk.template = template(name_rule="other-{row_id}")
    desk.tick()
    go_ahead(desk)
    desk.settle(State.COMPLETED, 2, template_version=desk.live(2)[0].template_version)
    made = desk.memory.made

    assert made == {"3": 2, f"3+{desk.template.hash[:4]}": 1}


def test_renewed_while_it_was_unticked():
    """Taken back at the same moment: nothing is left to be made anew."""
    desk = approved()
    desk.template = V4
    desk.tick()
    desk.unapprove()
    go_ahead(desk)

    assert desk.live() == []
    assert desk.memory.entries[desk.intents()[0].key.record].approve is Tick.OPEN


def test_only_what_was_approved_is_made_anew():
    """A promise for other words than the row's is left to whoever compares those; nothing is made of it."""
    promise = intent(content=content("Other words"))
    seen = snapshot([row(id="raaab")], intents=[promise], template=V4)
    (placed,) = identify(seen)

    assert renewed([placed], seen, Gate(reviewed=(V4.hash,))) == []

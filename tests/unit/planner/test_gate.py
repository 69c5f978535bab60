"""The gate of a tab: what holds promises back, and how endings close it."""

from __future__ import annotations

from dataclasses import replace

import pytest
from builders import Desk, entry, intent, memory, policy, row, snapshot, template

from bot.domain.contract import RobotColumn
from bot.domain.control import BoardColumn, blank_control, read_control
from bot.domain.entries import Tick
from bot.domain.failures import FailureClass, ProblemCode
from bot.domain.gates import Gate, Stop
from bot.domain.holds import Hold, HoldKind
from bot.domain.ids import JobId, RecordId
from bot.domain.intents import State, Trouble
from bot.planner.actions import Move, Propose, SetGate, Submit
from bot.planner.gate import after_endings, barrier
from bot.planner.plan import plan
from bot.planner.progress import stop_words
from bot.planner.queue import next_calls

VERSION = template().hash
SHUT = Gate(streak=5, streak_version=VERSION)
BADLY = Trouble(FailureClass.TRANSIENT, ProblemCode.RENDER_FAIL, "Zvid could not.", "the reason")


REFUSED = Trouble(FailureClass.REJECTED, ProblemCode.ZVID_REJECT, "Zvid did not accept it.", "400")


def control(**switches):
    """A Control tab with a line for this tab, its switches set."""
    found = read_control(blank_control([("Videos", 0)]), 0)
    return replace(found, switches=replace(found.switches, **switches))


def ended(state, before=State.ACTIVE, trouble=None, name="raaab"):
    return Move(intent(name, before), intent(name, state, trouble=trouble))


@pytest.mark.parametrize(
    ("switches", "gate", "stop"),
    [
        ({}, Gate(), None),
        ({"run": False}, Gate(), Stop.PAUSED),
        ({"window": 0}, Gate(), Stop.PAUSED),
        ({"check_only": True}, Gate(), Stop.CHECK_ONLY),
        ({}, SHUT, Stop.BREAKER),
        ({"run": False}, SHUT, Stop.PAUSED),
    ],
)
def test_what_stops_a_tab(switches, gate, stop):
    """People's switches come before the robot's own worries."""
    seen = snapshot(control=control(**switches), memory=replace(memory(), gate=gate))
    found = barrier(seen, {}, policy())

    assert found.stop is stop
    assert found.holding(intent()) is stop


def test_stopped_rows_are_still_priced():
    """A stop keeps from sending, not from asking what it costs."""
    unpriced, priced = intent("raaab", quote=None), intent("rbbbc")
    seen = snapshot(intents=[unpriced, priced], control=control(run=False))
    order = {RecordId("raaab"): 2, RecordId("rbbbc"): 3}
    held = barrier(seen, {}, policy())

    assert [call.intent for call in next_calls(seen, order, policy(), held)] == [unpriced]


def test_only_unreleased_rows_wait():
    """What was released goes on while the new crowd waits."""
    names = ["raaab", "rbbbc", "rcccd"]
    crowd = [intent(name, number=number) for number, name in enumerate(names, start=1)]
    entries = [entry(name) for name in names]
    known = replace(memory(entries=entries, intents=crowd), gate=Gate(released=1))
    seen = snapshot(memory=known, control=control())
    order = {RecordId(name): number for number, name in enumerate(names, start=2)}
    found = barrier(seen, order, policy(ask_above_rows=1, sample_size=0))

    assert set(found.asked) == {crowd[1].job_id, crowd[2].job_id}
    assert [found.holding(one) for one in crowd] == [None, Stop.MANY_ROWS, Stop.MANY_ROWS]


def test_lower_window():
    """Control's number is a ceiling below the settings'."""
    seen = snapshot(intents=[intent("raaab"), intent("rbbbc")], control=control(window=1))
    order = {RecordId("raaab"): 2, RecordId("rbbbc"): 3}

    assert len([one for one in next_calls(seen, order, policy()) if isinstance(one, Submit)]) == 1


@pytest.mark.parametrize(
    ("cap", "own", "spent", "sent"),
    [
        (None, None, 900, 2),
        (18, None, 0, 2),
        (17, None, 0, 1),
        (18, 9, 0, 1),
        (9, None, 1, 0),
        (0, None, 0, 0),
    ],
)
def test_day_s_credits(cap, own, spent, sent):
    """As many as the day's credits cover, at their quotes."""
    seen = snapshot(
        intents=[intent("raaab"), intent("rbbbc")], control=control(day_cap=own), spent_today=spent
    )
    order = {RecordId("raaab"): 2, RecordId("rbbbc"): 3}
    rules = policy(credits_per_day=cap)
    held = barrier(seen, order, rules)

    assert len(next_calls(seen, order, rules, held)) == sent
    assert set(held.held.values()) == ({Stop.DAY} if sent == 0 else set())
    assert ("used up" in stop_words(held.holding(intent("raaab")) or Stop.PAUSED, seen, held)) is (sent == 0)


def test_endings():
    """Paid renders that fail alike add up; a good one begins anew; refusals, the row's own or for free, and
    withdrawals say nothing.
    """
    bad = ended(State.FAILED, trouble=BADLY)
    free = ended(State.FAILED, State.WAITING, BADLY)
    given_up = ended(State.FAILED, State.NEEDS_DECISION, BADLY)
    going_on = ended(State.ACTIVE)
    withdrawn = ended(State.CANCELLED, State.SENDING)
    gate = after_endings(
        Gate(), [bad, free, given_up, going_on, withdrawn, bad, SetGate(snapshot().tab, Gate())]
    )

    assert (gate.streak, gate.streak_code) == (2, ProblemCode.RENDER_FAIL)
    assert after_endings(gate, [ended(State.FAILED, State.SENDING, REFUSED)]) == gate
    assert after_endings(gate, [ended(State.COMPLETED)]) == Gate()
    assert after_endings(Gate(), [ended(State.FAILED)]).streak_code is ProblemCode.SERVICE


def sentence(seen, **rules):
    """What the line on Control would say."""
    place = seen.control.board[BoardColumn.GOING_ON]
    return next(edit for edit in plan(seen, policy(**rules)).board if edit.place == place)


def test_account_s_hold_is_told():
    """What holds the whole account stands on Control too."""
    hold = Hold(HoldKind.KEY, 300.0)
    seen = snapshot([row(id="raaab")], entries=[entry()], control=control(), hold=hold)

    assert sentence(seen).value == "The Zvid key was refused. Rows are safe. An admin must renew the key."


def test_day_s_limit_is_told():
    """What holds every row whose time has come stands on Control too."""
    bound = entry(approve=Tick.BOUND)
    seen = snapshot([row(id="raaab", approve=True)], entries=[bound], intents=[intent()], control=control())
    said = sentence(seen, credits_per_day=8)

    assert said.value == "Today's limit of 8 credits is used up. Continues tomorrow at 00:00."


def test_cold_start_is_told():
    """After a lost journal the rows say until when the robot looks for earlier videos."""
    hold = Hold(HoldKind.COLD, 300.0)
    seen = snapshot([row(id="raaab")], entries=[entry()], control=control(), hold=hold)

    assert str(sentence(seen).value).startswith(
        "The robot lost its memory and looks for earlier videos until"
    )


def test_time_left():
    """From how long the latest videos took; never news of its own."""
    done = [intent(f"rdon{number}b", State.COMPLETED) for number in range(3)]
    lasting = [replace(done[0], job_id=JobId("unknown"), sent_at=None), *done]
    bound = entry(approve=Tick.BOUND)
    seen = snapshot(
        [row(id="raaab", approve=True)], entries=[bound], intents=[intent(), *lasting], control=control()
    )
    said = sentence(seen, max_in_flight=1)
    values = [list(line) for line in seen.control.values]
    line = values[said.place.row - 1]
    line[said.place.column] = "1 row ticked → 1 ready. 9 credits. About 9 min."
    later = sentence(replace(seen, control=replace(seen.control, values=values)), max_in_flight=1)

    assert said.value == "1 row ticked → 1 ready. 9 credits. About 1 min."
    assert (said.is_urgent, later.is_urgent) == (True, False)


def test_credits_of_what_the_day_allows():
    """What these rows cost, of what was left before the first of them was sent; others' videos are not counted."""
    waiting = intent("rwaitb", number=2)
    active = replace(intent("ractib", State.ACTIVE, number=1), reserved=9)
    rows = [row(id="ractib", approve=True), row(id="rwaitb", approve=True, number=3)]
    seen = snapshot(
        rows,
        entries=[entry("ractib", approve=Tick.BOUND), entry("rwaitb", approve=Tick.BOUND)],
        intents=[active, waiting],
        control=control(),
        spent_today=109,
    )

    said = sentence(seen, credits_per_day=1_000)

    assert said.value == "2 rows ticked → 1 ready, 1 rendering. 18 credits of 900."


def test_reason_of_the_breaker_without_a_failed_row():
    """The rows that failed are gone: the sentence does without a reason."""
    seen = snapshot(control=control(), memory=replace(memory(), gate=SHUT))

    assert str(sentence(seen).value).startswith("5 videos failed alike: see the Log.")


def test_line_without_its_sentence():
    """People deleted a column of the table: the others are still filled in."""
    seen = snapshot(control=control())
    board = {
        name: place
        for name, place in seen.control.board.items()
        if name in {BoardColumn.GO_AHEAD, BoardColumn.DONE}
    }
    decided = plan(replace(seen, control=replace(seen.control, board=board)), policy())

    assert [edit.value for edit in decided.board] == [0]


def test_line_that_is_right_is_left_alone():
    """Nothing differs, nothing is written."""
    seen = snapshot(control=control())
    values = [[*line, *([None] * 20)] for line in seen.control.values]
    for edit in plan(seen, policy()).board:
        values[edit.place.row - 1][edit.place.column] = edit.value

    assert plan(replace(seen, control=replace(seen.control, values=values)), policy()).is_empty


def test_promises_are_counted_in_sheet_order():
    """Later rows and later ticks have higher numbers."""
    desk = Desk(row("One"), row("Two", number=3))
    desk.tick()
    desk.approve(1)
    desk.approve(0)
    first = desk.tick()
    numbers = [change.intent.number for change in first.changes if isinstance(change, Propose)]

    assert numbers == [1, 2]
    assert desk.intents(0)[0].number == 1


def test_old_tick_released():
    """Go ahead binds what was ticked before the tab was known, as it stands now."""
    desk = Desk(row(approve=True), is_known=False)
    desk.control = control()
    desk.tick()
    waiting = desk.live()
    desk.control = control(go_ahead=True)
    desk.tick()

    assert waiting == []
    assert [one.state for one in desk.live()] == [State.WAITING]
    assert desk.status() == "Waiting"


@pytest.mark.parametrize(
    ("switches", "words"),
    [
        ({"run": False}, "Run is not ticked on Control."),
        ({"check_only": True}, "Check only is ticked on Control."),
        ({"gate": SHUT}, "Stopped to protect your credits: 5 rows failed the same way."),
        ({"has_go_ahead": True}, "2 rows wait at once. Tick Go ahead"),
        ({"has_go_ahead": False}, "Waits for Go ahead, and there is no such box on Control."),
    ],
)
def test_held_row_says_why(switches, words):
    """In people's words, with what to do."""
    desk = Desk(row(), row("Summer", number=3))
    desk.memory = replace(desk.memory, gate=switches.get("gate", Gate()))
    desk.control = control(**{name: said for name, said in switches.items() if name != "gate"})
    desk.policy = policy(ask_above_rows=1, sample_size=0)
    desk.tick()
    desk.approve(0)
    desk.approve(1)
    desk.tick()

    assert desk.status() == "On hold"
    assert desk.shows(RobotColumn.WHAT_TO_DO).startswith(words)

"""The sample: who goes first with a version nobody has looked at, and what keeps or frees a place in it."""

from __future__ import annotations

from dataclasses import replace

import pytest
from builders import Desk, content, contract, entry, intent, memory, policy, row, snapshot, template
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.cells import as_serial
from bot.domain.contract import Field, FieldType, PeopleColumn, RobotColumn
from bot.domain.control import BoardColumn, blank_control, read_control
from bot.domain.gates import Gate, Sample, Stop
from bot.domain.ids import JobId, RecordId, TemplateHash
from bot.domain.intents import State
from bot.domain.jobs import Quote
from bot.planner.actions import Ask, Submit
from bot.planner.gate import barrier
from bot.planner.plan import plan
from bot.planner.sample import choose, drawn, sample_size, sampled_videos

HOLDS = "Waits until the first 3 videos were looked at. Tick Go ahead on Control."


def control(**switches):
    found = read_control(blank_control([("Videos", 0)]), 0)
    return replace(found, switches=replace(found.switches, **switches))


def crowd(count, size=3, *, texts=None, **rules):
    """A desk with so many rows, all ticked between two looks."""
    texts = texts or [f"Row {number:02}" for number in range(count)]
    desk = Desk(*(row(text, number=number) for number, text in enumerate(texts, start=2)))
    desk.control = control()
    desk.policy = policy(sample_size=size, max_in_flight=100, **rules)
    desk.tick()
    for position in range(count):
        desk.approve(position)
    desk.tick()
    return desk


def go_ahead(desk):
    desk.control = control(go_ahead=True)
    decided = desk.tick(seconds=1)
    desk.control = control()
    # The steps of the window are another story.
    desk.memory = replace(desk.memory, gate=replace(desk.memory.gate, healthy=None))
    return decided


def price_all(desk):
    """Every quote comes in."""
    for call in desk.tick(seconds=1).calls:
        if isinstance(call, Ask):
            desk.answer(call, Quote(9))


def sends(desk):
    """Rows that would be sent now."""
    price_all(desk)
    calls = desk.tick(seconds=20).calls
    return {call.intent.key.record for call in calls if isinstance(call, Submit)}


def places(desk):
    return desk.memory.gate.sample.records


def statuses(desk):
    return [desk.status(position) for position in range(len(desk.rows))]


def said(desk):
    """The sentence on Control."""
    place = desk.control.board[BoardColumn.GOING_ON]
    return next(str(edit.value) for edit in plan(desk.look(), desk.policy).board if edit.place == place)


# -- who goes first ----------------------------------------------------------------


def chosen(count, *said_, there=()):
    """Positions of the chosen among these contents."""
    waiting = [intent(f"r{number:04}x", content=one) for number, one in enumerate(said_)]
    before = [intent(f"q{number:04}x", content=one) for number, one in enumerate(there)]
    return [waiting.index(one) for one in choose(count, waiting, before, contract())]


FIVE = [content("Middling"), content("x" * 40), content("A"), content("Middling", badge="New"), content()]


def test_longest_shortest_emptiest():
    """The ends come first; of rows alike the upper one."""
    assert chosen(2, *FIVE) == [1, 2]
    full = {"accent": "#111111", "badge": "b", "link": "https://a.b", "mood": "Calm", "count": "1"}
    rows = [content("aa", **full), content("aaa", **full), content("a", **full), content("aa")]
    assert chosen(3, *rows, content("aa", **full)) == [1, 2, 3]


def test_each_format():
    """Every format that waits is shown."""
    rows = [content("aaa"), content("a"), content("aa"), content("aa", format="square"), content("aa")]

    assert 3 in chosen(3, *rows)
    assert chosen(1, *rows) == [0]


def test_spread_over_the_rest():
    """What is left is taken evenly, from top to bottom."""
    rows = [content(f"{number:03}") for number in range(100)]

    assert chosen(5, *rows) == [0, 13, 38, 62, 87]


def test_what_is_there_already_counts():
    """A place that came free is not given to one more of the same kind."""
    rows = [content("bbbb"), content("bbb"), content("bb"), content("bbb", format="square")]

    assert chosen(1, *rows, there=[content("b" * 20), content("b")]) == [3]
    assert chosen(1, *rows, there=[content("b" * 20), content("b", format="square"), content("bb")]) == [2]


def test_pictures_and_links_have_no_length():
    """Only what people read counts as text."""
    long_link = content("aa", link=f"https://example.com/{'x' * 100}")

    assert chosen(1, content("aaa"), long_link, content("aa")) == [0]


def test_all_of_a_few():
    """Where there is room for everybody nobody is chosen."""
    assert chosen(9, *FIVE) == [0, 1, 2, 3, 4]


def test_template_without_optional_columns():
    """Then there are no empty ones to show."""
    lean = contract(Field("headline", "Headline", FieldType.TEXT, required=True))
    rows = [
        intent(name, content=replace_values(text))
        for name, text in (("ra", "aa"), ("rb", "a"), ("rc", "aaa"))
    ]

    assert [one.key.record for one in choose(2, rows, [], lean)] == ["rb", "rc"]


def replace_values(text):
    return type(content())((("headline", text),), "wide")


@given(st.lists(st.text("ab", max_size=6), min_size=1, max_size=30), st.integers(1, 12))
def test_as_many_as_wanted(texts, count):
    """Never more, never twice the same, always in the order of the rows; the same every time."""
    rows = [content(text) for text in texts]
    found = chosen(count, *rows)

    assert len(found) == len(set(found)) == min(count, len(rows))
    assert found == sorted(found) == chosen(count, *rows)


# -- places ------------------------------------------------------------------------


def test_first_ones_go_the_others_hold():
    """At once, and before anything is sent; the places are in the journal by then."""
    desk = crowd(6, texts=["Row", "R", "Row", "Row two", "Row", "Row"])
    after = statuses(desk)

    assert places(desk) == tuple(RecordId(desk.id(position)) for position in (0, 1, 3))
    assert after == ["Waiting", "Waiting", "On hold", "Waiting", "On hold", "On hold"]
    assert (desk.advice(2), desk.shows(RobotColumn.PROBLEM_CODE, 2)) == (HOLDS, None)
    assert sends(desk) == set(places(desk))


@pytest.mark.parametrize("count", [1, 3])
def test_no_question_for_a_few(count):
    """As many as the sample is large go without a word."""
    desk = crowd(count)

    assert set(statuses(desk)) == {"Waiting"}
    assert len(sends(desk)) == count


def test_go_ahead_releases_the_rest():
    """All of them, in the sheet's order, and nobody asks again about the version."""
    desk = crowd(6)
    before = sends(desk)
    go_ahead(desk)
    desk.rows.append(row("Late", number=8))
    desk.tick()
    desk.approve(6)
    desk.tick()
    after = sends(desk)

    assert (len(before), len(after)) == (3, 7)
    assert desk.memory.gate.reviewed == (desk.look().template.hash,)
    assert places(desk) == ()


def test_one_answer_to_one_question():
    """So many rows would be asked about anyway: their sample does not ask, and Go ahead asks nothing more."""
    desk = crowd(6, size=3, ask_above_rows=5)
    before = sends(desk)
    go_ahead(desk)

    assert (len(before), len(sends(desk))) == (3, 6)


def test_sample_is_never_a_crowd():
    """Where more than two rows need a word, no more than two go without one."""
    assert sample_size(policy(sample_size=10, ask_above_rows=2)) == 2
    assert sample_size(policy(sample_size=10, ask_above_rows=0)) == 10
    assert sample_size(policy(sample_size=0, ask_above_rows=2)) == 0
    assert len(sends(crowd(6, size=10, ask_above_rows=2))) == 2


def test_without_a_sample():
    """Nothing is held for it, and nothing is remembered of one."""
    desk = crowd(6, size=0)

    assert (len(sends(desk)), places(desk)) == (6, ())
    desk.policy = policy(sample_size=3, max_in_flight=100)
    desk.tick()
    kept = places(desk)
    desk.policy = policy(sample_size=0, max_in_flight=100)
    desk.tick()

    assert (len(kept), places(desk)) == (3, ())


def test_withdrawn_before_sending_is_replaced():
    """Unticked, or gone: its place goes to the next one."""
    desk = crowd(6)
    first = places(desk)
    position = next(place for place in range(6) if desk.id(place) == first[0])
    desk.unapprove(position)
    desk.tick(seconds=1)
    unticked = places(desk)
    gone = next(place for place in range(6) if desk.id(place) == unticked[1])
    del desk.rows[gone]
    desk.tick(seconds=1)

    assert first[0] not in unticked
    assert unticked[1] not in places(desk)
    assert len(first) == len(unticked) == len(places(desk)) == 3


def test_edited_before_sending_is_replaced():
    """The edit takes the approval, and the place with it; ticked again it holds like the others."""
    desk = crowd(6)
    position = next(place for place in range(6) if desk.id(place) == places(desk)[1])
    desk.edit(position, headline="Another text")
    desk.tick(seconds=1)
    desk.tick(seconds=1)
    desk.approve(position)
    desk.tick(seconds=1)

    assert desk.id(position) not in places(desk)
    assert (len(places(desk)), desk.status(position)) == (3, "On hold")


@pytest.mark.parametrize(
    ("state", "facts"),
    [
        (State.COMPLETED, {}),
        (State.FAILED, {"sent_at": None, "reserved": None}),
        (State.ACTIVE, {}),
        (State.NEEDS_DECISION, {}),
    ],
)
def test_asked_for_keeps_its_place(state, facts):
    """Also where it failed, also free of charge: so many attempts nobody has looked at are enough."""
    desk = crowd(6)
    mine = places(desk)
    position = next(place for place in range(6) if desk.id(place) == mine[0])
    desk.settle(state, position, **facts)
    desk.tick()

    assert places(desk) == mine


def test_retry_of_a_sample_row():
    """A person tries the same row again while the others hold."""
    desk = crowd(6)
    position = next(place for place in range(6) if desk.id(place) == places(desk)[0])
    desk.settle(State.FAILED, position)
    desk.tick()
    desk.retry(position)
    desk.tick()

    assert desk.id(position) in sends(desk)
    assert len(places(desk)) == 3


def test_row_that_cannot_be_sent_has_no_place():
    """It waits for its author: others are looked at meanwhile."""
    desk = crowd(6)
    position = next(place for place in range(6) if desk.id(place) == places(desk)[0])
    desk.tick_box(PeopleColumn.MAX_CREDITS, "plenty", position)
    desk.tick(seconds=1)

    assert desk.id(position) not in places(desk)
    assert len(sends(desk)) == 3


def test_row_put_off_has_no_place():
    """Nobody should have to wait for a time to come; as long as there is room it is not held either."""
    desk = crowd(3)
    for position in range(2):
        desk.tick_box(PeopleColumn.RENDER_AT, as_serial(desk.now) + 1, position)
    desk.tick(seconds=1)
    alone = places(desk), statuses(desk)
    for number in range(3):
        desk.rows.append(row(f"Late {number}", number=5 + number))
    desk.tick()
    for position in range(3, 6):
        desk.approve(position)
    desk.tick()

    assert alone == ((desk.id(2),), ["Scheduled", "Scheduled", "Waiting"])
    assert statuses(desk)[:3] == ["On hold", "On hold", "Waiting"]
    assert (len(places(desk)), statuses(desk)[3:].count("On hold")) == (3, 1)


def test_only_rows_of_a_time_to_come():
    """Before any of them is due it is said how many will go first."""
    desk = crowd(5)
    for position in range(5):
        desk.tick_box(PeopleColumn.RENDER_AT, as_serial(desk.now) + 1, position)
    desk.tick(seconds=1)

    assert statuses(desk) == ["Scheduled"] * 3 + ["On hold"] * 2
    assert said(desk) == "3 of 5 go first as a sample, 0 finished. Look at them, then tick Go ahead."


def test_few_rows_of_a_first_contact():
    """Go ahead for three old ticks is no word about the template: the next ones still go first."""
    desk = Desk(*(row(f"Row {number}", number=number, approve=True) for number in (2, 3)), is_known=False)
    desk.control = control()
    desk.policy = policy(sample_size=3, max_in_flight=100)
    desk.tick()
    go_ahead(desk)
    released = len(desk.live()), desk.memory.gate.reviewed
    for number in range(4, 8):
        desk.rows.append(row(f"Row {number}", number=number))
    desk.tick()
    for position in range(2, 6):
        desk.approve(position)
    desk.tick()

    assert released == (2, ())
    assert len(places(desk)) == 3
    assert statuses(desk).count("On hold") == 3


def test_many_rows_of_a_first_contact():
    """Whoever says Go ahead for more than a sample has decided about all of them: nothing is asked twice."""
    desk = Desk(
        *(row(f"Row {number}", number=number, approve=True) for number in range(2, 7)), is_known=False
    )
    desk.control = control()
    desk.policy = policy(sample_size=3, max_in_flight=100)
    desk.tick()
    go_ahead(desk)

    assert len(sends(desk)) == 5
    assert len(desk.memory.gate.reviewed) == 1


def test_version_that_comes_back():
    """What was sent with it before has its place; others wait for their turn."""
    design = template()
    sent = [intent(f"r{number:04}x", State.COMPLETED, number=number) for number in range(1, 4)]
    shared = intent("r0009x", State.COMPLETED, known_as=JobId("j"), sent_at=None, reserved=0)
    waiting = intent("r0010x", number=9)
    known = replace(
        memory(intents=[*sent, shared, waiting], entries=[entry("r0010x")]),
        gate=Gate(sample=Sample(TemplateHash("other"), (RecordId("relse"),))),
    )
    gate = drawn(known.gate, snapshot(memory=known), [waiting], policy(sample_size=3), ())

    assert gate.sample == Sample(design.hash, ("r0001x", "r0002x", "r0003x"))


def test_older_version_has_no_place():
    """A promise made with another version is not part of this one's sample."""
    old = intent("r0001x", template_hash=TemplateHash("old"))
    seen = snapshot(memory=memory(intents=[old], entries=[entry("r0001x")]))

    assert drawn(Gate(), seen, [old], policy(), ()) == Gate()


def test_day_s_limit_holds_the_sample_alone():
    """Those that wait for a word keep their question."""
    desk = crowd(5, credits_per_day=8)
    price_all(desk)
    held = barrier(desk.look(), {RecordId(desk.id(place)): place for place in range(5)}, desk.policy)

    assert sorted(held.held.values()) == [Stop.DAY] * 3 + [Stop.SAMPLE] * 2
    assert said(desk).startswith("3 of 5 go first")


# -- what Control says -------------------------------------------------------------


def test_sample_under_way():
    """How many of how many, and how far."""
    desk = crowd(6)
    started = said(desk)
    desk.settle(State.COMPLETED, next(place for place in range(6) if desk.id(place) == places(desk)[0]))

    assert started == "3 of 6 go first as a sample, 0 finished. Look at them, then tick Go ahead."
    assert said(desk).startswith("3 of 6 go first as a sample, 1 finished.")


@pytest.mark.parametrize(
    ("ends", "tally"),
    [
        ([State.COMPLETED] * 3, "3 done"),
        ([State.COMPLETED, State.FAILED, State.COMPLETED], "2 done, 1 failed"),
        ([State.FAILED] * 3, "3 failed"),
        ([State.FAILED, State.NEEDS_DECISION, State.COMPLETED], "1 done, 1 failed, 1 open"),
    ],
)
def test_sample_at_its_end(ends, tally):
    """It always comes to the question, also when all of it failed."""
    desk = crowd(6)
    mine = places(desk)
    for record, state in zip(mine, ends, strict=True):
        desk.settle(state, next(place for place in range(6) if desk.id(place) == record))

    assert said(desk) == f"Look at 3 samples ({tally}). Tick Go ahead for the other 3, 27 credits."
    assert places(desk) == mine
    go_ahead(desk)
    assert len(sends(desk)) == 3


def test_sample_of_one():
    """One is one in words, too."""
    desk = crowd(3, size=1)
    running = desk.advice(next(place for place in range(3) if desk.status(place) == "On hold"))
    desk.settle(State.COMPLETED, next(place for place in range(3) if desk.id(place) in places(desk)))

    assert running == "Waits until the first video was looked at. Tick Go ahead on Control."
    assert said(desk).startswith("Look at 1 sample (1 done). Tick Go ahead for the other 2,")


def test_first_contact_counts_all_that_waits():
    """One box: old ticks, and what else it would release."""
    old = [row(f"Row {number}", number=number, approve=True) for number in (2, 3)]
    desk = Desk(*old, is_known=False)
    desk.control = control()
    desk.policy = policy(sample_size=1, max_in_flight=100)
    desk.tick()
    for number in (4, 5, 6):
        desk.rows.append(row(f"Row {number}", number=number))
    desk.tick()
    for position in (2, 3, 4):
        desk.approve(position)
    desk.tick()

    assert said(desk).startswith("4 rows ticked before the robot knew them, 36 credits.")


def test_videos_of_the_sample():
    """What became of a row is its latest video of this version, withdrawn ones aside."""
    version = template().hash
    done = intent("r0001x", State.COMPLETED, number=1)
    again = intent("r0001x", State.CANCELLED, attempt=1, number=2)
    known = memory(intents=[done, again])
    known.gate = Gate(sample=Sample(version, (RecordId("r0001x"),)))

    assert sampled_videos(known) == [done]

"""Status cells: what every state says, and that saying it twice changes nothing."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from zoneinfo import ZoneInfo

import pytest
from builders import (
    HEADER,
    NOW,
    Desk,
    columns,
    content,
    entry,
    intent,
    memory,
    policy,
    row,
    snapshot,
    written,
)
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.domain.cells import Formula
from bot.domain.contract import PeopleColumn, RobotColumn
from bot.domain.entries import Notice, Tick
from bot.domain.failures import FailureClass, ProblemCode
from bot.domain.holds import Hold, HoldKind
from bot.domain.ids import JobId
from bot.domain.intents import IN_FLIGHT, State, Trouble
from bot.domain.wording import STATUS_WORDS, nobody_can_tell
from bot.planner.actions import Plan, Propose
from bot.planner.plan import plan

EARLIER = content("Earlier text")


def trouble(kind, text="Connection trouble.", code=ProblemCode.NET):
    return Trouble(kind, code, text, "detail")


def late(seconds):
    return NOW + timedelta(seconds=seconds)


def shown(*intents, line=None, known=None, **seen):
    """The robot's cells of one row with these intents, by column."""
    entries = [known or entry(approve=Tick.BOUND)]
    rows = [line or row(id="raaab", approve=True)]
    look = snapshot(rows, entries=entries, intents=intents, **seen)
    after = written(rows, plan(look, policy()).edits)
    return {column: after[0].at(columns().robot[column]) for column in RobotColumn}


def says(*intents, **seen):
    cells = shown(*intents, **seen)
    return cells[RobotColumn.STATUS], cells[RobotColumn.WHAT_TO_DO], cells[RobotColumn.CREDITS]


OPEN = entry()
UNTICKED = row(id="raaab")


@pytest.mark.parametrize(
    ("one", "status", "advice", "credits"),
    [
        (intent(not_before=late(15)), "Waiting", "Starts 12:00:15. Untick Approve to stop it.", "~9"),
        (intent(quote=None), "Waiting", "Next in line.", "~9"),
        (intent(quote=8), "Sending", None, "~8"),
        (
            intent(trouble=trouble(FailureClass.TRANSIENT), not_before=late(80)),
            "Retrying",
            "Connection trouble. Trying again at 12:01:20.",
            "~9",
        ),
        (
            intent(trouble=trouble(FailureClass.TRANSIENT), quote=None),
            "Waiting",
            "Next in line.",
            "~9",
        ),
        (intent(state=State.SENDING, reserved=None), "Sending", None, "~9"),
        (
            intent(state=State.CHECKING, reserved=None),
            "Checking",
            "Making sure this video is not made twice.",
            "~9",
        ),
        (intent(state=State.SUBMITTED), "Rendering 0%", None, 9),
        (intent(state=State.ACTIVE, percent=47), "Rendering 40%", None, 9),
        (intent(state=State.ACTIVE, percent=100), "Rendering 100%", None, 9),
        (intent(state=State.ACTIVE, percent=7, service_word="active"), "Rendering 0%", None, 9),
        (
            intent(state=State.ACTIVE, service_word="stalled"),
            "Rendering 0%",
            'Zvid calls it "stalled". We keep looking.',
            9,
        ),
        (
            intent(state=State.ACTIVE, service_word="completed"),
            "Rendering 0%",
            "Video finished; waiting for the link to work.",
            9,
        ),
        (
            intent(state=State.NEEDS_DECISION),
            "Needs a decision",
            nobody_can_tell(),
            9,
        ),
        (intent(state=State.COMPLETED), "Done", None, 9),
        (intent(state=State.COMPLETED, reserved=None), "Done", None, 9),
        (
            intent(state=State.FAILED, trouble=trouble(FailureClass.TRANSIENT, "Could not finish.")),
            "Failed",
            "Could not finish.",
            0,
        ),
        (
            intent(state=State.FAILED, trouble=trouble(FailureClass.REJECTED, "Not accepted.")),
            "Needs fixing",
            "Not accepted.",
            0,
        ),
        (intent(state=State.FAILED), "Failed", None, 0),
    ],
)
def test_words_of_a_promise(one, status, advice, credits):  # noqa: A002
    """Every state of a promise has its words and its price."""
    assert says(one) == (status, advice, credits)


@pytest.mark.parametrize(
    ("line", "known", "status", "advice", "credits"),
    [
        (UNTICKED, OPEN, "Ready to approve", "Tick Approve to render it for 9 credits.", "~9"),
        (
            row("", id="raaab"),
            OPEN,
            "Needs fixing",
            '"Headline" is empty. Please fill it in.',
            "~9",
        ),
        (
            row(id="raaab", format="Tall"),
            OPEN,
            "Needs fixing",
            '"Format" must be one of: wide, square. Now: "Tall".',
            None,
        ),
        (
            UNTICKED,
            entry(notice=Notice(None, "Changed", "Changed: Headline.")),
            "Changed",
            "Changed: Headline.",
            "~9",
        ),
        (
            row(id="raaab", approve=True),
            entry(approve=Tick.UNKNOWN),
            "On hold",
            "Its Row ID was changed, so its tick is not certain. Untick Approve and tick it again.",
            "~9",
        ),
    ],
)
def test_words_before_a_promise(line, known, status, advice, credits):  # noqa: A002
    """A row without a promise says what it needs, and what it would cost."""
    assert says(line=line, known=known) == (status, advice, credits)


@pytest.mark.parametrize(
    ("hold", "advice"),
    [
        (Hold(HoldKind.KEY, 0), "The Zvid key was refused. Rows are safe. An admin must renew the key."),
        (
            Hold(HoldKind.ADDRESS, 0),
            "Zvid is not at the address in the settings. Rows are safe. An admin must correct it.",
        ),
        (Hold(HoldKind.CREDITS, 0), "Not enough credits at Zvid. Continues by itself after a top-up."),
        (
            Hold(HoldKind.CREDITS, 0, needed=15, left=8),
            "Needs 15 credits, 8 left. Continues by itself after a top-up.",
        ),
        (Hold(HoldKind.RATE, 0), "Zvid's limit is reached. Continues at 12:01:20. Nothing to do."),
        (Hold(HoldKind.NETWORK, 0), "Connection trouble. Trying again at 12:01:20."),
    ],
)
@pytest.mark.parametrize("facts", [{}, {"not_before": late(5)}, {"trouble": trouble(FailureClass.TRANSIENT)}])
def test_held(hold, advice, facts):
    """A row that waits while the account is held says by what, and when it goes on."""
    account = {"hold": hold, "hold_left": 80, "hold_until": late(80)}

    assert says(intent(**facts), **account) == ("On hold", advice, "~9")


def test_out_of_date():
    """An edited finished row keeps its video and says what changed and what a new one costs."""
    done = intent(state=State.COMPLETED, content=EARLIER)

    cells = shown(done, line=UNTICKED, known=OPEN)

    assert cells[RobotColumn.STATUS] == "Out of date"
    assert cells[RobotColumn.WHAT_TO_DO] == (
        "Changed: Headline. Tick Approve to render it again for 9 credits."
    )
    assert cells[RobotColumn.VIDEO] == done.url


def test_withdrawn_is_as_if_never_promised():
    """A promise that was taken back leaves no trace in the row."""
    assert says(intent(state=State.CANCELLED), line=UNTICKED, known=OPEN)[0] == "Ready to approve"


def test_latest_attempt_speaks():
    """Of several attempts for the same content the last one is shown."""
    first = intent(state=State.COMPLETED)
    second = intent(state=State.FAILED, attempt=1)

    assert shown(first, second)[RobotColumn.STATUS] == "Failed"
    assert shown(first, second)[RobotColumn.ATTEMPT] == 2


def test_earlier_video_stays_while_a_newer_one_is_made():
    """A refresh under way takes nobody's link away."""
    earlier = intent(state=State.COMPLETED, url="https://cdn/a.mp4", thumbnail_url="https://cdn/a.jpg")

    cells = shown(earlier, intent(state=State.ACTIVE, attempt=1, percent=40))

    assert cells[RobotColumn.STATUS] == "Rendering 40%"
    assert cells[RobotColumn.VIDEO] == "https://cdn/a.mp4"
    assert cells[RobotColumn.THUMBNAIL_URL] == "https://cdn/a.jpg"


def test_named_job_and_what_it_was_made_for_belong_together():
    """Whoever loses the journal finds the older video under its own content, not under what waits."""
    earlier = intent(state=State.COMPLETED, url="https://cdn/a.mp4", content=content("Before"))
    waits = intent(attempt=1)

    alone, beside = shown(waits, in_flight=3), shown(earlier, waits, in_flight=3)

    columns = RobotColumn.JOB_ID, RobotColumn.APPROVED_AS
    assert [alone[one] for one in columns] == [None, waits.fingerprint[:8]]
    assert [beside[one] for one in columns] == [earlier.job_id, earlier.fingerprint[:8]]


def test_done_with_a_word_about_a_tick():
    """A finished row can still say why its tick was cleared."""
    known = entry(notice=Notice(None, "Ready to approve", "Retry needs Approve."))

    assert says(intent(state=State.COMPLETED), line=UNTICKED, known=known)[:2] == (
        "Done",
        "Retry needs Approve.",
    )


def test_place_in_line():
    """Rows waiting for the window know how many are before them, in the order of the sheet."""
    names = ["raaab", "rbbbc", "rcccd"]
    rows = [row(f"Text {name}", id=name, approve=True) for name in names]
    said = {name: content(f"Text {name}") for name in names}
    look = snapshot(
        rows,
        entries=[entry(name, content=said[name], approve=Tick.BOUND) for name in names],
        intents=[intent(name, content=said[name]) for name in reversed(names)],
        in_flight=2,
    )

    after = written(rows, plan(look, policy()).edits)

    assert [line.at(columns().robot[RobotColumn.STATUS]) for line in after] == [
        "Sending",
        "Waiting",
        "Waiting",
    ]
    assert [line.at(columns().robot[RobotColumn.WHAT_TO_DO]) for line in after] == [
        None,
        "Next in line.",
        "In line, 1 before it.",
    ]


def test_robot_cells_of_a_finished_row():
    """Everything about a finished video stands in its row, with times in the sheet's own zone."""
    done = intent(
        state=State.COMPLETED,
        thumbnail_url="https://cdn.example/a.jpg",
        sent_at=NOW,
        finished_at=late(21),
        attempt=1,
    )

    cells = shown(done, zone=ZoneInfo("Europe/Berlin"))

    assert cells == {
        RobotColumn.STATUS: "Done",
        RobotColumn.WHAT_TO_DO: None,
        RobotColumn.VIDEO: done.url,
        RobotColumn.PREVIEW: None,
        RobotColumn.CREDITS: 9,
        RobotColumn.ROW_ID: "raaab",
        RobotColumn.JOB_ID: done.job_id,
        RobotColumn.TEMPLATE_VERSION: "v3",
        RobotColumn.ATTEMPT: 2,
        RobotColumn.UPDATED: "2026-08-03 14:00:00",
        RobotColumn.SUBMITTED: "2026-08-03 14:00:00",
        RobotColumn.FINISHED: "2026-08-03 14:00:21",
        RobotColumn.THUMBNAIL_URL: "https://cdn.example/a.jpg",
        RobotColumn.APPROVED_AS: content().fingerprint[:8],
        RobotColumn.PROBLEM_CODE: None,
    }


def test_problem_code():
    """The code for people who look things up stands in its own column."""
    assert shown(line=row("", id="raaab"), known=OPEN)[RobotColumn.PROBLEM_CODE] == "DATA-MISSING"
    assert shown(intent(trouble=trouble(FailureClass.TRANSIENT)))[RobotColumn.PROBLEM_CODE] == "NET"


def test_preview_points_at_its_own_row():
    """The picture formula is ours alone: it names the thumbnail cell of its row, never foreign text."""
    done = intent(state=State.COMPLETED, thumbnail_url='https://x/"&IMPORTXML("a")')
    rows = [row("Other", id="rbbbc"), row(id="raaab", approve=True)]
    look = snapshot(
        rows, entries=[entry(approve=Tick.BOUND), entry("rbbbc", content=content("Other"))], intents=[done]
    )

    formulas = [edit for edit in plan(look, policy()).edits if isinstance(edit.value, Formula)]

    letter = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"[columns().robot[RobotColumn.THUMBNAIL_URL]]
    assert [(one.value, one.row_number, one.column) for one in formulas] == [
        (Formula(f"=IMAGE({letter}3)"), 3, columns().robot[RobotColumn.PREVIEW])
    ]


def test_preview_goes_with_its_thumbnail():
    """Where the thumbnail is cleared the picture goes too."""
    line = row(id="raaab", robot={RobotColumn.THUMBNAIL_URL: "https://stale"})
    look = snapshot([line], entries=[OPEN])

    edits = {edit.column: edit.value for edit in plan(look, policy()).edits}

    assert edits[columns().robot[RobotColumn.THUMBNAIL_URL]] is None
    assert edits[columns().robot[RobotColumn.PREVIEW]] is None


@pytest.mark.parametrize("column", sorted(set(RobotColumn) - {RobotColumn.ROW_ID}))
@pytest.mark.parametrize("junk", ["Done", True, 1, 0.5, "=1+1"])
def test_spoiled_cells_heal(column, junk):
    """Whatever is written over a robot's cell is repaired, and triggers nothing."""
    desk = Desk(row(approve=True))
    desk.tick()
    desk.settle(State.COMPLETED)
    desk.tick()
    before = list(desk.rows[0].cells)
    desk.spoil(column, junk)

    decided = desk.tick()

    assert repr(desk.rows[0].cells) == repr(before)  # True is no 1 in a cell
    assert (decided.changes, decided.calls) == ((), ())


@pytest.mark.parametrize(("cell", "is_repaired"), [("my picture", True), (7, True), ("#REF!", False)])
def test_text_over_a_picture(cell, is_repaired):
    """A picture reads as empty text: anything else was typed over it, but for the error of one that cannot be shown."""
    done = intent(state=State.COMPLETED, thumbnail_url="https://cdn.example/a.jpg")
    rows = [row(id="raaab", approve=True)]
    look = {"entries": [entry(approve=Tick.BOUND)], "intents": [done]}
    [line] = written(rows, plan(snapshot(rows, **look), policy()).edits)
    cells = list(line.cells)
    cells[columns().robot[RobotColumn.PREVIEW]] = cell

    edits = plan(snapshot([replace(line, cells=cells)], **look), policy()).edits

    assert [type(edit.value) for edit in edits] == [Formula] * is_repaired


def test_rows_without_data_are_cleaned():
    """A row whose data was deleted loses everything the robot wrote there, and nothing else."""
    rest = row(
        None, price=None, approve=True, robot={RobotColumn.STATUS: "Done", RobotColumn.VIDEO: "https://x"}
    )
    notes = row(None, price=None, retry=True)

    decided = plan(snapshot([rest, notes]), policy())
    after = written([rest, notes], decided.edits)

    assert [after[0].at(place) for place in columns().robot.values()] == [None] * len(RobotColumn)
    assert after[0].at(columns().people[PeopleColumn.APPROVE]) is True
    assert after[1].cells == notes.cells
    assert {edit.record for edit in decided.edits} == {None}


def test_long_words_are_bounded():
    """No cell gets more than a thousand characters, whatever the service said."""
    said = trouble(FailureClass.REJECTED, "x" * 50_000)

    assert len(shown(intent(state=State.FAILED, trouble=said))[RobotColumn.WHAT_TO_DO]) == 300


# -- properties ---------------------------------------------------------------

TEXTS = st.sampled_from(["Autumn", "Winter", "", "x" * 60, "#REF!"])
BOXES = st.sampled_from([True, False, None, "TRUE"])
JUNK = st.dictionaries(
    st.sampled_from(RobotColumn), st.sampled_from(["Done", 1, True, "https://x", "raaab"]), max_size=4
)
LINES = st.lists(
    st.builds(
        row,
        TEXTS,
        id=st.sampled_from(["raaab", "rbbbc", "rcccd", None, "junk"]),
        approve=BOXES,
        retry=BOXES,
        format=st.sampled_from([None, "square", "Tall"]),
        robot=JUNK,
    ),
    max_size=5,
)
KINDS = st.sampled_from([None, *FailureClass])


@st.composite
def histories(draw, name):
    """What the journal may hold of one record: ended attempts, then at most one that is live."""
    said = content(draw(st.sampled_from(["Autumn", "Winter"])))
    states = draw(st.lists(st.sampled_from([State.COMPLETED, State.FAILED, State.CANCELLED]), max_size=2))
    states += draw(st.lists(st.sampled_from([State.WAITING, *IN_FLIGHT, State.NEEDS_DECISION]), max_size=1))
    kind = draw(KINDS)
    return [
        intent(
            name,
            state,
            content=said,
            attempt=attempt,
            trouble=trouble(kind) if kind else None,
            not_before=draw(st.sampled_from([None, late(-5), late(30)])),
            quote=draw(st.sampled_from([None, 9])),
        )
        for attempt, state in enumerate(states)
    ]


@st.composite
def journals(draw):
    """A journal that knows up to three records."""
    known = draw(st.lists(st.sampled_from(["raaab", "rbbbc", "rcccd"]), unique=True))
    entries, intents = [], []
    for name in known:
        approve, retry = (
            draw(st.sampled_from(Tick)),
            draw(st.sampled_from([Tick.OPEN, Tick.SPENT, Tick.UNKNOWN])),
        )
        said = content(draw(st.sampled_from(["Autumn", "Winter"])))
        noticed = draw(st.sampled_from([None, Notice(None, "Changed", "Changed: Headline.")]))
        entries.append(entry(name, content=said, approve=approve, retry=retry, notice=noticed))
        intents += draw(histories(name))
    return memory(entries=entries, intents=intents, is_known=draw(st.booleans()))


@settings(max_examples=50)
@given(LINES, journals())
def test_projection_is_a_fixed_point(rows, held):
    """Once the cells are written and the changes journaled, no cell differs any more."""
    first = plan(snapshot(rows, memory=held), policy())
    after = held.after(first.changes)
    lines = written(rows, first.edits)

    second = plan(snapshot(lines, memory=after.learnt()), policy())
    third = plan(snapshot(written(lines, second.edits), memory=after.after(second.changes)), policy())

    # Boxes the robot cleared are now seen empty, which may change a word once; after that all is still.
    assert third.edits == ()
    assert third.changes == ()


@settings(max_examples=50)
@given(LINES, journals())
def test_people_s_cells(rows, held):
    """Of people's cells the robot only ever clears ticked boxes; every status begins with a known word."""
    decided = plan(snapshot(rows, memory=held), policy())
    after = written(rows, decided.edits)
    robots = set(columns().robot.values())
    boxes = {columns().people[PeopleColumn.APPROVE], columns().people[PeopleColumn.RETRY]}

    for edit in decided.edits:
        assert edit.column in robots or (edit.column in boxes and edit.value is False)
    for before, line in zip(rows, after, strict=True):
        assert [before.at(place) for place in range(len(HEADER)) if place not in robots | boxes] == [
            line.at(place) for place in range(len(HEADER)) if place not in robots | boxes
        ]
        word = line.at(columns().robot[RobotColumn.STATUS])
        assert word is None or any(str(word).startswith(one) for one in STATUS_WORDS)


@settings(max_examples=50)
@given(LINES, journals())
def test_robot_columns_start_nothing(rows, held):
    """What stands in robot columns changes neither what is journaled nor what is sent; the row id aside, and what
    the row says it was approved as, which can only keep a tick from counting.
    """
    robots, told = columns().robot, columns().robot[RobotColumn.APPROVED_AS]

    def without(places: set[int]) -> Plan:
        bare = [
            replace(line, cells=[None if place in places else cell for place, cell in enumerate(line.cells)])
            for line in rows
        ]
        return plan(snapshot(bare, memory=held), policy())

    spoiled, told_alone, clean = (
        without(places - {columns().row_id})
        for places in (set[int](), set(robots.values()) - {told}, set(robots.values()))
    )

    assert (spoiled.changes, spoiled.calls) == (told_alone.changes, told_alone.calls)
    assert _promised(spoiled) <= _promised(clean)


def _promised(decided: Plan) -> set[JobId]:
    return {one.intent.job_id for one in decided.changes if isinstance(one, Propose)}

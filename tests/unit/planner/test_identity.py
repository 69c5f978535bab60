"""Identity: every line is exactly one record, and an id is only believed where the content agrees."""

from __future__ import annotations

import pytest
from builders import Desk, content, entry, intent, row, snapshot
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.contract import PeopleColumn, RobotColumn
from bot.domain.entries import Tick
from bot.domain.intents import State
from bot.planner.identity import Origin, identify

A, B = content("Autumn"), content("Winter")


def records(*rows, **seen):
    return [str(one.record) for one in identify(snapshot(rows, **seen))]


def origins(*rows, **seen):
    return [one.origin for one in identify(snapshot(rows, **seen))]


BOTH = (entry("raaab", content=A), entry("rbbbc", content=B))


def test_new_rows():
    """Rows without an id get fresh ones, each its own."""
    found = identify(snapshot([row("Autumn"), row("Winter"), row("Winter")]))

    assert [one.origin for one in found] == [Origin.NEW] * 3
    assert len({one.record for one in found}) == 3


def test_sorted_rows():
    """Rows are known by their id, wherever they stand."""
    assert records(row("Winter", id="rbbbc"), row("Autumn", id="raaab"), entries=BOTH) == ["rbbbc", "raaab"]


def test_edited_row():
    """An edit does not change whose row it is."""
    assert records(row("Spring", id="raaab"), row("Winter", id="rbbbc"), entries=BOTH) == ["raaab", "rbbbc"]
    assert origins(row("Spring", id="raaab"), entries=BOTH[:1]) == [Origin.KNOWN]


@pytest.mark.parametrize("spelling", ["RAAAB", " raaab ", "raaab\u00a0"])
def test_f_C10_forgiving_ids(spelling):
    """Capitals and blanks around an id do not make another row."""
    assert records(row("Autumn", id=spelling), entries=BOTH[:1]) == ["raaab"]


@pytest.mark.parametrize(
    "junk", ["r12345", "../x", "con", "__proto__", "1", 7, "rÄÄÄb", "r" + "a" * 300, "raaa1"]
)
def test_f_C10_what_is_no_id(junk):
    """Anything that is not spelled like an id is none; the row gets its own."""
    assert records(row("Autumn", id=junk)) == ["r0001x"]


def test_copied_row():
    """Of a row and its copy the one with the journal's last content keeps the id; the copy says whose it is."""
    edited_copy, original = row("Autumn sale", id="raaab"), row("Autumn", id="raaab")

    found = identify(snapshot([edited_copy, original], entries=BOTH[:1]))

    assert [one.origin for one in found] == [Origin.COPY, Origin.KNOWN]
    assert found[0].copied_from == 3
    assert found[1].record == "raaab"


@pytest.mark.parametrize(
    ("texts", "owner"),
    [(("Autumn", "Autumn"), Origin.KNOWN), (("x", "y"), Origin.MOVED), (("Autumn", "y"), Origin.KNOWN)],
)
def test_upper_row_keeps_the_id(texts, owner):
    """Where content does not decide, the upper row keeps the id; was it a guess, no fresh tick counts with it."""
    rows = [row(text, id="raaab") for text in texts]

    assert origins(*rows, entries=BOTH[:1]) == [owner, Origin.COPY]


def test_many_copies():
    """Every copy is a record of its own."""
    found = records(*[row("Autumn", id="raaab")] * 5, entries=BOTH[:1])

    assert found[0] == "raaab"
    assert len(set(found)) == 5


def test_id_emptied():
    """A row whose id was emptied is found again by its content."""
    assert records(row("Autumn"), row("Winter", id="rbbbc"), entries=BOTH) == ["raaab", "rbbbc"]
    assert origins(row("Autumn"), row("Winter", id="rbbbc"), entries=BOTH)[0] is Origin.FOUND_AGAIN


@pytest.mark.parametrize("typed", ["nonsense", "rzzzz", "raaac"])
def test_id_typed_over(typed):
    """Whatever was typed over an id, the row is found again by its content and not rendered as a new one."""
    assert records(row("Autumn", id=typed), entries=BOTH[:1]) == ["raaab"]


def test_f_R07_twins_of_whom_one_lost_its_id():
    """An id written while rows moved may have landed on the twin: which is which nobody can tell, so that a fresh
    tick beside either waits. Rows that say something else go on.
    """
    three = (*BOTH, entry("rcccd", content=content("Autumn")))
    rows = [row("Autumn"), row("Winter", id="rbbbc"), row("Autumn", id="rcccd")]

    assert records(*rows, entries=three) == ["raaab", "rbbbc", "rcccd"]
    assert origins(*rows, entries=three) == [Origin.MOVED, Origin.KNOWN, Origin.MOVED]


def test_strange_id_of_a_new_row():
    """A row that comes with an id this journal never gave keeps it, as long as nobody was lost."""
    assert records(row("Autumn", id="raaab"), row("Spring", id="rzzzz"), entries=BOTH[:1]) == [
        "raaab",
        "rzzzz",
    ]


def test_ids_swapped():
    """Where two rows have each other's ids, each record follows its content."""
    assert records(row("Autumn", id="rbbbc"), row("Winter", id="raaab"), entries=BOTH) == ["raaab", "rbbbc"]


def test_row_edited_while_others_changed_ids():
    """It may be one of them: the tick beside its new text is not taken for its own."""
    three = (*BOTH, entry("rcccd", content=content("Spring")))
    rows = [row("Autumn", id="rbbbc"), row("Winter", id="raaab"), row("Summer", id="rcccd")]

    assert origins(*rows, entries=three) == [Origin.MOVED] * 3
    assert records(*rows, entries=three) == ["raaab", "rbbbc", "rcccd"]


def test_twin_of_a_row_that_changed_its_id():
    """They may have changed places, and their ticks with them."""
    three = (*BOTH, entry("rcccd", content=content("Winter")), entry("rdddf", content=content("May")))
    rows = [
        row("Autumn", id="rbbbc"),
        row("Winter", id="raaab"),
        row("Winter", id="rcccd"),
        row("May", id="rdddf"),
    ]

    assert origins(*rows, entries=three)[2:] == [Origin.MOVED, Origin.KNOWN]


def test_row_that_appears_while_others_changed_ids():
    """The tick beside it may be another row's, whether it has an id nobody gave or none."""
    rows = [row("Autumn", id="rbbbc"), row("Winter", id="raaab"), row("Summer", id="rzzzz"), row("May")]

    assert origins(*rows, entries=BOTH)[2:] == [Origin.UNCERTAIN] * 2


def test_ids_rotated():
    """The same for a circle of three."""
    three = (*BOTH, entry("rcccd", content=content("Spring")))

    assert records(
        row("Autumn", id="rbbbc"), row("Winter", id="rcccd"), row("Spring", id="raaab"), entries=three
    ) == ["raaab", "rbbbc", "rcccd"]


def test_swapped_and_edited():
    """Of two swapped rows one may have been edited too: what is left over belongs together."""
    assert records(row("Winter", id="raaab"), row("Spring", id="rbbbc"), entries=BOTH) == ["rbbbc", "raaab"]


def test_two_strayed_rows_for_one_record():
    """Two rows under foreign ids that could be the same record are both uncertain; the others are found."""
    three = (*BOTH, entry("rcccd", content=content("Spring")))
    rows = [row("Autumn", id="rbbbc"), row("Autumn", id="rcccd"), row("Winter", id="raaab")]

    assert origins(*rows, entries=three) == [Origin.UNCERTAIN, Origin.UNCERTAIN, Origin.MOVED]
    assert records(*rows, entries=three)[2] == "rbbbc"


def test_id_pasted_over_another():
    """A row whose id was overwritten with its neighbour's is found again; it is no copy."""
    rows = [row("Autumn", id="raaab"), row("Winter", id="raaab")]

    assert records(*rows, entries=BOTH) == ["raaab", "rbbbc"]


def test_edited_copy_of_a_ticked_row():
    """A ticked row copied and edited to what a deleted row said takes that record over, but not the tick."""
    desk = Desk(row("Autumn", approve=True), row("Winter"))
    desk.tick()
    desk.tick()
    kept, gone = desk.id(0), desk.id(1)
    desk.rows[1:] = [row("Winter", id=kept, approve=True, number=3)]

    desk.tick()
    desk.tick()

    assert (desk.id(0), desk.id(1)) == (kept, gone)
    assert [one.key.record for one in desk.live()] == [kept]


def test_edited_to_equal_another():
    """Two rows that come to say the same stay two: nobody lost an id."""
    assert records(row("Winter", id="raaab"), row("Winter", id="rbbbc"), entries=BOTH) == ["raaab", "rbbbc"]


def test_several_could_be_meant():
    """A row that could be one of two lost records is nobody's until a person says so."""
    twins = (entry("raaab", content=A), entry("rbbbc", content=A))

    assert origins(row("Autumn"), entries=twins) == [Origin.UNCERTAIN]


TWINS = (entry("raaab", content=A, row_number=2), entry("rbbbc", content=A, row_number=3))


def test_f_R04_twins_without_ids_where_they_stood():
    """The id column was deleted: equal rows in their old places are who they were; their ticks bind nothing new."""
    assert records(row("Autumn"), row("Autumn"), entries=TWINS) == ["raaab", "rbbbc"]
    assert origins(row("Autumn"), row("Autumn"), entries=TWINS) == [Origin.MOVED] * 2


@pytest.mark.parametrize(
    ("rows", "entries"),
    [
        ([row("Winter"), row("Autumn"), row("Autumn")], TWINS),
        ([row("Autumn")], TWINS),
        ([row("Autumn"), row("Autumn"), row("Autumn")], TWINS),
        ([row("Autumn"), row("Autumn")], (TWINS[0], entry("rbbbc", content=A, row_number=3, present=False))),
        ([row("Autumn"), row("Autumn")], (*TWINS, entry("rcccd", content=A, row_number=3, present=False))),
    ],
)
def test_f_R04_twins_without_ids_elsewhere(rows, entries):
    """Moved, fewer, more, or some of them gone before: which is which nobody can tell."""
    told = [one for one in identify(snapshot(rows, entries=entries)) if one.line.judged.content == A]

    assert {one.origin for one in told} == {Origin.UNCERTAIN}


def test_two_rows_for_one_lost_record():
    """Two rows that could be one lost record are both uncertain: a guess might pay twice."""
    found = identify(snapshot([row("Autumn"), row("Autumn")], entries=BOTH[:1]))

    assert [one.origin for one in found] == [Origin.UNCERTAIN] * 2
    assert len({one.record for one in found} | {"raaab"}) == 3


def test_cut_and_paste_keeps_the_video():
    """A row that vanished and comes back without its id is the same record, with its video."""
    done = intent("raaab", State.COMPLETED, content=A)
    desk = Desk(row("Autumn"))
    desk.memory = snapshot(entries=[entry("raaab", content=A, present=False)], intents=[done]).memory

    desk.tick()

    assert desk.id() == "raaab"
    assert desk.status() == "Done"
    assert desk.shows(RobotColumn.VIDEO) == done.url


def test_uncertain_tick_binds_nothing():
    """A ticked row that could be one of several records is not sent until its box was emptied and ticked again."""
    desk = Desk(row("Autumn", approve=True))
    desk.memory = snapshot(entries=[entry("raaab", content=A), entry("rbbbc", content=A)]).memory

    desk.tick()
    desk.tick()
    assert desk.intents() == ()
    desk.unapprove()
    desk.tick()
    desk.approve()
    desk.tick()

    assert [one.state for one in desk.intents()] == [State.WAITING]


def test_swap_of_texts_approves_nobody():
    """Texts swapped under a tick leave that tick without meaning: it was given for the other text."""
    desk = Desk(row("Autumn", approve=True), row("Winter"))
    desk.tick()
    desk.tick()
    desk.edit(0, headline="Winter")
    desk.edit(1, headline="Autumn")

    desk.tick()

    assert desk.live() == []
    desk.tick()
    assert desk.live() == []


def test_ids_swapped_under_a_video():
    """Swapped ids do not put a video beside another row's text."""
    desk = Desk(row("Autumn", approve=True), row("Winter", approve=True))
    desk.tick()
    first = desk.settle(State.COMPLETED, 0)
    second = desk.settle(State.COMPLETED, 1)
    desk.tick()
    ids = desk.id(0), desk.id(1)
    desk.spoil(RobotColumn.ROW_ID, ids[1], 0)
    desk.spoil(RobotColumn.ROW_ID, ids[0], 1)

    desk.tick()

    assert (desk.id(0), desk.id(1)) == ids
    assert desk.shows(RobotColumn.VIDEO, 0) == first.url
    assert desk.shows(RobotColumn.VIDEO, 1) == second.url


def test_id_typed_over_is_not_paid_again():
    """An approved row whose id was typed over is still the one that was rendered."""
    desk = Desk(row("Autumn", approve=True))
    desk.tick()
    desk.settle(State.COMPLETED)
    desk.tick()
    desk.spoil(RobotColumn.ROW_ID, "rzzzz")

    desk.tick()

    assert desk.live() == []
    assert desk.status() == "Done"
    assert desk.memory.entries[desk.intents()[0].key.record].approve is Tick.BOUND


TEXTS = st.sampled_from(["Autumn", "Winter", "Spring"])
IDS = st.sampled_from([None, "raaab", "rbbbc", "rcccd", "rzzzz", "junk", "RAAAB"])
LINES = st.lists(st.tuples(TEXTS, IDS), max_size=7)
KNOWN = st.dictionaries(st.sampled_from(["raaab", "rbbbc", "rcccd", "rddde"]), TEXTS, max_size=4)


@given(LINES, KNOWN, st.booleans())
def test_every_line_is_one_record(lines, known, is_known):
    """Whatever ids and texts meet, every line gets exactly one record and no record two lines."""
    entries = [entry(name, content=content(text)) for name, text in known.items()]

    found = identify(
        snapshot([row(text, id=name) for text, name in lines], entries=entries, is_known=is_known)
    )

    assert [one.line.row.number for one in found] == list(range(2, len(lines) + 2))
    assert len({one.record for one in found}) == len(lines)
    for one in found:
        assert one.entry is None or one.entry.key.record == one.record
        assert (one.entry is None) == (one.record not in known)


@given(LINES, KNOWN)
def test_undisturbed_rows_stay_themselves(lines, known):
    """A row whose id and content are as the journal knows them is that record, whatever its neighbours do."""
    steady = [("raaab", "Autumn"), *((name, text) for text, name in lines if name not in {"raaab", "RAAAB"})]
    entries = [entry(name, content=content(text)) for name, text in {**known, "raaab": "Autumn"}.items()]

    found = identify(snapshot([row(text, id=name) for name, text in steady], entries=entries))

    others = [*((name, text) for name, text in known.items() if name != "raaab"), *steady[1:]]
    has_twin = "Autumn" in [text for _, text in others]
    assert found[0].record == "raaab"
    assert found[0].origin is Origin.KNOWN or has_twin


def test_copied_tick_is_cleared():
    """The tick of a copied row was not given for the copy."""
    desk = Desk(row("Autumn", approve=True))
    desk.tick()
    desk.rows.append(desk.rows[0])
    desk.rows[1] = type(desk.rows[0])(3, list(desk.rows[0].cells))

    desk.tick()

    assert not desk.is_ticked(PeopleColumn.APPROVE, 1)
    assert desk.intents(1) == ()
    assert desk.advice(1) == "Row copied from row 2. It got its own ID; tick Approve to render it too."
    assert len(desk.live()) == 1


def test_f_R07_id_written_beside_another_row():
    """Sorted while a new row's id was written, it landed on a row with a video under way; both are found again."""
    new = entry("rnewx", content=content("Spring"))
    rows = (row("Autumn", id="rnewx"), row("Spring"))

    assert records(*rows, entries=(BOTH[0], new)) == ["raaab", "rnewx"]
    assert origins(*rows, entries=(BOTH[0], new)) == [Origin.MOVED, Origin.MOVED]


def test_f_R07_id_written_beside_a_row_inserted_meanwhile():
    """The row it was meant for still has no id, and the content the journal remembers: it gets the id."""
    rows = (row("Spring", id="raaab", approve=True), row("Autumn", approve=True))

    assert records(*rows, entries=BOTH[:1])[1] == "raaab"
    assert origins(*rows, entries=BOTH[:1]) == [Origin.UNCERTAIN, Origin.MOVED]


def test_f_R07_two_rows_that_may_be_the_one_an_id_was_meant_for():
    """Which of two equal rows lost its id to another one, nobody can tell: the id stays where it is."""
    rows = (row("Spring", id="raaab"), row("Autumn"), row("Autumn"))

    assert records(*rows, entries=BOTH[:1])[0] == "raaab"


def test_f_R07_sort_while_an_id_is_written_pays_nothing_twice():
    """The row whose video is under way keeps its promise; the misplaced id gives its tick no second meaning."""
    desk = Desk(row("Autumn", approve=True))
    desk.tick()
    desk.settle(State.ACTIVE)
    desk.rows.append(row("Spring", number=3))
    desk.tick(is_written=False)
    [fresh] = [record for record in desk.memory.entries if record != desk.id()]
    desk.spoil(RobotColumn.ROW_ID, fresh)
    desk.tick()

    assert len(desk.memory.intents) == 1
    assert [one.content.values[0][1] for one in desk.intents(0)] == ["Autumn"]

"""How a batch ended, and when that is known."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest
from builders import NOW, PRICE, content, entry, intent, memory

from bot.domain import wording
from bot.domain.entries import Notice
from bot.domain.failures import FailureClass, ProblemCode
from bot.domain.intents import State, Trouble
from bot.domain.letters import Tally
from bot.domain.news import Batch
from bot.planner.digest import ended, first_batch, tally_words

REJECTED = Trouble(FailureClass.REJECTED, ProblemCode.ZVID_REJECT, "Zvid did not accept the row.", "400")
BROKEN = Trouble(FailureClass.TRANSIENT, ProblemCode.RENDER_FAIL, "Zvid could not.", "out of memory")
REFUSED = Notice(ProblemCode.DATA_MISSING, wording.NEEDS_FIXING, '"Headline" is empty.')
DONE = State.COMPLETED


def known(*intents, **entries):
    """A tab with these promises, a row for each, and rows with these notices."""
    rows = {one.key.record: entry(one.key.record, row_number=number) for number, one in enumerate(intents, 2)}
    rows |= {
        name: entry(name, row_number=number, notice=notice)
        for number, (name, notice) in enumerate(entries.items(), 30)
    }
    return memory(entries=rows.values(), intents=intents)


def video(record, state=DONE, number=1, **changes):
    return intent(record, state, number=number, **changes)


def tally(found, batch=None):
    return ended(batch or Batch(), found, NOW)[0]


def test_the_last_row_ends_the_batch():
    """Not before: as long as one is under way there is nothing to tell."""
    first, last = video("raaab"), video("raaac", State.ACTIVE, 2)

    assert tally(known(first, last)) is None
    assert tally(known(first, video("raaac", DONE, 2))) == Tally(
        total=2, done=2, credits=2 * PRICE, minutes=1
    )


def test_the_batch_is_told_of_once():
    """What was told of counts as told, also for whoever comes later."""
    found = known(video("raaab"))
    _, batch = ended(Batch(), found, NOW)

    assert ended(batch, found, NOW) == (None, batch)
    assert tally(known(video("raaab"), video("raaac", DONE, 2)), batch).total == 1


def test_what_ended_before_telling_began_is_no_news():
    """Videos under way at that moment are, once they end."""
    old, running = video("raaab"), video("raaac", State.ACTIVE, 2)
    batch = first_batch(known(old, running))

    assert tally(known(old, running), batch) is None
    assert tally(known(old, video("raaac", DONE, 2)), batch) == Tally(1, 1, PRICE, 1)


@pytest.mark.parametrize(
    ("state", "trouble", "where"),
    [
        (State.FAILED, REJECTED, "to_fix"),
        (State.FAILED, BROKEN, "failed"),
        (State.FAILED, None, "failed"),
        (State.NEEDS_DECISION, None, "undecided"),
    ],
)
def test_rows_that_did_not_end_well_are_named(state, trouble, where):
    """By what they need, with the row they stand on now."""
    found = tally(known(video("raaab"), video("raaac", state, 2, trouble=trouble)))

    assert (found.total, found.done) == (2, 1)
    assert getattr(found, where) == (3,)


def test_what_failed_cost_nothing():
    """Credits come back with a failure; a doubt counts as spent."""
    intents = (
        video("raaab"),
        video("raaac", State.FAILED, 2, trouble=BROKEN),
        video("raaad", State.NEEDS_DECISION, 3),
        video("raaae", State.FAILED, 4, reserved=None),
    )

    assert tally(known(*intents)).credits == 2 * PRICE


def test_refused_ticks_count_once():
    """A row that was refused before it was promised needs fixing, and is told of with one batch only."""
    found = known(video("raaab"), rbbbc=REFUSED)
    first, batch = ended(Batch(), found, NOW)
    again = known(video("raaab"), video("raaac", DONE, 2), rbbbc=REFUSED)
    then, _ = ended(batch, again, NOW)

    assert (first.total, first.done, first.to_fix) == (2, 1, (30,))
    assert (then.total, then.to_fix) == (1, ())


def test_a_row_refused_anew_is_told_anew():
    """Once it was mended it may need fixing again."""
    _, batch = ended(Batch(), known(video("raaab"), rbbbc=REFUSED), NOW)
    _, batch = ended(batch, known(video("raaab"), rbbbc=None), NOW)
    found = tally(known(video("raaab"), video("raaac", DONE, 2), rbbbc=REFUSED), batch)

    assert found.to_fix == (31 - 1,)


@pytest.mark.parametrize(
    "notice",
    [
        Notice(None, wording.CHANGED, "Changed: Headline."),
        Notice(ProblemCode.CELL_CHANGES, wording.NEEDS_FIXING, "Keeps changing."),
        None,
    ],
)
def test_other_notices_are_no_refusals(notice):
    """A changed row waits for its approver; a formula that never rests may have been ticked by nobody."""
    assert tally(known(video("raaab"), rbbbc=notice)).total == 1


def test_a_row_that_is_gone_is_counted_without_a_place():
    """Its number would be another row's."""
    one, other = video("raaab", State.FAILED, trouble=BROKEN), video("raaac", State.FAILED, 2, trouble=BROKEN)
    found = memory(entries=[entry("raaab", present=False, notice=REFUSED)], intents=[one, other])

    assert tally(found).failed == (None, None)


def test_refusals_alone_are_no_batch():
    """Whoever ticked the row sees it in the sheet."""
    assert ended(Batch(), known(rbbbc=REFUSED), NOW) == (None, Batch())


def test_withdrawn_rows_are_no_batch_either():
    """They are behind us all the same."""
    assert ended(Batch(), known(video("raaab", State.CANCELLED)), NOW) == (None, Batch(mark=1))


def test_the_latest_attempt_counts():
    """Failed, ticked Retry, done: done. Paid for once."""
    first = video("raaab", State.FAILED, 1, trouble=BROKEN)
    then = video("raaab", DONE, 2, attempt=1)

    assert tally(known(first, then)) == Tally(1, 1, PRICE, 1)


def test_an_edit_that_is_refused_counts_for_its_row():
    """The video is there, and the row needs fixing."""
    done = video("raaab")
    found = memory(entries=[entry("raaab", notice=REFUSED)], intents=[done])

    assert (tally(found).total, tally(found).done, tally(found).to_fix) == (1, 0, (2,))


def test_a_row_for_later_keeps_nobody_waiting():
    """It ends with a batch of its own."""
    done, later = video("raaab"), video("raaac", State.WAITING, 2)
    rows = [entry("raaab"), entry("raaac", row_number=3, render_at=NOW + timedelta(hours=9))]
    found, batch = ended(Batch(), memory(entries=rows, intents=[done, later]), NOW)
    due = memory(entries=[replace(row, render_at=NOW) for row in rows], intents=[done, later])
    then = memory(entries=rows, intents=[done, video("raaac", DONE, 2)])

    assert (found.total, batch.left) == (1, (2,))
    assert tally(due, batch) is None
    assert tally(then, batch).total == 1


def test_a_promise_without_its_row_is_waited_for():
    """A row that the journal lost has no time to wait for."""
    assert tally(memory(intents=[video("raaab", State.WAITING)])) is None


def test_an_open_decision_is_told_once():
    """And again when somebody has decided."""
    found, batch = ended(Batch(), known(video("raaab", State.NEEDS_DECISION)), NOW)

    assert (found.undecided, batch.left) == ((2,), (1,))
    assert ended(batch, known(video("raaab", State.NEEDS_DECISION)), NOW) == (None, batch)
    assert tally(known(video("raaab")), batch).done == 1


def test_how_long_it_took():
    """From the first send to the last end; a refusal without a send from its approval."""
    sent = video("raaab", sent_at=NOW - timedelta(minutes=21), finished_at=NOW - timedelta(minutes=5))
    last = video("raaac", State.FAILED, 2, sent_at=None, trouble=REJECTED, finished_at=None, updated_at=NOW)

    assert tally(known(sent, last)).minutes == 21


@pytest.mark.parametrize(
    ("found", "text"),
    [
        (
            Tally(50, 48, 720, 21, to_fix=(17, 33)),
            "48 of 50 done in 21 min, 720 credits. 2 need fixing: rows 17 and 33.",
        ),
        (Tally(1, 1, 1, 1), "1 of 1 done in 1 min, 1 credit."),
        (
            Tally(1234, 1229, 9000, 185, (5,), (7, None), (8,)),
            (
                "1,229 of 1,234 done in 3 h 05 min, 9,000 credits. 1 needs fixing: row 5. "
                "2 failed: rows 7 and 1 more. 1 needs a decision: row 8."
            ),
        ),
        (
            Tally(2, 0, 0, 2, failed=(None, None)),
            "0 of 2 done in 2 min, 0 credits. 2 failed: rows that are gone.",
        ),
        (Tally(1, 0, 0, 2, failed=(None,)), "0 of 1 done in 2 min, 0 credits. 1 failed: a row that is gone."),
        (
            Tally(12, 0, 0, 2, failed=tuple(range(2, 14))),
            "0 of 12 done in 2 min, 0 credits. 12 failed: rows 2, 3, 4, 5, 6, 7, 8, 9, 10, 11 and 2 more.",
        ),
    ],
)
def test_the_words(found, text):
    """One sentence for how it went, one for each kind of row that needs somebody."""
    assert tally_words(found) == text


def test_content_plays_no_part():
    """Two rows that say the same are two rows."""
    one, other = video("raaab", content=content("A")), video("raaac", DONE, 2, content=content("A"))

    assert tally(known(one, other)).total == 2

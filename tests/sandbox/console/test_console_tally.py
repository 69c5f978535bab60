"""The books the console shows: they find what a careless client does, and nothing else."""

from __future__ import annotations

import uuid

from console_bench import Bench


def test_a_quiet_sheet_adds_up(bench: Bench):
    """One video of one row, linked where it belongs."""
    bench.put("Videos!F2", bench.finished("summer-r1k-wide"))
    told = bench.tally()

    assert (told["jobs"], told["done"], told["rows"]) == (1, 1, 3)
    assert (told["paidTwice"], told["wrongLinks"]) == (0, 0)
    assert told["credits"] == 1164 - told["balance"] > 0


def test_a_second_charge_for_one_order_is_told(bench: Bench):
    """A client that sends again under the same id after a lost answer pays twice."""
    job_id = str(uuid.uuid4())
    bench.submit("summer-r1k-wide", job_id)
    bench.submit("summer-r1k-wide", job_id)

    assert bench.tally()["paidTwice"] == 1


def test_the_same_video_ordered_again_is_told(bench: Bench):
    """Another id does not hide that nobody asked for it again."""
    bench.submit("summer-r1k-wide")
    bench.submit("summer-r1k-wide")

    assert bench.tally()["paidTwice"] == 1


def test_a_person_may_ask_again(bench: Bench):
    """After a tick in Retry the same video is wanted, and paid for once more."""
    bench.finished("summer-r1k-wide")
    bench.put("Videos!C2", value=True)
    bench.finished("summer-r1k-wide")

    assert bench.tally()["paidTwice"] == 0


def test_a_tick_on_another_row_is_no_excuse(bench: Bench):
    """Only the row's own box counts."""
    bench.finished("summer-r1k-wide")
    bench.put("Videos!C3", value=True)
    bench.finished("summer-r1k-wide")

    assert bench.tally()["paidTwice"] == 1


def test_a_link_on_another_row_is_told(bench: Bench):
    """A link is wrong wherever it leads to another row's video."""
    bench.put("Videos!F3", bench.finished("summer-r1k-wide"))

    assert bench.tally()["wrongLinks"] == 1


def test_a_link_to_nowhere_is_told(bench: Bench):
    """So is one the service knows nothing of."""
    bench.put("Videos!F2", "http://127.0.0.1:1/media/videos/other-1.mp4")

    assert bench.tally()["wrongLinks"] == 1


def test_the_rows_are_told_as_they_stand(bench: Bench):
    """Number, name and state of every row, for those who watch."""
    assert bench.tally()["lines"][1] == {
        "row": 3,
        "name": "Apples",
        "status": "Rendering 40%",
        "advice": "",
    }

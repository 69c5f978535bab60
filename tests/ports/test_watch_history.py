"""Days gone by, out of the journal: what was finished, spent and not made, by the calendar of the sheet."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from builders import NOW, intent, payload, template
from fakes.world import fresh_journal

from bot.adapters.journal import SqliteJournal
from bot.adapters.web.charts import Bars, chart
from bot.adapters.web.past import History
from bot.domain.failures import FailureClass, ProblemCode
from bot.domain.intents import State, Trouble
from bot.planner.actions import Move, Propose

PAGO = ZoneInfo("Pacific/Pago_Pago")
BADLY = Trouble(FailureClass.TRANSIENT, ProblemCode.RENDER_FAIL, "Zvid could not.", "secret words")


@pytest.fixture
def journal(tmp_path: Path) -> Iterator[SqliteJournal]:
    journal = fresh_journal(tmp_path / "journal.db")
    yield journal
    journal.close()


def made(journal: SqliteJournal, record: str, sent: datetime, ends: State = State.COMPLETED) -> None:
    """A video's whole life."""
    trouble = BADLY if ends is State.FAILED else None
    body = payload()
    first = intent(record, payload_hash=body.hash, template_hash=template().hash, updated_at=sent)
    steps = [
        first,
        first.moved(State.SENDING, sent_at=sent),
        first.moved(State.SENDING, sent_at=sent).moved(State.SUBMITTED, reserved=9),
    ]
    last = steps[-1].moved(ends, finished_at=sent + timedelta(minutes=1), updated_at=sent, trouble=trouble)
    journal.apply([Propose(first, body, template())], sent)
    for before, after in zip(steps, [*steps[1:], last], strict=True):
        journal.apply([Move(before, after)], sent)


def test_hours_and_days(journal: SqliteJournal):
    """A failure costs nothing; what is older than the chart is left out."""
    made(journal, "raaab", NOW)
    made(journal, "rbbbc", NOW - timedelta(hours=3))
    made(journal, "rcccd", NOW - timedelta(days=2))
    made(journal, "rdddf", NOW - timedelta(days=40))
    made(journal, "reeeg", NOW - timedelta(hours=1), State.FAILED)
    past = History(journal.path).look(NOW, UTC)

    assert past is not None
    assert (len(past.hours), len(past.days)) == (24, 30)
    assert [(hour, count) for hour, count in past.hours if count] == [
        (NOW.replace(minute=0, second=0) - timedelta(hours=3), 1),
        (NOW.replace(minute=0, second=0), 1),
    ]
    assert [spent for _, spent in past.days if spent] == [9, 18]
    assert past.days[-1][0].date() == NOW.date()
    assert past.failed == (("RENDER-FAIL", 1),)


def test_a_day_is_the_sheet_s_day(journal: SqliteJournal):
    """Eleven hours behind, the same send was yesterday's."""
    sent = NOW.replace(hour=8)
    made(journal, "raaab", sent)
    history = History(journal.path)
    here, there = history.look(sent + timedelta(hours=4), UTC), history.look(sent + timedelta(hours=4), PAGO)

    assert here is not None
    assert there is not None
    assert [spent for _, spent in here.days][-2:] == [0, 9]
    assert [spent for _, spent in there.days][-2:] == [9, 0]


def test_many_lookers_are_one_look(journal: SqliteJournal):
    """Within a few seconds everybody gets the same; then it is read anew."""
    history = History(journal.path)
    first = history.look(NOW, UTC)
    made(journal, "raaab", NOW)

    assert history.look(NOW + timedelta(seconds=5), UTC) is first
    assert history.look(NOW + timedelta(seconds=20), UTC) != first


def test_looking_disturbs_no_writer(journal: SqliteJournal):
    """The journal is written while its history is open."""
    made(journal, "raaab", NOW)
    History(journal.path).look(NOW, UTC)
    made(journal, "rbbbc", NOW)

    assert journal.spent() == 18


def test_a_chart_is_told_in_words_and_figures():
    """The picture is for eyes alone; whoever cannot see it hears the sum and may open the table."""
    drawn = chart(
        Bars("hours", "Videos an hour", "videos", ("Hour", "Videos"), [("13:00", 0), ("14:00", 1200)])
    )

    assert "1,200 videos in all, at most 1,200." in drawn
    assert 'aria-hidden="true"' in drawn
    assert '<th scope="row">14:00</th><td>1,200</td>' in drawn
    assert drawn.count("<rect") == 2


def test_an_empty_chart_is_one_too():
    """Nothing happened yet."""
    assert "0 videos in all" in chart(
        Bars("hours", "Videos an hour", "videos", ("Hour", "Videos"), [("13:00", 0)])
    )

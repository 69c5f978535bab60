"""The journal port, on the real file."""

from __future__ import annotations

import os
import signal
import sqlite3
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from builders import NOW, TAB, content, entry, failure, intent, payload, template
from fakes.world import fresh_journal

from bot.adapters.journal import SqliteJournal
from bot.adapters.journal_laws import look_over
from bot.adapters.journal_looks import EmptyJournal, JournalReader
from bot.domain.delivery import Delivery, DeliveryProblem, DeliveryState, Digest, Stored
from bot.domain.entries import Churn, Notice, Tick
from bot.domain.failures import FailureClass, ProblemCode
from bot.domain.gates import Gate, Sample
from bot.domain.ids import Fingerprint, JobId, PayloadHash, RecordId, RecordKey, TabKey, TemplateHash
from bot.domain.intents import Intent, State, Trouble
from bot.planner.actions import KeepDelivery, Move, Propose, Remember, SetGate
from bot.ports import JournalConflictError, JournalError

BODY = payload('{"name":"big-sale"}')
DESIGN = template()


def promised(record: str = "raaab", state: State = State.WAITING, **changes) -> Propose:
    """A promise of the default payload."""
    made = intent(record, state, payload_hash=BODY.hash, template_hash=DESIGN.hash, **changes)
    return Propose(made, BODY, DESIGN)


@pytest.fixture
def path(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.getbasetemp()
    return folder / f"port-journal-{len(list(folder.glob('port-journal-*.db')))}.db"


@pytest.fixture
def journal(path: Path) -> Iterator[SqliteJournal]:
    journal = fresh_journal(path)
    yield journal
    journal.close()


def pragma(journal: SqliteJournal, name: str) -> object:
    with journal.file.engine.connect() as connection:
        return connection.exec_driver_sql(f"PRAGMA {name}").scalar()


# -- what is kept -------------------------------------------------------------


def test_new_journal_knows_nothing(journal: SqliteJournal):
    """A tab nobody read is unknown and empty."""
    memory = journal.remember_tab(TAB)

    assert (memory.is_known, dict(memory.entries), dict(memory.intents)) == (False, {}, {})
    assert (journal.in_flight(), journal.spent()) == (0, 0)


def test_tab_that_was_learnt_is_known(journal: SqliteJournal):
    """Learning is kept, twice is once, and other tabs stay unknown."""
    journal.learn_tab(TAB, NOW)
    journal.learn_tab(TAB, NOW)

    assert journal.remember_tab(TAB).is_known
    assert not journal.remember_tab(TabKey(TAB.spreadsheet, 7)).is_known


@pytest.mark.parametrize(
    "kept",
    [
        entry(),
        entry(approve=Tick.BOUND, retry=Tick.SPENT, present=False, row_number=12, render_at=NOW),
        entry(churn=Churn(("Headline", "Grüße"), 7, NOW)),
        entry(stands_for=(Fingerprint("f" * 64), Fingerprint("e" * 64))),
        entry(approve=Tick.UNKNOWN, notice=Notice(None, "Changed", "Changed: Headline.")),
        entry(notice=Notice(ProblemCode.DATA_DUP, "Ready to approve", "Row copied from row 2.")),
        entry(content=content("Größe \u202eבּ 👩‍👧\n'\"; DROP TABLE intents; --", format="square")),
    ],
)
def test_entry_comes_back_as_it_was(journal: SqliteJournal, kept):
    """Everything an entry says survives the file."""
    journal.apply([Remember(kept)], NOW)

    assert journal.remember_tab(TAB).entries == {kept.key.record: kept}


def test_entry_is_replaced(journal: SqliteJournal):
    """The last word counts."""
    journal.apply([Remember(entry(row_number=2))], NOW)
    journal.apply([Remember(entry(row_number=3, approve=Tick.BOUND))], NOW)

    assert [one.row_number for one in journal.remember_tab(TAB).entries.values()] == [3]


FULL = {
    "tries": 3,
    "not_before": NOW + timedelta(seconds=15, microseconds=7),
    "quote": 4,
    "reserved": 5,
    "sent_at": NOW,
    "finished_at": NOW,
    "service_word": "waiting-children",
    "percent": 40,
    "named": False,
    "known_as": JobId("0d1b6a52-0000-4000-8000-000000000001"),
    "url": "https://cdn.example/1.mp4",
    "thumbnail_url": "https://cdn.example/1.jpg",
    "trouble": Trouble(FailureClass.IN_DOUBT, ProblemCode.UNSURE, "Making sure …", "no answer (ReadTimeout)"),
}


@pytest.mark.parametrize("state", list(State))
def test_f_Z01_refused_ids_are_remembered_for_good(journal: SqliteJournal, path: Path, state: State):
    """One send without an id, whatever became of it, says what every later one must do; a reader sees it too."""
    before = journal.refuses_ids(), journal.honours_ids()
    accepted = promised("rbbbc", State.COMPLETED)
    journal.apply([promised(state=state, named=False, reserved=None), accepted], NOW)
    reader = JournalReader(path)
    read = reader.refuses_ids(), reader.honours_ids()
    reader.close()

    assert before == (False, None)
    assert (journal.refuses_ids(), journal.honours_ids()) == read == (True, False)


@pytest.mark.parametrize("state", list(State))
@pytest.mark.parametrize("changes", [{}, FULL], ids=["plain", "full"])
def test_intent_comes_back_as_it_was(journal: SqliteJournal, state: State, changes: dict):
    """Everything an intent says survives the file, in every state."""
    wanted = promised(state=state, **changes)
    journal.apply([wanted], NOW)

    assert journal.remember_tab(TAB).intents == {wanted.intent.job_id: wanted.intent}


def test_payload_is_kept_as_it_was_sent(journal: SqliteJournal):
    """The exact body, under its hash; one text for any number of intents."""
    journal.apply([promised("raaab"), promised("raaac")], NOW)

    assert journal.payloads([BODY.hash]) == {BODY.hash: BODY.body}
    assert journal.payloads([]) == {}


def test_unknown_payload_is_a_key_error(journal: SqliteJournal):
    """A body nobody kept cannot be sent."""
    with pytest.raises(KeyError):
        journal.payloads([PayloadHash("f" * 64)])


def test_promise_replaced_in_one_go(journal: SqliteJournal):
    """Withdrawing an intent and promising its successor fit into one apply, in any order."""
    old = promised()
    journal.apply([old], NOW)
    gone = Move(old.intent, old.intent.moved(State.CANCELLED))
    new = promised(attempt=1)
    journal.apply([new, gone], NOW)

    assert [one.state for one in journal.remember_tab(TAB).of(RecordId("raaab"))] == [
        State.CANCELLED,
        State.WAITING,
    ]


@pytest.mark.parametrize(
    ("state", "flies", "costs"),
    [
        (State.WAITING, 0, 0),
        (State.SENDING, 1, 0),
        (State.CHECKING, 1, 9),
        (State.SUBMITTED, 1, 9),
        (State.ACTIVE, 1, 9),
        (State.NEEDS_DECISION, 0, 9),
        (State.COMPLETED, 0, 9),
        (State.FAILED, 0, 0),
        (State.CANCELLED, 0, 0),
    ],
)
def test_what_fills_the_window_and_what_is_spent(
    journal: SqliteJournal, state: State, flies: int, costs: int
):
    """The window counts what may be at the service; a doubtful job counts as paid."""
    journal.apply([promised(state=state)], NOW)

    assert (journal.in_flight(), journal.spent()) == (flies, costs)


def test_reserved_credits_beat_the_quote(journal: SqliteJournal):
    """Spent is what the service took, else what it said, else what the row showed."""
    journal.apply(
        [
            promised("raaab", State.COMPLETED, reserved=5, quote=7),
            promised("raaac", State.COMPLETED, reserved=None, quote=7),
            promised("raaad", State.CHECKING, reserved=None, quote=None),
        ],
        NOW,
    )

    assert journal.spent() == 5 + 7 + 9


def test_spent_since_a_moment(journal: SqliteJournal, path: Path):
    """What was sent since then and did not fail, answered or not; what is not sent yet costs nothing."""
    before, after = NOW - timedelta(hours=2), NOW + timedelta(hours=2)
    journal.apply(
        [
            promised("raaab", State.COMPLETED, reserved=5, sent_at=before),
            promised("raaac", State.COMPLETED, reserved=7, sent_at=after),
            promised("raaad", State.SENDING, reserved=None, quote=9, sent_at=after),
            promised("raaae", State.CHECKING, reserved=None, quote=None, sent_at=after),
            promised("raaaf", State.FAILED, reserved=100, sent_at=after),
            promised("raaag", State.WAITING, quote=100),
        ],
        NOW,
    )

    assert journal.spent_since(NOW) == 7 + 9 + 9
    assert journal.spent_since(before) == 5 + 7 + 9 + 9
    assert JournalReader(path).spent_since(NOW) == 7 + 9 + 9
    assert EmptyJournal().spent_since(NOW) == 0


def test_accepted_before_a_send(journal: SqliteJournal):
    """By the order of the journal alone, whatever the clock said; by the ids the service gave."""
    early, renamed, sought, late, refused = (promised(f"raaa{one}") for one in "bcdef")
    journal.apply([early, renamed, sought, late, refused], NOW)

    def move(made: Propose, *states: State, **changes) -> None:
        stands = journal.remember_tab(TAB).intents[made.intent.job_id]
        for state in states:
            then = stands.moved(state, **changes)
            journal.apply([Move(stands, then)], NOW + timedelta(days=1))
            stands = then

    move(early, State.SENDING, State.SUBMITTED)
    move(renamed, State.SENDING, State.SUBMITTED, known_as=JobId("theirs"))
    move(refused, State.SENDING, State.FAILED)
    move(sought, State.SENDING, State.CHECKING)
    move(late, State.SENDING, State.SUBMITTED)
    move(sought, State.WAITING, State.SENDING)

    asked = {sought.intent.job_id, early.intent.job_id}
    assert journal.accepted_before(asked) == {
        sought.intent.job_id: {early.intent.job_id, JobId("theirs")},
        early.intent.job_id: frozenset(),
    }
    assert journal.accepted_before(()) == {}


def test_latest_events(journal: SqliteJournal, path: Path):
    """The story of a spreadsheet, newest first: which row, which video, and what was seen."""
    made = promised()
    row = Remember(entry("raaab", row_number=12))
    journal.apply([row, made], NOW)
    trouble = Trouble(FailureClass.REJECTED, ProblemCode.ZVID_REJECT, "words", "400: too long")
    journal.apply([Move(made.intent, made.intent.moved(State.FAILED, trouble=trouble))], NOW)
    elsewhere = TabKey("another", 0)
    stranger = replace(made.intent, job_id=JobId("other"), key=RecordKey(elsewhere, RecordId("rzzzb")))
    journal.apply([Propose(stranger, BODY, DESIGN)], NOW)
    found = journal.latest_events(TAB.spreadsheet, 5)

    assert [(one.state, one.row_number, one.text) for one in found] == [
        (State.FAILED, 12, "words"),
        (State.WAITING, 12, ""),
    ]
    assert (found[0].name, found[0].credits) == ("big-sale-raaab", 9)
    assert (
        journal.latest_events(TAB.spreadsheet, 1)
        == found[:1]
        == JournalReader(path).latest_events(TAB.spreadsheet, 1)
    )
    assert EmptyJournal().latest_events(TAB.spreadsheet, 5) == []


def test_gate_is_kept(journal: SqliteJournal):
    """What stops a tab, and what its box meant, outlives the process."""
    gate = Gate(
        Tick.SPENT,
        first_contact=True,
        released=7,
        streak=2,
        streak_code=ProblemCode.RENDER_FAIL,
        streak_version=TemplateHash("v3"),
        healthy=4,
        reviewed=(TemplateHash("v2"), TemplateHash("v3")),
        sample=Sample(TemplateHash("v4"), (RecordId("raaab"), RecordId("rbbbc"))),
    )
    journal.apply([SetGate(TAB, Gate())], NOW)
    journal.apply([SetGate(TAB, gate)], NOW)

    assert journal.remember_tab(TAB).gate == gate


def test_tabs_do_not_mix(journal: SqliteJournal):
    """The same record id on two tabs is two records; the window is one."""
    here = promised(state=State.SUBMITTED)
    there = replace(
        here.intent,
        key=RecordKey(TabKey(TAB.spreadsheet, 7), here.intent.key.record),
        job_id=JobId("0d1b6a52-0000-4000-8000-000000000002"),
    )
    journal.apply([here, Propose(there, BODY, DESIGN)], NOW)

    assert list(journal.remember_tab(TAB).intents) == [here.intent.job_id]
    assert list(journal.remember_tab(there.key.tab).intents) == [there.job_id]
    assert journal.in_flight() == 2


# -- what is refused ----------------------------------------------------------


def both(journal: SqliteJournal) -> list[Intent]:
    return list(journal.remember_tab(TAB).intents.values())


def test_second_live_intent_of_a_record_is_refused(journal: SqliteJournal):
    """The database itself keeps the law, and nothing of that apply is kept."""
    first = promised()
    journal.apply([first], NOW)
    with pytest.raises(JournalConflictError):
        journal.apply([Remember(entry("raaaz")), promised(attempt=1)], NOW)

    assert both(journal) == [first.intent]
    assert journal.remember_tab(TAB).entries == {}


@pytest.mark.parametrize("ended", [State.COMPLETED, State.FAILED, State.CANCELLED])
def test_ended_intent_makes_room(journal: SqliteJournal, ended: State):
    """After a terminal state the next attempt is welcome."""
    journal.apply([promised(state=ended)], NOW)
    journal.apply([promised(attempt=1)], NOW)

    assert [one.attempt for one in both(journal)] == [0, 1]


def test_other_format_is_another_promise(journal: SqliteJournal):
    """One live intent for each record and format."""
    journal.apply([promised(), promised(content=content(format="square"))], NOW)

    assert {one.format for one in both(journal)} == {"wide", "square"}


def test_same_name_is_never_promised_twice(journal: SqliteJournal):
    """Record, format, fingerprint and attempt name one intent for ever."""
    journal.apply([promised(state=State.COMPLETED)], NOW)
    with pytest.raises(JournalConflictError):
        journal.apply([promised()], NOW)

    assert [one.state for one in both(journal)] == [State.COMPLETED]


def test_move_from_another_state_is_a_conflict(journal: SqliteJournal):
    """A change names the state it expects; of a batch with one wrong name nothing is kept."""
    first, second = promised("raaab"), promised("raaac")
    journal.apply([first, second], NOW)
    sending = first.intent.moved(State.SENDING)
    wrong = replace(second.intent, state=State.SENDING)
    with pytest.raises(JournalConflictError):
        journal.apply(
            [Move(first.intent, sending), Move(wrong, wrong.moved(State.SUBMITTED))],
            NOW,
        )

    assert {one.state for one in both(journal)} == {State.WAITING}


def test_move_of_an_unknown_intent_is_a_conflict(journal: SqliteJournal):
    """What was never promised cannot be sent."""
    stranger = promised().intent
    with pytest.raises(JournalConflictError):
        journal.apply([Move(stranger, stranger.moved(State.SENDING))], NOW)

    assert both(journal) == []


def test_intent_needs_its_payload(journal: SqliteJournal):
    """Foreign keys are enforced: no promise without the body it promises."""
    orphan = replace(promised().intent, payload_hash=PayloadHash("e" * 64))
    with pytest.raises(JournalConflictError):
        journal.apply([Propose(orphan, BODY, DESIGN)], NOW)

    assert both(journal) == []


# -- how it is kept -----------------------------------------------------------


@pytest.mark.parametrize(
    ("name", "value"), [("journal_mode", "wal"), ("synchronous", 2), ("foreign_keys", 1)]
)
def test_settings_that_make_it_durable(journal: SqliteJournal, name: str, value: object):
    """On the live connection: write-ahead log, full sync, foreign keys."""
    assert pragma(journal, name) == value


def test_write_holds_the_file_from_its_first_line(journal: SqliteJournal, path: Path):
    """A transaction begins IMMEDIATE: it never finds out at the end that somebody else wrote."""
    other = sqlite3.connect(path, timeout=0, isolation_level=None)
    with journal._begin(), pytest.raises(sqlite3.OperationalError, match="locked"):
        other.execute("BEGIN IMMEDIATE")
    other.execute("BEGIN IMMEDIATE")
    other.close()


def test_file_held_by_another_is_a_journal_error(journal: SqliteJournal, path: Path):
    """After a bounded wait the tick stops with words; later it goes on."""
    with journal.file.engine.connect() as connection:
        connection.exec_driver_sql("PRAGMA busy_timeout=20")
    other = sqlite3.connect(path, isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    with pytest.raises(JournalError, match="locked"):
        journal.apply([promised()], NOW)
    other.execute("ROLLBACK")
    other.close()
    journal.apply([promised()], NOW)

    assert len(both(journal)) == 1


def test_full_disk_is_a_journal_error(journal: SqliteJournal):
    """Nothing of what did not fit is kept; with room again it is written."""
    with journal.file.engine.connect() as connection:
        pages = connection.exec_driver_sql("PRAGMA page_count").scalar()
        connection.exec_driver_sql(f"PRAGMA max_page_count={pages}")
    large = payload("x" * 100_000)
    too_much = Propose(replace(promised().intent, payload_hash=large.hash), large, DESIGN)
    with pytest.raises(JournalError, match="full"):
        journal.apply([too_much], NOW)
    with journal.file.engine.connect() as connection:
        connection.exec_driver_sql("PRAGMA max_page_count=100000")
    before = both(journal)
    journal.apply([too_much], NOW)

    assert before == []
    assert len(both(journal)) == 1


_WRITER = """
import os, signal, sys
from pathlib import Path
sys.path.insert(0, sys.argv[2])
from test_port_journal import NOW, promised
from bot.adapters.journal import SqliteJournal
journal = SqliteJournal(Path(sys.argv[1]))
journal.apply([promised()], NOW)
os.kill(os.getpid(), signal.SIGKILL)
"""


def test_what_apply_returned_from_survives_kill_9(path: Path):
    """The process is killed on its next line; a new one finds the promise."""
    fresh_journal(path).close()
    here = Path(__file__)
    killed = subprocess.run(
        [sys.executable, "-c", _WRITER, str(path), str(here.parent)],
        env={**os.environ, "PYTHONPATH": f"{here.parents[1]}:{here.parents[2]}"},
        check=False,
    )
    journal = SqliteJournal(path)
    found = both(journal)
    journal.close()

    assert killed.returncode == -signal.SIGKILL
    assert [one.job_id for one in found] == [promised().intent.job_id]


def test_times_are_utc_to_the_microsecond(journal: SqliteJournal):
    """A time of another zone comes back as the same moment, aware."""
    elsewhere = datetime.fromisoformat("2026-03-29T02:30:00.000001+05:45")
    journal.apply([promised(sent_at=elsewhere)], NOW)
    [found] = both(journal)

    assert found.sent_at == elsewhere
    assert found.sent_at.tzinfo == UTC


# -- opening ------------------------------------------------------------------


def test_opening_makes_no_file(tmp_path: Path):
    """A journal is made on purpose or not at all."""
    with pytest.raises(JournalError, match="no journal"):
        SqliteJournal(tmp_path / "journal.db")

    assert list(tmp_path.iterdir()) == []


def test_journal_of_a_newer_program_is_refused(journal: SqliteJournal, path: Path):
    """A schema this program does not know is left alone, with words."""
    journal.close()
    with sqlite3.connect(path) as other:
        other.execute("UPDATE alembic_version SET version_num = '9999'")
    other.close()
    with pytest.raises(JournalError, match="newer program"):
        SqliteJournal(path)
    with pytest.raises(JournalError, match="9999"):
        JournalReader(path)


@pytest.mark.parametrize(
    "damage", [b"this is no database, but a letter to my aunt" * 100, b"SQLite format 3\0"]
)
def test_file_that_is_no_journal_is_refused(tmp_path: Path, damage: bytes):
    """Neither writer nor reader takes it, and it is not overwritten."""
    path = tmp_path / "journal.db"
    path.write_bytes(damage)
    with pytest.raises(JournalError):
        SqliteJournal(path)
    with pytest.raises(JournalError):
        JournalReader(path)

    assert path.read_bytes() == damage


def test_folder_in_the_place_of_the_journal_is_refused(tmp_path: Path):
    """What cannot be opened says so."""
    with pytest.raises(JournalError):
        SqliteJournal(tmp_path)


# -- copies -------------------------------------------------------------------


def test_copies_are_kept_beside_their_promises(journal: SqliteJournal, path: Path):
    """With everything known of them, and the last word counts; the promise itself stays as it was."""
    done = promised(state=State.COMPLETED)
    failed = Delivery(
        done.intent.job_id,
        DeliveryState.WAITING,
        NOW,
        tries=3,
        not_before=NOW + timedelta(hours=1),
        problem=DeliveryProblem.NO_ROOM,
        detail="No space left",
    )
    there = Stored("day/Größe.mp4", Digest(5, "0" * 64), "https://mine.example/day/Gr%C3%B6%C3%9Fe.mp4")
    stored = Delivery(
        done.intent.job_id, DeliveryState.STORED, NOW, "folder /x", there, None, looked_at=NOW, misses=1
    )
    journal.apply([done], NOW)
    journal.apply([KeepDelivery(failed, done.intent.key.record, "Not copied yet.")], NOW)
    first = journal.remember_tab(TAB)
    journal.apply([KeepDelivery(stored, done.intent.key.record)], NOW)
    then = journal.remember_tab(TAB)
    [told] = [one.text for one in journal.latest_events(TAB.spreadsheet, 10) if one.text]

    assert first.deliveries == {failed.job_id: failed}
    assert then.deliveries == {stored.job_id: stored}
    assert then.intents == {done.intent.job_id: done.intent}
    assert told == "Not copied yet."


def test_copy_that_cannot_be_read_is_damage(journal: SqliteJournal, path: Path):
    """Told by the look-over, and by whoever asks for the tab."""
    done = promised(state=State.COMPLETED)
    kept = Delivery(done.intent.job_id, DeliveryState.WAITING, NOW)
    journal.apply([done, KeepDelivery(kept, done.intent.key.record)], NOW)
    sound = [finding.law for finding in look_over(path) if not finding.holds]
    with journal.file.engine.begin() as connection:
        connection.exec_driver_sql("UPDATE deliveries SET state = 'lost in the post'")
    broken = [finding.law for finding in look_over(path) if not finding.holds]

    assert "every line can be read" not in sound
    assert "every line can be read" in broken
    with pytest.raises(JournalError, match="damaged"):
        journal.remember_tab(TAB)


def test_copy_of_an_unknown_video_is_refused(journal: SqliteJournal):
    """There is none without its promise."""
    stray = Delivery(JobId("nobody"), DeliveryState.WAITING, NOW)

    with pytest.raises(JournalConflictError):
        journal.apply([KeepDelivery(stray, RecordId("raaab"))], NOW)


# -- looking on ---------------------------------------------------------------


def test_reader_sees_the_last_commit(journal: SqliteJournal, path: Path):
    """While the writer works, a reader sees each commit and nothing else."""
    reader = JournalReader(path)
    before = reader.in_flight()
    journal.learn_tab(TAB, NOW)
    journal.apply([promised(state=State.SUBMITTED)], NOW)
    seen = reader.remember_tab(TAB)

    assert (before, reader.in_flight(), reader.spent()) == (0, 1, 9)
    assert seen == journal.remember_tab(TAB)
    assert reader.payloads([BODY.hash]) == {BODY.hash: BODY.body}
    assert reader.tabs() == [TAB]
    reader.close()


def test_journal_of_an_older_program_is_brought_up_to_date_by_its_writer(journal: SqliteJournal, path: Path):
    """A reader says what to do; the writer migrates, and every send so far was under our id."""
    journal.apply([promised()], NOW)
    with journal.file.engine.begin() as connection:
        connection.exec_driver_sql("DROP INDEX intents_unnamed")
        connection.exec_driver_sql("ALTER TABLE intents DROP COLUMN named")
        connection.exec_driver_sql("ALTER TABLE templates DROP COLUMN contract")
        for column in ("reviewed", "sample", "streak_version", "healthy"):
            connection.exec_driver_sql(f"ALTER TABLE gates DROP COLUMN {column}")
        connection.exec_driver_sql("ALTER TABLE entries DROP COLUMN stands_for")
        for table in ("deliveries", "told", "batches", "parcels"):
            connection.exec_driver_sql(f"DROP TABLE {table}")
        connection.exec_driver_sql("UPDATE alembic_version SET version_num = '0002'")
    journal.close()
    with pytest.raises(JournalError, match=r"older program .* rowreel run"):
        JournalReader(path)
    again = SqliteJournal(path)
    [kept] = again.remember_tab(TAB).intents.values()
    again.close()

    assert kept == promised().intent


def test_reader_cannot_write(journal: SqliteJournal, path: Path):
    """Looking changes nothing, by the file's own mode."""
    reader = JournalReader(path)
    with (
        reader._engine.connect() as connection,
        pytest.raises(Exception, match="readonly"),
    ):
        connection.exec_driver_sql("DELETE FROM intents")
    reader.close()


def test_reader_never_stands_in_the_writers_way(journal: SqliteJournal, path: Path):
    """A reader in the middle of its look does not hold the writer up."""
    reader = JournalReader(path)
    with reader._engine.connect() as connection:
        connection.exec_driver_sql("SELECT * FROM intents").fetchall()
        journal.apply([promised()], NOW)
    reader.close()

    assert len(both(journal)) == 1


def test_reader_of_a_journal_that_is_not_there(tmp_path: Path):
    """Looking makes no file."""
    with pytest.raises(JournalError, match="no journal"):
        JournalReader(tmp_path / "journal.db")

    assert list(tmp_path.iterdir()) == []


def test_empty_journal_is_what_a_new_one_says(journal: SqliteJournal):
    """Before the first start there is as much to see as right after it."""
    nothing = EmptyJournal()

    assert nothing.remember_tab(TAB) == journal.remember_tab(TAB)
    assert (nothing.in_flight(), nothing.spent()) == (journal.in_flight(), journal.spent())
    with pytest.raises(KeyError):
        nothing.payloads([BODY.hash])


def test_trouble_is_noted_beside_every_state(journal: SqliteJournal, path: Path):
    """The story of a job can be told later: each state once, with what went wrong."""
    start = promised()
    journal.apply([start], NOW)
    sending = start.intent.moved(State.SENDING)
    why = failure(FailureClass.IN_DOUBT)
    doubtful = sending.moved(
        State.CHECKING, trouble=Trouble(why.kind, why.code, "Making sure", "no answer (ReadTimeout)")
    )
    journal.apply([Move(start.intent, sending)], NOW)
    journal.apply([Move(sending, doubtful)], NOW)
    other = sqlite3.connect(path)
    told = other.execute("SELECT state, detail FROM events ORDER BY id").fetchall()
    other.close()

    assert told == [
        ("waiting", None),
        ("sending", None),
        (
            "checking",
            f'{{"code": "{why.code}", "text": "Making sure", "trouble": "no answer (ReadTimeout)"}}',
        ),
    ]

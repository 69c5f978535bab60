"""`rowreel payload`: what was sent, refused or still waits, byte for byte, and again after the files changed."""

from __future__ import annotations

import hashlib
import shutil
import sqlite3
import subprocess
from dataclasses import replace
from pathlib import Path

import pytest
from builders import NOW, content, entry, intent, template
from fakes.world import fresh_journal
from stage import COMMAND, _environment, call, rowreel, running, until

from bot.cli import commands
from bot.domain.ids import JobId, RecordId, RecordKey, TabKey
from bot.domain.intents import State
from bot.domain.records import Record, judge
from bot.domain.templates.template import Label, Payload, fill
from bot.planner.actions import Propose, Remember

BUILT_IN = Path(__file__).parents[2] / "bot" / "templates" / "builtin"


def inside(capture: pytest.CaptureFixture[bytes], folder: Path, *arguments: str) -> tuple[int, bytes, str]:
    """The same without a process of its own, where only the answer matters."""
    code = commands.main(["payload", *arguments, "--config", str(folder / "bot.toml")], standalone_mode=False)
    said = capture.readouterr()
    return code or 0, said.out, said.err.decode()


def printed(*arguments: str, cwd: Path, **environment: str) -> tuple[int, bytes, str]:
    """Code, the very bytes of stdout, and stderr."""
    ended = subprocess.run(
        [*COMMAND, "payload", *arguments],
        cwd=cwd,
        env=_environment(environment),
        capture_output=True,
        check=False,
    )
    assert b"Traceback" not in ended.stderr
    return ended.returncode, ended.stdout, ended.stderr.decode()


# -- the whole way, through a robot ---------------------------------------------------


def test_sent_refused_and_waiting_payloads_are_kept_and_made_again(place: tuple[Path, str, str]):
    """Three rows through a real robot; then the template's files change, and nothing about the payloads does."""
    folder, base_url, key = place
    shutil.copytree(BUILT_IN, folder / "T")
    with (folder / "bot.toml").open("a") as file:
        file.write('template = "T"\n')
    assert rowreel("once", cwd=folder).returncode == 0
    rows = [[True, None, f"Headline {word} ✂", None, "€ 5"] for word in ("one", "two", "three")]
    call(
        f"{base_url}/v4/spreadsheets/{key}/values/Videos!A2:E4?valueInputOption=RAW", {"values": rows}, "PUT"
    )
    faults = {"mishaps": [{"route": "submit", "answer": 400}], "extra_render_seconds": 60}
    call(f"{base_url}/sandbox/zvid/faults", faults, "PUT")
    with running("run", cwd=folder, ROWREEL_ZVID__MAX_IN_FLIGHT="1", ROWREEL_QUEUE__UNDO_SECONDS="0"):
        until(base_url, key, "Needs fixing")
        until(base_url, key, "Rendering", row=1)
    kept = journaled(folder)
    for path in (folder / "T").glob("*.json"):
        path.write_text('{"visuals": []}')
    (folder / "T" / "contract.toml").write_text("gone")
    shown = printed("3", cwd=folder)
    again = [printed(str(row), "--rebuild", cwd=folder) for row in (2, 3, 4)]

    assert all("the same, byte for byte" in said and code == 0 for code, _, said in again), again
    assert sorted(body.decode() for _, body, _ in again) == sorted(kept.values())
    assert shown[:2] == again[1][:2]
    assert hashlib.sha256(shown[1]).hexdigest() in kept
    told = [said.splitlines()[0] for _, _, said in again]
    assert "attempt 1: failed (400" in told[0]
    assert "attempt 1: submitted, sent 20" in told[1].replace("active", "submitted")
    assert "attempt 1: waiting, never sent" in told[2]


def journaled(folder: Path) -> dict[str, str]:
    """Payloads by hash, read without any code of ours."""
    with sqlite3.connect(folder / "state" / "journal.db") as file:
        return dict(file.execute("SELECT hash, body FROM payloads"))


# -- one journal, asked in many ways ----------------------------------------------------

DESIGN = template()
ELSEWHERE = TabKey("spreadsheet-2", 7)


def promise(
    record: str, headline: str, state: State, *, attempt: int = 0, number: int = 0, **changes
) -> Propose:
    """A real promise, and the payload that follows from it."""
    said = content(headline)
    judged = judge(said, DESIGN.contract)
    assert isinstance(judged, Record)
    bare = intent(
        record, state, content=said, attempt=attempt, template_hash=DESIGN.hash, number=number, **changes
    )
    made = fill(DESIGN, judged, Label(bare.key.record, bare.job_id, attempt))
    assert isinstance(made, Payload)
    return Propose(replace(bare, payload_hash=made.hash, job_name=made.name), made, DESIGN)


OLD = promise("raaab", "First words", State.COMPLETED, number=1)
FAILED = promise("raaab", "Second words", State.FAILED, number=2)
AGAIN = promise(
    "raaab",
    "Second words",
    State.COMPLETED,
    attempt=1,
    number=3,
    known_as=JobId("0d1b6a52-0000-4000-8000-000000000002"),
)
TWIN = promise("rtwin", "Twins", State.WAITING, number=4)
_MOVED = replace(
    TWIN.intent,
    key=RecordKey(ELSEWHERE, RecordId("rtwin")),
    job_id=JobId("11111111-2222-4333-8444-555555555555"),
)
ELSEWHERES = Propose(_MOVED, TWIN.payload, DESIGN)


@pytest.fixture(scope="module")
def asked(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A journal with a row of three attempts, twins in two tabs, one that was never approved, one that is gone."""
    folder = tmp_path_factory.mktemp("asked")
    (folder / "state").mkdir()
    (folder / "bot.toml").write_text('[[sheets]]\nspreadsheet = "spreadsheet-1"\n')
    journal = fresh_journal(folder / "state" / "journal.db")
    twin = entry("rtwin", row_number=9)
    entries = (
        entry("raaab", row_number=17),
        entry("rnone", row_number=5),
        entry("rgone", row_number=17, present=False),
        twin,
        replace(twin, key=ELSEWHERES.intent.key),
    )
    journal.apply([*(Remember(one) for one in entries), OLD, FAILED, AGAIN, TWIN, ELSEWHERES], NOW)
    journal.close()
    return folder


@pytest.mark.parametrize(
    ("words", "meant"),
    [
        (["17"], AGAIN),
        (["RAAAB "], AGAIN),
        (["17", "--attempt", "1"], FAILED),
        ([OLD.intent.job_id.upper()], OLD),
        ([OLD.intent.job_id[:9]], OLD),
        (["0d1b6a52-0000-4000-8000-000000000002"], AGAIN),
        ([OLD.payload.name], OLD),
        ([ELSEWHERES.intent.job_id], ELSEWHERES),
    ],
    ids=["row", "Row ID", "attempt", "job", "beginning", "service's own id", "name", "one of twins"],
)
def test_whatever_people_have_at_hand_names_it(capsysbinary, asked: Path, words: list[str], meant: Propose):
    """Stdout holds the payload and not one byte more; its sum is the hash told beside it."""
    code, body, said = inside(capsysbinary, asked, *words)

    assert code == 0, said
    assert body == meant.payload.body.encode()
    assert f"sha256 {hashlib.sha256(body).hexdigest()}, {len(body):,} bytes" in said
    assert meant.intent.service_id in said


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (
            ["18"],
            'The journal knows nothing called "18". Name a row by its number in the sheet, by its Row ID',
        ),
        (["Big sale"], 'nothing called "Big sale"'),
        (["5"], "Row 5 (rnone) was never approved, so there is no payload."),
        (["17", "--attempt", "3"], "Row 17 (raaab) has no attempt 3, only 1, 2. Add --list to see them."),
        (
            ["9"],
            f"stands for several: Row 9 (rtwin) of tab 0 in …heet-1, job {TWIN.intent.job_id}, Row 9 (rtwin) of tab 7",
        ),
    ],
    ids=["row", "words", "never approved", "attempt", "several"],
)
def test_what_is_not_there_is_told_with_a_way_to_find_it(
    capsysbinary, asked: Path, words: list[str], told: str
):
    """Exit 2, nothing on stdout."""
    code, body, said = inside(capsysbinary, asked, *words)

    assert (code, body) == (2, b"")
    assert told in said


def test_an_attempt_number_of_several_contents_says_so(capsysbinary, asked: Path):
    """Attempts count anew with every new content: the latest is taken, the others are pointed to."""
    _, body, said = inside(capsysbinary, asked, "raaab", "--attempt", "1")

    assert body == FAILED.payload.body.encode()
    assert "approved with 2 different contents" in said


def test_list_shows_every_attempt_in_order(capsysbinary, asked: Path):
    """One line each, with the job to name it by."""
    code, body, _ = inside(capsysbinary, asked, "17", "--list")
    lines = [
        line for line in body.decode().splitlines() if any(word in line for word in ("completed", "failed"))
    ]

    assert code == 0
    assert [line.split("│")[1].strip() for line in lines] == ["1", "1", "2"]
    assert [one.intent.service_id in line for one, line in zip((OLD, FAILED, AGAIN), lines, strict=True)] == [
        True
    ] * 3


def test_what_an_older_program_kept_cannot_be_made_again(capsysbinary, asked: Path, tmp_path: Path):
    """Its template has no contract: the payload is there all the same."""
    old = shutil.copytree(asked, tmp_path / "old")
    with sqlite3.connect(old / "state" / "journal.db") as file:
        file.execute("UPDATE templates SET contract = NULL")
    code, body, said = inside(capsysbinary, old, "17", "--rebuild")
    shown = inside(capsysbinary, old, "17")

    assert (code, body) == (1, b"")
    assert "kept this template without its contract" in said
    assert shown[1] == AGAIN.payload.body.encode()


def test_a_payload_that_would_be_made_otherwise_is_noticed(capsysbinary, asked: Path, tmp_path: Path):
    """A template that was tampered with in the journal: both hashes are told, exit 1."""
    spoiled = shutil.copytree(asked, tmp_path / "spoiled")
    with sqlite3.connect(spoiled / "state" / "journal.db") as file:
        file.execute("UPDATE templates SET projects = replace(projects, 'fill=', 'stroke=')")
    code, body, said = inside(capsysbinary, spoiled, "17", "--rebuild")

    assert code == 1
    assert b"stroke=" in body
    assert "Made again, it differs" in said

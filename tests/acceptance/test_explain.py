"""`rowreel explain`: the whole story of a row, also while the robot works and after the row is gone."""

from __future__ import annotations

import json
import shutil
import sqlite3
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from stage import call, free_port, rowreel, rows_of, running, until

from bot.cli import commands
from bot.cli.asked_row import unsent_words
from bot.domain.intents import State

Story = tuple[Path, str, str]


@pytest.fixture(scope="module")
def told(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Story]:
    """A sheet a real robot worked on: refused, done and edited since, done after a lost try, empty, gone."""
    folder = tmp_path_factory.mktemp("told")
    with running("sandbox", "--dir", "S", "--port", str(port := free_port()), cwd=folder) as sandbox:
        assert sandbox.stdout is not None
        sandbox.stdout.readline()
        base_url = f"http://127.0.0.1:{port}"
        sheets = [{"properties": {"title": "Videos"}}]
        zone = {"timeZone": "Europe/Berlin"}
        key = call(f"{base_url}/v4/spreadsheets", {"sheets": sheets, "properties": zone})["spreadsheetId"]
        (folder / "bot.toml").write_text(
            f'[google]\nbase_url = "{base_url}"\ncredentials = "anonymous"\n'
            f'[zvid]\nbase_url = "{base_url}"\nkey_file = "{folder}/S/zvid-key"\npoll_seconds = 0.5\n'
            f"max_in_flight = 1\n[queue]\nundo_seconds = 0\n"
            f'[[sheets]]\nspreadsheet = "{key}"\ninterval_seconds = 1\n'
        )
        for words in (["init", "--yes"], ["once"]):
            assert not commands.main([*words, "--config", str(folder / "bot.toml")], standalone_mode=False)
        values = f"{base_url}/v4/spreadsheets/{key}/values/Videos!"
        rows = [[True, None, f"Headline {word}", None, "€ 5"] for word in ("one", "two", "three")]
        rows += [[False, None, "", None, "€ 5"], [False, None, "=Gone", None, "€ 5"]]
        call(f"{values}A2:E6?valueInputOption=RAW", {"values": rows}, "PUT")
        said = json.dumps({"error": "videoClip is longer than the plan allows"})
        mishaps = [
            {"route": "submit", "answer": 400, "body": said},
            {"route": "submit", "answer": 429, "retry_after": "1"},
        ]
        call(f"{base_url}/sandbox/zvid/faults", {"mishaps": mishaps}, "PUT")
        with running("run", cwd=folder):
            until(base_url, key, "Needs fixing")
            until(base_url, key, "Done", row=1)
            until(base_url, key, "Done", row=2)
            edited = {"values": [["Headline three, edited"]]}
            call(f"{values}C4?valueInputOption=RAW", edited, "PUT")
            until(base_url, key, "Out of date", row=2)
        yield folder, base_url, key


def ids(story: Story) -> list[str]:
    """The rows' ids, from the top."""
    _, base_url, key = story
    return [str(row["Row ID"]) for row in rows_of(base_url, key)]


def inside(capture: pytest.CaptureFixture[str], folder: Path, *arguments: str) -> tuple[int, str, str]:
    """The command without a process of its own."""
    code = commands.main([*arguments, "--config", str(folder / "bot.toml")], standalone_mode=False)
    said = capture.readouterr()
    return code or 0, said.out, said.err


def facts_of(capture: pytest.CaptureFixture[str], folder: Path, *arguments: str) -> dict[str, Any]:
    """What `--json` says."""
    code, out, err = inside(capture, folder, "explain", *arguments, "--json")
    assert code == 0, err
    found: dict[str, Any] = json.loads(out)
    return found


def test_a_finished_row_tells_everything_in_a_minute(told: Story):
    """The real command: cells with what changed since, times in the sheet's zone, price, tries, job, link."""
    folder = told[0]

    ended = rowreel("explain", "4", cwd=folder)

    assert ended.returncode == 0, ended.stderr
    lines = ended.stdout.splitlines()
    assert lines[0] == f'Row 4 in "Videos", Row ID {ids(told)[2]}'
    assert "  Status: Out of date" in lines
    assert "  What to do: Changed: Headline. Tick Approve to render it again for 9 credits." in lines
    assert "  Headline: Headline three  → now: Headline three, edited" in lines
    assert "  Price: € 5" in lines
    assert "  Times are: Europe/Berlin" in lines
    assert "  Price: 9 shown, 9 quoted, 9 reserved" in lines
    assert any(line.startswith("  Video: http://127.0.0.1:") and line.endswith(".mp4") for line in lines)
    assert any(line.startswith("  Thumbnail: http") for line in lines)
    assert any(line.endswith(": Sending, try 1") for line in lines)
    assert "Note: No robot is running here: the sheet says what the last one wrote." in lines


def test_every_try_is_told_with_the_services_own_words(capsys, told: Story):
    """The second row's first send met a limit; what the first one was refused for is there word for word."""
    refused, late = (facts_of(capsys, told[0], number) for number in ("2", "3"))

    trouble = refused["attempts"][0]["trouble"]
    assert (refused["now"]["status"], trouble["code"]) == ("Needs fixing", "ZVID-REJECT")
    assert "videoClip is longer than the plan allows" in trouble["said"]
    steps = [(one["state"], one["try"]) for one in late["attempts"][0]["happened"]]
    assert ("sending", 2) in steps
    assert steps[-1] == ("completed", 2)
    assert late["attempts"][0]["price"] == {"shown": 9, "quote": 9, "reserved": 9, "returned": 0}
    moment = late["attempts"][0]["approved_at"]
    assert moment[19:] in {"+01:00", "+02:00"}


def test_a_row_nobody_approved_shows_its_cells_and_what_it_lacks(capsys, told: Story):
    """In the very words of the sheet."""
    code, out, _ = inside(capsys, told[0], "explain", "5")

    assert code == 0
    assert '  What to do: "Headline" is empty. Please fill it in.' in out.splitlines()
    assert "  Price: € 5" in out.splitlines()
    assert "Nobody approved it so far, so nothing was sent and nothing was charged." in out


def test_any_name_leads_to_the_same_whole_row(capsys, told: Story):
    """Number, Row ID, Job ID, its beginning, and the video's name."""
    story = facts_of(capsys, told[0], "3", "--offline")
    attempt = story["attempts"][0]
    names = (story["row_id"], attempt["job_id"], attempt["job_id"][:9], attempt["name"])

    assert [facts_of(capsys, told[0], name, "--offline") for name in names] == [story] * 4


def test_without_the_sheet_the_journal_tells_what_it_knows(capsys, told: Story):
    """Offline by wish, and where the sheet cannot be reached."""
    folder = told[0]
    wished = facts_of(capsys, folder, "4", "--offline")
    text = (folder / "bot.toml").read_text().replace('base_url = "http', 'base_url = "http://127.0.0.1:1/', 1)
    (folder / "cut.toml").write_text(text)
    code = commands.main(
        ["explain", "4", "--json", "--config", str(folder / "cut.toml")], standalone_mode=False
    )
    cut = json.loads(capsys.readouterr().out)

    assert not code
    assert (wished["now"]["status"], wished["now"]["said_by"], wished["zone"]) == (
        "Out of date",
        "journal",
        "UTC",
    )
    assert [one["changed"] for one in wished["cells"]].count(True) == 1
    assert cut["notes"][0].startswith("The sheet could not be looked at, so this is the journal alone")
    assert cut["attempts"] == wished["attempts"]


def test_status_counts_in_peoples_words_and_says_what_was_spent(capsys, told: Story):
    """By the sheet's own cells; what the robot last said of the tab is there, and what it cost today."""
    code, out, _ = inside(capsys, told[0], "status", "--json")
    facts = json.loads(out)

    assert code == 0
    [tab] = facts["sheets"]
    assert tab["by_status"] == {"Needs fixing": 2, "Ready to approve": 1, "Done": 1, "Out of date": 1}
    assert (tab["said_by"], tab["tab"], tab["going_on"]) == ("sheet", "Videos", tab["going_on"])
    assert "2 rows need fixing" in tab["going_on"]
    assert (facts["credits_today"], facts["credits_spent_or_reserved"]) == (18, 18)
    assert (facts["in_flight"], facts["max_in_flight"], facts["oldest"]) == (0, 1, None)
    assert facts["day_began"].endswith(("T00:00:00+01:00", "T00:00:00+02:00"))
    assert facts["intents"]["completed"] == 2


def test_status_names_holds_and_what_is_under_way_longest(capsys, told: Story, tmp_path: Path):
    """A pressed stop button is told with what lifts it; so is a video that takes long, and where to read on."""
    folder = copied(told, tmp_path)
    _, base_url, key = told
    with sqlite3.connect(folder / "state" / "journal.db") as file:
        file.execute("UPDATE intents SET state = 'active' WHERE state = 'completed'")
    control = f"{base_url}/v4/spreadsheets/{key}/values/Control!"
    lines = call(f"{control}A1:B12")["values"]
    place = next(number for number, line in enumerate(lines, start=1) if line[:1] == ["Run"])
    call(f"{control}B{place}?valueInputOption=RAW", {"values": [[False]]}, "PUT")
    try:
        out = inside(capsys, folder, "status")[1]
        offline = inside(capsys, folder, "status", "--offline")[1]
    finally:
        call(f"{control}B{place}?valueInputOption=RAW", {"values": [[True]]}, "PUT")

    assert "  Run is not ticked on Control. Nothing new starts; videos under way finish." in out
    assert "At Zvid now: 2 of 1 at the same time." in out
    assert f"Longest under way: row 3 ({ids(told)[1]}), active, sent 20" in out
    assert [line.split() for line in offline.splitlines() if "Rendering" in line] == [["Rendering", "2"]]
    assert next(line.split() for line in offline.splitlines() if "Not approved" in line)[-1] == "2"


def test_what_nobody_knows_is_told_with_a_way_to_find_it(capsys, told: Story):
    """Exit 2, nothing on stdout."""
    code, out, err = inside(capsys, told[0], "explain", "r0000x")

    assert (code, out) == (2, "")
    assert 'nothing called "r0000x". Name a row by its number in the sheet, by its Row ID' in err


def test_several_rows_of_one_name_are_listed(capsys, told: Story, tmp_path: Path):
    """A row of the same number on another tab: exit 2, each by what tells it apart."""
    folder = copied(told, tmp_path)
    with sqlite3.connect(folder / "state" / "journal.db") as file:
        file.execute("UPDATE entries SET tab = 7 WHERE row_number = 5")
        file.execute("UPDATE entries SET row_number = 4 WHERE tab = 7")
    code, out, err = inside(capsys, folder, "explain", "4")

    assert (code, out) == (2, "")
    assert '"4" stands for several: Row 4 (' in err
    assert "of tab 7 in …" in err


def test_a_row_that_is_gone_and_one_that_moved(capsys, told: Story, tmp_path: Path):
    """The journal remembers where a row stood; the sheet knows better."""
    folder = copied(told, tmp_path)
    one, two = ids(told)[:2]
    with sqlite3.connect(folder / "state" / "journal.db") as file:
        file.execute("UPDATE entries SET row_number = 9 WHERE record = ?", (one,))
        file.execute("UPDATE entries SET record = 'rgonex' WHERE record = ?", (two,))
        file.execute("UPDATE intents SET record = 'rgonex' WHERE record = ?", (two,))
    moved = facts_of(capsys, folder, "9")
    gone = facts_of(capsys, folder, "rgonex")

    assert (moved["row"], moved["is_gone"]) == (2, False)
    assert "The robot last saw this row at 9; it is not there any more." in moved["notes"][0]
    assert gone["is_gone"]
    assert gone["video"]["url"].endswith(".mp4")
    assert (gone["now"]["status"], gone["now"]["said_by"]) == ("Done", "journal")


def copied(story: Story, to: Path) -> Path:
    """The same state in another folder, to be spoiled."""
    shutil.copytree(story[0] / "state", to / "state")
    shutil.copyfile(story[0] / "bot.toml", to / "bot.toml")
    return to


@pytest.mark.parametrize(
    ("state", "is_taken_over", "words"),
    [
        (State.WAITING, False, "never"),
        (State.FAILED, False, "never"),
        (State.COMPLETED, True, "never"),
        (State.COMPLETED, False, "before the journal was lost"),
        (State.ACTIVE, False, "before the journal was lost"),
    ],
)
def test_nothing_that_was_made_was_never_sent(state: State, is_taken_over: bool, words: str):
    """A video found at Zvid after the journal was lost was sent by somebody: when, nobody knows."""
    assert unsent_words(state, is_taken_over=is_taken_over) == words

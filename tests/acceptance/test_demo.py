"""`rowreel demo`, as somebody who just installed it would run it."""

from __future__ import annotations

import sqlite3
import subprocess
import time
import urllib.request
from pathlib import Path

import av
import pytest
from stage import call, free_port, kill_group, rowreel, rows_of, running

SIZES = {"Vertical": (1080, 1920), "": (1080, 1920), "Square": (1080, 1080), "Wide": (1280, 720)}


@pytest.fixture(scope="module")
def played(tmp_path_factory: pytest.TempPathFactory):
    """One whole demo, and the stand-ins started again on its folder to look at what it left."""
    home = tmp_path_factory.mktemp("demo")
    port = free_port()
    started = time.monotonic()
    arguments = ("--no-browser", "--rows", "13", "--dir", "D", "--port", str(port))
    ended = rowreel("demo", "--until-done", *arguments, cwd=home)
    took = time.monotonic() - started
    with running("sandbox", "--dir", "D", "--port", str(port), cwd=home) as sandbox:
        assert sandbox.stdout is not None
        sandbox.stdout.readline()
        yield ended, took, f"http://127.0.0.1:{port}", home / "D"


def test_the_demo_ends_well(played):
    """All good rows are done within a minute, the one beyond the sample too, the bad ones say why, and the summary
    tells it.
    """
    ended, took, _, _ = played

    assert ended.returncode == 0, ended.stdout + ended.stderr
    assert took < 60
    assert "11 of 13 done, 99 credits. 2 need fixing: rows 10, 11." in ended.stdout
    assert "Headline" in ended.stdout


def test_reasons_are_in_plain_words(played):
    """The two rows that cannot be rendered name the column, what is wrong and what to do."""
    _, _, base_url, _ = played

    told = [row["What to do"] for row in rows_of(base_url, "rowreel-demo") if row["Status"] == "Needs fixing"]

    assert told == [
        '"Headline" is empty. Please fill it in.',
        '"Headline" is 68 characters; the limit is 45. Shorten by 23.',
    ]


def test_every_link_plays(played):
    """Each finished row's link answers and decodes to the size, length and frames of its format."""
    _, _, base_url, folder = played
    done = [row for row in rows_of(base_url, "rowreel-demo") if row["Status"] == "Done"]

    assert len({row["Video"] for row in done}) == 11
    for row in done:
        with urllib.request.urlopen(row["Video"], timeout=10) as answer:
            assert answer.status == 200
            (folder / "look.mp4").write_bytes(answer.read())
        with av.open(str(folder / "look.mp4")) as film:
            stream = film.streams.video[0]
            frames = sum(1 for _ in film.decode(stream))

        assert (stream.width, stream.height) == SIZES[row["Format"]]
        assert frames == 270
        assert float(stream.average_rate) == 30


def test_the_credits_add_up(played):
    """The account is down by what the rows say they cost, one charge a job."""
    _, _, base_url, folder = played
    key = (folder / "zvid-key").read_text().strip()
    rows = rows_of(base_url, "rowreel-demo")

    balance = call(f"{base_url}/api/credits/balance", **{"x-api-key": key})["balance"]

    assert balance == 1164 - sum(row["Credits"] for row in rows if row["Status"] == "Done")
    assert _charges(folder) == 11


def test_what_is_stored_for_every_video(played):
    """Each done row leads from record to job, template version, times, thumbnail and link."""
    _, _, base_url, _ = played
    done = [row for row in rows_of(base_url, "rowreel-demo") if row["Status"] == "Done"]

    told = (
        "Row ID",
        "Job ID",
        "Template version",
        "Attempt",
        "Submitted",
        "Finished",
        "Thumbnail URL",
        "Approved as",
    )
    assert all(row[column] not in ("", None) for row in done for column in told)


def test_a_resumed_demo_says_so_and_changes_nothing(played):
    """Run again on its folder it goes on from there: nothing is rendered twice."""
    _, _, _, folder = played

    again = rowreel(
        "demo", "--until-done", "--no-browser", "--dir", "D", "--port", str(free_port()), cwd=folder.parent
    )

    assert "Resuming the demo" in again.stdout
    assert again.returncode == 0
    assert _charges(folder) == 11


@pytest.mark.parametrize("seconds", [2.5, 7.5, 10.0])
def test_f_P01_kill_9_in_the_middle_then_again(tmp_path: Path, seconds: float):
    """Killed without warning and started again, every row ends well and no job is paid twice."""
    arguments = ("demo", "--until-done", "--no-browser", "--dir", "D", "--port", str(free_port()))
    with running(*arguments, cwd=tmp_path) as process:
        with pytest.raises(subprocess.TimeoutExpired):
            process.wait(seconds)
        kill_group(process)

    ended = rowreel(*arguments, cwd=tmp_path)

    assert ended.returncode == 0, ended.stdout + ended.stderr
    assert _charges(tmp_path / "D") == 10


def test_a_taken_port_is_no_obstacle(tmp_path: Path):
    """When its own port is taken the demo finds another one and says so."""
    (tmp_path / "D").mkdir()
    (tmp_path / "D" / "rowreel-demo.txt").write_text("kept")
    with running("sandbox", "--dir", "S", "--port", str(port := free_port()), cwd=tmp_path) as other:
        assert other.stdout is not None
        other.stdout.readline()
        (tmp_path / "D" / "port").write_text(str(port))
        ended = rowreel("demo", "--until-done", "--no-browser", "--rows", "1", "--dir", "D", cwd=tmp_path)

    assert f"Port {port} is taken" in ended.stdout
    assert ended.returncode == 0


def test_ctrl_c_stops_the_demo_cleanly(tmp_path: Path):
    """Ctrl-C ends everything within seconds, with exit code 0 and no traceback."""
    with running("demo", "--no-browser", "--dir", "D", "--port", str(free_port()), cwd=tmp_path) as process:
        assert process.stdout is not None
        for line in process.stdout:
            if "Ready to approve" in line:
                break
        process.send_signal(2)
        out, errors = process.communicate(timeout=10)

    assert process.returncode == 0
    assert "Everything is kept" in out
    assert "Traceback" not in errors


def _charges(folder: Path) -> int:
    with sqlite3.connect(folder / "zvid.db") as books:
        count, jobs = books.execute(
            "SELECT count(*), count(DISTINCT job_id) FROM ledger WHERE kind = 'reserve'"
        ).fetchone()
    books.close()
    assert count == jobs
    return int(count)

"""`rowreel export`: every video in one line, safe to open, private, never over another file."""

from __future__ import annotations

import csv
import io
import json
import os
import sqlite3
import stat
import tracemalloc
from contextlib import closing
from pathlib import Path

import click
import pytest
from builders import NOW, content, entry, intent, payload, template
from fakes.world import fresh_journal
from stage import rowreel

from bot.adapters.journal_export import JournalExport
from bot.cli import commands
from bot.cli.export import harmless
from bot.domain.failures import FailureClass, ProblemCode
from bot.domain.intents import State, Trouble
from bot.planner.actions import Propose, Remember

BODY = payload('{"name":"big-sale"}')
FORMULAS = ("=1+1", "+1", "-1", "@SUM(A1)", " =HYPERLINK(1)", "＝1", "\u200b=1")


def proposed(record: str, headline: str, state: State, number: int, **changes) -> Propose:
    """A promise with this headline."""
    made = intent(
        record,
        state,
        content=content(headline),
        payload_hash=BODY.hash,
        template_hash=template().hash,
        number=number,
        **changes,
    )
    return Propose(made, BODY, template())


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A journal with a finished row that is gone, a failed one, and one whose words would be formulas."""
    (tmp_path / "state").mkdir()
    (tmp_path / "bot.toml").write_text('[[sheets]]\nspreadsheet = "spreadsheet-1"\n')
    spiteful = Trouble(FailureClass.REJECTED, ProblemCode.RENDER_FAIL, "+text", "=cmd|' /C calc'!A0")
    journal = fresh_journal(tmp_path / "state" / "journal.db")
    changes = [
        Remember(entry("raaab", row_number=17)),
        Remember(entry("rgone", present=False)),
        proposed("rgone", "Old “news”; with, signs\nand lines", State.COMPLETED, 1),
        proposed("raaab", "=1+1", State.FAILED, 2, trouble=spiteful),
        proposed("raaac", "Waits", State.WAITING, 3),
    ]
    journal.apply(changes, NOW)
    journal.close()
    return tmp_path


def export(folder: Path, *arguments: str) -> int:
    """The command without a process of its own."""
    words = ["export", *arguments, "--config", str(folder / "bot.toml")]
    return commands.main(words, standalone_mode=False) or 0


def rows(body: bytes) -> list[dict[str, str]]:
    """A CSV as a spreadsheet reads it."""
    assert body.startswith(b"\xef\xbb\xbf")
    return list(csv.DictReader(io.StringIO(body.decode("utf-8-sig"), newline="")))


def test_one_line_for_each_video(folder: Path):
    """The real command, to stdout: what was paid, for which row, in which version, and what became of it."""
    ended = rowreel("export", "--cells", cwd=folder)

    assert ended.returncode == 0, ended.stderr
    done, failed, waits = rows(ended.stdout.encode())
    assert (done["row"], done["row_id"], done["state"], done["credits"]) == ("", "rgone", "completed", "9")
    assert done["url"] == "https://cdn.example/rgone-0.mp4"
    assert done["finished_at"] == "2026-08-03T12:00:00Z"
    assert done["cell: Headline"] == "Old “news”; with, signs\nand lines"
    assert (done["template"], done["template_version"], done["cell: Format"]) == ("Spring", "3", "wide")
    assert (failed["row"], failed["code"], failed["about"]) == (
        "17",
        "RENDER-FAIL",
        "unexpected service error",
    )
    assert (failed["credits"], failed["attempt"]) == ("0", "1")
    assert (waits["row"], waits["state"], waits["sent_at"]) == ("", "waiting", "")


def test_delimiter_for_spreadsheets_with_decimal_commas(folder: Path, capsysbinary):
    """Semicolons between fields, those inside quoted; a word that is no single sign is refused."""
    assert export(folder, "--cells", "--delimiter", "semicolon") == 0
    text = capsysbinary.readouterr().out.decode("utf-8-sig")
    done = next(csv.DictReader(io.StringIO(text, newline=""), delimiter=";"))

    assert done["cell: Headline"] == "Old “news”; with, signs\nand lines"
    with pytest.raises(click.BadParameter, match="semicolon"):
        export(folder, "--delimiter", "ab")


def test_f_C07_no_text_opens_as_a_formula(folder: Path, capsysbinary):
    """Neither what people typed nor what the service said."""
    assert export(folder, "--cells") == 0
    failed = rows(capsysbinary.readouterr().out)[1]

    assert failed["cell: Headline"] == "'=1+1"
    assert (failed["reason"], failed["said"]) == ("'+text", "'=cmd|' /C calc'!A0")


@pytest.mark.parametrize("text", FORMULAS)
def test_f_C07_whatever_a_spreadsheet_would_compute_is_told_as_text(text: str):
    """Also behind blanks nobody sees, and in signs of other scripts."""
    assert harmless(text) == f"'{text}"


@pytest.mark.parametrize("value", ["€ 5", "a=b", "", 5, -5])
def test_what_no_spreadsheet_computes_stays_as_it_is(value: str | int):
    """Numbers of ours are numbers."""
    assert harmless(value) == value


def test_json_is_one_array_with_a_video_on_each_line(folder: Path, capsysbinary):
    """Texts as they are: programs compute nothing."""
    assert export(folder, "--json", "--cells") == 0
    body = capsysbinary.readouterr().out.decode()
    found = json.loads(body)

    assert len(body.splitlines()) == len(found) + 2
    assert [one["row_id"] for one in found] == ["rgone", "raaab", "raaac"]
    assert found[1]["cells"]["Headline"] == "=1+1"
    assert found[1]["said"] == "=cmd|' /C calc'!A0"


def test_f_S05_a_file_is_private_and_whole(folder: Path):
    """Whatever the umask; nothing is left beside it."""
    before = os.umask(0)
    try:
        assert export(folder, "--csv", str(folder / "videos.csv")) == 0
    finally:
        os.umask(before)

    assert stat.S_IMODE((folder / "videos.csv").stat().st_mode) == 0o600
    assert len(rows((folder / "videos.csv").read_bytes())) == 3
    assert not list(folder.glob(".*"))


def test_f_S06_no_file_and_no_link_is_written_over_by_mistake(folder: Path, capsysbinary):
    """With --force a link is replaced, and what it led to stays as it was."""
    victim, link = folder / "victim", folder / "link.csv"
    victim.write_text("precious")
    link.symlink_to(victim)
    codes = [export(folder, "--csv", str(one)) for one in (victim, link, folder, folder / "no" / "x.csv")]
    said = capsysbinary.readouterr().err.decode()
    forced = export(folder, "--csv", str(link), "--force")

    assert codes == [2, 2, 2, 2]
    assert "is there already. Name another file, or add --force to replace it." in said
    assert "No such file or directory" in said
    assert forced == 0
    assert victim.read_text() == "precious"
    assert not link.is_symlink()


@pytest.mark.parametrize("own", ["state/journal.db", "bot.toml"])
def test_f_S06_the_robot_s_own_files_are_never_written_over(folder: Path, own: str, capsysbinary):
    """Not even with --force: that would be the end of the robot's memory."""
    before = (folder / own).read_bytes()
    code = export(folder, "--csv", str(folder / own), "--force")

    assert code == 2
    assert "one of the robot's own files. Name another one." in capsysbinary.readouterr().err.decode()
    assert (folder / own).read_bytes() == before


def test_f_S06_a_pipe_is_not_replaced_by_a_file(folder: Path, capsysbinary):
    """Nor a device: --force on /dev/stdout is no reason to take it away."""
    pipe = folder / "pipe"
    os.mkfifo(pipe)
    code = export(folder, "--csv", str(pipe), "--force")

    assert code == 2
    assert "is a device or a pipe" in capsysbinary.readouterr().err.decode()
    assert pipe.is_fifo()


def test_an_empty_journal_has_no_videos(tmp_path: Path, capsysbinary):
    """A header all the same, and an empty array."""
    (tmp_path / "state").mkdir()
    (tmp_path / "bot.toml").write_text('[[sheets]]\nspreadsheet = "spreadsheet-1"\n')
    fresh_journal(tmp_path / "state" / "journal.db").close()

    assert export(tmp_path) == 0
    assert rows(capsysbinary.readouterr().out) == []
    assert export(tmp_path, "--json") == 0
    assert json.loads(capsysbinary.readouterr().out) == []


def test_videos_are_read_one_after_the_other(folder: Path):
    """Twice as many need no more memory."""
    path = folder / "state" / "journal.db"
    peaks = []
    for count in (2000, 4000):
        many_rows(path, count)
        with closing(JournalExport(path)) as journal:
            tracemalloc.start()
            assert sum(1 for _ in journal.videos()) == journal.count()
            peaks.append(tracemalloc.get_traced_memory()[1])
            tracemalloc.stop()

    assert peaks[1] < peaks[0] * 1.3, peaks


def many_rows(path: Path, count: int) -> None:
    """The first video so many times, on rows of their own."""
    with sqlite3.connect(path) as file:
        file.execute("DELETE FROM intents WHERE job_id LIKE 'job-%'")
        names = [row[1] for row in file.execute("PRAGMA table_info(intents)")]
        own = {"job_id": "'job-' || n", "record": "'rx' || n"}
        said = ", ".join(own.get(name, name) for name in names)
        file.execute(
            f"INSERT INTO intents WITH RECURSIVE numbers(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM numbers "  # noqa: S608 - names of our own columns
            f"WHERE n < {count}) SELECT {said} FROM numbers, (SELECT * FROM intents LIMIT 1)"
        )

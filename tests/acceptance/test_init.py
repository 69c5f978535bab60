"""`rowreel init` on every kind of sheet: lists, asks, adds in one request, and adds nothing the second time."""

from __future__ import annotations

import errno
import json
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from stage import COMMAND, _environment, call, rowreel

from bot.adapters.template_folder import BUILT_IN
from bot.cli.init import _write
from bot.domain.contract import RobotColumn
from bot.sandbox.app import Sandbox, SandboxOptions
from bot.sandbox.serve import SandboxServer
from bot.sandbox.sheets.service import SheetsOptions
from bot.sandbox.sheets.tokens import write_service_account
from bot.secret_files import SettingsError
from bot.settings import load_settings

KEY = ("--credentials", "service-account.json")
FILLED = ["Approve", "Campaign", "Headline", "Subline", "Price", "CTA", "Accent colour", "Format", "Notes"]


class Stage:
    """A stand-in, and somebody at a terminal."""

    def __init__(self, server: SandboxServer, folder: Path) -> None:
        self.server, self.folder = server, folder
        write_service_account(folder, server.base_url)

    def book(self, *header: str | None, tab: str = "Videos", name: str = "book") -> None:
        self.server.sandbox.sheets.create_workbook(name, {tab: [list(header)]}, spreadsheet_id=name)

    def init(self, *options: str) -> tuple[int, str]:
        ended = rowreel("init", *options, cwd=self.folder, ROWREEL_GOOGLE__BASE_URL=self.server.base_url)
        assert "Traceback" not in ended.stderr
        return ended.returncode, ended.stdout + ended.stderr

    def first(self, *options: str) -> tuple[int, str]:
        return self.init("--sheet", "book", "--credentials", "service-account.json", "--yes", *options)

    def header(self, name: str = "book", tab: str = "Videos") -> list[str]:
        said = call(f"{self.server.base_url}/v4/spreadsheets/{name}/values/{tab}!1:1")
        return said.get("values", [[]])[0]

    def change(self, *requests: dict[str, Any]) -> None:
        call(f"{self.server.base_url}/v4/spreadsheets/book:batchUpdate", {"requests": list(requests)})

    def everything(self) -> str:
        said = call(f"{self.server.base_url}/v4/spreadsheets/book?includeGridData=true")
        return json.dumps(said, sort_keys=True)

    def writes(self) -> int:
        counts = call(f"{self.server.base_url}/sandbox/sheets/counts")
        return sum(one["writes"] for user, one in counts.items() if user != "page")


@pytest.fixture
def stage(tmp_path: Path) -> Iterator[Stage]:
    options = SandboxOptions(sheets=SheetsOptions(require_token=False))
    with SandboxServer(Sandbox(tmp_path / "sandbox", options)) as server:
        yield Stage(server, tmp_path)


@pytest.mark.parametrize("header", [(), tuple(FILLED)], ids=["empty", "filled"])
def test_from_any_sheet_to_a_ready_one(stage: Stage, header: tuple[str, ...]):
    """One write; twice adds nothing, also after people moved a column."""
    stage.book(*header)
    code, said = stage.first()
    once, writes = stage.everything(), stage.writes()
    again = stage.first()
    twice = stage.everything()
    move = {"sheetId": 0, "dimension": "COLUMNS", "startIndex": 2, "endIndex": 3}
    stage.change({"moveDimension": {"source": move, "destinationIndex": 0}})
    moved = stage.init("--yes")

    assert code == 0, said
    assert writes == 1
    assert set(RobotColumn) <= set(stage.header())
    assert all(
        said.startswith('"Videos" in "book" is ready: nothing to add.') for _, said in (again, moved)
    ), (
        again,
        moved,
    )
    assert once == twice
    assert load_settings(stage.folder / "bot.toml").sheets[0].spreadsheet == "book"


def test_what_is_missing_comes_back(stage: Stage):
    """A robot column, a dropdown, the boxes: put back at the right edge and where they were."""
    stage.book(*FILLED)
    stage.first()
    header = stage.header()
    boxes = {"sheetId": 0, "startRowIndex": 1, "startColumnIndex": 0, "endColumnIndex": 1}
    video = header.index("Video")
    place = {"sheetId": 0, "dimension": "COLUMNS", "startIndex": video, "endIndex": video + 1}
    stage.change({"setDataValidation": {"range": boxes}}, {"deleteDimension": {"range": place}})
    code, said = stage.init("--yes")
    nothing = stage.init("--yes")

    assert code == 0
    assert 'columns "Video"' in said
    assert "boxes and dropdowns" in said
    assert stage.header()[-1] == "Video"
    assert "nothing to add" in nothing[1]


@pytest.mark.parametrize(
    ("header", "words"),
    [
        (["Approve", "Headlin"], 'Column B is called "Headlin". Is "Headline" meant?'),
        (["Headline", "Price", "Head line"], '"Headline" is there twice, in A and C. Rename or delete one.'),
    ],
)
def test_doubtful_header_is_not_built_upon(stage: Stage, header: list[str], words: str):
    """With --yes nobody can be asked: exit 1 with the fix, and nothing is changed."""
    stage.book(*header)
    before = stage.everything()
    code, said = stage.first()

    assert code == 1
    assert words in said
    assert stage.everything() == before


def test_a_status_of_people_s_is_not_written_over(stage: Stage):
    """A sheet that has a Status of its own is left as it is until somebody renamed that."""
    lines = [["Approve", "Headline", "Status"], [True, "Hello", "sent to Ann"]]
    stage.server.sandbox.sheets.create_workbook("book", {"Videos": lines}, spreadsheet_id="book")
    code, said = stage.first()

    assert code == 1
    assert 'Column C, "Status", holds something of yours' in said
    assert stage.writes() == 0


def test_nobody_is_asked_about_names_while_two_columns_share_one(stage: Stage):
    """What only a person can mend is said first; questions come once they can lead somewhere."""
    stage.book("Approve", "Headlin", "Price", "price")
    code, said = stage.init("--sheet", "book", "--credentials", "service-account.json")

    assert code == 1
    assert '"Price" is there twice, in C and D. Rename or delete one.' in said
    assert "Rename it?" not in said


def test_notes_above_the_header_are_named(stage: Stage):
    """Row 1 is no header: where it seems to be is said, and nothing is added."""
    lines = [["Spring campaign, ask Anna"], [], FILLED]
    stage.server.sandbox.sheets.create_workbook("book", {"Videos": lines}, spreadsheet_id="book")
    code, said = stage.first()

    assert code == 1
    assert "The header seems to be in row 3" in said
    assert stage.writes() == 0


def test_ghosts_are_named_and_harmless(stage: Stage):
    """A zero-width blank in a header is told; the column is not added a second time."""
    stage.book("Approve", "Headline\u200b", *FILLED[3:])
    code, said = stage.first()

    assert code == 0
    assert 'Column B, "Headline", holds a hidden zero-width blank.' in said
    assert sum("Headline" in name for name in stage.header()) == 1


def test_misspelled_header_is_renamed_when_somebody_agrees(stage: Stage):
    """Asked at the terminal; the column keeps its place."""
    stage.book("Approve", "Headlin", *FILLED[3:])
    ended = subprocess.run(
        [*COMMAND, "init", "--sheet", "book", "--credentials", "service-account.json"],
        cwd=stage.folder,
        env=_environment({"ROWREEL_GOOGLE__BASE_URL": stage.server.base_url}),
        input="y\ny\n",
        capture_output=True,
        text=True,
        check=False,
    )

    assert ended.returncode == 0, ended.stderr
    assert stage.header()[1] == "Headline"
    assert "Headlin" not in stage.header()


def test_sheet_changed_while_somebody_thinks(stage: Stage):
    """A column was added at the very edge meanwhile: nothing of the robot's is put over it."""
    stage.book(*FILLED)
    asked = subprocess.Popen(
        [*COMMAND, "init", "--sheet", "book", "--credentials", "service-account.json"],
        cwd=stage.folder,
        env=_environment({"ROWREEL_GOOGLE__BASE_URL": stage.server.base_url, "PYTHONUNBUFFERED": "1"}),
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    assert asked.stdout is not None
    said = ""
    while "Go ahead?" not in said and (piece := asked.stdout.read(1)):
        said += piece
    cell = {"userEnteredValue": {"stringValue": "Owner"}}
    start = {"sheetId": 0, "rowIndex": 0, "columnIndex": len(FILLED)}
    stage.change(
        {"updateCells": {"start": start, "rows": [{"values": [cell]}], "fields": "userEnteredValue"}}
    )
    _, errors = asked.communicate("y\n", timeout=60)

    assert asked.returncode == 1
    assert "The sheet was changed meanwhile. Nothing was added; run rowreel init again." in errors
    assert stage.header() == [*FILLED, "Owner"]


def test_a_question_nobody_can_answer(stage: Stage):
    """Without a terminal it ends the command, with what to do; nothing was changed."""
    stage.book()
    ended = subprocess.run(
        [*COMMAND, "init", "--sheet", "book", "--credentials", "service-account.json"],
        cwd=stage.folder,
        env=_environment({"ROWREEL_GOOGLE__BASE_URL": stage.server.base_url}),
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        check=False,
    )

    assert ended.returncode == 1
    assert "There is nobody to ask here." in ended.stderr
    assert stage.writes() == 0


def test_a_tab_that_is_called_like_markup(stage: Stage):
    """Brackets in a title are letters, in every command that says it."""
    stage.book(tab="Sale [/50%]")
    stage.first("--tab", "Sale [/50%]")
    planned = rowreel("plan", cwd=stage.folder, ROWREEL_GOOGLE__BASE_URL=stage.server.base_url)

    assert planned.returncode == 0, planned.stderr
    assert planned.stdout.startswith("Sale [/50%]: 0 rows")


def test_plan_says_what_holds_rows_back(stage: Stage):
    """Ticks the robot has not seen coming wait for somebody: nothing to send is only half of it."""
    row = [True, "Spring", "Hello", "", "19.90", "Buy", "#2DD4BF"]
    stage.server.sandbox.sheets.create_workbook("book", {"Videos": [FILLED, row]}, spreadsheet_id="book")
    stage.first()
    planned = rowreel("plan", cwd=stage.folder, ROWREEL_GOOGLE__BASE_URL=stage.server.base_url)

    assert "1 row ticked before the robot knew it, 9 credits. Tick Go ahead to render." in planned.stdout


def test_a_sheet_somebody_protected(stage: Stage):
    """Who may edit it, and where to say so; nothing is half done."""
    stage.book(*FILLED)
    mine = {"range": {"sheetId": 0}, "editors": {"users": ["ann@example.com"]}}
    stage.change({"addProtectedRange": {"protectedRange": mine}})
    before = stage.everything()
    code, said = stage.first()

    assert code == 1
    assert "is protected, so nothing was added. Let robot@sandbox.iam.gserviceaccount.com edit it" in said
    assert stage.everything() == before


def test_a_tab_that_is_not_there_is_made(stage: Stage):
    """A fresh spreadsheet has one empty tab of another name."""
    stage.book(tab="Sheet1")
    code, said = stage.first()

    assert code == 0, said
    assert 'the tab "Videos"' in said
    assert set(RobotColumn) <= set(stage.header())


def test_a_misspelled_tab_is_not_made(stage: Stage):
    """What is nearly the name of a tab was meant to be it."""
    stage.book(tab="Vidoes")
    code, said = stage.first()

    assert code == 1
    assert 'Did you mean "Vidoes"?' in said


def test_another_tab_and_another_spreadsheet_join(stage: Stage):
    """Settings grow by one part for each; trouble with one is no trouble of the others."""
    stage.book(*FILLED)
    stage.first()
    stage.book(*FILLED, name="other")
    clips = stage.first("--tab", "Clips")
    other = stage.init("--sheet", "other", "--yes")
    listed = [(one.spreadsheet, one.tab) for one in load_settings(stage.folder / "bot.toml").sheets]
    text = (stage.folder / "bot.toml").read_text()
    (stage.folder / "bot.toml").write_text(text.replace('"other"', '"nobody"'))
    partly = stage.init("--yes")

    assert (clips[0], other[0]) == (0, 0), (clips, other)
    assert listed == [("book", "Videos"), ("book", "Clips"), ("other", "Videos")]
    assert set(RobotColumn) <= set(stage.header("other"))
    assert partly[0] == 3
    assert (
        "There is no spreadsheet nobody: it was deleted, is in the bin, or the address is wrong." in partly[1]
    )
    assert "no such spreadsheet" not in partly[1]


@pytest.mark.parametrize("what", ["no such file", "no key", "not shared"])
def test_settings_that_lead_nowhere_are_not_kept(stage: Stage, what: str):
    """The first run is told what is wrong, and the next one begins anew."""
    stage.book(*FILLED)
    if what == "no such file":
        (stage.folder / "service-account.json").unlink()
    elif what == "no key":
        (stage.folder / "service-account.json").write_text("{}")
    else:
        stage.server.sandbox.sheets.change(mishaps=[{"answer": 403, "calls": "read"}])
    code, said = stage.first()

    assert code == 1
    words = {
        "no such file": "google.credentials: there is no file",
        "no key": "is no service account's key",
        "not shared": "Share it, as editor, with robot@sandbox.iam.gserviceaccount.com",
    }
    assert words[what] in said
    assert not (stage.folder / "bot.toml").exists()


def test_a_template_that_cannot_be_used_is_not_kept(stage: Stage):
    """The next try is not answered with the last one's mistake."""
    stage.book(*FILLED)
    code, said = stage.first("--template", "prodcut")

    assert code == 2
    assert "The built-in ones are: builtin, lesson, listing, product." in said
    assert not (stage.folder / "bot.toml").exists()


def test_paths_count_from_where_somebody_stands(stage: Stage):
    """A template folder too is found again from a settings file that lies elsewhere."""
    stage.book(*FILLED)
    shutil.copytree(BUILT_IN, stage.folder / "mine")
    (stage.folder / "conf").mkdir()
    code, said = stage.first("--config", "conf/bot.toml", "--template", "mine")

    assert code == 0, said
    assert (
        load_settings(stage.folder / "conf/bot.toml").sheets[0].template == (stage.folder / "mine").resolve()
    )


@pytest.mark.parametrize(
    ("options", "words"),
    [
        (("--template", "lesson"), 'bot.toml names another template for "Videos". Change it there'),
        (("--sheet", "book", "--template", "lesson"), 'bot.toml names another template for "Videos".'),
        (
            ("--sheet", "book", "--credentials", "other.json"),
            "bot.toml is there already, with other credentials.",
        ),
        (("--config", "no/bot.toml", "--sheet", "book", *KEY), "no/bot.toml cannot be written: No such file"),
        (("--config", "latin.toml"), "latin.toml is no UTF-8 text."),
    ],
)
def test_what_cannot_be_done_is_said(stage: Stage, options: tuple[str, ...], words: str):
    """Nothing is left out in silence, and settings stay as they were."""
    stage.book(*FILLED)
    stage.first()
    (stage.folder / "latin.toml").write_bytes(b"# gr\xfc\xdfe\n")
    before = (stage.folder / "bot.toml").read_text()
    same = stage.first("--template", "builtin")
    code, said = stage.init("--yes", *options)

    assert same[0] == 0, same
    assert code == 2
    assert words in said
    assert (stage.folder / "bot.toml").read_text() == before


def test_settings_survive_a_full_disk(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    """A write that is cut short leaves the file as it was."""
    file = tmp_path / "bot.toml"
    file.write_text("precious")

    def cut(_path: Path, _text: str, encoding: str) -> int:
        raise OSError(errno.ENOSPC, "No space left on device", encoding)

    monkeypatch.setattr(Path, "write_text", cut)
    with pytest.raises(SettingsError, match="cannot be written: No space left on device"):
        _write(file, "new")

    assert [(one.name, one.read_bytes()) for one in tmp_path.iterdir()] == [("bot.toml", b"precious")]

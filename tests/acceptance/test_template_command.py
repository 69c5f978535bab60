"""`rowreel template`: from an exported project to a folder that loads, and rows tried before anybody approves one."""

from __future__ import annotations

import json
import shutil
import sys
from pathlib import Path

import pytest
from stage import rowreel

from bot.adapters.template_folder import BUILT_IN, load_template
from bot.cli import main
from bot.sandbox.app import Sandbox, SandboxOptions
from bot.sandbox.serve import SandboxServer
from bot.sandbox.sheets.service import SheetsOptions

ROOT = Path(__file__).parents[2]
SAMPLE = ROOT / "sample_sheet.csv"
PROJECT = {
    "type": "video",
    "name": "Spring sale",
    "resolution": "squared",
    "duration": 6,
    "backgroundColor": "{{back}}",
    "variables": {"headline": "Big sale", "back": "#fff", "cta": "Shop"},
    "visuals": [
        {"type": "IMAGE", "src": "{{productImage}}", "width": 400, "height": 400},
        {
            "type": "SVG",
            "width": 800,
            "height": 200,
            "svg": '<svg viewBox="0 0 8 2"><text fill="{{accent}}">{{headline}}</text></svg>',
        },
        {"type": "TEXT", "text": "{{cta}}", "style": {"fontSize": "40px"}},
    ],
}


def run(capture: pytest.CaptureFixture[str], *arguments: str) -> tuple[int, str]:
    """Code and what was said, in this process, where only the answer matters."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(sys, "argv", ["rowreel", "template", *arguments])
        with pytest.raises(SystemExit) as ended:
            main()
    said = capture.readouterr()
    assert isinstance(ended.value.code, int)
    return ended.value.code, said.out + said.err


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty folder to work in, with one exported project."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("NO_COLOR", "1")
    (tmp_path / "export.json").write_text(json.dumps(PROJECT, indent=1))
    return tmp_path


# -- new -------------------------------------------------------------------------------


def test_from_an_export_to_rows_that_pass(home: Path):
    """The real command: drafted, loaded, tried with rows; the project's bytes are the export's."""
    drafted = rowreel("template", "new", "export.json", cwd=home)
    folder = home / "templates" / "spring-sale"
    (home / "rows.csv").write_text(
        "Headline;Product image;Back;Accent;CTA\nHi;https://cdn.example/a.jpg;;#123456;\nHi;;;#123456;\n"
    )
    checked = rowreel("template", "check", str(folder), "--csv", "rows.csv", cwd=home)
    template = load_template(folder)

    assert drafted.returncode == 0, drafted.stderr
    assert "Next: look over templates/spring-sale/contract.toml" in drafted.stdout
    assert (folder / "project.json").read_bytes() == (home / "export.json").read_bytes()
    assert {
        one.key: (one.column, one.type.value, one.required, one.fallback) for one in template.contract.fields
    } == {
        "back": ("Back", "color", False, "#ffffff"),
        "productImage": ("Product image", "image", True, ""),
        "accent": ("Accent", "color", True, ""),
        "headline": ("Headline", "text", False, "Big sale"),
        "cta": ("CTA", "text", False, "Shop"),
    }
    assert template.contract.formats == ("square",)
    assert checked.returncode == 3
    assert "rows.csv: 1 of 2 rows pass" in checked.stdout
    assert 'row 3: "Product image" is empty.' in checked.stdout


@pytest.mark.parametrize("file", sorted(one.name for one in BUILT_IN.glob("*.json")))
def test_a_draft_of_our_own_designs_loads(home: Path, capsys: pytest.CaptureFixture[str], file: str):
    """Colours, texts and limits are guessed well enough for every fallback to pass."""
    code, said = run(capsys, "new", str(BUILT_IN / file), "--dir", "T")

    assert code == 0, said
    assert load_template(home / "T").title


def test_nothing_is_overwritten(home: Path, capsys: pytest.CaptureFixture[str]):
    """A folder that holds anything is left as it is; an empty one is used."""
    (home / "T").mkdir()
    code, _ = run(capsys, "new", "export.json", "--dir", "T")
    (home / "T" / "contract.toml").write_text("mine")
    again = run(capsys, "new", "export.json", "--dir", "T")

    assert code == 0
    assert again == (
        2,
        "rowreel: T holds something already; nothing was written. Name another folder with --dir.\n",
    )
    assert (home / "T" / "contract.toml").read_text() == "mine"


def test_a_project_without_placeholders(home: Path, capsys: pytest.CaptureFixture[str]):
    """Its texts are offered with their paths; nothing is written, and the code says so."""
    (home / "plain.json").write_text(json.dumps({"visuals": [{"type": "TEXT", "text": "Big sale"}]}))
    code, said = run(capsys, "new", "plain.json")

    assert code == 3
    assert "plain.json has no placeholders" in said
    assert "visuals[0].text" in said
    assert "{{big_sale}}" in said
    assert [one.name for one in home.iterdir() if one.is_dir()] == []


def test_a_project_with_nothing_to_say(home: Path, capsys: pytest.CaptureFixture[str]):
    """Neither placeholders nor texts."""
    (home / "empty.json").write_text('{"visuals": []}')

    assert run(capsys, "new", "empty.json")[0] == 3


def test_a_draft_that_does_not_load_yet(home: Path, capsys: pytest.CaptureFixture[str]):
    """It is written all the same, and what is left to mend is listed with its line."""
    project = {
        **PROJECT,
        "scenes": [{"iterate": "items", "visuals": [{"type": "TEXT", "text": "{{item.name}}"}]}],
    }
    (home / "loop.json").write_text(json.dumps(project, indent=1))
    code, said = run(capsys, "new", "loop.json", "--dir", "T")

    assert code == 3
    assert "scenes[0].visuals[0].text: {{item.name}} cannot be filled by a column" in said
    assert "T/project.json, line " in said
    assert (home / "T" / "contract.toml").exists()


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (None, "nothing.json is missing."),
        ("[]", "holds no project"),
        ("{", "is no JSON"),
        ('{"payload": {"visuals": []}}', 'the project is inside "payload". Save only that part as a file.'),
    ],
    ids=["missing", "list", "no JSON", "wrapped"],
)
def test_what_is_no_project(home: Path, capsys: pytest.CaptureFixture[str], content: str | None, words: str):
    """One line, exit 2, nothing written."""
    if content is not None:
        (home / "nothing.json").write_text(content)
    code, said = run(capsys, "new", "nothing.json")

    assert code == 2
    assert words in said
    assert len(said.splitlines()) == 1
    assert not (home / "templates").exists()


# -- check ------------------------------------------------------------------------------


def test_the_sample_sheet_out_of_the_box(home: Path, capsys: pytest.CaptureFixture[str]):
    """Without a folder: the built-in one; two rows are wrong on purpose."""
    code, said = run(capsys, "check", "--csv", str(SAMPLE))

    assert code == 3
    assert '"Promo" version 1 (built in): vertical 9, square 9, wide 9 credits' in said
    assert "10 of 12 rows pass" in said
    assert "68 would let 1 more pass" in said
    assert "Columns nothing is made of: Notes" in said


@pytest.mark.parametrize("name", ["lesson", "listing", "product"])
def test_built_in_templates_by_name(home: Path, capsys: pytest.CaptureFixture[str], name: str):
    """Their own sample rows pass, but for the two that are wrong on purpose."""
    code, said = run(capsys, "check", name, "--csv", str(BUILT_IN.parent / name / "sample.csv"))

    assert code == 3
    assert "(built in)" in said
    assert "10 of 12 rows pass" in said


def test_facts_for_machines(home: Path, capsys: pytest.CaptureFixture[str]):
    """Everything the tables show, and more."""
    code, said = run(capsys, "check", "--csv", str(SAMPLE), "--json")
    [found] = json.loads(said)
    rows = found["rows"]

    assert code == 3
    assert (found["credits"], found["problems"]) == ({"vertical": 9, "square": 9, "wide": 9}, [])
    assert (rows["rows"], rows["passing"], rows["unread_columns"]) == (12, 10, ["Notes"])
    assert sum(one["credits"] for one in rows["formats"].values()) == 90
    assert rows["columns"][0]["codes"] == {"DATA-MISSING": 1, "TEXT-LONG": 1}
    assert [one["over"] for one in rows["limits"] if one["over"]] == [1]


def test_columns_the_rows_lack(home: Path, capsys: pytest.CaptureFixture[str]):
    """No row can be judged then; what was probably meant is named."""
    (home / "rows.csv").write_text("Headlin,Price,Else\nHi,1,2\n")
    code, said = run(capsys, "check", "--csv", "rows.csv")

    assert code == 3
    assert 'Column "Headline" not found. Did you mean "Headlin"?' in said
    assert "Columns nothing is made of: Headlin, Else" in said


def test_all_rows_pass(home: Path, capsys: pytest.CaptureFixture[str]):
    """Exit 0; also dates and boxes as a sheet would read them from the file."""
    contract = (BUILT_IN / "contract.toml").read_text()
    shutil.copytree(BUILT_IN, home / "T")
    (home / "T" / "contract.toml").write_text(contract + '\n[fields.day]\ncolumn = "Day"\ntype = "date"\n')
    (home / "rows.csv").write_text(
        "Approve,Campaign,Headline,Subline,Price,CTA,Accent colour,Day,Render at\n"
        "FALSE,,Hi,,€ 5,,,2026-08-03,2026-08-03 14:00\n"
        "TRUE,,Hi,,€ 5,,,,\n,,,,,,,,\n"
    )
    code, said = run(capsys, "check", "T", "--csv", "rows.csv")

    assert code == 0, said
    assert "2 of 2 rows pass" in said
    assert '"Day" is asked for, but nothing in the design shows it.' in said
    assert "Columns no row fills: Campaign, Subline, CTA, Accent colour" in said


def test_a_template_alone(home: Path, capsys: pytest.CaptureFixture[str]):
    """Whether it can be used, and where rows would come from."""
    good = run(capsys, "check")
    (home / "T").mkdir()
    (home / "T" / "contract.toml").write_text("version = 1\nformats = {}\n")
    bad = run(capsys, "check", "T", "--csv", str(SAMPLE))

    assert good[0] == 0
    assert "It can be used. Try it with rows" in good[1]
    assert bad[0] == 2
    assert "It cannot be used (3 to mend):" in bad[1]
    assert "T/contract.toml: fields is missing; add it." in bad[1]


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (None, "cannot be read: No such file or directory."),
        (b"", "is empty: the first line must name the columns."),
        ("Headline\nGrüße".encode("latin-1"), 'is no UTF-8 text. Save it as "CSV UTF-8".'),
        (b'Headline\n"' + b"x" * 200_000, "cannot be read as CSV"),
    ],
    ids=["missing", "empty", "another encoding", "an endless cell"],
)
def test_rows_that_cannot_be_read(
    home: Path, capsys: pytest.CaptureFixture[str], content: bytes | None, words: str
):
    """One line, exit 2."""
    if content is not None:
        (home / "rows.csv").write_bytes(content)
    code, said = run(capsys, "check", "--csv", "rows.csv")

    assert code == 2
    assert words in said
    assert said.startswith("rowreel: rows.csv ")


def test_rows_of_the_sheet(home: Path, capsys: pytest.CaptureFixture[str]):
    """The settings name sheet and template; its locale decides what a number is. Nothing is written."""
    options = SandboxOptions(sheets=SheetsOptions(0, 0))
    with SandboxServer(Sandbox(home / "S", options)) as server:
        lines = [["Headline", "Price", "Subline", "Accent colour", "CTA", "Campaign"]]
        lines += [[f"Row {number}", "1"] for number in range(1200)]
        server.sandbox.sheets.create_workbook("Book", {"Videos": [*lines, [None, "1"]]}, "book")
        url = server.base_url
        (home / "bot.toml").write_text(
            f'[google]\nbase_url = "{url}"\ncredentials = "anonymous"\n[[sheets]]\nspreadsheet = "book"\n'
        )
        code, said = run(capsys, "check", "--sheet")
        shutil.copytree(BUILT_IN, home / "T")
        other = run(capsys, "check", "T", "--sheet", "--json")
        server.sandbox.sheets.change(access="not_shared")
        refused = run(capsys, "check", "--sheet")
        writes = sum(one.writes for one in server.sandbox.sheets.counts.values())

    assert code == 3
    assert '"Videos" in "Book": 1,200 of 1,201 rows pass' in said
    assert 'row 1202: "Headline" is empty.' in said
    assert (other[0], json.loads(other[1])[0]["folder"]) == (3, "T")
    assert refused[0] == 1
    assert "Share it, as editor" in refused[1]
    assert writes == 0

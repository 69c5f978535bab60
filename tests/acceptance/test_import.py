"""`rowreel import`: a feed in the sheet, only in people's columns, also while people move rows."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from stage import call, free_port, rowreel, running

from bot.cli import commands
from bot.secret_files import SettingsError

Place = tuple[Path, str, str]
FEED = (
    "Headline;Price;CTA;Status;Approve;Colour\n"
    "A headline;€ 7;Buy;Done;TRUE;red\n"
    "=HYPERLINK(1);007;;;TRUE;\n"
    "Zwei Äpfel;€ 8;Los;;;\n"
)


@pytest.fixture(scope="module")
def prepared(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Place]:
    """A prepared sheet for all tests of this file."""
    folder = tmp_path_factory.mktemp("import")
    with running("sandbox", "--dir", "S", "--port", str(port := free_port()), cwd=folder) as sandbox:
        assert sandbox.stdout is not None
        sandbox.stdout.readline()
        base_url = f"http://127.0.0.1:{port}"
        book = call(f"{base_url}/v4/spreadsheets", {"sheets": [{"properties": {"title": "Videos"}}]})
        key = book["spreadsheetId"]
        (folder / "bot.toml").write_text(
            f'[google]\nbase_url = "{base_url}"\ncredentials = "anonymous"\n[[sheets]]\nspreadsheet = "{key}"\n'
        )
        assert not commands.main(
            ["init", "--yes", "--config", str(folder / "bot.toml")], standalone_mode=False
        )
        yield folder, base_url, key


@pytest.fixture
def place(prepared: Place) -> Place:
    """The same with one row in it."""
    _, base_url, key = prepared
    call(f"{base_url}/v4/spreadsheets/{key}/values/Videos!A2:Z60:clear", {})
    put(prepared, "A2:E2", [[False, None, "A headline", None, "€ 5"]])
    return prepared


def values(place: Place) -> list[list[Any]]:
    """The first columns of the tab below its header, without the rows that hold nothing."""
    _, base_url, key = place
    said = call(f"{base_url}/v4/spreadsheets/{key}/values/Videos!A2:F40?valueRenderOption=FORMULA")
    lines = [[None if cell == "" else cell for cell in line] for line in said.get("values", [])]
    return [line + [None] * (6 - len(line)) for line in lines if any(line)]


def put(place: Place, where: str, lines: list[list[Any]]) -> None:
    """A person types."""
    _, base_url, key = place
    call(
        f"{base_url}/v4/spreadsheets/{key}/values/Videos!{where}?valueInputOption=RAW",
        {"values": lines},
        "PUT",
    )


def feed(place: Place, text: str = FEED, encoding: str = "cp1252") -> str:
    """A file in the folder."""
    (place[0] / "feed.csv").write_bytes(text.encode(encoding))
    return "feed.csv"


def run(capture: pytest.CaptureFixture[str], place: Place, *words: str) -> tuple[int, str, str]:
    """The command without a process of its own."""
    folder = place[0]
    name, *rest = words
    code = commands.main(
        ["import", str(folder / name), *rest, "--config", str(folder / "bot.toml")], standalone_mode=False
    )
    said = capture.readouterr()
    return code or 0, said.out, said.err


def test_a_feed_updates_adds_and_leaves_the_rest_alone(place: Place, capsys):
    """The real command; a second run has nothing to do. Ticks stay as they are, and new rows get none."""
    put(place, "A2:C3", [[True, "Spring", "A headline"], [True, "Own", "Nobody's"]])
    put(place, "A5", [[True]])
    name = feed(place)
    looked = run(capsys, place, name, "--key", "headline", "--dry-run")
    before = values(place)
    done = rowreel("import", name, "--key", "headline", "--yes", cwd=place[0])
    again = run(capsys, place, name, "--key", "headline", "--yes")

    assert looked[0] == 0
    assert (
        '3 rows read (cp1252, semicolons), matched by "Headline" with "Videos": 2 new, 1 changed' in looked[1]
    )
    assert 'Left alone, they are the robot\'s or boxes: "Status", "Approve".' in looked[1]
    assert 'Not in the sheet, so not read: "Colour".' in looked[1]
    assert "row 2 (A headline), Price: € 5 -> € 7" in looked[1]
    assert before[0][2:6] == ["A headline", None, "€ 5", None]
    assert done.returncode == 0, done.stderr
    assert "Done: 2 rows added, 1 changed." in done.stdout
    assert values(place) == [
        [True, "Spring", "A headline", None, "€ 7", "Buy"],
        [True, "Own", "Nobody's", None, None, None],
        [True, None, None, None, None, None],
        [None, None, "=HYPERLINK(1)", None, "007", None],
        [None, None, "Zwei Äpfel", None, "€ 8", "Los"],
    ]
    assert again[0] == 0
    assert again[1].endswith("Nothing to do.\n")


def test_dates_are_shown_as_dates(place: Place, capsys):
    """A cell holds a number of days, which nobody can check by looking."""
    put(place, "C2", [["Hello"]])
    name = feed(place, "Headline,Render at\nHello,2031-08-03 14:00\nNew,2031-08-04\n")
    code, said, _ = run(capsys, place, name, "--key", "headline", "--dry-run")

    assert code == 0
    assert "row 2 (Hello), Render at: (empty) -> 2031-08-03 14:00" in said
    assert "new: New, 2031-08-04 00:00" in said


def test_rows_that_move_while_they_are_written_are_put_right(place: Place, capsys):
    """Somebody inserts a row above at the very moment of the write: every row ends up with what is its own."""
    _, base_url, key = place
    put(place, "C2:E4", [["one", None, "1"], ["two", None, "2"], ["three", None, "3"]])
    book = call(f"{base_url}/v4/spreadsheets/{key}?fields=sheets.properties")
    tab = next(
        one["properties"]["sheetId"] for one in book["sheets"] if one["properties"]["title"] == "Videos"
    )
    span = {"sheetId": tab, "dimension": "ROWS", "startIndex": 3, "endIndex": 4}
    move = {"moveDimension": {"source": span, "destinationIndex": 1}}
    call(f"{base_url}/sandbox/sheets/faults", {"hands": [{"sheet_id": tab, "requests": [move]}]}, "PUT")
    code, out, err = run(
        capsys, place, feed(place, "Headline,Price\none,10\ntwo,20\n"), "--key", "Headline", "--yes"
    )

    assert (code, err) == (0, ""), out
    assert [line[2:5] for line in values(place)] == [
        ["three", None, "3"],
        ["one", None, "10"],
        ["two", None, "20"],
    ]


def test_new_rows_never_stand_above_the_header(place: Place, capsys):
    """Also where notes stand above it, and no row is there so far."""
    folder, base_url, key = place
    title, grid = "Noted", {"rowCount": 20, "columnCount": 40}
    added = {"addSheet": {"properties": {"title": title, "gridProperties": grid}}}
    call(f"{base_url}/v4/spreadsheets/{key}:batchUpdate", {"requests": [added]})
    columns = call(f"{base_url}/v4/spreadsheets/{key}/values/Videos!1:1")["values"]
    above = f"{base_url}/v4/spreadsheets/{key}/values/{title}!A1:AF3?valueInputOption=RAW"
    call(above, {"values": [["Notes of ours"], [], *columns]}, "PUT")
    text = (folder / "bot.toml").read_text()
    (folder / "notes.toml").write_text(f'{text}tab = "{title}"\nheader_row = 3\n')
    name = folder / feed(place, "Headline,Price\none,10\ntwo,20\n")
    words = ["import", str(name), "--key", "Headline", "--yes", "--config", str(folder / "notes.toml")]
    code = commands.main(words, standalone_mode=False)

    assert not code, capsys.readouterr().err
    lines = call(f"{base_url}/v4/spreadsheets/{key}/values/{title}!A1:E9")["values"]
    assert lines[0] == ["Notes of ours"]
    assert [line[2:5] for line in lines[2:]] == [columns[0][2:5], ["one", "", "10"], ["two", "", "20"]]


@pytest.mark.parametrize(
    ("text", "words", "said"),
    [
        (FEED, ["--key", "Head"], 'The file has no column "Head". Did you mean "Headline"?'),
        (
            FEED,
            ["--key", "Headline", "--tab", "Nope"],
            'The settings have no tab "Nope". They have: "Videos".',
        ),
        (
            "Headline,Price\na,1\na,2\n,3\n",
            ["--key", "Headline"],
            '"Headline" is a in lines 2, 3: which one is meant?',
        ),
        ("", ["--key", "Headline"], "is empty: the first line must name the columns"),
    ],
)
def test_what_cannot_be_brought_in_changes_nothing(
    place: Place, capsys, text: str, words: list[str], said: str
):
    """Exit 2, with the line or the word that was meant."""
    before = values(place)
    name, *rest = feed(place, text), "--yes", *words
    try:
        code, _, said_there = run(capsys, place, name, *rest)
    except SettingsError as error:
        code, said_there = 2, str(error)

    assert code == 2
    assert said in said_there
    assert values(place) == before

"""`rowreel template preview`: the picture of a row before anything is spent, and what to mend first."""

from __future__ import annotations

import http.server
import json
import subprocess
import sys
import threading
from collections.abc import Iterator
from functools import partial
from pathlib import Path

import pytest
from PIL import Image
from stage import call, rowreel
from test_template_command import run

SETTINGS = (
    '[google]\nbase_url = "http://127.0.0.1:9"\ncredentials = "anonymous"\n[[sheets]]\nspreadsheet = "x"\n'
)
PRODUCT = "Approve,Picture,Product,Line,Price,Old price,Badge,Shop,CTA,Accent colour,Format,Notes"


@pytest.fixture(autouse=True)
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty folder to work in."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("NO_COLOR", "1")
    return tmp_path


@pytest.fixture
def web(tmp_path: Path) -> Iterator[tuple[str, list[str]]]:
    """A site on this machine with one red picture: its address, and what it was asked for."""
    folder = tmp_path / "site"
    folder.mkdir()
    Image.new("RGB", (400, 400), "#FF0000").save(folder / "red.png")
    asked: list[str] = []

    class Site(http.server.SimpleHTTPRequestHandler):
        def log_message(self, *_: object) -> None:
            asked.append(self.path)

    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), partial(Site, directory=str(folder)))
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}/red.png", asked
    server.shutdown()
    server.server_close()


def with_picture(home: Path, link: str) -> None:
    (home / "rows.csv").write_text(f"{PRODUCT}\nFALSE,{link},Lamp,,€ 9,,,Shop,,,Wide,\n", encoding="utf-8")


def size(file: Path) -> tuple[int, int]:
    with Image.open(file) as picture:
        return picture.size


def has_red(file: Path) -> bool:
    with Image.open(file) as picture:
        colours = picture.convert("RGB").getcolors(1 << 24) or []
    return any(red > 240 and green < 20 > blue for _, (red, green, blue) in colours)


def test_first_good_row_of_the_sample(home: Path, capfd: pytest.CaptureFixture[str]):
    """One sheet of pictures, a line for each format the row works in; the others say why not."""
    code, said = run(capfd, "preview", "--all")

    assert code == 0
    assert '"Headline" is 40 characters; the limit is 34. Shorten by 6.' in said
    assert "vertical, the row's own: 9 credits" in said
    assert "Nothing was sent, nothing charged." in said
    singles = sorted(one.name for one in home.glob("preview-builtin-row2-*.png"))
    assert [name.split("-")[3] for name in singles] == ["vertical"] * 3 + ["wide"] * 3
    assert size(home / singles[0]) == (1080, 1920)
    assert size(home / "preview-builtin-row2.png")[0] > 1280


def test_what_stands_in_for_empty_cells(capfd: pytest.CaptureFixture[str]):
    """A row of one's choice, in one format, at one moment."""
    code, said = run(capfd, "preview", "--row", "13", "--format", "Wide", "--at", "1", "--out", "one.png")

    assert code == 0
    assert '"CTA" is empty; instead: Shop now' in said
    assert "square" not in said
    assert Path("one.png").exists()


def test_a_fresh_template_with_rows_of_one_s_own(home: Path, capfd: pytest.CaptureFixture[str]):
    """What `template new` drafted brings no sample; a file of rows is enough."""
    visual = {"type": "TEXT", "text": "{{headline}}", "width": 800, "height": 200}
    (home / "p.json").write_text(json.dumps({"resolution": "hd", "duration": 2, "visuals": [visual]}))
    run(capfd, "new", "p.json", "--dir", "mine")
    (home / "rows.csv").write_text("Headline\nHello\n")
    code, said = run(capfd, "preview", "mine", "--csv", "rows.csv", "--at", "1")

    assert code == 0, said
    assert "Wrote preview-mine-row2.png." in said


@pytest.mark.parametrize("words", [("--at", "nan"), ("builtin", "--tab", "Videos")])
def test_options_that_mean_nothing(words: tuple[str, ...], capfd: pytest.CaptureFixture[str]):
    """They are refused, not left out in silence."""
    assert run(capfd, "preview", *words)[0] == 2


def test_a_file_that_is_no_picture_stays(home: Path, capfd: pytest.CaptureFixture[str]):
    """A slip after --out takes nothing away; an earlier picture is replaced."""
    (home / "notes.txt").write_text("# precious")
    wrong, said = run(capfd, "preview", "--format", "wide", "--at", "1", "--out", "notes.txt")
    again = [run(capfd, "preview", "--format", "wide", "--at", "1")[0] for _ in range(2)]

    assert wrong == 1
    assert "notes.txt is there already, and is no picture of ours. Name another file." in said
    assert (home / "notes.txt").read_text() == "# precious"
    assert again == [0, 0]


def test_row_to_mend(home: Path, capfd: pytest.CaptureFixture[str]):
    """It says what the sheet would say, and draws nothing."""
    code, said = run(capfd, "preview", "--row", "10")

    assert code == 3
    assert '"Headline" is empty. Please fill it in.' in said
    assert list(home.iterdir()) == []


def test_pictures_of_one_s_own(home: Path, web: tuple[str, list[str]], capfd: pytest.CaptureFixture[str]):
    """A picture on the web is loaded and drawn; here the web is this machine, which the settings must allow."""
    with_picture(home, web[0])
    (home / "bot.toml").write_text(f"{SETTINGS}template = 'product'\n[media]\nallow_private = true\n")
    code, said = run(capfd, "preview", "--csv", "rows.csv", "--out", "lamp.png", "--format", "wide")

    assert (code, said.count("lamp.png")) == (0, 1), said
    assert has_red(home / "lamp.png")


def test_f_M_nothing_inside_the_network_is_asked(
    home: Path, web: tuple[str, list[str]], capfd: pytest.CaptureFixture[str]
):
    """Whatever a CSV says, this machine and its network are not asked for files."""
    with_picture(home, web[0])
    code, said = run(capfd, "preview", "product", "--csv", "rows.csv")

    assert code == 3
    assert '"Picture" link is not open to the web.' in said
    assert web[1] == []


def test_row_of_the_sheet_stays_as_it_is(place: tuple[Path, str, str]):
    """A row of the real sheet is drawn without a key, and neither the sheet nor the service notices."""
    folder, origin, key = place
    settings = folder / "bot.toml"
    settings.write_text(settings.read_text().replace('key_file = "S/zvid-key"\n', ""))
    values = f"{origin}/v4/spreadsheets/{key}/values/Videos"
    before = call(values)
    ended = rowreel("template", "preview", "--sheet", "--format", "wide", cwd=folder)

    assert ended.returncode == 0, ended.stderr
    assert "Row 2" in ended.stdout
    assert (folder / "preview-builtin-row2.png").exists()
    assert call(values) == before
    assert call(f"{origin}/sandbox/faults")["tally"]["jobs"] == 0


def test_without_the_demo_extra(home: Path):
    """It says what to install."""
    code = "import sys; sys.modules['pytakumi'] = None; from bot.cli import main; sys.argv[1:] = ['template', 'preview']; main()"
    ended = subprocess.run(
        [sys.executable, "-c", code], cwd=home, capture_output=True, text=True, check=False
    )

    assert ended.returncode == 2
    assert "pip install 'rowreel[demo]'" in ended.stderr
